"""Making a world: tables of a new place from boundaries, population and, if there are, events.

What the files do not say is filled with assumptions, each with its range in the column of sources,
for the user to replace. A world made so runs at once, and says nothing true of its gangs yet.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import quoted
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.tables import read_records
from teritwa.world.boundaries import (
    Boundary,
    area_km2,
    distance_km,
    drawn,
    identity_of,
    neighbours,
    point_inside,
    read_boundaries,
)
from teritwa.world.cells import CELLS, Projection
from teritwa.world.loading import WorldError
from teritwa.world.proposals import Proposal, propose
from teritwa.world.rows import HELD, STATE, DistrictRow

POPULATION = ("population", "residents", "total")
"""Names that the column of residents may have."""

SPEED, DETOUR, BOAT_SPEED = 20.0, 1.5, 10.0
"""Kilometres an hour by road, length of a road for each of the straight line, and km/h by boat."""

LEAST_HOURS = 0.05
"""Shortest travel time between neighbours."""

RESIDENTS_PER_OFFICER, RESIDENTS_PER_STATION, RESIDENTS_PER_HOSPITAL = 1000, 30_000, 100_000

MAP_STEPS = 1500
"""Steps of the grid of a map across the larger side of the country."""

FIGHTERS_OF_THE_UNIT_OF_SIZE = 8000
"""Gang fighters of a world of size 1."""

FIGHTERS_PER_RESIDENT = 0.0007

ROADS = f"assumption: {SPEED:g} km/h (12-30) on a road {DETOUR:g} times the straight line (1.2-2)"
BOATS = f"assumption: by boat at {BOAT_SPEED:g} km/h (6-20)"
OFFICERS = f"assumption: an officer for {RESIDENTS_PER_OFFICER:,} residents (500-2,500)"
ASSETS = (
    f"assumption: a station for {RESIDENTS_PER_STATION:,} residents (10,000-60,000), a hospital for "
    f"{RESIDENTS_PER_HOSPITAL:,} (50,000-300,000); no port, airport, fuel terminal or prison"
)
FIGHTERS = "assumption: 7 fighters for 10,000 residents (2-20) in all, shared by influence"

SCENARIO = """\
schema: 2
id: {id}
title: {name}
question: What becomes of the country if nothing changes?
background: >-
  Made from boundaries and population alone. Who holds which place, and with how many fighters, are assumptions
  until they are replaced in the tables.
world: {id}

period: {{start: 2024-01-01, end: 2025-12-31}}
runs: {{draws: 1, replicates: 20, seed: 20240101}}

events: []
"""
"""A scenario of a new world, without a mission."""

Rows = list[list[object]]


@dataclass(frozen=True, slots=True)
class Place:
    """A district to be."""

    id: str
    name: str
    boundary: Boundary
    residents: int
    area: float
    point: tuple[float, float]
    influence: Proposal


@dataclass(frozen=True, slots=True)
class Sources:
    """The files from which a world is made."""

    boundaries: Path
    population: Path
    key: str
    events: Path | None = None


def make_world(name: str, sources: Sources, parent: Path) -> tuple[Path, Path, list[str]]:
    """Write the tables of a new world, and beside its folder a scenario that runs in it.

    Args:
        name: The name of the country or region; folder and file are named after it.
        sources: Where its districts come from.
        parent: Where folder and scenario are written.

    Returns:
        The folder, the scenario, and what was assumed, a sentence each.

    Raises:
        WorldError: If a file cannot be used; it lists every mistake.
        OSError: If the folder cannot be written.
    """
    called = identity_of(name)
    if not called:
        raise WorldError([f"{quoted(name)}: has no letter of a-z, which the name of a folder needs"])
    folder, scenario = parent / called, parent / f"{called}.yaml"
    for path in (folder, scenario):
        if path.exists():
            raise WorldError([f"{path}: is there already; choose another name or remove it"])
    boundaries = read_boundaries(sources.boundaries, sources.key)
    residents = _read_population(sources.population, sources.key, boundaries)
    plane = Projection([ring for place in boundaries for ring in place.rings])
    places = _places(boundaries, residents, plane, sources)
    tables = _tables(name, places, sources, plane)
    folder.mkdir(parents=True)
    for table, (header, rows) in tables.items():
        write_text(folder / table, as_csv(header, rows))
    write_text(scenario, SCENARIO.format(id=called, name=json.dumps(name, ensure_ascii=False)))
    return folder, scenario, _assumed(places, sources)


def _read_population(path: Path, key: str, places: Sequence[Boundary]) -> dict[str, int]:
    """Return the residents of each place by code; raise WorldError with every mistake."""
    try:
        (_, header), *records = read_records(path)
    except ValueError as error:
        line, reason = error.args
        raise WorldError([f"{path}:{line}: {reason}"]) from None
    column = next((name for name in header if name.strip().lower() in POPULATION), None)
    if key not in header or column is None:
        what = f"must have the columns {key} and {POPULATION[0]}; it has {', '.join(header)}"
        raise WorldError([f"{path}:1: {what}{did_you_mean(key, header)}"])
    found, problems = {}, []
    for line, record in records:
        fields_of = dict(zip(header, record, strict=False))
        code, given = fields_of.get(key, "").strip(), fields_of.get(column, "")
        count = given.replace(",", "").replace(" ", "").removesuffix(".0")
        if not re.fullmatch(r"[0-9]{1,9}", count, re.ASCII) or int(count) < 1:
            problems.append(f"{path}:{line}: {column}: {quoted(given)} is no number of persons")
        elif code in found:
            problems.append(f"{path}:{line}: {key}: {quoted(code)} is given twice")
        else:
            found[code] = int(count)
    problems += _unmatched(path, key, found, places) if not problems else []
    if problems:
        raise WorldError(problems)
    return found


def _unmatched(
    path: Path, key: str, found: Mapping[str, int], places: Sequence[Boundary]
) -> list[str]:
    """Return a line for each place without residents; codes without a place are left out."""
    lacking = [place.code for place in places if place.code not in found]
    return [
        f"{path}: {key}: has no row of {quoted(code)}{did_you_mean(code, found)}"
        for code in lacking
    ]


def _places(
    boundaries: Sequence[Boundary],
    residents: Mapping[str, int],
    plane: Projection,
    sources: Sources,
) -> list[Place]:
    """Return the districts, sorted by id."""
    named = [_name_of(place, sources.key) for place in boundaries]
    ids = _ids(named, [place.code for place in boundaries])
    counts = [residents[place.code] for place in boundaries]
    influence = propose(sources.events, boundaries, counts)
    made = [
        Place(*one, area=area_km2(one[2], plane), point=point_inside(one[2]), influence=proposal)
        for *one, proposal in zip(ids, named, boundaries, counts, influence, strict=True)
    ]
    return sorted(made, key=lambda place: place.id)


def _name_of(place: Boundary, key: str) -> str:
    """Return the name of a place: its property ``name``, or one that goes with its code.

    Files of the United Nations call the name of ``ADM2_PCODE`` ``ADM2_EN``, ``ADM2_FR`` and so on.
    """
    stem = re.sub(r"_?(pcode|code|id)$", "", key, flags=re.IGNORECASE).lower()
    wanted = ["name", *(f"{stem}_{ending}" for ending in ("en", "fr", "es", "pt", "name")), stem]
    by_name = {str(name).lower(): value for name, value in place.properties.items()}
    found = (str(by_name[one]).strip() for one in wanted if by_name.get(one))
    return next((one for one in found if one), place.code)


def _ids(names: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Return an id for each place: its name, and its code where that is not unique or not ASCII."""
    short = [identity_of(name) for name in names]
    made = [
        one if one and one != STATE and short.count(one) == 1 else f"{one}-{identity_of(code)}"
        for one, code in zip(short, codes, strict=True)
    ]
    made = [one.strip("-") for one in made]
    return [one if made.count(one) == 1 else f"place-{row}-{one}" for row, one in enumerate(made)]


def _tables(
    name: str, places: Sequence[Place], sources: Sources, plane: Projection
) -> dict[str, tuple[Sequence[str], Rows]]:
    """Return header and rows of each table by its file name."""
    capital = max(places, key=lambda place: place.residents / place.area)
    crews = _crews(places)
    fighters = sum(int(str(row[2])) for row in crews)
    gangs = sorted({str(row[0]) for row in crews})
    from_events = sources.events.name if sources.events else "assumption: made up"
    points = [point for place in places for ring in place.boundary.rings for point in ring]
    west, south = map(min, zip(*points, strict=True))
    east, north = map(max, zip(*points, strict=True))
    grid = max(east - west, north - south) / MAP_STEPS
    return {
        "world.csv": (("key", "value", "unit", "source"), _basics(name, capital, sources, fighters)),
        "districts.csv": ([each.name for each in fields(DistrictRow)], [
            _district(place, place is capital, sources) for place in places
        ]),
        "links.csv": (("a", "b", "kind", "hours", "source"), _links(places, plane)),
        "gangs.csv": (("id", "name", "alliance", "coalition", "source"), [
            [gang, gang.replace("-", " "), "none", 0, from_events] for gang in gangs
        ]),
        "crews.csv": (("gang", "district", "weight", "source"), crews),
        "units.csv": (("id", "contingent", "kind", "base", "officers", "source"), [
            [f"police-{place.id}", "police", "station", place.id,
             max(1, place.residents // RESIDENTS_PER_OFFICER), OFFICERS]
            for place in places if place.influence.gang_influence < HELD
        ] + [["special-1", "special-police", "special", capital.id,
              max(10, sum(place.residents for place in places) // 20_000),
              "assumption: an officer for 20,000 residents (5,000-100,000)"]]),
        "contingents.csv": (
            ("id", "name", "country", "force", "military", "terms", "pledged", "casualty_tolerance",
             "languages", "source"),
            _contingents(name),
        ),
        "donors.csv": (("id", "name", "conditional_share", "source"), [
            ["main-donor", "Main donor", 1, "assumption: made up; one who gives all (0-1)"]
        ]),
        CELLS: (("district", "longitude", "latitude", "ring"), [
            [place.id, f"{x:.5f}", f"{y:.5f}", number]
            for place, rings in zip(
                places, drawn([place.boundary for place in places], grid), strict=True
            )
            for number, ring in enumerate(rings)
            for x, y in ring
        ]),
    }  # fmt: skip


def _basics(name: str, capital: Place, sources: Sources, fighters: int) -> Rows:
    """Return the rows of ``world.csv``."""
    size = max(0.001, round(fighters / FIGHTERS_OF_THE_UNIT_OF_SIZE, 6))
    borders = f"{sources.boundaries.name}, drawn on a grid"
    return [
        ["name", name, "", "given"],
        ["start", "2024-01-01", "date", "assumption: any day (2000-2030)"],
        ["population_growth", 1, "persons now for each in the table", "by definition"],
        ["displaced_on_day_0", 0, "persons", "assumption: nobody (0 to a tenth of the residents)"],
        ["capital", capital.name, "", "assumption: the most densely populated district"],
        ["size", size, "8,000 fighters", "the fighters of crews.csv, which are persons"],
        ["borders", borders, "", "given"],
    ]


def _district(place: Place, is_capital: bool, sources: Sources) -> list[object]:
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
        "source_residents": sources.population.name,
        "source_position": f"a point inside its borders in {sources.boundaries.name}",
        "source_influence": proposal.source, "source_assets": ASSETS,
        "pcode": place.boundary.code,
    }  # fmt: skip
    return [values[each.name] for each in fields(DistrictRow)]


def _crews(places: Sequence[Place]) -> Rows:
    """Return the fighters of each gang in each district, persons."""
    total = max(1.0, FIGHTERS_PER_RESIDENT * sum(place.residents for place in places))
    weight = {place.id: place.influence.gang_influence * place.residents for place in places}
    whole = sum(weight.values())
    rows: Rows = []
    for place in places:
        share = total * weight[place.id] / whole
        for gang, part in place.influence.gangs.items():
            rows.append([gang, place.id, max(1, round(share * part)), FIGHTERS])
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1])))


def _links(places: Sequence[Place], plane: Projection) -> Rows:
    """Return the roads between neighbours, and boats to what no road reaches."""
    pairs = neighbours([place.boundary for place in places], plane)
    rows = [
        _link(places, pair, "road", SPEED / DETOUR, f"shared border; {ROADS}") for pair in pairs
    ]
    for pair in _crossings_by_boat(places, pairs):
        rows.append(_link(places, pair, "sea", BOAT_SPEED, f"no shared border; {BOATS}"))
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1])))


def _link(
    places: Sequence[Place], pair: tuple[int, int], kind: str, speed: float, source: str
) -> list[object]:
    """Return the row of a link between two districts."""
    one, other = sorted((places[row] for row in pair), key=lambda place: place.id)
    hours = max(LEAST_HOURS, distance_km(one.point, other.point) / speed)
    return [one.id, other.id, kind, f"{hours:.3g}", source]


def _crossings_by_boat(
    places: Sequence[Place], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the nearest pair that joins each separate part of the country to another part."""
    part = list(range(len(places)))
    for a, b in pairs:
        part = [part[b] if one == part[a] else one for one in part]
    found: list[tuple[int, int]] = []
    while len(set(part)) > 1:
        smallest = min(set(part), key=lambda one: (part.count(one), one))
        ends = [
            (distance_km(places[a].point, places[b].point), a, b)
            for a in range(len(places)) if part[a] == smallest
            for b in range(len(places)) if part[b] != smallest
        ]  # fmt: skip
        _, a, b = min(ends)
        found.append((a, b))
        part = [part[b] if one == smallest else one for one in part]
    return found


def _contingents(name: str) -> Rows:
    """Return the forces of the country, and one that a scenario may send."""
    own = "assumption: own forces do not leave"
    return [
        ["police", "Police", name, "police", 0, "any", 0, 100_000, "common", own],
        ["special-police", "Special police", name, "police", 0, "any", 0, 100_000, "common", own],
        ["partner", "A partner country", "a partner", "mission", 0, "any", 1000, 30, "common",
         "assumption: made up; 1,000 officers (0-5,000), tolerance 30 (5-100)"],
    ]  # fmt: skip


def _assumed(places: Sequence[Place], sources: Sources) -> list[str]:
    """Return what was assumed, a sentence each."""
    held = sum(place.influence.gang_influence >= HELD for place in places)
    influence = (
        f"gang influence follows {sources.events.name}: gangs hold {held} of {len(places)}"
        if sources.events
        else "gang influence is the same everywhere, and one made-up group is in each district"
    )
    return [
        f"{influence} (districts.csv, gangs.csv, crews.csv)",
        "the capital is the most densely populated district (metropolitan in districts.csv)",
        f"roads join neighbours: {ROADS.removeprefix('assumption: ')} (links.csv)",
        f"police: {OFFICERS.removeprefix('assumption: ')} (units.csv)",
        "nobody is displaced, and there is no port, airport, fuel terminal or prison",
        "one partner country may send officers, and one donor may pay (contingents, donors)",
    ]

