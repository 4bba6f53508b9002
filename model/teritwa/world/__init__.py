"""The world on day 0: places, roads, gangs, units, contingents and donors, read from a folder of CSV tables.

``load()`` gives Haiti on 1 January 2024. Another folder of the same form is another world; ``cells.csv`` and
``outline.csv`` (for maps) are optional there.
"""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import InputError
from teritwa.engine.tables import Table, parse, read_table, records_of
from teritwa.world.checks import Tables, check
from teritwa.world.rows import (
    HELD,
    REGIONS,
    STATE,
    Basics,
    ContingentRow,
    CrewRow,
    DistrictRow,
    DonorRow,
    GangRow,
    LinkRow,
    ParameterRow,
    UnitRow,
    World,
)

__all__ = [
    "HAITI",
    "HELD",
    "REGIONS",
    "STATE",
    "ContingentRow",
    "CrewRow",
    "DistrictRow",
    "DonorRow",
    "GangRow",
    "LinkRow",
    "ParameterRow",
    "UnitRow",
    "World",
    "WorldError",
    "load",
]

HAITI = Path(__file__).parent / "data" / "haiti"
"""The folder of the shipped world."""


class WorldError(InputError):
    """A world folder that cannot be used; ``problems`` are its mistakes, file:line: column: what is wrong."""


def load(folder: Path | None = None) -> World:
    """Return the world of a folder, or Haiti; raise WorldError with all mistakes.

    Row order in the files never matters: every table is sorted. Haiti is read once.
    """
    return _haiti() if folder is None else _read(Path(folder))


@cache
def _haiti() -> World:
    return _read(HAITI)


def _read(folder: Path) -> World:
    if not folder.is_dir():
        raise WorldError([f"{folder}: is no folder; a world is a folder of CSV tables"])
    tables = Tables(
        basics=_read_basics(folder / "world.csv"),
        districts=read_table(folder / "districts.csv", DistrictRow, ("id",)),
        links=read_table(folder / "links.csv", LinkRow, ("a", "b")),
        gangs=read_table(folder / "gangs.csv", GangRow, ("id",)),
        crews=read_table(folder / "crews.csv", CrewRow, ("gang", "district")),
        units=read_table(folder / "units.csv", UnitRow, ("id",)),
        contingents=read_table(folder / "contingents.csv", ContingentRow, ("id",)),
        donors=read_table(folder / "donors.csv", DonorRow, ("id",)),
        parameters=_read_parameters(folder / "parameters.csv"),
    )
    problems = check(tables)
    if problems:
        raise WorldError(problems)
    return _world(tables, folder)


def _world(tables: Tables, folder: Path) -> World:
    basics = tables.basics.rows[()]
    return World(
        name=basics.name,
        start=basics.start,
        population_growth=basics.population_growth,
        displaced_on_day_0=basics.displaced_on_day_0,
        capital=basics.capital,
        size=basics.size,
        districts=tuple(tables.districts.rows.values()),
        links=tuple(tables.links.rows.values()),
        gangs=tuple(tables.gangs.rows.values()),
        crews=tuple(tables.crews.rows.values()),
        units=tuple(tables.units.rows.values()),
        contingents=tuple(tables.contingents.rows.values()),
        donors=tuple(tables.donors.rows.values()),
        parameters=tuple(tables.parameters.rows.values()),
        folder=folder,
    )


def _read_parameters(path: Path) -> Table[ParameterRow]:
    """Read the parameters that a world gives itself; the table is optional."""
    return read_table(path, ParameterRow, ("name",)) if path.exists() else Table(path)


def _read_basics(path: Path) -> Table[Basics]:
    """Read ``world.csv`` (key, value, unit, source: a row a number) into the one row with the key ()."""
    table: Table[Basics] = Table(path)
    wanted = tuple(each.name for each in fields(Basics))
    values: dict[str, Any] = {}
    for line, record in records_of(table, ["key", "value", "unit", "source"])[1:]:
        key = record[0]
        if len(record) != 4:
            table.say(line, "row", f"has {len(record)} fields, must have 4")
        elif key not in wanted:
            table.say(line, key, f"unknown key; allowed: {', '.join(wanted)}{did_you_mean(key, wanted)}")
        elif key in values:
            table.say(line, key, f"is there already, in line {table.lines[key,]}")
        else:
            table.lines[key,] = line
            values[key] = parse(table, line, Basics, (key, record[1]))
    for key in wanted:
        if table.readable and key not in values:
            table.say(1, key, "key is missing")
    if table.readable and not table.faults:
        table.rows[()] = Basics(**values)
    return table
