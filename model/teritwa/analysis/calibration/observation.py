"""Observation: how likely the counts are, given a run, with all errors and what goes together.

A count differs from a run by the count's own error, by what its sources contradict each other in,
and by what the model cannot be expected to get right (its discrepancy). Errors of one office go
together, for it misses the same places and counts in the same way. The discrepancy has a memory:
what the model misses in one quarter it misses in the next.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.targets import Target

Array = NDArray[np.float64]

OFFICE_CORRELATION = 0.5
"""Correlation of two errors of one office (assumption, range 0.2-0.8)."""

MEMORY_DAYS = 180.0
"""E-folding time of the discrepancy (days; assumption, range 60-360)."""


def residuals_of(targets: Sequence[Target], quantities: Array) -> Array:
    """Return the residuals of quantities, both of shape (run, target), target by target."""
    columns = [
        target.residual(column) for target, column in zip(targets, quantities.T, strict=True)
    ]
    return np.stack(columns, axis=1)


def count_covariance(targets: Sequence[Target]) -> Array:
    """Return the covariance of the counts' errors, shape (target, target).

    Args:
        targets: Targets of which none is a yes or no.
    """
    errors = np.array([target.residual_error for target in targets])
    together = np.array([[_one_office(a, b) for b in targets] for a in targets], bool)
    shares = np.where(together, OFFICE_CORRELATION, 0.0)
    np.fill_diagonal(shares, 1.0)
    covariance: Array = shares * np.outer(errors, errors)
    return covariance


def discrepancy_covariance(targets: Sequence[Target]) -> Array:
    """Return the covariance of the model's discrepancy, shape (target, target).

    Args:
        targets: Targets of which none is a yes or no.
    """
    sizes = np.array([target.residual_discrepancy for target in targets])
    days = np.array([(target.start.toordinal() + target.end.toordinal()) / 2 for target in targets])
    memory = np.exp(-np.abs(np.subtract.outer(days, days)) / MEMORY_DAYS)
    same = np.array([[a.outcome == b.outcome for b in targets] for a in targets], bool)
    covariance: Array = np.where(same, memory, 0.0) * np.outer(sizes, sizes)
    return covariance


def error_covariance(targets: Sequence[Target]) -> Array:
    """Return the covariance of all errors, shape (target, target), discrepancy included.

    A yes or no counts as 1 or 0, which is wrong with the probability of its doubt.
    """
    counted = [number for number, target in enumerate(targets) if not target.yes_or_no]
    covariance = np.diag([target.error * (1.0 - target.error) for target in targets])
    chosen = [targets[number] for number in counted]
    if chosen:
        both = count_covariance(chosen) + discrepancy_covariance(chosen)
        covariance[np.ix_(counted, counted)] = both
    return covariance


def log_likelihood(targets: Sequence[Target], quantities: Array) -> Array:
    """Return the log likelihood of runs, up to a constant.

    Args:
        targets: The targets.
        quantities: The same quantities in runs, shape (run, target); not a number in a run that
            failed, which cannot be.

    Returns:
        Log likelihoods, shape (run,).
    """
    total = np.zeros(len(quantities))
    counted = [number for number, target in enumerate(targets) if not target.yes_or_no]
    if counted:
        total += _log_density([targets[number] for number in counted], quantities[:, counted])
    _add_doubts(total, targets, quantities)
    return np.where(np.isnan(quantities).any(axis=1), -np.inf, total)


def _add_doubts(total: Array, targets: Sequence[Target], quantities: Array) -> None:
    """Add to each run's log likelihood that of each yes or no."""
    for number, target in enumerate(targets):
        if target.yes_or_no:
            right = quantities[:, number] == target.observed
            total += np.log(np.where(right, 1.0 - target.error, target.error))


def _log_density(targets: Sequence[Target], quantities: Array) -> Array:
    """Return the log density of the distances of runs from what was counted."""
    off = residuals_of(targets, quantities)
    inverse = np.linalg.inv(error_covariance(targets))
    return np.asarray(-0.5 * np.einsum("ij,jk,ik->i", off, inverse, off))


def _one_office(first: Target, second: Target) -> bool:
    """Return whether one office made two counts of which both errors multiply."""
    return bool(first.office) and first.office == second.office
