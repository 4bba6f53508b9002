"""Tables of others from which a world is made: population, and events."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import quoted
from teritwa.engine.tables import read_records
from teritwa.world.boundaries import and_more
from teritwa.world.loading import WorldError

POPULATION = ("population", "residents", "total")
"""Names that the column of residents may have."""

Records = list[tuple[int, list[str]]]


def read_header(path: Path, wanted: Collection[str]) -> tuple[list[str], Records]:
    """Return the header of a table, and its records with their lines.

    Args:
        path: A CSV file.
        wanted: Columns that it must have.

    Raises:
        WorldError: If it cannot be read or lacks a column.
    """
    try:
        (_, header), *records = read_records(path)
    except ValueError as error:
        line, reason = error.args
        raise WorldError([f"{path}:{line}: {reason}"]) from None
    lacking = [name for name in wanted if name not in header]
    if lacking:
        near = did_you_mean(lacking[0], header)
        what = f"has no column {', '.join(lacking)}; it has {', '.join(header)}"
        raise WorldError([f"{path}:1: {what}{near}"])
    return header, records


def read_population(path: Path, key: str, codes: Sequence[str]) -> dict[str, int]:
    """Return the residents of each place by code.

    Args:
        path: A CSV file with one of the columns of `POPULATION`.
        key: Its column of codes.
        codes: The places that must have a row; further rows are left out.

    Raises:
        WorldError: If the file has mistakes; it lists every one.
    """
    header, records = read_header(path, [key])
    column = _column_of_residents(path, header)
    found: dict[str, int] = {}
    problems = []
    for line, record in records:
        row = dict(zip(header, record, strict=False))
        problem = _note_residents(found, row.get(key, "").strip(), row.get(column, ""))
        problems += [f"{path}:{line}: {problem}"] if problem else []
    lacking = [one for one in codes if one not in found]
    if lacking:
        more = f"{and_more(len(lacking) - 1)}, whose borders are given"
        problems.append(f"{path}: {key}: has no row of {quoted(lacking[0])}{more}")
    if problems:
        raise WorldError(problems)
    return found


def _column_of_residents(path: Path, header: Sequence[str]) -> str:
    """Return the name of the column of residents."""
    named = {name.strip().lower(): name for name in header}
    found = [named[name] for name in POPULATION if name in named]
    if not found:
        what = f"has no column {POPULATION[0]}; it has {', '.join(header)}"
        raise WorldError([f"{path}:1: {what}"])
    return found[0]


def _note_residents(found: dict[str, int], code: str, given: str) -> str:
    """Add the residents of a place; return what is wrong, or an empty text."""
    count = given.replace(",", "").replace(" ", "").removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,9}", count, re.ASCII) or int(count) < 1:
        return f"{quoted(given)} is no number of residents from 1 to 999,999,999"
    if code in found:
        return f"{quoted(code)} is given twice"
    found[code] = int(count)
    return ""
