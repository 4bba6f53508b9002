"""The numbers of pictures: tables as columns, their rows, and quantiles over runs."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import format_decimal
from teritwa.ensemble.summary import LEVELS

Table = Mapping[str, Sequence[object]]
"""The numbers of a picture: columns of equal length, by name."""

Record = Mapping[str, object]
"""One row of a table: cells by the name of their column."""

QUANTILES = tuple(f"q{100 * level:02.0f}" for level in LEVELS)
"""The names of the columns of quantiles, one for each of `LEVELS`."""


def table_of_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return rows, of which there is at least one, as a table.

    Args:
        columns: The names of the columns.
        rows: One cell for each column.
    """
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def table_of_records(rows: Sequence[Record], columns: Iterable[str]) -> Table:
    """Return some columns of rows as a table."""
    table: dict[str, list[object]] = {}
    for name in columns:
        table[name] = [row[name] for row in rows]
    return table


def records(table: Table) -> list[dict[str, object]]:
    """Return the rows of a table, each as cells by column."""
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def read_table(path: Path) -> Table:
    """Return a CSV file as a table of texts.

    Args:
        path: The file.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return dict(zip(header, columns, strict=True))


def number(value: object) -> float:
    """Return a cell as a number, also if it is text from CSV; an empty cell is not a number."""
    if value is None or value == "":
        return float("nan")
    return float(value) if isinstance(value, int | float) else float(str(value))


def numbers(rows: Sequence[Record], column: str) -> list[float]:
    """Return one column of some rows as numbers."""
    return [number(row[column]) for row in rows]


def line_of(table: Table, column: str) -> NDArray[np.float64]:
    """Return a column of numbers, shape (row,)."""
    return np.asarray(table[column], np.float64)


def cells_of(table: Table, where: tuple[str, str], column: str) -> list[object]:
    """Return the cells of a column in some rows of a long table.

    Args:
        table: The table.
        where: A column and the text that it holds in those rows.
        column: The column of the cells.
    """
    marker, text = where
    pairs = zip(table[column], table[marker], strict=True)
    return [cell for cell, found in pairs if found == text]


def quantile_lines(table: Table, where: tuple[str, str]) -> list[NDArray[np.float64]]:
    """Return the quantiles of one series of a long table, an array for each of `LEVELS`.

    Args:
        table: A table with the columns of `QUANTILES`.
        where: A column and the text that it holds in the rows of the series.
    """
    marker, text = where
    rows = [row for row, found in enumerate(table[marker]) if found == text]
    return [np.array([table[name][row] for row in rows], np.float64) for name in QUANTILES]


def quantile_rows(values: NDArray[Any]) -> list[list[float]]:
    """Return quantiles over runs, a row for each date or other place.

    Args:
        values: Values by run, shape (run, place).

    Returns:
        For each place one number for each of `LEVELS`.
    """
    rows: list[list[float]] = np.quantile(values, LEVELS, axis=0).T.tolist()
    return rows


def quantile_columns(values: NDArray[Any], prefix: str = "") -> dict[str, list[float]]:
    """Return quantiles over runs as columns of a table.

    Args:
        values: Values by run, shape (run, place).
        prefix: What stands before the name of each quantile.
    """
    lines = np.quantile(values, LEVELS, axis=0)
    return {f"{prefix}{name}": line.tolist() for name, line in zip(QUANTILES, lines, strict=True)}


def write_table(path: Path, table: Table) -> None:
    """Write a table as CSV, its numbers with at most six decimals."""
    rows = zip(*table.values(), strict=True)
    write_text(path, as_csv(table, (map(_cell, row) for row in rows)))


def _cell(value: object) -> object:
    """Return what a CSV field holds for a value."""
    return format_decimal(value) if isinstance(value, float) else value
