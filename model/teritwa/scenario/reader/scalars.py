"""What a single value in a scenario file means, by our own rules.

YAML 1.1 reads ``off`` as false, ``0777`` as 511 and ``12:30:45`` as 45,045; here only ``true`` and
``false`` are switches, numbers are decimal, dates are ISO dates and everything else is text. Each
function raises ValueError with what is wrong and what is allowed.
"""

import math
import re
import unicodedata
from decimal import Decimal

from teritwa.engine.errors import quoted

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_ONLY_NUMBER = re.compile(_NUMBER, re.ASCII)
_QUANTITY = re.compile(rf"({_NUMBER})\s*([^\W\d_].*|%.*)", re.ASCII)
_LEADING_ZERO = re.compile(r"[-+]?0\d")
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LENGTH_AT_MOST = 40
_INTEGER_AT_MOST = 10**15
_NAME_AT_MOST = 64
_DAYS_IN = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_CENTS_IN = {
    "USD": 100,
    "thousand USD": 100_000,
    "million USD": 100_000_000,
    "billion USD": 100_000_000_000,
}
DAYS_AT_MOST = 3660


TEXT_AT_MOST = 4000
"""Characters that a text may have."""

REFUSED = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
"""Unicode's categories of characters that no text for people has, as in `CONTROL_CHARACTER`."""


def printable(text: str) -> str:
    """Return text for people, without blanks around it.

    Raises:
        ValueError: If it has control characters or too many characters.
    """
    if len(text) > TEXT_AT_MOST:
        raise ValueError(f"{len(text):,} characters are too many, at most {TEXT_AT_MOST:,}")
    for letter in text:
        if letter != "\n" and unicodedata.category(letter) in REFUSED:
            raise ValueError(f"control character U+{ord(letter):04X} is not allowed in text")
    return text.strip()


def read_between(text: str, low: float, high: float) -> float:
    """Return a number between limits.

    Raises:
        ValueError: If it is not a number, or outside the limits.
    """
    value = float(read_number(text))
    if not low <= value <= high:
        raise ValueError(f"{value:g} is outside what is allowed, {low:g} to {high:g}")
    return value


def read_number(text: str) -> Decimal:
    """Return a finite decimal number, exactly as written."""
    if len(text) > _LENGTH_AT_MOST:
        raise ValueError(
            f"a number of {len(text)} characters is too long, at most {_LENGTH_AT_MOST}"
        )
    if text.lower().strip("+-.") in ("nan", "inf", "infinity"):
        raise ValueError(f"{text} is no finite number")
    if _LEADING_ZERO.match(text):
        raise ValueError(f"{text} begins with a zero; write it as a decimal number without it")
    if not _ONLY_NUMBER.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no number, write one such as 12, 0.5 or 18e6")
    value = Decimal(text)
    if not math.isfinite(float(value)):
        raise ValueError(f"{text} is too large for a number")
    return value


def read_quantity(text: str) -> tuple[Decimal, str]:
    """Return a number and the unit behind it (an empty text where there is none)."""
    found = None if _ONLY_NUMBER.fullmatch(text) else _QUANTITY.fullmatch(text)
    if not found or len(text) > 200:
        return read_number(text), ""
    return read_number(found.group(1)), " ".join(found.group(2).split())


def to_integer(value: Decimal) -> int:
    """Return a number that counts things as an integer."""
    if abs(value) > _INTEGER_AT_MOST:
        raise ValueError(f"{value} is too large, at most {_INTEGER_AT_MOST:,}")
    if value != value.to_integral_value():
        raise ValueError(f"{value} is not whole, write a whole number")
    return int(value)


def read_switch(text: str) -> bool:
    """Return true or false; yes, no, on and off are no switches."""
    if text not in ("true", "false"):
        raise ValueError(f"{quoted(text)} is no switch, allowed: true, false")
    return text == "true"


def read_duration(text: str) -> Decimal:
    """Return a number of days (not below zero) from text such as ``60 days`` or ``6 weeks``."""
    value, unit = read_quantity(text)
    if unit not in _DAYS_IN:
        what = f"unit {quoted(unit)} is unknown" if unit else f"{quoted(text)} has no unit"
        raise ValueError(f"{what}, write days or weeks, such as 60 days")
    days = value * _DAYS_IN[unit]
    if not 0 <= days <= DAYS_AT_MOST:
        raise ValueError(f"{quoted(text)} is outside 0 to {DAYS_AT_MOST} days")
    return days


def read_money(text: str) -> int:
    """Return whole cents from US dollars, such as ``18e6`` or ``18 million USD``."""
    value, unit = read_quantity(text)
    factor = _CENTS_IN.get(unit or "USD")
    if factor is None:
        raise ValueError(f"unit {quoted(unit)} is unknown, write US dollars such as 18 million USD")
    if value < 0:
        raise ValueError(f"{quoted(text)} is below zero, an amount is 0 or more")
    return to_integer(value * factor)


def write_money(cents: int) -> Decimal:
    """Return an amount in US cents as the dollars that a file gives."""
    return Decimal(cents) / 100


def read_name(text: str) -> str:
    """Return an id in kebab case, such as ``second-batch``."""
    if len(text) > _NAME_AT_MOST or not _KEBAB.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is no id, write small letters, digits and single hyphens,"
            f" at most {_NAME_AT_MOST}, such as second-batch"
        )
    return text
