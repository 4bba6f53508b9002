"""Routes: how long the ways by land take between districts, and which districts they join."""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from teritwa.world.row_numbers import district_numbers
from teritwa.world.rows import World

AT_ONCE = 256
"""Origins whose ways are found together: their table of all districts is small."""


@lru_cache(maxsize=4)
def _graph(world: World) -> Any:
    """Return the links by land as a sparse matrix of hours (district, district)."""
    from scipy.sparse import coo_array

    number = district_numbers(world)
    land = [link for link in world.links if link.kind != "sea"]
    ends = [number[link.a] for link in land], [number[link.b] for link in land]
    hours = [link.hours for link in land]
    return coo_array((hours, ends), shape=(len(number), len(number))).tocsr()


def travel_times(world: World, origins: list[int]) -> npt.NDArray[np.float64]:
    """Return the shortest travel times by land from some districts to all, in hours.

    Args:
        world: The world.
        origins: The rows of the districts from which the ways lead.

    Returns:
        An array (origin, district); infinite where there is no way.
    """
    from scipy.sparse.csgraph import dijkstra

    if not origins:
        return np.zeros((0, len(world.districts)))
    hours: npt.NDArray[np.float64] = dijkstra(_graph(world), directed=False, indices=origins)
    # Rounded, so that a way and its return take the same time to the last bit.
    return hours.round(9)


def travel_times_of_pairs(
    world: World, origin: npt.NDArray[np.int64], host: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the shortest travel times by land between the districts of pairs, hours (pair).

    Args:
        world: The world.
        origin: The row of one district of each pair (pair), in rising order.
        host: The row of the other (pair).
    """
    hours, size = np.zeros(len(origin)), len(world.districts)
    for first in range(0, size, AT_ONCE):
        origins = range(first, min(first + AT_ONCE, size))
        pairs = slice(*np.searchsorted(origin, [first, first + AT_ONCE]))
        hours[pairs] = travel_times(world, list(origins))[origin[pairs] - first, host[pairs]]
    return hours


def landmasses(world: World) -> npt.NDArray[np.int64]:
    """Return a code for each district: those with the same code are joined by land (district)."""
    from scipy.sparse.csgraph import connected_components

    codes: npt.NDArray[np.int64] = connected_components(_graph(world), directed=False)[1]
    return codes.astype(np.int64)
