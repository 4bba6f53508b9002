"""Who holds which district, week by week: over all runs of a result, or as a paired change against a baseline."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import common, unpaired_because
from teritwa.ensemble.result import Result, ResultError
from teritwa.world import HELD

CHANCE, INFLUENCE = "chance", "control"
VIEWS = (CHANCE, INFLUENCE)
"""What a number about a place is: the share of runs in which gangs hold it, or the mean influence of gangs there."""


@dataclass(frozen=True, eq=False, slots=True)
class Control:
    """One view of control by place and week.

    ``values`` is (week, district): shares from 0 to 1, or differences between such shares if there is a ``baseline``
    (result minus baseline over ``count`` pairs of runs). ``half`` is then half the 95 % interval of each difference,
    pairs of one draw counted as a cluster, and else None. ``weeks`` are the stored days: 0, 7, 14 ... and the last.
    """

    result: Result
    view: str
    baseline: Result | None
    weeks: NDArray[np.datetime64]
    values: NDArray[np.float64]
    half: NDArray[np.float64] | None
    count: int

    @property
    def is_change(self) -> bool:
        """Whether values are differences."""
        return self.baseline is not None

    def is_clear(self, week: int) -> NDArray[np.bool_]:
        """Return for each district whether its change lies outside the 95 % interval around zero; levels always do."""
        values = self.values[week]
        return np.ones(len(values), bool) if self.half is None else np.abs(values) > self.half[week]

    def week(self, day: date | None = None) -> int:
        """Return which week is the last stored one not after a day (None: the last day).

        Raise ResultError if the day lies outside the weeks.
        """
        first, last = self.weeks[0], self.weeks[-1]
        wanted = last if day is None else np.datetime64(day)
        if not first <= wanted <= last:
            raise ResultError([f"{self.result.path}: no control on {day}; it has {first} to {last}"])
        return int(np.searchsorted(self.weeks, wanted, side="right")) - 1


def control(result: Result, view: str = CHANCE, baseline: Result | None = None) -> Control:
    """Return control by place over all weeks, or its change against a baseline, run against run.

    Raise ResultError if no run finished, or if the runs of the two are no pairs.
    """
    if result.count == 0:
        raise ResultError([f"{result.path}: no run finished; run the scenario again"])
    if baseline is None:
        values = _seen(result, view).mean(axis=0)
        return Control(result, view, None, result.weeks, values, None, result.count)
    problems = unpaired_because(baseline, result)
    if problems:
        raise ResultError(problems)
    first, second, _ = common(baseline, result)
    weeks, before, after = np.intersect1d(baseline.weeks, result.weeks, return_indices=True)
    difference = _seen(result, view)[second][:, after] - _seen(baseline, view)[first][:, before]
    half = _half_intervals(difference, np.asarray(baseline.pairs)[first, 0])
    return Control(result, view, baseline, weeks, difference.mean(axis=0), half, len(first))


def control_table(result: Result, day: date | None = None, baseline: Result | None = None) -> dict[str, list[Any]]:
    """Return a row a district at a date: both views and, against a baseline, the change of both; columns by name.

    Columns: district, name, date (the stored week), chance, control, then chance_change, chance_change_half,
    control_change and control_change_half with a baseline, n (runs) and pairs.
    """
    shown = {view: control(result, view) for view in VIEWS}
    week = shown[CHANCE].week(day)
    places = len(result.labels("district"))
    table: dict[str, list[Any]] = {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        "date": [str(result.weeks[week])] * places,
        **{view: found.values[week].tolist() for view, found in shown.items()},
    }
    if baseline is not None:
        for view in VIEWS:
            change = control(result, view, baseline)
            at = change.week(day)
            table[f"{view}_change"] = change.values[at].tolist()
            table[f"{view}_change_half"] = [] if change.half is None else change.half[at].tolist()
        table["pairs"] = [change.count] * places
    return table | {"n": [result.count] * places}


def _seen(result: Result, view: str) -> NDArray[np.float64]:
    """Return one view of each run: (run, week, district), 0 or 1 for the chance."""
    if view not in VIEWS:
        raise ValueError(f"{view!r} is no view of control; there are {', '.join(VIEWS)}")
    influence = result.runs("gang_influence")
    return (influence >= HELD if view == CHANCE else influence).astype(np.float64)


def _half_intervals(values: NDArray[np.float64], draws: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return half the 95 % interval of the mean over pairs (axis 0), clustered by draw as in `compare`."""
    from scipy.special import stdtrit

    cluster = draws if len(np.unique(draws)) > 1 else np.arange(len(values))
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    residuals = np.add.reduceat((values - values.mean(axis=0))[order], starts, axis=0)
    count = len(starts)
    error = np.sqrt((residuals**2).sum(axis=0) * count / (count - 1)) / len(values)
    half: NDArray[np.float64] = error * float(stdtrit(count - 1, 0.975))
    return half
