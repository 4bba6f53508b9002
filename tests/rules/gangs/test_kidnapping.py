"""Kidnapping: how many persons a day, in which region, and how the business moves."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import normal, poisson, run_randomness, uniform
from teritwa.rules.gangs.kidnapping import (
    KIDNAPS,
    REGION_MOVES,
    kidnap,
    update_kidnapping_rates,
)
from teritwa.rules.schedule import night

VALUES = {
    "kidnapping.rate": 6.0,
    "kidnapping.offensive_factor": 0.5,
    "kidnapping.region_spread": 1.0,
    "kidnapping.region_time": 100.0,
}


def two_regions(country: Any) -> Any:
    """Return 20 fighters in region 1, and 30 and 10 in region 0."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["place"]["region"][0] = 1
    for place, fighters in enumerate((20, 30, 10)):
        here.crew(0, place, fighters)
    return here.begin()


def set_levels(here: Any, *levels: float) -> None:
    """Let each region have a level today, whatever moves it, and keep it from moving."""
    here.parameters["kidnapping"]["region_spread"] = 0.0
    here.parameters["kidnapping"]["region_time"] = 1.0e15
    here.regions["kidnapping_level"] = levels


def test_fighters_of_day_0_are_counted_by_region(country: Any) -> None:
    """Region 0 has 40 fighters on day 0 and region 1 has 20."""
    assert two_regions(country).regions["fighters_on_day_0"].tolist() == [40, 20]


@pytest.mark.parametrize(
    ("until", "active", "factor"),
    [(-1, True, 1.0), (3, True, 1.0), (4, True, 0.5), (5, True, 0.5), (5, False, 1.0)],
)
def test_kidnapped_of_a_day(country: Any, until: int, active: bool, factor: float) -> None:
    """A fighter of region 1 kidnaps four times as many as one of region 0.

    Of 6 a day 20 fighters take 6 * 80 / 120 = 4, the others 1.5 and 0.5; half in an offensive of
    the coalition, if there is one, and twice as many in a mood of ln 2.
    """
    here = two_regions(country)
    set_levels(here, 0.0, math.log(4.0))
    here.coalition["offensive_until"], here.coalition["active"] = until, active
    here.moods["kidnapping"] = math.log(2.0)
    today = run_randomness(4, 0, 0, 4)
    expected = [
        poisson(2.0 * factor * rate, uniform(today, KIDNAPS, 4000 + row))
        for row, rate in enumerate((4.0, 1.5, 0.5))
    ]
    kidnap(here.state, today)
    assert here.districts["counts"]["kidnapped"].tolist() == expected
    assert here.daily["kidnapped"][0] == sum(expected)


def test_with_the_fighters_of_day_0_the_country_keeps_its_rate(country: Any) -> None:
    """On each of 200 days all fighters of day 0 expect 6 kidnapped, wherever the business is."""
    here, shares = two_regions(country), []
    for day in range(200):
        update_kidnapping_rates(here.state, run_randomness(4, 0, 0, day))
        rates = here.regions["kidnapping_rate"]
        assert (rates * [40, 20]).sum() == pytest.approx(6.0)
        shares.append(20 * rates[1] / 6.0)
    assert max(shares) - min(shares) > 0.2


def test_levels_begin_anywhere_and_move_slowly(country: Any) -> None:
    """On day 0 a level is a normal number of the spread; then it keeps exp(-1/100) of itself."""
    here = two_regions(country)
    for day in (0, 1):
        today, before = run_randomness(4, 0, 0, day), here.regions["kidnapping_level"].copy()
        update_kidnapping_rates(here.state, today)
        shocks = [normal(uniform(today, REGION_MOVES, place)) for place in (6000, 6001)]
        kept = math.exp(-0.01) if day else 0.0
        expected = kept * before + math.sqrt(1.0 - kept * kept) * np.array(shocks)
        assert here.regions["kidnapping_level"] == pytest.approx(expected)


def test_the_last_fighter_does_not_do_it_all(country: Any) -> None:
    """One fighter of 20 left in region 1 kidnaps a 20th of what they did, and region 0 the same."""
    here = two_regions(country)
    set_levels(here, 0.0, 0.0)
    update_kidnapping_rates(here.state, run_randomness(4, 0, 0, 4))
    before = here.regions["kidnapping_rate"].copy()
    here.crews["fighters"][:3] = [1, 0, 0]
    update_kidnapping_rates(here.state, run_randomness(4, 0, 0, 4))
    assert here.regions["kidnapping_rate"].tolist() == before.tolist() == [0.1, 0.1]


def test_two_copies_of_a_world_expect_twice_as_many(country: Any) -> None:
    """At twice the fighters of day 0 and twice the rate a fighter kidnaps as many as before."""
    one = two_regions(country)
    two = country(6, [(0, 1), (1, 2), (3, 4), (4, 5)], values={**VALUES, "kidnapping.rate": 12.0})
    two.districts["place"]["region"][[0, 3]] = 1
    for place, fighters in enumerate((20, 30, 10, 20, 30, 10)):
        two.crew(0, place, fighters)
    two.begin()
    for here in (one, two):
        update_kidnapping_rates(here.state, run_randomness(4, 0, 0, 0))
    assert two.regions["kidnapping_rate"] == pytest.approx(one.regions["kidnapping_rate"])


def test_kidnapped_of_several_crews_add_up_by_district(country: Any) -> None:
    """A district's count is the sum over its crews, and the country's that over 40 nights."""
    here = country(2, values=VALUES)
    for gang, place in ((0, 0), (1, 0), (2, 1)):
        here.crew(gang, place, 50)
    here.begin()
    expected = np.zeros(3, np.int64)
    for day in range(40):
        today = run_randomness(4, 0, 0, day)
        kidnap(here.state, today)
        expected += [poisson(2.0, uniform(today, KIDNAPS, 4000 + row)) for row in range(3)]
    assert here.districts["counts"]["kidnapped"].tolist() == [
        expected[0] + expected[1],
        expected[2],
    ]
    assert here.daily["kidnapped"][0] == expected.sum()


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_is_kidnapped(country: Any, enabled: bool) -> None:
    """Over 20 nights at 6 a day persons are kidnapped; switched off, nobody is."""
    here = two_regions(country)
    here.parameters["kidnapping"]["enabled"], here.parameters["attack"]["enabled"] = enabled, False
    for day in range(20):
        night(here.state, run_randomness(4, 0, 0, day))
    assert (here.daily["kidnapped"][0] > 0) == enabled
    assert (here.districts["counts"]["kidnapped"].sum() > 0) == enabled


def test_without_fighters_nobody_is_kidnapped(country: Any) -> None:
    """Crews in hiding kidnap nobody, and without gangs on day 0 no rate is known."""
    here = country(2, values=VALUES)
    here.crew(0, 0, 0, hiding=50)
    here.begin()
    for day in range(50):
        kidnap(here.state, run_randomness(4, 0, 0, day))
    assert here.daily["kidnapped"][0] == 0
    empty = country(2, values=VALUES).begin()
    kidnap(empty.state, run_randomness(4, 0, 0, 0))
    assert empty.regions["kidnapping_rate"].tolist() == [0.0, 0.0]
