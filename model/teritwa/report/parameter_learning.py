"""Sections of the validation page on parameters: what 2024 informs, and the recovery of truths."""

from collections.abc import Sequence

from teritwa.analysis.calibration.priors import held_at_prior, levers
from teritwa.analysis.record_tables import yes_or_no
from teritwa.engine.formatting import format_fixed, format_percent, format_significant
from teritwa.pictures.parameters import informed_rows
from teritwa.pictures.tables import Record, number, records
from teritwa.report import findings, markdown
from teritwa.report.validation_tables import ValidationTables
from teritwa.world import load

MISSION_EFFECT = "presence.mission_effect"
"""The parameter that is named first."""


def parameters_section(tables: ValidationTables) -> list[str]:
    """Return the section on what 2024 says about each parameter, as Markdown."""
    rows, known = records(tables.parameters), informed_rows(tables.parameters)
    unknown = [str(row["parameter"]) for row in rows if row["informed"] == "no"]
    header = ("parameter", "unit", "grade", "prior", "posterior median", "posterior 90 %", "spread")
    cells = [_parameter_cells(row) for row in known]
    return [
        "![The informed parameters](figures/parameters.png)",
        f"2024 informs {len(known)} of {len(rows)} parameters: their posterior has less than nine "
        "tenths of the prior's spread (standard deviation of its levels, so the prior has 1). All "
        "parameters are in [one larger picture](figures/parameters-all.png).",
        markdown.table(header, cells) if cells else "No parameter is informed.",
        "### What 2024 cannot tell",
        "First of all the mission's own effect. It came when other things changed as well, so no "
        "count of 2024 can tell it from time. What 2024 cannot tell of these parameters, and why; "
        "the fit draws them from their priors or as past missions tell, and hardly moves them:",
        markdown.bullet_list(_held_parameters(rows) or ["none in this calibration"]),
        f"On {len(unknown)} further parameters 2024 is silent: alone, they are about as wide as "
        "before. Some of them may be tied to each other.",
        markdown.table(("mechanism", "not informed"), findings.by_mechanism(unknown)),
        "Levers are policy and not ignorance, so they are not drawn at all: "
        f"{', '.join(levers())}.",
    ]


def _parameter_cells(row: Record) -> tuple[str, ...]:
    """Return the cells of an informed parameter."""
    return (
        str(row["parameter"]),
        str(row["unit"]),
        str(row["grade"]),
        findings.interval(row, "low", "high"),
        format_significant(number(row["q50"])),
        findings.interval(row, "q05", "q95"),
        format_fixed(number(row["spread"]), 2),
    )


def _held_parameters(rows: Sequence[Record]) -> list[str]:
    """Return the parameters that 2024 cannot tell, with the reason, the mission's effect first."""
    reasons = held_at_prior()
    held = [name for name in (str(row["parameter"]) for row in rows) if name in reasons]
    held.sort(key=lambda name: (name != MISSION_EFFECT, name))
    return [f"**{markdown.escape(name)}**: {reasons[name]}." for name in held]


def recovery_section(tables: ValidationTables) -> list[str]:
    """Return the section on the recovery of known truths, as Markdown."""
    rows = records(tables.recovery)
    header = (
        "part",
        "ensemble",
        "interval",
        "held the truth",
        "± two standard errors",
        "parameters",
        "as it should",
    )
    return [
        "![Coverage and ranks of known truths](figures/recovery.png)",
        "Runs of which the parameters are known stand in for the world. The method is asked for "
        "their parameters from blurred outcomes alone. An interval of 80 % should then hold the "
        "truth in 80 % of cases. An ensemble with half the spread must fail the same check, or "
        "the check is blind. *weights* weighs runs of the prior by the counts of the first "
        "stage. *chain* asks the whole method, with all its moves, in the small world of the "
        "island. Errors of the made-up counts are the stated ones.",
        markdown.table(header, [_recovery_cells(row) for row in rows]),
        findings.recovery_summary(rows),
        "This tests the method inside the model. It says nothing of whether the model is like "
        f"{load().name}.",
    ]


def _recovery_cells(row: Record) -> tuple[str, ...]:
    """Return the cells of an interval of known truths."""
    return (
        str(row["part"]),
        str(row["ensemble"]),
        format_percent(number(row["level"])),
        format_percent(number(row["coverage"])),
        format_percent(2 * number(row["standard_error"])),
        str(row["parameters"]),
        yes_or_no(findings.has_right_coverage(row)),
    )
