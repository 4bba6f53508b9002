"""Room: how many rows the tables need for the crews and units that come into being in a run.

Rows are never given back, so the tables are made large enough when a run begins. A gang has at
most one crew in a district, which bounds the crews. The officers that a scenario sends bound the
units: a contingent forms a new unit only when all its units are full. Memory that no agent uses
yet is only reserved. If a table were too small all the same, the run would stop by name
(`teritwa.rules.conservation.NO_ROOM`).
"""

from collections.abc import Iterable, Mapping

from teritwa.engine.records import Array
from teritwa.scenario.actions import Action, Change

UNITS_AT_MOST = 1_000_000
"""Largest number of units that a scenario can lead to."""

UNIT_SIZE = "contingents.unit_size"
"""Full name of the parameter that gives the officers of a unit."""


class RoomError(Exception):
    """A scenario leads to more units than a run can hold."""


def rows_needed(tables: Mapping[str, Array], actions: Iterable[Action]) -> dict[str, int]:
    """Return how many rows the tables of crews, units and candidates need, by name.

    Args:
        tables: The tables of day 0.
        actions: What the scenario does in this run.

    Raises:
        RoomError: If the scenario leads to more than `UNITS_AT_MOST` units.
    """
    units = units_needed(tables, actions)
    districts = len(tables["districts"])
    crews = len(tables["gangs"]) * districts
    return {"crews": crews, "units": units, "candidates": max(units, districts)}


def units_needed(tables: Mapping[str, Array], actions: Iterable[Action]) -> int:
    """Return an upper bound of the units that exist in a run, with those of day 0.

    Args:
        tables: The tables of day 0.
        actions: What the scenario does in this run.

    Raises:
        RoomError: If it is more than `UNITS_AT_MOST`.
    """
    officers, smallest = 0, int(tables["parameters"]["contingents"]["unit_size"][0])
    for action in actions:
        officers += action.officers_sent
        if isinstance(action, Change):
            smallest = min(smallest, int(dict(action.params).get(UNIT_SIZE, smallest)))
    # The last unit of each contingent may be partly filled.
    rows = len(tables["units"]) + len(tables["contingents"]) + officers // smallest
    if rows > UNITS_AT_MOST:
        raise RoomError(
            f"{officers:,} officers in units of {smallest} are more than {UNITS_AT_MOST:,} units; "
            f"send fewer, or set {UNIT_SIZE} to more"
        )
    return rows
