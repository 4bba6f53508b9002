"""Campaigns (M10, M11): operations that last, by as many officers as command wants.

A campaign begins in a district if the officers who are free near by are a good part of those whom
the doctrine wants for each fighter believed there, or if a dated order asks for it. A unit keeps
its district until its crews are driven out or its force gives up; then it is free, or stays as a
garrison (`teritwa.rules.forces.garrisons`). `teritwa.rules.forces.dispatch` says who is sent where.
"""

from teritwa.engine.compiler import rule
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.doctrine import NO_OPERATIONS
from teritwa.rules.agents.police_unit import AT_HOME, STATION, TECHNICAL_HELP, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import able_officers
from teritwa.rules.forces.doctrine import patience_of, wanted_force_ratio
from teritwa.rules.forces.tasking import Tasking


@rule
def is_mobile(state: State, unit: PoliceUnit) -> bool:
    """Return whether a unit can go out: stations and technical advisers do not."""
    if unit.kind == STATION or unit.officers <= 0:
        return False
    return state.contingents[unit.contingent].terms != TECHNICAL_HELP


@rule
def is_over(state: State, district: District, force: int, day: int) -> bool:
    """Return whether an operation of a force in a district is over: succeeded or given up.

    A dated order is carried on while it lasts.
    """
    orders = district.orders
    if orders.campaign_since < 0 or district.presence.fighters == 0:
        return True
    ordered = orders.operation_priority > 1.0
    return not ordered and day - orders.campaign_since >= patience_of(state, district, force)


@rule
def fights_at_home(state: State, unit: PoliceUnit) -> bool:
    """Return whether a unit fights crews in the district in which it is posted."""
    return (
        unit.posted
        and state.districts[unit.quarters].presence.fighters > 0
        and is_mobile(state, unit)
    )


@rule
def begin_or_end(district: District, day: int) -> None:
    """End an operation that no officer is left in; begin that of officers whom crews came upon."""
    orders = district.orders
    if orders.campaign_since >= 0 and orders.assigned <= 0.0:
        orders.campaign_since, orders.campaign_ended = -1, day
    elif orders.campaign_since < 0 and orders.assigned > 0.0:
        orders.campaign_since = day


@rule
def carry_on(state: State, unit: PoliceUnit, day: int) -> None:
    """Release a unit whose operation is over; count it where it goes on, or fights at home."""
    contingent = state.contingents[unit.contingent]
    place = unit.campaign
    if place != NO_ONE:
        over = is_over(state, state.districts[place], contingent.force, day)
        if over or not is_mobile(state, unit):
            unit.campaign, place = NO_ONE, NO_ONE
    elif fights_at_home(state, unit):
        place = unit.quarters
    if place != NO_ONE:
        state.districts[place].orders.assigned += able_officers(unit, contingent)


@rule
def end_campaigns(state: State, day: int) -> None:
    """Release units whose operation is over, and end operations that no unit is left in.

    Those who fight where they are posted are on an operation too, which begins when crews come.
    """
    for district in state.districts:
        district.orders.assigned = 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        unit.district = unit.quarters
        if unit.kind != STATION:  # stations never go out
            unit.task, unit.night_share = AT_HOME, 1.0
            carry_on(state, unit, day)
    for district in state.districts:
        begin_or_end(district, day)


@rule
def wanted_officers(state: State, district: District, force: int) -> float:
    """Return how many officers of a force are still wanted for a district today."""
    wanted = wanted_force_ratio(state, district, force) * district.orders.believed_fighters
    return wanted - district.orders.assigned


@rule
def may_go(state: State, district: District, force: int, day: int) -> bool:
    """Return whether a force may go to a district today, if it has the officers.

    Operations under way are reinforced until the force gives up. A new one begins after a rest
    since the last, unless it is ordered. A force without operations of its own follows dated
    orders alone.
    """
    orders = district.orders
    if district.presence.fighters == 0 or wanted_officers(state, district, force) <= 0.0:
        return False
    if orders.operation_priority > 1.0:
        return True
    if state.doctrines[force].operations == NO_OPERATIONS:
        return False
    if orders.campaign_since >= 0:
        return not is_over(state, district, force, day)
    return day - orders.campaign_ended >= Tasking.of(state).rest_days


@rule
def least_officers(state: State, district: District, force: int) -> float:
    """Return without how many free officers near a district a force does not go there.

    Operations that are under way or ordered take any number.
    """
    if district.orders.campaign_since >= 0 or district.orders.operation_priority > 1.0:
        return 0.0
    least: float = Tasking.of(state).least_share
    return least * wanted_officers(state, district, force)
