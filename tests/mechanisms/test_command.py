"""Command: what headquarters believes, which districts it picks, and who is sent where."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.agents.district import NO_ONE
from teritwa.agents.police_unit import AT_HOME, FOREIGN, OPERATING, SOLDIERS, SPECIAL, STATION
from teritwa.mechanisms.command import (
    JUDGES,
    SENT_OUT,
    TAKES_TARGET,
    fade_heat,
    give_orders,
    judge,
    nearest_need,
    rank_targets,
    tempo,
)
from teritwa.noise import chance, normal, uniform

VALUES = {
    "command.operations": 2, "command.sent_share": 0.4, "command.foreign_sent_share": 0.7, "command.response": 0.5,
    "command.usual_heat": 16.0, "command.most_sent": 0.9, "command.routine": 0.2,
    "command.depth": 0.25, "command.reach": 1.5, "command.error": 1.0, "command.memory": 10.0,
    "intelligence.visible": 0.5, "intelligence.cooperation": 0.4,
}  # fmt: skip
TODAY = chance(10, 0, 0, 4)


def test_attention_fades(country: Any) -> None:
    """With a memory of 10 days, 1/e of an attack is remembered after 10 days."""
    here = country(2, values=VALUES)
    here.districts["heat"] = [5.0, 0.0]
    for _ in range(10):
        fade_heat(here.state)
    assert here.districts["heat"].tolist() == pytest.approx([5.0 / math.e, 0.0])


def test_command_judges_with_an_error(country: Any) -> None:
    """(0.2 + heat) * (0.25 + 0.75 * (1 - threat)), tenfold where ordered, times exp(error * unknown * z)."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["fighters"] = [10, 0, 0]
    here.districts["wanted"] = [1.0, 1.0, 10.0]
    here.districts["heat"], here.districts["threat"] = [3.0, 3.0, 0.0], [0.6, 0.6, 1.0]
    here.districts["gang_influence"], here.districts["score"] = [1.0, 1.0, 0.0], 99.0
    judge(here.state, TODAY)
    slips = [math.exp(unknown * normal(uniform(TODAY, JUDGES, who))) for who, unknown in ((1000, 0.5), (1002, 0.3))]
    assert here.districts["score"].tolist() == pytest.approx([3.2 * 0.55 * slips[0], 0.0, 10 * 0.2 * 0.25 * slips[1]])


def test_command_that_errs_not_sees_what_is(country: Any) -> None:
    """Without error the score is what the rule says."""
    here = country(2, values={**VALUES, "command.error": 0.0})
    here.districts["fighters"], here.districts["heat"] = 1, [0.0, 1.8]
    judge(here.state, TODAY)
    assert here.districts["score"].tolist() == pytest.approx([0.2, 2.0])


@pytest.mark.parametrize(
    ("scores", "allowed", "ranked"),
    [
        ([1.0, 3.0, 2.0, 9.0], 2, [1, 2]), ([1.0, 3.0, 2.0, 9.0], 3, [1, 2, 0]), ([1.0, 3.0, 2.0, 9.0], 8, [1, 2, 0]),
        ([2.0, 2.0, 2.0, 2.0], 2, [0, 1]), ([0.0, 0.0, 5.0, 5.0], 2, [2]), ([0.0, 0.0, 0.0, 5.0], 2, []),
    ],
)  # fmt: skip
def test_the_most_wanted_of_the_capital_are_ranked(
    country: Any, scores: list[float], allowed: int, ranked: list[int]
) -> None:
    """The best of the capital come first, ties by row, at most as many as operations a day; no score, no target."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values={**VALUES, "command.operations": allowed})
    here.districts["score"], here.districts["metropolitan"][3] = scores, False
    targets = np.zeros(8, np.int64)
    found = rank_targets(here.state, targets)
    assert targets[:found].tolist() == ranked


def test_a_unit_looks_for_need_within_its_reach(country: Any) -> None:
    """Of places within 1.5 hours of its quarters the most wanted; if none is wanted, none."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values=VALUES)
    here.unit(0, 0, 5)
    here.hours[0] = [0.0, 1.5, 1.6, np.inf]
    here.districts["score"] = [1.0, 2.0, 3.0, 4.0]
    assert nearest_need(here.state, here.state.units[0]) == 1
    here.districts["score"] = [0.0, 0.0, 3.0, 4.0]
    assert nearest_need(here.state, here.state.units[0]) == NO_ONE


@pytest.mark.parametrize(("heat", "busy"), [(16.0, 1.0), (64.0, 2.0), (4.0, 0.5), (0.0, 0.25), (0.5, 0.25)])
def test_tempo_follows_attacks(country: Any, heat: float, busy: float) -> None:
    """With an elasticity of one half four times the usual attacks double the tempo; below one attack it is least."""
    here = country(2, values=VALUES)
    here.districts["heat"] = heat / 2
    assert tempo(here.state) == pytest.approx(busy)


def forces(country: Any, kind: int, contingent: int = 0) -> Any:
    """Return six units of a kind in district 0, with 1 and 2 wanted and near, at the usual tempo."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    for _ in range(6):
        here.unit(contingent, 0, 10, kind=kind)
    here.districts["score"], here.districts["heat"][0] = [0.0, 2.0, 1.0], 16.0
    return here.begin()


@pytest.mark.parametrize(
    ("kind", "contingent", "share"), [(SPECIAL, 0, 0.4), (SOLDIERS, 1, 0.4), (FOREIGN, 2, 0.7), (STATION, 0, 0.0)]
)
def test_mobile_units_are_sent_out(country: Any, kind: int, contingent: int, share: float) -> None:
    """A unit goes out when its number is below its share, to the target it draws; stations stay."""
    here = forces(country, kind, contingent)
    for day in range(20):
        today = chance(10, 0, 0, day)
        give_orders(here.state, today, np.zeros(8, np.int64))
        for row in range(6):
            sent = uniform(today, SENT_OUT, 5000 + row) < share
            place = [1, 2][int(2 * uniform(today, TAKES_TARGET, 5000 + row))] if sent else 0
            assert here.units["task"][row] == (OPERATING if sent else AT_HOME)
            assert here.units["district"][row] == place
            assert not sent or here.units["operated"][row] == place


def test_orders_bring_everybody_home_first(country: Any) -> None:
    """Each morning starts from quarters: yesterday's places, tasks and nights are forgotten."""
    here = forces(country, STATION)
    here.units["district"][:6], here.units["task"][:6], here.units["night_share"][:6] = 2, OPERATING, 0.05
    give_orders(here.state, TODAY, np.zeros(8, np.int64))
    for name, value in (("district", 0), ("task", AT_HOME), ("night_share", 1.0)):
        assert here.units[name][:6].tolist() == [value] * 6


def test_no_more_than_nine_tenths_go_out(country: Any) -> None:
    """However many attacks there are, a unit stays home one day in ten."""
    here = forces(country, SPECIAL)
    here.districts["heat"] = 1e6
    out = 0
    for day in range(100):
        give_orders(here.state, chance(10, 0, 0, day), np.zeros(8, np.int64))
        out += int((here.units["task"][:6] == OPERATING).sum())
    assert abs(out - 540) < 4.65 * (600 * 0.09) ** 0.5


def test_units_too_far_from_the_target_go_where_they_can(country: Any) -> None:
    """A unit whose target is out of reach takes the nearest need, or stays when there is none; nobody sends nobody."""
    here = forces(country, FOREIGN, 2)
    here.districts["metropolitan"] = [False, True, False]
    here.hours[0] = [0.0, 3.0, 1.0]
    here.districts["heat"] = 1e6
    here.units["officers"][5] = 0
    give_orders(here.state, TODAY, np.zeros(8, np.int64))
    went = here.units["district"][:6]
    assert set(went.tolist()) == {0, 2}
    assert went[5] == 0
    here.hours[0, 2] = 3.0
    give_orders(here.state, TODAY, np.zeros(8, np.int64))
    assert here.units["district"][:6].tolist() == [0] * 6
    here.districts["score"] = [0.0, 0.0, 1.0]  # no target in the capital, and none in reach
    give_orders(here.state, TODAY, np.zeros(8, np.int64))
    assert here.units["task"][:6].tolist() == [AT_HOME] * 6
