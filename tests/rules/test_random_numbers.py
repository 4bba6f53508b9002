"""Random numbers: each serves one decision, in all rules."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import teritwa

RULES = Path(teritwa.__file__).parent / "rules"
FUNCTIONS = {
    f"{path.stem}.{node.name}": node
    for path in sorted(RULES.rglob("*.py"))
    for node in ast.parse(path.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and "uniform(" in ast.unparse(node)
}


def uses(function: ast.FunctionDef) -> dict[str, int]:
    """Return how often a rule uses each random number that it gives a name."""
    named = {
        ast.unparse(node.targets[0])
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "uniform"
    }
    read = Counter(
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    return {name: read[name] for name in named}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_number_is_used_once(name: str) -> None:
    """No rule rounds with a number and places with it too: it would choose by what it rounded.

    A count of the dead may be asked for twice: first with a rate that is never too low, so that the
    rate itself is weighed only where somebody would die.
    """
    counted = Counter(re.findall(r"poisson\(.*, (\w+)\)", ast.unparse(FUNCTIONS[name])))
    once = {number: times - max(0, counted[number] - 1) for number, times in
            uses(FUNCTIONS[name]).items()}  # fmt: skip
    assert set(once.values()) <= {1}


def test_a_number_that_is_used_twice_is_found() -> None:
    """The check above sees a second use."""
    source = "def twice():\n    a = uniform(b, C, d)\n    return int(x + a) + place(a)\n"
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert uses(function) == {"a": 2}
