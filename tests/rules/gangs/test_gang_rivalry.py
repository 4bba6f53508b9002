"""War between gangs: who is hostile to whom, how the dead are spread, and what the truce stops."""

from typing import Any

import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.districts.casualties import BY_GANG, CIVILIAN, FIGHTER
from teritwa.rules.gangs.gang_rivalry import RIVALS_KILL, fight_rivals, hostile_fighters, rivals_near
from teritwa.rules.schedule import night

VALUES = {"gang_rivalry.rate": 8.0, "gang_rivalry.truce_effect": 0.75, "gang_rivalry.bystander_share": 0.25}


def two_camps(country: Any, values: dict[str, float] | None = None) -> Any:
    """Return 40 fighters of gang 0 next door to 100 of gang 1."""
    here = country(2, values={**VALUES, **(values or {})})
    here.crew(0, 0, 40)
    here.crew(1, 1, 100)
    return here.begin()


def rivals(here: Any, row: int) -> int:
    """Return the rivals that a crew faces."""
    crew = here.state.crews[row]
    return rivals_near(crew, int(here.gangs["alliance"][crew["gang"]]), here.state.districts, here.state.links)


@pytest.mark.parametrize(
    ("gang", "other", "alliances", "answer"),
    [(0, 0, (0, 0), 0), (0, 1, (0, 0), 7), (0, 1, (1, 1), 0), (0, 1, (1, 2), 7), (0, 1, (1, 0), 7)],
)
def test_hostile_are_strangers(country: Any, gang: int, other: int, alliances: tuple[int, int], answer: int) -> None:
    """Crews of one gang or of one alliance are no rivals; two gangs without any alliance are, where they stand."""
    here = country()
    here.gangs["alliance"][:2] = alliances
    here.crew(gang, 0, 5)
    here.crew(other, 1, 7)
    here.begin()
    assert hostile_fighters(here.state.districts[1], gang, alliances[0]) == answer
    here.crews["fighters"][1] = 0
    here.begin()
    assert hostile_fighters(here.state.districts[1], gang, alliances[0]) == 0


def test_the_coalition_makes_no_friends(country: Any) -> None:
    """The truce lowers the rate of the war; who would fight whom stays as it was."""
    here = two_camps(country)
    here.gangs["coalition"], here.coalition["active"] = True, True
    assert rivals(here, 0) == 100


def test_rivals_stand_here_and_next_door_by_land(country: Any) -> None:
    """The strongest hostile crews here (30) and over land (20) count; over the sea and farther away they do not."""
    here = country(5, [(0, 1), (0, 2), (1, 3)])
    row = here.crew(0, 0, 10)
    for place, fighters in ((0, 30), (1, 20), (2, 50), (3, 60)):
        here.crew(1, place, fighters)
    here.links["sea"][here.links["target"] == 2] = True
    here.begin()
    assert rivals(here, row) == 50


def test_the_dead_of_a_day(country: Any) -> None:
    """Each crew faces 40 rivals, so each has half of 8 deaths a day to expect, looked up by the crew."""
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
    """Over 200 days 8 a day die so, 2 under a truce of 0.75; a quarter of them civilians (4.65 standard errors)."""
    here = two_camps(country)
    here.coalition["active"] = coalition
    for day in range(200):
        here.crews["fighters"][:2], here.districts["people"]["residents"] = [40, 100], 1000
        fight_rivals(here.state, run_randomness(2, 0, 0, day))
    dead = here.killed.sum()
    assert abs(dead - 200 * rate) < 4.65 * (200 * rate) ** 0.5
    assert abs(here.killed[BY_GANG, CIVILIAN] - dead / 4) < 4.65 * (dead * 0.25 * 0.75) ** 0.5


def test_the_hidden_face_no_rivals(country: Any) -> None:
    """A crew that hides, as it did not yesterday, neither fights nor counts; the other one has nobody to fight."""
    here = two_camps(country)
    here.crews["fighters"][0], here.crews["hiding"][0], here.crews["facing_rivals"][:2] = 0, 40, 40.0
    here.begin()
    for day in range(20):
        fight_rivals(here.state, run_randomness(2, 0, 0, day))
    assert here.crews["facing_rivals"][:2].tolist() == [0.0, 0.0]
    assert here.killed.sum() == 0


def test_no_rivals_no_war(country: Any) -> None:
    """A gang alone in the country kills nobody so, and neither do no gangs at all."""
    for crews in (0, 1):
        here = country(values=VALUES)
        for _ in range(crews):
            here.crew(0, 0, 500)
        here.begin()
        for day in range(50):
            fight_rivals(here.state, run_randomness(2, 0, 0, day))
        assert here.killed.sum() == 0


@pytest.mark.parametrize("acts", [True, False])
def test_switched_off_there_is_no_war(country: Any, acts: bool) -> None:
    """Over 20 nights with 8 dead a night rivals die; switched off, nobody does."""
    here = two_camps(country)
    here.parameters["gang_rivalry"]["enabled"] = acts
    for name in ("attack", "kidnapping", "brigade"):
        here.parameters[name]["acts"] = False
    for day in range(20):
        night(here.state, run_randomness(2, 0, 0, day))
    assert (here.killed.sum() > 0) == acts
