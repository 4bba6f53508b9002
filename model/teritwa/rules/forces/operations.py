"""Clash (M4, M4b): units that operate meet crews; both lose people, bystanders die, a crew may disperse.

Attrition has the form of an ambush (Deitchman 1962): the officers' losses follow the number of fighters, who
aim; the fighters' losses follow officer-hours and how many fighters there are to be found, saturating. The field
rate is of the order of 2.4e-4 gang members killed per officer-hour (Cité Soleil, 9 February 2007); Haitian
police operations of 2024 killed some ten times more per officer-hour. Collateral deaths rise where little is
known (Kress and Szechtman 2009). Success saturates in the ratio of forces, without a threshold (Friedman 2011;
Dupuy's ratio of three to one is the midpoint).
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Chance, decision, poisson, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    kill_civilians,
    kill_fighters,
    kill_officers,
    perpetrator_of,
)
from teritwa.rules.forces.equipment import risk_of_officers
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.gangs.relocation import ratio_needed, shift_crew

FIGHTERS_KILLED = decision("operation kills fighters")
BYSTANDERS_KILLED = decision("operation kills bystanders")
OFFICERS_KILLED = decision("ambush kills officers")
FIGHTERS_ARRESTED = decision("operation arrests fighters")
CREW_CLEARED = decision("operation drives a crew into hiding")


class Clash(Parameters):
    """Rates of loss when units operate among crews."""

    acts: bool = switch(meaning="units that operate meet crews")
    lethality: float = parameter(
        0.006,
        "gang members killed per officer-hour",
        between=(0.00024, 0.01),
        grade="C",
        source="assumption; 2.4e-4 in Cité Soleil on 9 February 2007 (press reports), some 0.0023 needed for the "
        "police killings of 2024 (F077, F102) if 300 officers operate 8 hours a day",
        meaning="fighters killed per effective officer-hour when fighters are plentiful and all known",
    )
    hours: float = parameter(
        8.0,
        "hours",
        between=(4.0, 12.0),
        grade="C",
        source="assumption: a working day; forces leave before dark (S68)",
        meaning="length of an operation",
    )
    contact_fighters: float = parameter(
        50.0,
        "persons",
        between=(10.0, 200.0),
        grade="C",
        source="assumption",
        meaning="fighters in a district at which half of the officers' hours find any",
    )
    collateral: float = parameter(
        0.6,
        "1",
        between=(0.1, 1.0),
        grade="C",
        source="assumption; F183: 281 summary executions by police in 2024",
        meaning="bystanders killed per fighter killed where nothing is known of the gangs",
    )
    ambush: float = parameter(
        2.0e-5,
        "officers killed per fighter-hour",
        between=(2.0e-6, 2.0e-4),
        grade="C",
        source="assumption; F052: 48 police killed in 2023",
        meaning="officers killed per fighter-hour in an operation without armour",
    )
    arrests: float = parameter(
        0.2,
        "persons per person killed",
        between=(0.05, 2.0),
        grade="C",
        source="assumption",
        meaning="fighters arrested per fighter that an operation would kill on average",
    )
    uncoordinated: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption; police and mission operate in a disjointed way (S91)",
        meaning="share of the officers in an operation who count towards clearing when forces do not coordinate",
    )
    ratio: float = parameter(
        3.5,
        "officers per fighter",
        between=(1.0, 6.0),
        grade="B",
        source="assumption; the planning rule of three to one (Dupuy 1979), which Friedman 2011 finds no threshold in",
        meaning="ratio of effective officers to fighters at which a crew is driven into hiding half the time",
    )


@rule
def engaged(district: District, force: int) -> float:
    """Return the effective officers of one force who operate in a district today."""
    if force == MISSION:
        return district.mission_engaged
    return district.army_engaged if force == ARMY else district.police_engaged


@rule
def clear_chance(officers: float, fighters: float, ratio: float) -> float:
    """Return the chance that a crew is driven into hiding: r² / (r² + ratio²), r officers per fighter."""
    if officers <= 0.0 or fighters <= 0.0:
        return 0.0
    relation = officers / fighters
    return relation * relation / (relation * relation + ratio * ratio)


@rule
def expected_kills(officers: float, district: District, clash: Clash, known: float) -> float:
    """Return the mean number of fighters that an operation kills."""
    contact = known * district.fighters / (district.fighters + clash.contact_fighters)
    return clash.lethality * officers * clash.hours * contact


@rule
def strike(state: State, chance: Chance, number: int, force: int, officers: float) -> None:
    """One force operates in a district: fighters are killed and arrested, bystanders die."""
    clash, district = state.parameters.clash, state.districts[number]
    known = detection(state, district)
    kills = expected_kills(officers, district, clash, known)
    by = perpetrator_of(force)
    place = district.identity
    dead = poisson(kills, uniform(chance, FIGHTERS_KILLED, place, force))
    kill_fighters(state, by, district.strongest, number, dead)
    bystanders = poisson(clash.collateral * (1.0 - known) * kills, uniform(chance, BYSTANDERS_KILLED, place, force))
    kill_civilians(state, by, number, bystanders)
    crew = state.crews[district.strongest]
    taken = min(crew.fighters, poisson(clash.arrests * kills, uniform(chance, FIGHTERS_ARRESTED, place, force)))
    crew.fighters -= taken
    state.gangs[crew.gang].lost += taken
    state.ledger.arrested += taken
    state.ledger.prisoners += taken


@rule
def might_here(state: State, district: District) -> float:
    """Return what the fighters of a district count, given how many of the strongest crew's gang are armed."""
    return district.fighters * state.gangs[state.crews[district.strongest].gang].might


@rule
def ambush(state: State, chance: Chance, number: int, force: int) -> None:
    """Fighters shoot at the officers who came, as well as they are armed; armour and helicopters save some."""
    clash, district = state.parameters.clash, state.districts[number]
    rate = clash.ambush * clash.hours * might_here(state, district) * risk_of_officers(state, force)
    lost = poisson(rate, uniform(chance, OFFICERS_KILLED, district.identity, force))
    kill_officers(state, number, force, lost)


@rule
def drive_into_hiding(state: State, chance: Chance, number: int) -> None:
    """All crews of a district are driven out: some shift elsewhere, the others hide and may come back."""
    for row in range(state.institution.crews):
        crew = state.crews[row]
        if crew.district == number and crew.fighters > 0:
            shift_crew(state, chance, row)
            crew.hiding += crew.fighters
            crew.fighters = 0
    state.districts[number].cleared_on = chance.day
    state.today.cleared += 1


@rule
def operate(state: State, chance: Chance) -> None:
    """Wherever units operate among crews: ambush, strike, and perhaps the crews disperse."""
    clash = state.parameters.clash
    for number in range(state.districts.size):
        district = state.districts[number]
        total, fighters = 0.0, 0.0
        if district.score > 0.0 and district.fighters > 0:
            fighters = might_here(state, district)
            for force in (POLICE, ARMY, MISSION):
                officers = engaged(district, force)
                total += officers
                if officers > 0.0:
                    ambush(state, chance, number, force)
                    strike(state, chance, number, force, officers)
        if total > 0.0:
            state.today.operations += 1
            apart = clash.uncoordinated
            joint = total * (apart + (1.0 - apart) * state.institution.coordination)
            success = clear_chance(joint, fighters, ratio_needed(state, district))
            if uniform(chance, CREW_CLEARED, district.identity) < success:
                drive_into_hiding(state, chance, number)
