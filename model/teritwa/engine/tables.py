"""Strict reading of CSV tables: every mistake is listed by line and column, and reading goes on."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from teritwa.engine.columns import column_of, default_of, did_you_mean
from teritwa.engine.errors import quoted
from teritwa.engine.files import CONTROL_CHARACTER, as_written, read_limited

Row = TypeVar("Row")
Key = tuple[str, ...]

BYTES_AT_MOST = 16 * 1024 * 1024
"""The largest table that is read, some 150 times the largest of a country of 200 districts."""

FIELDS_AT_MOST = 10_000
"""The most fields of a record."""

FAULTS_AT_MOST = 1000
"""Mistakes after which the rest of a table is not read, so that no garbage takes minutes."""

SUGGESTIONS_AT_MOST = 60
"""Misspelt names of a table for which the nearest known one is looked up, which takes long."""

_CSV_FAULTS = {
    "unexpected end of data": 'a quotation mark (") is opened and never closed',
    "expected after": 'after a closing quotation mark (") stands a comma; write "" within quotes',
    "field limit": f"a field has more than {csv.field_size_limit():,} characters",
}
"""What is said in place of what Python's reader says, by a part of that."""


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
    suggestions: int = SUGGESTIONS_AT_MOST
    """How many more names are looked up."""

    def add_fault(self, line: int, column: str, problem: str) -> None:
        """Add a mistake in a line."""
        self.faults.append((line, column, problem))

    def stops(self, line: int) -> bool:
        """Return whether there are too many mistakes to read on; a last one then says so."""
        if len(self.faults) < FAULTS_AT_MOST:
            return False
        what = f"after {FAULTS_AT_MOST:,} mistakes the rest is not read; mend these first"
        self.add_fault(line, "row", what)
        self.readable = False
        return True

    def did_you_mean(self, word: str, known: Collection[str]) -> str:
        """Return `did_you_mean` of a word for the first names, and then an empty text."""
        self.suggestions -= 1
        return did_you_mean(word, known) if self.suggestions >= 0 else ""

    def add_fault_of(self, key: Key, column: str, problem: str) -> None:
        """Add a mistake of the row with a key."""
        self.add_fault(self.lines[key], column, problem)

    def problems(self) -> list[str]:
        """Return the mistakes in the order of the file, each as ``path:line: column: message``."""
        found = sorted(self.faults)
        return [f"{self.path}:{line}: {_in_line(name)}: {what}" for line, name, what in found]


def _in_line(name: str) -> str:
    """Return the name of a column as a message begins: on one line, and cut if it is long."""
    return quoted(name)[1:-1]


def read_records(path: Path) -> list[tuple[int, list[str]]]:
    """Return the non-empty records of a CSV file, each with the line on which it ends.

    Raises:
        ValueError: If the file cannot be read or has no records; its arguments are line and reason.
    """
    try:
        content = read_limited(path, BYTES_AT_MOST)
    except OSError as error:
        raise ValueError(1, f"cannot be read ({error.strerror})") from error
    records = list(records_in(content))
    if not records:
        raise ValueError(1, "is empty; the first line names the columns")
    return records


def records_in(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty records of CSV, each with the line on which it ends.

    Texts are as they were before `teritwa.engine.files.as_csv` kept them from being formulas.

    Raises:
        ValueError: If it is not CSV in UTF-8 without control characters; its arguments are line
            and reason.
    """
    reader = csv.reader(_text_of(content).splitlines(keepends=True), strict=True)
    try:
        for record in reader:
            if len(record) > FIELDS_AT_MOST:
                what = f"has {len(record):,} fields in a row; at most {FIELDS_AT_MOST:,} are read"
                raise ValueError(reader.line_num, what)
            if record:
                yield reader.line_num, [as_written(text) for text in record]
    except csv.Error as error:
        raise ValueError(reader.line_num, f"is not CSV: {_words_of(error)}") from error


def _words_of(error: csv.Error) -> str:
    """Return what is wrong with CSV, in words for somebody who does not program."""
    text = str(error)
    known = (words for part, words in _CSV_FAULTS.items() if part in text)
    return next(known, text)


def _text_of(content: bytes) -> str:
    """Return the text of a table; raise ValueError, with line and reason, if it is not text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        byte = f"byte 0x{content[error.start]:02x}"
        reason = f"{byte} is not UTF-8 text; save the table as UTF-8"
        raise ValueError(line, reason) from error
    odd = CONTROL_CHARACTER.search(text)
    if odd:
        line = 1 + text.count("\n", 0, odd.start())
        what = f"control character U+{ord(odd.group()[0]):04X} is not allowed"
        raise ValueError(line, f"{what}; a table is plain text, remove it")
    return text


def read_table(path: Path, kind: type[Row], key: Key) -> Table[Row]:
    """Read a table into rows of a class; mistakes are added to the table.

    Args:
        path: The CSV file.
        kind: A dataclass with one `column` for each column of the table.
        key: The columns that identify a row, and by which rows are sorted.
    """
    table: Table[Row] = Table(path)
    records = records_of(table, kind)
    header = records[0][1] if records else []
    for line, record in records[1:]:
        if table.stops(line):
            break
        if len(record) == len(header):
            _add_row(table, kind, key, line, known_fields(kind, header, record))
        else:
            problem = f"has {len(record)} fields, must have {len(header)}"
            table.add_fault(line, "row", problem)
    table.rows = dict(sorted(table.rows.items()))
    return table


def records_of(table: Table[Any], kind: type) -> list[tuple[int, list[str]]]:
    """Return the records of a table with their lines, header first.

    Args:
        table: The table; it becomes readable, or takes the mistakes of file and header.
        kind: The class of its rows. Columns may stand in any order, those with a default may be
            left out, and further ones are not read.

    Returns:
        Line and fields of each record; nothing if the table is not readable.
    """
    try:
        records = read_records(table.path)
    except ValueError as error:
        line, reason = error.args
        table.add_fault(line, "file", reason)
        return []
    _note_columns(table, records[0], kind)
    table.readable = not table.faults
    return records if table.readable else []


def _note_columns(table: Table[Any], first: tuple[int, list[str]], kind: type) -> None:
    """Note each column of a header that is missing, given twice, or looks misspelt."""
    line, header = first
    default = {each.name: each.default for each in fields(kind)}
    for name in sorted(set(header) - set(default)):
        near = table.did_you_mean(name, default)
        if near:
            what = f"unknown column; known: {', '.join(default)}{near}"
            table.add_fault(line, name, what)
    for name, value in default.items():
        if header.count(name) > 1:
            table.add_fault(line, name, "column is given twice")
        elif name not in header and value is MISSING:
            table.add_fault(line, name, "column is missing")


def known_fields(kind: type, header: list[str], record: list[str]) -> dict[str, str]:
    """Return the texts of a record by column, without those of columns that are not read."""
    known = {each.name for each in fields(kind)}
    return {name: text for name, text in zip(header, record, strict=True) if name in known}


def _add_row(
    table: Table[Row], kind: type[Row], key: Key, line: int, texts: dict[str, str]
) -> None:
    """Add a record as a row, or its mistakes."""
    before = len(table.faults)
    values = {pair[0]: parse(table, line, kind, pair) for pair in texts.items()}
    name = tuple(texts[part] for part in key)
    if name in table.lines:
        problem = f"{quoted(' '.join(name))} is already given in line {table.lines[name]}"
        table.add_fault(line, key[0], problem)
        return
    table.lines[name] = line
    if len(table.faults) == before:
        table.rows[name] = kind(**values)


def parse(table: Table[Row], line: int, kind: type, given: tuple[str, str]) -> Any:
    """Return the value of a field; None, with a mistake added, if its text is not allowed.

    An empty field of a column that need not be there has the column's default.

    Args:
        table: The table, which takes the mistake.
        line: The line of the record.
        kind: The class of the row.
        given: The column's name and the field's text.
    """
    name, text = given
    column = column_of(kind, name)
    if text == "" and default_of(kind, name) is not MISSING:
        return default_of(kind, name)
    try:
        return column.parse(text)
    except ValueError:
        table.add_fault(line, name, column.problem(text))
        return None
