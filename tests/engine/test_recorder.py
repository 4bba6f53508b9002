"""Recorder: tables in one block, and copies of their words that are read as values again."""

import numpy as np
import pytest

from teritwa.engine.recorder import (
    Recorder,
    in_one_block,
    memory_of,
    places_of,
    record,
    values_of,
)
from teritwa.engine.records import (
    Array,
    Record,
    boolean_field,
    group,
    integer_field,
    new_table,
    real_field,
)


class Purse(Record):
    """A group of fields."""

    cents: int = integer_field("cents", "what is in it")
    open: bool = boolean_field("it is open")


class Person(Record):
    """A kind with fields of each type."""

    height: float = real_field("m", "how tall")
    purse: Purse = group(Purse)


@pytest.fixture
def tables() -> dict[str, Array]:
    """Return three tables with a number of their own in each field."""
    people = new_table(Person, 3)
    people["height"] = [1.5, 1.75, -0.0]
    people["purse"]["cents"] = [7, -8, 2**62]
    people["purse"]["open"] = [True, False, True]
    return {
        "people": people,
        "daily": new_table(Purse, 1),
        "hours": np.arange(6.0).reshape(2, 3),
        "none": new_table(Person, 0),
        "shared": np.ones(4),
    }


def test_tables_in_one_block_keep_their_values(tables: dict[str, Array]) -> None:
    """Each table is equal to what it was and shares memory with the block, but those apart."""
    made = in_one_block(tables, ["shared"])
    memory = memory_of(made)
    for name, table in tables.items():
        assert made[name].tobytes() == table.tobytes()
        assert made[name].dtype == table.dtype
        assert np.shares_memory(made[name], memory) == (name not in ("shared", "none"))
    assert made["shared"] is tables["shared"]
    assert memory.nbytes == sum(t.nbytes for n, t in tables.items() if n != "shared")


def test_what_is_recorded_is_what_stood_there(tables: dict[str, Array]) -> None:
    """Numbers, truth values and a transposed table are copied on their days, and stay as copied.

    Of ten days all are copied each day; days 0, 7 and 9 are copied as weeks are.
    """
    made = in_one_block(tables)
    memory, people = memory_of(made), made["people"]
    views = [people["height"], people["purse"]["open"], made["hours"].T, people["purse"]["cents"]]
    places = np.concatenate([places_of(memory, view) for view in views])
    recorder = Recorder(
        memory, places, np.zeros((10, len(places)), np.int64),
        places[3:6], np.zeros((3, 3), np.int64), 9,
    )  # fmt: skip
    seen = []
    for day in range(10):
        people["height"][0], people["purse"]["open"][1] = 100.0 + day, day % 2
        made["hours"][1, 0] = -day
        seen.append([view.copy() for view in views])
        record(recorder, day)
    first = 0
    for number, view in enumerate(views):
        found = values_of(memory, view, recorder.daily[:, first : first + view.size])
        assert found.dtype == view.dtype
        assert np.array_equal(found, np.array([day[number] for day in seen]))
        first += view.size
    weekly = values_of(memory, views[1], recorder.weekly)
    assert np.array_equal(weekly, np.array([seen[day][1] for day in (0, 7, 9)]))
