"""Gang rivalry: who is hostile to whom, how many die in contacts, and what the truce stops."""

from typing import Any

import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.districts.casualties import BY_GANG, CIVILIAN, FIGHTER
from teritwa.rules.districts.presence import update_gang_presence
from teritwa.rules.gangs.gang_rivalry import (
    RIVALS_KILL,
    count_contacts,
    deaths_per_contact,
    fight_rivals,
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


@pytest.mark.parametrize(
    ("gang", "other", "alliances", "facing"),
    [
        (0, 0, (0, 0), (0, 0)),
        (0, 1, (0, 0), (5, 5)),
        (0, 1, (1, 1), (0, 0)),
        (0, 1, (1, 2), (5, 5)),
        (0, 1, (1, 0), (5, 5)),
    ],
)
def test_crews_without_a_common_alliance_are_hostile(
    country: Any, gang: int, other: int, alliances: tuple[int, int], facing: tuple[int, int]
) -> None:
    """Crews of one gang or of one alliance are not hostile; all others with fighters are."""
    here = country()
    here.gangs["alliance"][:2] = alliances
    here.crew(gang, 0, 5)
    here.crew(other, 1, 7)
    here.begin()
    assert count_contacts(here.state) == sum(facing)
    assert tuple(here.crews["facing_rivals"][:2].tolist()) == facing


def test_equal_rivals_both_have_an_enemy(country: Any) -> None:
    """Two gangs of equal size in one district, and nobody else, face each other alike."""
    here = country(1, [])
    here.crew(0, 0, 50)
    here.crew(1, 0, 50)
    here.begin()
    assert count_contacts(here.state) == 100.0
    assert here.crews["facing_rivals"][:2].tolist() == [50.0, 50.0]


def test_enemies_are_here_or_next_door_by_land(country: Any) -> None:
    """All hostile crews here (30 and 5) and next door by land (20) count.

    Crews across the sea or farther away do not, and neither do those of an ally (gang 2).
    """
    here = country(5, [(0, 1), (0, 2), (1, 3)])
    here.gangs["alliance"] = [1, 2, 1]
    here.links["sea"][here.links["target"] == 2] = True
    row = here.crew(0, 0, 1000)
    for gang, place, fighters in ((1, 0, 30), (1, 1, 20), (1, 2, 50), (1, 3, 60), (2, 1, 70)):
        here.crew(gang, place, fighters)
    here.begin()
    count_contacts(here.state)
    assert here.crews["facing_rivals"][row] == 50.0


def test_gangs_without_alliance_are_hostile_to_all_but_themselves(country: Any) -> None:
    """Of 30 fighters near, 8 are of the gang itself next door: 22 are enemies."""
    here = country(2)
    row = here.crew(0, 0, 1000)
    here.crew(0, 1, 8)
    here.crew(1, 1, 12)
    here.crew(2, 0, 10)
    here.begin()
    count_contacts(here.state)
    assert here.crews["facing_rivals"][row] == 22.0


def test_deaths_of_a_day(country: Any) -> None:
    """Both crews have 40 fighters in contact, as on day 0: each expects half of 8 deaths a day."""
    here = two_camps(country)
    here.gangs["coalition"], here.coalition["active"] = True, False
    today = run_randomness(2, 0, 0, 9)
    expected = [poisson(4.0, uniform(today, RIVALS_KILL, identity)) for identity in (4000, 4001)]
    fight_rivals(here.state, today)
    assert here.crews["facing_rivals"][:2].tolist() == [40.0, 40.0]
    assert here.killed.sum() == here.killed[BY_GANG].sum() == sum(expected)
    assert here.crews["fighters"][:2].sum() + here.killed[BY_GANG, FIGHTER] == 140
    assert here.districts["people"]["residents"].sum() + here.killed[BY_GANG, CIVILIAN] == 2000
    assert here.daily["rivalry_bystanders"][0] == here.killed[BY_GANG, CIVILIAN]
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("fighters", "deaths"), [((40, 100), 8.0), ((20, 100), 4.0), ((80, 100), 16.0), ((1, 0), 0.0)]
)
def test_deaths_follow_contacts(country: Any, fighters: tuple[int, int], deaths: float) -> None:
    """Half or twice the contacts of day 0 bring half or twice the deaths; one crew alone none."""
    here = two_camps(country)
    here.crews["fighters"][:2] = fighters
    update_gang_presence(here.state)
    assert deaths_per_contact(here.state) * count_contacts(here.state) == pytest.approx(deaths)


def test_enemies_who_meet_later_fight_as_if_all_had_met(country: Any) -> None:
    """Without contacts on day 0 the deaths are shared out over all 140 fighters of that day."""
    here = country(2, [], values=VALUES)
    here.crew(0, 0, 40)
    here.crew(1, 1, 100)
    here.begin()
    assert here.counters["contacts_on_day_0"][0] == count_contacts(here.state) == 0.0
    assert deaths_per_contact(here.state) == pytest.approx(8.0 / 140.0)


def test_two_far_apart_copies_expect_twice_the_deaths(country: Any) -> None:
    """Two copies without a way between them have twice the contacts of one, and twice the deaths.

    The rate of a world twice as large is twice as high. Without its copy a world keeps its own.
    """
    one = two_camps(country)
    two = country(4, [(0, 1), (2, 3)], values={**VALUES, "gang_rivalry.rate": 16.0})
    for first in (0, 2):
        two.crew(0, first, 40)
        two.crew(1, first + 1, 100)
    two.begin()
    single = deaths_per_contact(one.state) * count_contacts(one.state)
    assert deaths_per_contact(two.state) * count_contacts(two.state) == pytest.approx(2.0 * single)
    two.crews["fighters"][2:4] = 0
    update_gang_presence(two.state)
    assert deaths_per_contact(two.state) * count_contacts(two.state) == pytest.approx(single)


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
    update_gang_presence(here.state)
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
    for name in ("attack", "kidnapping", "self_defence", "everyday_violence"):
        here.parameters[name]["enabled"] = False
    for day in range(20):
        night(here.state, run_randomness(2, 0, 0, day))
    assert (here.killed.sum() > 0) == enabled
