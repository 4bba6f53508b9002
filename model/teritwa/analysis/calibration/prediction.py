"""Rolling prediction: pasts and plans as of a day, scored against what was counted later.

Each origin has its own scenario, which knows what was known that day, and its own posterior, which
met the counts until that day. Rules and the ranges of parameters were written with all of 2024
known; only the fit and the plans did not know it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import NormalDist

from teritwa.analysis.calibration.calibrate import DRAWS, LAST_DAY
from teritwa.analysis.calibration.count_table import targets
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.discrepancy import as_seen
from teritwa.analysis.published_figures import SHARE, Observation
from teritwa.analysis.scoring import Scores, score, together
from teritwa.engine.files import as_csv
from teritwa.engine.formatting import format_decimal
from teritwa.ensemble.run import Progress, run
from teritwa.scenario import load

SCENARIOS: Mapping[date, str] = {
    date(2024, 3, 31): "march-2024",
    date(2024, 6, 30): "june-2024",
    date(2024, 9, 30): "september-2024",
}
"""The scenario of what was known by each origin, the last day from which a prediction has data."""

AHEAD = timedelta(184)
"""How far ahead figures are scored: two quarters."""

DEVIATIONS = NormalDist().inv_cdf(0.95)
"""Half the width of a central 90 % interval in standard deviations."""


@dataclass(frozen=True)
class Prediction:
    """Predictions from several origins, and their scores.

    Attributes:
        scores: The scores of all figures from all origins.
        figures: The figures, each once.
    """

    scores: Scores
    figures: tuple[Observation, ...]


def later_figures(origin: date, chosen: Sequence[Target] | None = None) -> tuple[Observation, ...]:
    """Return the counts of up to two quarters after an origin, with central 90 % intervals.

    Counts of districts, and places held or not, are left out: `teritwa.analysis.scoring` reads
    outcomes as they are stored. A mean over days is dated to the last of them.

    Args:
        origin: The last day that is known.
        chosen: The targets; None means all that ship.
    """
    return tuple(
        _figure(target)
        for target in chosen or targets()
        if _is_later(target, origin) and _is_read(target)
    )


def _is_later(target: Target, origin: date) -> bool:
    """Return whether all days of a target lie in the two quarters after an origin."""
    return origin < target.start and target.end <= min(origin + AHEAD, LAST_DAY)


def _is_read(target: Target) -> bool:
    """Return whether a target is fitted, and scoring reads what it is about."""
    is_whole = not target.outcome.startswith("displaced_hosted")
    return target.fitted and target.statistic in ("sum", "value", "mean", "share") and is_whole


def _figure(target: Target) -> Observation:
    """Return a target as an observation."""
    width = DEVIATIONS * target.observation_error
    value = target.observed
    low, high = value - width, min(value + width, 1.0)
    if target.logarithmic:
        low, high = value * math.exp(-width), value * math.exp(width)
    is_share = target.statistic == "share"
    start = target.end if target.statistic in ("mean", "value") else target.start
    name = target.outcome + (SHARE if is_share else "")
    return Observation(name, start, target.end, value, low, min(high, 1.0) if is_share else high)


def figures_table(figures: Sequence[Observation]) -> str:
    """Return observations as the CSV table that `teritwa score` reads."""
    return as_csv(["date", "outcome", "value", "low", "high"], map(_cells, figures))


def _cells(one: Observation) -> list[str]:
    """Return the cells of an observation."""
    days = str(one.end) if one.start == one.end else f"{one.start}/{one.end}"
    given = (number for number in (one.value, one.low, one.high) if number is not None)
    return [days, one.outcome, *map(format_decimal, given)]


def predict(
    folder: Path, *, jobs: int | None = None, progress: Progress | None = None
) -> Prediction:
    """Run the world as known on each origin and score it against later counts.

    Args:
        folder: Where the results are written.
        jobs: Local processes; None means one a core.
        progress: Called with runs done, failed and in all.
    """
    scenarios = [load(name).replace(draws=DRAWS, replicates=1) for name in SCENARIOS.values()]
    results = run(scenarios, out=folder, jobs=jobs, progress=progress, resume=True)
    found = [
        score(as_seen(result), later_figures(origin), origins=[origin])
        for origin, result in zip(SCENARIOS, results, strict=True)
    ]
    figures = {figure for origin in SCENARIOS for figure in later_figures(origin)}
    in_order = sorted(figures, key=lambda one: (one.outcome, one.end, one.start))
    return Prediction(together(found), tuple(in_order))
