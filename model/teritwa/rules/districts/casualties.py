"""Casualties: who is killed, by whom, and which deaths and injuries are not counted.

Every death has a perpetrator and a kind of victim, because the counts to which the model is
compared mix perpetrators (the United Nations count deaths caused by gangs, by the police and by
self-defence groups together; killings in private disputes and robberies are not among them). Killed
civilians are taken from the residents of the district. Displaced persons who stay there are not
among the dead (a simplification: in reality they share the risk).
"""

import math

import numpy as np

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, identity, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.police_unit import ARMY, MISSION
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, BY_PERPETRATOR, BY_VICTIM, measured, outcome
from teritwa.rules.sharing import part_of, random_start
from teritwa.world.codes import PERPETRATORS, VICTIMS

BY_GANG, BY_POLICE, BY_MISSION, BY_ARMY, BY_BRIGADE, BY_INDIVIDUAL = range(len(PERPETRATORS))
"""Perpetrators: rows of the casualty tables, the codes of `teritwa.world.codes.PERPETRATORS`."""

CIVILIAN, FIGHTER, OFFICER = range(len(VICTIMS))
"""Victims: columns of the casualty tables, the codes of `teritwa.world.codes.VICTIMS`."""

ANY_FORCE = -1
"""Stands for officers of all forces."""

UNIT_LOSES = decision("units of the officers killed")
COUNTRY = identity("the whole country")


class Casualties(Parameters):
    """How many deaths are counted, and how killings are averaged."""

    massacre_threshold: int = parameter(
        20,
        "persons",
        between=(5, 100),
        grade="C",
        source="assumption",
        meaning="civilians killed in one attack beyond which further victims are executed, with "
        "no injured",
    )
    reporting_rate_under_gangs: float = parameter(
        0.8,
        "1",
        between=(0.5, 1.0),
        grade="C",
        source="assumption: no source says how many deaths are missed where no observer goes",
        meaning="share of the deaths in districts held by gangs that the counts of the United "
        "Nations include",
    )
    killing_memory: float = parameter(
        90.0,
        "days",
        between=(30.0, 180.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption: a quarter, as the UN reports",
        meaning="e-folding time of the mean number of people killed per day that donors consider",
    )
    killed_day0: float = parameter(
        13.0,
        "persons per day",
        between=(8.0, 20.0),
        grade="C",
        source="assumption",
        meaning="mean number of people killed per day, as of day 0",
        scales=True,
    )


KILLED_IN_DISTRICT = outcome(
    "killed_in_district",
    "districts.totals.killed",
    unit="persons",
    meaning="persons killed in the district since day 0",
    stored="i4",
    dimensions=BY_DISTRICT,
)

PERSONS_KILLED = outcome(
    "killed",
    "killed",
    unit="persons per day",
    meaning="persons killed that day",
    stored="i4",
    dimensions=BY_VICTIM,
)


@rule
def perpetrator_of(force: int) -> int:
    """Return the row of the casualty tables for a force: POLICE, ARMY or MISSION."""
    return BY_MISSION if force == MISSION else BY_ARMY if force == ARMY else BY_POLICE


@rule
def update_recent_killings(state: State) -> None:
    """Update the exponentially weighted mean of people killed per day in the country.

    Killings by individuals are left out, as they are from the counts of the United Nations.
    """
    total = 0
    for perpetrator in range(BY_INDIVIDUAL):
        for victim in range(state.killed.shape[1]):
            total += state.killed[perpetrator, victim]
    step = 1.0 - math.exp(-1.0 / Casualties.of(state).killing_memory)
    state.governance.recent_killings += step * (total - state.governance.recent_killings)


@rule
def record_deaths(state: State, perpetrator: int, victim: int, number: int, dead: int) -> None:
    """Add deaths in district ``number`` to the day's tables, and to the total of the district.

    Deaths in districts that gangs hold also enter a table of their own, because observers count
    fewer of them.
    """
    state.killed[perpetrator, victim] += dead
    state.districts[number].totals.killed += dead
    if state.districts[number].control.holder != STATE:
        state.killed_under_gangs[perpetrator, victim] += dead


@rule
def kill_civilians(state: State, perpetrator: int, number: int, wanted: int) -> int:
    """Kill residents of district ``number``, at most as many as live there; return the number."""
    district: District = state.districts[number]
    dead = min(wanted, district.people.residents)
    if dead <= 0:
        return 0
    district.people.residents -= dead
    district.people.brigade = min(district.people.brigade, district.people.residents)
    state.ledger.civilians_killed += dead
    if perpetrator == BY_GANG:
        district.counts.civilians_killed += dead
    elif perpetrator < BY_BRIGADE:
        district.counts.bystanders_killed += dead
    record_deaths(state, perpetrator, CIVILIAN, number, dead)
    return dead


@rule
def kill_fighters(state: State, perpetrator: int, row: int, number: int, wanted: int) -> int:
    """Kill fighters of crew ``row``, at most as many as it has; return the number.

    They die in district ``number``: attackers, and those whom a self-defence brigade kills, die
    outside their crew's own district.
    """
    crew: Crew = state.crews[row]
    dead = min(wanted, crew.fighters)
    if dead <= 0:
        return 0
    crew.fighters -= dead
    if perpetrator != BY_GANG:
        state.gangs[crew.gang].losses_today += dead
    state.ledger.fighters_killed += dead
    record_deaths(state, perpetrator, FIGHTER, number, dead)
    return dead


@rule
def count_exposed(state: State, number: int, force: int) -> int:
    """Return the officers of one force, or of ANY_FORCE, who are in district ``number``."""
    total = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.district == number:
            of_force = state.contingents[unit.contingent].force
            total += unit.officers if force in (ANY_FORCE, of_force) else 0
    return total


@rule
def kill_officers(
    state: State, randomness: Randomness, number: int, force: int, wanted: int
) -> int:
    """Kill officers of one force, or of ANY_FORCE, who are in district ``number``.

    Gangs are the perpetrators. Units lose officers in proportion to those they have there.

    Returns:
        The number killed, at most as many as there are.
    """
    if wanted <= 0:
        return 0
    there = count_exposed(state, number, force)
    dead, before = min(wanted, there), 0
    if dead == 0:
        return 0
    address = state.districts[number].identity
    start = random_start(there, uniform(randomness, UNIT_LOSES, address, force + 1))
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        if unit.district == number and (force in (ANY_FORCE, contingent.force)):
            own = unit.officers
            lost = part_of(dead, before, own, there, start)
            before += own
            unit.officers -= lost
            contingent.officers -= lost
            state.daily.mission_killed += lost if contingent.foreign else 0
    state.ledger.officers_killed += dead
    record_deaths(state, BY_GANG, OFFICER, number, dead)
    return dead


def _counted(killed: Array, under_gangs: Array, reporting_rate: Array) -> Array:
    """Return counted deaths (time, perpetrator): all deaths, but only a share of those under gangs.

    Killings by individuals are not counted: the United Nations counts violence of gangs, forces and
    self-defence groups.

    Args:
        killed: Persons killed (time, perpetrator, victim).
        under_gangs: Those of them killed in districts that gangs hold, same shape.
        reporting_rate: Share of the latter that is counted (time, 1).
    """
    counted: Array = killed.sum(axis=2) - (1.0 - reporting_rate) * under_gangs.sum(axis=2)
    counted[:, BY_INDIVIDUAL] = 0.0
    return counted


@measured(
    ("killed", "killed_under_gangs", "parameters.casualties.reporting_rate_under_gangs"),
    unit="persons per day",
    label="People killed, as counted",
    stored="f4",
    dimensions=BY_PERPETRATOR,
)
def killed_counted(_: Array, killed: Array, under_gangs: Array, rate: Array) -> Array:
    """Return people killed whom the UN would count: fewer where gangs hold, none by individuals."""
    return _counted(killed, under_gangs, rate)


@measured(
    ("injured", "killed", "killed_under_gangs", "parameters.casualties.reporting_rate_under_gangs"),
    unit="persons per day",
    label="People injured, as counted",
    stored="f4",
    dimensions=BY_PERPETRATOR,
)
def injured_counted(
    _: Array, injured: Array, killed: Array, under_gangs: Array, rate: Array
) -> Array:
    """Return people injured whom the United Nations would count: the same share as of the dead."""
    dead = np.maximum(killed.sum(axis=2), 1)
    counted: Array = injured.sum(axis=2) * _counted(killed, under_gangs, rate) / dead
    return counted
