"""Tests of the headline measures and of the published figures."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.measures import (
    HEADLINE_MEASURES,
    SHOWN,
    daily,
    headlines,
    parametric_share,
    period_of,
)
from teritwa.analysis.observed_levels import observed, observed_of
from teritwa.ensemble.result import Result


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
    """The year is the last calendar year wholly within the days, or all days if there is none."""
    period = period_of(np.arange(first, np.datetime64(last) + 1, dtype="datetime64[D]"))

    assert (period.year, period.year_label, period.last) == (year, label, last)
    assert (period.days, period.label) == (
        slice(0, len(np.arange(first, last, dtype="M8[D]")) + 1),
        f"{first} to {last}",
    )


def test_headline_gives_quantiles_over_runs(made_up: Callable[..., Result]) -> None:
    """The last day's displaced of five runs of 0 to 40: 2, 20 and 38."""
    result = made_up({"displaced": np.arange(0, 50, 10)[None, :, None]}, replicates=5)

    rows = {row.name: row for row in headlines(result)}
    assert len(rows) == len(HEADLINE_MEASURES)
    displaced = rows["displaced"]
    assert (displaced.when, displaced.unit) == ("2026-01-02", "persons")
    assert (displaced.low, displaced.median, displaced.high) == pytest.approx((2.0, 20.0, 38.0))


def test_parametric_share_by_hand() -> None:
    """Of (1, 3) and (7, 9), 2 lies within draws and (2 * 18 - 2) / 2 = 17 between them."""
    values, draws = np.array([1.0, 3.0, 7.0, 9.0]), np.array([0, 0, 1, 1])

    assert parametric_share(values, draws) == pytest.approx(17 / 19)
    assert parametric_share(values[[0, 2, 1, 3]], draws) == 0.0
    assert parametric_share(np.array([1.0, 1.0, 5.0, 5.0]), draws) == 1.0


def test_without_replicates_there_is_no_parametric_share() -> None:
    """One run a draw, a single draw, or equal runs do not separate parameters from chance."""
    assert np.isnan(parametric_share(np.array([1.0, 2.0]), np.array([0, 1])))
    assert np.isnan(parametric_share(np.array([1.0, 2.0]), np.array([0, 0])))
    assert np.isnan(parametric_share(np.ones(4), np.array([0, 0, 1, 1])))


def test_parametric_share_has_the_right_size_on_average() -> None:
    """Over 2,000 draws with deviations 2 between and 1 within, the share is 4 of 5."""
    scores = np.array([NormalDist().inv_cdf((i + 0.5) / 8000) for i in range(8000)])
    order = sorted(range(8000), key=lambda i: sha256(str(i).encode()).digest())
    between, within = scores[order][:2000], scores[order][2000:]
    values = 2.0 * np.repeat(between, 3) + within

    assert parametric_share(values, np.repeat(np.arange(2000), 3)) == pytest.approx(0.8, abs=0.02)


def test_the_first_measures_stay_the_first() -> None:
    """Terminals show the first eleven measures, in this order."""
    assert [measure.name for measure in HEADLINE_MEASURES[:SHOWN]] == [
        "gang_control_capital", "gang_control_capital, mean", "gang_control_national", "towns_lost",
        "killed", "killed, civilians", "kidnapped", "displaced", "officers_deployed, mission",
        "officers_operational, mission", "fund_balance",
    ]  # fmt: skip
    assert len({measure.name for measure in HEADLINE_MEASURES}) == len(HEADLINE_MEASURES) > SHOWN


class Only:
    """Finished runs that hold some outcomes of a result and no others."""

    def __init__(self, result: Result, outcomes: tuple[str, ...]) -> None:
        self.result, self.outcomes, self.asked = result, outcomes, set[str]()

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return an outcome that is held."""
        assert outcome in self.outcomes
        self.asked.add(outcome)
        return self.result.runs(outcome)

    def labels(self, name: str) -> list[str]:
        """Return the texts of a fact."""
        return self.result.labels(name)


def test_measures_need_what_they_say(made_up: Callable[..., Result]) -> None:
    """Each measure reads exactly the outcomes that it names, and gives one number a run."""
    result = made_up()
    period = period_of(result.dates)

    for measure in HEADLINE_MEASURES:
        held = Only(result, measure.needs)
        assert measure.compute(held, period).shape == (4,)
        assert held.asked == set(measure.needs)


def test_new_measures_by_hand(made_up: Callable[..., Result]) -> None:
    """Of 369 days 365 lie in 2025: one a day gives 365, a mean itself, a stock its last value."""
    killed = np.zeros((1, 1, 1, 6, 3))
    killed[..., 0, 1], killed[..., 1, 1], killed[..., 0, 0] = 2, 50, 70
    rising = np.arange(369)
    result = made_up(
        {
            "killed": killed, "attacks_on_state": 3, "recruited": 4, "gang_revenue": rising,
            "elections_secure": 1, "gang_members": rising, "gang_firearms": 7,
            "trust_in_forces": 0.25, "out_of_school": rising, "costs_unpaid": 1e6,
        }
    )  # fmt: skip

    middle = {row.name: row.median for row in headlines(result)}
    assert middle["killed, gang members by gangs"] == 730
    assert (middle["attacks_on_state"], middle["recruited"]) == (1095, 1460)
    assert (middle["gang_revenue, mean"], middle["elections_secure, mean"]) == (2 + 364 / 2, 1)
    assert (
        middle["gang_members"],
        middle["gang_firearms"],
        middle["trust_in_forces"],
        middle["out_of_school"],
    ) == (
        368,
        7,
        0.25,
        368,
    )
    assert middle["costs_unpaid"] == 1e6


def test_share_recaptured_counts_all_days_and_is_0_without_clearings(
    made_up: Callable[..., Result],
) -> None:
    """Runs that cleared 4, 5, 1 and 0 districts and lost 3, 0, 1 and 0: shares 0.75, 0, 1 and 0."""
    cleared, lost = np.zeros((1, 4, 369)), np.zeros((1, 4, 369))
    cleared[0, :, 0] = [4, 4, 0, 0]
    cleared[0, :, 368] = [0, 1, 1, 0]
    lost[0, :, 100] = [3, 0, 1, 0]
    result = made_up({"cleared_from_gangs": cleared, "recaptured": lost})
    (measure,) = [
        measure for measure in HEADLINE_MEASURES if measure.name == "recaptured, share of cleared"
    ]

    period = period_of(result.dates)
    assert measure.compute(result, period).tolist() == [0.75, 0, 1, 0]
    assert measure.label(period) == "2024-12-30 to 2026-01-02"


def test_daily_sums_harm_and_the_mission(made_up: Callable[..., Result]) -> None:
    """Harm is summed over 6 perpetrators and 3 victims, officers over 2 mission contingents."""
    result = made_up({"killed": 1, "officers_operational": np.array([9, 2, 3])})

    assert set(daily(result, "killed").ravel().tolist()) == {18.0}
    assert set(daily(result, "officers_operational").ravel().tolist()) == {5.0}


def test_published_quarters_sum_to_the_year() -> None:
    """The four BINUH quarters of 2024 add up to its first count of the year: 5,560 and 2,212."""
    year = (date(2024, 1, 1), date(2024, 12, 31))

    assert sum(figure.value for figure in observed_of("killed_counted", *year)) == 5560
    assert sum(figure.value for figure in observed_of("injured_counted", *year)) == 2212


def test_published_figures_are_whole_and_not_after_january_2025() -> None:
    """Every figure names a publisher and lies within its range; none is later than allowed."""
    for figure in observed():
        assert figure.publisher
        assert figure.low <= figure.value <= figure.high
        assert figure.start <= figure.end <= date(2025, 1, 31)


def test_published_figures_of_a_period_lie_in_it() -> None:
    """The share of September 2023 is left out of 2024 and 2025, the four later ones are not."""
    shares = observed_of("gang_control_capital", date(2024, 1, 1), date(2025, 12, 31))

    assert [figure.value for figure in shares] == [0.8, 0.8, 0.85, 0.85]
    assert len(observed_of("gang_control_capital", date(2023, 1, 1), date(2025, 12, 31))) == 5
