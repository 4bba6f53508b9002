"""The loader: any order of rows gives the same world, and every mistake is named by file, line and column."""

import csv
import dataclasses
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.scenario import parse
from teritwa.world import HAITI, STATE, World, WorldError, load

SMALL = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
TABLES = ("districts", "links", "gangs", "crews", "units", "contingents", "donors")


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file; return its line."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return content[: content.index(old)].count("\n") + 1


def problems(folder: Path) -> list[str]:
    """Return the mistakes found in a world, with the file's name instead of its path."""
    with pytest.raises(WorldError) as refused:
        load(folder)
    return [problem.removeprefix(f"{folder}/") for problem in refused.value.problems]


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
        "any", "military", "technical", "under-un",
    }  # fmt: skip


def test_small_world_has_what_rules_act_on() -> None:
    """Gangs and the state each have ports, hospitals, prisons and roads; some of the mission speak French, some not."""
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
    assert {"french" in languages for languages in mission} == {True, False}


def test_a_row_is_read_whole() -> None:
    """Each column of a row becomes its field, with its type."""
    docks = next(row for row in load(SMALL).districts if row.id == "amber-docks")
    assert dataclasses.astuple(docks)[:20] == (
        "amber-docks", "Amber Docks", "Amberport", "Lowland", "metropolitan", True, 30000, 3.0, 10.5, 20.1,
        0.9, "iron-quay", 900, 2, 2, True, False, True, 0, 0,
    )  # fmt: skip


def test_the_analog_world() -> None:
    """Cité Soleil has ten quarters with 300,000 people, all held by five gangs, and an edge that the state holds."""
    world = load(SMALL.parent / "cite-soleil")
    quarters = [row for row in world.districts if row.commune == "Cité Soleil"]
    assert (len(quarters), sum(row.residents_2015 for row in quarters)) == (10, 300_000)
    assert {row.holder for row in quarters} == {row.id for row in world.gangs}
    assert {row.holder for row in world.districts if row not in quarters} == {STATE}
    assert (len(world.gangs), len(world.districts), world.size) == (5, 12, 0.08)
    assert (load().size, load(SMALL).size) == (1.0, 1.0)


def test_rows_cannot_be_changed() -> None:
    """A row is a fact: nothing may write to it."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        load(SMALL).districts[0].residents_2015 = 1  # type: ignore[misc]


@pytest.mark.parametrize("source", [SMALL, HAITI], ids=["small", "haiti"])
def test_order_of_rows_never_matters(source: Path, tmp_path: Path) -> None:
    """A world with all rows in another order is the same world."""
    folder = shuffled(source, tmp_path / "shuffled")
    assert (folder / "units.csv").read_bytes() != (source / "units.csv").read_bytes()
    assert dataclasses.replace(load(folder), folder=source) == load(source)


def test_tables_are_sorted() -> None:
    """Tables come sorted by id, links by both ends, crews by gang and district."""
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
    """A table saved by a spreadsheet, with a mark at its start and Windows line ends, is read all the same."""
    path = folder / "links.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder).links == load(SMALL).links


MISTAKES = [
    (
        "districts.csv",
        "30000,3,10.5",
        "thirty,3,10.5",
        "residents_2015: 'thirty' is not a whole number from 1",
    ),
    (
        "districts.csv",
        "30000,3,10.5",
        "0,3,10.5",
        "residents_2015: '0' is not a whole number from 1",
    ),
    ("districts.csv", "30000,3,10.5", "-5,3,10.5", "residents_2015: '-5' is not"),
    ("districts.csv", "30000,3,10.5", "1e4,3,10.5", "residents_2015: '1e4' is not"),
    (
        "districts.csv",
        "30000,3,10.5",
        "30000,nan,10.5",
        "area_km2: 'nan' is not a number from 0.01",
    ),
    (
        "districts.csv",
        "30000,3,10.5",
        "30000,3,inf",
        "latitude: 'inf' is not a number from -90 to 90",
    ),
    (
        "districts.csv",
        "30000,3,10.5",
        "30000,3,100.5",
        "latitude: '100.5' is not a number from -90 to 90",
    ),
    ("districts.csv", "amber-docks,", "Amber Docks,", "id: 'Amber Docks' is not an id"),
    (
        "districts.csv",
        "amber-market,",
        "amber-docks,",
        "id: 'amber-docks' is already given in line 2",
    ),
    ("districts.csv", "metropolitan,1,30000", "metropolis,1,30000", "did you mean 'metropolitan'?"),
    (
        "districts.csv",
        "metropolitan,1,30000",
        "metropolitan,yes,30000",
        "metropolitan: 'yes' is not 0 or 1",
    ),
    ("districts.csv", "ouest,0,12000", "ouest,1,12000", "region: 'ouest' with metropolitan 1"),
    (
        "districts.csv",
        ",0.9,iron-quay",
        ",0.9,iron-key",
        "holder: 'iron-key' is not a gang of gangs.csv; did you mean",
    ),
    ("districts.csv", ",0.9,iron-quay", ",0.9,state", "holder: 'state' with gang_influence 0.9"),
    ("districts.csv", ",0.9,iron-quay", ",0.2,iron-quay", "must be 'state'"),
    ("districts.csv", ",0.9,iron-quay", ",0.9,reed-band", "holder: 'reed-band' has no crew here"),
    (
        "districts.csv",
        ",900,2,2,",
        ",900,2,3,",
        "stations_inoperative: 3 is more than the stations, 2",
    ),
    (
        "districts.csv",
        ",900,2,2,",
        ",99000,2,2,",
        "displaced_from: 99000 is more than the residents, 30000",
    ),
    (
        "districts.csv",
        ",made up,made up,made up,made up",
        ",,made up,made up,made up",
        "source_residents: '' is not",
    ),
    (
        "districts.csv",
        ",made up,made up,made up,made up",
        ",made up",
        "row: has 21 fields, must have 24",
    ),
    ("districts.csv", "id,name,commune", "id,nam,commune", "name: column is missing"),
    (
        "districts.csv",
        "id,name,commune",
        "id,nam,commune",
        "nam: unknown column; allowed: id, name",
    ),
    ("districts.csv", "id,name,commune", "id,name,name", "name: column is given twice"),
    (
        "links.csv",
        "amber-docks,amber-market",
        "amber-docks,amber-docks",
        "a: 'amber-docks' must come before",
    ),
    (
        "links.csv",
        "amber-docks,amber-market",
        "amber-market,amber-docks",
        "each pair is listed once",
    ),
    (
        "links.csv",
        "amber-docks,amber-ravine",
        "amber-docks,amber-market",
        "is already given in line 2",
    ),
    (
        "links.csv",
        "amber-docks,amber-ravine",
        "amber-docks,ambr-ravine",
        "b: 'ambr-ravine' is not a district of",
    ),
    (
        "links.csv",
        ",street,0.2,",
        ",stret,0.2,",
        "kind: 'stret' is not one of street, national-road, road",
    ),
    ("links.csv", ",street,0.2,", ",street,0,", "hours: '0' is not a number from 0.01 to 240"),
    ("gangs.csv", "iron-quay,", "state,", "id: 'state' means that no gang holds a district"),
    (
        "gangs.csv",
        ",g-pep,1,",
        ",g-pip,1,",
        "alliance: 'g-pip' is not one of g9, g-pep, none; did you mean 'g-pep'?",
    ),
    ("crews.csv", "amber-docks,60", "amber-docks,0", "weight: '0' is not a whole number from 1"),
    (
        "crews.csv",
        "hill-band,hollin",
        "hill-bend,hollin",
        "gang: 'hill-bend' is not a gang of gangs.csv; did you mean",
    ),
    (
        "crews.csv",
        "hill-band,hollin",
        "hill-band,holin",
        "district: 'holin' is not a district of districts.csv",
    ),
    (
        "units.csv",
        ",haitian-army,",
        ",haiti-army,",
        "contingent: 'haiti-army' is not a contingent of contingents.csv",
    ),
    (
        "units.csv",
        ",amber-heights,45",
        ",amber-height,45",
        "base: 'amber-height' is not a district of",
    ),
    (
        "units.csv",
        ",amber-heights,45",
        ",amber-heights,4.5",
        "officers: '4.5' is not a whole number from 1",
    ),
    ("units.csv", ",special,", ",elite,", "kind: 'elite' is not one of station, special, army"),
    (
        "contingents.csv",
        ",mission,1,any,",
        ",mision,1,any,",
        "force: 'mision' is not one of police, army, mission",
    ),
    (
        "contingents.csv",
        ",any,150,",
        ",any,9999999999,",
        "pledged: '9999999999' is not a whole number",
    ),
    (
        "contingents.csv",
        ",technical,",
        ",tecnical,",
        "terms: 'tecnical' is not one of any, military",
    ),
    ("contingents.csv", ",technical,", ",tecnical,", "; did you mean 'technical'?"),
    (
        "contingents.csv",
        "army,1,any,",
        "army,1,military,",
        "terms: 'military' with force 'army'; only the mission has",
    ),
    (
        "contingents.csv",
        ",any,150,10,",
        ",any,150,0,",
        "casualty_tolerance: '0' is not a whole number from 1",
    ),
    (
        "contingents.csv",
        ",any,150,10,",
        ",any,150,2.5,",
        "casualty_tolerance: '2.5' is not a whole number from 1",
    ),
    (
        "contingents.csv",
        ",french english,",
        ",French English,",
        "languages: 'French English' is not words of a-z with",
    ),
    (
        "contingents.csv",
        ",french english,",
        ",french  english,",
        "languages: 'french  english' is not words",
    ),
    (
        "contingents.csv",
        ",french english,",
        ",french;english,",
        "languages: 'french;english' is not words",
    ),
    ("contingents.csv", ",french english,", ",,", "languages: '' is not words"),
    ("contingents.csv", "terms,pledged", "term,pledged", "term: unknown column; allowed: id, name"),
    (
        "contingents.csv",
        "pledged,casualty_tolerance,",
        "pledged,patience,",
        "casualty_tolerance: column is missing",
    ),
    ("donors.csv", "main-donor,", "Main Donor,", "id: 'Main Donor' is not an id"),
    (
        "donors.csv",
        "main-donor,",
        "further-donors,",
        "id: 'further-donors' is already given in line 2",
    ),
    (
        "donors.csv",
        "Main donor,0.3,",
        "Main donor,1.3,",
        "conditional_share: '1.3' is not a number from 0 to 1",
    ),
    (
        "donors.csv",
        "Main donor,0.3,",
        "Main donor,-0.3,",
        "conditional_share: '-0.3' is not a number from 0 to 1",
    ),
    ("donors.csv", "Main donor,0.3,", ",0.3,", "name: '' is not text"),
    ("world.csv", "2024-01-01", "2024-02-30", "start: '2024-02-30' is not a date like 2024-01-01"),
    (
        "world.csv",
        "displaced_on_day_0,4400",
        "displaced_on_day_0,4401",
        "the sum of the districts' displaced_from, 4400",
    ),
    ("world.csv", "population_growth,", "population_grwth,", "unknown key; allowed: name, start"),
    ("world.csv", ",made up\n", "\n", "row: has 3 fields, must have 4"),
    ("world.csv", "size,1,", "size,0,", "size: '0' is not a number from 0.001 to 1"),
    ("world.csv", "size,1,", "size,1.5,", "size: '1.5' is not a number from 0.001 to 1"),
    ("world.csv", "key,value", "key,amount", "value: column is missing"),
]


@pytest.mark.parametrize(("name", "old", "new", "says"), MISTAKES)
def test_each_mistake_is_named(folder: Path, name: str, old: str, new: str, says: str) -> None:
    """A spoilt table gives a line with its file, the line of the mistake, the column and what is allowed."""
    line = spoil(folder / name, old, new)
    assert [
        problem
        for problem in problems(folder)
        if problem.startswith(f"{name}:{line}: ") and says in problem
    ]


BROKEN: list[tuple[str, Callable[[Path], object], str]] = [
    ("gangs.csv", lambda path: path.unlink(), "gangs.csv:1: file: cannot be read (No such file"),
    ("gangs.csv", lambda path: path.write_bytes(b""), "gangs.csv:1: file: is empty"),
    (
        "gangs.csv",
        lambda path: path.write_bytes(b"\xff\xfe\x00g"),
        "gangs.csv:1: file: is not UTF-8 text",
    ),
    ("gangs.csv", lambda path: path.write_text('id,name\n"a'), "file: is not CSV"),
    ("donors.csv", lambda path: path.unlink(), "donors.csv:1: file: cannot be read (No such file"),
    ("world.csv", lambda path: path.unlink(), "world.csv:1: file: cannot be read"),
    (
        "world.csv",
        lambda path: path.write_text("key,value,unit,source\nname,X,,s\n"),
        "world.csv:1: start: key is",
    ),
    (
        "world.csv",
        lambda path: path.write_text(path.read_text() + "name,X,,s\n"),
        "name: is already given in line",
    ),
]


@pytest.mark.parametrize(("name", "spoilt", "says"), BROKEN)
def test_broken_files_are_named(
    folder: Path, name: str, spoilt: Callable[[Path], object], says: str
) -> None:
    """A missing, empty, binary or torn file gives a line that says so, and no mistakes that only follow from it."""
    spoilt(folder / name)
    found = problems(folder)
    assert any(says in problem for problem in found)
    assert all(problem.startswith(name) for problem in found)


def test_a_table_without_rows(folder: Path) -> None:
    """A world without districts is refused by that name."""
    path = folder / "districts.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "districts.csv:1: row: there are no rows; a world needs at least one" in problems(folder)


@pytest.mark.parametrize(
    ("share", "total"), [("0.4", "1.1"), ("0", "0.7"), ("0.300000002", "1.000000002")]
)
def test_shares_that_are_no_shares_of_one_whole(folder: Path, share: str, total: str) -> None:
    """Donors whose shares do not sum to 1 give one line, and no more."""
    spoil(folder / "donors.csv", "Main donor,0.3,", f"Main donor,{share},")
    assert problems(folder) == [
        f"donors.csv:1: conditional_share: the donors' shares sum to {total}; they must sum to 1, or all be 0"
    ]


def test_a_spoilt_share_is_one_mistake(folder: Path) -> None:
    """A share that cannot be read is not said to be missing from the sum as well."""
    line = spoil(folder / "donors.csv", "Main donor,0.3,", "Main donor,some,")
    assert problems(folder) == [
        f"donors.csv:{line}: conditional_share: 'some' is not a number from 0 to 1"
    ]


def test_a_world_may_have_no_donors_or_none_who_wait(folder: Path) -> None:
    """Nobody need pay, and of those who do nobody need wait: a table of a head alone, and shares that are all 0."""
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
    """Two worlds that differ in one row of any table are two worlds to whoever compares results or scenarios."""
    text = "schema: 2\nid: a\ntitle: a\nworld: small\nperiod: {end: 2024-01-09}\n"
    digests = [parse(text, folder.parent / "a.yaml").digest()]
    for name in (*TABLES, "world"):
        spoil(folder / f"{name}.csv", ",made up", ",made up otherwise")
        digests.append(parse(text, folder.parent / "a.yaml").digest())
    assert len(set(digests)) == len(digests)


def test_unreachable_districts_are_named(folder: Path) -> None:
    """A district that no chain of links joins to the others is named with its line."""
    path = folder / "links.csv"
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
        if "eastwick" not in line
    ]
    path.write_text("".join(kept), encoding="utf-8")
    assert problems(folder) == [
        "districts.csv:11: id: no chain of links in links.csv joins 'eastwick' to 'amber-airfield'"
    ]


def test_all_mistakes_are_listed_at_once_in_order(folder: Path) -> None:
    """Mistakes of several files come in one error, each once, by table and line, without their consequences."""
    spoil(folder / "districts.csv", "brindle,Brindle", "brindle,")
    spoil(folder / "districts.csv", "30000,3,10.5", "x,3,10.5")
    spoil(folder / "crews.csv", "hill-band,hollin", "hill-bend,hollin")
    spoil(folder / "units.csv", ",special,", ",elite,")
    found = problems(folder)
    assert [problem.split(": ")[0:2] for problem in found] == [
        ["districts.csv:2", "residents_2015"],
        ["districts.csv:8", "name"],
        ["crews.csv:12", "gang"],
        ["units.csv:13", "kind"],
    ]


def test_no_folder(tmp_path: Path) -> None:
    """A world that is no folder is refused as one that the user named wrongly, not by a traceback."""
    with pytest.raises(InputError, match="is not a folder; a world is a folder of CSV tables"):
        load(tmp_path / "nowhere")


def test_state_is_no_gang_of_haiti() -> None:
    """The word for the state is free in the shipped world."""
    assert STATE not in {row.id for row in load().gangs}
