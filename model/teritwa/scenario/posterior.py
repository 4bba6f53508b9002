"""A calibrated ensemble: a table of parameter values, one row a draw, for a scenario's draws.

The ``design.csv`` of a result is such a table too. Its columns ``draw`` and ``replicate`` say which
run a row is of, and all rows of a draw have the same values. Columns of months hold the history of
a draw up to the origin (`teritwa.scenario.history`).
"""

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from teritwa.engine.errors import InputError, quoted
from teritwa.engine.files import read_limited
from teritwa.engine.tables import FAULTS_AT_MOST
from teritwa.scenario import vocabulary
from teritwa.scenario.draw_table import DRAW, INDEX, read_draws
from teritwa.scenario.history import (
    CHANCE,
    GIVES,
    LARGEST_CHANCE,
    LARGEST_NUMBER,
    History,
    history_of,
    is_column,
    missing_column,
    months_in,
)
from teritwa.scenario.inherit import shipped_folder
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.parameters import renamed_parameters
from teritwa.scenario.reader.period import RUNS_AT_MOST
from teritwa.scenario.reader.problems import Mark, Problems
from teritwa.scenario.reader.values import Quantity, quantity_of

_SOUND: set[tuple[str, object]] = set()
"""Tables that were read without a mistake, by content and registry: reading one takes long."""

BYTES_AT_MOST = 32 * 1024 * 1024
"""The largest table of draws that is read: some 23,000 rows of all uncertain parameters."""

LARGEST_GIVEN = 1e12
"""The largest number that a past may give where something was counted."""

_TWICE = "stands twice in the first row"

NONE = "none"
"""Written for no posterior, where a parent has one."""


@dataclass(frozen=True)
class Posterior:
    """A table of draws as it stood when it was read.

    It has its file, the SHA-256 of its bytes, and the first day of the past that it knows.
    """

    path: Path
    sha256: str
    past_from: date | None = None

    @property
    def draws(self) -> int:
        """Return how many draws the table holds."""
        return len(_table(self.path, self.sha256)[1])

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters of the table, in the order of its columns."""
        return tuple(name for name in self._columns if not is_column(name))

    @property
    def _columns(self) -> tuple[str, ...]:
        """Return the columns of the table that differ between draws."""
        return _table(self.path, self.sha256)[0]

    @property
    def shipped(self) -> bool:
        """Return whether the file comes with the package and is called by its name alone."""
        return self.path.parent == shipped_posteriors()

    def values(self, draw: int) -> Mapping[str, float]:
        """Return the parameters of a draw by name; after the last row the first one follows.

        Raise InputError if the file has changed, or is gone, since the scenario was read.
        """
        row = self._row(draw)
        return {name: value for name, value in row.items() if not is_column(name)}

    def history(self, draw: int) -> History | None:
        """Return the history of a draw up to the origin; None if the table has none."""
        return history_of(self._row(draw)) if any(map(is_column, self._columns)) else None

    def _row(self, draw: int) -> dict[str, float]:
        """Return the values of a draw by column."""
        names, rows = _table(self.path, self.sha256)
        cells = zip(names, _measures_of(names), rows[draw % len(rows)], strict=True)
        return {name: measure.kept(float(text)) for name, measure, text in cells}


def shipped_posteriors() -> Path:
    """Return the folder of the posteriors that come with the package."""
    return shipped_folder().resolve() / "posteriors"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the posteriors that come with the package, sorted."""
    return tuple(sorted(path.stem for path in shipped_posteriors().glob("*.csv")))


def read_posterior(path: Path, problems: Problems, shown: str = "") -> Posterior:
    """Return the posterior in a file; every mistake is noted by line and number of the cell.

    The first row holds the names of parameters, each further row their values in one draw, within
    their ranges (a switch is 0 or 1). ``shown`` is how mistakes name the file. Of a table that
    comes with the package only the names are checked: its values took a fifth of a second.

    Raises:
        OSError: If the file cannot be read, is not a regular file, or is too large.
    """
    data = read_limited(path, BYTES_AT_MOST)
    digest = hashlib.sha256(data).hexdigest()
    months = months_in(tuple(data.partition(b"\n")[0].decode(errors="replace").split(",")))
    found = Posterior(path, digest, months[0] if months else None)
    if (digest, vocabulary.registry) not in _SOUND:
        before = problems.count
        _note_mistakes(problems, data, shown or str(path), trusted=found.shipped)
        if problems.count == before:
            _SOUND.add((digest, vocabulary.registry))
    return found


def _note_mistakes(problems: Problems, data: bytes, shown: str, *, trusted: bool) -> None:
    """Note the mistakes of a table, of many only the first; those of the values unless trusted."""
    try:
        (first, header), *rows = read_draws(data)
    except ValueError as error:
        line, reason = error.args
        what = "write a row of parameters' names, then a row of values for each draw"
        problems.add(Mark(shown, line, 1), "", f"cannot be read as a table: {reason}; {what}")
        return
    measures = _measures(problems, Mark(shown, first, 1), header)
    if not rows:
        problems.add(Mark(shown, first + 1, 1), "draws", "there is no row of values")
    if not trusted:
        _note_values(problems, shown, rows, header, measures)


def _note_values(
    problems: Problems,
    shown: str,
    rows: Iterable[tuple[int, list[str]]],
    header: Sequence[str],
    measures: Sequence[tuple[str, Quantity] | None],
) -> None:
    """Note the mistakes of the rows of values, of many only the first."""
    draws: dict[str, int] = {}
    for line, row in rows:
        if problems.count >= FAULTS_AT_MOST:
            what = f"after {FAULTS_AT_MOST:,} mistakes the rest is not read; mend these first"
            problems.add(Mark(shown, line, 1), "draws", what)
            return
        _check_row(problems, Mark(shown, line, 1), row, measures)
        if DRAW in header and len(row) == len(header):
            _check_draw(problems, Mark(shown, line, 1), row[header.index(DRAW)], draws)


def _measures(
    problems: Problems, mark: Mark, header: Sequence[str]
) -> list[tuple[str, Quantity] | None]:
    """Return name and quantity of each column; None, noted, for one that cannot be."""
    first = {name: place for place, name in reversed(list(enumerate(header)))}
    if first.keys() <= set(INDEX):
        problems.add(mark, "draws", "there is no parameter; no value differs between the draws")
    missing = missing_column(header)
    if missing:
        what = "is missing; each month of a history has all its columns, and none is left out"
        problems.add(mark, missing, what)
    found: list[tuple[str, Quantity] | None] = []
    for place, name in enumerate(header):
        what = _wrong_name(problems, name) if first[name] == place else _TWICE
        if what:
            problems.add(Mark(mark.file, mark.line, 1 + place), quoted(name)[1:-1], what)
        found.append(None if what else (name, _measure_of(name)))
    return found


def _wrong_name(problems: Problems, name: str) -> str:
    """Return why a name is not one of a column, or an empty text."""
    parameters = vocabulary.registry()
    if name in INDEX or name in parameters or is_column(name):
        return ""
    if renamed_parameters().get(name) in parameters:
        return f"this parameter is called {renamed_parameters()[name]!r} since schema 2"
    return f"unknown parameter, {problems.near(name, parameters)}"


def _measure_of(name: str) -> Quantity:
    """Return what the values of a column may be."""
    if name in INDEX:
        return Quantity("1", 0, RUNS_AT_MOST, integral=True)
    if name.startswith(GIVES):
        return Quantity("1", -LARGEST_GIVEN, LARGEST_GIVEN)
    if is_column(name):
        if name.endswith(f".{CHANCE}"):
            return Quantity("1", 0, LARGEST_CHANCE, integral=True)
        return Quantity("1", -LARGEST_NUMBER, LARGEST_NUMBER)
    return quantity_of(vocabulary.registry()[name])


def _check_draw(problems: Problems, mark: Mark, draw: str, lines: dict[str, int]) -> None:
    """Note a row of a draw that an earlier row has with other values."""
    first = lines.setdefault(draw, mark.line)
    if first != mark.line:
        what = f"{quoted(draw)} stands in line {first} with other values"
        problems.add(mark, DRAW, f"{what}; all rows of a draw have the same")


def _check_row(
    problems: Problems,
    mark: Mark,
    row: Sequence[str],
    measures: Sequence[tuple[str, Quantity] | None],
) -> None:
    """Note what is wrong with the values of a row."""
    if len(row) != len(measures):
        problems.add(
            mark, "draws", f"{len(row)} values, allowed: one for each of the {len(measures)} names"
        )
        return
    for column, (text, given) in enumerate(zip(row, measures, strict=True), start=1):
        if given is None:
            continue
        try:
            _check_value(given[1], text)
        except ValueError as error:
            problems.add(Mark(mark.file, mark.line, column), given[0], str(error))


def _check_value(quantity: Quantity, text: str) -> None:
    """Raise ValueError, with the reason, if a text is no value of a quantity."""
    if quantity.switch and text not in ("0", "1"):
        raise ValueError(f"{quoted(text)} is no value of a switch, write 0 or 1")
    quantity.checked(float(scalars.read_number(text)))


@functools.lru_cache(maxsize=4)
def _measures_of(names: tuple[str, ...]) -> list[Quantity]:
    """Return what the values of the columns of a table without mistakes are."""
    return [_measure_of(name) for name in names]


@functools.lru_cache(maxsize=4)
def _table(path: Path, sha256: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the parameters of a table without mistakes, and their values by draw, as texts."""
    (_, header), *rows = read_draws(_unchanged(path, sha256))
    kept = [place for place, name in enumerate(header) if name not in INDEX]
    values = (tuple(row[place] for place in kept) for _, row in rows)
    return tuple(header[place] for place in kept), tuple(values)


def _unchanged(path: Path, sha256: str) -> bytes:
    """Return the content of a file; raise InputError unless it is the one that was checked."""
    try:
        data = read_limited(path, BYTES_AT_MOST)
    except OSError as error:
        raise InputError([f"{path}: cannot be read any more: {error.strerror}"]) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InputError(
            [f"{path}: has changed since the scenario was read; load the scenario again"]
        )
    return data
