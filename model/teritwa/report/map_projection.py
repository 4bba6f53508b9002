"""The plane of the page's maps: where districts and their names stand on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.geography import Places, capital_frame, longitude_scale, main_name
from teritwa.report.svg import format_coordinate
from teritwa.world.cells import Ring

WIDTH = 2000.0
"""Units across the country; shapes are precise to a tenth of one."""

MARGIN = 12.0
"""Units around the country."""

MAX_NAMES = {"country": 12, "capital": 14}
"""Largest number of districts named on each map."""

TYPE_RATIOS = {"country": 36, "capital": 27}
"""Width of each map over the size of its type."""

HALF_WIDTH, HEIGHT, BASELINE = 0.31, 0.75, 0.35
"""Half the width of a letter, half the height of a line and the drop of the base line under the
middle of a name, as shares of the size of the type."""

Box = tuple[float, float, float, float]
"""Two corners or, as an SVG viewBox, a corner and the size of a rectangle."""


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name on a map and the coordinates of its middle."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class MapView:
    """One of the two maps.

    Attributes:
        name: Country or capital.
        box: The part of the plane that the map shows, as an SVG viewBox.
        labels: The names on the map.
        type_size: The size of their type.
    """

    name: str
    box: str
    labels: tuple[MapLabel, ...]
    type_size: str


class MapProjection:
    """An equirectangular projection, true to shape at the middle latitude, north up."""

    def __init__(self, places: Places) -> None:
        rings = places.outline or [ring for cell in places.cells for ring in cell]
        points = np.concatenate([np.asarray(ring) for ring in rings])
        (self._west, south), (east, self._north) = points.min(axis=0), points.max(axis=0)
        self._x_scale = WIDTH / (east - self._west)
        self._y_scale = self._x_scale / longitude_scale((south, self._north))
        self._height = (self._north - south) * self._y_scale
        west, south, east, north = capital_frame(places)
        left, top = self._project(west, north)
        right, bottom = self._project(east, south)
        self.capital_box: Box = (left, top, right - left, bottom - top)

    def _project(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the coordinates of a point of the earth."""
        return (longitude - self._west) * self._x_scale, (self._north - latitude) * self._y_scale

    def path(self, rings: Sequence[Ring]) -> str:
        """Return closed rings, given in degrees, as the data of an SVG path."""
        return "".join(self._closed_line(ring) for ring in rings)

    def _closed_line(self, ring: Ring) -> str:
        """Return one closed ring as the data of a path."""
        points = (self._project(*point) for point in ring)
        corners = (f"{format_coordinate(x)} {format_coordinate(y)}" for x, y in points)
        return f"M{'L'.join(corners)}z"

    def country_view(self, places: Places) -> MapView:
        """Return the map of the country, with the largest towns outside the capital named."""
        box = (-MARGIN, -MARGIN, WIDTH + 2 * MARGIN, self._height + 2 * MARGIN)
        return self._view("country", box, places, ~places.metropolitan)

    def capital_view(self, places: Places) -> MapView:
        """Return the map of the capital, with its largest districts named."""
        return self._view("capital", self.capital_box, places, places.metropolitan)

    def _view(self, name: str, box: Box, places: Places, named: NDArray[np.bool_]) -> MapView:
        """Return a map; ``named`` says which districts may be named on it."""
        size = box[2] / TYPE_RATIOS[name]
        labels = self._labels(places, named, box, size)[: MAX_NAMES[name]]
        view_box = " ".join(format_coordinate(value) for value in box)
        return MapView(name, view_box, tuple(labels), format_coordinate(size))

    def _labels(
        self, places: Places, named: NDArray[np.bool_], box: Box, size: float
    ) -> list[MapLabel]:
        """Name the districts with most residents, where a name covers no other and stays inside."""
        taken: list[Box] = []
        labels = []
        for row in sorted(np.flatnonzero(named), key=lambda row: (-places.residents[row], row)):
            text = main_name(places.names[row])
            x, y = self._project(*places.points[row])
            half_width, half_height = HALF_WIDTH * size * len(text), HEIGHT * size
            extent = (x - half_width, y - half_height, x + half_width, y + half_height)
            if _is_inside(extent, box) and not any(_overlap(extent, other) for other in taken):
                taken.append(extent)
                base = y + BASELINE * size
                labels.append(MapLabel(format_coordinate(x), format_coordinate(base), text))
        return labels


def _is_inside(extent: Box, box: Box) -> bool:
    """Return whether a rectangle, given by two corners, lies inside a viewBox."""
    left, top, width, height = box
    inside_x = left < extent[0] and extent[2] < left + width
    return inside_x and top < extent[1] and extent[3] < top + height


def _overlap(one: Box, other: Box) -> bool:
    """Return whether two rectangles, each given by two corners, overlap."""
    overlap_x = one[0] < other[2] and other[0] < one[2]
    return overlap_x and one[1] < other[3] and other[1] < one[3]
