"""Runs replay the known past of a draw, and go on with their own chance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from teritwa.scenario.history import (
    MOODS,
    History,
    KnownMonth,
)
from teritwa.scenario.scenario import Scenario
from teritwa.simulation.model import Mission

JANUARY = KnownMonth(date(2024, 1, 1), 7, (2.0, -1.0, 0.5, 0.0, 1.0, -0.5))
FEBRUARY = KnownMonth(date(2024, 2, 1), 8, (0.0,) * len(MOODS))
PAST = History((JANUARY, FEBRUARY))
ORIGIN_DAY = 59
"""Days of January and February 2024, a leap year, less the first: the last known day."""

Write = Callable[..., Scenario]


@pytest.fixture
def write(with_past: Write) -> Write:
    """Load the island with a known past of two months, or another."""
    return lambda more="", past=PAST: with_past(past, more)


def test_replicates_share_the_past_and_not_the_future(write: Write) -> None:
    """Up to the origin all replicates are one run; on the day after it chance is their own."""
    scenario = write()
    one, other = (Mission(scenario, 0, replicate).run() for replicate in (0, 1))

    same = {
        name: np.array_equal(one[name][:ORIGIN_DAY], other[name][:ORIGIN_DAY])
        for name in ("killed", "displaced", "mood_of_offensives", "gang_members")
    }
    assert same == dict.fromkeys(same, True)
    assert not np.array_equal(one["killed"], other["killed"])
    assert not np.array_equal(one["mood_of_offensives"], other["mood_of_offensives"])


def test_moods_reach_what_is_known(write: Write) -> None:
    """At the end of January each mood is a step from 0 by its number, in a straight line."""
    scenario = write("params: {moods.offensives_spread: 0.4, moods.offensives_time: 100}")
    level = Mission(replace(scenario, params_from="start"), 0, 0).run()["mood_of_offensives"]
    kept = np.exp(-31 / 100)
    expected = 0.4 * np.sqrt(1 - kept**2) * 2.0

    assert level[30] == pytest.approx(expected, rel=1e-6)
    assert level[14] == pytest.approx(expected * 15 / 31, rel=1e-6)
    assert level[59] == pytest.approx(np.exp(-29 / 100) * expected, rel=1e-6)  # a step of 0


def test_chance_of_a_month_changes_nothing_before_it(write: Write) -> None:
    """Another number for February leaves January as it was."""
    other = History((JANUARY, replace(FEBRUARY, chance=9)))
    one, two = (Mission(write(past=past), 0, 0).run() for past in (PAST, other))

    assert np.array_equal(one["killed"][:31], two["killed"][:31])
    assert not np.array_equal(one["killed"], two["killed"])


def test_parameters_act_after_the_origin(write: Write) -> None:
    """A scenario's own parameter takes its place on the day after; before, the draw's acts."""
    plain, own = write(), write("params: {membership.recruitment_rate: 0}")
    one, two = (Mission(scenario, 1, 0).run() for scenario in (plain, own))
    recruited = two["recruited"]

    assert np.array_equal(one["recruited"][: ORIGIN_DAY + 1], recruited[: ORIGIN_DAY + 1])
    assert recruited[: ORIGIN_DAY + 1].sum() > 0
    assert recruited[ORIGIN_DAY + 1 :].sum() == 0


def test_parameters_act_from_the_start_if_the_file_says_so(write: Write) -> None:
    """With params_from: start nothing waits for the origin."""
    own = write("params: {membership.recruitment_rate: 0}\nparams_from: start")

    assert Mission(own, 1, 0).run()["recruited"].sum() == 0
