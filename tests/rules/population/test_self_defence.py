"""Self-defence brigades: how they grow and shrink, and whom they kill."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, stochastic_round, uniform
from teritwa.rules.districts.casualties import BY_BRIGADE, CIVILIAN, FIGHTER
from teritwa.rules.population.self_defence import (
    BRIGADE_FADES,
    BRIGADE_KILLS,
    JOINS_BRIGADE,
    WRONGLY_SUSPECTED,
    kill_suspects,
    self_defence_killings,
    update_brigades,
)
from teritwa.rules.schedule import move_people, night

VALUES = {
    "self_defence.joining_per_killed": 2.5,
    "self_defence.attrition_rate": 0.07,
    "self_defence.lethality": 0.01,
    "self_defence.mistaken_share": 0.25,
    "self_defence.suppression_factor": 10.0,
}
TODAY = run_randomness(8, 0, 0, 6)
NO_ATTRITION = {**VALUES, "self_defence.attrition_rate": 0.0}


def test_brigades_grow_where_gangs_kill_and_the_state_holds(country: Any) -> None:
    """Three killed bring 7 or 8 members under the state, and none under a gang.

    Where nobody was killed nobody joins.
    """
    here = country(3, [(0, 1), (1, 2)], values=NO_ATTRITION)
    here.districts["counts"]["civilians_killed"] = [3, 3, 0]
    here.districts["control"]["holder"][1] = 0
    update_brigades(here.state, TODAY)
    expected = stochastic_round(7.5, uniform(TODAY, JOINS_BRIGADE, 1000))
    assert expected in (7, 8)
    assert here.districts["people"]["brigade"].tolist() == [expected, 0, 0]


def test_brigade_is_part_of_the_residents(country: Any) -> None:
    """A brigade never has more members than there are residents."""
    here = country(1, [], values=NO_ATTRITION)
    here.districts["counts"]["civilians_killed"] = 100
    here.districts["people"]["residents"] = 20
    here.districts["people"]["brigade"] = 15
    update_brigades(here.state, TODAY)
    assert here.districts["people"]["brigade"][0] == 20


@pytest.mark.parametrize(("holder", "speed"), [(-1, 1.0), (0, 10.0)])
def test_brigades_shrink(country: Any, holder: int, speed: float) -> None:
    """At 0.07 a week 1 - exp(-0.01) of the members leave a day, ten times that under a gang."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["brigade"] = 10_000
    here.districts["people"]["residents"] = 50_000
    here.districts["control"]["holder"] = holder
    update_brigades(here.state, TODAY)
    gone = stochastic_round(
        speed * (1 - math.exp(-0.01)) * 10_000, uniform(TODAY, BRIGADE_FADES, 1000)
    )
    assert gone == pytest.approx(speed * 99.5, abs=1)
    assert here.districts["people"]["brigade"][0] == 10_000 - gone


def brigade(country: Any, members: int, fighters: int, threat: float = 0.5) -> Any:
    """Return a district with a brigade next to one with a crew."""
    here = country(2, values=VALUES)
    here.crew(0, 1, fighters)
    here.begin()
    here.districts["people"]["brigade"][0] = members
    here.districts["control"]["neighbour_gang_influence"][0] = threat
    return here


def test_brigade_kills_by_members_and_threat(country: Any) -> None:
    """600 members at an influence of 0.5 next door kill 0.01 * 600 * 0.5 = 3 a day on average.

    Some of the dead are civilians suspected wrongly.
    """
    here = brigade(country, 600, 1000)
    dead = poisson(3.0, uniform(TODAY, BRIGADE_KILLS, 1000))
    mistaken = sum(uniform(TODAY, WRONGLY_SUSPECTED, 1000, item) < 0.25 for item in range(dead))
    self_defence_killings(here.state, TODAY)
    assert here.killed[BY_BRIGADE].tolist() == [mistaken, dead - mistaken, 0]
    assert here.killed.sum() == dead
    assert here.crews["fighters"][0] == 1000 - dead + mistaken
    assert here.finding() == "balanced"


def test_killings_keep_their_mean(country: Any) -> None:
    """Over 300 days 900 persons are killed, a quarter wrongly, within 4.65 standard errors."""
    here = brigade(country, 600, 10_000)
    for day in range(300):
        here.districts["people"]["residents"], here.districts["people"]["brigade"][0] = 1000, 600
        self_defence_killings(here.state, run_randomness(8, 0, 0, day))
    dead = here.killed.sum()
    assert abs(dead - 900) < 4.65 * 30
    assert abs(here.killed[BY_BRIGADE, CIVILIAN] - dead / 4) < 4.65 * (dead * 0.1875) ** 0.5
    assert here.killed[BY_BRIGADE, FIGHTER] == 10_000 - here.crews["fighters"][0]


def test_brigades_suspect_all_crews_here_and_next_door(country: Any) -> None:
    """Crews of 30, 20 and 10 here and next door lose their parts of the dead.

    A crew two districts away loses nobody. Parts are exact to a whole person, and on average.
    """
    lost = np.zeros(4)
    for step in range(120):
        here = country(3, [(0, 1), (1, 2)], values=VALUES)
        for gang, place, fighters in ((0, 0, 30), (1, 0, 20), (0, 1, 10), (1, 2, 60)):
            here.crew(gang, place, fighters)
        here.begin()
        kill_suspects(here.state, 0, 7, (step + 0.5) / 120)
        found = np.array([30, 20, 10, 60]) - here.crews["fighters"][:4]
        assert found.sum() == here.killed[BY_BRIGADE, FIGHTER] == 7
        assert np.all(np.abs(found - [3.5, 7 / 3, 7 / 6, 0.0]) < 1.0)
        lost += found
    assert lost / 120 == pytest.approx([3.5, 7 / 3, 7 / 6, 0.0])
    kill_suspects(here.state, 0, 1000, 0.5)
    assert here.crews["fighters"][:4].tolist() == [0, 0, 0, 60]
    kill_suspects(here.state, 0, 1000, 0.5)
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("members", "fighters", "threat"), [(0, 100, 0.5), (600, 0, 0.5), (600, 100, 0.0)]
)
def test_no_killings_without_members_gangs_or_threat(
    country: Any, members: int, fighters: int, threat: float
) -> None:
    """A brigade kills only if it has members, a crew is near and gangs have influence next door."""
    here = brigade(country, members, fighters, threat)
    for day in range(50):
        self_defence_killings(here.state, run_randomness(8, 0, 0, day))
    assert here.killed.sum() == 0


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_brigades_neither_kill_nor_change(country: Any, enabled: bool) -> None:
    """A brigade kills at night and changes as the day ends; switched off, it does neither."""
    here = brigade(country, 600, 10_000)
    here.parameters["self_defence"]["enabled"] = enabled
    for name in ("attack", "kidnapping", "displacement"):
        here.parameters[name]["enabled"] = False
    for day in range(20):
        night(here.state, run_randomness(8, 0, 0, day))
        here.districts["counts"]["civilians_killed"][0] = 1
        move_people(here.state, run_randomness(8, 0, 0, day))
    assert (here.killed.sum() > 0) == (here.districts["people"]["brigade"][0] != 600) == enabled
