"""Figures that became known later: a table of them, read strictly, and what a result says of the same days.

The table is CSV with the columns date, outcome, value, low and high; others, such as unit and source, are not read.
``date`` is a day (``2025-03-31``) for what is read on a day and a period (``2025-01-01/2025-03-31``) for what is added
up. ``low`` and ``high`` bound what the source allows and are both given or both empty.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.errors import InputError
from teritwa.engine.tables import Table, read_records
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import PER_DAY
from teritwa.rules.outcomes import Outcome
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario.reader.problems import Problems
from teritwa.world.codes import PERPETRATORS

COLUMNS = ("date", "outcome", "value", "low", "high")

KNOWN_UNTIL = date(2025, 1, 31)
"""The last day of which the model and the figures that ship with it know anything."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure to be compared with a result: a stock on a day (start equals end) or a count over a period.

    ``outcome`` is a name of `teritwa.rules.outcomes`, with the perpetrator, force or contingent after a dot; ``low`` and
    ``high`` bound the truth as the source sees it, both None where it says nothing.
    """

    outcome: str
    start: date
    end: date
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.end - self.start).days + 1

    @property
    def middle(self) -> float:
        """The middle of its days, as a number of days."""
        return (self.start.toordinal() + self.end.toordinal()) / 2

    @property
    def counted(self) -> bool:
        """Whether it is added up over its days, not read on one."""
        return counted(self.outcome)

    @property
    def share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return base(self.outcome).unit == "1"

    @property
    def unit(self) -> str:
        """The unit of its value."""
        return base(self.outcome).unit.removesuffix(PER_DAY)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a row is held to: the names and days of a result, and the day up to which rows only are history."""

    table: Table[Observation]
    names: tuple[str, ...]
    result: Result
    origin: date
    near: Problems


def base(name: str) -> Outcome:
    """Return the outcome that a name with or without a dot is of."""
    return OUTCOMES[name.partition(".")[0]]


def counted(name: str) -> bool:
    """Whether an outcome is added up over days."""
    return base(name).unit.endswith(PER_DAY)


def names_of(result: Result) -> tuple[str, ...]:
    """Return every name under which a result can be compared: its daily outcomes, whole and by who did or is it.

    The mandate is left out, for it is a code.
    """
    found = []
    for name in result.manifest["outcomes"]:
        outcome = OUTCOMES[name]
        if outcome.dimensions[0] != "date" or name == "mandate":
            continue
        if "contingent" in outcome.dimensions:
            parts = sorted({*result.labels("force"), *result.labels("contingent")})
        else:
            parts = ["", *PERPETRATORS] if "perpetrator" in outcome.dimensions else [""]
        found += [f"{name}.{part}" if part else name for part in parts]
    return tuple(found)


def values_of(result: Result, observation: Observation) -> NDArray[np.float64]:
    """Return what each finished run says of the days of an observation that lies in them."""
    name, _, part = observation.outcome.partition(".")
    first, last = np.searchsorted(result.dates, np.array([observation.start, observation.end], "datetime64[D]"))
    axes = base(name).dimensions
    values = result.runs(name)[:, first : last + 1].astype(np.float64).sum(axis=1)
    if "victim" in axes:
        values = values.sum(axis=2)
    if "perpetrator" in axes:
        values = values[:, PERPETRATORS.index(part)] if part else values.sum(axis=1)
    if "contingent" in axes:
        who = [part in both for both in zip(result.labels("force"), result.labels("contingent"), strict=True)]
        values = values[:, who].sum(axis=1)
    return np.asarray(values)


def unfit(result: Result, observation: Observation) -> str:
    """Say why an observation cannot be compared with a result; nothing if it can."""
    if observation.outcome not in names_of(result):
        return f"is nothing that {result.path} can be scored on"
    if observation.start != observation.end and not observation.counted:
        return "is read on a day, not over a period"
    return outside(result, observation.start, observation.end)


def outside(result: Result, start: date, end: date) -> str:
    """Say that some of the days are none of a result's, which has which; nothing if all are."""
    first, last = (day.item() for day in result.dates[[0, -1]])
    if first <= start and end <= last:
        return ""
    return f"lies outside the days of {result.path}, {first} to {last}"


def read_observations(path: str | Path, result: Result, *, origin: date = KNOWN_UNTIL) -> tuple[Observation, ...]:
    """Read a table of figures to compare a result with; raise InputError with every mistake in it.

    Rows that end by the origin are history and need not lie in the result's days.
    """
    reader = _Reader(Table(Path(path)), names_of(result), result, origin, Problems())
    _read(reader)
    if reader.table.faults:
        raise InputError(reader.table.problems())
    return tuple(reader.table.rows.values())


def _read(reader: _Reader) -> None:
    table = reader.table
    try:
        table.path.open("rb").close()
        (line, header), *records = read_records(table.path)
    except OSError as error:
        table.say(1, "file", f"cannot be read ({error.strerror})")
        return
    except ValueError as error:
        table.say(error.args[0], "file", error.args[1])
        return
    header = [name.strip() for name in header]
    for name in COLUMNS:
        if header.count(name) != 1:
            wrong = (
                f"is missing; the file has {', '.join(map(repr, header))}" if name not in header else "is there twice"
            )
            table.say(line, name, f"column {wrong}; needed are {', '.join(COLUMNS)}")
    if not records:
        table.say(line, "file", "has no row below its header")
    for at, record in [] if table.faults else records:
        if len(record) == len(header):
            _add(reader, at, {name: text.strip() for name, text in zip(header, record, strict=True)})
        else:
            table.say(at, "row", f"has {len(record)} fields, must have {len(header)}")


def _add(reader: _Reader, line: int, texts: Mapping[str, str]) -> None:
    """Add a row, or say all that is wrong with it."""
    table, name = reader.table, texts["outcome"]
    before = len(table.faults)
    if name not in reader.names:
        unknown = f"{name[:100]!r} is nothing that this result can be scored on"
        table.say(line, "outcome", f"{unknown}; {reader.near.near(name, reader.names)}")
        name = ""
    period = _period(reader, line, texts["date"], name)
    most = 1.0 if name and base(name).unit == "1" else math.inf
    value, low, high = (_number(table, line, column, texts[column], most) for column in COLUMNS[2:])
    _check_range(table, line, texts, (value, low, high))
    if not name or period is None:
        return
    key = (name, *map(str, period))
    if key in table.lines:
        table.say(line, "date", f"{name} of {texts['date']} is there already, in line {table.lines[key]}")
    table.lines.setdefault(key, line)
    if len(table.faults) == before and value is not None:
        table.rows[key] = Observation(name, *period, value, low, high)


def _period(reader: _Reader, line: int, text: str, name: str) -> tuple[date, date] | None:
    """Return the days of a row, or None, having said why; without a name, either form will do."""
    whole = "/" in text
    if name and whole != counted(name):
        form = "added up: write a period such as 2025-01-01/2025-03-31"
        form = form if counted(name) else "read on a day: write one such as 2025-03-31"
        reader.table.say(line, "date", f"{text!r} does not fit, for {name} is {form}")
        return None
    days = [_day(part.strip()) for part in text.split("/")]
    start, end = days[0], days[-1]
    if start is None or end is None or len(days) > 2:
        form = "a day such as 2025-03-31, or a period such as 2025-01-01/2025-03-31"
        reader.table.say(line, "date", f"{text!r} is not {form}")
        return None
    wrong = f"{text!r} ends before it begins" if end < start else ""
    if not wrong and end > reader.origin and (away := outside(reader.result, start, end)):
        wrong = f"{text} {away}"
    if wrong:
        reader.table.say(line, "date", wrong)
    return None if wrong else (start, end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _number(table: Table[Observation], line: int, column: str, text: str, most: float) -> float | None:
    """Return a number from 0 to ``most``, or None if there is none, which is said unless it may be empty."""
    if not text and column != "value":
        return None
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if 0 <= value <= most and math.isfinite(value):
        return value
    allowed = "a share from 0 to 1" if most == 1 else "a number from 0 up, in digits without separators"
    table.say(line, column, f"{text!r} is not {allowed}")
    return None


def _check_range(
    table: Table[Observation], line: int, texts: Mapping[str, str], numbers: tuple[float | None, ...]
) -> None:
    """Say if a value lies outside its own range, or has half a range."""
    value, low, high = numbers
    for column, other in (("low", "high"), ("high", "low")):
        if not texts[column] and texts[other]:
            table.say(line, column, f"is empty and {other} is not; give both or neither")
    if value is not None and low is not None and low > value:
        table.say(line, "low", f"{texts['low']} is above the value, {texts['value']}")
    if value is not None and high is not None and high < value:
        table.say(line, "high", f"{texts['high']} is below the value, {texts['value']}")
