"""Surveillance drones: who flies them, where they watch, and what they reveal."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE, SPECIAL
from teritwa.rules.forces.drones import flying_drones, send_drones
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.schedule import dawn, daytime

VALUES = {
    "drones.districts_per_drone": 0.5,
    "drones.detection_gain": 0.6,
    "drones.strike_rate": 0.5,
    "intelligence.enabled": False,
    "intelligence.visible_share": 0.5,
    "mandate.enabled": False,
    "tasking.judgement_error": 0.0,
    "raid.force_ratio": 1.0,
}
TODAY = run_randomness(9, 0, 0, 1)


def gangs(country: Any, values: Mapping[str, float] = {}) -> Any:
    """Return three districts of the capital: all forces in the first, crews in the others."""
    here = country(3, [(0, 1), (1, 2)], values={**VALUES, **values})
    here.crew(0, 1, 100)
    here.crew(1, 2, 50)
    for contingent in range(3):
        here.unit(contingent, 0, 100)  # who flies the drones
    for _ in range(4):
        here.unit(0, 0, 50, kind=SPECIAL)  # who operates under them
    here.doctrines["share_out"][0] = 1.0
    return here.begin()


def test_flying_drones_of_each_force(country: Any) -> None:
    """Each force flies its drones of a kind in proportion to its own pay."""
    here = gangs(country)
    here.contingents["surveillance_drones"] = [1, 2, 4]
    here.contingents["armed_drones"] = [10, 20, 40]
    here.contingents["cost_share_paid"] = [1.0, 0.5, 0.25]
    watching = [flying_drones(here.state, False, force) for force in (POLICE, ARMY, MISSION)]
    striking = [flying_drones(here.state, True, force) for force in (POLICE, ARMY, MISSION)]
    assert (watching, striking) == ([1.0, 1.0, 1.0], [10.0, 10.0, 10.0])


@pytest.mark.parametrize(
    ("owned", "paid", "found", "watched"),
    [
        ([3, 0, 0], 1.0, (1, 2), [0.0, 0.75, 0.75]),
        ([0, 0, 3], 1.0, (1, 2), [0.0, 0.75, 0.75]),
        ([0, 0, 3], 0.5, (1, 2), [0.0, 0.375, 0.375]),
        ([1, 1, 1], 1.0, (2,), [0.0, 0.0, 1.0]),
        ([0, 1, 0], 1.0, (2,), [0.0, 0.0, 0.5]),
        ([0, 0, 3], 0.0, (1, 2), [0.0, 0.0, 0.0]),
        ([9, 9, 9], 1.0, (), [0.0, 0.0, 0.0]),
        ([0, 0, 0], 1.0, (1, 2), [0.0, 0.0, 0.0]),
    ],
)
def test_drones_watch_the_targets(
    country: Any, owned: list[int], paid: float, found: tuple[int, ...], watched: list[float]
) -> None:
    """Drones that watch half a district each cover where officers operate evenly, nothing else.

    Three over two targets watch each for 0.75 of the day; coverage never exceeds 1. Yesterday's
    coverage ends.
    """
    here = gangs(country)
    here.contingents["surveillance_drones"] = owned
    here.contingents["cost_share_paid"][2] = paid
    here.contingents["armed_drones"] = 50  # they do not watch
    here.districts["presence"]["drone_coverage"] = 0.9
    for place in found:
        here.districts["orders"]["assigned"][place] = 30.0
    send_drones(here.state)
    assert here.districts["presence"]["drone_coverage"].tolist() == pytest.approx(watched)


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.5), (0.5, 0.65), (1.0, 0.8)])
def test_drones_reveal_part_of_the_unseen(country: Any, watched: float, known: float) -> None:
    """Half of the fighters are seen; full coverage reveals 0.6 of the rest, half coverage 0.3."""
    here = gangs(country)
    here.districts["presence"]["drone_coverage"][1] = watched
    assert detection(here.state, here.state.districts[1]) == pytest.approx(known)


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_drones_neither_watch_nor_strike(country: Any, enabled: bool) -> None:
    """Switched off, drones of both kinds reveal nothing and kill nobody; on, they do both."""
    here = gangs(country, {"drones.enabled": enabled, "operations.enabled": False})
    here.contingents["armed_drones"][0], here.contingents["surveillance_drones"][0] = 50, 50
    dawn(here.state, TODAY)
    daytime(here.state, TODAY)
    assert (detection(here.state, here.state.districts[1]) > 0.5) == enabled
    assert (here.killed.sum() > 0) == enabled
    assert here.finding() == "balanced"


def test_drones_switched_off_during_a_run_reveal_nothing(country: Any) -> None:
    """After a dated change switches drones off, yesterday's coverage reveals nothing today."""
    here = gangs(country)
    here.contingents["surveillance_drones"][0] = 50
    dawn(here.state, TODAY)
    assert detection(here.state, here.state.districts[1]) == pytest.approx(0.8)
    here.parameters["drones"]["enabled"] = False
    dawn(here.state, run_randomness(9, 0, 0, 2))
    assert detection(here.state, here.state.districts[1]) == 0.5
