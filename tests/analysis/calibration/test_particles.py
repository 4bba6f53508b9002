"""Tests of particles: rows of a posterior, steps that keep the prior, months."""

from datetime import date

import numpy as np
import pytest

from teritwa.analysis.calibration.particles import (
    Prior,
    Stream,
    rounded,
    spread_out,
    stepped,
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
    row = particles.values(prior, 1)[2]
    history = history_of(row)

    assert list(row) == ["attack.rate", *columns_of(MONTHS[0])]
    assert registry()["attack.rate"].low <= row["attack.rate"] <= registry()["attack.rate"].high
    assert history is not None
    assert history.months[0].chance == particles.chance[2, 0]
    assert history.months[0].numbers == tuple(particles.moods[2, 0])
    assert len(history.months[0].numbers) == len(MOODS)


@pytest.mark.parametrize("step", [0.05, 0.5, 1.0])
def test_steps_keep_the_standard_normal_distribution(step: float) -> None:
    """After many steps numbers that began as standard normal are standard normal."""
    source = stream()
    numbers = source.standard_normal(20_000)
    moved = np.ones(20_000, bool)
    for _ in range(20):
        numbers = stepped(numbers, step, source, moved)

    assert numbers.mean() == pytest.approx(0.0, abs=0.03)
    assert numbers.std() == pytest.approx(1.0, abs=0.02)


def test_what_is_not_moved_stays() -> None:
    """A step moves the chosen numbers alone."""
    before = np.array([1.0, 2.0])
    after = stepped(before, 0.5, stream(), np.array([False, True]))

    assert after[0] == 1.0
    assert after[1] != 2.0


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
