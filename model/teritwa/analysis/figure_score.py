"""The score of one figure: how far off the model was, how sure, and whether a rule did better.

What a result says of a figure is a sample: the value of every finished run, in which parameters and
chance both vary, blurred by the error of the figure. ``low`` to ``high`` is read as the central
90 % interval of the truth behind the figure, normal on the scale of logarithms (on the plain scale
for shares, which are then cut at 0 and 1, and if ``low`` is 0). Each side has its own width and
half of the probability, so the figure stays the median. An error is turned round to blur: if the
truth may be a tenth lower, a figure may be as much too high. Without a range there is no error.

The forecasts of `teritwa.analysis.reference_forecasts` are points without an error, that of
`teritwa.analysis.dressed_persistence` is a distribution. Nothing here draws a random number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.crps import (
    INTERVAL,
    central_interval,
    crps,
    expected_crps,
    interval_score,
    with_reporting_error,
)
from teritwa.analysis.dressed_persistence import Dressed, dressed_persistence
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.reference_forecasts import persistence, trend

SHARES = (50, 80, 90)
"""The central intervals that are compared with the figures, in percent."""

PERSISTENCE, TREND, DRESSED = "persistence_crps", "trend_crps", "dressed_crps"
MODEL = "crps"
NAMES = {
    PERSISTENCE: "persistence", TREND: "trend", DRESSED: "dressed persistence", MODEL: "model",
}  # fmt: skip
"""The columns by which the reference forecasts and the model compete, and their names."""


@dataclass(frozen=True, slots=True)
class FigureScore:
    """One figure and how well it was forecast from one origin.

    ``horizon`` is the days from the origin to the end of the figure. ``bias`` is the median minus
    the figure, ``relative_bias`` that as a share of the figure (None if the figure is 0).
    ``expected_crps`` is what the model would score on average if it were right. Columns
    that begin with ``dressed`` are of dressed persistence, whose median is ``persistence``;
    ``dressed_pooled`` says that its spread is that of all outcomes. ``best`` has the lowest CRPS; a
    tie goes to the simpler forecast, and without any reference forecast there is no best.
    """

    outcome: str
    start: date
    end: date
    unit: str
    origin: date
    horizon: int
    value: float
    low: float | None
    high: float | None
    runs: int
    median: float
    low_50: float
    high_50: float
    inside_50: bool
    low_80: float
    high_80: float
    inside_80: bool
    low_90: float
    high_90: float
    inside_90: bool
    bias: float
    relative_bias: float | None
    absolute_error: float
    crps: float
    expected_crps: float
    interval_score: float
    persistence: float | None
    persistence_crps: float | None
    trend: float | None
    trend_crps: float | None
    dressed_low_80: float | None
    dressed_high_80: float | None
    dressed_pooled: bool | None
    dressed_crps: float | None
    dressed_interval_score: float | None
    best: str


def score_figure(
    observation: Observation,
    values: NDArray[np.float64],
    history: Sequence[Observation],
    origin: date,
) -> FigureScore:
    """Score the model and the reference forecasts on one figure.

    Args:
        observation: The figure.
        values: What the model says of it, shape (run,), in the unit of the figure.
        history: The figures that are known, from which the reference forecasts are made.
        origin: The last day that is known.
    """
    value, sample = observation.value, with_reporting_error(values, observation)
    median = float(np.median(sample))
    persisting = persistence(history, observation)
    trending = trend(history, observation, origin)
    dressed = _dressed_columns(dressed_persistence(history, observation), value)
    scores: dict[str, Any] = {
        PERSISTENCE: _distance(persisting, value),
        TREND: _distance(trending, value),
        DRESSED: dressed.pop(DRESSED),
        MODEL: crps(sample, value),
    }
    return FigureScore(
        observation.outcome, observation.start, observation.end, observation.unit,
        origin, (observation.end - origin).days,
        value, observation.low, observation.high, len(values), median, **_intervals(sample, value),
        bias=median - value, relative_bias=(median - value) / value if value else None,
        absolute_error=abs(median - value), interval_score=interval_score(sample, value),
        expected_crps=expected_crps(sample),
        persistence=persisting, trend=trending, best=best_of(scores), **dressed, **scores,
    )  # fmt: skip


def best_of(scores: Mapping[str, float | None]) -> str:
    """Return whose score is the lowest, the first of equals; nothing if the model is alone.

    Args:
        scores: CRPS by column, the simplest forecast first.
    """
    found = {name: score for name, score in scores.items() if score is not None}
    return NAMES[min(found, key=lambda name: found[name])] if len(found) > 1 else ""


def _intervals(sample: NDArray[np.float64], value: float) -> dict[str, Any]:
    """Return the bounds of each central interval, and whether the figure lies within."""
    found: dict[str, Any] = {}
    for share in SHARES:
        low, high = central_interval(sample, share)
        inside = low <= value <= high
        found |= {f"low_{share}": low, f"high_{share}": high, f"inside_{share}": inside}
    return found


def _dressed_columns(forecast: Dressed | None, value: float) -> dict[str, Any]:
    """Return the columns of dressed persistence, each None without a forecast."""
    names = ("low_80", "high_80", "pooled", "crps", "interval_score")
    cells: tuple[Any, ...] = (None,) * len(names)
    if forecast is not None:
        sample = forecast.values
        bounds, own = central_interval(sample, INTERVAL), interval_score(sample, value)
        cells = (*bounds, forecast.pooled, crps(sample, value), own)
    return {f"dressed_{name}": cell for name, cell in zip(names, cells, strict=True)}


def _distance(forecast: float | None, value: float) -> float | None:
    """Return the absolute error of a forecast, if there is one."""
    return None if forecast is None else abs(forecast - value)
