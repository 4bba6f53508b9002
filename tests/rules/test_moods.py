"""Moods: slow processes that begin at 0, keep their spread, and are shared by scenarios."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import normal, run_randomness, uniform
from teritwa.engine.records import as_rows, new_table
from teritwa.rules.agents.institutions import Month
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.moods import (
    FLIGHT_DRIFT,
    INJURIES_DRIFT,
    KIDNAPPING_DRIFT,
    LETHALITY_DRIFT,
    MONTH,
    OFFENSIVES_DRIFT,
    OPERATIONS_DRIFT,
    mood_factor,
    next_level,
    update_moods,
)
from teritwa.rules.schedule import run_day

DECISIONS = {
    "offensives": OFFENSIVES_DRIFT,
    "operations": OPERATIONS_DRIFT,
    "kidnapping": KIDNAPPING_DRIFT,
    "lethality": LETHALITY_DRIFT,
    "injuries": INJURIES_DRIFT,
    "flight": FLIGHT_DRIFT,
}
NAMES = tuple(DECISIONS)
SPREADS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
VALUES = {f"moods.{name}_spread": spread for name, spread in zip(NAMES, SPREADS, strict=True)} | {
    f"moods.{name}_time": 50.0 for name in NAMES
}


def levels(here: Any) -> list[float]:
    """Return the levels of all moods."""
    return [float(here.moods[name][0]) for name in NAMES]


def test_a_step_by_hand() -> None:
    """At a time of 1 / ln 2 steps half is kept, and the shock is sqrt(0.75) of the spread."""
    time = 1.0 / math.log(2.0)
    assert next_level(0.8, 0.4, time, 1.3) == pytest.approx(0.4 + 0.4 * math.sqrt(0.75) * 1.3)
    assert next_level(0.8, 0.4, time, 0.0) == pytest.approx(0.4)


def test_factors() -> None:
    """Level 0 is factor 1, and ln 2 doubles."""
    assert mood_factor(0.0) == 1.0
    assert mood_factor(math.log(2.0)) == pytest.approx(2.0)


def test_moods_move_along_a_line_to_the_end_of_the_month(country: Any) -> None:
    """From 0 each mood goes the same way each day, to a step by its own number and spread."""
    here = country(values=VALUES).begin()
    first = run_randomness(8, 0, 0, 0)
    kept = math.exp(-MONTH / 50.0)
    steps = [
        spread * math.sqrt(1.0 - kept**2) * normal(uniform(first, DECISIONS[name], COUNTRY))
        for name, spread in zip(NAMES, SPREADS, strict=True)
    ]
    for day in range(MONTH):
        update_moods(here.state, run_randomness(8, 0, 0, day))
        assert levels(here) == pytest.approx([(day + 1) / MONTH * step for step in steps])
    second = run_randomness(8, 0, 0, MONTH)
    for day in range(MONTH, 2 * MONTH):
        update_moods(here.state, run_randomness(8, 0, 0, day))
    assert levels(here) == pytest.approx(
        [
            kept * step
            + spread * math.sqrt(1.0 - kept**2) * normal(uniform(second, DECISIONS[name], COUNTRY))
            for step, name, spread in zip(steps, NAMES, SPREADS, strict=True)
        ]
    )


def test_a_known_month_has_its_own_numbers_and_length(country: Any) -> None:
    """Over a known February of 29 days the numbers drawn for it play no part."""
    here = country(values=VALUES).begin()
    known = new_table(Month, 2)
    known["first_day"], known["days"] = [0, 0], [0, 29]
    for place, name in enumerate(NAMES):
        known[name][1] = place - 2.0
    state = here.state._replace(months=as_rows(Month, known))
    for day in range(29):
        update_moods(state, run_randomness(8, 0, 0, day))
    share = math.sqrt(1.0 - math.exp(-2 * 29 / 50.0))
    assert levels(here) == pytest.approx(
        [spread * share * (place - 2.0) for place, spread in enumerate(SPREADS)]
    )


def test_moods_keep_their_spread_and_time(country: Any) -> None:
    """At the ends of 2,000 months (1,200 e-folding times) spread and correlation are as declared.

    The median factor is 1, within the error of some 600 independent months.
    """
    here = country(values=VALUES).begin()
    found = np.zeros((2_000, 6))
    for day in range(2_000 * MONTH):
        update_moods(here.state, run_randomness(8, 0, 0, day))
        found[day // MONTH] = levels(here)
    assert found.std(axis=0) == pytest.approx(SPREADS, rel=0.12)
    assert np.abs(np.median(found, axis=0) / SPREADS).max() < 0.25
    for column in found.T:
        assert np.corrcoef(column[:-1], column[1:])[0, 1] == pytest.approx(
            math.exp(-MONTH / 50.0), abs=0.1
        )


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_moods_stay(country: Any, enabled: bool) -> None:
    """Over five days all moods move; switched off, they stay at 0."""
    here = country(values={"moods.enabled": enabled}).begin()
    for day in range(5):
        run_day(here.state, run_randomness(8, 0, 0, day))
    assert all((level != 0.0) == enabled for level in levels(here))
