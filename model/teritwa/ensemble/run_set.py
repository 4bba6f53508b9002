"""What an ensemble consists of: its axes, its runs, and those that are not there."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

Outcomes = Mapping[str, NDArray[Any]]

TOGETHER = 64
"""Runs that are packed, or read for the summary, at a time: some fifty megabytes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that did not finish, and why, in one line."""

    draw: int
    replicate: int
    cause: str


@dataclass(frozen=True, slots=True)
class Axes:
    """What stands along the axes of a scenario's outcomes.

    ``along`` has the values of each axis by name (date, week, district, contingent, perpetrator, victim);
    ``about`` has what is known of each district (name, metropolitan, residents_2015) and contingent (force),
    as ``{name: (axis, values, meaning)}``; ``world`` is the world's name and the hash of its tables.
    """

    along: Mapping[str, Sequence[Any]]
    about: Mapping[str, tuple[str, Sequence[Any], str]]
    world: Mapping[str, str]


@dataclass(slots=True)
class Book(ABC):
    """The runs of one scenario: which of them finished (draw, replicate), and why others did not."""

    scenario: "Scenario"
    axes: Axes
    completed: NDArray[np.bool_]
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    """What the runs took to compute, summed over workers; told to the user, never stored."""

    @property
    @abstractmethod
    def outcomes(self) -> list[str]:
        """The names of the outcomes that the runs hold, sorted; none if no run finished."""

    @abstractmethod
    def read(self, draw: int, replicate: int) -> Outcomes:
        """Return the arrays of one finished run by outcome."""

    @abstractmethod
    def keep(self, draw: int, replicate: int, found: Any) -> None:
        """Enter one finished run: its arrays by outcome, or the file that has them."""

    def room(self, name: str, runs: tuple[int, int]) -> NDArray[Any]:
        """Return an array of one outcome for so many draws and replicates, filled with missing values."""
        kind = np.dtype(OUTCOMES[name].stored)
        inside = (len(self.axes.along[axis]) for axis in OUTCOMES[name].dimensions)
        return np.full((*runs, *inside), missing(kind), kind)

    def missing_runs(self) -> list[Failure]:
        """Every run that is not there, in order; one without a cause never ran."""
        causes = {(failure.draw, failure.replicate): failure for failure in self.failures}
        absent = [(int(draw), int(replicate)) for draw, replicate in np.argwhere(~self.completed)]
        return [causes.get(run, Failure(*run, "interrupted before it ran")) for run in absent]


@dataclass(slots=True)
class Runs(Book):
    """Runs in memory: arrays (draw, replicate, ...) by outcome.

    The place of a run that failed keeps the type's missing value: not a number, or the lowest integer.
    """

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[str]:
        """The names of the outcomes that the runs hold, sorted."""
        return sorted(self.arrays)

    def read(self, draw: int, replicate: int) -> Outcomes:
        """Return the arrays of one run by outcome."""
        return {name: values[draw, replicate] for name, values in self.arrays.items()}

    def keep(self, draw: int, replicate: int, found: Outcomes) -> None:
        """Store the arrays of one finished run."""
        for name, values in found.items():
            if name not in self.arrays:
                kind = np.dtype(OUTCOMES[name].stored)
                self.arrays[name] = np.full((*self.completed.shape, *values.shape), missing(kind), kind)
            self.arrays[name][draw, replicate] = values
        self.completed[draw, replicate] = True


def missing(kind: np.dtype[Any]) -> float | int:
    """What stands for a value that is not there, in a stored type."""
    return float("nan") if kind.kind == "f" else int(np.iinfo(kind).min)


def blocks(draws: int, replicates: int) -> Iterator[tuple[slice, slice]]:
    """Part the table of runs into blocks of neighbours: some whole draws, or some replicates of one."""
    high, wide = max(TOGETHER // replicates, 1), min(TOGETHER, replicates)
    for draw in range(0, draws, high):
        for replicate in range(0, replicates, wide):
            yield slice(draw, min(draw + high, draws)), slice(replicate, min(replicate + wide, replicates))
