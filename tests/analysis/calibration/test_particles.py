"""Tests of particles: rows of a posterior, and their months."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from teritwa.analysis.calibration.guess import no_guess
from teritwa.analysis.calibration.particles import (
    Prior,
    Stream,
    rounded,
    spread_out,
)
from teritwa.rules.registry import registry
from teritwa.scenario.history import MOODS, columns_of, history_of, month_starts

MONTHS = (date(2024, 12, 1), date(2025, 1, 1))


def stream(seed: int = 1) -> Stream:
    """Return a source of chance."""
    return Stream(np.random.PCG64(seed))  # noqa: TID251  # the method's own


def test_row_has_parameters_and_the_known_months() -> None:
    """A row holds what a table does: parameters in their units, chance and moods of each month."""
    prior = Prior((registry()["attack.rate"],), None, MONTHS)
    particles = prior.draw(3, stream())
    row = prior.rows(particles, no_guess(prior.size))[2]
    history = history_of(row)

    assert list(row) == ["attack.rate", *columns_of(MONTHS[0]), *columns_of(MONTHS[1])]
    assert registry()["attack.rate"].low <= row["attack.rate"] <= registry()["attack.rate"].high
    assert history is not None
    for number, month in enumerate(history.months):
        first = 1 + number * len(MOODS)
        moods = rounded(particles.scores[2, first : first + len(MOODS)])
        assert month.chance == particles.chance[2, number]
        assert month.numbers == tuple(moods)


def test_guess_moves_the_numbers_of_a_row() -> None:
    """A row holds numbers, not scores: with a guess that is 1 higher, moods are 1 higher."""
    prior = Prior((registry()["attack.rate"],), None, MONTHS)
    particles, nothing = prior.draw(1, stream()), no_guess(prior.size)
    higher = replace(nothing, mean=np.ones(prior.size))
    low, high = (history_of(prior.rows(particles, one)[0]) for one in (nothing, higher))

    assert low is not None
    assert high is not None
    assert np.subtract(high.months[1].numbers, low.months[1].numbers) == pytest.approx(1.0)


def test_numbers_are_kept_as_a_table_holds_them() -> None:
    """Four decimal places, and nothing further out than a table may hold."""
    assert rounded(np.array([0.123456, -50.0])).tolist() == [0.1235, -9.0]


def test_rows_that_differ_come_first() -> None:
    """Of equal rows one is chosen before any is chosen twice."""
    rows = [{"a": 1.0}, {"a": 1.0}, {"a": 2.0}, {"a": 3.0}]
    chosen = spread_out(rows, 3)

    assert sorted(rows[number]["a"] for number in chosen) == [1.0, 2.0, 3.0]
    assert len(spread_out(rows, 4)) == 4


def test_months_across_a_year() -> None:
    """All months between two days, those of both included."""
    found = month_starts(date(2024, 11, 15), date(2025, 1, 31))

    assert found == (date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1))
