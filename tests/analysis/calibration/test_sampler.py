"""Tests of the sampler: where the posterior is known in closed form, the sample is drawn from it."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import kstest

from teritwa.analysis.calibration.sampler import LogLikelihood, sampled

Array = NDArray[np.float64]
CHAINS = 4000
LAST = (80, 79, 1)
"""So many steps that every chain has forgotten where it began; the last of each is its draw."""

WEIGHTS = np.array([[2.0, -1.0, 0.5, 0.0], [0.0, 1.0, 1.0, 0.0]])
"""How two observations follow four parameters, the last of which neither feels."""

NOISE = np.array([[0.5, 0.2], [0.2, 0.3]])
OBSERVED = np.array([1.5, -1.0])


def gaussian(levels: Array, chains: NDArray[np.intp]) -> Array:
    """Return the log likelihood of observations that are linear in normal scores, with normal errors."""
    off: Array = ndtri(levels) @ WEIGHTS.T - OBSERVED
    heights: Array = -0.5 * np.einsum("ij,jk,ik->i", off, np.linalg.inv(NOISE), off)
    return heights


def flat(levels: Array, chains: NDArray[np.intp]) -> Array:
    """Return the log likelihood of observations that say nothing."""
    return np.full(len(levels), -3.0)


@pytest.fixture(scope="module")
def scores() -> Array:
    """A sample (chain, parameter) of the Gaussian posterior, as normal scores."""
    levels, _ = sampled(gaussian, (CHAINS, 4), 7, LAST)
    return np.asarray(ndtri(levels[-1]))


def closed_form() -> tuple[Array, Array]:
    """Return the mean and covariance of the Gaussian posterior: conjugate, so by hand."""
    gain = WEIGHTS.T @ np.linalg.inv(NOISE)
    covariance = np.linalg.inv(np.eye(4) + gain @ WEIGHTS)
    return covariance @ gain @ OBSERVED, covariance


def test_mean_of_a_gaussian_posterior(scores: Array) -> None:
    """The sample's mean is that of the closed form, within four of its standard errors."""
    mean, covariance = closed_form()

    assert (np.abs(scores.mean(axis=0) - mean) <= 4 * np.sqrt(np.diag(covariance) / CHAINS)).all()
    assert np.abs(mean).max() > 20 * np.sqrt(np.diag(covariance).max() / CHAINS)


def test_covariance_of_a_gaussian_posterior(scores: Array) -> None:
    """The sample's covariance is that of the closed form, entry by entry within four of its standard errors."""
    _, covariance = closed_form()
    sizes = np.diag(covariance)
    error = np.sqrt((np.outer(sizes, sizes) + covariance**2) / CHAINS)

    assert (np.abs(np.cov(scores.T) - covariance) <= 4 * error).all()


def test_parameter_that_is_not_felt_stays_at_its_prior(scores: Array) -> None:
    """The one parameter that no observation follows is standard normal; one that is followed no longer is."""
    assert kstest(scores[:, 3], "norm").pvalue > 0.01
    assert kstest(scores[:, 0], "norm").pvalue < 1e-6


def test_flat_likelihood_returns_the_prior() -> None:
    """With nothing to learn each parameter is even between 0 and 1, none goes with another, and the path is flat."""
    levels, path = sampled(flat, (CHAINS, 3), 5, (20, 19, 1))

    assert levels.shape == (1, CHAINS, 3)
    for column in levels[0].T:
        assert kstest(column, "uniform").pvalue > 0.01
    together = np.corrcoef(levels[0].T)[np.triu_indices(3, 1)]
    assert np.abs(together).max() <= 4 / np.sqrt(CHAINS)
    assert path.tolist() == [-3.0] * 20


def test_chains_that_began_at_the_truth_stay_with_it() -> None:
    """Truths drawn from the prior, one observation of each, a chain each: ranks of the truths are even."""
    random = np.random.Generator(np.random.Philox(11))  # noqa: TID251 - it makes a test's input, no result
    truths = random.standard_normal((CHAINS, 1))
    observed = truths + 0.7 * random.standard_normal((CHAINS, 1))

    def own(levels: Array, chains: NDArray[np.intp]) -> Array:
        return np.asarray(-0.5 * ((ndtri(levels) - observed[chains]) ** 2).sum(axis=1) / 0.7**2)

    levels, _ = sampled(own, (CHAINS, 1), 12, (339, 60, 31))
    ranks = (ndtri(levels[:, :, 0]) < truths[:, 0]).sum(axis=0)
    counts = np.bincount(ranks, minlength=10)
    assert len(levels) == 9
    assert ((counts - CHAINS / 10) ** 2 / (CHAINS / 10)).sum() < 21.7  # 99 % of chi squared with 9 degrees


def test_samples_and_path_are_as_many_as_asked() -> None:
    """Ten steps, the first sample after four and then every third: two; a path of all ten."""
    levels, path = sampled(gaussian, (6, 4), 1, (10, 4, 3))

    assert levels.shape == (2, 6, 4)
    assert path.shape == (10,)
    assert ((levels > 0) & (levels < 1)).all()


def test_samples_are_the_steps_they_say() -> None:
    """Samples at steps 4 and 7 are the last of samplings that end there, and the path is that of their chains."""
    two, path = sampled(gaussian, (6, 4), 1, (10, 4, 3))

    for sample, steps in zip(two, (5, 8), strict=True):
        (last,), upto = sampled(gaussian, (6, 4), 1, (steps, steps - 1, 1))
        np.testing.assert_array_equal(sample, last)
        np.testing.assert_array_equal(upto, path[:steps])
        assert path[steps - 1] == pytest.approx(gaussian(sample, np.arange(6)).mean())


def test_path_rises_to_where_it_stays() -> None:
    """From the prior the likelihood climbs, and ends at the mean of the closed form's."""
    _, path = sampled(gaussian, (CHAINS, 4), 7, LAST)
    mean, covariance = closed_form()
    precision = np.linalg.inv(NOISE)
    off = WEIGHTS @ mean - OBSERVED
    expected = -0.5 * (off @ precision @ off + np.trace(precision @ WEIGHTS @ covariance @ WEIGHTS.T))

    assert path[0] < path[-1] - 0.5
    assert path[-20:].mean() == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("likelihood", [gaussian, flat])
def test_same_seed_gives_the_same_bytes(likelihood: LogLikelihood) -> None:
    """Chains are a function of their seed, and of nothing else."""
    once, again, other = (sampled(likelihood, (50, 4), seed, (12, 2, 5)) for seed in (3, 3, 4))

    assert (once[0].tobytes(), once[1].tobytes()) == (again[0].tobytes(), again[1].tobytes())
    assert once[0].tobytes() != other[0].tobytes()


def test_likelihood_is_told_whose_levels_it_sees() -> None:
    """Rows come with the number of their chain, so that each chain can have observations of its own."""
    wanted = np.linspace(-2, 2, 40)

    def own(levels: Array, chains: NDArray[np.intp]) -> Array:
        assert len(levels) == len(chains)
        return np.asarray(-0.5 * (ndtri(levels[:, 0]) - wanted[chains]) ** 2 / 0.01**2)

    levels, _ = sampled(own, (40, 2), 9, (60, 59, 1))
    np.testing.assert_allclose(ndtri(levels[-1, :, 0]), wanted, atol=0.06)
