"""Presence (M3): armed people in a district by day and by night, and how far they cover it.

Coverage is 1 - exp(-density * ln 3 / c), with density in armed people per 1,000 residents and c the
density at which two thirds are covered (form: Athena simulation, Jet Propulsion Laboratory, analyst
guide). Results depend strongly on the default value of c, which is uncertain.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.doctrine import STATIC_GUARD, Posture
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.police_unit import (
    ARMY,
    MISSION,
    OPERATING,
    TECHNICAL_HELP,
    Contingent,
    PoliceUnit,
)
from teritwa.rules.agents.state import State
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.outcomes import BY_CONTINGENT, BY_DISTRICT, outcome

IS_STRONGEST = decision("one of equally strong crews counts as the strongest")
LN_3 = math.log(3.0)


class Presence(Parameters):
    """How far armed people cover a district."""

    police_coverage_constant: float = parameter(
        6.0,
        "officers per 1,000 residents",
        between=(2.0, 25.0),
        bounds=(0.01, 1000.0),
        grade="C",
        source="assumption",
        meaning="officers on duty per 1,000 people at which two thirds of a district are covered",
    )
    gang_coverage_constant: float = parameter(
        3.0,
        "fighters per 1,000 residents",
        between=(1.0, 12.0),
        bounds=(0.01, 1000.0),
        grade="C",
        source="assumption; Athena analyst guide gives 12 for coercion",
        meaning="fighters per 1,000 people at which two thirds of a district are covered",
    )
    on_duty_share: float = parameter(
        0.33,
        "1",
        between=(0.2, 0.4),
        bounds=(0.01, 1.0),
        grade="C",
        source="assumption: three shifts",
        meaning="share of officers on duty at any time",
    )
    mission_effect: float = parameter(
        1.0,
        "1",
        between=(0.5, 4.0),
        grade="C",
        source="assumption",
        meaning="coverage and lethality of a mission officer, as a multiple of a police officer's",
        informed_by="past missions: losses of gangs by officer-hour",
    )


GANG_FIGHTERS = outcome(
    "gang_fighters",
    "districts.presence.fighters",
    unit="persons",
    meaning="gang fighters in the district, as counted before people join and leave at midnight",
    stored="i4",
    dimensions=BY_DISTRICT,
)


OFFICERS_OUT = outcome(
    "officers_out",
    "contingents.out",
    unit="officers",
    meaning="able officers who operate, hold a district or are on duty on patrol",
    stored="f4",
    dimensions=BY_CONTINGENT,
)


@rule
def coverage(armed: float, people: int, constant: float) -> float:
    """Return the share of a district that armed people cover, 0 to 1.

    Args:
        armed: Armed people of one side.
        people: Residents and displaced persons in the district.
        constant: Armed people per 1,000 at which two thirds are covered.
    """
    if armed <= 0.0:
        return 0.0
    density = 1000.0 * armed / max(people, 1)
    return 1.0 - math.exp(-density * LN_3 / constant)


@rule
def able_officers(unit: PoliceUnit, contingent: Contingent) -> float:
    """Return the officers of a unit who are able to operate: no technical advisers."""
    return 0.0 if contingent.terms == TECHNICAL_HELP else unit.officers * contingent.readiness


@rule
def effective_officers(unit: PoliceUnit, contingent: Contingent, presence: Presence) -> float:
    """Return the officers of a unit who are ready, weighted by the effect of mission officers.

    Technical advisers neither patrol nor guard.
    """
    strength = able_officers(unit, contingent)
    if contingent.force == MISSION:
        strength *= presence.mission_effect
    return strength


@rule
def night_vision_share(contingent: Contingent) -> float:
    """Return the share of a contingent's officers who have a night-vision set."""
    return min(1.0, 1.0 * contingent.night_vision / max(1, contingent.officers))


@rule
def add_engaged(district: District, force: int, strength: float) -> None:
    """Add the effective officers of an operating unit to those in a district, by force."""
    district.presence.officers_day += strength
    if force == MISSION:
        district.presence.mission_engaged += strength
    elif force == ARMY:
        district.presence.army_engaged += strength
    else:
        district.presence.police_engaged += strength


@rule
def update_day_presence(state: State) -> None:
    """Count the effective officers in each district by day.

    Operating units count in full, the others with the share of officers on duty.
    """
    presence = Presence.of(state)
    for district in state.districts:
        clear_day_presence(district)
    for contingent in state.contingents:
        contingent.on_operations, contingent.out, contingent.cost_factor = 0, 0.0, 1.0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        able = able_officers(unit, contingent)
        strength = effective_officers(unit, contingent, presence)
        posture = state.postures[unit.posture]
        if unit.task == OPERATING:
            contingent.on_operations += unit.officers
            contingent.out += able
            add_engaged(state.districts[unit.district], contingent.force, strength)
        else:
            on_duty = presence.on_duty_share
            if unit.posted:
                contingent.out += able
            elif unit.posture != STATIC_GUARD:
                contingent.out += on_duty * able
            strength *= on_duty * posture.coverage
            state.districts[unit.district].presence.officers_day += strength
        add_manner(state.districts[unit.district], posture, strength)
        if contingent.officers > 0:
            share = 1.0 * unit.officers / contingent.officers
            contingent.cost_factor += share * (posture.cost - 1.0)


@rule
def add_manner(district: District, posture: Posture, strength: float) -> None:
    """Add what effective officers do for search and trust to that of the others in a district."""
    district.presence.search_effort += posture.search * strength
    district.presence.trust_effort += posture.trust * strength


@rule
def clear_day_presence(district: District) -> None:
    """Set the officers in a district by day to zero."""
    presence = district.presence
    presence.officers_day, presence.police_engaged = 0.0, 0.0
    presence.army_engaged, presence.mission_engaged = 0.0, 0.0
    presence.search_effort, presence.trust_effort = 0.0, 0.0


@rule
def add_night_watch(district: District, force: int, strength: float) -> None:
    """Add effective officers on duty at night to those in a district, by force."""
    district.presence.officers_night += strength
    if force == MISSION:
        district.presence.mission_night += strength
    elif force == ARMY:
        district.presence.army_night += strength


@rule
def update_night_presence(state: State) -> None:
    """Count the effective officers in each district by night.

    The officers of a unit who are on duty divide the night between the district in which the unit
    operated and its quarters. Night vision makes them more effective.
    """
    presence = Presence.of(state)
    for district in state.districts:
        district.presence.officers_night, district.presence.army_night = 0.0, 0.0
        district.presence.mission_night = 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        strength = presence.on_duty_share * effective_officers(unit, contingent, presence)
        if Equipment.of(state).enabled:
            strength *= 1.0 + Equipment.of(state).night_vision_gain * night_vision_share(contingent)
        strength *= state.postures[unit.posture].coverage
        place = unit.operated_in if unit.task == OPERATING else unit.quarters
        force = contingent.force
        add_night_watch(state.districts[place], force, unit.night_share * strength)
        add_night_watch(state.districts[unit.quarters], force, (1.0 - unit.night_share) * strength)


@rule
def update_gang_presence(state: State) -> None:
    """Count the fighters in each district, also by alliance and weighted by their arms."""
    for district in state.districts:
        clear_gang_presence(district)
    state.allied_fighters[:, :] = 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        presence = state.districts[crew.district].presence
        presence.members += crew.fighters + crew.hiding
        if crew.fighters > 0:
            gang = state.gangs[crew.gang]
            state.allied_fighters[crew.district, 0] += crew.fighters
            if gang.alliance > 0:
                state.allied_fighters[crew.district, gang.alliance] += crew.fighters
            presence.fighters += crew.fighters
            presence.effective_fighters += crew.fighters * gang.combat_effectiveness
            presence.claimant_fighters += crew.fighters if crew.claims_district else 0


@rule
def clear_gang_presence(district: District) -> None:
    """Set the fighters in a district to zero."""
    presence = district.presence
    presence.fighters, presence.members, presence.claimant_fighters = 0, 0, 0
    presence.effective_fighters = 0.0


@rule
def find_strongest_claimants(state: State, randomness: Randomness) -> None:
    """Find the strongest crew that claims each district: its gang may hold the district.

    Of crews of one size a lot decides that lasts for the run, so that equals do not take turns.
    """
    for district in state.districts:
        district.presence.strongest_claimant = NO_ONE
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.claims_district and crew.fighters > 0:
            presence = state.districts[crew.district].presence
            other = presence.strongest_claimant
            if other == NO_ONE or is_stronger(randomness, crew, state.crews[other]):
                presence.strongest_claimant = row


@rule
def lot_of_crew(randomness: Randomness, crew: Crew) -> float:
    """Return a crew's lot for the run: of equally strong crews the lowest is the strongest."""
    whole_run = Randomness(randomness.first, randomness.second, 0)
    return uniform(whole_run, IS_STRONGEST, crew.identity)


@rule
def is_stronger(randomness: Randomness, crew: Crew, other: Crew) -> bool:
    """Return whether a crew has more fighters than another, or as many and the lower lot."""
    if crew.fighters != other.fighters:
        return crew.fighters > other.fighters
    return lot_of_crew(randomness, crew) < lot_of_crew(randomness, other)
