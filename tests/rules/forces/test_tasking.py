"""Tasking: how headquarters scores districts, and what it believes of them."""

import math
from typing import Any

import pytest

from teritwa.engine.randomness import Randomness, normal, run_randomness, uniform
from teritwa.rules.agents.doctrine import BY_ATTACKS, BY_BORDER, BY_WEAKNESS
from teritwa.rules.forces.tasking import (
    BELIEF_DAYS,
    JUDGES,
    border_weight,
    decay_recent_attacks,
    is_target,
    score_for,
    score_targets,
)

VALUES = {
    "tasking.baseline_attacks": 0.2,
    "tasking.deep_territory_weight": 0.25,
    "tasking.judgement_error": 1.0,
    "tasking.attack_memory": 10.0,
    "intelligence.visible_share": 0.5,
    "intelligence.intimidation_share": 1.0,
    "trust.baseline": 0.4,
    "drones.detection_gain": 0.5,
}
TODAY = run_randomness(10, 0, 0, 34)
PERIOD = Randomness(TODAY.first, TODAY.second, 3)


def test_recent_attacks_decay(country: Any) -> None:
    """With a memory of 10 days, 1/e of the recent attacks remains after 10 days."""
    here = country(2, values=VALUES)
    here.districts["orders"]["recent_attacks"] = [5.0, 0.0]
    for _ in range(10):
        decay_recent_attacks(here.state)
    assert here.districts["orders"]["recent_attacks"].tolist() == pytest.approx([5.0 / math.e, 0.0])


@pytest.mark.parametrize(
    ("capital", "fighters", "claimants", "priority", "target"),
    [
        (True, 1, 0, 1.0, True),
        (True, 0, 0, 1.0, False),
        (False, 5, 0, 1.0, False),
        (False, 5, 5, 1.0, True),
        (False, 0, 0, 10.0, True),
    ],
)
def test_which_districts_are_targets(
    country: Any, capital: bool, fighters: int, claimants: int, priority: float, target: bool
) -> None:
    """Targets have fighters, in the capital or of crews that claim them, or an order."""
    here = country(values=VALUES)
    here.districts["place"]["metropolitan"][0] = capital
    here.districts["presence"]["fighters"][0] = fighters
    here.districts["presence"]["claimant_fighters"][0] = claimants
    here.districts["orders"]["operation_priority"][0] = priority
    assert is_target(here.state.districts[0]) == target


def test_scores_and_beliefs_share_one_error(country: Any) -> None:
    """Score and believed fighters are priority and fighters, times exp(error * unknown * z).

    Under gangs half is unknown, 0.3 under the state; what is no target has neither.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["presence"]["fighters"] = [10, 0, 8]
    here.districts["orders"]["operation_priority"] = [1.0, 1.0, 10.0]
    here.districts["control"]["gang_influence"] = [1.0, 1.0, 0.0]
    here.districts["orders"]["target_score"] = here.districts["orders"]["believed_fighters"] = 99.0
    score_targets(here.state, TODAY)
    first, last = (
        math.exp(unknown * normal(uniform(PERIOD, JUDGES, who)))
        for who, unknown in ((1000, 0.5), (1002, 0.3))
    )
    orders = here.districts["orders"]
    assert orders["target_score"].tolist() == pytest.approx([first, 0.0, 10 * last])
    assert orders["believed_fighters"].tolist() == pytest.approx([10 * first, 0.0, 8 * last])


def test_beliefs_last_ten_days(country: Any) -> None:
    """Headquarters changes its mind on days 0, 10 and 20, and not in between."""
    here = country(values=VALUES)
    here.districts["presence"]["fighters"] = 10
    beliefs = []
    for day in range(3 * BELIEF_DAYS):
        score_targets(here.state, run_randomness(10, 0, 0, day))
        beliefs.append(float(here.districts["orders"]["believed_fighters"][0]))
    assert [beliefs.index(belief) for belief in beliefs] == [10 * (day // 10) for day in range(30)]


def test_drones_reduce_the_error(country: Any) -> None:
    """Under full drone coverage half of the unknown is known, which halves the error."""
    here = country(2, values=VALUES)
    here.districts["presence"]["fighters"] = 1
    here.districts["control"]["gang_influence"] = 1.0
    here.districts["presence"]["drone_coverage"] = [0.0, 1.0]
    score_targets(here.state, TODAY)
    errors = [
        0.5 * normal(uniform(PERIOD, JUDGES, 1000)),
        0.25 * normal(uniform(PERIOD, JUDGES, 1001)),
    ]
    assert here.districts["orders"]["target_score"].tolist() == pytest.approx(
        [math.exp(error) for error in errors]
    )


def test_beliefs_are_right_in_the_middle(country: Any) -> None:
    """Half of the beliefs are too high: over 400 districts' worth of days the error has no bias."""
    here, high = country(2, values=VALUES), 0
    here.districts["presence"]["fighters"] = 100
    for seed in range(200):
        score_targets(here.state, run_randomness(seed, 0, 0, 0))
        high += int((here.districts["orders"]["believed_fighters"] > 100.0).sum())
    assert abs(high - 200) < 4.65 * (400 * 0.25) ** 0.5


@pytest.mark.parametrize(("neighbours", "weight"), [(0.0, 1.0), (0.6, 0.55), (1.0, 0.25)])
def test_deep_territory_weighs_less(country: Any, neighbours: float, weight: float) -> None:
    """A district between gangs has a quarter of the weight of one that the state surrounds."""
    here = country(values=VALUES)
    here.districts["control"]["neighbour_gang_influence"][0] = neighbours
    assert border_weight(here.state, here.state.districts[0]) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("first", "score"),
    [(BY_ATTACKS, 2.0 * 0.55 * 3.2), (BY_BORDER, 2.0 * 0.55), (BY_WEAKNESS, 2.0 / 25.0)],
)
def test_what_a_force_prefers(country: Any, first: int, score: float) -> None:
    """A score of 2 is weighted by the border and by 0.2 + 3 attacks, by the border, or by 1 / 25.

    24 fighters are believed there. What has no score has none for any force.
    """
    here = country(values=VALUES)
    orders = here.districts["orders"]
    orders["target_score"], orders["recent_attacks"] = [2.0, 0.0], 3.0
    orders["believed_fighters"] = 24.0
    here.districts["control"]["neighbour_gang_influence"] = 0.6
    assert score_for(here.state, here.state.districts[0], first) == pytest.approx(score)
    assert score_for(here.state, here.state.districts[1], first) == 0.0
