"""What the batteries share: a small ensemble, drivers that can be killed, and what they leave."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"
SERVER = Path(__file__).with_name("crash_server.py")
READY = "ready"
"""What a server prints when it takes requests."""

FIGURES = "figures"
PATIENCE = 600.0
"""Seconds after which a battery gives up waiting: compiling all rules takes less than 120."""

Stamps = dict[str, tuple[int, int]]
"""Inode and modification time of files by name, which change if a file is written again."""


@dataclass(frozen=True)
class Request:
    """An ensemble of the made-up island, and how a driver runs it.

    Attributes:
        out: Folder of results.
        replicates: Number of runs.
        report: Where a driver of a server writes what it counted.
        days: Days that are simulated.
        jobs: Number of local processes.
        resume: Whether to resume an earlier ensemble.
        pictures: Whether to draw the result.
        watched: Whether write-related calls are counted.
        fatal: The write-related call at which the driver kills itself; 0 means none.
        scenario: The scenario.
    """

    out: str
    replicates: int
    report: str
    days: int = 2
    jobs: int = 1
    resume: bool = False
    pictures: bool = False
    watched: bool = False
    fatal: int = 0
    scenario: str = str(ISLAND)

    @property
    def folder(self) -> Path:
        """The result folder."""
        return Path(self.out) / "island"


class Server:
    """Starts drivers at once; see crash_server.py."""

    def __init__(self, log: Path) -> None:
        # Sockets have short names, so the folder of the workers' sockets needs one too.
        self.sockets = tempfile.mkdtemp()
        with log.open("w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [sys.executable, SERVER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "TMPDIR": self.sockets, "OPENBLAS_NUM_THREADS": "1"},
            )
        self.log = log
        assert self._read_line() == READY, log.read_text(encoding="utf-8")

    def start(self, request: Request) -> int:
        """Start a driver; return its process number, which is that of its group too."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asdict(request)) + "\n")
        self.process.stdin.flush()
        return int(self._read_line())

    def wait(self) -> int:
        """Wait for the driver; return its exit code, or minus the signal that ended it."""
        return int(self._read_line())

    def run(self, request: Request) -> dict[str, int]:
        """Let a driver run to its end; return what it counted."""
        self.start(request)
        assert self.wait() == 0, self.log.read_text(encoding="utf-8")[-2000:]
        report: dict[str, int] = json.loads(Path(request.report).read_text(encoding="utf-8"))
        return report

    def close(self) -> None:
        """End the server, which has no driver now."""
        self.process.communicate()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _read_line(self) -> str:
        """Return the next line that the server prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def command(request: Request) -> list[str]:
    """Return the command line of a request."""
    options = {
        "--out": request.out,
        "--draws": "1",
        "--replicates": str(request.replicates),
        "--until": f"2024-01-{request.days:02d}",
        "--jobs": str(request.jobs),
    }
    given = [word for option in options.items() for word in option]
    more = ["--resume"] if request.resume else []
    return [sys.executable, "-m", "teritwa", "run", request.scenario, *given, *more]


def start_command(request: Request) -> "subprocess.Popen[str]":
    """Start a driver by the command line, in a process group of its own."""
    return subprocess.Popen(
        command(request),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def stored_runs(folder: Path) -> Stamps:
    """Return the files of finished runs by name, each with what would change if rewritten."""
    found = {path.name: path.stat() for path in folder.glob("runs/*.run")}
    return {name: (one.st_ino, one.st_mtime_ns) for name, one in found.items()}


def corrupt_runs(folder: Path) -> list[str]:
    """Return the files of finished runs that are not as their first line says."""
    wrong = []
    for path in folder.glob("runs/*.run"):
        header, _, compressed = path.read_bytes().partition(b"\n")
        expected = [path.stem.encode(), hashlib.sha256(compressed).hexdigest().encode()]
        if header.split(b" ")[1:] != expected:
            wrong.append(path.name)
    return wrong


def repeated_runs(before: Stamps, folder: Path) -> list[str]:
    """Return which finished runs were written again, or are gone."""
    after = stored_runs(folder)
    return [name for name, stamp in before.items() if after.get(name) != stamp]


def contents(folder: Path, *, pictures: bool = False) -> dict[str, bytes]:
    """Return the content of every file that is not hidden, by its path within a folder."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in sorted(found.items())
        if not name.name.startswith(".") and (pictures or name.parts[0] != FIGURES)
    }


def leftovers(folder: Path) -> list[str]:
    """Return the hidden files that a whole result does not have: all but the lock."""
    hidden = [path.relative_to(folder).as_posix() for path in folder.rglob(".*")]
    return sorted(name for name in hidden if name != "runs/.lock")


def differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return the names of files that are missing, surplus or different."""
    names = found.keys() | expected.keys()
    return sorted(name for name in names if found.get(name) != expected.get(name))


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until a condition holds; return whether it did in time."""
    last = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > last:
            return False
        time.sleep(0.002)
    return True


def has_progressed(folder: Path, process: int, before: int, runs: int) -> bool:
    """Return whether a driver writes a folder and has stored more runs than before, or all."""
    if not writes(folder, process):
        return False
    names = os.listdir(folder / "runs")  # noqa: PTH208  # many times a second
    there = sum(1 for name in names if name.endswith(".run"))
    return there > before or there == runs


def writes(folder: Path, process: int) -> bool:
    """Return whether a driver writes a folder, as its marker says."""
    try:
        marker = json.loads((folder / ".unfinished.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    return bool(marker["process"] == process)


def is_alive(group: int) -> bool:
    """Return whether a process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def kill(group: int, *, alone: bool = False) -> None:
    """Kill a driver, ``alone`` or with all its workers; it may have ended already."""
    try:
        (os.kill if alone else os.killpg)(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def fraction(name: str) -> float:
    """Return a number from 0 to 1 that follows from a name, the same each time."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64


@dataclass
class Tally:
    """What a battery counts, and what it finds wrong."""

    kills: int = 0
    late: int = 0
    stored: int = 0
    repeated: int = 0
    corrupt: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    started: float = field(default_factory=time.monotonic)

    def count_end(self, code: int) -> None:
        """Count how a driver ended that was to be killed: it may have finished before."""
        self.kills += code == -signal.SIGKILL
        self.late += code == 0
        self.wrong += [f"a driver ended with {code}"] * (code not in (0, -signal.SIGKILL))

    def count_runs(self, folder: Path) -> Stamps:
        """Count what a killed driver left; return the stored runs."""
        found = stored_runs(folder)
        self.stored += len(found)
        self.corrupt += len(corrupt_runs(folder))
        return found

    def await_workers(self, group: int, seconds: float) -> None:
        """Measure how long after a driver's end its workers are left."""
        before = time.monotonic()
        gone = wait_until(lambda: not is_alive(group), seconds)
        self.wrong += [f"workers of {group} are left"] * (not gone)
        self.slowest = max(self.slowest, time.monotonic() - before)

    def compare(
        self, folder: Path, before: Stamps, expected: dict[str, bytes], *, pictures: bool = False
    ) -> None:
        """Note runs that were repeated, and files that differ from those without a kill."""
        self.repeated += len(repeated_runs(before, folder))
        found = contents(folder, pictures=pictures)
        self.wrong += [f"{folder}: {name} differs" for name in differences(found, expected)]
        self.wrong += [f"{folder}: {name} is left" for name in leftovers(folder)]

    def check(self) -> None:
        """Print the counts, and assert that nothing was lost."""
        print(
            f"\n{self.kills} kills ({self.late} more came too late), {self.stored} runs stored, "
            f"{self.repeated} repeated, {self.corrupt} corrupt, {len(self.wrong)} wrong, "
            f"workers gone after {self.slowest:.1f} s at most; "
            f"{time.monotonic() - self.started:.0f} s"
        )
        assert (self.repeated, self.corrupt, self.wrong) == (0, 0, [])
