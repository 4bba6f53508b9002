"""Tests of ensembles: the same results on any executor in any order, and isolated failures."""

import csv
import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.engine.errors import InputError
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.run_set import InMemoryRunSet
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission

SMALL = Path(__file__).parents[2] / "scenarios" / "island.yaml"
DAYS = 12


class Reversed(Executor):
    """Runs its tasks in reverse order, when it has all of them."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.tasks: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Keep a task; with the last expected one, run all of them."""
        future: Future[Any] = Future()
        self.tasks.append((future, task, args))
        if len(self.tasks) == self.expected:
            for pending, work, arguments in reversed(self.tasks):
                pending.set_result(work(*arguments))
        return future


class Broken(Executor):
    """Runs one task, then its workers die."""

    def __init__(self) -> None:
        self.done = 0

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the first task, lose the second, refuse the rest."""
        self.done += 1
        if self.done > 2:
            raise BrokenProcessPool("dead")
        future: Future[Any] = Future()
        if self.done == 2:
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(task(*args))
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
    """Return the content of every file of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.mark.slow
def test_processes_threads_and_order_make_no_difference(
    small: Scenario, threads: Executor, tmp_path: Path
) -> None:
    """One thread, two processes, two threads and reverse order write the same bytes."""
    ways: dict[str, dict[str, Any]] = {
        "alone": {"jobs": 1},
        "processes": {"jobs": 2},
        "threads": {"executor": threads},
        "reversed": {"executor": Reversed(4)},
    }

    written = {}
    for way, given in ways.items():
        (result,) = ensemble.run([small], out=tmp_path / way, **given)
        written[way] = bytes_of(result.path)
    assert "series.nc" in written["alone"]
    for way in ways:
        assert written[way] == written["alone"], way


@pytest.mark.slow
def test_what_is_stored_is_what_a_mission_returns(small: Scenario, tmp_path: Path) -> None:
    """Each run of a result is the mission of its draw and replicate, and no two are alike."""
    (result,) = ensemble.run([small], out=tmp_path, jobs=1)

    for index, (draw, replicate) in enumerate(result.pairs):
        alone = Mission(small, draw, replicate).run()
        for name in OUTCOMES:
            np.testing.assert_array_equal(alone[name], result.runs(name)[index])
    residents = [run.tobytes() for run in result.runs("residents")]
    assert len(set(residents)) == 4


@pytest.mark.slow
def test_simulate_records_only_the_given_outcomes(small: Scenario, tmp_path: Path) -> None:
    """In memory, with two outcomes recorded, both equal those of the result."""
    (runs,) = ensemble.simulate([small], outcomes=["killed", "displaced"], jobs=1)
    (result,) = ensemble.run([small], out=tmp_path, jobs=1)

    assert set(runs.arrays) == {"killed", "displaced"}
    for name, values in runs.arrays.items():
        np.testing.assert_array_equal(values.reshape(4, *values.shape[2:]), result.runs(name))


@pytest.mark.slow
def test_more_replicates_and_other_scenarios_change_no_run(small: Scenario, tmp_path: Path) -> None:
    """A run is the same with more replicates, and with another scenario before or after it."""
    other = load("no-mission").replace(draws=1, replicates=1, end=small.start)
    (few,) = ensemble.run([small], out=tmp_path / "few", jobs=1)
    (many,) = ensemble.run([small.replace(replicates=3)], out=tmp_path / "many", jobs=1)
    before = ensemble.run([other, small], out=tmp_path / "before", jobs=1)
    after = ensemble.run([small, other], out=tmp_path / "after", jobs=1)

    same = [many.pairs.index(pair) for pair in few.pairs]
    for name in OUTCOMES:
        np.testing.assert_array_equal(few.runs(name), many.runs(name)[same])
    assert bytes_of(few.path) == bytes_of(before[1].path) == bytes_of(after[0].path)
    assert [result.scenario_id for result in before] == ["no-mission", small.id]


class Faulty:
    """A mission that fails in one run, and otherwise returns its draw and replicate."""

    def __init__(
        self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: object = None
    ) -> None:
        self.run_number, self.days = (draw, replicate), scenario.days

    def run(self) -> dict[str, NDArray[Any]]:
        """Return one outcome, or fail in run (1, 0)."""
        if self.run_number == (1, 0):
            raise ArithmeticError("not finite:\n  day 3, port")
        draw, replicate = self.run_number
        return {"displaced": np.full(self.days, 10 * draw + replicate)}


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the mission by the faulty one, so that no rules are compiled."""
    monkeypatch.setattr("teritwa.simulation.model.Mission", Faulty)
    monkeypatch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)


@pytest.mark.usefixtures("faulty")
def test_failing_run_costs_only_itself(small: Scenario, threads: Executor, tmp_path: Path) -> None:
    """The run that raises is listed with its cause in one line; the other three finish."""
    (result,) = ensemble.run([small], out=tmp_path, executor=threads)

    with (result.path / "failures.csv").open(encoding="utf-8", newline="") as stream:
        (line,) = csv.DictReader(stream)
    assert (line["draw"], line["replicate"]) == ("1", "0")
    assert line["cause"] == "ArithmeticError: not finite: day 3, port"
    assert result.runs("displaced")[:, 0].tolist() == [0, 1, 11]


@pytest.mark.usefixtures("faulty")
def test_resolved_scenario_replays_a_run(
    small: Scenario, threads: Executor, tmp_path: Path
) -> None:
    """The resolved scenario in a result's folder loads, with its world, as the one that ran."""
    (result,) = ensemble.run([small], out=tmp_path / "a" / "b", executor=threads)

    assert load(result.path / "resolved.yaml").digest() == small.digest()


@pytest.mark.usefixtures("faulty")
def test_dead_workers_cost_their_runs(small: Scenario, tmp_path: Path) -> None:
    """When workers die, the runs that they had are listed, and finished runs are stored."""
    (result,) = ensemble.run([small], out=tmp_path, executor=Broken())

    assert result.pairs == ((0, 0),)
    with (result.path / "failures.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["cause"] for row in csv.DictReader(stream)} == {
            "the worker process ended abruptly (killed, or out of memory)"
        }


@pytest.mark.usefixtures("faulty")
def test_progress_counts_runs_and_failures(
    small: Scenario, threads: Executor, tmp_path: Path
) -> None:
    """Progress is reported once a run, with the failures so far."""
    reported: list[tuple[int, int, int]] = []

    def report(done: int, failed: int, total: int) -> None:
        reported.append((done, failed, total))

    ensemble.run([small], out=tmp_path, executor=threads, progress=report)

    assert [done for done, _, _ in reported] == [1, 2, 3, 4]
    assert reported[-1] == (4, 1, 4)


@pytest.mark.usefixtures("faulty")
def test_interruption_keeps_finished_runs(small: Scenario, tmp_path: Path) -> None:
    """After Ctrl-C finished runs are stored, and the ensemble can be resumed."""

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
    """A given executor can be used again."""
    ensemble.run([small], out=tmp_path, executor=threads)

    assert threads.submit(threading.get_ident).result() > 0


def test_a_finished_run_frees_its_memory(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mission waits for the garbage collector after its run."""
    made: list[weakref.ref[Mission]] = []

    class Watched(Mission):
        """A mission of which it is known whether it is alive."""

        def __init__(
            self,
            scenario: Scenario,
            draw: int = 0,
            replicate: int = 0,
            outcomes: Iterable[str] | None = None,
        ) -> None:
            super().__init__(scenario, draw, replicate, outcomes)
            made.append(weakref.ref(self))

    monkeypatch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)
    monkeypatch.setattr("teritwa.simulation.model.Mission", Watched)
    gc.disable()
    try:
        ensemble.simulate([small.replace(end=small.start)], jobs=1)
        assert [mission() for mission in made] == [None] * 4
    finally:
        gc.enable()


@pytest.mark.usefixtures("faulty")
def test_a_run_that_ends_the_program_costs_only_itself(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code of somebody else may call sys.exit in a run of this process: that run has failed."""

    def leave(mission: Faulty) -> dict[str, NDArray[Any]]:
        if mission.run_number == (1, 0):
            sys.exit(0)
        return {"displaced": np.zeros(mission.days)}

    monkeypatch.setattr(Faulty, "run", leave)
    (result,) = ensemble.run([small], out=tmp_path, jobs=1)

    assert (result.count, result.manifest["failed"]) == (3, 1)
    assert "SystemExit: 0" in (result.path / "failures.csv").read_text(encoding="utf-8")


@pytest.mark.usefixtures("faulty")
def test_workers_load_the_extensions_of_this_process(
    small: Scenario, threads: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every executor loads the same extensions before a run, so that the run has its key."""
    file = tmp_path / "own.py"
    loaded: list[tuple[str, ...]] = []
    module = "teritwa.simulation.extensions"
    monkeypatch.setattr(f"{module}.loaded", lambda: (SimpleNamespace(path=file),))
    monkeypatch.setattr(f"{module}.load_extensions", lambda paths: loaded.append(tuple(paths)))
    ensemble.run([small], out=tmp_path, executor=threads)

    assert loaded == [(str(file),)] * 4


def test_two_scenarios_with_one_id_are_refused(small: Scenario, tmp_path: Path) -> None:
    """They would write one folder, so nothing is run."""
    with pytest.raises(InputError, match=f"{small.id}: is the id of 2 scenarios"):
        ensemble.run([small, small], out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_missing_runs_have_fill_values(made_up_runs: Callable[..., InMemoryRunSet]) -> None:
    """A missing run has no value that could be taken for an outcome."""
    runs = made_up_runs(failed={(0, 0): "x"})

    assert np.isnan(runs.arrays["fund_balance"][0, 0]).all()
    assert (runs.arrays["displaced"][0, 0] == np.iinfo(np.int32).min).all()


FIRST = """schema: 2
id: first
title: First
world: {world}
period: {{end: 2024-01-04}}
runs: {{draws: 3, replicates: 2, seed: 7}}
params:
  attack.rate: {{uniform: [0.5, 1.5]}}
  membership.fighters_day0: {{uniform: [6000, 12000]}}
  drones.enabled: {{choice: {{true: 1, false: 1}}}}
events:
  - {{id: vote, date: 2024-01-02, mandate: {{type: support-mission, authorised: 500}}}}
"""


def test_the_design_of_a_result_is_a_posterior(tmp_path: Path) -> None:
    """A scenario that draws from another's design.csv has its values, and so its very runs."""
    world = "../" * len(tmp_path.resolve().parts[1:]) + str(SMALL.parent / "worlds" / "island")[1:]
    text = FIRST.format(world=world)
    (tmp_path / "first.yaml").write_text(text, encoding="utf-8")
    (first,) = ensemble.run([tmp_path / "first.yaml"], out=tmp_path / "results", jobs=1)
    start, end = text.index("params:"), text.index("events:")
    again = text[:start] + "posterior: results/first/design.csv\n" + text[end:]
    (tmp_path / "second.yaml").write_text(again.replace("id: first", "id: second"), "utf-8")
    before, scenario = load(tmp_path / "first.yaml"), load(tmp_path / "second.yaml")
    assert scenario.posterior is not None
    assert (scenario.posterior.draws, scenario.uncertain) == (3, before.uncertain)
    assert [scenario.parameters(draw) for draw in range(3)] == [
        before.parameters(draw) for draw in range(3)
    ]
    assert {before.parameters(draw)["drones.enabled"] for draw in range(3)} == {True, False}
    (second,) = ensemble.run([scenario], out=tmp_path / "results", jobs=1)
    assert second.dataset.equals(first.dataset)
    design = [(one.path / "design.csv").read_bytes() for one in (first, second)]
    assert design[0] == design[1]


@pytest.mark.slow
def test_one_scenario_alone_stands_for_a_list_of_one(small: Scenario, tmp_path: Path) -> None:
    """A scenario, a path or a name is not taken for a list of its parts; nor is an outcome."""
    single = small.replace(draws=1, replicates=1)
    (result,) = ensemble.run(single, out=tmp_path, jobs=1)
    assert result.scenario_id == "island"
    path = result.path / "resolved.yaml"
    for given in (path, str(path)):
        (run_set,) = ensemble.simulate(given, outcomes="gang_members", jobs=1)
        assert run_set.outcome_names == ["gang_members"]


def test_an_unknown_outcome_is_named(small: Scenario) -> None:
    """What is not an outcome is refused before anything runs."""
    with pytest.raises(InputError, match=r"^'membrs': is not an outcome; did you mean 'gang_memb"):
        ensemble.simulate([small], outcomes=["membrs"])
