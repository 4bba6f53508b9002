"""Sentences about a district: histories worked out by hand give exactly these words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.district_history import DistrictHistory
from teritwa.analysis.district_replay import DRIVEN_OUT, RETURNED, STATE_NAME, Day, DistrictReplay
from teritwa.report.district_history import daily_sentences, history_sentences, weekly_sentences

WEEKS = np.array(
    ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29"], "datetime64[D]"
)
INFLUENCE = np.array(
    [
        [0.1, 0.6, 0.6, 0.6, 0.6],
        [0.1, 0.1, 0.5, 0.2, 0.7],
        [0.1, 0.1, 0.1, 0.1, 0.1],
        [0.9, 0.9, 0.4, 0.4, 0.4],
    ]
)
QUIET = Day(STATE_NAME, 0.0, "", False, 0, 0, 0, 0, 0, (), ())

Build = Callable[..., DistrictHistory]


@pytest.fixture
def history() -> Build:
    """Build the history of a port of 2,000 people in as many runs as there are influences."""

    def build(influence: Any = INFLUENCE, events: Any = ()) -> DistrictHistory:
        values = np.asarray(influence, float)
        ones = np.ones(values.shape)
        pairs = tuple((0, replicate) for replicate in range(len(values)))
        return DistrictHistory(
            0, "Port", True, WEEKS, pairs, values, values >= 0.5,
            2000 * ones, 500 * ones, 20 * ones, 40 * ones, events,
        )  # fmt: skip

    return build


def test_four_runs_in_words(history: Build) -> None:
    """Each share, date and level is the one worked out by hand."""
    events = ((date(2024, 1, 5), "offensive"), (date(2024, 1, 9), "operation?"))
    assert history_sentences(history(events=events)) == [
        "Port, in the capital: 4 runs, 1 January 2024 to 29 January 2024. Places are stored by "
        "the week, so what happens within a week goes unseen.",
        "Gangs hold it in 25 % of the runs at the start and in 50 % at the end.",
        "It falls from the state to gangs at least once in 50 % of the runs (2 of 4); half of "
        "these first falls come by 8 January 2024, nine tenths from 8 January 2024 to "
        "15 January 2024.",
        "The state regains it in 50 % of the runs (2 of 4), once each.",
        "Gang influence: median 10 % at the start, 50 % at the end (90 % of the runs: 14 to 68 %).",
        "Residents at home: median 2,000 at the start, 2,000 at the end (90 % of the runs: 2,000 "
        "to 2,000).",
        "Displaced people who stay there: median 500 at the start, 500 at the end (90 % of the "
        "runs: 500 to 500).",
        "Officers posted there: median 20 at the start, 20 at the end (90 % of the runs: 20 to "
        "20).",
        "Gang fighters there: median 40 at the start, 40 at the end (90 % of the runs: 40 to 40).",
        "Events of the scenario that name it: 5 January 2024 offensive; 9 January 2024 operation "
        "(not in every run).",
    ]


@pytest.mark.parametrize(
    ("influence", "falls", "regained"),
    [
        (
            [[0.1] * 5],
            "It falls from the state to gangs in no run.",
            "The state regains it in no run.",
        ),
        (
            [[0.9] * 5],
            "It falls from the state to gangs in no run.",
            "The state regains it in no run.",
        ),
        (
            [[0, 1, 0, 1, 0]],
            "It falls from the state to gangs at least once in 100 % of the runs (1 of 1), in the "
            "week to 8 January 2024.",
            "The state regains it in 100 % of the runs (1 of 1), up to 2 times.",
        ),
    ],
)
def test_never_and_always(history: Build, influence: Any, falls: str, regained: str) -> None:
    """Never falling, being held throughout and changing hands each week have their own words."""
    sentences = history_sentences(history(influence))
    assert (sentences[2], sentences[3]) == (falls, regained)


def test_rare_is_not_never(history: Build) -> None:
    """One run of 300 is under 1 %, 299 are over 99 %."""
    influence = np.zeros((300, 5))
    influence[0, 1:] = 1
    assert "under 1 % of the runs (1 of 300)" in history_sentences(history(influence))[2]
    influence = np.ones((300, 5))
    influence[:299, 0] = 0
    assert "over 99 % of the runs (299 of 300)" in history_sentences(history(influence))[2]


def test_events_that_are_unknown_or_not_there(history: Build) -> None:
    """Without a readable scenario, and without events, the last line says which."""
    assert history_sentences(history(events=()))[-1] == "No dated event of the scenario names it."
    unknown = history_sentences(history(events=None))[-1]
    assert unknown.startswith("Whether the scenario names it cannot be told")


def test_a_run_by_week(history: Build) -> None:
    """A run alone has its falls and returns by week, or never changes hands."""
    assert weekly_sentences(history(), (0, 1)) == [
        "Run 0.1, by the week: held by the state at the start; by 15 January 2024 it falls; by "
        "22 January 2024 the state regains it; by 29 January 2024 it falls; held by gangs at the "
        "end."
    ]
    assert weekly_sentences(history(), (0, 2)) == [
        "Run 0.2, by the week: held by the state at the start; it never changes hands; held by "
        "the state at the end."
    ]


def test_a_run_by_day() -> None:
    """A run of 40 days in three episodes gives exactly these lines."""

    def days(count: int, **what: Any) -> list[Day]:
        return [replace(QUIET, **what)] * count

    lost = ("its police station was lost",)
    replay = DistrictReplay((3, 1), date(2024, 1, 1), (
        *days(13),
        *days(1, attacker="Reds", killed=1, fled=1, displaced_from=1, changes=lost),
        *days(1, displaced_from=1, operated=("police", "mission"), bystanders=2,
              changes=(DRIVEN_OUT,)),
        *days(1, displaced_from=1, changes=(RETURNED,)),
        *days(1, displaced_from=1, changes=(DRIVEN_OUT,)),
        *days(20, holder="Reds", displaced_from=1200),
        *days(1, holder="Reds", attacker="Reds", by_holder=True, kidnapped=1),
        *days(1, holder="Blues", killed=7),
        *days(1),
    ))  # fmt: skip
    assert daily_sentences(replay) == [
        "Run 3.1, told day by day by running it again:",
        "1 January 2024 to 17 January 2024 (17 days), the state: Gangs attack once (Reds: 1). "
        "Gangs kill 1 civilian. 1 resident flees. Days with operations: police 1, mission 1. "
        "Forces kill 2 civilians. Forces drove its crew into hiding twice, first on "
        "15 January 2024, last on 17 January 2024. The crew came back out of hiding on "
        "16 January 2024. Its police station was lost on 14 January 2024. Displaced from it as "
        "this ends: 1.",
        "18 January 2024 to 7 February 2024 (21 days), Reds: Those who hold it attack its people "
        "once. Gangs kidnap 1 civilian. Displaced from it as this ends: 0.",
        "8 February 2024 to 9 February 2024 (2 days), contested (in days, Blues: 1; the state: "
        "1): Gangs kill 7 civilians. Displaced from it as this ends: 0.",
    ]
