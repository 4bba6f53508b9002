"""The validation page: what fits, what fails, and what 2024 can and cannot inform.

The page is composed from tables alone, so that it says no more than they do. Cells may be values,
or text read from CSV.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from teritwa.analysis.calibration.calibrate import SCOUTS
from teritwa.analysis.calibration.prediction import SCENARIOS
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.reference_forecasts import shipped
from teritwa.engine.files import write_text
from teritwa.pictures.analog import analog_picture
from teritwa.pictures.fit import fit_picture, fit_table
from teritwa.pictures.parameters import (
    all_parameters_picture,
    informed_picture,
    informed_rows,
    parameters_table,
)
from teritwa.pictures.prediction import prediction_picture
from teritwa.pictures.recovery import recovery_picture
from teritwa.pictures.style import save
from teritwa.pictures.tables import Table, number, records, table_of_rows
from teritwa.report import (
    findings,
    fit_sections,
    left_out_section,
    parameter_learning,
    validation_sections,
)
from teritwa.report.validation_tables import ValidationTables, read_tables

SECTIONS: tuple[tuple[str, Callable[[ValidationTables], Sequence[str]]], ...] = (
    ("What this is and how it was made", validation_sections.method_section),
    ("Fit to each target", fit_sections.fit_section),
    ("How wide the bands are", fit_sections.width_section),
    ("Each count left out", left_out_section.left_out_section),
    ("Places that fell or stood", left_out_section.places_section),
    ("What 2024 tells about each parameter", parameter_learning.parameters_section),
    ("Does the method find what is known?", parameter_learning.recovery_section),
    ("Prediction in time", validation_sections.prediction_section),
    ("The analog: a logic test, not evidence", validation_sections.analog_section),
    ("What failed", validation_sections.failures_section),
    ("What was changed after a fit was seen", validation_sections.post_fit_changes_section),
    ("What would change our mind", validation_sections.revision_section),
    ("How to make this page again", validation_sections.commands_section),
)
"""The sections of the page in their order: heading, and what returns the paragraphs."""


def write_validation_page(folder: Path) -> Path:
    """Draw the pictures and write the page from the tables in a folder.

    Args:
        folder: Where the tables are, and where page and pictures are written.

    Returns:
        The path of the page.
    """
    tables = read_tables(folder)
    draw_pictures(tables, folder / "figures")
    write_text(folder / "README.md", compose_validation_page(tables))
    return folder / "README.md"


def draw_pictures(tables: ValidationTables, folder: Path) -> list[Path]:
    """Draw every picture of the page into a folder, with its numbers beside it.

    Args:
        tables: What is drawn.
        folder: Where the pictures are written.

    Returns:
        The paths of the pictures.
    """
    parameters, facts = tables.parameters, tables.facts_by_name
    draws, particles = (int(number(facts[name])) for name in ("draws", "particles"))
    analog = analog_picture(tables.analog_summary, tables.analog)[0]
    drawn = {
        "fit": (fit_picture(tables.fit, SCOUTS * particles, draws)[0], fit_table(tables.fit)),
        "parameters": (
            informed_picture(parameters, draws)[0],
            parameters_table(informed_rows(parameters)),
        ),
        "parameters-all": (
            all_parameters_picture(parameters, draws)[0],
            parameters_table(records(parameters)),
        ),
        "recovery": (recovery_picture(tables.recovery, tables.ranks)[0], tables.recovery),
        "analog": (analog, tables.analog_summary),
    }
    for origin in SCENARIOS:
        chosen = _of_origin(tables.scores, str(origin))
        if chosen["outcome"]:
            picture = prediction_picture(chosen, _history(), origin)[0]
            drawn[f"prediction-{origin}"] = picture, chosen
    return [save(figure, folder / f"{name}.png", table) for name, (figure, table) in drawn.items()]


def _of_origin(scores: Table, origin: str) -> Table:
    """Return the scores of the figures predicted from one origin."""
    rows = [number for number, one in enumerate(scores["origin"]) if str(one) == origin]
    return {name: [column[row] for row in rows] for name, column in scores.items()}


def _history() -> Table:
    """Return the published figures that ship, as a table."""
    names = [field.name for field in fields(Observation)]
    return table_of_rows(names, map(astuple, shipped()))


def compose_validation_page(tables: ValidationTables) -> str:
    """Return the page as Markdown.

    Args:
        tables: What the page is made from.

    Returns:
        The text of the page.
    """
    stale = findings.rules_before(str(row["parameter"]) for row in records(tables.parameters))
    parts = ["# Validation", *([stale] if stale else [])]
    for heading, section in SECTIONS:
        parts += [f"## {heading}", *section(tables)]
    return "\n\n".join(parts) + "\n"
