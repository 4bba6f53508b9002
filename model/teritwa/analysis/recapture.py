"""The share of clearings that do not last: a crew is back within 30 days, over all runs.

Only districts of the capital count that a gang held when they were cleared.

The share is a ratio of two sums, so that a run with many clearings counts for much. Its interval is
that of the linearised ratio (`teritwa.analysis.cluster_robust`), with each draw as one cluster.
Where every clearing was undone the interval has no width: the method then knows nothing of how rare
an exception is.

`prior_share` is what the declared ranges of the hazard and the delay of return would give alone,
where nobody stays in what was cleared: a share near it is an assumption read back.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import prior
from teritwa.analysis.cluster_robust import linearised_ratio, mean_and_half_interval
from teritwa.analysis.compare import Comparison, paired_runs
from teritwa.analysis.measures import clearings, period_of
from teritwa.analysis.record_tables import records_csv
from teritwa.engine.files import write_text
from teritwa.engine.parameters import Parameter
from teritwa.ensemble.result import Result
from teritwa.rules.forces.night_posture import RECAPTURE_DAYS
from teritwa.rules.registry import registry

LEVELS = 10_000
"""Equally likely values of the prior over which `prior_share` averages."""

GOLDEN = LEVELS * (math.sqrt(5.0) - 1.0) / 2.0
"""Multiplier that spreads a second set of levels evenly beside the first."""


@dataclass(frozen=True, slots=True)
class Recapture:
    """The clearings of one scenario and the share that was recaptured, with a 95 % interval.

    ``prior_share`` is what the ranges of hazard and delay of return alone would give.
    ``difference`` is that from the baseline over the runs that both have, with its interval; None
    for the baseline. Shares are not a number if nothing was cleared.
    """

    scenario: str
    runs: int
    cleared: int
    recaptured: int
    share: float
    low: float
    high: float
    prior_share: float
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None


def return_hazard() -> Parameter:
    """Return the parameter that says how fast crews come back where nobody stays at night."""
    return registry()["night_posture.return_hazard"]


def return_delay() -> Parameter:
    """Return the parameter that says after how many days a crew first thinks of return."""
    return registry()["night_posture.return_delay"]


def prior_share() -> float:
    """Return the mean of 1 - exp(-h (31 - d)) over the priors of hazard h and delay d.

    It is the share of clearings undone within 30 days if these two alone decided: one crew hides,
    nobody stays in what was cleared, and the data tell nothing of either. A crew may come back on
    each night from the d-th day after the clearing to the 30th.
    """
    levels = [(level + 0.5) / LEVELS for level in range(LEVELS)]
    hazards = [prior(return_hazard()).quantile(level) for level in levels]
    # The delays in another order, so that the two priors are independent.
    delays = [round(prior(return_delay()).quantile((level * GOLDEN) % 1.0)) for level in levels]
    nights = [RECAPTURE_DAYS + 1 - delay for delay in delays]
    shares = (1.0 - math.exp(-h * n) for h, n in zip(hazards, nights, strict=True))
    return sum(shares) / LEVELS


def recapture_shares(comparison: Comparison) -> tuple[Recapture, ...]:
    """Return the recaptured share of the baseline and then of each other scenario.

    The others are taken on the days that they share with the baseline.
    """
    base = comparison.baseline
    return recapture_of(base), *(_beside(base, other) for other in comparison.others)


def save_recapture(comparison: Comparison, folder: Path) -> Path:
    """Write recapture.csv, a row a scenario, into an existing folder and return the file."""
    path = folder / "recapture.csv"
    write_text(path, records_csv(Recapture, recapture_shares(comparison)))
    return path


def recapture_of(result: Result, days: int | None = None) -> Recapture:
    """Return the share of one scenario, without a difference.

    Args:
        result: The scenario's runs.
        days: How many of the first days count; None means all.
    """
    recaptured, cleared = clearings(result, period_of(result.dates[:days]))
    runs = len(cleared)
    share, low, high = _interval(linearised_ratio(recaptured, cleared), result, np.arange(runs))
    counts = int(cleared.sum()), int(recaptured.sum())
    return Recapture(result.scenario_id, runs, *counts, share, low, high, prior_share())


def _beside(base: Result, other: Result) -> Recapture:
    """Return the share of a scenario and its difference from the baseline."""
    first, second, dates = paired_runs(base, other)
    period = period_of(dates)
    before, after = (
        linearised_ratio(*(counts[rows] for counts in clearings(result, period)))
        for result, rows in ((base, first), (other, second))
    )
    mean, low, high = _interval(after - before, base, first)
    level = recapture_of(other, len(dates))
    return replace(level, difference=mean, difference_low=low, difference_high=high)


def _interval(
    values: NDArray[np.float64], result: Result, rows: NDArray[np.intp]
) -> tuple[float, float, float]:
    """Return the mean over some runs of a result and its 95 % interval."""
    mean, half = mean_and_half_interval(values, np.asarray(result.pairs)[rows, 0])
    return float(mean), float(mean - half), float(mean + half)
