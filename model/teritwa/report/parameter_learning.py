"""What 2024 taught about the parameters, and whether the method that says so finds what is known."""

from teritwa.analysis.calibration.priors import LEVERS, NOT_LEARNED
from teritwa.pictures.parameters import HELD, informed
from teritwa.pictures.style import Table
from teritwa.pictures.validation import number, records
from teritwa.report import findings
from teritwa.report.markdown import escaped, listed, percent
from teritwa.report.markdown import number as shown
from teritwa.report.markdown import table as table_text

FIRST = "presence.mission_effect"
"""What nobody can learn from 2024 and everybody asks about."""


def parameters(table: Table) -> list[str]:
    """Return the section on the parameters: what is informed, and what is not, the mission's own effect first."""
    every, known = records(table), informed(table)
    held = [row for row in every if row["informed"] == HELD]
    held.sort(key=lambda row: (row["parameter"] != FIRST, str(row["parameter"])))
    reasons = [f"**{escaped(row['parameter'])}**: {NOT_LEARNED.get(str(row['parameter']), HELD)}." for row in held]
    header = ("parameter", "unit", "grade", "prior", "posterior median", "posterior 90 %", "spread")
    rows = [
        (str(row["parameter"]), str(row["unit"]), str(row["grade"]), findings.span(row, "low", "high"),
         shown(number(row["q50"])), findings.span(row, "q05", "q95"), f"{number(row['spread']):.2f}")
        for row in known
    ]  # fmt: skip
    unknown = [str(row["parameter"]) for row in every if row["informed"] == "no"]
    return [
        "![The informed parameters](figures/parameters.png)",
        f"2024 informs {len(known)} of {len(every)} parameters: their posterior has less than nine tenths of the "
        "prior's spread (standard deviation of its levels, so the prior has 1). All parameters are in "
        "[one larger picture](figures/parameters-all.png).",
        table_text(header, rows) if rows else "No parameter is informed.",
        "### What 2024 cannot tell",
        "First of all the mission's own effect. It came when other things changed as well, so no count of 2024 can "
        "tell it from time. These parameters are drawn from their priors whatever 2024 says, and what scenarios say of "
        "the mission rests on them:",
        listed(reasons or ["none in this calibration"]),
        f"On {len(unknown)} further parameters 2024 is silent: alone, they are about as wide as before. Some of them "
        "may be tied to each other.",
        table_text(("mechanism", "not informed"), findings.by_mechanism(unknown)),
        "Levers are policy and not ignorance, so they are not drawn at all: " + ", ".join(sorted(LEVERS)) + ".",
    ]


def recovery(table: Table) -> list[str]:
    """Return the section on the recovery of known truths."""
    rows = [
        (str(row["part"]), str(row["ensemble"]), percent(number(row["level"])), percent(number(row["coverage"])),
         percent(2 * number(row["standard_error"])), str(row["parameters"]), "yes" if findings.covers(row) else "no")
        for row in records(table)
    ]  # fmt: skip
    header = ("part", "ensemble", "interval", "held the truth", "± two standard errors", "parameters", "as it should")
    return [
        "![Coverage and ranks of known truths](figures/recovery.png)",
        "Runs of which the parameters are known stand in for the world. The method is asked for their parameters from "
        "blurred outcomes alone. An interval of 80 % should then hold the truth in 80 % of cases. An ensemble with "
        "half the spread must fail the same check, or the check is blind. *emulator* asks the emulator and the chains "
        "for truths from the whole prior; *weights* asks the last step, which makes the posterior, for truths from the "
        "region that 2024 left open, from observations with twice the stated errors: for sharper ones that are not "
        "those of 2024 its candidates are worth too few draws.",
        table_text(header, rows),
        findings.recovered(records(table)),
        "This tests the method inside the model. It says nothing of whether the model is like Haiti.",
    ]
