"""The score of one figure: how far off the model was, how sure, and whether a rule did better.

What a result says of a figure is a sample: the value of every finished run, in which parameters and
chance both vary, blurred by the error of the figure. ``low`` to ``high`` is read as the central
90 % interval of the truth behind the figure, normal on the scale of logarithms (on the plain scale
for shares, which are then cut at 0 and 1, and if ``low`` is 0). Each side has its own width and
half of the probability, so the figure stays the median. An error is turned round to blur: if the
truth may be a tenth lower, a figure may be as much too high. Without a range there is no error.

The forecasts of `teritwa.analysis.reference_forecasts` are points without an error. Nothing here
draws a random number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.crps import crps, with_reporting_error
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.reference_forecasts import persistence, trend

SHARES = (50, 80, 90)
"""The central intervals that are compared with the figures, in percent."""

PERSISTENCE, TREND, MODEL = "persistence_crps", "trend_crps", "crps"
NAMES = {PERSISTENCE: "persistence", TREND: "trend", MODEL: "model"}
"""The columns by which the reference forecasts and the model compete, and their names."""


@dataclass(frozen=True, slots=True)
class FigureScore:
    """One figure and how well it was forecast.

    ``bias`` is the median minus the figure, ``relative_bias`` that as a share of the figure (None
    if the figure is 0). ``best`` has the lowest CRPS; a tie goes to the simpler forecast, and
    without any reference forecast there is no best.
    """

    outcome: str
    start: date
    end: date
    unit: str
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
    persistence: float | None
    persistence_crps: float | None
    trend: float | None
    trend_crps: float | None
    best: str


def score_figure(
    observation: Observation, values: NDArray[np.float64], history: Sequence[Observation]
) -> FigureScore:
    """Score the model and the reference forecasts on one figure.

    Args:
        observation: The figure.
        values: What the model says of it, shape (run,), in the unit of the figure.
        history: The figures from which the reference forecasts are made.
    """
    value, sample = observation.value, with_reporting_error(values, observation)
    median = float(np.median(sample))
    persisting, trending = persistence(history, observation), trend(history, observation)
    scores: dict[str, Any] = {
        PERSISTENCE: _distance(persisting, value),
        TREND: _distance(trending, value),
        MODEL: crps(sample, value),
    }
    return FigureScore(
        observation.outcome, observation.start, observation.end, observation.unit,
        value, observation.low, observation.high, len(values), median, **_intervals(sample, value),
        bias=median - value, relative_bias=(median - value) / value if value else None,
        absolute_error=abs(median - value), persistence=persisting, trend=trending,
        best=best_of(scores), **scores,
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
        levels = [0.5 - share / 200, 0.5 + share / 200]
        low, high = (float(bound) for bound in np.quantile(sample, levels))
        inside = low <= value <= high
        found |= {f"low_{share}": low, f"high_{share}": high, f"inside_{share}": inside}
    return found


def _distance(forecast: float | None, value: float) -> float | None:
    """Return the absolute error of a forecast, if there is one."""
    return None if forecast is None else abs(forecast - value)
