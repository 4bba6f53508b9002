"""Strict reading of tables of keys and values, such as ``world.csv``: one row of a class in all."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from teritwa.engine.tables import Row, Table, parse, records_of


@dataclass(frozen=True, slots=True)
class Pair:
    """The columns of a table of keys and values."""

    key: str
    value: str
    unit: str
    source: str


def read_pairs(path: Path, kind: type[Row]) -> Table[Row]:
    """Read a table of keys and values into its only row, which has the key ().

    Each row of the file is a key, its value, the value's unit and its source.

    Args:
        path: The CSV file.
        kind: A dataclass with one `column` for each key.
    """
    table: Table[Row] = Table(path)
    wanted = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for line, record in records_of(table, Pair)[1:]:
        if table.stops(line):
            break
        problem = _problem_of_pair(table, wanted, record)
        if problem:
            table.add_fault(line, record[0] if len(record) == 4 else "row", problem)
        else:
            table.lines[record[0],] = line
            values[record[0]] = parse(table, line, kind, (record[0], record[1]))
    if table.readable:
        _note_missing(table, kind, values)
    if not table.faults:
        table.rows[()] = kind(**values)
    return table


def _note_missing(table: Table[Row], kind: type[Row], values: Mapping[str, object]) -> None:
    """Note each key that has no value and no default."""
    for each in fields(kind):  # type: ignore[arg-type]
        if each.name not in values and each.default is MISSING:
            table.add_fault(1, each.name, "key is missing")


def _problem_of_pair(table: Table[Row], wanted: list[str], record: list[str]) -> str:
    """Return what is wrong with a record of key and value, or an empty text."""
    key = record[0]
    if len(record) != 4:
        return f"has {len(record)} fields, must have 4"
    if key not in wanted:
        return f"unknown key; allowed: {', '.join(wanted)}{table.did_you_mean(key, wanted)}"
    if (key,) in table.lines:
        return f"is already given in line {table.lines[key,]}"
    return ""
