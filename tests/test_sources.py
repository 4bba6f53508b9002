"""Every number has a source: a fact of the seeds, a publication, or an assumption with a range."""

import csv
import math
import re
from pathlib import Path

import pytest
import yaml

from teritwa.engine.parameters import Parameter
from teritwa.rules.registry import registry
from teritwa.world import load as load_world

ROOT = Path(__file__).parents[1]
WORLD = ROOT / "model" / "teritwa" / "world" / "data"
TABLES = sorted([*WORLD.rglob("*.csv"), *(ROOT / "scenarios" / "worlds").rglob("*.csv")])
POINTS = {"cells.csv", "outline.csv"}  # drawn shapes, with no column for a source
FACT = re.compile(r"\b(?:S\d{2}|F\d{3}[a-z]?)\b")
PUBLICATION = re.compile(r"[A-Z][\w'’.-]+.*?\b(?:19|20)\d{2}\b")


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, restval=""))


FACTS = {
    row["id"] for name in ("facts.csv", "evidence.csv") for row in table(ROOT / "seeds" / name)
}
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def unsupported(found: Parameter) -> str:
    """Return what the source of a parameter lacks, an empty text if nothing.

    What is so by definition needs no other source, but then it has no range either.
    """
    unknown = sorted(set(FACT.findall(found.source)) - FACTS)
    if unknown:
        return f"names unknown facts {', '.join(unknown)}"
    if found.source.startswith("by definition"):
        return "" if found.low == found.high else "is by definition and has a range"
    if "assumption" in found.source.lower():
        return "" if found.low < found.high else "is an assumption without a range"
    if FACT.search(found.source) or PUBLICATION.search(found.source):
        return ""
    return "has neither a fact, nor a publication with its year, nor the word assumption"


def made(source: str = "assumption", low: float = 0.0, high: float = 1.0) -> Parameter:
    """Return a parameter with a source and a range."""
    return Parameter(
        0.5,
        "1",
        between=(low, high),
        bounds=(0.0, math.inf),
        grade="C",
        source=source,
        meaning="made up",
        name="a.b",
    )


def origins(node: object) -> list[str]:
    """Return every source stated anywhere inside a scenario file."""
    if isinstance(node, list):
        return [text for item in node for text in origins(item)]
    if not isinstance(node, dict):
        return []
    inner = [text for key, item in node.items() if key != "source" for text in origins(item)]
    return [*inner, str(node["source"])] if "source" in node else inner


@pytest.mark.parametrize(
    "source", ["S58", "BINUH (F099)", "Kalyvas 2006", "Prieto-Curiel et al. 2023", "assumption"]
)
def test_valid_sources(source: str) -> None:
    """A fact, an author with a year, and an assumption with a range are sources."""
    assert unsupported(made(source)) == ""


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        (made("S00"), "unknown facts S00"),
        (made("assumption; F999"), "unknown facts F999"),
        (made("judgement"), "neither"),
        (made("Kalyvas"), "neither"),
        (made(low=0.5, high=0.5), "without a range"),
        (made("by definition: nobody stays"), "has a range"),
    ],
)
def test_invalid_sources(parameter: Parameter, message: str) -> None:
    """Unknown facts, bare words, authors without a year and rangeless assumptions are refused."""
    assert message in unsupported(parameter)


def test_a_definition_is_a_source_of_what_is_fixed() -> None:
    """What is so by definition has one value, and its range both ends there."""
    assert unsupported(made("by definition: the reference", low=0.5, high=0.5)) == ""


def test_every_parameter_has_a_source() -> None:
    """Each parameter has a valid source, that of the world where it has one, and its own name."""
    found = registry()
    assert len(found) > 20
    assert [name for name, parameter in found.items() if parameter.name != name] == []
    lacks = {name: unsupported(parameter) for name, parameter in found.items()}
    assert {name: lack for name, lack in lacks.items() if lack} == {}
    own = {row.name: row.source for row in load_world().parameters}
    assert {name: source for name, source in own.items() if found[name].source != source} == {}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_row_of_the_world_has_a_source(path: Path) -> None:
    """Each row of each table of the world fills its source columns with facts that exist."""
    rows = table(path)
    columns = [column for column in rows[0] if column.startswith("source")]
    assert bool(columns) != (path.name in POINTS)
    cells = [(line, row[column]) for line, row in enumerate(rows, 2) for column in columns]
    assert [line for line, cell in cells if not cell.strip()] == []
    assert {fact for _, cell in cells for fact in FACT.findall(cell)} - FACTS == set()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_has_sources(path: Path) -> None:
    """Each parameter and each new event of a shipped scenario has a source, and its facts exist."""
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    sourced = {key for key, entry in (given.get("params") or {}).items() if origins(entry)}
    assert set(given.get("params") or {}) - sourced - set(given.get("sources") or {}) == set()
    events = [event for event in given.get("events") or [] if not event.get("drop")]
    inherited = {event["id"] for event in ancestors(given)}
    new = [event for event in events if event["id"] not in inherited]
    assert [event["id"] for event in new if not origins(event)] == []
    assert set(FACT.findall(" ".join(origins(given)))) - FACTS == set()


def ancestors(given: dict[str, object]) -> list[dict[str, object]]:
    """Return the events of the files that a scenario extends."""
    parent = given.get("extends")
    if not parent:
        return []
    above = yaml.safe_load((ROOT / "scenarios" / str(parent)).read_text(encoding="utf-8"))
    return [*(above.get("events") or []), *ancestors(above)]


def test_scenarios_exist() -> None:
    """The test above reads the shipped scenarios and not an empty folder."""
    assert "baseline" in {path.stem for path in SCENARIOS}
