"""Where the tile of each district lies: squares of one size, placed as on the map.

The districts outside the capital fill a grid over the country's land; each takes the square that
minimises the sum of squared distances between districts and their squares (linear assignment;
Crouse 2016). The capital's districts are too near each other for that grid: they get a block of
their own, in the order of their positions.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.geography import Places, longitude_scale
from teritwa.world.geometry import area

Grid = NDArray[np.int64]
"""Columns from the west and rows from the north, shape (square, 2)."""

Points = NDArray[np.float64]
"""Positions with east and south as axes, shape (point, 2)."""

COAST = 0.45
"""A square belongs to the land if this share of it is land: the value that best keeps the coast."""

SHRINKAGE = 0.99
"""Squares shrink by this factor until enough of them are on land."""

SAMPLES = 5
"""Points along each side of a square at which it is tested for land."""

SPARE = 1.1
"""Squares on land for each one needed: without spare ones, districts of crowded coasts land across
the gulf."""

PLACEHOLDER = 2
"""Squares on each side of the place that stands for the capital within the country."""


@dataclass(frozen=True, eq=False, slots=True)
class _Land:
    """The squares of each ring of the coast, their side, and the corner of the grid."""

    squares: list[Grid]
    side: float
    corner: NDArray[np.float64]


@lru_cache(maxsize=2)
def tile_places(places: Places) -> tuple[Grid, Grid]:
    """Return where the tile of each district lies.

    Args:
        places: The districts.

    Returns:
        Column and row of each district's tile, shape (district, 2), and the squares that stand for
        the capital within the country, shape (square, 2): none if all districts are the capital's,
        or none is.
    """
    inside, outside = np.flatnonzero(places.metropolitan), np.flatnonzero(~places.metropolitan)
    found = np.zeros((len(places.ids), 2), np.int64)
    placeholder = _no_squares()
    if len(outside):
        found[outside], placeholder = _country_tiles(places, inside, outside)
    if len(inside):
        block = _block(_flat(places)[inside])
        found[inside] = block + _free_place(np.vstack([found[outside], placeholder]), block)
    corner = np.vstack([found, placeholder]).min(axis=0)
    return found - corner, placeholder - corner


def _no_squares() -> Grid:
    """Return an empty grid."""
    return np.zeros((0, 2), np.int64)


def _flat(places: Places) -> Points:
    """Return the positions of districts in degrees of latitude."""
    flat: Points = places.points * _scale(places)
    return flat


def _scale(places: Places) -> NDArray[np.float64]:
    """Return what converts degrees east and north to degrees of latitude east and south."""
    return np.array([longitude_scale(places.points[:, 1]), -1.0])


def _country_tiles(places: Places, inside: Grid, outside: Grid) -> tuple[Grid, Grid]:
    """Return the squares of the districts outside the capital, and those that stand for it."""
    points = _flat(places)
    if not places.outline:
        return _block(points[outside]), _no_squares()
    rings = [np.asarray(ring) * _scale(places) for ring in places.outline]
    home = np.array([_ring_of(point, rings) for point in points[outside]])
    needed = len(outside) + (PLACEHOLDER**2 if len(inside) else 0)
    land = _land(rings, ceil(SPARE * needed), np.bincount(home, minlength=len(rings)))
    squares, placeholder = land.squares, _no_squares()
    if len(inside):
        middle = (points[inside].mean(axis=0) - land.corner) / land.side
        placeholder = _placeholder(squares[0], middle)
        squares = [_without(squares[0], placeholder), *squares[1:]]
    return _tiles_by_ring((points[outside] - land.corner) / land.side, home, squares), placeholder


def _without(squares: Grid, others: Grid) -> Grid:
    """Return the squares that are not among others."""
    same = (squares[:, None] == others[None]).all(axis=2)
    left: Grid = squares[~same.any(axis=1)]
    return left


def _ring_of(point: NDArray[np.float64], rings: list[Points]) -> int:
    """Return the ring of the coast around a point or, if there is none, the nearest one."""
    from matplotlib.path import Path as Outline

    around = [k for k, ring in enumerate(rings) if Outline(ring).contains_point(tuple(point))]
    if around:
        return around[0]
    distances = [float(((ring - point) ** 2).sum(axis=1).min()) for ring in rings]
    return int(np.argmin(distances))


def _land(rings: list[Points], wanted: int, needs: NDArray[np.int64]) -> _Land:
    """Return squares on land, as large as they can be for each district to find one.

    An island has no more squares than districts (``needs``, by ring); what finds no room there is
    left to the mainland, the first ring.
    """
    every = np.vstack(rings)
    corner, size = every.min(axis=0), np.ptp(every, axis=0)
    side = 1.1 * sqrt(sum(abs(area(ring)) for ring in rings) / wanted)
    while True:
        grid = _full_grid(ceil(size[0] / side), ceil(size[1] / side))
        shares = np.array([_land_share(grid * side + corner, side, ring) for ring in rings])
        squares = _squares_by_ring(grid, shares, needs)
        if sum(len(part) for part in squares) >= wanted:
            return _Land(squares, side, corner)
        side *= SHRINKAGE


def _full_grid(columns: int, rows: int) -> Grid:
    """Return all squares of a rectangle, row by row."""
    return np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)


def _squares_by_ring(
    grid: Grid, shares: NDArray[np.float64], needs: NDArray[np.int64]
) -> list[Grid]:
    """Return the squares on land of each ring; ``shares`` is their land, shape (ring, square)."""
    count = len(shares)
    own = (shares.argmax(axis=0) == np.arange(count)[:, None]) & (shares >= COAST)
    squares = [grid[own[0]]]
    for k in range(1, count):
        best = np.argsort(-shares[k][own[k]], kind="stable")[: needs[k]]
        squares.append(grid[own[k]][best])
    return squares


def _land_share(corners: Points, side: float, ring: Points) -> NDArray[np.float64]:
    """Return how much of each square lies within a ring, shape (square,)."""
    from matplotlib.path import Path as Outline

    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES * side
    offsets = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    points = corners[:, None, :] + offsets
    within = Outline(ring).contains_points(points.reshape(-1, 2)).reshape(points.shape[:2])
    share: NDArray[np.float64] = within.mean(axis=1)
    return share


def _tiles_by_ring(points: Points, home: NDArray[np.int64], squares: list[Grid]) -> Grid:
    """Give each district a square of its own island, or of the mainland if there is none left."""
    found = np.zeros(points.shape, np.int64)
    for k in range(len(squares) - 1, -1, -1):
        here = np.flatnonzero(home == k)
        room = len(squares[k])
        if k and room < len(here):
            home = home.copy()
            home[here[room:]] = 0
            here = here[:room]
        if len(here):
            found[here] = _assigned(points[here], squares[k])
    return found


def _placeholder(squares: Grid, middle: NDArray[np.float64]) -> Grid:
    """Return the block of squares on land that is nearest to the middle of the capital."""
    block = _full_grid(PLACEHOLDER, PLACEHOLDER)
    land = {(x, y) for x, y in squares.tolist()}
    blocks = [block + corner for corner in sorted(land)]
    whole = [each for each in blocks if land.issuperset(map(tuple, each.tolist()))]
    if not whole:
        return _no_squares()
    distances = [float(np.hypot(*(each[0] + PLACEHOLDER / 2 - middle))) for each in whole]
    nearest: Grid = whole[int(np.argmin(distances))]
    return nearest


def _assigned(points: Points, squares: Grid) -> Grid:
    """Return a square for each point so that the sum of squared distances is least."""
    # The same as scipy.optimize.linear_sum_assignment, from a part of SciPy that loads faster.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    distances = ((points[:, None, :] - squares[None] - 0.5) ** 2).sum(axis=2)
    every = csr_array(distances + 1)  # a distance of zero would be no possible place
    found: Grid = squares[min_weight_full_bipartite_matching(every)[1]]
    return found


def _block(points: Points) -> Grid:
    """Return the squares of a full block by the ranks of positions, so that crowded places fit."""
    count = len(points)
    width, height = np.maximum(np.ptp(points, axis=0), 1e-9)
    root = ceil(sqrt(count) * 0.7), ceil(sqrt(count) * 1.4)
    columns = int(np.clip(round(sqrt(count * width / height)), *root))
    rows = ceil(count / columns)
    ranks = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    return _assigned((ranks + 0.5) / count * [columns, rows], _full_grid(columns, rows))


def _free_place(taken: Grid, block: Grid) -> Grid:
    """Return how far to move a block: to where it first fits in the country, else beside it."""
    if not len(taken):
        return np.zeros(2, np.int64)
    width, height = np.ptp(block, axis=0) + 1
    (left, top), (right, bottom) = taken.min(axis=0), taken.max(axis=0)
    for y in range(top + 1, bottom - height + 2):
        for x in range(left, right - width + 2):
            near = (taken >= [x - 1, y - 2]) & (taken <= [x + width, y + height])
            if not near.all(axis=1).any():
                return np.array([x, y])
    return np.array([left - width - 1, top + 1])
