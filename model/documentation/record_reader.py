"""A small reader of types that follows the records of the state through a function.

It starts from the annotations of the arguments, from ``state.districts[row]``, from loops over rows
and from short names for any of these. It knows nothing of what a function returns.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_type_hints

from teritwa.engine.records import Field, Group, Record, Rows, members
from teritwa.rules.agents import state as state_module
from teritwa.rules.agents.state import MATRICES, POPULATIONS, SINGLES, State


@dataclass(frozen=True, slots=True)
class Many:
    """The rows of a population."""

    kind: type[Record]


@dataclass(frozen=True, slots=True)
class One:
    """A record, or a group of its fields: the kind that declares it, and the path to the group."""

    root: type[Record]
    kind: type[Record]
    path: str = ""


@dataclass
class Access:
    """Who writes and who reads a field, each as ``file.function``."""

    written: dict[str, None] = field(default_factory=dict)
    read: dict[str, None] = field(default_factory=dict)


STATE = object()
"""Stands for the state itself."""

Known = dict[str, object]


def _kinds(kind: type[Record] = Record) -> Iterator[type[Record]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


def _state_types() -> Known:
    """Return what each attribute of the state is."""
    found: Known = {}
    hints = get_type_hints(State, vars(state_module))
    for name, hint in hints.items():
        if name in POPULATIONS:
            found[name] = Many(POPULATIONS[name])
        elif name in SINGLES:
            found[name] = One(SINGLES[name], SINGLES[name])
        elif name in MATRICES:
            found[name] = name
        else:
            found[name] = hint
    return found


STATE_TYPES = _state_types()


class RecordReader(ast.NodeVisitor):
    """Follows the records through one function and notes what it does to their fields."""

    def __init__(self, name: str, found: dict[str, Access]) -> None:
        self.name, self.found = name, found
        self.kinds = {kind.__name__: kind for kind in _kinds()}
        self.known: Known = {}
        self.aliases: dict[str, list[str]] = {}

    def visit_all(self, function: ast.FunctionDef) -> None:
        """Read a function: first what its names stand for, then its body."""
        for argument in [*function.args.args, *function.args.kwonlyargs]:
            given = self._of_annotation(argument.annotation)
            if given is not None:
                self.known[argument.arg] = given
        for node in ast.walk(function):
            self._learn(node)
        for statement in function.body:
            self.visit(statement)

    def _learn(self, node: ast.AST) -> None:
        """Remember what an assignment or a loop makes its names stand for."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            self._bind_row(node.target, self.type_of(node.iter))

    def _of_annotation(self, given: ast.expr | None) -> object:
        if isinstance(given, ast.Name):
            if given.id == "State":
                return STATE
            kind = self.kinds.get(given.id)
            return One(*self._root_of(kind)) if kind is not None else None
        is_rows = isinstance(given, ast.Subscript) and ast.unparse(given.value) == Rows.__name__
        if is_rows and isinstance(given, ast.Subscript):
            kind = self.kinds.get(ast.unparse(given.slice))
            return Many(kind) if isinstance(kind, type) else None
        return None

    def _root_of(self, kind: type[Record]) -> tuple[type[Record], type[Record], str]:
        """Return the kind in which a group stands, the group's own kind, and the path to it."""
        for root in {**POPULATIONS, **SINGLES}.values():
            for name, given in members(root).items():
                if isinstance(given, Group) and given.kind is kind:
                    return root, kind, f"{name}."
        return kind, kind, ""

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, given in zip(target.elts, value.elts, strict=False):
                self._bind(one, given)
        elif isinstance(target, ast.Name):
            self.aliases[target.id] = self._path_in_tables(value)[0]
            given = self.type_of(value)
            if given is not None:
                self.known[target.id] = given

    def _bind_row(self, target: ast.expr, rows: object) -> None:
        if isinstance(target, ast.Name) and isinstance(rows, Many):
            self.known[target.id] = One(rows.kind, rows.kind)

    def type_of(self, node: ast.expr) -> object:
        """Return what an expression is, as far as the reader knows."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Subscript):
            base = self.type_of(node.value)
            return One(base.kind, base.kind) if isinstance(base, Many) else base
        if isinstance(node, ast.Call):
            return self._call(node)
        return None

    def _attribute(self, node: ast.Attribute) -> object:
        base = self.type_of(node.value)
        if base is STATE:
            return STATE_TYPES.get(node.attr)
        if isinstance(base, One):
            given = members(base.kind).get(node.attr)
            if isinstance(given, Group):
                return One(base.root, given.kind, f"{base.path}{node.attr}.")
        if node.attr == "state":
            return STATE
        if node.attr in SINGLES and base is None:
            return One(SINGLES[node.attr], SINGLES[node.attr])
        return None

    def _call(self, node: ast.Call) -> object:
        """Return what some calls give: views of rows by name, as actions use them."""
        called = ast.unparse(node.func)
        by_name = {
            "run.district": "districts",
            "run.contingent": "contingents",
            "run.donor": "donors",
        }
        if called in by_name:
            kind = POPULATIONS[by_name[called]]
            return One(kind, kind)
        name, _, method = called.partition("()")
        if method == ".bind" and name in self.kinds:
            return One(*self._root_of(self.kinds[name]))
        if called in ("Views", "new_table") and node.args:
            kind = self.kinds.get(ast.unparse(node.args[0]))
            return Many(kind) if isinstance(kind, type) else None
        return None

    def visit_Attribute(self, node: ast.Attribute) -> None:  # ast's own name
        """Note what is done to a field."""
        base = self.type_of(node.value)
        if isinstance(base, One) and isinstance(members(base.kind).get(node.attr), Field):
            self._note(f"{base.root.__name__}.{base.path}{node.attr}", node.ctx)
        elif base is STATE and node.attr in MATRICES:
            self._note(node.attr, node.ctx)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:  # ast's own name
        """Note what is written into a table of numbers, or into a field by its name."""
        name = self.type_of(node.value)
        if isinstance(name, str) and isinstance(node.ctx, ast.Store):
            self._note(name, node.ctx)
        self._by_name(node)
        self.generic_visit(node)

    def _by_name(self, node: ast.Subscript) -> None:
        """Note a field that is reached by its name in a table: ``table["group"]["field"]``."""
        names, inner = self._path_in_tables(node)
        leaf = names[-1] if names else ""
        base = self.type_of(inner)
        if isinstance(base, Many) and names:
            self._note(f"{base.kind.__name__}.{'.'.join(names)}", node.ctx)
        if leaf in MATRICES and isinstance(node.ctx, ast.Store):
            self._note(leaf, node.ctx)
        for full in self.found:
            kind, _, path = full.partition(".")
            if path and path.rpartition(".")[2] == leaf and self._meant(kind, path, names):
                self._note(full, node.ctx)

    def _path_in_tables(self, node: ast.expr) -> tuple[list[str], ast.expr]:
        """Return the names in square brackets that lead to an expression, and where they begin."""
        names: list[str] = []
        while isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                names.insert(0, node.slice.value)
            node = node.value
        if isinstance(node, ast.Name):
            names = [*self.aliases.get(node.id, []), *names]
        return names, node

    def _meant(self, kind: str, path: str, names: list[str]) -> bool:
        """Whether names in square brackets lead to a field of a kind."""
        table = next(n for n, k in {**POPULATIONS, **SINGLES}.items() if k.__name__ == kind)
        group = path.rpartition(".")[0]
        return (table in names[:-1] and (not group or group in names)) or (
            bool(group) and group in names[:-1]
        )

    def visit_AugAssign(self, node: ast.AugAssign) -> None:  # ast's own name
        """Note that what is added to is read as well."""
        self.generic_visit(node)
        target = node.target
        if isinstance(target, ast.Attribute):
            base = self.type_of(target.value)
            if isinstance(base, One):
                self._note(f"{base.root.__name__}.{base.path}{target.attr}", ast.Load())

    def _note(self, name: str, context: ast.expr_context) -> None:
        access = self.found.get(name)
        if access is not None:
            who = access.written if isinstance(context, ast.Store) else access.read
            who[self.name] = None
