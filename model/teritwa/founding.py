"""Founding: the records of day 0, made from a world and the parameters of a draw."""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from teritwa import noise
from teritwa.agents.district import NO_ONE, STATE, District, Link
from teritwa.agents.gang import Crew, Gang
from teritwa.agents.institution import NO_MANDATE, Institution, Ledger, Today
from teritwa.agents.police_unit import (
    ARMY,
    MISSION,
    POLICE,
    SOLDIERS,
    SPECIAL,
    STATION,
    Contingent,
    PoliceUnit,
)
from teritwa.agents.record import Array, population, rows, single
from teritwa.agents.state import State
from teritwa.kinship import families, nearness
from teritwa.mechanisms import parameter_record, parameter_table
from teritwa.mechanisms.raid import crew_identity
from teritwa.outcomes import PERPETRATORS, VICTIMS
from teritwa.world import HELD, World, WorldError
from teritwa.world import STATE as STATE_HOLDS

ROOM_FOR_CREWS, ROOM_FOR_UNITS = 1024, 512
"""Rows kept free for crews and units that come into being in a run."""

ONLY_READ = ("links", "hours", "family")
"""Tables that nothing writes: runs share them."""

LONG_AGO = -1000
"""The day of an attack that nobody remembers."""

_FORCES = {"police": POLICE, "army": ARMY, "mission": MISSION}
_KINDS = {"station": STATION, "special": SPECIAL, "army": SOLDIERS}
_ALLIANCES = {"none": 0, "g9": 1, "g-pep": 2}


def found(world: World, values: Mapping[str, float]) -> dict[str, Array]:
    """Return fresh tables of day 0 for a world under parameters given by full name.

    They are copies of a template that is made once for a world and parameters.
    """
    template = _template(world, tuple(sorted(values.items())))
    return {name: table if name in ONLY_READ else table.copy() for name, table in template.items()}


def as_state(tables: Mapping[str, Array]) -> State:
    """Gather tables into the state that rules read and write."""
    alone = ("institution", "ledger", "today")
    plain = ("crew_at", "displaced", "near", "family", "pulls", "hours", "killed", "injured")
    parts: dict[str, Any] = {}
    for name, table in tables.items():
        if name == "parameters":
            parts[name] = parameter_record(table)
        elif name in plain:
            parts[name] = table
        else:
            parts[name] = single(table) if name in alone else rows(table)
    return State(**parts)


@functools.lru_cache(maxsize=4)
def _template(world: World, values: tuple[tuple[str, float], ...]) -> dict[str, Array]:
    """Make the tables of day 0."""
    parameters = parameter_table(dict(values))
    tables: dict[str, Array] = {"parameters": parameters}
    tables["links"], starts = _links(world)
    tables["districts"] = _districts(world, starts)
    tables["hours"] = _hours(world)
    tables["near"] = nearness(world, float(parameters["displacement"]["distance_decay"][0]))
    tables["family"] = families(world)
    tables["gangs"] = _gangs(world)
    tables["crews"], tables["crew_at"] = _crews(world, int(parameters["gangs"]["fighters_day0"][0]))
    tables["contingents"] = _contingents(world, float(parameters["contingents"]["readiness"][0]))
    tables["units"] = _units(world)
    tables["displaced"] = _displaced(world, tables)
    _raise_brigades(tables)
    tables["institution"] = _institution(world, tables)
    tables["ledger"] = _ledger(tables)
    tables["today"] = population(Today, 1)
    tables["pulls"] = np.zeros(len(world.districts))
    tables["killed"] = np.zeros((len(PERPETRATORS), len(VICTIMS)), np.int64)
    tables["injured"] = np.zeros((len(PERPETRATORS), len(VICTIMS)), np.int64)
    return tables


def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    """Return the row of each id."""
    return {name: row for row, name in enumerate(names)}


def district_numbers(world: World) -> dict[str, int]:
    """Return the row of each district by id."""
    return _numbers(tuple(row.id for row in world.districts))


def gang_numbers(world: World) -> dict[str, int]:
    """Return the row of each gang by id."""
    return _numbers(tuple(row.id for row in world.gangs))


def contingent_numbers(world: World) -> dict[str, int]:
    """Return the row of each contingent by id."""
    return _numbers(tuple(row.id for row in world.contingents))


def _links(world: World) -> tuple[Array, list[int]]:
    """Return both directions of every link, sorted by district, and where each district's begin."""
    number = district_numbers(world)
    ways = []
    for link in world.links:
        here, there = number[link.a], number[link.b]
        ways.append((here, there, link.hours, link.kind == "sea"))
        ways.append((there, here, link.hours, link.kind == "sea"))
    ways.sort()
    table = population(Link, len(ways))
    for row, (_, target, hours, sea) in enumerate(ways):
        table[row] = (target, hours, sea)
    counts = np.bincount([way[0] for way in ways], minlength=len(number))
    return table, [0, *np.cumsum(counts).tolist()]


def _districts(world: World, starts: list[int]) -> Array:
    """Return the districts with their people, holders and stations; raise WorldError if people are too few."""
    gangs = gang_numbers(world)
    table = population(District, len(world.districts))
    for row, seed in enumerate(world.districts):
        district = District().look_at(table, row)
        district.identity = noise.identity(f"district {seed.id}")
        district.residents_2015 = seed.residents_2015
        district.metropolitan = seed.metropolitan
        district.artibonite = seed.region == "artibonite"
        district.held_on_day_0 = seed.gang_influence >= HELD
        district.first_link, district.last_link = starts[row], starts[row + 1]
        district.residents = round(seed.residents_2015 * world.population_growth) - seed.away
        district.away = seed.away
        if district.residents < 0:
            raise WorldError([f"{world.folder}: {seed.id}: more people are displaced than there are on day 0"])
        district.gang_influence = seed.gang_influence
        district.holder = STATE if seed.holder == STATE_HOLDS else gangs[seed.holder]
        district.station = seed.stations > seed.stations_inoperative
        district.cleared_on, district.attacked_on = -1, LONG_AGO
        district.offensive, district.offensive_by, district.wanted = 1.0, NO_ONE, 1.0
        district.strongest, district.menace, district.attacker = NO_ONE, NO_ONE, NO_ONE
    return table


def _hours(world: World) -> Array:
    """Return the shortest travel times by land between all districts, hours."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    number = district_numbers(world)
    land = [link for link in world.links if link.kind != "sea"]
    ends = [number[link.a] for link in land], [number[link.b] for link in land]
    graph = coo_array(([link.hours for link in land], ends), shape=(len(number), len(number)))
    # Rounded, so that a way and its return take the same time to the last bit.
    return np.ascontiguousarray(np.round(dijkstra(graph.tocsr(), directed=False), 9))


def _gangs(world: World) -> Array:
    """Return the gangs; a gang with a crew at a place with a sea link has boats."""
    harbours = {end for link in world.links if link.kind == "sea" for end in (link.a, link.b)}
    sailors = {crew.gang for crew in world.crews if crew.district in harbours}
    table = population(Gang, len(world.gangs))
    for row, seed in enumerate(world.gangs):
        gang = Gang().look_at(table, row)
        gang.identity = noise.identity(f"gang {seed.id}")
        gang.alliance, gang.coalition = _ALLIANCES[seed.alliance], seed.coalition
        gang.boats = seed.id in sailors
    return table


def share_out(total: int, weights: list[int]) -> list[int]:
    """Split a whole total in proportion to weights by largest remainder; ties go to the first."""
    everything = sum(weights)
    if everything == 0:
        return [0] * len(weights)
    parts = [total * weight // everything for weight in weights]
    order = sorted(range(len(weights)), key=lambda row: (-(total * weights[row] % everything), row))
    for row in order[: total - sum(parts)]:
        parts[row] += 1
    return parts


def _crews(world: World, fighters: int) -> tuple[Array, Array]:
    """Return the crews, their weights scaled to the fighters of day 0, and where each gang's crews are."""
    gangs, districts = gang_numbers(world), district_numbers(world)
    table = population(Crew, len(world.crews) + ROOM_FOR_CREWS)
    crew_at = np.full((len(gangs), len(districts)), NO_ONE, np.int64)
    people = share_out(fighters, [crew.weight for crew in world.crews])
    for row, seed in enumerate(world.crews):
        crew = Crew().look_at(table, row)
        crew.identity = crew_identity.plain(
            noise.identity(f"gang {seed.gang}"), noise.identity(f"district {seed.district}")
        )
        crew.gang, crew.district = gangs[seed.gang], districts[seed.district]
        crew.fighters, crew.target = people[row], NO_ONE
        crew.contests = world.districts[crew.district].holder != STATE_HOLDS
        crew_at[crew.gang, crew.district] = row
    return table, crew_at


def _contingents(world: World, readiness: float) -> Array:
    """Return the contingents with the officers of their units of day 0."""
    table = population(Contingent, len(world.contingents))
    for row, seed in enumerate(world.contingents):
        contingent = Contingent().look_at(table, row)
        contingent.identity = noise.identity(f"contingent {seed.id}")
        contingent.force, contingent.foreign = _FORCES[seed.force], seed.force == "mission"
        contingent.officers = sum(unit.officers for unit in world.units if unit.contingent == seed.id)
        contingent.readiness = readiness
    return table


def _units(world: World) -> Array:
    """Return the units of day 0, each at its base."""
    districts, contingents = district_numbers(world), contingent_numbers(world)
    table = population(PoliceUnit, len(world.units) + ROOM_FOR_UNITS)
    for row, seed in enumerate(world.units):
        unit = PoliceUnit().look_at(table, row)
        unit.identity = noise.identity(f"unit {seed.id}")
        unit.contingent, unit.kind = contingents[seed.contingent], _KINDS[seed.kind]
        unit.home = unit.quarters = unit.district = districts[seed.base]
        unit.officers, unit.night_share = seed.officers, 1.0
    return table


def _displaced(world: World, tables: Mapping[str, Array]) -> Array:
    """Return (origin, host): where the displaced of day 0 stay, near by and with family, where the state holds.

    Raises WorldError if people are displaced and no other place is held by the state.
    """
    districts = tables["districts"]
    tie = float(tables["parameters"]["displacement"]["province_tie"][0])
    safe = np.where(districts["holder"] == STATE, 1.0 - districts["gang_influence"], 0.0)
    displaced = np.zeros((len(districts), len(districts)), np.int64)
    for origin in np.flatnonzero(districts["away"]):
        near, family = tables["near"][origin] * safe, tables["family"][origin] * safe
        near[origin] = family[origin] = 0.0
        if near.sum() == 0.0:
            raise WorldError([f"{world.folder}: people are displaced but the state holds no place to host them"])
        weight = (1.0 - tie) * near / near.sum() + tie * family / (family.sum() or 1.0)
        share = np.cumsum(weight) / weight.sum()
        until = np.floor(districts["away"][origin] * share + 0.5).astype(np.int64)
        until[-1] = districts["away"][origin]
        displaced[origin] = np.diff(until, prepend=0)
    districts["hosted"] = displaced.sum(axis=0)
    return displaced


def _raise_brigades(tables: Mapping[str, Array]) -> None:
    """Give the places that the state holds next to gangs their brigades of day 0."""
    districts, links = tables["districts"], tables["links"]
    share = float(tables["parameters"]["brigade"]["day0_per_1000"][0]) / 1000.0
    for row in range(len(districts)):
        district = districts[row]
        neighbours = links["target"][district["first_link"] : district["last_link"]]
        near = len(neighbours) > 0 and districts["gang_influence"][neighbours].max() >= HELD
        if near and district["holder"] == STATE:
            districts["brigade"][row] = int(share * district["residents"])


def _institution(world: World, tables: Mapping[str, Array]) -> Array:
    """Return the institution: no mandate and no money until an event brings them."""
    table = population(Institution, 1)
    one = Institution().look_at(table, 0)
    one.mandate, one.offensive_until, one.paid = NO_MANDATE, -1, 1.0
    one.coordination = float(tables["parameters"]["command"]["coordination_day0"][0])
    one.crews, one.units = len(world.crews), len(world.units)
    one.fighters_on_day_0 = int(tables["crews"]["fighters"].sum())
    bases = [row for row, seed in enumerate(world.districts) if seed.metropolitan and seed.airport]
    capital = [row for row, seed in enumerate(world.districts) if seed.metropolitan]
    one.headquarters = (bases or capital or [0])[0]
    return table


def _ledger(tables: Mapping[str, Array]) -> Array:
    """Return the ledger of day 0."""
    table = population(Ledger, 1)
    ledger = Ledger().look_at(table, 0)
    districts = tables["districts"]
    ledger.residents_on_day_0 = int(districts["residents"].sum() + districts["hosted"].sum())
    ledger.fighters_on_day_0 = int(tables["crews"]["fighters"].sum())
    ledger.officers_on_day_0 = int(tables["units"]["officers"].sum())
    ledger.prisoners = ledger.prisoners_on_day_0 = int(tables["parameters"]["gangs"]["prisoners_day0"][0])
    return table
