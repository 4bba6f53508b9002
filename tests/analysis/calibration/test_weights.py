"""Tests of the candidates' weights against numbers worked out by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from teritwa.analysis.calibration.weights import (
    Candidates,
    effective_sample_size,
    normalised_weights,
    resample,
)

Array = NDArray[np.float64]


def scores(*shape: int) -> Array:
    """Return standard normal numbers, the same at each call."""
    random = np.random.Generator(np.random.Philox(5))  # noqa: TID251 - test input
    return random.standard_normal(shape)


def candidates(runs: Array, predicted: Array) -> Candidates:
    """Return candidates whose levels do not matter."""
    return Candidates(np.zeros((len(runs), 1)), runs, predicted)


def test_stochastic_covariance_is_pooled() -> None:
    """Runs (1, 3) and (10, 16) of one target deviate by 1 and 3: (1 + 1 + 9 + 9) / 2 = 10."""
    assert candidates(
        np.array([[[1.0], [3.0]], [[10.0], [16.0]]]), np.zeros((2, 1))
    ).stochastic_covariance.tolist() == [[10.0]]


def test_stochastic_covariance_excludes_candidates() -> None:
    """With candidates far apart the covariance is that within candidates alone, within 5 %."""
    known = np.array([[0.04, 0.03], [0.03, 0.09]])
    runs = 100.0 * scores(8000, 1, 2) + scores(8000, 2, 2) @ np.linalg.cholesky(known).T

    np.testing.assert_allclose(candidates(runs, runs[:, 0]).stochastic_covariance, known, rtol=0.05)


def test_prediction_and_runs_are_combined_by_their_precision() -> None:
    """Means of 2 and -2 about predictions of 0 have variance 8, of which chance makes 2 / 2 = 1.

    So the estimate goes 7 / 8 of the way, with an error of 7 / 8.
    """
    found = candidates(np.array([[[1.0], [3.0]], [[-3.0], [-1.0]]]), np.zeros((2, 1)))

    assert found.stochastic_covariance.tolist() == [[2.0]]
    assert found.expected.ravel() == pytest.approx([2 * 7 / 8, -2 * 7 / 8])
    assert found.expected_error.tolist() == [[pytest.approx(7 / 8)]]


def test_correct_predictions_are_kept() -> None:
    """Where means scatter about predictions by chance alone, nothing is corrected."""
    runs = np.array([[[1.0], [-1.0]], [[3.0], [1.0]]])
    found = candidates(runs, np.array([[0.0], [2.0]]))

    assert found.expected_error.tolist() == [[pytest.approx(0.0)]]
    assert found.expected.ravel() == pytest.approx([0.0, 2.0])


def test_expected_error_is_the_actual_error() -> None:
    """Over 20,000 known truths the error is as stated, and less than that of either source."""
    truth = 3.0 * scores(20000, 2)
    random = np.random.Generator(np.random.Philox(7))  # noqa: TID251 - test input
    belief = truth + random.standard_normal((20000, 2)) @ np.array([[0.5, 0.4], [0.0, 0.3]])
    runs = truth[:, None, :] + random.standard_normal((20000, 2, 2)) @ np.array(
        [[0.6, 0.0], [0.2, 0.5]]
    )
    found = candidates(runs, belief)
    off = np.cov((found.expected - truth).T)

    np.testing.assert_allclose(off, found.expected_error, atol=0.05 * np.diag(off).max())
    assert (np.diag(off) < np.diag(np.cov((belief - truth).T))).all()
    assert (np.diag(off) < np.diag(np.cov((runs.mean(axis=1) - truth).T))).all()


def test_log_likelihood_by_hand() -> None:
    """Variance 2 - 7 / 8 and error 1: an estimate 7 / 4 off has -0.5 * (7 / 4)² / (17 / 8)."""
    found = candidates(np.array([[[1.0], [3.0]], [[-3.0], [-1.0]]]), np.zeros((2, 1)))

    assert found.log_likelihood(np.zeros(1), np.eye(1)) == pytest.approx(
        -0.5 * (49 / 16) / (17 / 8)
    )
    assert found.log_likelihood(np.array([7 / 4]), np.eye(1))[0] == pytest.approx(0.0)


def test_log_likelihood_is_that_of_a_normal() -> None:
    """Differences between candidates equal those of the normal density of the total covariance."""
    found, errors = candidates(scores(50, 2, 3), scores(50, 3) / 2), np.diag([0.1, 0.3, 0.2])
    mine = found.log_likelihood(np.array([0.5, -0.5, 0.0]), errors)
    density = multivariate_normal(
        [0.5, -0.5, 0.0], found.stochastic_covariance - found.expected_error + errors
    ).logpdf(found.expected)

    np.testing.assert_allclose(mine - mine[0], density - density[0])


def test_weights_from_logarithms() -> None:
    """Logarithms give shares of 1, 2 and 5 of 8, however small; minus infinity gives none."""
    logarithms = np.log([1.0, 2.0, 5.0]) - 5000.0

    np.testing.assert_allclose(normalised_weights(logarithms), [0.125, 0.25, 0.625])
    np.testing.assert_allclose(normalised_weights(np.array([-np.inf, 0.0])), [0.0, 1.0])


def test_effective_sample_size() -> None:
    """Equal weights count all, one weight counts one, a half and two quarters 8 / 3."""
    assert effective_sample_size(np.full(40, 1 / 40)) == pytest.approx(40)
    assert effective_sample_size(np.array([1.0, 0.0])) == 1.0
    assert effective_sample_size(np.array([0.5, 0.25, 0.25])) == pytest.approx(8 / 3)


@pytest.mark.parametrize("offset", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("count", [1, 2, 7, 39, 256])
def test_each_candidate_is_drawn_as_often_as_its_weight_asks(count: int, offset: float) -> None:
    """Each number is right give or take one, and so is their sum; no weight means never."""
    weights = normalised_weights(scores(100))
    weights[7] = 0.0
    weights /= weights.sum()
    times = np.bincount(resample(weights, count, offset), minlength=100)

    assert times.sum() == count
    assert (np.abs(times - count * weights) < 1 + 1e-9).all()
    assert times[7] == 0


def test_draws_of_one_candidate_are_far_apart() -> None:
    """A candidate with half the weight makes 40 to 60 % of any 50 draws in a row."""
    weights = np.full(101, 0.005)
    weights[50] = 0.5
    drawn = resample(weights, 256) == 50

    shares = [drawn[i : i + 50].mean() for i in range(206)]
    assert 0.4 <= min(shares) <= max(shares) <= 0.6


@pytest.mark.parametrize("replicates", [2, 5])
@pytest.mark.parametrize("wrong", [0.05, 1.0])
def test_neither_chance_nor_the_emulator_error_is_counted_twice(
    replicates: int, wrong: float
) -> None:
    """Over a standard normal an observation of 1, error 1 and chance 1 leaves 1/3 and 2/3.

    These are mean and variance, for any number of replicates and any error of predictions.
    """
    levels = scores(60000, 1)
    random = np.random.Generator(np.random.Philox(6))  # noqa: TID251 - test input
    runs = levels[:, None, :] + random.standard_normal((60000, replicates, 1))
    mine = candidates(runs, levels + wrong * random.standard_normal((60000, 1)))
    weights = normalised_weights(mine.log_likelihood(np.ones(1), np.eye(1)))
    mean = weights @ levels[:, 0]

    assert mean == pytest.approx(1 / 3, abs=0.02)
    assert weights @ (levels[:, 0] - mean) ** 2 == pytest.approx(2 / 3, abs=0.03)


def test_weights_turn_one_normal_into_another() -> None:
    """Over a standard normal an exact observation of 1 with error 1 has mean and variance 1/2."""
    levels = scores(40000, 1)
    mine = candidates(np.repeat(levels[:, None, :], 2, axis=1), levels)
    drawn = levels[
        resample(normalised_weights(mine.log_likelihood(np.ones(1), np.eye(1))), 4000), 0
    ]

    assert (drawn.mean(), drawn.var()) == (
        pytest.approx(0.5, abs=0.02),
        pytest.approx(0.5, abs=0.03),
    )
