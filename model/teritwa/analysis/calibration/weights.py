"""From an emulator's sample to the posterior: candidates are weighed by what their own runs gave.

An emulator is wrong by something everywhere, and in the same direction for all targets of one kind, so a sample that
rests on it alone is wider than it need be. Each candidate is therefore run more than once. The scatter among its runs
tells chance apart; their mean moves what an emulator that has not seen them expects, as far as the two are to be
trusted; and what the candidate was proposed for is divided out (importance sampling; Robert and Casella 2004).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """Proposed parameters and what is known of each: its runs, and what emulators that have not seen them expect.

    ``levels`` (candidate, parameter), ``runs`` (candidate, replicate, target) of two replicates or more, ``believed``
    (candidate, target); runs and beliefs are distances from what was observed, of the fitted targets only.
    """

    levels: Array
    runs: Array
    believed: Array

    @cached_property
    def chance(self) -> Array:
        """The covariance (target, target) of runs of one candidate, pooled over candidates."""
        away = self.runs - self.runs.mean(axis=1, keepdims=True)
        freedom = self.runs.shape[0] * (self.runs.shape[1] - 1)
        pooled: Array = np.einsum("irj,irk->jk", away, away) / freedom
        return pooled

    @cached_property
    def _trust(self) -> tuple[Array, Array]:
        """How far a mean of runs moves a belief, and the covariance of the error that then is left.

        The beliefs' own error is what the means scatter about them beyond chance, nowhere below none.
        """
        own = self.chance / self.runs.shape[1]
        values, axes = np.linalg.eigh(np.cov((self.runs.mean(axis=1) - self.believed).T) - own)
        error = (axes * np.maximum(values, 0.0)) @ axes.T
        gain = error @ np.linalg.pinv(error + own, hermitian=True)
        return gain, error - gain @ error

    @cached_property
    def expected(self) -> Array:
        """What each candidate gives on average over chance (candidate, target), as far as is known."""
        moved: Array = self.believed + (self.runs.mean(axis=1) - self.believed) @ self._trust[0].T
        return moved

    @property
    def doubt(self) -> Array:
        """The covariance (target, target) of the error of ``expected``; never more than that of the mean of runs."""
        return self._trust[1]

    def log_likelihood(self, observed: Array, errors: Array) -> Array:
        """Return for each candidate the logarithm of how well it explains an observation, up to a constant.

        The observation is one history more, blurred by ``errors`` (target, target).
        The candidates' expectations scatter about the truth by their doubt, so chance counts less by that: on average
        over this scatter a candidate's likelihood is then that of its true expectation with the whole of chance (as
        in pseudo-marginal methods; Andrieu and Roberts 2009).
        """
        total = self.chance - self.doubt + errors
        off = self.expected - observed
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
