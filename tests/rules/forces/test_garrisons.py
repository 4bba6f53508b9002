"""Garrisons: who stays in a cleared district, for how long, and what becomes of the district."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import Randomness, run_randomness
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
    "clear_and_hold.garrison": 40.0,
    "clear_and_hold.hand_over": 60,
    "budget.cost_per_base_month": 10_000,
    "budget.cost_per_officer_month": 1000,
    "budget.planning_horizon": 1.0,
    "presence.on_duty_share": 0.3,
}
TODAY = 100


def on(day: int) -> Randomness:
    """Return the random numbers of a day."""
    return run_randomness(9, 0, 0, day)


def cleared(
    country: Any, contingent: int = 0, sizes: tuple[int, ...] = (20, 20, 20), values: Any = None
) -> Any:
    """Return units of district 0 that cleared district 1, of 1,000 people, today.

    They clear and hold: 40 of them stay.
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


def posted(here: Any) -> int:
    """Return how many units are posted."""
    return int(here.units["posted"].sum())


@pytest.mark.parametrize(
    ("sizes", "readiness", "stay"),
    [
        ((20, 20, 20), 1.0, 2),
        ((20, 20), 0.5, 2),
        ((40, 0, 0), 1.0, 1),
        ((20, 20, 0), 1.0, 2),
    ],
)
def test_units_stay_until_the_garrison_is_complete(
    country: Any, sizes: tuple[int, ...], readiness: float, stay: int
) -> None:
    """40 able officers for 1,000 people: one unit of 40, two of 20, or all if only half is able.

    Those who stay live there and are free of their operation; the others keep it.
    """
    here = cleared(country, sizes=sizes)
    here.contingents["readiness"][0] = readiness
    garrison_cleared(here.state, on(TODAY))
    units = here.units[: len(sizes)]
    assert posted(here) == stay
    assert units["quarters"].tolist() == units["posted"].astype(int).tolist()
    assert units["campaign"].tolist() == [NO_ONE if one else 1 for one in units["posted"]]
    assert here.districts["control"]["garrisoned"].tolist() == [False, True, False]
    staying = int(units["officers"][units["posted"]].sum())
    assert here.districts["presence"]["garrison"].tolist() == [sum(sizes) - staying, staying, 0]
    assert count_posted(here.state, 1, 0) == staying * readiness


@pytest.mark.parametrize("sizes", [(120,), (60, 60), (24, 24, 24, 24, 24), (20,) * 6])
def test_the_size_of_units_does_not_change_how_many_stay(
    country: Any, sizes: tuple[int, ...]
) -> None:
    """Of 120 officers 40 stay on average, in units of any size, within 4.65 standard errors."""
    staying = []
    for run in range(300):
        here = cleared(country, sizes=sizes)
        garrison_cleared(here.state, run_randomness(run, 0, 0, TODAY))
        staying.append(count_posted(here.state, 1, 0))
    assert abs(np.mean(staying) - 40.0) <= 4.65 * np.std(staying) / 300**0.5


def test_each_unit_stays_as_often_as_another(country: Any) -> None:
    """Each of three equal units stays after two of three clearings, in whichever row it stands."""
    found = []
    for identities in ([1, 2, 3], [3, 1, 2]):
        stayed = []
        for run in range(300):
            here = cleared(country)
            here.units["identity"][:3] = identities
            garrison_cleared(here.state, run_randomness(run, 0, 0, TODAY))
            stayed.append(
                [bool(here.units["posted"][identities.index(name)]) for name in (1, 2, 3)]
            )
        found.append(stayed)
    assert found[0] == found[1]
    assert np.all(np.abs(np.sum(found[0], axis=0) - 200) < 4.65 * (300 * 2 / 9) ** 0.5)


def test_a_complete_garrison_takes_nobody_more(country: Any) -> None:
    """Those posted already count, of the same force alone."""
    here = cleared(country)
    leave_garrison(here.state, on(TODAY), 1, 0)
    leave_garrison(here.state, on(TODAY + 1), 1, 0)
    assert posted(here) == 2
    assert (count_posted(here.state, 1, MISSION), count_posted(here.state, 2, 0)) == (0.0, 0.0)


@pytest.mark.parametrize(("operations", "day"), [(RAID, TODAY), (CLEAR_AND_HOLD, TODAY + 1)])
def test_nobody_stays_after_a_raid_or_on_another_day(
    country: Any, operations: int, day: int
) -> None:
    """A raid leaves no garrison, and only the day of the clearing counts."""
    here = cleared(country)
    here.doctrines["operations"] = operations
    garrison_cleared(here.state, on(day))
    assert posted(here) == 0
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
    garrison_cleared(here.state, on(TODAY))
    assert posted(here) == 2 * stays
    assert here.districts["control"]["forward_base"][1] == (base or stays)


def test_haitian_forces_stay_without_a_base(country: Any) -> None:
    """Police and army need no forward base and open none."""
    for contingent in (0, ARMY):
        here = cleared(country, contingent)
        here.fund["balance"] = 0
        garrison_cleared(here.state, on(TODAY))
        assert posted(here) == 2
        assert not here.districts["control"]["forward_base"].any()


def test_a_garrison_stands_on_the_first_night(country: Any) -> None:
    """A shift of 0.3 * 40 officers stands in the district on the night after its clearing."""
    here = cleared(country)
    dusk(here.state, on(TODAY))
    assert here.districts["presence"]["officers_night"][1] == pytest.approx(12.0)
    assert here.finding() == "balanced"


@pytest.mark.parametrize("contingent", [0, ARMY, MISSION])
def test_a_quiet_district_is_handed_over(country: Any, contingent: int) -> None:
    """After 60 quiet days, not earlier, the station reopens, the base closes and units go home."""
    here = cleared(country, contingent)
    garrison_cleared(here.state, on(TODAY))
    release_garrisons(here.state, TODAY + 59)
    assert posted(here) == 2
    release_garrisons(here.state, TODAY + 60)
    assert posted(here) == 0
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
    garrison_cleared(here.state, on(TODAY))
    column(here.districts, field)[1] = value
    release_garrisons(here.state, TODAY + 89)
    assert posted(here) == 2
    release_garrisons(here.state, TODAY + 90)
    assert posted(here) == (0 if field == "control.attacked_on" else 2)


def test_a_doctrine_may_hand_over_earlier(country: Any) -> None:
    """A force whose doctrine says 7 days hands over after a week."""
    here = cleared(country)
    garrison_cleared(here.state, on(TODAY))
    here.doctrines["hand_over"][0] = 7
    release_garrisons(here.state, TODAY + 6)
    assert posted(here) == 2
    release_garrisons(here.state, TODAY + 7)
    assert posted(here) == 0


def test_who_has_lost_its_home_goes_to_a_refuge(country: Any) -> None:
    """Where a gang holds their home, released units go to the nearest district of the state."""
    here = cleared(country)
    garrison_cleared(here.state, on(TODAY))
    stayed = here.units["posted"][:3].tolist()
    here.districts["control"]["holder"][0] = 2
    here.set_hours({(0, 1): 2.0, (0, 2): 1.0})
    release_garrisons(here.state, TODAY + 60)
    assert here.units["quarters"][:3].tolist() == [2 if one else 0 for one in stayed]


def test_soldiers_follow_the_rule_of_the_army_where_it_holds(country: Any) -> None:
    """While the army holds by its own rule a soldiers' garrison is not released by this one."""
    here = cleared(country, ARMY, values={"army_holding.enabled": True})
    garrison_cleared(here.state, on(TODAY))
    release_garrisons(here.state, TODAY + 60)
    assert posted(here) == 2


def test_a_base_of_an_event_outlives_the_garrison(country: Any) -> None:
    """A garrison goes home after 60 quiet days, and leaves open a base that an event opened.

    Who moved into that base because it lacked officers stays.
    """
    here = cleared(country, MISSION)
    control = here.districts["control"]
    control["forward_base"][1] = control["base_ordered"][1] = True
    row = here.unit(MISSION, 1, 20, kind=FOREIGN)
    here.units["posted"][row] = here.units["based"][row] = True
    here.begin()
    garrison_cleared(here.state, on(TODAY))
    assert posted(here) == 2
    release_garrisons(here.state, TODAY + 60)
    assert (control["forward_base"][1], control["station"][1]) == (True, True)
    assert here.units["posted"][:4].tolist() == [False, False, False, True]


def test_police_who_hand_over_leave_the_base_of_the_mission(country: Any) -> None:
    """The base of a mission that stays longer remains open when the police hand over."""
    here = cleared(country)
    row = here.unit(MISSION, 0, 40, kind=FOREIGN)
    here.units["campaign"][row] = 1
    here.doctrines["hand_over"][:] = [60, 60, 90]
    count_garrisons(here.begin().state)
    garrison_cleared(here.state, on(TODAY))
    open_on = []
    for day in (59, 60, 89, 90):
        release_garrisons(here.state, TODAY + day)
        open_on.append(bool(here.districts["control"]["forward_base"][1]))
    assert open_on == [True, True, True, False]


@pytest.mark.parametrize(
    ("money", "sizes", "enabled", "noted"),
    [
        (0, (20, 20, 20), True, 1),
        (0, (), True, 0),
        (0, (20, 20, 20), False, 0),
        (10**9, (20, 20, 20), True, 0),
    ],
)
def test_a_base_that_cannot_be_paid_is_counted(
    country: Any, money: int, sizes: tuple[int, ...], enabled: bool, noted: int
) -> None:
    """A district that the mission leaves for want of a base counts, one that it did not clear not.

    With the budget off a base costs nothing.
    """
    here = cleared(country, MISSION, sizes, values={"budget.enabled": enabled})
    here.fund["balance"] = money
    garrison_cleared(here.state, on(TODAY))
    assert here.daily["bases_unaffordable"][0] == noted
    assert posted(here) == (2 if sizes and not noted else 0)


def test_units_in_a_base_that_nobody_cleared_stay(country: Any) -> None:
    """Only garrisons of cleared districts are released, not those of a base of an event."""
    here = cleared(country, MISSION)
    here.units["posted"][0], here.units["quarters"][0] = True, 2
    here.districts["control"]["forward_base"][2] = True
    count_garrisons(here.state)
    release_garrisons(here.state, TODAY + 500)
    assert posted(here) == 1
    assert here.districts["control"]["forward_base"][2]
