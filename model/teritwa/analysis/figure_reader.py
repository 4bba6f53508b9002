"""A table of published figures, read strictly: each mistake is reported by line and column.

The table is CSV with the columns date, outcome, value, low and high; further columns, such as unit
and source, are ignored. ``date`` is a day (``2025-03-31``) for what is read on a day and a period
(``2025-01-01/2025-03-31``) for what is counted over one, and for shares of that. ``low`` and
``high`` bound what the source allows and are both given or both empty.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from teritwa.analysis.published_figures import (
    KNOWN_UNTIL,
    Observation,
    comparable_names,
    is_of_period,
    is_share,
    period_problem,
)
from teritwa.engine.columns import Column
from teritwa.engine.dates import EARLIEST, LATEST, read_date
from teritwa.engine.errors import InputError, quoted
from teritwa.engine.tables import Table, read_records
from teritwa.ensemble.result import Result, check_finished
from teritwa.scenario.reader.problems import Problems

COLUMNS = ("date", "outcome", "value", "low", "high")

LEAST, MOST = 1e-9, 1e15
"""The smallest figure other than 0, and the largest: beyond these, scores are no numbers."""

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def read_observations(
    path: str | Path, result: Result, *, origin: date = KNOWN_UNTIL
) -> tuple[Observation, ...]:
    """Read a table of figures to compare a result with.

    Args:
        path: The CSV file.
        result: The result, whose outcomes and days the rows must have.
        origin: Rows that end by this day, the first origin, are history and need not lie in the
            days of the result.

    Returns:
        The observations, in the order of the rows.

    Raises:
        ResultError: No run of the result finished, so that it has no outcomes.
        InputError: The table has mistakes; each is one line.
    """
    check_finished([result])
    reader = _Reader(Table(Path(path)), comparable_names(result), result, origin, Problems())
    for line, texts in _rows(reader.table):
        if reader.table.stops(line):
            break
        reader.add(line, texts)
    if reader.table.faults:
        raise InputError(reader.table.problems())
    return tuple(reader.table.rows.values())


def _rows(table: Table[Observation]) -> list[tuple[int, dict[str, str]]]:
    """Return line and texts by column of each row; none if file or header are wrong."""
    records = [(line, [text.strip() for text in record]) for line, record in _records(table)]
    if not records or not _has_columns(table, *records[0]):
        return []
    (first, header), *below = records
    if not below:
        table.add_fault(first, "file", "has no row below its header")
    return _by_column(table, header, below)


def _by_column(
    table: Table[Observation], header: Sequence[str], below: Sequence[tuple[int, list[str]]]
) -> list[tuple[int, dict[str, str]]]:
    """Return line and texts by column of each row that has as many fields as the header."""
    found = []
    for line, texts in below:
        if table.stops(line):
            break
        if len(texts) == len(header):
            found.append((line, dict(zip(header, texts, strict=True))))
        else:
            table.add_fault(line, "row", f"has {len(texts)} fields, must have {len(header)}")
    return found


def _records(table: Table[Observation]) -> list[tuple[int, list[str]]]:
    """Return the records of a file with their lines, header first; none if it cannot be read."""
    try:
        return read_records(table.path)
    except ValueError as error:
        table.add_fault(error.args[0], "file", error.args[1])
    return []


def _has_columns(table: Table[Observation], line: int, header: Sequence[str]) -> bool:
    """Report each needed column that is missing or there twice; others are allowed."""
    for name in COLUMNS:
        if header.count(name) != 1:
            wrong = "is there twice"
            if name not in header:
                wrong = f"is missing; the file has {', '.join(map(quoted, header[:20]))}"
            table.add_fault(line, name, f"column {wrong}; needed are {', '.join(COLUMNS)}")
    return not table.faults


@dataclass(frozen=True, slots=True)
class _Reader:
    """The table and what its rows must fit: the names and days of a result, and the origin."""

    table: Table[Observation]
    names: tuple[str, ...]
    result: Result
    origin: date
    problems: Problems

    def add(self, line: int, texts: Mapping[str, str]) -> None:
        """Add a row, or report all its mistakes."""
        table, before = self.table, len(self.table.faults)
        name = self._name(line, texts["outcome"])
        period = self._period(line, texts["date"], name)
        numbers = self._numbers(line, texts, _SHARE if name and is_share(name) else _COUNT)
        if not name or period is None:
            return
        key = (name, *map(str, period))
        if key in table.lines:
            there = f"{name} of {texts['date']} is there already, in line {table.lines[key]}"
            table.add_fault(line, "date", there)
        table.lines.setdefault(key, line)
        if len(table.faults) == before:
            table.rows[key] = Observation(name, *period, *numbers)

    def _name(self, line: int, text: str) -> str:
        """Return the name of a row; nothing, reported, if the result does not have it."""
        if text in self.names:
            return text
        unknown = f"{quoted(text)} is not an outcome that this result can be scored on"
        self.table.add_fault(line, "outcome", f"{unknown}; {self.problems.near(text, self.names)}")
        return ""

    def _period(self, line: int, text: str, name: str) -> tuple[date, date] | None:
        """Return the days of a row, or None, reported; without a name, either form will do."""
        if name and ("/" in text) != is_of_period(name):
            form = "read on a day: write one such as 2025-03-31"
            if is_of_period(name):
                form = "counted over a period: write one such as 2025-01-01/2025-03-31"
            self.table.add_fault(
                line, "date", f"{quoted(text)} does not fit, because {name} is {form}"
            )
            return None
        days: tuple[date, date] | None = _parsed(self.table, line, "date", _DAYS, text)
        wrong = self._misplaced(text, *days) if days else ""
        if wrong:
            self.table.add_fault(line, "date", wrong)
        return None if wrong else days

    def _misplaced(self, text: str, start: date, end: date) -> str:
        """Return what is wrong with days that are neither history nor days of the result."""
        if end < start:
            return f"{quoted(text)} ends before it begins"
        problem = period_problem(self.result, start, end) if end > self.origin else ""
        return f"{text} {problem}" if problem else ""

    def _numbers(self, line: int, texts: Mapping[str, str], column: Column) -> tuple[Any, Any, Any]:
        """Return value, low and high; None, reported, for what the column does not allow."""
        value = _parsed(self.table, line, "value", column, texts["value"])
        low, high = (
            _parsed(self.table, line, bound, column, texts[bound]) if texts[bound] else None
            for bound in ("low", "high")
        )
        self._check_both_bounds(line, texts)
        if None not in (value, low) and low > value:
            self.table.add_fault(
                line, "low", f"{texts['low']} is above the value, {texts['value']}"
            )
        if None not in (value, high) and high < value:
            self.table.add_fault(
                line, "high", f"{texts['high']} is below the value, {texts['value']}"
            )
        return value, low, high

    def _check_both_bounds(self, line: int, texts: Mapping[str, str]) -> None:
        """Report half a range."""
        for bound, other in (("low", "high"), ("high", "low")):
            if not texts[bound] and texts[other]:
                self.table.add_fault(
                    line, bound, f"is empty and {other} is not; give both or neither"
                )


def _parsed(table: Table[Observation], line: int, name: str, column: Column, text: str) -> Any:
    """Return the value of a text, or None, reported, if the column does not allow the text."""
    try:
        return column.parse(text)
    except ValueError:
        table.add_fault(line, name, column.problem(text))
        return None


def _days(text: str) -> tuple[date, date]:
    """Return the first and the last day of a day or period."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) > 2:
        raise ValueError(text)
    return read_date(parts[0]), read_date(parts[-1])


def _number(text: str, most: float) -> float:
    """Return 0, or a number from `LEAST` to a limit."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if value != 0 and not LEAST <= value <= most:
        raise ValueError(text)
    return value


_DAYS = Column(
    _days,
    "a day such as 2025-03-31, or a period such as 2025-01-01/2025-03-31, "
    f"from {EARLIEST} to {LATEST}",
)
_COUNT = Column(
    lambda text: _number(text, MOST),
    f"a number from 0 up, in digits without separators: 0, or from {LEAST:g} to {MOST:g}",
)
_SHARE = Column(lambda text: _number(text, 1.0), f"a share from 0 to 1: 0, or from {LEAST:g} up")
