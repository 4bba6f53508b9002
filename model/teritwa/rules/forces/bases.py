"""Bases (M10): units live in forward bases and so stay in a district after dark.

Without a forward base, officers of the mission leave before dark. A base belongs to one force and
needs officers of it who live there. Those of the mission need money (`budget.cost_per_base_month`);
what a base of police or army costs is not part of the model. A base may be attacked and lost like
any district that the state holds.
"""

import math

import numpy as np

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.police_unit import FOREIGN, MISSION, STATION, TECHNICAL_HELP, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.districts.travel import hours_between
from teritwa.rules.outcomes import BY_DISTRICT, measured

BASE_FIRST = decision("one of several bases gets a unit first")
UNIT_FIRST = decision("one of equally near units moves into a base first")
MOVES_IN = decision("unit moves into a base that lacks a part of it")


class Bases(Parameters):
    """How many officers live in forward bases."""

    enabled: bool = switch(meaning="units move into forward bases")
    garrison_size: int = parameter(
        50,
        "officers",
        between=(20, 200),
        bounds=(1, 10_000),
        grade="C",
        source="assumption: a platoon or company",
        meaning="officers assigned to live in a forward base",
    )


@rule
def count_mission_bases(state: State) -> int:
    """Return the number of open forward bases of the mission."""
    bases = 0
    for district in state.districts:
        control = district.control
        bases += 1 if control.forward_base and control.base_force == MISSION else 0
    return bases


@rule
def count_garrisons(state: State) -> None:
    """Count the officers of mobile units who are quartered in each district."""
    for district in state.districts:
        district.presence.garrison = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.kind != STATION:
            state.districts[unit.quarters].presence.garrison += unit.officers


@rule
def move_quarters(state: State, row: int, number: int) -> None:
    """Move a unit to another district to live there."""
    unit = state.units[row]
    state.districts[unit.quarters].presence.garrison -= unit.officers
    state.districts[number].presence.garrison += unit.officers
    unit.quarters, unit.district = number, number


@rule
def may_move_in(state: State, unit: PoliceUnit, force: int) -> bool:
    """Return whether a unit may move into a base of a force.

    It belongs to the force and lives in no base and no cleared district yet. Stations and technical
    advisers never move.
    """
    contingent = state.contingents[unit.contingent]
    mobile = unit.kind != STATION and contingent.terms != TECHNICAL_HELP and unit.officers > 0
    return mobile and not unit.posted and contingent.force == force


@rule
def lot_of_unit(randomness: Randomness, unit: PoliceUnit) -> float:
    """Return a unit's lot for the run: of equally near units the one with the lowest moves."""
    whole_run = Randomness(randomness.first, randomness.second, 0)
    return uniform(whole_run, UNIT_FIRST, unit.identity)


@rule
def nearest_available_unit(state: State, randomness: Randomness, number: int) -> int:
    """Return the row of the nearest unit that may move into the base of a district, or NO_ONE.

    Of equally near units a lot decides, which lasts for the run. Units come by land.
    """
    best, shortest, first = NO_ONE, math.inf, 1.0
    force = state.districts[number].control.base_force
    for row in range(state.counters.units):
        unit = state.units[row]
        if may_move_in(state, unit, force):
            hours = hours_between(state, unit.quarters, number)
            if hours < math.inf and hours <= shortest:
                lot = lot_of_unit(randomness, unit)
                if hours < shortest or lot < first:
                    best, shortest, first = row, hours, lot
    return best


@rule
def has_lost_base(state: State, unit: PoliceUnit) -> bool:
    """Return whether a unit lives in a base that has closed, or that another force has now."""
    control = state.districts[unit.quarters].control
    if not unit.posted or not (unit.based or unit.kind == FOREIGN):
        return False
    others = unit.based and control.base_force != state.contingents[unit.contingent].force
    return not control.forward_base or others


@rule
def leave_closed_bases(state: State) -> None:
    """Release units that have lost their base; they return home if the state holds that place."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if has_lost_base(state, unit):
            unit.posted, unit.based = False, False
            if state.districts[unit.home].control.holder == STATE:
                move_quarters(state, row, unit.home)


@rule
def lot_of_base(randomness: Randomness, district: District) -> float:
    """Return the lot of a base today: the one with the lowest comes first."""
    return uniform(randomness, BASE_FIRST, district.identity)


@rule
def next_base(state: State, randomness: Randomness, after: float) -> int:
    """Return the base without its garrison that has the lowest lot above ``after``, or NO_ONE."""
    best, lowest = NO_ONE, 1.0
    for number in range(state.districts.size):
        district = state.districts[number]
        lacks_officers = district.presence.garrison < Bases.of(state).garrison_size
        if district.control.forward_base and lacks_officers:
            lot = lot_of_base(randomness, district)
            if after < lot < lowest:
                best, lowest = number, lot
    return best


@rule
def move_in(state: State, randomness: Randomness, row: int, number: int) -> None:
    """Let a unit move into a base, if the base lacks all of it or chance says so.

    A unit that is larger than what is lacking moves in with the probability of that part, so that
    the size of units makes no difference on average. The answer lasts for the run: asked anew each
    day, all would move in.
    """
    unit, district = state.units[row], state.districts[number]
    lacking = Bases.of(state).garrison_size - district.presence.garrison
    whole_run = Randomness(randomness.first, randomness.second, 0)
    place = district.identity
    chance = uniform(whole_run, MOVES_IN, unit.identity, place)
    if chance * unit.officers < lacking:
        move_quarters(state, row, number)
        unit.posted, unit.based = True, True


@rule
def garrison_bases(state: State, randomness: Randomness) -> None:
    """Offer one unit a day to each base that lacks officers: the nearest available one.

    A lot decides which base comes first.
    """
    leave_closed_bases(state)
    number = next_base(state, randomness, -1.0)
    while number != NO_ONE:
        lot = lot_of_base(randomness, state.districts[number])
        row = nearest_available_unit(state, randomness, number)
        if row != NO_ONE:
            move_in(state, randomness, row, number)
        number = next_base(state, randomness, lot)


@measured("districts.control.forward_base", unit="bases", label="Forward bases open", stored="i4")
def forward_bases(_: Array, open_here: Array) -> Array:
    """Return open forward bases."""
    total: Array = open_here.sum(axis=1)
    return total


@measured(
    ("units.quarters", "units.officers"),
    unit="officers",
    label="Officers posted",
    stored="i4",
    dimensions=BY_DISTRICT,
)
def officers_posted(districts: Array, quarters: Array, officers: Array) -> Array:
    """Return officers of all forces by the district in which they are quartered."""
    posted = np.zeros((len(quarters), len(districts)), np.int64)
    for week, (places, people) in enumerate(zip(quarters, officers, strict=True)):
        np.add.at(posted[week], places, people)
    return posted
