"""How much counts change from quarter to quarter and year to year: in the record, and in runs.

Moods (`teritwa.rules.moods`) are there so that runs change as the record did. Each series is of one
office, and changes are taken within a series only: police files and the United Nations count
different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.published_figures import Observation, simulated_values
from teritwa.engine import columns
from teritwa.engine.errors import InputError
from teritwa.engine.tables import read_table
from teritwa.ensemble.result import Result
from teritwa.world import DEFAULT_WORLD, FIGURES

Array = NDArray[np.float64]

LEVELS = (0.05, 0.5, 0.95)
"""Quantiles over runs that are given beside the record."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A figure of the record: of a series, over a period; ``outcome`` may be a ratio of two."""

    series: str = columns.text()
    outcome: str = columns.text()
    start: date = columns.date()
    end: date = columns.date()
    value: float = columns.number(1e-9, 1e15)
    source: str = columns.text()


@dataclass(frozen=True, slots=True)
class Changes:
    """How much a series changes from one quarter or year to the next, on the scale of logarithms.

    Attributes:
        series: Who counted what.
        count: How many changes the record has.
        recorded: Their root mean square.
        low: The 5 % quantile of the same over runs, of as many changes in a row.
        median: The median over runs.
        high: The 95 % quantile over runs.
        remainder: Standard deviation of a discrepancy that would make up what the changes of runs
            lack, from the mean squares; 0 where they lack nothing.
    """

    series: str
    count: int
    recorded: float
    low: float
    median: float
    high: float
    remainder: float

    @property
    def agrees(self) -> bool:
        """Whether the record lies between the quantiles of the runs."""
        return self.low <= self.recorded <= self.high


@cache
def record(table: Path = DEFAULT_WORLD / FIGURES / "record.csv") -> tuple[RecordRow, ...]:
    """Return the figures of the record, by series and time.

    Args:
        table: The CSV file.

    Raises:
        InputError: The table has mistakes; each is one line.
    """
    found = read_table(table, RecordRow, ("series", "start"))
    if found.faults:
        raise InputError(found.problems())
    return tuple(found.rows.values())


def changes_of(result: Result, rows: Sequence[RecordRow] | None = None) -> list[Changes]:
    """Return how much each series changes in the record and in the runs of a result.

    Args:
        result: A result of two years or more.
        rows: The record; None means the one that ships.
    """
    known = rows or record()
    names = dict.fromkeys(row.series for row in known)
    return [_changes(result, [row for row in known if row.series == name]) for name in names]


def periods_of(result: Result, months: int) -> list[tuple[date, date]]:
    """Return first and last day of each whole period of a result, counted from a new year.

    Args:
        result: A result.
        months: The months of a period: 3 for quarters, 12 for years.
    """
    first, last = result.dates[0], result.dates[-1]
    year = first.astype("datetime64[Y]").astype("datetime64[M]")
    starts = np.arange(year, last.astype("datetime64[M]") + 1, months)
    days = [
        (start.astype("datetime64[D]"), (start + months).astype("datetime64[D]") - 1)
        for start in starts
    ]
    return [(start.item(), end.item()) for start, end in days if first <= start and end <= last]


def _changes(result: Result, rows: Sequence[RecordRow]) -> Changes:
    """Return how much one series changes."""
    recorded = np.diff(np.log([row.value for row in rows]))
    count = len(recorded)
    months = 1 + rows[0].end.month - rows[0].start.month
    periods = periods_of(result, months)
    values = np.stack([_values(result, rows[0].outcome, *days) for days in periods], axis=1)
    squares = np.diff(np.log(values), axis=1) ** 2
    windows = np.lib.stride_tricks.sliding_window_view(squares, min(count, squares.shape[1]), 1)
    low, median, high = np.quantile(np.sqrt(windows.mean(axis=2)), LEVELS)
    lacking = max(0.0, float((recorded**2).mean() - squares.mean()))
    root = float(np.sqrt((recorded**2).mean()))
    return Changes(
        rows[0].series,
        count,
        root,
        float(low),
        float(median),
        float(high),
        float(np.sqrt(lacking / 2)),
    )


def _values(result: Result, outcome: str, start: date, end: date) -> Array:
    """Return an outcome, or a ratio of two, over some days in each run; none counts as a half."""
    names = outcome.split("/")
    counts = [
        np.maximum(simulated_values(result, Observation(name, start, end, 0.0)), 0.5)
        for name in names
    ]
    return counts[0] / counts[1] if len(counts) > 1 else counts[0]
