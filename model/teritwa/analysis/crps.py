"""Two scores of a sample, and the error of the figure it is held to.

The continuous ranked probability score (CRPS) and the interval score (both: Gneiting and Raftery
2007, Strictly Proper Scoring Rules, Prediction, and Estimation) are in the unit of the figure, and
less is better. The CRPS of a point is its absolute error. Here it is that of the sample as it
stands (not the fair form, which divides by one less): with n runs it is too high by about the mean
difference between two runs over 2 n.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.published_figures import Observation

ERROR_VALUES = 99
"""Number of equally likely values that stand for the error of a figure: their spread is 1 % too
small."""

INTERVAL = 80
"""The central interval that the interval score is of, in percent."""


def normal_quantiles(count: int) -> NDArray[np.float64]:
    """Return equally likely values of the standard normal distribution, the smallest first."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / count) for i in range(count)])


_WIDTHS = normal_quantiles(ERROR_VALUES) / NormalDist().inv_cdf(0.95)


def crps(sample: NDArray[np.float64], value: float) -> float:
    """Compute the CRPS of a sample.

    It is the mean distance from the value less half of that between two members of the sample.

    Args:
        sample: Simulated values, shape (run,), in any order and unit.
        value: The figure, in the unit of the sample.
    """
    return float(np.abs(sample - value).mean() - expected_crps(sample - value))


def central_interval(sample: NDArray[np.float64], percent: int) -> tuple[float, float]:
    """Return the bounds of a central interval of a sample.

    Args:
        sample: Simulated values, shape (run,).
        percent: How many of a hundred values lie within the interval.
    """
    low, high = np.quantile(sample, [0.5 - percent / 200, 0.5 + percent / 200])
    return float(low), float(high)


def interval_score(sample: NDArray[np.float64], value: float) -> float:
    """Compute the interval score of the central 80 % interval of a sample.

    It is the width of the interval, and ten times the distance of a value outside from it.

    Args:
        sample: Simulated values, shape (run,), in any order and unit.
        value: The figure, in the unit of the sample.
    """
    low, high = central_interval(sample, INTERVAL)
    missed_by = max(low - value, value - high, 0.0)
    return high - low + 2 / (1 - INTERVAL / 100) * missed_by


def expected_crps(sample: NDArray[np.float64]) -> float:
    """Compute the CRPS that a sample has on average if the figure is one of its own kind.

    That is what a forecast scores that is right: half of the mean distance between two members.

    Args:
        sample: Simulated values, shape (run,), in any order and unit.
    """
    ordered, count = np.sort(sample), len(sample)
    return float((2 * np.arange(count) - (count - 1)) @ ordered / count**2)


def with_reporting_error(
    values: NDArray[np.float64], observation: Observation
) -> NDArray[np.float64]:
    """Return what would be reported if each value were the truth.

    Args:
        values: Simulated values, shape (run,), in the unit of the observation.
        observation: The figure whose range gives the error.

    Returns:
        The values themselves if the figure has no range, else `ERROR_VALUES` equally likely values
        for each of them, in one axis.
    """
    value, low, high = observation.value, observation.low, observation.high
    if low is None or high is None or low == high:
        return values
    if observation.is_share:
        shifted = np.add.outer(values, _shifts(value, low, high))
        clipped: NDArray[np.float64] = np.clip(shifted, 0.0, 1.0)
        return clipped.ravel()
    if low == 0:
        return np.add.outer(values, _shifts(value, low, high)).ravel()
    return np.multiply.outer(values, np.exp(_shifts(*np.log((value, low, high))))).ravel()


def _shifts(value: float, low: float, high: float) -> NDArray[np.float64]:
    """Return by how much a figure may exceed the truth: equally likely values, largest first."""
    return -_WIDTHS * np.where(_WIDTHS < 0, value - low, high - value)
