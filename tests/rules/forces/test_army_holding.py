"""Holding by the army: how many soldiers occupy cleared districts, and when they leave."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import Randomness, run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import OPERATING, SOLDIERS, SPECIAL
from teritwa.rules.districts.presence import update_night_presence
from teritwa.rules.forces.army_holding import (
    CHOOSES_PLACE,
    count_posted_soldiers,
    count_soldiers,
    hand_over,
    needs_holding,
    occupy_cleared,
    place_to_hold,
)
from teritwa.rules.forces.bases import count_garrisons
from teritwa.rules.forces.dispatch import is_out
from teritwa.rules.forces.night_posture import crews_return
from teritwa.rules.gangs.attack_resolution import occupy
from teritwa.rules.registry import registry
from teritwa.rules.schedule import dawn, dusk

VALUES = {
    "army_holding.enabled": True,
    "army_holding.equipped_share": 0.5,
    "army_holding.company_size": 50,
    "army_holding.days_to_occupy": 7,
    "army_holding.handover_days": 45,
    "tasking.reach": 1.5,
    "presence.on_duty_share": 0.3,
    "night_posture.return_hazard": 0.2,
    "night_posture.return_delay": 1,
    "night_posture.guard_ratio": 6.0,
}
TODAY = 100


def on(day: int) -> Randomness:
    """Return the randomness of a day."""
    return run_randomness(9, 0, 0, day)


def army(country: Any, companies: int = 4, values: Mapping[str, float] = {}) -> Any:
    """Return companies of 50 soldiers in district 0, with two districts that were cleared.

    District 1 was cleared today, district 2 two days ago, districts 3 and 4 never.
    """
    here = country(5, [(0, 1), (0, 2), (0, 3), (0, 4)], values={**VALUES, **values})
    for _ in range(companies):
        here.unit(1, 0, 50, kind=SOLDIERS)
    here.districts["control"]["cleared_on"] = [-1, TODAY, TODAY - 2, -1, -1]
    return here.begin()


def posted(country: Any, values: Mapping[str, float] = {}) -> Any:
    """Return two companies, one of which holds district 1, which was cleared today."""
    here = army(country, 2, values=values)
    here.units["posted"][0], here.units["quarters"][0], here.units["district"][0] = True, 1, 1
    here.districts["control"]["cleared_on"][2] = -1
    count_garrisons(here.state)
    return here


def test_by_default_the_army_does_not_hold() -> None:
    """In the shipped model the army does not hold cleared districts."""
    assert not registry()["army_holding.enabled"].value


def test_soldiers_are_counted(country: Any) -> None:
    """Soldiers who are posted, and all soldiers, are counted; other forces are not."""
    here = army(country)
    here.unit(0, 1, 40, kind=SPECIAL)
    here.units["posted"][[1, 4]] = True
    assert (count_posted_soldiers(here.state), count_soldiers(here.state)) == (50, 200)


@pytest.mark.parametrize(
    ("cleared_on", "day", "answer"),
    [
        (100, 100, True),
        (100, 107, True),
        (100, 108, False),
        (-1, 3, False),
        (0, 7, True),
        (0, 8, False),
    ],
)
def test_districts_that_need_holding(country: Any, cleared_on: int, day: int, answer: bool) -> None:
    """A district needs holding for seven days after its clearing.

    It does not before a clearing or after its crew returned.
    """
    here = army(country)
    here.districts["control"]["cleared_on"][1] = cleared_on
    assert needs_holding(here.state.districts[1], day, 7) == answer


def test_the_district_cleared_last_comes_first(country: Any) -> None:
    """The district cleared last within reach comes first, until 50 mobile officers live there."""
    here = army(country)
    unit = here.state.units[0]
    assert place_to_hold(here.state, on(TODAY), unit) == 1
    here.districts["presence"]["garrison"][1] = 49
    assert place_to_hold(here.state, on(TODAY), unit) == 1
    here.districts["presence"]["garrison"][1] = 50
    assert place_to_hold(here.state, on(TODAY), unit) == 2
    here.set_hours({(0, 2): 1.6})
    assert place_to_hold(here.state, on(TODAY), unit) == NO_ONE


def test_of_districts_cleared_on_one_day_a_random_one_is_held(country: Any) -> None:
    """Of districts 1 and 2, cleared on the same day, the one with the higher number is held."""
    found = set()
    for day in range(TODAY, TODAY + 12):
        here = army(country)
        here.districts["control"]["cleared_on"][1:3] = day
        numbers = [uniform(on(day), CHOOSES_PLACE, place, 5000) for place in (1001, 1002)]
        place = place_to_hold(here.state, on(day), here.state.units[0])
        assert place == 1 + numbers.index(max(numbers))
        found.add(place)
    assert found == {1, 2}


@pytest.mark.parametrize(("officers", "posted_"), [(50, 50), (51, 51), (49, 49), (201, 0)])
def test_equipment_for_half_of_a_unit_is_enough(country: Any, officers: int, posted_: int) -> None:
    """With equipment for a half of all soldiers their only unit goes, with less nobody does."""
    here = army(country, 0)
    here.unit(1, 0, officers, kind=SOLDIERS)
    if officers > 200:
        here.parameters["army_holding"]["equipped_share"] = 0.49
    here.begin()
    occupy_cleared(here.state, on(TODAY))
    assert count_posted_soldiers(here.state) == posted_


def test_soldiers_move_in_at_dusk(country: Any) -> None:
    """Of four companies two are equipped and move, one into each cleared district.

    Nobody follows on the next day.
    """
    here = army(country)
    here.units["task"][1] = OPERATING
    here.units["district"][1] = 3
    here.units["night_share"][1] = 0.05
    for day in (TODAY, TODAY + 1):
        occupy_cleared(here.state, on(day))
        quarters = here.units["quarters"][:4].tolist()
        assert sorted(quarters) == [0, 0, 1, 2]
        assert here.units["posted"][:4].tolist() == [place > 0 for place in quarters]
        moved = here.units[here.units["posted"]]
        assert moved["district"].tolist() == moved["quarters"].tolist()
        assert here.districts["presence"]["garrison"][1:3].tolist() == [50, 50]
        assert here.finding() == "balanced"
    for row, place in enumerate(quarters):
        assert is_out(here.state.units[row]) == (place != 0)


@pytest.mark.parametrize(
    ("equipped", "company", "quarters"),
    [
        (0.1, 50, [0, 0, 0, 0]),
        (0.25, 50, [1, 0, 0, 0]),
        (0.75, 50, [1, 2, 0, 0]),
        (1.0, 51, [1, 1, 2, 2]),
        (1.0, 300, [1, 1, 1, 1]),
        (0.5, 100, [1, 1, 0, 0]),
        (1.0, 20, [1, 2, 0, 0]),
    ],
)
def test_equipment_and_company_size_limit_who_moves(
    country: Any, equipped: float, company: int, quarters: list[int]
) -> None:
    """No more soldiers move than are equipped, and no more to a district than make a company."""
    here = army(
        country,
        values={"army_holding.equipped_share": equipped, "army_holding.company_size": company},
    )
    occupy_cleared(here.state, on(TODAY))
    assert sorted(here.units["quarters"][:4].tolist()) == sorted(quarters)


def test_a_lot_decides_which_company_moves_first(country: Any) -> None:
    """Over 400 days each of two companies takes the only district half of the time."""
    found = []
    for identities in ([1, 2], [2, 1]):
        days = []
        for day in range(400):
            here = army(country, 2)
            here.units["identity"][:2] = identities
            here.districts["control"]["cleared_on"] = [-1, day, -1, -1, -1]
            occupy_cleared(here.state, on(day))
            days.append(identities[here.units["posted"][:2].tolist().index(True)])
        found.append(days)
    assert found[0] == found[1]
    assert abs(found[0].count(1) - 200) < 4.65 * 10


def test_which_units_are_not_sent(country: Any) -> None:
    """Police units, companies without soldiers and posted companies stay where they are."""
    here = army(country, 3, values={"army_holding.equipped_share": 1.0})
    here.unit(0, 0, 40, kind=SPECIAL)
    here.units["officers"][0] = 0
    here.units["posted"][1] = True
    here.districts["control"]["attacked_on"][0] = TODAY
    occupy_cleared(here.state, on(TODAY))
    assert here.units["quarters"][:4].tolist() == [0, 0, 1, 0]


def test_soldiers_hold_the_first_night(country: Any) -> None:
    """A shift of 0.3 * 50 stands in the district on the night after its clearing.

    That includes soldiers who operated elsewhere by day.
    """
    here = army(country, 2)
    here.units["task"][:2] = OPERATING
    here.units["district"][:2] = 3
    here.units["operated_in"][:2] = 3
    dusk(here.state, on(TODAY))
    assert here.units["quarters"][:2].tolist() == [1, 0]
    assert here.districts["presence"]["army_night"][1] == 15.0
    assert here.districts["presence"]["officers_night"][1] == 15.0


def test_a_held_district_is_not_recaptured(country: Any) -> None:
    """Against 50 soldiers 20 hidden fighters return with 0.0009 a day; without them they do."""
    back = []
    for companies in (0, 2):
        here = army(country, companies)
        here.crew(0, 1, 0, hiding=20)
        here.begin()
        dusk(here.state, on(TODAY))
        for day in range(TODAY, TODAY + 30):
            crews_return(here.state, on(day))
        back.append(int(here.crews["fighters"][0]))
    assert back == [20, 0]


def test_held_districts_are_handed_over(country: Any) -> None:
    """45 days after a clearing, not earlier, the station reopens and the company goes home."""
    here = posted(country)
    hand_over(here.state, TODAY + 44)
    assert here.units["posted"][0]
    assert not here.districts["control"]["station"][1]
    hand_over(here.state, TODAY + 45)
    assert not here.units["posted"][0]
    assert here.units["quarters"][0] == 0
    assert here.districts["control"]["station"][1]
    assert here.units["quarters"][1] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("control.attacked_on", TODAY + 30), ("presence.fighters", 1), ("control.holder", 1)],
)
def test_only_quiet_districts_are_handed_over(
    country: Any, column: Any, field: str, value: int
) -> None:
    """After an attack the company stays 45 days more, with a crew or under a gang without end."""
    here = posted(country)
    column(here.districts, field)[1] = value
    hand_over(here.state, TODAY + 74)
    assert here.units["posted"][0]
    hand_over(here.state, TODAY + 75)
    assert here.units["posted"][0] == (field != "control.attacked_on")


def test_soldiers_leave_a_gangs_district_when_its_crew_returns(country: Any) -> None:
    """In a district that a gang still holds, soldiers leave when the hidden crew returns."""
    here = posted(country)
    here.districts["control"]["holder"][1] = 0
    here.crew(0, 1, 0, hiding=500)
    for day in range(TODAY, TODAY + 30):
        crews_return(here.state, on(day))
    assert here.crews["fighters"][0] == 500
    here.begin()
    hand_over(here.state, TODAY + 30)
    assert (here.units["posted"][0], here.units["quarters"][0]) == (False, 0)


def test_a_free_company_holds_the_next_district(country: Any) -> None:
    """A company that hands over at dusk moves into a district cleared that day on the same dusk."""
    here = posted(country, values={"army_holding.equipped_share": 0.5})
    here.districts["control"]["cleared_on"][3] = TODAY + 45
    occupy_cleared(here.state, on(TODAY + 45))
    found = here.units[["posted", "quarters", "district"]][:2].tolist()
    assert sorted(found) == [(False, 0, 0), (True, 3, 3)]


def test_a_company_that_handed_over_is_at_home_that_night(country: Any) -> None:
    """A company is present in one district only: where it went, not where it was."""
    here = posted(country)
    hand_over(here.state, TODAY + 45)
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_night"].tolist() == [30.0, 0.0, 0.0, 0.0, 0.0]
    assert here.units["district"][0] == 0


def test_soldiers_do_not_go_home_to_a_lost_district(country: Any) -> None:
    """Where a gang holds their home, soldiers go to a district of the state instead."""
    here = posted(country)
    here.districts["control"]["holder"][0] = 2
    hand_over(here.state, TODAY + 45)
    assert not here.units["posted"][0]
    assert here.units["quarters"][0] != 0


def test_soldiers_leave_a_gangs_district_that_another_gang_took(country: Any) -> None:
    """Soldiers also leave when another gang's crew attacks, wins and stays."""
    here = posted(country)
    here.districts["control"]["holder"][1] = 0
    leader = here.crew(1, 2, 500)
    here.crews["attackers_sent"][leader] = 400
    here.crews["target"][leader], here.districts["night"]["lead_crew"][1] = 1, leader
    here.districts["night"]["first_attacker"][1] = leader
    occupy(here.state, on(TODAY), 1)
    here.begin()
    assert here.districts["presence"]["claimant_fighters"][1] > 0
    hand_over(here.state, TODAY + 1)
    assert not here.units["posted"][0]


def test_what_was_handed_over_is_not_taken_back(country: Any) -> None:
    """A district that was handed over after 14 days is not occupied again within 30 days."""
    here = posted(
        country, values={"army_holding.days_to_occupy": 30, "army_holding.handover_days": 14}
    )
    for day in range(TODAY + 14, TODAY + 20):
        count_garrisons(here.state)
        occupy_cleared(here.state, on(day))
        assert here.units["posted"][:2].tolist() == [False, False], day


def test_districts_can_be_held_again_without_forward_bases(country: Any) -> None:
    """With forward bases switched off a district that is cleared again is held again."""
    here = army(country, 2, values={"bases.enabled": False, "mandate.enabled": False})
    here.districts["control"]["cleared_on"][2] = -1
    for day, quarters in ((TODAY, [0, 1]), (TODAY + 45, [0, 0]), (TODAY + 60, [0, 1])):
        if day == TODAY + 60:
            here.districts["control"]["cleared_on"][1] = day
        dawn(here.state, on(day))
        dusk(here.state, on(day))
        assert sorted(here.units["quarters"][:2].tolist()) == quarters


@pytest.mark.parametrize(("enabled", "quarters"), [(True, [0, 0, 1, 2]), (False, [0, 0, 0, 0])])
def test_switched_off_soldiers_stay_at_home(
    country: Any, enabled: bool, quarters: list[int]
) -> None:
    """Switched off, no soldiers move into a cleared district."""
    here = army(country, values={"army_holding.enabled": enabled})
    dusk(here.state, on(TODAY))
    assert sorted(here.units["quarters"][:4].tolist()) == quarters
    assert here.units["posted"].any() == enabled
