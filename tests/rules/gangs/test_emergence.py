"""Emergence: where gangs settle again, which ones, with how many members and how soon."""

import math
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.districts.presence import update_gang_presence
from teritwa.rules.gangs.crews import find_crew
from teritwa.rules.gangs.emergence import (
    FOUNDERS,
    chance_to_settle,
    count_founders,
    found_gang,
    gang_to_settle,
    settle_gangs,
)
from teritwa.rules.gangs.extortion import rents
from teritwa.rules.schedule import update_gangs

VALUES = {
    "emergence.rate": 2.0,
    "emergence.halving_rents": 300.0,
    "emergence.guard_effect": 1.0,
    "emergence.founders_per_1000": 10.0,
    "emergence.returning_share": 0.5,
    "extortion.rate_per_person": 0.365,
    "extortion.road_toll": 500.0,
    "extortion.port_toll": 1000.0,
    "presence.on_duty_share": 0.25,
}
TODAY = run_randomness(19, 0, 0, 7)
SURE = {
    "emergence.rate": 1.0e6,
    "emergence.halving_rents": 1.0e-9,
    "presence.on_duty_share": 1.0,
}


def chance(here: Any, place: int = 0) -> float:
    """Return the probability that who tries to settle in a district succeeds."""
    district, family = here.state.districts[place], here.rules("emergence")
    available = rents(district, here.rules("extortion"))
    return float(chance_to_settle(district, family, available, 0.25))


@pytest.mark.parametrize(
    ("people", "roads", "port", "share"),
    [(25_000, 0, False, 0.5), (25_000, 1, False, 800 / 1100), (0, 0, False, 0.0),
     (25_000, 0, True, 1300 / 1600)],
)  # fmt: skip
def test_rents_draw_gangs(country: Any, people: int, roads: int, port: bool, share: float) -> None:
    """25,000 people pay 300 dollars a day: half of those who try succeed; roads add."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"], here.districts["place"]["highways"] = people, roads
    here.districts["place"]["port"] = port
    assert chance(here) == pytest.approx(share)


def test_officers_at_night_keep_gangs_away(country: Any) -> None:
    """12.5 officers on duty, 50 with those off duty, are two per 1,000 people: a factor exp(-2)."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 25_000
    alone = chance(here)
    here.districts["presence"]["officers_night"] = 12.5
    assert chance(here) == pytest.approx(alone * math.exp(-2.0))


def test_gangs_come_back_to_the_strength_of_their_rents(country: Any) -> None:
    """Over 4,000 days two try a year and one succeeds, some 11 in all."""
    here = country(1, [], values={**VALUES, "emergence.founders_per_1000": 0.0})
    here.districts["people"]["residents"] = 25_000
    here.crew(0, 0, 2)
    here.begin()
    here.ledger["fighters_on_day_0"] = 0
    settled = 0
    for day in range(4000):
        here.crews["fighters"][0] = 0
        update_gang_presence(here.state)
        settle_gangs(here.state, run_randomness(19, 0, 0, day))
        settled += int(here.crews["fighters"][0])  # half of the two fighters of day 0 found it
    expected = 4000 * (1.0 - math.exp(-2.0 / 365.0)) / 2
    assert abs(settled - expected) < 4.65 * expected**0.5


@pytest.mark.parametrize(("before", "founders"), [(0, 10.0), (10, 10.0), (100, 50.0)])
def test_founders(country: Any, before: int, founders: float) -> None:
    """Ten of 1,000 people found a gang, or half as many as there were fighters on day 0."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["fighters_on_day_0"] = before
    found = count_founders(here.state.districts[0], here.rules("emergence"))
    assert found == pytest.approx(founders)


def test_founders_leave_the_residents(country: Any) -> None:
    """Where all who try succeed a gang settles at once: its founders were residents."""
    here = country(1, [], values={**VALUES, **SURE, "emergence.founders_per_1000": 2.5}).begin()
    here.districts["people"]["brigade"] = 1000
    settle_gangs(here.state, TODAY)
    founders = stochastic_round(2.5, uniform(TODAY, FOUNDERS, 1000))
    assert here.crews["fighters"].sum() == here.gangs["members"].sum() == founders
    assert here.districts["people"]["residents"][0] == 1000 - founders
    assert here.districts["people"]["brigade"][0] == 1000 - founders
    assert here.ledger["recruited"][0] == here.daily["recruited"][0] == founders
    assert here.finding() == "balanced"


@pytest.mark.parametrize("hidden", [False, True])
def test_where_fighters_are_left_nobody_settles(country: Any, hidden: bool) -> None:
    """One fighter, present or in hiding, is enough."""
    here = country(1, [], values={**VALUES, **SURE})
    here.crew(0, 0, 0 if hidden else 1, hiding=1 if hidden else 0)
    here.begin()
    settle_gangs(here.state, TODAY)
    assert here.ledger["recruited"][0] == 0


def test_the_gang_with_most_members_next_door_settles(country: Any) -> None:
    """Gang 1 has 30 fighters and 20 in hiding next door; others are fewer, or across the sea."""
    here = country(4, [(0, 1), (0, 2), (0, 3)], values=VALUES)
    here.links["sea"][here.links["target"] == 3] = True
    here.crew(0, 1, 40)
    here.crew(1, 1, 20, hiding=20)
    here.crew(1, 2, 10)
    here.crew(2, 3, 500)
    here.begin()
    assert gang_to_settle(here.state, TODAY, 0) == 1


def test_without_a_gang_near_a_new_one_takes_an_empty_row(country: Any) -> None:
    """Gang 1 has no members left; a new gang takes its row, without alliance or coalition.

    The cash and the arms that the former gang left are the new one's.
    """
    here = country(2, [], values=VALUES)
    here.gangs["alliance"], here.gangs["coalition"] = [1, 1, 2], True
    here.gangs["firearms"], here.gangs["treasury"] = [10, 7, 10], 500
    for gang in (0, 2):
        here.crew(gang, 1, 40)
    here.begin()
    found_gang(here.state, TODAY, 0, 12)
    assert here.gangs["members"].tolist() == [40, 12, 40]
    assert here.gangs["alliance"].tolist() == [1, 0, 2]
    assert here.gangs["coalition"].tolist() == [True, False, True]
    assert (here.gangs["firearms"][1], here.gangs["treasury"][1]) == (7, 500)
    assert find_crew(here.state, 1, 0) == 2
    assert here.finding() == "balanced"


def test_without_an_empty_row_the_largest_gang_sends_a_branch(country: Any) -> None:
    """If all gangs have members far away, the one with most settles."""
    here = country(2, [], values=VALUES)
    for gang, fighters in enumerate((40, 50, 30)):
        here.crew(gang, 1, fighters)
    here.begin()
    assert gang_to_settle(here.state, TODAY, 0) == 1


def test_chance_decides_between_equals(country: Any) -> None:
    """Of two gangs with equally many members next door each settles in about half of 400 nights."""
    here = country(2, values=VALUES)
    for gang in (0, 1):
        here.crew(gang, 1, 40)
    here.begin()
    first = [gang_to_settle(here.state, run_randomness(19, 0, 0, day), 0) for day in range(400)]
    assert set(first) == {0, 1}
    assert abs(sum(first) - 200) < 4.65 * 10


@pytest.mark.parametrize(("influence", "claims"), [(0.9, True), (0.1, False)])
@pytest.mark.parametrize("former", [False, True])
def test_founders_claim_only_what_a_gang_still_holds(
    country: Any, influence: float, claims: bool, former: bool
) -> None:
    """Twelve founders claim what the former gang holds in name, and are a local group elsewhere.

    So they are if no officer is there, and also if the gang's former crew claimed the district.
    """
    here = country(1, [], values=VALUES)
    here.set_influence(influence)
    if former:
        here.crew(0, 0, 0)
    here.begin()
    found_gang(here.state, TODAY, 0, 12)
    assert here.crews["fighters"].sum() == 12
    assert here.crews["claims_district"][here.crews["fighters"] == 12].tolist() == [claims]


def test_founders_do_not_turn_a_town_of_the_state(country: Any) -> None:
    """After a night with founders no fighter counts against the state, and the state holds."""
    here = country(1, [], values={**VALUES, **SURE})
    here.set_influence(0.1)
    here.begin()
    settle_gangs(here.state, TODAY)
    update_gang_presence(here.state)
    presence = here.districts["presence"]
    assert (presence["fighters"][0] > 0, presence["claimant_fighters"][0]) == (True, 0)


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_no_gang_settles(country: Any, enabled: bool) -> None:
    """Where all who try succeed a gang settles in a night; switched off, none does."""
    here = country(1, [], values={**VALUES, **SURE, "emergence.enabled": enabled}).begin()
    update_gangs(here.state, TODAY)
    assert (here.daily["gang_members"][0] > 0) == enabled
    assert here.finding() == "balanced"
