"""One headline measure of one scenario beside the baseline, computed over pairs of runs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.cluster_robust import mean_and_half_interval
from teritwa.analysis.measures import HeadlineMeasure, Period, parametric_share


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One measure of one scenario beside the baseline; differences are scenario minus baseline.

    ``difference_*`` are quantiles over pairs, and ``interval_mc_error`` is how far the outer ones
    would typically move with as many runs again (see the function of that name); ``mean_low`` and
    ``mean_high`` bound the mean difference with 95 % confidence; ``lower_share``, ``equal_share``
    and ``higher_share`` are the shares of pairs in which the scenario is lower than, equal to and
    higher than the baseline, and sum to 1; ``sd_paired`` is the standard deviation of the paired
    difference, ``sd_unpaired`` that of unpaired runs; ``variance_reduction_factor`` is how many
    times fewer replicates pairing needs for the same standard error (infinite if the difference
    never varies, not a number if unpaired runs would not vary either).
    ``baseline_parametric_share``, ``scenario_parametric_share`` and
    ``difference_parametric_share`` are the shares of the variance of runs, and of pairs, that
    parameters make (`teritwa.analysis.measures.parametric_share`); the rest is chance.
    """

    scenario: str
    outcome: str
    when: str
    unit: str
    pairs: int
    baseline_median: float
    scenario_median: float
    difference_median: float
    difference_q05: float
    difference_q95: float
    interval_mc_error: float
    mean_difference: float
    mean_low: float
    mean_high: float
    lower_share: float
    equal_share: float
    higher_share: float
    sd_paired: float
    sd_unpaired: float
    variance_reduction_factor: float
    baseline_parametric_share: float
    scenario_parametric_share: float
    difference_parametric_share: float


def comparison_row(
    scenario: str,
    measure: HeadlineMeasure,
    period: Period,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    draws: NDArray[np.intp],
) -> ComparisonRow:
    """Compare the values of a measure, pair by pair.

    Args:
        scenario: Id of the scenario.
        measure: The measure.
        period: Days on which the measure is taken.
        before: Values of the baseline, shape (pair,), in the unit of the measure.
        after: Values of the scenario, shape (pair,), in the unit of the measure.
        draws: Draw of each pair, shape (pair,).
    """
    difference = after - before
    low, median, high = (float(level) for level in np.quantile(difference, [0.05, 0.5, 0.95]))
    mean, half = mean_and_half_interval(difference, draws)
    lower, equal, higher = difference < 0, difference == 0, difference > 0
    unpaired = float(before.var(ddof=1) + after.var(ddof=1))
    paired = float(difference.var(ddof=1))
    return ComparisonRow(
        scenario, measure.name, measure.label(period), measure.unit,
        len(difference), float(np.median(before)), float(np.median(after)), median, low, high,
        interval_mc_error(difference, draws), float(mean), float(mean - half), float(mean + half),
        float(lower.mean()), float(equal.mean()), float(higher.mean()),
        paired**0.5, unpaired**0.5, _variance_reduction_factor(unpaired, paired),
        *(parametric_share(values, draws) for values in (before, after, difference)),
    )  # fmt: skip


def interval_mc_error(values: NDArray[np.float64], draws: NDArray[np.intp]) -> float:
    """Estimate the Monte Carlo error of the 5 % and 95 % quantiles from half samples.

    Each half of the runs that lies together (whole draws, from every start, the last draw followed
    by the first) is compared with all runs. An estimate from n / 2 runs differs from one of n by
    the standard error of the latter, and that of 2 n from it by this error over the root of 2.

    Args:
        values: Values of runs, shape (run,), in any unit.
        draws: Draw of each run, shape (run,).

    Returns:
        How far the quantile that moves more would typically move with as many runs again, in the
        unit of the values. Not a number with fewer than four draws, or four replicates of a single
        draw.
    """
    groups = [values[draws == draw] for draw in np.unique(draws)]
    groups = groups if len(groups) > 1 else [values[i : i + 1] for i in range(len(values))]
    half = len(groups) // 2
    if half < 2:
        return float("nan")
    around = groups + groups[: half - 1]
    windows = [np.concatenate(around[start : start + half]) for start in range(len(groups))]
    ends = np.array([np.quantile(window, [0.05, 0.95]) for window in windows])
    moves = np.sqrt(((ends - np.quantile(values, [0.05, 0.95])) ** 2).mean(axis=0))
    return float(moves.max() / np.sqrt(2.0))


def _variance_reduction_factor(unpaired: float, paired: float) -> float:
    """Return the variance of unpaired runs over that of pairs."""
    if paired > 0:
        return unpaired / paired
    return float("inf") if unpaired > 0 else float("nan")
