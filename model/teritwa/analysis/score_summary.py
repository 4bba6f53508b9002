"""The scores of figures summarised by outcome, and over outcomes so that none decides alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from teritwa.analysis.figure_score import (
    DRESSED,
    MODEL,
    PERSISTENCE,
    SHARES,
    TREND,
    FigureScore,
    best_of,
)

ALL = "all"
"""Stands for the outcome in the summary over outcomes."""

REFERENCES = (PERSISTENCE, TREND, DRESSED)
"""The columns of the CRPS of the reference forecasts, the simplest first."""

INTERVALS = ("interval_score", "dressed_interval_score")
"""The columns of the interval score: of the model and of dressed persistence."""


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """The figures of one outcome, or of all outcomes.

    ``inside_*`` are the shares of ``figures`` within the intervals, each figure once however many
    origins it has, unless the model made a forecast at each. Of one outcome, all other numbers are
    means. The scores of the model and of the reference forecasts rest on the same ``compared``
    rows: those with every reference forecast that any of them has.
    ``expected_crps`` is what the model would score if it
    were right. ``crps_ratio`` and ``interval_ratio`` are the model's mean score by that of
    dressed persistence, and skill is 1 less the ratio: 0 is as good, below 0 is worse.

    Outcomes have different units and difficulties. Over all, the relative bias and both ratios are
    medians over outcomes, ``outcomes`` is how many have a ratio, and ``compared`` counts their
    rows; no other score is given.
    """

    outcome: str
    unit: str
    outcomes: int
    figures: int
    inside_50: float
    inside_80: float
    inside_90: float
    bias: float | None
    relative_bias: float | None
    compared: int
    crps: float | None
    expected_crps: float | None
    persistence_crps: float | None
    trend_crps: float | None
    dressed_crps: float | None
    crps_ratio: float | None
    crps_skill: float | None
    interval_score: float | None
    dressed_interval_score: float | None
    interval_ratio: float | None
    interval_skill: float | None
    best: str


def summarise(rows: Sequence[FigureScore]) -> tuple[ScoreSummary, ...]:
    """Return a summary of each outcome, in the order of the rows, and then one of all.

    Args:
        rows: At least one score.
    """
    by_outcome: dict[str, list[FigureScore]] = {}
    for row in rows:
        by_outcome.setdefault(row.outcome, []).append(row)
    outcomes = [_of_outcome(own) for own in by_outcome.values()]
    return (*outcomes, _of_all(outcomes, rows))


def _of_outcome(rows: Sequence[FigureScore]) -> ScoreSummary:
    """Summarise the figures of one outcome."""
    figures = _once(rows)
    compared = _compared(rows)
    scores: dict[str, Any] = {name: _mean_of(compared, name) for name in (*REFERENCES, MODEL)}
    model, dressed = (_mean_of(compared, name) for name in INTERVALS)
    ratios = {"crps": _ratio(scores[MODEL], scores[DRESSED]), "interval": _ratio(model, dressed)}
    return ScoreSummary(
        outcome=rows[0].outcome,
        unit=rows[0].unit,
        outcomes=int(ratios["crps"] is not None),
        expected_crps=_mean_of(compared, "expected_crps"),
        bias=_mean_of(figures, "bias"),
        relative_bias=_mean_of(figures, "relative_bias"),
        compared=len(compared),
        interval_score=model,
        dressed_interval_score=dressed,
        best=best_of(scores),
        **_coverage(figures),
        **scores,
        **_ratios_and_skill(ratios),
    )


def _compared(rows: Sequence[FigureScore]) -> list[FigureScore]:
    """Return the rows with every reference forecast that any of them has."""
    names = [name for name in REFERENCES if _given(rows, name)]
    return [row for row in rows if all(getattr(row, name) is not None for name in names)]


def _of_all(outcomes: Sequence[ScoreSummary], rows: Sequence[FigureScore]) -> ScoreSummary:
    """Summarise over outcomes: the coverage of all figures, and medians over outcomes."""
    ratios = {name: _median_of(outcomes, f"{name}_ratio") for name in ("crps", "interval")}
    scores: dict[str, Any] = dict.fromkeys((*REFERENCES, MODEL, *INTERVALS))
    return ScoreSummary(
        outcome=ALL,
        unit="1",
        outcomes=sum(one.outcomes for one in outcomes),
        bias=None,
        expected_crps=None,
        relative_bias=_median_of(outcomes, "relative_bias"),
        compared=sum(one.compared for one in outcomes if one.outcomes),
        best="",
        **_coverage(_once(rows)),
        **scores,
        **_ratios_and_skill(ratios),
    )


def _once(rows: Sequence[FigureScore]) -> list[FigureScore]:
    """Return one row a figure and forecast: a model that runs once says the same at each origin."""
    return list({(row.outcome, row.start, row.end, row.crps): row for row in rows}.values())


def _coverage(figures: Sequence[FigureScore]) -> dict[str, Any]:
    """Return the number of figures, and the share of them within the intervals of each width."""
    shares = {f"inside_{share}": _mean_of(figures, f"inside_{share}") for share in SHARES}
    return {"figures": len(figures), **shares}


def _ratios_and_skill(ratios: Mapping[str, float | None]) -> dict[str, Any]:
    """Return the columns of the ratios and of the skill that follows from them."""
    found: dict[str, float | None] = {}
    for name, ratio in ratios.items():
        found |= {f"{name}_ratio": ratio, f"{name}_skill": None if ratio is None else 1 - ratio}
    return found


def _ratio(score: float | None, other: float | None) -> float | None:
    """Return a score by another, or None where one is missing or the other is 0."""
    return score / other if score is not None and other else None


def _given(rows: Sequence[object], name: str) -> list[float]:
    """Return what rows have in a column, without what is missing."""
    return [value for row in rows if (value := getattr(row, name)) is not None]


def _mean_of(rows: Sequence[object], name: str) -> float | None:
    """Return the mean of a column over the rows that have it, or None if none has."""
    values = _given(rows, name)
    return float(np.mean(values)) if values else None


def _median_of(rows: Sequence[object], name: str) -> float | None:
    """Return the median of a column over the rows that have it, or None if none has."""
    values = _given(rows, name)
    return float(np.median(values)) if values else None
