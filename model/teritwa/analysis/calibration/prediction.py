"""Prediction in time: parameters and plans as of 30 June 2024, held against what was counted afterwards."""

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
from teritwa.engine.formatting import plain
from teritwa.ensemble.run import Progress, run
from teritwa.scenario import load

ORIGIN = date(2024, 6, 30)
"""The last day of which the prediction knows anything."""

SCENARIO = "june-2024"

NINE_TENTHS = NormalDist().inv_cdf(0.95)


def later_figures(chosen: Sequence[Target] | None = None) -> tuple[Observation, ...]:
    """Return the targets of after 30 June 2024 as observations, their error as a central 90 % interval.

    What is a share of the dead, or counts districts, is left out: `teritwa.analysis.scoring` reads outcomes as they
    are stored. A mean over days stands at the last of them.
    """
    return tuple(
        _figure(target)
        for target in chosen or targets()
        if target.start > ORIGIN and target.fitted and target.how in ("sum", "value", "mean")
    )


def _figure(target: Target) -> Observation:
    wide = NINE_TENTHS * target.error
    value = target.observed
    low, high = value - wide, min(value + wide, 1.0)
    if target.logarithmic:
        low, high = value * math.exp(-wide), value * math.exp(wide)
    start = target.start if target.how == "sum" else target.end
    return Observation(target.outcome, start, target.end, value, low, high)


def figures_table(figures: Sequence[Observation]) -> str:
    """Return observations as the table that `teritwa score` reads."""
    rows = []
    for one in figures:
        days = str(one.end) if one.start == one.end else f"{one.start}/{one.end}"
        numbers = [plain(number) for number in (one.value, one.low, one.high) if number is not None]
        rows.append([days, one.outcome, *numbers])
    return as_csv(["date", "outcome", "value", "low", "high"], rows)


def predict(folder: Path, *, jobs: int | None = None, progress: Progress | None = None) -> Scores:
    """Run what was known on 30 June 2024 under every draw of its posterior, and score it against what came.

    The result is written under ``folder``.
    """
    scenario = load(SCENARIO).replace(draws=DRAWS, replicates=1)
    result = run([scenario], out=folder, jobs=jobs, progress=progress, resume=True)[0]
    return score(result, later_figures(), origin=ORIGIN)
