"""Detention: arrests among crews, hidden fighters who are found, and who leaves prison again."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, stochastic_round, uniform
from teritwa.rules.agents.doctrine import CORDON_AND_SEARCH, PATROL, STATIC_GUARD
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.forces.detention import (
    DETAINED,
    FOUND,
    RELEASED,
    arrest_among_crews,
    arrest_fighters,
    detain_residents,
    release_prisoners,
    search_hidden,
)
from teritwa.rules.gangs.crews import count_fighters_in
from teritwa.rules.schedule import daytime, midnight

VALUES = {
    "detention.find_rate": 0.2,
    "detention.prison_capacity": 11_000,
    "detention.release_rate": 0.001,
    "presence.police_coverage_constant": 10.0,
    "intelligence.enabled": False,
    "intelligence.visible_share": 0.5,
    "patrol.detentions": 0.01,
    "cordon_and_search.detentions": 0.5,
}
TODAY = run_randomness(12, 0, 0, 2)


def crews(country: Any, fighters: tuple[int, ...], values: Mapping[str, float] = {}) -> Any:
    """Return crews of gangs 0, 1 and 2 in district 0, and one of 40 in district 1."""
    here = country(2, values={**VALUES, **values})
    for gang, number in enumerate(fighters):
        here.crew(gang, 0, number)
    here.crew(0, 1, 40)
    return here.begin()


def test_an_arrest_goes_through_the_books(country: Any) -> None:
    """Of 10 fighters 7 are arrested, then the 3 who are left; they enter prisons and the ledger."""
    here = crews(country, (10,))
    found = [arrest_fighters(here.state, 0, 7), arrest_fighters(here.state, 0, 7)]
    assert (found, here.crews["fighters"][0]) == ([7, 3], 0)
    for name in ("arrested", "prisoners"):
        assert here.ledger[name][0] == 10
    assert (here.daily["arrested"][0], here.gangs["losses_today"].tolist()) == (10, [10, 0, 0])
    assert here.districts["totals"]["arrested"].tolist() == [10, 0]
    assert here.finding() == "balanced"


def test_fighters_of_a_district_are_those_there_now(country: Any) -> None:
    """All crews of a district count, those in hiding and those elsewhere do not."""
    here = crews(country, (10, 20))
    here.crews["hiding"][0] = 5
    assert [count_fighters_in(here.state, place) for place in (0, 1)] == [30, 40]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("wanted", [0, 1, 7, 30, 59, 60, 200])
def test_arrests_are_shared_in_proportion_and_none_is_dropped(
    country: Any, share: float, wanted: int
) -> None:
    """Of crews of 30, 20 and 10 each loses its part of the arrests, up or down to a whole person.

    Together they lose all that is wanted, or all there are; other districts lose nobody.
    """
    here = crews(country, (30, 20, 10))
    arrest_among_crews(here.state, 0, wanted, share)
    lost = np.array([30, 20, 10]) - here.crews["fighters"][:3]
    assert lost.sum() == here.ledger["arrested"][0] == min(wanted, 60)
    assert np.all(np.abs(lost - min(wanted, 60) * np.array([30, 20, 10]) / 60) < 1.0)
    assert here.crews["fighters"][3] == 40
    assert here.finding() == "balanced"


def test_over_all_shares_arrests_are_exactly_in_proportion(country: Any) -> None:
    """Averaged over 120 evenly spread shares, 7 arrests fall 3.5, 2.33 and 1.17 on the crews."""
    lost = []
    for step in range(120):
        here = crews(country, (30, 20, 10))
        arrest_among_crews(here.state, 0, 7, (step + 0.5) / 120)
        lost.append(np.array([30, 20, 10]) - here.crews["fighters"][:3])
    assert np.mean(lost, axis=0) == pytest.approx([3.5, 7 / 3, 7 / 6], abs=1e-9)


def searched(country: Any, effort: float, hiding: int = 1000, values: Any = None) -> Any:
    """Return hidden fighters in district 0, of 1,000 people, where officers search."""
    here = country(2, values={**VALUES, **(values or {})})
    here.crew(0, 0, 0, hiding=hiding)
    here.crew(1, 1, 0, hiding=hiding)
    here.begin()
    here.districts["presence"]["search_effort"][0] = effort
    return here


@pytest.mark.parametrize(("effort", "covered"), [(10.0, 2 / 3), (20.0, 8 / 9), (1e4, 1.0)])
def test_search_finds_in_proportion(country: Any, effort: float, covered: float) -> None:
    """0.2 of the hidden are found in a day, times what searchers cover, times what is known.

    Ten searchers per 1,000 people cover two thirds, 20 cover 8 of 9; half is known.
    """
    for hiding in (100, 1000):
        for day in range(10):
            here, today = searched(country, effort, hiding), run_randomness(12, 0, 0, day)
            search_hidden(here.state, today)
            rate = 0.2 * covered * 0.5 * hiding
            found = poisson(rate, uniform(today, FOUND, 4000))
            assert here.crews["hiding"][:2].tolist() == [hiding - found, hiding]
            assert here.ledger["prisoners"][0] == here.daily["arrested"][0] == found
            assert here.gangs["losses_today"].tolist() == [found, 0, 0]
            assert here.finding() == "balanced"


def test_nobody_is_found_twice_or_without_search(country: Any) -> None:
    """A single hidden fighter is found once at most; without searchers nobody is."""
    seen = set()
    for day in range(40):
        here = searched(country, 1e4, 1, {"detention.find_rate": 0.4})
        search_hidden(here.state, run_randomness(12, 0, 0, day))
        seen.add(int(here.crews["hiding"][0]))
        assert here.finding() == "balanced"
    assert seen == {0, 1}
    here = searched(country, 0.0)
    search_hidden(here.state, TODAY)
    assert here.crews["hiding"][0] == 1000


def test_more_search_finds_more_with_the_same_numbers(country: Any) -> None:
    """On no day do more searchers find fewer."""
    for day in range(20):
        found = []
        for effort in (1.0, 5.0, 25.0):
            here = searched(country, effort)
            search_hidden(here.state, run_randomness(12, 0, 0, day))
            found.append(int(here.ledger["arrested"][0]))
        assert found == sorted(found)


def test_residents_are_detained_by_posture(country: Any) -> None:
    """100 officers in a search detain 50 residents on average, on patrol one, on guard none.

    They are counted and stay among the residents: nobody moves in the ledger.
    """
    for posture, rate in ((CORDON_AND_SEARCH, 50.0), (PATROL, 1.0), (STATIC_GUARD, 0.0)):
        here = country(values=VALUES)
        here.unit(0, 0, 100)
        here.unit(0, 0, 0)
        here.units["posture"] = posture
        here.begin()
        detain_residents(here.state, TODAY)
        taken = poisson(rate, uniform(TODAY, DETAINED, 5000))
        assert here.daily["residents_detained"][0] == taken
        assert here.ledger["arrested"][0] == here.daily["arrested"][0] == 0
        assert here.finding() == "balanced"


def prison(country: Any, prisoners: int) -> Any:
    """Return a country with prisoners."""
    here = country(2, values=VALUES)
    here.ledger["prisoners"] = prisoners
    return here.begin()


@pytest.mark.parametrize("held", [0, 1, 5000, 11_000, 11_003, 11_011, 12_500])
def test_prisons_release_and_keep_their_capacity(country: Any, held: int) -> None:
    """One in a thousand leaves in a day, more if more than 11,000 are held; they join residents."""
    here = prison(country, held)
    release_prisoners(here.state, TODAY)
    usual = stochastic_round(0.001 * held, uniform(TODAY, RELEASED, COUNTRY))
    released = max(usual, held - 11_000)
    assert here.ledger["prisoners"][0] == held - released <= 11_000
    assert here.ledger["released"][0] == released
    assert here.districts["people"]["residents"].sum() == 2000 + released
    assert here.ledger["escaped"][0] == 0
    assert here.finding() == "balanced"


def test_prisoners_leave_by_their_rate(country: Any) -> None:
    """Of 5,000 prisoners 5,000 * 0.999^100 are left after 100 days, within a person a day."""
    here = prison(country, 5000)
    for day in range(100):
        release_prisoners(here.state, run_randomness(12, 0, 0, day))
    assert abs(here.ledger["prisoners"][0] - 5000 * 0.999**100) < 100**0.5
    assert here.finding() == "balanced"


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_is_found_or_released(country: Any, enabled: bool) -> None:
    """Switched off, neither search nor release takes place."""
    here = country(2, values={**VALUES, "detention.enabled": enabled, "drones.enabled": False})
    here.crew(0, 0, 0, hiding=1000)
    here.unit(0, 0, 500)
    here.ledger["prisoners"] = 12_000
    here.begin()
    here.postures["search"][PATROL] = 1.0
    daytime(here.state, TODAY)
    assert (here.crews["hiding"][0] < 1000) == enabled
    midnight(here.state, TODAY)
    assert (here.ledger["released"][0] > 0) == enabled
    assert (here.ledger["prisoners"][0] <= 11_000) == enabled


def test_closed_form_of_a_hidden_crew(country: Any) -> None:
    """Of 100,000 hidden exp(-0.1 * 30) or so are left after 30 days of a search without limit.

    In a day a Poisson number of a tenth of those left is found: 0.9^30.
    """
    here = searched(country, 1e6, 100_000)
    for day in range(30):
        search_hidden(here.state, run_randomness(12, 0, 0, day))
    left = 100_000 * 0.9**30
    assert abs(here.crews["hiding"][0] - left) < 4.65 * math.sqrt(left)
