"""Records of a dataclass as CSV tables: a column a field, a row a record."""

from collections.abc import Iterable
from dataclasses import fields

from teritwa.engine.files import as_csv
from teritwa.engine.formatting import format_decimal


def records_csv(
    kind: type, records: Iterable[object], truth_words: tuple[str, str] = ("0", "1")
) -> str:
    """Return records as CSV text; a value that is None gives an empty field.

    A column has the name of its field, or the one in the metadata of the field as ``column``.

    Args:
        kind: The dataclass of the records.
        records: The records, in the order of the rows.
        truth_words: How False and True are written.
    """
    names = [field.name for field in fields(kind)]
    header = [field.metadata.get("column", field.name) for field in fields(kind)]
    rows = ([_cell(getattr(record, name), truth_words) for name in names] for record in records)
    return as_csv(header, rows)


def yes_or_no(is_so: bool) -> str:
    """Return how tables answer a question."""
    return ("no", "yes")[is_so]


def _cell(value: object, truth_words: tuple[str, str]) -> object:
    """Return what a CSV field holds for a value."""
    if isinstance(value, bool):
        return truth_words[value]
    if isinstance(value, float):
        return format_decimal(value)
    return "" if value is None else value
