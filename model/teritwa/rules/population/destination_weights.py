"""Kinship: how people of one district are drawn to others, by distance and by family (M14)."""

import numpy as np

from teritwa.engine.records import Array
from teritwa.world import World

# Where the families of the capital's people live, beside the capital itself: shares of family ties
# by region.
# IOM, displacement tracking round 7 (June 2024), F095: 47 % of all displaced stayed in the Grand
# Sud. The
# split between the other regions is an assumption, in proportion to nothing better than their size.
CAPITAL_FAMILIES = {
    "grand-sud": 0.62, "artibonite": 0.13, "centre": 0.09, "grand-nord": 0.09, "ouest": 0.07
}  # fmt: skip


def nearness(world: World, decay: float) -> Array:
    """Return (origin, host): the pull of hosts near by, residents times distance to the power -decay."""
    residents = np.array([row.residents_2015 for row in world.districts], float)
    pull: Array = _distance_factor(world, decay) * residents
    return pull


def family_shares(world: World) -> Array:
    """Return (origin, host): the share of an origin's families who live at a host, each row summing to 1."""
    residents = np.array([row.residents_2015 for row in world.districts], float)
    weight = np.array([_family(world, origin.region) for origin in world.districts]) * residents
    family: Array = weight / weight.sum(axis=1, keepdims=True)
    return family


def _distance_factor(world: World, decay: float) -> Array:
    """Return distance in kilometres to the power -decay, at least one kilometre, between districts."""
    latitude = np.radians([row.latitude for row in world.districts])
    longitude = np.radians([row.longitude for row in world.districts])
    north = latitude[:, None] - latitude[None, :]
    east = (longitude[:, None] - longitude[None, :]) * np.cos(latitude.mean())
    kilometres = 6371.0 * np.sqrt(north * north + east * east)
    factor: Array = np.exp(-decay * np.log(np.maximum(kilometres, 1.0)))
    return factor


def _family(world: World, region: str) -> Array:
    """Return each host's weight as a home of families of people from a region, per resident."""
    people = dict.fromkeys([row.region for row in world.districts], 0.0)
    for row in world.districts:
        people[row.region] += row.residents_2015
    if region == "metropolitan":
        shares = {name: CAPITAL_FAMILIES.get(name, 0.0) for name in people}
    else:
        shares = {name: 1.0 if name == region else 0.0 for name in people}
    if not any(shares.values()):
        return np.ones(len(world.districts))
    return np.array([shares[row.region] / people[row.region] for row in world.districts])
