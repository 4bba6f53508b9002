"""Loading a world from a folder of CSV tables."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from teritwa.engine.errors import InputError
from teritwa.engine.files import problem_of_file
from teritwa.engine.key_values import read_pairs
from teritwa.engine.tables import BYTES_AT_MOST, Row, Table, read_table
from teritwa.world.checks import Tables, find_problems
from teritwa.world.rows import (
    Basics,
    ContingentRow,
    CrewRow,
    DistrictRow,
    DonorRow,
    FamilyRow,
    GangRow,
    LinkRow,
    ParameterRow,
    UnitRow,
    World,
)

(_TABLE_OF_DEFAULT,) = (Path(__file__).parent / "data").glob("*/world.csv")

DEFAULT_WORLD = _TABLE_OF_DEFAULT.parent
"""The folder of the world of a scenario that names none: the one that the package holds."""

FAMILIES = "families.csv"
"""The table of where relatives live; without it they live in the same region."""

FIGURES = "figures"
"""The folder within a world's of what was counted and seen there, which no run reads."""

PARAMETERS = "parameters.csv"
"""The table of parameters that a world replaces; a world may have none."""


class WorldError(InputError):
    """A world folder cannot be used; each problem is ``file:line: column: message``."""


def load(folder: Path | None = None) -> World:
    """Return the world of a folder. The order of rows in its files does not matter.

    Args:
        folder: A folder of CSV tables, which is read again when its content has changed; None
            means the default world, which is read once.

    Raises:
        WorldError: If the folder cannot be used; it lists every mistake.
    """
    return _default() if folder is None else _read(Path(folder), _content(Path(folder)))


@cache
def _default() -> World:
    """Return the default world."""
    return _read(DEFAULT_WORLD, _content(DEFAULT_WORLD))


def _content(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Return the name and a hash of each table of a folder; raise WorldError if one is no file."""
    if not folder.is_dir():
        raise WorldError([f"{folder}: is not a folder; a world is a folder of CSV tables"])
    refused = _unreadable(folder)
    if refused:
        raise WorldError(refused)
    files = sorted(folder.glob("*.csv"))
    return tuple((path.name, hashlib.blake2b(path.read_bytes()).digest()) for path in files)


@lru_cache(maxsize=4)
def _read(folder: Path, content: tuple[tuple[str, bytes], ...]) -> World:  # noqa: ARG001
    """Return the world of a folder, once for each content; raise WorldError with every mistake."""
    tables = Tables(
        basics=read_pairs(folder / "world.csv", Basics),
        districts=read_table(folder / "districts.csv", DistrictRow, ("id",)),
        links=read_table(folder / "links.csv", LinkRow, ("a", "b")),
        gangs=read_table(folder / "gangs.csv", GangRow, ("id",)),
        crews=read_table(folder / "crews.csv", CrewRow, ("gang", "district")),
        units=read_table(folder / "units.csv", UnitRow, ("id",)),
        contingents=read_table(folder / "contingents.csv", ContingentRow, ("id",)),
        donors=read_table(folder / "donors.csv", DonorRow, ("id",)),
        families=_read_optional(folder / FAMILIES, FamilyRow, ("region", "lives_in")),
        parameters=_read_parameters(folder / PARAMETERS),
    )
    problems = find_problems(tables)
    if problems:
        raise WorldError(problems)
    return _world_of(tables, folder)


def _unreadable(folder: Path) -> list[str]:
    """Return a line for each CSV file of a folder that is no regular file or too large.

    The digest of a world reads them all, also those that are no table of a world.
    """
    found = {path: _problem_of(path) for path in sorted(folder.glob("*.csv"))}
    return [f"{path}:1: file: cannot be read ({why})" for path, why in found.items() if why]


def _problem_of(path: Path) -> str:
    """Return why a table is not read, whatever its content; an empty text if it may be."""
    try:
        return problem_of_file(path, BYTES_AT_MOST)
    except OSError as error:
        return error.strerror or str(error)


def _read_optional(path: Path, kind: type[Row], key: tuple[str, ...]) -> Table[Row]:
    """Return a table that a world need not have; without it, one without rows."""
    return read_table(path, kind, key) if path.exists() else Table(path)


def read_figures(path: Path, kind: type[Row], key: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the rows of a table that no run reads, in its order; none if there is no table.

    Args:
        path: The file.
        kind: The class of a row.
        key: The columns that identify a row.

    Raises:
        WorldError: If the table has mistakes; it lists every one.
    """
    table = _read_optional(path, kind, key)
    if table.faults:
        raise WorldError(table.problems())
    return tuple(table.rows[name] for name in table.lines)


def _read_parameters(path: Path) -> Table[ParameterRow]:
    """Return the parameters that a world replaces."""
    return _read_optional(path, ParameterRow, ("name",))


def parameter_lines(folder: Path) -> dict[str, int]:
    """Return the line of each parameter in the table of a world's folder, by full name."""
    return {name: line for (name,), line in _read_parameters(folder / PARAMETERS).lines.items()}


def _languages_of_own_forces(tables: Tables) -> str:
    """Return the languages that police and army speak, as a word list."""
    own = (row for row in tables.contingents.rows.values() if row.force != "mission")
    return " ".join(sorted({word for row in own for word in row.languages.split()}))


def _world_of(tables: Tables, folder: Path) -> World:
    """Return the world that tables without mistakes describe."""
    basics = tables.basics.rows[()]
    return World(
        name=basics.name,
        start=basics.start,
        population_growth=basics.population_growth,
        displaced_on_day_0=basics.displaced_on_day_0,
        capital=basics.capital,
        size=basics.size,
        languages=basics.languages or _languages_of_own_forces(tables),
        borders=basics.borders,
        headquarters=basics.headquarters,
        districts=tuple(tables.districts.rows.values()),
        links=tuple(tables.links.rows.values()),
        gangs=tuple(tables.gangs.rows.values()),
        crews=tuple(tables.crews.rows.values()),
        units=tuple(tables.units.rows.values()),
        contingents=tuple(tables.contingents.rows.values()),
        donors=tuple(tables.donors.rows.values()),
        families=tuple(tables.families.rows.values()),
        parameters=tuple(tables.parameters.rows.values()),
        folder=folder,
    )
