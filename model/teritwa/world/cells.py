"""Cells for maps: a convex area around each district, computed and not surveyed.

The cells are a power diagram of the districts' positions in which each cell has its district's
area on land. ``python -m teritwa.world.cells [FOLDER]`` rewrites ``cells.csv`` from
``districts.csv`` and ``outline.csv``. Cells reach into the sea, up to a box: drawing clips them to
the coast.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from teritwa.engine.columns import did_you_mean, identity, integer, number, optional
from teritwa.engine.errors import InputError
from teritwa.engine.tables import Table, known_fields, parse, records_of
from teritwa.world import DEFAULT_WORLD, WorldError, load
from teritwa.world.geometry import Land, Points, anticlockwise
from teritwa.world.power_diagram import diagram, fit, wanted_areas

Ring = list[tuple[float, float]]
"""Longitude and latitude of the vertices of a polygon, degrees; the last is not the first."""

RingName = tuple[str, int]
"""The name that stands in each row of a ring, and its number among the rings of that name."""

CELLS = "cells.csv"
"""The table of cells; a world may have none."""

KM_PER_DEGREE = 111.195
"""Length of a degree of latitude on a sphere of 6,371 km, km."""

MARGIN = 0.15
"""Distance of the box around the outline from its outermost points, degrees."""

CORNERS_AT_LEAST = 3
"""Corners of a ring that has an area."""

REMEDY = "make the file again with: python -m teritwa.world.cells FOLDER"
"""What to do about a table of cells that does not fit its world."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """A corner of the cell of a district, for maps; a cell's corners stand in their order."""

    district: str = identity()
    """The district."""
    longitude: float = number(-180, 180)
    """Degrees east."""
    latitude: float = number(-90, 90)
    """Degrees north."""
    ring: int = optional(integer(), 0)
    """Which ring of the district's borders the corner belongs to: a place may have several parts,
    and holes, which are rings within rings."""


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A corner of a ring of coast and border; a ring's corners stand in their order."""

    ring: str = identity()
    """The name of the ring."""
    longitude: float = number(-180, 180)
    """Degrees east."""
    latitude: float = number(-90, 90)
    """Degrees north."""


class Projection:
    """An equirectangular projection, true to scale at the middle latitude of an outline."""

    def __init__(self, outline: list[Ring]) -> None:
        latitudes = [latitude for ring in outline for _, latitude in ring]
        self.middle = (min(latitudes) + max(latitudes)) / 2
        self.scale = np.array([KM_PER_DEGREE * math.cos(math.radians(self.middle)), KM_PER_DEGREE])

    def km(self, degrees: Ring) -> Points:
        """Return points (n, 2) in km from longitude and latitude in degrees."""
        points: Points = np.array(degrees, dtype=np.float64) * self.scale
        return points

    def degrees(self, points: Points) -> Ring:
        """Return longitude and latitude of points (n, 2), rounded to 5 decimals (one metre)."""
        return [(round(float(x), 5), round(float(y), 5)) for x, y in points / self.scale]


def compute(folder: Path) -> dict[str, Ring]:
    """Return the cells of a world's districts by id, in degrees.

    Raises:
        WorldError: If the world cannot be used or has no outline.
    """
    outline = read_outline(folder)
    if not outline:
        what = "is missing or empty; cells need a coast"
        raise WorldError([f"{folder / 'outline.csv'}:1: file: {what}"])
    districts = load(folder).districts
    projection = Projection(outline)
    land = Land(tuple(anticlockwise(projection.km(ring)) for ring in outline))
    sites = projection.km([(district.longitude, district.latitude) for district in districts])
    box = projection.km(_box_around(outline))
    wanted = wanted_areas(sites, np.array([district.area_km2 for district in districts]), land)
    cells = diagram(sites, fit(sites, wanted, land, box), box)
    rings = [projection.degrees(cell.vertices) for cell in cells]
    return dict(zip([district.id for district in districts], rings, strict=True))


def _box_around(outline: list[Ring]) -> Ring:
    """Return the corners of the box around an outline, with a margin, anticlockwise, degrees."""
    across = [longitude for ring in outline for longitude, _ in ring]
    up = [latitude for ring in outline for _, latitude in ring]
    west, east = min(across) - MARGIN, max(across) + MARGIN
    south, north = min(up) - MARGIN, max(up) + MARGIN
    return [(west, south), (east, south), (east, north), (west, north)]


def read_outline(folder: Path) -> list[Ring]:
    """Return the rings of a world's coast and border; none if it has no ``outline.csv``.

    Raises:
        WorldError: If the file has mistakes; it lists every one.
    """
    rings, _ = _read(folder / "outline.csv", OutlineRow)
    return list(rings.values())


def read_cells(folder: Path, districts: Sequence[str]) -> dict[str, list[Ring]]:
    """Return the cells of some districts by id; none if the world has no ``cells.csv``.

    Args:
        folder: The folder of the world.
        districts: The ids of its districts.

    Returns:
        The rings of each district's cell, in their order, or nothing.

    Raises:
        WorldError: If the file has mistakes, an unknown district, or not every district; it lists
            every mistake.
    """
    path = folder / CELLS
    rings, table = _read(path, CellRow)
    cells: dict[str, list[Ring]] = {}
    for (name, _), ring in sorted(rings.items(), key=lambda named: named[0]):
        cells.setdefault(name, []).append(ring)
    if path.exists():
        _note_districts(table, cells, districts)
    if table.faults:
        raise WorldError(table.problems())
    return {name: cells[name] for name in districts if name in cells}


def _note_districts(
    table: Table[Any], rings: Mapping[str, list[Ring]], districts: Sequence[str]
) -> None:
    """Note each cell of an unknown district and, if there is none, which districts lack a cell."""
    for name in sorted(set(rings) - set(districts)):
        unknown = f"{name!r} is not a district of this world{did_you_mean(name, districts)}"
        table.add_fault_of((name,), "district", unknown)
    missing = sorted(set(districts) - set(rings))
    if missing and not table.faults:
        named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if missing[3:] else "")
        table.add_fault(1, "district", f"has no cell of {named}; {REMEDY}")


def _read(path: Path, kind: type) -> tuple[dict[RingName, Ring], Table[Any]]:
    """Return the rings of a file by their names, and its table; no rings if there is no file.

    Raises:
        WorldError: If the file has mistakes; it lists every one.
    """
    table: Table[Any] = Table(path)
    if not path.exists():
        return {}, table
    rings = _rings_of(table, kind)
    small = [] if table.faults else [name for name in rings if len(rings[name]) < CORNERS_AT_LEAST]
    for name, _ in small:
        table.add_fault_of((name,), "longitude", f"{name!r} has fewer than three corners")
    if table.faults:
        raise WorldError(table.problems())
    return rings, table


def _rings_of(table: Table[Any], kind: type) -> dict[RingName, Ring]:
    """Return the rings of a table by their names; mistakes are added to the table."""
    (_, header), *records = records_of(table, kind) or [(1, [])]
    name_column, *_ = (each.name for each in fields(kind))
    rings: dict[RingName, Ring] = {}
    for line, record in records:
        if len(record) != len(header):
            table.add_fault(line, "row", f"has {len(record)} fields, must have {len(header)}")
            continue
        texts = known_fields(kind, header, record)
        given = {each: parse(table, line, kind, (each, texts[each])) for each in texts}
        name = given[name_column], given.get("ring", 0)
        table.lines.setdefault(name[:1], line)
        rings.setdefault(name, []).append((given["longitude"], given["latitude"]))
    return rings


def text(cells: Mapping[str, Ring]) -> str:
    """Return cells of one ring each, by id, as the text of ``cells.csv``."""
    lines = [f"{name},{x:.5f},{y:.5f}" for name, ring in sorted(cells.items()) for x, y in ring]
    return "\n".join(["district,longitude,latitude", *lines, ""])


def main() -> None:
    """Rewrite ``cells.csv`` of the folder named on the command line, or of the default world.

    Mistakes in the folder's files are printed, and the program exits with 3.
    """
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_WORLD
    try:
        (folder / "cells.csv").write_text(text(compute(folder)), encoding="utf-8")
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
