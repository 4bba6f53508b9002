"""The schedule of a day with the rules of extensions: the shipped one, with their calls added."""

import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from teritwa.engine.compiler import cache_folder
from teritwa.engine.extension_points import Place, ScheduledRule
from teritwa.engine.files import write_text
from teritwa.rules import schedule as shipped_schedule

WHOLE_DAYS = ("run_day", "run_days")
"""Functions of the schedule that are no phase of a day."""


def shipped_tree() -> ast.Module:
    """Return the source of the shipped schedule, parsed."""
    return ast.parse(Path(shipped_schedule.__file__).read_text(encoding="utf-8"))


def extended_schedule(rules: Iterable[tuple[str, str, ScheduledRule]], name: str) -> ModuleType:
    """Return a module like the shipped schedule that also calls further rules.

    Args:
        rules: Module, name and rule of each, in the order in which they are added.
        name: What the module is called; its source is kept beside the compiled rules.

    Raises:
        LookupError: If the day does not have the place of a rule.
    """
    tree, imports = shipped_tree(), list[ast.stmt]()
    for module, rule, one in rules:
        insert_call(tree, rule, one)
        imports += ast.parse(f"from {module} import {rule}").body
    tree.body[1:1] = imports
    return _module(ast.unparse(tree), name)


def _module(source: str, name: str) -> ModuleType:
    """Run the source of a schedule as a module, from a file in the folder of compiled rules."""
    folder = cache_folder()
    if folder is None:
        module = ModuleType(name)
        exec(compile(source, f"<{name}>", "exec"), vars(module))  # noqa: S102  # our own schedule
        return module
    path = folder / f"{name}.py"
    if not path.is_file() or path.read_text(encoding="utf-8") != source:
        write_text(path, source)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # code that is loaded from disk asks for its module by name
    spec.loader.exec_module(module)
    return module


def insert_call(tree: ast.Module, name: str, one: ScheduledRule) -> None:
    """Write the call of a rule into its phase; raise LookupError if there is no such place."""
    phases = {node.name: node for node in tree.body if _is_phase(node)}
    place = one.place
    if place.phase not in phases:
        raise LookupError(f"no phase {place.phase!r}; there are {', '.join(phases)}")
    body, line = _line_of(place, phases[place.phase].body)
    body.insert(line, ast.parse(f"{name}(state, randomness)").body[0])


def _is_phase(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Whether a statement defines a function of state and randomness, and not the whole day."""
    if not isinstance(node, ast.FunctionDef) or node.name in WHOLE_DAYS:
        return False
    return [argument.arg for argument in node.args.args[:2]] == ["state", "randomness"]


def _line_of(place: Place, body: list[ast.stmt]) -> tuple[list[ast.stmt], int]:
    """Return the lines among which a rule is called, and where; raise LookupError if nowhere.

    Before the first rule under a switch and after the last one it is called outside of the
    switch, so that it acts also where these are off; between two of them it is called inside.
    """
    neighbour = place.neighbour
    if not neighbour:
        return body, len(body) - isinstance(body[-1], ast.Return)
    for line, statement in enumerate(body):
        called = list(_called(statement))
        if neighbour in called:
            edge = called[0] if place.before else called[-1]
            if isinstance(statement, ast.If) and neighbour != edge:
                return _line_of(place, statement.body)
            return body, line + bool(place.after)
    there = dict.fromkeys(_called(ast.Module(body, [])))
    raise LookupError(f"no rule {neighbour!r} in {place.phase}; there are {', '.join(there)}")


def _called(node: ast.AST) -> Iterator[str]:
    """Yield the names of the functions that a statement calls, in the order of its source."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id
    for inner in ast.iter_child_nodes(node):
        yield from _called(inner)
