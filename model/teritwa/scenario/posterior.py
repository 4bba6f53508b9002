"""A calibrated ensemble: a table of parameter values, one row a draw, for a scenario's draws."""

import csv
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from teritwa.engine.errors import InputError
from teritwa.engine.parameters import Parameter
from teritwa.scenario import vocabulary
from teritwa.scenario.inherit import shipped_folder
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.parameters import renamed_parameters
from teritwa.scenario.reader.problems import Mark, Problems
from teritwa.scenario.reader.values import Quantity, quantity_of

_SOUND: set[tuple[str, object]] = set()
"""Tables that were read without a mistake, by content and registry: reading one takes long."""

NONE = "none"
"""Written for no posterior, where a parent has one."""


@dataclass(frozen=True)
class Posterior:
    """A table of draws as it stood when it was read: its file and the SHA-256 of its bytes."""

    path: Path
    sha256: str

    @property
    def draws(self) -> int:
        """Return how many draws the table holds."""
        return len(_table(self.path, self.sha256)[1])

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters of the table, in the order of its columns."""
        return _table(self.path, self.sha256)[0]

    @property
    def shipped(self) -> bool:
        """Return whether the file comes with the package and is called by its name alone."""
        return self.path.parent == shipped_posteriors()

    def values(self, draw: int) -> Mapping[str, float]:
        """Return the parameters of a draw by name; after the last row the first one follows.

        Raise InputError if the file has changed, or is gone, since the scenario was read.
        """
        names, rows = _table(self.path, self.sha256)
        return dict(zip(names, rows[draw % len(rows)], strict=True))


def shipped_posteriors() -> Path:
    """Return the folder of the posteriors that come with the package."""
    return shipped_folder().resolve() / "posteriors"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the posteriors that come with the package, sorted."""
    return tuple(sorted(path.stem for path in shipped_posteriors().glob("*.csv")))


def read_posterior(path: Path, problems: Problems, shown: str = "") -> Posterior:
    """Return the posterior in a file; every mistake is noted by line and number of the cell.

    The first row holds the names of parameters, each further row their values in one draw, within
    their ranges. ``shown`` is how mistakes name the file.
    """
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if (digest, vocabulary.registry) not in _SOUND:
        before = len(problems.lines())
        _note_mistakes(problems, data, shown or str(path))
        if len(problems.lines()) == before:
            _SOUND.add((digest, vocabulary.registry))
    return Posterior(path, digest)


def _lines(data: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows of a table with the line on which each ends; blank lines are none."""
    reader = csv.reader(data.decode("utf-8-sig").splitlines(), strict=True)
    return [(reader.line_num, row) for row in reader if row]


def _note_mistakes(problems: Problems, data: bytes, shown: str) -> None:
    try:
        (first, header), *rows = _lines(data)
    except (ValueError, csv.Error):
        what = (
            "cannot be read as a table, write a row of parameters' names, "
            "then a row of values for each draw"
        )
        problems.add(Mark(shown, 1, 1), "", what)
        return
    parameters = [
        _named(problems, Mark(shown, first, 1 + place), header, place)
        for place in range(len(header))
    ]
    if not rows:
        problems.add(Mark(shown, first + 1, 1), "draws", "there is no row of values")
    measures = [None if given is None else (given.name, quantity_of(given)) for given in parameters]
    for line, row in rows:
        _check_row(problems, Mark(shown, line, 1), row, measures)


def _named(problems: Problems, mark: Mark, header: Sequence[str], place: int) -> Parameter | None:
    """Return the parameter that a cell of the first row names, or None; a mistake is noted."""
    name, parameters = header[place], vocabulary.registry()
    if name in header[:place]:
        what = "stands twice in the first row"
    elif renamed_parameters().get(name) in parameters:
        what = f"this parameter is called {renamed_parameters()[name]!r} since schema 2"
    elif name not in parameters:
        numbers = [other for other, given in parameters.items() if not given.switch]
        what = f"unknown parameter, {problems.near(name, numbers)}"
    elif parameters[name].switch:
        what = "a switch is not drawn, set it under params"
    else:
        return parameters[name]
    problems.add(mark, repr(name[:80])[1:-1], what)
    return None


def _check_row(
    problems: Problems,
    mark: Mark,
    row: Sequence[str],
    measures: Sequence[tuple[str, Quantity] | None],
) -> None:
    if len(row) != len(measures):
        problems.add(
            mark, "draws", f"{len(row)} values, allowed: one for each of the {len(measures)} names"
        )
        return
    for column, (text, given) in enumerate(zip(row, measures, strict=True), start=1):
        if given is None:
            continue
        try:
            given[1].checked(float(scalars.read_number(text)))
        except ValueError as error:
            problems.add(Mark(mark.file, mark.line, column), given[0], str(error))


@functools.lru_cache(maxsize=4)
def _table(path: Path, sha256: str) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError([f"{path}: cannot be read any more: {error.strerror}"]) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InputError(
            [f"{path}: has changed since the scenario was read; load the scenario again"]
        )
    (_, header), *rows = _lines(data)
    measures = [quantity_of(vocabulary.registry()[name]) for name in header]
    values = (
        tuple(measure.kept(float(text)) for measure, text in zip(measures, row, strict=True))
        for _, row in rows
    )
    return tuple(header), tuple(values)
