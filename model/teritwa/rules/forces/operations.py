"""Operations (M4, M4b): units fight crews, bystanders die, and crews may be driven into hiding.

Attrition has the form of an ambush (Deitchman 1962): the officers' losses follow the number of
fighters, who aim; the fighters' losses follow officer-hours and, with saturation, the number of
fighters that can be found. The field rate is of the order of 2.4e-4 gang members killed per
officer-hour (Cité Soleil, 9 February 2007); Haitian police operations of 2024 killed some ten
times more per officer-hour. Collateral deaths rise where little is known (Kress and Szechtman
2009). Success saturates in the ratio of forces, without a threshold (Friedman 2011; Dupuy's ratio
of three to one is the midpoint).
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
    """Rates of loss in operations, and the force ratio that clears a district."""

    enabled: bool = switch(meaning="operating units fight crews")
    lethality: float = parameter(
        0.006,
        "gang members killed per officer-hour",
        between=(0.00024, 0.01),
        grade="C",
        source="assumption",
        meaning="fighters killed per effective officer-hour where many fighters are detected",
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
        meaning="fighters in a district at which officers make contact in half of their hours",
    )
    collateral_ratio: float = parameter(
        0.6,
        "1",
        between=(0.1, 1.0),
        grade="C",
        source="assumption",
        meaning="bystanders killed per fighter killed where no fighters are detected",
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
        meaning="fighters arrested per fighter whom an operation kills on average",
    )
    uncoordinated_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the officers in an operation who count towards clearing when forces do "
        "not coordinate at all",
    )
    clearing_force_ratio: float = parameter(
        3.5,
        "officers per fighter",
        between=(1.0, 6.0),
        grade="B",
        source="assumption; the planning rule of three to one (Dupuy 1979), which Friedman 2011 "
        "finds no threshold in",
        meaning="ratio of effective officers to fighters at which half of the operations drive "
        "the crews into hiding",
    )


OPERATIONS = outcome(
    "operations",
    "daily.operations",
    unit="districts per day",
    meaning="districts in which forces met gangs that day",
    stored="i4",
)

CLEARED = outcome(
    "cleared",
    "daily.cleared",
    unit="districts per day",
    meaning="districts whose crews were driven into hiding that day",
    stored="i4",
)


@rule
def engaged(district: District, force: int) -> float:
    """Return the effective officers of one force who operate in a district today."""
    if force == MISSION:
        return district.presence.mission_engaged
    return district.presence.army_engaged if force == ARMY else district.presence.police_engaged


@rule
def clearing_probability(officers: float, fighters: float, ratio: float) -> float:
    """Return the probability that the crews of a district are driven into hiding.

    It is r² / (r² + ratio²), with r effective officers per fighter.
    """
    if officers <= 0.0 or fighters <= 0.0:
        return 0.0
    relation = officers / fighters
    return relation * relation / (relation * relation + ratio * ratio)


@rule
def required_force_ratio(state: State, district: District) -> float:
    """Return the officers per fighter that drive the crews of a district out half of the time.

    Entrenchment raises it: gangs that have dug in are harder to drive out.
    """
    relocation: Relocation = Relocation.of(state)
    usual: float = Operations.of(state).clearing_force_ratio
    added = relocation.entrenchment_effect * district.control.entrenchment
    return usual * (1.0 + (added if relocation.enabled else 0.0))


@rule
def expected_kills(
    officers: float, district: District, operations: Operations, known: float
) -> float:
    """Return the mean number of fighters that an operation kills.

    Args:
        officers: Effective officers of one force.
        district: Where they operate.
        operations: The parameters.
        known: Share of the district's fighters that the forces detect.
    """
    fighters = district.presence.fighters
    contact = known * fighters / (fighters + operations.contact_constant)
    return operations.lethality * officers * operations.duration_hours * contact


@rule
def strike_crew(
    state: State, randomness: Randomness, number: int, force: int, officers: float
) -> None:
    """Apply the losses that one force inflicts in a district: fighters and bystanders.

    Args:
        state: All records of the run.
        randomness: The random numbers of the day.
        number: The district's row.
        force: POLICE, ARMY or MISSION.
        officers: Effective officers of the force there.
    """
    operations, district = Operations.of(state), state.districts[number]
    known = detection(state, district)
    kills = expected_kills(officers, district, operations, known)
    by, place = perpetrator_of(force), district.identity
    dead = poisson(kills, uniform(randomness, FIGHTERS_KILLED, place, force))
    kill_fighters(state, by, district.presence.strongest_crew, number, dead)
    collateral = operations.collateral_ratio * (1.0 - known) * kills
    bystanders = poisson(collateral, uniform(randomness, BYSTANDERS_KILLED, place, force))
    kill_civilians(state, by, number, bystanders)
    arrest_rate = operations.arrest_ratio * kills
    arrests = poisson(arrest_rate, uniform(randomness, FIGHTERS_ARRESTED, place, force))
    arrest_fighters(state, district.presence.strongest_crew, arrests)


@rule
def arrest_fighters(state: State, row: int, wanted: int) -> None:
    """Move fighters of crew ``row`` to prison, at most as many as it still has."""
    crew = state.crews[row]
    arrested = min(crew.fighters, wanted)
    crew.fighters -= arrested
    state.gangs[crew.gang].losses_today += arrested
    state.ledger.arrested += arrested
    state.ledger.prisoners += arrested


@rule
def effective_fighters(state: State, district: District) -> float:
    """Return the fighters of a district, weighted by the arms of the strongest crew's gang."""
    gang = state.gangs[state.crews[district.presence.strongest_crew].gang]
    return district.presence.fighters * gang.combat_effectiveness


@rule
def ambush(state: State, randomness: Randomness, number: int, force: int) -> None:
    """Kill officers of one force who operate in a district.

    Losses rise with the number and arms of the fighters. Armour and helicopters lower them.
    """
    operations, district = Operations.of(state), state.districts[number]
    rate = (
        operations.ambush_loss_rate
        * operations.duration_hours
        * effective_fighters(state, district)
        * officer_loss_factor(state, force)
    )
    lost = poisson(rate, uniform(randomness, OFFICERS_KILLED, district.identity, force))
    kill_officers(state, randomness, number, force, lost)


@rule
def drive_into_hiding(state: State, randomness: Randomness, number: int) -> None:
    """Drive all crews out of a district.

    Some fighters relocate to other districts; the others hide and may come back.
    """
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.district == number and crew.fighters > 0:
            relocate_crew(state, randomness, row)
            crew.hiding += crew.fighters
            crew.fighters = 0
    state.districts[number].control.cleared_on = randomness.day
    state.daily.cleared += 1


@rule
def fight_crews(state: State, randomness: Randomness, number: int) -> float:
    """Let each force that operates in a district fight; return the effective officers of all.

    Each force is ambushed before it strikes.
    """
    total = 0.0
    for force in (POLICE, ARMY, MISSION):
        officers = engaged(state.districts[number], force)
        total += officers
        if officers > 0.0:
            ambush(state, randomness, number, force)
            strike_crew(state, randomness, number, force, officers)
    return total


@rule
def try_to_clear(state: State, randomness: Randomness, number: int, officers: float) -> None:
    """Drive the crews of a district into hiding, if the officers outnumber them far enough.

    The forces count in full only as far as they coordinate.
    """
    district = state.districts[number]
    apart = Operations.of(state).uncoordinated_share
    joint = officers * (apart + (1.0 - apart) * state.governance.coordination)
    fighters, ratio = effective_fighters(state, district), required_force_ratio(state, district)
    success = clearing_probability(joint, fighters, ratio)
    if uniform(randomness, CREW_CLEARED, district.identity) < success:
        drive_into_hiding(state, randomness, number)


@rule
def conduct_operations(state: State, randomness: Randomness) -> None:
    """Conduct the day's operations wherever units operate among crews.

    In each district crews ambush the officers, the officers strike the crews, and the crews may be
    driven into hiding.
    """
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.orders.target_score > 0.0 and district.presence.fighters > 0:
            officers = fight_crews(state, randomness, number)
            if officers > 0.0:
                state.daily.operations += 1
                try_to_clear(state, randomness, number, officers)
