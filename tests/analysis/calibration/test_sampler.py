"""Tests of the sampler against posteriors that are known in closed form."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import kstest

from teritwa.analysis.calibration.sampler import LogLikelihood, sample_posterior

Array = NDArray[np.float64]
CHAINS = 4000
LAST = (80, 79, 1)
"""Steps after which every chain has forgotten its start; its last sample is its draw."""

WEIGHTS = np.array([[2.0, -1.0, 0.5, 0.0], [0.0, 1.0, 1.0, 0.0]])
"""How two observations depend on four parameters; neither depends on the last."""

NOISE = np.array([[0.5, 0.2], [0.2, 0.3]])
OBSERVED = np.array([1.5, -1.0])


def gaussian(levels: Array, chains: NDArray[np.intp]) -> Array:
    """Return the log likelihood of observations linear in normal scores, with normal errors."""
    off: Array = ndtri(levels) @ WEIGHTS.T - OBSERVED
    heights: Array = -0.5 * np.einsum("ij,jk,ik->i", off, np.linalg.inv(NOISE), off)
    return heights


def flat(levels: Array, chains: NDArray[np.intp]) -> Array:
    """Return the log likelihood of observations without information."""
    return np.full(len(levels), -3.0)


@pytest.fixture(scope="module")
def scores() -> Array:
    """A sample (chain, parameter) of the Gaussian posterior, as normal scores."""
    levels, _ = sample_posterior(gaussian, (CHAINS, 4), 7, LAST)
    return np.asarray(ndtri(levels[-1]))


def closed_form() -> tuple[Array, Array]:
    """Return mean and covariance of the Gaussian posterior, which is conjugate."""
    gain = WEIGHTS.T @ np.linalg.inv(NOISE)
    covariance = np.linalg.inv(np.eye(4) + gain @ WEIGHTS)
    return covariance @ gain @ OBSERVED, covariance


def test_mean_of_a_gaussian_posterior(scores: Array) -> None:
    """The sample's mean is that of the closed form, within four standard errors."""
    mean, covariance = closed_form()

    assert (np.abs(scores.mean(axis=0) - mean) <= 4 * np.sqrt(np.diag(covariance) / CHAINS)).all()
    assert np.abs(mean).max() > 20 * np.sqrt(np.diag(covariance).max() / CHAINS)


def test_covariance_of_a_gaussian_posterior(scores: Array) -> None:
    """Each entry of the sample's covariance is that of the closed form, within four errors."""
    _, covariance = closed_form()
    sizes = np.diag(covariance)
    error = np.sqrt((np.outer(sizes, sizes) + covariance**2) / CHAINS)

    assert (np.abs(np.cov(scores.T) - covariance) <= 4 * error).all()


def test_uninformed_parameter_stays_at_its_prior(scores: Array) -> None:
    """The parameter without an effect is standard normal; one with an effect no longer is."""
    assert kstest(scores[:, 3], "norm").pvalue > 0.01
    assert kstest(scores[:, 0], "norm").pvalue < 1e-6


def test_flat_likelihood_returns_the_prior() -> None:
    """Without information parameters are uniform and uncorrelated, and the path is flat."""
    levels, path = sample_posterior(flat, (CHAINS, 3), 5, (20, 19, 1))

    assert levels.shape == (1, CHAINS, 3)
    for column in levels[0].T:
        assert kstest(column, "uniform").pvalue > 0.01
    together = np.corrcoef(levels[0].T)[np.triu_indices(3, 1)]
    assert np.abs(together).max() <= 4 / np.sqrt(CHAINS)
    assert path.tolist() == [-3.0] * 20


def test_ranks_of_truths_are_uniform() -> None:
    """With truths from the prior and one observation for each chain, their ranks are uniform."""
    random = np.random.Generator(np.random.Philox(11))  # noqa: TID251 - test input
    truths = random.standard_normal((CHAINS, 1))
    observed = truths + 0.7 * random.standard_normal((CHAINS, 1))

    def own(levels: Array, chains: NDArray[np.intp]) -> Array:
        return np.asarray(-0.5 * ((ndtri(levels) - observed[chains]) ** 2).sum(axis=1) / 0.7**2)

    levels, _ = sample_posterior(own, (CHAINS, 1), 12, (339, 60, 31))
    ranks = (ndtri(levels[:, :, 0]) < truths[:, 0]).sum(axis=0)
    counts = np.bincount(ranks, minlength=10)
    assert len(levels) == 9
    assert (
        (counts - CHAINS / 10) ** 2 / (CHAINS / 10)
    ).sum() < 21.7  # 99 % of chi squared with 9 degrees


def test_numbers_of_samples_and_steps() -> None:
    """Ten steps, the first sample after four, then every third: two samples, a path of ten."""
    levels, path = sample_posterior(gaussian, (6, 4), 1, (10, 4, 3))

    assert levels.shape == (2, 6, 4)
    assert path.shape == (10,)
    assert ((levels > 0) & (levels < 1)).all()


def test_samples_are_taken_at_their_steps() -> None:
    """Samples at steps 4 and 7 are the last of shorter chains, and the path is theirs."""
    two, path = sample_posterior(gaussian, (6, 4), 1, (10, 4, 3))

    for sample, steps in zip(two, (5, 8), strict=True):
        (last,), upto = sample_posterior(gaussian, (6, 4), 1, (steps, steps - 1, 1))
        np.testing.assert_array_equal(sample, last)
        np.testing.assert_array_equal(upto, path[:steps])
        assert path[steps - 1] == pytest.approx(gaussian(sample, np.arange(6)).mean())


def test_path_rises_to_its_level() -> None:
    """The likelihood rises from the prior's to the mean of the closed form's."""
    _, path = sample_posterior(gaussian, (CHAINS, 4), 7, LAST)
    mean, covariance = closed_form()
    precision = np.linalg.inv(NOISE)
    off = WEIGHTS @ mean - OBSERVED
    expected = -0.5 * (
        off @ precision @ off + np.trace(precision @ WEIGHTS @ covariance @ WEIGHTS.T)
    )

    assert path[0] < path[-1] - 0.5
    assert path[-20:].mean() == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("likelihood", [gaussian, flat])
def test_same_seed_gives_the_same_bytes(likelihood: LogLikelihood) -> None:
    """Chains are a function of their seed, and of nothing else."""
    once, again, other = (
        sample_posterior(likelihood, (50, 4), seed, (12, 2, 5)) for seed in (3, 3, 4)
    )

    assert (once[0].tobytes(), once[1].tobytes()) == (again[0].tobytes(), again[1].tobytes())
    assert once[0].tobytes() != other[0].tobytes()


def test_likelihood_gets_the_numbers_of_its_chains() -> None:
    """Rows come with the number of their chain, so that chains may differ in observations."""
    wanted = np.linspace(-2, 2, 40)

    def own(levels: Array, chains: NDArray[np.intp]) -> Array:
        assert len(levels) == len(chains)
        return np.asarray(-0.5 * (ndtri(levels[:, 0]) - wanted[chains]) ** 2 / 0.01**2)

    levels, _ = sample_posterior(own, (40, 2), 9, (60, 59, 1))
    np.testing.assert_allclose(ndtri(levels[-1, :, 0]), wanted, atol=0.06)
