"""A quick stand-in for the model: each target as a smooth function of the parameters, and what that leaves out.

For each target a polynomial of second order in the parameters' levels: all of them linearly, and the squares and
products of those few that the target follows most. What is left is chance (another history under the same
parameters) and the polynomial's own error; both are measured together, on runs that the fit has not seen, and kept
as one covariance over all targets. O'Hagan (2006) and Vernon, Goldstein and Bower (2010) are the usual references
for calibrating a costly model through such a stand-in.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STRONGEST = 30
"""Parameters whose squares and products enter a target's polynomial."""

RIDGE = 30.0
"""Shrinkage of the coefficients, in runs: as if so many runs had shown no effect of a (standardised) term."""

FOLDS = 4
"""Parts into which runs are divided to measure what the fit leaves out."""


@dataclass(frozen=True)
class Emulator:
    """Fitted polynomials: for each target the parameters that bend it, its coefficients and its constant.

    ``covariance`` (target, target) is that of the remainder, in the unit of the fitted distances.
    """

    strongest: tuple[NDArray[np.intp], ...]
    coefficients: tuple[Array, ...]
    constants: Array
    covariance: Array

    def __call__(self, levels: Array) -> Array:
        """Return the expected distances (row, target) at levels of the priors (row, parameter)."""
        centred = 2.0 * levels - 1.0
        columns = [
            constant + _terms(centred, strongest) @ coefficients
            for strongest, coefficients, constant in zip(self.strongest, self.coefficients, self.constants, strict=True)
        ]
        return np.stack(columns, axis=1)


def fitted(levels: Array, distances: Array, judged: int = 0) -> Emulator:
    """Fit an emulator to runs: levels (run, parameter) and distances (run, target), without missing values.

    The remainder is measured on the last ``judged`` runs only, those of the region that matters (0: on all). Raise
    ValueError for fewer than four runs.
    """
    if len(levels) < FOLDS:
        raise ValueError(f"{len(levels)} runs are too few to fit anything to")
    rest = np.empty_like(distances)
    fold = np.arange(len(levels)) % FOLDS
    for part in range(FOLDS):
        seen = _polynomials(levels[fold != part], distances[fold != part])
        rest[fold == part] = distances[fold == part] - seen(levels[fold == part])
    whole = _polynomials(levels, distances)
    covariance = np.atleast_2d(np.cov(rest[-judged:].T))
    return Emulator(whole.strongest, whole.coefficients, whole.constants, covariance)


def foretold(levels: Array, distances: Array, others: tuple[Array, Array]) -> Array:
    """Return what is expected of points of which there are several runs, by emulators that have not seen those.

    ``levels`` are (point, parameter), ``distances`` (point, replicate, target); ``others`` are levels and distances of
    further runs, from which all emulators learn.
    """
    found = np.empty((len(levels), distances.shape[2]))
    fold = np.arange(len(levels)) % FOLDS
    for part in range(FOLDS):
        seen = fold != part
        each = np.repeat(levels[seen], distances.shape[1], axis=0), distances[seen].reshape(-1, distances.shape[2])
        emulator = _polynomials(np.vstack([others[0], each[0]]), np.vstack([others[1], each[1]]))
        found[fold == part] = emulator(levels[fold == part])
    return found


def _polynomials(levels: Array, distances: Array) -> Emulator:
    centred = 2.0 * levels - 1.0
    fits = [_polynomial(centred, column) for column in distances.T]
    strongest, coefficients, constants = zip(*fits, strict=True)
    nothing = np.zeros((len(fits), len(fits)))
    return Emulator(strongest, coefficients, np.array(constants), nothing)


def _polynomial(centred: Array, column: Array) -> tuple[NDArray[np.intp], Array, float]:
    """Fit one target by ridge regression on standardised terms."""
    from scipy.linalg import solve

    strongest = _most_followed(centred, column)
    terms = _terms(centred, strongest)
    mean, spread = terms.mean(axis=0), _spread(terms)
    terms = (terms - mean) / spread
    shrunk = terms.T @ terms + RIDGE * np.eye(terms.shape[1])
    coefficients = solve(shrunk, terms.T @ (column - column.mean()), assume_a="pos") / spread
    return strongest, coefficients, float(column.mean() - mean @ coefficients)


def _most_followed(centred: Array, column: Array) -> NDArray[np.intp]:
    """Return the parameters with which a target is correlated most, the strongest first."""
    deviations = centred - centred.mean(axis=0)
    together = np.abs(deviations.T @ (column - column.mean())) / _spread(deviations)
    return np.argsort(-together, kind="stable")[:STRONGEST]


def _spread(columns: Array) -> Array:
    """Return standard deviations, and 1 for a column of one value, to which rounding alone may give 1e-16."""
    spread: Array = columns.std(axis=0)
    spread[spread < 1e-12] = 1.0
    return spread


def _terms(centred: Array, strongest: NDArray[np.intp]) -> Array:
    """Return every parameter and the squares and products of the strongest, a column each."""
    few = centred[:, strongest]
    first, second = _pairs(few.shape[1])
    return np.hstack([centred, few[:, first] * few[:, second]])


@functools.cache
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count)
