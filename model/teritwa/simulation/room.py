"""Room: how many rows the tables need for the crews and units that come into being in a run.

Rows are never given back, so the tables are made large enough when a run begins. A gang has at
most one crew in a district, which bounds the crews. The officers that a scenario sends bound the
units: a contingent forms a new unit only when all its units are full. Memory that no agent uses
yet is only reserved. If a table were too small all the same, the run would stop by name
(`teritwa.rules.conservation.NO_ROOM`).
"""

from collections.abc import Iterable, Mapping

import numpy as np

from teritwa.engine.records import Array, new_table
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.police_unit import PoliceUnit
from teritwa.scenario.actions import Action, Change

UNITS_AT_MOST = 1_000_000
"""Largest number of units that a scenario can lead to."""

UNIT_SIZE = "contingents.unit_size"
"""Full name of the parameter that gives the officers of a unit."""


class RoomError(Exception):
    """A scenario leads to more units than a run can hold."""


def add_room(tables: dict[str, Array], actions: Iterable[Action]) -> None:
    """Enlarge the tables of crews and units to all rows that a run may need.

    Args:
        tables: The tables of day 0, in which those of crews and units are replaced.
        actions: What the scenario does in this run.

    Raises:
        RoomError: If the scenario leads to more than `UNITS_AT_MOST` units.
    """
    gangs, districts = tables["crew_at"].shape
    tables["crews"] = _enlarged(new_table(Crew, gangs * districts), tables["crews"])
    rows = units_needed(tables, actions)
    tables["units"] = _enlarged(new_table(PoliceUnit, rows), tables["units"])
    tables["mobile_units"] = np.zeros(rows, np.int64)


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


def _enlarged(larger: Array, table: Array) -> Array:
    """Copy a table into the first rows of a larger one and return that."""
    larger[: len(table)] = table
    return larger
