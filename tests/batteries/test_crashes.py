"""Ensembles whose program is killed at any moment lose nothing that had finished.

Each battery prints its counts (``python -m pytest -m battery -s tests/batteries``). Most of the
time goes into flushing to the disk: with ``--basetemp`` in a file system in memory it is a third
less.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from . import crash_drivers as drivers
from .crash_drivers import Request, Server, Stamps, Tally

pytestmark = [pytest.mark.slow, pytest.mark.battery]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all drivers."""
    started = Server(tmp_path_factory.mktemp("server") / "log")
    yield started
    started.close()


def kill_at_each_call(
    server: Server,
    request: Request,
    calls: range,
    expected: dict[str, bytes],
    prepared: Path | None = None,
) -> None:
    """Kill a driver at each of some calls and resume; assert that the files are as expected."""
    tally = Tally()
    for call in calls:
        own = replace(request, out=f"{request.out}-{call}")
        if prepared is not None:
            shutil.copytree(prepared, own.out)
        server.start(replace(own, fatal=call))
        tally.count_end(server.wait())
        before = tally.count_runs(own.folder)
        report = server.run(replace(own, watched=False, resume=True))
        tally.repeated += abs(len(before) + report["done"] - request.replicates)
        tally.compare(own.folder, before, expected, pictures=request.pictures)
        shutil.rmtree(own.out)
    tally.check()
    assert tally.kills == len(calls)


def test_killed_at_every_call_that_writes(server: Server, tmp_path: Path) -> None:
    """Twelve runs, killed at each write-related call and resumed, give the same bytes."""
    out, report = str(tmp_path / "one"), str(tmp_path / "report")
    request = Request(out, replicates=12, report=report, days=3, watched=True)
    calls = server.run(request)["calls"]
    expected = drivers.contents(request.folder)
    assert calls > 150
    assert len(expected) == 7 + 12
    kill_at_each_call(server, request, range(1, calls + 1), expected)


def test_killed_at_every_call_that_writes_pictures(server: Server, tmp_path: Path) -> None:
    """A result, killed at each call while it is drawn, is the same, and no half file is left."""
    out, report = str(tmp_path / "one"), str(tmp_path / "report")
    request = Request(out, replicates=3, report=report, watched=True)
    server.run(replace(request, pictures=True))
    expected = drivers.contents(request.folder, pictures=True)
    first = server.run(replace(request, resume=True))["calls"] + 1
    last = server.run(replace(request, resume=True, pictures=True))["calls"]
    assert last - first > 20
    again = replace(request, resume=True, pictures=True, out=str(tmp_path / "again"))
    kill_at_each_call(server, again, range(first, last + 1), expected, Path(request.out))


RUNS, MOMENTS, COMMANDS, ALONE = 500, 90, 10, 20
"""Runs of an ensemble, and moments at which it is killed: with its workers, by the command line
(twice each), and without its workers."""

SECONDS_TO_END = 20.0
"""Within which workers end whose driver has gone; one that starts finishes loading first."""


@dataclass(frozen=True)
class Undisturbed:
    """An ensemble that nobody killed: its files, and the seconds from its first run to its end."""

    files: dict[str, bytes]
    seconds: float


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Request:
    """The ensemble that is killed: on two processes."""
    folder = tmp_path_factory.mktemp("random")
    return Request(str(folder / "out"), replicates=RUNS, report=str(folder / "report"), jobs=2)


@pytest.fixture(scope="module")
def undisturbed(server: Server, ensemble: Request) -> Undisturbed:
    """The same ensemble, undisturbed."""
    process = server.start(ensemble)
    assert drivers.wait_until(partial(drivers.has_progressed, ensemble.folder, process, 0, RUNS))
    first = time.monotonic()
    assert server.wait() == 0
    return Undisturbed(drivers.contents(ensemble.folder), time.monotonic() - first)


def test_killed_with_its_workers_at_random_moments(
    server: Server, ensemble: Request, undisturbed: Undisturbed
) -> None:
    """500 runs on two processes, killed with their workers at 90 moments, are then resumed."""
    tally, moment = Tally(), 0
    while tally.kills < MOMENTS:
        own = replace(ensemble, out=f"{ensemble.out}-{moment}")
        process = server.start(own)
        assert drivers.wait_until(partial(drivers.has_progressed, own.folder, process, 0, RUNS))
        time.sleep(drivers.fraction(f"group {moment}") * undisturbed.seconds)
        drivers.kill(process)
        moment += 1
        tally.count_end(server.wait())
        tally.await_workers(process, SECONDS_TO_END)
        before = tally.count_runs(own.folder)
        report = server.run(replace(own, jobs=1, resume=True))
        tally.compare(own.folder, before, undisturbed.files)
        tally.repeated += abs(len(before) + report["done"] - RUNS)
        shutil.rmtree(own.out)
    tally.check()


def test_killed_alone_at_random_moments(
    server: Server, ensemble: Request, undisturbed: Undisturbed
) -> None:
    """If only the driver is killed, its workers end by themselves, and the lock is free at once."""
    tally = Tally()
    for moment in range(ALONE):
        own = replace(ensemble, out=f"{ensemble.out}-alone-{moment}")
        process = server.start(own)
        assert drivers.wait_until(partial(drivers.writes, own.folder, process))
        time.sleep(drivers.fraction(f"alone {moment}") * undisturbed.seconds)
        drivers.kill(process, alone=True)
        tally.count_end(server.wait())
        before = tally.count_runs(own.folder)
        server.start(replace(own, jobs=1, resume=True))
        tally.await_workers(process, SECONDS_TO_END)
        code = server.wait()
        tally.wrong += [f"{own.out}: resumed with {code}"] * (code != 0)
        tally.compare(own.folder, before, undisturbed.files)
        shutil.rmtree(own.out)
    tally.check()


def test_killed_twice_by_the_command_line(ensemble: Request, undisturbed: Undisturbed) -> None:
    """The command line, killed with its workers at ten moments and again while it is resumed."""
    tally = Tally()
    for moment in range(COMMANDS):
        own = replace(ensemble, out=f"{ensemble.out}-command-{moment}")
        before: Stamps = {}
        for resume in (False, True):
            driver = drivers.start_command(replace(own, resume=resume))
            more_runs = partial(drivers.has_progressed, own.folder, driver.pid, len(before), RUNS)
            assert drivers.wait_until(more_runs)
            name = f"command {moment} {resume}"
            time.sleep(drivers.fraction(name) * undisturbed.seconds)
            drivers.kill(driver.pid)
            driver.communicate()
            tally.count_end(driver.returncode)
            tally.await_workers(driver.pid, SECONDS_TO_END)
            tally.repeated += len(drivers.repeated_runs(before, own.folder))
            before = tally.count_runs(own.folder)
        last = drivers.start_command(replace(own, resume=True))
        _, errors = last.communicate()
        tally.wrong += [f"{own.out}: {errors}"] * (last.returncode != 0)
        tally.compare(own.folder, before, undisturbed.files)
        shutil.rmtree(own.out)
    tally.check()
