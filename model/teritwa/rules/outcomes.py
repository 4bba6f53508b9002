"""What an outcome is. Each one is declared in the file of the rule that makes it.

A count or stock that stands in a record is declared by `outcome`; what follows from several
fields is a function with `measured`. Either says which fields are copied at the end of each day
(or week, for an outcome by district), and names unit, label and meaning once, for files, tables
and plots. `teritwa.rules.registry` finds all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from teritwa.engine.records import Array

Measure = Callable[..., Array]
"""Makes an outcome (time, ...) from the districts of day 0 and copies (time, ...) of fields."""

DAILY = ("date",)
BY_PERPETRATOR = ("date", "perpetrator")
BY_VICTIM = ("date", "perpetrator", "victim")
BY_CONTINGENT = ("date", "contingent")
BY_DISTRICT = ("week", "district")
"""Dimensions of outcomes, beside draw and replicate. Weeks are days 0, 7, 14 ... and the last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reported quantity.

    ``dimensions`` are those beside draw and replicate, ``stored`` is the NumPy type on disk.
    ``reads`` are the fields that it needs, each as ``table.field`` or the name of a plain table.
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
    """Declare an outcome that is what a field holds; its label is its name in words.

    Args:
        name: Its name in files, tables and plots.
        reads: The field, as ``table.field``, or the name of a plain table.
        unit: Its unit; what is kept in US cents is reported in US dollars.
        meaning: What it is, for a table.
        stored: NumPy type on disk.
        dimensions: Its dimensions beside draw and replicate.
    """
    measure: Measure = _only_row if dimensions == DAILY else _as_copied
    if unit.startswith("US dollars"):
        measure = _in_dollars
    label = name.replace("_", " ")
    return Outcome(name, dimensions, unit, label, meaning, stored, (reads,), measure)


def measured(
    *reads: str,
    unit: str,
    label: str,
    stored: str,
    dimensions: tuple[str, ...] = DAILY,
) -> Callable[[Measure], Outcome]:
    """Turn a function into an outcome of its name; the docstring's first paragraph is its meaning.

    The function takes the table of districts of day 0 and a copy (time, ...) of each field, and
    returns the outcome (time, ...).

    Args:
        reads: The fields that it needs, each as ``table.field`` or the name of a plain table.
        unit: Its unit.
        label: A few words for the title of a plot.
        stored: NumPy type on disk.
        dimensions: Its dimensions beside draw and replicate.
    """

    def declare(measure: Measure) -> Outcome:
        paragraph = (measure.__doc__ or "").strip().split("\n\n")[0]
        meaning = " ".join(paragraph.split()).removeprefix("Return ").rstrip(".")
        name = measure.__name__
        return Outcome(name, dimensions, unit, label, meaning, stored, reads, measure)

    return declare


def _as_copied(_: Array, values: Array) -> Array:
    """Return what was copied."""
    return values


def _only_row(_: Array, values: Array) -> Array:
    """Return what was copied of a table of one row (time, 1), without the axis of its rows."""
    only: Array = values[:, 0]
    return only


def _in_dollars(_: Array, cents: Array) -> Array:
    """Return amounts in US cents of a table of one row (time, 1) in US dollars (time)."""
    dollars: Array = cents[:, 0] / 100.0
    return dollars
