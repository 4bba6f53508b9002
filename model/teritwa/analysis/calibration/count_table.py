"""A table of what was counted, read strictly: each mistake is reported by line and column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from teritwa.analysis.calibration.targets import Target
from teritwa.engine import columns
from teritwa.engine.errors import InputError
from teritwa.engine.tables import Table, read_table
from teritwa.rules.registry import OUTCOMES
from teritwa.world import DEFAULT_WORLD, FIGURES
from teritwa.world.codes import PERPETRATORS

STATISTICS = ("sum", "share", "mean", "value", "change", "held")
SCALES = ("log", "linear", "doubt")

BY_PERPETRATOR = ("killed_counted",)
"""Outcomes of which a part is a perpetrator, or forces or others."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """A row of the table; `Target` describes its columns."""

    name: str = columns.text()
    outcome: str = columns.text()
    statistic: str = columns.choice(STATISTICS)
    start: date = columns.date()
    end: date = columns.date()
    low: float = columns.number(-1e15, 1e15)
    high: float = columns.number(-1e15, 1e15)
    error: float = columns.number(0.001, 1e15)
    scale: str = columns.choice(SCALES)
    source: str = columns.text()
    discrepancy: float = columns.optional(columns.number(0.0, 1e15), 0.1)
    fitted: str = columns.optional(columns.choice(("yes", "no")), "yes")
    office: str = columns.optional(columns.column(str.strip, "a name, or nothing"), "")


@cache
def targets() -> tuple[Target, ...]:
    """Return what was counted in the default world until the origin, in the order of the table."""
    return read_counts(DEFAULT_WORLD / FIGURES / "targets.csv")


def read_counts(path: Path) -> tuple[Target, ...]:
    """Return what was counted, in the order of a table.

    Args:
        path: The CSV file.

    Raises:
        InputError: The table has mistakes; each is one line.
    """
    table: Table[CountRow] = read_table(path, CountRow, ("name",))
    _add_faults(table)
    if table.faults:
        raise InputError(table.problems())
    in_order = sorted(table.rows, key=table.lines.__getitem__)
    return tuple(_target(table.rows[key]) for key in in_order)


def _add_faults(table: Table[CountRow]) -> None:
    """Add the mistakes of rows that were read, and that there is none."""
    for key, row in table.rows.items():
        for column, what in _faults(row):
            table.add_fault(table.lines[key], column, what)
    if not table.rows and not table.faults:
        table.add_fault(1, "file", "has no row below its header")


def _target(row: CountRow) -> Target:
    """Return the target of a row."""
    return Target(
        row.name,
        row.outcome,
        row.statistic,
        row.start,
        row.end,
        row.low,
        row.high,
        row.error,
        row.scale,
        row.discrepancy,
        row.fitted == "yes",
        row.source,
        office=row.office,
    )


def _faults(row: CountRow) -> Iterator[tuple[str, str]]:
    """Yield the columns of a row that do not fit each other, each with what is wrong."""
    name, _, part = row.outcome.partition(".")
    yield from _faults_of_outcome(name, part)
    if row.end < row.start:
        yield "end", f"{row.end} is before the start, {row.start}"
    if row.high < row.low:
        yield "high", f"{row.high:g} is below low, {row.low:g}"
    yield from _faults_of_scale(row)
    yield from _faults_of_yes_or_no(row, part)


def _faults_of_scale(row: CountRow) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the numbers of a row beside its statistic and its scale."""
    if row.statistic == "change" and row.scale == "log":
        yield "scale", "a change may be below zero, where errors cannot multiply; write linear"
    if row.statistic == "share" and row.high > 1:
        yield "high", f"{row.high:g} is above 1; give a share as 0.8, not as 80"
    if row.scale == "log" and row.low <= 0:
        yield "low", f"{row.low:g} is not above zero; where errors multiply nothing is"


def _faults_of_outcome(name: str, part: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the name of an outcome, or with what follows its dot."""
    if name not in OUTCOMES:
        yield "outcome", f"{name!r} is not an outcome{columns.did_you_mean(name, OUTCOMES)}"
    elif name in BY_PERPETRATOR and part not in ("", "forces", "others", *PERPETRATORS):
        known = ", ".join(("forces", "others", *PERPETRATORS))
        yield "outcome", f"{part!r} is no perpetrator, allowed: {known}"


def _faults_of_yes_or_no(row: CountRow, part: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a yes or no, or with what is like one and is none."""
    if (row.statistic == "held") != (row.scale == "doubt"):
        yield "scale", "held goes with doubt, and doubt with held"
    if row.scale == "doubt":
        yield from _faults_of_doubt(row, part)


def _faults_of_doubt(row: CountRow, part: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the numbers and the name of a yes or no."""
    if row.low != row.high or row.low not in (0.0, 1.0):
        yield "low", "low and high of what is held or not are both 0 or both 1"
    if row.error >= 0.5:  # as likely wrong as right
        yield "error", f"{row.error:g} is as likely wrong as right; give a doubt below 0.5"
    if not part:
        yield "outcome", "name a district after a dot: holder.harbour"
