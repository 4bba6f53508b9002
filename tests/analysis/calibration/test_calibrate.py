"""Tests of the whole calibration, on the island with made-up counts."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.calibration.calibrate import (
    Calibration,
    Plan,
    calibrate,
    make_plan,
    month_end,
    posterior_csv,
)
from teritwa.analysis.calibration.count_table import read_counts, targets
from teritwa.analysis.calibration.simulation import scenario_of_row
from teritwa.analysis.calibration.tables import facts_table, fit_table, parameter_table, save
from teritwa.analysis.calibration.targets import Run, Target
from teritwa.analysis.calibration.tempering import Tempering
from teritwa.engine.errors import InputError
from teritwa.scenario import load
from teritwa.scenario.history import MOODS
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems
from teritwa.simulation.model import Mission

pytestmark = pytest.mark.usefixtures("quick")

Make = Callable[..., Target]
END = date(2024, 2, 29)


def small_plan(target: Make) -> Plan:
    """Return a plan of two months of the island, with three counts."""
    months = ((date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 2, 1), END))
    counts = [
        target(name=f"killed, {end}", outcome="killed_counted", statistic="sum", start=start,
               end=end, low=90, high=90, office="an office")
        for start, end in months
    ]  # fmt: skip
    counts.append(
        target(name="gardens", outcome="holder.amber-gardens", statistic="held", scale="doubt",
               start=END, end=END, low=1, high=1, error=0.1)
    )  # fmt: skip
    return make_plan(load("island"), counts, END, 128)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs of the small plan are kept."""
    return tmp_path_factory.mktemp("calibration")


@pytest.fixture(scope="module")
def found(target: Make, folder: Path, quick: None) -> Calibration:  # as tests have it
    """A calibration of the small plan by one process."""
    return calibrate(small_plan(target), folder, jobs=1, progress=lambda *_: None)


def test_rows_replay_what_was_weighed(found: Calibration) -> None:
    """A run of a row, from the text of the table alone, gives what its particle was weighed by."""
    number = int(found.chosen[3])
    scenario = scenario_of_row(found.plan.scenario, found.rows[number])
    mission = Mission(scenario, draw=5, replicate=7)  # neither changes a known past
    run = Run.of(mission.run(), scenario.start, mission.world)

    assert [run.read(one) for one in found.plan.targets] == list(found.quantities[number])


def test_posterior_can_be_named_by_a_scenario(found: Calibration, tmp_path: Path) -> None:
    """The table that is written is read without a mistake, and has the rows."""
    problems = Problems()
    posterior = read_posterior(save(found, tmp_path), problems)

    assert problems.count == 0
    assert posterior.draws == len(found.chosen)
    first = posterior.history(0)
    assert first is not None
    assert (first.start, first.origin) == (date(2024, 1, 1), END)
    assert {**posterior.values(0), **first.columns()} == found.posterior[0]
    gives = dict(first.gives)
    given = [gives[one.column] for one in found.plan.targets]
    assert given == list(found.quantities[found.chosen[0]])


def test_counts_are_met_better_than_by_the_prior(found: Calibration) -> None:
    """The killed of runs come nearer to what was counted, and spread less."""
    fit = {name: np.array(column) for name, column in fit_table(found).items()}
    after = fit["model_q95"] - fit["model_q05"]
    before = fit["prior_q95"] - fit["prior_q05"]

    assert (after < before).all()
    assert set(fit["inside"]) == {"yes"}


def test_a_second_time_reads_what_is_there(
    target: Make, serial: Executor, folder: Path, found: Calibration
) -> None:
    """An interrupted calibration resumes: the same bytes, by another executor, nothing run again.

    A block that is lost is run again, and alone.
    """
    next((folder / "runs").glob("*.npy")).unlink()
    again = calibrate(small_plan(target), folder, executor=serial, progress=lambda *_: None)

    assert posterior_csv(again.posterior) == posterior_csv(found.posterior)
    assert serial.tasks == 1  # type: ignore[attr-defined]


def test_rows_that_are_alike_make_no_posterior(
    target: Make, serial: Executor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With too few pasts that differ nothing is written, and it is said how many there are."""
    monkeypatch.setattr(Tempering, "reach", alike)
    with pytest.raises(InputError, match="only 1 of 128 pasts differ"):
        calibrate(small_plan(target), folder, executor=serial, progress=lambda *_: None)


def alike(tempering: Tempering) -> None:
    """Make all particles alike."""
    tempering.particles = tempering.particles.take(np.zeros(128, np.intp))


def test_tables_say_how_many_differ(found: Calibration) -> None:
    """Facts count distinct rows, and each uncertain parameter has its row."""
    facts = dict(zip(*facts_table(found).values(), strict=True))

    assert facts["draws"] == len(found.chosen)
    assert facts["distinct_histories"] == len({tuple(row.values()) for row in found.posterior})
    families = np.unique(found.ancestors[found.chosen], return_counts=True)[1]
    assert facts["largest_family"] == families.max()
    assert facts["ancestors"] == len(np.unique(found.ancestors[found.chosen]))
    assert len(parameter_table(found)["parameter"]) == len(found.parameters)
    assert {"presence.mission_effect", "attack.rate"} <= {one.name for one in found.parameters}


def test_counts_until_the_origin_alone() -> None:
    """A plan until June has no count of later days, and as many months as it has days of."""
    plan = make_plan(origin=date(2024, 6, 30))

    assert {target.end <= date(2024, 6, 30) for target in plan.targets} == {True}
    assert len(plan.prior.months) == 6
    assert plan.prior.size == len(plan.prior.parameters) + 6 * len(MOODS)


def test_what_a_scenario_fixes_is_not_drawn() -> None:
    """A number of the scenario's own stays, all others are drawn or come from past missions."""
    scenario = load("baseline").replace(params={"attack.rate": 0.1})
    plan = make_plan(scenario)

    assert plan.scenario.params["attack.rate"] == 0.1
    assert "attack.rate" not in {one.name for one in plan.prior.parameters}


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        (date(2024, 6, 29), "is not the last day of a month; 2024-06-30 is"),
        (date(2024, 1, 31), "nothing is counted"),
    ],
)
def test_origin_that_cannot_be(origin: date, reason: str) -> None:
    """An origin within a month, or before any count, is refused with the reason."""
    with pytest.raises(InputError, match=reason):
        make_plan(origin=origin)


def test_ends_of_months() -> None:
    """The last day of a month, of a leap year too."""
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
    assert month_end(date(2024, 12, 31)) == date(2024, 12, 31)


HEADER = "name,outcome,statistic,start,end,low,high,error,scale,source\n"


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("a,kiled,sum,2024-01-01,2024-03-31,5,6,0.1,log,x", "outcome: 'kiled' is not an outcome"),
        ("a,killed_counted.x,sum,2024-01-01,2024-03-31,5,6,0.1,log,x", "'x' is no perpetrator"),
        ("a,killed_counted,sum,2024-03-01,2024-01-31,5,6,0.1,log,x", "end: 2024-01-31 is before"),
        ("a,killed_counted,sum,2024-01-01,2024-03-31,7,6,0.1,log,x", "high: 6 is below low, 7"),
        ("a,killed_counted,sum,2024-01-01,2024-03-31,0,6,0.1,log,x", "low: 0 is not above zero"),
        ("a,holder.b,held,2024-01-01,2024-01-01,1,1,0.6,doubt,x", "error: 0.6 is as likely wrong"),
        ("a,holder.b,held,2024-01-01,2024-01-01,0,1,0.1,doubt,x", "both 0 or both 1"),
        ("a,holder,held,2024-01-01,2024-01-01,1,1,0.1,doubt,x", "name a district after a dot"),
        ("a,displaced,value,2024-01-01,2024-01-01,1,1,0.1,doubt,x", "held goes with doubt"),
        ("a,killed_counted.forces,share,2024-01-01,2024-03-31,30,30,3,linear,x", "30 is above 1"),
        ("a,displaced,change,2024-01-01,2024-01-31,5,6,0.1,log,x", "may be below zero"),
        ("a,displaced,value,2024-01-01,2024-01-01,1,1,much,log,x", "error: 'much'"),
    ],
)
def test_mistakes_in_a_table_of_counts(tmp_path: Path, row: str, line: str) -> None:
    """Each mistake is told by file, line and column."""
    path = tmp_path / "counts.csv"
    path.write_text(HEADER + row + "\n")
    with pytest.raises(InputError) as error:
        read_counts(path)

    assert any(one.startswith(f"{path}:2: ") and line in one for one in error.value.problems)


def test_district_that_there_is_not(tmp_path: Path, target: Make) -> None:
    """A place of another world is refused before anything runs."""
    held: dict[str, Any] = {"statistic": "held", "scale": "doubt", "low": 1, "high": 1}
    place = target(outcome="holder.amber-garden", **held)
    with pytest.raises(InputError, match=r"no district 'amber-garden' .* did you mean"):
        make_plan(load("island"), [place], date(2024, 1, 31))


def test_table_keeps_its_order_and_defaults(tmp_path: Path) -> None:
    """Rows keep their order; what may be left out has its default."""
    path = tmp_path / "counts.csv"
    rows = ("b,killed_counted,sum,2024-01-01,2024-03-31,5,6,0.1,log,x",
            "a,displaced,value,2024-03-31,2024-03-31,5,5,0.1,log,x")  # fmt: skip
    path.write_text(HEADER + "\n".join(rows) + "\n")
    found = read_counts(path)

    assert [one.name for one in found] == ["b", "a"]
    assert [(one.discrepancy, one.fitted, one.office) for one in found] == [(0.1, True, "")] * 2
    assert len(targets()) > 30
