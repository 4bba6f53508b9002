"""Loading a world: whole rows, whatever the order of rows and columns, and its digest."""

import csv
import dataclasses
import hashlib
import re
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.scenario import parse
from teritwa.world import DEFAULT_WORLD, STATE, World, load

SMALL = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
TABLES = ("districts", "links", "gangs", "crews", "units", "contingents", "donors")


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file; return its line."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return content[: content.index(old)].count("\n") + 1


def shuffled(source: Path, target: Path) -> Path:
    """Copy a world with the rows of each table in another order."""
    target.mkdir()
    for path in source.glob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if path.stem not in ("cells", "outline"):
            rows.sort(key=lambda row: hashlib.sha256(row.encode()).digest())
        (target / path.name).write_text("".join([header, *rows]), encoding="utf-8")
    return target


def test_small_world() -> None:
    """The made-up world has the form of Haiti: 20 districts, 6 in its capital, 5 gangs, a boat."""
    world = load(SMALL)
    assert [len(getattr(world, table)) for table in TABLES] == [20, 29, 5, 12, 14, 8, 3]
    assert sum(row.metropolitan for row in world.districts) == 6
    assert sum(row.kind == "sea" for row in world.links) == 1
    assert {row.terms for row in world.contingents if row.force == "mission"} == {
        "any",
        "military",
        "technical",
        "under-un",
    }


def test_small_world_has_what_rules_act_on() -> None:
    """Gangs and the state have ports, hospitals, prisons and roads; languages differ."""
    world = load(SMALL)
    for state in (True, False):
        held = [row for row in world.districts if (row.holder == STATE) == state]
        assert all(
            any(getattr(row, name) for row in held)
            for name in ("port", "hospitals", "prisons", "stations")
        )
        names = {row.id for row in held}
        assert any({row.a, row.b} & names for row in world.links if row.kind == "national-road")
    assert [row.id for row in world.districts if row.fuel_terminal] == ["amber-docks"]
    assert sum(row.airport for row in world.districts if row.metropolitan) == 1
    mission = [row.languages.split() for row in world.contingents if row.force == "mission"]
    assert {"lowlandish" in languages for languages in mission} == {True, False}


def test_a_row_is_read_whole() -> None:
    """Each column of a row becomes its field, with its type."""
    docks = next(row for row in load(SMALL).districts if row.id == "amber-docks")
    assert dataclasses.astuple(docks)[:20] == (
        "amber-docks",
        "Amber Docks",
        "Amberport",
        "Lowland",
        "metropolitan",
        True,
        30000,
        3.0,
        10.5,
        20.1,
        0.9,
        "iron-quay",
        900,
        2,
        2,
        True,
        False,
        True,
        0,
        0,
    )


def test_the_analog_world() -> None:
    """Cité Soleil has ten quarters with 300,000 people, held by five gangs, and an edge."""
    world = load(SMALL.parent / "cite-soleil")
    quarters = [row for row in world.districts if row.commune == "Cité Soleil"]
    assert (len(quarters), sum(row.residents_2015 for row in quarters)) == (10, 300_000)
    assert {row.holder for row in quarters} == {row.id for row in world.gangs}
    assert {row.holder for row in world.districts if row not in quarters} == {STATE}
    assert (len(world.gangs), len(world.districts), world.size) == (5, 12, 0.08)
    assert (load().size, load(SMALL).size) == (1.0, 1.0)


def test_rows_cannot_be_changed() -> None:
    """Rows are immutable."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        load(SMALL).districts[0].residents_2015 = 1  # type: ignore[misc]


@pytest.mark.parametrize("source", [SMALL, DEFAULT_WORLD], ids=["small", "haiti"])
def test_order_of_rows_never_matters(source: Path, tmp_path: Path) -> None:
    """A world with all rows in another order is the same world."""
    folder = shuffled(source, tmp_path / "shuffled")
    assert (folder / "units.csv").read_bytes() != (source / "units.csv").read_bytes()
    assert dataclasses.replace(load(folder), folder=source) == load(source)


def test_tables_are_sorted() -> None:
    """Tables are sorted by id, links by both ends, crews by gang and district."""
    world: World = load()
    for table in ("districts", "gangs", "units", "contingents", "donors"):
        names = [row.id for row in getattr(world, table)]
        assert names == sorted(set(names))
    assert [(row.a, row.b) for row in world.links] == sorted(
        {(row.a, row.b) for row in world.links}
    )
    assert [(row.gang, row.district) for row in world.crews] == sorted(
        {(c.gang, c.district) for c in world.crews}
    )


def test_columns_may_stand_in_any_order(folder: Path) -> None:
    """Columns are found by name, not by place."""
    path = folder / "gangs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [record[::-1] for record in csv.reader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert load(folder).gangs == load(SMALL).gangs


def test_spreadsheets_may_add_a_byte_order_mark_and_line_ends(folder: Path) -> None:
    """A table with a byte-order mark and Windows line ends is read like any other."""
    path = folder / "links.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder).links == load(SMALL).links


def test_a_world_may_have_no_donors_or_none_who_wait(folder: Path) -> None:
    """A table of donors may be a header alone, and all shares may be 0."""
    path = folder / "donors.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head}\n", encoding="utf-8")
    assert load(folder).donors == ()
    path.write_text(
        "\n".join([head, *(re.sub(r",0\.\d,", ",0,", row) for row in rows)]) + "\n",
        encoding="utf-8",
    )
    assert [row.conditional_share for row in load(folder).donors] == [0.0, 0.0, 0.0]


def test_each_table_counts_for_the_digest(folder: Path) -> None:
    """Worlds that differ in one row of any table give scenarios with different digests."""
    text = "schema: 2\nid: a\ntitle: a\nworld: small\nperiod: {end: 2024-01-09}\n"
    digests = [parse(text, folder.parent / "a.yaml").digest()]
    for name in (*TABLES, "world"):
        spoil(folder / f"{name}.csv", ",made up", ",made up otherwise")
        digests.append(parse(text, folder.parent / "a.yaml").digest())
    assert len(set(digests)) == len(digests)


def test_no_folder(tmp_path: Path) -> None:
    """A path that is not a folder is a mistake of the user, without a traceback."""
    with pytest.raises(InputError, match="is not a folder; a world is a folder of CSV tables"):
        load(tmp_path / "nowhere")


def test_state_is_no_gang_of_haiti() -> None:
    """No gang of the shipped world has the id that stands for the state."""
    assert STATE not in {row.id for row in load().gangs}
