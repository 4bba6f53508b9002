"""Tests of persistence with a spread, against numbers worked out by hand."""

from datetime import date, timedelta

import numpy as np
import pytest

from teritwa.analysis.dressed_persistence import (
    FURTHEST,
    STEP,
    VALUES,
    Dressed,
    dressed_persistence,
    squared_changes,
)
from teritwa.analysis.published_figures import Observation

FIRST = date(2024, 1, 1)
TEN_PERCENT = 1.2815515655446004
"""How many standard deviations the upper tenth of a normal distribution begins above its median."""


def stock(value: float, day: int, outcome: str = "gang_members") -> Observation:
    """Return what was read some days after the first."""
    when = FIRST + timedelta(day)
    return Observation(outcome, when, when, value)


def forecast(history: list[Observation], target: Observation) -> Dressed:
    """Return a forecast that there is."""
    found = dressed_persistence(history, target)
    assert found is not None
    return found


def quantiles(found: Dressed, *levels: float) -> list[float]:
    """Return quantiles; each value is the middle of its share."""
    given: list[float] = np.quantile(found.values, levels, method="hazen").tolist()
    return given


def test_two_figures_by_hand() -> None:
    """100, and 73 days later 200: one change, whose square by its 0.8 steps is the variance.

    log 2 squared by 73 days is 0.480453 / 73 a day. After another 292 days, four times as long, the
    deviation is twice log 2, so the upper tenth begins at 200 times 4 to the 1.28155th power.
    """
    history = [stock(100, 0), stock(200, 73)]
    found = forecast(history, stock(0, 365))

    assert squared_changes(history) == pytest.approx([np.log(2) ** 2 / 73 * STEP])
    assert len(found.values) == VALUES
    assert found.pooled
    assert np.median(found.values) == pytest.approx(200)
    upper = 4**TEN_PERCENT
    assert quantiles(found, 0.1, 0.9) == pytest.approx([200 / upper, 200 * upper], rel=1e-3)
    assert quantiles(forecast(history, stock(0, 146)), 0.9) == pytest.approx(
        [200 * 2**TEN_PERCENT], rel=1e-3
    )


def test_the_spread_is_the_root_mean_square_of_the_changes() -> None:
    """Twice as many in one step and half as many in four steps: log 2 and log 2 / 2 a step.

    Their mean square is 5/8 of log 2 squared; two changes need no other outcome.
    """
    days = (0, round(STEP), round(5 * STEP))
    history = [stock(value, day) for value, day in zip((10, 20, 10), days, strict=True)]
    wild = [stock(1, 0, "gang_firearms"), stock(999, 9, "gang_firearms")]
    found = forecast([*history, *wild], stock(0, days[-1] + round(STEP)))

    assert not found.pooled
    width = np.log(quantiles(found, 0.9)[0] / 10) / TEN_PERCENT
    assert width == pytest.approx(np.log(2) * np.sqrt(5 / 8), rel=5e-3)


def test_a_short_record_has_the_spread_of_all_outcomes() -> None:
    """A record of one figure takes the mean over the changes of others; unknown names are none."""
    others = [stock(8, 0, "gang_firearms"), stock(16, 100, "gang_firearms")]
    more = [stock(8, 0, "displaced"), stock(8, 100, "displaced")]
    found = forecast([stock(50, 0), *others, stock(1, 0, "no_such"), stock(9, 1, "no_such")],
                     stock(0, 100))  # fmt: skip

    assert found.pooled
    assert quantiles(found, 0.5, 0.9) == pytest.approx([50, 50 * 2**TEN_PERCENT], rel=1e-3)
    both = forecast([stock(50, 0), *others, *more], stock(0, 100))
    assert quantiles(both, 0.9) == pytest.approx([50 * 2 ** (TEN_PERCENT / np.sqrt(2))], rel=1e-3)


def test_a_record_that_repeats_one_figure_has_the_spread_of_all_outcomes() -> None:
    """Three equal figures are no band without width: the share of the capital was 80 % for a year.

    Of three changes of all outcomes one is log 2 in 100 days, and the others are nought.
    """
    same = [stock(50, day) for day in (0, 50, 100)]
    found = forecast(
        [*same, stock(8, 0, "gang_firearms"), stock(16, 100, "gang_firearms")], stock(0, 200)
    )

    assert found.pooled
    assert quantiles(found, 0.9) == pytest.approx([50 * 2 ** (TEN_PERCENT / np.sqrt(3))], rel=1e-3)


def test_counts_are_rates_a_day() -> None:
    """90 in the 90 days from 1 January 2025 are 31 in those of July, whatever the spread."""
    history = [
        Observation("kidnapped", date(2024, 7, 1), date(2024, 9, 30), 184),
        Observation("kidnapped", date(2024, 10, 1), date(2024, 12, 31), 184),
        Observation("kidnapped", date(2025, 1, 1), date(2025, 3, 31), 90),
    ]
    july = Observation("kidnapped", date(2025, 7, 1), date(2025, 7, 31), 0)

    assert np.median(forecast(history, july).values) == pytest.approx(31)


def test_shares_walk_on_the_scale_of_log_odds() -> None:
    """From odds of 1 to 4 in 100 days; 100 days on the upper tenth has odds of 4 times 4^1.28."""
    history = [stock(0.5, 0, "trust_in_forces"), stock(0.8, 100, "trust_in_forces")]
    found = forecast(history, stock(0, 200, "trust_in_forces"))
    odds = 4 * 4**TEN_PERCENT

    assert np.median(found.values) == pytest.approx(0.8)
    assert quantiles(found, 0.9) == pytest.approx([odds / (1 + odds)], rel=1e-3)
    assert found.values.max() < 1


def test_nothing_leads_to_or_from_nothing() -> None:
    """A figure of 0 is in no change, and stays where it is the last; a share of 1 does so, too."""
    history = [stock(10, 0), stock(0, 10), stock(20, 100)]
    assert squared_changes(history) == pytest.approx([np.log(2) ** 2 / 100 * STEP])
    gone = forecast([*history, stock(0, 110)], stock(0, 200))
    assert set(gone.values.tolist()) == {0.0}
    all_of_it = stock(1, 10, "trust_in_forces")
    full = forecast([*history, all_of_it], stock(0, 200, "trust_in_forces"))
    assert set(full.values.tolist()) == {1.0}


def test_without_a_figure_or_a_change_there_is_no_forecast() -> None:
    """No figure of the outcome, or none of any, and there is none; all alike have no spread."""
    changes = [stock(8, 0, "gang_firearms"), stock(16, 100, "gang_firearms")]
    assert dressed_persistence(changes, stock(0, 200)) is None
    assert dressed_persistence([stock(8, 0)], stock(0, 200)) is None
    still = [stock(8, 0), stock(8, 10), stock(8, 20)]
    assert set(forecast(still, stock(0, 200)).values.tolist()) == {8.0}


def test_no_walk_leads_beyond_all_numbers() -> None:
    """A record that leaps from the least to the most in a day has finite values in 100 years."""
    history = [stock(1e-9, 0), stock(1e15, 1), stock(1e-9, 2)]
    found = forecast(history, stock(0, 36500))

    assert np.isfinite(found.values).all()
    assert found.values.max() == pytest.approx(1e-9 * np.exp(FURTHEST))
