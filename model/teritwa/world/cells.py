"""Cells for maps: the power diagram of a world's districts, its weights fitted to their areas.

No surveyed border is used. A cell is the set of points nearest to a district's position by squared distance
minus a weight; weights are found by Newton's method so that the part of each cell on land has the district's
area. ``python -m teritwa.world.cells [FOLDER]`` rewrites ``cells.csv`` from ``districts.csv`` and
``outline.csv``. Cells reach into the sea, up to a box: drawing clips them to the coast.

Method: Kitagawa, Merigot and Thibert 2019, "Convergence of a Newton algorithm for semi-discrete optimal
transport"; clipping: Sutherland and Hodgman 1974.
"""

import csv
import math
import sys
from pathlib import Path

import numpy as np

from teritwa.engine.errors import InputError
from teritwa.world import HAITI, WorldError, load
from teritwa.world.geometry import (
    BOX,
    Cell,
    Land,
    Points,
    anticlockwise,
    area,
    cut,
    land_area,
    land_length,
    ring_of,
)

Ring = list[tuple[float, float]]
"""Longitude and latitude of the vertices of a polygon, degrees, not closed."""

KM_PER_DEGREE = 111.195
"""Length of a degree of latitude on a sphere of 6,371 km, km."""
MARGIN_DEGREES = 0.15
"""How far the box around the outline lies off its outermost points."""
SMALLEST = 0.05
"""A Newton step never shrinks a cell below this share of its wanted area."""
STEPS = 80
"""Newton steps at most; Haiti needs about 6."""
HALVINGS = 30
"""How often a Newton step is halved at most until it brings the areas nearer."""
CLOSE_ENOUGH = 1e-7
"""Largest misfit of an area at which fitting ends, km2."""
WEIGHT_DECIMALS = 3
"""Fitted weights are rounded, so that rounding errors of the processor cannot reach the file (km2)."""


class Projection:
    """Degrees to km and back, an equirectangular projection true at the middle latitude of the outline."""

    def __init__(self, outline: list[Ring]) -> None:
        latitudes = [latitude for ring in outline for _, latitude in ring]
        self.middle = (min(latitudes) + max(latitudes)) / 2
        self.scale = np.array([KM_PER_DEGREE * math.cos(math.radians(self.middle)), KM_PER_DEGREE])

    def km(self, degrees: Ring) -> Points:
        """Return points (n, 2) in km from longitude and latitude in degrees."""
        points: Points = np.array(degrees, dtype=np.float64) * self.scale
        return points

    def degrees(self, points: Points) -> Ring:
        """Return longitude and latitude rounded to 5 decimals (about one metre)."""
        return [(round(float(x), 5), round(float(y), 5)) for x, y in points / self.scale]


def diagram(sites: Points, weights: Points, box: Points) -> list[Cell]:
    """Return the power cell of each site (n, 2) with weights (n,), clipped to a box (4, 2)."""
    power = np.sum(sites * sites, axis=1) - weights
    cells = []
    for i in range(len(sites)):
        normals, offsets = 2 * (sites - sites[i]), power - power[i]
        cell = Cell(box, (BOX,) * 4)
        while len(cell.vertices) > 2:
            excess = (cell.vertices @ normals.T - offsets).max(axis=0)
            worst = int(np.argmax(excess))
            if excess[worst] <= 1e-9:
                break
            cell = cut(cell, normals[worst], float(offsets[worst]), worst)
        cells.append(cell)
    return cells


def borders(cells: list[Cell], land: Land) -> dict[tuple[int, int], float]:
    """Return the length on land of the border of each two neighbouring cells (i < j), km."""
    found = {}
    for i, cell in enumerate(cells):
        for k, j in enumerate(cell.across):
            if i < j:
                end = cell.vertices[(k + 1) % len(cell.vertices)]
                found[i, j] = land_length(cell.vertices[k], end, land)
    return found


def wanted_areas(sites: Points, areas: Points, land: Land) -> Points:
    """Return the districts' areas (n,) scaled, island by island, to the land there is; km2.

    A ring without a district counts to the first ring, the mainland.
    """
    home = np.array([ring_of(site, land) for site in sites])
    sizes = np.array([area(ring) for ring in land.rings])
    sizes[0] += sum(size for k, size in enumerate(sizes) if k and not bool((home == k).any()))
    scaled = areas.copy()
    for k in set(home.tolist()):
        scaled[home == k] *= sizes[k] / areas[home == k].sum()
    return scaled


def _newton_step(sites: Points, missing: Points, shared: dict[tuple[int, int], float]) -> Points:
    """Return the change of weights (n,) that would give the missing areas, to first order; km2."""
    # The little added keeps the matrix invertible: adding one number to all weights changes no cell.
    slope = np.eye(len(sites)) * 1e-6
    for (i, j), length in shared.items():
        # A border between cells moves by dw / (2 distance) when one weight grows by dw.
        rate = length / (2 * math.dist(sites[i], sites[j]))
        slope[i, i] += rate
        slope[j, j] += rate
        slope[i, j] -= rate
        slope[j, i] -= rate
    step: Points = np.asarray(np.linalg.solve(slope, missing), dtype=np.float64)
    return step


def fit(sites: Points, wanted: Points, land: Land, box: Points) -> Points:
    """Return weights (n,) in km2 with which the cells' areas on land are the wanted ones (n,), km2."""
    weights = np.zeros(len(sites))
    cells, areas = _measured(sites, weights, land, box)
    for _ in range(STEPS):
        if np.abs(wanted - areas).max() < CLOSE_ENOUGH:
            break
        step = _newton_step(sites, wanted - areas, borders(cells, land))
        floor, misfit = SMALLEST * np.minimum(wanted, areas), np.linalg.norm(wanted - areas)
        for halvings in range(HALVINGS):
            tried = weights + step / 2**halvings
            cells, areas = _measured(sites, tried, land, box)
            if bool((areas > floor).all()) and np.linalg.norm(wanted - areas) < misfit:
                break
        weights = tried
    # Only differences between weights matter.
    fitted: Points = np.round(weights - weights.mean(), WEIGHT_DECIMALS)
    return fitted


def _measured(sites: Points, weights: Points, land: Land, box: Points) -> tuple[list[Cell], Points]:
    """Return the cells and their areas on land (n,), km2."""
    cells = diagram(sites, weights, box)
    return cells, np.array([land_area(cell, land) for cell in cells])


def compute(folder: Path) -> dict[str, Ring]:
    """Return the cells of a world's districts, by id, in degrees; raise WorldError if it lacks an outline."""
    outline = read_outline(folder)
    if not outline:
        raise WorldError([f"{folder / 'outline.csv'}:1: file: is missing or empty; cells need a coast"])
    districts = load(folder).districts
    projection = Projection(outline)
    land = Land(tuple(anticlockwise(projection.km(ring)) for ring in outline))
    sites = projection.km([(district.longitude, district.latitude) for district in districts])
    (west, south), (east, north) = _reach([point for ring in outline for point in ring])
    box = projection.km([(west, south), (east, south), (east, north), (west, north)])
    wanted = wanted_areas(sites, np.array([district.area_km2 for district in districts]), land)
    cells = diagram(sites, fit(sites, wanted, land, box), box)
    return {district.id: projection.degrees(cell.vertices) for district, cell in zip(districts, cells, strict=True)}


def _reach(points: Ring) -> Ring:
    """Return the south-western and north-eastern corner of the box around points, with a margin; degrees."""
    across, up = [point[0] for point in points], [point[1] for point in points]
    return [
        (min(across) - MARGIN_DEGREES, min(up) - MARGIN_DEGREES),
        (max(across) + MARGIN_DEGREES, max(up) + MARGIN_DEGREES),
    ]


def read_outline(folder: Path) -> list[Ring]:
    """Return the rings of a world's coast and border, or none if the world has no ``outline.csv``."""
    return list(_read(folder / "outline.csv", "ring").values())


def read_cells(folder: Path) -> dict[str, Ring]:
    """Return the cell of each district, by id, or none if the world has no ``cells.csv``."""
    return _read(folder / "cells.csv", "district")


def _read(path: Path, name: str) -> dict[str, Ring]:
    found: dict[str, Ring] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row[name], []).append((float(row["longitude"]), float(row["latitude"])))
    return found


def text(cells: dict[str, Ring]) -> str:
    """Return cells as the text of ``cells.csv``."""
    lines = [f"{name},{x:.5f},{y:.5f}" for name, ring in sorted(cells.items()) for x, y in ring]
    return "\n".join(["district,longitude,latitude", *lines, ""])


def main() -> None:
    """Rewrite ``cells.csv`` of the folder named on the command line, or of Haiti; exit 3 on mistakes."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HAITI
    try:
        (folder / "cells.csv").write_text(text(compute(folder)), encoding="utf-8")
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
