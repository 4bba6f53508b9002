"""Places on day 0: districts and links, displaced people, brigades, schools and hospitals."""

from collections.abc import Mapping

import numpy as np

from teritwa.engine import randomness
from teritwa.engine.records import Array, Views, new_table
from teritwa.rules.agents.district import (
    NO_ONE,
    STATE,
    District,
    DistrictControl,
    Link,
    Place,
    Region,
)
from teritwa.rules.agents.doctrine import NO_OPERATIONS
from teritwa.rules.agents.police_unit import MISSION
from teritwa.world import STATE as STATE_HOLDS
from teritwa.world import DistrictRow, World, WorldError
from teritwa.world.row_numbers import district_numbers, gang_numbers

LONG_AGO = -1000
"""The day of an attack, or of a takeover, that nobody remembers."""


def links_of(world: World) -> tuple[Array, list[int]]:
    """Return both directions of every link, sorted by district, and where each district's begin."""
    number = district_numbers(world)
    ways = []
    for link in world.links:
        here, there = number[link.a], number[link.b]
        ways.append((here, there, link.hours, link.kind == "sea"))
        ways.append((there, here, link.hours, link.kind == "sea"))
    ways.sort()
    links = new_table(Link, len(ways))
    links["target"] = [target for _, target, _, _ in ways]
    links["hours"] = [hours for _, _, hours, _ in ways]
    links["sea"] = [sea for _, _, _, sea in ways]
    counts = np.bincount([way[0] for way in ways], minlength=len(number))
    return links, [0, *np.cumsum(counts).tolist()]


def _highways(world: World) -> list[int]:
    """Return how many national roads leave each district."""
    number = district_numbers(world)
    ends = [
        number[end]
        for link in world.links
        if link.kind == "national-road"
        for end in (link.a, link.b)
    ]
    return np.bincount(ends, minlength=len(number)).tolist() if ends else [0] * len(number)


def regions_of(world: World) -> Array:
    """Return the regions of the world's districts, by name."""
    names = _region_names(world)
    table = new_table(Region, len(names))
    table["identity"] = [randomness.identity(f"region {name}") for name in names]
    return table


def _region_names(world: World) -> list[str]:
    """Return the names of the regions of the world's districts, sorted."""
    return sorted({row.region for row in world.districts})


def districts_of(world: World) -> Array:
    """Return the districts with their people, holders and stations.

    Raises:
        WorldError: If more people are displaced from a district than there are.
    """
    gangs, roads, regions = gang_numbers(world), _highways(world), _region_names(world)
    table = new_table(District, len(world.districts))
    districts = Views(District, table)
    for number, row in enumerate(world.districts):
        district = districts[number]
        district.identity = randomness.identity(f"district {row.id}")
        _set_facts(district.place, row)
        district.place.highways, district.place.region = (
            roads[number],
            regions.index(row.region),
        )
        residents = round(row.residents_2015 * world.population_growth) - row.displaced_from
        if residents < 0:
            what = "more people are displaced than there are on day 0"
            raise WorldError([f"{world.folder}: {row.id}: {what}"])
        district.people.residents = residents
        district.people.displaced_from = row.displaced_from
        district.people.under_gang = row.holder != STATE_HOLDS
        district.people.fallen_on = LONG_AGO
        _set_control(district.control, row, gangs)
        district.orders.offensive_factor, district.orders.operation_priority = 1.0, 1.0
        district.orders.offensive_gang = NO_ONE
        district.orders.ordered_posture = NO_OPERATIONS
        district.orders.campaign_since, district.orders.campaign_ended = -1, LONG_AGO
        district.control.base_force = MISSION
        district.presence.strongest_claimant = NO_ONE
        district.night.lead_crew = district.night.first_attacker = NO_ONE
    return table


def _set_facts(place: Place, row: DistrictRow) -> None:
    """Write what a district is."""
    place.residents_2015, place.metropolitan = row.residents_2015, row.metropolitan
    place.held_on_day_0 = row.holder != STATE_HOLDS
    place.port, place.airport, place.fuel_terminal = row.port, row.airport, row.fuel_terminal
    place.hospitals, place.prison = row.hospitals, row.prisons > 0


def _set_control(control: DistrictControl, row: DistrictRow, gangs: Mapping[str, int]) -> None:
    """Write who holds a district on day 0."""
    control.gang_influence = row.gang_influence
    control.holder = STATE if row.holder == STATE_HOLDS else gangs[row.holder]
    control.station = row.stations > row.stations_inoperative
    control.cleared_on, control.attacked_on = -1, LONG_AGO
    control.standing = row.gang_influence


def displaced_on_day_0(world: World, tables: Mapping[str, Array]) -> Array:
    """Return the displaced of day 0 by destination: they stay where the state holds.

    A share follows family ties, the others stay near by.

    Raises:
        WorldError: If people are displaced and no other place is held by the state.
    """
    control, people = tables["districts"]["control"], tables["districts"]["people"]
    hosts, first = tables["destinations"]["host"], tables["districts"]["place"]["first_destination"]
    origins = np.repeat(np.arange(len(first)), np.diff(first, append=len(hosts)))
    safe = np.where(control["holder"] == STATE, 1.0 - control["gang_influence"], 0.0)
    safety = np.where(hosts == origins, 0.0, safe[hosts])
    near, family = tables["near"] * safety, tables["destinations"]["family"] * safety
    near_in_all, family_in_all = (np.add.reduceat(pull, first) for pull in (near, family))
    if np.any((people["displaced_from"] > 0) & (near_in_all == 0.0)):
        what = "people are displaced but the state holds no place to host them"
        raise WorldError([f"{world.folder}: {what}"])
    tie = float(tables["parameters"]["displacement"]["family_tie_weight"][0])
    tie_of = np.where(family_in_all > 0.0, tie, 0.0)
    by_near, by_family = (
        weight / np.where(total > 0.0, total, 1.0)
        for weight, total in ((1.0 - tie_of, near_in_all), (tie_of, family_in_all))
    )
    reached = np.cumsum(by_near[origins] * near + by_family[origins] * family)
    before = np.where(first > 0, reached[first - 1], 0.0)
    share = np.minimum(1.0, reached - before[origins])
    until = np.floor(people["displaced_from"][origins] * share + 0.5).astype(np.int64)
    until[np.append(first[1:], len(hosts)) - 1] = people["displaced_from"]
    displaced: Array = np.diff(until, prepend=0)
    displaced[first] = until[first]
    people["displaced_hosted"] = np.bincount(hosts, displaced, len(safe)).astype(np.int64)
    return displaced


def form_brigades(tables: Mapping[str, Array]) -> None:
    """Give the places that the state holds next to gangs their brigades of day 0."""
    districts, links = tables["districts"], tables["links"]
    members = float(tables["parameters"]["self_defence"]["members_per_1000_day0"][0])
    holder, place = districts["control"]["holder"], districts["place"]
    gangs_until = np.append(0, np.cumsum(holder[links["target"]] != STATE))
    threatened = gangs_until[place["last_link"]] > gangs_until[place["first_link"]]
    brigade = (members / 1000.0 * districts["people"]["residents"]).astype(np.int64)
    districts["people"]["brigade"] = np.where(threatened & (holder == STATE), brigade, 0)


def open_services(tables: Mapping[str, Array]) -> None:
    """Open as many schools and hospitals as gang influence leaves, and dig gangs in."""
    parameters, control = tables["parameters"], tables["districts"]["control"]
    services, people = tables["districts"]["services"], tables["districts"]["people"]
    closed = float(parameters["services"]["closure_share"][0]) * control["gang_influence"]
    services["schools_open"] = services["hospitals_open"] = 1.0 - closed
    services["goods_supply"] = 1.0
    services["aid_access"] = float(parameters["aid"]["coverage"][0])
    people["trust"] = float(parameters["trust"]["baseline"][0])
    held = tables["districts"]["place"]["held_on_day_0"]
    control["entrenchment"] = np.where(held, control["gang_influence"], 0.0)
    people["recruitment_pool"] = 1.0
