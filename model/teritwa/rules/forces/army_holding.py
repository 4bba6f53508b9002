"""Holding force: soldiers who stay in what police have cleared, until they hand it over.

The army, reinstated in 2017 (S69), should hold what the police retake, and lacks people, equipment
and ammunition (S88): by default it does not, and a scenario switches it on. Soldiers move into the
district that was cleared last, as many as have equipment; when it has been quiet for long enough,
its station reopens, its police come home, and the soldiers are free for the next place.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.police_unit import SOLDIERS, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.forces.bases import move_quarters
from teritwa.rules.forces.night_posture import refuge
from teritwa.rules.forces.tasking import Tasking


class ArmyHolding(Parameters):
    """How the army holds what was cleared."""

    enabled: bool = switch(
        meaning="soldiers of the army hold cleared places",
        source="assumption; the army should and does not (S88)",
        value=False,
    )
    equipped_share: float = parameter(
        0.5,
        "1",
        between=(0.1, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the soldiers who can be sent to hold places at the same time",
        lever="how many soldiers are equipped to hold is what a scenario decides",
    )
    company_size: int = parameter(
        50,
        "soldiers",
        between=(20, 300),
        bounds=(1, 10_000),
        grade="C",
        source="assumption: a platoon or company",
        meaning="soldiers who are to hold one cleared place",
    )
    days_to_occupy: int = parameter(
        7,
        "days",
        between=(1, 30),
        grade="C",
        source="assumption",
        meaning="days after a clearing within which soldiers may still be sent there",
    )
    handover_days: int = parameter(
        45,
        "days",
        between=(14, 180),
        grade="C",
        source="assumption",
        meaning="days without an attack, under the state, after which soldiers hand a place over to the police",
    )


@rule
def count_posted_soldiers(state: State) -> int:
    """Return the soldiers who hold places now."""
    out = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        out += unit.officers if unit.kind == SOLDIERS and unit.posted else 0
    return out


@rule
def count_soldiers(state: State) -> int:
    """Return the soldiers in the country."""
    total = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        total += unit.officers if unit.kind == SOLDIERS else 0
    return total


@rule
def needs_holding(district: District, day: int, fresh: int) -> bool:
    """Whether a district was cleared of late and its crew has not come back."""
    return district.control.cleared_on >= 0 and day - district.control.cleared_on <= fresh


@rule
def place_to_hold(state: State, unit: PoliceUnit, day: int) -> int:
    """Return the place cleared last within reach of a unit that too few soldiers hold, or NO_ONE."""
    army_holding, best = ArmyHolding.of(state), NO_ONE
    # What is handed over already is not taken back.
    fresh = min(army_holding.days_to_occupy, army_holding.handover_days - 1)
    for number in range(state.districts.size):
        district = state.districts[number]
        if (
            needs_holding(district, day, fresh)
            and district.presence.garrison < army_holding.company_size
        ):
            near = state.hours[unit.quarters, number] <= Tasking.of(state).reach
            if near and (
                best == NO_ONE
                or district.control.cleared_on > state.districts[best].control.cleared_on
            ):
                best = number
    return best


@rule
def hand_over(state: State, day: int) -> None:
    """Soldiers leave a place that has been quiet for long to the police, and one to which gangs came back."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.kind == SOLDIERS and unit.posted:
            district = state.districts[unit.quarters]
            handed = may_be_handed_over(district, day, ArmyHolding.of(state).handover_days)
            if handed:
                district.control.station = True
            claimed = district.presence.strongest_claimant != NO_ONE
            if handed or (district.control.holder != STATE and claimed):
                unit.posted = False
                lost = state.districts[unit.home].control.holder != STATE
                move_quarters(state, row, refuge(state, unit.home) if lost else unit.home)


@rule
def may_be_handed_over(district: District, day: int, days: int) -> bool:
    """Whether the state holds a place without crews, cleared or attacked ``days`` ago or more."""
    last = max(district.control.attacked_on, district.control.cleared_on)
    empty = district.presence.strongest_crew == NO_ONE
    return district.control.holder == STATE and empty and day - last >= days


@rule
def occupy_cleared(state: State, day: int) -> None:
    """At dusk soldiers who are free move into places cleared of late, as far as they have equipment."""
    hand_over(state, day)
    out = count_posted_soldiers(state)
    most = ArmyHolding.of(state).equipped_share * count_soldiers(state)
    for row in range(state.counters.units):
        unit = state.units[row]
        free = unit.kind == SOLDIERS and not unit.posted and unit.officers > 0
        if free and out + unit.officers <= most:
            number = place_to_hold(state, unit, day)
            if number != NO_ONE:
                move_quarters(state, row, number)
                unit.posted, unit.operated_in, unit.night_share = True, number, 1.0
                out += unit.officers
