"""Clash: losses of both sides, bystanders, vehicles, and crews that disperse."""

from typing import Any

import pytest

from teritwa.agents.police_unit import ARMY, MISSION, OPERATING, POLICE
from teritwa.mechanisms.clash import (
    BYSTANDERS_KILLED,
    CREW_CLEARED,
    FIGHTERS_ARRESTED,
    FIGHTERS_KILLED,
    OFFICERS_KILLED,
    VEHICLES_BURNT,
    VEHICLES_HIT,
    ambush,
    clear_chance,
    drive_into_hiding,
    engaged,
    expected_kills,
    hit_vehicles,
    operate,
    strike,
)
from teritwa.mechanisms.harm import BY_ARMY, BY_GANG, BY_MISSION, BY_POLICE, OFFICER
from teritwa.mechanisms.presence import stand_by_day
from teritwa.noise import chance, poisson, uniform

VALUES = {
    "clash.lethality": 0.005, "clash.hours": 8.0, "clash.contact_fighters": 50.0, "clash.collateral": 0.5,
    "clash.ambush": 2e-4, "clash.armour": 0.5, "clash.arrests": 0.5, "clash.vehicle_hit": 0.2,
    "clash.burnt_share": 0.3, "clash.ratio": 3.0,
    "clash.uncoordinated": 0.5, "intelligence.visible": 0.5, "intelligence.cooperation": 0.4,
    "presence.mission_effect": 2.0,
}  # fmt: skip
TODAY = chance(12, 0, 0, 2)


def operation(country: Any, officers: int = 100, fighters: int = 150, force: int = POLICE) -> Any:
    """Return officers of one force who operate in district 1 among a crew."""
    here = country(2, values=VALUES)
    here.crew(0, 1, fighters)
    here.unit(force, 1, officers, task=OPERATING)
    here.districts["score"][1], here.districts["gang_influence"][1] = 1.0, 1.0
    here.begin()
    stand_by_day(here.state)
    return here


@pytest.mark.parametrize(
    ("officers", "fighters", "chance"), [(300.0, 100, 0.5), (100.0, 100, 0.1), (900.0, 100, 0.9), (0.0, 100, 0.0)]
)
def test_chance_of_clearing_is_half_at_the_ratio(officers: float, fighters: int, chance: float) -> None:
    """Three officers a fighter clear half the time: r² / (r² + 9); nine clear nine times in ten; none never."""
    assert clear_chance(officers, fighters, 3.0) == pytest.approx(chance)
    assert clear_chance(officers, 0, 3.0) == 0.0


def test_expected_kills(country: Any) -> None:
    """0.005 an officer-hour * 100 * 8 h, where 150 of 200 contacts find any, of half of whom one knows: 1.5."""
    here = operation(country)
    assert expected_kills(100.0, here.state.districts[1], here.rules("clash"), 0.5) == pytest.approx(1.5)
    assert expected_kills(0.0, here.state.districts[1], here.rules("clash"), 0.5) == 0.0


@pytest.mark.parametrize(("force", "effective"), [(POLICE, 60.0), (ARMY, 60.0), (MISSION, 120.0)])
def test_engaged_are_those_of_the_force(country: Any, force: int, effective: float) -> None:
    """Officers who operate in a district count for their own force only."""
    here = operation(country, 60, force=force)
    found = [engaged(here.state.districts[1], each) for each in (POLICE, ARMY, MISSION)]
    assert found == [effective if each == force else 0.0 for each in (POLICE, ARMY, MISSION)]


@pytest.mark.parametrize(("force", "by"), [(POLICE, BY_POLICE), (ARMY, BY_ARMY), (MISSION, BY_MISSION)])
def test_a_strike_kills_arrests_and_errs(country: Any, force: int, by: int) -> None:
    """With 6 kills to expect: so many fighters, 0.5 * 0.5 * 6 bystanders, 0.5 * 6 arrests, by force and place."""
    here = operation(country, force=force)
    strike(here.state, TODAY, 1, force, 400.0)
    draws = [(FIGHTERS_KILLED, 6.0), (BYSTANDERS_KILLED, 1.5), (FIGHTERS_ARRESTED, 3.0)]
    dead, bystanders, taken = [poisson(rate, uniform(TODAY, what, 1001, force)) for what, rate in draws]
    assert here.killed[by].tolist() == [bystanders, dead, 0]
    assert here.crews["fighters"][0] == 150 - dead - taken
    assert here.districts["residents"][1] == 1000 - bystanders
    assert here.ledger["arrested"][0] == here.ledger["prisoners"][0] == taken
    assert here.districts["civilians_killed"][1] == 0
    assert here.finding() == "balanced"


def test_nobody_is_killed_or_arrested_twice(country: Any) -> None:
    """Against three fighters an overwhelming force takes at most three, dead and arrested together."""
    here = operation(country, fighters=3)
    strike(here.state, TODAY, 1, POLICE, 1e5)
    assert here.crews["fighters"][0] == 0
    assert here.killed[BY_POLICE, 1] + here.ledger["arrested"][0] == 3
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("force", "armoured", "factor"), [(POLICE, 1.0, 1.0), (MISSION, 0.0, 1.0), (MISSION, 1.0, 0.5)]
)
def test_an_ambush_costs_officers(country: Any, force: int, armoured: float, factor: float) -> None:
    """2e-4 a fighter-hour * 8 h * 250,000 fighters: 400 officers to expect, half with a seat in armour for all."""
    here = operation(country, 1000, fighters=250_000, force=force)
    here.institution["armoured"] = armoured
    ambush(here.state, TODAY, 1, force)
    lost = poisson(400.0 * factor, uniform(TODAY, OFFICERS_KILLED, 1001, force))
    assert here.killed[BY_GANG, OFFICER] == lost == 1000 - here.units["officers"][0]
    assert here.finding() == "balanced"


def test_vehicles_that_go_out_are_hit(country: Any) -> None:
    """20 vehicles, half of the officers out: 0.2 * 10 hits to expect, some of them burn, by the contingent's number."""
    here = operation(country, force=MISSION)
    here.unit(MISSION, 0, 100)
    here.contingents["vehicles"] = [0, 3, 20]
    here.begin()
    stand_by_day(here.state)
    lost = 0
    for day in range(10):
        today = chance(12, 0, 0, day)
        here.contingents["broken"], here.contingents["vehicles"] = 0, [0, 3, 20]
        hit = poisson(2.0, uniform(today, VEHICLES_HIT, 3002))
        burnt = sum(uniform(today, VEHICLES_BURNT, 3002, item) < 0.3 for item in range(hit))
        hit_vehicles(here.state, today)
        assert here.contingents["vehicles"].tolist() == [0, 3, 20 - hit]
        assert here.contingents["broken"].tolist() == [0, 0, hit - burnt]
        lost += burnt
    assert here.ledger["vehicles_destroyed"][0] == lost > 0


def test_no_more_vehicles_are_hit_than_there_are(country: Any) -> None:
    """A single vehicle can be lost once, and the ledger agrees."""
    here = operation(country, force=MISSION)
    here.contingents["vehicles"][2] = 1
    here.begin()
    for day in range(60):
        hit_vehicles(here.state, chance(12, 0, 0, day))
    assert here.contingents["vehicles"][2] == 0
    assert here.contingents["broken"][2] + here.ledger["vehicles_destroyed"][0] == 1
    assert here.finding() == "balanced"


def test_crews_hide_together(country: Any) -> None:
    """All crews of the district hide, with all their fighters; others stay."""
    here = country(2)
    for gang, place in ((0, 0), (1, 0), (2, 1)):
        here.crew(gang, place, 10, hiding=5)
    drive_into_hiding(here.state, 0, 7)
    assert here.crews["fighters"][:3].tolist() == [0, 0, 10]
    assert here.crews["hiding"][:3].tolist() == [15, 15, 5]
    assert (here.districts["cleared_on"][0], here.today["cleared"][0]) == (7, 1)


@pytest.mark.parametrize(("coordination", "joint"), [(1.0, 300.0), (0.0, 150.0), (0.5, 225.0)])
def test_an_operation_clears_by_its_joint_strength(country: Any, coordination: float, joint: float) -> None:
    """Police and mission count together, half of them where they do not coordinate at all; chance decides."""
    cleared = []
    for day in range(30):
        here = operation(country, officers=200, fighters=100)
        here.unit(MISSION, 1, 50, task=OPERATING)
        stand_by_day(here.state)
        here.institution["coordination"] = coordination
        today = chance(12, 0, 0, day)
        operate(here.state, today)
        done = uniform(today, CREW_CLEARED, 1001) < clear_chance(joint, 100, 3.0)
        assert (here.crews["fighters"][0] == 0, here.today["cleared"][0]) == (done, int(done))
        assert here.today["operations"][0] == 1
        cleared.append(done)
    assert 0 < sum(cleared) < 30


@pytest.mark.parametrize("missing", ["officers", "fighters", "score"])
def test_no_operation_without_officers_fighters_and_a_wish(country: Any, missing: str) -> None:
    """Where one of the three is missing nobody clashes."""
    here = operation(country, officers=0 if missing == "officers" else 500, fighters=0 if missing == "fighters" else 90)
    here.districts["score"][1] *= missing != "score"
    operate(here.state, TODAY)
    assert here.killed.sum() == here.today["operations"][0] == here.today["cleared"][0] == 0
