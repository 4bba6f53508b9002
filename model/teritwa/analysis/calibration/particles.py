"""Particles: parameters, moods and chance of the past, as numbers that can be drawn anew.

A particle is one way in which the past may have been. Its parameters are standard normal numbers of
their priors; each month has a number for each mood, standard normal too. What past missions say of
some parameters is a table of equally likely rows, of which a particle holds one. Each month has a
further number that stands for all its other chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.guess import Guess
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
        fixed: Names of parameters that are neither drawn nor learned.
    """

    parameters: tuple[Parameter, ...]
    learned: Posterior | None
    months: tuple[date, ...]
    fixed: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many numbers a particle has: one a parameter, and one a mood and month."""
        return len(self.parameters) + len(self.months) * len(MOODS)

    def draw(self, count: int, rng: Stream) -> "Particles":
        """Return particles with standard normal scores."""
        return Particles(
            rng.standard_normal((count, self.size)),
            self.learned_rows(count, rng),
            rng.integers(LARGEST_CHANCE, size=(count, len(self.months))),
            np.arange(count),
        )

    def learned_rows(self, count: int, rng: Stream) -> NDArray[np.int64]:
        """Return equally likely rows of what past missions say."""
        return rng.integers(self.learned.draws if self.learned else 1, size=count)

    def rows(self, particles: "Particles", guess: Guess) -> list[dict[str, float]]:
        """Return each particle as the row of a posterior: parameters, then months.

        Args:
            particles: The particles.
            guess: What their scores are scores of.
        """
        numbers = guess.numbers(particles.scores)
        each = zip(numbers, particles.rows, particles.chance, strict=True)
        return [self._row(own, int(learned), chance) for own, learned, chance in each]

    def _row(self, numbers: Array, learned: int, chance: NDArray[np.int64]) -> dict[str, float]:
        """Return a particle as the row of a posterior."""
        count = len(self.parameters)
        row = values_at(self.parameters, levels_of(numbers[:count]))
        if self.learned is not None:
            known = self.learned.values(learned)
            row |= {name: value for name, value in known.items() if name not in self.fixed}
        moods = rounded(numbers[count:]).reshape(len(self.months), len(MOODS))
        past = zip(self.months, chance, moods, strict=True)
        replayed = tuple(
            KnownMonth(day, int(own), tuple(moved.tolist())) for day, own, moved in past
        )
        return dict(sorted(row.items())) | History(replayed).columns()


@dataclass(frozen=True)
class Particles:
    """A number of particles.

    Attributes:
        scores: Scores of their numbers, which a guess turns into standard normal numbers of the
            parameters and of each month's moods, shape (particle, number).
        rows: The row of what past missions say, shape (particle,).
        chance: The number of a month's other chance, shape (particle, month).
        ancestors: The particle of the beginning from which each descends, shape (particle,).
    """

    scores: Array
    rows: NDArray[np.int64]
    chance: NDArray[np.int64]
    ancestors: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of particles."""
        return len(self.rows)

    def take(self, chosen: NDArray[np.intp]) -> "Particles":
        """Return the chosen particles, in the order chosen."""
        return Particles(
            self.scores[chosen], self.rows[chosen], self.chance[chosen], self.ancestors[chosen]
        )

    def where(self, accepted: NDArray[np.bool_], others: "Particles") -> "Particles":
        """Return the particles, each replaced by the other of its place where that is accepted."""
        return replace(
            self,
            scores=np.where(accepted[:, None], others.scores, self.scores),
            rows=np.where(accepted, others.rows, self.rows),
            chance=np.where(accepted[:, None], others.chance, self.chance),
        )


def levels_of(scores: Array) -> Array:
    """Return the levels (0 to 1) of standard normal scores."""
    from scipy.special import ndtr

    levels: Array = ndtr(scores)
    return levels


def rounded(numbers: Array) -> Array:
    """Return numbers of moods as a table holds them."""
    limited = np.clip(numbers, -LARGEST_NUMBER, LARGEST_NUMBER)
    return np.asarray(np.round(limited, DIGITS))


def spread_out(rows: Sequence[dict[str, float]], count: int) -> NDArray[np.intp]:
    """Return particles that differ, as far as there are so many.

    Of particles that are alike one is taken before any is taken twice. They are set far apart, so
    that the first few are as mixed as all of them.

    Args:
        rows: The particles as rows of a posterior.
        count: How many are wanted.
    """
    order = far_apart(len(rows))
    first = {tuple(rows[number].values()): number for number in reversed(order)}
    differing = [number for number in order if first[tuple(rows[number].values())] == number]
    alike = [number for number in order if first[tuple(rows[number].values())] != number]
    return np.array([*differing, *alike][:count], np.intp)
