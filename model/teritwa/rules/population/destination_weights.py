"""Destination weights: how strongly districts attract people who flee, by distance and by family.

The weights are computed once, from the table of districts, before the first day
(`teritwa.rules.population.displacement` uses them).
"""

from collections.abc import Mapping

import numpy as np

from teritwa.engine.records import Array
from teritwa.world import World

CAPITAL_FAMILIES = {
    "grand-sud": 0.62,
    "artibonite": 0.13,
    "centre": 0.09,
    "grand-nord": 0.09,
    "ouest": 0.07,
}
"""Where relatives of the capital's people live outside the capital: shares by region.

In June 2024, 47 % of all displaced people stayed in the Grand Sud (IOM, displacement tracking,
round 7, F095). The split between the other regions is an assumption, in proportion to nothing
better than their size.
"""


def nearness(world: World, decay: float) -> Array:
    """Return the pull of hosts by nearness: residents times distance to the power ``-decay``.

    Args:
        world: The world, with the place and the residents of 2015 of each district.
        decay: The exponent of distance.

    Returns:
        An array (origin, host), in residents.
    """
    pull: Array = _distance_factor(world, decay) * _residents(world)
    return pull


def family_shares(world: World) -> Array:
    """Return the share of the relatives of an origin's people who live at each host.

    Relatives of people of the capital live in the regions by `CAPITAL_FAMILIES`; those of other
    people live in their own region. Within a region they are in proportion to residents.

    Returns:
        An array (origin, host) of which each row sums to 1.
    """
    per_resident = np.array([_family_weights(world, origin.region) for origin in world.districts])
    weight = per_resident * _residents(world)
    family: Array = weight / weight.sum(axis=1, keepdims=True)
    return family


def _residents(world: World) -> Array:
    """Return the residents of 2015 of each district."""
    return np.array([row.residents_2015 for row in world.districts], float)


def _distance_factor(world: World, decay: float) -> Array:
    """Return the distance between districts, at least 1 kilometre, to the power ``-decay``."""
    latitude = np.radians([row.latitude for row in world.districts])
    longitude = np.radians([row.longitude for row in world.districts])
    north = latitude[:, None] - latitude[None, :]
    east = (longitude[:, None] - longitude[None, :]) * np.cos(latitude.mean())
    kilometres = 6371.0 * np.sqrt(north * north + east * east)
    factor: Array = np.exp(-decay * np.log(np.maximum(kilometres, 1.0)))
    return factor


def _family_weights(world: World, region: str) -> Array:
    """Return each host's weight as a home of relatives of a region's people, per resident."""
    residents = _residents_by_region(world)
    share_of = {region: 1.0}
    if region == "metropolitan":
        share_of = {name: CAPITAL_FAMILIES.get(name, 0.0) for name in residents}
    if not any(share_of.values()):  # in a world without these regions, they live in the capital
        return np.ones(len(world.districts))
    return np.array(
        [share_of.get(row.region, 0.0) / residents[row.region] for row in world.districts]
    )


def _residents_by_region(world: World) -> Mapping[str, float]:
    """Return the residents of 2015 of each region, by its name."""
    residents = dict.fromkeys([row.region for row in world.districts], 0.0)
    for row in world.districts:
        residents[row.region] += row.residents_2015
    return residents
