"""Extensions: what is wrong with a file is said in a line, and nothing of the file is entered."""

import ast
import re
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.engine.extension_points import Place, ScheduledRule, scheduled
from teritwa.rules import schedule as shipped_schedule
from teritwa.rules.registry import FAMILIES, OUTCOMES
from teritwa.simulation.extended_schedule import insert_call, shipped_tree
from teritwa.simulation.extensions import (
    companions,
    digest,
    load_extensions,
    loaded,
    schedule,
)

HEAD = '''"""An extension."""

from teritwa.engine.extension_points import Companion, scheduled
from teritwa.engine.records import integer_field
from teritwa.rules.outcomes import outcome

'''
RULE = "def something(state, randomness):\n    pass\n"
MISTAKES = {
    "phase": (f'@scheduled("evening")\n{RULE}', "something: no phase 'evening'; there are "),
    "before": (
        f'@scheduled("night", before="nothing")\n{RULE}',
        "something: no rule 'nothing' in night; there are ",
    ),
    "both": (
        f'@scheduled("night", before="plan_attacks", after="plan_attacks")\n{RULE}',
        ":7: ValueError: a rule stands before a rule or after one, not both",
    ),
    "unscheduled": (
        f"from teritwa.engine.compiler import rule\n\n@rule\n{RULE}",
        "no rule is marked with @scheduled, so the day would call none of them",
    ),
    "beside": (
        'class Notes(Companion):\n    beside = "villages"\n    days: int = integer_field("", "")\n',
        "Notes: beside must name a population: districts, ",
    ),
    "taken": (
        'KILLED = outcome("killed", "daily.attacks", unit="1", meaning="x", stored="i4")\n',
        "ValueError: the outcome 'killed' exists already, choose another name",
    ),
    "syntax": ("def something(:\n", ":7: SyntaxError: "),
    "file": ('open("/no/such/file.csv")\n', ":7: FileNotFoundError: [Errno 2] No such file or"),
    "exit": ("import sys\n\nsys.exit()\n", ":9: ends the program while it is loaded (sys.exit); "),
    "quit": ("raise SystemExit(7)\n", ":7: ends the program while it is loaded (sys.exit); "),
    "stop": ("raise GeneratorExit\n", ":7: GeneratorExit: "),
    "import": ("import no_such_module\n", ":7: ModuleNotFoundError: "),
}


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_a_mistake_is_named_and_nothing_is_entered(name: str, tmp_path: Path) -> None:
    """Each mistake gives one line that begins with the file; the registry stays as it was."""
    text, problem = MISTAKES[name]
    path = tmp_path / f"{name}_mistake.py"
    path.write_text(HEAD + text, encoding="utf-8")
    before = (dict(OUTCOMES), dict(FAMILIES), loaded(), companions(), digest())

    with pytest.raises(InputError) as raised:
        load_extensions([path])

    (line,) = raised.value.problems
    assert line.startswith(str(path))
    assert problem in line
    assert before == (OUTCOMES, FAMILIES, loaded(), companions(), digest())


def test_an_interruption_while_a_file_is_loaded_stops_the_program(tmp_path: Path) -> None:
    """Ctrl-C is the user's and no mistake of the file."""
    path = tmp_path / "interrupted.py"
    path.write_text(f"{HEAD}raise KeyboardInterrupt\n", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        load_extensions([path])


def test_a_file_must_be_named_like_a_module(tmp_path: Path) -> None:
    """The family of its parameters has the name of the file, so it must be possible in Python."""
    path = tmp_path / "my-rule.py"
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(InputError, match="the name of the file must be made of letters, digits"):
        load_extensions([path])


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        (Place("night", after="plan_attacks"), "plan_attacks", "combine_attacks"),
        (Place("night", before="resolve_attacks"), "combine_attacks", "resolve_attacks"),
        (Place("night", before="plan_attacks"), "fight_rivals", "plan_attacks"),
        (Place("night", after="resolve_attacks"), "resolve_attacks", "kidnap"),
    ],
)
def test_a_rule_stands_where_it_says(place: Place, before: str, after: str) -> None:
    """Beside rules under one switch too; before the first and after the last it needs no switch."""
    tree = shipped_tree()
    insert_call(tree, "mine", ScheduledRule(lambda state, randomness: None, place))
    (night,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "night")
    order = re.findall(r"(?<!\.)\b(\w+)\(state\b(?!:)", ast.unparse(night))
    at = order.index("mine")
    assert (order[at - 1], order[at + 1]) == (before, after)
    is_inside = before in ("plan_attacks", "combine_attacks")
    assert any("mine" in ast.unparse(n) for n in night.body if isinstance(n, ast.If)) == is_inside


def test_without_extensions_the_day_is_the_shipped_one() -> None:
    """Nothing is generated, and no name of a stored run changes, where no file is loaded."""
    assert loaded() == ()
    assert digest() == ""
    assert schedule() is shipped_schedule


def test_a_scheduled_rule_remains_a_function() -> None:
    """A test of an extension calls its rule like any other."""

    @scheduled("night")
    def double(numbers: list[int], factor: int) -> None:
        """Multiply a number."""
        numbers[0] *= factor

    numbers = [3]
    double.plain(numbers, 2)
    assert numbers == [6]
    assert double.place.phase == "night"
