"""Fresh records of the small world, and days that begin with actions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.state import to_state
from teritwa.rules.registry import parameters_for_rules, registry
from teritwa.scenario.actions import Action, RunRecords
from teritwa.scenario.events import Dated
from teritwa.simulation.initialization import initialize
from teritwa.simulation.interventions import Interventions
from teritwa.world import World, load

SMALL = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
CHANGED = {
    "attack.offensive_multiplier": 3.0,
    "tasking.priority_factor": 7.0,
    "membership.prisoners_day0": 9000,
}


@pytest.fixture
def island() -> World:
    """Return the small world."""
    return load(SMALL)


@pytest.fixture
def given_values() -> dict[str, float]:
    """Return all parameters by full name, some with round numbers."""
    return {name: given.value for name, given in registry().items()} | CHANGED


@pytest.fixture
def records_of(given_values: dict[str, float]) -> Callable[[World], RunRecords]:
    """Return a function that makes fresh records of day 0 of a world."""

    def make(place: World) -> RunRecords:
        tables = initialize(place, given_values)
        state = to_state(tables, parameters_for_rules(tables["parameters"]))
        return RunRecords(place, tables, state)

    return make


@pytest.fixture
def run(records_of: Callable[[World], RunRecords], island: World) -> RunRecords:
    """Return fresh records of the small world."""
    return records_of(island)


@pytest.fixture
def do() -> Callable[..., None]:
    """Return a function that begins a day on which some actions are due, or none."""

    def begin(run: RunRecords, *actions: Action, day: int = 10) -> None:
        dated = [Dated(day, f"event-{number}", action) for number, action in enumerate(actions)]
        Interventions(run, dated).begin_day(run_randomness(1, 0, 0, day))

    return begin
