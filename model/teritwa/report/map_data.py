"""The map of the page: each district's cell as a shape, and for each scenario and week how likely gangs hold it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control, control
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.pictures.geography import (
    NOTE,
    Places,
    capital_frame,
    first_name,
    places_of,
    shrink,
    with_cells,
    world_of,
)
from teritwa.report.svg import short
from teritwa.report.verdicts import day, joined
from teritwa.world.cells import Ring

WIDTH = 2000.0
"""Units across the country; a tenth of one is the precision of shapes."""

CHANCES, CHANGES = "cividis_r", "PuOr_r"
"""Colours of a chance, dark where gangs hold, and of a change, purple where it is lower and orange where higher."""

STEPS = 100

USUAL = 0.99
"""The scale of changes ends where this share of them does: a few that are far larger would make all others pale."""

NAMED_CAPITAL, NAMED_COUNTRY = 14, 12
"""How many districts at most are named on each map."""

NO_MAP = "There is no map: the world of these runs has no cells to draw, or its folder is not where it was."
"""What stands in the place of the maps."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A name on a map and where its middle stands."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """One of the two maps: what part of the plane it shows (an SVG viewBox), its names, and the size of their type."""

    name: str
    box: str
    labels: tuple[Label, ...]
    type_size: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """What the page needs to draw maps and tell what they show; ``data`` is for the script, the rest for all."""

    cells: tuple[str, ...]
    coast: str
    frame: Box
    views: tuple[View, ...]
    names: tuple[str, ...]
    scenarios: tuple[str, ...]
    dates: tuple[str, ...]
    first: tuple[int, ...]
    last: tuple[tuple[int, ...], ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]
    data: dict[str, Any]


def mapped(results: Sequence[Result]) -> dict[str, Any]:
    """Return what the page shows of places: the maps and their table, or in words why there are none."""
    found = atlas(results)
    if found is None:
        return {"no_map": NO_MAP, "atlas_data": ""}
    last, first = found.dates[-1], found.dates[0]
    states = [
        (f"Chance that gangs hold each district, {name}, {day(str(result.weeks[-1]))}", values)
        for name, values, result in zip(found.scenarios, found.last, results, strict=True)
    ]
    states.insert(1, (f"Chance that gangs hold each district, {found.scenarios[0]}, {first}", found.first))
    return {
        "no_map": "",
        "atlas": found,
        "atlas_order": sorted(enumerate(found.names), key=lambda one: one[1]),
        "atlas_data": _script_safe(found.data),
        "maps": [_still(caption, values, found) for caption, values in states],
        "map_note": NOTE,
        "gradient": ", ".join(found.colours[::10]),
        "places": _places(found, (first, last)),
    }


def _still(caption: str, values: Sequence[int], found: Atlas) -> dict[str, Any]:
    held = sum(value >= 50 for value in values)
    words = f"Gangs hold {held} of {len(values)} districts in at least half of the runs."
    return {"caption": caption, "words": words, "fills": [found.colours[value] for value in values]}


def _places(found: Atlas, days: tuple[str, str]) -> dict[str, Any]:
    head = ["district", f"{found.scenarios[0]}, {days[0]}", *(f"{name}, last day" for name in found.scenarios)]
    rows = [
        [name, f"{found.first[i]} %", *(f"{values[i]} %" for values in found.last)]
        for i, name in sorted(enumerate(found.names), key=lambda one: one[1])
    ]
    runs = joined(sorted({str(count) for count in found.counts}, key=int))
    return {"head": head, "rows": rows, "caption": f"Share of {runs} runs in which gangs hold each district"}


def _script_safe(data: dict[str, Any]) -> str:
    """Return data as JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def atlas(results: Sequence[Result]) -> Atlas | None:
    """Return the maps of several results, the first the baseline; None if they have no known places with cells."""
    base = results[0]
    try:
        places = with_cells(base, places_of(base, world_of(base)))
    except (InputError, OSError):
        return None
    plane = _Plane(places)
    chances = [control(result) for result in results]
    changes = [control(result, baseline=base) for result in results[1:]]
    colours = _colours(CHANCES)
    return Atlas(
        tuple(plane.path([ring]) for ring in places.cells),
        plane.path(places.outline),
        plane.frame,
        (plane.country(places), plane.capital(places)),
        tuple(places.names),
        tuple(result.scenario_id for result in results),
        tuple(day(str(week)) for week in base.weeks),
        tuple(_percent(chances[0].values[0])),
        tuple(tuple(_percent(one.values[-1])) for one in chances),
        tuple(colours),
        tuple(result.count for result in results),
        _data(chances, changes, places),
    )


def _data(chances: Sequence[Control], changes: Sequence[Control], places: Places) -> dict[str, Any]:
    """Return what the script draws: chances in whole per cent, changes in whole points, and colours for both."""
    points = [[_percent(week) for week in one.values] for one in changes]
    sizes = [abs(value) for one in points for week in one for value in week if value]
    usual = float(np.quantile(sizes, USUAL)) if sizes else 0.0
    return {
        "dates": [[day(str(week)) for week in one.weeks] for one in chances],
        "names": places.names,
        "scenarios": [one.result.scenario_id for one in chances],
        "runs": [one.count for one in chances],
        "chances": [[_percent(week) for week in one.values] for one in chances],
        "pairs": [0, *(one.count for one in changes)],
        "changes": [[], *points],
        "change_dates": [[], *([day(str(week)) for week in one.weeks] for one in changes)],
        "limit": max(5, 5 * ceil(usual / 5)),
        "colours": {"chance": _colours(CHANCES), "change": _colours(CHANGES)},
    }


def _percent(values: NDArray[np.float64]) -> list[int]:
    return [int(value) for value in np.rint(100 * values)]


def _colours(name: str) -> list[str]:
    """Return one colour a step of a scale, as the page writes colours."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    scale = colormaps[name]
    return [to_hex(scale(i / STEPS)) for i in range(STEPS + 1)]


class _Plane:
    """Degrees to units of the page, true to shape at the middle latitude, north up."""

    def __init__(self, places: Places) -> None:
        points = np.concatenate([np.asarray(ring) for ring in places.outline or places.cells])
        (self.west, south), (east, self.north) = points.min(axis=0), points.max(axis=0)
        self.across = WIDTH / (east - self.west)
        self.down = self.across / shrink((south, self.north))
        self.height = (self.north - south) * self.down
        west, south, east, north = capital_frame(places)
        left, top = self.at(west, north)
        right, bottom = self.at(east, south)
        self.frame = (left, top, right - left, bottom - top)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point of the earth stands."""
        return (longitude - self.west) * self.across, (self.north - latitude) * self.down

    def path(self, rings: Sequence[Ring]) -> str:
        """Return closed rings as the data of a path."""
        parts = []
        for ring in rings:
            points = (self.at(*point) for point in ring)
            parts.append("M" + "L".join(f"{short(x)} {short(y)}" for x, y in points) + "z")
        return "".join(parts)

    def country(self, places: Places) -> View:
        """Return the map of the whole country, with the largest towns outside the capital named."""
        box = (-12.0, -12.0, WIDTH + 24, self.height + 24)
        return self._view("country", box, places, ~places.metropolitan, NAMED_COUNTRY)

    def capital(self, places: Places) -> View:
        """Return the map of the capital, with its largest districts named."""
        return self._view("capital", self.frame, places, places.metropolitan, NAMED_CAPITAL)

    def _view(self, name: str, box: Box, places: Places, which: NDArray[np.bool_], most: int) -> View:
        size = box[2] / (36 if name == "country" else 27)
        labels = self._labels(places, which, box, size)[:most]
        return View(name, " ".join(short(value) for value in box), tuple(labels), short(size))

    def _labels(self, places: Places, which: NDArray[np.bool_], box: Box, size: float) -> list[Label]:
        """Name the districts with most residents, as far as names find room beside each other and within the map."""
        taken: list[Box] = []
        labels = []
        for i in sorted(np.flatnonzero(which), key=lambda i: (-places.residents[i], i)):
            text = first_name(places.names[i])
            x, y = self.at(*places.points[i])
            half, high = 0.31 * size * len(text), 0.75 * size
            span = (x - half, y - high, x + half, y + high)
            within = span[0] > box[0] and span[2] < box[0] + box[2] and span[1] > box[1] and span[3] < box[1] + box[3]
            if within and not any(_overlap(span, other) for other in taken):
                taken.append(span)
                labels.append(Label(short(x), short(y + 0.35 * size), text))
        return labels


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
