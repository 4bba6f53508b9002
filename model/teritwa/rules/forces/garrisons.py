"""Garrisons (M10): officers stay in a district that they have cleared, if their doctrine has it so.

They live there by night until the district has been quiet for some time, and then hand it over to
the police: its station reopens. Officers of the mission need a forward base for it, which opens if
the fund can pay for one more (`budget.cost_per_base_month`). Officers of the mission said that they
cannot stay after dark because they lack forward bases (S68).
"""

from teritwa.engine.compiler import rule
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE, SOLDIERS, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.forces.army_holding import ArmyHolding, may_be_handed_over
from teritwa.rules.forces.bases import move_quarters
from teritwa.rules.forces.campaigns import is_mobile
from teritwa.rules.forces.doctrine import garrison_of, hand_over_days
from teritwa.rules.forces.night_posture import refuge
from teritwa.rules.mission.budget import Budget
from teritwa.rules.mission.ceiling import affordable_officers
from teritwa.rules.mission.strength import mission_strength


@rule
def count_posted(state: State, number: int, force: int) -> float:
    """Return the able officers of a force who are posted in a district."""
    total = 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        if unit.posted and unit.quarters == number and contingent.force == force:
            total += unit.officers * contingent.readiness
    return total


@rule
def may_stay(state: State, district: District, force: int) -> bool:
    """Return whether a force can stay: the mission needs a base that the fund can pay."""
    if force != MISSION or district.control.forward_base:
        return True
    if state.mission.mandate == UN_PEACEKEEPING:
        return True
    budget, spare = Budget.of(state), affordable_officers(state) - mission_strength(state)
    return spare * budget.cost_per_officer_month >= budget.cost_per_base_month


@rule
def took_part(state: State, unit: PoliceUnit, number: int, force: int) -> bool:
    """Return whether a unit of a force is on the operation in a district, and can stay."""
    own = state.contingents[unit.contingent].force == force
    return own and unit.campaign == number and is_mobile(state, unit)


@rule
def leave_garrison(state: State, number: int, force: int) -> None:
    """Post units that cleared a district today there, until its garrison is complete."""
    district = state.districts[number]
    lacking = garrison_of(state, district, force) - count_posted(state, number, force)
    if lacking <= 0.0 or not may_stay(state, district, force):
        return
    for row in range(state.counters.units):
        unit = state.units[row]
        if lacking > 0.0 and took_part(state, unit, number, force):
            move_quarters(state, row, number)
            unit.posted, unit.campaign, unit.night_share = True, NO_ONE, 1.0
            lacking -= unit.officers * state.contingents[unit.contingent].readiness
            district.control.garrisoned = True
            if force == MISSION:
                district.control.forward_base = True


@rule
def garrison_cleared(state: State, day: int) -> None:
    """Let forces stay in the districts that they cleared today, as their doctrine has it."""
    for number in range(state.districts.size):
        if state.districts[number].control.cleared_on == day:
            for force in (POLICE, ARMY, MISSION):
                leave_garrison(state, number, force)


@rule
def may_go(state: State, unit: PoliceUnit, day: int) -> bool:
    """Return whether a unit of a garrison may hand its district over.

    Where the army holds what others cleared, soldiers follow `teritwa.rules.forces.army_holding`.
    """
    district = state.districts[unit.quarters]
    if not unit.posted or not district.control.garrisoned:
        return False
    if unit.kind == SOLDIERS and ArmyHolding.of(state).enabled:
        return False
    force = state.contingents[unit.contingent].force
    return may_be_handed_over(district, day, hand_over_days(state, district, force))


@rule
def release_garrisons(state: State, day: int) -> None:
    """Release garrisons whose district may be handed over; it goes to the police."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if may_go(state, unit, day):
            control = state.districts[unit.quarters].control
            control.station, control.forward_base, unit.posted = True, False, False
            home = state.districts[unit.home].control.holder == STATE
            move_quarters(state, row, unit.home if home else refuge(state, unit.home))
    for district in state.districts:
        if district.control.garrisoned and district.presence.garrison <= 0:
            district.control.garrisoned = False
