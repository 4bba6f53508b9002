"""Columns: which texts each kind takes, what becomes of them, and what is said of others."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest

from teritwa.engine import columns, dates


@dataclass(frozen=True, slots=True)
class Row:
    """A row with one column of each kind."""

    id: str = columns.identity()
    parameter: str = columns.full_name()
    title: str = columns.text()
    languages: str = columns.words()
    people: int = columns.integer()
    officers: int = columns.integer(1)
    share: float = columns.number(0, 1)
    latitude: float = columns.number(-90, 90)
    port: bool = columns.flag()
    kind: str = columns.choice(("street", "road", "sea"))
    start: datetime.date = columns.date()  # it declares a field


SOUND: list[tuple[str, str, Any]] = [
    ("id", "400-mawozo", "400-mawozo"),
    ("parameter", "attack.rate_2", "attack.rate_2"),
    ("title", " Île à Vache\n", " Île à Vache\n"),
    ("languages", "french creole", "french creole"),
    ("people", "0", 0),
    ("people", "007", 7),
    ("people", "1000000000", 1_000_000_000),
    ("officers", "1", 1),
    ("share", "1", 1.0),
    ("share", "2.5e-1", 0.25),
    ("latitude", "-90", -90.0),
    ("port", "0", False),
    ("port", "1", True),
    ("kind", "sea", "sea"),
    ("start", "2024-02-29", datetime.date(2024, 2, 29)),
    ("start", "1900-01-01", datetime.date(1900, 1, 1)),
    ("start", "2200-12-31", datetime.date(2200, 12, 31)),
]
WRONG = [
    ("id", ["", "A", "a_b", "-a", "a-", "a--b", "é", "a b", "a\n"]),
    ("parameter", ["rate", "Attack.rate", "attack.", "attack.rate.x", "1a.b", "a.b "]),
    ("title", ["", " ", "\t\n", "\u2003"]),
    ("languages", ["", "French", "a  b", " a", "a,b", "kreyòl"]),
    ("people", ["", "-1", "+1", "1.0", "1e3", "1_000", "1000000001", "99999999999", "٣", " 1"]),
    ("officers", ["0"]),
    ("share", ["", "1.0001", "-0.1", "nan", "inf", "50 %", "0,5", "1e", " 1", "1_0"]),
    ("latitude", ["90.001", "-91", "1e999"]),
    ("port", ["", "yes", "true", "01", "2"]),
    ("kind", ["", "Street", "lane"]),
    ("start", ["", "2024-02-30", "01.02.2024", "2024-1-1", "2024", "20240101", "2024-W01-1"]),
    ("start", ["2024W011", "2024-001", "2024-01-01T00:00", "1899-12-31", "2201-01-01"]),
]


@pytest.mark.parametrize(("name", "text", "value"), SOUND)
def test_a_text_becomes_a_value(name: str, text: str, value: object) -> None:
    """Each kind of column gives a value of its type."""
    found = columns.column_of(Row, name).parse(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WRONG for text in texts]
)
def test_other_texts_are_refused(name: str, text: str) -> None:
    """Whatever is not exactly what is allowed is a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011  # the message is that of the column
        columns.column_of(Row, name).parse(text)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("id", "A", "'A' is not an id: a-z, 0-9 and single hyphens"),
        ("people", "-1", "'-1' is not a whole number from 0 to 1000000000"),
        ("officers", "0", "'0' is not a whole number from 1 to 1000000000"),
        ("latitude", "91", "'91' is not a number from -90 to 90"),
        ("port", "yes", "'yes' is not 0 or 1"),
        ("kind", "stret", "'stret' is not one of street, road, sea; did you mean 'street'?"),
        ("kind", "xyz", "'xyz' is not one of street, road, sea"),
        ("start", "today", f"'today' is not {dates.ALLOWED}"),
    ],
)
def test_a_problem_says_what_is_allowed(name: str, text: str, problem: str) -> None:
    """The message has the text, what is allowed, and a similar word where there are choices."""
    assert columns.column_of(Row, name).problem(text) == problem


def test_every_field_has_its_column() -> None:
    """Columns are found by the names of the fields, and only by those."""
    assert columns.column_of(Row, "kind").choices == ("street", "road", "sea")
    with pytest.raises(KeyError, match="colour"):
        columns.column_of(Row, "colour")


def test_the_nearest_word_is_proposed() -> None:
    """A word that is like a known one gets it; another gets nothing."""
    assert columns.did_you_mean("kenia", ("kenya", "chad")) == "; did you mean 'kenya'?"
    assert columns.did_you_mean("xyz", ("kenya", "chad")) == ""
    assert columns.did_you_mean("kenya", ()) == ""
