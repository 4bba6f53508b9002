"""Where each district's tile lies and what is written on it: squares of one size, placed as on the map.

The part of the country outside the capital fills a grid over its land; each district takes the square that makes the
sum of squared ways from districts to their squares least (linear assignment; Crouse 2016). The capital's districts are
too near each other for that grid: they get a block of their own, by the order of their positions.
"""

from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.geography import Places, shrink
from teritwa.world.geometry import area

Grid = NDArray[np.int64]
"""Columns from the west and rows from the north, (tile, 2)."""

COAST = 0.45
"""A square belongs to the land if so much of it is land (how the coast is best kept; no number rests on it)."""

FINER = 0.99
"""Squares shrink by this factor until there are enough on land."""

SAMPLES = 5
"""Points a side at which a square is asked for land."""

SPARE = 1.1
"""So many squares on land for each one needed: without some to spare, crowded coasts push districts over the gulf."""

HOLE = 2
"""Squares a side that stand for the capital within the country."""


def tile_places(places: Places) -> tuple[Grid, Grid]:
    """Return the column and row of each district's tile, (district, 2), and the squares left for the capital.

    The second is (square, 2), or (0, 2) if all districts are the capital's or none is.
    """
    inside, outside = np.flatnonzero(places.metropolitan), np.flatnonzero(~places.metropolitan)
    found = np.zeros((len(places.ids), 2), np.int64)
    hole = np.zeros((0, 2), np.int64)
    if len(outside):
        found[outside], hole = _country(places, inside, outside)
    if len(inside):
        block = _block(_flat(places)[inside])
        found[inside] = block + _room(np.vstack([found[outside], hole]), block)
    corner = np.vstack([found, hole]).min(axis=0)
    return found - corner, hole - corner


def _flat(places: Places) -> NDArray[np.float64]:
    """Return positions with east and south as axes, both in degrees of latitude."""
    flat: NDArray[np.float64] = places.points * [shrink(places.points[:, 1]), -1.0]
    return flat


def _country(places: Places, inside: Grid, outside: Grid) -> tuple[Grid, Grid]:
    """Return the squares of the districts outside the capital, and those left for it."""
    points = _flat(places)
    none = np.zeros((0, 2), np.int64)
    if not places.outline:
        return _block(points[outside]), none
    scale = np.array([shrink(places.points[:, 1]), -1.0])
    rings = [np.asarray(ring) * scale for ring in places.outline]
    home = np.array([_ring_of(point, rings) for point in points[outside]])
    wanted = ceil(SPARE * (len(outside) + (HOLE**2 if len(inside) else 0)))
    land, side, corner = _land(rings, wanted, np.bincount(home, minlength=len(rings)))
    hole = none
    if len(inside):
        hole = _hole(land[0], (points[inside].mean(axis=0) - corner) / side)
        land[0] = land[0][~(land[0][:, None] == hole[None]).all(axis=2).any(axis=1)]
    return _by_ring((points[outside] - corner) / side, home, land), hole


def _ring_of(point: NDArray[np.float64], rings: list[NDArray[np.float64]]) -> int:
    """Return the ring whose coast is nearest to a point: a district lies by its own island's coast or within it."""
    from matplotlib.path import Path as Outline

    around = [k for k, ring in enumerate(rings) if Outline(ring).contains_point(tuple(point))]
    return around[0] if around else int(np.argmin([((ring - point) ** 2).sum(axis=1).min() for ring in rings]))


def _land(
    rings: list[NDArray[np.float64]], wanted: int, needs: NDArray[np.int64]
) -> tuple[list[Grid], float, NDArray[np.float64]]:
    """Return squares of each ring, as large as they can be, so that all districts find one; their side and corner.

    An island has no more squares than districts; what finds no room there is left to the mainland, the first ring.
    """
    every = np.vstack(rings)
    corner, size = every.min(axis=0), np.ptp(every, axis=0)
    side = 1.1 * sqrt(sum(abs(area(ring)) for ring in rings) / wanted)
    while True:
        across, down = (ceil(length / side) for length in size)
        grid = np.stack(np.meshgrid(np.arange(across), np.arange(down)), axis=-1).reshape(-1, 2)
        shares = np.array([_land_share(grid * side + corner, side, ring) for ring in rings])
        own = (shares.argmax(axis=0) == np.arange(len(rings))[:, None]) & (shares >= COAST)
        land = [grid[own[0]]]
        for k in range(1, len(rings)):
            best = np.argsort(-shares[k][own[k]], kind="stable")[: needs[k]]
            land.append(grid[own[k]][best])
        if sum(len(squares) for squares in land) >= wanted:
            return land, side, corner
        side *= FINER


def _land_share(corners: NDArray[np.float64], side: float, ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of each square lies within a ring."""
    from matplotlib.path import Path as Outline

    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES * side
    points = corners[:, None, :] + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    within = Outline(ring).contains_points(points.reshape(-1, 2)).reshape(points.shape[:2])
    share: NDArray[np.float64] = within.mean(axis=1)
    return share


def _by_ring(points: NDArray[np.float64], home: NDArray[np.int64], land: list[Grid]) -> Grid:
    """Give each district a square of its own island, the mainland's to those for which there is none."""
    found = np.zeros(points.shape, np.int64)
    for k in range(len(land) - 1, -1, -1):
        here = np.flatnonzero(home == k)
        room = len(land[k])
        if k and room < len(here):
            home = np.where(np.isin(np.arange(len(home)), here[room:]), 0, home)
            here = here[:room]
        if len(here):
            found[here] = _assigned(points[here], land[k])
    return found


def _hole(squares: Grid, middle: NDArray[np.float64]) -> Grid:
    """Return the squares, side by side, nearest to the middle of the capital that are all on land."""
    there = {(int(x), int(y)) for x, y in squares}
    offsets = [(x, y) for y in range(HOLE) for x in range(HOLE)]
    whole = [(x, y) for x, y in sorted(there) if all((x + a, y + b) in there for a, b in offsets)]
    if not whole:
        return np.zeros((0, 2), np.int64)
    x, y = min(whole, key=lambda at: float(np.hypot(at[0] + HOLE / 2 - middle[0], at[1] + HOLE / 2 - middle[1])))
    return np.array([(x + a, y + b) for a, b in offsets])


def _assigned(points: NDArray[np.float64], squares: Grid) -> Grid:
    """Give each point (in squares from the corner) a square so that the sum of squared ways is least."""
    from scipy.optimize import linear_sum_assignment

    ways = ((points[:, None, :] - squares[None] - 0.5) ** 2).sum(axis=2)
    found: Grid = squares[linear_sum_assignment(ways)[1]]
    return found


def _block(points: NDArray[np.float64]) -> Grid:
    """Return squares of a full block by the order of positions: ranks, so that crowded places get room."""
    count = len(points)
    width, height = np.maximum(np.ptp(points, axis=0), 1e-9)
    across = int(np.clip(round(sqrt(count * width / height)), ceil(sqrt(count) * 0.7), ceil(sqrt(count) * 1.4)))
    down = ceil(count / across)
    ranks = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    grid = np.stack(np.meshgrid(np.arange(across), np.arange(down)), axis=-1).reshape(-1, 2)
    return _assigned((ranks + 0.5) / count * [across, down], grid)


def _room(taken: Grid, block: Grid) -> Grid:
    """Return how far to move a block: to where it first fits within the country's rectangle, else beside it."""
    wide, high = np.ptp(block, axis=0) + 1
    if not len(taken):
        return np.zeros(2, np.int64)
    (left, top), (right, bottom) = taken.min(axis=0), taken.max(axis=0)
    for y in range(top + 1, bottom - high + 2):
        for x in range(left, right - wide + 2):
            near = (taken >= [x - 1, y - 2]) & (taken <= [x + wide, y + high])
            if not near.all(axis=1).any():
                return np.array([x, y])
    return np.array([left - wide - 1, top + 1])
