"""The known past of a draw: the chance and the moods of each month up to the origin.

A calibrated posterior may hold, beside the parameters of a draw, what happened by chance while the
counts were made to which it was fitted. Each month has a column of a number that stands for all its
chance, and a column for the number that moves each mood. A run of that draw replays these months
and goes on with its own chance. All scenarios and replicates of a draw share them.

Beside the months a table may say what this past gives where something was counted (``run.``
columns), so that nobody has to run it to know by how much it misses a count.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

MOODS = ("offensives", "operations", "kidnapping", "lethality", "injuries", "flight")
"""The moods, by their names in `teritwa.rules.moods`."""

CHANCE = "chance"
"""The column of the number that stands for all other chance of a month."""

LARGEST_CHANCE = 2**31 - 1
"""The largest number that stands for the chance of a month."""

LARGEST_NUMBER = 9.0
"""How far from 0 the number that moves a mood may be: it is standard normal."""

GIVES = "run."
"""How a column begins that says what the past of a draw gives where something was counted."""

_COLUMN = re.compile(r"month_(\d{4})_(0[1-9]|1[0-2])\.(\w+)")


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """A month that is known: its first day, its chance, and the number of each of `MOODS`."""

    first_day: date
    chance: int
    numbers: tuple[float, ...]

    @property
    def days(self) -> int:
        """Return the length of the month."""
        return monthrange(self.first_day.year, self.first_day.month)[1]


@dataclass(frozen=True, slots=True)
class History:
    """The known months of a draw, one after the other; and what they give, by column."""

    months: tuple[KnownMonth, ...]
    gives: tuple[tuple[str, float], ...] = ()

    @property
    def start(self) -> date:
        """Return the first day that is known."""
        return self.months[0].first_day

    @property
    def origin(self) -> date:
        """Return the last day that is known: after it each run has its own chance."""
        return self.months[-1].first_day + timedelta(self.months[-1].days - 1)

    def columns(self) -> dict[str, float]:
        """Return the numbers of the history by the column of a table that holds them."""
        found: dict[str, float] = {}
        for month in self.months:
            names = columns_of(month.first_day)
            found |= zip(names, (month.chance, *month.numbers), strict=True)
        return found | dict(self.gives)


def month_starts(start: date, end: date) -> tuple[date, ...]:
    """Return the first days of all months between two days, the month of each included."""
    first, last = (12 * day.year + day.month - 1 for day in (start, end))
    return tuple(date(one // 12, one % 12 + 1, 1) for one in range(first, last + 1))


def columns_of(first_day: date) -> tuple[str, ...]:
    """Return the columns of a month in a table: its chance, then its moods."""
    return tuple(f"month_{first_day:%Y_%m}.{name}" for name in (CHANCE, *MOODS))


def is_column(name: str) -> bool:
    """Return whether a column of a table is one of a history."""
    return name.startswith(GIVES) or month_of(name) is not None


@lru_cache(maxsize=4096)
def month_of(name: str) -> date | None:
    """Return the first day of the month of a column; None for a column of no history."""
    found = _COLUMN.fullmatch(name)
    if found is None or found[3] not in (CHANCE, *MOODS) or int(found[1]) < 1:
        return None
    return date(int(found[1]), int(found[2]), 1)


def months_in(names: Sequence[str]) -> tuple[date, ...]:
    """Return the months of which a table has columns, sorted."""
    return tuple(sorted({day for day in map(month_of, names) if day is not None}))


def missing_column(names: Sequence[str]) -> str:
    """Return a column without which the months of a table are not whole, or an empty text.

    Each month has all its columns, and no month is missing between the first and the last.
    """
    months = months_in(names)
    between = month_starts(months[0], months[-1]) if months else ()
    wanted = (column for day in between for column in columns_of(day))
    return next((column for column in wanted if column not in names), "")


def history_of(values: Mapping[str, float]) -> History | None:
    """Return the history in a row of a table by column; None if it has none."""
    months = []
    for day in months_in(tuple(values)):
        chance, *numbers = (values[name] for name in columns_of(day))
        months.append(KnownMonth(day, int(chance), tuple(numbers)))
    gives = tuple((name, value) for name, value in values.items() if name.startswith(GIVES))
    return History(tuple(months), gives) if months else None
