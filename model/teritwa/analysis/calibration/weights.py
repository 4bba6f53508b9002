"""From an emulator's sample to the posterior: candidates are weighed by what their own runs gave.

An emulator is wrong by something everywhere, and in the same direction for all targets of one kind, so a sample that
rests on it alone is wider than it need be. Each candidate is therefore run more than once. The mean of its runs takes
the place of the emulator's expectation, the scatter among them tells chance apart, and what the emulator believed is
divided out (importance sampling; Robert and Casella 2004). What is left of the emulator is where candidates lie.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def chance(runs: Array) -> Array:
    """Return the covariance (target, target) of runs of one candidate, pooled over candidates.

    ``runs`` are distances (candidate, repeat, target) of two repeats or more.
    """
    away = runs - runs.mean(axis=1, keepdims=True)
    freedom = runs.shape[0] * (runs.shape[1] - 1)
    pooled: Array = np.einsum("irj,irk->jk", away, away) / freedom
    return pooled


def log_likelihood(runs: Array, observed: Array, errors: Array) -> Array:
    """Return for each candidate the logarithm of how well it explains an observation, up to a constant.

    The observation is one history more, blurred by ``errors`` (target, target). The mean of r repeats has a share 1/r
    of chance in it already, so chance counts 1 - 1/r times: on average over those means the likelihood is then that
    of the candidate's true expectation (a pseudo-marginal likelihood; Andrieu and Roberts 2009).
    """
    repeats = runs.shape[1]
    total = chance(runs) * (1.0 - 1.0 / repeats) + errors
    off = runs.mean(axis=1) - observed
    return np.asarray(-0.5 * np.einsum("ij,jk,ik->i", off, np.linalg.inv(total), off))


def normalised(logarithms: Array) -> Array:
    """Return weights that sum to one from their logarithms."""
    weights = np.exp(logarithms - logarithms.max())
    return np.asarray(weights / weights.sum())


def effective(weights: Array) -> float:
    """Return how many equally likely candidates tell as much as the weighted ones (Kong 1992)."""
    return float(1.0 / (weights**2).sum())


def resampled(weights: Array, count: int, offset: float = 0.5) -> NDArray[np.intp]:
    """Return the candidates of so many equally likely draws, each as often as its weight asks for, give or take one.

    Systematic resampling (Kitagawa 1996). Draws of one candidate are set far apart, so that the first few draws are
    as mixed as all of them. ``offset`` lies between 0 and 1.
    """
    rising = np.searchsorted(np.cumsum(weights), (np.arange(count) + offset) / count)
    chosen = np.minimum(rising, len(weights) - 1).astype(np.intp)
    stride = next(step for step in range(int(0.382 * count) or 1, 2 * count) if np.gcd(step, count) == 1)
    return chosen[(stride * np.arange(count)) % count]
