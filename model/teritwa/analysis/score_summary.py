"""The scores of figures summarised by outcome and over all outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from teritwa.analysis.figure_score import MODEL, PERSISTENCE, SHARES, TREND, FigureScore, best_of

ALL = "all"
"""Stands for the outcome in the summary of all figures."""


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """The figures of one outcome, or of all outcomes: means over rows.

    ``inside_*`` are the shares of figures within the intervals. The CRPS of the model and of the
    reference forecasts rest on the same ``compared`` rows: those with every reference forecast that
    any of them has. Outcomes have different units: over all, each CRPS is first divided by its
    figure, and figures of 0 are left out of it, as they are of every relative bias.
    """

    outcome: str
    unit: str
    figures: int
    inside_50: float
    inside_80: float
    inside_90: float
    bias: float | None
    relative_bias: float | None
    compared: int
    crps: float | None
    persistence_crps: float | None
    trend_crps: float | None
    best: str


def summarise(rows: Sequence[FigureScore]) -> tuple[ScoreSummary, ...]:
    """Return a summary of each outcome, in the order of the rows, and then one of all.

    Args:
        rows: At least one score.
    """
    by_outcome: dict[str, list[FigureScore]] = {}
    for row in rows:
        by_outcome.setdefault(row.outcome, []).append(row)
    return (*map(_of_outcome, by_outcome.values()), _of_all(rows))


def _of_outcome(rows: Sequence[FigureScore]) -> ScoreSummary:
    """Summarise the figures of one outcome."""
    return ScoreSummary(
        outcome=rows[0].outcome,
        unit=rows[0].unit,
        bias=_mean([row.bias for row in rows]),
        **_common(rows),
        **_scores([(row, 1.0) for row in rows]),
    )


def _of_all(rows: Sequence[FigureScore]) -> ScoreSummary:
    """Summarise the figures of all outcomes, each CRPS relative to its figure."""
    return ScoreSummary(
        outcome=ALL,
        unit="1",
        bias=None,
        **_common(rows),
        **_scores([(row, row.value) for row in rows]),
    )


def _common(rows: Sequence[FigureScore]) -> dict[str, Any]:
    """Return what is the same for one outcome and for all: counts, coverage, relative bias."""
    relative = [row.relative_bias for row in rows if row.relative_bias is not None]
    coverage = {f"inside_{share}": _coverage(rows, share) for share in SHARES}
    return {"figures": len(rows), "relative_bias": _mean(relative), **coverage}


def _coverage(rows: Sequence[FigureScore], share: int) -> float | None:
    """Return the share of figures within the intervals of one width."""
    return _mean([getattr(row, f"inside_{share}") for row in rows])


def _scores(scaled: Sequence[tuple[FigureScore, float]]) -> dict[str, Any]:
    """Return mean scores over comparable rows, and the best.

    Each row comes with what its CRPS is divided by; a row with 0 is left out.
    """
    names = _reference_forecasts([row for row, _ in scaled])
    compared = [(row, scale) for row, scale in scaled if scale and _has(names, row)]
    found: dict[str, float | None] = {}
    for name in (*names, MODEL):
        found[name] = _mean([getattr(row, name) / scale for row, scale in compared])
    missing = dict.fromkeys((PERSISTENCE, TREND))
    return {"compared": len(compared), "best": best_of(found), **missing, **found}


def _reference_forecasts(rows: Sequence[FigureScore]) -> list[str]:
    """Return the reference forecasts that any row has."""
    return [name for name in (PERSISTENCE, TREND) if any(_has([name], row) for row in rows)]


def _has(names: Sequence[str], row: FigureScore) -> bool:
    """Return whether a row has all of some scores."""
    return all(getattr(row, name) is not None for name in names)


def _mean(values: Sequence[float]) -> float | None:
    """Return a mean, or None without values."""
    return float(np.mean(values)) if values else None
