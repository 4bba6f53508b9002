"""Strikes by armed drones: where they strike, whom they kill, and who is spared."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.districts.casualties import BY_ARMY, BY_MISSION, BY_POLICE, CIVILIAN, FIGHTER
from teritwa.rules.forces.clearing import drive_into_hiding
from teritwa.rules.forces.drone_strikes import (
    DRONES_KILL,
    DRONES_KILL_BYSTANDERS,
    best_drone_target,
    strike_from_air,
)

VALUES = {
    "drones.detection_gain": 0.6,
    "drones.strike_rate": 0.5,
    "drones.bystander_ratio": 0.8,
    "relocation.enabled": False,
    "intelligence.enabled": False,
    "intelligence.visible_share": 0.5,
}
TODAY = run_randomness(9, 0, 0, 1)


def gangs(country: Any, fighters: int = 100) -> Any:
    """Return three districts of the capital; of the two with crews, command most wants the second.

    The first has no crew, and units of all forces, which fly the drones.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.crew(0, 1, fighters)
    here.crew(1, 2, 50)
    for contingent in range(3):
        here.unit(contingent, 0, 100)
    here.begin()
    here.districts["orders"]["target_score"] = [9.0, 2.0, 1.0]
    return here


@pytest.mark.parametrize(
    ("scores", "metropolitan", "number"),
    [
        ([9.0, 2.0, 1.0], [True, True, True], 1),
        ([9.0, 2.0, 3.0], [True, True, True], 2),
        ([9.0, 2.0, 1.0], [True, False, True], 2),
        ([9.0, 0.0, 0.0], [True, True, True], NO_ONE),
        ([9.0, 2.0, 1.0], [False, False, False], NO_ONE),
    ],
)
def test_where_drones_strike(
    country: Any, scores: list[float], metropolitan: list[bool], number: int
) -> None:
    """Drones strike the most wanted district of the capital that has gangs, if there is one."""
    here = gangs(country)
    here.districts["orders"]["target_score"] = scores
    here.districts["place"]["metropolitan"] = metropolitan
    assert best_drone_target(here.state, TODAY) == number


def test_of_districts_with_one_score_a_random_one_is_struck(country: Any) -> None:
    """Over 400 days drones strike each of two districts that command wants alike half of the time.

    With their rows exchanged they strike the same places.
    """
    struck = []
    for identities in ([1000, 1001, 1002], [1000, 1002, 1001]):
        here = gangs(country)
        here.districts["orders"]["target_score"] = [9.0, 2.0, 2.0]
        here.districts["identity"] = identities
        days = [best_drone_target(here.state, run_randomness(9, 0, 0, day)) for day in range(400)]
        struck.append([identities[number] for number in days])
    assert struck[0] == struck[1]
    assert abs(struck[0].count(1001) - 200) < 4.65 * 10


def test_strikes_fall_on_crews_in_proportion(country: Any) -> None:
    """Three crews of 20 fighters in one district lose a third of the dead each.

    Over 300 days with 2 killed a day on average, within 4.65 standard errors.
    """
    lost = np.zeros(3)
    for day in range(300):
        here = country(2, values=VALUES)
        for gang in range(3):
            here.crew(gang, 1, 20)
        here.contingents["armed_drones"][0] = 8
        here.unit(0, 0, 100)
        here.begin()
        here.districts["orders"]["target_score"] = [0.0, 1.0]
        strike_from_air(here.state, run_randomness(9, 0, 0, day))
        lost += 20 - here.crews["fighters"][:3]
    assert np.all(np.abs(lost - 200) < 4.65 * 200**0.5)


@pytest.mark.parametrize(("fighters", "number"), [(1, 1), (0, 2)])
def test_one_fighter_is_enough_to_be_struck(country: Any, fighters: int, number: int) -> None:
    """The second district comes first with one fighter left, and not with none."""
    here = gangs(country)
    here.crews["fighters"][0] = fighters
    assert best_drone_target(here.state, TODAY) == number


@pytest.mark.parametrize(
    ("force", "by"), [(POLICE, BY_POLICE), (ARMY, BY_ARMY), (MISSION, BY_MISSION)]
)
def test_strikes_kill_by_their_rates(country: Any, force: int, by: int) -> None:
    """Four drones kill 1 fighter and 0.4 bystanders a day on average where half is known.

    The rates are 0.5 * 4 * 0.5 and 0.8 * 0.5 * 1; sums over 300 days lie within 4.65 standard
    errors.
    """
    fighters, bystanders = 0, 0
    for day in range(300):
        here, today = gangs(country), run_randomness(9, 0, 0, day)
        here.contingents["armed_drones"][force] = 4
        strike_from_air(here.state, today)
        dead = poisson(1.0, uniform(today, DRONES_KILL, 1001, force))
        beside = poisson(0.4, uniform(today, DRONES_KILL_BYSTANDERS, 1001, force))
        assert here.killed[by].tolist() == [beside, dead, 0]
        assert here.killed.sum() == beside + dead
        assert here.crews["fighters"][0] == 100 - dead
        assert here.districts["people"]["residents"][1] == 1000 - beside
        assert here.finding() == "balanced"
        fighters, bystanders = fighters + dead, bystanders + beside
    assert abs(fighters - 300) < 4.65 * 300**0.5
    assert abs(bystanders - 120) < 4.65 * 120**0.5


def test_surveillance_makes_strikes_deadlier_and_spares_bystanders(country: Any) -> None:
    """Under full coverage 0.8 is known: 1.6 fighters and 0.256 bystanders a day on average.

    The rates are 0.5 * 4 * 0.8 and 0.8 * 0.2 * 1.6.
    """
    for day in range(50):
        here, today = gangs(country), run_randomness(9, 0, 0, day)
        here.contingents["armed_drones"][0] = 4
        here.districts["presence"]["drone_coverage"][1] = 1.0
        strike_from_air(here.state, today)
        dead = poisson(1.6, uniform(today, DRONES_KILL, 1001, POLICE))
        beside = poisson(0.256, uniform(today, DRONES_KILL_BYSTANDERS, 1001, POLICE))
        assert here.killed[BY_POLICE, FIGHTER] == dead
        assert here.killed[BY_POLICE, CIVILIAN] == beside


def test_no_more_die_than_there_are(country: Any) -> None:
    """A thousand drones of each force kill everyone in a district and no more.

    The police kill all 3 fighters and both residents of the most wanted district, the army all 50
    fighters and the only resident of the next, and the mission finds nobody.
    """
    here = gangs(country, 3)
    here.contingents["armed_drones"], here.districts["people"]["residents"][1:] = 1000, [2, 1]
    here.begin()
    here.districts["orders"]["target_score"] = [9.0, 2.0, 1.0]
    strike_from_air(here.state, TODAY)
    dead = here.killed[[BY_POLICE, BY_ARMY, BY_MISSION]]
    assert dead.tolist() == [[2, 3, 0], [1, 50, 0], [0, 0, 0]]
    assert here.killed.sum() == 56
    assert here.finding() == "balanced"


def test_crews_driven_out_by_day_are_not_struck(country: Any) -> None:
    """After a crew goes into hiding, drones strike the next district and not the one it left."""
    here = gangs(country)
    drive_into_hiding(here.state, TODAY, 1, 0.0)
    assert best_drone_target(here.state, TODAY) == 2
    drive_into_hiding(here.state, TODAY, 2, 0.0)
    assert best_drone_target(here.state, TODAY) == NO_ONE


@pytest.mark.parametrize(("armed", "watching", "paid"), [(0, 50, 1.0), (50, 0, 0.0)])
def test_without_armed_drones_that_fly_nobody_is_struck(
    country: Any, armed: int, watching: int, paid: float
) -> None:
    """Surveillance drones kill nobody, and neither do the armed drones of an unpaid mission."""
    here = gangs(country)
    here.contingents["armed_drones"][2] = armed
    here.contingents["surveillance_drones"][2] = watching
    here.contingents["cost_share_paid"][2] = paid
    strike_from_air(here.state, TODAY)
    assert here.killed.sum() == 0
