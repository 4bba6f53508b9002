"""Columns of a table: how the text of a field becomes a value, and what is allowed there."""

import difflib
import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from teritwa.engine import dates
from teritwa.engine.errors import quoted

IDENTITY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""An id: ASCII words and numbers in lower case, joined by hyphens."""

INTEGER_AT_MOST = 1_000_000_000
"""The largest integer that a column takes."""

WORD_AT_MOST = 100
"""The most letters of a word that is compared with known ones."""

_FULL_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_WORDS = re.compile(r"[a-z]+( [a-z]+)*")
_VISIBLE = re.compile(r".*\S.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``parse`` turns a field's text into its value, or raises ValueError.

    ``allowed`` says what may be written, and ``choices`` lists the words if only some are allowed.
    """

    parse: Callable[[str], Any]
    allowed: str
    choices: tuple[str, ...] = ()

    def problem(self, text: str) -> str:
        """Return what is wrong with a text that `parse` refused, and what is allowed."""
        return f"{quoted(text)} is not {self.allowed}{did_you_mean(text, self.choices)}"


def did_you_mean(text: str, known: Collection[str]) -> str:
    """Return ``; did you mean ...?`` with the nearest known word, or an empty text."""
    close = [] if len(text) > WORD_AT_MOST else difflib.get_close_matches(text, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def column_of(kind: type, name: str) -> Column:
    """Return the column that fills a field of a row's class.

    Raises:
        KeyError: If the class has no field of that name.
    """
    found: Column = kind.__dataclass_fields__[name].metadata["column"]  # type: ignore[attr-defined]
    return found


def default_of(kind: type, name: str) -> object:
    """Return the value of a column of a row's class that is not there, or `dataclasses.MISSING`."""
    declared: object = kind.__dataclass_fields__[name].default  # type: ignore[attr-defined]
    return declared


def column(parse: Callable[[str], Any], allowed: str, choices: tuple[str, ...] = ()) -> Any:
    """Declare a field of a row as a column of its table; arguments as for `Column`."""
    return field(metadata={"column": Column(parse, allowed, choices)})


def identity() -> Any:
    """Declare a column of ids, or of ids of rows elsewhere."""
    return _text_column(IDENTITY, "an id: a-z, 0-9 and single hyphens")


def full_name() -> Any:
    """Declare a column of full names of parameters, such as ``attack.rate``."""
    return _text_column(_FULL_NAME, "the full name of a parameter, such as attack.rate")


def text() -> Any:
    """Declare a column of text for people, which may not be empty."""
    return _text_column(_VISIBLE, "text: at least one visible character")


def words() -> Any:
    """Declare a column of one or more words in lower case, such as languages."""
    return _text_column(_WORDS, "words of a-z with single spaces between")


def optional(declared: Any, default: object) -> Any:
    """Return a declared column, or key of a table of keys and values, that need not be there.

    Args:
        declared: The column.
        default: Its value in every row of a table without it.
    """
    return field(metadata=declared.metadata, default=default)


def integer(low: int = 0) -> Any:
    """Declare a column of integers from ``low`` to `INTEGER_AT_MOST`."""

    def parse(given: str) -> int:
        digits = re.fullmatch(r"[0-9]{1,10}", given, re.ASCII)
        if not digits or not low <= int(given) <= INTEGER_AT_MOST:
            raise ValueError(given)
        return int(given)

    return column(parse, f"a whole number from {low} to {INTEGER_AT_MOST}")


def number(low: float, high: float) -> Any:
    """Declare a column of finite decimal numbers from ``low`` to ``high``."""

    def parse(given: str) -> float:
        value = float(given) if re.fullmatch(r"[-0-9.eE+]+", given) else math.nan
        if not low <= value <= high:
            raise ValueError(given)
        return value

    return column(parse, f"a number from {low:g} to {high:g}")


def flag() -> Any:
    """Declare a column of 0 (no) and 1 (yes)."""
    return column(lambda given: bool(("0", "1").index(given)), "0 or 1")


def choice(allowed: tuple[str, ...]) -> Any:
    """Declare a column that takes one of some words."""

    def parse(given: str) -> str:
        return allowed[allowed.index(given)]

    return column(parse, f"one of {', '.join(allowed)}", allowed)


def date() -> Any:
    """Declare a column of dates, written year-month-day."""
    return column(dates.read_date, dates.ALLOWED)


def _text_column(pattern: re.Pattern[str], allowed: str) -> Any:
    """Declare a column of text that matches a pattern as a whole."""

    def parse(given: str) -> str:
        if not pattern.fullmatch(given):
            raise ValueError(given)
        return given

    return column(parse, allowed)
