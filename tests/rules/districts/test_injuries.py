"""Injuries: people are injured beside the dead, by kind of event."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.districts.casualties import (
    BY_ARMY,
    BY_BRIGADE,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    CIVILIAN,
    COUNTRY,
    FIGHTER,
    OFFICER,
)
from teritwa.rules.districts.injuries import INJURED, count_injured

TODAY = run_randomness(1, 0, 0, 5)
VALUES = {
    "injuries.per_killed_attack": 0.5,
    "injuries.per_killed_rivalry": 0.75,
    "injuries.per_killed_operation": 0.25,
    "injuries.per_killed_brigade": 0.1,
}


@pytest.mark.parametrize(
    ("perpetrator", "victim", "mean"),
    [
        (BY_GANG, CIVILIAN, 0.5 * 8 + 0.75 * 4),
        (BY_GANG, FIGHTER, 0.75 * 12),
        (BY_GANG, OFFICER, 0.5 * 12),
        (BY_POLICE, FIGHTER, 0.25 * 12),
        (BY_MISSION, CIVILIAN, 0.25 * 12),
        (BY_ARMY, FIGHTER, 0.25 * 12),
        (BY_BRIGADE, FIGHTER, 0.1 * 12),
    ],
)
def test_injured_follow_the_dead(country: Any, perpetrator: int, victim: int, mean: float) -> None:
    """Twelve dead bring a Poisson number of injured, by the kind of event they died in.

    Four of twelve civilians killed by gangs died in fights between gangs; fighters killed by gangs
    died in such fights, officers in attacks.
    """
    here = country(values=VALUES)
    here.killed[perpetrator, victim] = 12
    here.daily["rivalry_bystanders"] = 4
    count_injured(here.state, TODAY)
    number = uniform(TODAY, INJURED, COUNTRY, 3 * perpetrator + victim)
    assert here.injured[perpetrator, victim] == poisson(mean, number)
    assert np.all(here.injured[here.killed == 0] == 0)


def test_nobody_is_injured_beside_the_executed(country: Any) -> None:
    """Nine of twelve civilians killed by gangs were executed, so that the mean is 0.5 * 3.

    Other victims have their own mean.
    """
    here = country(values=VALUES)
    here.killed[BY_GANG, CIVILIAN], here.killed[BY_GANG, FIGHTER] = 12, 12
    here.daily["executed"] = 9
    count_injured(here.state, TODAY)
    assert here.injured[BY_GANG, CIVILIAN] == poisson(1.5, uniform(TODAY, INJURED, COUNTRY, 0))
    assert here.injured[BY_GANG, FIGHTER] == poisson(9.0, uniform(TODAY, INJURED, COUNTRY, 1))


def test_a_mood_moves_all_who_are_injured(country: Any) -> None:
    """At a level of ln 2 twice as many are injured beside each who is killed."""
    here = country(values=VALUES)
    here.moods["injuries"] = np.log(2.0)
    here.killed[BY_POLICE, FIGHTER] = 12
    count_injured(here.state, TODAY)
    number = uniform(TODAY, INJURED, COUNTRY, 3 * BY_POLICE + FIGHTER)
    assert here.injured[BY_POLICE, FIGHTER] == poisson(6.0, number)


def test_injured_keep_their_mean(country: Any) -> None:
    """Over 200 days with four dead of each kind some 3,440 are injured.

    4 * (0.5 + 0.75 + 0.5 + 9 * 0.25 + 3 * 0.1) = 17.2 a day, and none beside the dead of
    individuals; the tolerance is 4.65 standard errors.
    """
    here = country(values=VALUES)
    total = 0
    here.killed[:] = 4
    for day in range(200):
        count_injured(here.state, TODAY._replace(day=day))
        total += here.injured.sum()
    assert abs(total - 3440) < 4.65 * 3440**0.5
