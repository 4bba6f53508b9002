"""Police attrition: officers quit at a yearly rate, and cadets join the stations in most need."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, stochastic_round, uniform
from teritwa.rules.agents.police_unit import SPECIAL, STATION
from teritwa.rules.forces.police_attrition import (
    ACADEMY,
    CADETS_JOIN,
    OFFICERS_QUIT,
    lose_officers,
    post_cadets,
    quit_rate,
)
from teritwa.rules.schedule import midnight

VALUES = {"police_attrition.annual_rate": 10.0, "police_attrition.cadets_per_year": 730}
TODAY = run_randomness(7, 0, 0, 2)


def test_officers_quit_by_their_yearly_rate(country: Any) -> None:
    """Of 3,650 officers at 10 % a year one quits a day on average, also among soldiers.

    Officers of the mission never quit.
    """
    here = country(values=VALUES)
    for contingent in range(3):
        here.unit(contingent, 0, 3650)
    here.begin()
    gone = [poisson(1.0, uniform(TODAY, OFFICERS_QUIT, identity)) for identity in (5000, 5001)]
    lose_officers(here.state, TODAY)
    assert here.units["officers"][:3].tolist() == [3650 - gone[0], 3650 - gone[1], 3650]
    assert here.contingents["officers"].tolist() == here.units["officers"][:3].tolist()
    assert here.ledger["officers_left"][0] == sum(gone)
    assert here.finding() == "balanced"


def test_a_tenth_quits_in_a_year(country: Any) -> None:
    """After 365 days 1 - exp(-0.1) of 20,000 officers have left, within 4.65 standard errors."""
    here = country(values=VALUES)
    here.unit(0, 0, 20_000)
    here.begin()
    for day in range(365):
        lose_officers(here.state, run_randomness(7, 0, 0, day))
    assert abs(here.ledger["officers_left"][0] - 1903) < 4.65 * 1903**0.5
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("paid", "times"), [(1.0, 1.0), (0.5, 3.0), (0.4, 3.4), (0.0, 5.0)])
def test_officers_quit_more_often_while_they_are_not_paid(
    country: Any, paid: float, times: float
) -> None:
    """At 10 % a year one of 3,650 officers quits a day; five without pay, three at half of it."""
    here = country(values={**VALUES, "police_attrition.unpaid_quit_factor": 5.0})
    assert quit_rate(10.0, 5.0, paid) * 3650 == pytest.approx(times)
    here.unit(0, 0, 3650)
    here.contingents["cost_share_paid"][0] = paid
    here.begin()
    lose_officers(here.state, TODAY)
    assert here.ledger["officers_left"][0] == poisson(times, uniform(TODAY, OFFICERS_QUIT, 5000))


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_quits_or_joins(country: Any, enabled: bool) -> None:
    """Over ten days some of 20,000 officers quit and cadets join; switched off, neither happens."""
    here = country(values={**VALUES, "police_attrition.enabled": enabled})
    here.unit(0, 0, 20_000)
    here.begin()
    for day in range(10):
        midnight(here.state, run_randomness(7, 0, 0, day))
    assert (here.ledger["officers_left"][0] > 0) == enabled
    assert (here.ledger["officers_joined"][0] > 0) == enabled


def test_an_empty_unit_stays_empty(country: Any) -> None:
    """Nobody quits an empty unit."""
    here = country(values=VALUES)
    here.unit(0, 0, 0)
    lose_officers(here.state, TODAY)
    assert here.units["officers"][0] == 0


def test_cadets_go_where_most_people_share_an_officer(country: Any) -> None:
    """Two cadets a day join the station with most people per officer in a district of the state."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values=VALUES)
    here.districts["place"]["residents_2015"] = [1000, 9000, 90_000, 500]
    here.districts["control"]["holder"][2] = 0
    stations = [here.unit(0, 0, 1), here.unit(0, 1, 19), here.unit(0, 2, 1)]
    others = [here.unit(0, 3, 0, kind=SPECIAL), here.unit(1, 3, 0, kind=STATION)]
    here.begin()
    assert stochastic_round(2.0, uniform(TODAY, CADETS_JOIN, ACADEMY)) == 2
    post_cadets(here.state, TODAY)
    # 1000 / 2 = 500 beats 9000 / 20 = 450; then 1000 / 3 does not
    assert here.units["officers"][stations].tolist() == [2, 20, 1]
    assert here.units["officers"][others].tolist() == [0, 0]
    assert here.contingents["officers"].tolist() == [23, 0, 0]
    assert here.finding() == "balanced"


def test_of_equally_needy_stations_a_random_one_gets_the_cadet(country: Any) -> None:
    """Over 400 days each of two equal stations gets half of the cadets, whatever their rows."""
    found = []
    for identities in ([1, 2], [2, 1]):
        days = []
        for day in range(400):
            here = country(2, values={**VALUES, "police_attrition.cadets_per_year": 365})
            here.unit(0, 0, 9)
            here.unit(0, 1, 9)
            here.units["identity"][:2] = identities
            post_cadets(here.begin().state, run_randomness(2, 0, 0, day))
            days.append(identities[int(np.argmax(here.units["officers"][:2]))])
        found.append(days)
    assert found[0] == found[1]
    assert abs(found[0].count(1) - 200) < 4.65 * 10


def test_without_stations_no_cadets(country: Any) -> None:
    """Without a station in a district of the state, nobody joins."""
    here = country(values=VALUES)
    here.unit(0, 0, 5, kind=SPECIAL)
    here.begin()
    post_cadets(here.state, TODAY)
    assert here.ledger["officers_joined"][0] == 0
