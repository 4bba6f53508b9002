"""What failed in a validation, listed by rules applied to its tables."""

from collections.abc import Mapping, Sequence

from teritwa.analysis.analog import REQUIRED_SHARE
from teritwa.engine.formatting import format_fixed, format_integer, format_percent
from teritwa.pictures.analog import VERDICTS
from teritwa.pictures.tables import Record, number
from teritwa.report import findings, prediction_findings
from teritwa.report.left_out_section import BRIER_LIMIT, REJECTED
from teritwa.report.markdown import escape


def fit_failures(fit: Sequence[Record]) -> list[str]:
    """Return the targets that are missed, and the intervals that are too wide.

    Args:
        fit: The targets.

    Returns:
        A line a failure, as Markdown.
    """
    missed = [
        f"**Missed**: {escape(row['target'])} ({findings.side(row)})."
        for row in fit
        if row["inside"] != "yes"
    ]
    return missed + _wide_intervals(fit)


def _wide_intervals(fit: Sequence[Record]) -> list[str]:
    """Return the line on the intervals that are too wide, if there are any."""
    wide = [
        f"{escape(row['target'])} ({format_percent(number(row['half_width']))})"
        for row in fit
        if row["group"] in findings.LIMITED_GROUPS and not findings.keeps_limit(row)
    ]
    limit = format_percent(findings.WIDTH_LIMIT)
    return [f"**Wider than {limit}**: {'; '.join(wide)}."] if wide else []


def left_out_failures(facts: Mapping[str, object]) -> list[str]:
    """Return what fails where each target is predicted from all others, as Markdown.

    Args:
        facts: The facts on the calibration, by name.
    """
    inside, counts, p, score = (
        number(facts[f"left_out_{name}"]) for name in ("inside", "counts", "p", "brier")
    )
    failures = []
    if p < REJECTED:
        failures.append(
            f"**Left out**: {format_integer(inside)} of {format_integer(counts)} counts lie "
            f"in their 80 % interval (p = {format_fixed(p, 2)})."
        )
    if not score < BRIER_LIMIT:
        failures.append(
            f"**Places**: the Brier score with each left out is {format_fixed(score, 2)}."
        )
    return failures


def recovery_failures(rows: Sequence[Record]) -> list[str]:
    """Return the intervals with a wrong coverage, and those where half the spread goes unnoticed.

    Args:
        rows: The recovery of known truths.

    Returns:
        A line a failure, as Markdown.
    """
    return [
        _recovery_failure(row)
        for row in rows
        if findings.has_right_coverage(row) != findings.is_calibrated(row)
    ]


def _recovery_failure(row: Record) -> str:
    """Return the line on an interval that fails."""
    level, coverage = (format_percent(number(row[name])) for name in ("level", "coverage"))
    part = escape(row["part"])
    if findings.is_calibrated(row):
        text = f"the {level} interval holds the truth in {coverage} of cases"
        return f"**Recovery, {part}**: {text}."
    return f"**Half the spread, {part}**: passes at {level} ({coverage})."


def prediction_failures(summary: Sequence[Record]) -> list[str]:
    """Return the outcomes with too few figures in their intervals, or where a simple rule wins.

    Args:
        summary: The scores by outcome, and those of all outcomes.

    Returns:
        A line a failure, as Markdown.
    """
    return [line for row in summary for line in _outcome_failures(row)]


def _outcome_failures(row: Record) -> list[str]:
    """Return the lines on one outcome."""
    is_all = row["outcome"] == prediction_findings.ALL
    name = "all outcomes" if is_all else escape(prediction_findings.outcome_name(row))
    failures = []
    if number(row["inside_80"]) < 0.8:
        inside = prediction_findings.count_inside(row)
        failures.append(
            f"**Prediction, {name}**: {inside} of {format_integer(number(row['figures']))} figures "
            "in their 80 % intervals."
        )
    failures += [
        f"**Prediction, {name}**: {rule_name} does better than the model."
        for rule, rule_name in prediction_findings.SIMPLE_RULES.items()
        if prediction_findings.wins(row, rule)
    ]
    return failures + _negative_skill(row) if is_all else failures


def _negative_skill(row: Record) -> list[str]:
    """Return the line on a median skill below 0, if it is."""
    if not number(row["crps_skill"]) < 0:
        return []
    skill = prediction_findings.skill_cell(row["crps_skill"])
    return [
        f"**Prediction, all outcomes**: the median skill beside dressed persistence is {skill}."
    ]


def analog_failures(estimates: Sequence[Record]) -> list[str]:
    """Return a line if the logic test fails, as Markdown."""
    better = findings.pair_share(estimates, VERDICTS[0])
    if better >= REQUIRED_SHARE:
        return []
    return [f"**Analog**: holding does better in only {format_percent(better)} of pairs."]
