"""Every number has a source: a fact of the seeds, a publication, or the word assumption with a range."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from teritwa.engine.parameters import Parameter
from teritwa.rules.registry import registry

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


FACTS = {row["id"] for name in ("facts.csv", "evidence.csv") for row in table(ROOT / "seeds" / name)}
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def unsupported(found: Parameter) -> str:
    """Return what the source of a parameter lacks, or nothing where it carries the number."""
    unknown = sorted(set(FACT.findall(found.source)) - FACTS)
    if unknown:
        return f"names unknown facts {', '.join(unknown)}"
    if "assumption" in found.source.lower():
        return "" if found.low < found.high else "is an assumption without a range"
    if FACT.search(found.source) or PUBLICATION.search(found.source):
        return ""
    return "has neither a fact, nor a publication with its year, nor the word assumption"


def changed(**fields: object) -> Parameter:
    """Return a parameter of an assumed value, with some fields changed."""
    fields = {"source": "assumption", "low": 0.0, "high": 1.0} | fields
    return Parameter(name="a.b", value=0.5, unit="1", grade="C", meaning="made up", **fields)  # type: ignore[arg-type]


def origins(node: object) -> list[str]:
    """Return every source stated anywhere inside a scenario file."""
    if isinstance(node, list):
        return [text for item in node for text in origins(item)]
    if not isinstance(node, dict):
        return []
    inner = [text for key, item in node.items() if key != "source" for text in origins(item)]
    return [*inner, str(node["source"])] if "source" in node else inner


@pytest.mark.parametrize("source", ["S58", "BINUH (F099)", "Kalyvas 2006", "Prieto-Curiel et al. 2023", "assumption"])
def test_what_carries_a_number(source: str) -> None:
    """A fact, an author with a year, or an assumption with a range each carry a number."""
    assert unsupported(changed(source=source)) == ""


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"source": "S00"}, "unknown facts S00"),
        ({"source": "assumption; F999"}, "unknown facts F999"),
        ({"source": "judgement"}, "neither"),
        ({"source": "Kalyvas"}, "neither"),
        ({"low": 0.5, "high": 0.5}, "without a range"),
    ],
)
def test_what_does_not(fields: dict[str, object], says: str) -> None:
    """An unknown fact, a bare word, an author without a year and an assumption without range are refused."""
    assert says in unsupported(changed(**fields))


def test_every_parameter_has_a_source() -> None:
    """Each parameter of every mechanism is carried by its source, and is listed under its own name."""
    found = registry()
    assert len(found) > 20
    assert {name: parameter.name for name, parameter in found.items() if parameter.name != name} == {}
    assert {name: lack for name, parameter in found.items() if (lack := unsupported(parameter))} == {}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_row_of_the_world_has_a_source(path: Path) -> None:
    """Each row of each table of the world fills its source columns, and names only facts that exist."""
    rows = table(path)
    columns = [column for column in rows[0] if column.startswith("source")]
    assert bool(columns) != (path.name in POINTS)
    bare = [line for line, row in enumerate(rows, 2) if not all(row[column].strip() for column in columns)]
    assert bare == []
    named = {fact for row in rows for column in columns for fact in FACT.findall(row[column])}
    assert named - FACTS == set()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_says_where_its_numbers_come_from(path: Path) -> None:
    """Each parameter and each new event of a shipped scenario has a source, and named facts exist."""
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    sourced = {key for key, entry in (given.get("params") or {}).items() if origins(entry)}
    assert set(given.get("params") or {}) - sourced - set(given.get("sources") or {}) == set()
    events = [event for event in given.get("events") or [] if not event.get("drop")]
    inherited = {event["id"] for event in ancestors(given)}
    assert [event["id"] for event in events if not origins(event) and event["id"] not in inherited] == []
    assert set(FACT.findall(" ".join(origins(given)))) - FACTS == set()


def ancestors(given: dict[str, object]) -> list[dict[str, object]]:
    """Return the events of the files that a scenario extends."""
    parent = given.get("extends")
    if not parent:
        return []
    above = yaml.safe_load((ROOT / "scenarios" / str(parent)).read_text(encoding="utf-8"))
    return [*(above.get("events") or []), *ancestors(above)]


def test_the_scenarios_are_there() -> None:
    """The test above looks at the shipped scenarios and not at an empty folder."""
    assert "baseline" in {path.stem for path in SCENARIOS}
