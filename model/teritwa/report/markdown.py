"""Pieces of Markdown that hold whatever names they are given."""

from collections.abc import Iterable, Sequence
from math import isinf, isnan

_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {sign: f"\\{sign}" for sign in "\\`*[]|"}


def escaped(value: object) -> str:
    """Return a value as text that a reader of Markdown takes for nothing else, on one line."""
    return "".join(_SPECIAL.get(sign, sign) for sign in " ".join(str(value).split()))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table: the first column to the left, the others, numbers mostly, to the right. Cells are escaped."""
    head = "| " + " | ".join(header) + " |"
    rule = "| --- |" + " ---: |" * (len(header) - 1)
    return "\n".join([head, rule, *("| " + " | ".join(escaped(cell) for cell in row) + " |" for row in rows)])


def listed(items: Iterable[str]) -> str:
    """Return lines as a list."""
    return "\n".join(f"- {item}" for item in items)


def number(value: float) -> str:
    """Return a number with three digits, or as a whole with thousands parted where it has more."""
    if isnan(value):
        return ""
    if isinf(value):
        return "no limit"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percent(value: float) -> str:
    """Return a share in whole per cent; nothing for what is not a number."""
    return "" if isnan(value) else "no limit" if isinf(value) else f"{100 * value:,.0f} %"
