"""Dispatch (M10): command gives the officers who are free to the districts that it wants most.

A force may have a share of its able officers out. Command gives them to the districts with the
highest scores: as many officers as its doctrine wants, the nearest units first. The number of
operations so follows from the force there is. When a campaign begins and ends is in
`teritwa.rules.forces.campaigns`.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import NO_OPERATIONS
from teritwa.rules.agents.police_unit import ARMY, MISSION, OPERATING, POLICE, STATION, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.forces.campaigns import (
    end_campaigns,
    fights_at_home,
    is_mobile,
    may_begin,
    wanted_officers,
)
from teritwa.rules.forces.doctrine import operating_posture
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.forces.tasking import BELIEF_DAYS, Tasking, score_for
from teritwa.rules.moods import mood_factor

JOINS_OPERATION = decision("unit joins an operation that wants a part of it")
GOES_FIRST = decision("one of equally near units goes first")
CREW_CLEARED = decision("operation drives crews into hiding")


@rule
def share_out(state: State, force: int) -> float:
    """Return the share of a force's able officers who may be out at once today."""
    tasking, doctrine = Tasking.of(state), state.doctrines[force]
    usual = tasking.mission_share_out if force == MISSION else tasking.own_share_out
    share = doctrine.share_out if doctrine.share_out >= 0.0 else usual
    # The tempo of operations drifts for Haitian forces alone.
    share *= mood_factor(state.moods.operations) if force != MISSION else 1.0
    return max(0.0, min(1.0, share))


@rule
def officers_to_send(state: State, force: int) -> float:
    """Return how many more able officers of a force may go out today.

    Those who operate already, or hold a district, are out. Records them in the force's doctrine.
    """
    able, out = 0.0, 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.kind == STATION:
            continue
        contingent = state.contingents[unit.contingent]
        if contingent.force == force and is_mobile(state, unit):
            officers = unit.officers * contingent.readiness
            able += officers
            if unit.campaign != NO_ONE or unit.posted:
                out += officers
    state.doctrines[force].officers_out = out
    return max(0.0, share_out(state, force) * able - out)


@rule
def next_target(state: State, force: int, free: float, day: int) -> int:
    """Return the district with the highest score that a force may go to today, or NO_ONE."""
    best, highest, first = NO_ONE, 0.0, state.doctrines[force].first
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.orders.target_score > 0.0 and not district.orders.considered:
            score = score_for(state, district, first)
            if score > highest and may_begin(state, district, force, free, day):
                best, highest = number, score
    return best


@rule
def reach_of(state: State, unit: PoliceUnit) -> float:
    """Return the hours within which a unit operates; more while helicopters can carry all of it."""
    reach: float = Tasking.of(state).reach
    capacity = state.contingents[unit.contingent].airlift_capacity
    if Equipment.of(state).enabled and capacity >= unit.officers:
        reach = max(reach, Equipment.of(state).air_reach)
    return reach


@rule
def is_free(state: State, unit: PoliceUnit, force: int) -> bool:
    """Return whether a unit of a force can be given an operation today."""
    if unit.kind == STATION or unit.campaign != NO_ONE or unit.posted:
        return False
    return state.contingents[unit.contingent].force == force and is_mobile(state, unit)


@rule
def nearest_free_unit(state: State, units: int, number: int) -> int:
    """Return the row of the free unit nearest to a district within reach, or NO_ONE.

    Among units equally near the one whose turn is first goes.

    Args:
        state: All records of the run, with the rows of units in ``free_units``.
        units: How many rows there are.
        number: The district's row.
    """
    best, shortest = NO_ONE, math.inf
    for place in range(units):
        row = int(state.free_units[place])
        unit = state.units[row]
        if unit.campaign == NO_ONE and not unit.considered:
            hours = state.hours[unit.quarters, number]
            near = hours <= shortest and hours <= reach_of(state, unit)
            if near and (hours < shortest or unit.turn < state.units[best].turn):
                best, shortest = row, hours
    return best


@rule
def join_operation(state: State, row: int, number: int, day: int) -> None:
    """Give a unit an operation in a district."""
    unit, orders = state.units[row], state.districts[number].orders
    contingent = state.contingents[unit.contingent]
    officers = unit.officers * contingent.readiness
    unit.campaign = number
    if state.hours[unit.quarters, number] > Tasking.of(state).reach:
        contingent.airlift_capacity -= unit.officers
    if orders.campaign_since < 0:
        orders.campaign_since = day
    orders.assigned += officers
    state.doctrines[contingent.force].officers_out += officers


@rule
def send_units(
    state: State, randomness: Randomness, force: int, number: int, free: float, units: int
) -> float:
    """Send the nearest free units of a force to a district; return the officers who may still go.

    A unit that is larger than what is wanted, or may go, joins with the probability of that part.
    The part is used up whether it joins or not, so that the size of units makes no difference on
    average. The answer lasts as long as a belief: asked anew each day, all would join in the end.
    """
    period = Randomness(randomness.first, randomness.second, randomness.day // BELIEF_DAYS)
    district, left = state.districts[number], free
    wanted, target_identity = wanted_officers(state, district, force), district.identity
    for place in range(units):
        state.units[state.free_units[place]].considered = False
    while wanted > 0.0 and left > 0.0:
        row = nearest_free_unit(state, units, number)
        if row == NO_ONE:
            break
        unit = state.units[row]
        officers = unit.officers * state.contingents[unit.contingent].readiness
        unit.considered = True
        part = min(officers, wanted, left)
        joins = part >= officers
        if not joins:
            chance = uniform(period, JOINS_OPERATION, unit.identity, target_identity)
            joins = chance * officers < part
        if joins:
            join_operation(state, row, number, randomness.day)
        left -= part
        wanted -= part
    return max(0.0, left)


@rule
def consider_within(state: State, place: int, reach: float) -> None:
    """Let the targets within ``reach`` hours of a district be considered."""
    for number in range(state.districts.size):
        if state.hours[place, number] <= reach:
            state.districts[number].orders.considered = False


@rule
def find_free_units(state: State, randomness: Randomness, force: int) -> int:
    """Write the rows of a force's free units into ``free_units``, and return how many there are.

    Only the targets that one of them can reach are left to be considered. Whose turn is first among
    equally near units is drawn for as long as a belief lasts.
    """
    period = Randomness(randomness.first, randomness.second, randomness.day // BELIEF_DAYS)
    units, place, farthest = 0, NO_ONE, 0.0
    for district in state.districts:
        district.orders.considered = True
    for row in range(state.counters.units):
        unit = state.units[row]
        if is_free(state, unit, force):
            state.free_units[units] = row
            units += 1
            turn, reach = uniform(period, GOES_FIRST, unit.identity), reach_of(state, unit)
            unit.turn = turn
            if unit.quarters != place or reach > farthest:
                place, farthest = unit.quarters, reach
                consider_within(state, place, reach)
    return units


@rule
def any_left(state: State, units: int) -> bool:
    """Return whether one of the first ``units`` rows of ``free_units`` has no operation yet."""
    left = False
    for place in range(units):
        left = left or state.units[state.free_units[place]].campaign == NO_ONE
    return left


@rule
def command_force(state: State, randomness: Randomness, force: int) -> None:
    """Let a force reinforce its operations and begin new ones, as far as it has officers."""
    free = officers_to_send(state, force)
    units = find_free_units(state, randomness, force) if free > 0.0 else 0
    while free > 0.0 and any_left(state, units):
        number = next_target(state, force, free, randomness.day)
        if number == NO_ONE:
            break
        free = send_units(state, randomness, force, number, free, units)
        # Nobody else of this force can go there today.
        state.districts[number].orders.considered = True


@rule
def any_order(state: State) -> bool:
    """Return whether a dated order asks for an operation, or officers are needed where they are."""
    found = False
    for district in state.districts:
        found = found or district.orders.operation_priority > 1.0
        found = found or district.orders.assigned > 0.0
    return found


@rule
def command(state: State, randomness: Randomness) -> None:
    """Let each force continue, end and begin operations, and give each unit its task of the day."""
    end_campaigns(state, randomness.day)
    ordered = any_order(state)
    for force in (POLICE, ARMY, MISSION):
        if ordered or state.doctrines[force].operations != NO_OPERATIONS:
            command_force(state, randomness, force)
    for district in state.districts:
        if district.orders.campaign_since == randomness.day:
            number = uniform(randomness, CREW_CLEARED, district.identity)
            district.orders.campaign_draw = number
    for row in range(state.counters.units):
        if state.units[row].kind != STATION:
            give_task(state, row)


@rule
def give_task(state: State, row: int) -> None:
    """Give a unit its task and posture of the day.

    It operates, fights crews where it is posted, or is present as its doctrine says.
    """
    unit = state.units[row]
    force = state.contingents[unit.contingent].force
    place = unit.campaign
    if place == NO_ONE and fights_at_home(state, unit):
        place = unit.quarters
    if place != NO_ONE and is_mobile(state, unit):
        unit.task, unit.district, unit.operated_in = OPERATING, place, place
        unit.posture = operating_posture(state, state.districts[place], force)
    elif unit.posted:
        unit.posture = operating_posture(state, state.districts[unit.quarters], force)
    else:
        unit.posture = state.doctrines[force].at_home
