"""Who is armed on day 0, and who pays: gangs and crews, contingents and units, donors."""

from collections.abc import Mapping

import numpy as np

from teritwa.engine import randomness
from teritwa.engine.records import Array, new_table
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.institution import Donor
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    ARMY,
    MILITARY_ONLY,
    MISSION,
    POLICE,
    SOLDIERS,
    SPECIAL,
    STATION,
    TECHNICAL_HELP,
    UNDER_UN,
    Contingent,
    PoliceUnit,
)
from teritwa.rules.gangs.arms import combat_effectiveness_of
from teritwa.rules.gangs.attack_resolution import crew_identity
from teritwa.world import STATE as STATE_HOLDS
from teritwa.world import World
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    gang_numbers,
)

ROOM_FOR_CREWS, ROOM_FOR_UNITS = 1024, 512
"""Rows kept free for crews and units that come into being in a run."""

_FORCES = {"police": POLICE, "army": ARMY, "mission": MISSION}
_KINDS = {"station": STATION, "special": SPECIAL, "army": SOLDIERS}
_TERMS = {"any": ANY_MISSION, "military": MILITARY_ONLY, "technical": TECHNICAL_HELP, "under-un": UNDER_UN}
_SPOKEN = frozenset(("french", "creole"))
_ALLIANCES = {"none": 0, "g9": 1, "g-pep": 2}


def gangs_of(world: World) -> Array:
    """Return the gangs; a gang with a crew at a place with a sea link has boats."""
    harbours = {end for link in world.links if link.kind == "sea" for end in (link.a, link.b)}
    sailors = {crew.gang for crew in world.crews if crew.district in harbours}
    table = new_table(Gang, len(world.gangs))
    for row, seed in enumerate(world.gangs):
        gang = Gang().look_at(table, row)
        gang.identity = randomness.identity(f"gang {seed.id}")
        gang.alliance, gang.coalition = _ALLIANCES[seed.alliance], seed.coalition
        gang.boats = seed.id in sailors
    return table


def apportion(total: int, weights: list[int]) -> list[int]:
    """Split a whole total in proportion to weights by largest remainder; ties go to the first."""
    everything = sum(weights)
    if everything == 0:
        return [0] * len(weights)
    parts = [total * weight // everything for weight in weights]
    order = sorted(range(len(weights)), key=lambda row: (-(total * weights[row] % everything), row))
    for row in order[: total - sum(parts)]:
        parts[row] += 1
    return parts


def crews_of(world: World, fighters: int) -> tuple[Array, Array]:
    """Return the crews, their weights scaled to the fighters of day 0, and where each gang's crews are."""
    gangs, districts = gang_numbers(world), district_numbers(world)
    table = new_table(Crew, len(world.crews) + ROOM_FOR_CREWS)
    crew_at = np.full((len(gangs), len(districts)), NO_ONE, np.int64)
    people = apportion(fighters, [crew.weight for crew in world.crews])
    for row, seed in enumerate(world.crews):
        crew = Crew().look_at(table, row)
        crew.identity = crew_identity.plain(
            randomness.identity(f"gang {seed.gang}"), randomness.identity(f"district {seed.district}")
        )
        crew.gang, crew.district = gangs[seed.gang], districts[seed.district]
        crew.fighters, crew.target = people[row], NO_ONE
        crew.claims_district = world.districts[crew.district].holder != STATE_HOLDS
        crew_at[crew.gang, crew.district] = row
    return table, crew_at


def contingents_of(world: World, readiness: float) -> Array:
    """Return the contingents with the officers of their units of day 0."""
    table = new_table(Contingent, len(world.contingents))
    for row, seed in enumerate(world.contingents):
        contingent = Contingent().look_at(table, row)
        contingent.identity = randomness.identity(f"contingent {seed.id}")
        contingent.force, contingent.foreign = _FORCES[seed.force], seed.force == "mission"
        contingent.officers = sum(unit.officers for unit in world.units if unit.contingent == seed.id)
        contingent.readiness = readiness
        contingent.terms, contingent.casualty_tolerance = _TERMS[seed.terms], float(seed.casualty_tolerance)
        contingent.speaks_local_language = not _SPOKEN.isdisjoint(seed.languages.split())
    return table


def donors_of(world: World) -> Array:
    """Return the donors, who have announced nothing yet."""
    table = new_table(Donor, len(world.donors))
    for row, seed in enumerate(world.donors):
        donor = Donor().look_at(table, row)
        donor.identity = randomness.identity(f"donor {seed.id}")
        donor.conditional_share, donor.paying = seed.conditional_share, True
    return table


def units_of(world: World) -> Array:
    """Return the units of day 0, each at its base."""
    districts, contingents = district_numbers(world), contingent_numbers(world)
    table = new_table(PoliceUnit, len(world.units) + ROOM_FOR_UNITS)
    for row, seed in enumerate(world.units):
        unit = PoliceUnit().look_at(table, row)
        unit.identity = randomness.identity(f"unit {seed.id}")
        unit.contingent, unit.kind = contingents[seed.contingent], _KINDS[seed.kind]
        unit.home = unit.quarters = unit.district = districts[seed.base]
        unit.officers, unit.night_share = seed.officers, 1.0
    return table


def equip_gangs(tables: Mapping[str, Array]) -> None:
    """Give each gang its members, firearms and cash of day 0."""
    gangs, crews, parameters = tables["gangs"], tables["crews"], tables["parameters"]
    gangs["members"] = np.bincount(crews["gang"], crews["fighters"], len(gangs)).astype(np.int64)
    per_fighter = float(parameters["arms"]["firearms_per_fighter_day0"][0])
    gangs["firearms"] = (per_fighter * gangs["members"] + 0.5).astype(np.int64)
    weekly = (
        100.0 * float(parameters["extortion"]["fighter_wage"][0]) * float(parameters["extortion"]["cash_weeks_day0"][0])
    )
    gangs["treasury"] = (weekly * gangs["members"]).astype(np.int64)
    unarmed = float(parameters["arms"]["unarmed_effectiveness"][0])
    for row in range(len(gangs)):
        gang = Gang().look_at(gangs, row)
        gang.wage_share_paid, gang.combat_effectiveness = (
            1.0,
            combat_effectiveness_of.plain(gang.members, gang.firearms, unarmed),
        )
