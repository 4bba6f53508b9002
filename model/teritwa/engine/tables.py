"""Strict reading of CSV tables: every mistake is listed by line and column, and reading goes on."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from teritwa.engine.columns import column_of, did_you_mean

Row = TypeVar("Row")
Key = tuple[str, ...]


@dataclass(slots=True)
class Table(Generic[Row]):
    """The rows of a table by key (the columns that identify a row), and its mistakes."""

    path: Path
    rows: dict[Key, Row] = field(default_factory=dict)
    """The rows without mistakes, sorted by key."""
    lines: dict[Key, int] = field(default_factory=dict)
    """The line of every row, also of one with mistakes, which other tables may refer to."""
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, column and message of each mistake."""
    readable: bool = False
    """Whether file and header are right, so that other tables may refer to its rows."""

    def add_fault(self, line: int, column: str, problem: str) -> None:
        """Add a mistake in a line."""
        self.faults.append((line, column, problem))

    def add_fault_of(self, key: Key, column: str, problem: str) -> None:
        """Add a mistake of the row with a key."""
        self.add_fault(self.lines[key], column, problem)

    def problems(self) -> list[str]:
        """Return the mistakes in the order of the file, each as ``path:line: column: message``."""
        return [f"{self.path}:{line}: {name}: {what}" for line, name, what in sorted(self.faults)]


def read_records(path: Path) -> list[tuple[int, list[str]]]:
    """Return the non-empty records of a CSV file, each with the line on which it ends.

    Raises:
        ValueError: If the file cannot be read or has no records; its arguments are line and reason.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text ({error.reason}); save the table as UTF-8"
        raise ValueError(1, reason) from error
    except OSError as error:
        raise ValueError(1, f"cannot be read ({error.strerror})") from error
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        records = [(reader.line_num, record) for record in reader if record]
    except csv.Error as error:
        raise ValueError(reader.line_num, f"is not CSV ({error})") from error
    if not records:
        raise ValueError(1, "is empty; the first line names the columns")
    return records


def read_table(path: Path, kind: type[Row], key: Key) -> Table[Row]:
    """Read a table into rows of a class; mistakes are added to the table.

    Args:
        path: The CSV file.
        kind: A dataclass with one `column` for each column of the table.
        key: The columns that identify a row, and by which rows are sorted.
    """
    table: Table[Row] = Table(path)
    wanted = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    records = records_of(table, wanted)
    header = records[0][1] if records else []
    for line, record in records[1:]:
        if len(record) == len(header):
            _add_row(table, kind, key, line, dict(zip(header, record, strict=True)))
        else:
            problem = f"has {len(record)} fields, must have {len(header)}"
            table.add_fault(line, "row", problem)
    table.rows = dict(sorted(table.rows.items()))
    return table


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
    for line, record in records_of(table, ["key", "value", "unit", "source"])[1:]:
        problem = _problem_of_pair(table, wanted, record)
        if problem:
            table.add_fault(line, record[0] if len(record) == 4 else "row", problem)
        else:
            table.lines[record[0],] = line
            values[record[0]] = parse(table, line, kind, (record[0], record[1]))
    if table.readable:
        _note_missing(table, wanted, values)
    if not table.faults:
        table.rows[()] = kind(**values)
    return table


def _note_missing(table: Table[Row], wanted: list[str], values: Mapping[str, object]) -> None:
    """Note each key that has no value."""
    for name in wanted:
        if name not in values:
            table.add_fault(1, name, "key is missing")


def _problem_of_pair(table: Table[Row], wanted: list[str], record: list[str]) -> str:
    """Return what is wrong with a record of key and value, or an empty text."""
    key = record[0]
    if len(record) != 4:
        return f"has {len(record)} fields, must have 4"
    if key not in wanted:
        return f"unknown key; allowed: {', '.join(wanted)}{did_you_mean(key, wanted)}"
    if (key,) in table.lines:
        return f"is already given in line {table.lines[key,]}"
    return ""


def records_of(table: Table[Row], wanted: list[str]) -> list[tuple[int, list[str]]]:
    """Return the records of a table with their lines, header first.

    Args:
        table: The table; it becomes readable, or takes the mistakes of file and header.
        wanted: The columns that it must have, in any order.

    Returns:
        Line and fields of each record; nothing if the table is not readable.
    """
    try:
        records = read_records(table.path)
    except ValueError as error:
        line, reason = error.args
        table.add_fault(line, "file", reason)
        return []
    _note_columns(table, records[0], wanted)
    table.readable = not table.faults
    return records if table.readable else []


def _note_columns(table: Table[Row], first: tuple[int, list[str]], wanted: list[str]) -> None:
    """Note each column of a header that is unknown, missing or given twice."""
    line, header = first
    for name in sorted(set(header) - set(wanted)):
        allowed = f"{', '.join(wanted)}{did_you_mean(name, wanted)}"
        table.add_fault(line, name, f"unknown column; allowed: {allowed}")
    for name in wanted:
        if header.count(name) != 1:
            wrong = "given twice" if name in header else "missing"
            table.add_fault(line, name, f"column is {wrong}")


def _add_row(
    table: Table[Row], kind: type[Row], key: Key, line: int, texts: dict[str, str]
) -> None:
    """Add a record as a row, or its mistakes."""
    before = len(table.faults)
    values = {pair[0]: parse(table, line, kind, pair) for pair in texts.items()}
    name = tuple(texts[part] for part in key)
    if name in table.lines:
        problem = f"{' '.join(name)!r} is already given in line {table.lines[name]}"
        table.add_fault(line, key[0], problem)
        return
    table.lines[name] = line
    if len(table.faults) == before:
        table.rows[name] = kind(**values)


def parse(table: Table[Row], line: int, kind: type, given: tuple[str, str]) -> Any:
    """Return the value of a field; None, with a mistake added, if its text is not allowed.

    Args:
        table: The table, which takes the mistake.
        line: The line of the record.
        kind: The class of the row.
        given: The column's name and the field's text.
    """
    name, text = given
    column = column_of(kind, name)
    try:
        return column.parse(text)
    except ValueError:
        table.add_fault(line, name, column.problem(text))
        return None
