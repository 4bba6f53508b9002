"""Tests of means with cluster-robust errors: by hand, against Student's t, and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from teritwa.analysis.cluster_robust import (
    linearised_ratio,
    mean_and_error,
    mean_and_half_interval,
)


def test_interval_counts_a_draw_once() -> None:
    """Four pairs in two draws: the interval rests on the draws' two means, not on four values."""
    values, draws = np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1])

    mean, half = mean_and_half_interval(values, draws)
    assert (mean, half) == pytest.approx((2.0, 12.7062047 * 1.0))


def test_unequal_clusters_by_hand() -> None:
    """Values 1, 2, 3 in one draw and 6 in another: the draws' residuals are -3 and 3 about 3."""
    mean, error, freedom = mean_and_error(np.array([1.0, 6.0, 2.0, 3.0]), np.array([4, 9, 4, 4]))

    assert (mean, freedom) == (3.0, 1)
    assert error == pytest.approx(math.sqrt((9 + 9) * 2 / 1) / 4)


@pytest.mark.parametrize("draws", [np.zeros(12, int), np.repeat(np.arange(4), 3), np.arange(12)])
def test_each_column_has_its_own_error(draws: NDArray[np.intp]) -> None:
    """Means and errors over the first axis are exactly those of each column by itself."""
    values = np.sqrt(2) * np.arange(12 * 6) % 1
    table = values.reshape(12, 2, 3)
    mean, error, freedom = mean_and_error(table, draws)

    assert mean.shape == error.shape == (2, 3)
    for place in np.ndindex(2, 3):
        alone = mean_and_error(table[:, *place], draws)
        assert alone[0] == pytest.approx(mean[place], rel=1e-14)
        assert alone[1] == pytest.approx(error[place], rel=1e-14)
        assert alone[2] == freedom


@given(values=st.lists(st.floats(-100, 100), min_size=3, max_size=20))
def test_interval_of_single_runs_is_students(values: list[float]) -> None:
    """With one draw, or one replicate a draw, the interval is the usual one for a mean."""
    sample = np.array(values)
    usual = stats.t.ppf(0.975, len(sample) - 1) * sample.std(ddof=1) / math.sqrt(len(sample))

    for draws in (np.zeros(len(sample), int), np.arange(len(sample))):
        mean, half = mean_and_half_interval(sample, draws)
        assert mean == pytest.approx(sample.mean())
        assert half == pytest.approx(usual, abs=1e-9)


def covered(values: NDArray[np.float64], draws: NDArray[np.intp], truth: float) -> bool:
    """Return whether the interval of a mean holds the truth."""
    mean, half = mean_and_half_interval(values, draws)
    return bool(abs(mean - truth) <= half)


def test_intervals_cover_the_truth() -> None:
    """In 500 made-up sets of 30 draws of 2 runs, at least 9 in 10 intervals hold the truth.

    This is for a share and for a difference of shares. Draws differ in how easily a district is
    recaptured (p, beta with a = 8 and b = 4) and clear more the larger p is: 10 + 20 p on average.
    The other scenario clears 10 and loses p / 2 of them. Both truths follow from E p = 2/3 and
    E p squared = 72/156.
    """
    generator = np.random.default_rng(20240625)  # noqa: TID251 - it makes a test's input, no result
    first, second = 8 / 12, 8 * 9 / (12 * 13)
    share = (10 * first + 20 * second) / (10 + 20 * first)
    draws = np.repeat(np.arange(30), 2)
    held = np.zeros((500, 2))
    for one in held:
        p = generator.beta(8, 4, 30)[draws]
        cleared, also = generator.poisson(10 + 20 * p), generator.poisson(10, 60)
        before = linearised_ratio(
            generator.binomial(cleared, p).astype(float), cleared.astype(float)
        )
        after = linearised_ratio(generator.binomial(also, p / 2).astype(float), also.astype(float))
        one[:] = covered(before, draws, share), covered(after - before, draws, first / 2 - share)

    assert (held.mean(axis=0) >= 0.9).all()
    assert (held.mean(axis=0) <= 0.99).all()
