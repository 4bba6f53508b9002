"""Numbers, dates and lists as people read them: one function for each way of writing.

Files hold numbers as `format_decimal` writes them. The command line and notebooks show values in
the unit of `display_unit`, written by `format_number`. Pages and pictures use the other functions.
"""

from collections.abc import Sequence
from datetime import date
from math import isinf, isnan

import numpy as np

MINUS = "\N{MINUS SIGN}"
"""Sign of negative numbers in sentences; files and the command line have a hyphen."""

NO_LIMIT = "no limit"
"""What stands for an infinite number."""


def format_decimal(value: float) -> str:
    """Return a number as files hold it: at most six decimals, no exponent, no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def format_number(value: float) -> str:
    """Return a number for a table on a screen: no decimals from 1,000, one from 10, else two."""
    return format_fixed(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2)


def format_fixed(value: float, decimals: int) -> str:
    """Return a number with fixed decimals and thousands separators; zero has no sign."""
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"


def format_integer(value: float) -> str:
    """Return a number rounded to an integer, with thousands separators."""
    return format_fixed(value, 0)


def format_exact(value: float) -> str:
    """Return a number with all its digits (at most ten) and thousands separators."""
    return f"{value:,.10g}"


def format_significant(value: float, digits: int = 3) -> str:
    """Return a number with a few significant digits.

    Args:
        value: The number.
        digits: Significant digits. A number with more digits before the decimal point is rounded
            to an integer and has thousands separators.

    Returns:
        The number; an empty text for not-a-number, and `NO_LIMIT` for infinity.
    """
    if isnan(value) or isinf(value):
        return _not_finite(value)
    return format_fixed(value, 0) if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def format_percent(share: float) -> str:
    """Return a share in integer per cent; not-a-number and infinity as `format_significant`."""
    if isnan(share) or isinf(share):
        return _not_finite(share)
    return f"{format_fixed(100 * share, 0)} %"


def format_share(share: float) -> str:
    """Return a share in per cent, with one decimal where it is not an integer."""
    return f"{format_fixed(100 * share, 1).removesuffix('.0')} %"


def format_frequency(share: float) -> str:
    """Return a share of runs in integer per cent; 0 % and 100 % stand for none and all alone."""
    percent = round(100 * share)
    if percent == 0 and share > 0:
        return "under 1 %"
    return "over 99 %" if percent == 100 and share < 1 else f"{percent} %"


def format_correlation(value: float) -> str:
    """Return a correlation with its sign and two decimals, such as +0.70."""
    return f"{value:+.2f}".replace("-", MINUS)


def format_amount(value: float, unit: str) -> str:
    """Return a value in its unit, as sentences have it.

    Args:
        value: The value of an outcome.
        unit: The unit of the outcome.

    Returns:
        A share (unit 1) in per cent with one decimal, US dollars in millions with one decimal,
        and a count as an integer. A number of districts below 10 has one decimal where it is not
        an integer.
    """
    if unit == "1":
        return f"{_with_minus(100 * value, 1)} %"
    if unit == "US dollars":
        return f"{_with_minus(value / 1e6, 1)} million dollars"
    has_decimal = unit == "districts" and abs(value) < 10 and value != round(value)
    return _with_minus(value, 1 if has_decimal else 0)


def format_change(value: float, unit: str) -> str:
    """Return a difference with its sign: as `format_amount`, but shares in points."""
    is_share = unit == "1"
    text = f"{_with_minus(100 * value, 1)} points" if is_share else format_amount(value, unit)
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero or text.startswith(MINUS) else f"+{text}"


def format_amount_range(low: float, high: float, unit: str) -> str:
    """Return a range of values, the unit written once."""
    return _range(format_amount(low, unit), format_amount(high, unit))


def format_change_range(low: float, high: float, unit: str) -> str:
    """Return a range of differences, the unit written once."""
    return _range(format_change(low, unit), format_change(high, unit))


def format_count(count: int, noun: str) -> str:
    """Return a count with its noun, such as 1 civilian or 1,200 civilians."""
    return f"{format_integer(count)} {noun}{'' if count == 1 else 's'}"


def format_times(count: int) -> str:
    """Return how often something happens: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{format_integer(count)} times")


def format_list(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def format_date(day: date | np.datetime64 | str) -> str:
    """Return a date in words, such as 31 December 2025.

    Args:
        day: The date; as text, in the form 2025-12-31.

    Returns:
        The date in words.

    Raises:
        ValueError: The text is not a date.
    """
    when = date.fromisoformat(str(day))
    return f"{when.day} {when:%B} {when.year}"


def format_period(label: str) -> str:
    """Return the label of a period with its dates in words; a year stays as it is."""
    return " to ".join(_date_or_text(part) for part in label.split(" to "))


def display_unit(unit: str) -> tuple[str, float]:
    """Return the unit in which tables show a value, and the factor that converts to it."""
    return {"1": ("%", 100.0), "US dollars": ("$ million", 1e-6)}.get(unit, (unit, 1.0))


def _with_minus(value: float, decimals: int) -> str:
    """Return a number with thousands separators and the minus sign of sentences."""
    return format_fixed(value, decimals).replace("-", MINUS)


def _not_finite(value: float) -> str:
    """Return what stands for not-a-number and for infinity."""
    return NO_LIMIT if isinf(value) else ""


def _range(low: str, high: str) -> str:
    """Return two values as a range; a unit that both have is written once."""
    _, _, unit = high.partition(" ")
    return f"{low.removesuffix(f' {unit}')} to {high}"


def _date_or_text(text: str) -> str:
    """Return a date in words, and any other text as it is."""
    try:
        return format_date(text)
    except ValueError:
        return text
