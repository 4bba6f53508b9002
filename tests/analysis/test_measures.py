"""Tests of the headline measures and of the published figures."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from teritwa.analysis.measures import MEASURES, daily, headline, period_of
from teritwa.analysis.observed import observed, observed_of
from teritwa.results import Result


@pytest.mark.parametrize(
    ("first", "last", "year", "label"),
    [
        ("2024-01-01", "2025-12-31", slice(366, 731), "2025"),
        ("2024-01-01", "2025-12-30", slice(0, 366), "2024"),
        ("2024-06-01", "2026-03-01", slice(214, 579), "2025"),
        ("2024-01-01", "2024-03-31", slice(0, 91), "2024-01-01 to 2024-03-31"),
    ],
)
def test_period_finds_the_last_whole_year(first: str, last: str, year: slice, label: str) -> None:
    """The year is the last calendar year wholly within the days, or all of them if there is none."""
    period = period_of(np.arange(first, np.datetime64(last) + 1, dtype="datetime64[D]"))

    assert (period.year, period.year_label, period.last) == (year, label, last)


def test_headline_gives_quantiles_over_runs(made_up: Callable[..., Result]) -> None:
    """The last day's displaced of five runs of 0 to 40: 2, 20 and 38."""
    result = made_up({"displaced": np.arange(0, 50, 10)[None, :, None]}, repeats=5)

    rows = {row[0]: row for row in headline(result)}
    assert len(rows) == len(MEASURES)
    assert rows["displaced"][:3] == ("displaced", "2026-01-02", "persons")
    assert rows["displaced"][3:] == pytest.approx((2.0, 20.0, 38.0))


def test_daily_sums_harm_and_the_mission(made_up: Callable[..., Result]) -> None:
    """Harm is summed over 5 perpetrators and 3 victims, officers over the mission's two contingents."""
    result = made_up({"killed": 1, "ready": np.array([9, 2, 3])})

    assert set(daily(result, "killed").ravel().tolist()) == {15.0}
    assert set(daily(result, "ready").ravel().tolist()) == {5.0}


def test_published_quarters_sum_to_the_year() -> None:
    """BINUH's four quarters of 2024 give 5,560 killed and 2,212 injured, as the year's first count has it."""
    year = (date(2024, 1, 1), date(2024, 12, 31))

    assert sum(figure.value for figure in observed_of("killed", *year)) == 5560
    assert sum(figure.value for figure in observed_of("injured", *year)) == 2212


def test_published_figures_are_whole_and_not_after_january_2025() -> None:
    """Every figure names a publisher, lies within its range, and none is later than what may be known."""
    for figure in observed():
        assert figure.publisher
        assert figure.low <= figure.value <= figure.high
        assert figure.start <= figure.end <= date(2025, 1, 31)


def test_published_figures_of_a_period_lie_in_it() -> None:
    """The share of September 2023 is left out of 2024 and 2025, the four later ones are not."""
    shares = observed_of("gang_control_capital", date(2024, 1, 1), date(2025, 12, 31))

    assert [figure.value for figure in shares] == [0.8, 0.8, 0.85, 0.85]
    assert len(observed_of("gang_control_capital", date(2023, 1, 1), date(2025, 12, 31))) == 5
