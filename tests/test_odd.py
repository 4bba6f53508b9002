"""The description of the model (model/ODD.md) and the model say the same."""

import csv
import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from teritwa import world
from teritwa.engine.records import fields
from teritwa.rules.agents.state import POPULATIONS, SINGLES, State
from teritwa.rules.registry import FAMILIES, registry, rule_modules

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "model" / "ODD.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
RULES = ROOT / "model" / "teritwa" / "rules"
WITHOUT_SECTION = {"registry", "schedule", "outcomes", "__init__"}
"""Files of rules that describe no mechanism; those of agents are element 2."""

FILES = {
    path.stem: path.relative_to(RULES).as_posix()
    for path in RULES.rglob("*.py")
    if path.stem not in WITHOUT_SECTION and path.parent.name != "agents"
}
WRITERS = ("scenario.actions", "simulation.initialization", "simulation")
"""Rooms beside the rules whose modules write or read records, and which the tables name."""


def modules_beside() -> Iterator[ModuleType]:
    """Import and yield the modules of the rooms beside the rules."""
    for room in WRITERS:
        package = importlib.import_module(f"teritwa.{room}")
        yield package
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


MODULES = [*modules_beside(), *rule_modules()]
KINDS = {kind.__name__: kind for kind in {**POPULATIONS, **SINGLES}.values()}
ELEMENTS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)
LINK = re.compile(r"\[(\w+)\.py\]\(teritwa/rules/([\w/]+\.py)\)")
NAME = re.compile(r"`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)`")
FILE_ENDINGS = (".py", ".md", ".yaml", ".csv")


def headings(level: int) -> list[str]:
    """Return the headings of a level, in order, without their marks."""
    marks = "#" * level + " "
    return [line.removeprefix(marks) for line in LINES if line.startswith(marks)]


def sections() -> dict[str, list[str]]:
    """Return the lines of the section of element 7 that describes a file, by the file's name."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(LINES):
        if line.startswith("### 7."):
            body = list(takewhile(lambda text: not text.startswith("#"), LINES[number + 1 :]))
            found |= {match[1]: body for match in LINK.finditer(line)}
    return found


def reached(start: ModuleType | type, names: list[str]) -> bool:
    """Say whether a dotted name leads somewhere."""
    thing: Any = start
    for name in names:
        if not hasattr(thing, name):
            return False
        thing = getattr(thing, name)
    return True


def exists(name: str) -> bool:
    """Say whether a dotted name is a parameter, a rule, a state variable, or in the package."""
    first, *rest = name.split(".")
    if first == "teritwa":
        for length in range(len(rest), 0, -1):
            try:
                module = importlib.import_module(".".join([first, *rest[:length]]))
            except ModuleNotFoundError:
                continue
            return reached(module, rest[length:])
        return False
    if first == "State":
        return reached(State, rest)
    if first in KINDS:
        return ".".join(rest) in fields(KINDS[first])
    return name in registry() or any(in_module(module, name) for module in MODULES)


def in_module(module: ModuleType, name: str) -> bool:
    """Say whether a name is one of a module, behind the last word or two of the module's own."""
    for words in (1, 2):
        short = ".".join(module.__name__.split(".")[-words:])
        if name.startswith(f"{short}.") and reached(module, name[len(short) + 1 :].split(".")):
            return True
    return False


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


def test_every_file_of_rules_has_its_section() -> None:
    """Each file of rules is linked in the heading of one section, and nothing else is."""
    lines = [line for line in LINES if line.startswith("### 7.")]
    linked = [match.groups() for line in lines for match in LINK.finditer(line)]
    assert sorted(linked) == sorted(FILES.items())


@pytest.mark.parametrize("name", sorted(FILES))
def test_section_says_what_it_leaves_out_and_its_test(name: str) -> None:
    """A section says what the mechanism leaves out, and links a test that checks it."""
    text = "\n".join(sections()[name])
    assert "*Leaves out:*" in text
    assert "](../tests/rules/" in text


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_section_has_the_table_of_its_parameters(name: str) -> None:
    """The section of a family has the generated table of its parameters."""
    assert f"<!-- generated: parameters {name} -->" in sections()[name]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_record_has_its_table(name: str) -> None:
    """Element 2 has the generated table of each kind of record."""
    assert f"<!-- generated: state {name} -->" in LINES


def test_links_lead_somewhere() -> None:
    """Each link to a file of the project leads to one."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if not link.startswith("http")]
    assert len(links) > len(FILES)
    assert [link for link in links if not (PAGE.parent / link.partition("#")[0]).exists()] == []


def test_names_exist() -> None:
    """Each dotted name in code font is a parameter, a rule, a state variable or in the package."""
    names = {name for name in NAME.findall(TEXT) if not name.endswith(FILE_ENDINGS)}
    assert len(names) > 100
    assert sorted(name for name in names if not exists(name)) == []


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("control.adjustment_time", True),
        ("control.gang_share", True),
        ("control.gang_shares", False),
        ("nothing.gang_share", False),
        ("District.people.trust", True),
        ("District.people.thrust", False),
        ("Place.trust", False),
        ("teritwa.rules.schedule.run_day", True),
        ("teritwa.rules.schedule.half_day", False),
        ("teritwa.nowhere", False),
        ("teritwa.simulation.model.Mission.step", True),
        ("teritwa.simulation.model.Mission.stop", False),
    ],
)
def test_reader_of_names(name: str, answer: bool) -> None:
    """The reader behind the test above tells names that exist from those that do not."""
    assert exists(name) is answer


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_section_says_what_its_switch_does(name: str) -> None:
    """A section says what is left where its mechanism is switched off, exactly if it can be."""
    can_be = any(given.switch for given in FAMILIES[name].declared().values())
    assert any("*Off:*" in line for line in sections()[name]) == can_be


def test_sizes_of_the_world() -> None:
    """What the page says of the size of the shipped world is so."""
    haiti = world.load()
    metropolitan = sum(row.metropolitan for row in haiti.districts)
    districts = f"{len(haiti.districts)} districts, {metropolitan} of them metropolitan"
    assert f"{districts}, and {len(haiti.links)}" in TEXT
    assert f"all {len({row.commune for row in haiti.districts})} communes" in TEXT
    assert (
        f"{len(haiti.gangs)} gangs with {len(haiti.crews)} crews; {len(haiti.units)} police units"
        in TEXT
    )
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


def test_a_random_number_serves_one_decision() -> None:
    """Each decision is looked up in one place of the rules, and the table names all of them."""
    block = TEXT.split("<!-- generated: random_numbers -->")[1].split("<!-- end")[0]
    found = [line.split(" | ")[0].removeprefix("| ") for line in block.splitlines()[3:]]
    assert len(found) > 50
    # Whether anybody would die at all is asked first, of the same number at the same address.
    asked_first = ["war between gangs kills"]
    assert sorted(found) == sorted([*set(found), *asked_first])
