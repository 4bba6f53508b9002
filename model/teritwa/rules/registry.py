"""What the rules declare, found from their files: parameters and outcomes.

Every module of this package, and every extension that is loaded, is looked through for families of
parameters and for outcomes. Nothing is listed by hand.
"""

import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from teritwa import rules
from teritwa.engine.compiler import interpreted
from teritwa.engine.parameters import GRADES, Parameter, Parameters
from teritwa.engine.records import Array
from teritwa.rules.outcomes import Outcome
from teritwa.world import ParameterRow, World, WorldError
from teritwa.world import load as load_world

OUTCOMES: dict[str, Outcome] = {}
"""Every outcome by name; those of extensions come last."""

FAMILIES: dict[str, type[Parameters]] = {}
"""Every family of parameters by name; those of extensions come last."""


def rule_modules() -> Iterator[ModuleType]:
    """Import and yield every module of the package's rules, this one left out, by name."""
    for found in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        if found.name != __name__ and not found.ispkg:
            yield importlib.import_module(found.name)


def declare_all(modules: Iterator[ModuleType]) -> None:
    """Enter the families and outcomes that modules declare, by name.

    Raises:
        ValueError: If a name is taken.
    """
    outcomes: dict[str, Outcome] = {}
    families: dict[str, type[Parameters]] = {}
    for module in modules:
        for one in vars(module).values():
            if isinstance(one, Outcome):
                _enter(outcomes, one.name, one, OUTCOMES)
            elif _is_family(one) and one.__module__ == module.__name__:
                _enter(families, one.family, one, FAMILIES)
    OUTCOMES.update(sorted(outcomes.items()))
    FAMILIES.update(sorted(families.items()))
    _dtype.cache_clear()
    registry.cache_clear()


def _is_family(one: object) -> bool:
    """Whether something is a family of parameters, and not the class that all are made of."""
    return isinstance(one, type) and issubclass(one, Parameters) and one is not Parameters


def _enter(found: dict[str, Any], name: str, one: object, known: Mapping[str, object]) -> None:
    if found.get(name, one) is not one or known.get(name, one) is not one:
        kind = "outcome" if isinstance(one, Outcome) else "family of parameters"
        raise ValueError(f"the {kind} {name!r} exists already, choose another name")
    found[name] = one


@functools.lru_cache(maxsize=8)
def registry(world: World | None = None) -> Mapping[str, Parameter]:
    """Return every parameter of the model by its full name, as scenario files write it.

    Args:
        world: The world whose table of parameters replaces values, ranges, grades and sources of
            the rules' own declarations; None means the default world.

    Raises:
        WorldError: If that table names what is no parameter, or gives what it cannot be.
    """
    declared = [given for kind in FAMILIES.values() for given in kind.declared().values()]
    found = {given.name: given for given in declared}
    place = load_world() if world is None else world
    problems = []
    for row in place.parameters:
        wrong = _fault(found.get(row.name), row)
        if wrong:
            problems.append(f"{place.folder / 'parameters.csv'}: {row.name}: {wrong}")
        else:
            found[row.name] = _replaced(found[row.name], row)
    if problems:
        raise WorldError(problems)
    return found


def _replaced(given: Parameter, row: ParameterRow) -> Parameter:
    """Return a parameter with the value, range, grade and source of a world."""
    count = int if given.integral else float
    value, between = count(row.value), (count(row.low), count(row.high))
    return replace(given, value=value, between=between, grade=row.grade, source=row.source)


def _fault(given: Parameter | None, row: ParameterRow) -> str:
    """Return what is wrong with a world's row for a parameter, or an empty text."""
    if given is None:
        return "unknown parameter"
    if given.switch:
        return "a switch has no range; set it in a scenario"
    if row.grade not in GRADES:
        return f"grade {row.grade!r}, must be one of {', '.join(GRADES)}"
    low, high = given.bounds
    if not low <= row.low <= row.value <= row.high <= high:
        range_given = f"{row.value:g} within {row.low:g} to {row.high:g}"
        return f"{range_given} does not rise, or is not within {low:g} to {high:g}"
    if given.integral and any(number % 1 for number in (row.value, row.low, row.high)):
        return "counts, and takes whole numbers"
    return ""


@functools.lru_cache(maxsize=1)
def _dtype() -> np.dtype[Any]:
    """Return the memory layout of all parameters: one nested record a family."""
    families = []
    for family, kind in FAMILIES.items():
        fields = [
            (name, "?" if given.switch else "i8" if given.integral else "f8")
            for name, given in kind.declared().items()
        ]
        families.append((family, np.dtype(fields, align=True)))
    return np.dtype(families, align=True)


def parameter_table(values: Mapping[str, float]) -> Array:
    """Return a one-row table of all parameters, one nested record a family.

    Args:
        values: Values by full name; a parameter that is not there has that of the default
            world.

    Raises:
        KeyError: For a name that nothing declares.
    """
    table = np.zeros(1, _dtype())
    known = registry()
    for name, value in {**{name: given.value for name, given in known.items()}, **values}.items():
        family, field = known[name].name.split(".")
        table[family][field][0] = value
    return table


def parameters_for_rules(table: Array) -> Any:
    """Return a table of parameters as rules see it, with an attribute a family."""
    if not interpreted():
        return table[0]
    views = {}
    for family, kind in FAMILIES.items():
        names = kind.declared()
        views[family] = kind().bind({name: table[family][name] for name in names})
    return SimpleNamespace(**views)


def scale_to_size(values: Mapping[str, float], size: float) -> dict[str, float]:
    """Return parameters by full name as they are in a world of a size.

    Rates such as ``attack.rate`` count what the gangs of a world of size 1 do in a day, all
    together. A small world runs at the same parameters: its gangs have a part of those fighters,
    and do the same part of what they do, so that each fighter does as much as there. What is said
    of a person, a place, a gang or a day is the same in every world, and so are the mission and
    its money.

    Args:
        values: Parameters as for the whole country.
        size: Gang fighters of the world for each of a world of size 1.
    """
    known = registry()
    return {
        name: _scaled(known[name], value, size) if known[name].scales else value
        for name, value in values.items()
    }


def _scaled(parameter: Parameter, value: float, size: float) -> float:
    """Return a number for a whole country in a world of a size; a count stays whole."""
    return round(value * size) if parameter.integral else value * size


declare_all(rule_modules())
