"""Tables and sentences of README and guide whose numbers come from the reference results."""

import csv
import importlib
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

from tables import table

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.engine.formatting import (
    format_amount,
    format_amount_range,
    format_change,
    format_change_range,
    format_fixed,
    format_integer,
    format_percent,
    format_period,
    format_share,
)
from teritwa.report.answer_sentences import percent_cell
from teritwa.report.cautions import MEDIANS, recapture_caution, sign_disagreement
from teritwa.report.prediction_findings import skill_cell
from teritwa.report.validation_checks import (
    ALL,
    coverage_sentences,
    prediction_sentences,
)
from teritwa.report.verdicts import verdict_phrase

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results" / "reference"
COMPARISON = REFERENCE / "comparison" / "comparison.csv"

SHOWN = {
    "gang_control_capital": "capital held by gangs",
    "killed": "people killed",
    "gang_members": "gang members",
    "displaced": "people displaced",
}
"""The outcomes that the guide compares, and how it names them."""

WIDTH = 98
"""Columns of a paragraph or of a line of a list."""


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of results."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared(outcome: str) -> list[ComparisonRow]:
    """Return the comparison of every scenario with the baseline in an outcome, by name."""
    rows = [row for row in read(COMPARISON) if row["outcome"] == outcome]
    found = [ComparisonRow(**_values(row)) for row in rows]
    return sorted(found, key=lambda row: row.scenario)


def _values(row: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a row of a comparison, each of its type."""
    kinds: dict[str, Any] = {one.name: one.type for one in fields(ComparisonRow)}
    return {name: kinds[name](value) for name, value in row.items()}


def paragraph(text: str, first: str = "") -> list[str]:
    """Return a text as lines; ``first`` begins a list, and further lines are indented by it."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def comparison(outcome: str, *scenarios: str) -> list[str]:
    """Return the table of an outcome: medians, paired differences, and the verdict in words.

    Args:
        outcome: An outcome of `SHOWN`.
        scenarios: The scenarios, in their order; all if none is named.
    """
    found = {row.scenario: row for row in compared(outcome)}
    rows = [found[name] for name in scenarios or found]
    header = (
        "scenario", f"{SHOWN[outcome]}, {format_period(rows[0].when)}: median",
        "difference: median pair (5 to 95 % of pairs)", "mean (its 95 % interval)",
        "pairs lower / equal / higher, %", "in words",
    )  # fmt: skip
    base = format_amount(rows[0].baseline_median, rows[0].unit)
    cells = [["`baseline`", base, "", "", "", ""], *map(_comparison_cells, rows)]
    return table(header, cells)


def _comparison_cells(row: ComparisonRow) -> list[str]:
    """Return the cells of a scenario."""
    pairs = format_change_range(row.difference_q05, row.difference_q95, row.unit)
    bounds = format_change_range(row.mean_low, row.mean_high, row.unit)
    return [
        f"`{row.scenario}`",
        format_amount(row.scenario_median, row.unit),
        f"{format_change(row.difference_median, row.unit)} ({pairs})",
        f"{format_change(row.mean_difference, row.unit)} ({bounds})",
        percent_cell((row.lower_share, row.equal_share, row.higher_share)),
        verdict_phrase(row),
    ]


def disagreements(*outcomes: str) -> list[str]:
    """Return a line on each scenario and outcome whose mean and median differ in sign."""
    lines = []
    for outcome in outcomes or SHOWN:
        for row in compared(outcome):
            text = sign_disagreement(row)
            if text:
                lines += paragraph(f"`{row.scenario}`, {SHOWN[outcome]}: {text}", "- ")
    return lines or ["- None: every mean has the sign of its median."]


def medians() -> list[str]:
    """Return why two medians and a median difference do not add up."""
    return paragraph(MEDIANS)


def spread() -> list[str]:
    """Return how much of the variance parameters make, and how sure the bands are."""
    rows = compared("gang_control_capital")
    shares = [row.scenario_parametric_share for row in rows]
    errors = [row.interval_mc_error for row in rows if isfinite(row.interval_mc_error)]
    low, high = (format_percent(share) for share in (min(shares), max(shares)))
    return paragraph(
        f"Over the scenarios, {low.removesuffix(' %')} to {high} of the variance between runs in "
        "the capital comes from unknown parameters, which better knowledge would narrow; the rest "
        "is chance. The ends of the bands of differences are uncertain themselves: with as many "
        "runs again they would move by up to "
        f"{format_change(max(errors), '1').removeprefix('+')} (`interval_mc_error`)."
    )


def recapture(*scenarios: str) -> list[str]:
    """Return the table of recaptured districts beside what the prior alone would give."""
    rows = []
    for row in read(REFERENCE / "comparison" / "recapture.csv"):
        if row["scenario"] not in scenarios:
            continue
        share, low, high, prior = (
            float(row[key]) for key in ("share", "low", "high", "prior_share")
        )
        interval = f"{format_share(share)} ({format_amount_range(low, high, '1')})"
        cleared = format_integer(int(row["cleared"]))
        cells = [f"`{row['scenario']}`", cleared, interval, format_share(prior)]
        rows.append([*cells, _recapture_difference(row)])
    header = (
        "scenario", "clearings", "recaptured within 30 days (95 % interval)",
        "the prior alone", "difference from baseline (95 % interval)",
    )  # fmt: skip
    return table(header, rows)


def _recapture_difference(row: dict[str, str]) -> str:
    """Return a scenario's difference from the baseline; nothing for the baseline."""
    if not row["difference"]:
        return ""
    keys = ("difference", "difference_low", "difference_high")
    mean, low, high = (float(row[key]) for key in keys)
    return f"{format_change(mean, '1')} ({format_change_range(low, high, '1')})"


def recapture_prior() -> list[str]:
    """Return the caution on the recaptured share."""
    shares = {row["scenario"]: row for row in read(REFERENCE / "comparison" / "recapture.csv")}
    base = shares["baseline"]
    return paragraph(
        recapture_caution(*(float(base[key]) for key in ("share", "low", "high", "cleared")))
    )


def counts() -> list[str]:
    """Return what the reference gives for the figures of 2024 beside what was counted."""
    header = ("what", "counted", "simulated: median (5 to 95 % of runs)", "median / counted")
    return table(header, map(_count_cells, read(REFERENCE / "counts.csv")))


def _count_cells(row: dict[str, str]) -> list[str]:
    """Return the cells of a figure."""
    name = row["target"]
    observed, low, median, high = (
        _target_amount(float(row[key]), name) for key in ("observed", "q05", "q50", "q95")
    )
    ratio = format_fixed(float(row["ratio"]), 2)
    return [name, observed, f"{median} ({low} to {high})", ratio]


def _target_amount(value: float, target: str) -> str:
    """Return a quantity of a target: shares in per cent, people as integers."""
    if "share" in target or target.startswith("capital"):
        return format_percent(value)
    return format_amount(value, "districts" if target.startswith("towns") else "persons")


SCORES = {
    "crps": "CRPS",
    "persistence_crps": "persistence",
    "trend_crps": "trend",
    "dressed_crps": "dressed persistence",
}
"""The scores of the prediction from June 2024, and their headers."""

SKILLS = {"crps_skill": "skill", "interval_skill": "interval skill"}
"""The skills beside dressed persistence, and their headers."""


def prediction() -> list[str]:
    """Return the table of the prediction from June 2024, with the scores that it was made with."""
    rows = [
        row
        for row in read(REFERENCE / "validation" / "scores_summary.csv")
        if row["outcome"] != ALL
    ]
    scores, skills = ([name for name in names if name in rows[0]] for names in (SCORES, SKILLS))
    headers = [*(SCORES[name] for name in scores), *(SKILLS[name] for name in skills)]
    cells = [_prediction_cells(row, scores, skills) for row in rows]
    return table(("outcome", "inside the 80 % interval", *headers, "closest"), cells)


def _prediction_cells(
    row: dict[str, str], scores: Sequence[str], skills: Sequence[str]
) -> list[str]:
    """Return the cells of one outcome in the table of the prediction."""
    is_share = row["unit"] == "1"
    inside = round(float(row["inside_80"]) * int(row["figures"]))
    return [
        f"`{row['outcome']}` ({'points' if is_share else row['unit']})",
        f"{inside} of {row['figures']}",
        *(_score(row[name], is_share) for name in scores),
        *(skill_cell(row[name]) for name in skills),
        row["best"],
    ]


def _score(text: str, is_share: bool) -> str:
    """Return a score: of a share in points, of persons as an integer; "none" without one."""
    if not text:
        return "none"
    return format_fixed(100 * float(text), 1) if is_share else format_integer(float(text))


def validation(part: str) -> list[str]:
    """Return sentences of the validation: coverage or prediction."""
    rows = read(REFERENCE / "validation" / "scores_summary.csv")
    made: dict[str, Callable[[], list[str]]] = {
        "coverage": lambda: [coverage_sentences(rows)],
        "prediction": lambda: prediction_sentences(rows),
    }
    return paragraph(" ".join(made[part]()))


def systems() -> list[str]:
    """Return the table of systems, from the tests that hold it."""
    sys.path.insert(0, str(ROOT / "tests"))
    rows = []
    for system in importlib.import_module("test_systems").SYSTEMS:
        links = [f"[{Path(name).name}](../teritwa/rules/{name}.py)" for name in system.files]
        shown = system.shows.__doc__.split(": ", 1)[1]
        test = f"`{system.shows.__name__}`: {shown}"
        rows.append([system.name, ", ".join(links), f"`{system.scenario}`", test])
    return table(("system", "mechanisms", "scenario", "test, and what it shows"), rows)


def scenarios() -> list[str]:
    """Return every scenario that ships, with its question."""
    from teritwa.scenario import load

    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    return table(("scenario", "what it asks"), ([f"`{n}`", load(n).question] for n in names))


REFERENCE_TABLES: dict[str, Callable[..., list[str]]] = {
    one.__name__: one
    for one in (
        comparison, disagreements, medians, spread, recapture, recapture_prior, counts, prediction,
        validation, systems, scenarios,
    )
}  # fmt: skip
"""What a marker may ask for, by the name of the function."""
