"""Power diagrams whose cells have given areas on land.

A cell is the set of points nearest to a site by squared distance minus the site's weight. Weights
are found by Newton's method (Kitagawa, Merigot and Thibert 2019, "Convergence of a Newton
algorithm for semi-discrete optimal transport").
"""

import math

import numpy as np

from teritwa.world.geometry import (
    BOX,
    Cell,
    Land,
    Points,
    area,
    cut,
    land_area,
    land_length,
    ring_of,
)

SMALLEST = 0.05
"""A Newton step never shrinks a cell below this share of its wanted area."""

STEPS = 80
"""Largest number of Newton steps; some 200 districts need about 6."""

HALVINGS = 30
"""Largest number of times that a Newton step is halved until it brings the areas nearer."""

CLOSE_ENOUGH = 1e-7
"""Largest misfit of an area at which fitting ends, km2."""

WEIGHT_DECIMALS = 3
"""Decimals of fitted weights (km2), so that they do not depend on a processor's rounding."""


def diagram(sites: Points, weights: Points, box: Points) -> list[Cell]:
    """Return the power cell of each site, clipped to a box.

    Args:
        sites: Positions (n, 2), km.
        weights: Weights (n,), km2.
        box: Corners (4, 2) of the box, anticlockwise, km.
    """
    power = np.sum(sites * sites, axis=1) - weights
    return [_power_cell(sites, power, box, site) for site in range(len(sites))]


def _power_cell(sites: Points, power: Points, box: Points, site: int) -> Cell:
    """Return the cell of one site, cut by the neighbour that reaches furthest into it in turn."""
    normals, offsets = 2 * (sites - sites[site]), power - power[site]
    cell = Cell(box, (BOX,) * 4)
    while len(cell.vertices) > 2:
        excess = (cell.vertices @ normals.T - offsets).max(axis=0)
        worst = int(np.argmax(excess))
        if excess[worst] <= 1e-9:
            break
        cell = cut(cell, normals[worst], float(offsets[worst]), worst)
    return cell


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
    """Return areas scaled, island by island, to the land there is.

    Args:
        sites: Positions (n, 2), km.
        areas: Areas (n,), km2.
        land: The land; the first ring is the mainland, with which islands without a site count.
    """
    home = np.array([ring_of(site, land) for site in sites])
    sizes = np.array([area(ring) for ring in land.rings])
    inhabited = set(home.tolist())
    sizes[0] += sum(size for ring, size in enumerate(sizes) if ring and ring not in inhabited)
    scaled = areas.copy()
    for ring in inhabited:
        scaled[home == ring] *= sizes[ring] / areas[home == ring].sum()
    return scaled


def fit(sites: Points, wanted: Points, land: Land, box: Points) -> Points:
    """Return the weights (n,) in km2 with which cells have the wanted areas on land.

    Args:
        sites: Positions (n, 2), km.
        wanted: Wanted areas on land (n,), km2.
        land: The land.
        box: Corners (4, 2) of the box around all cells, anticlockwise, km.
    """
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


def _newton_step(sites: Points, missing: Points, shared: dict[tuple[int, int], float]) -> Points:
    """Return the change of weights (n,) that gives the missing areas to first order, km2."""
    slope = np.zeros((len(sites), len(sites)))
    for (i, j), length in shared.items():
        # A border between cells moves by dw / (2 distance) when one weight grows by dw.
        rate = length / (2 * math.dist(sites[i], sites[j]))
        slope[i, i] += rate
        slope[j, j] += rate
        slope[i, j] -= rate
        slope[j, i] -= rate
    # One number added to all weights of an island changes no area on land: of all solutions, the
    # smallest one does not depend on rounding errors.
    step: Points = np.linalg.lstsq(slope, missing, rcond=None)[0].astype(np.float64)
    return step


def _measured(sites: Points, weights: Points, land: Land, box: Points) -> tuple[list[Cell], Points]:
    """Return the cells and their areas on land (n,), km2."""
    cells = diagram(sites, weights, box)
    return cells, np.array([land_area(cell, land) for cell in cells])
