"""How many clearings do not last: the share of cleared districts with a crew back within 30 days, over all runs.

The share is a ratio of two sums, so that a run that clears much counts for much. Its interval is that of the
usual linearisation (each run's residual of the ratio over the mean number of clearings; Cochran 1977, Sampling
Techniques, chapter 6), clustered by draw as every other interval here. Where every clearing was lost it has no
width: then the method knows nothing of how rare an exception is.
"""

from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import Comparison, common, mean_and_half_interval
from teritwa.analysis.measures import clearings, period_of
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import plain
from teritwa.ensemble.result import Result


@dataclass(frozen=True, slots=True)
class Share:
    """The clearings of one scenario and the share that was lost again, with a 95 % interval.

    ``difference`` is from the baseline, over the runs that both have, with its interval; None for the baseline.
    Shares are not a number where nothing was cleared.
    """

    scenario: str
    runs: int
    cleared: int
    recaptured: int
    share: float
    low: float
    high: float
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None


def recapture_shares(comparison: Comparison) -> tuple[Share, ...]:
    """Return the share of each compared scenario on the days that it shares with the baseline, the baseline first."""
    return (_alone(comparison.baseline), *(_beside(comparison.baseline, other) for other in comparison.others))


def save_recapture(comparison: Comparison, folder: Path) -> Path:
    """Write recapture.csv into a folder, one row a scenario, and return the file."""
    rows = ([_text(value) for value in astuple(share)] for share in recapture_shares(comparison))
    path = folder / "recapture.csv"
    write_text(path, as_csv([field.name for field in fields(Share)], rows))
    return path


def linearised(parts: NDArray[np.float64], wholes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one value a run whose mean is the ratio of the sums and whose spread gives the ratio's error."""
    if wholes.sum() == 0:
        return np.full(len(wholes), np.nan)
    ratio = parts.sum() / wholes.sum()
    return np.asarray(ratio + (parts - ratio * wholes) / wholes.mean())


def _alone(result: Result, days: int | None = None) -> Share:
    """The share of one scenario, on its first days or on all."""
    lost, cleared = clearings(result, period_of(result.dates[:days]))
    share, low, high = _interval(linearised(lost, cleared), result, np.arange(len(lost)))
    return Share(result.scenario_id, len(lost), int(cleared.sum()), int(lost.sum()), share, low, high)


def _beside(base: Result, other: Result) -> Share:
    """The share of a scenario and its difference from the baseline."""
    first, second, dates = common(base, other)
    period = period_of(dates)
    before, after = (
        linearised(*(counts[rows] for counts in clearings(result, period)))
        for result, rows in ((base, first), (other, second))
    )
    mean, low, high = _interval(after - before, base, first)
    return replace(_alone(other, len(dates)), difference=mean, difference_low=low, difference_high=high)


def _interval(values: NDArray[np.float64], result: Result, rows: NDArray[np.intp]) -> tuple[float, float, float]:
    mean, half = mean_and_half_interval(values, np.asarray(result.pairs)[rows, 0])
    return mean, mean - half, mean + half


def _text(value: object) -> object:
    return plain(value) if isinstance(value, float) else "" if value is None else value
