"""The records of a table of draws: a row of names, then a row of values for each draw."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from teritwa.engine.tables import FIELDS_AT_MOST, records_in

DRAW, REPLICATE = INDEX = ("draw", "replicate")
"""The columns of a table that hold no parameter but say which run a row is of."""

_PLAIN_NAMES = re.compile(rb"[\w.]+(,[\w.]+){0,%d}" % (FIELDS_AT_MOST - 1))
"""Names of columns, as the program writes them."""


@functools.lru_cache(maxsize=1)
def read_draws(data: bytes) -> list[tuple[int, list[str]]]:
    """Return the names of a table, then one row a draw, each with its line.

    Raises:
        ValueError: If the data are no table; its arguments are line and reason.
    """
    records = _plain_records(data) if _is_plain(data) else records_in(data)
    names = next(records, None)
    if names is None:
        raise ValueError(1, "is empty")
    return [names, *_one_a_draw(records, names[1])]


def _is_plain(data: bytes) -> bool:
    """Whether a table has but names and lines of digits and commas, as the program writes it."""
    names, _, rows = data.partition(b"\n")
    return not rows.translate(None, b"0123456789.,e-\n") and bool(_PLAIN_NAMES.fullmatch(names))


def _plain_records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a table that needs no reader of CSV, each with its line."""
    for line, text in enumerate(data.decode().split("\n"), start=1):
        if text:
            yield line, text.split(",")


def _one_a_draw(
    records: Iterable[tuple[int, list[str]]], header: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table, but for those that repeat the values of their draw."""
    if DRAW not in header:
        yield from records
        return
    draw = header.index(DRAW)
    known: dict[str, list[str]] = {}
    for line, row in records:
        # A row that is too long or too short is never like one of the right length.
        cells = zip_longest(header, row, fillvalue="")
        values = [text for name, text in cells if name != REPLICATE]
        first = known.setdefault("".join(row[draw : draw + 1]), values)
        if first is values or first != values:
            yield line, row
