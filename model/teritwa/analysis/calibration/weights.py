"""Importance weights: each candidate is weighted by the results of its own runs.

An emulator has an error everywhere, in the same direction for all targets of one kind, so a sample
that rests on it alone is wider than need be. Each candidate is therefore run more than once. The
scatter among its runs estimates the stochastic variance. Their mean corrects the prediction of an
emulator that has not seen them, as far as the two are to be trusted. The density from which the
candidate was proposed is divided out (importance sampling; Robert and Casella 2004).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GOLDEN = 0.382
"""Stride between draws as a share of their number: by the golden section, neighbours differ."""


@dataclass(frozen=True)
class Candidates:
    """Proposed parameters, their runs, and the predictions of emulators that have not seen them.

    Residuals and predictions are distances from the observations, of the fitted targets only.

    Attributes:
        levels: Levels of the priors, shape (candidate, parameter).
        residuals: Residuals of two or more runs each, shape (candidate, replicate, target).
        predicted: Residuals predicted by emulators, shape (candidate, target).
    """

    levels: Array
    residuals: Array
    predicted: Array

    @cached_property
    def stochastic_covariance(self) -> Array:
        """Covariance (target, target) of runs of one candidate, pooled over candidates."""
        deviations = self.residuals - self.residuals.mean(axis=1, keepdims=True)
        degrees = self.residuals.shape[0] * (self.residuals.shape[1] - 1)
        pooled: Array = np.einsum("irj,irk->jk", deviations, deviations) / degrees
        return pooled

    @cached_property
    def _gain_and_error(self) -> tuple[Array, Array]:
        """How far a mean of runs corrects a prediction, and the covariance of the error left.

        The predictions' own error is the scatter of the means about them beyond the stochastic
        variance, and is nowhere negative.
        """
        own = self.stochastic_covariance / self.residuals.shape[1]
        scatter = np.cov((self.residuals.mean(axis=1) - self.predicted).T)
        values, axes = np.linalg.eigh(scatter - own)
        error = (axes * np.maximum(values, 0.0)) @ axes.T
        gain = error @ np.linalg.pinv(error + own, hermitian=True)
        return gain, error - gain @ error

    @cached_property
    def expected(self) -> Array:
        """Best estimate of each candidate's mean residuals over chance, (candidate, target)."""
        correction = self.residuals.mean(axis=1) - self.predicted
        corrected: Array = self.predicted + correction @ self._gain_and_error[0].T
        return corrected

    @property
    def expected_error(self) -> Array:
        """Covariance (target, target) of the error of ``expected``.

        It never exceeds that of the mean of runs.
        """
        return self._gain_and_error[1]

    def log_likelihood(self, observed: Array, errors: Array) -> Array:
        """Return the log likelihood of each candidate, up to a constant.

        The observation is one more history, with errors added. The estimates ``expected`` scatter
        about the truth by their error, so the stochastic covariance counts less by that: on
        average over this scatter, a candidate's likelihood is then that of its true expectation
        with the whole stochastic covariance (as in pseudo-marginal methods; Andrieu and Roberts
        2009).

        Args:
            observed: Residuals of the observation, shape (target,).
            errors: Covariance of its errors, shape (target, target).
        """
        total = self.stochastic_covariance - self.expected_error + errors
        off = self.expected - observed
        return np.asarray(-0.5 * np.einsum("ij,jk,ik->i", off, np.linalg.inv(total), off))


def normalised_weights(logarithms: Array) -> Array:
    """Return weights that sum to one from their logarithms, known up to a constant."""
    weights = np.exp(logarithms - logarithms.max())
    return np.asarray(weights / weights.sum())


def effective_sample_size(weights: Array) -> float:
    """Return how many equally weighted candidates the weighted ones are worth (Kong 1992)."""
    return float(1.0 / (weights**2).sum())


def resample(weights: Array, count: int, offset: float = 0.5) -> NDArray[np.intp]:
    """Resample candidates systematically (Kitagawa 1996).

    Each is drawn as often as its weight asks for, give or take one. Draws of one candidate are
    set far apart, so that the first few draws are as mixed as all of them.

    Args:
        weights: Weights that sum to one, shape (candidate,).
        count: How many draws.
        offset: Where the first draw falls within its share of the weights, from 0 to 1.

    Returns:
        The numbers of the candidates, shape (draw,).
    """
    drawn = np.searchsorted(np.cumsum(weights), (np.arange(count) + offset) / count)
    chosen = np.minimum(drawn, len(weights) - 1).astype(np.intp)
    return chosen[(_stride(count) * np.arange(count)) % count]


def _stride(count: int) -> int:
    """Return the first number from the golden section on that shares no divisor with a count."""
    return next(
        step for step in range(int(GOLDEN * count) or 1, 2 * count) if np.gcd(step, count) == 1
    )
