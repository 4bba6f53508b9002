"""Pieces of Markdown that stay whole whatever names they are given."""

from collections.abc import Iterable, Sequence

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {sign: f"\\{sign}" for sign in "\\`*[]|"}


def escape(value: object) -> str:
    """Return a value as text on one line in which Markdown finds no markup."""
    line = " ".join(str(value).split())
    return "".join(_ESCAPES.get(sign, sign) for sign in line)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with the first column aligned left and the others right.

    Args:
        header: The name of each column, as Markdown.
        rows: The cells of each row; they are escaped.

    Returns:
        The lines of the table.
    """
    rule = "| --- |" + " ---: |" * (len(header) - 1)
    return "\n".join([_table_row(header), rule, *(_table_row(map(escape, row)) for row in rows)])


def _table_row(cells: Iterable[str]) -> str:
    """Return one line of a table."""
    return "| " + " | ".join(cells) + " |"


def bullet_list(items: Iterable[str]) -> str:
    """Return lines as a list."""
    return "\n".join(f"- {item}" for item in items)
