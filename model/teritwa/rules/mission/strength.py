"""Strength of the mission: the number of its officers in the country."""

from teritwa.engine.compiler import rule
from teritwa.rules.agents.state import State


@rule
def mission_strength(state: State) -> int:
    """Return the number of officers of all foreign contingents in the country."""
    total = 0
    for contingent in state.contingents:
        if contingent.foreign:
            total += contingent.officers
    return total
