"""The mechanisms: one file each, with its parameters, its rules and its sources.

To add one, write a file with a class of parameters and some rules, name the class in `FAMILIES`, and give its
rules a line in the day (`teritwa.rules.schedule`).
"""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from teritwa.engine.parameters import Parameter, Parameters
from teritwa.engine.records import Array, single_row
from teritwa.rules.districts.casualties import Casualties
from teritwa.rules.districts.control import Control
from teritwa.rules.districts.presence import Presence
from teritwa.rules.forces.army_holding import ArmyHolding
from teritwa.rules.forces.bases import Bases
from teritwa.rules.forces.drones import Drones
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.forces.intelligence import Intelligence
from teritwa.rules.forces.night_posture import NightPosture
from teritwa.rules.forces.operations import Operations
from teritwa.rules.forces.police_attrition import PoliceAttrition
from teritwa.rules.forces.tasking import Tasking
from teritwa.rules.gangs.arms import Arms
from teritwa.rules.gangs.attack import Attack
from teritwa.rules.gangs.extortion import Extortion
from teritwa.rules.gangs.gang_rivalry import GangRivalry
from teritwa.rules.gangs.kidnapping import Kidnapping
from teritwa.rules.gangs.membership import Membership
from teritwa.rules.gangs.relocation import Relocation
from teritwa.rules.mission.budget import Budget
from teritwa.rules.mission.contingents import Contingents
from teritwa.rules.mission.donors import Donors
from teritwa.rules.mission.force_generation import ForceGeneration
from teritwa.rules.mission.governance import Governance
from teritwa.rules.mission.mandate import Mandate
from teritwa.rules.population.aid import Aid
from teritwa.rules.population.displacement import Displacement
from teritwa.rules.population.self_defence import SelfDefence
from teritwa.rules.population.services import Services
from teritwa.rules.population.trust import Trust

FAMILIES: Mapping[str, type[Parameters]] = {
    "aid": Aid,
    "arms": Arms,
    "army_holding": ArmyHolding,
    "attack": Attack,
    "bases": Bases,
    "budget": Budget,
    "casualties": Casualties,
    "contingents": Contingents,
    "control": Control,
    "displacement": Displacement,
    "donors": Donors,
    "drones": Drones,
    "equipment": Equipment,
    "extortion": Extortion,
    "force_generation": ForceGeneration,
    "gang_rivalry": GangRivalry,
    "governance": Governance,
    "intelligence": Intelligence,
    "kidnapping": Kidnapping,
    "mandate": Mandate,
    "membership": Membership,
    "night_posture": NightPosture,
    "operations": Operations,
    "police_attrition": PoliceAttrition,
    "presence": Presence,
    "relocation": Relocation,
    "self_defence": SelfDefence,
    "services": Services,
    "tasking": Tasking,
    "trust": Trust,
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
    return single_row(table)


PER_COUNTRY = frozenset(
    (
        "arms.smuggling_rate",
        "attack.rate",
        "tasking.daily_operations",
        "tasking.usual_attacks",
        "membership.fighters_day0",
        "membership.prisoners_day0",
        "casualties.killed_day0",
        "kidnapping.rate",
        "police_attrition.cadets_per_year",
        "gang_rivalry.rate",
    )
)
"""Parameters that count something in the whole country, and grow with its gangs."""


def scale_to_size(values: Mapping[str, float], size: float) -> dict[str, float]:
    """Return parameters by full name as they are in a world of a size; what is counted stays whole."""
    return {name: _scaled(name, value, size) if name in PER_COUNTRY else value for name, value in values.items()}


def _scaled(name: str, value: float, size: float) -> float:
    """Return a number for a whole country in a world of a size; of what there is at least one remains."""
    if registry()[name].whole:
        return min(value, max(1, round(value * size)))
    return value * size
