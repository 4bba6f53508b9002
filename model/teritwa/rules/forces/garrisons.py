"""Garrisons (M10): officers stay in a district that they have cleared, if their doctrine has it so.

They live there by night until the district has been quiet for some time, and then hand it over to
the police: its station reopens. Officers of the mission need a forward base for it, which opens if
the fund can pay for one more (`budget.cost_per_base_month`), and closes when they hand over.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import (
    ARMY,
    FOREIGN,
    MISSION,
    POLICE,
    SOLDIERS,
    PoliceUnit,
)
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import able_officers
from teritwa.rules.forces.army_holding import ArmyHolding, may_be_handed_over
from teritwa.rules.forces.bases import move_quarters
from teritwa.rules.forces.campaigns import is_mobile
from teritwa.rules.forces.doctrine import garrison_of, hand_over_days
from teritwa.rules.forces.night_posture import refuge
from teritwa.rules.mission.budget import Budget
from teritwa.rules.mission.ceiling import affordable_officers
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome

STAYS_FIRST = decision("unit that cleared a district is asked first to stay")
STAYS = decision("unit stays in a cleared district that wants a part of it")

BASES_UNAFFORDABLE = outcome(
    "bases_unaffordable",
    "daily.bases_unaffordable",
    unit="districts per day",
    meaning="districts that the mission cleared and left that day because its fund could not pay "
    "a base there",
    stored="i4",
)


@rule
def count_posted(state: State, number: int, force: int) -> float:
    """Return the able officers of a force who are posted in a district."""
    total = 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        if unit.posted and unit.quarters == number and contingent.force == force:
            total += able_officers(unit, contingent)
    return total


@rule
def may_stay(state: State, district: District, force: int) -> bool:
    """Return whether a force can stay: the mission needs a base that the fund can pay."""
    if force != MISSION or district.control.forward_base:
        return True
    budget = Budget.of(state)
    if state.mission.mandate == UN_PEACEKEEPING or not budget.enabled:
        return True
    spare = affordable_officers(state) - mission_strength(state)
    return spare * budget.cost_per_officer_month >= budget.cost_per_base_month


@rule
def took_part(state: State, unit: PoliceUnit, number: int, force: int) -> bool:
    """Return whether a unit of a force is on the operation in a district, and can stay."""
    own = state.contingents[unit.contingent].force == force
    return own and unit.campaign == number and is_mobile(state, unit)


@rule
def lot_to_stay(randomness: Randomness, unit: PoliceUnit) -> float:
    """Return a unit's lot of today: the one with the lowest is asked first to stay."""
    return uniform(randomness, STAYS_FIRST, unit.identity)


@rule
def next_to_stay(
    state: State, randomness: Randomness, number: int, force: int, after: float
) -> int:
    """Return the row of the unit on the operation that has the lowest lot above ``after``."""
    best, lowest = NO_ONE, 1.0
    for row in range(state.counters.units):
        unit = state.units[row]
        if took_part(state, unit, number, force):
            lot = lot_to_stay(randomness, unit)
            if after < lot < lowest:
                best, lowest = row, lot
    return best


@rule
def post(state: State, row: int, number: int) -> None:
    """Post a unit in a district that it cleared; officers of the mission open a base."""
    unit, control = state.units[row], state.districts[number].control
    move_quarters(state, row, number)
    unit.posted, unit.campaign, unit.night_share = True, NO_ONE, 1.0
    control.garrisoned = True
    if unit.kind == FOREIGN and not control.forward_base:
        control.forward_base, control.base_force = True, MISSION


@rule
def leave_garrison(state: State, randomness: Randomness, number: int, force: int) -> None:
    """Post units that cleared a district today there, until its garrison is complete.

    A lot decides which unit is asked first. A unit larger than what is lacking stays with the
    probability of that part, so that the size of units makes no difference on average.
    """
    district = state.districts[number]
    lacking = garrison_of(state, district, force) - count_posted(state, number, force)
    row = next_to_stay(state, randomness, number, force, -1.0) if lacking > 0.0 else NO_ONE
    if row != NO_ONE and not may_stay(state, district, force):
        state.daily.bases_unaffordable += 1
        row = NO_ONE
    while row != NO_ONE and lacking > 0.0:
        unit = state.units[row]
        officers = able_officers(unit, state.contingents[unit.contingent])
        lot = lot_to_stay(randomness, unit)
        if uniform(randomness, STAYS, unit.identity) * officers < lacking:
            post(state, row, number)
        lacking -= officers
        row = next_to_stay(state, randomness, number, force, lot)


@rule
def garrison_cleared(state: State, randomness: Randomness) -> None:
    """Let forces stay in the districts that they cleared today, as their doctrine has it."""
    for number in range(state.districts.size):
        if state.districts[number].control.cleared_on == randomness.day:
            for force in (POLICE, ARMY, MISSION):
                leave_garrison(state, randomness, number, force)


@rule
def may_go(state: State, unit: PoliceUnit, day: int) -> bool:
    """Return whether a unit of a garrison may hand its district over.

    Where the army holds what others cleared, soldiers follow `teritwa.rules.forces.army_holding`.
    Who lives in a base that an event opened stays there.
    """
    district = state.districts[unit.quarters]
    if not unit.posted or not district.control.garrisoned:
        return False
    if unit.based and district.control.base_ordered:
        return False
    if unit.kind == SOLDIERS and ArmyHolding.of(state).enabled:
        return False
    force = state.contingents[unit.contingent].force
    return may_be_handed_over(district, day, hand_over_days(state, district, force))


@rule
def hand_over_to_police(state: State, row: int) -> None:
    """Release a unit of a garrison; the station of its district reopens.

    The mission's base closes with its garrison, unless an event opened it.
    """
    unit = state.units[row]
    control = state.districts[unit.quarters].control
    control.station, unit.posted, unit.based = True, False, False
    if unit.kind == FOREIGN and not control.base_ordered:
        control.forward_base = False
    home = state.districts[unit.home].control.holder == STATE
    move_quarters(state, row, unit.home if home else refuge(state, unit.home))


@rule
def release_garrisons(state: State, day: int) -> None:
    """Release garrisons whose district may be handed over; it goes to the police."""
    for row in range(state.counters.units):
        if may_go(state, state.units[row], day):
            hand_over_to_police(state, row)
    for district in state.districts:
        if district.control.garrisoned and district.presence.garrison <= 0:
            district.control.garrisoned = False
