"""Tests of records as CSV tables."""

from dataclasses import dataclass, field

import pytest

from teritwa.analysis.record_tables import records_csv


@dataclass(frozen=True)
class Made:
    """A record with a value of each kind."""

    name: str
    count: int
    level: float
    held: bool
    best: float | None


@pytest.mark.parametrize(("words", "held"), [((), "1"), ((("no", "yes"),), "yes")])
def test_each_kind_of_value_has_its_form(words: tuple[tuple[str, str], ...], held: str) -> None:
    """Six decimals at most and no exponent, words for truth, nothing for None; a text is quoted."""
    records = [Made("a, b", 3, 1e-5, True, None), Made("c", 4, float("nan"), False, 2.0)]
    first, second, third = records_csv(Made, records, *words).splitlines()

    assert first == "name,count,level,held,best"
    assert second == f'"a, b",3,0.00001,{held},'
    assert third.startswith("c,4,nan,")
    assert third.endswith(",2")


@dataclass(frozen=True)
class Renamed:
    """A record whose column has another name than its field."""

    share: float = field(metadata={"column": "part"})


def test_a_column_may_have_its_own_name() -> None:
    """The name in the metadata of a field heads its column."""
    assert records_csv(Renamed, [Renamed(0.5)]) == "part\n0.5\n"


def test_without_records_there_is_a_header() -> None:
    """An empty table still names its columns."""
    assert records_csv(Made, []) == "name,count,level,held,best\n"
