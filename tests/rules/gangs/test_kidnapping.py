"""Kidnapping: how many persons a day, where, and the shock of the month."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import normal, poisson, run_randomness, uniform
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.kidnapping import KIDNAPS, MONTH, kidnap, month_shock
from teritwa.rules.schedule import night

VALUES = {
    "kidnapping.rate": 6.0,
    "kidnapping.offensive_factor": 0.5,
    "kidnapping.artibonite_share": 0.75,
    "kidnapping.monthly_spread": 0.4,
}


def test_shock_of_a_month() -> None:
    """The shock is exp(0.4 z - 0.08), the same for 30 days and another for the next 30."""
    today = run_randomness(4, 0, 0, 29)
    shocks = [month_shock(today._replace(day=day), 0.4) for day in (0, 29, 30)]
    assert shocks[0] == shocks[1] != shocks[2]
    z = normal(uniform(today._replace(day=0), MONTH, COUNTRY))
    assert shocks[0] == pytest.approx(math.exp(0.4 * z - 0.08))


def test_shock_has_the_mean_one() -> None:
    """Over 2,000 months the mean shock is 1 within 4.65 standard errors.

    The standard deviation of its logarithm is the spread.
    """
    found = np.array(
        [month_shock(run_randomness(4, 0, 0, 30 * month), 0.4) for month in range(2000)]
    )
    assert abs(found.mean() - 1.0) < 4.65 * math.sqrt((math.exp(0.16) - 1) / 2000)
    assert np.log(found).std() == pytest.approx(0.4, rel=0.1)


def artibonite(country: Any) -> Any:
    """Return 20 fighters in Artibonite, and 30 and 10 elsewhere."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["place"]["artibonite"][0] = True
    for place, fighters in enumerate((20, 30, 10)):
        here.crew(0, place, fighters)
    return here.begin()


@pytest.mark.parametrize(("until", "factor"), [(-1, 1.0), (3, 1.0), (4, 0.5), (5, 0.5)])
def test_kidnapped_of_a_day(country: Any, until: int, factor: float) -> None:
    """Of 6 persons a day 0.75 are kidnapped in Artibonite, the others by fighters.

    That makes 4.5, 1.125 and 0.375 on average, and half of it during an offensive.
    """
    here = artibonite(country)
    here.coalition["offensive_until"] = until
    today = run_randomness(4, 0, 0, 4)
    shock = factor * month_shock(today, 0.4)
    rates = [4.5 * shock, 1.125 * shock, 0.375 * shock]
    expected = [
        poisson(rate, uniform(today, KIDNAPS, 4000 + row)) for row, rate in enumerate(rates)
    ]
    kidnap(here.state, today)
    assert here.districts["counts"]["kidnapped"].tolist() == expected
    assert here.daily["kidnapped"][0] == sum(expected)


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
        rate = 2.0 * month_shock(today, 0.4)
        expected += [poisson(rate, uniform(today, KIDNAPS, 4000 + row)) for row in range(3)]
    assert here.districts["counts"]["kidnapped"].tolist() == [
        expected[0] + expected[1],
        expected[2],
    ]
    assert here.daily["kidnapped"][0] == expected.sum()


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_is_kidnapped(country: Any, enabled: bool) -> None:
    """Over 20 nights at 6 a day persons are kidnapped; switched off, nobody is."""
    here = artibonite(country)
    here.parameters["kidnapping"]["enabled"], here.parameters["attack"]["enabled"] = enabled, False
    for day in range(20):
        night(here.state, run_randomness(4, 0, 0, day))
    assert (here.daily["kidnapped"][0] > 0) == enabled
    assert (here.districts["counts"]["kidnapped"].sum() > 0) == enabled


@pytest.mark.parametrize("gone", [0, 1])
def test_all_kidnappings_happen_where_crews_are(country: Any, gone: int) -> None:
    """With crews in Artibonite only, or elsewhere only, all 6 a day happen where crews are."""
    here = country(2, values=VALUES)
    here.districts["place"]["artibonite"][0] = True
    row = here.crew(0, 1 - gone, 50)
    here.begin()
    today = run_randomness(4, 0, 0, 4)
    kidnap(here.state, today)
    number = uniform(today, KIDNAPS, int(here.crews["identity"][row]))
    assert here.daily["kidnapped"][0] == poisson(6.0 * month_shock(today, 0.4), number)


def test_without_fighters_nobody_is_kidnapped(country: Any) -> None:
    """Crews in hiding kidnap nobody."""
    here = country(2, values=VALUES)
    here.crew(0, 0, 0, hiding=50)
    here.begin()
    for day in range(50):
        kidnap(here.state, run_randomness(4, 0, 0, day))
    assert here.daily["kidnapped"][0] == 0
