"""Forward bases (M10): officers who live in a district stay after dark, if somebody pays for it and stays alive.

Officers of the mission said that they cannot stay after dark because they lack forward bases (S68).
A base needs people to live in it, money (`budget.cost_per_base_month`), and may be attacked and
lost like any place that the state holds.
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
    """Who lives in forward bases."""

    enabled: bool = switch(meaning="units of the mission move into forward bases")
    garrison_size: int = parameter(
        50,
        "officers",
        between=(20, 200),
        bounds=(1, 10_000),
        grade="C",
        source="assumption: a platoon or company",
        meaning="officers who are to live in a forward base",
    )


@rule
def count_open_bases(state: State) -> int:
    """Return how many forward bases are open."""
    bases = 0
    for district in state.districts:
        bases += 1 if district.control.forward_base else 0
    return bases


@rule
def count_garrisons(state: State) -> None:
    """Count the officers of mobile units who live in each district."""
    for district in state.districts:
        district.presence.garrison = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.kind != STATION:
            state.districts[unit.quarters].presence.garrison += unit.officers


@rule
def move_quarters(state: State, row: int, number: int) -> None:
    """A unit moves to another district to live there."""
    unit = state.units[row]
    state.districts[unit.quarters].presence.garrison -= unit.officers
    state.districts[number].presence.garrison += unit.officers
    unit.quarters, unit.district = number, number


@rule
def nearest_available_unit(state: State, number: int) -> int:
    """Return the unit of the mission nearest to a district that lives in no base and operates, or NO_ONE."""
    best, shortest = NO_ONE, 0.0
    for row in range(state.counters.units):
        unit = state.units[row]
        spare = unit.kind == FOREIGN and unit.officers > 0 and not unit.posted
        if spare and state.contingents[unit.contingent].terms != TECHNICAL_HELP:
            hours = state.hours[unit.quarters, number]
            if best == NO_ONE or hours < shortest:
                best, shortest = row, hours
    return best


@rule
def leave_closed_bases(state: State) -> None:
    """Units whose base is closed go back to where the mission is at home, if the state holds that place."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if (
            unit.posted
            and unit.kind == FOREIGN
            and not state.districts[unit.quarters].control.forward_base
        ):
            unit.posted = False
            if state.districts[unit.home].control.holder == STATE:
                move_quarters(state, row, unit.home)


@rule
def garrison_bases(state: State) -> None:
    """Each base that lacks people gets one unit a day, the nearest that lives in no base."""
    leave_closed_bases(state)
    for number in range(state.districts.size):
        district = state.districts[number]
        if (
            district.control.forward_base
            and district.presence.garrison < Bases.of(state).garrison_size
        ):
            row = nearest_available_unit(state, number)
            if row != NO_ONE:
                move_quarters(state, row, number)
                state.units[row].posted = True


@measured("districts.control.forward_base", unit="bases", label="Forward bases open", stored="i2")
def forward_bases(_: Array, open_here: Array) -> Array:
    """Return forward bases that are open."""
    total: Array = open_here.sum(axis=1)
    return total


@measured(
    "units.quarters",
    "units.officers",
    unit="officers",
    label="Officers posted",
    stored="i4",
    dimensions=BY_DISTRICT,
)
def officers_posted(districts: Array, quarters: Array, officers: Array) -> Array:
    """Return officers of all forces posted there, by where they are quartered."""
    posted = np.zeros((len(quarters), len(districts)), np.int64)
    for week, (places, people) in enumerate(zip(quarters, officers, strict=True)):
        np.add.at(posted[week], places, people)
    return posted
