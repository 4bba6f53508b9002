"""Emulator: each target as a smooth function of the parameters, with the covariance of its error.

Each target is a polynomial of second order in the parameters' levels: linear in all of them, with
the squares and products of those few on which the target depends most. The remainder is chance
(another history under the same parameters) and the polynomial's own error. Both are measured
together on runs that the fit has not seen, as one covariance over all targets. O'Hagan (2006) and
Vernon, Goldstein and Bower (2010) are the usual references for calibrating a costly model through
an emulator.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

QUADRATIC_PARAMETERS = 30
"""How many parameters enter a target's polynomial with their squares and products."""

RIDGE = 30.0
"""Shrinkage of the coefficients, in runs that showed no effect of a (standardised) term."""

FOLDS = 4
"""Parts into which runs are divided for cross-validation."""


@dataclass(frozen=True)
class Emulator:
    """A fitted polynomial for each target, and the covariance of what they leave out.

    Attributes:
        quadratic: For each target the parameters that enter with squares and products, those of
            the largest correlation first.
        coefficients: For each target its coefficients, shape (term,).
        constants: The constants, shape (target,).
        covariance: Covariance of the remainder, shape (target, target).
    """

    quadratic: tuple[NDArray[np.intp], ...]
    coefficients: tuple[Array, ...]
    constants: Array
    covariance: Array

    def __call__(self, levels: Array) -> Array:
        """Return predicted residuals, shape (row, target), at levels (row, parameter)."""
        centred = 2.0 * levels - 1.0
        fits = zip(self.quadratic, self.coefficients, self.constants, strict=True)
        columns = [
            constant + _terms(centred, quadratic) @ coefficients
            for quadratic, coefficients, constant in fits
        ]
        return np.stack(columns, axis=1)


def fit_emulator(levels: Array, residuals: Array, validation_runs: int = 0) -> Emulator:
    """Fit an emulator to runs and measure its remainder by cross-validation.

    Args:
        levels: Levels of the priors, shape (run, parameter).
        residuals: Distances from the observations, shape (run, target), without missing values.
        validation_runs: The remainder is measured on so many of the last runs, those of the
            region that matters; 0 for all runs.

    Raises:
        ValueError: If there are fewer than four runs.
    """
    if len(levels) < FOLDS:
        raise ValueError(f"{len(levels)} runs are too few to fit an emulator to")
    remainder = np.empty_like(residuals)
    for held_out in _folds(len(levels)):
        emulator = _polynomials(levels[~held_out], residuals[~held_out])
        remainder[held_out] = residuals[held_out] - emulator(levels[held_out])
    whole = _polynomials(levels, residuals)
    covariance = np.atleast_2d(np.cov(remainder[-validation_runs:].T))
    return Emulator(whole.quadratic, whole.coefficients, whole.constants, covariance)


def _folds(count: int) -> Iterator[NDArray[np.bool_]]:
    """Yield which of so many rows each fold holds out."""
    fold = np.arange(count) % FOLDS
    for part in range(FOLDS):
        yield fold == part


def _polynomials(levels: Array, residuals: Array) -> Emulator:
    """Fit every target; the covariance is left at zero."""
    centred = 2.0 * levels - 1.0
    fits = [_polynomial(centred, column) for column in residuals.T]
    quadratic, coefficients, constants = zip(*fits, strict=True)
    nothing = np.zeros((len(fits), len(fits)))
    return Emulator(quadratic, coefficients, np.array(constants), nothing)


def _polynomial(centred: Array, column: Array) -> tuple[NDArray[np.intp], Array, float]:
    """Fit one target by ridge regression on standardised terms."""
    from scipy.linalg import solve

    quadratic = _most_correlated(centred, column)
    terms = _terms(centred, quadratic)
    mean, deviation = terms.mean(axis=0), _standard_deviation(terms)
    terms = (terms - mean) / deviation
    normal = terms.T @ terms + RIDGE * np.eye(terms.shape[1])
    slopes = solve(normal, terms.T @ (column - column.mean()), assume_a="pos") / deviation
    return quadratic, slopes, float(column.mean() - mean @ slopes)


def _most_correlated(centred: Array, column: Array) -> NDArray[np.intp]:
    """Return the parameters with which a target is correlated most, the strongest first."""
    deviations = centred - centred.mean(axis=0)
    covariance = np.abs(deviations.T @ (column - column.mean()))
    correlation = covariance / _standard_deviation(deviations)
    return np.argsort(-correlation, kind="stable")[:QUADRATIC_PARAMETERS]


def _standard_deviation(columns: Array) -> Array:
    """Return standard deviations, and 1 for a constant column: rounding may give that 1e-16."""
    found: Array = columns.std(axis=0)
    found[found < 1e-12] = 1.0
    return found


def _terms(centred: Array, quadratic: NDArray[np.intp]) -> Array:
    """Return a column for each parameter, and for each square and product of the chosen ones."""
    chosen = centred[:, quadratic]
    first, second = _pairs(chosen.shape[1])
    return np.hstack([centred, chosen[:, first] * chosen[:, second]])


@functools.cache
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first and second of each pair of so many, a number with itself included."""
    return np.triu_indices(count)
