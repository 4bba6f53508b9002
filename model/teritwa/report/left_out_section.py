"""Sections of the validation page on what is predicted of each target from all others."""

from teritwa.engine.formatting import (
    format_amount,
    format_amount_range,
    format_fixed,
    format_integer,
    format_percent,
)
from teritwa.pictures.tables import Record, number, records
from teritwa.report.markdown import table
from teritwa.report.validation_tables import ValidationTables

REJECTED = 0.05
"""Probability below which a coverage of 80 % is rejected."""

BRIER_LIMIT = 0.2
"""Brier score of places below which the model is said to tell them; a coin has 0.25."""


def left_out_section(tables: ValidationTables) -> list[str]:
    """Return the section on each count predicted from all others, as Markdown."""
    rows, facts = records(tables.left_out), tables.facts_by_name
    inside, p = (number(facts[name]) for name in ("left_out_inside", "left_out_p"))
    header = ("count", "counted", "median", "80 % interval", "inside", "worth")
    verdict = "is rejected" if p < REJECTED else "is not rejected"
    return [
        "Each count of 2024 is predicted with *it* left out of the weights, from all others. "
        "What the others tell of errors that go together is in it. *Worth* is how many equally "
        "weighted pasts the weighted ones are worth.",
        table(header, [_cells(row) for row in rows]),
        f"{format_integer(inside)} of {len(rows)} counts lie in their 80 % interval; a coverage of "
        f"80 % {verdict} (exact test, p = {format_fixed(p, 2)}).",
    ]


def places_section(tables: ValidationTables) -> list[str]:
    """Return the section on places known to have fallen, or not to have, as Markdown."""
    rows, facts = records(tables.places), tables.facts_by_name
    score = number(facts["left_out_brier"])
    header = ("place", "was", "before the fit", "after it", "with it left out", "Brier score")
    verdict = "below" if score < BRIER_LIMIT else "not below"
    return [
        "No scenario is told which place falls. Shares of runs in which gangs hold a place, and "
        "the probability with the place left out of the weights:",
        table(header, [_place_cells(row) for row in rows]),
        f"The mean Brier score with the place left out is {format_fixed(score, 2)}, {verdict} "
        f"{format_fixed(BRIER_LIMIT, 1)} (a coin has 0.25, and knowing has 0).",
    ]


def _cells(row: Record) -> tuple[str, ...]:
    """Return the cells of a count."""
    unit = "1" if number(row["observed"]) < 1 else "persons"
    low, middle, high = (max(number(row[name]), 0.0) for name in ("q10", "q50", "q90"))
    return (
        str(row["target"]),
        format_amount(number(row["observed"]), unit),
        format_amount(middle, unit),
        format_amount_range(low, high, unit),
        str(row["inside"]),
        format_integer(number(row["effective"])),
    )


def _place_cells(row: Record) -> tuple[str, ...]:
    """Return the cells of a place."""
    return (
        str(row["target"]),
        "held" if number(row["observed"]) == 1 else "not held",
        *(format_percent(number(row[name])) for name in ("before", "after", "left_out")),
        format_fixed(number(row["brier"]), 2),
    )
