"""Boundaries of places from a GeoJSON file: one or several polygons each, with holes (RFC 7946)."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import quoted
from teritwa.engine.files import read_limited
from teritwa.world.cells import CORNERS_AT_LEAST, Ring
from teritwa.world.loading import WorldError

BYTES_AT_MOST = 256 * 1024 * 1024
"""The largest file of boundaries that is read."""


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
    found: dict[str, Boundary] = {}
    problems: dict[str, list[int]] = {}
    for number, feature in enumerate(_features_of(path), start=1):
        try:
            _add(found, _boundary(feature, key))
        except ValueError as error:
            problems.setdefault(str(error), []).append(number)
    if problems:
        raise WorldError([
            f"{path}: feature {numbers[0]}{and_more(len(numbers) - 1)}: {problem}"
            for problem, numbers in problems.items()
        ])  # fmt: skip
    return [found[code] for code in sorted(found)]


def _add(found: dict[str, Boundary], place: Boundary) -> None:
    """Add a place to those found by code; raise ValueError if there is one of its code."""
    if place.code in found:
        raise ValueError(f"the code {quoted(place.code)} is given twice")
    found[place.code] = place


def and_more(count: int) -> str:
    """Return `` and 7 more``, or nothing if there are none."""
    return f" and {count} more" if count else ""


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
    if _within(ring, 180.0, 90.0):
        return
    remedy = "give degrees and no projected metres"
    if _within(ring, 90.0, 180.0):
        remedy = "east comes before north: are they swapped?"
    raise ValueError(f"has a point outside -180 to 180 east and -90 to 90 north; {remedy}")


def _within(ring: Ring, east: float, north: float) -> bool:
    """Return whether all points of a ring lie within bounds; none does that is no number."""
    return all(abs(x) <= east and abs(y) <= north for x, y in ring)
