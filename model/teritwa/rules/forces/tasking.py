"""Command (M10): where the forces operate by day, chosen from what they believe.

Each morning headquarters ranks the districts in which gangs stand by how much an operation there is wanted:
more where attacks were recent, where the state is next door, and where a dated order asks for it; less certain
where little is known. It picks a few targets in the capital. Each mobile unit that is sent out joins one of the
targets within its reach, or else the most wanted district within reach of its base.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Chance, decision, normal, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import (
    AT_HOME,
    FOREIGN,
    OPERATING,
    SOLDIERS,
    STATION,
    TECHNICAL_HELP,
    Contingent,
    PoliceUnit,
)
from teritwa.rules.agents.state import State
from teritwa.rules.forces.intelligence import detection

JUDGES = decision("command judges a district")
SENT_OUT = decision("unit is sent out")
TAKES_TARGET = decision("unit takes a target")


class Command(Parameters):
    """How many operations, how far, and how well informed."""

    operations: int = parameter(
        3,
        "districts",
        between=(1, 8),
        grade="C",
        source="assumption",
        meaning="districts of the capital in which the forces operate on a day",
    )
    sent_share: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="chance that a mobile Haitian unit is sent out on a day when attacks are as frequent as usual",
    )
    foreign_sent_share: float = parameter(
        0.2,
        "1",
        between=(0.02, 0.8),
        grade="C",
        source="assumption; residents and officers of the mission describe few operations (S93)",
        meaning="chance that a unit of the mission, which also guards the airport and its base, is sent out that day",
    )
    response: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.5),
        grade="C",
        source="assumption",
        meaning="elasticity of operations to recent attacks",
    )
    routine: float = parameter(
        0.2,
        "attacks",
        between=(0.01, 2.0),
        grade="C",
        source="assumption",
        meaning="recent attacks that a place with gangs and no attack counts as, when command judges",
    )
    depth: float = parameter(
        0.1,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption; forces operate from the places they hold (S68)",
        meaning="how much an operation is wanted deep in gang territory, against one where the state is all around",
    )
    usual_heat: float = parameter(
        30.0,
        "attacks",
        between=(5.0, 100.0),
        grade="C",
        source="assumption: two to three attacks a day remembered for a fortnight",
        meaning="fading count of attacks at which the forces operate as often as usual",
    )
    reach: float = parameter(
        1.5,
        "hours",
        between=(0.5, 4.0),
        grade="C",
        source="assumption: units return to base before dark (S68)",
        meaning="travel time by land within which a unit operates",
    )
    priority: float = parameter(
        10.0,
        "1",
        between=(1.0, 100.0),
        grade="C",
        source="assumption",
        meaning="factor on how much an operation is wanted where a dated order asks for it",
    )
    error: float = parameter(
        1.0,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of command's judgement where nothing is known",
    )
    memory: float = parameter(
        14.0,
        "days",
        between=(5.0, 60.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which recent attacks fade from attention",
    )


@rule
def fade_heat(state: State) -> None:
    """Recent attacks fade from command's attention."""
    kept = math.exp(-1.0 / state.parameters.command.memory)
    for district in state.districts:
        district.heat *= kept


@rule
def judge(state: State, chance: Chance) -> None:
    """Score every district in which gangs stand or which is ordered: how much is an operation wanted there."""
    command = state.parameters.command
    for district in state.districts:
        district.score = 0.0
        if district.fighters > 0 or district.wanted > 1.0:
            unknown = 1.0 - detection(state, district)
            slip = normal(uniform(chance, JUDGES, district.identity))
            border = command.depth + (1.0 - command.depth) * (1.0 - district.threat)
            district.score = district.wanted * (command.routine + district.heat) * border
            district.score *= math.exp(command.error * unknown * slip)


@rule
def rank_targets(state: State, targets: Array) -> int:
    """Write the most wanted districts of the capital into ``targets``, best first; return how many there are."""
    found = 0
    for place in range(min(len(targets), state.parameters.command.operations)):
        best = NO_ONE
        for number in range(state.districts.size):
            district = state.districts[number]
            if district.metropolitan and district.score > 0.0:
                taken = False
                for earlier in range(place):
                    taken = taken or targets[earlier] == number
                if not taken and (best == NO_ONE or district.score > state.districts[best].score):
                    best = number
        if best == NO_ONE:
            break
        targets[place] = best
        found += 1
    return found


@rule
def nearest_need(state: State, unit: PoliceUnit, reach: float) -> int:
    """Return the most wanted district within some hours of a unit's base, or NO_ONE."""
    best = NO_ONE
    for number in range(state.districts.size):
        score = state.districts[number].score
        near = state.hours[unit.quarters, number] <= reach
        if score > 0.0 and near and (best == NO_ONE or score > state.districts[best].score):
            best = number
    return best


@rule
def tempo(state: State) -> float:
    """Return how busy the forces are: 1 when attacks are as frequent as usual, more when there are more."""
    command: Command = state.parameters.command
    heat = 0.0
    for district in state.districts:
        heat += district.heat
    return math.exp(command.response * math.log(max(heat, 1.0) / command.usual_heat))


@rule
def reach_of(state: State, unit: PoliceUnit) -> float:
    """Return the travel time by land within which a unit operates: further while helicopters can carry it."""
    reach: float = state.parameters.command.reach
    if state.parameters.equipment.acts and state.contingents[unit.contingent].lift >= unit.officers:
        reach = max(reach, state.parameters.equipment.air_reach)
    return reach


@rule
def place_for(state: State, unit: PoliceUnit, targets: Array, found: int, number: float) -> int:
    """Return where a unit that is sent out operates: around its base, at one of the targets, or near by; or NO_ONE."""
    home = state.districts[unit.quarters]
    if unit.posted and home.score > 0.0:
        return unit.quarters
    reach = reach_of(state, unit)
    if found > 0:
        pick: int = targets[int(number * found)]
        if state.hours[unit.quarters, pick] <= reach:
            return pick
    return nearest_need(state, unit, reach)


@rule
def may_go(unit: PoliceUnit, contingent: Contingent) -> bool:
    """Whether a unit is one that goes out: no station, no soldiers who hold a place, no technical help."""
    holds = unit.kind == SOLDIERS and unit.posted
    return unit.kind != STATION and not holds and unit.officers > 0 and contingent.terms != TECHNICAL_HELP


@rule
def give_orders(state: State, chance: Chance, targets: Array, found: int) -> None:
    """Give each mobile unit its task and place for the day; stations stay at their posts."""
    command = state.parameters.command
    busy = tempo(state)
    for row in range(state.institution.units):
        unit, contingent = state.units[row], state.contingents[state.units[row].contingent]
        unit.task, unit.district, unit.night_share = AT_HOME, unit.quarters, 1.0
        share = command.foreign_sent_share if unit.kind == FOREIGN else command.sent_share
        sent = uniform(chance, SENT_OUT, unit.identity) < busy * share
        if sent and may_go(unit, contingent):
            place = place_for(state, unit, targets, found, uniform(chance, TAKES_TARGET, unit.identity))
            if place != NO_ONE:
                if state.hours[unit.quarters, place] > command.reach:
                    contingent.lift -= unit.officers
                unit.task, unit.district, unit.operated = OPERATING, place, place
