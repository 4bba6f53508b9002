"""Cells for maps: a convex area around each district, computed and not surveyed.

The cells are a power diagram of the districts' positions in which each cell has its district's
area on land. ``python -m teritwa.world.cells [FOLDER]`` rewrites ``cells.csv`` from
``districts.csv`` and ``outline.csv``. Cells reach into the sea, up to a box: drawing clips them to
the coast.
"""

import csv
import math
import sys
from pathlib import Path

import numpy as np

from teritwa.engine.errors import InputError
from teritwa.world import HAITI, WorldError, load
from teritwa.world.geometry import Land, Points, anticlockwise
from teritwa.world.power_diagram import diagram, fit, wanted_areas

Ring = list[tuple[float, float]]
"""Longitude and latitude of the vertices of a polygon, degrees; the last is not the first."""

KM_PER_DEGREE = 111.195
"""Length of a degree of latitude on a sphere of 6,371 km, km."""

MARGIN = 0.15
"""Distance of the box around the outline from its outermost points, degrees."""


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
    """Return the rings of a world's coast and border; none if it has no ``outline.csv``."""
    return list(_read(folder / "outline.csv", "ring").values())


def read_cells(folder: Path) -> dict[str, Ring]:
    """Return the cell of each district by id; none if the world has no ``cells.csv``."""
    return _read(folder / "cells.csv", "district")


def _read(path: Path, name: str) -> dict[str, Ring]:
    """Return the rings of a file by the column of a name; none if there is no file."""
    found: dict[str, Ring] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                point = float(row["longitude"]), float(row["latitude"])
                found.setdefault(row[name], []).append(point)
    return found


def text(cells: dict[str, Ring]) -> str:
    """Return cells by id as the text of ``cells.csv``."""
    lines = [f"{name},{x:.5f},{y:.5f}" for name, ring in sorted(cells.items()) for x, y in ring]
    return "\n".join(["district,longitude,latitude", *lines, ""])


def main() -> None:
    """Rewrite ``cells.csv`` of the folder named on the command line, or of Haiti.

    Mistakes in the folder's files are printed, and the program exits with 3.
    """
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HAITI
    try:
        (folder / "cells.csv").write_text(text(compute(folder)), encoding="utf-8")
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
