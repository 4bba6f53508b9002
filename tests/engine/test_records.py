"""Records: fields with units, groups of fields, rows in memory, and views of single rows."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.records import (
    Field,
    Record,
    Views,
    as_numbers,
    as_rows,
    boolean_field,
    columns_of,
    fields,
    group,
    integer_field,
    members,
    new_table,
    real_field,
    record_dtype,
    single_row,
)
from teritwa.rules.agents.accounts import DailyCounts
from teritwa.rules.agents.district import LocalCounts
from teritwa.rules.agents.state import POPULATIONS, SINGLES

KINDS = (*POPULATIONS.values(), *SINGLES.values())


class Engine(Record):
    """A group of fields within a group."""

    power: float = real_field("kW", "at full load")
    running: bool = boolean_field("whether it runs")


class Hull(Record):
    """A group of fields that has a group of its own."""

    length: float = real_field("m", "from bow to stern")
    engine: Engine = group(Engine)


class Boat(Record):
    """A kind that only this test knows."""

    crew: int = integer_field("persons", "aboard")
    hull: Hull = group(Hull)
    afloat: bool = boolean_field("whether it floats")


class Ferry(Boat):
    """A kind with the fields of another one and one more."""

    cars: int = integer_field("cars", "on deck")


NAMES = ["crew", "hull.length", "hull.engine.power", "hull.engine.running", "afloat"]


@pytest.fixture
def table() -> Any:
    """Return three boats, all zero."""
    return new_table(Boat, 3)


def test_layout_follows_the_declaration(table: Any) -> None:
    """Fields stand in memory in the order of the class; a group is a nested record."""
    layout = record_dtype(Boat)
    assert layout.names == ("crew", "hull", "afloat")
    assert [layout[name].str for name in ("crew", "afloat")] == ["<i8", "|b1"]
    assert layout["hull"].names == ("length", "engine")
    assert [layout["hull"]["engine"][name].str for name in ("power", "running")] == ["<f8", "|b1"]
    assert table.tolist() == [(0, (0.0, (0.0, False)), False)] * 3


def test_fields_are_named_with_their_groups() -> None:
    """Every field is found by its dotted name; members are fields and groups as declared."""
    assert list(fields(Boat)) == NAMES
    assert list(members(Boat)) == ["crew", "hull", "afloat"]
    assert (fields(Boat)["hull.engine.power"].unit, fields(Boat)["hull.engine.power"].name) == (
        "kW",
        "power",
    )


def test_a_subclass_has_the_fields_of_its_base_first() -> None:
    """What a kind inherits comes before what it adds, and the base stays as it was."""
    assert list(fields(Ferry)) == [*NAMES, "cars"]
    assert list(fields(Boat)) == NAMES
    assert new_table(Ferry, 1).tolist() == [(0, (0.0, (0.0, False)), False, 0)]


def test_a_view_reads_and_writes_its_row(table: Any) -> None:
    """An instance is a view of one row: what is set on it is in the table, and the reverse."""
    boat = Boat().bind(table, 1)
    boat.crew, boat.afloat = 7, True
    boat.hull.length, boat.hull.engine.power, boat.hull.engine.running = 9.5, 40.0, True
    assert table.tolist() == [
        (0, (0.0, (0.0, False)), False),
        (7, (9.5, (40.0, True)), True),
        (0, (0.0, (0.0, False)), False),
    ]
    table["crew"][1], table["hull"]["engine"]["power"][1] = 8, 50.0
    assert (boat.crew, boat.hull.engine.power) == (8, 50.0)
    assert [type(value) for value in (boat.crew, boat.hull.length, boat.afloat)] == [
        int,
        float,
        bool,
    ]


def test_a_group_is_a_view_of_the_same_memory(table: Any) -> None:
    """A group that was taken out of a row still reads and writes that row, and is made once."""
    boat = Boat().bind(table, 2)
    engine = boat.hull.engine
    engine.power += 12.5
    assert (boat.hull.engine.power, table["hull"]["engine"]["power"][2]) == (12.5, 12.5)
    assert boat.hull.engine is engine
    assert (type(boat.hull), type(engine)) == (Hull, Engine)


def test_a_view_that_is_bound_anew_leaves_its_old_row(table: Any) -> None:
    """After binding to another row the groups of the first are not used any more."""
    boat = Boat().bind(table, 0)
    boat.hull.engine.power = 1.0
    assert boat.bind(table, 1) is boat
    boat.hull.engine.power = 2.0
    assert table["hull"]["engine"]["power"].tolist() == [1.0, 2.0, 0.0]


def test_columns_share_the_memory_of_the_table(table: Any) -> None:
    """The memory of each field is the table's own, nested as the groups are."""
    columns = columns_of(Boat, table)
    columns["hull"]["engine"]["power"][:] = 3.0
    assert table["hull"]["engine"]["power"].tolist() == [3.0] * 3
    assert np.shares_memory(columns["crew"], table)


def test_a_class_shows_its_declarations() -> None:
    """On the class a field has its unit and meaning, and a group its kind."""
    shown: Any = Boat
    assert (shown.crew.unit, shown.crew.meaning, shown.crew.name) == ("persons", "aboard", "crew")
    assert (shown.hull.kind, shown.hull.name) == (Hull, "hull")
    assert isinstance(members(Hull)["length"], Field)


def test_views_are_the_rows_of_a_population(table: Any) -> None:
    """Views have a length, are walked in order, and give the same view of a row each time."""
    boats = Views(Boat, table)
    assert (len(boats), boats.size) == (3, 3)
    for number, boat in enumerate(boats):
        boat.hull.length = float(number)
    assert table["hull"]["length"].tolist() == [0.0, 1.0, 2.0]
    assert boats[1] is boats[1] is list(boats)[1]
    assert boats[1] is not Views(Boat, table)[1]


@pytest.mark.parametrize("row", [-1, 3, 1000])
def test_there_is_no_view_of_a_row_that_is_not_there(table: Any, row: int) -> None:
    """Neither a row beyond the last nor a negative one, such as NO_ONE, is given out."""
    with pytest.raises(IndexError, match=f"row {row} of 3"):
        Views(Boat, table)[row]


def test_views_of_nothing() -> None:
    """An empty population has no rows."""
    assert (list(Views(Boat, new_table(Boat, 0))), len(Views(Boat, new_table(Boat, 0)))) == ([], 0)


def test_rows_have_attributes_when_interpreted(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interpreted rules get views; compiled ones get the plain array, which costs them less."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    as_rows(Boat, table)[1].hull.engine.power = 5.0
    single_row(Boat, table).crew = 2
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    assert as_rows(Boat, table) is table
    assert table["hull"]["engine"]["power"].tolist() == [0.0, 5.0, 0.0]
    assert single_row(Boat, table)["crew"] == 2
    single_row(Boat, table)["crew"] = 9
    assert table["crew"][0] == 9


class Tally(Record):
    """Counts and a measure, all of 64 bits."""

    killed: int = integer_field("persons", "killed")
    hours: float = real_field("hours", "passed")
    injured: int = integer_field("persons", "injured")


class Town(Record):
    """A kind with a flag before and after its group of 64-bit fields."""

    open: bool = boolean_field("whether it is open")
    today: Tally = group(Tally)
    free: bool = boolean_field("whether it is free")


def test_numbers_are_the_memory_of_records() -> None:
    """Integers read as they are, a measure of 0.0 as 0; writing changes the table."""
    table = new_table(Tally, 2)
    table["killed"], table["injured"], table["hours"] = [3, 4], [5, 6], [0.0, 2.5]
    numbers = as_numbers(table)
    assert (numbers.shape, numbers.dtype) == ((2, 3), np.dtype(np.int64))
    assert numbers[:, [0, 2]].tolist() == [[3, 5], [4, 6]]
    assert (numbers[0, 1], numbers[1, 1] != 0) == (0, True)
    numbers[:, :] = 0
    assert table.tolist() == [(0, 0.0, 0)] * 2


def test_numbers_of_a_group_leave_the_rest_alone() -> None:
    """The memory of a group within a table is found by row, and nothing else is touched."""
    table = new_table(Town, 3)
    table["open"] = table["free"] = True
    table["today"]["killed"], table["today"]["injured"] = [1, 2, 3], [4, 5, 6]
    numbers = as_numbers(table["today"])
    assert numbers[:, [0, 2]].tolist() == [[1, 4], [2, 5], [3, 6]]
    numbers[1, :] = 0
    assert table.tolist() == [
        (True, (1, 0.0, 4), True),
        (True, (0, 0.0, 0), True),
        (True, (3, 0.0, 6), True),
    ]


def test_numbers_of_some_rows() -> None:
    """A slice of a table, and of its group, has the numbers of those rows only."""
    table = new_table(Town, 4)
    table["today"]["killed"] = [1, 2, 3, 4]
    assert as_numbers(table["today"][1:])[:, 0].tolist() == [2, 3, 4]
    assert as_numbers(table["today"][::2])[:, 0].tolist() == [1, 3]


def test_the_days_counts_are_numbers_of_64_bits() -> None:
    """The two kinds that are set to zero as numbers each day have no other fields."""
    for kind in (DailyCounts, LocalCounts):
        assert {one.code for one in fields(kind).values()} <= {"i8", "f8"}
        assert record_dtype(kind).itemsize == 8 * len(fields(kind))


class Odd(Record):
    """A kind with names that NumPy's arrays and records have for themselves."""

    sum: int = integer_field("persons", "taken together")
    shape: float = real_field("1", "how it looks")


def test_a_field_may_be_called_like_a_method_of_arrays() -> None:
    """Views find a field by its name alone, whatever NumPy calls its own attributes."""
    table = new_table(Odd, 2)
    odd = Views(Odd, table)[1]
    odd.sum, odd.shape = 3, 0.5
    assert table.tolist() == [(0, 0.0), (3, 0.5)]
    assert (odd.sum, odd.shape) == (3, 0.5)


def test_no_field_hides_what_a_view_needs() -> None:
    """No field or group of the package has the name of an attribute of views themselves."""
    own = {name for name in (*vars(Record), *Record.__annotations__) if not name.startswith("_")}
    assert {"bind", "columns", "row"} <= own
    for kind in declared():
        assert own.isdisjoint(members(kind)), kind.__name__


def declared() -> set[Any]:
    """Return the kinds that the package declares for agents and accounts, and their groups."""
    package = "teritwa.rules.agents."
    return {kind for kind in Record.__subclasses__() if kind.__module__.startswith(package)}


def test_all_kinds_are_part_of_the_state() -> None:
    """Each declared kind is that of a table, or a group of fields of one."""
    kinds: tuple[Any, ...] = KINDS
    parts = [part for kind in kinds for part in members(kind).values()]
    groups = {part.kind for part in parts if not isinstance(part, Field)}
    assert declared() == groups | set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_says_what_it_is(kind: type[Record]) -> None:
    """Each field of each shipped kind has a unit, a meaning and a type that rules may use."""
    assert len(fields(kind)) > 1
    for name, field in fields(kind).items():
        assert field.code in ("i8", "f8", "?"), name
        assert field.unit, name
        assert field.meaning, name
    assert record_dtype(kind).isalignedstruct
