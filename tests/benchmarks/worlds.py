"""Worlds of many Haitis, to see how costs grow with size: copies side by side, far apart."""

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any

from teritwa import world

DEGREES = 9.0
"""Degrees of longitude from one copy to the next: some 900 km, so that none is near."""

A_JOURNEY = 200.0
"""Hours by road from one copy to the next: nobody sets out to an operation or an attack."""


def write_copies(folder: Path, copies: int) -> Path:
    """Write a world of several Haitis, with forces, gangs and families of their own; return it.

    Donors and contingents are those of Haiti: one country's police and army, and one mission.

    Args:
        folder: Where the tables are written.
        copies: How many Haitis there are.
    """
    haiti = world.load()
    folder.mkdir(parents=True)
    districts, links, gangs, crews, units, families = [], [], [], [], [], []
    for copy in range(copies):
        districts += [_district(row, copy) for row in haiti.districts]
        links += [_renamed(row, copy, "a", "b") for row in haiti.links]
        gangs += [
            replace(_renamed(row, copy, "id"), name=f"{row.name} {copy}") for row in haiti.gangs
        ]
        crews += [_renamed(row, copy, "gang", "district") for row in haiti.crews]
        units += [_renamed(row, copy, "id", "base") for row in haiti.units]
        families += [_renamed(row, copy, "region", "lives_in") for row in haiti.families]
    hub = districts[0].id.removeprefix("c0-")
    for copy in range(1, copies):
        a, b = sorted([f"c{copy - 1}-{hub}", f"c{copy}-{hub}"])
        links.append(replace(links[0], a=a, b=b, kind="road", hours=A_JOURNEY))
    tables = {
        "districts": districts, "links": links, "gangs": gangs, "crews": crews, "units": units,
        "families": families, "contingents": haiti.contingents, "donors": haiti.donors,
        "parameters": haiti.parameters,
    }  # fmt: skip
    for table, rows in tables.items():
        _write(folder / f"{table}.csv", rows)
    _write_basics(folder / "world.csv", copies)
    return folder


def _renamed(row: Any, copy: int, *columns: str) -> Any:
    """Return a row of a copy, whose names in some columns are those of the copy."""
    return replace(row, **{column: f"c{copy}-{getattr(row, column)}" for column in columns})


def _district(row: Any, copy: int) -> Any:
    """Return a district of a copy."""
    columns = ("id", "region") if row.holder == world.STATE else ("id", "region", "holder")
    place = row.longitude + DEGREES * copy
    return replace(_renamed(row, copy, *columns), name=f"{row.name} {copy}", longitude=place)


def _write(path: Path, rows: Iterable[Any]) -> None:
    """Write rows of a world as a table."""
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(rows[0])])
        for row in rows:
            writer.writerow(
                [int(value) if isinstance(value, bool) else value for value in astuple(row)]
            )


def _write_basics(path: Path, copies: int) -> None:
    """Write the few numbers of a world that are those of all copies together."""
    with (world.DEFAULT_WORLD / "world.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["key"] in ("size", "displaced_on_day_0"):
            row["value"] = str(int(float(row["value"]) * copies))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
