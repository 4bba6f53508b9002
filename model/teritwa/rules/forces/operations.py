"""Clash (M4, M4b): units that operate meet crews; both lose people, bystanders die, a crew may disperse.

Attrition has the form of an ambush (Deitchman 1962): the officers' losses follow the number of
fighters, who aim; the fighters' losses follow officer-hours and how many fighters there are to be
found, saturating. The field rate is of the order of 2.4e-4 gang members killed per officer-hour
(Cité Soleil, 9 February 2007); Haitian police operations of 2024 killed some ten times more per
officer-hour. Collateral deaths rise where little is known (Kress and Szechtman 2009). Success
saturates in the ratio of forces, without a threshold (Friedman 2011; Dupuy's ratio of three to one
is the midpoint).
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    kill_civilians,
    kill_fighters,
    kill_officers,
    perpetrator_of,
)
from teritwa.rules.forces.equipment import officer_loss_factor
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.gangs.relocation import Relocation, relocate_crew
from teritwa.rules.outcomes import outcome

FIGHTERS_KILLED = decision("operation kills fighters")
BYSTANDERS_KILLED = decision("operation kills bystanders")
OFFICERS_KILLED = decision("ambush kills officers")
FIGHTERS_ARRESTED = decision("operation arrests fighters")
CREW_CLEARED = decision("operation drives a crew into hiding")


class Operations(Parameters):
    """Rates of loss when units operate among crews."""

    enabled: bool = switch(meaning="units that operate meet crews")
    lethality: float = parameter(
        0.006,
        "gang members killed per officer-hour",
        between=(0.00024, 0.01),
        grade="C",
        source="assumption",
        meaning="fighters killed per effective officer-hour when fighters are plentiful and all known",
    )
    duration_hours: float = parameter(
        8.0,
        "hours",
        between=(4.0, 12.0),
        grade="C",
        source="assumption",
        meaning="length of an operation",
    )
    contact_constant: float = parameter(
        50.0,
        "persons",
        between=(10.0, 200.0),
        grade="C",
        source="assumption",
        meaning="fighters in a district at which half of the officers' hours find any",
    )
    collateral_ratio: float = parameter(
        0.6,
        "1",
        between=(0.1, 1.0),
        grade="C",
        source="assumption",
        meaning="bystanders killed per fighter killed where nothing is known of the gangs",
    )
    ambush_loss_rate: float = parameter(
        2.0e-5,
        "officers killed per fighter-hour",
        between=(2.0e-6, 2.0e-4),
        grade="C",
        source="assumption",
        meaning="officers killed per fighter-hour in an operation without armour",
    )
    arrest_ratio: float = parameter(
        0.2,
        "persons per person killed",
        between=(0.05, 2.0),
        grade="C",
        source="assumption",
        meaning="fighters arrested per fighter that an operation would kill on average",
    )
    uncoordinated_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the officers in an operation who count towards clearing when forces do not coordinate",
    )
    clearing_force_ratio: float = parameter(
        3.5,
        "officers per fighter",
        between=(1.0, 6.0),
        grade="B",
        source="assumption; the planning rule of three to one (Dupuy 1979), which Friedman 2011 finds no threshold in",
        meaning="ratio of effective officers to fighters at which a crew is driven into hiding half the time",
    )


OPERATIONS = outcome(
    "operations",
    "daily.operations",
    unit="districts per day",
    meaning="districts in which forces met gangs that day",
    stored="i2",
)

CLEARED = outcome(
    "cleared",
    "daily.cleared",
    unit="districts per day",
    meaning="districts whose crews were driven into hiding that day",
    stored="i2",
)


@rule
def engaged(district: District, force: int) -> float:
    """Return the effective officers of one force who operate in a district today."""
    if force == MISSION:
        return district.presence.mission_engaged
    return district.presence.army_engaged if force == ARMY else district.presence.police_engaged


@rule
def clearing_probability(officers: float, fighters: float, ratio: float) -> float:
    """Return the chance that a crew is driven into hiding: r² / (r² + ratio²), r officers per fighter."""
    if officers <= 0.0 or fighters <= 0.0:
        return 0.0
    relation = officers / fighters
    return relation * relation / (relation * relation + ratio * ratio)


@rule
def required_force_ratio(state: State, district: District) -> float:
    """Return the officers a fighter at which crews of a district are driven out half the time."""
    relocation: Relocation = Relocation.of(state)
    usual: float = Operations.of(state).clearing_force_ratio
    dug_in = (
        relocation.entrenchment_effect * district.control.entrenchment
        if relocation.enabled
        else 0.0
    )
    return usual * (1.0 + dug_in)


@rule
def expected_kills(
    officers: float, district: District, operations: Operations, known: float
) -> float:
    """Return the mean number of fighters that an operation kills."""
    contact = (
        known
        * district.presence.fighters
        / (district.presence.fighters + operations.contact_constant)
    )
    return operations.lethality * officers * operations.duration_hours * contact


@rule
def strike_crew(
    state: State, randomness: Randomness, number: int, force: int, officers: float
) -> None:
    """One force operates in a district: fighters are killed and arrested, bystanders die."""
    operations, district = Operations.of(state), state.districts[number]
    known = detection(state, district)
    kills = expected_kills(officers, district, operations, known)
    by = perpetrator_of(force)
    place = district.identity
    dead = poisson(kills, uniform(randomness, FIGHTERS_KILLED, place, force))
    kill_fighters(state, by, district.presence.strongest_crew, number, dead)
    bystanders = poisson(
        operations.collateral_ratio * (1.0 - known) * kills,
        uniform(randomness, BYSTANDERS_KILLED, place, force),
    )
    kill_civilians(state, by, number, bystanders)
    crew = state.crews[district.presence.strongest_crew]
    taken = min(
        crew.fighters,
        poisson(
            operations.arrest_ratio * kills, uniform(randomness, FIGHTERS_ARRESTED, place, force)
        ),
    )
    crew.fighters -= taken
    state.gangs[crew.gang].losses_today += taken
    state.ledger.arrested += taken
    state.ledger.prisoners += taken


@rule
def effective_fighters(state: State, district: District) -> float:
    """Return what the fighters of a district count, given how many of the strongest crew's gang are armed."""
    return (
        district.presence.fighters
        * state.gangs[state.crews[district.presence.strongest_crew].gang].combat_effectiveness
    )


@rule
def ambush(state: State, randomness: Randomness, number: int, force: int) -> None:
    """Fighters shoot at the officers who came, as well as they are armed; armour and helicopters save some."""
    operations, district = Operations.of(state), state.districts[number]
    rate = (
        operations.ambush_loss_rate
        * operations.duration_hours
        * effective_fighters(state, district)
        * officer_loss_factor(state, force)
    )
    lost = poisson(rate, uniform(randomness, OFFICERS_KILLED, district.identity, force))
    kill_officers(state, number, force, lost)


@rule
def drive_into_hiding(state: State, randomness: Randomness, number: int) -> None:
    """All crews of a district are driven out: some shift elsewhere, the others hide and may come back."""
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.district == number and crew.fighters > 0:
            relocate_crew(state, randomness, row)
            crew.hiding += crew.fighters
            crew.fighters = 0
    state.districts[number].control.cleared_on = randomness.day
    state.daily.cleared += 1


@rule
def conduct_operations(state: State, randomness: Randomness) -> None:
    """Wherever units operate among crews: ambush, strike, and perhaps the crews disperse."""
    operations = Operations.of(state)
    for number in range(state.districts.size):
        district = state.districts[number]
        total, fighters = 0.0, 0.0
        if district.orders.target_score > 0.0 and district.presence.fighters > 0:
            fighters = effective_fighters(state, district)
            for force in (POLICE, ARMY, MISSION):
                officers = engaged(district, force)
                total += officers
                if officers > 0.0:
                    ambush(state, randomness, number, force)
                    strike_crew(state, randomness, number, force, officers)
        if total > 0.0:
            state.daily.operations += 1
            apart = operations.uncoordinated_share
            joint = total * (apart + (1.0 - apart) * state.governance.coordination)
            success = clearing_probability(joint, fighters, required_force_ratio(state, district))
            if uniform(randomness, CREW_CLEARED, district.identity) < success:
                drive_into_hiding(state, randomness, number)
