"""Presence (M3): armed people in a district now, by day and by night, and how far they cover it.

Coverage is 1 - exp(-density * ln 3 / c), with density in armed people per 1,000 residents and c the
density at which two thirds are covered (form: Athena simulation, Jet Propulsion Laboratory, analyst
guide). The shipped value of c decides much and is uncertain: at c = 25 the 700 soldiers who took
Cité Soleil (300,000 residents) in 2007 would have covered a tenth of it.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.police_unit import ARMY, MISSION, OPERATING, Contingent, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.outcomes import BY_DISTRICT, outcome

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
        source="assumption: not identifiable from 2024, when the mission's arrival coincides with other change",
        meaning="coverage and lethality of a mission officer, as a multiple of a Haitian officer's",
        informed_by="nothing: confounded with time in 2024: what an officer of the mission counts for",
    )


GANG_FIGHTERS = outcome(
    "gang_fighters",
    "districts.presence.fighters",
    unit="persons",
    meaning="gang fighters there",
    stored="i4",
    dimensions=BY_DISTRICT,
)


@rule
def coverage(armed: float, people: int, constant: float) -> float:
    """Return the share of a district, 0 to 1, that ``armed`` people cover among ``people``."""
    if armed <= 0.0:
        return 0.0
    density = 1000.0 * armed / max(people, 1)
    return 1.0 - math.exp(-density * LN_3 / constant)


@rule
def effective_officers(unit: PoliceUnit, contingent: Contingent, presence: Presence) -> float:
    """Return the officers of a unit that count: those ready, weighed by the mission's effect."""
    strength = unit.officers * contingent.readiness
    if contingent.force == MISSION:
        strength *= presence.mission_effect
    return strength


@rule
def night_vision_share(contingent: Contingent) -> float:
    """Return the share of a contingent's officers who have a night-vision set."""
    return min(1.0, 1.0 * contingent.night_vision / max(1, contingent.officers))


@rule
def add_engaged(district: District, force: int, strength: float) -> None:
    """Add a unit that operates in a district to those engaged there, by force."""
    district.presence.officers_day += strength
    if force == MISSION:
        district.presence.mission_engaged += strength
    elif force == ARMY:
        district.presence.army_engaged += strength
    else:
        district.presence.police_engaged += strength


@rule
def update_day_presence(state: State) -> None:
    """Count who stands where by day: operating units in full, the others by shift."""
    presence = Presence.of(state)
    for district in state.districts:
        district.presence.officers_day = 0.0
        (
            district.presence.police_engaged,
            district.presence.army_engaged,
            district.presence.mission_engaged,
        ) = (
            0.0,
            0.0,
            0.0,
        )
    for contingent in state.contingents:
        contingent.on_operations = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        strength = effective_officers(unit, contingent, presence)
        if unit.task == OPERATING:
            contingent.on_operations += unit.officers
            add_engaged(state.districts[unit.district], contingent.force, strength)
        else:
            state.districts[unit.district].presence.officers_day += (
                presence.on_duty_share * strength
            )


@rule
def add_night_watch(district: District, force: int, strength: float) -> None:
    """Add officers on duty at night to a district, by force."""
    district.presence.officers_night += strength
    if force == MISSION:
        district.presence.mission_night += strength
    elif force == ARMY:
        district.presence.army_night += strength


@rule
def update_night_presence(state: State) -> None:
    """Count who stands where by night: a shift of each unit, split between where it operated and its quarters."""
    presence = Presence.of(state)
    for district in state.districts:
        (
            district.presence.officers_night,
            district.presence.army_night,
            district.presence.mission_night,
        ) = 0.0, 0.0, 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        strength = presence.on_duty_share * effective_officers(unit, contingent, presence)
        if Equipment.of(state).enabled:
            strength *= 1.0 + Equipment.of(state).night_vision_gain * night_vision_share(contingent)
        place = unit.operated_in if unit.task == OPERATING else unit.quarters
        force = contingent.force
        add_night_watch(state.districts[place], force, unit.night_share * strength)
        add_night_watch(state.districts[unit.quarters], force, (1.0 - unit.night_share) * strength)


@rule
def update_gang_presence(state: State) -> None:
    """Count the fighters in each district, and note the strongest crews there."""
    for district in state.districts:
        district.presence.fighters, district.presence.strongest_fighters = 0, 0
        district.presence.claimant_fighters, district.presence.strongest_claimant_fighters = 0, 0
        (
            district.presence.strongest_crew,
            district.presence.strongest_claimant,
            district.presence.strongest_gang,
        ) = (
            NO_ONE,
            NO_ONE,
            NO_ONE,
        )
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters > 0:
            add_crew_presence(
                crew, row, state.districts[crew.district], state.gangs[crew.gang].alliance
            )


@rule
def add_crew_presence(crew: Crew, row: int, district: District, alliance: int) -> None:
    """Add a crew to those who stand in its district."""
    district.presence.fighters += crew.fighters
    if crew.fighters > district.presence.strongest_fighters:
        district.presence.strongest_crew, district.presence.strongest_fighters = row, crew.fighters
        district.presence.strongest_gang, district.presence.strongest_alliance = crew.gang, alliance
    if crew.claims_district:
        district.presence.claimant_fighters += crew.fighters
        if crew.fighters > district.presence.strongest_claimant_fighters:
            district.presence.strongest_claimant, district.presence.strongest_claimant_fighters = (
                row,
                crew.fighters,
            )


@rule
def update_nearest_threat(state: State) -> None:
    """Note the strongest crew in each district or next door."""
    for district in state.districts:
        most = district.presence.strongest_fighters
        district.presence.nearest_threat = district.presence.strongest_crew
        for link in range(district.place.first_link, district.place.last_link):
            neighbour = state.districts[state.links[link].target]
            if neighbour.presence.strongest_fighters > most:
                district.presence.nearest_threat, most = (
                    neighbour.presence.strongest_crew,
                    neighbour.presence.strongest_fighters,
                )
