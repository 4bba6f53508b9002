"""Whether a scenario's first run has room for its units, found before anything is compiled."""

import numpy as np

from teritwa.rules.registry import parameter_table, scale_to_size
from teritwa.scenario import Scenario
from teritwa.simulation.room import UNITS_AT_MOST, RoomError, units_needed
from teritwa.world import load


def room_problem(scenario: Scenario) -> str:
    """Return why the first run of a scenario cannot begin; an empty text if it can.

    Other runs may send more officers, where chance decides about events, and fail by themselves.

    Args:
        scenario: The scenario.
    """
    world = load(scenario.world)
    sent = sum(event.action.officers_sent for event in scenario.events)
    if len(world.contingents) + len(world.units) + sent <= UNITS_AT_MOST:
        return ""  # there is room even for units of one officer; dating events takes half a second
    tables = {
        "parameters": parameter_table(scale_to_size(scenario.parameters(0), world.size)),
        "contingents": np.zeros(len(world.contingents)),
        "units": np.zeros(len(world.units)),
    }
    try:
        units_needed(tables, (event.action for event in scenario.schedule(0, 0)))
    except RoomError as error:
        return f"run 0.0 cannot begin: {error}"
    return ""
