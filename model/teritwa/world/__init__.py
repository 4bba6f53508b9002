"""The world on day 0: places, roads, gangs, units, contingents and donors, from CSV tables.

``load()`` returns the default world. Another folder with the same tables is another world;
``families.csv`` and ``parameters.csv``, and ``cells.csv`` and ``outline.csv`` for maps, are
optional there.
"""

from teritwa.world.loading import (
    DEFAULT_WORLD,
    FIGURES,
    PARAMETERS,
    WorldError,
    load,
    parameter_lines,
    read_figures,
)
from teritwa.world.rows import (
    HELD,
    STATE,
    ContingentRow,
    CrewRow,
    DistrictRow,
    DonorRow,
    FamilyRow,
    GangRow,
    LinkRow,
    ParameterRow,
    UnitRow,
    World,
)

__all__ = [
    "DEFAULT_WORLD",
    "FIGURES",
    "HELD",
    "PARAMETERS",
    "STATE",
    "ContingentRow",
    "CrewRow",
    "DistrictRow",
    "DonorRow",
    "FamilyRow",
    "GangRow",
    "LinkRow",
    "ParameterRow",
    "UnitRow",
    "World",
    "WorldError",
    "load",
    "parameter_lines",
    "read_figures",
]
