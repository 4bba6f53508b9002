"""Tasking (M10): where the forces operate by day, chosen from what headquarters believes.

Each morning headquarters scores the districts in which gangs are present. The score is higher where
attacks were recent, where the state holds the neighbouring districts, and where a dated order asks
for operations. It is less certain where little is known. Headquarters picks a few targets in the
capital. Each mobile unit that is sent out joins one of these targets if it is within reach, or else
operates in the district with the highest score within reach of its quarters.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.district import NO_ONE, District
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
    """How many operations there are, how far units go, and how well informed headquarters is."""

    daily_operations: int = parameter(
        3,
        "districts",
        between=(1, 8),
        grade="C",
        source="assumption",
        meaning="districts of the capital in which the forces operate in a day",
        scales=True,
    )
    own_sent_probability: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="probability that a mobile Haitian unit is sent out on a day when attacks are as "
        "frequent as usual",
    )
    mission_sent_probability: float = parameter(
        0.2,
        "1",
        between=(0.02, 0.8),
        grade="C",
        source="assumption",
        meaning="probability that a unit of the mission, which also guards the airport and its "
        "base, is sent out on such a day",
        informed_by="nothing: confounded with time in 2024: how often the mission goes out",
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
        meaning="attacks added to the recent attacks of every district in its target score",
    )
    deep_territory_weight: float = parameter(
        0.1,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on the target score deep in gang territory, relative to a district that "
        "the state surrounds",
    )
    usual_attacks: float = parameter(
        30.0,
        "attacks",
        between=(5.0, 100.0),
        bounds=(0.1, 1000.0),
        grade="C",
        source="assumption: two to three attacks a day remembered for a fortnight",
        meaning="decaying count of recent attacks at which the forces operate as often as usual",
        scales=True,
    )
    reach: float = parameter(
        1.5,
        "hours",
        between=(0.5, 4.0),
        grade="C",
        source="assumption",
        meaning="longest travel time by land to an operation",
    )
    priority_factor: float = parameter(
        10.0,
        "1",
        between=(1.0, 100.0),
        grade="C",
        source="assumption",
        meaning="factor on the target score where a dated order asks for operations",
    )
    judgement_error: float = parameter(
        1.0,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="standard deviation of the log error of target scores where nothing is known",
    )
    attack_memory: float = parameter(
        14.0,
        "days",
        between=(5.0, 60.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which recent attacks lose weight",
    )


@rule
def decay_recent_attacks(state: State) -> None:
    """Let the count of recent attacks in each district decay."""
    kept = math.exp(-1.0 / Tasking.of(state).attack_memory)
    for district in state.districts:
        district.orders.recent_attacks *= kept


@rule
def score_targets(state: State, randomness: Randomness) -> None:
    """Score every district with gangs, or with a dated order, as a target of operations.

    Where the forces detect few fighters, the score has a large random error.
    """
    tasking = Tasking.of(state)
    for district in state.districts:
        district.orders.target_score = 0.0
        if district.presence.fighters > 0 or district.orders.operation_priority > 1.0:
            unknown = 1.0 - detection(state, district)
            error = normal(uniform(randomness, JUDGES, district.identity))
            attacks = tasking.baseline_attacks + district.orders.recent_attacks
            score = district.orders.operation_priority * attacks * border_weight(state, district)
            score *= math.exp(tasking.judgement_error * unknown * error)
            district.orders.target_score = score


@rule
def border_weight(state: State, district: District) -> float:
    """Return the weight of a district as a target: 1 next to the state alone, less near gangs."""
    deep: float = Tasking.of(state).deep_territory_weight
    return deep + (1.0 - deep) * (1.0 - district.control.neighbour_gang_influence)


@rule
def rank_targets(state: State, targets: Array) -> int:
    """Write the districts of the capital with the highest scores into ``targets``, best first.

    Args:
        state: All records of the run.
        targets: Array (target) that receives the rows of districts.

    Returns:
        The number of targets found, at most the operations of a day.
    """
    found = 0
    for rank in range(min(len(targets), Tasking.of(state).daily_operations)):
        best = next_target(state, targets, rank)
        if best == NO_ONE:
            break
        targets[rank] = best
        found += 1
    return found


@rule
def next_target(state: State, targets: Array, count: int) -> int:
    """Return the best target of the capital that is not among the first ``count``, or NO_ONE."""
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
    """Return the best target within ``reach`` hours of a unit's quarters, or NO_ONE."""
    best, highest = NO_ONE, 0.0
    for number in range(state.districts.size):
        score = state.districts[number].orders.target_score
        if score > highest and state.hours[unit.quarters, number] <= reach:
            best, highest = number, score
    return best


@rule
def operational_tempo(state: State) -> float:
    """Return how often units are sent out, relative to days with the usual number of attacks."""
    tasking: Tasking = Tasking.of(state)
    attacks = 0.0
    for district in state.districts:
        attacks += district.orders.recent_attacks
    relative = max(attacks, 1.0) / tasking.usual_attacks
    return math.exp(tasking.attack_elasticity * math.log(relative))


@rule
def reach_of(state: State, unit: PoliceUnit) -> float:
    """Return the travel time by land, in hours, within which a unit operates today.

    It is longer while helicopters can carry the whole unit.
    """
    reach: float = Tasking.of(state).reach
    capacity = state.contingents[unit.contingent].airlift_capacity
    if Equipment.of(state).enabled and capacity >= unit.officers:
        reach = max(reach, Equipment.of(state).air_reach)
    return reach


@rule
def operation_district(
    state: State, unit: PoliceUnit, targets: Array, found: int, number: float
) -> int:
    """Return the district in which a unit that is sent out operates, or NO_ONE.

    A unit in a forward base operates around it. Another unit takes the target that the uniform
    number picks among the first ``found``, or, if that is out of reach, the best within reach.
    """
    quarters = state.districts[unit.quarters]
    if unit.posted and quarters.orders.target_score > 0.0:
        return unit.quarters
    reach = reach_of(state, unit)
    if found > 0:
        pick: int = targets[int(number * found)]
        if state.hours[unit.quarters, pick] <= reach:
            return pick
    return best_target_within(state, unit, reach)


@rule
def can_be_sent(unit: PoliceUnit, contingent: Contingent) -> bool:
    """Return whether a unit may be sent on operations.

    Stations, soldiers who hold a district and technical advisers are not.
    """
    holds = unit.kind == SOLDIERS and unit.posted
    return (
        unit.kind != STATION
        and not holds
        and unit.officers > 0
        and contingent.terms != TECHNICAL_HELP
    )


@rule
def give_orders(state: State, randomness: Randomness, targets: Array, found: int) -> None:
    """Give each unit its task and district for the day: on an operation, or at its quarters."""
    tempo = operational_tempo(state)
    for row in range(state.counters.units):
        unit, contingent = state.units[row], state.contingents[state.units[row].contingent]
        unit.task, unit.district, unit.night_share = AT_HOME, unit.quarters, 1.0
        sent_probability = tempo * usual_sent_probability(state, unit)
        sent = uniform(randomness, SENT_OUT, unit.identity) < sent_probability
        if sent and can_be_sent(unit, contingent):
            number = uniform(randomness, TAKES_TARGET, unit.identity)
            district = operation_district(state, unit, targets, found, number)
            if district != NO_ONE:
                if state.hours[unit.quarters, district] > Tasking.of(state).reach:
                    contingent.airlift_capacity -= unit.officers
                unit.task, unit.district, unit.operated_in = OPERATING, district, district


@rule
def usual_sent_probability(state: State, unit: PoliceUnit) -> float:
    """Return the probability that a unit is sent out on a day with the usual attacks."""
    tasking: Tasking = Tasking.of(state)
    foreign = unit.kind == FOREIGN
    return tasking.mission_sent_probability if foreign else tasking.own_sent_probability
