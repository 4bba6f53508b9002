"""The runs of one scenario: their coordinates, which of them finished, and why others did not."""

import hashlib
import re
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

OutcomeArrays = Mapping[str, NDArray[Any]]
"""The arrays of one run by outcome."""

Auxiliary = tuple[str, Sequence[Any], str]
"""An auxiliary coordinate: its dimension, its values, and what it means."""

RUN = re.compile(r"[0-9]{1,7}\.[0-9]{1,7}")
"""A run as text; an ensemble has at most a million runs."""

RUNS_PER_CHUNK = 32
"""Runs that are written, or read for the summary, at a time: some forty megabytes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that did not finish, and the cause in one line."""

    draw: int
    replicate: int
    cause: str


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Coordinates of a scenario's outcomes.

    Attributes:
        by_dimension: Values along each dimension: date, week, district, contingent, perpetrator
            and victim.
        auxiliary: Facts about each district (district_name, metropolitan, residents_2015) and
            each contingent (force), by name.
        world: The name of the world, and the hash of its tables as ``digest``.
    """

    by_dimension: Mapping[str, Sequence[Any]]
    auxiliary: Mapping[str, Auxiliary]
    world: Mapping[str, str]


def coordinates_of(scenario: "Scenario") -> Coordinates:
    """Return the coordinates of a scenario's outcomes."""
    from teritwa import world
    from teritwa.simulation.model import coordinates

    place = world.load(scenario.world)
    districts, contingents = place.districts, place.contingents
    names = [row.name for row in districts]
    metropolitan = [int(row.metropolitan) for row in districts]
    residents = [row.residents_2015 for row in districts]
    forces = [row.force for row in contingents]
    auxiliary: dict[str, Auxiliary] = {
        "district_name": ("district", names, "name of the district"),
        "metropolitan": ("district", metropolitan, "1 within the capital"),
        "residents_2015": ("district", residents, "residents in 2015"),
        "force": ("contingent", forces, "force the contingent belongs to"),
    }
    identity = {"name": place.name, "digest": tables_digest(place.folder)}
    return Coordinates(coordinates(scenario), auxiliary, identity)


def tables_digest(folder: Path) -> str:
    """Return a SHA-256 of a world's tables, by name and content."""
    total = hashlib.sha256()
    for table in sorted(folder.glob("*.csv")):
        total.update(table.name.encode() + b"\0" + hashlib.sha256(table.read_bytes()).digest())
    return total.hexdigest()


@dataclass(slots=True)
class RunSet(ABC):
    """The runs of one scenario, in memory or on the disk.

    Attributes:
        scenario: The scenario.
        coordinates: The coordinates of its outcomes.
        completed: Which runs finished (draw, replicate).
        failures: The runs that failed.
        seconds: Time that the runs took, summed over workers (s); it is reported, never stored.
    """

    scenario: "Scenario"
    coordinates: Coordinates
    completed: NDArray[np.bool_]
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    @property
    @abstractmethod
    def outcome_names(self) -> list[str]:
        """The names of the outcomes that the runs hold, sorted; none if no run finished."""

    @abstractmethod
    def read(self, draw: int, replicate: int) -> OutcomeArrays:
        """Return the arrays of one finished run by outcome."""

    @abstractmethod
    def add(self, draw: int, replicate: int, output: Any) -> None:
        """Add one finished run: its arrays by outcome, or the content of its file."""

    def new_array(self, outcome: str, draws: int, replicates: int) -> NDArray[Any]:
        """Return an array of fill values for an outcome of some runs (draw, replicate, ...)."""
        dtype = np.dtype(OUTCOMES[outcome].stored)
        dimensions = OUTCOMES[outcome].dimensions
        lengths = (len(self.coordinates.by_dimension[dimension]) for dimension in dimensions)
        return np.full((draws, replicates, *lengths), fill_value(dtype), dtype)

    def missing_runs(self) -> list[Failure]:
        """Return every run that did not finish, in order; one without a cause never ran."""
        causes = {(failure.draw, failure.replicate): failure for failure in self.failures}
        absent = [(int(draw), int(replicate)) for draw, replicate in np.argwhere(~self.completed)]
        return [causes.get(run, Failure(*run, "interrupted before it ran")) for run in absent]


@dataclass(slots=True)
class InMemoryRunSet(RunSet):
    """Runs in memory: arrays (draw, replicate, ...) by outcome.

    A run that failed keeps the fill value of the array's type.
    """

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def outcome_names(self) -> list[str]:
        """The names of the outcomes that the runs hold, sorted."""
        return sorted(self.arrays)

    def read(self, draw: int, replicate: int) -> OutcomeArrays:
        """Return the arrays of one run by outcome."""
        return {name: values[draw, replicate] for name, values in self.arrays.items()}

    def add(self, draw: int, replicate: int, output: OutcomeArrays) -> None:
        """Add the arrays of one finished run."""
        for name, values in output.items():
            if name not in self.arrays:
                self.arrays[name] = self.new_array(name, *self.completed.shape)
            self.arrays[name][draw, replicate] = values
        self.completed[draw, replicate] = True


def parse_run(text: str) -> tuple[int, int]:
    """Return the draw and the replicate of a run that is given as text.

    Args:
        text: Draw and replicate, such as 3.0.

    Raises:
        ValueError: The text has another form; the message says so.
    """
    if not RUN.fullmatch(text):
        raise ValueError(f"{reprlib.repr(text)}: is not DRAW.REPLICATE, such as 3.0")
    draw, _, replicate = text.partition(".")
    return int(draw), int(replicate)


def fill_value(dtype: np.dtype[Any]) -> float | int:
    """Return what stands for a missing value: not a number, or the lowest integer of a type."""
    return float("nan") if dtype.kind == "f" else int(np.iinfo(dtype).min)


def run_chunks(draws: int, replicates: int) -> Iterator[tuple[slice, slice]]:
    """Yield chunks of the table of runs: some whole draws, or some replicates of one draw.

    Args:
        draws: Number of draws.
        replicates: Number of replicates of each draw.

    Yields:
        The draws and the replicates of a chunk of at most `RUNS_PER_CHUNK` runs.
    """
    height, width = max(RUNS_PER_CHUNK // replicates, 1), min(RUNS_PER_CHUNK, replicates)
    for draw in range(0, draws, height):
        for replicate in range(0, replicates, width):
            last_draw, last_replicate = draw + height, replicate + width
            yield (
                slice(draw, min(last_draw, draws)),
                slice(replicate, min(last_replicate, replicates)),
            )
