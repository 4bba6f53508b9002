"""Tests of the point forecasts without a model, against numbers worked out by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.analysis.observed_levels import observed
from teritwa.analysis.published_figures import KNOWN_UNTIL, Observation
from teritwa.analysis.reference_forecasts import (
    known_by,
    persistence,
    record_of,
    shipped,
    trend,
)
from teritwa.scenario import load
from teritwa.scenario.actions.contingents import Deploy


def stock(outcome: str, day: str, value: float) -> Observation:
    """Return what was read on a day."""
    when = date.fromisoformat(day)
    return Observation(outcome, when, when, value)


def count(outcome: str, start: str, end: str, value: float) -> Observation:
    """Return what was added up over a period."""
    return Observation(outcome, date.fromisoformat(start), date.fromisoformat(end), value)


def test_stocks_persist_or_follow_their_trend() -> None:
    """For 100, 200 and 150 on days 0, 10 and 20, the line is 150 on day 10 and 200 on day 30."""
    history = [
        stock("displaced", *one)
        for one in (("2024-03-01", 100), ("2024-03-11", 200), ("2024-03-21", 150))
    ]
    target = stock("displaced", "2024-03-31", 0)

    assert persistence(history, target) == 150
    assert trend(history, target, date(2024, 3, 30)) == pytest.approx(200)


def test_a_trend_goes_through_all_four_quarters_of_the_last_year() -> None:
    """For 1, 4, 3 and 6 a day in the quarters of 2025, and 99 before, the line has these numbers.

    The middles are days 44.5, 135, 226.5 and 318.5 of the year, 181.125 in the mean; with the rates
    less their mean, 3.5, the slope is 639.25 by 41,724.6875 a day. The middle of the first quarter
    of 2026 is day 409.5.
    """
    quarters = (
        ("2024-10-01", "2024-12-31", 99 * 92),
        ("2025-01-01", "2025-03-31", 1 * 90),
        ("2025-04-01", "2025-06-30", 4 * 91),
        ("2025-07-01", "2025-09-30", 3 * 92),
        ("2025-10-01", "2025-12-31", 6 * 92),
    )
    history = [count("kidnapped", *quarter) for quarter in quarters]
    target = count("kidnapped", "2026-01-01", "2026-03-31", 0)
    expected = 90 * (3.5 + 639.25 / 41724.6875 * (409.5 - 181.125))

    assert trend(history, target, date(2025, 12, 31)) == pytest.approx(expected)


def test_counts_are_rates_a_day() -> None:
    """30 in the 30 days of April and 62 in the 31 of May are 1 and 2 a day, so 60 in June.

    The middles are 15.5 April and 16 May, 30.5 days apart, and 15.5 June, 30.5 days later, so the
    trend is 3 a day, 90 in all.
    """
    history = [
        count("kidnapped", "2024-04-01", "2024-04-30", 30),
        count("kidnapped", "2024-05-01", "2024-05-31", 62),
    ]
    june, week = (
        count("kidnapped", "2024-06-01", "2024-06-30", 0),
        count("kidnapped", "2024-06-01", "2024-06-07", 0),
    )

    assert (persistence(history, june), persistence(history, week)) == (60, 14)
    assert trend(history, june, date(2024, 5, 31)) == pytest.approx(90)


def test_forecasts_rest_on_the_last_year_of_their_outcome() -> None:
    """Figures of earlier years, other outcomes and the order of figures change nothing."""
    last = [
        stock("gang_members", f"2024-0{month}-01", value)
        for month, value in ((6, 10), (7, 30), (8, 20))
    ]
    more = [stock("gang_members", "2023-08-01", 9999), stock("gang_firearms", "2024-08-02", 5)]
    target, origin = stock("gang_members", "2024-09-01", 0), date(2024, 8, 31)

    assert trend([*last, *more][::-1], target, origin) == trend(last, target, origin)
    assert persistence([*last, *more][::-1], target) == persistence(last, target) == 20
    assert trend([*last, *more], target, date(2025, 6, 30)) is not None
    assert trend([*last, *more], target, date(2025, 7, 1)) is None


def test_nothing_is_read_twice() -> None:
    """A year is passed over where its quarters are known; the quarter's rate stays."""
    quarters = [
        count("kidnapped", "2024-07-01", "2024-09-30", 184),
        count("kidnapped", "2024-10-01", "2024-12-31", 92),
    ]
    history = [*quarters, count("kidnapped", "2024-01-01", "2024-12-31", 3660)]

    assert record_of("kidnapped", history) == quarters
    assert persistence(history, count("kidnapped", "2025-01-01", "2025-01-10", 0)) == 10
    half = count("kidnapped", "2024-01-01", "2024-06-30", 1820)
    early = count("kidnapped", "2024-01-01", "2024-02-29", 60)
    assert record_of("kidnapped", [early, half]) == [half]


def test_bounds_of_a_trend() -> None:
    """A fall ends at 0; the rise of a share ends at 1, that of persons does not."""
    falling = [stock("gang_members", "2024-01-01", 10), stock("gang_members", "2024-01-02", 5)]
    rising = [stock("gang_members", "2024-01-01", 0.5), stock("gang_members", "2024-01-02", 0.75)]
    share = [
        stock("trust_in_forces", "2024-01-01", 0.5),
        stock("trust_in_forces", "2024-01-02", 0.75),
    ]

    origin = date(2024, 1, 8)
    assert trend(falling, stock("gang_members", "2024-01-09", 0), origin) == 0
    assert trend(rising, stock("gang_members", "2024-01-09", 0), origin) == pytest.approx(2.5)
    assert trend(share, stock("trust_in_forces", "2024-01-09", 0), origin) == 1


def test_too_little_history() -> None:
    """Without a figure there is no forecast; with one date there is no trend."""
    target = count("kidnapped", "2024-06-01", "2024-06-30", 0)
    one = count("kidnapped", "2024-05-10", "2024-05-20", 11)
    same = count("kidnapped", "2024-05-14", "2024-05-16", 6)

    origin = date(2024, 5, 31)
    assert (persistence([], target), trend([], target, origin)) == (None, None)
    assert (persistence([one], target), trend([one], target, origin)) == (30, None)
    assert trend([one, same], target, origin) is None


def test_what_is_known_by_a_day() -> None:
    """What ends by the day is known; of two figures of one day the last given counts."""
    early, late = stock("gang_members", "2024-05-01", 1), stock("gang_members", "2024-05-03", 3)
    over, other = (
        count("killed", "2024-01-01", "2024-05-02", 7),
        stock("gang_members", "2024-05-01", 2),
    )

    assert known_by(date(2024, 5, 2), [over, early, late, other]) == (other, over)
    assert known_by(date(2024, 4, 30), [over, early, late, other]) == ()


def test_what_ships_is_history() -> None:
    """Every figure that ships is there, with its days and its range."""
    assert len(shipped()) == len(observed()) > 20
    assert [(one.value, one.low, one.high) for one in shipped()] == [
        (o.value, o.low, o.high) for o in observed()
    ]
    assert {one.outcome for one in shipped() if one.is_count and one.days < 28} == set()


def test_the_mission_starts_from_all_who_are_there() -> None:
    """Those who land in the baseline by the last day known, 807, are within its last figure."""
    last = record_of("officers_deployed.mission", known_by(KNOWN_UNTIL, shipped()))[-1]
    landed = [
        int(str(event.action.officers))
        for event in load("baseline").events
        if isinstance(event.action, Deploy) and event.date and event.date <= KNOWN_UNTIL
    ]

    assert sum(landed) == 807
    assert last.low is not None
    assert last.high is not None
    assert last.low <= sum(landed) <= last.high


@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=5),
    st.integers(0, 10**6), st.integers(0, 10**4), st.integers(100, 200),
)  # fmt: skip
def test_a_line_is_continued(days: list[int], level: int, slope: int, ahead: int) -> None:
    """A rising line is continued exactly; doubling the figures doubles both forecasts."""
    when = sorted({date.fromordinal(700000 + day % 100) for day in days})
    history = [
        Observation("gang_members", day, day, level + slope * (day.toordinal() - 700000))
        for day in when
    ]
    twice = [Observation("gang_members", one.start, one.end, 2 * one.value) for one in history]
    day = date.fromordinal(700000 + ahead)
    target, last_day = Observation("gang_members", day, day, 0), date.fromordinal(700099)

    line, double = trend(history, target, last_day), trend(twice, target, last_day)
    if len(when) < 2:
        assert line is None
    else:
        assert line == pytest.approx(level + slope * ahead)
        assert line is not None
        assert double == pytest.approx(2 * line)
    last = persistence(history, target)
    assert last is not None
    assert persistence(twice, target) == 2 * last
