"""Tests of many runs: the same results whoever runs them and in whatever order, and failures that stay alone."""

import csv
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.engine.errors import InputError
from teritwa.ensemble import run as ensemble
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission

SMALL = Path(__file__).parents[2] / "scenarios" / "island.yaml"
DAYS = 12


class Backwards(Executor):
    """Runs what it is given at once it has all, the last first."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.tasks: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, task: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Keep a task; with the last expected one, run all in reverse."""
        future: Future[Any] = Future()
        self.tasks.append((future, task, given))
        if len(self.tasks) == self.expected:
            for waiting, work, arguments in reversed(self.tasks):
                waiting.set_result(work(*arguments))
        return future


class Broken(Executor):
    """Does one task, then its workers die."""

    def __init__(self) -> None:
        self.done = 0

    def submit(self, task: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Run the first task, lose the second, refuse the rest."""
        self.done += 1
        if self.done > 2:
            raise BrokenProcessPool("dead")
        future: Future[Any] = Future()
        if self.done == 2:
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(task(*given))
        return future


@pytest.fixture
def small() -> Scenario:
    """A short scenario in the small world: 2 draws of 2 replicates."""
    scenario = load(SMALL).replace(draws=2, replicates=2)
    return scenario.replace(end=scenario.start.fromordinal(scenario.start.toordinal() + DAYS - 1))


@pytest.fixture
def threads() -> Iterator[Executor]:
    """Two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.mark.slow
def test_processes_threads_and_order_make_no_difference(small: Scenario, threads: Executor, tmp_path: Path) -> None:
    """One thread, two processes, two threads and a reversed order leave the same bytes in every file."""
    ways: dict[str, dict[str, Any]] = {
        "alone": {"jobs": 1},
        "processes": {"jobs": 2},
        "threads": {"executor": threads},
        "backwards": {"executor": Backwards(4)},
    }

    written = {way: bytes_of(ensemble.run([small], out=tmp_path / way, **given)[0].path) for way, given in ways.items()}
    assert "series.nc" in written["alone"]
    for way in ways:
        assert written[way] == written["alone"], way


@pytest.mark.slow
def test_what_is_stored_is_what_a_mission_returns(small: Scenario, tmp_path: Path) -> None:
    """Each run of the result is the mission of that draw and replicate, outcome by outcome, and no two are alike."""
    (result,) = ensemble.run([small], out=tmp_path, jobs=1)

    for place, (draw, replicate) in enumerate(result.pairs):
        alone = Mission(small, draw, replicate).run()
        for name in OUTCOMES:
            np.testing.assert_array_equal(alone[name], result.runs(name)[place])
    fights = [run.tobytes() for run in result.runs("residents")]
    assert len(set(fights)) == 4


@pytest.mark.slow
def test_simulate_keeps_only_what_is_asked(small: Scenario, tmp_path: Path) -> None:
    """In memory, with two outcomes recorded, both equal those of the whole record."""
    (runs,) = ensemble.simulate([small], outcomes=["killed", "displaced"], jobs=1)
    (result,) = ensemble.run([small], out=tmp_path, jobs=1)

    assert set(runs.arrays) == {"killed", "displaced"}
    for name, values in runs.arrays.items():
        np.testing.assert_array_equal(values.reshape(4, *values.shape[2:]), result.runs(name))


@pytest.mark.slow
def test_more_repeats_and_other_scenarios_change_no_run(small: Scenario, tmp_path: Path) -> None:
    """A run is the same with more replicates beside it and with another scenario before or after it."""
    other = load("no-mission").replace(draws=1, replicates=1, end=small.start)
    (few,) = ensemble.run([small], out=tmp_path / "few", jobs=1)
    (many,) = ensemble.run([small.replace(replicates=3)], out=tmp_path / "many", jobs=1)
    before = ensemble.run([other, small], out=tmp_path / "before", jobs=1)
    after = ensemble.run([small, other], out=tmp_path / "after", jobs=1)

    kept = [many.pairs.index(pair) for pair in few.pairs]
    for name in OUTCOMES:
        np.testing.assert_array_equal(few.runs(name), many.runs(name)[kept])
    assert bytes_of(few.path) == bytes_of(before[1].path) == bytes_of(after[0].path)
    assert [result.scenario_id for result in before] == ["no-mission", small.id]


class Faulty:
    """A mission that fails in one run and else says who it is."""

    def __init__(self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: object = None) -> None:
        self.run_number, self.days = (draw, replicate), scenario.days

    def run(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return one outcome, or fail in run (1, 0)."""
        if self.run_number == (1, 0):
            raise ArithmeticError("not finite:\n  day 3, port")
        return {"displaced": np.full(self.days, 10 * self.run_number[0] + self.run_number[1])}


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the faulty mission in the place of the real one, whose rules need not be compiled then."""
    monkeypatch.setattr("teritwa.simulation.model.Mission", Faulty)
    monkeypatch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)


@pytest.mark.usefixtures("faulty")
def test_failing_run_costs_only_itself(small: Scenario, threads: Executor, tmp_path: Path) -> None:
    """The run that raises is listed with its cause in one line; the other three are there."""
    (result,) = ensemble.run([small], out=tmp_path, executor=threads)

    with (result.path / "failures.csv").open(encoding="utf-8", newline="") as stream:
        (line,) = csv.DictReader(stream)
    assert (line["draw"], line["replicate"]) == ("1", "0")
    assert line["cause"] == "ArithmeticError: not finite: day 3, port"
    assert result.runs("displaced")[:, 0].tolist() == [0, 1, 11]


@pytest.mark.usefixtures("faulty")
def test_resolved_scenario_replays_a_run(small: Scenario, threads: Executor, tmp_path: Path) -> None:
    """From the result's own folder the resolved scenario loads, world and all, as the one that ran."""
    (result,) = ensemble.run([small], out=tmp_path / "a" / "b", executor=threads)

    assert load(result.path / "resolved.yaml").digest() == small.digest()


@pytest.mark.usefixtures("faulty")
def test_dead_workers_cost_their_runs(small: Scenario, tmp_path: Path) -> None:
    """When workers die, the runs they had or would have had are listed, and what was done is kept."""
    (result,) = ensemble.run([small], out=tmp_path, executor=Broken())

    assert result.pairs == ((0, 0),)
    with (result.path / "failures.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["cause"] for row in csv.DictReader(stream)} == {
            "the worker process ended abruptly (killed, or out of memory)"
        }


@pytest.mark.usefixtures("faulty")
def test_progress_counts_runs_and_failures(small: Scenario, threads: Executor, tmp_path: Path) -> None:
    """Progress is told once a run, up to the whole, with the failures so far."""
    told: list[tuple[int, int, int]] = []
    ensemble.run([small], out=tmp_path, executor=threads, progress=lambda *numbers: told.append(numbers))

    assert [done for done, _, _ in told] == [1, 2, 3, 4]
    assert told[-1] == (4, 1, 4)


@pytest.mark.usefixtures("faulty")
def test_interruption_keeps_what_has_finished(small: Scenario, tmp_path: Path) -> None:
    """Ctrl-C after two runs: they are kept, the interruption goes on, and so does the ensemble when asked to."""

    def interrupt(done: int, failed: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as one, pytest.raises(KeyboardInterrupt):
        ensemble.run([small], out=tmp_path, executor=one, progress=interrupt)
    done = sorted(tmp_path.glob("*/runs/*.run"))
    assert 1 <= len(done) <= 3
    assert not list(tmp_path.glob("*/manifest.json"))
    with pytest.raises(InputError, match=f"island: holds {len(done)} finished runs of an ensemble"):
        ensemble.run([small], out=tmp_path, jobs=1)
    (result,) = ensemble.run([small], out=tmp_path, jobs=1, resume=True)
    assert set(done) <= set(tmp_path.glob("*/runs/*.run"))
    assert result.count == 3


@pytest.mark.usefixtures("faulty")
def test_given_executor_stays_open(small: Scenario, threads: Executor, tmp_path: Path) -> None:
    """An executor that was lent can be used again."""
    ensemble.run([small], out=tmp_path, executor=threads)

    assert threads.submit(threading.get_ident).result() > 0


def test_two_scenarios_with_one_id_are_refused(small: Scenario, tmp_path: Path) -> None:
    """They would write one folder; nothing is run."""
    with pytest.raises(InputError, match=f"{small.id}: is the id of 2 scenarios"):
        ensemble.run([small, small], out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_fill_for_what_is_missing(made_up_runs: Callable[..., Any]) -> None:
    """A run that is not there holds no number that could be taken for one."""
    runs = made_up_runs(failed={(0, 0): "x"})

    assert np.isnan(runs.arrays["fund_balance"][0, 0]).all()
    assert (runs.arrays["displaced"][0, 0] == np.iinfo(np.int32).min).all()
