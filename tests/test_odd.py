"""The description of the model (model/ODD.md) and the model say the same."""

import ast
import csv
import importlib
import re
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from teritwa import world
from teritwa.engine.parameters import Parameter
from teritwa.engine.records import fields
from teritwa.rules.agents.district import District, Link
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.institutions import Donor
from teritwa.rules.agents.police_unit import Contingent, PoliceUnit
from teritwa.rules.registry import FAMILIES, registry

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "model" / "ODD.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
MECHANISMS = ROOT / "model" / "teritwa" / "mechanisms"
FILES = {path.stem for path in MECHANISMS.glob("*.py")} - {"__init__"}
KINDS = (District, Link, Gang, Crew, PoliceUnit, Contingent, Donor, Institution)
PHASES = {"dawn": "dawn", "daytime": "day", "dusk": "dusk", "night": "night", "midnight": "midnight"}
ELEMENTS = (
    "1 Purpose and patterns", "2 Entities, state variables and scales", "3 Process overview and scheduling",
    "4 Design concepts", "5 Initialization", "6 Input data", "7 Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
SECTION = re.compile(r"^### 7\.\d+ .+ \(\[(\w+)\.py\]\(teritwa/mechanisms/(\w+)\.py\)\)$")
NAME = re.compile(r"`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)`")
FILE_ENDINGS = (".py", ".md", ".yaml", ".csv")


def headings(level: int) -> list[str]:
    """Return the headings of a level, in order, without their marks."""
    marks = "#" * level + " "
    return [line.removeprefix(marks) for line in LINES if line.startswith(marks)]


def sections() -> dict[str, list[str]]:
    """Return the lines of each section of element 7 that describes a file, by the file's name."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(LINES):
        match = SECTION.match(line)
        if match:
            found[match[1]] = list(takewhile(lambda text: not text.startswith("#"), LINES[number + 1 :]))
    return found


def cells(line: str) -> list[str]:
    """Return the cells of a line of a table."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def table_after(head: str) -> list[list[str]]:
    """Return the rows of the table whose head begins so."""
    start = next(number for number, line in enumerate(LINES) if line.startswith(head))
    return [cells(line) for line in takewhile(lambda line: line.startswith("|"), LINES[start + 2 :])]


def row_of(given: Parameter) -> str:
    """Return the line of a parameter in the table of its family."""
    return f"| `{given.name}` | {given.meaning} | {given.unit} | {given.grade} | {given.source} |"


def reached(start: ModuleType | type, names: list[str]) -> bool:
    """Say whether a dotted name leads somewhere."""
    thing: Any = start
    for name in names:
        if not hasattr(thing, name):
            return False
        thing = getattr(thing, name)
    return True


def exists(name: str) -> bool:
    """Say whether a dotted name of the page is a parameter, a mechanism's function, a field, or in the package."""
    first, *rest = name.split(".")
    if first == "teritwa":
        for length in range(len(rest), 0, -1):
            try:
                module = importlib.import_module(".".join([first, *rest[:length]]))
            except ModuleNotFoundError:
                continue
            return reached(module, rest[length:])
        return False
    if first[0].isupper():
        return any(kind.__name__ == first and rest[0] in fields(kind) for kind in KINDS)
    return name in registry() or (
        first in FILES and reached(importlib.import_module(f"teritwa.rules.registry.{first}"), rest)
    )


def day_source() -> tuple[dict[str, ast.FunctionDef], dict[str, str]]:
    """Return the functions of teritwa/rules/schedule.py, and the mechanism.function behind each name that it imports."""
    tree = ast.parse((ROOT / "model" / "teritwa" / "day.py").read_text(encoding="utf-8"))
    origin = {
        alias.asname or alias.name: f"{node.module.rpartition('.')[2]}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and "mechanisms" in node.module
        for alias in node.names
    }
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}, origin


def called_in(lines: list[ast.stmt], switch: str = "") -> list[tuple[str, str]]:
    """Return what lines of code call, in order, each with the switches of the ``if`` around it, if there are any."""
    found = []
    for line in lines:
        if isinstance(line, ast.If):
            asked = ".".join(ast.unparse(line.test).split(".")[-2:])
            found += called_in(line.body, f"{switch} {asked}".strip()) + called_in(line.orelse, f"not {asked}")
        else:
            calls = [node for node in ast.walk(line) if isinstance(node, ast.Call)]
            found += [(ast.unparse(call.func), switch) for call in calls]
    return found


def rules_of(name: str, place: str) -> list[tuple[str, str, str]]:
    """Return the rules of a phase as place, rule and switch; a group of rules is looked into, its place named."""
    phases, origin = day_source()
    found = []
    for called, switch in called_in(phases[name].body):
        inner = [inside for inside, _ in called_in(phases[called].body)] if called in phases else []
        if any(inside in origin for inside in inner):
            assert switch == "", f"{called} has a switch around it: its rules would need both"
            found += rules_of(called, f"{place}: {called}")
        else:
            found.append((place, origin.get(called, f"teritwa.rules.schedule.{called}"), switch))
    return found


def test_elements_stand_in_their_order() -> None:
    """The seven elements of ODD, and no others, in their fixed order."""
    assert headings(2) == list(ELEMENTS)


def test_concepts_stand_in_their_order() -> None:
    """All eleven design concepts, in their fixed order."""
    expected = [f"4.{number} {name}" for number, name in enumerate(CONCEPTS, start=1)]
    assert [name for name in headings(3) if name.startswith("4.")] == expected


def test_submodels_are_numbered() -> None:
    """The sections of element 7 count up from 1."""
    numbers = [name.split()[0] for name in headings(3) if name.startswith("7.")]
    assert numbers == [f"7.{number}" for number in range(1, len(numbers) + 1)]


def test_every_mechanism_has_its_section() -> None:
    """One section for each file of teritwa/mechanisms, linked to the file it names, and none for anything else."""
    named = [match.groups() for line in LINES if (match := SECTION.match(line))]
    assert all(shown == linked for shown, linked in named)
    assert sorted(shown for shown, _ in named) == sorted(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_section_says_what_it_leaves_out_and_its_test(name: str) -> None:
    """A section says what the mechanism leaves out, and links the test that checks it."""
    text = "\n".join(sections()[name])
    assert "*Leaves out:*" in text
    assert f"](../tests/mechanisms/test_{name}.py)" in text


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_section_lists_the_parameters(name: str) -> None:
    """The table of a section has each parameter of its family with meaning, unit, grade and source as declared."""
    listed = [line for line in sections()[name] if line.startswith("| `")]
    expected = [row_of(given) for given in FAMILIES[name].declared(name).values()]
    assert "\n".join(listed) == "\n".join(expected)


def test_links_lead_somewhere() -> None:
    """Each link to a file of the project leads to one."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if not link.startswith("http")]
    assert len(links) > len(FILES)
    assert [link for link in links if not (PAGE.parent / link.partition("#")[0]).exists()] == []


def test_names_exist() -> None:
    """Each dotted name in code font is a parameter, a mechanism's function, a state variable or in the package."""
    names = {name for name in NAME.findall(TEXT) if not name.endswith(FILE_ENDINGS)}
    assert len(names) > 100
    assert sorted(name for name in names if not exists(name)) == []


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("control.adjustment_time", True), ("control.aim", True), ("control.aims", False), ("nothing.aim", False),
        ("District.heat", True), ("District.heart", False), ("Place.heat", False), ("Donor.waits", True),
        ("teritwa.rules.schedule.whole_day", True), ("teritwa.rules.schedule.half_day", False), ("teritwa.nowhere", False),
        ("teritwa.simulation.model.Mission.step", True), ("teritwa.simulation.model.Mission.stop", False),
    ],
)  # fmt: skip
def test_reader_of_names(name: str, answer: bool) -> None:
    """The reader behind the test above tells names that exist from those that do not."""
    assert exists(name) is answer


def test_every_state_variable_is_named() -> None:
    """The table of each kind names each of its fields once, and no others."""
    for kind in KINDS:
        rows = table_after(f"| {kind.__name__} |")
        named = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]
        assert sorted(named) == sorted(fields(kind)), kind.__name__


def test_order_of_the_day() -> None:
    """The table of the day has every rule that teritwa/rules/schedule.py calls, in that order, with its phase and its switch."""
    phases = [called for called, _ in called_in(day_source()[0]["whole_day"].body)]
    assert phases == list(PHASES)
    listed = [tuple(cell.strip("`") for cell in row[:3]) for row in table_after("| phase | rule | switch |")]
    assert listed == [rule for name, shown in PHASES.items() for rule in rules_of(name, shown)]


def test_reader_of_the_day() -> None:
    """The reader behind the test above finds all switches around a line, and none where there is none."""
    text = "one(state)\nif rules.war.acts:\n    two(state)\n    if rules.a.b:\n        three(state)\nreturn four(state)"
    found = [("one", ""), ("two", "gang_rivalry.enabled"), ("three", "gang_rivalry.enabled a.b"), ("four", "")]
    assert called_in(ast.parse(text).body) == found


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_section_says_what_its_switch_does(name: str) -> None:
    """A section says what is left where its mechanism is switched off, exactly if it can be."""
    can_be = any(given.switch for given in FAMILIES[name].declared(name).values())
    assert any("*Off:*" in line for line in sections()[name]) == can_be


def test_sizes_of_the_world() -> None:
    """What the page says of the size of the shipped world is so."""
    haiti = world.load()
    metropolitan = sum(row.place.metropolitan for row in haiti.districts)
    assert f"{len(haiti.districts)} districts, {metropolitan} of them metropolitan, and {len(haiti.links)}" in TEXT
    assert f"all {len({row.commune for row in haiti.districts})} communes" in TEXT
    assert f"{len(haiti.gangs)} gangs with {len(haiti.crews)} crews; {len(haiti.units)} police units" in TEXT
    assert f"{len(haiti.contingents)} contingents" in TEXT
    assert f"{len(haiti.donors)} donors" in TEXT


def test_facts_exist() -> None:
    """Each fact that the page cites stands in the tables of the seeds."""
    known = set()
    for name in ("facts.csv", "evidence.csv"):
        with (ROOT / "seeds" / name).open(encoding="utf-8", newline="") as lines:
            known |= {row["id"] for row in csv.DictReader(lines)}
    cited = set(re.findall(r"\b(?:S\d{2}|F\d{3}[a-z]?)\b", TEXT))
    assert len(cited) > 10
    assert cited - known == set()
