"""What may lie behind the difference of two scenarios: what differed on the way, and which unknowns it goes with."""

import csv
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import common
from teritwa.analysis.measures import daily
from teritwa.ensemble.result import Result

Array = NDArray[np.float64]

CHANCE = 0.05
"""How often, by chance alone, a list of parameters would hold one that has nothing to do with the difference."""

FEWEST = 10
"""So many draws at least are looked at; in fewer, a rank correlation beyond chance is hardly possible."""


@dataclass(frozen=True, slots=True)
class Way:
    """One thing on the way from what a scenario states to what comes of it: one number a run, from daily outcomes."""

    name: str
    unit: str
    of: Callable[[Result], Array]


@dataclass(frozen=True, slots=True)
class Step:
    """How a scenario differs from the baseline in one thing on the way, over pairs of runs.

    ``low`` and ``high`` are the 5 % and 95 % quantiles of the paired differences, ``median`` their median; ``lower``,
    ``same`` and ``higher`` are shares of pairs and sum to 1.
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
class Companion:
    """How a difference goes with a parameter over draws: the rank correlation, and whether chance hardly gives it."""

    parameter: str
    correlation: float
    beyond_chance: bool


def _mean(name: str) -> Callable[[Result], Array]:
    return lambda result: _floats(daily(result, name).mean(axis=1))


def _sum(name: str) -> Callable[[Result], Array]:
    return lambda result: _floats(daily(result, name).sum(axis=1))


def _days_with_funds(result: Result) -> Array:
    return _floats((daily(result, "fund_balance") > 0).sum(axis=1))


def _recaptured(result: Result) -> Array:
    return _floats(daily(result, "recaptured").sum(axis=1) / np.maximum(daily(result, "cleared").sum(axis=1), 1.0))


def _last(name: str) -> Callable[[Result], Array]:
    return lambda result: _floats(daily(result, name)[:, -1])


def _floats(values: NDArray[np.floating]) -> Array:
    return values.astype(np.float64)


WAYS = (
    Way("officers of the mission able to operate, mean of all days", "officers", _mean("officers_operational")),
    Way("days on which the mission's fund was not empty", "days", _days_with_funds),
    Way("districts cleared, all days", "districts", _sum("cleared")),
    Way("of the cleared, lost again within 30 days", "1", _recaptured),
    Way("attacks by gangs on districts of the state, all days", "attacks", _sum("attacks_on_state")),
    Way("gang members on the last day", "persons", _last("gang_members")),
    Way("people's trust in the forces on the last day", "1", _last("trust_in_forces")),
)
"""What is looked at on the way."""


def on_the_way(base: Result, other: Result) -> list[Step]:
    """Return how a scenario differs from the baseline in each of `WAYS`, run against run."""
    first, second, _ = common(base, other)
    return [_step(way, way.of(base)[first], way.of(other)[second]) for way in WAYS]


def _step(way: Way, before: Array, after: Array) -> Step:
    difference = after - before
    low, median, high = (float(level) for level in np.quantile(difference, [0.05, 0.5, 0.95]))
    shares = (float(np.mean(found)) for found in (difference < 0, difference == 0, difference > 0))
    return Step(way.name, way.unit, float(np.median(before)), float(np.median(after)), median, low, high, *shares)


def companions(base: Result, other: Result, before: Array, after: Array) -> list[Companion]:
    """Return how a paired difference goes with each parameter that was drawn, the strongest first.

    ``before`` and ``after`` have one value for each finished run of the two. Differences are averaged over the
    replicates of a draw. A Spearman correlation is beyond chance where it is less likely than `CHANCE` over the number of
    parameters tried (Bonferroni). Nothing if there are fewer than `FEWEST` draws, or nothing is drawn or differs.
    """
    first, second, _ = common(base, other)
    draws = np.array([base.pairs[i][0] for i in first])
    kept = np.unique(draws)
    difference = (after[second] - before[first]).astype(np.float64)
    means = np.array([difference[draws == draw].mean() for draw in kept])
    drawn = {name: column[kept] for name, column in (_drawn(base) | _drawn(other)).items()}
    varied = {name: column for name, column in drawn.items() if np.ptp(column) > 0}
    if len(kept) < FEWEST or not varied or np.ptp(means) == 0:
        return []
    found = [_companion(name, column, means, CHANCE / len(varied)) for name, column in varied.items()]
    return sorted(found, key=lambda one: (-abs(one.correlation), one.parameter))


def _companion(name: str, values: Array, means: Array, limit: float) -> Companion:
    """Correlate the ranks; how likely chance gives as much is read from Student's t, as usual for ten and more."""
    from scipy.special import stdtr
    from scipy.stats import rankdata

    correlation = float(np.corrcoef(rankdata(values), rankdata(means))[0, 1])
    freedom = len(means) - 2
    rest = max(1.0 - correlation * correlation, 1e-12)
    likely = 2 * float(stdtr(freedom, -abs(correlation) * (freedom / rest) ** 0.5))
    return Companion(name, correlation, likely < limit)


def _drawn(result: Result) -> dict[str, Array]:
    """Return the value that each draw has of each uncertain parameter, as design.csv of the result has them."""
    with (result.path / "design.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["replicate"] == "0"]
    names = [name for name in rows[0] if name not in ("draw", "replicate")] if rows else []
    return {name: np.array([float(row[name]) for row in rows]) for name in names}
