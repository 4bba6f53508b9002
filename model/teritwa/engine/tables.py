"""Reading one CSV table strictly: each mistake is listed by line and column, and none stops the rest."""

import csv
import io
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from teritwa.engine.columns import column_of, did_you_mean

Row = TypeVar("Row")
Key = tuple[str, ...]


@dataclass(slots=True)
class Table(Generic[Row]):
    """A table as read, by key (the columns that identify a row), with what is wrong in it."""

    path: Path
    rows: dict[Key, Row] = field(default_factory=dict)
    """The good rows, sorted by key."""
    lines: dict[Key, int] = field(default_factory=dict)
    """The line of each row, good or not, so that a refused row is not missed elsewhere as well."""
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, column and message of each mistake."""
    readable: bool = False
    """Whether file and header are right, so that its rows can be looked for."""

    def say(self, line: int, column: str, problem: str) -> None:
        """Add a mistake."""
        self.faults.append((line, column, problem))

    def say_of(self, key: Key, column: str, problem: str) -> None:
        """Add a mistake of a row."""
        self.say(self.lines[key], column, problem)

    def problems(self) -> list[str]:
        """Return the mistakes in the order of the file."""
        return [f"{self.path}:{line}: {column}: {problem}" for line, column, problem in sorted(self.faults)]


def read_records(path: Path) -> list[tuple[int, list[str]]]:
    """Return a file's non-empty records with their lines; raise ValueError(line, reason) if it has none."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(1, f"is not UTF-8 text ({error.reason}); save the table as UTF-8") from error
    except OSError as error:
        raise ValueError(1, f"cannot be read ({error.strerror}); a world needs this file") from error
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        records = [(reader.line_num, record) for record in reader if record]
    except csv.Error as error:
        raise ValueError(reader.line_num, f"is not CSV ({error})") from error
    if not records:
        raise ValueError(1, "is empty; the first line names the columns")
    return records


def read_table(path: Path, cls: type[Row], key: Key) -> Table[Row]:
    """Read a table into rows of a class, known by and sorted by the columns of ``key``."""
    table: Table[Row] = Table(path)
    wanted = [each.name for each in fields(cls)]  # type: ignore[arg-type]
    records = records_of(table, wanted)
    if records:
        header = records[0][1]
        for line, record in records[1:]:
            if len(record) == len(header):
                _add(table, cls, key, line, dict(zip(header, record, strict=True)))
            else:
                table.say(line, "row", f"has {len(record)} fields, must have {len(header)}")
    table.rows = dict(sorted(table.rows.items()))
    return table


def records_of(table: Table[Row], wanted: list[str]) -> list[tuple[int, list[str]]]:
    """Return a table's records, header first, or none if file or header are wrong (which is said)."""
    try:
        records = read_records(table.path)
    except ValueError as error:
        table.say(error.args[0], "file", error.args[1])
        return []
    line, header = records[0]
    for name in sorted(set(header) - set(wanted)):
        table.say(line, name, f"unknown column; allowed: {', '.join(wanted)}{did_you_mean(name, wanted)}")
    for name in wanted:
        if header.count(name) != 1:
            table.say(line, name, f"column is {'missing' if name not in header else 'there twice'}")
    table.readable = not table.faults
    return records if table.readable else []


def _add(table: Table[Row], cls: type[Row], key: Key, line: int, texts: dict[str, str]) -> None:
    """Add a record as a row, or say what is wrong with it."""
    before = len(table.faults)
    values = {name: parse(table, line, cls, (name, given)) for name, given in texts.items()}
    name = tuple(texts[part] for part in key)
    if name in table.lines:
        table.say(line, key[0], f"{' '.join(name)!r} is there already, in line {table.lines[name]}")
        return
    table.lines[name] = line
    if len(table.faults) == before:
        table.rows[name] = cls(**values)


def parse(table: Table[Row], line: int, cls: type, given: tuple[str, str]) -> Any:
    """Return the value of a field (column, text), or say that its text is not allowed and return None."""
    name, text = given
    column = column_of(cls, name)
    try:
        return column.parse(text)
    except ValueError:
        table.say(line, name, column.problem(text))
        return None
