"""Paired comparison of scenarios: draw d, replicate k of both use the same random numbers.

Each difference is scenario minus baseline within a pair of runs. The interval of a mean counts the
pairs of one draw as one cluster, because they share its parameters (with a single draw, each pair
counts by itself).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.comparison_row import ComparisonRow, comparison_row
from teritwa.analysis.measures import HEADLINE_MEASURES, SHOWN, period_of
from teritwa.analysis.record_tables import records_csv
from teritwa.engine.arguments import as_list
from teritwa.engine.files import as_html, write_text
from teritwa.engine.formatting import display_unit, format_number
from teritwa.ensemble.result import Result, ResultError, find_results, open_result

SHARED = ("schema", "teritwa", "seed", "world", "start", "posterior")
"""What two manifests must have in common for their runs to be pairs."""

ResultLike = Result | str | Path
"""A result, its folder, or a folder of results."""

HTML_HEADER = (
    "scenario", "outcome", "unit", "baseline", "scenario", "median difference",
    "5 to 95 % of pairs", "lower", "equal", "higher",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Several scenarios beside one baseline, on the days and runs that they have in common."""

    baseline: Result
    others: tuple[Result, ...]
    rows: tuple[ComparisonRow, ...]

    def csv(self) -> str:
        """Return the table as CSV text, a row a scenario and measure."""
        return records_csv(ComparisonRow, self.rows)

    def document(self) -> dict[str, Any]:
        """Return the table as JSON values; a number that is not finite becomes null."""
        rows = [_json_row(row) for row in self.rows]
        return {"baseline": self.baseline.scenario_id, "rows": rows}

    def _repr_html_(self) -> str:
        """Return the first measures of each scenario beside the baseline, for a notebook."""
        table = []
        for other in self.others:
            rows = [row for row in self.rows if row.scenario == other.scenario_id]
            table += [_html_cells(row) for row in rows[:SHOWN]]
        caption = f"Run against run, beside {self.baseline.scenario_id}"
        return as_html(caption, HTML_HEADER, table)

    def save(self, folder: str | Path) -> Path:
        """Write comparison.csv and comparison.json.

        Args:
            folder: Where to write; the folder is made if it does not exist.

        Returns:
            The folder.
        """
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        write_text(into / "comparison.csv", self.csv())
        write_text(into / "comparison.json", json.dumps(self.document(), indent=2) + "\n")
        return into


def compare(results: ResultLike | Iterable[ResultLike], baseline: str | None = None) -> Comparison:
    """Compare scenarios with a baseline, run against run.

    Args:
        results: Results of at least two scenarios, or their folders; a folder of results stands
            for all that are in it.
        baseline: Id of the baseline; without one, it is the scenario that the others name in
            ``compare_with``, else the first.

    Raises:
        ResultError: There are fewer than two results, two are of one scenario, the baseline is
            missing, or the runs do not form pairs.
    """
    given = as_results(results)
    base = _baseline(given, baseline)
    others = tuple(result for result in given if result is not base)
    problems = [problem for other in others for problem in pairing_problems(base, other)]
    if problems:
        raise ResultError(problems)
    rows = [row for other in others for row in _rows(base, other)]
    return Comparison(base, others, tuple(rows))


def as_results(results: ResultLike | Iterable[ResultLike]) -> list[Result]:
    """Return results that may be given by their folders, or by a folder of them.

    Args:
        results: Results or folders; one alone is a list of one.

    Raises:
        ResultError: A folder contains no result, or one that cannot be read.
    """
    opened = list[Result]()
    for one in as_list(results, (Result, str, Path)):
        opened += [one] if isinstance(one, Result) else map(open_result, find_results(one))
    return opened


def pairing_problems(base: Result, other: Result) -> list[str]:
    """Return why the runs of two results do not form pairs: one line a reason, none if they do."""
    reasons = [
        f"{other.path}: cannot be compared with {base.path}: {key} is {other.manifest[key]!r}, not "
        f"{base.manifest[key]!r}; run both together"
        for key in SHARED
        if base.manifest[key] != other.manifest[key]
    ]
    if not reasons and len(set(base.pairs) & set(other.pairs)) < 2:
        reasons.append(f"{other.path}: shares fewer than two finished runs with {base.path}")
    return reasons


def paired_runs(
    base: Result, other: Result
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.datetime64]]:
    """Match the finished runs of two results by draw and replicate.

    Returns:
        The places of the paired runs in ``base`` and in ``other``, each of shape (pair,), and the
        days that both results have, shape (date,).
    """
    places = {pair: i for i, pair in enumerate(other.pairs)}
    matched = [(i, places[pair]) for i, pair in enumerate(base.pairs) if pair in places]
    first, second = np.asarray(matched, np.intp).T
    days = min(len(base.dates), len(other.dates))
    return first, second, base.dates[:days]


def _baseline(results: Sequence[Result], given: str | None) -> Result:
    """Return the result that the others are compared with."""
    ids = [result.scenario_id for result in results]
    _check_ids(ids, given)
    shared = _named_by_all(results)
    chosen = given or (shared if shared in ids else ids[0])
    return results[ids.index(chosen)]


def _named_by_all(results: Sequence[Result]) -> str:
    """Return the only scenario that results name to be compared with; nothing if there is none."""
    named = {str(one.manifest["compare_with"]) for one in results if one.manifest["compare_with"]}
    return named.pop() if len(named) == 1 else ""


def _check_ids(ids: Sequence[str], baseline: str | None) -> None:
    """Raise ResultError unless there are different scenarios, with the baseline among them."""
    problem = ""
    if len(ids) < 2:
        problem = f"{len(ids)} result: a comparison needs at least two; name more folders"
    elif len(set(ids)) < len(ids):
        problem = f"{', '.join(sorted(ids))}: two results are of one scenario; name each once"
    elif baseline is not None and baseline not in ids:
        problem = f"baseline {baseline!r}: is not among the results ({', '.join(ids)})"
    if problem:
        raise ResultError([problem])


def _rows(base: Result, other: Result) -> list[ComparisonRow]:
    """Return a row a measure."""
    first, second, dates = paired_runs(base, other)
    period = period_of(dates)
    draws = np.asarray(base.pairs)[first, 0]
    rows = []
    for measure in HEADLINE_MEASURES:
        before, after = measure.compute(base, period)[first], measure.compute(other, period)[second]
        rows.append(comparison_row(other.scenario_id, measure, period, before, after, draws))
    return rows


def _html_cells(row: ComparisonRow) -> list[str]:
    """Return the cells of one row for a notebook."""
    unit, scale = display_unit(row.unit)
    levels = (
        row.baseline_median, row.scenario_median, row.difference_median,
        row.difference_q05, row.difference_q95,
    )  # fmt: skip
    before, after, median, low, high = (format_number(scale * level) for level in levels)
    shares = [f"{share:.0%}" for share in (row.lower_share, row.equal_share, row.higher_share)]
    outcome = f"{row.outcome}, {row.when}"
    return [row.scenario, outcome, unit, before, after, median, f"{low} to {high}", *shares]


def _json_row(row: ComparisonRow) -> dict[str, Any]:
    """Return a row as JSON values."""
    return {
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in asdict(row).items()
    }
