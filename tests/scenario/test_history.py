"""Tests of the known past of a draw: columns, scenarios of a draw, and runs that replay it."""

from collections.abc import Callable
from datetime import date

import pytest

from teritwa.scenario import ScenarioError
from teritwa.scenario.history import (
    MOODS,
    History,
    KnownMonth,
    columns_of,
    history_of,
    missing_column,
    month_of,
)
from teritwa.scenario.scenario import AFTER_ORIGIN, Scenario

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


def test_columns_and_back() -> None:
    """A history is the numbers of its columns, and these the history."""
    assert history_of(PAST.columns()) == PAST
    assert (PAST.start, PAST.origin) == (date(2024, 1, 1), date(2024, 2, 29))
    assert columns_of(date(2024, 1, 1))[0] == "month_2024_01.chance"
    assert history_of({"attack.rate": 1.0}) is None


def test_what_a_past_gives_stands_beside_it(write: Write) -> None:
    """Columns of what it gives are kept as they are, and change no run and no parameter."""
    gives = (("run.killed_counted.sum.2024_01_01.2024_01_31", 123.0),)
    told = History(PAST.months, gives)
    with_it = write(past=told)
    read, parameters = with_it.history_of(0), dict(with_it.parameters(0))

    assert history_of(told.columns()) == told
    assert read == told
    assert parameters == dict(write().parameters(0))  # in the place of the same file


@pytest.mark.parametrize(
    "name", ["month_2024_13.chance", "month_2024_01.hope", "month_24_1.chance"]
)
def test_other_names_are_no_months(name: str) -> None:
    """A month that there is not, and a mood that there is not, are no columns of a history."""
    assert month_of(name) is None


def test_a_month_left_out_is_named() -> None:
    """Months are whole, and none is missing between the first and the last."""
    march = columns_of(date(2024, 3, 1))
    january = columns_of(date(2024, 1, 1))

    assert missing_column([*january, *march]) == "month_2024_02.chance"
    assert missing_column(january[:-1]) == january[-1]
    assert missing_column(january) == ""


def test_scenario_of_a_draw_is_whole(write: Write) -> None:
    """It has the values of the draw, its past, and once taken it stays as it is."""
    scenario = write("params: {membership.recruitment_rate: 0}")
    in_draw = scenario.in_draw(1)

    assert in_draw.history == PAST
    assert in_draw.params["membership.recruitment_rate"] == 1.5
    assert [event.id for event in in_draw.events if event.id == AFTER_ORIGIN] == [AFTER_ORIGIN]
    assert in_draw.in_draw(1) == in_draw
    assert scenario.in_draw(0).digest() != in_draw.digest()


def test_what_describes_day_0_is_of_day_0(write: Write) -> None:
    """A parameter of day 0 cannot act later, so it acts from the first day."""
    in_draw = write("params: {membership.fighters_day0: 900}").in_draw(0)

    assert in_draw.params["membership.fighters_day0"] == 900
    assert AFTER_ORIGIN not in [event.id for event in in_draw.events]


def test_events_of_the_past_have_its_chance(write: Write) -> None:
    """An event with a window before the origin falls on one day in all replicates of a draw."""
    scenario = write()
    days = {
        replicate: {one.event: one.day for one in scenario.schedule(0, replicate)}
        for replicate in range(8)
    }

    assert len({found["keeland-arrives"] for found in days.values()}) == 1
    happened = {"coalition" in found for found in days.values()}
    assert happened == {True, False}  # of a chance of 0.8: what might have been is each run's own


def test_a_past_that_begins_on_another_day_is_refused(write: Write) -> None:
    """A scenario that begins elsewhere than the past cannot replay it, and the message says so."""
    with pytest.raises(ScenarioError, match="a past from 2024-02-01; this scenario begins on 2024"):
        write(past=History((FEBRUARY,)))


def test_from_when_parameters_act_is_one_of_two(write: Write) -> None:
    """Another word is a mistake with its place."""
    with pytest.raises(ScenarioError, match="params_from"):
        write("params_from: tomorrow")
