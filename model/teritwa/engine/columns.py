"""Columns of a world's tables: how the text of a field becomes a value, and what is allowed there."""

import datetime
import difflib
import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

IDENTITY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""An id: ASCII words and numbers in lower case, joined by hyphens."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``parse`` turns a field's text into its value or raises ValueError."""

    parse: Callable[[str], Any]
    allowed: str
    choices: tuple[str, ...] = ()

    def problem(self, text: str) -> str:
        """Return what is wrong with a text that `parse` refused, and what is allowed."""
        return f"{text!r} is not {self.allowed}{did_you_mean(text, self.choices)}"


def did_you_mean(text: str, known: Collection[str]) -> str:
    """Return ``; did you mean ...?`` with the nearest known word, or nothing."""
    close = difflib.get_close_matches(text, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def column_of(cls: type, name: str) -> Column:
    """Return the column that fills a field of a row's class."""
    found: Column = cls.__dataclass_fields__[name].metadata["column"]  # type: ignore[attr-defined]
    return found


def column(parse: Callable[[str], Any], allowed: str, choices: tuple[str, ...] = ()) -> Any:
    """Declare a row's field as a column of its table."""
    return field(metadata={"column": Column(parse, allowed, choices)})


def identity() -> Any:
    """A column of ids, or of names of a row elsewhere."""
    return column(_identity, "an id: a-z, 0-9 and single hyphens")


def full_name() -> Any:
    """A column of names of parameters, such as ``attack.rate``."""
    return column(_full_name, "the full name of a parameter, such as attack.rate")


def text() -> Any:
    """A column of words for people; may not be empty."""
    return column(_text, "text: at least one visible character")


def words() -> Any:
    """A column of words in lower case, such as languages; at least one."""
    return column(_words, "words of a-z with single spaces between")


def whole(low: int = 0) -> Any:
    """A column of whole numbers from ``low`` up to a billion."""
    return column(lambda given: _whole(given, low), f"a whole number from {low} to 1000000000")


def number(low: float, high: float) -> Any:
    """A column of finite decimal numbers within bounds, both included."""
    return column(lambda given: _number(given, low, high), f"a number from {low:g} to {high:g}")


def flag() -> Any:
    """A column of 0 (no) and 1 (yes)."""
    return column(lambda given: bool(("0", "1").index(given)), "0 or 1")


def choice(allowed: tuple[str, ...]) -> Any:
    """A column that takes one of some words."""
    return column(lambda given: allowed[allowed.index(given)], "one of " + ", ".join(allowed), allowed)


def day() -> Any:
    """A column of dates, year-month-day."""
    return column(datetime.date.fromisoformat, "a date like 2024-01-01")


def _identity(given: str) -> str:
    if not IDENTITY.fullmatch(given):
        raise ValueError(given)
    return given


def _full_name(given: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", given):
        raise ValueError(given)
    return given


def _text(given: str) -> str:
    if not given.strip():
        raise ValueError(given)
    return given


def _words(given: str) -> str:
    if not re.fullmatch(r"[a-z]+( [a-z]+)*", given):
        raise ValueError(given)
    return given


def _whole(given: str, low: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", given, re.ASCII) or not low <= int(given) <= 1_000_000_000:
        raise ValueError(given)
    return int(given)


def _number(given: str, low: float, high: float) -> float:
    value = float(given) if re.fullmatch(r"[-0-9.eE+]+", given) else math.nan
    if not low <= value <= high:
        raise ValueError(given)
    return value
