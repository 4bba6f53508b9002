"""Published counts of 2024 beside the same quantities in runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.count_table import targets
from teritwa.analysis.calibration.result_runs import is_covered, quantities_of
from teritwa.analysis.calibration.tables import add_error
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.record_tables import yes_or_no
from teritwa.analysis.world_of_result import is_of_default_world
from teritwa.engine.formatting import format_amount, format_amount_range, format_list
from teritwa.ensemble.result import Result
from teritwa.rules.registry import OUTCOMES


@dataclass(frozen=True, slots=True)
class CountComparison:
    """One published count of 2024 beside the same quantity in runs, as the page shows it.

    Attributes:
        name: What was counted, and when.
        published: The count, with the range that the sources allow.
        median: The median of the runs.
        interval: The 90 % interval of the runs.
        inside: Whether the count lies in the interval.
        inside_with_error: Whether it does once the count's own error is added to the runs.
    """

    name: str
    published: str
    median: str
    interval: str
    inside: bool
    inside_with_error: bool

    @property
    def cells(self) -> list[str]:
        """The cells of the table of counts."""
        answers = map(yes_or_no, (self.inside, self.inside_with_error))
        return [self.name, self.published, self.median, self.interval, *answers]


def compare_counts(result: Result) -> list[CountComparison]:
    """Return each count of 2024 that falls wholly into the days of a result, beside its runs.

    Args:
        result: The result; only of the default world there are counts.

    Returns:
        The counts in the order of the targets.
    """
    if not is_of_default_world(result):
        return []
    chosen = [one for one in targets() if not one.yes_or_no and is_covered(result, one)]
    quantities = quantities_of(result, chosen).T
    return [_compare_count(*each) for each in zip(chosen, quantities, strict=True)]


def _compare_count(target: Target, simulated: NDArray[np.float64]) -> CountComparison:
    """Return a count beside the same quantity in runs, shape (run,)."""
    unit = _unit(target)
    low, median, high = (float(level) for level in np.quantile(simulated, [0.05, 0.5, 0.95]))
    wide_low, wide_high = np.quantile(add_error(target, simulated), [0.05, 0.95])
    published = format_amount(target.observed, unit)
    if target.low < target.high:
        published += f" ({format_amount_range(target.low, target.high, unit)})"
    return CountComparison(
        name=target.name,
        published=published,
        median=format_amount(median, unit),
        interval=format_amount_range(low, high, unit),
        inside=low <= target.observed <= high,
        inside_with_error=bool(wide_low <= target.observed <= wide_high),
    )


def _unit(target: Target) -> str:
    """Return the unit of a target: that of its outcome, or 1 for a share."""
    name = target.outcome.partition(".")[0]
    is_share = target.statistic == "share" or name == "displaced_hosted"
    return "1" if is_share else OUTCOMES[name].unit


def counts_summary(compared: Sequence[CountComparison]) -> str:
    """Return sentences on how many counts of 2024 lie in the interval of the runs."""
    if not compared:
        return (
            "No published count falls into these runs: their world has none, or none of their days."
        )
    inside = sum(one.inside for one in compared)
    missed = [one.name for one in compared if not one.inside_with_error]
    misses = f"Missed even so: {format_list(missed)}." if missed else "None is missed then."
    return (
        f"Of {len(compared)} published counts of 2024, {inside} lie within the 90 % band of the "
        f"baseline's runs, and {len(compared) - len(missed)} if the error of the count itself is "
        f"allowed for. {misses} These counts were known when the ranges of the parameters were "
        "chosen, and calibration uses them, so this is fit and not prediction."
    )
