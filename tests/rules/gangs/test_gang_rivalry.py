"""Gang rivalry: who is hostile to whom, how deaths are distributed, and what the truce stops."""

from typing import Any

import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.districts.casualties import BY_GANG, CIVILIAN, FIGHTER
from teritwa.rules.gangs.gang_rivalry import (
    RIVALS_KILL,
    fight_rivals,
    hostile_fighters,
    rivals_near,
)
from teritwa.rules.schedule import night

VALUES = {
    "gang_rivalry.rate": 8.0,
    "gang_rivalry.truce_effect": 0.75,
    "gang_rivalry.bystander_share": 0.25,
}


def two_camps(country: Any) -> Any:
    """Return 40 fighters of gang 0 next door to 100 of gang 1."""
    here = country(2, values=VALUES)
    here.crew(0, 0, 40)
    here.crew(1, 1, 100)
    return here.begin()


def rivals(here: Any, row: int) -> int:
    """Return the number of rivals that a crew faces."""
    state, alliance = here.state, int(here.gangs["alliance"][here.crews["gang"][row]])
    return rivals_near(state.crews[row], alliance, state.districts, state.links)


@pytest.mark.parametrize(
    ("gang", "other", "alliances", "answer"),
    [(0, 0, (0, 0), 0), (0, 1, (0, 0), 7), (0, 1, (1, 1), 0), (0, 1, (1, 2), 7), (0, 1, (1, 0), 7)],
)
def test_crews_without_a_common_alliance_are_hostile(
    country: Any, gang: int, other: int, alliances: tuple[int, int], answer: int
) -> None:
    """Crews of one gang or of one alliance are not hostile, all others with fighters are."""
    here = country()
    here.gangs["alliance"][:2] = alliances
    here.crew(gang, 0, 5)
    here.crew(other, 1, 7)
    here.begin()
    assert hostile_fighters(here.state.districts[1], gang, alliances[0]) == answer
    here.crews["fighters"][1] = 0
    here.begin()
    assert hostile_fighters(here.state.districts[1], gang, alliances[0]) == 0


def test_the_coalition_does_not_change_hostility(country: Any) -> None:
    """The truce lowers the rate of killings, but not who is hostile to whom."""
    here = two_camps(country)
    here.gangs["coalition"], here.coalition["active"] = True, True
    assert rivals(here, 0) == 100


def test_rivals_are_here_or_next_door_by_land(country: Any) -> None:
    """The strongest hostile crews here (30) and next door by land (20) count.

    Crews across the sea or farther away do not.
    """
    here = country(5, [(0, 1), (0, 2), (1, 3)])
    row = here.crew(0, 0, 10)
    for place, fighters in ((0, 30), (1, 20), (2, 50), (3, 60)):
        here.crew(1, place, fighters)
    here.links["sea"][here.links["target"] == 2] = True
    here.begin()
    assert rivals(here, row) == 50


def test_deaths_of_a_day(country: Any) -> None:
    """Both crews face 40 rivals, so that each expects half of 8 deaths a day."""
    here = two_camps(country)
    today = run_randomness(2, 0, 0, 9)
    expected = [poisson(4.0, uniform(today, RIVALS_KILL, identity)) for identity in (4000, 4001)]
    fight_rivals(here.state, today)
    assert here.crews["facing_rivals"][:2].tolist() == [40.0, 40.0]
    assert here.killed.sum() == here.killed[BY_GANG].sum() == sum(expected)
    assert here.crews["fighters"][:2].sum() + here.killed[BY_GANG, FIGHTER] == 140
    assert here.districts["people"]["residents"].sum() + here.killed[BY_GANG, CIVILIAN] == 2000
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("coalition", "rate"), [(False, 8.0), (True, 2.0)])
def test_the_truce_stops_its_share(country: Any, coalition: bool, rate: float) -> None:
    """Over 200 days 8 persons a day are killed, or 2 under a truce effect of 0.75.

    A quarter of them are civilians, within 4.65 standard errors.
    """
    here = two_camps(country)
    here.coalition["active"] = coalition
    for day in range(200):
        here.crews["fighters"][:2], here.districts["people"]["residents"] = [40, 100], 1000
        fight_rivals(here.state, run_randomness(2, 0, 0, day))
    dead = here.killed.sum()
    assert abs(dead - 200 * rate) < 4.65 * (200 * rate) ** 0.5
    assert abs(here.killed[BY_GANG, CIVILIAN] - dead / 4) < 4.65 * (dead * 0.25 * 0.75) ** 0.5


def test_hidden_crews_face_no_rivals(country: Any) -> None:
    """A crew in hiding faces no rivals, and its rival has nobody to fight."""
    here = two_camps(country)
    here.crews["fighters"][0] = 0
    here.crews["hiding"][0] = 40
    here.crews["facing_rivals"][:2] = 40.0
    here.begin()
    for day in range(20):
        fight_rivals(here.state, run_randomness(2, 0, 0, day))
    assert here.crews["facing_rivals"][:2].tolist() == [0.0, 0.0]
    assert here.killed.sum() == 0


def test_without_rivals_nobody_is_killed(country: Any) -> None:
    """A single gang kills nobody, and no gangs kill nobody."""
    for crews in (0, 1):
        here = country(values=VALUES)
        for _ in range(crews):
            here.crew(0, 0, 500)
        here.begin()
        for day in range(50):
            fight_rivals(here.state, run_randomness(2, 0, 0, day))
        assert here.killed.sum() == 0


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_no_rivals_are_killed(country: Any, enabled: bool) -> None:
    """Over 20 nights at 8 deaths a night rivals die; switched off, nobody does."""
    here = two_camps(country)
    here.parameters["gang_rivalry"]["enabled"] = enabled
    for name in ("attack", "kidnapping", "self_defence"):
        here.parameters[name]["enabled"] = False
    for day in range(20):
        night(here.state, run_randomness(2, 0, 0, day))
    assert (here.killed.sum() > 0) == enabled
