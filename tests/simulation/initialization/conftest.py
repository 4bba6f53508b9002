"""The tables of day 0 of the small world, with numbers that tests compute with."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa import world
from teritwa.rules.agents.state import State, to_state
from teritwa.rules.registry import parameters_for_rules, registry
from teritwa.simulation.initialization import initialize

SMALL = Path(__file__).parents[3] / "scenarios" / "worlds" / "island"
VALUES = {
    "membership.fighters_day0": 6000,
    "membership.prisoners_day0": 9000,
    "equipment.full_readiness": 0.75,
    "self_defence.members_per_1000_day0": 2.0,
    "governance.leaders_coordination_day0": 0.3,
    "displacement.family_tie_weight": 0.5,
    "arms.firearms_per_fighter_day0": 0.75,
    "arms.unarmed_effectiveness": 0.2,
    "extortion.fighter_wage": 25.0,
    "extortion.cash_weeks_day0": 3.0,
    "services.closure_share": 0.6,
    "aid.coverage": 0.9,
    "trust.baseline": 0.45,
    "casualties.killed_day0": 12.0,
}


@pytest.fixture
def island() -> world.World:
    """Return the small world."""
    return world.load(SMALL)


@pytest.fixture
def values() -> dict[str, float]:
    """Return all parameters by full name, some of them set by hand."""
    return {name: given.value for name, given in registry().items()} | VALUES


@pytest.fixture
def day_0(island: world.World, values: dict[str, float]) -> Callable[..., dict[str, np.ndarray]]:
    """Return a function that makes the tables of day 0 with other values of some parameters."""
    return lambda changes=None: initialize(island, values | (changes or {}))


@pytest.fixture
def state_of() -> Callable[[dict[str, np.ndarray]], State]:
    """Return a function that gathers tables into the state that rules read and write."""
    return lambda found: to_state(found, parameters_for_rules(found["parameters"]))


@pytest.fixture
def tables(day_0: Callable[..., dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the tables of day 0 of the small world."""
    return day_0()


@pytest.fixture
def changed(island: world.World) -> Callable[..., world.World]:
    """Return the small world with other values in the rows of a table that a function picks."""

    def build(table: str, picked: Callable[[Any], bool], **values: object) -> world.World:
        rows = tuple(
            replace(row, **values) if picked(row) else row for row in getattr(island, table)
        )
        tables: dict[str, Any] = {table: rows}
        return replace(island, **tables)

    return build
