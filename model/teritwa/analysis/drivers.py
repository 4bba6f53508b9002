"""What may lie behind the difference of two scenarios: intermediate outcomes and parameters."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import paired_runs
from teritwa.analysis.measures import daily
from teritwa.ensemble.result import Result
from teritwa.scenario.draw_table import INDEX
from teritwa.scenario.history import is_column

Array = NDArray[np.float64]

FALSE_POSITIVE_RATE = 0.05
"""How often, by chance alone, a list of parameters would hold one unrelated to the difference."""

MINIMUM_DRAWS = 10
"""With fewer draws, a rank correlation beyond chance is hardly possible, so none is computed."""


@dataclass(frozen=True, slots=True)
class IntermediateOutcome:
    """An outcome between what a scenario states and its headline measures.

    ``compute`` takes a result and returns one value a run, shape (run,), from daily outcomes.
    """

    name: str
    unit: str
    compute: Callable[[Result], Array]


@dataclass(frozen=True, slots=True)
class IntermediateDifference:
    """How a scenario differs from the baseline in one intermediate outcome, over pairs of runs.

    ``before`` and ``after`` are the medians of baseline and scenario. ``low``, ``median`` and
    ``high`` are the 5 %, 50 % and 95 % quantiles of the paired differences. ``lower``, ``same`` and
    ``higher`` are shares of pairs and sum to 1.
    """

    name: str
    unit: str
    before: float
    after: float
    median: float
    low: float
    high: float
    lower: float
    same: float
    higher: float


@dataclass(frozen=True, slots=True)
class ParameterCorrelation:
    """The rank correlation of a difference with a parameter over draws.

    ``beyond_chance`` says whether chance alone would hardly give it.
    """

    parameter: str
    correlation: float
    beyond_chance: bool


def _mean(name: str) -> Callable[[Result], Array]:
    """Return a function that averages a daily outcome over all days."""
    return lambda result: _floats(daily(result, name).mean(axis=1))


def _sum(name: str) -> Callable[[Result], Array]:
    """Return a function that adds up a daily outcome over all days."""
    return lambda result: _floats(daily(result, name).sum(axis=1))


def _last(name: str) -> Callable[[Result], Array]:
    """Return a function that takes a daily outcome on the last day."""
    return lambda result: _floats(daily(result, name)[:, -1])


def _days_with_funds(result: Result) -> Array:
    """Return on how many days the fund of the mission was not empty."""
    return _floats((daily(result, "fund_balance") > 0).sum(axis=1))


def _recaptured(result: Result) -> Array:
    """Return the recaptured share of the clearings of each run, 0 without clearings."""
    recaptured, cleared = (
        daily(result, name).sum(axis=1) for name in ("recaptured", "cleared_from_gangs")
    )
    return _floats(recaptured / np.maximum(cleared, 1.0))


def _floats(values: NDArray[np.floating]) -> Array:
    """Return values in double precision."""
    return values.astype(np.float64)


INTERMEDIATE_OUTCOMES = (
    IntermediateOutcome(
        "officers of the mission able to operate, mean of all days",
        "officers",
        _mean("officers_operational"),
    ),
    IntermediateOutcome("days on which the mission's fund was not empty", "days", _days_with_funds),
    IntermediateOutcome("districts cleared, all days", "districts", _sum("cleared")),
    IntermediateOutcome("of the cleared, recaptured within 30 days", "1", _recaptured),
    IntermediateOutcome(
        "attacks by gangs on districts of the state, all days", "attacks", _sum("attacks_on_state")
    ),
    IntermediateOutcome("gang members on the last day", "persons", _last("gang_members")),
    IntermediateOutcome(
        "people's trust in the forces on the last day", "1", _last("trust_in_forces")
    ),
)
"""The outcomes that are compared, in the order of the table."""


def intermediate_differences(base: Result, other: Result) -> list[IntermediateDifference]:
    """Compare a scenario with the baseline in each of `INTERMEDIATE_OUTCOMES`, run against run."""
    first, second, _ = paired_runs(base, other)
    return [
        _difference(outcome, outcome.compute(base)[first], outcome.compute(other)[second])
        for outcome in INTERMEDIATE_OUTCOMES
    ]


def _difference(
    outcome: IntermediateOutcome, before: Array, after: Array
) -> IntermediateDifference:
    """Summarise the paired differences of one intermediate outcome."""
    difference = after - before
    low, median, high = (float(level) for level in np.quantile(difference, [0.05, 0.5, 0.95]))
    medians = float(np.median(before)), float(np.median(after))
    shares = (float(np.mean(found)) for found in (difference < 0, difference == 0, difference > 0))
    return IntermediateDifference(outcome.name, outcome.unit, *medians, median, low, high, *shares)


def parameter_correlations(
    base: Result, other: Result, before: Array, after: Array
) -> list[ParameterCorrelation]:
    """Correlate a paired difference with each parameter that was drawn.

    Differences are averaged over the replicates of a draw. A Spearman correlation is beyond chance
    if it is less likely than `FALSE_POSITIVE_RATE` over the number of parameters (Bonferroni).

    Args:
        base: Result of the baseline.
        other: Result of the scenario.
        before: Values of the baseline, shape (run,), a value for each of its finished runs.
        after: Values of the scenario, shape (run,), a value for each of its finished runs.

    Returns:
        A correlation for each drawn parameter, the strongest first; none if there are fewer than
        `MINIMUM_DRAWS` draws, or if nothing is drawn or differs.
    """
    first, second, _ = paired_runs(base, other)
    draws = np.asarray(base.pairs)[first, 0]
    kept = np.unique(draws)
    difference = (after[second] - before[first]).astype(np.float64)
    means = np.array([difference[draws == draw].mean() for draw in kept])
    varied = _varied(base, other, kept)
    if len(kept) < MINIMUM_DRAWS or not varied or np.ptp(means) == 0:
        return []
    limit = FALSE_POSITIVE_RATE / len(varied)
    found = _correlations(varied, means, limit)
    return sorted(found, key=lambda one: (-abs(one.correlation), one.parameter))


def _varied(base: Result, other: Result, draws: NDArray[np.intp]) -> dict[str, Array]:
    """Return the values in some draws of each parameter that varies between them."""
    drawn = {name: values[draws] for name, values in (_drawn(base) | _drawn(other)).items()}
    return {name: values for name, values in drawn.items() if np.ptp(values) > 0}


def _correlations(
    varied: Mapping[str, Array], means: Array, limit: float
) -> list[ParameterCorrelation]:
    """Compute rank correlations and their p-values (Student's t, as usual for ten and more)."""
    from scipy.special import stdtr

    ranks = np.array([_standard_ranks(values) for values in varied.values()])
    found = (ranks @ _standard_ranks(means) / len(means)).clip(-1.0, 1.0)
    freedom = len(means) - 2
    rest = np.maximum(1.0 - found * found, 1e-12)
    p_values = 2.0 * stdtr(freedom, -np.abs(found) * np.sqrt(freedom / rest))
    return [
        ParameterCorrelation(name, float(correlation), bool(p_value < limit))
        for name, correlation, p_value in zip(varied, found, p_values, strict=True)
    ]


def _standard_ranks(values: Array) -> Array:
    """Return the ranks of values, equal ones at their mean rank, with mean 0 and variance 1."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return np.asarray((ranks - ranks.mean()) / ranks.std())


def first_runs(path: Path) -> list[dict[str, str]]:
    """Return the rows of a design that are the first run of a draw."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["replicate"] == "0"]


def _is_parameter(column: str) -> bool:
    """Return whether a column of a design is one of a parameter."""
    return column not in INDEX and not is_column(column)


def _drawn(result: Result) -> dict[str, Array]:
    """Return the value of each uncertain parameter by draw, from the design.csv of a result."""
    rows = first_runs(result.path / "design.csv")
    names = list(filter(_is_parameter, rows[0] if rows else ()))
    return {name: np.array([float(row[name]) for row in rows]) for name in names}
