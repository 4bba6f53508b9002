"""Tasking: how command scores and ranks districts, and which units it sends where."""

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
    "tasking.daily_operations": 2,
    "tasking.own_sent_probability": 0.4,
    "tasking.mission_sent_probability": 0.7,
    "tasking.attack_elasticity": 0.5,
    "tasking.usual_attacks": 16.0,
    "tasking.baseline_attacks": 0.2,
    "tasking.deep_territory_weight": 0.25,
    "tasking.reach": 1.5,
    "tasking.judgement_error": 1.0,
    "tasking.attack_memory": 10.0,
    "intelligence.visible_share": 0.5,
    "intelligence.intimidation_share": 1.0,
    "trust.baseline": 0.4,
    "drones.detection_gain": 0.5,
    "equipment.air_reach": 6.0,
}
TODAY = run_randomness(10, 0, 0, 4)


def test_recent_attacks_decay(country: Any) -> None:
    """With a memory of 10 days, 1/e of the recent attacks remains after 10 days."""
    here = country(2, values=VALUES)
    here.districts["orders"]["recent_attacks"] = [5.0, 0.0]
    for _ in range(10):
        decay_recent_attacks(here.state)
    assert here.districts["orders"]["recent_attacks"].tolist() == pytest.approx([5.0 / math.e, 0.0])


def test_scores_contain_an_error(country: Any) -> None:
    """Scores follow attacks, neighbours and priority, with a lognormal error where little is known.

    The score is priority * (0.2 + attacks) * (0.25 + 0.75 * (1 - neighbours' gang influence)) *
    exp(error * unknown * z), with a priority of 10 where a dated order asks for it.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["presence"]["fighters"] = [10, 0, 0]
    here.districts["orders"]["operation_priority"] = [1.0, 1.0, 10.0]
    here.districts["orders"]["recent_attacks"] = [3.0, 3.0, 0.0]
    here.districts["control"]["neighbour_gang_influence"] = [0.6, 0.6, 1.0]
    here.districts["control"]["gang_influence"] = [1.0, 1.0, 0.0]
    here.districts["orders"]["target_score"] = 99.0
    score_targets(here.state, TODAY)
    errors = [
        math.exp(unknown * normal(uniform(TODAY, JUDGES, who)))
        for who, unknown in ((1000, 0.5), (1002, 0.3))
    ]
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx(
        [3.2 * 0.55 * errors[0], 0.0, 10 * 0.2 * 0.25 * errors[1]]
    )


def test_drones_reduce_the_error(country: Any) -> None:
    """Under full drone coverage half of the unknown is known, which halves the error."""
    here = country(2, values=VALUES)
    here.districts["presence"]["fighters"] = 1
    here.districts["control"]["gang_influence"] = 1.0
    here.districts["presence"]["drone_coverage"] = [0.0, 1.0]
    score_targets(here.state, TODAY)
    errors = [
        0.5 * normal(uniform(TODAY, JUDGES, 1000)),
        0.25 * normal(uniform(TODAY, JUDGES, 1001)),
    ]
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx(
        [0.2 * math.exp(error) for error in errors]
    )


def test_scores_without_error(country: Any) -> None:
    """Without error the score follows the attacks exactly."""
    here = country(2, values={**VALUES, "tasking.judgement_error": 0.0})
    here.districts["presence"]["fighters"] = 1
    here.districts["orders"]["recent_attacks"] = [0.0, 1.8]
    score_targets(here.state, TODAY)
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx([0.2, 2.0])


@pytest.mark.parametrize(
    ("scores", "allowed", "ranked"),
    [
        ([1.0, 3.0, 2.0, 9.0], 2, [1, 2]),
        ([1.0, 3.0, 2.0, 9.0], 3, [1, 2, 0]),
        ([1.0, 3.0, 2.0, 9.0], 8, [1, 2, 0]),
        ([2.0, 2.0, 2.0, 2.0], 2, [0, 1]),
        ([0.0, 0.0, 5.0, 5.0], 2, [2]),
        ([0.0, 0.0, 0.0, 5.0], 2, []),
    ],
)
def test_the_best_scores_of_the_capital_are_ranked(
    country: Any, scores: list[float], allowed: int, ranked: list[int]
) -> None:
    """The best scores of the capital come first, ties by row, up to the number of daily operations.

    A district without a score is no target.
    """
    here = country(
        4, [(0, 1), (1, 2), (2, 3)], values={**VALUES, "tasking.daily_operations": allowed}
    )
    here.districts["orders"]["target_score"] = scores
    here.districts["place"]["metropolitan"][3] = False
    targets = np.zeros(8, np.int64)
    found = rank_targets(here.state, targets)
    assert targets[:found].tolist() == ranked


def test_the_best_target_lies_within_reach(country: Any) -> None:
    """The best target is the highest score within reach of a unit's quarters, if there is any."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values=VALUES)
    here.unit(0, 0, 5)
    here.hours[0] = [0.0, 1.5, 1.6, np.inf]
    here.districts["orders"]["target_score"] = [1.0, 2.0, 3.0, 4.0]
    assert best_target_within(here.state, here.state.units[0], 1.5) == 1
    assert best_target_within(here.state, here.state.units[0], 1.6) == 2
    here.districts["orders"]["target_score"] = [0.0, 0.0, 3.0, 4.0]
    assert best_target_within(here.state, here.state.units[0], 1.5) == NO_ONE


@pytest.mark.parametrize(
    ("attacks", "tempo"), [(16.0, 1.0), (64.0, 2.0), (4.0, 0.5), (0.0, 0.25), (0.5, 0.25)]
)
def test_tempo_follows_attacks(country: Any, attacks: float, tempo: float) -> None:
    """With an elasticity of one half, four times the usual attacks double the tempo.

    Fewer than one attack count as one.
    """
    here = country(2, values=VALUES)
    here.districts["orders"]["recent_attacks"] = attacks / 2
    assert operational_tempo(here.state) == pytest.approx(tempo)


@pytest.mark.parametrize(
    ("capacity", "enabled", "hours"),
    [(0.0, True, 1.5), (9.9, True, 1.5), (10.0, True, 6.0), (30.0, True, 6.0), (30.0, False, 1.5)],
)
def test_helicopters_carry_units_further(
    country: Any, capacity: float, enabled: bool, hours: float
) -> None:
    """A unit of ten reaches six hours away while its contingent has ten seats left.

    Without seats, and without equipment, it reaches 1.5 hours.
    """
    here = country(values={**VALUES, "equipment.enabled": enabled})
    here.unit(2, 0, 10, kind=FOREIGN)
    here.contingents["airlift_capacity"][2] = capacity
    assert reach_of(here.state, here.state.units[0]) == hours


@pytest.mark.parametrize(
    ("kind", "posted", "officers", "terms", "goes"),
    [
        (SPECIAL, False, 5, ANY_MISSION, True),
        (FOREIGN, True, 5, ANY_MISSION, True),
        (FOREIGN, False, 5, MILITARY_ONLY, True),
        (FOREIGN, False, 5, UNDER_UN, True),
        (FOREIGN, False, 5, TECHNICAL_HELP, False),
        (SOLDIERS, False, 5, ANY_MISSION, True),
        (SOLDIERS, True, 5, ANY_MISSION, False),
        (STATION, False, 5, ANY_MISSION, False),
        (SPECIAL, False, 0, ANY_MISSION, False),
    ],
)
def test_which_units_can_be_sent(
    country: Any, kind: int, posted: bool, officers: int, terms: int, goes: bool
) -> None:
    """Mobile units can be sent, garrisons of bases included.

    Stations, soldiers who hold a district, technical help and empty units cannot.
    """
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
        (False, 1.0, [0.0, 1.0, 1.5], (2, 0.999), 2),  # just within reach
        (True, 1.0, [0.0, 1.0, 1.0], (2, 0.0), 0),
        (True, 0.0, [0.0, 1.0, 1.0], (2, 0.0), 1),
        (False, 1.0, [0.0, 9.0, 9.0], (2, 0.0), 0),
        (False, 0.0, [0.0, 9.0, 9.0], (2, 0.0), NO_ONE),
        (False, 0.0, [0.0, 9.0, 1.0], (0, 0.0), 2),
    ],
)
def test_where_a_unit_operates(
    country: Any,
    posted: bool,
    at_home: float,
    hours: list[float],
    drawn: tuple[int, float],
    place: int,
) -> None:
    """A garrison operates around its base if that has a score; others go to the target they draw.

    A unit whose target is out of reach takes the best target within reach, or none.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.unit(2, 0, 5, kind=FOREIGN)
    here.units["posted"][0] = posted
    here.districts["orders"]["target_score"] = [at_home, 3.0, 2.0]
    here.hours[0] = hours
    assert operation_district(here.state, here.state.units[0], np.array([1, 2, 0]), *drawn) == place


def test_airlift_capacity_limits_who_flies(country: Any) -> None:
    """Of six units of ten with 25 seats, two fly to a target three hours away."""
    here = forces(country, FOREIGN, 2)
    here.districts["orders"]["target_score"] = [0.0, 0.0, 1.0]
    here.districts["orders"]["recent_attacks"] = 1e6
    here.hours[0] = [0.0, 1.0, 3.0]
    here.contingents["airlift_capacity"][2] = 25.0
    orders(here, TODAY)
    sent = [uniform(TODAY, SENT_OUT, 5000 + row) < 0.9 for row in range(6)]
    fly = [row for row in range(6) if sent[row]][:2]
    assert np.flatnonzero(here.units["task"][:6] == OPERATING).tolist() == fly
    assert here.units["operated_in"][fly].tolist() == [2, 2]
    assert here.contingents["airlift_capacity"][2] == 5.0


def test_targets_within_reach_use_no_airlift_capacity(country: Any) -> None:
    """Units that drive to a target within reach use no airlift capacity."""
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
    """Return six units in district 0, near the targets 1 and 2, at the usual tempo."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    for _ in range(6):
        here.unit(contingent, 0, 10, kind=kind)
    here.districts["orders"]["target_score"] = [0.0, 2.0, 1.0]
    here.districts["orders"]["recent_attacks"][0] = 16.0
    return here.begin()


@pytest.mark.parametrize(
    ("kind", "contingent", "share"),
    [(SPECIAL, 0, 0.4), (SOLDIERS, 1, 0.4), (FOREIGN, 2, 0.7), (STATION, 0, 0.0)],
)
def test_mobile_units_are_sent_out(country: Any, kind: int, contingent: int, share: float) -> None:
    """A unit is sent if its random number is below its probability, to the target it draws.

    Stations stay.
    """
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


def test_orders_start_from_quarters(country: Any) -> None:
    """Each morning starts from quarters: yesterday's district, task and night share are reset."""
    here = forces(country, STATION)
    here.units["district"][:6] = 2
    here.units["task"][:6] = OPERATING
    here.units["night_share"][:6] = 0.05
    orders(here, TODAY)
    for name, value in (("district", 0), ("task", AT_HOME), ("night_share", 1.0)):
        assert here.units[name][:6].tolist() == [value] * 6


def test_all_units_are_sent_when_attacks_are_many(country: Any) -> None:
    """If attacks raise the probability of being sent above one, every mobile unit is sent."""
    here = forces(country, SPECIAL)
    here.districts["orders"]["recent_attacks"] = 1e6
    orders(here, run_randomness(10, 0, 0, 1))
    assert (here.units["task"][:6] == OPERATING).all()


def test_units_far_from_the_target_take_another(country: Any) -> None:
    """A unit whose target is out of reach takes the best target within reach, or stays.

    An empty unit stays.
    """
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
    # No target in the capital, and none in reach.
    here.districts["orders"]["target_score"] = [0.0, 0.0, 1.0]
    orders(here, TODAY)
    assert here.units["task"][:6].tolist() == [AT_HOME] * 6
