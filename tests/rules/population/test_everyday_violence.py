"""Everyday violence: who dies in disputes and robberies, and what police prevent."""

from typing import Any

import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.districts.casualties import (
    BY_INDIVIDUAL,
    CIVILIAN,
    killed_counted,
    update_recent_killings,
)
from teritwa.rules.districts.injuries import count_injured
from teritwa.rules.population.everyday_violence import (
    QUARREL_KILLS,
    deaths_in_disputes,
    kill_in_disputes,
)
from teritwa.rules.schedule import night

VALUES = {
    "everyday_violence.rate": 10.0,
    "everyday_violence.prevented_share": 0.6,
    "presence.police_coverage_constant": 6.0,
}


def expected(here: Any, place: int) -> float:
    """Return the deaths expected in a district in a day."""
    return float(deaths_in_disputes(here.state, here.state.districts[place]))


@pytest.mark.parametrize(
    ("day", "night", "prevented"), [(0, 0, 0.0), (6, 6, 0.4), (6, 0, 0.2), (0, 6, 0.2)]
)
def test_police_prevent_a_part(country: Any, day: float, night: float, prevented: float) -> None:
    """10 a year per 100,000 are 0.1 a year of 1,000 people.

    6 officers on duty cover two thirds, and prevent 0.6 of that share, half by day and half by
    night.
    """
    here = country(values=VALUES).begin()
    presence = here.districts["presence"]
    presence["officers_day"], presence["officers_night"] = day, night
    assert expected(here, 0) == pytest.approx(0.1 / 365.0 * (1.0 - prevented))


def test_police_who_hold_a_place_do_not_end_it(country: Any) -> None:
    """However many officers are there, 0.4 of the killings remain."""
    here = country(values=VALUES).begin()
    here.districts["presence"]["officers_day"] = here.districts["presence"]["officers_night"] = 1e6
    assert expected(here, 0) == pytest.approx(0.4 * 0.1 / 365.0)


def test_killings_are_by_people_and_not_by_districts(country: Any) -> None:
    """Two halves of a district expect what it does as a whole, and two copies twice as much."""
    one, two = country(1, [], values=VALUES).begin(), country(values=VALUES).begin()
    two.districts["people"]["residents"] = 500
    assert expected(two, 0) + expected(two, 1) == pytest.approx(expected(one, 0))
    two.districts["people"]["residents"] = 1000
    assert expected(two, 0) + expected(two, 1) == pytest.approx(2.0 * expected(one, 0))


def test_the_dead_are_residents_killed_by_individuals(country: Any) -> None:
    """The dead leave the residents; they displace nobody, and are not counted."""
    here = country(values=VALUES)
    here.districts["people"]["residents"] = 20_000_000
    here.begin()
    today = run_randomness(3, 0, 0, 1)
    kill_in_disputes(here.state, today)
    rate = 2000.0 / 365.0
    dead = [poisson(rate, uniform(today, QUARREL_KILLS, place)) for place in (1000, 1001)]
    assert here.districts["people"]["residents"].tolist() == [20_000_000 - one for one in dead]
    assert here.killed[BY_INDIVIDUAL, CIVILIAN] == here.killed.sum() == sum(dead) > 0
    counts = here.districts["counts"]
    assert counts["civilians_killed"].sum() == counts["bystanders_killed"].sum() == 0
    count_injured(here.state, today)
    update_recent_killings(here.state)
    assert here.injured.sum() == here.governance["recent_killings"][0] == 0
    tables = [here.killed[None], here.killed_under_gangs[None]]
    assert killed_counted.measure(here.districts, *tables, 0.8).sum() == 0.0
    assert here.finding() == "balanced"


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_dies_in_disputes(country: Any, enabled: bool) -> None:
    """Of 40 million people some die in a night; switched off, nobody does."""
    here = country(values={**VALUES, "everyday_violence.enabled": enabled})
    here.districts["people"]["residents"] = 20_000_000
    here.begin()
    night(here.state, run_randomness(3, 0, 0, 1))
    assert (here.killed[BY_INDIVIDUAL].sum() > 0) == enabled
