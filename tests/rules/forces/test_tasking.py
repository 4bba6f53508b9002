"""Command: what headquarters believes, which districts it picks, and who is sent where."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import normal, run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    AT_HOME,
    FOREIGN,
    MILITARY_ONLY,
    OPERATING,
    SOLDIERS,
    SPECIAL,
    STATION,
    TECHNICAL_HELP,
    UNDER_UN,
)
from teritwa.rules.forces.tasking import (
    JUDGES,
    SENT_OUT,
    TAKES_TARGET,
    best_target_within,
    can_be_sent,
    decay_recent_attacks,
    give_orders,
    operation_district,
    operational_tempo,
    rank_targets,
    reach_of,
    score_targets,
)

VALUES = {
    "tasking.daily_operations": 2, "tasking.own_sent_probability": 0.4, "tasking.mission_sent_probability": 0.7, "tasking.attack_elasticity": 0.5,
    "tasking.usual_attacks": 16.0, "tasking.baseline_attacks": 0.2,
    "tasking.deep_territory_weight": 0.25, "tasking.reach": 1.5, "tasking.judgement_error": 1.0, "tasking.attack_memory": 10.0,
    "intelligence.visible_share": 0.5, "intelligence.intimidation_share": 1.0, "trust.baseline": 0.4, "drones.detection_gain": 0.5,
    "equipment.air_reach": 6.0,
}  # fmt: skip
TODAY = run_randomness(10, 0, 0, 4)


def test_attention_fades(country: Any) -> None:
    """With a memory of 10 days, 1/e of an attack is remembered after 10 days."""
    here = country(2, values=VALUES)
    here.districts["orders"]["recent_attacks"] = [5.0, 0.0]
    for _ in range(10):
        decay_recent_attacks(here.state)
    assert here.districts["orders"]["recent_attacks"].tolist() == pytest.approx([5.0 / math.e, 0.0])


def test_command_judges_with_an_error(country: Any) -> None:
    """(0.2 + heat) * (0.25 + 0.75 * (1 - threat)), tenfold where ordered, times exp(error * unknown * z)."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["presence"]["fighters"] = [10, 0, 0]
    here.districts["orders"]["operation_priority"] = [1.0, 1.0, 10.0]
    here.districts["orders"]["recent_attacks"], here.districts["control"]["neighbour_gang_influence"] = [3.0, 3.0, 0.0], [0.6, 0.6, 1.0]
    here.districts["control"]["gang_influence"], here.districts["orders"]["target_score"] = [1.0, 1.0, 0.0], 99.0
    score_targets(here.state, TODAY)
    slips = [math.exp(unknown * normal(uniform(TODAY, JUDGES, who))) for who, unknown in ((1000, 0.5), (1002, 0.3))]
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx(
        [3.2 * 0.55 * slips[0], 0.0, 10 * 0.2 * 0.25 * slips[1]]
    )


def test_drones_make_command_surer(country: Any) -> None:
    """Where drones watch all day half of what was unknown is known: the error is half as large."""
    here = country(2, values=VALUES)
    here.districts["presence"]["fighters"], here.districts["control"]["gang_influence"], here.districts["presence"]["drone_coverage"] = 1, 1.0, [0.0, 1.0]
    score_targets(here.state, TODAY)
    slips = [0.5 * normal(uniform(TODAY, JUDGES, 1000)), 0.25 * normal(uniform(TODAY, JUDGES, 1001))]
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx([0.2 * math.exp(slip) for slip in slips])


def test_command_that_errs_not_sees_what_is(country: Any) -> None:
    """Without error the score is what the rule says."""
    here = country(2, values={**VALUES, "tasking.judgement_error": 0.0})
    here.districts["presence"]["fighters"], here.districts["orders"]["recent_attacks"] = 1, [0.0, 1.8]
    score_targets(here.state, TODAY)
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx([0.2, 2.0])


@pytest.mark.parametrize(
    ("scores", "allowed", "ranked"),
    [
        ([1.0, 3.0, 2.0, 9.0], 2, [1, 2]), ([1.0, 3.0, 2.0, 9.0], 3, [1, 2, 0]), ([1.0, 3.0, 2.0, 9.0], 8, [1, 2, 0]),
        ([2.0, 2.0, 2.0, 2.0], 2, [0, 1]), ([0.0, 0.0, 5.0, 5.0], 2, [2]), ([0.0, 0.0, 0.0, 5.0], 2, []),
    ],
)  # fmt: skip
def test_the_most_wanted_of_the_capital_are_ranked(
    country: Any, scores: list[float], allowed: int, ranked: list[int]
) -> None:
    """The best of the capital come first, ties by row, at most as many as operations a day; no score, no target."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values={**VALUES, "tasking.daily_operations": allowed})
    here.districts["orders"]["target_score"], here.districts["place"]["metropolitan"][3] = scores, False
    targets = np.zeros(8, np.int64)
    found = rank_targets(here.state, targets)
    assert targets[:found].tolist() == ranked


def test_a_unit_looks_for_need_within_its_reach(country: Any) -> None:
    """Of places within 1.5 hours of its quarters the most wanted; if none is wanted, none."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values=VALUES)
    here.unit(0, 0, 5)
    here.hours[0] = [0.0, 1.5, 1.6, np.inf]
    here.districts["orders"]["target_score"] = [1.0, 2.0, 3.0, 4.0]
    assert best_target_within(here.state, here.state.units[0], 1.5) == 1
    assert best_target_within(here.state, here.state.units[0], 1.6) == 2
    here.districts["orders"]["target_score"] = [0.0, 0.0, 3.0, 4.0]
    assert best_target_within(here.state, here.state.units[0], 1.5) == NO_ONE


@pytest.mark.parametrize(("heat", "busy"), [(16.0, 1.0), (64.0, 2.0), (4.0, 0.5), (0.0, 0.25), (0.5, 0.25)])
def test_tempo_follows_attacks(country: Any, heat: float, busy: float) -> None:
    """With an elasticity of one half four times the usual attacks double the tempo; below one attack it is least."""
    here = country(2, values=VALUES)
    here.districts["orders"]["recent_attacks"] = heat / 2
    assert operational_tempo(here.state) == pytest.approx(busy)


@pytest.mark.parametrize(
    ("lift", "acts", "hours"),
    [(0.0, True, 1.5), (9.9, True, 1.5), (10.0, True, 6.0), (30.0, True, 6.0), (30.0, False, 1.5)],
)
def test_helicopters_carry_units_further(country: Any, lift: float, acts: bool, hours: float) -> None:
    """A unit of ten reaches six hours' drive while ten seats in the air are left, else an hour and a half."""
    here = country(values={**VALUES, "equipment.enabled": acts})
    here.unit(2, 0, 10, kind=FOREIGN)
    here.contingents["airlift_capacity"][2] = lift
    assert reach_of(here.state, here.state.units[0]) == hours


@pytest.mark.parametrize(
    ("kind", "posted", "officers", "terms", "goes"),
    [
        (SPECIAL, False, 5, ANY_MISSION, True), (FOREIGN, True, 5, ANY_MISSION, True),
        (FOREIGN, False, 5, MILITARY_ONLY, True), (FOREIGN, False, 5, UNDER_UN, True),
        (FOREIGN, False, 5, TECHNICAL_HELP, False), (SOLDIERS, False, 5, ANY_MISSION, True),
        (SOLDIERS, True, 5, ANY_MISSION, False), (STATION, False, 5, ANY_MISSION, False),
        (SPECIAL, False, 0, ANY_MISSION, False),
    ],
)  # fmt: skip
def test_who_goes_out(country: Any, kind: int, posted: bool, officers: int, terms: int, goes: bool) -> None:
    """Mobile units go out, those of a base too; stations, soldiers who hold a place and technical help do not."""
    here = country()
    here.unit(0, 0, officers, kind=kind)
    here.units["posted"][0], here.contingents["terms"][0] = posted, terms
    assert can_be_sent(here.state.units[0], here.state.contingents[0]) == goes


@pytest.mark.parametrize(
    ("posted", "at_home", "hours", "drawn", "place"),
    [
        (False, 1.0, [0.0, 1.0, 1.0], (2, 0.0), 1),
        (False, 1.0, [0.0, 1.0, 1.0], (2, 0.999), 2),
        (False, 1.0, [0.0, 9.0, 1.0], (2, 0.0), 2),
        (True, 1.0, [0.0, 1.0, 1.0], (2, 0.0), 0),
        (True, 0.0, [0.0, 1.0, 1.0], (2, 0.0), 1),
        (False, 1.0, [0.0, 9.0, 9.0], (2, 0.0), 0),
        (False, 0.0, [0.0, 9.0, 9.0], (2, 0.0), NO_ONE),
        (False, 0.0, [0.0, 9.0, 1.0], (0, 0.0), 2),
    ],
)
def test_where_a_unit_operates(
    country: Any, posted: bool, at_home: float, hours: list[float], drawn: tuple[int, float], place: int
) -> None:
    """A garrison around its base if it is wanted there; others at the target they draw, or the need in reach."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.unit(2, 0, 5, kind=FOREIGN)
    here.units["posted"][0], here.districts["orders"]["target_score"], here.hours[0] = posted, [at_home, 3.0, 2.0], hours
    assert operation_district(here.state, here.state.units[0], np.array([1, 2, 0]), *drawn) == place


def test_helicopters_carry_as_many_as_have_seats(country: Any) -> None:
    """Of six units of ten sent to a place three hours away those with 25 seats left fly: two, and five seats stay."""
    here = forces(country, FOREIGN, 2)
    here.districts["orders"]["target_score"], here.districts["orders"]["recent_attacks"] = [0.0, 0.0, 1.0], 1e6
    here.hours[0] = [0.0, 1.0, 3.0]
    here.contingents["airlift_capacity"][2] = 25.0
    orders(here, TODAY)
    sent = [uniform(TODAY, SENT_OUT, 5000 + row) < 0.9 for row in range(6)]
    fly = [row for row in range(6) if sent[row]][:2]
    assert np.flatnonzero(here.units["task"][:6] == OPERATING).tolist() == fly
    assert here.units["operated_in"][fly].tolist() == [2, 2]
    assert here.contingents["airlift_capacity"][2] == 5.0


def test_short_ways_need_no_helicopter(country: Any) -> None:
    """Units that drive to a place within reach take no seat in the air."""
    here = forces(country, FOREIGN, 2)
    here.districts["orders"]["recent_attacks"], here.contingents["airlift_capacity"][2] = 1e6, 25.0
    orders(here, TODAY)
    assert (here.units["task"][:6] == OPERATING).sum() > 0
    assert here.contingents["airlift_capacity"][2] == 25.0


def orders(here: Any, today: Any) -> None:
    """Rank the targets and give the orders of a day."""
    targets = np.zeros(8, np.int64)
    give_orders(here.state, today, targets, rank_targets(here.state, targets))


def forces(country: Any, kind: int, contingent: int = 0) -> Any:
    """Return six units of a kind in district 0, with 1 and 2 wanted and near, at the usual tempo."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    for _ in range(6):
        here.unit(contingent, 0, 10, kind=kind)
    here.districts["orders"]["target_score"], here.districts["orders"]["recent_attacks"][0] = [0.0, 2.0, 1.0], 16.0
    return here.begin()


@pytest.mark.parametrize(
    ("kind", "contingent", "share"), [(SPECIAL, 0, 0.4), (SOLDIERS, 1, 0.4), (FOREIGN, 2, 0.7), (STATION, 0, 0.0)]
)
def test_mobile_units_are_sent_out(country: Any, kind: int, contingent: int, share: float) -> None:
    """A unit goes out when its number is below its share, to the target it draws; stations stay."""
    here = forces(country, kind, contingent)
    for day in range(20):
        today = run_randomness(10, 0, 0, day)
        orders(here, today)
        for row in range(6):
            sent = uniform(today, SENT_OUT, 5000 + row) < share
            place = [1, 2][int(2 * uniform(today, TAKES_TARGET, 5000 + row))] if sent else 0
            assert here.units["task"][row] == (OPERATING if sent else AT_HOME)
            assert here.units["district"][row] == place
            assert not sent or here.units["operated_in"][row] == place


def test_orders_bring_everybody_home_first(country: Any) -> None:
    """Each morning starts from quarters: yesterday's places, tasks and nights are forgotten."""
    here = forces(country, STATION)
    here.units["district"][:6], here.units["task"][:6], here.units["night_share"][:6] = 2, OPERATING, 0.05
    orders(here, TODAY)
    for name, value in (("district", 0), ("task", AT_HOME), ("night_share", 1.0)):
        assert here.units[name][:6].tolist() == [value] * 6


def test_all_go_out_when_there_is_enough_to_do(country: Any) -> None:
    """With so many attacks that the chance to be sent out exceeds one, every mobile unit goes."""
    here = forces(country, SPECIAL)
    here.districts["orders"]["recent_attacks"] = 1e6
    orders(here, run_randomness(10, 0, 0, 1))
    assert (here.units["task"][:6] == OPERATING).all()


def test_units_too_far_from_the_target_go_where_they_can(country: Any) -> None:
    """A unit whose target is out of reach takes the nearest need, or stays when there is none; nobody sends nobody."""
    here = forces(country, FOREIGN, 2)
    here.districts["place"]["metropolitan"] = [False, True, False]
    here.hours[0] = [0.0, 3.0, 1.0]
    here.districts["orders"]["recent_attacks"] = 1e6
    here.units["officers"][5] = 0
    orders(here, TODAY)
    went = here.units["district"][:6]
    assert set(went.tolist()) == {0, 2}
    assert went[5] == 0
    here.hours[0, 2] = 3.0
    orders(here, TODAY)
    assert here.units["district"][:6].tolist() == [0] * 6
    here.districts["orders"]["target_score"] = [0.0, 0.0, 1.0]  # no target in the capital, and none in reach
    orders(here, TODAY)
    assert here.units["task"][:6].tolist() == [AT_HOME] * 6
