"""The house as it stands: rooms, arrows between them and floors, computed from the imports.

Run `python model/documentation/house.py` to print them. A room is a folder of the package; an
arrow is an import, also one inside a function or for types only; a room's floor is one above the
highest room that it imports.
"""

import ast
import graphlib
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "teritwa"
FACADE = "(package root)"
"""What stands for `__init__.py` and `__main__.py` of the package itself."""


def module_name(path: Path) -> str:
    """Return the dotted name of a source file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> dict[str, Path]:
    """Return the package's source files by dotted name."""
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(name: str, tree: ast.Module, modules: dict[str, Path]) -> set[str]:
    """Return the modules among ``modules`` that a module imports, also inside its functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(name, node, modules)
            inner = {f"{base}.{alias.name}" for alias in node.names}
            found |= inner & set(modules)
            if inner - set(modules):
                found.add(base)
    return (found & set(modules)) - {name}


def _absolute(name: str, node: ast.ImportFrom, modules: dict[str, Path]) -> str:
    """Return the dotted name that a ``from`` import names, leading dots resolved."""
    if not node.level:
        return node.module or ""
    is_package = name in modules and modules[name].name == "__init__.py"
    package = name if is_package else name.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package


def room_of(module: str) -> str:
    """Return the room of a module: the folder in which it stands."""
    parts = module.split(".")
    if len(parts) == 1 or parts[1] == "__main__":
        return FACADE
    return parts[1]


def import_graph() -> dict[str, set[str]]:
    """Return which modules each module imports."""
    modules = sources()
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules.items()}
    return {name: imported(name, tree, modules) for name, tree in trees.items()}


def arrows(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return which rooms each room imports."""
    found: dict[str, set[str]] = {room_of(name): set() for name in graph}
    for name, others in graph.items():
        found[room_of(name)] |= {room_of(other) for other in others} - {room_of(name)}
    return found


def floors(rooms: dict[str, set[str]]) -> dict[str, int]:
    """Return the floor of each room.

    Raises:
        graphlib.CycleError: If rooms import each other in a circle.
    """
    found: dict[str, int] = {}
    for room in graphlib.TopologicalSorter(rooms).static_order():
        found[room] = 1 + max((found[other] for other in rooms[room]), default=-1)
    return found


def floor_table() -> Iterator[tuple[int, str, int, str]]:
    """Yield floor, room, number of files, and the rooms that it imports; the highest first."""
    graph = import_graph()
    rooms = arrows(graph)
    levels = floors(rooms)
    for room in sorted(rooms, key=lambda one: (-levels[one], one)):
        files = sum(room_of(name) == room for name in graph)
        yield levels[room], room, files, ", ".join(sorted(rooms[room]))


def main() -> int:
    """Print rooms, arrows and floors; return 1 if modules import each other in a circle."""
    graph = import_graph()
    rooms = arrows(graph)
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as cycle:
        print("a circle of imports:", " -> ".join(cycle.args[1]))
        return 1
    for floor, room, files, others in floor_table():
        print(f"{floor}  {room:16} {files:3} files  imports {others or 'nothing'}")
    count = sum(len(others) for others in rooms.values())
    print(f"{len(rooms)} rooms, {count} arrows, {len(graph)} modules, no circle")
    return 0


if __name__ == "__main__":
    sys.exit(main())
