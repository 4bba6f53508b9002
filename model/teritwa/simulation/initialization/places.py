"""Places on day 0: districts and the ways between them, their displaced people, brigades, schools and hospitals."""

from collections.abc import Mapping

import numpy as np

from teritwa.engine import randomness
from teritwa.engine.records import Array, new_table
from teritwa.rules.agents.district import NO_ONE, STATE, District, Link
from teritwa.world import HELD, World, WorldError
from teritwa.world import STATE as STATE_HOLDS
from teritwa.world.row_numbers import district_numbers, gang_numbers

LONG_AGO = -1000
"""The day of an attack that nobody remembers."""


def links_of(world: World) -> tuple[Array, list[int]]:
    """Return both directions of every link, sorted by district, and where each district's begin."""
    number = district_numbers(world)
    ways = []
    for link in world.links:
        here, there = number[link.a], number[link.b]
        ways.append((here, there, link.hours, link.kind == "sea"))
        ways.append((there, here, link.hours, link.kind == "sea"))
    ways.sort()
    table = new_table(Link, len(ways))
    for row, (_, target, hours, sea) in enumerate(ways):
        table[row] = (target, hours, sea)
    counts = np.bincount([way[0] for way in ways], minlength=len(number))
    return table, [0, *np.cumsum(counts).tolist()]


def _highways(world: World) -> list[int]:
    """Return how many national roads leave each district."""
    number = district_numbers(world)
    ends = [number[end] for link in world.links if link.kind == "national-road" for end in (link.a, link.b)]
    return np.bincount(ends, minlength=len(number)).tolist() if ends else [0] * len(number)


def districts_of(world: World, starts: list[int]) -> Array:
    """Return the districts with their people, holders and stations; raise WorldError if people are too few."""
    gangs, roads = gang_numbers(world), _highways(world)
    table = new_table(District, len(world.districts))
    for row, seed in enumerate(world.districts):
        district = District().look_at(table, row)
        district.identity = randomness.identity(f"district {seed.id}")
        district.residents_2015 = seed.residents_2015
        district.metropolitan = seed.metropolitan
        district.artibonite = seed.region == "artibonite"
        district.held_on_day_0 = seed.gang_influence >= HELD
        district.first_link, district.last_link = starts[row], starts[row + 1]
        district.residents = round(seed.residents_2015 * world.population_growth) - seed.displaced_from
        district.displaced_from = seed.displaced_from
        if district.residents < 0:
            raise WorldError([f"{world.folder}: {seed.id}: more people are displaced than there are on day 0"])
        district.gang_influence = seed.gang_influence
        district.holder = STATE if seed.holder == STATE_HOLDS else gangs[seed.holder]
        district.port, district.airport, district.fuel_terminal = seed.port, seed.airport, seed.fuel_terminal
        district.hospitals, district.prison = seed.hospitals, seed.prisons > 0
        district.highways = roads[row]
        district.station = seed.stations > seed.stations_inoperative
        district.cleared_on, district.attacked_on = -1, LONG_AGO
        district.offensive_factor, district.offensive_gang, district.operation_priority = 1.0, NO_ONE, 1.0
        district.strongest_crew, district.nearest_threat, district.lead_crew = NO_ONE, NO_ONE, NO_ONE
    return table


def travel_times(world: World) -> Array:
    """Return the shortest travel times by land between all districts, hours."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    number = district_numbers(world)
    land = [link for link in world.links if link.kind != "sea"]
    ends = [number[link.a] for link in land], [number[link.b] for link in land]
    graph = coo_array(([link.hours for link in land], ends), shape=(len(number), len(number)))
    # Rounded, so that a way and its return take the same time to the last bit.
    return np.ascontiguousarray(np.round(dijkstra(graph.tocsr(), directed=False), 9))


def displaced_on_day_0(world: World, tables: Mapping[str, Array]) -> Array:
    """Return (origin, host): where the displaced of day 0 stay, near by and with family, where the state holds.

    Raises WorldError if people are displaced and no other place is held by the state.
    """
    districts = tables["districts"]
    tie = float(tables["parameters"]["displacement"]["family_tie_weight"][0])
    safe = np.where(districts["holder"] == STATE, 1.0 - districts["gang_influence"], 0.0)
    displaced = np.zeros((len(districts), len(districts)), np.int64)
    for origin in np.flatnonzero(districts["displaced_from"]):
        near, family = tables["near"][origin] * safe, tables["family"][origin] * safe
        near[origin] = family[origin] = 0.0
        if near.sum() == 0.0:
            raise WorldError([f"{world.folder}: people are displaced but the state holds no place to host them"])
        weight = (1.0 - tie) * near / near.sum() + tie * family / (family.sum() or 1.0)
        share = np.cumsum(weight) / weight.sum()
        until = np.floor(districts["displaced_from"][origin] * share + 0.5).astype(np.int64)
        until[-1] = districts["displaced_from"][origin]
        displaced[origin] = np.diff(until, prepend=0)
    districts["displaced_hosted"] = displaced.sum(axis=0)
    return displaced


def form_brigades(tables: Mapping[str, Array]) -> None:
    """Give the places that the state holds next to gangs their brigades of day 0."""
    districts, links = tables["districts"], tables["links"]
    share = float(tables["parameters"]["self_defence"]["members_per_1000_day0"][0]) / 1000.0
    for row in range(len(districts)):
        district = districts[row]
        neighbours = links["target"][district["first_link"] : district["last_link"]]
        near = len(neighbours) > 0 and districts["gang_influence"][neighbours].max() >= HELD
        if near and district["holder"] == STATE:
            districts["brigade"][row] = int(share * district["residents"])


def open_services(tables: Mapping[str, Array]) -> None:
    """Open as many schools and hospitals as gang influence leaves on day 0, and dig gangs in where they dominate."""
    districts, parameters = tables["districts"], tables["parameters"]
    districts["schools_open"] = 1.0 - float(parameters["services"]["closure_share"][0]) * districts["gang_influence"]
    districts["hospitals_open"] = districts["schools_open"]
    districts["goods_supply"] = 1.0
    districts["aid_access"] = float(parameters["aid"]["coverage"][0])
    districts["trust"] = float(parameters["trust"]["baseline"][0])
    districts["entrenchment"] = np.where(districts["held_on_day_0"], districts["gang_influence"], 0.0)
    districts["recruitment_pool"] = 1.0
