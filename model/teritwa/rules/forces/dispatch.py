"""Dispatch (M10): command gives the officers who are free to the districts that it wants most.

A force may have a share of the able officers near a district out. Command gives them to the
districts with the highest scores: as many officers as its doctrine wants, the nearest units first.
The number of operations so follows from the force there is. When a campaign begins and ends is in
`teritwa.rules.forces.campaigns`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import ARMY, MISSION, OPERATING, POLICE, STATION, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import able_officers
from teritwa.rules.districts.travel import hours_between
from teritwa.rules.forces.campaigns import (
    end_campaigns,
    fights_at_home,
    is_mobile,
    least_officers,
    may_go,
    wanted_officers,
)
from teritwa.rules.forces.doctrine import operating_posture
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.forces.ranking import put_candidate, rank_candidates, take_best_candidate
from teritwa.rules.forces.tasking import BELIEF_DAYS, Tasking, score_for
from teritwa.rules.moods import mood_factor

JOINS_OPERATION = decision("unit joins an operation that wants a part of it")
GOES_FIRST = decision("one of equally near units goes first")
TARGET_FIRST = decision("one of equally good targets comes first")
CREW_CLEARED = decision("operation drives crews into hiding")


@rule
def share_out(state: State, force: int) -> float:
    """Return the share of a force's able officers who may be out at once today."""
    tasking, doctrine = Tasking.of(state), state.doctrines[force]
    usual = tasking.mission_share_out if force == MISSION else tasking.own_share_out
    share = doctrine.share_out if doctrine.share_out >= 0.0 else usual
    # The tempo of operations drifts for the country's own forces alone.
    share *= mood_factor(state.moods.operations) if force != MISSION else 1.0
    return max(0.0, min(1.0, share))


@rule
def reach_of(state: State, unit: PoliceUnit) -> float:
    """Return the hours within which a unit operates; more while helicopters can carry all of it."""
    reach: float = Tasking.of(state).reach
    capacity = state.contingents[unit.contingent].airlift_capacity
    if Equipment.of(state).enabled and capacity >= unit.officers:
        reach = max(reach, Equipment.of(state).air_reach)
    return reach


@rule
def longest_reach(state: State) -> float:
    """Return the hours within which any unit operates, by land or in helicopters."""
    reach: float = Tasking.of(state).reach
    return max(reach, Equipment.of(state).air_reach) if Equipment.of(state).enabled else reach


@rule
def is_out(unit: PoliceUnit) -> bool:
    """Return whether a unit is on an operation, or holds a district."""
    return unit.campaign != NO_ONE or unit.posted


@rule
def offer_within(state: State, number: int, reach: float, officers: float) -> None:
    """Add officers to those who may still go to each district near one.

    Args:
        state: All records of the run.
        number: The row of the district in which they are quartered.
        reach: The hours within which they go.
        officers: How many; a negative number is taken away.
    """
    place = state.districts[number].place
    for row in range(place.first_destination, place.last_destination):
        way = state.ways[row]
        if way.hours > reach:
            break  # all others are farther
        state.districts[way.target].orders.free_officers += officers


@rule
def list_unit(state: State, row: int, share: float) -> float:
    """List a unit in its district, and offer its officers; return those who are out already."""
    unit = state.units[row]
    orders = state.districts[unit.quarters].orders
    unit.next_unit, orders.first_unit, unit.considered = orders.first_unit, row, NO_ONE
    able = able_officers(unit, state.contingents[unit.contingent])
    committed = able if is_out(unit) else 0.0
    reach, free = reach_of(state, unit), share * able - committed
    if reach > Tasking.of(state).reach:
        offer_within(state, unit.quarters, reach, free)
    else:  # most units of a district reach as far
        orders.offered += free
    return committed


@rule
def list_units(state: State, randomness: Randomness, force: int) -> bool:
    """List the units of a force that can go out by district; return whether there are any.

    Of those who can reach a district, a share may be out at once. Officers who are too far to come
    do not count there, so that two places far apart do not lend each other strength. Whose turn is
    first among equally near units is drawn for as long as a belief lasts. Records the officers who
    are out in the force's doctrine.
    """
    period = Randomness(randomness.first, randomness.second, randomness.day // BELIEF_DAYS)
    any_unit, out, share = False, 0.0, share_out(state, force)
    for district in state.districts:
        orders = district.orders
        orders.free_officers, orders.offered, orders.first_unit = 0.0, 0.0, NO_ONE
    for row in range(state.counters.units):
        unit = state.units[row]
        if state.contingents[unit.contingent].force == force and is_mobile(state, unit):
            any_unit, unit.turn = True, uniform(period, GOES_FIRST, unit.identity)
            out += list_unit(state, row, share)
    if any_unit:
        offer_by_district(state)
    state.doctrines[force].officers_out = out
    return any_unit


@rule
def offer_by_district(state: State) -> None:
    """Offer the officers of each district to those within the usual reach."""
    for number in range(state.districts.size):
        offered = state.districts[number].orders.offered
        if offered != 0.0:
            offer_within(state, number, Tasking.of(state).reach, offered)


@rule
def list_targets(state: State, randomness: Randomness, force: int) -> int:
    """Write the districts where a force may go into ``candidates``, with their scores for it.

    Returns:
        How many there are.
    """
    targets, first = 0, state.doctrines[force].first
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.orders.target_score > 0.0 and may_go(state, district, force, randomness.day):
            score = score_for(state, district, first)
            lot = uniform(randomness, TARGET_FIRST, district.identity)
            put_candidate(state, targets, number, score, lot)
            targets += 1
    return targets


@rule
def may_be_sent(state: State, unit: PoliceUnit, number: int, hours: float) -> bool:
    """Return whether a unit can be sent to a district some hours away, and was not asked yet."""
    free = unit.considered != number and not is_out(unit)
    return free and hours <= reach_of(state, unit)


@rule
def nearest_free_unit(state: State, number: int) -> int:
    """Return the row of the free unit nearest to a district within reach, or NO_ONE.

    Among units equally near the one whose turn is first goes.

    Args:
        state: All records of the run, with the units of a force listed by district.
        number: The district's row.
    """
    best, farthest, place = NO_ONE, longest_reach(state), state.districts[number].place
    for number_of_way in range(place.first_destination, place.last_destination):
        way = state.ways[number_of_way]
        if way.hours > farthest:
            break  # all others are farther
        row = state.districts[way.target].orders.first_unit
        while row != NO_ONE:
            unit = state.units[row]
            may_go_now = may_be_sent(state, unit, number, way.hours)
            if may_go_now and (best == NO_ONE or unit.turn < state.units[best].turn):
                best, farthest = row, way.hours
            row = unit.next_unit
    return best


@rule
def join_operation(state: State, row: int, number: int, day: int) -> None:
    """Give a unit an operation in a district."""
    unit, orders = state.units[row], state.districts[number].orders
    contingent = state.contingents[unit.contingent]
    unit.campaign = number
    if hours_between(state, unit.quarters, number) > Tasking.of(state).reach:
        contingent.airlift_capacity -= unit.officers
    if orders.campaign_since < 0:
        orders.campaign_since = day
    orders.assigned += able_officers(unit, contingent)
    state.doctrines[contingent.force].officers_out += able_officers(unit, contingent)


@rule
def send_units(state: State, randomness: Randomness, force: int, number: int, free: float) -> None:
    """Send the nearest free units of a force to a district, as many officers as it wants there.

    A unit that is larger than what is wanted, or may go, joins with the probability of that part.
    The part is used up whether it joins or not, so that the size of units makes no difference on
    average. The answer lasts as long as a belief: asked anew each day, all would join in the end.
    """
    period = Randomness(randomness.first, randomness.second, randomness.day // BELIEF_DAYS)
    district = state.districts[number]
    wanted, target_identity = wanted_officers(state, district, force), district.identity
    wanted = min(wanted, free)
    while wanted > 0.0:
        row = nearest_free_unit(state, number)
        if row == NO_ONE:
            break
        unit = state.units[row]
        unit.considered = number
        officers = able_officers(unit, state.contingents[unit.contingent])
        part = min(officers, wanted)
        joins = part >= officers
        if not joins:
            chance = uniform(period, JOINS_OPERATION, unit.identity, target_identity)
            joins = chance * officers < part
        offer_within(state, unit.quarters, reach_of(state, unit), -part)
        wanted -= part
        if joins:
            join_operation(state, row, number, randomness.day)


@rule
def command_force(state: State, randomness: Randomness, force: int) -> None:
    """Let a force reinforce its operations and begin new ones, as far as it has officers near."""
    any_unit = list_units(state, randomness, force)
    targets = list_targets(state, randomness, force) if any_unit else 0
    rank_candidates(state, targets)
    while targets > 0:
        number = take_best_candidate(state, targets)
        targets -= 1
        free = state.districts[number].orders.free_officers
        if free > 0.0 and free >= least_officers(state, state.districts[number], force):
            send_units(state, randomness, force, number, free)


@rule
def command(state: State, randomness: Randomness) -> None:
    """Let each force continue, end and begin operations, and give each unit its task of the day."""
    end_campaigns(state, randomness.day)
    for force in (POLICE, ARMY, MISSION):
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
