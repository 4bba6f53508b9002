"""The mechanisms: one file each, with its parameters, its rules and its sources.

To add one, write a file with a class of parameters and some rules, name the class in `FAMILIES`, and give its
rules a line in the day (`teritwa.day`).
"""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from teritwa.agents.record import Array, single
from teritwa.mechanisms.aid import Aid
from teritwa.mechanisms.arms import Arms
from teritwa.mechanisms.attack import Attack
from teritwa.mechanisms.bases import Bases
from teritwa.mechanisms.brigade import Brigade
from teritwa.mechanisms.clash import Clash
from teritwa.mechanisms.command import Command
from teritwa.mechanisms.contingents import Contingents
from teritwa.mechanisms.contributors import Contributors
from teritwa.mechanisms.control import Control
from teritwa.mechanisms.displacement import Displacement
from teritwa.mechanisms.donors import Donors
from teritwa.mechanisms.drones import Drones
from teritwa.mechanisms.equipment import Equipment
from teritwa.mechanisms.fund import Fund
from teritwa.mechanisms.gangs import Gangs
from teritwa.mechanisms.harm import Harm
from teritwa.mechanisms.hold import Hold
from teritwa.mechanisms.holding import Holding
from teritwa.mechanisms.intelligence import Intelligence
from teritwa.mechanisms.kidnapping import Kidnapping
from teritwa.mechanisms.mandate import Mandate
from teritwa.mechanisms.police import Police
from teritwa.mechanisms.politics import Politics
from teritwa.mechanisms.presence import Presence
from teritwa.mechanisms.pressure import Pressure
from teritwa.mechanisms.rackets import Rackets
from teritwa.mechanisms.services import Services
from teritwa.mechanisms.trust import Trust
from teritwa.mechanisms.war import War
from teritwa.quantity import Parameter, Parameters

FAMILIES: Mapping[str, type[Parameters]] = {
    "aid": Aid,
    "arms": Arms,
    "attack": Attack,
    "bases": Bases,
    "brigade": Brigade,
    "clash": Clash,
    "command": Command,
    "contingents": Contingents,
    "contributors": Contributors,
    "control": Control,
    "displacement": Displacement,
    "donors": Donors,
    "drones": Drones,
    "equipment": Equipment,
    "fund": Fund,
    "gangs": Gangs,
    "harm": Harm,
    "hold": Hold,
    "holding": Holding,
    "intelligence": Intelligence,
    "kidnapping": Kidnapping,
    "mandate": Mandate,
    "police": Police,
    "politics": Politics,
    "presence": Presence,
    "pressure": Pressure,
    "rackets": Rackets,
    "services": Services,
    "trust": Trust,
    "war": War,
}
"""The parameters of each mechanism, by the name of its file."""


@functools.cache
def registry() -> Mapping[str, Parameter]:
    """Return every parameter of the model by its full name, as scenario files write it."""
    found = {}
    for family, kind in FAMILIES.items():
        for declared in kind.declared(family).values():
            found[declared.name] = declared
    return found


@functools.cache
def _layout() -> np.dtype[Any]:
    """Return the memory layout of all parameters: one nested record a family."""
    families = []
    for family, kind in FAMILIES.items():
        fields = [
            (field, "?" if given.switch else "i8" if given.whole else "f8")
            for field, given in kind.declared(family).items()
        ]
        families.append((family, np.dtype(fields, align=True)))
    return np.dtype(families, align=True)


def parameter_table(values: Mapping[str, float]) -> Array:
    """Return a one-row table of all parameters: the registry's values, replaced by ``values`` by full name.

    Raises KeyError for a name that no mechanism declares.
    """
    table = np.zeros(1, _layout())
    for name, given in registry().items():
        family, field = name.split(".")
        table[family][field][0] = given.value
    for name, value in values.items():
        family, field = registry()[name].name.split(".")
        table[family][field][0] = value
    return table


def parameter_record(table: Array) -> Any:
    """Return the parameters as rules want them: ``parameters.family.field``."""
    return single(table)
