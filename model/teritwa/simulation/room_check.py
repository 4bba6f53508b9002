"""Whether a scenario's first run can begin, found before anything is compiled."""

import numpy as np

from teritwa.rules.registry import parameter_table, scale_to_size
from teritwa.scenario import Scenario
from teritwa.simulation.room import UNITS_AT_MOST, RoomError, units_needed
from teritwa.world import WorldError, load


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
        return f"events: run 0.0 cannot begin: {error}"
    return ""


def founding_problem(scenario: Scenario) -> str:
    """Return why no run can begin in the world of a scenario; an empty text if runs can.

    The shipped world, in which they can, is not founded for this.

    Args:
        scenario: The scenario.
    """
    if scenario.world is None:
        return ""
    from teritwa.simulation.initialization import initialize

    try:
        initialize(load(scenario.world), scenario.parameters(0))
    except WorldError as error:
        return f"world: {'; '.join(error.problems)}"
    return ""
