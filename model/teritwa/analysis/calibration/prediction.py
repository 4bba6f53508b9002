"""Prediction in time: parameters and plans as of 30 June 2024, scored against later counts."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import NormalDist

from teritwa.analysis.calibration.calibrate import DRAWS
from teritwa.analysis.calibration.targets import Target, targets
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.scoring import Scores, score
from teritwa.engine.files import as_csv
from teritwa.engine.formatting import format_decimal
from teritwa.ensemble.run import Progress, run
from teritwa.scenario import load

ORIGIN = date(2024, 6, 30)
"""The last day from which the prediction uses data."""

SCENARIO = "june-2024"

DEVIATIONS = NormalDist().inv_cdf(0.95)
"""Half the width of a central 90 % interval in standard deviations."""


def later_figures(chosen: Sequence[Target] | None = None) -> tuple[Observation, ...]:
    """Return the targets after 30 June 2024 as observations with central 90 % intervals.

    Shares of the dead and counts of districts are left out. A mean over days is dated to the last
    of them.

    Args:
        chosen: The targets; None means all.
    """
    return tuple(
        _figure(target)
        for target in chosen or targets()
        if target.start > ORIGIN and target.fitted and target.statistic in ("sum", "value", "mean")
    )


def _figure(target: Target) -> Observation:
    """Return a target as an observation."""
    width = DEVIATIONS * target.observation_error
    value = target.observed
    low, high = value - width, min(value + width, 1.0)
    if target.logarithmic:
        low, high = value * math.exp(-width), value * math.exp(width)
    start = target.start if target.statistic == "sum" else target.end
    return Observation(target.outcome, start, target.end, value, low, high)


def figures_table(figures: Sequence[Observation]) -> str:
    """Return observations as the CSV table that `teritwa score` reads."""
    rows = []
    for one in figures:
        days = str(one.end) if one.start == one.end else f"{one.start}/{one.end}"
        numbers = [
            format_decimal(number)
            for number in (one.value, one.low, one.high)
            if number is not None
        ]
        rows.append([days, one.outcome, *numbers])
    return as_csv(["date", "outcome", "value", "low", "high"], rows)


def predict(folder: Path, *, jobs: int | None = None, progress: Progress | None = None) -> Scores:
    """Run the world as known on 30 June 2024 and score it against later counts.

    Args:
        folder: Where the result is written.
        jobs: Local processes; None means one a core.
        progress: Called with runs done, failed and in all.
    """
    scenario = load(SCENARIO).replace(draws=DRAWS, replicates=1)
    result = run([scenario], out=folder, jobs=jobs, progress=progress, resume=True)[0]
    return score(result, later_figures(), origins=[ORIGIN])
