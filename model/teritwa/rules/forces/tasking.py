"""Command (M10): where the forces operate by day, chosen from what they believe.

Each morning headquarters ranks the districts in which gangs stand by how much an operation there is
wanted: more where attacks were recent, where the state is next door, and where a dated order asks
for it; less certain where little is known. It picks a few targets in the capital. Each mobile unit
that is sent out joins one of the targets within its reach, or else the most wanted district within
reach of its base.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, normal, uniform
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
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.forces.intelligence import detection

JUDGES = decision("command judges a district")
SENT_OUT = decision("unit is sent out")
TAKES_TARGET = decision("unit takes a target")


class Tasking(Parameters):
    """How many operations, how far, and how well informed."""

    daily_operations: int = parameter(
        3,
        "districts",
        between=(1, 8),
        grade="C",
        source="assumption",
        meaning="districts of the capital in which the forces operate on a day",
        scales=True,
    )
    own_sent_probability: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="chance that a mobile Haitian unit is sent out on a day when attacks are as frequent as usual",
    )
    mission_sent_probability: float = parameter(
        0.2,
        "1",
        between=(0.02, 0.8),
        grade="C",
        source="assumption",
        meaning="chance that a unit of the mission, which also guards the airport and its base, is sent out that day",
        informed_by="nothing: confounded with time in 2024: how far the mission goes out",
    )
    attack_elasticity: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.5),
        grade="C",
        source="assumption",
        meaning="elasticity of operations to recent attacks",
    )
    baseline_attacks: float = parameter(
        0.2,
        "attacks",
        between=(0.01, 2.0),
        grade="C",
        source="assumption",
        meaning="recent attacks that a place with gangs and no attack counts as, when command judges",
    )
    deep_territory_weight: float = parameter(
        0.1,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="how much an operation is wanted deep in gang territory, against one where the state is all around",
    )
    usual_attacks: float = parameter(
        30.0,
        "attacks",
        between=(5.0, 100.0),
        bounds=(0.1, 1000.0),
        grade="C",
        source="assumption: two to three attacks a day remembered for a fortnight",
        meaning="fading count of attacks at which the forces operate as often as usual",
        scales=True,
    )
    reach: float = parameter(
        1.5,
        "hours",
        between=(0.5, 4.0),
        grade="C",
        source="assumption",
        meaning="travel time by land within which a unit operates",
    )
    priority_factor: float = parameter(
        10.0,
        "1",
        between=(1.0, 100.0),
        grade="C",
        source="assumption",
        meaning="factor on how much an operation is wanted where a dated order asks for it",
    )
    judgement_error: float = parameter(
        1.0,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of command's judgement where nothing is known",
    )
    attack_memory: float = parameter(
        14.0,
        "days",
        between=(5.0, 60.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which recent attacks fade from attention",
    )


@rule
def decay_recent_attacks(state: State) -> None:
    """Recent attacks fade from command's attention."""
    kept = math.exp(-1.0 / Tasking.of(state).attack_memory)
    for district in state.districts:
        district.orders.recent_attacks *= kept


@rule
def score_targets(state: State, randomness: Randomness) -> None:
    """Score every district in which gangs stand or which is ordered: how much is an operation wanted there."""
    tasking = Tasking.of(state)
    for district in state.districts:
        district.orders.target_score = 0.0
        if district.presence.fighters > 0 or district.orders.operation_priority > 1.0:
            unknown = 1.0 - detection(state, district)
            slip = normal(uniform(randomness, JUDGES, district.identity))
            border = tasking.deep_territory_weight + (1.0 - tasking.deep_territory_weight) * (
                1.0 - district.control.neighbour_gang_influence
            )
            district.orders.target_score = (
                district.orders.operation_priority
                * (tasking.baseline_attacks + district.orders.recent_attacks)
                * border
            )
            district.orders.target_score *= math.exp(tasking.judgement_error * unknown * slip)


@rule
def rank_targets(state: State, targets: Array) -> int:
    """Write the districts of the capital with the highest scores into ``targets``, best first.

    Args:
        state: All records of the run.
        targets: Room for the rows of districts.

    Returns:
        How many there are: at most the operations of a day.
    """
    found = 0
    for place in range(min(len(targets), Tasking.of(state).daily_operations)):
        best = best_target_beside(state, targets, place)
        if best == NO_ONE:
            break
        targets[place] = best
        found += 1
    return found


@rule
def best_target_beside(state: State, targets: Array, count: int) -> int:
    """Return the best target of the capital beside the first ``count`` targets, or NO_ONE."""
    best, highest = NO_ONE, 0.0
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.place.metropolitan and district.orders.target_score > highest:
            taken = False
            for earlier in range(count):
                taken = taken or targets[earlier] == number
            if not taken:
                best, highest = number, district.orders.target_score
    return best


@rule
def best_target_within(state: State, unit: PoliceUnit, reach: float) -> int:
    """Return the best target within some hours of a unit's base, or NO_ONE."""
    best, highest = NO_ONE, 0.0
    for number in range(state.districts.size):
        score = state.districts[number].orders.target_score
        if score > highest and state.hours[unit.quarters, number] <= reach:
            best, highest = number, score
    return best


@rule
def operational_tempo(state: State) -> float:
    """Return how busy the forces are: 1 when attacks are as frequent as usual, more when there are more."""
    tasking: Tasking = Tasking.of(state)
    heat = 0.0
    for district in state.districts:
        heat += district.orders.recent_attacks
    return math.exp(tasking.attack_elasticity * math.log(max(heat, 1.0) / tasking.usual_attacks))


@rule
def reach_of(state: State, unit: PoliceUnit) -> float:
    """Return the travel time by land within which a unit operates: further while helicopters can carry it."""
    reach: float = Tasking.of(state).reach
    if (
        Equipment.of(state).enabled
        and state.contingents[unit.contingent].airlift_capacity >= unit.officers
    ):
        reach = max(reach, Equipment.of(state).air_reach)
    return reach


@rule
def operation_district(
    state: State, unit: PoliceUnit, targets: Array, found: int, number: float
) -> int:
    """Return where a unit that is sent out operates: around its base, at one of the targets, or near by; or NO_ONE."""
    home = state.districts[unit.quarters]
    if unit.posted and home.orders.target_score > 0.0:
        return unit.quarters
    reach = reach_of(state, unit)
    if found > 0:
        pick: int = targets[int(number * found)]
        if state.hours[unit.quarters, pick] <= reach:
            return pick
    return best_target_within(state, unit, reach)


@rule
def can_be_sent(unit: PoliceUnit, contingent: Contingent) -> bool:
    """Whether a unit is one that goes out: no station, no soldiers who hold a place, no technical help."""
    holds = unit.kind == SOLDIERS and unit.posted
    return (
        unit.kind != STATION
        and not holds
        and unit.officers > 0
        and contingent.terms != TECHNICAL_HELP
    )


@rule
def give_orders(state: State, randomness: Randomness, targets: Array, found: int) -> None:
    """Give each mobile unit its task and place for the day; stations stay at their posts."""
    tasking = Tasking.of(state)
    busy = operational_tempo(state)
    for row in range(state.counters.units):
        unit, contingent = state.units[row], state.contingents[state.units[row].contingent]
        unit.task, unit.district, unit.night_share = AT_HOME, unit.quarters, 1.0
        share = (
            tasking.mission_sent_probability
            if unit.kind == FOREIGN
            else tasking.own_sent_probability
        )
        sent = uniform(randomness, SENT_OUT, unit.identity) < busy * share
        if sent and can_be_sent(unit, contingent):
            place = operation_district(
                state, unit, targets, found, uniform(randomness, TAKES_TARGET, unit.identity)
            )
            if place != NO_ONE:
                if state.hours[unit.quarters, place] > tasking.reach:
                    contingent.airlift_capacity -= unit.officers
                unit.task, unit.district, unit.operated_in = OPERATING, place, place
