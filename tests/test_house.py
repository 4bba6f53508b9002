"""The plan of the house holds: floors, sizes, docstrings, and nothing that belongs elsewhere."""

import ast
import fnmatch
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "teritwa"
FLOORS = {
    "world": 0, "noise": 0, "quantity": 0, "compiled": 0, "files": 0,
    "agents": 1, "outcomes": 1,
    "mechanisms": 2,
    "scenario": 3, "mission": 3, "day": 3, "state": 3, "recording": 3, "deeds": 3, "founding": 3, "kinship": 3,
    "ensemble": 4, "estimate": 4, "kept": 4, "results": 4, "runs": 4, "series": 4, "storing": 4, "summary": 4,
    "workers": 4, "workplace": 4,
    "analysis": 5,
    "cli": 6, "pictures": 6, "report": 6, "terminal": 6, "__main__": 6,
}  # fmt: skip
FACADE = 7
TOP_LEVEL = {
    ".ci", ".git", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md",
    "model", "pyproject.toml", "results", "scenarios", "seeds", "tests",
}  # fmt: skip
HEAVY = ("PIL", "jinja2", "matplotlib", "mesa", "netCDF4", "numba", "pandas", "scipy", "xarray")
LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION, MOST_ARGUMENTS = 300, 40, 20, 6
Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_name(path: Path) -> str:
    """Return the dotted name of a source file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def imported(name: str, tree: ast.Module, modules: set[str]) -> set[str]:
    """Return the modules among ``modules`` that a module imports anywhere, also inside its functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(name, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in modules else base)
    return (found & modules) - {name}


def absolute(name: str, node: ast.ImportFrom) -> str:
    """Return the dotted name of the module that a ``from`` import names, resolving leading dots."""
    if not node.level:
        return node.module or ""
    package = name if SOURCES.get(name, Path()).name == "__init__.py" else name.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package


def floor(name: str) -> int:
    """Return the floor of a module by its room, the first word after the package's name."""
    room = name.split(".")[1] if "." in name else ""
    return FLOORS[room] if room else FACADE


def functions(tree: ast.AST) -> Iterator[Function]:
    """Walk over every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(node: Function) -> int:
    """Return the lines of a function, its docstring with it and its decorators without."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def arguments(node: Function) -> list[str]:
    """Return the names that a caller fills in, so without self and cls."""
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in given if argument.arg not in {"self", "cls"}]


def is_command(node: Function) -> bool:
    """Whether a function is a command of the command line: its arguments are the options."""
    return any(re.search(r"\.command\b", ast.unparse(decorator)) for decorator in node.decorator_list)


def passes_on(argument: ast.arg | None) -> bool:
    """Whether a starred argument is absent or replicates the signature of a wrapped function (P.args)."""
    if argument is None:
        return True
    return argument.annotation is not None and ast.unparse(argument.annotation) in {"P.args", "P.kwargs"}


def undocumented(tree: ast.AST, within: str) -> list[str]:
    """Return the public classes, functions and methods without a docstring."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            found.append(f"{within}.{node.name}")
        if isinstance(node, ast.ClassDef):
            found += undocumented(node, f"{within}.{node.name}")
    return found


def texts() -> Iterator[tuple[Path, str]]:
    """Walk over the text files of the project, and not over what git ignores."""
    for name in sorted(TOP_LEVEL - {".git", "results"} | {"results/reference"}):
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                try:
                    yield path, path.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    continue


def where(nodes: list[tuple[str, Function]]) -> list[str]:
    """Name functions by module, line and name, for a message that can be acted upon."""
    return [f"{name}:{node.lineno} {node.name} ({length(node)} lines)" for name, node in nodes]


def test_every_module_has_a_floor() -> None:
    """Each room of the package stands on a floor of the plan: a new one must be given its place."""
    rooms = {name.split(".")[1] for name in SOURCES if "." in name}
    assert rooms - set(FLOORS) == set()
    assert len(rooms) > 5


def test_imports_go_only_downwards() -> None:
    """No module imports from a floor above its own, not even lazily inside a function."""
    modules = set(SOURCES)
    upwards = [
        f"{name} (floor {floor(name)}) imports {other} (floor {floor(other)})"
        for name, tree in TREES.items()
        for other in sorted(imported(name, tree, modules))
        if floor(other) > floor(name)
    ]
    assert upwards == []


def test_no_import_cycles() -> None:
    """The modules can be put in an order where each imports earlier ones only, the facade included."""
    graph = {name: imported(name, tree, set(SOURCES)) for name, tree in TREES.items()}
    try:
        order = list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as cycle:
        pytest.fail(" -> ".join(cycle.args[1]))
    assert sorted(order) == sorted(graph)


def test_reader_of_imports_sees_every_form() -> None:
    """The reader behind the two tests above sees plain, lazy and relative imports, and the facade."""
    tree = ast.parse(
        "import a.b\nfrom a import c\nfrom a.d import thing\nfrom . import e\n"
        "def late():\n    from .f import thing\n    from a import VERSION\n    import json\n"
    )
    assert imported("a.x", tree, {"a", "a.b", "a.c", "a.d", "a.e", "a.f", "a.x", "a.unused"}) == {
        "a", "a.b", "a.c", "a.d", "a.e", "a.f",
    }  # fmt: skip


def test_files_are_short() -> None:
    """No source file of the package is longer than 300 lines."""
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in SOURCES.items()}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    """No function is longer than 40 lines, and nine in ten have at most 20."""
    every = [(name, node) for name, tree in TREES.items() for node in functions(tree)]
    assert where([pair for pair in every if length(pair[1]) > LONGEST_FUNCTION]) == []
    longer = [pair for pair in every if length(pair[1]) > USUAL_FUNCTION]
    assert len(longer) <= 0.1 * len(every), where(longer)


def test_functions_take_few_arguments() -> None:
    """No function takes more than six arguments; the options of a command are no arguments of a call."""
    every = [(name, node) for name, tree in TREES.items() for node in functions(tree)]
    many = [(n, node) for n, node in every if len(arguments(node)) > MOST_ARGUMENTS and not is_command(node)]
    assert where(many) == []


def test_signatures_have_no_stars() -> None:
    """No function swallows arguments it does not name, except to pass on a wrapped function's own."""
    starred = [
        (name, node)
        for name, tree in TREES.items()
        for node in functions(tree)
        if not (passes_on(node.args.vararg) and passes_on(node.args.kwarg))
    ]
    assert where(starred) == []


def test_public_names_are_documented() -> None:
    """Each public module, class, function and method says what it is."""
    silent = [name for name, tree in TREES.items() if not ast.get_docstring(tree)]
    silent += [thing for name, tree in TREES.items() for thing in undocumented(tree, name)]
    assert silent == []


def test_every_test_says_what_it_proves() -> None:
    """Each test has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in functions(ast.parse(path.read_text(encoding="utf-8")))
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_left_to_do() -> None:
    """No file carries a note of unfinished work."""
    notes = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
    assert [str(path.relative_to(ROOT)) for path, text in texts() if notes.search(text)] == []


def test_nothing_speaks_of_the_machine_it_was_written_on() -> None:
    """No file names an absolute path of some machine or a folder beside the project."""
    folders = "|".join(["work", "tmp", "home", "root", "Users", "farm"])
    outside = re.compile(rf"(?<![\w.$}}~/])/(?:{folders})/\w|\.\.{'/'}shared|\b[A-Z]:\\\\?Users")
    found = [f"{path.relative_to(ROOT)}: {match.group()}" for path, text in texts() for match in outside.finditer(text)]
    assert found == []


def test_top_level_holds_only_what_the_plan_names() -> None:
    """Beside what git ignores, the top of the project holds what the plan names, and all of it."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [line.strip("/") for line in lines if line and not line.startswith(("#", "!"))]
    present = {path.name for path in ROOT.iterdir()}
    surplus = {name for name in present - TOP_LEVEL if not any(fnmatch.fnmatch(name, i) for i in ignored)}
    assert surplus == set()
    assert TOP_LEVEL - present <= {".git", "results"}


def test_import_is_cheap() -> None:
    """Importing the package and its command line loads none of the libraries that take long to load."""
    script = "import sys, teritwa, teritwa.cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script, *HEAVY], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
