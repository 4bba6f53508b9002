"""Moods: slow processes that begin at 0, keep their spread, and are shared by scenarios."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import normal, run_randomness, uniform
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.moods import (
    KIDNAPPING_DRIFT,
    LETHALITY_DRIFT,
    OFFENSIVES_DRIFT,
    OPERATIONS_DRIFT,
    mood_factor,
    next_level,
    update_moods,
)
from teritwa.rules.schedule import run_day

NAMES = ("offensives", "operations", "kidnapping", "lethality")
DECISIONS = (OFFENSIVES_DRIFT, OPERATIONS_DRIFT, KIDNAPPING_DRIFT, LETHALITY_DRIFT)
VALUES = {f"moods.{name}_spread": 0.1 * (place + 1) for place, name in enumerate(NAMES)}
TIMES = {f"moods.{name}_time": 50.0 for name in NAMES}


def test_a_step_by_hand() -> None:
    """At a time of 1 / ln 2 days half is kept, and the shock is sqrt(0.75) of the spread."""
    time = 1.0 / math.log(2.0)
    level = next_level(0.8, 0.4, time, 0.9)
    assert level == pytest.approx(0.4 + 0.4 * math.sqrt(0.75) * normal(0.9))
    assert next_level(0.8, 0.4, time, 0.5) == pytest.approx(0.4)


def test_factors() -> None:
    """Level 0 is factor 1, and ln 2 doubles."""
    assert mood_factor(0.0) == 1.0
    assert mood_factor(math.log(2.0)) == pytest.approx(2.0)


def test_moods_begin_at_zero_and_move_apart(country: Any) -> None:
    """On day 0 all moods are 0; on day 1 each has moved by its own number and spread."""
    here = country(values={**VALUES, **TIMES}).begin()
    update_moods(here.state, run_randomness(8, 0, 0, 0))
    assert [here.moods[name][0] for name in NAMES] == [0.0] * 4
    today = run_randomness(8, 0, 0, 1)
    update_moods(here.state, today)
    step = math.sqrt(1.0 - math.exp(-2.0 / 50.0))
    for item, name in enumerate(NAMES):
        shock = normal(uniform(today, DECISIONS[item], COUNTRY))
        assert here.moods[name][0] == pytest.approx(0.1 * (item + 1) * step * shock)


def test_moods_keep_their_spread_and_time(country: Any) -> None:
    """Over 40,000 days (800 e-folding times) spread and correlation after 50 days are as declared.

    The median factor is 1, within the error of some 400 independent days.
    """
    here = country(values={**VALUES, **TIMES}).begin()
    found = np.zeros((40_000, 4))
    for day in range(40_000):
        update_moods(here.state, run_randomness(8, 0, 0, day))
        found[day] = [here.moods[name][0] for name in NAMES]
    assert found.std(axis=0) == pytest.approx([0.1, 0.2, 0.3, 0.4], rel=0.15)
    assert np.abs(np.median(found, axis=0) / [0.1, 0.2, 0.3, 0.4]).max() < 0.3
    for column in found.T:
        assert np.corrcoef(column[:-50], column[50:])[0, 1] == pytest.approx(
            math.exp(-1.0), abs=0.13
        )


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_moods_stay(country: Any, enabled: bool) -> None:
    """Over five days all moods move; switched off, they stay at 0."""
    here = country(values={"moods.enabled": enabled}).begin()
    for day in range(5):
        run_day(here.state, run_randomness(8, 0, 0, day))
    assert all((here.moods[name][0] != 0.0) == enabled for name in NAMES)
