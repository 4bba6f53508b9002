"""Who is armed on day 0, and who pays: gangs and crews, contingents and units, donors."""

from collections.abc import Mapping

import numpy as np

from teritwa.engine import randomness
from teritwa.engine.records import Array, Views, new_table
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import (
    AS_THE_POSTURE,
    BY_ATTACKS,
    NO_OPERATIONS,
    PATROL,
    RAID,
    STATIC_GUARD,
    Doctrine,
)
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.institutions import Donor
from teritwa.rules.agents.police_unit import ARMY, Contingent, PoliceUnit
from teritwa.rules.gangs.arms import combat_effectiveness_of
from teritwa.rules.gangs.crews import crew_identity
from teritwa.world import STATE as STATE_HOLDS
from teritwa.world import World
from teritwa.world.codes import FORCES, TERMS, UNIT_KINDS
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    gang_numbers,
)

NO_ALLIANCE = "none"
"""What stands in the table for a gang without an alliance."""


def _codes_of_alliances(world: World) -> dict[str, int]:
    """Return a number from 1 for each alliance of a world, and 0 for none."""
    alliances = sorted({row.alliance for row in world.gangs} - {NO_ALLIANCE})
    return {NO_ALLIANCE: 0} | {name: number for number, name in enumerate(alliances, start=1)}


def gangs_of(world: World) -> Array:
    """Return the gangs; a gang with a crew at a place with a sea link has boats."""
    harbours = {end for link in world.links if link.kind == "sea" for end in (link.a, link.b)}
    sailors = {crew.gang for crew in world.crews if crew.district in harbours}
    table = new_table(Gang, len(world.gangs))
    views = Views(Gang, table)
    code = _codes_of_alliances(world)
    for number, row in enumerate(world.gangs):
        gang = views[number]
        gang.identity = randomness.identity(f"gang {row.id}")
        gang.alliance, gang.coalition = code[row.alliance], row.coalition
        gang.boats = row.id in sailors
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


def crews_of(world: World) -> Array:
    """Return the crews of day 0, without their fighters."""
    gangs, districts = gang_numbers(world), district_numbers(world)
    table = new_table(Crew, len(world.crews))
    views = Views(Crew, table)
    for number, row in enumerate(world.crews):
        crew = views[number]
        crew.identity = crew_identity.plain(
            randomness.identity(f"gang {row.gang}"), randomness.identity(f"district {row.district}")
        )
        crew.gang, crew.district = gangs[row.gang], districts[row.district]
        crew.target = crew.next_crew = crew.next_attacker = NO_ONE
        crew.claims_district = world.districts[crew.district].holder != STATE_HOLDS
    return table


def list_crews(tables: Mapping[str, Array]) -> None:
    """Enter each crew in the lists of its district and its gang."""
    crews, presence = Views(Crew, tables["crews"]), tables["districts"]["presence"]
    presence["first_crew"] = presence["last_crew"] = NO_ONE
    tables["gangs"]["crews"] = np.bincount(tables["crews"]["gang"], minlength=len(tables["gangs"]))
    tables["gangs"]["first_crew"] = NO_ONE
    gangs, last = Views(Gang, tables["gangs"]), dict[int, int]()
    for row, crew in enumerate(crews):
        gang = gangs[crew.gang]
        crew.next_of_gang, gang.first_crew = gang.first_crew, row
        if crew.district in last:
            crews[last[crew.district]].next_crew = row
        else:
            presence["first_crew"][crew.district] = row
        last[crew.district] = presence["last_crew"][crew.district] = row


def contingents_of(world: World) -> Array:
    """Return the contingents with the officers of their units of day 0."""
    table, spoken = new_table(Contingent, len(world.contingents)), world.languages.split()
    views = Views(Contingent, table)
    for number, row in enumerate(world.contingents):
        contingent = views[number]
        contingent.identity = randomness.identity(f"contingent {row.id}")
        contingent.force, contingent.foreign = FORCES.index(row.force), row.force == "mission"
        contingent.officers = sum(
            unit.officers for unit in world.units if unit.contingent == row.id
        )
        contingent.cost_factor = contingent.pay_share = contingent.cost_share_paid = 1.0
        contingent.own_patience = -1
        contingent.terms, contingent.casualty_tolerance = (
            TERMS.index(row.terms),
            float(row.casualty_tolerance),
        )
        contingent.speaks_local_language = not set(spoken).isdisjoint(row.languages.split())
    return table


def doctrines_of() -> Array:
    """Return the doctrines of the forces on day 0: police and mission raid, the army guards."""
    table = new_table(Doctrine, len(FORCES))
    for force, doctrine in enumerate(Views(Doctrine, table)):
        doctrine.operations = NO_OPERATIONS if force == ARMY else RAID
        doctrine.at_home = STATIC_GUARD if force == ARMY else PATROL
        doctrine.first = BY_ATTACKS
        doctrine.share_out = doctrine.force_ratio = doctrine.garrison = AS_THE_POSTURE
        doctrine.patience = doctrine.hand_over = int(AS_THE_POSTURE)
    return table


def donors_of(world: World) -> Array:
    """Return the donors, who have announced nothing yet."""
    table = new_table(Donor, len(world.donors))
    views = Views(Donor, table)
    for number, row in enumerate(world.donors):
        donor = views[number]
        donor.conditional_share, donor.paying = row.conditional_share, True
    return table


def units_of(world: World) -> Array:
    """Return the units of day 0, each at its base."""
    districts, contingents = district_numbers(world), contingent_numbers(world)
    table = new_table(PoliceUnit, len(world.units))
    views = Views(PoliceUnit, table)
    for number, row in enumerate(world.units):
        unit = views[number]
        unit.identity = randomness.identity(f"unit {row.id}")
        unit.contingent, unit.kind = contingents[row.contingent], UNIT_KINDS.index(row.kind)
        unit.home = unit.quarters = unit.district = districts[row.base]
        unit.officers, unit.night_share, unit.campaign = row.officers, 1.0, NO_ONE
        unit.posture = PATROL
    return table


def equip_gangs(tables: Mapping[str, Array]) -> None:
    """Give each gang its members, firearms and cash of day 0."""
    gangs, crews, parameters = tables["gangs"], tables["crews"], tables["parameters"]
    gangs["wage_share_paid"] = 1.0
    gangs["members"] = np.bincount(crews["gang"], crews["fighters"], len(gangs)).astype(np.int64)
    per_fighter = float(parameters["arms"]["firearms_per_fighter_day0"][0])
    gangs["firearms"] = (per_fighter * gangs["members"] + 0.5).astype(np.int64)
    wage = float(parameters["extortion"]["fighter_wage"][0])
    weeks = float(parameters["extortion"]["cash_weeks_day0"][0])
    gangs["treasury"] = (100.0 * wage * weeks * gangs["members"]).astype(np.int64)
    unarmed = float(parameters["arms"]["unarmed_effectiveness"][0])
    armed = zip(gangs["members"].tolist(), gangs["firearms"].tolist(), strict=True)
    gangs["combat_effectiveness"] = [
        combat_effectiveness_of.plain(members, firearms, unarmed) for members, firearms in armed
    ]
