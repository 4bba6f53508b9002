"""A program that has the rules loaded and, for each line it reads, forks a child that runs a small ensemble.

So a battery starts hundreds of drivers without waiting for imports. A line is a JSON object (`crash_drivers.Wanted`);
the answers are the child's process number and, when it has ended, its exit code (minus the signal that ended it). A
child leads a process group of its own. It may be told to end itself with SIGKILL at a certain write-related call:
files opened for writing, flushed, renamed, removed, locked, folders made, and the points where a file is half written.
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
from teritwa.ensemble import run as ensemble
from teritwa.scenario import load

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.utime")
"""What Python tells its auditors of before it changes a folder."""

FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Calls:
    """Counts the write-related calls within a folder, and ends this process at one of them."""

    def __init__(self, folder: Path, fatal: int) -> None:
        self.folder, self.fatal, self.count = str(folder), fatal, 0

    def note(self) -> None:
        """Take note of a call that is about to happen."""
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, given: tuple[Any, ...]) -> None:
        """Take note of what Python tells, if it is about the folder."""
        if event == "fcntl.flock":
            self.note()
        elif event == "open":
            if isinstance(given[2], int) and given[2] & FOR_WRITING and self._inside(given[0]):
                self.note()
        elif event in CHANGES and self._inside(given[0]):
            self.note()

    def _inside(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.folder)

    def watch(self) -> None:
        """Begin to count, in Python and in what it does not tell of: flushes, halves of files, netCDF."""
        self._watch_netcdf()
        flush = os.fsync
        os.fsync = self._before(flush)  # type: ignore[assignment]

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
        calls, variables, dataset = self, netcdf._variables, netCDF4.Dataset

        class Watched(dataset):  # type: ignore[misc,valid-type]
            """A netCDF file that notes when it is opened or made, and closed."""

            def __init__(self, *given: Any, **named: Any) -> None:
                calls.note()
                super().__init__(*given, **named)

            def close(self) -> Any:
                """Note that the file is about to be closed, and close it."""
                calls.note()
                return super().close()

        class Filled:
            """A variable that notes when values are about to be stored."""

            def __init__(self, variable: Any) -> None:
                self.variable = variable

            def __setitem__(self, place: Any, values: Any) -> None:
                calls.note()
                self.variable[place] = values

        netCDF4.Dataset = Watched  # type: ignore[misc]
        made: Callable[..., dict[str, Any]] = variables
        netcdf._variables = lambda book, file: {  # type: ignore[assignment]
            name: Filled(variable) for name, variable in made(book, file).items()
        }

    def _before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            self.note()
            return function(*given)

        return noted


def do(wanted: Mapping[str, Any]) -> dict[str, int]:
    """Run the ensemble that is wanted; return how many calls were counted and how many runs were done."""
    calls = Calls(Path(wanted["out"]), wanted["fatal"])
    if wanted["watched"]:
        calls.watch()
    scenario = load(wanted["scenario"])
    end = scenario.start + timedelta(wanted["days"] - 1)
    scenario = scenario.replace(draws=1, replicates=wanted["replicates"], end=end)
    told: list[int] = []
    (result,) = ensemble.run(
        [scenario],
        out=wanted["out"],
        jobs=wanted["jobs"],
        resume=wanted["resume"],
        progress=lambda done, _failed, _total: told.append(done),
    )
    if wanted["pictures"]:
        pictures.save_all(result, scenario.world)
    return {"calls": calls.count, "done": len(told)}


def be_child(wanted: Mapping[str, Any]) -> int:
    """Do what is wanted, apart from what is this program's, and leave a report; return the exit code."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        Path(wanted["report"]).write_text(json.dumps(do(wanted)), encoding="utf-8")
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def lines() -> Iterator[str]:
    """Yield the lines of standard input as they come."""
    yield from iter(sys.stdin.readline, "")


def rehearse() -> None:
    """Do it all once, so that children find everything loaded."""
    island = load(Path(__file__).parents[2] / "scenarios" / "island.yaml")
    with tempfile.TemporaryDirectory() as folder:
        (result,) = ensemble.run([island.replace(replicates=1, end=island.start)], out=folder, jobs=1)
        pictures.save_all(result, island.world)


def main() -> None:
    """Serve until standard input ends."""
    rehearse()
    print("officers_operational", flush=True)
    for line in lines():
        process = os.fork()
        if process == 0:
            os.setpgid(0, 0)
            code = be_child(json.loads(line))
            sys.stderr.flush()
            os._exit(code)
        os.setpgid(process, process)
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
