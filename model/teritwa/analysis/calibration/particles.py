"""Particles: parameters, moods and chance of the past, as the numbers that a random walk moves.

A particle is one way in which the past may have been. Its parameters are standard normal scores of
their priors, so that a step that keeps the standard normal distribution keeps the prior. What past
missions say of some parameters is a table of equally likely rows, of which a particle holds one.
Each month has a number for each mood, standard normal too, and a number for all its other chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import values_at
from teritwa.analysis.calibration.weights import far_apart
from teritwa.engine.parameters import Parameter
from teritwa.scenario.history import LARGEST_CHANCE, LARGEST_NUMBER, MOODS, History, KnownMonth
from teritwa.scenario.posterior import Posterior

Array = NDArray[np.float64]

Stream = np.random.Generator  # noqa: TID251  # each step needs what the one before used
"""The chance of the method itself; that of the model is looked up."""

DIGITS = 4
"""Decimal places that the number of a mood keeps, so that a table holds what was run."""


@dataclass(frozen=True)
class Prior:
    """What a particle is drawn from.

    Attributes:
        parameters: The parameters that are drawn from their own priors.
        learned: Equally likely rows of further parameters; None if there are none.
        months: First days of the months up to the origin.
    """

    parameters: tuple[Parameter, ...]
    learned: Posterior | None
    months: tuple[date, ...]

    def draw(self, count: int, rng: Stream) -> "Particles":
        """Return particles from the prior."""
        rows = self.learned.draws if self.learned else 1
        return Particles(
            rng.standard_normal((count, len(self.parameters))),
            rng.integers(rows, size=count),
            rounded(rng.standard_normal((count, len(self.months), len(MOODS)))),
            rng.integers(LARGEST_CHANCE, size=(count, len(self.months))),
            np.arange(count),
        )


@dataclass(frozen=True)
class Particles:
    """A number of particles.

    Attributes:
        scores: Standard normal scores of the parameters, shape (particle, parameter).
        rows: The row of what past missions say, shape (particle,).
        moods: The number of each mood, shape (particle, month, mood).
        chance: The number of a month's other chance, shape (particle, month).
        ancestors: The particle of the prior from which each descends, shape (particle,).
    """

    scores: Array
    rows: NDArray[np.int64]
    moods: Array
    chance: NDArray[np.int64]
    ancestors: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of particles."""
        return len(self.rows)

    def take(self, chosen: NDArray[np.intp]) -> "Particles":
        """Return the chosen particles, in the order chosen."""
        return Particles(
            self.scores[chosen],
            self.rows[chosen],
            self.moods[chosen],
            self.chance[chosen],
            self.ancestors[chosen],
        )

    def where(self, accepted: NDArray[np.bool_], others: "Particles") -> "Particles":
        """Return the particles, each replaced by the other of its place where that is accepted."""
        return replace(
            self,
            scores=np.where(accepted[:, None], others.scores, self.scores),
            rows=np.where(accepted, others.rows, self.rows),
            moods=np.where(accepted[:, None, None], others.moods, self.moods),
            chance=np.where(accepted[:, None], others.chance, self.chance),
        )

    def values(self, prior: Prior, months: int) -> list[dict[str, float]]:
        """Return each particle as the row of a posterior: parameters, then its first months.

        Args:
            prior: What the particles were drawn from.
            months: The number of months.
        """
        return [self._row(prior, months, number) for number in range(len(self))]

    def _row(self, prior: Prior, months: int, number: int) -> dict[str, float]:
        """Return a particle as the row of a posterior."""
        row = values_at(prior.parameters, levels_of(self.scores[number]))
        if prior.learned is not None:
            row |= prior.learned.values(int(self.rows[number]))
        past = zip(prior.months[:months], self.chance[number], self.moods[number], strict=False)
        known = tuple(
            KnownMonth(day, int(chance), tuple(moods.tolist())) for day, chance, moods in past
        )
        return dict(sorted(row.items())) | History(known).columns()


def levels_of(scores: Array) -> Array:
    """Return the levels (0 to 1) of standard normal scores."""
    from scipy.special import ndtr

    levels: Array = ndtr(scores)
    return levels


def rounded(numbers: Array) -> Array:
    """Return numbers of moods as a table holds them."""
    limited = np.clip(numbers, -LARGEST_NUMBER, LARGEST_NUMBER)
    return np.asarray(np.round(limited, DIGITS))


def stepped(numbers: Array, step: float, rng: Stream, moved: NDArray[np.bool_]) -> Array:
    """Return standard normal numbers after a step that keeps their distribution.

    It is the preconditioned Crank-Nicolson step (Cotter, Roberts, Stuart and White 2013).

    Args:
        numbers: The numbers, of any shape.
        step: Length of the step, from 0 (none) to 1 (drawn anew).
        rng: Source of chance.
        moved: Which of them are moved, of the same shape.
    """
    proposed = np.sqrt(1.0 - step * step) * numbers + step * rng.standard_normal(numbers.shape)
    return np.where(moved, proposed, numbers)


def spread_out(rows: Sequence[dict[str, float]], count: int) -> NDArray[np.intp]:
    """Return equally likely particles that differ, as far as there are so many.

    They are set far apart, so that the first few are as mixed as all of them.

    Args:
        rows: The particles as rows of a posterior.
        count: How many are wanted.
    """
    order = far_apart(len(rows))
    first = {tuple(rows[number].values()): number for number in reversed(order)}
    differing = [number for number in order if first[tuple(rows[number].values())] == number]
    return np.array([*differing, *order][:count], np.intp)
