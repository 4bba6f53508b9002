"""A program that has the rules loaded and forks a driver for each line that it reads.

So a battery starts hundreds of drivers without waiting for imports. A line is a JSON object
(`crash_drivers.Request`). The answers are the driver's process number and, when it has ended, its
exit code (or minus the signal that ended it). A driver leads a process group of its own. It can
kill itself at a given write-related call: files opened for writing, flushed, renamed, removed or
locked, folders made, and the points where a file is half written.
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import netCDF4

from teritwa import pictures
from teritwa.ensemble import netcdf
from teritwa.ensemble.run import run
from teritwa.scenario import load

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"
CHANGES = (
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "os.link",
    "os.symlink",
    "os.utime",
)
"""Events that Python raises before it changes a folder."""

FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Calls:
    """Counts the write-related calls within a folder, and kills this process at one of them."""

    def __init__(self, folder: Path, fatal: int) -> None:
        self.folder, self.fatal, self.count = str(folder), fatal, 0

    def note(self) -> None:
        """Count a call that is about to happen."""
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        """Count an event of Python if it is about the folder."""
        if event == "fcntl.flock":
            self.note()
        elif event == "open":
            if isinstance(args[2], int) and args[2] & FOR_WRITING and self._inside(args[0]):
                self.note()
        elif event in CHANGES and self._inside(args[0]):
            self.note()

    def _inside(self, path: object) -> bool:
        """Return whether a path lies in the folder."""
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.folder)

    def watch(self) -> None:
        """Begin to count, also where Python raises no event: flushes, halves of files, netCDF."""
        self._watch_netcdf()
        flush = os.fsync
        os.fsync = self._before(flush)

        def write_bytes(path: Path, content: bytes) -> int:
            with path.open("wb") as stream:
                stream.write(content[: len(content) // 2])
                stream.flush()
                self.note()
                stream.write(content[len(content) // 2 :])
            return len(content)

        Path.write_bytes = write_bytes  # type: ignore[method-assign,assignment]
        sys.addaudithook(self.audit)

    def _watch_netcdf(self) -> None:
        """Count openings and closings of netCDF files, and each chunk of runs before it is read."""
        calls, dataset = self, netCDF4.Dataset

        class WatchedDataset(dataset):  # type: ignore[misc,valid-type]
            """A netCDF file that counts when it is opened and closed."""

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                calls.note()
                super().__init__(*args, **kwargs)

            def close(self) -> Any:
                """Count that the file is about to be closed, and close it."""
                calls.note()
                return super().close()

        netCDF4.Dataset = WatchedDataset  # type: ignore[misc]
        netcdf._read_chunk = self._before(netcdf._read_chunk)

    def _before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts its calls."""

        def counted(*args: Any) -> Any:
            self.note()
            return function(*args)

        return counted


def drive(request: Mapping[str, Any]) -> dict[str, int]:
    """Run the ensemble of a request; return how many calls and runs were counted."""
    calls = Calls(Path(request["out"]), request["fatal"])
    if request["watched"]:
        calls.watch()
    scenario = load(request["scenario"])
    end = scenario.start + timedelta(request["days"] - 1)
    scenario = scenario.replace(draws=1, replicates=request["replicates"], end=end)
    done: list[int] = []
    (result,) = run(
        [scenario],
        out=request["out"],
        jobs=request["jobs"],
        resume=request["resume"],
        progress=lambda number, _failed, _total: done.append(number),
    )
    if request["pictures"]:
        pictures.save_all(result, scenario.world)
    return {"calls": calls.count, "done": len(done)}


def be_driver(request: Mapping[str, Any]) -> int:
    """Serve a request apart from this program's streams, write a report, return the exit code."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        Path(request["report"]).write_text(json.dumps(drive(request)), encoding="utf-8")
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def lines() -> Iterator[str]:
    """Yield the lines of standard input as they come."""
    yield from iter(sys.stdin.readline, "")


def load_everything() -> None:
    """Run and draw once, so that drivers find everything loaded."""
    island = load(ISLAND)
    with tempfile.TemporaryDirectory() as folder:
        (result,) = run([island.replace(replicates=1, end=island.start)], out=folder, jobs=1)
        pictures.save_all(result, island.world)


def main() -> None:
    """Serve until standard input ends."""
    load_everything()
    print("ready", flush=True)
    for line in lines():
        process = os.fork()
        if process == 0:
            os.setpgid(0, 0)
            code = be_driver(json.loads(line))
            sys.stderr.flush()
            os._exit(code)
        os.setpgid(process, process)
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
