"""Night posture: who stays at night, which crews return, and when stations reopen."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, uniform
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.doctrine import CLEAR_AND_HOLD, RAID
from teritwa.rules.agents.institutions import SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import AT_HOME, FOREIGN, OPERATING, SPECIAL
from teritwa.rules.forces.night_posture import (
    CREW_RETURNS,
    abandon_district,
    crews_return,
    guards_by_night,
    is_quiet,
    refuge,
    reopen_stations,
    return_probability,
    withdraw_at_dusk,
)

VALUES = {
    "raid.night_share": 0.05,
    "clear_and_hold.night_share": 0.7,
    "night_posture.night_share_with_base": 0.6,
    "night_posture.return_hazard": 0.2,
    "night_posture.return_delay": 5,
    "night_posture.guard_ratio": 3.0,
    "self_defence.defence_weight": 0.2,
    "night_posture.station_reopening_rate": 0.2,
    "night_posture.quiet_days": 14,
    "presence.on_duty_share": 0.25,
    "night_posture.night_share_with_un_base": 0.8,
}


@pytest.mark.parametrize(
    ("hidden", "guards", "strength"),
    [
        (30.0, 0.0, 1.0),
        (30.0, 10.0, 0.5),
        (60.0, 10.0, 0.8),
        (10.0, 10.0, 0.1),
        (0.0, 0.0, 0.0),
        (0.0, 5.0, 0.0),
    ],
)
def test_return_is_a_contest(hidden: float, guards: float, strength: float) -> None:
    """The hazard of 0.2 is taken by h² / (h² + (3 g)²): half at three fighters for each guard."""
    found = return_probability(hidden, guards, 3.0, 0.2)
    assert found == pytest.approx(1.0 - math.exp(-0.2 * strength))


def test_return_rises_with_the_hidden_and_falls_with_guards() -> None:
    """More hidden fighters never return less often, and more guards never let more return."""
    hidden = [return_probability(float(h), 10.0, 3.0, 0.2) for h in range(0, 200, 5)]
    guards = [return_probability(50.0, float(g), 3.0, 0.2) for g in range(0, 200, 5)]
    assert hidden == sorted(hidden)
    assert guards == sorted(guards, reverse=True)


def test_units_leave_at_dusk_unless_there_is_a_base(country: Any) -> None:
    """Operating units stay 0.6 of the night at a garrisoned base and 0.05 elsewhere.

    Units at home stay, and a base without a garrison (district 2) lets nobody stay.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["control"]["forward_base"][1:] = True
    here.districts["presence"]["garrison"] = [50, 50, 0]
    homes_and_tasks = ((1, OPERATING), (0, OPERATING), (0, AT_HOME), (0, OPERATING))
    rows = [here.unit(0, home, 9, task=task) for home, task in homes_and_tasks]
    here.units["district"][rows] = [0, 1, 0, 2]
    here.units["posture"] = RAID
    withdraw_at_dusk(here.state)
    assert here.units["night_share"][rows].tolist() == [0.05, 0.6, 1.0, 0.05]
    assert here.units["district"][rows].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("mandate", "shares"), [(SUPPORT_MISSION, [0.6, 0.6]), (UN_PEACEKEEPING, [0.6, 0.8])]
)
def test_un_troops_stay_longer_at_their_bases(
    country: Any, mandate: int, shares: list[float]
) -> None:
    """Under the UN mission units stay 0.8 of the night at a base, Haitian units 0.6.

    Without a base both stay 0.05.
    """
    here = country(2, values=VALUES)
    here.mission["mandate"] = mandate
    here.unit(0, 0, 9, kind=SPECIAL, task=OPERATING)
    here.unit(2, 0, 9, kind=FOREIGN, task=OPERATING)
    here.units["posture"] = RAID
    for based in (True, False):
        here.districts["control"]["forward_base"][1] = based
        here.districts["presence"]["garrison"][1] = 18
        here.units["district"][:2] = 1
        withdraw_at_dusk(here.state)
        assert here.units["night_share"][:2].tolist() == (shares if based else [0.05, 0.05])


@pytest.mark.parametrize(
    ("posture", "based", "share", "place"),
    [
        (RAID, False, 0.05, 0),
        (RAID, True, 0.6, 1),
        (CLEAR_AND_HOLD, False, 0.7, 1),
        (CLEAR_AND_HOLD, True, 0.7, 1),
    ],
)
def test_a_posture_decides_how_long_units_stay(
    country: Any, posture: int, based: bool, share: float, place: int
) -> None:
    """Who clears and holds stays 0.7 of the night, with a base or without; raiders need the base.

    Units that stay for most of the night do not go back to quarters.
    """
    here = country(2, values=VALUES)
    here.unit(0, 0, 9, kind=SPECIAL, task=OPERATING)
    here.units["posture"][0], here.units["district"][0] = posture, 1
    here.districts["control"]["forward_base"][1] = based
    here.districts["presence"]["garrison"][1] = 9
    withdraw_at_dusk(here.state)
    assert here.units["night_share"][0] == pytest.approx(share)
    assert here.units["district"][0] == place


@pytest.mark.parametrize(
    ("officers", "brigade", "guards"), [(1.0, 0, 4.0), (0.0, 50, 10.0), (5.0, 5, 21.0)]
)
def test_guards_are_all_who_stay_and_the_brigade(
    country: Any, officers: float, brigade: int, guards: float
) -> None:
    """One officer on duty for a quarter of the time stands for four; a brigade member for 0.2."""
    here = country(values=VALUES)
    here.districts["presence"]["officers_night"][0] = officers
    here.districts["people"]["brigade"][0] = brigade
    assert guards_by_night(here.state, here.state.districts[0]) == pytest.approx(guards)


def test_hidden_crews_return_by_the_contest(country: Any) -> None:
    """All fighters of a hidden crew return on days whose random number is below the probability.

    24 hidden fighters at an effectiveness of 0.5 against one guard on duty, who stands for four:
    12² / (12² + 12²) of the hazard of 0.2, 0.0952 a day.
    """
    here = country(values=VALUES)
    crew = here.crew(0, 0, 0, hiding=24)
    here.gangs["combat_effectiveness"][0] = 0.5
    here.districts["presence"]["officers_night"][0] = 1.0
    risk = 1.0 - math.exp(-0.2 * 0.5)
    days = []
    for day in range(100, 300):
        today = run_randomness(3, 0, 0, day)
        here.crews["fighters"][crew], here.crews["hiding"][crew] = 2, 24
        crews_return(here.state, today)
        back = uniform(today, CREW_RETURNS, int(here.crews["identity"][crew])) < risk
        assert here.crews["fighters"][crew] == (26 if back else 2)
        assert here.crews["fighters"][crew] + here.crews["hiding"][crew] == 26
        days.append(back)
    assert abs(sum(days) - 200 * risk) < 4.65 * (200 * risk * (1.0 - risk)) ** 0.5


def test_returns_follow_their_closed_form(country: Any) -> None:
    """Of crews that may return from day 5 on exp(-0.05 * (31 - 5)) still hide after day 30.

    With nobody there 300 crews in one district, each by its own number, are met within 4.65
    standard errors; on the first five days nobody returns.
    """
    back, early = 0, 0
    for seed in range(300):
        here = country(values={**VALUES, "night_posture.return_hazard": 0.05})
        here.crew(0, 0, 0, hiding=9)
        here.districts["control"]["cleared_on"][0] = 0
        for day in range(31):
            if here.crews["hiding"][0]:
                crews_return(here.state, run_randomness(seed, 0, 0, day))
            early += int(day < 5 and here.crews["hiding"][0] == 0)
        back += int(here.crews["hiding"][0] == 0)
    likely = 1.0 - math.exp(-0.05 * 26)
    assert early == 0
    assert abs(back - 300 * likely) < 4.65 * (300 * likely * (1.0 - likely)) ** 0.5


@pytest.mark.parametrize(
    ("cleared_on", "from_gang", "capital", "counted"),
    [
        (70, True, True, 1),
        (69, True, True, 0),
        (95, True, True, 1),
        (-1, True, True, 0),
        (70, False, True, 0),
        (70, True, False, 0),
    ],
)
def test_a_return_within_thirty_days_is_a_recapture(
    country: Any, cleared_on: int, from_gang: bool, capital: bool, counted: int
) -> None:
    """On day 100 a district cleared on day 70 is recaptured, one cleared on day 69 is not.

    Two crews that return count once. Only districts of the capital that a gang held count.
    """
    here = country(values={**VALUES, "night_posture.return_hazard": 0.2})
    here.crew(0, 0, 0, hiding=9)
    here.crew(1, 0, 0, hiding=9)
    control = here.districts["control"]
    control["cleared_on"][0], control["cleared_from_gang"][0] = cleared_on, from_gang
    here.districts["place"]["metropolitan"][0] = capital
    for seed in range(120):  # chance 0.18 a crew and seed: both come back
        crews_return(here.state, run_randomness(seed, 0, 0, 100))
    assert here.crews["hiding"][:2].tolist() == [0, 0]
    assert here.daily["recaptured"][0] == counted
    assert here.districts["control"]["cleared_on"][0] == -1


def test_nobody_returns_to_a_district_well_held(country: Any) -> None:
    """Against 400 guards nine fighters return with 0.00001 a day: none does in a year."""
    here = country(values=VALUES)
    crew = here.crew(0, 0, 0, hiding=9)
    here.districts["presence"]["officers_night"][0] = 100.0
    for day in range(365):
        crews_return(here.state, run_randomness(3, 0, 0, day))
    assert here.crews["hiding"][crew] == 9


def test_refuge_is_the_nearest_district_of_the_state(country: Any) -> None:
    """The refuge is the nearest district of the state, or the district itself if none is left.

    Districts that gangs hold do not count, and unreachable ones do not either. Of two equally near
    ones that with more people is taken, in whichever row it stands.
    """
    here = country(4, [(0, 1), (1, 2)])
    here.set_hours({(0, 1): 1.0, (0, 2): 3.0, (0, 3): 2.0})
    here.districts["control"]["holder"][1] = 0
    assert refuge(here.state, 0) == 3
    here.set_hours({(0, 3): np.inf})
    assert refuge(here.state, 0) == 2
    here.set_hours({(0, 3): 3.0})
    for people, place in (([1, 1, 9, 8], 2), ([1, 1, 8, 9], 3)):
        here.districts["place"]["residents_2015"] = people
        assert refuge(here.state, 0) == place
    here.districts["control"]["holder"][1:] = 0
    assert refuge(here.state, 0) == 0


def test_a_lost_district_loses_its_station_and_units(country: Any) -> None:
    """Station and forward base are lost, and units based there move.

    A unit that is away keeps its place for the day.
    """
    here = country(3, [(0, 1), (1, 2)])
    here.districts["control"]["station"] = here.districts["control"]["forward_base"] = True
    at_home, away, other = here.unit(0, 0, 5), here.unit(0, 0, 5), here.unit(0, 2, 5)
    here.units["district"][away] = 2
    abandon_district(here.state, 0)
    for name in ("station", "forward_base"):
        assert here.districts["control"][name].tolist() == [False, True, True]
    assert here.units["quarters"][[at_home, away, other]].tolist() == [1, 1, 2]
    assert here.units["district"][[at_home, away, other]].tolist() == [1, 2, 2]
    assert here.units["home"][[at_home, away]].tolist() == [0, 0]


def test_units_of_a_lost_base_are_no_longer_posted(country: Any) -> None:
    """Units that withdraw from a lost base are free; units posted elsewhere stay posted."""
    here = country(3, [(0, 1), (1, 2)])
    for place in (0, 2):
        here.unit(2, place, 5, kind=FOREIGN)
    here.units["posted"][:2] = True
    abandon_district(here.state, 0)
    assert here.units["posted"][:2].tolist() == [False, True]
    assert here.units["quarters"][:2].tolist() == [1, 2]


def test_posted_units_do_not_come_home(country: Any) -> None:
    """When home is quiet a unit that withdrew returns, and a posted unit stays."""
    here = country(2, values=VALUES)
    units = [here.unit(2, 0, 5, kind=FOREIGN), here.unit(2, 0, 5, kind=FOREIGN)]
    here.units["quarters"][units], here.units["posted"][units] = 1, [True, False]
    here.districts["control"]["station"] = True
    reopen_stations(here.state, run_randomness(5, 0, 0, 1))
    assert here.units["quarters"][units].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("control.holder", STATE, True),
        ("control.holder", 1, False),
        ("presence.fighters", 1, False),
        ("control.attacked_on", 7, False),
    ],
)
def test_quiet_districts(country: Any, column: Any, field: str, value: int, answer: bool) -> None:
    """A quiet district is held by the state, without a crew and without an attack for 14 days."""
    here = country()
    column(here.districts, field)[0] = value
    assert is_quiet(here.state.districts[0], 20, 14) == answer
    assert is_quiet(here.state.districts[0], 21, 14) == (answer or field == "control.attacked_on")


def test_stations_reopen_and_units_come_home(country: Any) -> None:
    """In a quiet district the station reopens with probability 0.2 a day and its unit returns.

    In a district that is attacked neither happens.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    units = [here.unit(0, 0, 5), here.unit(0, 1, 5)]
    here.units["quarters"][units] = 2
    here.districts["control"]["station"][2] = True
    here.districts["control"]["attacked_on"][1] = 100_000
    opened = []
    for day in range(300):
        here.districts["control"]["station"][0] = False
        here.units["quarters"][units[0]] = 2
        reopen_stations(here.state, run_randomness(5, 0, 0, day))
        opened.append(bool(here.districts["control"]["station"][0]))
        assert here.units["quarters"][units].tolist() == [0 if opened[-1] else 2, 2]
    assert abs(sum(opened) - 60) < 4.65 * (300 * 0.2 * 0.8) ** 0.5
    assert not here.districts["control"]["station"][1]
