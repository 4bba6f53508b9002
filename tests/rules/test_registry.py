"""The registry of parameters: every one by its full name, read by some rule, and a table of them as rules take it."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

import teritwa
from teritwa.rules.registry import FAMILIES, parameter_record, parameter_table, registry
from teritwa.simulation.data_collection import MEASURES

CLASSES = {kind.__name__: family for family, kind in FAMILIES.items()}


def test_table_holds_what_the_registry_says() -> None:
    """Without other values each parameter has its own, in the type of what it is."""
    table = parameter_table({})
    for name, given in registry().items():
        family, field = name.split(".")
        found = table[family][field][0]
        assert found == given.value
        assert found.dtype.kind == ("b" if given.switch else "i" if given.whole else "f"), name


def test_values_replace_by_full_name() -> None:
    """What is given replaces one parameter and no other, and rules see it."""
    usual = parameter_table({})
    table = parameter_table({"control.adjustment_time": 4.5})
    assert parameter_record(table)["control"]["memory"] == 4.5
    table["control"]["memory"] = usual["control"]["memory"]
    assert table.tobytes() == usual.tobytes()


def test_unknown_name_is_refused() -> None:
    """A name that no mechanism declares is a KeyError, not a silent nothing."""
    with pytest.raises(KeyError, match=r"control\.memmory"):
        parameter_table({"control.memmory": 1.0})


def test_every_family_is_a_file_with_its_own_class() -> None:
    """Each family's class stands in the file of its name, and no file but two is without a family.

    The ledger has no parameters; those of a raid stand with the attacks.
    """
    assert {name: kind.__module__ for name, kind in FAMILIES.items()} == {
        name: f"teritwa.rules.registry.{name}" for name in FAMILIES
    }
    files = {path.stem for path in (Path(teritwa.__file__).parent / "mechanisms").glob("*.py")}
    assert files - {"__init__", "ledger", "raid"} == set(FAMILIES)


def test_no_name_means_something_else_to_numpy() -> None:
    """A family or field named like an attribute of NumPy's records would be unreachable in interpreted rules."""
    names = {name for full in registry() for name in full.split(".")}
    assert {name for name in names if hasattr(np.record, name)} == set()


def test_interpreted_rules_reach_every_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    """``parameters.family.field`` is the value in the table, for each of them."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    record = parameter_record(parameter_table({}))
    for name, given in registry().items():
        family, field = name.split(".")
        assert getattr(getattr(record, family), field) == given.value, name


def family_of(node: ast.AST, known: Mapping[str, str]) -> str | None:
    """Return the family whose record an expression is: a known name, ``parameters.family`` or ``[...]["family"]``."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and node.attr in FAMILIES:
        return node.attr if ast.unparse(node.value).endswith(("parameters", "rules")) else None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        key = node.slice.value
        return key if isinstance(key, str) and key in FAMILIES else family_of(node.value, known)
    return None


def names_of(function: ast.FunctionDef) -> dict[str, str]:
    """Return which names of a function stand for the record of which family."""
    known = {
        argument.arg: CLASSES[argument.annotation.id]
        for argument in function.args.args
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id in CLASSES
    }
    for node in ast.walk(function):
        for target, value in assigned(node):
            family = family_of(value, {})
            if isinstance(target, ast.Name) and family:
                known[target.id] = family
    return known


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


def reads(function: ast.FunctionDef) -> Iterator[str]:
    """Walk over the full names of the parameters that a function reads."""
    known = names_of(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and family_of(node.value, known):
            yield f"{family_of(node.value, known)}.{node.attr}"
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and family_of(node.value, known):
            yield f"{family_of(node.value, known)}.{node.slice.value}"


def functions() -> Iterator[ast.FunctionDef]:
    """Walk over the functions of the package."""
    for path in Path(teritwa.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield node


def test_every_parameter_is_read() -> None:
    """A number that no rule, no founding, no deed and no outcome reads would be swept for nothing."""
    found = {name for function in functions() for name in reads(function)}
    # Outcomes read what recording copies of the parameters, by the field of the copy.
    assert "parameters.harm" in MEASURES["killed_counted"][0]
    assert set(registry()) - found == {"casualties.reporting_rate_under_gangs"}


def test_reader_of_parameters_sees_every_form_and_no_other() -> None:
    """The reader behind it follows short names and subscripts, and takes no field of another family for its own."""
    (tree,) = ast.parse(
        "def some(state, hold: Hold, other: District):\n"
        "    war, fund = state.parameters.war, 3\n"
        "    air: float = state.parameters.equipment.air_reach\n"
        "    rules = state.parameters\n"
        "    order = tables['parameters']['command'][0]\n"
        "    return gang_rivalry.rate + budget.enabled + night_posture.return_hazard + other.kappa + rules.bases.acts + order['priority']\n"
    ).body
    assert isinstance(tree, ast.FunctionDef)
    seen = {name for name in reads(tree) if name in registry()}
    assert seen == {
        "gang_rivalry.rate",
        "night_posture.return_hazard",
        "equipment.air_reach",
        "bases.enabled",
        "tasking.priority_factor",
    }
