"""Does the method find what is known? Synthetic truths, observed with the stated errors, and calibrated on like 2024.

A run of which the parameters are known stands in for the world: what it gave is blurred by the errors that the
targets state, the method is asked for the posterior, and the truth must lie as deep in it as chance has it
(simulation-based calibration; Talts and others 2018). ``emulator`` takes truths from the priors and asks the emulator
and the chains. ``weights`` takes them from the candidates, the region that 2024 left open, and asks the weights that
make the posterior, with the other candidates as the prior (so too Säilynoja and others 2025). An ensemble of half the
spread must fail the same check, or the check tells nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from teritwa.analysis.calibration.calibrate import (
    Calibration,
    Plan,
    errors,
    fitted_targets,
    learned,
    likelihood,
)
from teritwa.analysis.calibration.emulator import fitted
from teritwa.analysis.calibration.priors import EVEN, INFORMED, NOT_LEARNED
from teritwa.analysis.calibration.sampler import sampled
from teritwa.analysis.calibration.weights import normalised, resampled

Array = NDArray[np.float64]

DATA_SETS = {"emulator": 50, "weights": 500}
"""Synthetic data sets of each part of the method."""

DRAWS = 39
"""Draws of each data set's posterior: with the truth they make 40 places, of which 36 are nine in ten."""

BLUNTER = 2.0
"""How many times the stated errors the synthetic observations for the weights have. Candidates were proposed for what
was observed in 2024; for another observation as sharp they are worth some ten draws, and the check would judge that
number. At twice the error they are worth as many as those of the posterior that ships."""

STEPS = (250, 249, 1)
"""Steps of the chains: in all, before the draw, and between draws, of which there is one."""

LEVELS = (0.5, 0.8, 0.9)
"""Central intervals whose coverage is counted."""


@dataclass(frozen=True)
class Recovered:
    """How often intervals held the truth: (level, ensemble), with the standard error over data sets.

    The ensembles are the method's own and one of half its spread. ``places`` (data set, parameter) are how many draws
    lie below the truth, ``names`` the informed parameters they belong to.
    """

    part: str
    names: tuple[str, ...]
    places: NDArray[np.intp]
    coverage: Array
    errors: Array

    @property
    def data_sets(self) -> int:
        """How many synthetic data sets there were."""
        return len(self.places)


def recover(found: Calibration, wanted: Plan, part: str, seed: int) -> Recovered:
    """Ask a part of the method (``emulator`` or ``weights``) for the truths of its synthetic data sets."""
    random = np.random.Generator(np.random.Philox(seed))  # noqa: TID251  # synthetic data, not the model's chance
    count = DATA_SETS[part]
    blur = np.sqrt(np.diag(errors(found.targets))) * random.standard_normal((count, len(fitted_targets(found.targets))))
    ask = _by_emulator if part == "emulator" else _by_weights
    truths, draws = ask(found, wanted, blur, seed)
    return _judged(found, part, truths, draws)


def _by_emulator(found: Calibration, wanted: Plan, blur: Array, seed: int) -> tuple[Array, Array]:
    """Return truths among the first wave's runs and their posteriors, by an emulator that has not seen them."""
    levels, runs = found.first
    chosen = np.linspace(0, len(levels) - 1, len(blur)).astype(int)
    seen = np.ones(len(levels), bool)
    seen[chosen] = False
    emulator = fitted(learned(found.parameters, levels[seen]), runs[seen])
    synthetic = runs[chosen].copy()
    synthetic[:, fitted_targets(found.targets)] += blur
    chains = np.repeat(synthetic, DRAWS, axis=0)
    shape = (len(chains), levels.shape[1])
    samples, _ = sampled(likelihood(wanted, [emulator], chains[None]), shape, seed, STEPS)
    return levels[chosen], samples[-1].reshape(len(blur), DRAWS, -1)


def _by_weights(found: Calibration, _: Plan, blur: Array, seed: int) -> tuple[Array, Array]:
    """Return truths among the candidates and their posteriors, by the weights of the other candidates.

    What was observed is the truth's first run; its own candidate has no weight.
    """
    levels = found.third.levels
    chosen = np.linspace(0, len(levels) - 1, len(blur)).astype(int)
    draws = []
    for number, noise in zip(chosen, blur, strict=True):
        observed = found.third.runs[number, 0] + BLUNTER * noise
        logarithms = found.third.log_likelihood(observed, BLUNTER**2 * errors(found.targets))
        logarithms[number] = -np.inf
        draws.append(levels[resampled(normalised(logarithms), DRAWS, ((seed + number) % 97 + 0.5) / 97)])
    return levels[chosen], np.array(draws)


def halved(draws: Array) -> Array:
    """Return levels (data set, draw, parameter) drawn together to half their spread about their mean, in scores."""
    scores = ndtri(draws)
    mean = scores.mean(axis=1, keepdims=True)
    return np.asarray(ndtr(mean + 0.5 * (scores - mean)), np.float64)


def places(truths: Array, draws: Array) -> NDArray[np.intp]:
    """Return how many draws (data set, draw, parameter) lie below each truth (data set, parameter)."""
    return np.asarray((draws < truths[:, None, :]).sum(axis=1), np.intp)


def coverage(where: NDArray[np.intp], count: int) -> tuple[Array, Array]:
    """Return the share of truths within each central interval of `LEVELS`, and its standard error over data sets.

    ``where`` are places among ``count`` draws. Of n draws and a truth from one distribution each is equally likely to
    be the k-th smallest, so 39 draws make intervals that hold 50, 80 and 90 % exactly.
    """
    edges = [round(0.5 * (1.0 - level) * (count + 1)) for level in LEVELS]
    each = np.array([((where >= edge) & (where <= count - edge)).mean(axis=1) for edge in edges])
    return each.mean(axis=1), each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])


def _judged(found: Calibration, part: str, truths: Array, draws: Array) -> Recovered:
    spread = draws.std(axis=1, ddof=1).mean(axis=0) / EVEN
    may = np.array([one.name not in NOT_LEARNED for one in found.parameters])
    informed = may & (spread < INFORMED)
    names = tuple(one.name for one, yes in zip(found.parameters, informed, strict=True) if yes)
    mine, theirs = truths[:, informed], draws[:, :, informed]
    where = places(mine, theirs)
    own, shrunk = coverage(where, DRAWS), coverage(places(mine, halved(theirs)), DRAWS)
    return Recovered(part, names, where, np.stack([own[0], shrunk[0]], 1), np.stack([own[1], shrunk[1]], 1))
