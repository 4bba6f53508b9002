"""Night posture: who stays at night, which crews return, and when stations reopen."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, uniform
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.institutions import SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import AT_HOME, FOREIGN, OPERATING, SPECIAL
from teritwa.rules.forces.night_posture import (
    CREW_RETURNS,
    abandon_district,
    crew_return_hazard,
    crews_return,
    holding_density,
    is_quiet,
    refuge,
    reopen_stations,
    withdraw_at_dusk,
)

VALUES = {
    "night_posture.night_share_without_base": 0.05,
    "night_posture.night_share_with_base": 0.6,
    "night_posture.return_hazard": 0.2,
    "night_posture.holding_effect": 1.5,
    "night_posture.station_reopening_rate": 0.2,
    "night_posture.quiet_days": 14,
    "presence.on_duty_share": 0.25,
    "night_posture.night_share_with_un_base": 0.8,
}


def test_hazard_falls_with_holding_officers() -> None:
    """The return hazard is h0 without officers, and h0 * exp(-1.5) for one per 1,000 people."""
    assert crew_return_hazard(0.0, 0.2, 1.5) == 0.2
    assert crew_return_hazard(1.0, 0.2, 1.5) == pytest.approx(0.2 / math.e**1.5)
    assert crew_return_hazard(1000.0, 0.2, 1.5) == 0.0


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
    for based in (True, False):
        here.districts["control"]["forward_base"][1] = based
        here.districts["presence"]["garrison"][1] = 18
        here.units["district"][:2] = 1
        withdraw_at_dusk(here.state)
        assert here.units["night_share"][:2].tolist() == (shares if based else [0.05, 0.05])


@pytest.mark.parametrize(
    ("officers", "residents", "hosted", "density"),
    [(1.0, 1000, 0, 4.0), (1.0, 500, 1500, 2.0), (0.0, 7, 0, 0.0), (0.25, 0, 0, 1000.0)],
)
def test_holding_officers_are_all_who_stay(
    country: Any, officers: float, residents: int, hosted: int, density: float
) -> None:
    """One officer on duty for a quarter of the time stands for four, per 1,000 people.

    People are residents and displaced persons, at least one.
    """
    here = country(values=VALUES)
    here.districts["presence"]["officers_night"][0] = officers
    here.districts["people"]["residents"][0] = residents
    here.districts["people"]["displaced_hosted"][0] = hosted
    assert holding_density(here.state, here.state.districts[0]) == density


def test_hidden_crews_return_by_their_hazard(country: Any) -> None:
    """All fighters of a hidden crew return on days whose random number is below 1 - exp(-hazard).

    With one officer per 2,000 people, a quarter of them on duty, the hazard is 0.2 * exp(-1.5 *
    0.5) = 0.0945.
    """
    here = country(values=VALUES)
    crew = here.crew(0, 0, 0, hiding=9)
    here.districts["presence"]["officers_night"][0] = 0.25
    here.districts["people"]["displaced_hosted"][0] = 1000
    risk = 1.0 - math.exp(-0.2 * math.exp(-1.5 * 0.5))
    days = []
    for day in range(100):
        today = run_randomness(3, 0, 0, day)
        here.crews["fighters"][crew], here.crews["hiding"][crew] = 2, 9
        crews_return(here.state, today)
        back = uniform(today, CREW_RETURNS, int(here.crews["identity"][crew])) < risk
        assert here.crews["fighters"][crew] == (11 if back else 2)
        assert here.crews["fighters"][crew] + here.crews["hiding"][crew] == 11
        days.append(back)
    assert abs(sum(days) - 100 * risk) < 4.65 * (100 * risk * (1.0 - risk)) ** 0.5
    assert risk == pytest.approx(1.0 - math.exp(-0.0945), abs=1e-4)


@pytest.mark.parametrize(("cleared_on", "counted"), [(70, 1), (69, 0), (100, 1), (-1, 0)])
def test_a_return_within_thirty_days_is_a_recapture(
    country: Any, cleared_on: int, counted: int
) -> None:
    """On day 100 a district cleared on day 70 is recaptured, one cleared on day 69 is not.

    Two crews that return count once.
    """
    here = country(
        values={**VALUES, "night_posture.return_hazard": 0.6, "night_posture.holding_effect": 0.1}
    )
    here.crew(0, 0, 0, hiding=9)
    here.crew(1, 0, 0, hiding=9)
    here.districts["control"]["cleared_on"][0] = cleared_on
    for seed in range(60):  # chance 0.45 a crew and seed: both come back
        crews_return(here.state, run_randomness(seed, 0, 0, 100))
    assert here.crews["hiding"][:2].tolist() == [0, 0]
    assert here.daily["recaptured"][0] == counted
    assert here.districts["control"]["cleared_on"][0] == -1


def test_nobody_returns_to_a_district_well_held(country: Any) -> None:
    """With 100 officers per 1,000 people at night no crew returns in a year."""
    here = country(values=VALUES)
    crew = here.crew(0, 0, 0, hiding=9)
    here.districts["presence"]["officers_night"][0] = 100.0
    for day in range(365):
        crews_return(here.state, run_randomness(3, 0, 0, day))
    assert here.crews["hiding"][crew] == 9


def test_refuge_is_the_nearest_district_of_the_state(country: Any) -> None:
    """The refuge is the nearest district of the state, or the district itself if none is left.

    Districts that gangs hold do not count, and unreachable ones do not either.
    """
    here = country(4, [(0, 1), (1, 2)])
    here.hours[0] = [0.0, 1.0, 3.0, 2.0]
    here.districts["control"]["holder"][1] = 0
    assert refuge(here.state, 0) == 3
    here.hours[0, 3] = np.inf
    assert refuge(here.state, 0) == 2
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
        ("presence.strongest_crew", 0, False),
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
