"""The generated tables of the documentation, each a function that returns lines of Markdown."""

import ast
import csv
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from address_table import addresses
from house import floor_table
from state_table import accesses
from world_tables import world_table

from teritwa.engine.compiler import Rule
from teritwa.engine.records import fields
from teritwa.rules import schedule
from teritwa.rules.agents.state import MATRICES, POPULATIONS, SINGLES
from teritwa.rules.registry import FAMILIES, OUTCOMES, registry
from teritwa.scenario.actions import ACTIONS
from teritwa.world import DEFAULT_WORLD, FIGURES

PHASES = ("dawn", "daytime", "dusk", "night", "midnight")
"""The phases of a day, in order."""

ROOMS = {
    "engine": "what any compiled agent-based model needs: compiler, randomness, records, files",
    "world": "places, people and armed groups on day 0, read from tables",
    "rules": "the model: a file a mechanism, in the folder of whoever acts",
    "scenario": "scenario files: reading, inheriting, dating, and what each action does",
    "simulation": "one run: records of day 0, a day at a time, what is recorded",
    "ensemble": "many runs: who does them, what is kept, the result folder",
    "analysis": "ensembles in, tables out",
    "pictures": "results in, figures out",
    "report": "results in words: the page",
    "cli": "the commands",
    "(package root)": "the names that a user needs, each loaded when first used",
}
"""What each room holds, in a few words."""

EXPLAINED = {
    "allied_fighters": "(district, alliance): fighters present of an old alliance; 0: of all gangs",
    "displaced": "(destination): displaced persons of the origin who stay at the host",
    "hosted": "(destination): displaced persons of the host who stay at the origin",
    "near": "(destination): pull of a host by nearness and size",
    "safety": "(district): how attractive it is to people who flee today",
    "pulls": "(district): room for sums over destinations within one rule",
    "guide": "(district): room for a search in `pulls` within one rule",
    "assaulted": "(district): room for rows of districts within one rule",
    "killed": "(perpetrator, victim): persons killed today",
    "killed_under_gangs": "(perpetrator, victim): those killed where gangs hold",
    "injured": "(perpetrator, victim): persons injured today",
}
"""What each table of plain numbers holds."""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown, one line a row."""
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _bound(value: float) -> str:
    return f"{value:,.10g}"


def parameters(family: str) -> list[str]:
    """Return the parameters of a family, with the values of Haiti."""
    known = registry()
    rows = []
    for given in FAMILIES[family].declared().values():
        one = known[given.name]
        spread = "" if one.switch else f"{_bound(one.low)} to {_bound(one.high)}"
        value = str(one.value).lower() if one.switch else _bound(one.value)
        kind = "lever" if one.lever else one.grade
        rows.append([f"`{one.name}`", one.meaning, one.unit, value, spread, kind, one.source])
    header = ("parameter", "meaning", "unit", "value", "range", "grade", "source")
    return table(header, rows)


def outcomes() -> list[str]:
    """Return every outcome with its dimensions, unit and meaning."""
    rows = (
        [f"`{one.name}`", ", ".join(one.dimensions), one.unit, one.meaning]
        for one in OUTCOMES.values()
    )
    return table(("outcome", "dimensions", "unit", "meaning"), rows)


def actions() -> list[str]:
    """Return every action with its keys and what they mean."""
    rows = []
    for action in ACTIONS.values():
        text = (action.__doc__ or "").strip().split("\n\n")[0]
        meaning = " ".join(text.split())
        keys = "; ".join(f"`{name}`: {key.meaning}" for name, key in action.keys().items())
        rows.append([f"`{action.key}`", meaning, keys or "parameters by full name"])
    return table(("action", "what it does", "keys"), rows)


def state(kind: str) -> list[str]:
    """Return the fields of a kind: unit, meaning, who writes and who reads each."""
    kinds = {one.__name__: one for one in {**POPULATIONS, **SINGLES}.values()}
    found = accesses()
    rows = []
    for name, given in fields(kinds[kind]).items():
        access = found[f"{kind}.{name}"]
        who = [", ".join(_shown(list(one))) for one in (access.written, access.read)]
        rows.append([f"`{kind}.{name}`", given.unit, given.meaning, *who])
    return table(("field", "unit", "meaning", "written by", "read by"), rows)


def matrices() -> list[str]:
    """Return the tables of plain numbers: what they hold, who writes and who reads each."""
    found = accesses()
    rows = []
    for name in MATRICES:
        who = [", ".join(_shown(list(one))) for one in (found[name].written, found[name].read)]
        rows.append([f"`State.{name}`", EXPLAINED[name], *who])
    return table(("table", "meaning", "written by", "read by"), rows)


def _shown(names: list[str]) -> Iterator[str]:
    """Yield names of functions in code font, and of outcomes as they are."""
    return (name if name.startswith("outcome") else f"`{name}`" for name in names)


def day() -> list[str]:
    """Return the rules of a day in order: phase, rule, switch, what it does, why there."""
    lines = inspect.getsource(schedule).splitlines()
    tree = ast.parse("\n".join(lines))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    rows: list[list[str]] = []

    def walk(body: list[ast.stmt], phase: str, switch: str) -> None:
        for statement in body:
            if isinstance(statement, ast.If):
                name = ast.unparse(statement.test).replace(".of(state)", "")
                family, _, field = name.partition(".")
                kind = getattr(schedule, family)
                walk(statement.body, phase, f"`{kind.family}.{field}`")
                continue
            call = getattr(statement, "value", None)
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            called = call.func.id
            if called in functions and called != "reset_daily_counts":
                walk(functions[called].body, f"{phase}: {called}", switch)
                continue
            comment = lines[statement.lineno - 1].partition("#")[2].strip()
            rows.append([phase, _rule_name(called), switch, _deed(called), comment])

    for phase in PHASES:
        walk(functions[phase].body, phase, "")
    return table(("phase", "rule", "switch", "what it does", "why there"), rows)


def _rule_name(name: str) -> str:
    rule: Rule[..., object] = getattr(schedule, name)
    return f"`{rule.__module__.rpartition('.')[2]}.{name}`"


def _deed(name: str) -> str:
    """Return the first sentence of a rule's docstring."""
    text = " ".join((getattr(schedule, name).__doc__ or "").split("\n\n")[0].split())
    return text.rstrip(".").replace("|", "/")


def evidence() -> list[str]:
    """Return what was seen in the default world that bears on a mechanism, by mechanism."""
    path = DEFAULT_WORLD / FIGURES / "evidence.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            [f"`{row['mechanism']}`", row["seen"], row["source"]] for row in csv.DictReader(stream)
        ]
    return table(("mechanism", "what was seen", "source"), rows)


def house() -> list[str]:
    """Return the floors of the house, the highest first."""
    rows = (
        [str(floor), f"`{room}`", ROOMS[room], others] for floor, room, _, others in floor_table()
    )
    return table(("floor", "room", "what it holds", "imports"), rows)


def source(path: str) -> list[str]:
    """Return the source of an example of the guide, as a block of code."""
    text = (Path(__file__).parents[1] / "guide" / path).read_text(encoding="utf-8")
    return ["```python", *text.splitlines(), "```"]


def random_numbers() -> list[str]:
    """Return the addresses of random numbers: decision, who looks it up, agent, item, use."""
    rows = [
        [
            one.decision,
            f"`{one.rule}`",
            one.identity,
            f"`{one.item}`" if one.item else "",
            one.use,
        ]
        for one in addresses()
    ]
    return table(("decision", "looked up by", "agent or place", "item", "used as"), rows)


TABLES: dict[str, Callable[..., list[str]]] = {
    one.__name__: one
    for one in (
        *(parameters, outcomes, actions, state, matrices, day, house, source, random_numbers),
        *(evidence, world_table),
    )
}
"""What a marker may ask for, by the name of the function."""
