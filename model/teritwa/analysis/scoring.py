"""A result against figures that became known later: how far off, how sure, and whether a simple rule did better.

What a result says of a figure is a sample: the value of every finished run, what we do not know and chance
together, blurred by the figure's own error. ``low`` to ``high`` is read as the central 90 % interval of the
truth behind the figure, normal on the scale of logarithms (on the plain scale for shares, which then are cut at 0 and
1, and where ``low`` is 0). Each side has its own width and half of the probability, so the figure stays the median.
An error is turned round to blur: if the truth may be a tenth lower, a figure may be as much too high. Without a range
there is no error.

The continuous ranked probability score (CRPS; Gneiting and Raftery 2007, Strictly Proper Scoring Rules, Prediction,
and Estimation) is in the unit of the figure, less is better, and that of a point is its absolute error. It is here
that of the sample as it stands (not the fair form, which divides by one less): with n runs it is too high by about
the mean difference between two runs over 2 n.

The rules of `teritwa.analysis.reference_forecasts` are points without an error. Nothing here draws a random number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.published_figures import KNOWN_UNTIL, Observation, unfit, values_of
from teritwa.analysis.reference_forecasts import known_by, persistence, shipped, trend
from teritwa.engine.errors import InputError
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import plain
from teritwa.ensemble.result import Result

BLURS = 99
"""Into how many equally likely values the error of a figure is cut: their spread is 1 % short of the whole."""

SHARES = (50, 80, 90)
"""The central intervals that are held against the figures, in percent."""

PERSISTENCE, TREND, MODEL = "persistence_crps", "trend_crps", "crps"
NAMES = {PERSISTENCE: "persistence", TREND: "trend", MODEL: "model"}
"""The columns of a row by which the two simple rules and the model compete, and who they are of."""

ALL = "all"
"""Stands for the outcome in the summary of all figures."""

_WIDTHS = np.array([NormalDist().inv_cdf((i + 0.5) / BLURS) for i in range(BLURS)]) / NormalDist().inv_cdf(0.95)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure and what was said of it.

    ``bias`` is the median less the figure, ``relative_bias`` that as a share of the figure (None if it is 0).
    ``best`` has the least CRPS; a tie goes to the simpler rule, and without any rule there is no best.
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


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one outcome, or all of them: means over rows.

    ``inside_*`` are the shares of figures within the intervals. The CRPS of model and rules rest on the same
    ``compared`` rows, those that have every rule that any of them has. Outcomes have different units: over all, each
    CRPS is divided by its figure first, and figures of 0 are left out of it, as of every relative bias.
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


@dataclass(frozen=True)
class Scores:
    """A result against figures: one row a figure, a summary an outcome and one of all, and what could not be done."""

    result: Result
    origin: date
    rows: tuple[Row, ...]
    summary: tuple[Summary, ...]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return everything as what JSON can hold."""
        return {
            "scenario": self.result.scenario_id,
            "origin": str(self.origin),
            "rows": [asdict(row) | {"start": str(row.start), "end": str(row.end)} for row in self.rows],
            "summary": [asdict(row) for row in self.summary],
            "notes": list(self.notes),
        }

    def save(self, folder: str | Path) -> Path:
        """Write scores.csv and scores_summary.csv into a folder, made if needed, and return it."""
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        write_text(into / "scores.csv", _csv(Row, self.rows))
        write_text(into / "scores_summary.csv", _csv(Summary, self.summary))
        return into


def score(result: Result, observations: Iterable[Observation], *, origin: date = KNOWN_UNTIL) -> Scores:
    """Score a result on the observations that end after the origin.

    The others, with the figures that ship, are the history of the simple rules; where both have a figure of the same
    days, it is theirs that counts. Raise InputError if nothing is left to score or the result does not hold it.
    """
    given = tuple(observations)
    later = [one for one in given if one.end > origin]
    problems = [f"{one.outcome}, {one.start} to {one.end}: {why}" for one in later if (why := unfit(result, one))]
    if not later:
        problems.append(f"no figure ends after {origin}, so there is nothing to score; name an earlier origin")
    if problems:
        raise InputError(problems)
    history = known_by(origin, (*shipped(), *given))
    rows = tuple(score_one(one, values_of(result, one), history) for one in later)
    return Scores(result, origin, rows, summarise(rows), _notes(rows, origin))


def crps(sample: NDArray[np.float64], value: float) -> float:
    """Return the CRPS of a sample: its mean distance from the value less half of that between two of its members."""
    away = np.sort(sample) - value
    count = len(away)
    between = (2 * np.arange(count) - (count - 1)) @ away / count**2
    return float(np.abs(away).mean() - between)


def blurred(values: NDArray[np.float64], observation: Observation) -> NDArray[np.float64]:
    """Return what would be reported if each value were the truth, under the error of an observation."""
    value, low, high = observation.value, observation.low, observation.high
    if low is None or high is None or low == high:
        return values
    if observation.share:
        cut: NDArray[np.float64] = np.clip(np.add.outer(values, _shifts(value, low, high)), 0.0, 1.0)
        return cut.ravel()
    if low == 0:
        return np.add.outer(values, _shifts(value, low, high)).ravel()
    return np.multiply.outer(values, np.exp(_shifts(*np.log((value, low, high))))).ravel()


def score_one(observation: Observation, values: NDArray[np.float64], history: Sequence[Observation]) -> Row:
    """Score the values of runs, one a run, and the simple rules by their history, on one observation."""
    value, sample = observation.value, blurred(values, observation)
    median = float(np.median(sample))
    stays, goes_on = persistence(history, observation), trend(history, observation)
    scores: dict[str, Any] = {
        PERSISTENCE: _distance(stays, value),
        TREND: _distance(goes_on, value),
        MODEL: crps(sample, value),
    }
    return Row(
        outcome=observation.outcome,
        start=observation.start,
        end=observation.end,
        unit=observation.unit,
        value=value,
        low=observation.low,
        high=observation.high,
        runs=len(values),
        median=median,
        bias=median - value,
        relative_bias=(median - value) / value if value else None,
        absolute_error=abs(median - value),
        persistence=stays,
        trend=goes_on,
        best=_best(scores),
        **_intervals(sample, value),
        **scores,
    )


def summarise(rows: Sequence[Row]) -> tuple[Summary, ...]:
    """Return a summary of each outcome, in the order in which they come, and one of all."""
    names = dict.fromkeys(row.outcome for row in rows)
    return (*(_summary(name, [row for row in rows if row.outcome == name]) for name in names), _summary(ALL, rows))


def _shifts(value: float, low: float, high: float) -> NDArray[np.float64]:
    """Return by how much a figure may exceed the truth: equally likely values, the largest first."""
    return -_WIDTHS * np.where(_WIDTHS < 0, value - low, high - value)


def _intervals(sample: NDArray[np.float64], value: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for share in SHARES:
        low, high = (float(bound) for bound in np.quantile(sample, [0.5 - share / 200, 0.5 + share / 200]))
        found |= {f"low_{share}": low, f"high_{share}": high, f"inside_{share}": low <= value <= high}
    return found


def _distance(forecast: float | None, value: float) -> float | None:
    return None if forecast is None else abs(forecast - value)


def _best(scores: Mapping[str, float | None]) -> str:
    """Return whose score is the least, the first of equals; nothing if the model is alone."""
    there = {name: found for name, found in scores.items() if found is not None}
    return NAMES[min(there, key=lambda name: there[name])] if len(there) > 1 else ""


def _summary(name: str, rows: Sequence[Row]) -> Summary:
    whole = name == ALL
    rules = [rule for rule in (PERSISTENCE, TREND) if any(getattr(row, rule) is not None for row in rows)]
    compared = [
        row for row in rows if all(getattr(row, rule) is not None for rule in rules) and (row.value or not whole)
    ]
    scores = {
        column: _mean([getattr(row, column) / (row.value if whole else 1.0) for row in compared])
        for column in (*rules, MODEL)
    }
    inside: dict[str, Any] = {
        f"inside_{share}": _mean([getattr(row, f"inside_{share}") for row in rows]) for share in SHARES
    }
    return Summary(
        outcome=name,
        unit="1" if whole else rows[0].unit,
        figures=len(rows),
        bias=None if whole else _mean([row.bias for row in rows]),
        relative_bias=_mean([row.relative_bias for row in rows if row.relative_bias is not None]),
        compared=len(compared),
        crps=scores[MODEL],
        persistence_crps=scores.get(PERSISTENCE),
        trend_crps=scores.get(TREND),
        best=_best(scores),
        **inside,
    )


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _notes(rows: Sequence[Row], origin: date) -> tuple[str, ...]:
    """Say of which outcomes the simple rules know too little."""
    without = dict.fromkeys(row.outcome for row in rows if row.persistence is None)
    short = dict.fromkeys(row.outcome for row in rows if row.persistence is not None and row.trend is None)
    return (
        *(f"{name}: no figure ends by {origin}, so no persistence and no trend; add earlier rows" for name in without),
        *(f"{name}: only one date has figures by {origin}, so no trend; add earlier rows" for name in short),
    )


def _csv(kind: type[Row] | type[Summary], rows: Sequence[Row | Summary]) -> str:
    header = [field.name for field in fields(kind)]
    return as_csv(header, ([_text(getattr(row, name)) for name in header] for row in rows))


def _text(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return plain(value) if isinstance(value, float) else "" if value is None else value
