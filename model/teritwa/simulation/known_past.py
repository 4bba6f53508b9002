"""The known past of a run: the months up to the origin, with their chance and their moods."""

import math
from datetime import date

import numpy as np

from teritwa.engine.randomness import Randomness, month_randomness
from teritwa.engine.records import Array
from teritwa.scenario.history import MOODS, History


class KnownPast:
    """What a run replays up to the origin.

    Args:
        history: The history of the draw; None if nothing is known.
        start: The first day of the run.
    """

    def __init__(self, history: History | None, start: date) -> None:
        known = history.months if history else ()
        self._months = {(month.first_day - start).days: month for month in known}
        self._first_days = sorted(self._months)
        self._end = (history.origin - start).days + 1 if history else 0

    def months(self, table: Array) -> Array:
        """Return a table of months with a row more for each that is known."""
        rows = np.zeros(len(self._months), table.dtype)
        for row, (first_day, month) in zip(rows, sorted(self._months.items()), strict=True):
            row["first_day"], row["days"] = first_day, month.days
            for name, number in zip(MOODS, month.numbers, strict=True):
                row[name] = number
        return np.concatenate([table, rows])

    def randomness(self, own: Randomness, day: int) -> Randomness:
        """Return the random numbers of a day: those of its month up to the origin, then its own."""
        begun = [first for first in self._first_days if first <= day < self._end]
        if not begun:
            return own._replace(day=day)
        return month_randomness(self._months[begun[-1]].chance, day)

    def next_month(self, today: int) -> float:
        """Return the day after today on which chance changes; infinity if there is none."""
        changes = (*self._first_days, self._end)
        return min((day for day in changes if day > today), default=math.inf)
