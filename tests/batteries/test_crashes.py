"""Ensembles whose program is ended at any moment lose nothing that had finished.

Each battery prints its counts (``python -m pytest -m battery -s tests/batteries``). What it costs is mostly flushing
to the disk: with ``--basetemp`` in a file system in memory it takes a third less.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from . import crash_drivers as drivers
from .crash_drivers import Server, Tally, Wanted

pytestmark = [pytest.mark.slow, pytest.mark.battery]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all drivers."""
    made = Server(tmp_path_factory.mktemp("server") / "log")
    yield made
    made.close()


def killed_at_each_call(
    server: Server, wanted: Wanted, calls: range, right: dict[str, bytes], prepared: Path | None = None
) -> None:
    """Kill a driver at each of some calls and go on; assert that nothing is other than without that."""
    tally = Tally()
    for call in calls:
        own = replace(wanted, out=f"{wanted.out}-{call}")
        if prepared is not None:
            shutil.copytree(prepared, own.out)
        server.start(replace(own, fatal=call))
        tally.ended(server.ended())
        before = tally.look(own.folder)
        report = server.whole(replace(own, watched=False, resume=True))
        tally.redone += abs(len(before) + report["done"] - wanted.replicates)
        tally.compare(own.folder, before, right, pictures=wanted.pictures)
        shutil.rmtree(own.out)
    tally.tell()
    assert tally.kills == len(calls)


def test_killed_at_every_call_that_writes(server: Server, tmp_path: Path) -> None:
    """Twelve runs, SIGKILL at each write-related call: none redone, none unreadable, the same bytes in the end."""
    wanted = Wanted(str(tmp_path / "one"), replicates=12, report=str(tmp_path / "report"), days=3, watched=True)
    calls = server.whole(wanted)["calls"]
    right = drivers.results(wanted.folder)
    assert calls > 150
    assert len(right) == 7 + 12
    killed_at_each_call(server, wanted, range(1, calls + 1), right)


def test_killed_at_every_call_that_writes_pictures(server: Server, tmp_path: Path) -> None:
    """A whole result, SIGKILL at each call while pictures are drawn: the same, and nothing half written stays."""
    wanted = Wanted(str(tmp_path / "one"), replicates=3, report=str(tmp_path / "report"), watched=True)
    server.whole(replace(wanted, pictures=True))
    right = drivers.results(wanted.folder, pictures=True)
    first = server.whole(replace(wanted, resume=True))["calls"] + 1
    last = server.whole(replace(wanted, resume=True, pictures=True))["calls"]
    assert last - first > 20
    again = replace(wanted, resume=True, pictures=True, out=str(tmp_path / "again"))
    killed_at_each_call(server, again, range(first, last + 1), right, Path(wanted.out))


RUNS, MOMENTS, COMMANDS, ALONE = 500, 90, 10, 20
"""How many runs an ensemble has, and at how many moments it is killed: with its workers, twice each by the command
line, and without its workers."""

SECONDS_TO_END = 20.0
"""Within which workers end whose driver has gone: at once, but for one that starts and finishes loading first."""


@dataclass(frozen=True)
class Whole:
    """An ensemble that nobody killed: what it wrote, and the seconds from its first run to its end."""

    files: dict[str, bytes]
    seconds: float


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Wanted:
    """The ensemble that is killed: on two processes."""
    folder = tmp_path_factory.mktemp("random")
    return Wanted(str(folder / "out"), replicates=RUNS, report=str(folder / "report"), jobs=2)


@pytest.fixture(scope="module")
def whole(server: Server, wanted: Wanted) -> Whole:
    """The same, undisturbed."""
    process = server.start(wanted)
    assert drivers.waited(lambda: drivers.begun(wanted.folder, process, 0, RUNS))
    first = time.monotonic()
    assert server.ended() == 0
    return Whole(drivers.results(wanted.folder), time.monotonic() - first)


def test_killed_with_its_workers_at_random_moments(server: Server, wanted: Wanted, whole: Whole) -> None:
    """500 runs on two processes, the group killed at 90 moments from the first run to the end, then resumed."""
    tally, moment = Tally(), 0
    while tally.kills < MOMENTS:
        own = replace(wanted, out=f"{wanted.out}-{moment}")
        process = server.start(own)
        assert drivers.waited(lambda: drivers.begun(own.folder, process, 0, RUNS))  # noqa: B023  # asked now
        time.sleep(drivers.chance(f"group {moment}") * whole.seconds)
        drivers.end(process)
        moment += 1
        tally.ended(server.ended())
        tally.look_at_workers(process, SECONDS_TO_END)
        before = tally.look(own.folder)
        report = server.whole(replace(own, jobs=1, resume=True))
        tally.compare(own.folder, before, whole.files)
        tally.redone += abs(len(before) + report["done"] - RUNS)
        shutil.rmtree(own.out)
    tally.tell()


def test_killed_alone_at_random_moments(server: Server, wanted: Wanted, whole: Whole) -> None:
    """Only the driver is killed, while workers start or work: they end by themselves, and the lock is free at once."""
    tally = Tally()
    for moment in range(ALONE):
        own = replace(wanted, out=f"{wanted.out}-alone-{moment}")
        process = server.start(own)
        assert drivers.waited(lambda: drivers.has(own.folder, process))  # noqa: B023  # asked now
        time.sleep(drivers.chance(f"alone {moment}") * whole.seconds)
        drivers.end(process, alone=True)
        tally.ended(server.ended())
        before = tally.look(own.folder)
        server.start(replace(own, jobs=1, resume=True))
        tally.look_at_workers(process, SECONDS_TO_END)
        code = server.ended()
        tally.wrong += [f"{own.out}: resumed with {code}"] * (code != 0)
        tally.compare(own.folder, before, whole.files)
        shutil.rmtree(own.out)
    tally.tell()


def test_killed_twice_by_the_command_line(wanted: Wanted, whole: Whole) -> None:
    """The real command line, killed with its workers at ten moments and again while it goes on."""
    tally = Tally()
    for moment in range(COMMANDS):
        own = replace(wanted, out=f"{wanted.out}-command-{moment}")
        before: dict[str, tuple[int, int]] = {}
        for resume in (False, True):
            driver = drivers.started(replace(own, resume=resume))
            there = len(before)
            assert drivers.waited(lambda: drivers.begun(own.folder, driver.pid, there, RUNS))  # noqa: B023  # asked now
            time.sleep(drivers.chance(f"command {moment} {resume}") * whole.seconds)
            drivers.end(driver.pid)
            driver.communicate()
            tally.ended(driver.returncode)
            tally.look_at_workers(driver.pid, SECONDS_TO_END)
            tally.redone += len(drivers.redone(before, own.folder))
            before = tally.look(own.folder)
        last = drivers.started(replace(own, resume=True))
        _, said = last.communicate()
        tally.wrong += [f"{own.out}: {said}"] * (last.returncode != 0)
        tally.compare(own.folder, before, whole.files)
        shutil.rmtree(own.out)
    tally.tell()
