"""Runs that fail, disks that are full, and two programs at one folder: told in a line, and nothing else is lost."""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from . import crash_drivers as drivers
from .crash_drivers import Wanted

pytestmark = [pytest.mark.slow, pytest.mark.battery]

FAILING = Path(__file__).with_name("crash_failing.py")
RUNS, EACH, SECONDS = 1000, 20, 3.0
CAUSES = (
    r"LookupError: no such place",
    r"the worker process ended abruptly \(.+\)",
    rf"hung: ended after {SECONDS:g} s",
    r"\w*MemoryError: .+",
    r"FloatingPointError: fund is not finite on day 1",
)
"""What is told of each of the five ways, in their order."""


def done(wanted: Wanted, *more: str) -> "subprocess.CompletedProcess[str]":
    """Do what is wanted by the command line."""
    return subprocess.run([*drivers.command(wanted), *more], capture_output=True, text=True, check=False)


def test_fifty_of_a_thousand_runs_fail_in_five_ways(tmp_path: Path) -> None:
    """950 results are those of an ensemble without failures, 50 have a cause that names the way; then they go on."""
    wanted, begun = Wanted(str(tmp_path / "clean"), replicates=RUNS, report="", jobs=2), time.monotonic()
    assert done(wanted).returncode == 0
    clean, failing = drivers.results(wanted.folder), replace(wanted, out=str(tmp_path / "failing"))
    started = time.monotonic()
    said = subprocess.run(
        [sys.executable, FAILING, *drivers.command(failing)[3:], "--time-limit", str(SECONDS)],
        capture_output=True, text=True, check=False, timeout=drivers.PATIENCE,
    )  # fmt: skip
    seconds = time.monotonic() - started
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    with (failing.folder / "failures.csv").open(encoding="utf-8", newline="") as stream:
        causes = {int(row["replicate"]): row["cause"] for row in csv.DictReader(stream)}
    expected = {replicate: CAUSES[replicate // EACH % len(CAUSES)] for replicate in range(EACH - 1, RUNS, EACH)}
    told = [replicate for replicate, cause in expected.items() if re.fullmatch(cause, causes.get(replicate, ""))]
    found = {name: content for name, content in drivers.results(failing.folder).items() if name.endswith(".run")}
    same = [name for name, content in found.items() if clean[name] == content]
    print(
        f"\n{len(same)} of {len(found)} runs the same, {len(told)} of {len(causes)} failures told; "
        f"{seconds:.0f} s of {time.monotonic() - begun:.0f} s"
    )
    assert {replicate: cause for replicate, cause in causes.items() if replicate not in told} == {}
    assert (len(causes), len(found), len(same)) == (len(expected), RUNS - len(expected), RUNS - len(expected))
    before = drivers.kept(failing.folder)
    assert done(replace(failing, resume=True)).returncode == 0
    assert drivers.redone(before, failing.folder) == []
    assert drivers.differences(drivers.results(failing.folder), clean) == []


def workers_of(group: int) -> list[int]:
    """Return the worker processes of a driver: children of its fork server, which is its child."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, (state, parent, its_group, *_) = (
                int(place.parent.name),
                place.read_text().rpartition(")")[2].split(),
            )
            if int(its_group) == group and state != "Z":
                parents[number] = int(parent)
    return [number for number, parent in parents.items() if parents.get(parent) == group]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="workers are found in /proc")
@pytest.mark.parametrize("seconds", [0.0, 2.0], ids=["while they start", "at work"])
def test_a_worker_killed_from_outside_costs_one_run_at_most(tmp_path: Path, seconds: float) -> None:
    """Workers are killed at random, from their start on or later: all other runs are done, and it ends."""
    wanted, kills = Wanted(str(tmp_path), replicates=2000, report="", jobs=2), 0
    driver = drivers.started(wanted)
    assert drivers.waited(lambda: bool(workers_of(driver.pid)))
    time.sleep(seconds)
    while driver.poll() is None and kills < 8:
        found = workers_of(driver.pid)
        if found:
            with suppress(ProcessLookupError):
                os.kill(found[int(drivers.chance(f"which {kills}") * len(found))], signal.SIGKILL)
            kills += 1
        time.sleep(drivers.chance(f"when {kills}") * 2.0)
    _, said = driver.communicate(timeout=drivers.PATIENCE)
    with (wanted.folder / "failures.csv").open(encoding="utf-8", newline="") as stream:
        causes = [row["cause"] for row in csv.DictReader(stream)]
    print(f"\n{kills} workers killed, {len(causes)} runs failed")
    assert kills > 3
    assert len(causes) <= kills
    assert all(re.fullmatch(CAUSES[1], cause) for cause in causes)
    assert "Traceback" not in said


LIMITED = (
    "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2); "
    "runpy.run_module('teritwa', run_name='__main__', alter_sys=True)"
)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("most", "which"), [(2500, r"runs/\w{32}\.run"), (20000, r"series\.nc")], ids=["runs", "series"]
)
def test_a_file_that_may_not_grow(tmp_path: Path, most: int, which: str, jobs: int) -> None:
    """Where files may have so many bytes: one line names the file and how to go on, and going on gives the same."""
    clean = Wanted(str(tmp_path / "clean"), replicates=12, report="", days=3)
    wanted = replace(clean, out=str(tmp_path / "limited"), jobs=jobs)
    assert done(clean).returncode == 0
    given = [sys.executable, "-c", LIMITED, str(most), *drivers.command(wanted)[3:]]
    said = subprocess.run(given, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (1, "")
    line = rf"{re.escape(str(wanted.folder))}/{which}: File too large; .* go on with: teritwa run .* --resume\n"
    assert re.fullmatch(line, said.stderr), said.stderr
    assert drivers.unreadable(wanted.folder) == []
    assert [name for name in drivers.strays(wanted.folder) if name.endswith(".tmp")] == []
    gone_on(wanted, clean)


def gone_on(wanted: Wanted, clean: Wanted) -> None:
    """Go on with an ensemble; assert that nothing was done again and that the result is the clean one."""
    before = drivers.kept(wanted.folder)
    assert done(replace(wanted, resume=True)).returncode == 0
    assert drivers.redone(before, wanted.folder) == []
    right, found = (drivers.results(one.folder, pictures=True) for one in (clean, wanted))
    assert drivers.differences(found, right) == []
    assert drivers.strays(wanted.folder) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where the system lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "none", place], check=False).returncode == 0
    if not made:
        pytest.skip("file systems cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_is_full(small_disk: Path, tmp_path: Path) -> None:
    """A disk with a little more room each time: a line says which file and how to go on, until all is there."""
    clean = Wanted(str(tmp_path / "clean" / "out"), replicates=12, report="", days=3)
    wanted, ballast = replace(clean, out=str(small_disk / "out"), resume=True), small_disk / "ballast"
    assert done(clean).returncode == 0
    full, told = 2**20, list[str]()
    for room in range(0, full, 12 * 1024):
        with ballast.open("wb") as stream:
            stream.write(bytes(full - used(wanted.folder) - room))
        before = drivers.kept(wanted.folder)
        said = done(wanted)
        assert drivers.redone(before, wanted.folder) == []
        if said.returncode == 0:
            break
        assert said.returncode == 1
        line = re.fullmatch(r"(\S+): No space left on device(; .* go on with: teritwa run .* --resume)?\n", said.stderr)
        assert line, said.stderr
        assert line.group(2) or f"/{drivers.FIGURES}/" in line.group(1)
        told.append(line.group(1).removeprefix(f"{wanted.folder}/"))
        assert drivers.unreadable(wanted.folder) == []
        assert [name for name in drivers.strays(wanted.folder) if name.endswith(".tmp")] == []
    print(f"\nfull at {', '.join(told)}")
    assert sum(name.startswith("runs/") for name in told) >= 2
    assert "series.nc" in told
    ballast.unlink()
    gone_on(wanted, clean)


def used(folder: Path) -> int:
    """Return how many bytes of a disk the files of a folder take, in whole blocks."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def test_a_disk_that_is_read_only(small_disk: Path) -> None:
    """Where nothing may be written, a line says so: for a new ensemble, an unfinished one and a whole one."""
    wanted = Wanted(str(small_disk / "out"), replicates=2, report="", days=1)
    for prepared in (None, "unfinished", "whole"):
        if prepared == "unfinished":
            (wanted.folder / "runs").mkdir(parents=True)
        elif prepared == "whole":
            assert done(wanted).returncode == 0
        before = drivers.results(wanted.folder)
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        said = done(wanted)
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        assert said.returncode == 1
        assert re.fullmatch(rf"{re.escape(str(small_disk))}/out\S*: Read-only file system\n", said.stderr), said.stderr
        assert drivers.results(wanted.folder) == before


@pytest.mark.parametrize("place", ["", "island", "island/runs"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, place: str) -> None:
    """A file in the place of any of the folders: one line names it, and it stays."""
    wanted = Wanted(str(tmp_path / "out"), replicates=2, report="", days=1)
    there = tmp_path / "out" / place
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text("mine", encoding="utf-8")
    said = done(wanted)
    assert said.returncode == 1
    assert re.fullmatch(rf"{re.escape(str(there))}\S*: (File exists|Not a directory)\n", said.stderr), said.stderr
    assert there.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    """A folder that may not be written gives one line."""
    tmp_path.chmod(0o555)
    said = done(Wanted(str(tmp_path / "out"), replicates=2, report="", days=1))
    tmp_path.chmod(0o755)
    assert said.returncode == 1
    assert re.fullmatch(rf"{re.escape(str(tmp_path))}\S*: Permission denied\n", said.stderr), said.stderr


SECONDS_TO_REFUSE = 2.0


def as_it_is(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return what would change if anything in a folder were touched."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*")}
    return {name: (one.st_ino, one.st_mtime_ns, one.st_size) for name, one in found.items()}


def test_two_drivers_and_a_dead_one(tmp_path: Path) -> None:
    """The second is refused by the first one's number and changes nothing; the first goes on; a dead one's is taken."""
    clean = Wanted(str(tmp_path / "clean"), replicates=500, report="", jobs=2)
    wanted = replace(clean, out=str(tmp_path / "out"))
    assert done(clean).returncode == 0
    dry = min(timed(wanted, "--dry-run")[1] for _ in range(3))
    first = drivers.started(wanted)
    assert drivers.waited(lambda: drivers.begun(wanted.folder, first.pid, 20, 500))
    os.killpg(first.pid, signal.SIGSTOP)  # so that what changes would be the second's doing
    before, slowest = as_it_is(wanted.folder), 0.0
    for more in ([], ["--resume"], ["--add-replicates=1"]):
        said, seconds = timed(wanted, *more)
        slowest = max(slowest, seconds - dry)
        assert said.returncode == 3
        refused = (
            rf"{re.escape(str(wanted.folder))}: is being written by process {first.pid} on \S+; wait for it, or .*\n"
        )
        unfinished = rf"{re.escape(str(wanted.folder))}: is unfinished; .*\n"
        assert re.fullmatch(unfinished if more == ["--add-replicates=1"] else refused, said.stderr), said.stderr
        assert as_it_is(wanted.folder) == before
    os.killpg(first.pid, signal.SIGCONT)
    drivers.waited(lambda: drivers.begun(wanted.folder, first.pid, 100, 500))
    drivers.end(first.pid)
    first.communicate()
    there = len(drivers.kept(wanted.folder))
    said, _ = timed(wanted)
    print(f"\nrefused {slowest:.1f} s after start-up at most; {there} runs kept by the dead one")
    assert said.returncode == 3
    assert f"holds {there} finished runs of an ensemble that was interrupted" in said.stderr
    assert len(drivers.kept(wanted.folder)) == there
    gone_on(wanted, clean)
    assert slowest < SECONDS_TO_REFUSE


def timed(wanted: Wanted, *more: str) -> "tuple[subprocess.CompletedProcess[str], float]":
    """Do what is wanted; return what came of it and the seconds it took."""
    started = time.monotonic()
    return done(wanted, *more), time.monotonic() - started
