"""What the batteries share: a small ensemble, drivers that can be ended at any moment, and what they leave behind."""

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
FIGURES = "figures"
PATIENCE = 600.0
"""Seconds after which a battery gives up waiting: compiling all rules takes less than two minutes."""


@dataclass(frozen=True)
class Wanted:
    """An ensemble of the made-up island, what to do with it, and at which write-related call to die."""

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
        assert self._answer() == "officers_operational", log.read_text(encoding="utf-8")

    def start(self, wanted: Wanted) -> int:
        """Start a driver; return its process number, which is that of its group too."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asdict(wanted)) + "\n")
        self.process.stdin.flush()
        return int(self._answer())

    def ended(self) -> int:
        """Wait for the driver; return its exit code, or minus the signal that ended it."""
        return int(self._answer())

    def whole(self, wanted: Wanted) -> dict[str, int]:
        """Let a driver do all that is wanted; return what it counted."""
        self.start(wanted)
        assert self.ended() == 0, self.log.read_text(encoding="utf-8")[-2000:]
        report: dict[str, int] = json.loads(Path(wanted.report).read_text(encoding="utf-8"))
        return report

    def close(self) -> None:
        """End the server, which has no driver now."""
        self.process.communicate()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def command(wanted: Wanted) -> list[str]:
    """Return the command line that does what is wanted."""
    last = f"2024-01-{wanted.days:02d}"
    given = ["--out", wanted.out, "--draws", "1", "--replicates", str(wanted.replicates), "--until", last]
    more = ["--resume"] if wanted.resume else []
    return [sys.executable, "-m", "teritwa", "run", wanted.scenario, *given, "--jobs", str(wanted.jobs), *more]


def started(wanted: Wanted) -> "subprocess.Popen[str]":
    """Start a driver by the command line, in a process group of its own."""
    return subprocess.Popen(
        command(wanted), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def kept(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the files of finished runs by name, each with what would change if it were written again."""
    found = {path.name: path.stat() for path in folder.glob("runs/*.run")}
    return {name: (one.st_ino, one.st_mtime_ns) for name, one in found.items()}


def unreadable(folder: Path) -> list[str]:
    """Return the files of finished runs that are not as their first line says."""
    wrong = []
    for path in folder.glob("runs/*.run"):
        head, _, packed = path.read_bytes().partition(b"\n")
        if head.split(b" ")[1:] != [path.stem.encode(), hashlib.sha256(packed).hexdigest().encode()]:
            wrong.append(path.name)
    return wrong


def redone(before: dict[str, tuple[int, int]], folder: Path) -> list[str]:
    """Return which finished runs were written again, or are gone."""
    after = kept(folder)
    return [name for name, stamp in before.items() if after.get(name) != stamp]


def results(folder: Path, *, pictures: bool = False) -> dict[str, bytes]:
    """Return the content of every file that is not hidden, by its path within the folder."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in sorted(found.items())
        if not name.name.startswith(".") and (pictures or name.parts[0] != FIGURES)
    }


def strays(folder: Path) -> list[str]:
    """Return the hidden files that a whole result does not have: all but the lock."""
    hidden = [path.relative_to(folder).as_posix() for path in folder.rglob(".*")]
    return sorted(name for name in hidden if name != "runs/.lock")


def differences(found: dict[str, bytes], right: dict[str, bytes]) -> list[str]:
    """Return the names of files that are missing, surplus or other."""
    return sorted(name for name in found.keys() | right.keys() if found.get(name) != right.get(name))


def waited(until: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is so; say whether it came to be in time."""
    last = time.monotonic() + seconds
    while not until():
        if time.monotonic() > last:
            return False
        time.sleep(0.002)
    return True


def begun(folder: Path, process: int, before: int, runs: int) -> bool:
    """Whether a driver has the folder, and has kept a run that was not there before, if any was missing."""
    if not has(folder, process):
        return False
    there = sum(1 for name in os.listdir(folder / "runs") if name.endswith(".run"))  # noqa: PTH208  # many times a second
    return there > before or there == runs


def has(folder: Path, process: int) -> bool:
    """Whether a driver has the folder, as its note tells."""
    try:
        note = json.loads((folder / ".unfinished.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    return bool(note["process"] == process)


def alive(group: int) -> bool:
    """Whether a process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end(group: int, *, alone: bool = False) -> None:
    """End a driver with SIGKILL, ``alone`` or with all its workers; it may have ended already."""
    try:
        (os.kill if alone else os.killpg)(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def chance(name: str) -> float:
    """Return a number from 0 to 1 that follows from a name, the same each time."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64


@dataclass
class Tally:
    """What a battery counts, and what it finds wrong."""

    kills: int = 0
    late: int = 0
    kept: int = 0
    redone: int = 0
    unreadable: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    begun: float = field(default_factory=time.monotonic)

    def ended(self, code: int) -> None:
        """Count how a driver ended that was to be killed: it may have been done before."""
        self.kills += code == -signal.SIGKILL
        self.late += code == 0
        self.wrong += [f"a driver ended with {code}"] * (code not in (0, -signal.SIGKILL))

    def look(self, folder: Path) -> dict[str, tuple[int, int]]:
        """Count what a killed driver left; return the runs that are kept."""
        found = kept(folder)
        self.kept += len(found)
        self.unreadable += len(unreadable(folder))
        return found

    def look_at_workers(self, group: int, seconds: float) -> None:
        """See how long after its end a driver's workers are left."""
        before = time.monotonic()
        self.wrong += [f"workers of {group} are left"] * (not waited(lambda: not alive(group), seconds))
        self.slowest = max(self.slowest, time.monotonic() - before)

    def compare(
        self, folder: Path, before: dict[str, tuple[int, int]], right: dict[str, bytes], *, pictures: bool = False
    ) -> None:
        """Note what was done again, and what is not as it is where nobody killed anything."""
        self.redone += len(redone(before, folder))
        self.wrong += [f"{folder}: {name} differs" for name in differences(results(folder, pictures=pictures), right)]
        self.wrong += [f"{folder}: {name} is left" for name in strays(folder)]

    def tell(self) -> None:
        """Print the counts, and assert that nothing was lost."""
        print(
            f"\n{self.kills} kills ({self.late} more came too late), {self.kept} runs kept, {self.redone} redone, "
            f"{self.unreadable} unreadable, {len(self.wrong)} wrong, workers gone after {self.slowest:.1f} s at most; "
            f"{time.monotonic() - self.begun:.0f} s"
        )
        assert (self.redone, self.unreadable, self.wrong) == (0, 0, [])
