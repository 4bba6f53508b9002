"""Tests of one run replayed day by day: it is the stored run, and its days add up to it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.district_history import scenario_of
from teritwa.analysis.district_replay import (
    DRIVEN_OUT,
    STATE_NAME,
    Day,
    DistrictReplay,
    replay_district,
)
from teritwa.engine.errors import InputError
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.result import Result
from teritwa.scenario import Scenario

QUIET = Day(STATE_NAME, 0.0, "", False, 0, 0, 0, 0, 0, (), ())


def run_of(*stretches: tuple[int, dict[str, Any]]) -> DistrictReplay:
    """Return a run from 1 January 2024 made of stretches of days that differ from a quiet one."""
    return DistrictReplay(
        (0, 0),
        date(2024, 1, 1),
        tuple(replace(QUIET, **what) for days, what in stretches for _ in range(days)),
    )


def test_episodes_by_hand() -> None:
    """20 days under the state and 30 under a gang that attacks its people are two episodes."""
    attack = {"attacker": "Reds", "killed": 3, "fled": 40, "displaced_from": 40}
    gang = {"holder": "Reds", "influence": 0.8, "displaced_from": 100}
    operation = {"displaced_from": 80, "operated": ("police",), "changes": (DRIVEN_OUT,)}
    attack_by_holder = {"attacker": "Reds", "by_holder": True, "killed": 5, "kidnapped": 2}
    replay = run_of((9, {}), (2, attack), (9, operation), (29, gang), (1, gang | attack_by_holder))
    state, reds = replay.episodes
    assert (state.first, state.last, state.holders) == (
        date(2024, 1, 1),
        date(2024, 1, 20),
        {STATE_NAME: 20},
    )
    assert (
        state.attacks,
        state.attacks_by_holder,
        state.killed,
        state.fled,
        state.displaced_from,
    ) == ({"Reds": 2}, 0, 6, 80, 80)
    assert (state.operated, len(state.changes)) == ({"police": 9, "army": 0, "mission": 0}, 9)
    assert (reds.first, reds.last, reds.holders) == (
        date(2024, 1, 21),
        date(2024, 2, 19),
        {"Reds": 30},
    )
    assert (
        reds.attacks,
        reds.attacks_by_holder,
        reds.killed,
        reds.kidnapped,
        reds.displaced_from,
    ) == ({}, 1, 5, 2, 100)


def test_brief_times_are_joined() -> None:
    """Between episodes of 14 days, 13, 5 and 7 days make one contested episode."""
    reds, blues = {"holder": "Reds"}, {"holder": "Blues"}
    replay = run_of((14, {}), (13, reds), (5, {}), (7, blues), (14, reds), (3, {}))
    assert [episode.holders for episode in replay.episodes] == [
        {STATE_NAME: 14}, {"Reds": 13, "Blues": 7, STATE_NAME: 5}, {"Reds": 14}, {STATE_NAME: 3},
    ]  # fmt: skip
    days = [(episode.last - episode.first).days + 1 for episode in replay.episodes]
    assert (days, sum(days)) == ([14, 25, 14, 3], len(replay.days))


@pytest.fixture
def island(small_scenario: Callable[..., Scenario], tmp_path: Path) -> Result:
    """Two runs of 24 days on the island, with many attacks."""
    return ensemble.run(
        [small_scenario(days=24).replace(replicates=2, params={"attack.rate": 5.0})],
        out=tmp_path,
        jobs=1,
    )[0]


@pytest.mark.slow
def test_a_replay_is_the_run_that_was_stored(island: Result) -> None:
    """Over all districts its days add up to the counts of the run, and its weeks are as stored."""
    scenario = scenario_of(island)
    replays = [
        replay_district(island, scenario, row, (0, 1))
        for row in range(len(island.labels("district")))
    ]
    days = [day for one in replays for day in one.days]
    counts = {
        name: int(island.runs(name)[1].sum())
        for name in ("attacks", "operations", "cleared", "kidnapped")
    }
    assert counts == {
        "attacks": sum(bool(day.attacker) for day in days),
        "operations": sum(bool(day.operated) for day in days),
        "cleared": sum(DRIVEN_OUT in day.changes for day in days),
        "kidnapped": sum(day.kidnapped for day in days),
    }
    assert counts["attacks"] > 0
    assert sum(day.fled for day in days) == island.runs("newly_displaced")[1].sum()
    assert [sum(one.days[i].displaced_from for one in replays) for i in range(24)] == island.runs(
        "displaced"
    )[1].tolist()
    weekly = np.array([[one.days[day].influence for one in replays] for day in (0, 7, 14, 21, 23)])
    np.testing.assert_array_equal(weekly.astype("f4"), island.runs("gang_influence")[1])


def test_another_run_is_not_shown_as_this_one(island: Result) -> None:
    """If the program gives other values than those stored, it says so and shows nothing."""
    scenario = scenario_of(island)
    changed = (
        island.runs("gang_influence")[0, -1] != island.runs("gang_influence")[1, -1]
    ).argmax()
    same = replace(island, manifest=island.manifest)
    same.__dict__["pairs"] = island.pairs[::-1]  # the stored runs stand in each other's place
    with pytest.raises(InputError, match="gives other runs than those stored"):
        replay_district(same, scenario, int(changed), (0, 0))


def test_a_scenario_that_changed_is_not_taken_for_the_one_that_ran(island: Result) -> None:
    """A resolved file whose digest is not that of the manifest is refused."""
    with pytest.raises(InputError, match="has changed since it ran"):
        scenario_of(replace(island, manifest={**island.manifest, "digest": "another"}))


def test_a_world_that_is_gone_is_named(island: Result, tmp_path: Path) -> None:
    """A result that was moved away from its world cannot be run again, and says so."""
    elsewhere = tmp_path / "elsewhere" / "deep" / "made"
    shutil.copytree(island.path, elsewhere)
    with pytest.raises(InputError, match="world"):
        scenario_of(replace(island, path=elsewhere))
