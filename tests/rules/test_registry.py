"""The registry: every parameter and outcome is found from its file, and a rule reads each one."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import teritwa
from teritwa import world
from teritwa.engine.parameters import Parameters
from teritwa.rules.outcomes import Outcome
from teritwa.rules.registry import (
    FAMILIES,
    OUTCOMES,
    declare_all,
    parameter_table,
    parameters_for_rules,
    registry,
    rule_modules,
    scale_to_size,
)
from teritwa.world import ParameterRow, WorldError
from teritwa.world.codes import POSTURES

PACKAGE = Path(teritwa.__file__).parent
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
CLASSES = {kind.__name__: family for family, kind in FAMILIES.items()}
HAND_ON = ("read_presence", "read_operation")
"""Rules that read the parameters of every posture alike, handed to them as ``values``."""

READ_OUTSIDE = ("rules", "simulation", "scenario")
"""Rooms whose code may read parameters."""


def test_table_holds_what_the_registry_says() -> None:
    """Without other values each parameter has its own, in the type of what it is."""
    table = parameter_table({})
    for name, given in registry().items():
        family, field = name.split(".")
        found = table[family][field][0]
        assert found == given.value
        assert found.dtype.kind == ("b" if given.switch else "i" if given.integral else "f"), name


def test_values_replace_by_full_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given replaces one parameter and no other, and rules see it."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    usual = parameter_table({})
    table = parameter_table({"control.adjustment_time": 4.5})
    assert parameters_for_rules(table).control.adjustment_time == 4.5
    table["control"]["adjustment_time"] = usual["control"]["adjustment_time"]
    assert table.tobytes() == usual.tobytes()


def test_unknown_name_is_refused() -> None:
    """A name that no mechanism declares is a KeyError, not a silent nothing."""
    with pytest.raises(KeyError, match=r"control\.ajustment_time"):
        parameter_table({"control.ajustment_time": 1.0})


def test_every_family_is_a_file_with_its_own_class() -> None:
    """Each family is declared in the file of its name, in one of the folders of rules."""
    for name, kind in FAMILIES.items():
        assert kind.__module__.startswith("teritwa.rules.")
        assert kind.__module__.rpartition(".")[2] == name


def test_the_registry_is_what_the_files_declare() -> None:
    """Families and outcomes are those that stand in the files of rules, each once."""
    declared = [one for module in rule_modules() for one in vars(module).values()]
    families = {
        id(one)
        for one in declared
        if isinstance(one, type) and issubclass(one, Parameters) and one is not Parameters
    }
    outcomes = {id(one) for one in declared if isinstance(one, Outcome)}
    assert families == {id(kind) for kind in FAMILIES.values()}
    assert outcomes == {id(one) for one in OUTCOMES.values()}


def test_a_name_that_is_taken_is_refused() -> None:
    """A second outcome of a name is an error that names it, and changes nothing."""
    before = dict(OUTCOMES)
    copy = replace(OUTCOMES["killed"])
    module = type(sys)("second")
    module.killed = copy  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="the outcome 'killed' exists already"):
        declare_all(iter([module]))
    assert before == OUTCOMES


def test_no_name_means_something_else_to_numpy() -> None:
    """A name like an attribute of NumPy's records would be unreachable in interpreted rules."""
    names = {name for full in registry() for name in full.split(".")}
    assert {name for name in names if hasattr(np.record, name)} == set()


def test_interpreted_rules_reach_every_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    """``parameters.family.field`` is the value in the table, for each of them."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    parameters = parameters_for_rules(parameter_table({}))
    for name, given in registry().items():
        family, field = name.split(".")
        assert getattr(getattr(parameters, family), field) == given.value, name


def test_a_world_replaces_value_range_grade_and_source() -> None:
    """The registry of a world has the numbers of its table, and the rules' own for the others."""
    haiti = world.load()
    row = ParameterRow("control.adjustment_time", 9.0, 4.0, 20.0, "B", "assumption: of this world")
    found = registry(replace(haiti, parameters=(row,)))
    given, own = found[row.name], FAMILIES["control"].declared()["adjustment_time"]
    assert (given.value, given.low, given.high) == (9.0, 4.0, 20.0)
    assert (given.grade, given.source) == ("B", "assumption: of this world")
    assert (given.unit, given.bounds, given.meaning) == (own.unit, own.bounds, own.meaning)
    untouched = FAMILIES["control"].declared()["spillover"]
    assert found["control.spillover"].value == untouched.value


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("control.nothing", 1.0, 0.5, 2.0, "B", "assumption"), "unknown parameter"),
        (("aid.enabled", 1.0, 0.0, 1.0, "B", "assumption"), "a switch has no range"),
        (("control.adjustment_time", 9.0, 4.0, 20.0, "D", "assumption"), "grade 'D'"),
        (("control.adjustment_time", 2.0, 4.0, 20.0, "B", "assumption"), "does not rise"),
        (("control.adjustment_time", 9.0, 4.0, 1e9, "B", "assumption"), "not within"),
        (("tasking.rest_days", 2.5, 2.0, 40.0, "B", "assumption"), "whole numbers"),
    ],
)
def test_a_world_with_a_wrong_parameter_is_refused(
    row: tuple[str, float, float, float, str, str], problem: str
) -> None:
    """A mistake in a world's table of parameters names the table, the parameter and the rule."""
    broken = replace(world.load(), parameters=(ParameterRow(*row),))
    with pytest.raises(WorldError, match=problem) as raised:
        registry(broken)
    assert "parameters.csv" in str(raised.value)
    assert row[0] in str(raised.value)


def test_only_what_counts_a_country_scales() -> None:
    """In a world of a tenth of Haiti's fighters a rate is a tenth, a share what it was."""
    scaled = scale_to_size({"attack.rate": 5.0, "attack.reach": 0.5}, 0.1)
    assert registry()["attack.rate"].scales
    assert not registry()["attack.reach"].scales
    assert scaled == pytest.approx({"attack.rate": 0.5, "attack.reach": 0.5})


def reads(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the full names of the parameters that a function may read.

    A family is reached by ``Family.of(state)``, by an argument of its class, by a short name for
    either, or by its key in the table of parameters.
    """
    families = names_of(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield f"{family_of(node.value, families)}.{node.attr}"
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield f"{family_of(node.value, families)}.{node.slice.value!s}"


def names_of(function: ast.FunctionDef) -> dict[str, str]:
    """Return which names of a function stand for which family."""
    families: dict[str, str] = {}
    for argument in function.args.args:
        if argument.annotation is not None and ast.unparse(argument.annotation) in CLASSES:
            families[argument.arg] = CLASSES[ast.unparse(argument.annotation)]
    for node in ast.walk(function):
        for target, value in assigned(node):
            family = family_of(value, families)
            if isinstance(target, ast.Name) and family:
                families[target.id] = family
    return families


def family_of(node: ast.AST, families: dict[str, str]) -> str:
    """Return the family that an expression is, or an empty text."""
    if isinstance(node, ast.Name):
        return families.get(node.id, "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return CLASSES.get(ast.unparse(node.func.value), "") if node.func.attr == "of" else ""
    if isinstance(node, ast.Attribute):
        return node.attr if node.attr in FAMILIES else ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value) if node.slice.value in FAMILIES else ""
    return ""


def assigned(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """Return the pairs of target and value of an assignment, of several at once too."""
    if isinstance(node, ast.AnnAssign) and node.value:
        return [(node.target, node.value)]
    if not isinstance(node, ast.Assign):
        return []
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def test_every_parameter_is_read() -> None:
    """A number that no rule, no set-up, no action and no outcome reads would be swept in vain."""
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for room in READ_OUTSIDE
        for path in (PACKAGE / room).rglob("*.py")
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {name for node in nodes if isinstance(node, ast.FunctionDef) for name in reads(node)}
    handed = {
        f"{posture.replace('-', '_')}.{part.attr}"
        for node in nodes
        if isinstance(node, ast.FunctionDef) and node.name in HAND_ON
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "values"
        for posture in POSTURES
    }
    copied = {read.removeprefix("parameters.") for one in OUTCOMES.values() for read in one.reads}
    assert set(registry()) - found - handed - copied == set()


def test_reader_of_parameters_sees_every_form_and_no_other() -> None:
    """The reader behind it follows short names and keys, and takes no other field for its own."""
    (tree,) = ast.parse(
        "def some(state, night_posture: NightPosture, other: District):\n"
        "    rivalry, count = GangRivalry.of(state), 3\n"
        "    air: float = Equipment.of(state).air_reach\n"
        "    order = tables['parameters']['tasking'][0]\n"
        "    floor = tables['parameters']['control']['spillover'][0]\n"
        "    return rivalry.rate + night_posture.return_hazard + other.adjustment_time\n"
    ).body
    assert isinstance(tree, ast.FunctionDef)
    seen = {name for name in reads(tree) if name in registry()}
    assert seen == {
        "gang_rivalry.rate",
        "night_posture.return_hazard",
        "equipment.air_reach",
        "control.spillover",
    }


@pytest.mark.slow
def test_a_misspelt_parameter_fails_the_types(tmp_path: Path) -> None:
    """Parameters are typed in rules: mypy names the line that misspells one, and no other."""
    source = (
        "from teritwa.rules.agents.state import State\n"
        "from teritwa.rules.districts.control import Control\n"
        "def right(state: State) -> float:\n"
        "    return Control.of(state).adjustment_time\n"
        "def wrong(state: State) -> float:\n"
        "    return Control.of(state).ajustment_time\n"
    )
    path = tmp_path / "misspelt.py"
    path.write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(path)]
    command += ["--follow-imports=silent", f"--config-file={PROJECT}"]
    command += [f"--cache-dir={tmp_path / 'cache'}"]
    environment = {**os.environ, "MYPYPATH": str(PROJECT.parent / "model")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stderr == ""
    errors = [line for line in done.stdout.splitlines() if "error:" in line]
    assert all(":6: error:" in line for line in errors), done.stdout
    assert any('has no attribute "ajustment_time"' in line for line in errors), done.stdout
