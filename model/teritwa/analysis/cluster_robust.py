"""Means over runs, with standard errors that are robust to the clustering of runs by draw.

Runs of one draw share its parameters, so each draw is one cluster. With a single draw, each run is
a cluster of its own.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def mean_and_error(values: NDArray[np.float64], draws: NDArray[np.intp]) -> tuple[Any, Any, int]:
    """Compute a mean over the first axis and its cluster-robust standard error.

    Clusters may differ in size: the variance is the usual linearised one of a ratio (Cameron and
    Miller 2015, A Practitioner's Guide to Cluster-Robust Inference).

    Args:
        values: Values of at least two runs, shape (run, ...), in any unit.
        draws: Draw of each run, shape (run,).

    Returns:
        The mean and its standard error, each of shape (...) and in the unit of the values, and the
        degrees of freedom.
    """
    mean = values.mean(axis=0)
    clusters = draws if len(np.unique(draws)) > 1 else np.arange(len(values))
    names, cluster_of_run = np.unique(clusters, return_inverse=True)
    count = len(names)
    residuals = np.zeros((count, *values.shape[1:]))
    for cluster, residual in zip(cluster_of_run, values - mean, strict=True):
        residuals[cluster] += residual  # faster than np.add.at where values are many
    error = np.sqrt((residuals * residuals).sum(axis=0) * count / (count - 1)) / len(values)
    return mean, error, count - 1


def mean_and_half_interval(values: NDArray[np.float64], draws: NDArray[np.intp]) -> tuple[Any, Any]:
    """Compute a mean over the first axis and half its 95 % confidence interval (Student's t).

    Args:
        values: Values of at least two runs, shape (run, ...), in any unit.
        draws: Draw of each run, shape (run,).

    Returns:
        The mean and half the width of its interval, each of shape (...), in the unit of the values.
    """
    from scipy.special import stdtrit

    mean, error, freedom = mean_and_error(values, draws)
    return mean, error * float(stdtrit(freedom, 0.975))


def linearised_ratio(
    numerators: NDArray[np.float64], denominators: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Linearise a ratio of two sums over runs (Cochran 1977, Sampling Techniques, chapter 6).

    Args:
        numerators: Part that each run adds to the upper sum, shape (run,).
        denominators: Part that each run adds to the lower sum, shape (run,).

    Returns:
        One value a run, shape (run,): their mean is the ratio, and the standard error of their mean
        is that of the ratio. Not a number if the denominators add up to 0.
    """
    if denominators.sum() == 0:
        return np.full(len(denominators), np.nan)
    ratio = numerators.sum() / denominators.sum()
    return np.asarray(ratio + (numerators - ratio * denominators) / denominators.mean())
