"""Shapes of places: area, a point inside, what lies within, common borders, and rings for maps.

Distances are taken on a plane that is true to scale at the middle latitude, which is right to about
a per cent for one country.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from teritwa.world.boundaries import Boundary
from teritwa.world.cells import CORNERS_AT_LEAST, KM_PER_DEGREE, Projection, Ring
from teritwa.world.geometry import Points, area

LEVELS = 15
"""Lines across a place on one of which its point is chosen."""

TOUCH_KM = 0.05
"""How near two borders run where they are one: files are drawn to some 10 m."""

LEAST_BORDER_KM = 0.2
"""Length over which borders must run together."""


def area_km2(place: Boundary, plane: Projection) -> float:
    """Return the area of a place without its holes, km2."""
    sizes = (
        [abs(area(plane.km(ring))) for ring in polygon] for polygon in place.polygons
    )  # fmt: skip
    return sum(outer - sum(holes) for outer, *holes in sizes)


def point_inside(place: Boundary) -> tuple[float, float]:
    """Return a point well inside a place, degrees: midway on a long way across its middle.

    It lies in the largest polygon and in none of its holes.
    """
    largest = max(place.polygons, key=lambda polygon: abs(area(np.array(polygon[0]))))
    up = [y for _, y in largest[0]]
    low, height = min(up), max(up) - min(up)
    best = (-1.0, largest[0][0])
    for level in range(1, LEVELS + 1):
        y = low + height * (level - 0.5) / LEVELS
        crossed = sorted(x for ring in largest for x in _crossings(ring, y))
        for west, east in zip(crossed[::2], crossed[1::2], strict=False):
            room = (east - west) * min(y - low, low + height - y)
            best = max(best, (room, ((west + east) / 2, y)))
    return best[1]


def _crossings(ring: Ring, y: float) -> list[float]:
    """Return where a ring crosses a line of latitude."""
    found = []
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 <= y) != (y2 <= y):
            found.append(x1 + (x2 - x1) * (y - y1) / (y2 - y1))
    return found


def contains(place: Boundary, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points (n, 2), degrees, lie in a place and in none of its holes (n,)."""
    inside = np.zeros(len(points), bool)
    for ring in place.rings:
        start = np.array(ring)
        end = np.roll(start, -1, axis=0)
        for (x1, y1), (x2, y2) in zip(start, end, strict=True):
            spans = (y1 > points[:, 1]) != (y2 > points[:, 1])
            rise = y2 - y1 if y2 != y1 else 1.0
            inside ^= spans & (points[:, 0] < x1 + (x2 - x1) * (points[:, 1] - y1) / rise)
    return inside


def neighbours(places: Sequence[Boundary], plane: Projection) -> list[tuple[int, int]]:
    """Return the pairs of places whose borders run together, each with the smaller row first.

    Borders run together where points of one lie within `TOUCH_KM` of the other, over more than
    `LEAST_BORDER_KM`: a corner alone is no border. Points are set along each border for this.
    """
    from scipy.spatial import KDTree

    points = [_along(place, plane, 2.0 * TOUCH_KM) for place in places]
    owner = np.repeat(np.arange(len(places)), [len(each) for each in points])
    together = np.concatenate(points)
    near = KDTree(together).query_pairs(TOUCH_KM, output_type="ndarray")
    return _running_together(owner[near], together[near[:, 0]])


def _running_together(owners: NDArray[np.intp], points: Points) -> list[tuple[int, int]]:
    """Return the pairs of owners of near points that are near each other over some length.

    Args:
        owners: The owners of two points that are near each other (pair, 2).
        points: The first of these, km (pair, 2).
    """
    apart = np.flatnonzero(owners[:, 0] != owners[:, 1])
    pairs = np.sort(owners[apart], axis=1)
    order = np.lexsort(pairs.T[::-1])
    pairs, points = pairs[order], points[apart[order]]
    if not len(pairs):
        return []
    first = np.flatnonzero(np.r_[True, (pairs[1:] != pairs[:-1]).any(axis=1)])
    span = np.maximum.reduceat(points, first) - np.minimum.reduceat(points, first)
    found = pairs[first][np.hypot(*span.T) > LEAST_BORDER_KM]
    return [(int(a), int(b)) for a, b in found]


def _along(place: Boundary, plane: Projection, spacing: float) -> Points:
    """Return points along the borders of a place, km (n, 2): corners, and others in between.

    Those in between stand at fixed distances from the end that comes first by its coordinates, so
    that two places set them alike on the border that they share.
    """
    made = []
    for ring in place.rings:
        for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
            start, end = plane.km([min(one, other)])[0], plane.km([max(one, other)])[0]
            steps = np.arange(0.0, math.dist(start, end), spacing)[:, None]
            length = math.dist(start, end) or 1.0
            made.append(np.concatenate([start + (end - start) * steps / length, [end]]))
    return np.concatenate(made)


def drawn(place: Boundary, grid: float) -> list[Ring]:
    """Return the rings of a place for a map, with corners on a grid; specks fall away.

    Neighbours stay neighbours, since their common corners go to the same place. Outer rings go
    anticlockwise and holes clockwise, so that holes stay empty.

    Args:
        place: The place.
        grid: The width of the grid, degrees.
    """
    made = [
        _turned(_snapped(ring, grid), anticlockwise=number == 0)
        for polygon in place.polygons
        for number, ring in enumerate(polygon)
    ]
    return [ring for ring in made if ring] or [place.polygons[0][0]]


def _snapped(ring: Ring, grid: float) -> Ring:
    """Return a ring with its corners on a grid, each once; nothing if that leaves no area."""
    corners = [(round(x / grid) * grid, round(y / grid) * grid) for x, y in ring]
    kept = [one for k, one in enumerate(corners) if one != corners[k - 1]]
    return kept if len(set(kept)) >= CORNERS_AT_LEAST else []


def _turned(ring: Ring, *, anticlockwise: bool) -> Ring:
    """Return a ring in a direction."""
    return ring if (area(np.array(ring)) > 0) == anticlockwise else ring[::-1]


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points given in degrees, km."""
    across = math.cos(math.radians((one[1] + other[1]) / 2)) * (one[0] - other[0])
    return KM_PER_DEGREE * math.hypot(across, one[1] - other[1])
