"""Holding force: soldiers who stay in what was cleared, how many, how long, and when they leave."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import OPERATING, SOLDIERS, SPECIAL
from teritwa.rules.districts.presence import update_night_presence
from teritwa.rules.forces.army_holding import (
    count_posted_soldiers,
    count_soldiers,
    hand_over,
    needs_holding,
    occupy_cleared,
    place_to_hold,
)
from teritwa.rules.forces.bases import count_garrisons
from teritwa.rules.forces.night_posture import crews_return
from teritwa.rules.forces.tasking import can_be_sent
from teritwa.rules.gangs.attack_resolution import occupy
from teritwa.rules.registry import registry
from teritwa.rules.schedule import dawn, dusk

VALUES = {
    "army_holding.enabled": True, "army_holding.equipped_share": 0.5, "army_holding.company_size": 50, "army_holding.days_to_occupy": 7, "army_holding.handover_days": 45,
    "tasking.reach": 1.5, "presence.on_duty_share": 0.3, "night_posture.return_hazard": 0.6, "night_posture.holding_effect": 0.2,
}  # fmt: skip
TODAY = 100


def army(country: Any, companies: int = 4, **values: float) -> Any:
    """Return companies of 50 soldiers at place 0; place 1 was cleared today, 2 two days ago, 3 and 4 never."""
    here = country(5, [(0, 1), (0, 2), (0, 3), (0, 4)], values={**VALUES, **values})
    for _ in range(companies):
        here.unit(1, 0, 50, kind=SOLDIERS)
    here.districts["control"]["cleared_on"] = [-1, TODAY, TODAY - 2, -1, -1]
    return here.begin()


def posted(country: Any, **values: float) -> Any:
    """Return a company of two that holds place 1, which the state holds, and which was cleared today."""
    here = army(country, 2, **values)
    here.units["posted"][0], here.units["quarters"][0], here.units["district"][0] = True, 1, 1
    here.districts["control"]["cleared_on"][2] = -1
    count_garrisons(here.state)
    return here


def test_by_default_the_army_does_not_hold() -> None:
    """The shipped model has the army that does not yet do what it should."""
    assert not registry()["army_holding.enabled"].value


def test_soldiers_are_counted(country: Any) -> None:
    """Those who hold places, and all: police and mission are no soldiers, wherever they are posted."""
    here = army(country)
    here.unit(0, 1, 40, kind=SPECIAL)
    here.units["posted"][[1, 4]] = True
    assert (count_posted_soldiers(here.state), count_soldiers(here.state)) == (50, 200)


@pytest.mark.parametrize(
    ("cleared_on", "day", "answer"),
    [(100, 100, True), (100, 107, True), (100, 108, False), (-1, 3, False), (0, 7, True), (0, 8, False)],
)
def test_fresh_places(country: Any, cleared_on: int, day: int, answer: bool) -> None:
    """A place needs soldiers for seven days after its clearing, and not when its crew is back, nor before."""
    here = army(country)
    here.districts["control"]["cleared_on"][1] = cleared_on
    assert needs_holding(here.state.districts[1], day, 7) == answer


def test_the_place_cleared_last_comes_first(country: Any) -> None:
    """Of two the later; where 50 mobile officers live no more are needed; none beyond the reach; or no place at all."""
    here = army(country)
    unit = here.state.units[0]
    assert place_to_hold(here.state, unit, TODAY) == 1
    here.districts["presence"]["garrison"][1] = 49
    assert place_to_hold(here.state, unit, TODAY) == 1
    here.districts["presence"]["garrison"][1] = 50
    assert place_to_hold(here.state, unit, TODAY) == 2
    here.hours[0, 2] = 1.6
    assert place_to_hold(here.state, unit, TODAY) == NO_ONE


def test_soldiers_move_in_at_dusk(country: Any) -> None:
    """Of four companies half are equipped: the first two go, one to each place; the day after nobody follows."""
    here = army(country)
    here.units["task"][1], here.units["district"][1], here.units["night_share"][1] = OPERATING, 3, 0.05
    for day in (TODAY, TODAY + 1):
        occupy_cleared(here.state, day)
        assert here.units["quarters"][:4].tolist() == [1, 2, 0, 0]
        assert here.units["posted"][:4].tolist() == [True, True, False, False]
        assert here.units["district"][:4].tolist() == [1, 2, 0, 0]
        assert here.districts["presence"]["garrison"][1:3].tolist() == [50, 50]
        assert here.finding() == "balanced"
    assert not can_be_sent(here.state.units[0], here.state.contingents[1])
    assert can_be_sent(here.state.units[2], here.state.contingents[1])


@pytest.mark.parametrize(
    ("equipped", "company", "quarters"),
    [(0.1, 50, [0, 0, 0, 0]), (0.25, 50, [1, 0, 0, 0]), (0.75, 50, [1, 2, 0, 0]), (1.0, 51, [1, 1, 2, 2]),
     (1.0, 300, [1, 1, 1, 1]), (0.5, 100, [1, 1, 0, 0]), (1.0, 20, [1, 2, 0, 0])],
)  # fmt: skip
def test_limits(country: Any, equipped: float, company: int, quarters: list[int]) -> None:
    """Never more than are equipped, and to each place until it has a company, the last cleared first."""
    here = army(country, **{"army_holding.equipped_share": equipped, "army_holding.company_size": company})
    occupy_cleared(here.state, TODAY)
    assert here.units["quarters"][:4].tolist() == quarters


def test_who_is_not_sent(country: Any) -> None:
    """Police units, companies without soldiers and those who already hold a place stay where they are."""
    here = army(country, 3, **{"army_holding.equipped_share": 1.0})
    here.unit(0, 0, 40, kind=SPECIAL)
    here.units["officers"][0], here.units["posted"][1], here.districts["control"]["attacked_on"][0] = 0, True, TODAY
    occupy_cleared(here.state, TODAY)
    assert here.units["quarters"][:4].tolist() == [0, 0, 1, 0]


def test_they_hold_the_first_night(country: Any) -> None:
    """A shift of 0.3 * 50 stands in the place itself on the night after the clearing, also of those who operated."""
    here = army(country, 2)
    here.units["task"][:2], here.units["district"][:2], here.units["operated_in"][:2] = OPERATING, 3, 3
    dusk(here.state, TODAY)
    assert here.units["quarters"][:2].tolist() == [1, 0]
    assert here.districts["presence"]["army_night"][1] == 15.0
    assert here.districts["presence"]["officers_night"][1] == 15.0


def test_what_is_held_is_not_lost_again(country: Any) -> None:
    """50 soldiers among 1,000 people at 0.2 an officer: a hidden crew is back at once without them, never with them."""
    back = []
    for companies in (0, 2):
        here = army(country, companies)
        here.crew(0, 1, 0, hiding=20)
        here.begin()
        dusk(here.state, TODAY)
        for day in range(TODAY, TODAY + 30):
            crews_return(here.state, run_randomness(9, 0, 0, day))
        back.append(int(here.crews["fighters"][0]))
    assert back == [20, 0]


def test_held_places_are_handed_over(country: Any) -> None:
    """45 days after the clearing the station reopens and the company goes home; a day before it does not."""
    here = posted(country)
    hand_over(here.state, TODAY + 44)
    assert (here.units["posted"][0], here.districts["control"]["station"][1]) == (True, False)
    hand_over(here.state, TODAY + 45)
    assert (here.units["posted"][0], here.units["quarters"][0], here.districts["control"]["station"][1]) == (False, 0, True)
    assert here.units["quarters"][1] == 0


@pytest.mark.parametrize(("name", "value"), [("attacked_on", TODAY + 30), ("strongest", 0), ("holder", 1)])
def test_what_is_not_quiet_is_not_handed_over(country: Any, name: str, value: int) -> None:
    """After an attack on day 30, with a crew there, or under a gang, the company stays; time heals the first."""
    here = posted(country)
    here.districts[name][1] = value
    hand_over(here.state, TODAY + 74)
    assert here.units["posted"][0]
    hand_over(here.state, TODAY + 75)
    assert here.units["posted"][0] == (name != "attacked_on")


def test_soldiers_leave_a_gangs_place_to_which_its_crew_came_back(country: Any) -> None:
    """In a place that a gang still holds they give up when the hidden crew has returned."""
    here = posted(country)
    here.districts["control"]["holder"][1] = 0
    here.crew(0, 1, 0, hiding=500)
    for day in range(TODAY, TODAY + 30):
        crews_return(here.state, run_randomness(9, 0, 0, day))
    assert here.crews["fighters"][0] == 500
    here.begin()
    hand_over(here.state, TODAY + 30)
    assert (here.units["posted"][0], here.units["quarters"][0]) == (False, 0)


def test_who_has_handed_over_holds_the_next_place(country: Any) -> None:
    """A company that is free at dusk moves on the same dusk into what was cleared that day."""
    here = posted(country, **{"army_holding.equipped_share": 0.5})
    here.districts["control"]["cleared_on"][3] = TODAY + 45
    occupy_cleared(here.state, TODAY + 45)
    assert here.units[["posted", "quarters", "district"]][0].tolist() == (True, 3, 3)


def test_who_has_handed_over_is_at_home_that_night(country: Any) -> None:
    """A company stands, and may be hit, in one place: where it went, not where it was."""
    here = posted(country)
    hand_over(here.state, TODAY + 45)
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_night"].tolist() == [30.0, 0.0, 0.0, 0.0, 0.0]
    assert here.units["district"][0] == 0


def test_soldiers_do_not_go_home_to_a_place_that_is_lost(country: Any) -> None:
    """Where a gang holds their home they go to a place of the state, as everybody else does who has to withdraw."""
    here = posted(country)
    here.districts["control"]["holder"][0] = 2
    hand_over(here.state, TODAY + 45)
    assert not here.units["posted"][0]
    assert here.units["quarters"][0] != 0


def test_soldiers_leave_a_gangs_place_that_another_gang_took(country: Any) -> None:
    """Gangs came back also when a crew attacked, won and stayed: the company does not live on among them."""
    here = posted(country)
    here.districts["control"]["holder"][1] = 0
    leader = here.crew(1, 2, 500)
    here.crews["attackers_sent"][leader] = 400
    occupy(here.state, leader, 1)
    here.begin()
    assert here.districts["presence"]["strongest_crew"][1] != NO_ONE
    hand_over(here.state, TODAY + 1)
    assert not here.units["posted"][0]


def test_what_was_handed_over_is_not_taken_back(country: Any) -> None:
    """Where a place is fresh for 30 days and held for 14, a company that has handed it over stays at home."""
    here = posted(country, **{"army_holding.days_to_occupy": 30, "army_holding.handover_days": 14})
    for day in range(TODAY + 14, TODAY + 20):
        count_garrisons(here.state)
        occupy_cleared(here.state, day)
        assert here.units["posted"][:2].tolist() == [False, False], day


def test_places_can_be_held_again_where_nobody_mans_bases(country: Any) -> None:
    """With forward bases switched off a place that was held, handed over and cleared anew is held again."""
    here = army(country, 2, **{"bases.enabled": False, "mandate.enabled": False})
    here.districts["control"]["cleared_on"][2] = -1
    for day, quarters in ((TODAY, [1, 0]), (TODAY + 45, [0, 0]), (TODAY + 60, [1, 0])):
        if day == TODAY + 60:
            here.districts["control"]["cleared_on"][1] = day
        dawn(here.state, run_randomness(9, 0, 0, day), np.zeros(8, np.int64))
        dusk(here.state, day)
        assert here.units["quarters"][:2].tolist() == quarters


@pytest.mark.parametrize(("acts", "quarters"), [(True, [1, 2, 0, 0]), (False, [0, 0, 0, 0])])
def test_switched_off_soldiers_stay_at_home(country: Any, acts: bool, quarters: list[int]) -> None:
    """Off, a cleared place sees no soldiers at dusk."""
    here = army(country, **{"army_holding.enabled": acts})
    dusk(here.state, TODAY)
    assert here.units["quarters"][:4].tolist() == quarters
    assert here.units["posted"].any() == acts
