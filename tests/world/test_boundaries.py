"""Boundaries: shapes of places from GeoJSON, and what follows from them."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.world import WorldError
from teritwa.world.boundaries import Boundary, identity_of, read_boundaries
from teritwa.world.cells import KM_PER_DEGREE, Projection, Ring
from teritwa.world.shapes import area_km2, contains, distance_km, drawn, neighbours, point_inside

Write = Callable[[object], Path]


def box(west: float, south: float, side: float = 1.0) -> Ring:
    """Return a square, anticlockwise."""
    east, north = west + side, south + side
    return [(west, south), (east, south), (east, north), (west, north)]


def place(*polygons: tuple[Ring, ...], code: str = "a") -> Boundary:
    """Return a place of some polygons."""
    return Boundary(code, {}, polygons)


def feature(code: object, *rings: Ring, **more: Any) -> dict[str, Any]:
    """Return a feature with one polygon, whose rings are closed."""
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]] for ring in rings]}
    return {"properties": {"code": code}, "geometry": geometry, **more}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes features as a file and returns its path."""

    def to_file(content: object) -> Path:
        path = tmp_path / "b.geojson"
        whole = {"type": "FeatureCollection", "features": content}
        path.write_text(content if isinstance(content, str) else json.dumps(whole))
        return path

    return to_file


def test_places_are_read_with_holes_and_parts(write: Write) -> None:
    """Places come sorted by code; rings lose the last point, which repeats the first."""
    parts = {"type": "MultiPolygon", "coordinates": [[box(5, 0)], [box(7, 0), box(7.2, 0.2, 0.1)]]}
    path = write([
        {"properties": {"code": 7}, "geometry": parts},
        feature("12", box(0, 0), box(0.25, 0.25, 0.5)),
    ])  # fmt: skip
    first, second = read_boundaries(path, "code")
    assert (first.code, second.code) == ("12", "7")
    assert first.polygons == ((box(0, 0), box(0.25, 0.25, 0.5)),)
    assert second.rings == [box(5, 0), box(7, 0), box(7.2, 0.2, 0.1)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "is not GeoJSON"),
        ("[" * 100_000, "is not GeoJSON"),
        ("[]", "has no features"),
        ([], "has no features"),
        ([feature("a", box(0, 0)) | {"properties": None}], "feature 1: has no properties"),
        ([feature("a", box(0, 0)), feature(" ", box(0, 0))], "feature 2: has no property 'code'"),
        ([feature("a", box(0, 0)), feature("a", box(1, 0))], "the code 'a' is given twice"),
        ([feature("a", [(0, 0), (1, 1)])], "feature 1: has a ring with fewer than three corners"),
        ([feature("a", box(179.5, 0))], "outside -180 to 180 east"),
        ([feature("a", box(10, 120))], "east comes before north: are they swapped?"),
        ([feature("a", box(500_000, 4_000_000))], "give degrees and no projected metres"),
        ([feature("a", box(0, 0)) | {"geometry": {"type": "Point", "coordinates": [0, 0]}}],
         "feature 1: is a Point"),
        ([feature("a", box(0, 0)) | {"geometry": {"type": "Polygon", "coordinates": [[1, 2]]}}],
         "feature 1: has coordinates that are no numbers"),
        ([feature("a", box(0, 0)) | {"geometry": {"type": "Polygon", "coordinates": []}}],
         "feature 1: has no rings"),
        ([1], "feature 1: has no properties"),
    ],
)  # fmt: skip
def test_mistakes_are_named(write: Write, content: object, problem: str) -> None:
    """Each mistake names the file, and the feature by its number."""
    path = write(content)
    with pytest.raises(WorldError) as raised:
        read_boundaries(path, "code")
    (line,) = raised.value.problems
    assert line.startswith(f"{path}: ")
    assert problem in line


def test_the_same_mistake_is_said_once(write: Write) -> None:
    """A wrong key concerns all features, and needs one line."""
    path = write([feature(code, box(west, 0)) for west, code in enumerate("abc")])
    with pytest.raises(WorldError) as raised:
        read_boundaries(path, "id")
    (line,) = raised.value.problems
    assert line.startswith(f"{path}: feature 1 and 2 more: has no property 'id'; it has code")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there cannot be read."""
    with pytest.raises(WorldError, match=r"x\.geojson: cannot be read"):
        read_boundaries(tmp_path / "x.geojson", "code")


def test_a_misspelt_property_is_suggested(write: Write) -> None:
    """The properties that there are stand in the message, and the nearest of them."""
    with pytest.raises(WorldError, match="it has code; did you mean 'code'"):
        read_boundaries(write([feature("a", box(0, 0))]), "coda")


def test_areas_leave_out_holes_whatever_their_direction() -> None:
    """At the equator a square degree is 111.195 km squared; a hole of a quarter is left out."""
    plane = Projection([[(0.0, -1.0), (1.0, 1.0)]])
    side = KM_PER_DEGREE
    assert area_km2(place((box(0, 0),)), plane) == pytest.approx(side * side)
    for hole in (box(0.25, 0.25, 0.5), box(0.25, 0.25, 0.5)[::-1]):
        assert area_km2(place((box(0, 0), hole)), plane) == pytest.approx(0.75 * side * side)
    islands = place((box(0, 0),), (box(3, 0, 2),))
    assert area_km2(islands, plane) == pytest.approx(5 * side * side)


def test_the_point_lies_inside_and_in_no_hole() -> None:
    """Of a square with a hole in its middle, and of a horseshoe, the point is in what is left."""
    horseshoe: Ring = [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)]
    for one in (place((box(0, 0), box(0.1, 0.1, 0.8))), place((horseshoe,)),
                place((box(9, 9, 0.1),), (box(0, 0),))):  # fmt: skip
        assert contains(one, np.array([point_inside(one)])).all()
    assert point_inside(place((box(9, 9, 0.1),), (box(0, 0),)))[0] == 0.5


def test_points_are_inside_by_the_number_of_rings_around_them() -> None:
    """Inside the square and outside the hole; the second part counts as well."""
    one = place((box(0, 0), box(0.25, 0.25, 0.5)), (box(5, 5),))
    points = np.array([(0.1, 0.1), (0.5, 0.5), (5.5, 5.5), (3.0, 3.0)])
    assert contains(one, points).tolist() == [True, False, True, False]


def test_neighbours_share_a_border_and_not_a_corner() -> None:
    """Of four squares those side by side are neighbours, however many corners a side has."""
    finer: Ring = [(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.7), (1, 0.31)]
    places = [place((box(0, 0),)), place((finer,)), place((box(0, 1),)), place((box(1, 1),)),
              place((box(2.01, 0),))]  # fmt: skip
    plane = Projection([box(0, 0, 2)])
    assert neighbours(places, plane) == [(0, 1), (0, 2), (1, 3), (2, 3)]


def test_an_enclave_is_a_neighbour() -> None:
    """A place in the hole of another shares all of its border."""
    hole = box(0.25, 0.25, 0.5)
    places = [place((box(0, 0), hole)), place((hole[::-1],))]
    assert neighbours(places, Projection([box(0, 0)])) == [(0, 1)]


def test_borders_for_maps_stand_on_a_grid() -> None:
    """Corners are rounded, double ones and specks fall away, and holes turn the other way."""
    noisy: Ring = [(0.001, 0), (1, 0.002), (1.001, 0.002), (1, 1), (0, 1)]
    speck = box(5, 5, 0.001)
    hole = box(0.25, 0.25, 0.5)
    rings = drawn(place((noisy, hole), (speck,)), 0.01)
    outer, inner = ([(round(x, 6), round(y, 6)) for x, y in ring] for ring in rings)
    assert outer == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert sorted(inner) == sorted(hole)
    assert inner != hole
    assert drawn(place((speck,)), 0.01) == [speck]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Île-à-Vache", "ile-a-vache"), ("L’Étoile (nord)", "letoile-nord"),
     ("São João 7", "sao-joao-7"), ("東京", ""), ("  A--b ", "a-b")],
)  # fmt: skip
def test_names_become_ids(name: str, wanted: str) -> None:
    """Accents go, words are joined by hyphens; a name of other letters has no id."""
    assert identity_of(name) == wanted


def test_distances_are_those_of_the_sphere() -> None:
    """A degree of latitude is 111.195 km; of longitude at 60 degrees half of it."""
    assert distance_km((0, 0), (0, 1)) == pytest.approx(111.195)
    assert distance_km((0, 60), (1, 60)) == pytest.approx(111.195 / 2, rel=1e-6)
    assert math.isclose(distance_km((3, 4), (5, 6)), distance_km((5, 6), (3, 4)))
