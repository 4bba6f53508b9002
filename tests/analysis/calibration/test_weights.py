"""Tests of the weights of candidates against numbers worked out by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from teritwa.analysis.calibration.weights import chance, effective, log_likelihood, normalised, resampled

Array = NDArray[np.float64]


def scores(*shape: int) -> Array:
    """Return standard normal numbers, the same at each call."""
    return np.random.Generator(np.random.Philox(5)).standard_normal(shape)  # noqa: TID251 - it makes a test's input


def test_chance_is_pooled_within_candidates() -> None:
    """Runs (1, 3) and (10, 16) of one target lie 1 and 3 off their means: (1 + 1 + 9 + 9) / 2 = 10."""
    assert chance(np.array([[[1.0], [3.0]], [[10.0], [16.0]]])).tolist() == [[10.0]]


def test_chance_tells_targets_that_move_together() -> None:
    """With correlated chance and candidates far apart the covariance is that of chance alone, within 5 %."""
    known = np.array([[0.04, 0.03], [0.03, 0.09]])
    runs = 100.0 * scores(8000, 1, 2) + scores(8000, 2, 2) @ np.linalg.cholesky(known).T

    np.testing.assert_allclose(chance(runs), known, rtol=0.05)


def test_log_likelihood_by_hand() -> None:
    """Half of a chance of 2 counts beside an error of 1: a candidate whose mean is 2 off has -0.5 * 4 / 2."""
    runs = np.array([[[1.0], [3.0]], [[-1.0], [1.0]]])

    found = log_likelihood(runs, np.zeros(1), np.eye(1))
    assert chance(runs).tolist() == [[2.0]]
    assert found.tolist() == [-1.0, 0.0]


def test_log_likelihood_is_that_of_a_normal() -> None:
    """Differences between candidates equal those of the normal density with half of chance."""
    runs, errors = scores(50, 2, 3), np.diag([0.1, 0.2, 0.3])
    found = log_likelihood(runs, np.array([0.5, -0.5, 0.0]), errors)
    density = multivariate_normal([0.5, -0.5, 0.0], 0.5 * chance(runs) + errors).logpdf(runs.mean(axis=1))

    np.testing.assert_allclose(found - found[0], density - density[0])


def test_weights_from_logarithms() -> None:
    """Shares of 1, 2 and 5 of 8, however small all of them are; a candidate without a chance has none."""
    logarithms = np.log([1.0, 2.0, 5.0]) - 5000.0

    np.testing.assert_allclose(normalised(logarithms), [0.125, 0.25, 0.625])
    np.testing.assert_allclose(normalised(np.array([-np.inf, 0.0])), [0.0, 1.0])


def test_effective_number() -> None:
    """Even weights count all, one weight counts one, a half and two quarters 8 / 3."""
    assert effective(np.full(40, 1 / 40)) == pytest.approx(40)
    assert effective(np.array([1.0, 0.0])) == 1.0
    assert effective(np.array([0.5, 0.25, 0.25])) == pytest.approx(8 / 3)


@pytest.mark.parametrize("offset", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("count", [1, 2, 7, 39, 256])
def test_each_candidate_is_drawn_as_often_as_its_weight_asks(count: int, offset: float) -> None:
    """Give or take one, and so many in all; without weight never."""
    weights = normalised(scores(100))
    weights[7] = 0.0
    weights /= weights.sum()
    times = np.bincount(resampled(weights, count, offset), minlength=100)

    assert times.sum() == count
    assert (np.abs(times - count * weights) < 1 + 1e-9).all()
    assert times[7] == 0


def test_draws_of_one_candidate_lie_far_apart() -> None:
    """A candidate that makes half of 256 draws makes 40 to 60 % of the first 50, and of any 50 in a row."""
    weights = np.full(101, 0.005)
    weights[50] = 0.5
    drawn = resampled(weights, 256) == 50

    shares = [drawn[i : i + 50].mean() for i in range(206)]
    assert 0.4 <= min(shares) <= max(shares) <= 0.6


@pytest.mark.parametrize("repeats", [2, 5])
def test_chance_in_the_means_is_not_counted_twice(repeats: int) -> None:
    """Noisy runs weigh on average as exact ones would with all of chance: N(1; x, 1 + 1) over a standard normal.

    The posterior has mean 1/3 and variance 2/3, however many repeats stand behind a candidate.
    """
    candidates = scores(60000, 1)
    random = np.random.Generator(np.random.Philox(6))  # noqa: TID251 - it makes a test's input
    runs = candidates[:, None, :] + random.standard_normal((60000, repeats, 1))
    drawn = candidates[resampled(normalised(log_likelihood(runs, np.ones(1), np.eye(1))), 6000), 0]

    assert (drawn.mean(), drawn.var()) == (pytest.approx(1 / 3, abs=0.02), pytest.approx(2 / 3, abs=0.03))


def test_weighing_turns_one_normal_into_another() -> None:
    """Candidates of a standard normal, exact runs, an observation of 1 with error 1: mean and variance one half."""
    candidates = scores(40000, 1)
    runs = np.repeat(candidates[:, None, :], 2, axis=1)
    weights = normalised(log_likelihood(runs, np.ones(1), np.eye(1)))
    drawn = candidates[resampled(weights, 4000), 0]

    assert (drawn.mean(), drawn.var()) == (pytest.approx(0.5, abs=0.02), pytest.approx(0.5, abs=0.03))
