"""Boundaries of places from a GeoJSON file, and what follows from their shape.

A place has one or several polygons, each with holes (RFC 7946). Distances are taken on a plane that
is true to scale at the middle latitude, which is right to about a per cent for one country.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import quoted
from teritwa.engine.files import read_limited
from teritwa.world.cells import CORNERS_AT_LEAST, KM_PER_DEGREE, Projection, Ring
from teritwa.world.geometry import Points, area
from teritwa.world.loading import WorldError

BYTES_AT_MOST = 256 * 1024 * 1024
"""The largest file of boundaries that is read."""

LEVELS = 15
"""Lines across a place on one of which its point is chosen."""

TOUCH_KM = 0.05
"""How near two borders run where they are one: files are drawn to some 10 m."""

LEAST_BORDER_KM = 0.2
"""Length over which borders must run together."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place: its code, what the file says of it, and the rings of its polygons."""

    code: str
    properties: Mapping[str, Any]
    polygons: tuple[tuple[Ring, ...], ...]
    """Of each polygon the outer ring and then its holes."""

    @property
    def rings(self) -> list[Ring]:
        """All rings, outer ones and holes."""
        return [ring for polygon in self.polygons for ring in polygon]


def identity_of(name: str) -> str:
    """Return a name as an id: without accents, in lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def read_boundaries(path: Path, key: str) -> list[Boundary]:
    """Read the places of a GeoJSON file.

    Args:
        path: The file: a FeatureCollection of polygons, in degrees east and north.
        key: The property that holds the code of a place.

    Returns:
        The places, sorted by code.

    Raises:
        WorldError: If the file has mistakes; it lists every one.
    """
    features = _features_of(path)
    found: dict[str, Boundary] = {}
    problems = []
    for number, feature in enumerate(features, start=1):
        try:
            place = _boundary(feature, key)
            if place.code in found:
                raise ValueError(f"{key} {quoted(place.code)} is given twice")
            found[place.code] = place
        except ValueError as error:
            problems.append(f"{path}: feature {number}: {error}")
    if problems:
        raise WorldError(problems)
    return [found[code] for code in sorted(found)]


def _features_of(path: Path) -> list[Any]:
    """Return the features of a file; raise WorldError if it has none."""
    content = _json_of(path)
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        what = "has no features; write a GeoJSON FeatureCollection of polygons"
        raise WorldError([f"{path}: {what}"])
    return features


def _json_of(path: Path) -> Any:
    """Return what a JSON file holds; raise WorldError if it cannot be read."""
    try:
        return json.loads(read_limited(path, BYTES_AT_MOST))
    except OSError as error:
        raise WorldError([f"{path}: cannot be read ({error.strerror or error})"]) from None
    except (ValueError, RecursionError) as error:
        raise WorldError([f"{path}: is not GeoJSON: {error}"]) from None


def _boundary(feature: Any, key: str) -> Boundary:
    """Return the place of a feature; raise ValueError with what is wrong."""
    parts = feature if isinstance(feature, dict) else {}
    properties, geometry = parts.get("properties"), parts.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise ValueError("has no properties or no geometry")
    return Boundary(_code_of(properties, key), properties, _polygons(geometry))


def _code_of(properties: Mapping[str, Any], key: str) -> str:
    """Return the code of a place among its properties; raise ValueError."""
    code = properties.get(key)
    if isinstance(code, str | int) and str(code).strip():
        return str(code).strip()
    names = [str(name) for name in properties]
    there = f"{', '.join(names)}{did_you_mean(key, names)}"
    raise ValueError(f"has no property {quoted(key)}; it has {there}")


def _polygons(geometry: dict[str, Any]) -> tuple[tuple[Ring, ...], ...]:
    """Return the rings of each polygon of a geometry; raise ValueError."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"is a {kind}; a district is a Polygon or a MultiPolygon")
    polygons: Any = [coordinates] if kind == "Polygon" else coordinates
    try:
        made = tuple(tuple(_ring(ring) for ring in polygon) for polygon in polygons)
    except (IndexError, TypeError):
        raise ValueError("has coordinates that are no numbers") from None
    if not made or not all(made):
        raise ValueError("has no rings")
    return made


def _ring(points: Any) -> Ring:
    """Return a ring without its last point, which repeats the first; raise ValueError."""
    ring = [(float(point[0]), float(point[1])) for point in points]
    _check_degrees(ring)
    ring = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
    if len(ring) < CORNERS_AT_LEAST:
        raise ValueError("has a ring with fewer than three corners")
    return ring


def _check_degrees(ring: Ring) -> None:
    """Raise ValueError unless all points of a ring are on the earth."""
    if all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring):  # false for nan
        return
    remedy = "give degrees and no projected metres"
    if all(abs(x) <= 90 and abs(y) <= 180 for x, y in ring):
        remedy = "east comes before north: are they swapped?"
    raise ValueError(f"has a point outside -180 to 180 east and -90 to 90 north; {remedy}")


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
