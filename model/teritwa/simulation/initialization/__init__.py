"""Founding: the records of day 0, made from a world and the parameters of a draw."""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from teritwa.engine.records import Array, as_rows, new_table, single_row
from teritwa.rules.agents.institution import NO_MANDATE, DailyCounts, Institution, Ledger
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import PERPETRATORS, VICTIMS
from teritwa.rules.population.destination_weights import family_shares, nearness
from teritwa.rules.registry import parameter_record, parameter_table, scale_to_size
from teritwa.simulation.initialization.forces import (
    contingents_of,
    crews_of,
    donors_of,
    equip_gangs,
    gangs_of,
    units_of,
)
from teritwa.simulation.initialization.places import (
    displaced_on_day_0,
    districts_of,
    form_brigades,
    links_of,
    open_services,
    travel_times,
)
from teritwa.world import World

ONLY_READ = ("links", "hours", "family")
"""Tables that nothing writes: runs share them."""


def initialize(world: World, values: Mapping[str, float]) -> dict[str, Array]:
    """Return fresh tables of day 0 for a world under parameters given by full name.

    They are copies of a template that is made once for a world and parameters.
    """
    template = _template(world, tuple(sorted(values.items())))
    return {name: table if name in ONLY_READ else table.copy() for name, table in template.items()}


def to_state(tables: Mapping[str, Array]) -> State:
    """Gather tables into the state that rules read and write."""
    alone = ("institution", "ledger", "daily")
    plain = ("crew_at", "displaced", "near", "family", "pulls", "hours", "killed", "killed_under_gangs", "injured")
    parts: dict[str, Any] = {}
    for name, table in tables.items():
        if name == "parameters":
            parts[name] = parameter_record(table)
        elif name in plain:
            parts[name] = table
        else:
            parts[name] = single_row(table) if name in alone else as_rows(table)
    return State(**parts)


@functools.lru_cache(maxsize=4)
def _template(world: World, values: tuple[tuple[str, float], ...]) -> dict[str, Array]:
    """Make the tables of day 0."""
    parameters = parameter_table(scale_to_size(dict(values), world.size))
    tables: dict[str, Array] = {"parameters": parameters}
    tables["links"], starts = links_of(world)
    tables["districts"] = districts_of(world, starts)
    tables["hours"] = travel_times(world)
    tables["near"] = nearness(world, float(parameters["displacement"]["distance_decay"][0]))
    tables["family"] = family_shares(world)
    tables["gangs"] = gangs_of(world)
    tables["crews"], tables["crew_at"] = crews_of(world, int(parameters["membership"]["fighters_day0"][0]))
    tables["contingents"] = contingents_of(world, float(parameters["equipment"]["full_readiness"][0]))
    tables["donors"] = donors_of(world)
    tables["units"] = units_of(world)
    tables["displaced"] = displaced_on_day_0(world, tables)
    form_brigades(tables)
    equip_gangs(tables)
    open_services(tables)
    tables["institution"] = _institution(world, tables)
    tables["ledger"] = _ledger(tables)
    tables["daily"] = new_table(DailyCounts, 1)
    tables["pulls"] = np.zeros(len(world.districts))
    for harm in ("killed", "killed_under_gangs", "injured"):
        tables[harm] = np.zeros((len(PERPETRATORS), len(VICTIMS)), np.int64)
    return tables


def _institution(world: World, tables: Mapping[str, Array]) -> Array:
    """Return the institution: no mandate and no money until an event brings them."""
    table = new_table(Institution, 1)
    one = Institution().look_at(table, 0)
    one.mandate, one.offensive_until, one.cost_share_paid = NO_MANDATE, -1, 1.0
    one.un_takeover_day, one.mission_start = -1, -1
    parameters = tables["parameters"]
    one.leaders_coordination = one.coordination = float(parameters["governance"]["leaders_coordination_day0"][0])
    one.recent_killings = float(parameters["casualties"]["killed_day0"][0])
    one.crew_count, one.unit_count = len(world.crews), len(world.units)
    one.fighters_on_day_0 = int(tables["crews"]["fighters"].sum())
    bases = [row for row, seed in enumerate(world.districts) if seed.metropolitan and seed.airport]
    capital = [row for row, seed in enumerate(world.districts) if seed.metropolitan]
    one.headquarters = (bases or capital or [0])[0]
    return table


def _ledger(tables: Mapping[str, Array]) -> Array:
    """Return the ledger of day 0."""
    table = new_table(Ledger, 1)
    ledger = Ledger().look_at(table, 0)
    districts = tables["districts"]
    ledger.residents_on_day_0 = int(districts["residents"].sum() + districts["displaced_hosted"].sum())
    ledger.fighters_on_day_0 = int(tables["crews"]["fighters"].sum())
    ledger.officers_on_day_0 = int(tables["units"]["officers"].sum())
    ledger.firearms_on_day_0 = int(tables["gangs"]["firearms"].sum())
    ledger.cash_on_day_0 = int(tables["gangs"]["treasury"].sum())
    ledger.prisoners = ledger.prisoners_on_day_0 = int(tables["parameters"]["membership"]["prisoners_day0"][0])
    return table
