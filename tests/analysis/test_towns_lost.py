"""Tests of the towns that gangs gain between two dates."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.towns_lost import towns_lost_since
from teritwa.ensemble.result import Result, ResultError

Make = Callable[..., Result]


def held(plain: list[list[int]], island: list[list[int]]) -> NDArray[np.int8]:
    """Return held districts (draw, replicate, week, district); two change in the last week."""
    by_gangs = np.zeros((1, 4, 54, 4), np.int8)
    by_gangs[:, :, :, :2] = 1
    by_gangs[0, :, 0, 2], by_gangs[0, :, -1, 2] = plain
    by_gangs[0, :, 0, 3], by_gangs[0, :, -1, 3] = island
    return by_gangs


def test_towns_lost_are_counted_and_named(made_up: Make) -> None:
    """By hand: plain is lost in 3 of 4 runs; island is held from the start in one, and regained."""
    by_gangs = held([[0] * 4, [1, 1, 0, 1]], [[0, 0, 0, 1], [1, 0, 0, 0]])
    lost = towns_lost_since(made_up({"held_by_gangs": by_gangs}), date(2025, 1, 2))

    assert lost.net.tolist() == [2, 1, 0, 0]
    assert lost.lost == {"plain": 0.75, "island": 0.25}
    assert lost.regained == {"island": 0.25}
    assert (lost.since, lost.until) == (date(2024, 12, 30), date(2026, 1, 2))


def test_towns_lost_uses_the_last_week_not_after_each_date(made_up: Make) -> None:
    """Nothing changes between two dates in the same stored week."""
    by_gangs = held([[0] * 4, [1] * 4], [[0] * 4, [0] * 4])
    result = made_up({"held_by_gangs": by_gangs})
    within_a_week = towns_lost_since(result, date(2024, 12, 31), date(2025, 1, 4))

    assert within_a_week.net.tolist() == [0, 0, 0, 0]
    assert towns_lost_since(result, date(2026, 1, 1)).net.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2023, 1, 1), None),
        (date(2025, 6, 1), date(2025, 1, 1)),
        (date(2025, 6, 1), date(2030, 1, 1)),
    ],
)
def test_towns_lost_refuses_dates_it_does_not_have(
    made_up: Make, since: date, until: date | None
) -> None:
    """Dates before the start, after the end or in the wrong order are refused."""
    with pytest.raises(ResultError, match="no towns to count"):
        towns_lost_since(made_up(), since, until)
