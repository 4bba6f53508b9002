"""Failing runs, full disks and two programs at one folder: one line each, and nothing is lost."""

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
from functools import partial
from pathlib import Path

import pytest

from . import crash_drivers as drivers
from .crash_drivers import Request

pytestmark = [pytest.mark.slow, pytest.mark.battery]

FAILING = Path(__file__).with_name("crash_failing.py")
RUNS, INTERVAL, SECONDS = 1000, 20, 3.0
CAUSES = (
    r"LookupError: no such place",
    r"the worker process ended abruptly \(.+\)",
    rf"hung: ended after {SECONDS:g} s",
    r"\w*MemoryError: .+",
    r"FloatingPointError: fund_balance is not finite on day 1",
)
"""The cause that is reported for each of the five ways, in their order."""

RESUME = r"; .* resume with: teritwa run .* --resume"
"""How a message ends when an ensemble can be resumed."""

ANNOUNCEMENT = re.compile(r"^[a-z ]+( \.\.\.|: \d+ s)\n", re.MULTILINE)
"""A line that says what is begun, or for how long it is waited for."""


def run_command(request: Request, *more: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line of a request."""
    command = [*drivers.command(request), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def message_of(finished: "subprocess.CompletedProcess[str]") -> str:
    """Return what a command wrote on standard error beside what it announced."""
    return ANNOUNCEMENT.sub("", finished.stderr)


def causes_of(folder: Path) -> dict[int, str]:
    """Return the cause of each failed run of a result, by replicate."""
    with (folder / "failures.csv").open(encoding="utf-8", newline="") as stream:
        return {int(row["replicate"]): row["cause"] for row in csv.DictReader(stream)}


def test_fifty_of_a_thousand_runs_fail_in_five_ways(tmp_path: Path) -> None:
    """950 runs equal those without failures, 50 have a cause that names the way; all can resume."""
    first = time.monotonic()
    request = Request(str(tmp_path / "clean"), replicates=RUNS, report="", jobs=2)
    assert run_command(request).returncode == 0
    clean = drivers.contents(request.folder)
    failing = replace(request, out=str(tmp_path / "failing"))
    started = time.monotonic()
    finished = subprocess.run(
        [sys.executable, FAILING, *drivers.command(failing)[3:], "--time-limit", str(SECONDS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=drivers.PATIENCE,
    )
    seconds = time.monotonic() - started
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr
    causes = causes_of(failing.folder)
    turns = range(INTERVAL - 1, RUNS, INTERVAL)
    expected = {replicate: CAUSES[replicate // INTERVAL % len(CAUSES)] for replicate in turns}
    wrong = {
        replicate: cause
        for replicate, cause in causes.items()
        if not re.fullmatch(expected.get(replicate, ""), cause)
    }
    contents = drivers.contents(failing.folder)
    found = {name: content for name, content in contents.items() if name.endswith(".run")}
    same = [name for name, content in found.items() if clean[name] == content]
    print(
        f"\n{len(same)} of {len(found)} runs the same, "
        f"{len(causes) - len(wrong)} of {len(causes)} failures reported as expected; "
        f"{seconds:.0f} s of {time.monotonic() - first:.0f} s"
    )
    assert wrong == {}
    assert causes.keys() == expected.keys()
    assert len(found) == len(same) == RUNS - len(expected)
    before = drivers.stored_runs(failing.folder)
    assert run_command(replace(failing, resume=True)).returncode == 0
    assert drivers.repeated_runs(before, failing.folder) == []
    assert drivers.differences(drivers.contents(failing.folder), clean) == []


def workers_of(group: int) -> list[int]:
    """Return the worker processes of a driver: children of its fork server, which is its child."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, its_group, *_ = path.read_text().rpartition(")")[2].split()
            if int(its_group) == group and state != "Z":
                parents[int(path.parent.name)] = int(parent)
    return [number for number, parent in parents.items() if parents.get(parent) == group]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="workers are found in /proc")
@pytest.mark.parametrize("seconds", [0.0, 2.0], ids=["while they start", "at work"])
def test_a_worker_killed_from_outside_costs_one_run_at_most(tmp_path: Path, seconds: float) -> None:
    """When workers are killed at random moments, all other runs finish, and the program ends."""
    request, kills = Request(str(tmp_path), replicates=2000, report="", jobs=2), 0
    driver = drivers.start_command(request)
    assert drivers.wait_until(lambda: bool(workers_of(driver.pid)))
    time.sleep(seconds)
    while driver.poll() is None and kills < 8:
        found = workers_of(driver.pid)
        if found:
            with suppress(ProcessLookupError):
                chosen = int(drivers.fraction(f"which {kills}") * len(found))
                os.kill(found[chosen], signal.SIGKILL)
            kills += 1
        time.sleep(drivers.fraction(f"when {kills}") * 2.0)
    _, errors = driver.communicate(timeout=drivers.PATIENCE)
    causes = causes_of(request.folder).values()
    print(f"\n{kills} workers killed, {len(causes)} runs failed")
    assert kills > 3
    assert len(causes) <= kills
    assert all(re.fullmatch(CAUSES[1], cause) for cause in causes)
    assert "Traceback" not in errors


LIMITED = (
    "import resource, runpy, sys; limit = int(sys.argv.pop(1)); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)); "
    "runpy.run_module('teritwa', run_name='__main__', alter_sys=True)"
)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("limit", "file"),
    [(1500, r"runs/\w{32}\.run"), (20000, r"series\.nc")],
    ids=["runs", "series"],
)
def test_a_file_that_may_not_grow(tmp_path: Path, limit: int, file: str, jobs: int) -> None:
    """Where files are limited in size, one line names the file, and resuming gives the same."""
    clean = Request(str(tmp_path / "clean"), replicates=12, report="", days=3)
    request = replace(clean, out=str(tmp_path / "limited"), jobs=jobs)
    assert run_command(clean).returncode == 0
    command = [sys.executable, "-c", LIMITED, str(limit), *drivers.command(request)[3:]]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (1, "")
    line = rf"{re.escape(str(request.folder))}/{file}: File too large{RESUME}\n"
    assert re.fullmatch(line, message_of(finished)), finished.stderr
    check_nothing_half_written(request)
    check_resumed(request, clean)


def check_nothing_half_written(request: Request) -> None:
    """Assert that the result folder has no corrupt run and no temporary file."""
    assert drivers.corrupt_runs(request.folder) == []
    left = drivers.leftovers(request.folder)
    assert [name for name in left if name.endswith(".tmp")] == []


def check_resumed(request: Request, clean: Request) -> None:
    """Resume an ensemble; assert that no run is repeated and the result is the clean one."""
    before = drivers.stored_runs(request.folder)
    assert run_command(replace(request, resume=True)).returncode == 0
    assert drivers.repeated_runs(before, request.folder) == []
    expected = drivers.contents(clean.folder, pictures=True)
    assert drivers.differences(drivers.contents(request.folder, pictures=True), expected) == []
    assert drivers.leftovers(request.folder) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, if the system allows one."""
    path = tmp_path / "disk"
    path.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "none", str(path)]
    if not mount or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("file systems cannot be mounted here")
    yield path
    subprocess.run(["umount", "-l", path], check=True)


def test_a_disk_that_is_full(small_disk: Path, tmp_path: Path) -> None:
    """A disk with a little more space each time: a line names the file, until all is there."""
    clean = Request(str(tmp_path / "clean" / "out"), replicates=12, report="", days=3)
    request = replace(clean, out=str(small_disk / "out"), resume=True)
    ballast, size, named = small_disk / "ballast", 2**20, list[str]()
    assert run_command(clean).returncode == 0
    for space in range(0, size, 12 * 1024):
        with ballast.open("wb") as stream:
            stream.write(bytes(size - used_bytes(request.folder) - space))
        before = drivers.stored_runs(request.folder)
        finished = run_command(request)
        assert drivers.repeated_runs(before, request.folder) == []
        if finished.returncode == 0:
            break
        assert finished.returncode == 1
        line = re.fullmatch(rf"(\S+): No space left on device({RESUME})?\n", message_of(finished))
        assert line, finished.stderr
        assert line.group(2) or f"/{drivers.FIGURES}/" in line.group(1)
        named.append(line.group(1).removeprefix(f"{request.folder}/"))
        check_nothing_half_written(request)
    print(f"\nfull at {', '.join(named)}")
    assert sum(name.startswith("runs/") for name in named) >= 2
    assert "series.nc" in named
    ballast.unlink()
    check_resumed(request, clean)


def used_bytes(folder: Path) -> int:
    """Return the bytes that the files of a folder take on a disk, in whole blocks."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def test_a_disk_that_is_read_only(small_disk: Path) -> None:
    """On a read-only disk one line says so, for a new, an unfinished and a whole ensemble."""
    request = Request(str(small_disk / "out"), replicates=2, report="", days=1)
    line = rf"{re.escape(str(small_disk))}\S*: Read-only file system\n"
    for prepared in (None, "unfinished", "whole"):
        if prepared == "unfinished":
            (request.folder / "runs").mkdir(parents=True)
        elif prepared == "whole":
            assert run_command(request).returncode == 0
        before = drivers.contents(request.folder)
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        finished = run_command(request)
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        assert finished.returncode == 1
        assert re.fullmatch(line, message_of(finished)), finished.stderr
        assert drivers.contents(request.folder) == before


@pytest.mark.parametrize("folder", ["", "island", "island/runs"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, folder: str) -> None:
    """A file in the place of any of the folders is named in one line, and stays."""
    request = Request(str(tmp_path / "out"), replicates=2, report="", days=1)
    file = tmp_path / "out" / folder
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine", encoding="utf-8")
    finished = run_command(request)
    assert finished.returncode == 1
    line = rf"{re.escape(str(file))}\S*: (File exists|Not a directory)\n"
    assert re.fullmatch(line, message_of(finished)), finished.stderr
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    """A folder without write permission gives one line."""
    tmp_path.chmod(0o555)
    finished = run_command(Request(str(tmp_path / "out"), replicates=2, report="", days=1))
    tmp_path.chmod(0o755)
    assert finished.returncode == 1
    line = rf"{re.escape(str(tmp_path))}\S*: Permission denied\n"
    assert re.fullmatch(line, message_of(finished)), finished.stderr


SECONDS_TO_REFUSE = 2.0


def stamps_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return inode, modification time and size of every file and folder within a folder."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*")}
    return {name: (one.st_ino, one.st_mtime_ns, one.st_size) for name, one in found.items()}


def test_two_drivers_and_a_dead_one(tmp_path: Path) -> None:
    """A second driver is refused and changes nothing; the folder of a killed one is resumed."""
    clean = Request(str(tmp_path / "clean"), replicates=500, report="", jobs=2)
    request = replace(clean, out=str(tmp_path / "out"))
    folder = request.folder
    assert run_command(clean).returncode == 0
    dry = min(run_timed(request, "--dry-run")[1] for _ in range(3))
    first = drivers.start_command(request)
    assert drivers.wait_until(partial(drivers.has_progressed, folder, first.pid, 20, 500))
    os.killpg(first.pid, signal.SIGSTOP)  # so that only the second could change anything
    refused = rf"is being written by process {first.pid} on \S+; wait for it, or .*"
    before, slowest = stamps_of(folder), 0.0
    for options, reason in (
        ([], refused),
        (["--resume"], refused),
        (["--add-replicates=1"], "is unfinished; .*"),
    ):
        finished, seconds = run_timed(request, *options)
        slowest = max(slowest, seconds - dry)
        assert finished.returncode == 3
        line = rf"{re.escape(str(folder))}: {reason}\n"
        assert re.fullmatch(line, message_of(finished)), finished.stderr
        assert stamps_of(folder) == before
    os.killpg(first.pid, signal.SIGCONT)
    drivers.wait_until(partial(drivers.has_progressed, folder, first.pid, 100, 500))
    drivers.kill(first.pid)
    first.communicate()
    stored = len(drivers.stored_runs(folder))
    finished = run_command(request)
    print(f"\nrefused {slowest:.1f} s after start-up at most; {stored} runs stored by the first")
    assert finished.returncode == 3
    reason = f"holds {stored} finished runs of an ensemble that was interrupted"
    assert reason in finished.stderr
    assert len(drivers.stored_runs(folder)) == stored
    check_resumed(request, clean)
    assert slowest < SECONDS_TO_REFUSE


def run_timed(request: Request, *more: str) -> "tuple[subprocess.CompletedProcess[str], float]":
    """Run the command line of a request; return it finished, and the seconds it took."""
    started = time.monotonic()
    return run_command(request, *more), time.monotonic() - started
