"""Drones: those that watch show more, those that strike kill fighters and bystanders, and nobody flies unpaid."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.districts.casualties import BY_ARMY, BY_MISSION, BY_POLICE, CIVILIAN, FIGHTER
from teritwa.rules.forces.drones import (
    DRONES_KILL,
    DRONES_KILL_BYSTANDERS,
    best_drone_target,
    flying_drones,
    send_drones,
    strike_from_air,
)
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.forces.operations import drive_into_hiding
from teritwa.rules.schedule import dawn, daytime

VALUES = {
    "drones.districts_per_drone": 0.5, "drones.detection_gain": 0.6, "drones.strike_rate": 0.5, "drones.bystander_ratio": 0.8,
    "relocation.enabled": False, "intelligence.enabled": False, "intelligence.visible_share": 0.5, "mandate.enabled": False,
}  # fmt: skip
TODAY = run_randomness(9, 0, 0, 1)


def targets(*numbers: int) -> Any:
    """Return the day's targets as command writes them."""
    return np.array([*numbers, *[0] * (8 - len(numbers))], np.int64)


def gangs(country: Any, fighters: int = 100, **values: float) -> Any:
    """Return three places of the capital of which command most wants the second, where a crew stands."""
    here = country(3, [(0, 1), (1, 2)], values={**VALUES, **values})
    here.crew(0, 1, fighters)
    here.crew(1, 2, 50)
    for contingent in range(3):
        here.unit(contingent, 0, 100)  # who flies the drones
    here.begin()
    here.districts["orders"]["target_score"] = [9.0, 2.0, 1.0]
    return here


def test_who_can_fly(country: Any) -> None:
    """Each force has its contingents' drones of a kind; the mission's fly as far as they are paid, others always."""
    here = gangs(country)
    here.contingents["surveillance_drones"], here.contingents["armed_drones"] = [1, 2, 4], [10, 20, 40]
    here.fund["cost_share_paid"] = 0.25
    watching = [flying_drones(here.state, False, force) for force in (POLICE, ARMY, MISSION)]
    striking = [flying_drones(here.state, True, force) for force in (POLICE, ARMY, MISSION)]
    assert (watching, striking) == ([1.0, 2.0, 1.0], [10.0, 20.0, 10.0])


@pytest.mark.parametrize(
    ("owned", "paid", "found", "watched"),
    [
        ([3, 0, 0], 1.0, (1, 2), [0.0, 0.75, 0.75]), ([0, 0, 3], 1.0, (1, 2), [0.0, 0.75, 0.75]),
        ([0, 0, 3], 0.5, (1, 2), [0.0, 0.375, 0.375]), ([1, 1, 1], 1.0, (2,), [0.0, 0.0, 1.0]),
        ([0, 1, 0], 1.0, (2,), [0.0, 0.0, 0.5]), ([0, 0, 3], 0.0, (1, 2), [0.0, 0.0, 0.0]),
        ([9, 9, 9], 1.0, (), [0.0, 0.0, 0.0]), ([0, 0, 0], 1.0, (1, 2), [0.0, 0.0, 0.0]),
    ],
)  # fmt: skip
def test_drones_watch_the_targets(
    country: Any, owned: list[int], paid: float, found: tuple[int, ...], watched: list[float]
) -> None:
    """Each watches half a place: three over two targets 0.75 of the day each, never more than all of it, no others.

    What was watched yesterday is not watched today.
    """
    here = gangs(country)
    here.contingents["surveillance_drones"], here.fund["cost_share_paid"] = owned, paid
    here.contingents["armed_drones"] = 50  # they do not watch
    here.districts["presence"]["drone_coverage"] = 0.9
    send_drones(here.state, targets(*found), len(found))
    assert here.districts["presence"]["drone_coverage"].tolist() == pytest.approx(watched)


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.5), (0.5, 0.65), (1.0, 0.8)])
def test_drones_show_a_part_of_what_is_unseen(country: Any, watched: float, known: float) -> None:
    """Half the fighters are seen; drones over a place all day show 0.6 of the other half, half the day half of that."""
    here = gangs(country)
    here.districts["presence"]["drone_coverage"][1] = watched
    assert detection(here.state, here.state.districts[1]) == pytest.approx(known)


@pytest.mark.parametrize(
    ("scores", "metropolitan", "number"),
    [
        ([9.0, 2.0, 1.0], [True, True, True], 1), ([9.0, 2.0, 3.0], [True, True, True], 2),
        ([9.0, 2.0, 2.0], [True, True, True], 1), ([9.0, 2.0, 1.0], [True, False, True], 2),
        ([9.0, 0.0, 0.0], [True, True, True], NO_ONE), ([9.0, 2.0, 1.0], [False, False, False], NO_ONE),
    ],
)  # fmt: skip
def test_where_they_strike(country: Any, scores: list[float], metropolitan: list[bool], number: int) -> None:
    """Where command most wants an operation, in the capital, among gangs; nowhere where there is no such place."""
    here = gangs(country)
    here.districts["orders"]["target_score"], here.districts["place"]["metropolitan"] = scores, metropolitan
    assert best_drone_target(here.state) == number


@pytest.mark.parametrize(("force", "by"), [(POLICE, BY_POLICE), (ARMY, BY_ARMY), (MISSION, BY_MISSION)])
def test_armed_drones_kill(country: Any, force: int, by: int) -> None:
    """Four drones where half is known: 0.5 * 4 * 0.5 = 1 fighter a day and 0.8 * 0.5 * 1 = 0.4 bystanders."""
    fighters, bystanders = 0, 0
    for day in range(300):
        here, today = gangs(country), run_randomness(9, 0, 0, day)
        here.contingents["armed_drones"][force] = 4
        strike_from_air(here.state, today)
        dead = poisson(1.0, uniform(today, DRONES_KILL, 1001, force))
        beside = poisson(0.4, uniform(today, DRONES_KILL_BYSTANDERS, 1001, force))
        assert here.killed[by].tolist() == [beside, dead, 0]
        assert here.killed.sum() == beside + dead
        assert (here.crews["fighters"][0], here.districts["people"]["residents"][1]) == (100 - dead, 1000 - beside)
        assert here.finding() == "balanced"
        fighters, bystanders = fighters + dead, bystanders + beside
    assert abs(fighters - 300) < 4.65 * 300**0.5
    assert abs(bystanders - 120) < 4.65 * 120**0.5


def test_watching_makes_strikes_deadlier_and_spares_bystanders(country: Any) -> None:
    """Watched all day 0.8 is known: 0.5 * 4 * 0.8 = 1.6 fighters and 0.8 * 0.2 * 1.6 = 0.256 bystanders a day."""
    for day in range(50):
        here, today = gangs(country), run_randomness(9, 0, 0, day)
        here.contingents["armed_drones"][0], here.districts["presence"]["drone_coverage"][1] = 4, 1.0
        strike_from_air(here.state, today)
        assert here.killed[BY_POLICE, FIGHTER] == poisson(1.6, uniform(today, DRONES_KILL, 1001, POLICE))
        assert here.killed[BY_POLICE, CIVILIAN] == poisson(0.256, uniform(today, DRONES_KILL_BYSTANDERS, 1001, POLICE))


def test_no_more_die_than_there_are(country: Any) -> None:
    """A thousand drones of each force: those of the police kill all 3 fighters and both residents of the first place.

    Those of the army find the next place, and kill all 50 and its only resident; those of the mission find nobody.
    """
    here = gangs(country, 3)
    here.contingents["armed_drones"], here.districts["people"]["residents"][1:] = 1000, [2, 1]
    for contingent in range(3):
        here.unit(contingent, 0, 100)  # who flies the drones
    here.begin()
    here.districts["orders"]["target_score"] = [9.0, 2.0, 1.0]
    strike_from_air(here.state, TODAY)
    assert here.killed[[BY_POLICE, BY_ARMY, BY_MISSION]].tolist() == [[2, 3, 0], [1, 50, 0], [0, 0, 0]]
    assert here.killed.sum() == 56
    assert here.finding() == "balanced"


def test_who_was_driven_out_by_day_is_not_struck(country: Any) -> None:
    """After a crew went into hiding drones look for the next: they do not bomb a place that gangs have left."""
    here = gangs(country)
    drive_into_hiding(here.state, TODAY, 1)
    assert best_drone_target(here.state) == 2
    drive_into_hiding(here.state, TODAY, 2)
    assert best_drone_target(here.state) == NO_ONE


@pytest.mark.parametrize(("armed", "watching", "paid"), [(0, 50, 1.0), (50, 0, 0.0)])
def test_without_armed_drones_that_fly_nobody_is_struck(country: Any, armed: int, watching: int, paid: float) -> None:
    """Drones that only watch kill nobody, nor do armed ones of a mission that is not paid."""
    here = gangs(country)
    here.contingents["armed_drones"][2], here.contingents["surveillance_drones"][2] = armed, watching
    here.fund["cost_share_paid"] = paid
    strike_from_air(here.state, TODAY)
    assert here.killed.sum() == 0


@pytest.mark.parametrize("acts", [True, False])
def test_switched_off_drones_neither_watch_nor_strike(country: Any, acts: bool) -> None:
    """Off, drones of each kind change nothing that is known of the gangs and kill nobody; on, they do both."""
    here = gangs(country, **{"drones.enabled": acts, "tasking.judgement_error": 0.0})
    here.contingents["armed_drones"][0], here.contingents["surveillance_drones"][0] = 50, 50
    dawn(here.state, TODAY, targets())
    daytime(here.state, TODAY)
    assert (detection(here.state, here.state.districts[1]) > 0.5) == acts
    assert (here.killed.sum() > 0) == acts
    assert here.finding() == "balanced"


def test_drones_switched_off_during_a_run_show_nothing_more(country: Any) -> None:
    """What drones watched yesterday is not seen today when a dated change has switched them off since."""
    here = gangs(country)
    here.contingents["surveillance_drones"][0] = 50
    dawn(here.state, TODAY, targets())
    assert detection(here.state, here.state.districts[1]) == pytest.approx(0.8)
    here.parameters["drones"]["enabled"] = False
    dawn(here.state, run_randomness(9, 0, 0, 2), targets())
    assert detection(here.state, here.state.districts[1]) == 0.5
