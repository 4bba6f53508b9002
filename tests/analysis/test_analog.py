"""Tests of the analog: measures by hand, intervals, pairs, and a few draws as shipped."""

import csv
import dataclasses
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.analog import (
    HOLD,
    LEAVE,
    Analog,
    AnalogEstimate,
    AnalogRun,
    analog,
    first_operation,
    measure_run,
    raids_of,
    run_and_measure,
    share_with_interval,
)
from teritwa.engine.errors import InputError
from teritwa.scenario import Scenario, actions, load
from teritwa.scenario.actions.orders import Doctrine, Operation
from teritwa.world import HELD

PEOPLE = np.array([100, 200, 300, 0])
EMPTY = AnalogRun(0, "x", 1, 0, 1, 1, 0, 0, 1.0, 1.0)
SHARED = {
    "armoured-cars",
    "assessed-contributions",
    "first-troops",
    "mandate",
    "no-operations-without-orders",
}


def row(scenario: str, draw: int, **values: float) -> AnalogRun:
    """Return a made-up run."""
    given: Any = values
    return dataclasses.replace(EMPTY, scenario=scenario, draw=draw, **given)


def table(days: int, **changes: tuple[slice, int]) -> NDArray[Any]:
    """Return fighters by day in four quarters: 5 in each, except on the days given."""
    fighters = np.full((days, 4), 5)
    for name, (when, number) in changes.items():
        fighters[when, int(name[1:])] = number
    return fighters


def measures(
    raids: dict[int, int], fighters: NDArray[Any], influence: NDArray[Any] | None = None
) -> AnalogRun:
    """Measure a made-up run in quarters of 100, 200, 300 and 0 people that count."""
    given = np.ones(4) if influence is None else influence
    return measure_run((7, "made-up"), raids, PEOPLE, fighters, (given >= HELD, given))


def test_gangs_that_never_left_are_back_at_once() -> None:
    """After a raid that drives nobody out, gangs are back in the quarter but have not returned."""
    found = measures({0: 10}, table(80))
    assert (found.draw, found.scenario) == (7, "made-up")
    assert (found.raided, found.driven_out, found.back_30, found.back_60) == (1, 0, 1, 1)
    assert (found.returned_30, found.returned_60) == (0, 0)


@pytest.mark.parametrize(
    ("again", "back_30", "back_60"),
    [(11, 1, 1), (40, 1, 1), (41, 0, 1), (70, 0, 1), (71, 0, 0), (200, 0, 0)],
)
def test_back_counts_the_days_after_the_raid(again: int, back_30: int, back_60: int) -> None:
    """Fighters in the open on day 30 or 60 after the raid count, those of a day later do not."""
    found = measures({1: 10}, table(250, q1=(slice(10, again), 0)))
    assert (found.driven_out, found.back_30, found.back_60) == (1, back_30, back_60)
    assert (found.returned_30, found.returned_60) == (back_30, back_60)


def test_a_single_night_in_the_open_counts() -> None:
    """Gangs that came back and were driven out again had been back."""
    assert measures({1: 10}, table(80, q1=(slice(10, 80), 0), q2=(slice(0, 1), 0))).back_60 == 0
    fighters = table(80, q1=(slice(10, 80), 0))
    fighters[20, 1] = 1
    assert measures({1: 10}, fighters).back_30 == 1


def test_each_quarter_counts_from_its_own_raid() -> None:
    """Of three raided quarters gangs never leave one, leave one for good, and one for a while."""
    fighters = table(120, q1=(slice(10, 120), 0), q2=(slice(30, 70), 0))
    found = measures({0: 10, 1: 10, 2: 30}, fighters)
    assert (found.raided, found.driven_out) == (3, 2)
    assert (found.back_30, found.back_60, found.returned_30, found.returned_60) == (1, 2, 0, 1)


def test_control_is_a_share_of_people() -> None:
    """Shares are of people under gangs on day 0, and half of the influence is held."""
    found = measures({2: 10, 0: 40}, table(120), np.array([0.5, 0.4, 0.0, 1.0]))
    assert found.held_60 == pytest.approx(100 / 600)
    assert found.influence_60 == pytest.approx((0.5 * 100 + 0.4 * 200) / 600)


def test_raids_are_those_of_the_schedule() -> None:
    """A raid is the last day of a quarter's first operation: of a day, or of each fortnight."""
    leave, hold = load(LEAVE), load(HOLD)
    ((place, day),) = raids_of(leave, 0).items()
    found = raids_of(hold, 0)
    assert day == (date(2005, 7, 6) - leave.start).days == 35
    assert found[place] == 35 + 13
    assert sorted(found.values()) == [48, 62, 76, 90, 104, 118]


def test_control_is_taken_on_one_day_in_both_scenarios() -> None:
    """The first operation begins on the same day, though one lasts a day and one a fortnight."""
    assert first_operation(load(LEAVE), 0) == first_operation(load(HOLD), 0) == 35


def test_the_scenarios_differ_by_who_stays_and_comes_after() -> None:
    """Both begin with one operation, by as many, in one quarter; holding clears, stays, goes on."""
    leave, hold = load(LEAVE), load(HOLD)
    shared = [event for event in leave.events if event.id in SHARED]
    assert {event.id for event in shared} == SHARED
    assert [event for event in hold.events if event.id in SHARED] == shared
    (raid,) = (event for event in leave.events if event.id not in SHARED)
    more = {event.id: event for event in hold.events if event.id not in SHARED}
    assert sorted(more) == ["more-troops", *(f"raid-{number}" for number in range(1, 7))]
    assert more["raid-1"].date == raid.date == date(2005, 7, 6)
    assert min(event.date for event in more.values() if event.date) == raid.date
    orders = [event.action for event in more.values() if isinstance(event.action, Operation)]
    assert isinstance(raid.action, Operation)
    assert (raid.action.posture, raid.action.duration) == ("raid", 1)
    assert {(order.posture, order.duration) for order in orders} == {("clear-and-hold", 14)}
    assert orders[0].targets == raid.action.targets
    assert len({order.targets for order in orders}) == 6
    assert (leave.start, leave.end, leave.seed, leave.world) == (
        hold.start,
        hold.end,
        hold.seed,
        hold.world,
    )


def test_no_rate_is_set_for_the_analog() -> None:
    """Both set only who goes where and how many at once; no event changes a parameter."""
    for name in (LEAVE, HOLD):
        scenario = load(name)
        assert set(scenario.params) == {"tasking.deep_territory_weight"}
        given = [event.action for event in scenario.events]
        assert not any(isinstance(action, actions.Change) for action in given)
        (doctrine,) = (action for action in given if isinstance(action, Doctrine))
        assert set(doctrine.written()) == {"force", "operations", "share_out", "force_ratio"}


def test_a_share_has_wilsons_interval() -> None:
    """9 of 10 is 0.596 to 0.982 (Wilson), none of none is not a number."""
    assert share_with_interval(9, 10) == pytest.approx((0.9, 0.5958, 0.9821), abs=1e-4)
    assert all(math.isnan(value) for value in share_with_interval(0, 0))


def lines(found: Analog) -> dict[tuple[str, str], AnalogEstimate]:
    """Return the summary by scenario and measure."""
    return {(line.scenario, line.measure): line for line in found.summary()}


def test_the_summary_counts_runs_quarters_and_pairs() -> None:
    """Of four pairs two are better, one ties and one is worse; quarters are pooled over runs."""
    leave = tuple(row("leave", draw, influence_60=0.8) for draw in range(4))
    hold = tuple(
        row(
            "hold",
            draw,
            raided=4,
            driven_out=driven,
            back_30=back,
            returned_30=returned,
            influence_60=influence,
        )
        for draw, (driven, back, returned, influence) in enumerate(
            [(2, 2, 0, 0.5), (0, 4, 0, 0.8), (4, 1, 1, 0.1), (2, 3, 1, 0.9)]
        )
    )
    found = lines(Analog(leave, hold))
    verdicts = ("better", "the same", "worse")
    shares = [found["pairs", f"influence_60 {verdict}"].value for verdict in verdicts]
    assert shares == [0.5, 0.25, 0.25]
    assert found["pairs", "influence_60 hold less leave"].value == pytest.approx(
        (-0.3 - 0.7 + 0.1) / 4
    )
    assert (found["pairs", "held_60 the same"].value, found["pairs", "held_60 the same"].of) == (
        1.0,
        4,
    )
    pooled = found["hold", "driven_out of raided"]
    assert (pooled.value, pooled.of) == (0.5, 16)
    assert pooled.low < 0.5 < pooled.high
    returned = found["hold", "returned_30 of driven_out"]
    assert (returned.value, returned.of) == (0.25, 8)
    assert (
        found["hold", "back_30 in any"].value,
        found["hold", "back_30 in half or more"].value,
    ) == (1.0, 0.75)
    assert math.isnan(found["leave", "returned_60 of driven_out"].value)


@pytest.mark.parametrize(("better", "passes"), [(18, True), (17, False)])
def test_nine_in_ten_pairs_must_be_better(better: int, passes: bool) -> None:
    """Of twenty pairs 18 are enough and 17 are not; a tie is no better."""
    leave = tuple(row("leave", draw) for draw in range(20))
    hold = tuple(
        row("hold", draw, influence_60=0.9 if draw < better else 1.0) for draw in range(20)
    )
    assert Analog(leave, hold).passes is passes


def test_tables_are_written(tmp_path: Path) -> None:
    """Runs have a row each, draw by draw, leaving first, and the summary has its file."""
    leave, hold = ((row(name, 0), row(name, 1, influence_60=0.25)) for name in ("leave", "hold"))
    folder = Analog(leave, hold).save(tmp_path / "new" / "analog")
    with (folder / "analog.csv").open(encoding="utf-8", newline="") as file:
        runs = list(csv.DictReader(file))
    assert [(one["draw"], one["scenario"]) for one in runs] == [
        ("0", "leave"), ("0", "hold"), ("1", "leave"), ("1", "hold"),
    ]  # fmt: skip
    assert [one["influence_60"] for one in runs] == ["1", "1", "0.25", "0.25"]
    with (folder / "analog_summary.csv").open(encoding="utf-8", newline="") as file:
        summary = {(one["scenario"], one["measure"]): one["value"] for one in csv.DictReader(file)}
    assert summary["pairs", "influence_60 the same"] == "1"


def test_a_scenario_without_raids_or_too_short_is_refused(
    small_scenario: Callable[..., Scenario],
) -> None:
    """A scenario without a raid, or that ends within 60 days of its last raid, gives one line."""
    with pytest.raises(InputError, match="needs an operation, and 60 days after each"):
        run_and_measure(small_scenario(days=90), 0)
    with pytest.raises(InputError, match="cite-soleil-hold: needs an operation"):
        run_and_measure(load(HOLD).replace(end=date(2005, 11, 10)), 0)


@pytest.mark.slow
def test_three_draws_of_the_shipped_scenarios() -> None:
    """Runs are complete and reproducible, and their counts agree with each other."""
    found = analog(3)
    assert found == analog(3)
    assert [(one.draw, one.scenario) for one in found.leave] == [(draw, LEAVE) for draw in range(3)]
    assert [(one.draw, one.scenario) for one in found.hold] == [(draw, HOLD) for draw in range(3)]
    for one, raided in (
        (one, raided) for rows, raided in ((found.leave, 1), (found.hold, 6)) for one in rows
    ):
        assert one.raided == raided >= one.driven_out >= one.returned_60 >= one.returned_30 >= 0
        assert one.returned_60 <= one.back_60 <= one.returned_60 + one.raided - one.driven_out
        assert 0.0 <= one.influence_60 <= 1.0
        assert 0.0 <= one.held_60 <= 1.0


@pytest.mark.slow
def test_the_raid_takes_four_in_five_to_the_quarter() -> None:
    """Some 440 troops operate in the quarter of the first raid, no fewer if it is then held."""
    from teritwa.rules.agents.police_unit import OPERATING
    from teritwa.simulation.model import Mission

    sent: dict[str, list[int]] = {LEAVE: [], HOLD: []}
    for name, draw in ((name, draw) for name in sent for draw in range(20)):
        mission = Mission(load(name), draw, outcomes=())
        ((place, day),) = raids_of(load(LEAVE), draw).items()
        while mission.day <= day:
            mission.step()
        units = mission.tables["units"]
        there = (units["task"] == OPERATING) & (units["operated_in"] == place)
        sent[name].append(int(units["officers"][there].sum()))
    assert all(one <= two for one, two in zip(sent[LEAVE], sent[HOLD], strict=True))
    # Units have at most 150, each with probability 0.8: the standard deviation is at most 115 in a
    # draw and 26 for the mean of twenty; the limit is three of those.
    assert 440 - 78 < np.mean(sent[LEAVE]) < 440 + 78


def test_intervals_of_shares_stay_within_0_and_1() -> None:
    """Nineteen quarters of twenty are back: the interval ends at 1 and not above."""
    leave = tuple(row("leave", draw, back_30=int(draw > 0)) for draw in range(20))
    found = lines(Analog(leave, leave))["leave", "back_30 of raided"]
    assert found.value == pytest.approx(0.95)
    assert found.high == 1.0
    assert 0.8 < found.low < 0.95
