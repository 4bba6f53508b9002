"""Which rule writes and reads each field of the state, found from the source of the rules."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

from record_reader import Access, RecordReader

from teritwa.engine.records import fields
from teritwa.rules.agents.state import MATRICES, POPULATIONS, SINGLES
from teritwa.rules.registry import OUTCOMES

PACKAGE = Path(inspect.getfile(importlib.import_module("teritwa"))).parent
PLACES = ("rules", "scenario/actions", "simulation/initialization", "simulation/model.py")
"""Where records are written and read, beside what outcomes copy."""


def accesses() -> dict[str, Access]:
    """Return who writes and reads each field, by ``Kind.group.field`` or the name of a table."""
    found = {name: Access() for name in _all_fields()}
    for path in _files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, function in _functions(tree):
            RecordReader(f"{_module(path)}.{name}", found).visit_all(function)
    for outcome in OUTCOMES.values():
        for name in outcome.reads:
            found_name = _field_of_source(name)
            if found_name in found:
                found[found_name].read[f"outcome `{outcome.name}`"] = None
    return found


def _all_fields() -> Iterator[str]:
    for kind in {**POPULATIONS, **SINGLES}.values():
        yield from (f"{kind.__name__}.{name}" for name in fields(kind))
    yield from MATRICES


def _field_of_source(source: str) -> str:
    """Return the name of the field that an outcome copies."""
    table, _, name = source.partition(".")
    kind = {**POPULATIONS, **SINGLES}.get(table)
    return f"{kind.__name__}.{name}" if kind else table


def _files() -> Iterator[Path]:
    for place in PLACES:
        path = PACKAGE / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield functions and methods with their names, a method's behind that of its class."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
            yield from ((f"{node.name}.{method.name}", method) for method in methods)


def _module(path: Path) -> str:
    """Return a module's name in the tables: short for a rule, with its folder for any other."""
    if path.is_relative_to(PACKAGE / "rules"):
        return path.stem
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts[-2:] if part != "__init__")
