"""Scenarios side by side, run against run: draw d, replicate k of both share their chance.

Each difference is scenario minus baseline within a pair. The mean's interval counts the pairs of one draw
as one cluster, for they share what we do not know (with a single draw each pair counts by itself).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import (
    LESS,
    MEASURES,
    SHOWN,
    Measure,
    Period,
    period_of,
    unknown_share,
)
from teritwa.engine.files import as_csv, as_html, write_text
from teritwa.engine.formatting import legible, plain, reading
from teritwa.ensemble.result import Result, ResultError

SHARED = ("schema", "teritwa", "seed", "world", "start", "posterior")
"""What two manifests must have in common for their runs to be pairs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one scenario beside the baseline.

    ``difference_*`` are quantiles over pairs, and ``interval_mc_error`` how far the outer ones would still move with as many
    runs again (`interval_mc_error`); ``mean_low`` and ``mean_high`` bound the mean difference with
    95 % confidence; ``better_share``, ``tie_share`` and ``worse_share`` sum to 1; ``sd_paired`` is the
    standard deviation of the paired difference, ``sd_unpaired`` what unpaired runs would have;
    ``variance_reduction_factor`` is how many times fewer replicates pairing needs for the same standard error (infinite if
    the difference never varies, not a number if unpaired runs would not vary either). ``baseline_parametric_share``,
    ``scenario_parametric_share`` and ``difference_parametric_share`` are the shares of the variance of runs, and of pairs, that
    parameters make (`teritwa.analysis.measures.unknown_share`); the rest is chance.
    """

    scenario: str
    outcome: str
    when: str
    unit: str
    better: str
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
    better_share: float
    tie_share: float
    worse_share: float
    sd_paired: float
    sd_unpaired: float
    variance_reduction_factor: float
    baseline_parametric_share: float
    scenario_parametric_share: float
    difference_parametric_share: float


@dataclass(frozen=True)
class Comparison:
    """Several scenarios against one baseline, on the days and runs they have in common."""

    baseline: Result
    others: tuple[Result, ...]
    rows: tuple[Row, ...]

    def csv(self) -> str:
        """Return the table as CSV text, one row a scenario and measure."""
        header = [field.name for field in fields(Row)]
        return as_csv(header, ([_text(getattr(row, name)) for name in header] for row in self.rows))

    def document(self) -> dict[str, Any]:
        """Return the table as what JSON can hold; a ratio without a value becomes null."""
        rows = [{name: _json_value(value) for name, value in asdict(row).items()} for row in self.rows]
        return {"baseline": self.baseline.scenario_id, "rows": rows}

    def _repr_html_(self) -> str:
        """Show in a notebook the first measures of each scenario beside the baseline."""
        table = []
        for other in self.others:
            for row in [row for row in self.rows if row.scenario == other.scenario_id][:SHOWN]:
                words, scale = reading(row.unit)
                before, after, middle, low, high = (
                    legible(scale * value)
                    for value in (row.baseline_median, row.scenario_median, row.difference_median,
                                  row.difference_q05, row.difference_q95)
                )  # fmt: skip
                shares = (f"{share:.0%}" for share in (row.better_share, row.tie_share, row.worse_share))
                table.append([row.scenario, f"{row.outcome}, {row.when}", words, before, after, middle,
                              f"{low} to {high}", *shares])  # fmt: skip
        header = ("scenario", "outcome", "unit", "baseline", "scenario", "difference", "5 to 95 % of pairs",
                  "better", "tied", "worse")  # fmt: skip
        return as_html(f"Run against run, beside {self.baseline.scenario_id}", header, table)

    def save(self, folder: str | Path) -> Path:
        """Write comparison.csv and comparison.json into a folder, made if needed, and return it."""
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        write_text(into / "comparison.csv", self.csv())
        write_text(into / "comparison.json", json.dumps(self.document(), indent=2) + "\n")
        return into


def compare(results: Sequence[Result], baseline: str | None = None) -> Comparison:
    """Compare scenarios with a baseline: the named one, else the one the others name, else the first.

    Raise ResultError if there are not two, the named one is missing, or their runs are no pairs.
    """
    base = _baseline(results, baseline)
    others = tuple(result for result in results if result is not base)
    problems = [problem for other in others for problem in unpaired_because(base, other)]
    if problems:
        raise ResultError(problems)
    rows = [row for other in others for row in _rows(base, other)]
    return Comparison(base, others, tuple(rows))


def unpaired_because(base: Result, other: Result) -> list[str]:
    """Say why the runs of two results are no pairs: one line a reason, none if they are."""
    reasons = [
        f"{other.path}: cannot be compared with {base.path}: {key} is {other.manifest[key]!r}, not "
        f"{base.manifest[key]!r}; run both together"
        for key in SHARED
        if base.manifest[key] != other.manifest[key]
    ]
    if not reasons and len(set(base.pairs) & set(other.pairs)) < 2:
        reasons.append(f"{other.path}: shares fewer than two finished runs with {base.path}")
    return reasons


def common(base: Result, other: Result) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.datetime64]]:
    """Return which runs of each make the pairs, in one order, and the days that both have."""
    place = {pair: i for i, pair in enumerate(other.pairs)}
    matched = [(i, place[pair]) for i, pair in enumerate(base.pairs) if pair in place]
    first, second = np.asarray(matched, np.intp).T
    days = min(len(base.dates), len(other.dates))
    return first, second, base.dates[:days]


def _baseline(results: Sequence[Result], wanted: str | None) -> Result:
    ids = [result.scenario_id for result in results]
    if len(results) < 2:
        raise ResultError([f"{len(results)} result: a comparison needs at least two; name more folders"])
    if len(set(ids)) < len(ids):
        raise ResultError([f"{', '.join(sorted(ids))}: two results are of one scenario; name each once"])
    if wanted is not None and wanted not in ids:
        raise ResultError([f"baseline {wanted!r}: is not among the results ({', '.join(ids)})"])
    named = {str(result.manifest["compare_with"]) for result in results if result.manifest["compare_with"]}
    shared = named.pop() if len(named) == 1 else ""
    chosen = wanted or (shared if shared in ids else ids[0])
    return results[ids.index(chosen)]


def _rows(base: Result, other: Result) -> list[Row]:
    first, second, dates = common(base, other)
    period = period_of(dates)
    draws = np.asarray(base.pairs)[first, 0]
    return [
        _row(
            other.scenario_id,
            measure,
            period,
            measure.of(base, period)[first],
            measure.of(other, period)[second],
            draws,
        )
        for measure in MEASURES
    ]


def _row(
    scenario: str,
    measure: Measure,
    period: Period,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    draws: NDArray[np.intp],
) -> Row:
    difference = after - before
    low, median, high = np.quantile(difference, [0.05, 0.5, 0.95])
    mean, half = mean_and_half_interval(difference, draws)
    better = difference < 0 if measure.better == LESS else difference > 0
    ties = difference == 0
    unpaired = float(before.var(ddof=1) + after.var(ddof=1))
    paired = float(difference.var(ddof=1))
    return Row(
        scenario, measure.name, measure.label(period), measure.unit, measure.better, len(difference),
        float(np.median(before)), float(np.median(after)), float(median), float(low), float(high),
        interval_mc_error(difference, draws), mean, mean - half, mean + half,
        float(better.mean()), float(ties.mean()), float((~better & ~ties).mean()),
        paired**0.5, unpaired**0.5, _saved(unpaired, paired),
        *(unknown_share(values, draws) for values in (before, after, difference)),
    )  # fmt: skip


def interval_mc_error(values: NDArray[np.float64], draws: NDArray[np.intp]) -> float:
    """Return how far the ends of the 90 % band would move, typically, if there were as many runs again.

    The quantiles are followed over the runs: each half of them that lies together (whole draws, from every start, the
    last followed by the first) is held against all. An estimate from n runs strays from one of n/2 by its own standard
    error, and from one of 2n by that over the root of 2, which is returned, of the end that moves more. Not a number
    for fewer than four draws, or replicates of a single draw.
    """
    groups = [values[draws == draw] for draw in np.unique(draws)]
    groups = groups if len(groups) > 1 else [values[i : i + 1] for i in range(len(values))]
    half = len(groups) // 2
    if half < 2:
        return float("nan")
    around = groups + groups[: half - 1]
    windows = [np.concatenate(around[start : start + half]) for start in range(len(groups))]
    ends = np.array([np.quantile(window, [0.05, 0.95]) for window in windows])
    strayed = np.sqrt(((ends - np.quantile(values, [0.05, 0.95])) ** 2).mean(axis=0))
    return float(strayed.max() / np.sqrt(2.0))


def _saved(unpaired: float, paired: float) -> float:
    if paired > 0:
        return unpaired / paired
    return float("inf") if unpaired > 0 else float("nan")


def mean_and_half_interval(values: NDArray[np.float64], draws: NDArray[np.intp]) -> tuple[float, float]:
    """Return the mean and half its 95 % interval (Student's t, clustered by draw when there are several)."""
    from scipy.special import stdtrit

    mean, error, freedom = mean_and_error(values, draws)
    return mean, error * float(stdtrit(freedom, 0.975))


def mean_and_error(values: NDArray[np.float64], draws: NDArray[np.intp]) -> tuple[float, float, int]:
    """Return the mean, its standard error clustered by draw when there are several, and the degrees of freedom.

    With unequal clusters this is the usual linearised variance of a ratio; see Cameron and Miller (2015), A
    Practitioner's Guide to Cluster-Robust Inference.
    """
    mean = float(values.mean())
    cluster = draws if len(np.unique(draws)) > 1 else np.arange(len(values))
    _, member = np.unique(cluster, return_inverse=True)
    residuals = np.bincount(member, weights=values - mean)
    count = len(residuals)
    error = float(np.sqrt((residuals * residuals).sum() * count / (count - 1))) / len(values)
    return mean, error, count - 1


def _text(value: object) -> object:
    return plain(value) if isinstance(value, float) else value


def _json_value(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value
