"""Mandate: its lapse, the vote for a UN operation, and the day the United Nations take over."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import Randomness, normal, run_randomness, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import ANY_MISSION, MILITARY_ONLY, MISSION, UNDER_UN
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.mission.mandate import (
    NOT_NAMED,
    UN_COMES,
    UN_GROWS,
    UN_SHARES,
    start_un_operation,
    update_mandate,
    vote_for_un,
)
from teritwa.rules.schedule import update_institutions

VALUES = {
    "mandate.un_transition_time": 90.0,
    "mandate.un_build_up_time": 200.0,
    "mandate.un_peak_share": 0.9,
    "mandate.time_spread": 0.0,
    "contingents.departure_time": 60,
    "force_generation.arrival_rate": 10.0,
    "force_generation.delay_spread": 0.0,
}
FAR = 100_000


def on(day: int) -> Randomness:
    """Return the randomness of a day."""
    return run_randomness(9, 0, 0, day)


def mission(country: Any, ends: int = FAR, values: Mapping[str, float] = {}) -> Any:
    """Return a support mission of 90 officers with a last day; contingent 1 serves under the UN."""
    here = country(2, values={**VALUES, **values})
    here.unit(0, 0, 50)
    here.unit(2, 0, 90)
    here.contingents["foreign"], here.contingents["force"][1] = [False, True, True], MISSION
    here.contingents["terms"] = [ANY_MISSION, UNDER_UN, ANY_MISSION]
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 2500
    here.mission["mandate_ends"] = ends
    here.fund["balance"] = here.fund["received"] = 10**12
    return here.begin()


def status(here: Any, names: list[str]) -> tuple[Any, ...]:
    """Return fields of the mission by name."""
    found: tuple[Any, ...] = here.mission[names][0].tolist()
    return found


def test_a_mandate_lapses_on_its_day(country: Any) -> None:
    """On the first day out of force the mandate ends and every foreign officer is ordered home.

    Officers in preparation and in transit stay away; Haitian forces are not affected.
    """
    here = mission(country, 10)
    here.contingents["in_transit"] = here.contingents["in_preparation"] = 7
    here.mission["military"] = True
    update_mandate(here.state, on(9))
    assert (here.mission["mandate"][0], here.contingents["leaving"].sum()) == (SUPPORT_MISSION, 0)
    update_mandate(here.state, on(10))
    assert status(here, ["mandate", "military", "authorised"]) == (NO_MANDATE, False, 0)
    assert here.contingents["leaving"].tolist() == [0, 0, 90]
    assert here.contingents["departure_rate"].tolist() == [0.0, 0.0, 1.5]
    for name in ("in_transit", "in_preparation"):
        assert here.contingents[name].tolist() == [7, 0, 0]
    update_mandate(here.state, on(11))
    assert here.contingents["departure_rate"].tolist() == [0.0, 0.0, 1.5]


def test_no_mandate_cannot_lapse(country: Any) -> None:
    """Without a mandate nobody is ordered home."""
    here = mission(country, 10)
    here.mission["mandate"] = NO_MANDATE
    update_mandate(here.state, on(10_000))
    assert here.contingents["leaving"].sum() == 0


def test_a_lapsed_mandate_lets_nobody_land(country: Any) -> None:
    """Nobody lands from the day of the lapse on, and in 60 days all officers have left."""
    here = mission(country, 10)
    here.contingents["in_transit"][2], here.contingents["arrival_rate"][2] = 400, 40.0
    here.mission["headquarters"] = 1
    here.ledger["officers_sent"] = 400
    update_institutions(here.state, on(9))
    assert here.contingents["officers"].tolist() == [50, 0, 130]
    for day in range(10, 75):
        update_institutions(here.state, on(day))
        assert here.contingents["officers"][2] < 130
        assert here.finding() == "balanced"
    assert here.contingents["officers"].tolist() == [50, 0, 0]


def test_the_un_takes_over_some_time_after_its_vote(country: Any) -> None:
    """After a vote on day d the UN takes over on day d + 90 * exp(0.3 z), rounded.

    z is the country's random number of the day.
    """
    for day in (0, 5, 200):
        here = mission(country, values={"mandate.time_spread": 0.3})
        vote_for_un(here.state, on(day), 3000, 900, NOT_NAMED)
        late = math.exp(0.3 * normal(uniform(on(day), UN_COMES, COUNTRY)))
        assert here.mission["un_takeover_day"][0] == day + math.floor(90.0 * late + 0.5)
        assert status(here, ["mandate", "authorised", "un_authorised", "un_ends"]) == (
            SUPPORT_MISSION,
            2500,
            3000,
            900,
        )


@pytest.mark.parametrize("arrival", [10, 11, 25])
def test_vote_arrival_and_end_are_three_dates(country: Any, arrival: int) -> None:
    """A vote on day 10 that names the day of arrival draws none; the end is its own."""
    here = mission(country, 5, values={"mandate.time_spread": 0.8})
    vote_for_un(here.state, on(10), 3000, 60, arrival)
    assert status(here, ["un_takeover_day", "mandate_ends"]) == (arrival, arrival + 1)
    for day in range(10, 60):
        update_mandate(here.state, on(day))
        expected = UN_PEACEKEEPING if day >= arrival else SUPPORT_MISSION
        assert here.mission["mandate"][0] == expected
    update_mandate(here.state, on(60))
    assert here.mission["mandate"][0] == NO_MANDATE


def test_a_named_day_replaces_a_drawn_one(country: Any) -> None:
    """A second vote that names the day of arrival moves it."""
    here = mission(country)
    vote_for_un(here.state, on(10), 3000, 900, NOT_NAMED)
    vote_for_un(here.state, on(20), 3000, 900, 50)
    assert here.mission["un_takeover_day"][0] == 50


@pytest.mark.parametrize(("ends", "comes"), [(99, False), (100, False), (101, True)])
def test_an_operation_whose_mandate_has_ended_does_not_come(
    country: Any, ends: int, comes: bool
) -> None:
    """The drawn day of arrival is 100: a mandate that ends before that day sends nobody."""
    here = mission(country)
    vote_for_un(here.state, on(10), 3000, ends, NOT_NAMED)
    update_mandate(here.state, on(100))
    assert (here.mission["mandate"][0] == UN_PEACEKEEPING) == comes
    assert (here.contingents["in_transit"].sum() > 0) == comes


@pytest.mark.parametrize(("ends", "extended"), [(30, 101), (100, 101), (101, 101), (500, 500)])
def test_the_mission_stays_until_the_un_comes(country: Any, ends: int, extended: int) -> None:
    """After a vote on day 10 the mission stays until day 99, and the UN takes over on day 100.

    A mandate that would end before is extended, one that lasts longer is not shortened.
    """
    here = mission(country, ends)
    vote_for_un(here.state, on(10), 3000, 900, NOT_NAMED)
    assert here.mission["mandate_ends"][0] == extended
    for day in range(10, 100):
        update_mandate(here.state, on(day))
        assert status(here, ["mandate", "authorised"]) == (SUPPORT_MISSION, 2500)
    update_mandate(here.state, on(100))
    assert status(here, ["mandate", "military", "authorised", "mandate_ends"]) == (
        UN_PEACEKEEPING,
        True,
        3000,
        900,
    )
    assert here.contingents["leaving"].sum() == 0


def test_a_second_vote_does_not_move_the_takeover(country: Any) -> None:
    """A second vote before the takeover changes ceiling and end but not the day.

    The same holds on the day of the takeover.
    """
    here = mission(country)
    vote_for_un(here.state, on(10), 3000, 900, NOT_NAMED)
    vote_for_un(here.state, on(50), 4000, 950, NOT_NAMED)
    assert status(here, ["un_takeover_day", "un_authorised", "un_ends"]) == (100, 4000, 950)
    vote_for_un(here.state, on(100), 5000, 990, NOT_NAMED)
    update_mandate(here.state, on(100))
    assert status(here, ["un_takeover_day", "authorised", "mandate_ends"]) == (100, 5000, 990)


def test_a_renewal_changes_ceiling_and_end_only(country: Any) -> None:
    """Under the UN a vote is in force at once, sends nobody and leads to no second takeover."""
    here = mission(country)
    here.mission["mandate"] = UN_PEACEKEEPING
    vote_for_un(here.state, on(200), 1000, 300, NOT_NAMED)
    assert status(here, ["mandate", "authorised", "mandate_ends", "un_takeover_day"]) == (
        UN_PEACEKEEPING,
        1000,
        300,
        -1,
    )
    assert here.contingents["in_transit"].sum() == 0
    update_mandate(here.state, on(300))
    assert here.mission["mandate"][0] == NO_MANDATE
    assert here.contingents["leaving"].tolist() == [0, 0, 90]


def test_after_a_un_operation_there_may_be_another(country: Any) -> None:
    """After the mandate of a UN operation lapsed a new vote leads to a new takeover."""
    here = mission(country)
    vote_for_un(here.state, on(0), 3000, 200, NOT_NAMED)
    for day in range(201):
        update_mandate(here.state, on(day))
    assert here.mission["mandate"][0] == NO_MANDATE
    vote_for_un(here.state, on(300), 1000, 900, NOT_NAMED)
    assert here.mission["un_takeover_day"][0] == 390


def test_the_un_needs_no_mission_before_it(country: Any) -> None:
    """Without mandate and officers a vote brings 0.9 of 1,000 authorised officers."""
    here = country(2, values=VALUES)
    here.contingents["terms"][2], here.mission["mandate"] = UNDER_UN, NO_MANDATE
    vote_for_un(here.state, on(0), 1000, 900, NOT_NAMED)
    for day in range(91):
        update_mandate(here.state, on(day))
    assert (here.mission["mandate"][0], here.contingents["in_transit"][2]) == (UN_PEACEKEEPING, 900)


@pytest.mark.parametrize(
    ("authorised", "on_their_way", "sent"),
    [(2000, 0, 1710), (2000, 110, 1600), (100, 0, 0), (90, 0, 0), (102, 0, 1)],
)
def test_un_troops_fill_what_is_missing(
    country: Any, authorised: int, on_their_way: int, sent: int
) -> None:
    """UN troops fill 0.9 of the ceiling less those in the country and in transit, over 200 days."""
    here = mission(country)
    here.contingents["in_transit"][2] = on_their_way
    here.mission["un_authorised"], here.mission["un_ends"] = authorised, 900
    start_un_operation(here.state, on(100))
    assert here.contingents["in_transit"].tolist() == [0, sent, on_their_way]
    assert here.contingents["arrival_rate"][1] == pytest.approx(sent / 200.0)
    assert here.contingents["officers"].tolist() == [50, 0, 90]


def test_un_contributors_share_what_is_missing(country: Any) -> None:
    """The missing 0.9 * 902 - 90 = 721 officers are split evenly between two contingents.

    The last one falls to either of them, by a random number.
    """
    found = set()
    for day in range(100, 110):
        here = mission(country)
        here.contingents["terms"] = [ANY_MISSION, UNDER_UN, UNDER_UN]
        here.mission["un_authorised"] = 902
        start_un_operation(here.state, on(day))
        second = uniform(on(day), UN_SHARES, COUNTRY) < 0.5
        expected = [0, 360, 361] if second else [0, 361, 360]
        assert here.contingents["in_transit"].tolist() == expected
        found.add(second)
    assert found == {True, False}


def test_build_up_time_varies(country: Any) -> None:
    """UN troops land over 200 * exp(0.3 z) days; z is the country's random number of the day."""
    for day in (100, 101, 102):
        here = mission(country, values={"mandate.time_spread": 0.3})
        here.mission["un_authorised"] = 2000
        start_un_operation(here.state, on(day))
        late = math.exp(0.3 * normal(uniform(on(day), UN_GROWS, COUNTRY)))
        assert here.contingents["arrival_rate"][1] == pytest.approx(1710 / (200.0 * late))


def test_haitian_forces_take_no_room_under_the_un(country: Any) -> None:
    """Haitian officers in transit do not count as part of the UN operation."""
    here = mission(country)
    here.contingents["in_transit"][0] = 400
    here.mission["un_authorised"] = 2000
    start_un_operation(here.state, on(100))
    assert here.contingents["in_transit"].tolist() == [400, 1710, 0]


def test_the_takeover_does_not_slow_officers_in_transit(country: Any) -> None:
    """100 in transit at 10 a day and 1,610 more over 200 days land at 18.05 a day."""
    here = mission(country)
    here.contingents["in_transit"][1], here.contingents["arrival_rate"][1] = 100, 10.0
    here.mission["un_authorised"] = 2000
    start_un_operation(here.state, on(100))
    assert here.contingents["in_transit"][1] == 1710
    assert here.contingents["arrival_rate"][1] == pytest.approx(10.0 + 1610 / 200.0)


def test_officers_in_transit_keep_their_rate(country: Any) -> None:
    """A contingent that gets no share of the missing officers keeps landing those in transit."""
    here = mission(country)
    here.contingents["terms"] = [ANY_MISSION, UNDER_UN, UNDER_UN]
    here.contingents["in_transit"][1], here.contingents["arrival_rate"][1] = 100, 10.0
    here.mission["un_authorised"] = 212  # 0.9 of it is 190: 90 are here, 100 on their way
    start_un_operation(here.state, on(100))
    assert here.contingents["in_transit"].tolist() == [0, 100, 0]
    assert here.contingents["arrival_rate"][1] == 10.0


def test_soldiers_who_waited_set_out_on_the_day_of_the_takeover(country: Any) -> None:
    """Soldiers who wait for a military mandate set out when the UN takes over."""
    here = mission(country)
    here.contingents["terms"][2], here.contingents["in_preparation"][2] = MILITARY_ONLY, 70
    vote_for_un(here.state, on(0), 3000, 900, NOT_NAMED)
    for day in range(90):
        update_institutions(here.state, on(day))
    assert (here.contingents["in_preparation"][2], here.contingents["officers"][2]) == (70, 90)
    update_institutions(here.state, on(90))
    assert (here.contingents["in_preparation"][2], here.contingents["officers"][2]) == (0, 100)


def test_the_un_reaches_its_peak_and_no_more(country: Any) -> None:
    """After the build-up 0.9 of 2,000 officers are in the country, and every day balances."""
    here = mission(country, values={"contingents.unit_size": 500})
    vote_for_un(here.state, on(0), 2000, FAR, NOT_NAMED)
    for day in range(320):
        update_institutions(here.state, on(day))
        assert here.finding() == "balanced"
    assert here.contingents["officers"].tolist() == [50, 1710, 90]


def test_switched_off_mandates_neither_lapse_nor_change(country: Any) -> None:
    """Switched off, the mandate and its officers stay and the UN never takes over."""
    here = mission(country, 10, values={"mandate.enabled": False})
    here.mission["un_takeover_day"], here.mission["un_authorised"] = 5, 3000
    for day in range(20):
        update_institutions(here.state, on(day))
    assert status(here, ["mandate", "authorised"]) == (SUPPORT_MISSION, 2500)
    assert here.contingents["officers"].tolist() == [50, 0, 90]
    assert here.contingents["in_transit"].sum() == here.contingents["leaving"].sum() == 0
