"""A first guess of the posterior: what a linear model of runs makes of the counts.

Scouts are runs of the prior. Each quantity of theirs is regressed on the numbers of the particles,
which are standard normal. With normal errors the posterior of such a model is normal and known in
closed form. It is narrower than the prior along a few directions only, one a count at most.

The guess only says where to look. What it gets wrong the weights put right (`tempering`), as long
as it is no narrower than the posterior by far.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.observation import error_covariance, residuals_of
from teritwa.analysis.calibration.targets import Target

Array = NDArray[np.float64]

CERTAIN = 3.0
"""A slope is kept if it is this many standard errors from 0."""

DIGITS = 9
"""Decimal places that a guess keeps: less than what depends on the order of summation."""


@dataclass(frozen=True)
class Guess:
    """A normal distribution of the numbers of a particle.

    Attributes:
        mean: Its mean, shape (number,).
        pull: Square root of its covariance, less the identity, shape (number, number): symmetric,
            and 0 where the counts say nothing.
        told: How much the counts tell of each number alone: 1 if as much as the prior does, shape
            (number,).
    """

    mean: Array
    pull: Array
    told: Array

    def numbers(self, scores: Array) -> Array:
        """Return numbers of particles from standard normal scores, shape (particle, number)."""
        # Not by the linear algebra library: its sums depend on the number of threads.
        pulled = np.einsum("ij,jk->ik", scores, self.pull)
        return np.asarray(self.mean + scores + pulled)

    def excess(self, scores: Array) -> Array:
        """Return by how much the log density of the prior exceeds that of the guess.

        Args:
            scores: Standard normal scores, shape (particle, number).

        Returns:
            The differences up to a constant, shape (particle,).
        """
        numbers = self.numbers(scores)
        return np.asarray(0.5 * ((scores**2).sum(axis=1) - (numbers**2).sum(axis=1)))


def no_guess(size: int) -> Guess:
    """Return the guess of somebody who knows nothing: the prior itself."""
    return Guess(np.zeros(size), np.zeros((size, size)), np.zeros(size))


def guess(targets: Sequence[Target], numbers: Array, quantities: Array) -> Guess:
    """Return the posterior of a linear model of runs.

    Args:
        targets: The targets.
        numbers: Numbers of the scouts, standard normal, shape (run, number).
        quantities: The targets in their runs, shape (run, target); not a number where one failed.
    """
    finished = ~np.isnan(quantities).any(axis=1)
    if finished.sum() <= numbers.shape[1] + 1:  # as many numbers as runs explain anything
        return no_guess(numbers.shape[1])
    found = residuals_of(targets, quantities[finished])
    levels, slopes, unexplained = _regressed(numbers[finished], found)
    errors = unexplained + error_covariance(targets)
    # Whitened: each direction of the numbers is told with errors of unit size.
    whitened = np.linalg.solve(np.linalg.cholesky(errors), np.column_stack([slopes, levels]))
    _, told, directions = np.linalg.svd(whitened[:, :-1], full_matrices=False)
    widths = 1.0 / np.sqrt(1.0 + told**2)
    gradient = whitened[:, :-1].T @ whitened[:, -1]
    mean = -(gradient - directions.T @ ((1.0 - widths**2) * (directions @ gradient)))
    pull = directions.T @ ((widths - 1.0)[:, None] * directions)
    alone = (whitened[:, :-1] ** 2).sum(axis=0)
    return Guess(*(np.round(part, DIGITS) for part in (mean, pull, alone)))


def _regressed(numbers: Array, found: Array) -> tuple[Array, Array, Array]:
    """Return a linear model of residuals, with slopes that are certain only.

    Args:
        numbers: Regressors, shape (run, number).
        found: Residuals, shape (run, target).

    Returns:
        Levels, shape (target,); slopes, shape (target, number); and the covariance of what the
        model does not explain, shape (target, target).
    """
    design = np.column_stack([np.ones(len(numbers)), numbers])
    inverse = np.linalg.pinv(design.T @ design)
    whole = inverse @ (design.T @ found)
    freedom = max(1, len(design) - design.shape[1])
    spread = np.sqrt(((found - design @ whole) ** 2).sum(axis=0) / freedom)
    certain = np.abs(whole) > CERTAIN * np.outer(np.sqrt(np.diag(inverse)), spread)
    certain[0] = True
    kept = np.zeros_like(whole)
    for column, own in enumerate(certain.T):
        kept[own, column] = np.linalg.lstsq(design[:, own], found[:, column], rcond=None)[0]
    off = found - design @ kept
    return kept[0], kept[1:].T, off.T @ off / len(off)
