"""Bases (M10): units of the mission live in forward bases and so stay in a district after dark.

Officers of the mission said that they cannot stay after dark because they lack forward bases (S68).
A base needs officers who live in it and money (`budget.cost_per_base_month`). It may be attacked
and lost like any district that the state holds.
"""

import numpy as np

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.records import Array
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.police_unit import FOREIGN, STATION, TECHNICAL_HELP
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, measured


class Bases(Parameters):
    """How many officers live in forward bases."""

    enabled: bool = switch(meaning="units of the mission move into forward bases")
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
def count_open_bases(state: State) -> int:
    """Return the number of open forward bases."""
    bases = 0
    for district in state.districts:
        bases += 1 if district.control.forward_base else 0
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
def nearest_available_unit(state: State, number: int) -> int:
    """Return the row of the nearest mission unit that may garrison a base, or NO_ONE.

    A unit is available if it does not live in a base yet. Technical advisers never garrison one.
    """
    best, shortest = NO_ONE, 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        available = unit.kind == FOREIGN and unit.officers > 0 and not unit.posted
        if available and state.contingents[unit.contingent].terms != TECHNICAL_HELP:
            hours = state.hours[unit.quarters, number]
            if best == NO_ONE or hours < shortest:
                best, shortest = row, hours
    return best


@rule
def leave_closed_bases(state: State) -> None:
    """Release units whose base has closed; they return home if the state holds that district."""
    for row in range(state.counters.units):
        unit = state.units[row]
        base_open = state.districts[unit.quarters].control.forward_base
        if unit.posted and unit.kind == FOREIGN and not base_open:
            unit.posted = False
            if state.districts[unit.home].control.holder == STATE:
                move_quarters(state, row, unit.home)


@rule
def garrison_bases(state: State) -> None:
    """Send one unit a day to each base that lacks officers: the nearest available one."""
    leave_closed_bases(state)
    for number in range(state.districts.size):
        district = state.districts[number]
        lacks_officers = district.presence.garrison < Bases.of(state).garrison_size
        if district.control.forward_base and lacks_officers:
            row = nearest_available_unit(state, number)
            if row != NO_ONE:
                move_quarters(state, row, number)
                state.units[row].posted = True


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
