"""Clearing (M11): operations drive crews into hiding, by one draw for each operation.

Whether an operation drives the crews of a district out is drawn once, when it begins: success
saturates in the ratio of forces, without a threshold (Friedman 2011). Time is therefore no
substitute for strength. The parameters are those of `teritwa.rules.forces.operations`, which says
who dies and who is arrested.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State
from teritwa.rules.forces.detention import arrest_fighters
from teritwa.rules.forces.doctrine import operating_posture
from teritwa.rules.forces.operations import Operations, ambush, engaged, strike_crews
from teritwa.rules.gangs.relocation import Relocation, relocate_crew

SURRENDERS = decision("fighters surrender")
NO_RESISTANCE = 1.0e9
"""Officers per fighter where no fighter is armed: any operation clears."""


@rule
def clearing_probability(ratio: float, midpoint: float, exponent: float) -> float:
    """Return the probability that an operation drives the crews of a district into hiding.

    It is r^e / (r^e + m^e).

    Args:
        ratio: Effective officers per armed fighter (r).
        midpoint: The ratio at which it is one half (m).
        exponent: How steeply it rises (e).
    """
    if ratio <= 0.0:
        return 0.0
    return 1.0 / (1.0 + math.exp(exponent * (math.log(midpoint) - math.log(ratio))))


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
def mean_surrender(state: State, number: int, total: float) -> float:
    """Return the share of fighters who surrender, the mean over the officers of all forces."""
    district, share = state.districts[number], 0.0
    for force in (POLICE, ARMY, MISSION):
        posture = state.postures[operating_posture(state, district, force)]
        share += posture.surrender * engaged(district, force) / total
    return share


@rule
def drive_into_hiding(state: State, randomness: Randomness, number: int, surrender: float) -> None:
    """Drive all crews out of a district.

    A share of their fighters surrenders. Some relocate to other districts; the others hide and may
    come back. What the influence of day 0 owed to the place is over.
    """
    row = state.districts[number].presence.first_crew
    while row != NO_ONE:
        crew = state.crews[row]
        if crew.fighters > 0:
            chance = uniform(randomness, SURRENDERS, crew.identity)
            arrest_fighters(state, row, stochastic_round(surrender * crew.fighters, chance))
            relocate_crew(state, randomness, row)
            crew.hiding += crew.fighters
            crew.fighters = 0
        row = crew.next_crew
    control = state.districts[number].control
    control.cleared_on, control.cleared_from_gang = randomness.day, control.holder != STATE
    control.local_offset = 0.0
    state.daily.cleared += 1
    if control.cleared_from_gang and state.districts[number].place.metropolitan:
        state.daily.cleared_from_gangs += 1


@rule
def try_to_clear(state: State, randomness: Randomness, number: int, officers: float) -> None:
    """Drive the crews of a district into hiding, if the officers outnumber them far enough.

    The forces count in full only as far as they coordinate. The number that decides was drawn when
    the operation began.
    """
    district, operations = state.districts[number], Operations.of(state)
    apart = operations.uncoordinated_share
    joint = officers * (apart + (1.0 - apart) * state.governance.coordination)
    fighters = district.presence.effective_fighters
    ratio = joint / fighters if fighters > 0.0 else NO_RESISTANCE
    midpoint = required_force_ratio(state, district)
    success = clearing_probability(ratio, midpoint, operations.clearing_exponent)
    if district.orders.campaign_draw < success:
        surrender = mean_surrender(state, number, officers)
        drive_into_hiding(state, randomness, number, surrender)


@rule
def fight_crews(state: State, randomness: Randomness, number: int, total: float) -> None:
    """Let each force that operates in a district fight: it is ambushed before it strikes."""
    for force in (POLICE, ARMY, MISSION):
        officers = engaged(state.districts[number], force)
        if officers > 0.0:
            ambush(state, randomness, number, force, officers, total)
            strike_crews(state, randomness, number, force, officers)


@rule
def conduct_operations(state: State, randomness: Randomness) -> None:
    """Conduct the day's operations wherever units operate among crews.

    In each district crews ambush the officers, the officers strike the crews, and the crews may be
    driven into hiding.
    """
    for number in range(state.districts.size):
        district = state.districts[number]
        presence = district.presence
        officers = presence.police_engaged + presence.army_engaged + presence.mission_engaged
        if officers > 0.0 and presence.fighters > 0:
            state.daily.operations += 1
            fight_crews(state, randomness, number, officers)
            try_to_clear(state, randomness, number, officers)
