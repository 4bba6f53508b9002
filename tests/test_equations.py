"""The equations of the description (model/ODD.md) and the rules of the program give the same.

A block of the description that begins with "equations" has one equation a line: a rule with its
arguments, and an expression in these arguments, in fields of a district or of the state, in
parameters as ``family.name``, and in other rules. Both are evaluated here at the same points.
"""

import inspect
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from teritwa.engine.compiler import Rule, interpreted
from teritwa.engine.randomness import decision, run_randomness, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.registry import FAMILIES, rule_modules

PAGE = Path(__file__).parents[1] / "model" / "ODD.md"
EQUATION = re.compile(r"^(\w+)\.(\w+)\(([\w, ]*)\) = (.+)$")
POINTS = 20
"""Points at which both sides of an equation are evaluated."""

MODULES = {module.__name__.rpartition(".")[2]: module for module in rule_modules()}
FUNCTIONS = {"exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "min": min, "max": max}


def equations() -> list[str]:
    """Return the equations of the description, a line each."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```equations\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def rules_of(module: Any) -> dict[str, Any]:
    """Return the rules of a file as plain functions."""
    return {name: one.plain for name, one in vars(module).items() if isinstance(one, Rule)}


def names(here: Any) -> dict[str, Any]:
    """Return what an expression may use beside its arguments: parameters and rules by family."""
    found: dict[str, Any] = dict(FUNCTIONS)
    for family, module in MODULES.items():
        values: Any = here.rules(family) if family in FAMILIES else None
        parameters = {
            name: getattr(values, name) if hasattr(values, name) else values[name].item()
            for name in (FAMILIES[family].declared() if family in FAMILIES else ())
        }
        found[family] = SimpleNamespace(**{**rules_of(module), **parameters})
    return found


POINT = decision("point at which an equation is evaluated")


class Numbers:
    """Numbers between limits, other ones at each call and the same in each run."""

    def __init__(self) -> None:
        self.count = 0

    def real(self, low: float, high: float) -> float:
        """Return a number between the limits."""
        self.count += 1
        return low + (high - low) * uniform(run_randomness(7, 0, 0, 0), POINT, self.count)

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to below ``high``."""
        return int(self.real(low, high))


def fill(district: District, rng: Numbers) -> None:
    """Give a district influence, trust, people and presence at random."""
    district.people.residents = rng.integer(500, 5000)
    district.people.displaced_hosted = rng.integer(0, 2000)
    district.people.trust = rng.real(0.05, 0.95)
    control, presence = district.control, district.presence
    control.gang_influence, control.entrenchment = rng.real(0, 1), rng.real(0, 1)
    control.neighbour_gang_influence = rng.real(0, 1)
    presence.claimant_fighters = presence.fighters = rng.integer(0, 60)
    presence.officers_day, presence.officers_night = rng.real(0, 30), rng.real(0, 30)
    presence.drone_coverage = rng.real(0, 1)


def arguments(rule: Any, here: Any, rng: Numbers) -> dict[str, Any]:
    """Return random arguments of a rule: the state, a district, or numbers."""
    found: dict[str, Any] = {}
    for name, given in inspect.signature(rule).parameters.items():
        if name == "state":
            found[name] = here.state
        elif name == "district":
            found[name] = here.state.districts[0]
        elif given.annotation is int:
            found[name] = rng.integer(1, 3000)
        else:
            found[name] = rng.real(0.05, 0.95)
    return found


def test_there_are_equations() -> None:
    """The description has equations of forces, control, gangs and people."""
    assert len(equations()) >= 10


@pytest.mark.skipif(interpreted(), reason="the equations are evaluated in this process")
def test_equations_hold_in_plain_python() -> None:
    """Another process, in which rules are plain Python, evaluates all equations below."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    done = subprocess.run(
        command,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=PAGE.parents[1],
    )
    assert done.returncode == 0, done.stdout
    assert f"{len(equations()) + 1} passed" in done.stdout


@pytest.mark.skipif(not interpreted(), reason="evaluated by another process, as plain Python")
@pytest.mark.parametrize("line", equations())
def test_equation_is_what_the_rule_computes(country: Any, line: str) -> None:
    """Both sides agree at random points."""
    match = EQUATION.match(line)
    assert match, line
    family, function, given, expression = match.groups()
    rule = rules_of(MODULES[family])[function]
    assert list(inspect.signature(rule).parameters) == given.split(", ")
    rng = Numbers()
    for _ in range(POINTS):
        here = country(2)
        district = here.state.districts[0]
        fill(district, rng)
        values = arguments(rule, here, rng)
        people = district.people.residents + district.people.displaced_hosted
        scope = {**names(here), "people": people, **values}
        found = eval(expression, {"__builtins__": {}}, scope)  # noqa: S307  # our own text
        assert rule(**values) == pytest.approx(found, rel=1e-9), values
