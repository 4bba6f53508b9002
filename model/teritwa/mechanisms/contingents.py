"""Contingents of the mission (M12, simple): officers land and leave under the ceiling and the fund; vehicles break.

Officers land when they are on their way, the mandate has room for them, and the fund can keep them for a month.
The ceiling is the least of what is authorised, what can be paid and what has arrived. Readiness (M18) follows
pay and vehicles: unpaid costs stop repairs at once, while officers leave only when nobody paid for months, so
that readiness falls before strength does.
"""

import math

from teritwa.agents.district import STATE
from teritwa.agents.institution import NO_MANDATE, UN_PEACEKEEPING
from teritwa.agents.police_unit import AT_HOME, FOREIGN, Contingent
from teritwa.agents.state import State
from teritwa.compiled import rule
from teritwa.mechanisms.hold import refuge
from teritwa.noise import Chance, decision, uniform, whole
from teritwa.quantity import Parameters, parameter

LANDS = decision("officers of a contingent land")
GOES_HOME = decision("officers of a contingent go home")
REPAIRED = decision("vehicles of a contingent are repaired")


class Contingents(Parameters):
    """Units, readiness and patience of the contingents."""

    unit_size: int = parameter(
        50,
        "officers",
        between=(20, 150),
        grade="C",
        source="assumption: a platoon or company",
        meaning="officers of a foreign unit",
    )
    readiness: float = parameter(
        0.8,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption: leave, sickness and duties at base",
        meaning="share of officers able to operate when all costs are paid and every one has a vehicle seat",
    )
    on_foot: float = parameter(
        0.6,
        "1",
        between=(0.3, 1.0),
        grade="C",
        source="assumption; S65",
        meaning="factor on the mission's readiness when it has no working vehicle",
    )
    seats: int = parameter(
        10,
        "officers per vehicle",
        between=(6, 12),
        grade="C",
        source="assumption: carrying capacity of an armoured troop carrier",
        meaning="officers whom one vehicle carries",
    )
    unpaid_readiness: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="factor on readiness that is approached while costs stay unpaid",
    )
    adjustment: float = parameter(
        30.0,
        "days",
        between=(10.0, 90.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which readiness follows pay and vehicles",
    )
    repair: float = parameter(
        0.01,
        "1 per day",
        between=(0.002, 0.1),
        grade="C",
        source="assumption",
        meaning="share of broken vehicles repaired in a day while costs are paid",
    )
    patience: int = parameter(
        120,
        "days",
        between=(30, 365),
        grade="C",
        source="assumption",
        meaning="days without pay after which contingents go home",
    )
    going_home: int = parameter(
        60,
        "days",
        between=(14, 180),
        grade="C",
        source="assumption",
        meaning="time that a contingent takes to leave",
    )


@rule
def mission_strength(state: State) -> int:
    """Return the officers of all foreign contingents in the country."""
    total = 0
    for contingent in state.contingents:
        if contingent.foreign:
            total += contingent.officers
    return total


@rule
def affordable(state: State, monthly_cost: int) -> int:
    """Return how many officers the fund can keep: a month's cost each, from balance and monthly income."""
    if state.institution.mandate == UN_PEACEKEEPING:
        return state.institution.authorised
    return (max(0, state.institution.fund) + state.institution.monthly) // max(1, monthly_cost)


@rule
def land(state: State, chance: Chance) -> None:
    """Officers on their way land, within what is authorised and what the fund can keep."""
    monthly_cost = state.parameters.fund.officer_month * 100
    for row in range(state.contingents.size):
        contingent = state.contingents[row]
        if contingent.waiting > 0 and contingent.foreign and state.institution.mandate != NO_MANDATE:
            ceiling = min(state.institution.authorised, affordable(state, monthly_cost))
            room = max(0, ceiling - mission_strength(state))
            today = whole(contingent.arriving, uniform(chance, LANDS, contingent.identity))
            landing = min(contingent.waiting, room, today)
            contingent.waiting -= landing
            join_units(state, row, landing)


@rule
def join_units(state: State, row: int, landing: int) -> None:
    """Newly landed officers fill their contingent's units, then form new ones at the mission's base."""
    contingent = state.contingents[row]
    left = landing
    for place in range(state.institution.units):
        unit = state.units[place]
        if unit.contingent == row and left > 0:
            joining = min(left, max(0, state.parameters.contingents.unit_size - unit.officers))
            unit.officers += joining
            left -= joining
    formed = 0
    while left > 0 and state.institution.units < state.units.size:
        joining = min(left, state.parameters.contingents.unit_size)
        form_unit(state, row, joining)
        left -= joining
        formed += 1
    contingent.waiting += left
    contingent.officers += landing - left
    state.ledger.officers_joined += landing - left


@rule
def form_unit(state: State, row: int, officers: int) -> None:
    """Form a unit of a foreign contingent at the mission's base."""
    number = 0
    for place in range(state.institution.units):
        if state.units[place].contingent == row:
            number += 1
    unit = state.units[state.institution.units]
    state.institution.units += 1
    unit.identity = (state.contingents[row].identity * 31 + number) % 4294967296
    unit.contingent, unit.kind, unit.task = row, FOREIGN, AT_HOME
    base = state.institution.headquarters
    if state.districts[base].holder != STATE:
        base = refuge(state, base)
    unit.home, unit.quarters, unit.district = state.institution.headquarters, base, base
    unit.officers, unit.night_share = officers, 1.0


@rule
def go_home(state: State, chance: Chance) -> None:
    """Contingents under orders to leave go home; so does the whole mission after months without pay."""
    contingents = state.parameters.contingents
    for row in range(state.contingents.size):
        contingent = state.contingents[row]
        if contingent.foreign and contingent.officers > 0:
            if contingent.leaving == 0 and state.institution.unpaid_days > contingents.patience:
                order_home(contingent, contingent.officers, contingents.going_home)
            today = whole(contingent.departing, uniform(chance, GOES_HOME, contingent.identity))
            leave_units(state, row, min(contingent.leaving, today))
        contingent.leaving = min(contingent.leaving, contingent.officers)


@rule
def order_home(contingent: Contingent, officers: int, days: int) -> None:
    """Order officers of a contingent home over some days; when all go, those on their way stay away too."""
    contingent.leaving = min(contingent.leaving, contingent.officers)
    if contingent.leaving == 0:
        contingent.departing = 0.0
    if officers >= contingent.officers:
        contingent.waiting = 0
    ordered = min(officers, contingent.officers - contingent.leaving)
    contingent.leaving += ordered
    contingent.departing += 1.0 * ordered / max(1, days)


@rule
def leave_units(state: State, row: int, going: int) -> None:
    """Take officers out of a contingent's units, from the last unit backwards."""
    contingent = state.contingents[row]
    left = going
    for step in range(state.institution.units):
        unit = state.units[state.institution.units - 1 - step]
        if unit.contingent == row and left > 0:
            gone = min(left, unit.officers)
            unit.officers -= gone
            left -= gone
    contingent.officers -= going - left
    contingent.leaving -= going - left
    state.ledger.officers_left += going - left


@rule
def count_ready(state: State) -> None:
    """Count the officers able to operate, after the day's losses and departures."""
    for contingent in state.contingents:
        contingent.ready = int(contingent.officers * contingent.readiness)


@rule
def make_ready(state: State, chance: Chance) -> None:
    """Repair vehicles while costs are paid, and let readiness follow pay and vehicles."""
    contingents = state.parameters.contingents
    step = 1.0 - math.exp(-1.0 / contingents.adjustment)
    paid = state.institution.paid
    vehicles = 0
    for contingent in state.contingents:
        heading = contingents.readiness
        if contingent.foreign:
            number = uniform(chance, REPAIRED, contingent.identity)
            fixed = min(contingent.broken, whole(contingents.repair * paid * contingent.broken, number))
            contingent.broken -= fixed
            contingent.vehicles += fixed
            seats = min(1.0, 1.0 * contingents.seats * contingent.vehicles / max(1, contingent.officers))
            heading *= contingents.on_foot + (1.0 - contingents.on_foot) * seats
            heading *= contingents.unpaid_readiness + (1.0 - contingents.unpaid_readiness) * paid
        contingent.readiness += step * (heading - contingent.readiness)
        vehicles += contingent.vehicles if contingent.foreign else 0
    state.institution.armoured = min(1.0, 1.0 * contingents.seats * vehicles / max(1, mission_strength(state)))
