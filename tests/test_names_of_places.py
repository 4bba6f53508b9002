"""The package knows no place by name: what it says of one stands in the tables of a world."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import teritwa
from teritwa.report.page import compose_page
from teritwa.scenario import load
from teritwa.scenario.inherit import shipped
from teritwa.world import DEFAULT_WORLD
from teritwa.world import load as load_world

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "teritwa"
CODE = {".py", ".jinja", ".js", ".css"}
ISLAND = ROOT / "scenarios" / "island.yaml"

ORDINARY = {"airport", "centre", "general", "metropolitan", "none", "several"}
"""Names in the tables that are ordinary words of English."""

INSTITUTION = {"united nations"}
"""The contingent that is no country's: any mission may become one of the United Nations."""

FURTHER = {"binuh", "creole", "gourde", "viv ansanm"}
"""Words that belong to the country and are no name in its tables."""

LEAST = 4
"""Letters of a name that could be no other word; shorter ones are parts of longer names."""

PART = re.compile(r" (?:centre|town|hills|rural|east)$")
"""What tells parts of a commune apart, behind its name."""

FACT = re.compile(r"\b(?:S\d{2}|F\d{3}[a-z]?)\b")
"""The id of a fact of the seeds, which are about one country."""


def plain(text: str) -> str:
    """Return a text in small letters without accents, with hyphens as spaces."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub("[-_]", " ", letters)


def names() -> Iterator[str]:
    """Yield every name in the tables of the default world: places, gangs, forces, languages."""
    world = load_world()
    yield from (world.name, world.capital, *world.languages.split())
    for place in world.districts:
        yield from (place.id, place.name, place.commune, place.department, place.region)
    for gang in world.gangs:
        yield from (gang.id, gang.name, gang.alliance)
    for force in world.contingents:
        yield from (force.id, force.name, force.country, *force.languages.split())
    yield from (donor.name for donor in world.donors)


def forbidden() -> set[str]:
    """Return the names that nothing general may hold, and what stands between their strokes."""
    parts = {part for name in names() for part in re.split(r" / |, | \(|\)", plain(name))}
    known = {part for part in parts if not part.startswith("local ")}
    known |= {PART.sub("", part) for part in known}
    return {name for name in known if len(name) >= LEAST} - ORDINARY - INSTITUTION | FURTHER


WORDS = sorted(forbidden(), key=len, reverse=True)
NAME = re.compile(rf"\b(?:{'|'.join(map(re.escape, WORDS))})(?:s|n|ns|an|ans|ian|ians)?\b")
"""One of the names, also as an adjective."""


def found_in(text: str) -> list[str]:
    """Return the names in a text, but for those of the shipped scenarios."""
    for scenario in shipped():
        text = text.replace(scenario, "")
    return NAME.findall(plain(text))


def code() -> list[Path]:
    """Return the files of code of the package."""
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in CODE)


def lines_with(path: Path, *, facts: bool) -> list[str]:
    """Return file, number and text of each line of code that holds a name or the id of a fact."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = [bool(FACT.search(line)) if facts else bool(found_in(line)) for line in lines]
    return [
        f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
        for number, (line, is_wrong) in enumerate(zip(lines, wrong, strict=True), 1)
        if is_wrong
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a Haitian officer", ["haitian"]),
        ("Cité Soleil, 2007", ["cite soleil"]),
        ("delmas-24-30 and LEOGANE_1", ["delmas 24 30", "leogane"]),
        ("15,000 gourdes by Kenyans", ["gourdes", "kenyans"]),
        ("the centre of the island, and cite-soleil-hold", []),
    ],
)
def test_names_are_found(text: str, expected: list[str]) -> None:
    """Names are found with accents and without, as ids and as adjectives, and nothing else is."""
    assert found_in(text) == expected


def test_the_names_come_from_the_tables() -> None:
    """Each district of the default world has a name that is looked for."""
    for place in load_world().districts:
        assert found_in(f"{place.name}, {place.commune}"), place.id
    assert len(WORDS) > 250


def test_code_names_no_place() -> None:
    """No code of the package holds a name of the default world, or a fact that is about it."""
    assert len(code()) > 280
    assert [line for path in code() for line in lines_with(path, facts=False)] == []
    assert [line for path in code() for line in lines_with(path, facts=True)] == []


def test_the_default_world_is_the_one_that_the_package_holds() -> None:
    """Its folder is found and not named."""
    assert DEFAULT_WORLD.parent == Path(teritwa.__file__).parent / "world" / "data"
    assert load_world().folder == DEFAULT_WORLD


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (str(ISLAND), "Made-up island"),
        ("alemao", "Complexo do Alemão"),
        ("rio", "Rio de Janeiro"),
        ("kingston", "Tivoli Gardens"),
    ],
)
def test_the_page_of_another_world_names_no_place_of_the_default_one(
    name: str, place: str, tmp_path: Path
) -> None:
    """A run of another place has a page about that place alone."""
    scenario = load(name)
    tiny = scenario.replace(end=scenario.start + timedelta(19), draws=1, replicates=1)
    page = compose_page(teritwa.run([tiny], out=tmp_path, jobs=1))

    assert place in page
    # Jamaica sends officers to the default world, and is a place of its own; downtowns are many.
    assert set(found_in(page)) <= (set() if name == str(ISLAND) else {"jamaica", "downtown"})
    assert bool(FACT.findall(page)) == (name != str(ISLAND))
