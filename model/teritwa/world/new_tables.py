"""The tables of a new world: what its files say, and assumptions where they say nothing.

Each assumption stands with its range in the column of sources, for the user to replace. A world
made so runs at once, and says nothing true of its gangs yet.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from teritwa.world.boundaries import Boundary
from teritwa.world.cells import CELLS, Projection
from teritwa.world.proposals import Proposal
from teritwa.world.rows import HELD, DistrictRow
from teritwa.world.shapes import distance_km, drawn, neighbours

SPEED, DETOUR, BOAT_SPEED = 20.0, 1.5, 10.0
"""Kilometres an hour by road, length of a road for each of the straight line, and km/h by boat."""

LEAST_HOURS = 0.05
"""Shortest travel time between neighbours."""

RESIDENTS_PER_OFFICER, RESIDENTS_PER_SPECIAL = 1000, 20_000
RESIDENTS_PER_STATION, RESIDENTS_PER_HOSPITAL = 30_000, 100_000
FIGHTERS_PER_RESIDENT = 0.0007

UNIT_OF_SIZE = 8000
"""Fighters of a world of size 1: the default of ``membership.fighters_day0``."""

MAP_STEPS = 1500
"""Steps of the grid of a map across the larger side of the country."""

ROADS = f"{SPEED:g} km/h (12-30) on a road {DETOUR:g} times the straight line (1.2-2)"
BOATS = f"by boat at {BOAT_SPEED:g} km/h (6-20)"
OFFICERS = f"an officer for {RESIDENTS_PER_OFFICER:,} residents (500-2,500)"
SPECIAL = f"a special officer for {RESIDENTS_PER_SPECIAL:,} residents (5,000-100,000)"
ASSETS = (
    f"a station for {RESIDENTS_PER_STATION:,} residents (10,000-60,000), a hospital for "
    f"{RESIDENTS_PER_HOSPITAL:,} (50,000-300,000); no port, airport, fuel terminal or prison"
)
FIGHTERS = "7 fighters for 10,000 residents (2-20) in all, shared by influence"

Rows = list[list[object]]
NewTable = tuple[Sequence[str], Rows]


@dataclass(frozen=True, slots=True)
class Place:
    """A district to be."""

    id: str
    name: str
    boundary: Boundary
    residents: int
    area: float
    """Area, km2."""
    point: tuple[float, float]
    """A point inside, degrees east and north."""
    influence: Proposal


def new_tables(
    name: str, places: Sequence[Place], origin: tuple[str, str], plane: Projection
) -> dict[str, NewTable]:
    """Return header and rows of each table of a new world by its file name.

    Args:
        name: The name of the country or region.
        places: Its districts, sorted by id.
        origin: The files of borders and of residents.
        plane: The projection in which distances are taken.
    """
    capital = capital_of(places)
    crews = _crews(places)
    pairs = ("key", "value", "unit", "source")
    district = [each.name for each in fields(DistrictRow)]
    contingent = ("id", "name", "country", "force", "military", "terms", "pledged")
    return {
        "world.csv": (pairs, _basics(name, capital, origin[0], crews)),
        "districts.csv": (district, [_district(one, one is capital, origin) for one in places]),
        "links.csv": (("a", "b", "kind", "hours", "source"), _links(places, plane)),
        "gangs.csv": (("id", "name", "alliance", "coalition", "source"), _gangs(crews)),
        "crews.csv": (("gang", "district", "weight", "source"), crews),
        "units.csv": (
            ("id", "contingent", "kind", "base", "officers", "source"),
            _units(places, capital),
        ),
        "contingents.csv": (
            (*contingent, "casualty_tolerance", "languages", "source"),
            _contingents(name),
        ),
        "donors.csv": (("id", "name", "conditional_share", "source"), _donors()),
        CELLS: (("district", "longitude", "latitude", "ring"), _cells(places)),
    }


def assumptions(places: Sequence[Place], influence: str) -> list[str]:
    """Return what is assumed of a new world, a sentence each.

    Args:
        places: Its districts.
        influence: Where the influence of gangs comes from, in words.
    """
    capital = capital_of(places)
    return [
        f"{influence} (districts.csv, gangs.csv); {FIGHTERS} (crews.csv)",
        f"the capital is the most densely populated district, {capital.name}; another one needs "
        "metropolitan and region in districts.csv, and capital in world.csv",
        f"roads join neighbours: {ROADS}; boats join what no road reaches (links.csv)",
        f"{OFFICERS} where no gang holds; {SPECIAL} (units.csv)",
        f"{ASSETS}; nobody is displaced (districts.csv)",
        "one partner country may send officers, and one donor may pay (contingents, donors)",
        "all else, such as brigades of residents and everyday violence, is as the model has it",
    ]


def capital_of(places: Sequence[Place]) -> Place:
    """Return the most densely populated place."""
    return max(places, key=lambda place: place.residents / place.area)


def _basics(name: str, capital: Place, borders: str, crews: Rows) -> Rows:
    """Return the rows of ``world.csv``."""
    fighters = sum(int(str(weight)) for _, _, weight, _ in crews)
    size = max(0.001, round(fighters / UNIT_OF_SIZE, 6))
    return [
        ["name", name, "", "given"],
        ["start", "2024-01-01", "date", "assumption: any day (2000-2030)"],
        ["population_growth", 1, "persons now for each in the table", "by definition"],
        ["displaced_on_day_0", 0, "persons", "assumption: nobody (0 to a tenth of all)"],
        ["capital", capital.name, "", "assumption: the most densely populated district"],
        ["size", size, f"{UNIT_OF_SIZE:,} fighters", "the persons of crews.csv"],
        ["borders", f"{borders}, simplified", "", "given"],
    ]


def _district(place: Place, is_capital: bool, origin: tuple[str, str]) -> list[object]:
    """Return the row of a district, in the order of `DistrictRow`."""
    proposal = place.influence
    values: dict[str, object] = {
        "id": place.id, "name": place.name, "commune": place.name, "department": "all",
        "region": "capital" if is_capital else "country", "metropolitan": int(is_capital),
        "residents_2015": place.residents, "area_km2": f"{max(0.01, place.area):.4g}",
        "latitude": f"{place.point[1]:.5f}", "longitude": f"{place.point[0]:.5f}",
        "gang_influence": f"{proposal.gang_influence:.3g}", "holder": proposal.holder,
        "displaced_from": 0, "stations": math.ceil(place.residents / RESIDENTS_PER_STATION),
        "stations_inoperative": 0, "port": 0, "airport": 0, "fuel_terminal": 0,
        "hospitals": place.residents // RESIDENTS_PER_HOSPITAL, "prisons": 0,
        "source_residents": origin[1],
        "source_position": f"a point inside its borders, {origin[0]}",
        "source_influence": proposal.source, "source_assets": f"assumption: {ASSETS}",
        "pcode": place.boundary.code,
    }  # fmt: skip
    return [values[each.name] for each in fields(DistrictRow)]


def _crews(places: Sequence[Place]) -> Rows:
    """Return the fighters of each gang in each district, persons."""
    total = FIGHTERS_PER_RESIDENT * sum(place.residents for place in places)
    source = f"assumption: {FIGHTERS}"
    weights = [place.influence.gang_influence * place.residents for place in places]
    rows: Rows = [
        [
            gang,
            place.id,
            max(1, round(total * weight / sum(weights) * part)),
            source,
        ]
        for place, weight in zip(places, weights, strict=True)
        for gang, part in place.influence.gangs.items()
    ]
    return _sorted(rows)


def _gangs(crews: Rows) -> Rows:
    """Return the gangs that have a crew."""
    gangs = sorted({str(gang) for gang, *_ in crews})
    made_up = "assumption: no alliance and no coalition; the name as in the events, or made up"
    return [[gang, gang.replace("-", " "), "none", 0, made_up] for gang in gangs]


def _units(places: Sequence[Place], capital: Place) -> Rows:
    """Return a station a district that the state holds, and one special unit in the capital."""
    residents = sum(place.residents for place in places)
    stations: Rows = [
        [f"police-{place.id}", "police", "station", place.id,
         max(1, place.residents // RESIDENTS_PER_OFFICER), f"assumption: {OFFICERS}"]
        for place in places if place.influence.gang_influence < HELD
    ]  # fmt: skip
    officers = max(10, residents // RESIDENTS_PER_SPECIAL)
    special = ["special-1", "special-police", "special", capital.id, officers]
    return [*stations, [*special, f"assumption: {SPECIAL}"]]


def _contingents(name: str) -> Rows:
    """Return the forces of the country, and one that a scenario may send."""
    own, tolerance = "assumption: own forces do not leave", 100_000
    partner = "assumption: made up; 1,000 officers (0-5,000), tolerance 30 (5-100)"
    return [
        ["police", "Police", name, "police", 0, "any", 0, tolerance, "common", own],
        ["special-police", "Special police", name, "police", 0, "any", 0, tolerance, "common", own],
        ["partner", "A partner", "a partner", "mission", 0, "any", 1000, 30, "common", partner],
    ]


def _donors() -> Rows:
    """Return one donor."""
    return [["main-donor", "Main donor", 1, "assumption: made up; one who gives all (0-1)"]]


def _cells(places: Sequence[Place]) -> Rows:
    """Return the corners of the borders for maps."""
    grid = _grid([place.boundary for place in places])
    return [
        [place.id, f"{x:.5f}", f"{y:.5f}", number]
        for place in places
        for number, ring in enumerate(drawn(place.boundary, grid))
        for x, y in ring
    ]


def _grid(boundaries: Sequence[Boundary]) -> float:
    """Return the width of a grid that has `MAP_STEPS` steps across a country, degrees."""
    corners = np.concatenate([np.array(ring) for place in boundaries for ring in place.rings])
    return float(np.ptp(corners, axis=0).max()) / MAP_STEPS


def _links(places: Sequence[Place], plane: Projection) -> Rows:
    """Return the roads between neighbours, and boats to what no road reaches."""
    pairs = neighbours([place.boundary for place in places], plane)
    by_road = (SPEED / DETOUR, f"shared border; assumption: {ROADS}")
    by_boat = (BOAT_SPEED, f"no shared border; assumption: {BOATS}")
    boats = crossings_by_boat([place.point for place in places], pairs)
    roads = [_link(places, pair, "road", *by_road) for pair in pairs]
    return _sorted([*roads, *(_link(places, pair, "sea", *by_boat) for pair in boats)])


def _link(
    places: Sequence[Place], pair: tuple[int, int], kind: str, speed: float, source: str
) -> list[object]:
    """Return the row of a link between two districts."""
    one, other = sorted((places[row] for row in pair), key=lambda place: place.id)
    hours = max(LEAST_HOURS, distance_km(one.point, other.point) / speed)
    return [one.id, other.id, kind, f"{hours:.3g}", source]


def crossings_by_boat(
    points: Sequence[tuple[float, float]], pairs: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the nearest pairs of places that join the separate parts of a country.

    Args:
        points: Where the places lie, degrees east and north.
        pairs: The pairs of places that roads join.
    """
    part = list(range(len(points)))
    for a, b in pairs:
        part = _joined(part, a, b)
    found: list[tuple[int, int]] = []
    while len(set(part)) > 1:
        found.append(_nearest(points, part))
        part = _joined(part, *found[-1])
    return found


def _joined(part: Sequence[int], a: int, b: int) -> list[int]:
    """Return the part of the country to which each place belongs, once two places are joined."""
    return [part[b] if one == part[a] else one for one in part]


def _nearest(points: Sequence[tuple[float, float]], part: Sequence[int]) -> tuple[int, int]:
    """Return the nearest pair of a place in the smallest part and one in another."""
    smallest = min(set(part), key=lambda one: (part.count(one), one))
    inside = [row for row, one in enumerate(part) if one == smallest]
    outside = [row for row, one in enumerate(part) if one != smallest]
    _, a, b = min((distance_km(points[a], points[b]), a, b) for a in inside for b in outside)
    return a, b


def _sorted(rows: Rows) -> Rows:
    """Return rows sorted by their first two columns."""
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1])))
