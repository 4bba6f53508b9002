"""Garrisons: who stays in a cleared district, for how long, and what becomes of the district."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import CLEAR_AND_HOLD, RAID
from teritwa.rules.agents.institutions import SUPPORT_MISSION
from teritwa.rules.agents.police_unit import ARMY, FOREIGN, MISSION, SOLDIERS, SPECIAL
from teritwa.rules.forces.bases import count_garrisons
from teritwa.rules.forces.garrisons import (
    count_posted,
    garrison_cleared,
    leave_garrison,
    may_stay,
    release_garrisons,
)
from teritwa.rules.schedule import dusk

VALUES = {
    "clear_and_hold.garrison": 25.0,
    "clear_and_hold.hand_over": 60,
    "budget.cost_per_base_month": 10_000,
    "budget.cost_per_officer_month": 1000,
    "budget.planning_horizon": 1.0,
    "presence.on_duty_share": 0.3,
}
TODAY = 100


def cleared(
    country: Any, contingent: int = 0, sizes: tuple[int, ...] = (20, 20, 20), values: Any = None
) -> Any:
    """Return units of district 0 that cleared district 1, of 1,000 people, today.

    They clear and hold: 25 of them stay.
    """
    given: Mapping[str, float] = values or {}
    here = country(3, [(0, 1), (0, 2)], values={**VALUES, **given})
    for size in sizes:
        here.unit(contingent, 0, size, kind=(SPECIAL, SOLDIERS, FOREIGN)[contingent])
    here.units["campaign"][: len(sizes)] = 1
    here.units["night_share"][: len(sizes)] = 0.1
    here.doctrines["operations"] = CLEAR_AND_HOLD
    here.districts["control"]["cleared_on"] = [-1, TODAY, -1]
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 1000
    here.fund["balance"] = here.fund["received"] = 10**9
    here.begin()
    count_garrisons(here.state)
    return here


def posted(here: Any) -> list[bool]:
    """Return which units are posted."""
    return [bool(one) for one in here.units["posted"][: here.counters["units"][0]]]


@pytest.mark.parametrize(
    ("sizes", "readiness", "stay"),
    [
        ((20, 20, 20), 1.0, [True, True, False]),
        ((25, 20, 20), 1.0, [True, False, False]),
        ((20, 20, 20), 0.5, [True, True, True]),
        ((20, 0, 20), 1.0, [True, False, True]),
    ],
)
def test_units_stay_until_the_garrison_is_complete(
    country: Any, sizes: tuple[int, ...], readiness: float, stay: list[bool]
) -> None:
    """25 able officers for 1,000 people: one unit of 25, two of 20, or three if half is able.

    Those who stay live there and are free of their operation; the others keep it.
    """
    here = cleared(country, sizes=sizes)
    here.contingents["readiness"][0] = readiness
    garrison_cleared(here.state, TODAY)
    assert posted(here) == stay
    assert here.units["quarters"][:3].tolist() == [int(one) for one in stay]
    assert here.units["campaign"][:3].tolist() == [NO_ONE if one else 1 for one in stay]
    assert here.districts["control"]["garrisoned"].tolist() == [False, True, False]
    staying = sum(size for size, one in zip(sizes, stay, strict=True) if one)
    assert here.districts["presence"]["garrison"].tolist() == [sum(sizes) - staying, staying, 0]
    assert count_posted(here.state, 1, 0) == staying * readiness


def test_a_complete_garrison_takes_nobody_more(country: Any) -> None:
    """Those posted already count, of the same force alone."""
    here = cleared(country)
    leave_garrison(here.state, 1, 0)
    here.units["campaign"][2] = 1
    leave_garrison(here.state, 1, 0)
    assert posted(here) == [True, True, False]
    assert (count_posted(here.state, 1, MISSION), count_posted(here.state, 2, 0)) == (0.0, 0.0)


@pytest.mark.parametrize(("operations", "day"), [(RAID, TODAY), (CLEAR_AND_HOLD, TODAY + 1)])
def test_nobody_stays_after_a_raid_or_on_another_day(
    country: Any, operations: int, day: int
) -> None:
    """A raid leaves no garrison, and only the day of the clearing counts."""
    here = cleared(country)
    here.doctrines["operations"] = operations
    garrison_cleared(here.state, day)
    assert posted(here) == [False, False, False]
    assert not here.districts["control"]["garrisoned"].any()


@pytest.mark.parametrize(
    ("money", "base", "stays"),
    [(70_000_00, False, True), (69_999_00, False, False), (0, True, True)],
)
def test_the_mission_stays_with_a_base_that_it_can_pay(
    country: Any, money: int, base: bool, stays: bool
) -> None:
    """60 officers at 1,000 USD and a base at 10,000 cost 70,000 a month; an open base is enough."""
    here = cleared(country, MISSION)
    here.fund["balance"] = money
    here.districts["control"]["forward_base"][1] = base
    assert may_stay(here.state, here.state.districts[1], MISSION) == stays
    garrison_cleared(here.state, TODAY)
    assert posted(here) == [stays, stays, False]
    assert here.districts["control"]["forward_base"][1] == (base or stays)


def test_haitian_forces_stay_without_a_base(country: Any) -> None:
    """Police and army need no forward base and open none."""
    for contingent in (0, ARMY):
        here = cleared(country, contingent)
        here.fund["balance"] = 0
        garrison_cleared(here.state, TODAY)
        assert posted(here) == [True, True, False]
        assert not here.districts["control"]["forward_base"].any()


def test_a_garrison_stands_on_the_first_night(country: Any) -> None:
    """A shift of 0.3 * 40 officers stands in the district on the night after its clearing."""
    here = cleared(country)
    dusk(here.state, run_randomness(9, 0, 0, TODAY))
    assert here.districts["presence"]["officers_night"][1] == pytest.approx(12.0)
    assert here.finding() == "balanced"


@pytest.mark.parametrize("contingent", [0, ARMY, MISSION])
def test_a_quiet_district_is_handed_over(country: Any, contingent: int) -> None:
    """After 60 quiet days, not earlier, the station reopens, the base closes and units go home."""
    here = cleared(country, contingent)
    garrison_cleared(here.state, TODAY)
    release_garrisons(here.state, TODAY + 59)
    assert posted(here) == [True, True, False]
    release_garrisons(here.state, TODAY + 60)
    assert posted(here) == [False, False, False]
    control = here.districts["control"][1]
    assert (control["station"], control["forward_base"], control["garrisoned"]) == (
        True,
        False,
        False,
    )
    assert here.units["quarters"][:3].tolist() == [0, 0, 0]
    assert here.districts["presence"]["garrison"].tolist() == [60, 0, 0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("control.attacked_on", TODAY + 30), ("presence.fighters", 1), ("control.holder", 1)],
)
def test_only_quiet_districts_are_handed_over(
    country: Any, column: Any, field: str, value: int
) -> None:
    """After an attack a garrison stays 60 days more; with a crew or under a gang without end."""
    here = cleared(country)
    garrison_cleared(here.state, TODAY)
    column(here.districts, field)[1] = value
    release_garrisons(here.state, TODAY + 89)
    assert posted(here) == [True, True, False]
    release_garrisons(here.state, TODAY + 90)
    assert posted(here)[0] == (field != "control.attacked_on")


def test_a_doctrine_may_hand_over_earlier(country: Any) -> None:
    """A force whose doctrine says 7 days hands over after a week."""
    here = cleared(country)
    garrison_cleared(here.state, TODAY)
    here.doctrines["hand_over"][0] = 7
    release_garrisons(here.state, TODAY + 6)
    assert posted(here)[0]
    release_garrisons(here.state, TODAY + 7)
    assert not posted(here)[0]


def test_who_has_lost_its_home_goes_to_a_refuge(country: Any) -> None:
    """Where a gang holds their home, released units go to the nearest district of the state."""
    here = cleared(country)
    garrison_cleared(here.state, TODAY)
    here.districts["control"]["holder"][0] = 2
    here.hours[0] = [0.0, 2.0, 1.0]
    release_garrisons(here.state, TODAY + 60)
    assert here.units["quarters"][:2].tolist() == [2, 2]


def test_soldiers_follow_the_rule_of_the_army_where_it_holds(country: Any) -> None:
    """While the army holds by its own rule a soldiers' garrison is not released by this one."""
    here = cleared(country, ARMY, values={"army_holding.enabled": True})
    garrison_cleared(here.state, TODAY)
    release_garrisons(here.state, TODAY + 60)
    assert posted(here) == [True, True, False]


def test_units_in_a_base_that_nobody_cleared_stay(country: Any) -> None:
    """Only garrisons of cleared districts are released, not those of a base of an event."""
    here = cleared(country, MISSION)
    here.units["posted"][0], here.units["quarters"][0] = True, 2
    here.districts["control"]["forward_base"][2] = True
    count_garrisons(here.state)
    release_garrisons(here.state, TODAY + 500)
    assert posted(here)[0]
    assert here.districts["control"]["forward_base"][2]
