"""What was counted in Haiti: dots in pictures and, never after January 2025, calibration data."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

OBSERVED = Path(__file__).parent / "data" / "observed.csv"


@dataclass(frozen=True, slots=True)
class ObservedLevel:
    """One published figure: a stock on a day (start equals end) or a count over a period.

    ``outcome`` is a name of `teritwa.rules.registry.OUTCOMES`, with the perpetrator or force after
    a dot; ``value`` is in ``unit``; ``low`` and ``high`` bound what the sources allow; ``source``
    starts with the publisher.
    """

    outcome: str
    start: date
    end: date
    value: float
    low: float
    high: float
    unit: str
    source: str

    @property
    def publisher(self) -> str:
        """The first part of the source, short enough for a legend."""
        return self.source.split(",")[0]


@cache
def observed() -> tuple[ObservedLevel, ...]:
    """Return every published figure that ships with the package, in the order of its table."""
    with OBSERVED.open(encoding="utf-8", newline="") as stream:
        return tuple(_level(row) for row in csv.DictReader(stream))


def observed_of(outcome: str, start: date, end: date) -> list[ObservedLevel]:
    """Return the figures of one outcome whose days lie wholly within a period.

    Args:
        outcome: Name of the outcome, with the perpetrator or force after a dot.
        start: First day of the period.
        end: Last day of the period.
    """
    return [
        level
        for level in observed()
        if level.outcome == outcome and start <= level.start and level.end <= end
    ]


def _level(row: dict[str, str]) -> ObservedLevel:
    """Return a row of the table as a figure."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    return ObservedLevel(row["outcome"], start, end, value, low, high, row["unit"], row["source"])
