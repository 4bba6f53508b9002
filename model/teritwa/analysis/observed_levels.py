"""What was counted in a world: dots in pictures, and what a calibration may be held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from teritwa.engine import columns
from teritwa.world import DEFAULT_WORLD, FIGURES, read_figures

OBSERVED = Path(FIGURES) / "observed.csv"
"""The table of what was counted, within the folder of a world, which need not have it.

It stands apart from the tables that runs read: a new figure changes no run.
"""


@dataclass(frozen=True, slots=True)
class ObservedLevel:
    """A published figure: a stock on a day, where start equals end, or a count over a period."""

    outcome: str = columns.text()
    """The outcome, with the perpetrator (and .share) or the force after a dot."""
    start: date = columns.date()  # it declares a field
    """The day of a stock, or the first day of a count."""
    end: date = columns.date()
    """The same day, or the last day of a count."""
    value: float = columns.number(-1e15, 1e15)
    """What was published, in the unit."""
    low: float = columns.number(-1e15, 1e15)
    """The least that the sources allow."""
    high: float = columns.number(-1e15, 1e15)
    """The most that the sources allow."""
    unit: str = columns.text()
    """The unit of the three."""
    source: str = columns.text()
    """Where it comes from; the publisher first, then a comma."""

    @property
    def publisher(self) -> str:
        """The first part of the source, short enough for a legend."""
        return self.source.split(",")[0]


@cache
def observed(world: Path | None = None) -> tuple[ObservedLevel, ...]:
    """Return every published figure of a world, in the order of its table; none without a table.

    Args:
        world: Folder of the world; None means the default world.

    Raises:
        WorldError: If the table has mistakes; it lists every one.
    """
    path = (world or DEFAULT_WORLD) / OBSERVED
    return read_figures(path, ObservedLevel, ("outcome", "start", "end"))


def observed_of(
    outcome: str, start: date, end: date, world: Path | None = None
) -> list[ObservedLevel]:
    """Return the figures of one outcome whose days lie wholly within a period.

    Args:
        outcome: Name of the outcome, with the perpetrator (and .share) or force after a dot.
        start: First day of the period.
        end: Last day of the period.
        world: Folder of the world; None means the default world.
    """
    return [
        level
        for level in observed(world)
        if level.outcome == outcome and start <= level.start and level.end <= end
    ]


def publishers(figures: Iterable[ObservedLevel]) -> str:
    """Return who published figures, each publisher once."""
    return "; ".join(dict.fromkeys(one.publisher for one in figures))
