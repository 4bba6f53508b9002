"""Destination weights: how strongly districts attract people who flee, by distance and by family.

The weights are computed once, from the tables of the world, before the first day
(`teritwa.rules.population.displacement` uses them).
"""

import functools
from collections.abc import Mapping

import numpy as np

from teritwa.engine.records import Array, new_table
from teritwa.rules.agents.district import Destination, Way
from teritwa.world import World
from teritwa.world.routes import travel_times_of_pairs

FARTHEST_KM = 500.0
"""Kilometres beyond which no district is near: a definition. It spares a large world the table of
all pairs of districts; a small country has them all."""

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth."""


@functools.lru_cache(maxsize=4)
def destinations_of(world: World) -> tuple[Array, list[int]]:
    """Return what is near each district or may host its people, and where its rows begin.

    A district is a destination of another, and the other of it, if they are near or if relatives of
    the people of one may live in the other. Rows are sorted by origin and host.

    Args:
        world: The world, with positions, residents and families.
    """
    origin, host = _pairs(world)
    table = new_table(Destination, len(origin))
    table["host"], table["family"] = host, _family_shares(world, origin, host)
    table["hours"] = travel_times_of_pairs(world, origin, host)
    return table, [0, *np.cumsum(np.bincount(origin, minlength=len(world.districts))).tolist()]


def nearest_first(destinations: Array, first: Array) -> Array:
    """Return the ways from each district to its destinations, the shortest first.

    Args:
        destinations: The table of destinations.
        first: The row at which those of each district begin.
    """
    origins = np.repeat(np.arange(len(first)), np.diff(first, append=len(destinations)))
    order = np.lexsort((destinations["hours"], origins))  # equally long ones stay as they are
    ways = new_table(Way, len(destinations))
    ways["target"], ways["hours"] = destinations["host"][order], destinations["hours"][order]
    return ways


def turned(world: World, by_destination: Array) -> Array:
    """Return numbers by destination in the order of the ways back, from host to origin.

    Args:
        world: The world.
        by_destination: An array (destination).
    """
    found: Array = by_destination[_ways_back(world)]
    return found


def nearness(world: World, decay: float) -> Array:
    """Return the pull of hosts by nearness: residents times distance to the power ``-decay``.

    Args:
        world: The world, with the place and the residents of 2015 of each district.
        decay: The exponent of distance.

    Returns:
        An array (destination), in residents.
    """
    hosts, logarithms = _distances(world)
    pull: Array = np.exp(-decay * logarithms) * _residents(world)[hosts]
    return pull


def _residents(world: World) -> Array:
    """Return the residents of 2015 of each district."""
    return np.array([row.residents_2015 for row in world.districts], float)


@functools.lru_cache(maxsize=4)
def _pairs(world: World) -> tuple[Array, Array]:
    """Return the rows of origin and host of each pair of districts between which people may flee.

    They are sorted, and with each pair stands the way back. A district makes a pair with itself,
    which no rule uses, so that a small world has all pairs.
    """
    from scipy.sparse import coo_array
    from scipy.spatial import KDTree

    size, points = len(world.districts), _points(world)
    near = KDTree(points).query_pairs(FARTHEST_KM, output_type="ndarray")
    families = _family_pairs(world)
    some = np.concatenate([near, families, np.repeat(np.arange(size)[:, None], 2, axis=1)])
    both = np.concatenate([some, some[:, ::-1]])
    matrix = coo_array((np.ones(len(both), bool), both.T), shape=(size, size)).tocsr()
    matrix.sum_duplicates()
    origin = np.repeat(np.arange(size), np.diff(matrix.indptr))
    return origin.astype(np.int64), matrix.indices.astype(np.int64)


@functools.lru_cache(maxsize=4)
def _ways_back(world: World) -> Array:
    """Return the destination from the host to the origin of each destination."""
    origin, host = _pairs(world)
    way_back: Array = np.argsort(host * len(world.districts) + origin, kind="stable").argsort()
    return way_back


def _points(world: World) -> Array:
    """Return where districts lie on a plane, kilometres north and east (district, 2)."""
    latitude = np.radians([row.latitude for row in world.districts])
    longitude = np.radians([row.longitude for row in world.districts])
    plane = np.stack([latitude, longitude * np.cos(latitude.mean())], axis=1)
    points: Array = EARTH_RADIUS_KM * plane
    return points


@functools.lru_cache(maxsize=4)
def _distances(world: World) -> tuple[Array, Array]:
    """Return the host of each destination, and the logarithm of its distance, at least 1 km."""
    origin, host = _pairs(world)
    north, east = (_points(world)[origin] - _points(world)[host]).T
    return host, np.log(np.maximum(np.sqrt(north * north + east * east), 1.0))


def _homes_of_families(world: World) -> Mapping[str, Mapping[str, float]]:
    """Return in which regions relatives of each region's people live, as shares.

    A region that the world's table of families does not name has its relatives in itself.
    """
    homes: dict[str, dict[str, float]] = {}
    for row in world.families:
        homes.setdefault(row.region, {})[row.lives_in] = row.share
    return {row.region: homes.get(row.region, {row.region: 1.0}) for row in world.districts}


def _rows_by_region(world: World) -> Mapping[str, Array]:
    """Return the rows of the districts of each region."""
    regions = np.array([row.region for row in world.districts])
    return {name: np.flatnonzero(regions == name) for name in dict.fromkeys(regions.tolist())}


def _family_pairs(world: World) -> Array:
    """Return the rows of origin and host where relatives live (pair, 2)."""
    rows, homes = _rows_by_region(world), _homes_of_families(world)
    found = [
        np.stack(np.meshgrid(rows[region], rows[home], indexing="ij"), axis=-1).reshape(-1, 2)
        for region in rows
        for home, share in homes[region].items()
        if share > 0.0
    ]
    return np.concatenate(found)


def _family_shares(world: World, origin: Array, host: Array) -> Array:
    """Return the share of the relatives of an origin's people who live at a host.

    They live in regions by the world's table of families, and within a region in proportion to
    residents. The shares of an origin sum to 1.
    """
    residents, rows, homes = _residents(world), _rows_by_region(world), _homes_of_families(world)
    number = {name: place for place, name in enumerate(rows)}
    region = np.array([number[row.region] for row in world.districts])
    per_resident = np.zeros((len(rows), len(rows)))
    for name, shares in homes.items():
        for home, share in shares.items():
            per_resident[number[name], number[home]] = share / residents[rows[home]].sum()
    shares_of_pairs: Array = per_resident[region[origin], region[host]] * residents[host]
    return shares_of_pairs
