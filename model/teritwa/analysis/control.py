"""Who holds which district, week by week: the level of a result, or its change from a baseline."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.cluster_robust import mean_and_half_interval
from teritwa.analysis.compare import paired_runs, pairing_problems
from teritwa.ensemble.result import Result, ResultError, check_finished

CHANCE, INFLUENCE = "chance", "control"
VIEWS = (CHANCE, INFLUENCE)
"""What a value is: the share of runs in which gangs hold a district, or their mean influence."""


@dataclass(frozen=True, eq=False, slots=True)
class Control:
    """One view of control by district and week.

    ``values`` has the shape (week, district): shares from 0 to 1 or, with a ``baseline``,
    differences between such shares (result minus baseline over ``count`` pairs of runs). ``half``
    is then half the 95 % interval of each difference, with the pairs of one draw as one cluster;
    else it is None. ``weeks`` are the stored days: 0, 7, 14 ... and the last.
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
        """Whether the values are differences."""
        return self.baseline is not None

    def is_clear(self, week: int) -> NDArray[np.bool_]:
        """Return whether each change lies outside the 95 % interval around zero; levels always do.

        Args:
            week: Row of the week in ``values``.

        Returns:
            Shape (district,).
        """
        values = self.values[week]
        return np.ones(len(values), bool) if self.half is None else np.abs(values) > self.half[week]

    def week(self, day: date | None = None) -> int:
        """Return the row of the last stored week that is not after a day.

        Args:
            day: A day within the weeks; without one, the last.

        Raises:
            ResultError: The day lies outside the weeks.
        """
        first, last = self.weeks[0], self.weeks[-1]
        wanted = last if day is None else np.datetime64(day)
        if not first <= wanted <= last:
            raise ResultError(
                [f"{self.result.path}: no control on {day}; it has {first} to {last}"]
            )
        return int(np.searchsorted(self.weeks, wanted, side="right")) - 1


def control(result: Result, view: str = CHANCE, baseline: Result | None = None) -> Control:
    """Compute control by district over all weeks, or its change from a baseline.

    Args:
        result: A result with finished runs.
        view: One of `VIEWS`.
        baseline: A result whose runs form pairs with those of ``result``; without one, the values
            are levels.

    Raises:
        ResultError: No run finished, or the runs of the two results do not form pairs.
        ValueError: There is no such view.
    """
    check_finished([result])
    if baseline is None:
        values = _by_run(result, view).mean(axis=0)
        return Control(result, view, None, result.weeks, values, None, result.count)
    problems = pairing_problems(baseline, result)
    if problems:
        raise ResultError(problems)
    first, second, _ = paired_runs(baseline, result)
    weeks, before, after = np.intersect1d(baseline.weeks, result.weeks, return_indices=True)
    difference = _by_run(result, view)[second][:, after] - _by_run(baseline, view)[first][:, before]
    mean, half = mean_and_half_interval(difference, np.asarray(baseline.pairs)[first, 0])
    return Control(result, view, baseline, weeks, mean, half, len(first))


def _by_run(result: Result, view: str) -> NDArray[np.float64]:
    """Return one view of each run, shape (run, week, district); 0 or 1 for the chance."""
    if view not in VIEWS:
        raise ValueError(f"{view!r} is not a view of control; there are {', '.join(VIEWS)}")
    return result.runs("held_by_gangs" if view == CHANCE else "gang_influence").astype(np.float64)
