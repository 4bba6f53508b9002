"""Each count predicted from all others: what the posterior says of it with it left out.

The particles are weighed by the likelihood without the count over that with it. What errors and
discrepancies of the other counts tell of its own is part of the prediction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import binomtest

from teritwa.analysis.calibration.observation import (
    error_covariance,
    log_likelihood,
    residuals_of,
)
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.weights import effective_sample_size, normalised_weights

Array = NDArray[np.float64]

LEVELS = (0.1, 0.5, 0.9)
"""Ends and middle of the central 80 % interval."""

ERRORS = 99
"""How many equally likely values of the error each run has."""


@dataclass(frozen=True)
class LeftOut:
    """What is predicted of a target from all others.

    Attributes:
        target: The target.
        effective: How many equally weighted particles the weighted ones are worth.
        quantiles: Quantiles at `LEVELS`; of a yes or no its probability, three times.
        below: Probability of less than was counted; of a yes or no that of yes.
    """

    target: Target
    effective: float
    quantiles: tuple[float, float, float]
    below: float

    @property
    def inside(self) -> bool:
        """Whether what was counted lies in the central 80 % interval."""
        return LEVELS[0] <= self.below <= LEVELS[2]

    @property
    def brier(self) -> float:
        """Brier score of a yes or no."""
        return (self.below - self.target.observed) ** 2


def left_out(targets: Sequence[Target], quantities: Array) -> list[LeftOut]:
    """Return what is predicted of each fitted target from the others.

    Args:
        targets: The targets.
        quantities: Their values in equally likely runs, shape (run, target).
    """
    fitted = [number for number, target in enumerate(targets) if target.fitted]
    chosen, values = [targets[number] for number in fitted], quantities[:, fitted]
    whole = log_likelihood(chosen, values)
    return [_without(chosen, values, whole, number) for number in range(len(chosen))]


def coverage(found: Sequence[LeftOut]) -> tuple[int, int, float]:
    """Return how many counts lie in their interval, of how many, and the p-value of 80 %.

    It is that of a binomial test, exact for independent counts; these are not quite.
    """
    counts = [one for one in found if not one.target.yes_or_no]
    inside = sum(one.inside for one in counts)
    p = float(binomtest(inside, len(counts), 0.8).pvalue) if counts else float("nan")
    return inside, len(counts), p


def brier_score(found: Sequence[LeftOut]) -> float:
    """Return the mean Brier score of the yes-or-no targets; not a number if there are none."""
    scores = [one.brier for one in found if one.target.yes_or_no]
    return float(np.mean(scores)) if scores else float("nan")


def _without(targets: Sequence[Target], values: Array, whole: Array, number: int) -> LeftOut:
    """Return what is predicted of one target from the others."""
    kept = [other for other in range(len(targets)) if other != number]
    others = [targets[other] for other in kept]
    weights = normalised_weights(log_likelihood(others, values[:, kept]) - whole)
    target, effective = targets[number], effective_sample_size(weights)
    if target.yes_or_no:
        yes = np.where(values[:, number] == 1.0, 1.0 - target.error, target.error)
        probability = float(weights @ yes)
        return LeftOut(target, effective, (probability,) * 3, probability)
    centre, spread = _predicted(targets, values, number)
    steps = spread * _normal_values()
    residuals = (centre[:, None] + steps).ravel()
    spread_weights = np.repeat(weights / ERRORS, ERRORS)
    ends = np.quantile(residuals, LEVELS, weights=spread_weights, method="inverted_cdf")
    low, middle, high = (float(value) for value in target.from_residual(ends))
    below = float(weights @ ndtr(-centre / spread))
    return LeftOut(target, effective, (low, middle, high), below)


def _predicted(targets: Sequence[Target], values: Array, number: int) -> tuple[Array, float]:
    """Return what each run predicts as the residual of a count, given those of the others.

    The residual of a run is the error of count and model together. Those of the others tell the
    mean of this one's.

    Returns:
        Means, shape (run,), and the standard deviation.
    """
    counted = [i for i, target in enumerate(targets) if not target.yes_or_no]
    chosen = [targets[i] for i in counted]
    own, rest = counted.index(number), [i for i, j in enumerate(counted) if j != number]
    off = residuals_of(chosen, values[:, counted])
    covariance = error_covariance(chosen)
    gain = np.linalg.solve(covariance[np.ix_(rest, rest)], covariance[rest, own])
    spread = float(np.sqrt(covariance[own, own] - covariance[own, rest] @ gain))
    return off[:, own] - off[:, rest] @ gain, spread


def _normal_values() -> Array:
    """Return equally likely standard normal values."""
    values: Array = ndtri((np.arange(ERRORS) + 0.5) / ERRORS)
    return values
