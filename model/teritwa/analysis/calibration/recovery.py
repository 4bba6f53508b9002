"""Recovery of known parameters from synthetic data (simulation-based calibration).

A run of known parameters stands in for the world. The errors that the targets state are added to
its results, the method is asked for the posterior, and the truth must have a uniform rank among
the posterior's draws (simulation-based calibration; Talts and others 2018).

``emulator`` takes truths from the priors and tests the emulator and the chains. ``weights`` takes
them from the candidates, the region that 2024 leaves open, and tests the weights that make the
posterior, with the other candidates as the prior (as do Säilynoja and others 2025). An ensemble of
half the spread must fail the same check, or the check shows nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from teritwa.analysis.calibration.calibrate import Calibration
from teritwa.analysis.calibration.emulator import fit_emulator
from teritwa.analysis.calibration.likelihood import (
    emulator_likelihood,
    error_covariance,
    fitted_targets,
    held_parameters,
    learnable_levels,
)
from teritwa.analysis.calibration.priors import INFORMED_SPREAD, UNIFORM_SD
from teritwa.analysis.calibration.sampler import sample_posterior
from teritwa.analysis.calibration.weights import normalised_weights, resample

Array = NDArray[np.float64]
Ranks = NDArray[np.intp]

DATA_SETS = {"emulator": 50, "weights": 500}
"""Synthetic data sets for each part of the method."""

DRAWS = 39
"""Draws of each posterior: the truth has 40 possible ranks, of which 36 are nine in ten."""

ERROR_FACTOR = 2.0
"""Factor by which the errors of synthetic observations for the weights exceed the stated ones.

Candidates were proposed for what was observed in 2024. For another observation with the same
errors they are worth some ten draws, and the check would judge that number. With twice the errors
they are worth as many as those of the posterior that ships.
"""

STEPS = (250, 249, 1)
"""Steps of the chains: in all, before the draw, and between draws, of which there is one."""

LEVELS = (0.5, 0.8, 0.9)
"""Central intervals whose coverage is computed."""


@dataclass(frozen=True)
class Recovery:
    """How often intervals covered the truth.

    Attributes:
        part: The part of the method.
        names: The informed parameters, in the order of the columns of ranks.
        ranks: How many draws lie below the truth, shape (data set, parameter).
        coverage: Share of truths covered, shape (level, ensemble): the method's own ensemble, and
            one of half its spread.
        errors: Standard errors of the coverage over data sets, shape (level, ensemble).
    """

    part: str
    names: tuple[str, ...]
    ranks: Ranks
    coverage: Array
    errors: Array

    @property
    def data_sets(self) -> int:
        """How many synthetic data sets there were."""
        return len(self.ranks)


def recover(calibration: Calibration, part: str, seed: int) -> Recovery:
    """Recover the truths of synthetic data sets by a part of the method.

    Args:
        calibration: The calibration whose method is tested.
        part: ``emulator`` or ``weights``.
        seed: The seed of the errors and the chains.
    """
    # Synthetic data, not the model's chance.
    random = np.random.Generator(np.random.Philox(seed))  # noqa: TID251
    shape = (DATA_SETS[part], len(fitted_targets(calibration.targets)))
    deviations = np.sqrt(np.diag(error_covariance(calibration.targets)))
    noise = deviations * random.standard_normal(shape)
    method = _by_emulator if part == "emulator" else _by_weights
    truths, draws = method(calibration, noise, seed)
    return _judge(calibration, part, truths, draws)


def _by_emulator(calibration: Calibration, noise: Array, seed: int) -> tuple[Array, Array]:
    """Return truths of the first wave and their posteriors, by an emulator fitted to the others."""
    levels, residuals = calibration.first
    parameters = calibration.parameters
    chosen = np.linspace(0, len(levels) - 1, len(noise)).astype(int)
    others = np.ones(len(levels), bool)
    others[chosen] = False
    emulator = fit_emulator(learnable_levels(parameters, levels[others]), residuals[others])
    synthetic = residuals[chosen].copy()
    synthetic[:, fitted_targets(calibration.targets)] += noise
    observed = np.repeat(synthetic, DRAWS, axis=0)
    likelihood = emulator_likelihood(parameters, calibration.targets, [emulator], observed[None])
    samples, _ = sample_posterior(likelihood, (len(observed), levels.shape[1]), seed, STEPS)
    return levels[chosen], samples[-1].reshape(len(noise), DRAWS, -1)


def _by_weights(calibration: Calibration, noise: Array, seed: int) -> tuple[Array, Array]:
    """Return truths among the candidates and their posteriors, by the weights of the others.

    The truth's first run is the observation; its own candidate has no weight.
    """
    candidates = calibration.candidates
    errors = ERROR_FACTOR**2 * error_covariance(calibration.targets)
    chosen = np.linspace(0, len(candidates.levels) - 1, len(noise)).astype(int)
    draws = []
    for number, error in zip(chosen, noise, strict=True):
        observed = candidates.residuals[number, 0] + ERROR_FACTOR * error
        likelihood = candidates.log_likelihood(observed, errors)
        likelihood[number] = -np.inf
        offset = ((seed + number) % 97 + 0.5) / 97  # another one for each data set
        draws.append(candidates.levels[resample(normalised_weights(likelihood), DRAWS, offset)])
    return candidates.levels[chosen], np.array(draws)


def halve_spread(draws: Array) -> Array:
    """Return levels (data set, draw, parameter) with half their spread about their mean.

    Mean and spread are those of normal scores.
    """
    scores = ndtri(draws)
    mean = scores.mean(axis=1, keepdims=True)
    return np.asarray(ndtr(mean + 0.5 * (scores - mean)), np.float64)


def ranks_of(truths: Array, draws: Array) -> Ranks:
    """Return how many draws (data set, draw, parameter) lie below truths (data set, parameter)."""
    return np.asarray((draws < truths[:, None, :]).sum(axis=1), np.intp)


def coverage(ranks: Ranks, count: int) -> tuple[Array, Array]:
    """Return the share of truths within each central interval of `LEVELS`.

    Of n draws and a truth from one distribution each is equally likely to be the k-th smallest, so
    39 draws make intervals that cover 50, 80 and 90 % exactly.

    Args:
        ranks: Ranks of the truths, shape (data set, parameter).
        count: The number of draws.

    Returns:
        The shares and their standard errors over data sets, both of shape (level,).
    """
    edges = [round(0.5 * (1.0 - level) * (count + 1)) for level in LEVELS]
    inside = np.array([((ranks >= edge) & (ranks <= count - edge)).mean(axis=1) for edge in edges])
    return inside.mean(axis=1), inside.std(axis=1, ddof=1) / np.sqrt(inside.shape[1])


def _judge(calibration: Calibration, part: str, truths: Array, draws: Array) -> Recovery:
    """Return the coverage of the informed parameters, as calibrated and with half the spread."""
    spread = draws.std(axis=1, ddof=1).mean(axis=0) / UNIFORM_SD
    informed = ~held_parameters(calibration.parameters) & (spread < INFORMED_SPREAD)
    names = tuple(calibration.parameters[i].name for i in np.flatnonzero(informed))
    truths, draws = truths[:, informed], draws[:, :, informed]
    ranks = ranks_of(truths, draws)
    own = coverage(ranks, DRAWS)
    halved = coverage(ranks_of(truths, halve_spread(draws)), DRAWS)
    shares, errors = (np.stack(both, axis=1) for both in zip(own, halved, strict=True))
    return Recovery(part, names, ranks, shares, errors)
