"""Outcomes: the reported quantities, each declared in the file of the rule that produces it.

A field of a record is declared as an outcome by `outcome`. A quantity computed from several fields
is a function decorated with `measured`. Both name the fields that are copied at the end of each day
(or week, for an outcome by district), and give unit, label and meaning once, for files, tables and
plots. `teritwa.rules.registry` finds all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from teritwa.engine.records import Array

Measure = Callable[..., Array]
"""Computes an outcome (time, ...) from the districts of day 0 and copies (time, ...) of fields."""

DAILY = ("date",)
BY_PERPETRATOR = ("date", "perpetrator")
BY_VICTIM = ("date", "perpetrator", "victim")
BY_CONTINGENT = ("date", "contingent")
BY_DISTRICT = ("week", "district")
"""Dimensions of outcomes, after draw and replicate. Weeks are days 0, 7, 14 ... and the last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reported quantity.

    ``dimensions`` are those after draw and replicate, ``stored`` is the NumPy type on disk, and
    ``reads`` are the fields needed, each as ``table.field`` or the name of a plain table.
    """

    name: str
    dimensions: tuple[str, ...]
    unit: str
    label: str
    meaning: str
    stored: str
    reads: tuple[str, ...]
    measure: Measure


def outcome(
    name: str,
    reads: str,
    *,
    unit: str,
    meaning: str,
    stored: str,
    dimensions: tuple[str, ...] = DAILY,
) -> Outcome:
    """Declare a field as an outcome; the label is the name in words.

    Args:
        name: Its name in files, tables and plots.
        reads: The field, as ``table.field``, or the name of a plain table.
        unit: Its unit; a field in US cents is reported in US dollars.
        meaning: Its meaning, for tables.
        stored: NumPy type on disk.
        dimensions: Its dimensions after draw and replicate.
    """
    measure: Measure = _only_row if dimensions == DAILY else _as_copied
    if unit.startswith("US dollars"):
        measure = _in_dollars
    label = name.replace("_", " ")
    return Outcome(name, dimensions, unit, label, meaning, stored, (reads,), measure)


def measured(
    reads: str | tuple[str, ...],
    *,
    unit: str,
    label: str,
    stored: str,
    dimensions: tuple[str, ...] = DAILY,
) -> Callable[[Measure], Outcome]:
    """Turn a function into an outcome of its name; the docstring's first paragraph is its meaning.

    The function takes the table of districts of day 0 and a copy (time, ...) of each field, and
    returns the outcome (time, ...).

    Args:
        reads: The field needed, as ``table.field`` or the name of a plain table, or several.
        unit: Its unit.
        label: A few words for the title of a plot.
        stored: NumPy type on disk.
        dimensions: Its dimensions after draw and replicate.
    """

    def declare(measure: Measure) -> Outcome:
        paragraph = (measure.__doc__ or "").strip().split("\n\n")[0]
        meaning = " ".join(paragraph.split()).removeprefix("Return ").rstrip(".")
        name, fields = measure.__name__, (reads,) if isinstance(reads, str) else reads
        return Outcome(name, dimensions, unit, label, meaning, stored, fields, measure)

    return declare


def _as_copied(_: Array, values: Array) -> Array:
    """Return the copied values."""
    return values


def _only_row(_: Array, values: Array) -> Array:
    """Return the copied values (time, 1) of a table of one row as (time)."""
    only: Array = values[:, 0]
    return only


def _in_dollars(_: Array, cents: Array) -> Array:
    """Convert amounts in US cents of a table of one row (time, 1) to US dollars (time)."""
    dollars: Array = cents[:, 0] / 100.0
    return dollars
