"""How agents are declared: fields with units, rows in memory, and views of single rows."""

import numpy as np
import pytest

from teritwa.engine.records import (
    Record,
    as_rows,
    boolean_field,
    fields,
    integer_field,
    new_table,
    real_field,
    record_dtype,
    single_row,
)
from teritwa.rules.agents.accounts import DailyCounts, Ledger
from teritwa.rules.agents.district import District, Link
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.institutions import Donor
from teritwa.rules.agents.police_unit import Contingent, PoliceUnit

KINDS = (District, Link, Gang, Crew, PoliceUnit, Contingent, Institution, Donor, Ledger, DailyCounts)


class Boat(Record):
    """A kind that only this test knows."""

    crew: int = integer_field("persons", "aboard")
    speed: float = real_field("knots", "over ground")
    afloat: bool = boolean_field("swims")


def test_layout_follows_the_declaration() -> None:
    """Fields stand in memory in the order of the class, as 64-bit integer, 64-bit float and boolean."""
    assert list(fields(Boat)) == ["crew", "speed", "afloat"]
    assert [record_dtype(Boat)[name].str for name in fields(Boat)] == ["<i8", "<f8", "|b1"]
    empty = new_table(Boat, 3)
    assert empty.tolist() == [(0, 0.0, False)] * 3


def test_view_reads_and_writes_its_row() -> None:
    """An instance is a window on one row: what it is told stands in the table, and the reverse."""
    table = new_table(Boat, 2)
    boat = Boat().bind(table, 1)
    boat.crew, boat.speed, boat.afloat = 7, 4.5, True
    assert table.tolist() == [(0, 0.0, False), (7, 4.5, True)]
    table["crew"][1] = 8
    assert (boat.crew, type(boat.crew), type(boat.afloat)) == (8, int, bool)


def test_class_shows_the_declaration() -> None:
    """On the class a field tells its unit and meaning."""
    assert (Boat.speed.unit, Boat.speed.meaning, Boat.speed.name) == ("knots", "over ground", "speed")


def test_name_that_numpy_takes_is_refused() -> None:
    """A field called like a method of NumPy's records would be unreachable in interpreted rules."""
    with pytest.raises((ValueError, RuntimeError)) as caught:
        type("Bad", (Record,), {"sum": integer_field("persons", "taken")})
    assert "sum" in str(caught.value) + str(caught.value.__cause__)


def test_rows_have_attributes_when_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interpreted rules write ``row.crew``; compiled ones get the plain array, which costs them less."""
    table = new_table(Boat, 2)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    as_rows(table)[1].crew = 5
    single_row(table).speed = 2.5
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    assert as_rows(table) is table
    assert (table["crew"][1], single_row(table)["speed"]) == (5, 2.5)
    single_row(table)["crew"] = 9
    assert table["crew"][0] == 9


def test_all_kinds_are_tried() -> None:
    """The kinds below are all that the package declares."""
    shipped = {kind for kind in Record.__subclasses__() if kind.__module__.startswith("teritwa.rules.agents.")}
    assert shipped == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_says_what_it_is(kind: type[Record]) -> None:
    """Each field of each shipped kind has a unit, a meaning and one of the three types that rules may use."""
    assert len(fields(kind)) > 2
    for name, field in fields(kind).items():
        assert field.code in ("i8", "f8", "?"), name
        assert field.unit, name
        assert field.meaning, name
    assert np.dtype(record_dtype(kind)).isalignedstruct
