"""Small faults put into the rules, the scenarios and the analysis: tests find 19 of 20.

A mutant is a copy of the checkout with one expression or statement changed. It is found if a test
fails that concerns its file, uncompiled: those of its name, those of its folder that import it, in
the end all of its folder. What actions do to a run is tested with the simulation.
Twenty mutants of each kind are chosen by hashes, so that a change of one file keeps the others.
"""

import ast
import compileall
import copy
import functools
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = Path("model") / "teritwa"
ROOMS = ("rules", "scenario", "analysis")
OF_EACH_KIND = 20
RUNNER = Path(__file__).with_name("mutation_runner.py")
ACTIONS_AT_WORK = (
    "tests/simulation/test_interventions.py",
    "tests/simulation/test_mission_interventions.py",
)
SECONDS = 600
"""Computing that some tests may take."""
TIMES = 5
"""How much longer they may take with a mutant, beside ten seconds; beyond that it is found."""

BOUNDARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
SIGNS: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
EXTREMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}

EQUIVALENT = {
    (
        "rules/forces/equipment.py",
        "if contingent.vehicles > 0 and contingent.on_operations > 0:",
        "contingent.on_operations > 0",
    ): "with nobody out no vehicle is out: the rate is 0, the Poisson count 0, and 0 is subtracted",
    (
        "rules/forces/police_attrition.py",
        "if not contingent.foreign and unit.officers > 0:",
        "unit.officers > 0",
    ): "of no officers at most none quit: 0 is subtracted",
    (
        "rules/gangs/gang_rivalry.py",
        "if crew.fighters > 0:",
        "crew.fighters > 0",
    ): "a crew without fighters faces at most 0 rivals: 0 stays recorded, and 0 is added",
    (
        "rules/gangs/membership.py",
        "if joined + joined_hidden > 0:",
        "joined + joined_hidden > 0",
    ): "of no recruits none is a child: 0 is added",
    (
        "scenario/posterior.py",
        "cells = zip(names, _measures_of(names), rows[draw % len(rows)], strict=True)",
        "True",
    ): "names and values are taken from the same columns: they have one length",
    (
        "scenario/posterior.py",
        "for column, (text, given) in enumerate(zip(row, measures, strict=True), start=1):",
        "True",
    ): "a row of another length than the names was noted before, and left",
}
"""Mutants that no input tells apart, with the reason: file, line and what would be replaced."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one place in a file: a span of bytes, and what replaces it."""

    path: Path
    line: int
    text: str
    span: tuple[int, int]
    kind: str
    before: str
    after: str

    def place(self) -> tuple[str, str, str]:
        """Return what `EQUIVALENT` knows a mutant by, wherever in its file the line stands."""
        return self.path.relative_to(PACKAGE).as_posix(), self.text, self.before

    def order(self) -> str:
        """Return a hash that sorts mutants, the same wherever in its file the text stands."""
        name = f"{self.path.as_posix()} {self.kind} {self.before} {self.after}"
        return hashlib.sha256(name.encode()).hexdigest()

    def source(self, content: bytes) -> bytes:
        """Return the content of the file with the change."""
        begin, end = self.span
        return content[:begin] + self.after.encode() + content[end:]

    def __str__(self) -> str:
        """Return place and change in a line."""
        return f"{self.path}:{self.line}: {self.kind}: {self.before!r} -> {self.after!r}"


def mutants_of(path: Path, content: bytes) -> Iterator[Mutant]:
    """Yield every mutant of a file: changes within its functions, text and types left alone."""
    starts, lines = [0], content.splitlines(keepends=True)
    for line in lines:
        starts.append(starts[-1] + len(line))
    for function in ast.walk(ast.parse(content)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in (found for statement in function.body for found in _own_nodes(statement)):
            for kind, changed in _changes(node):
                span = (
                    starts[node.lineno - 1] + node.col_offset,
                    starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
                )
                after = f"({changed})" if isinstance(node, ast.expr) else changed
                before = content[slice(*span)].decode()
                text = lines[node.lineno - 1].decode().strip()
                yield Mutant(path, node.lineno, text, span, kind, before, after)


def _own_nodes(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield expressions and statements of a function; functions within are visited themselves."""
    if isinstance(node, ast.FunctionDef | ast.JoinedStr | ast.Raise):
        return
    if isinstance(node, ast.expr | ast.stmt):
        yield node
    for name, child in ast.iter_fields(node):
        for one in child if isinstance(child, list) else [child]:
            if isinstance(one, ast.AST) and name != "annotation":
                yield from _own_nodes(one)


def boundary(node: ast.expr | ast.stmt) -> str:
    """Return a comparison that takes the boundary in or leaves it out."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in BOUNDARIES:
        op = BOUNDARIES[type(node.ops[0])]()
        return ast.unparse(ast.Compare(node.left, [op], node.comparators))
    return ""


def sign(node: ast.expr | ast.stmt) -> str:
    """Return a sum as a difference, or the reverse."""
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        return ast.unparse(ast.BinOp(node.left, SIGNS[type(node.op)](), node.right))
    return ""


def constant(node: ast.expr | ast.stmt) -> str:
    """Return another number or truth value."""
    match node:
        case ast.Constant(value=bool(value)):
            return str(not value)
        case ast.Constant(value=int(value)):
            return str(value + 1)
        case ast.Constant(value=float(value)):
            return str(value / 2 or 1.0)
    return ""


def extreme(node: ast.expr | ast.stmt) -> str:
    """Return a call of min in place of max, or the reverse."""
    match changed := copy.deepcopy(node):
        case ast.Call(func=ast.Name(id=name) as called) if name in EXTREMES:
            called.id = EXTREMES[name]
            return ast.unparse(changed)
        case ast.Call(func=ast.Attribute(attr=name) as called) if name in EXTREMES:
            called.attr = EXTREMES[name]
            return ast.unparse(changed)
    return ""


def removal(node: ast.expr | ast.stmt) -> str:
    """Return nothing to be done in place of a call, or of what writes a field or an element."""
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            return "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            return "pass"
    return ""


def negation(node: ast.expr | ast.stmt) -> str:
    """Return a condition as its opposite."""
    compared = isinstance(node, ast.Compare) and type(node.ops[0]) not in BOUNDARIES
    if compared or isinstance(node, ast.BoolOp):
        return f"not ({ast.unparse(node)})"
    if isinstance(node, ast.IfExp):
        opposite = ast.UnaryOp(ast.Not(), node.test)
        return ast.unparse(ast.IfExp(opposite, node.body, node.orelse))
    return ""


KINDS = {kind.__name__: kind for kind in (boundary, constant, sign, removal, extreme, negation)}


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the kind of each change of a node, and the text that replaces it."""
    for name, change in KINDS.items():
        if after := change(node):
            yield name, after


def all_mutants() -> list[Mutant]:
    """Return every mutant of the rooms, in the order in which they are chosen."""
    found = [
        mutant
        for room in ROOMS
        for path in sorted((ROOT / PACKAGE / room).rglob("*.py"))
        for mutant in mutants_of(path.relative_to(ROOT), path.read_bytes())
    ]
    return sorted(found, key=lambda mutant: (mutant.order(), mutant.span))


def test_changes_are_those_of_the_kinds() -> None:
    """A function of a few lines has these mutants by hand; text, types and messages have none."""
    source = '''"""About 1 < 2."""

LIMIT = 3


def f(a: int = 4, b: float = 1 + 1) -> int:
    """Say whether a < b."""
    limit: "a < 1" = 2.0
    if a < b and not a:
        a.x += 1
    if a == 0:
        raise ValueError(a + 1, f"{a < 1:5}")
    return max(a, b - True)
'''
    found = list(mutants_of(Path("f.py"), source.encode()))

    assert [(one.line, one.kind, one.before, one.after) for one in found] == [
        (8, "constant", "2.0", "(1.0)"),
        (9, "negation", "a < b and not a", "(not (a < b and (not a)))"),
        (9, "boundary", "a < b", "(a <= b)"),
        (10, "removal", "a.x += 1", "pass"),
        (10, "constant", "1", "(2)"),
        (11, "negation", "a == 0", "(not (a == 0))"),
        (11, "constant", "0", "(1)"),
        (13, "extreme", "max(a, b - True)", "(min(a, b - True))"),
        (13, "sign", "b - True", "(b + True)"),
        (13, "constant", "True", "(False)"),
    ]
    assert found[2].source(source.encode()).decode() == source.replace(
        "if a < b and", "if (a <= b) and"
    )


def chosen_of(kind: str) -> list[Mutant]:
    """Return the twenty mutants of a kind that are tried: none of those that cannot be found."""
    told = (one for one in all_mutants() if one.kind == kind and one.place() not in EQUIVALENT)
    return list(islice(told, OF_EACH_KIND))


def test_equivalent_mutants_exist_once() -> None:
    """Each mutant that counts as equivalent is one of the package, and its line names no other."""
    places = Counter(mutant.place() for mutant in all_mutants())
    assert {place: places[place] for place in EQUIVALENT} == dict.fromkeys(EQUIVALENT, 1)


class Checkout:
    """A copy of the checkout, and a process that runs its tests."""

    def __init__(self, folder: Path) -> None:
        ignored = shutil.ignore_patterns(".git", "__pycache__", ".venv", ".*_cache")
        self.folder = Path(shutil.copytree(ROOT, folder, ignore=ignored))
        # Compiled files that are held to a hash of their source: two versions of a second differ.
        hashed = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(self.folder / "model", quiet=1, invalidation_mode=hashed)
        environment = {**os.environ, "PYTHONPATH": "model", "NUMBA_DISABLE_JIT": "1"}
        self.runner = subprocess.Popen(
            [sys.executable, RUNNER], cwd=self.folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def finds(self, mutant: Mutant) -> bool:
        """Return whether tests find a mutant."""
        return any(self.fail_with(mutant, tests) for tests in self.tests_of(mutant.path))

    def tests_of(self, path: Path) -> list[Path]:
        """Return the tests of a file: of its name, those that import it, those of its folder."""
        folder = Path("tests") / path.relative_to(PACKAGE).parent
        while not (self.folder / folder).is_dir():
            folder = folder.parent
        name = path.relative_to("model").with_suffix("").as_posix().replace("/", ".")
        files = [one.relative_to(self.folder) for one in (self.folder / folder).glob("test_*.py")]
        own = [one for one in files if one.stem == f"test_{path.stem}"]
        importing = [
            one
            for one in sorted(set(files) - set(own))
            if f"from {name} import" in (self.folder / one).read_text(encoding="utf-8")
        ]
        if path.parent.name == "actions":  # what they do to a run is tested where it is run
            importing += map(Path, ACTIONS_AT_WORK)
        return [*own, *importing, folder]

    def fail_with(self, mutant: Mutant, tests: Path) -> bool:
        """Return whether some tests fail with a mutant, or do not end."""
        limit = 10 + int(TIMES * self.seconds_unchanged(tests))
        path = self.folder / mutant.path
        content = path.read_bytes()
        path.write_bytes(mutant.source(content))
        try:
            return self.run(limit, tests)[0] != 0
        finally:
            path.write_bytes(content)

    @functools.cache  # noqa: B019 (a checkout lives as long as the battery)
    def seconds_unchanged(self, tests: Path) -> float:
        """Return the computing that tests take which pass on the checkout as it is."""
        code, seconds = self.run(SECONDS, tests)
        assert code == 0, f"{tests} fail without a mutant"
        return seconds

    def run(self, limit: int, tests: Path) -> tuple[int, float]:
        """Return the exit code of tests, or the signal that ended them, and what they computed."""
        assert self.runner.stdin
        assert self.runner.stdout
        print(limit, tests, file=self.runner.stdin, flush=True)
        code, seconds = self.runner.stdout.readline().split()
        assert int(code) < 0 or int(code) in (0, 1, 2, 4), code  # 2, 4: nothing can be imported
        return int(code), float(seconds)

    def close(self) -> None:
        """End the process."""
        assert self.runner.stdin
        self.runner.stdin.close()
        self.runner.wait()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """Make a checkout that mutants are put into."""
    made = Checkout(tmp_path_factory.mktemp("checkout") / "copy")
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.battery
@pytest.mark.parametrize("kind", KINDS)
def test_mutants_are_found(kind: str, checkout: Checkout) -> None:
    """Of twenty mutants of a kind at least nineteen are found; the others are printed."""
    chosen = chosen_of(kind)
    survivors = [str(mutant) for mutant in chosen if not checkout.finds(mutant)]
    print(f"{kind}: {len(chosen) - len(survivors)} of {len(chosen)} found", *survivors, sep="\n")
    assert len(chosen) == OF_EACH_KIND
    assert len(survivors) <= 0.05 * len(chosen), "\n".join(survivors)
