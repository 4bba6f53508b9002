"""A world looked at before it runs: how large it is, what is assumed, and what looks wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from teritwa.engine.formatting import format_integer
from teritwa.scenario.vocabulary import registry
from teritwa.simulation.initialization import initialize
from teritwa.world import STATE, World, load
from teritwa.world.boundaries import and_more
from teritwa.world.shapes import distance_km

TABLES = ("districts", "links", "gangs", "crews", "units", "contingents", "donors", "families")
"""The tables whose rows have sources."""

SAME_POINT_KM = 0.1
"""How near two districts may lie without a word."""

SWAPPED = 5.0
"""How many times nearer to the others a district with swapped coordinates must lie to look so."""

NAMED = 5
"""Districts that a line names at most."""

FASTEST = 120.0
"""Kilometres an hour, in a straight line, above which a way by land looks wrong."""


def describe_world(folder: Path) -> list[str]:
    """Return what a world has, what is assumed of it and what looks wrong, a line each.

    Args:
        folder: The folder of its tables.

    Raises:
        WorldError: If the world cannot be used, or no run can begin in it; it lists every mistake.
    """
    world = load(folder)
    tables = initialize(world, {name: one.value for name, one in registry(folder).items()})
    fighters = int(tables["crews"]["fighters"].sum())
    assumed = [f"assumed: {line}" for line in _assumptions(world)]
    odd = [f"looks wrong: {line}" for line in oddities(world)]
    return [_size(world, fighters), *assumed, *(odd or ["nothing looks wrong"])]


def _size(world: World, fighters: int) -> str:
    """Return how large a world is, and which districts are its capital and under gangs."""
    residents = sum(row.residents_2015 for row in world.districts) * world.population_growth
    officers = sum(row.officers for row in world.units)
    capital = [row.name for row in world.districts if row.metropolitan]
    weights = sum(crew.weight for crew in world.crews)
    return (
        f"{world.name}: {len(world.districts)} districts ({len(_held(world))} under gangs), "
        f"{format_integer(residents)} people, {len(world.gangs)} gangs with "
        f"{format_integer(fighters)} fighters (weights in crews.csv: {format_integer(weights)}), "
        f"{format_integer(officers)} officers, {len(world.links)} links; capital: "
        f"{_first(capital) or 'none'}"
    )


def _assumptions(world: World) -> Iterator[str]:
    """Yield in how many rows a source is an assumption, by table and column of sources."""
    for table in TABLES:
        rows = getattr(world, table)
        for column in _columns_of_sources(rows):
            count = sum("assumption" in getattr(row, column).lower() for row in rows)
            if count:
                yield f"{table}.csv: {column}: {count} of {len(rows)} rows"


def _columns_of_sources(rows: Sequence[Any]) -> list[str]:
    """Return the columns of some rows that hold sources."""
    names = [each.name for each in fields(type(rows[0]))] if rows else []
    return [name for name in names if name.startswith("source")]


def oddities(world: World) -> Iterator[str]:
    """Yield what looks wrong in a world that can be used."""
    yield from _same_points(world)
    yield from _swapped(world)
    yield from _too_fast(world)
    yield from _of_the_capital(world)
    yield from _contested_bases(world)


def _of_the_capital(world: World) -> Iterator[str]:
    """Yield what is missing in the capital."""
    capital = {row.id for row in world.districts if row.metropolitan}
    if not capital:
        yield "districts.csv: no district is metropolitan: forces have no headquarters"
    elif capital.isdisjoint(row.base for row in world.units):
        yield "units.csv: no unit has its base in the capital"


def _contested_bases(world: World) -> Iterator[str]:
    """Yield the districts that gangs hold and in which units have their base."""
    bases = {row.base for row in world.units}
    both = [name for name in _held(world) if name in bases]
    if both:
        yield f"units.csv: units have a base where a gang holds, and may take it: {_first(both)}"


def _held(world: World) -> list[str]:
    """Return the districts that gangs hold."""
    return [row.id for row in world.districts if row.holder != STATE]


def _first(names: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    return f"{', '.join(names[:NAMED])}{and_more(max(0, len(names) - NAMED))}"


def _same_points(world: World) -> Iterator[str]:
    """Yield the pairs of districts that lie on one point."""
    from scipy.spatial import KDTree

    points = np.array([(row.longitude, row.latitude) for row in world.districts])
    for a, b in sorted(KDTree(points).query_pairs(SAME_POINT_KM / 50.0)):
        one, other = world.districts[a], world.districts[b]
        if distance_km(tuple(points[a]), tuple(points[b])) < SAME_POINT_KM:
            yield f"districts.csv: {one.id} and {other.id} lie on one point"


def _swapped(world: World) -> Iterator[str]:
    """Yield the districts that would lie among the others with their coordinates swapped."""
    middle = tuple(
        float(np.median([getattr(row, name) for row in world.districts]))
        for name in ("longitude", "latitude")
    )
    for row in world.districts:
        away = distance_km((row.longitude, row.latitude), (middle[0], middle[1]))
        turned = distance_km((row.latitude, row.longitude), (middle[0], middle[1]))
        if turned * SWAPPED < away:
            yield f"districts.csv: {row.id}: longitude and latitude look swapped"


def _too_fast(world: World) -> Iterator[str]:
    """Yield the links by land that are faster than a car can be."""
    place = {row.id: (row.longitude, row.latitude) for row in world.districts}
    for link in world.links:
        speed = distance_km(place[link.a], place[link.b]) / link.hours
        if link.kind != "sea" and speed > FASTEST:
            yield f"links.csv: {link.a} to {link.b}: {speed:.0f} km/h in a straight line"
