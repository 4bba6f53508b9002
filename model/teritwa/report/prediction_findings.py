"""What the scores of a prediction say beside simple rules, in sentences and cells."""

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from teritwa.analysis.record_tables import yes_or_no
from teritwa.engine.formatting import (
    MINUS,
    format_fixed,
    format_integer,
    format_percent,
    format_significant,
)
from teritwa.pictures.prediction import PANEL_TITLES
from teritwa.pictures.tables import Record, number, numbers
from teritwa.report.findings import interval
from teritwa.report.markdown import escape
from teritwa.report.validation_notes import TOO_HIGH, TOO_LOW

SIMPLE_RULES: Mapping[str, str] = {
    "persistence": "persistence",
    "trend": "trend",
    "dressed": "dressed persistence",
}
"""The forecasts without a model: how their columns begin, and their names."""

_POINTS = {"persistence": "persistence", "trend": "trend", "dressed": "persistence"}
"""The column of the point of each; that of dressed persistence is its median."""

ALL = "all"
"""The row of the scores that is about all outcomes."""


NONE = "none"
"""Stands for a score that there is not."""


def sort_by_outcome(rows: Sequence[Record]) -> list[Record]:
    """Return rows by outcome: in the order of the picture, then other outcomes, then all."""
    names = [*PANEL_TITLES]
    ranks = {name: rank for rank, name in enumerate(names)} | {ALL: len(names) + 1}
    return sorted(rows, key=lambda row: ranks.get(str(row["outcome"]), len(names)))


def outcome_name(row: Record) -> str:
    """Return the name of an outcome in words."""
    return PANEL_TITLES.get(str(row["outcome"]), str(row["outcome"])).partition(",")[0]


def count_inside(row: Record) -> int:
    """Return how many figures of an outcome lie in their 80 % intervals."""
    return round(number(row["inside_80"]) * number(row["figures"]))


def summary_cells(row: Record) -> tuple[str, ...]:
    """Return the cells of one outcome in the table of scores."""
    columns = ("crps", "expected_crps", *(f"{rule}_crps" for rule in SIMPLE_RULES))
    none = "" if row["outcome"] == ALL else NONE
    scores = (format_significant(number(row[column])) or none for column in columns)
    return (
        outcome_name(row),
        format_integer(number(row["figures"])),
        format_integer(count_inside(row)),
        format_percent(number(row["inside_80"])),
        *scores,
        skill_cell(row["crps_skill"]),
        skill_cell(row["interval_skill"]),
        format_integer(number(row["compared"])),
    )


def coverage_test(figures: Sequence[Record]) -> tuple[int, int, float]:
    """Test whether the 80 % intervals hold as many figures as they should.

    Several forecasts of one figure share its error, so each figure counts once, by the share of
    its forecasts that hold it.

    Args:
        figures: The scores of each figure from each origin.

    Returns:
        How many figures are held, of how many, and the exact probability of a number as far off.
    """
    by_figure: dict[tuple[str, str, str], list[float]] = {}
    for row in figures:
        key = str(row["outcome"]), str(row["start"]), str(row["end"])
        by_figure.setdefault(key, []).append(number(row["inside_80"]))
    held = round(sum(float(np.mean(each)) for each in by_figure.values()))
    return held, len(by_figure), float(binomtest(held, max(1, len(by_figure)), 0.8).pvalue)


def skill_cell(value: object) -> str:
    """Return a skill, which may be below 0, or that there is none."""
    skill = number(value)
    return NONE if isnan(skill) else format_fixed(skill, 2).replace("-", MINUS)


def figure_cells(row: Record) -> tuple[str, ...]:
    """Return the cells of one figure in the table of figures."""
    start, end = str(row["start"]), str(row["end"])
    forecasts = (format_significant(number(row[rule])) for rule in ("persistence", "trend"))
    return (
        outcome_name(row),
        start if start == end else f"{start} to {end}",
        format_significant(number(row["value"])),
        interval(row, "low_80", "high_80"),
        yes_or_no(number(row["inside_80"]) != 0),
        *forecasts,
        interval(row, "dressed_low_80", "dressed_high_80"),
    )


def wins(row: Record, rule: str) -> bool:
    """Return whether a simple rule does at least as well as the model; not where either lacks."""
    return number(row[f"{rule}_crps"]) <= number(row["crps"])


def winning_rules(row: Record, figures: Sequence[Record]) -> list[str]:
    """Return which simple rules beat the model in one outcome, and what the tables show of why.

    Args:
        row: The scores of the outcome.
        figures: The figures of all outcomes.

    Returns:
        A line a rule that wins, as Markdown.
    """
    if row["outcome"] == ALL:
        return []
    own = [figure for figure in figures if figure["outcome"] == row["outcome"]]
    return [_win(row, rule, own) for rule in SIMPLE_RULES if wins(row, rule)]


def _win(row: Record, rule: str, figures: Sequence[Record]) -> str:
    """Return the line on a rule that wins in one outcome."""
    rule_score, score = (format_significant(number(row[name])) for name in (f"{rule}_crps", "crps"))
    return (
        f"**{escape(outcome_name(row))}**: {SIMPLE_RULES[rule]} wins ({rule_score} against {score} "
        f"over {format_integer(number(row['compared']))} figures). {_errors(figures, rule)}"
    )


def _errors(figures: Sequence[Record], rule: str) -> str:
    """Return the mean errors of rule and median, which is all that the tables show of why."""
    compared = [one for one in figures if _is_compared(one, rule)]
    return _mean_errors(compared, rule) if compared else "All its figures are nought."


def _mean_errors(compared: Sequence[Record], rule: str) -> str:
    """Return the mean errors of rule and median over figures that both can be compared with."""
    values, forecasts, medians = (
        np.array(numbers(compared, column)) for column in ("value", _POINTS[rule], "median")
    )
    rule_error, median_error = (_relative_error(each, values) for each in (forecasts, medians))
    low, high = int((medians < values).sum()), int((medians > values).sum())
    nearer = (
        " Its median came nearer, but CRPS charges for the spread of its runs, and a single number "
        "has none."
    )
    return (
        f"{_describe_rule_error(rule, rule_error)}, the model's median was off by "
        f"{format_percent(median_error)} ({TOO_LOW} for {low}, {TOO_HIGH} for {high})."
        f"{nearer if median_error < rule_error and rule != 'dressed' else ''}"
    )


def _is_compared(figure: Record, rule: str) -> bool:
    """Return whether a figure has a relative error, and the rule a forecast of it."""
    return not isnan(number(figure[_POINTS[rule]])) and number(figure["value"]) != 0


def _relative_error(forecasts: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Return the mean absolute error of forecasts as a share of the values, each (figure,)."""
    return float((np.abs(forecasts - values) / values).mean())


def _describe_rule_error(rule: str, error: float) -> str:
    """Return the mean error of a simple rule in words."""
    if rule != "trend":
        return f"The figures lay on average {format_percent(error)} from the last one known"
    return f"The line was off by {format_percent(error)}"
