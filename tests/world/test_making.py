"""A world from boundaries and population: what is taken from them, and what is assumed."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teritwa.world import World, WorldError, load
from teritwa.world.making import Sources, make_world
from teritwa.world.new_tables import crossings_by_boat

BOXES = {"A1": (0, 0), "A2": (1, 0), "A3": (0, 1), "A4": (1, 1), "A5": (5, 0)}
"""The south-west corner of each square district, in tenths of a degree; the last is an island."""

NAMES = {"A1": "Île Haute", "A2": "Ile-Haute", "A3": "State", "A4": "Port", "A5": "東京"}
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes a world of five squares and returns its folder."""
    monkeypatch.chdir(tmp_path)

    def made(population: str | None = None, events: str | None = None) -> Path:
        features = [
            {
                "properties": {"ADM2_PCODE": code, "ADM2_FR": NAMES[code]},
                "geometry": {"type": "Polygon", "coordinates": [[
                    [west / 10, south / 10], [west / 10 + 0.1, south / 10],
                    [west / 10 + 0.1, south / 10 + 0.1], [west / 10, south / 10 + 0.1],
                ]]},
            }
            for code, (west, south) in BOXES.items()
        ]  # fmt: skip
        Path("b.geojson").write_text(json.dumps({"features": features}))
        people = "ADM2_PCODE,population\n" + "".join(f"{code},50000\n" for code in BOXES)
        Path("p.csv").write_text((population or people).replace("A4,50000", "A4,200000"))
        if events is not None:
            Path("e.csv").write_text(f"event_date,actor1,latitude,longitude\n{events}")
        chosen = None if events is None else Path("e.csv")
        sources = Sources(Path("b.geojson"), Path("p.csv"), "ADM2_PCODE", chosen)
        return make_world("New Coast", sources, Path())[0]

    return made


def rows(world: World) -> dict[str, Any]:
    """Return the districts of a world by their code."""
    return {row.pcode: row for row in world.districts}


def test_what_the_files_say_is_taken(make: Make) -> None:
    """Names, residents, areas, positions and codes of five squares of a tenth of a degree."""
    found = rows(load(make()))
    assert {code: row.name for code, row in found.items()} == NAMES
    assert {code: row.residents_2015 for code, row in found.items()} == dict.fromkeys(
        BOXES, 50_000
    ) | {"A4": 200_000}
    assert all(abs(row.area_km2 - 123.6) < 0.1 for row in found.values())
    assert (found["A4"].longitude, found["A4"].latitude) == pytest.approx((0.15, 0.15), abs=0.004)
    assert [found[code].id for code in BOXES] == [
        "ile-haute-a1", "ile-haute-a2", "state-a3", "port", "a5",
    ]  # fmt: skip


def test_neighbours_are_joined_and_an_island_has_a_boat(make: Make) -> None:
    """Four squares have four common borders; the fifth is reached by boat from the nearest."""
    links = load(make()).links
    roads = sorted((link.a, link.b) for link in links if link.kind == "road")
    assert roads == [
        ("ile-haute-a1", "ile-haute-a2"), ("ile-haute-a1", "state-a3"),
        ("ile-haute-a2", "port"), ("port", "state-a3"),
    ]  # fmt: skip
    (boat,) = (link for link in links if link.kind == "sea")
    assert (boat.a, boat.b) == ("a5", "ile-haute-a2")
    # 11.12 km at 20 km/h and a detour of 1.5; 44.5 km at 10 km/h
    assert [link.hours for link in links if link.kind == "road"] == pytest.approx([0.834] * 4)
    assert boat.hours == pytest.approx(4.45, rel=0.02)


def test_what_is_assumed_says_so(make: Make) -> None:
    """Each source is a file or an assumption with a range; the densest district is the capital."""
    folder = make()
    world = load(folder)
    assert [row.id for row in world.districts if row.metropolitan] == ["port"]
    assert world.size == pytest.approx(0.0007 * 400_000 / 8000)
    assert sum(crew.weight for crew in world.crews) == 280
    assert {row.gang_influence for row in world.districts} == {0.05}
    assert sum(row.officers for row in world.units) == 400 + 20
    for table in ("districts", "links", "crews", "units", "contingents", "donors"):
        with (folder / f"{table}.csv").open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                for column in (name for name in row if name.startswith("source")):
                    text = row[column]
                    assert "assumption" in text or "b.geojson" in text or "p.csv" in text, text


def test_influence_is_proposed_from_events(make: Make) -> None:
    """Ten events for 50,000 residents are half of the influence; police are no gang."""
    events = "".join(f"2023-01-01,Red Band,0.0{k},0.05\n" for k in range(1, 8))
    events += "2023-01-01,Blue Crew,0.05,0.05\n" * 3
    events += "2023-01-01,Police Forces of X,0.05,0.15\n2023-01-01,Protesters (X),0.05,0.15\n"
    world = load(make(events=events))
    found = rows(world)
    assert found["A1"].gang_influence == 0.5
    assert found["A1"].holder == "red-band"
    assert {row.gang_influence for code, row in found.items() if code != "A1"} == {0.05}
    here = {crew.gang: crew.weight for crew in world.crews if crew.district == found["A1"].id}
    assert set(here) == {"red-band", "blue-crew"}
    assert here["red-band"] / here["blue-crew"] == pytest.approx(7 / 3, rel=0.05)
    assert not any(unit.base == found["A1"].id for unit in world.units)


@pytest.mark.parametrize(
    ("population", "problem"),
    [
        ("code,population\nA1,1\n", "p.csv:1: has no column ADM2_PCODE; it has code, population"),
        (
            "ADM2_PCODE,people\nA1,1\n",
            "p.csv:1: has no column population; it has ADM2_PCODE, people",
        ),
        ("", "p.csv:1: is empty"),
        ("ADM2_PCODE,population\nA1,many\n", "p.csv:2: 'many' is no number of residents"),
        ("ADM2_PCODE,population\nA1,0\n", "p.csv:2: '0' is no number of residents"),
        ("ADM2_PCODE,population\nA1,5\nA1,6\n", "p.csv:3: 'A1' is given twice"),
        ("ADM2_PCODE,population\nA1,5\n", "p.csv: ADM2_PCODE: has no row of 'A2' and 3 more"),
    ],
)
def test_mistakes_in_the_population_are_named(make: Make, population: str, problem: str) -> None:
    """Each mistake names file and line, and nothing is written."""
    with pytest.raises(WorldError) as raised:
        make(population or "\n")
    assert any(line.startswith(problem) for line in raised.value.problems), raised.value.problems
    assert not Path("new-coast").exists()


@pytest.mark.parametrize("given", ["1,234", "1 234", "1234.0"])
def test_residents_may_be_written_as_people_write_them(make: Make, given: str) -> None:
    """A comma or a space between thousands, and a decimal nought, mean what they mean."""
    people = "ADM2_PCODE,population\n" + "".join(f'{code},"{given}"\n' for code in BOXES)
    assert {row.residents_2015 for row in load(make(people)).districts} == {1234}


@pytest.mark.parametrize(
    ("events", "problem"),
    [("2023-01-01,Red Band,north,0.05\n", "e.csv:2: has no position in degrees"),
     ("2023-01-01,Red Band\n", "e.csv:2: has no position in degrees"),
     ("2023-01-01,Red Band,55,0.05\n", "e.csv: no event of an armed group lies in a district"),
     ("2023-01-01,Police of X,0.05,0.05\n", "e.csv: no event of an armed group lies")],
)  # fmt: skip
def test_mistakes_in_events_are_named(make: Make, events: str, problem: str) -> None:
    """An event without a position is named by its line."""
    with pytest.raises(WorldError, match=problem):
        make(events=events)


def test_nothing_is_overwritten(make: Make) -> None:
    """A folder or scenario that is there already stays as it is."""
    folder = make()
    with pytest.raises(WorldError, match="is there already"):
        make()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(WorldError, match=r"new-coast\.yaml: is there already"):
        make()


def test_boats_join_separate_parts_by_the_nearest_ways() -> None:
    """Two pairs and one alone on a line are joined by the two short gaps between them."""
    points = [(0.0, 0.0), (1.0, 0.0), (3.0, 0.0), (4.0, 0.0), (9.0, 0.0)]
    assert sorted(map(sorted, crossings_by_boat(points, [(0, 1), (2, 3)]))) == [[1, 2], [3, 4]]
    assert crossings_by_boat(points[:2], [(0, 1)]) == []
