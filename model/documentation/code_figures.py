"""The figures of the code: lengths of lines, functions and files, complexity, arguments.

`python model/documentation/code_figures.py` prints them for the whole package and returns 1 if one
is beyond its limit. Complexity is that of Radon (cyclomatic, McCabe 1976).
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radon.complexity import cc_visit

PACKAGE = Path(__file__).parents[1] / "teritwa"
COLUMNS, FILE, USUAL, LONGEST, ARGUMENTS = 100, 300, 25, 60, 6
SHARE_OF_USUAL, WORST_COMPLEXITY, MEAN_COMPLEXITY = 0.95, 8, 2.8


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method: where it stands, its lines, and the arguments that a caller gives."""

    place: str
    lines: int
    arguments: int


def functions(path: Path) -> Iterator[Function]:
    """Yield the functions of a file, also inner ones."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            own = [one for one in given if one.arg not in {"self", "cls"}]
            decorators = [ast.unparse(one) for one in node.decorator_list]
            is_command = any(".command" in one for one in decorators)
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            place = f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
            yield Function(place, lines, 0 if is_command else len(own))


def main() -> int:
    """Print the figures; return 1 if one is beyond its limit."""
    files = sorted(PACKAGE.rglob("*.py"))
    texts = {path: path.read_text(encoding="utf-8").splitlines() for path in files}
    wide = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path, lines in texts.items()
        for number, line in enumerate(lines, start=1)
        if len(line) > COLUMNS
    ]
    long_files = [str(p.relative_to(PACKAGE)) for p, lines in texts.items() if len(lines) > FILE]
    every = [one for path in files for one in functions(path)]
    usual = sum(one.lines <= USUAL for one in every) / len(every)
    longest = max(every, key=lambda one: one.lines)
    many = [one.place for one in every if one.arguments > ARGUMENTS]
    blocks = [(path, one) for path in files for one in cc_visit("\n".join(texts[path]))]
    scores = [(one.complexity, f"{p.relative_to(PACKAGE)} {one.name}") for p, one in blocks]
    mean = sum(score for score, _ in scores) / len(scores)
    worst = max(scores)
    print(f"{len(files)} files, {sum(map(len, texts.values())):,} lines, {len(every):,} functions")
    print(f"lines over {COLUMNS} columns: {len(wide)} {' '.join(wide[:5])}")
    print(f"files over {FILE} lines: {len(long_files)} {' '.join(long_files)}")
    print(f"functions of at most {USUAL} lines: {usual:.1%}; longest {longest.lines} lines")
    print(f"  {longest.place}")
    print(f"functions of more than {ARGUMENTS} arguments: {len(many)} {' '.join(many[:5])}")
    print(f"complexity: mean {mean:.2f}, worst {worst[0]} ({worst[1]})")
    beyond = (
        bool(wide or long_files or many)
        or usual < SHARE_OF_USUAL
        or longest.lines > LONGEST
        or worst[0] > WORST_COMPLEXITY
        or mean > MEAN_COMPLEXITY
    )
    return int(beyond)


if __name__ == "__main__":
    sys.exit(main())
