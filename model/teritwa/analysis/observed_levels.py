"""What was counted in Haiti, for dots on pictures and, never after January 2025, for calibration."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

OBSERVED = Path(__file__).parent / "data" / "observed.csv"


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: a stock on a day (start equals end) or a count of persons over a period.

    ``outcome`` is a name of `teritwa.rules.outcomes`, with the perpetrator or force after a dot; ``low`` and
    ``high`` bound what the sources allow; ``source`` is the publisher.
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
def observed() -> tuple[Figure, ...]:
    """Return every published figure that ships with the package, in the order of its table."""
    with OBSERVED.open(encoding="utf-8", newline="") as stream:
        return tuple(_figure(row) for row in csv.DictReader(stream))


def observed_of(outcome: str, start: date, end: date) -> list[Figure]:
    """Return the figures of one outcome that lie wholly within a period."""
    return [
        figure for figure in observed() if figure.outcome == outcome and start <= figure.start and figure.end <= end
    ]


def _figure(row: dict[str, str]) -> Figure:
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    return Figure(row["outcome"], start, end, value, low, high, row["unit"], row["source"])
