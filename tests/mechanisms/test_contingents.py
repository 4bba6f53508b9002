"""Contingents: landing under the ceiling, units, going home, and readiness that follows pay and vehicles."""

import math
from typing import Any

import pytest

from teritwa.agents.institution import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.agents.police_unit import FOREIGN
from teritwa.mechanisms.contingents import (
    GOES_HOME,
    LANDS,
    affordable,
    count_ready,
    form_unit,
    go_home,
    join_units,
    land,
    leave_units,
    make_ready,
    mission_strength,
    order_home,
)
from teritwa.noise import chance, uniform, whole

VALUES = {
    "contingents.unit_size": 50, "contingents.readiness": 0.8, "contingents.on_foot": 0.5, "contingents.seats": 10,
    "contingents.unpaid_readiness": 0.25, "contingents.adjustment": 20.0, "contingents.repair": 0.1,
    "contingents.patience": 120, "contingents.going_home": 60, "fund.officer_month": 20_000,
}  # fmt: skip
MONTH = 2_000_000  # cents that keep an officer for a month
TODAY = chance(9, 0, 0, 1)


def waiting(country: Any, officers: int, authorised: int, fund: int, rate: float = 1000.0) -> Any:
    """Return a mission whose officers wait to land."""
    here = country(2, values=VALUES)
    here.contingents["waiting"], here.contingents["arriving"] = [9, 9, officers], rate
    here.institution["mandate"], here.institution["authorised"] = SUPPORT_MISSION, authorised
    here.institution["fund"] = here.institution["received"] = fund
    return here.begin()


@pytest.mark.parametrize(
    ("authorised", "fund", "landed"),
    [(1000, 1000 * MONTH, 120), (70, 1000 * MONTH, 70), (1000, 30 * MONTH, 30), (1000, 31 * MONTH - 1, 30),
     (0, 1000 * MONTH, 0), (1000, 0, 0)],
)  # fmt: skip
def test_officers_land_under_the_ceiling(country: Any, authorised: int, fund: int, landed: int) -> None:
    """Of 120 who wait as many land as are authorised and as the fund keeps for a month; the others wait on."""
    here = waiting(country, 120, authorised, fund)
    land(here.state, TODAY)
    assert here.contingents["officers"].tolist() == [0, 0, landed]
    assert here.contingents["waiting"].tolist() == [9, 9, 120 - landed]
    assert here.ledger["officers_joined"][0] == landed
    assert here.finding() == "balanced"


def test_those_who_are_here_take_room(country: Any) -> None:
    """With 60 of 100 in the country 40 more may land; above the ceiling nobody does, and nobody is sent home."""
    here = waiting(country, 80, 100, 1000 * MONTH)
    here.unit(2, 0, 60)
    here.begin()
    land(here.state, TODAY)
    assert mission_strength(here.state) == 100
    here.institution["authorised"] = 50
    land(here.state, TODAY)
    assert mission_strength(here.state) == 100


def test_nobody_lands_without_a_mandate(country: Any) -> None:
    """A ceiling without a mandate lets nobody in."""
    here = waiting(country, 80, 100, 1000 * MONTH)
    here.institution["mandate"] = NO_MANDATE
    land(here.state, TODAY)
    assert mission_strength(here.state) == 0


def test_monthly_income_counts_as_a_month(country: Any) -> None:
    """Balance and a month's income keep officers; under the UN the ceiling alone counts; no cost keeps all."""
    here = waiting(country, 80, 100, 3 * MONTH)
    here.institution["monthly"] = 4 * MONTH
    assert affordable(here.state, MONTH) == 7
    here.institution["mandate"] = UN_PEACEKEEPING
    assert affordable(here.state, MONTH) == 100


def test_officers_land_a_part_each_day(country: Any) -> None:
    """At 2.5 a day 2 or 3 land, by the contingent's number; after 40 days about 100 are here."""
    here = waiting(country, 1000, 5000, 5000 * MONTH, rate=2.5)
    before = 0
    for day in range(40):
        today = chance(9, 0, 0, day)
        land(here.state, today)
        there = int(here.contingents["officers"][2])
        assert there - before == whole(2.5, uniform(today, LANDS, 3002))
        before = there
    assert abs(before - 100) < 4.65 * 40**0.5 / 2


def test_units_are_filled_before_new_ones_are_formed(country: Any) -> None:
    """120 join: 20 fill a unit of 30, two new ones of 50 come into being at the base."""
    here = country(2, values=VALUES)
    here.unit(2, 1, 30)
    here.unit(0, 1, 10)
    here.institution["headquarters"] = 1
    here.begin()
    join_units(here.state, 2, 120)
    assert here.units["officers"].tolist() == [50, 10, 50, 50, 0, 0, 0, 0]
    assert here.units["kind"][2:4].tolist() == [FOREIGN, FOREIGN]
    assert here.units["quarters"][2:4].tolist() == here.units["home"][2:4].tolist() == [1, 1]
    assert here.finding() == "balanced"


def test_without_room_for_units_officers_wait(country: Any) -> None:
    """When all rows for units are taken the rest wait on, and nobody vanishes."""
    here = country(2, values=VALUES)
    for _ in range(7):
        here.unit(0, 0, 1)
    here.begin()
    join_units(here.state, 2, 120)
    assert (here.contingents["officers"][2], here.contingents["waiting"][2]) == (50, 70)
    assert here.finding() == "balanced"


def test_a_unit_is_known_by_its_contingent_and_number(country: Any) -> None:
    """The n-th unit of a contingent has the same address whatever other contingents did before."""
    here, other = country(2, values=VALUES), country(2, values=VALUES)
    other.unit(0, 0, 5)
    for one in (here, other):
        form_unit(one.state, 2, 50)
        form_unit(one.state, 2, 50)
    assert here.units["identity"][:2].tolist() == other.units["identity"][1:3].tolist() == [3002 * 31, 3002 * 31 + 1]


def test_new_units_keep_away_from_a_base_that_is_lost(country: Any) -> None:
    """Where a gang holds the mission's base, new units stay at the nearest place of the state until it is back."""
    here = country(2, values=VALUES)
    here.districts["holder"][0] = 1
    form_unit(here.state, 2, 50)
    assert (here.units["home"][0], here.units["quarters"][0], here.units["district"][0]) == (0, 1, 1)
    assert (here.units["officers"][0], here.units["night_share"][0]) == (50, 1.0)


def test_officers_leave_from_the_last_unit(country: Any) -> None:
    """70 go home: the last unit of 50 whole, 20 of the one before; other contingents' units stay."""
    here = country(2, values=VALUES)
    for contingent, officers in ((2, 50), (2, 50), (0, 50), (2, 50)):
        here.unit(contingent, 0, officers)
    here.begin()
    here.contingents["leaving"][2] = 90
    leave_units(here.state, 2, 70)
    assert here.units["officers"][:4].tolist() == [50, 30, 50, 0]
    assert (here.contingents["officers"][2], here.contingents["leaving"][2]) == (80, 20)
    assert here.finding() == "balanced"


def test_order_home(country: Any) -> None:
    """Orders add up to at most all, each over its days (at least one); when all go, those on their way stay away."""
    here = country()
    here.unit(2, 0, 90)
    here.contingents["waiting"][2], here.contingents["departing"][2] = 30, 7.0
    orders = []
    for officers, days in ((30, 60), (20, 0), (200, 80), (5, 1)):
        order_home(here.state.contingents[2], officers, days)
        orders.append([here.contingents[name][2] for name in ("leaving", "departing", "waiting")])
    assert orders == [[30, 0.5, 30], [50, 20.5, 30], [90, 21.0, 0], [90, 21.0, 0]]


def test_orders_to_the_dead_are_void(country: Any) -> None:
    """Ten are under orders, two of them die: another order for all finds eight, and they do leave."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 10)
    order_home(here.state.contingents[2], 10, 60)
    here.units["officers"][0] = here.contingents["officers"][2] = 8
    order_home(here.state.contingents[2], 8, 1)
    assert here.contingents["leaving"][2] == 8
    assert here.contingents["departing"][2] == pytest.approx(1 / 6)


def test_a_contingent_goes_home_within_its_days(country: Any) -> None:
    """90 officers ordered home over 60 days leave 1 or 2 a day, by the contingent's number, until nobody is left."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 90)
    here.unit(0, 0, 90)
    here.begin()
    order_home(here.state.contingents[2], 90, 60)
    for day in range(80):
        today, before = chance(9, 0, 0, day), int(here.contingents["officers"][2])
        go_home(here.state, today)
        assert before - here.contingents["officers"][2] == min(before, whole(1.5, uniform(today, GOES_HOME, 3002)))
        assert here.finding() == "balanced"
    assert here.contingents["officers"].tolist() == [90, 0, 0]


@pytest.mark.parametrize(("unpaid", "leaving"), [(120, 0), (121, 90)])
def test_patience_ends(country: Any, unpaid: int, leaving: int) -> None:
    """After more than 120 days without pay the mission goes home over 60 days; the Haitian police stay."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 90)
    here.unit(0, 0, 90)
    here.begin()
    here.institution["unpaid_days"] = unpaid
    go_home(here.state, TODAY)
    gone = 90 - here.contingents["officers"][2]
    assert here.contingents["leaving"][2] + gone == leaving
    assert here.contingents["departing"][2] == leaving / 60
    assert here.contingents["officers"][0] == 90


def test_those_under_orders_are_never_more_than_there_are(country: Any) -> None:
    """Officers who die on the eve of leaving are no longer under orders."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 10)
    here.contingents["leaving"][2] = 25
    go_home(here.state, TODAY)
    assert here.contingents["leaving"][2] == 10


@pytest.mark.parametrize(
    ("vehicles", "paid", "heading"),
    [(10, 1.0, 0.8), (5, 1.0, 0.6), (0, 1.0, 0.4), (100, 1.0, 0.8), (10, 0.0, 0.2), (10, 0.5, 0.5), (0, 0.0, 0.1)],
)
def test_readiness_follows_pay_and_vehicles(country: Any, vehicles: int, paid: float, heading: float) -> None:
    """100 officers head for 0.8 with seats for all and pay, half of it on foot, a quarter unpaid; 1/e in 20 days."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 100)
    here.contingents["vehicles"][2], here.institution["paid"] = vehicles, paid
    for _ in range(20):
        make_ready(here.state, TODAY)
    assert here.contingents["readiness"][2] == pytest.approx(heading + (1.0 - heading) / math.e)
    assert here.institution["armoured"][0] == min(1.0, vehicles / 10)


def test_the_haitian_police_need_no_fund(country: Any) -> None:
    """Pay and vehicles of the mission leave the readiness of police and army alone."""
    here = country(2, values=VALUES)
    here.unit(0, 0, 100)
    here.institution["paid"] = 0.0
    here.contingents["readiness"] = 0.8
    make_ready(here.state, TODAY)
    assert here.contingents["readiness"][:2].tolist() == [0.8, 0.8]


def test_ready_are_a_part_of_those_still_there(country: Any) -> None:
    """Of 33 at a readiness of 0.5 sixteen are ready: whole officers, of each contingent its own."""
    here = country(2, values=VALUES)
    here.unit(0, 0, 33)
    here.unit(2, 0, 10)
    here.contingents["readiness"] = [0.5, 1.0, 0.25]
    count_ready(here.state)
    assert here.contingents["ready"].tolist() == [16, 0, 2]


@pytest.mark.parametrize(("paid", "fixed"), [(1.0, 2), (0.5, 1), (0.0, 0)])
def test_repairs_need_pay(country: Any, paid: float, fixed: int) -> None:
    """Of 20 broken vehicles a tenth is repaired in a day that is paid, in proportion otherwise."""
    here = country(2, values=VALUES)
    here.contingents["broken"][2], here.institution["paid"] = 20, paid
    here.begin()
    make_ready(here.state, TODAY)
    assert (here.contingents["vehicles"][2], here.contingents["broken"][2]) == (fixed, 20 - fixed)
    assert here.finding() == "balanced"
