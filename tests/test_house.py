"""The plan of the house holds: floors, sizes, docstrings, and nothing that belongs elsewhere."""

import ast
import fnmatch
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "teritwa"
TOP_LEVEL = {
    ".ci",
    ".git",
    ".github",
    ".gitignore",
    ".justfile",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "model",
    "pyproject.toml",
    "results",
    "scenarios",
    "seeds",
    "tests",
}
HEAVY = ("PIL", "jinja2", "matplotlib", "mesa", "netCDF4", "numba", "pandas", "scipy", "xarray")
DOCUMENTATION = ROOT / "model" / "documentation"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_name(path: Path) -> str:
    """Return the dotted name of a source file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def functions(tree: ast.AST) -> Iterator[Function]:
    """Walk over every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def passes_on(argument: ast.arg | None) -> bool:
    """Whether a starred argument is absent or repeats that of a wrapped function (P.args)."""
    if argument is None:
        return True
    return argument.annotation is not None and ast.unparse(argument.annotation) in {
        "P.args",
        "P.kwargs",
    }


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
    return [f"{name}:{node.lineno} {node.name}" for name, node in nodes]


def documented(script: str) -> tuple[int, str]:
    """Run a command of the documentation; return its code and what it printed."""
    command = [sys.executable, str(DOCUMENTATION / script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_rooms_have_floors() -> None:
    """No module imports another in a circle, and every room stands above those that it imports."""
    code, printed = documented("house.py")
    assert code == 0, printed
    lines = [line.split() for line in printed.splitlines()[:-1]]
    floors = {room: int(floor) for floor, room, *_ in lines if room != "(package"}
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert set(floors) == folders
    for floor, _, _, _, _, *others in (line for line in lines if line[1] != "(package"):
        named = {other.strip(",") for other in others} - {"nothing"}
        assert all(floors[other] < int(floor) for other in named), printed


def test_floors_are_those_that_are_drawn() -> None:
    """CONTRIBUTING draws the floors as the imports make them."""
    sys.path.insert(0, str(DOCUMENTATION))
    try:
        tables = importlib.import_module("tables")
    finally:
        sys.path.remove(str(DOCUMENTATION))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = text.partition("<!-- generated: house -->\n")[2].partition("\n<!-- end generated")[0]
    assert drawn.splitlines() == tables.house()


def test_root_of_the_package_holds_only_rooms() -> None:
    """Beside folders the package holds the names for users, the command, and the mark of types."""
    files = {path.name for path in PACKAGE.iterdir() if path.is_file()}
    assert files == {"__init__.py", "__main__.py", "py.typed"}


def test_figures_of_the_code_are_within_their_limits() -> None:
    """Lines, functions, files, arguments and complexity keep to what CONTRIBUTING promises."""
    code, printed = documented("code_figures.py")
    assert code == 0, printed


def test_signatures_have_no_stars() -> None:
    """No function takes arguments that it does not name, except those of one it wraps."""
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
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in texts()
        for match in outside.finditer(text)
    ]
    assert found == []


def test_top_level_holds_only_what_the_plan_names() -> None:
    """Beside what git ignores, the top of the project holds what the plan names, and all of it."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [line.strip("/") for line in lines if line and not line.startswith(("#", "!"))]
    present = {path.name for path in ROOT.iterdir()}
    surplus = {
        name for name in present - TOP_LEVEL if not any(fnmatch.fnmatch(name, i) for i in ignored)
    }
    assert surplus == set()
    assert TOP_LEVEL - present <= {".git", "results"}


def test_import_is_cheap() -> None:
    """Importing the package and its commands loads no library that takes long to load."""
    listed = "[name for name in sys.argv[1:] if name in sys.modules]"
    script = f"import sys, teritwa, teritwa.cli; print({listed})"
    done = subprocess.run(
        [sys.executable, "-c", script, *HEAVY], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
