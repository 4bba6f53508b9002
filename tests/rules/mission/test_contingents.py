"""Contingents: landing under the ceiling and the fund, forming units, and going home."""

from itertools import pairwise
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import ARMY, FOREIGN, MISSION, POLICE, SOLDIERS, SPECIAL
from teritwa.rules.mission.ceiling import affordable_costs, affordable_officers, remaining_room
from teritwa.rules.mission.contingents import (
    GOES_HOME,
    LANDS,
    LEAVES_UNIT,
    form_unit,
    join_units,
    land_officers,
    order_home,
    remove_from_units,
    repatriate,
)
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.schedule import update_institutions

VALUES = {
    "contingents.unit_size": 50,
    "contingents.pay_patience": 120,
    "contingents.departure_time": 60,
    "budget.cost_per_officer_month": 20_000,
    "budget.cost_per_base_month": 30_000,
    "budget.planning_horizon": 3.0,
    "mandate.enabled": False,
    "donors.catch_22": False,
}
MONTH = 2_000_000  # cents that keep an officer for a month
TODAY = run_randomness(9, 0, 0, 1)


def waiting(country: Any, officers: int, authorised: int, fund: int, rate: float = 1000.0) -> Any:
    """Return a mission whose officers are in transit."""
    here = country(2, values=VALUES)
    here.contingents["in_transit"], here.contingents["arrival_rate"] = [9, 9, officers], rate
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, authorised
    here.fund["balance"] = here.fund["received"] = fund
    return here.begin()


@pytest.mark.parametrize(
    ("authorised", "fund", "landed"),
    [
        (1000, 3000 * MONTH, 120),
        (70, 3000 * MONTH, 70),
        (1000, 90 * MONTH, 30),
        (1000, 93 * MONTH - 1, 30),
        (0, 3000 * MONTH, 0),
        (1000, 0, 0),
        (119, 360 * MONTH, 119),
        (1000, 357 * MONTH, 119),
        (121, 363 * MONTH, 120),
    ],
)
def test_officers_land_under_the_ceiling(
    country: Any, authorised: int, fund: int, landed: int
) -> None:
    """The officers who land are the least of those in transit, authorised and affordable.

    120 are in transit, and the fund must keep them for 3 months. The others stay in transit;
    Haitian forces land without mandate and fund.
    """
    here = waiting(country, 120, authorised, fund)
    land_officers(here.state, TODAY)
    assert here.contingents["officers"].tolist() == [9, 9, landed]
    assert here.contingents["in_transit"].tolist() == [0, 0, 120 - landed]
    assert here.ledger["officers_joined"][0] == 18 + landed
    assert here.finding() == "balanced"


def test_officers_in_the_country_take_room(country: Any) -> None:
    """With 60 of 100 authorised officers in the country 40 more may land.

    Above the ceiling nobody lands, and nobody is sent home.
    """
    here = waiting(country, 80, 100, 1000 * MONTH)
    here.unit(2, 0, 60)
    here.begin()
    land_officers(here.state, TODAY)
    assert mission_strength(here.state) == 100
    here.mission["authorised"] = 50
    land_officers(here.state, TODAY)
    assert mission_strength(here.state) == 100


def test_the_mission_does_not_land_without_a_mandate(country: Any) -> None:
    """Without a mandate nobody of the mission lands; Haitian forces need none."""
    here = waiting(country, 80, 100, 1000 * MONTH)
    here.mission["mandate"] = NO_MANDATE
    assert remaining_room(here.state) == 0
    land_officers(here.state, TODAY)
    assert here.contingents["officers"].tolist() == [9, 9, 0]


def test_affordable_officers(country: Any) -> None:
    """A balance of 9 officer-months over 3 months and an income of 4 a month keep 7 officers.

    Two bases cost as much as 3 officers. Under the UN, and without a budget, only the ceiling
    counts.
    """
    here = waiting(country, 80, 100, 9 * MONTH)
    here.fund["monthly_income"] = 4 * MONTH
    assert affordable_officers(here.state) == 7
    here.districts["control"]["forward_base"] = True
    assert affordable_officers(here.state) == 4
    here.fund["monthly_income"] = 0
    assert affordable_officers(here.state) == 0
    here.fund["balance"] = 0
    assert affordable_officers(here.state) == 0
    here.mission["mandate"] = UN_PEACEKEEPING
    assert affordable_officers(here.state) == 100
    here.mission["mandate"] = SUPPORT_MISSION
    here.parameters["budget"]["enabled"] = False
    assert affordable_officers(here.state) == 100


@pytest.mark.parametrize(
    ("cash", "in_kind", "limit", "costs"),
    [
        (10.0, 0.0, 0.6, 10.0),
        (10.0, 5.0, 0.6, 15.0),
        (10.0, 15.0, 0.6, 25.0),
        (10.0, 90.0, 0.6, 25.0),
        (0.0, 90.0, 0.6, 0.0),
        (10.0, 90.0, 1.0, 100.0),
        (10.0, 90.0, 0.0, 10.0),
    ],
)
def test_costs_that_cash_and_help_in_kind_can_pay(
    cash: float, in_kind: float, limit: float, costs: float
) -> None:
    """Where help in kind may pay 60 %, cash of 10 goes as far as costs of 25, and no farther."""
    assert affordable_costs(cash, in_kind, limit) == pytest.approx(costs)


def test_help_in_kind_adds_affordable_officers(country: Any) -> None:
    """3 officer-months of cash a month and 2 in kind keep 5 officers; 90 in kind keep 6 of half."""
    here = waiting(country, 80, 100, 9 * MONTH)
    here.parameters["budget"]["in_kind_limit"] = 0.5
    for in_kind, officers in ((0, 3), (2, 5), (90, 6)):
        here.fund["monthly_in_kind"] = in_kind * MONTH
        assert affordable_officers(here.state) == officers


def sharing(country: Any, in_transit: list[int], room: int) -> Any:
    """Return two contingents of the mission, 0 and 2, in transit to a mission with some room."""
    here = waiting(country, 0, room, 1000 * MONTH)
    here.contingents["foreign"] = [True, False, True]
    here.contingents["force"] = [MISSION, ARMY, MISSION]
    here.contingents["in_transit"] = in_transit
    return here.begin()


@pytest.mark.parametrize(
    ("in_transit", "room", "landed"),
    [
        ([60, 5, 30], 60, [40, 5, 20]),
        ([30, 5, 60], 60, [20, 5, 40]),
        ([50, 0, 50], 10, [5, 0, 5]),
        ([60, 5, 30], 90, [60, 5, 30]),
        ([60, 5, 30], 0, [0, 5, 0]),
    ],
)
def test_contributors_share_the_room(
    country: Any, in_transit: list[int], room: int, landed: list[int]
) -> None:
    """Where room is short contingents share it in proportion, whichever comes first."""
    here = sharing(country, in_transit, room)
    land_officers(here.state, TODAY)
    assert here.contingents["officers"].tolist() == landed
    assert here.finding() == "balanced"


def test_shares_of_the_room_are_right_on_average(country: Any) -> None:
    """Of 7 places 60 and 50 officers in transit receive 7 * 60/110 and the rest on average.

    Each day a contingent receives its share rounded down or up.
    """
    total, days = 0, 400
    for day in range(days):
        here = sharing(country, [60, 0, 50], 7)
        land_officers(here.state, run_randomness(9, 0, 0, day))
        first, _, second = here.contingents["officers"].tolist()
        assert first in (3, 4)
        assert first + second == 7
        total += first
    share = 7 * 60 / 110
    assert abs(total / days - share) < 4.65 * (0.18 * 0.82 / days) ** 0.5 + 1e-9
    assert int(share) == 3


@pytest.mark.parametrize(
    ("mandate", "authorised", "balance", "reason"),
    [
        (NO_MANDATE, 100, 1000 * MONTH, "officers_without_mandate"),
        (SUPPORT_MISSION, 100, 1000 * MONTH, "officers_above_ceiling"),
        (SUPPORT_MISSION, 1000, 300 * MONTH, "officers_unaffordable"),
        (SUPPORT_MISSION, 1000, 1000 * MONTH, ""),
    ],
)
def test_who_waits_waits_for_a_reason(
    country: Any, mandate: int, authorised: int, balance: int, reason: str
) -> None:
    """Of 130 officers 100 land at most where mandate or fund end there; the others are counted.

    A balance of 300 officer-months over 3 months pays 100 officers.
    """
    here = waiting(country, 130, authorised, balance)
    here.mission["mandate"] = mandate
    land_officers(here.state, TODAY)
    landed = {"officers_without_mandate": 0, "": 130}.get(reason, 100)
    assert here.contingents["officers"][2] == landed
    for name in ("officers_without_mandate", "officers_above_ceiling", "officers_unaffordable"):
        assert here.daily[name][0] == (130 - landed if name == reason else 0)
    assert here.finding() == "balanced"


@pytest.mark.parametrize("rate", [0.2, 5.0, 500.0])
def test_all_who_have_no_room_wait_each_day(country: Any, rate: float) -> None:
    """Of 130 officers 30 are above a ceiling of 100, also on days when nobody could land."""
    here = waiting(country, 130, 100, 1000 * MONTH, rate=rate)
    for day in range(5):
        here.daily["officers_above_ceiling"] = 0
        land_officers(here.state, run_randomness(9, 0, 0, day))
        assert here.daily["officers_above_ceiling"][0] == 30


def test_officers_land_a_part_each_day(country: Any) -> None:
    """At 2.5 officers a day 2 or 3 land at random, and about 100 in 40 days."""
    here = waiting(country, 1000, 5000, 5000 * MONTH, rate=2.5)
    before = 0
    for day in range(40):
        today = run_randomness(9, 0, 0, day)
        land_officers(here.state, today)
        there = int(here.contingents["officers"][2])
        assert there - before == stochastic_round(2.5, uniform(today, LANDS, 3002))
        before = there
    assert abs(before - 100) < 4.65 * 40**0.5 / 2


def test_units_are_filled_before_new_ones_are_formed(country: Any) -> None:
    """Of 120 officers 20 fill a unit of 30, and the others form two units of 50 at the base."""
    here = country(2, values=VALUES)
    here.unit(2, 1, 30)
    here.unit(0, 1, 10)
    here.mission["headquarters"] = 1
    here.begin()
    join_units(here.state, 2, 120)
    assert here.units["officers"].tolist() == [50, 10, 50, 50, 0, 0, 0, 0]
    assert here.units["kind"][2:4].tolist() == [FOREIGN, FOREIGN]
    assert here.units["quarters"][2:4].tolist() == here.units["home"][2:4].tolist() == [1, 1]
    assert here.finding() == "balanced"


def test_a_single_officer_lands(country: Any) -> None:
    """One officer in transit is enough for a landing."""
    here = waiting(country, 1, 1000, 3000 * MONTH)
    land_officers(here.state, TODAY)
    assert (here.contingents["officers"][2], here.contingents["in_transit"][2]) == (1, 0)


@pytest.mark.parametrize(("officers", "units"), [(49, [50, 0]), (50, [50, 1])])
def test_a_single_officer_joins_a_unit_with_room(
    country: Any, officers: int, units: list[int]
) -> None:
    """One officer joins a unit of 49 and forms a new unit beside one of 50."""
    here = country(2, values=VALUES)
    here.unit(2, 0, officers)
    here.begin()
    join_units(here.state, 2, 1)
    assert here.units["officers"][:2].tolist() == units


def test_without_room_for_units_the_run_stops_by_name(country: Any) -> None:
    """When all rows for units are taken, nobody waits in silence: the day ends with a finding."""
    here = country(2, values=VALUES)
    for _ in range(7):
        here.unit(0, 0, 1)
    here.begin()
    join_units(here.state, 2, 120)
    assert here.finding() == "the table of crews or units is full"


def test_identity_of_a_unit(country: Any) -> None:
    """A unit's identity follows from its contingent and number, whatever other contingents do."""
    here, other = country(2, values=VALUES), country(2, values=VALUES)
    other.unit(0, 0, 5)
    for one in (here, other):
        form_unit(one.state, 2, 50)
        form_unit(one.state, 2, 50)
    expected = [3002 * 31, 3002 * 31 + 1]
    assert here.units["identity"][:2].tolist() == expected
    assert other.units["identity"][1:3].tolist() == expected


def test_new_units_avoid_a_lost_base(country: Any) -> None:
    """If a gang holds the mission's base, new units stay in the nearest district of the state.

    They call the base their home.
    """
    here = country(2, values=VALUES)
    here.districts["control"]["holder"][0] = 1
    form_unit(here.state, 2, 50)
    assert here.units["home"][0] == 0
    assert here.units["quarters"][0] == 1
    assert here.units["district"][0] == 1
    assert (here.units["officers"][0], here.units["night_share"][0]) == (50, 1.0)


@pytest.mark.parametrize(("force", "kind"), [(POLICE, SPECIAL), (ARMY, SOLDIERS)])
def test_haitian_forces_form_units_of_their_kind(country: Any, force: int, kind: int) -> None:
    """New officers of the police form mobile units, and new soldiers units of soldiers."""
    here = country(2, values=VALUES)
    here.mission["headquarters"] = 1
    form_unit(here.state, force, 40)
    found = here.units[["kind", "contingent", "officers", "quarters", "posted"]][0].tolist()
    assert found == (kind, force, 40, 1, False)


def test_officers_leave_all_units_alike(country: Any) -> None:
    """Of 150 officers in three units 70 leave: 23 or 24 of each, as one random number says.

    Units of other contingents stay.
    """
    here = country(2, values=VALUES)
    for contingent, officers in ((2, 50), (2, 50), (0, 50), (2, 50)):
        here.unit(contingent, 0, officers)
    here.begin()
    here.contingents["leaving"][2] = 90
    remove_from_units(here.state, TODAY, 2, 70)
    start = int(150 * uniform(TODAY, LEAVES_UNIT, 3002))
    marks = [(70 * before + start) // 150 for before in (0, 50, 100, 150)]
    left = [50 - (after - before) for before, after in pairwise(marks)]
    assert set(left) <= {26, 27}
    assert here.units["officers"][:4].tolist() == [left[0], left[1], 50, left[2]]
    assert (here.contingents["officers"][2], here.contingents["leaving"][2]) == (80, 20)
    assert here.finding() == "balanced"


def test_no_more_officers_leave_than_there_are(country: Any) -> None:
    """Of 30 officers 30 leave where 70 are to go; a second order removes nobody."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 20)
    here.unit(2, 1, 10)
    here.begin()
    here.contingents["leaving"][2] = 30
    for _ in range(2):
        remove_from_units(here.state, TODAY, 2, 70)
        assert here.units["officers"].sum() == here.contingents["officers"][2] == 0
        assert here.finding() == "balanced"


def test_order_home(country: Any) -> None:
    """Orders to leave add up to all officers at most, each over its days, at least one.

    When all officers leave, those in transit do not come.
    """
    here = country()
    here.unit(2, 0, 90)
    here.contingents["in_transit"][2], here.contingents["departure_rate"][2] = 30, 7.0
    orders = []
    for officers, days in ((30, 60), (20, 0), (200, 80), (5, 1)):
        order_home(here.state.contingents[2], here.state.ledger, officers, days)
        orders.append(
            [here.contingents[name][2] for name in ("leaving", "departure_rate", "in_transit")]
        )
    assert orders == [[30, 0.5, 30], [50, 20.5, 30], [90, 21.0, 0], [90, 21.0, 0]]


@pytest.mark.parametrize(
    ("officers", "leaving", "preparing", "travelling"),
    [(10, 10, 40, 30), (30, 30, 40, 30), (50, 30, 20, 30), (85, 30, 0, 15), (500, 30, 0, 0)],
)
def test_a_part_ordered_home_leaves_the_others_on_their_way(
    country: Any, officers: int, leaving: int, preparing: int, travelling: int
) -> None:
    """Of 30 there, 40 in preparation and 30 in transit as many go as are ordered, in this order."""
    here = country()
    here.unit(2, 0, 30)
    here.contingents["in_preparation"][2], here.contingents["in_transit"][2] = 40, 30
    here.begin()
    order_home(here.state.contingents[2], here.state.ledger, officers, 5)
    found = [int(here.contingents[name][2]) for name in ("leaving", "in_preparation", "in_transit")]
    assert found == [leaving, preparing, travelling]
    assert here.ledger["officers_called_off"][0] == 70 - preparing - travelling
    assert here.finding() == "balanced"


def test_orders_do_not_count_the_dead(country: Any) -> None:
    """After two of ten officers under orders die, another order for all covers eight."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 10)
    order_home(here.state.contingents[2], here.state.ledger, 10, 60)
    here.units["officers"][0] = here.contingents["officers"][2] = 8
    order_home(here.state.contingents[2], here.state.ledger, 8, 1)
    assert here.contingents["leaving"][2] == 8
    assert here.contingents["departure_rate"][2] == pytest.approx(1 / 6)


def test_a_contingent_goes_home_within_its_days(country: Any) -> None:
    """90 officers ordered home over 60 days leave at 1 or 2 a day until nobody is left."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 90)
    here.unit(0, 0, 90)
    here.begin()
    order_home(here.state.contingents[2], here.state.ledger, 90, 60)
    for day in range(80):
        today, before = run_randomness(9, 0, 0, day), int(here.contingents["officers"][2])
        repatriate(here.state, today)
        assert before - here.contingents["officers"][2] == min(
            before, stochastic_round(1.5, uniform(today, GOES_HOME, 3002))
        )
        assert here.finding() == "balanced"
    assert here.contingents["officers"].tolist() == [90, 0, 0]


@pytest.mark.parametrize(
    ("owed", "patience", "leaving"),
    [(120.0, -1, 0), (120.5, -1, 90), (30.0, 30, 0), (31.0, 30, 90), (121.0, 200, 0)],
)
def test_patience_ends(country: Any, owed: float, patience: int, leaving: int) -> None:
    """A contingent that is owed more than 120 days of pay leaves over 60 days.

    A patience of its own takes the place of the usual one. Contingents that are paid stay, and so
    do the police, whatever they are owed.
    """
    here = country(2, values=VALUES)
    for row in range(3):
        here.unit(row, 0, 90)
    here.contingents["foreign"] = [False, True, True]
    here.begin()
    here.contingents["unpaid_days"] = [1000.0, 0.0, owed]
    here.contingents["own_patience"][2] = patience
    repatriate(here.state, TODAY)
    gone = 90 - here.contingents["officers"][2]
    assert here.contingents["leaving"][2] + gone == leaving
    assert here.contingents["departure_rate"].tolist() == [0.0, 0.0, leaving / 60]
    assert here.contingents["officers"][:2].tolist() == [90, 90]


def test_own_forces_go_home_when_ordered(country: Any) -> None:
    """Soldiers ordered out of service leave as officers of the mission do."""
    here = country(2, values=VALUES)
    here.unit(1, 0, 60)
    here.begin()
    order_home(here.state.contingents[1], here.state.ledger, 60, 30)
    for day in range(31):
        repatriate(here.state, run_randomness(9, 0, 0, day))
        assert here.finding() == "balanced"
    assert here.contingents["officers"][1] == 0
    assert here.ledger["officers_left"][0] == 60


def test_those_under_orders_are_never_more_than_there_are(country: Any) -> None:
    """Officers under orders to leave are never more than the officers in the country."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 10)
    here.contingents["leaving"][2] = 25
    repatriate(here.state, TODAY)
    assert here.contingents["leaving"][2] == 10


@pytest.mark.parametrize(("enabled", "landed"), [(True, 70), (False, 0)])
def test_switched_off_nobody_lands(country: Any, enabled: bool, landed: int) -> None:
    """Switched off, all officers stay in transit; switched on, they land as far as authorised."""
    here = waiting(country, 120, 70, 3000 * MONTH)
    here.parameters["contingents"]["enabled"] = enabled
    update_institutions(here.state, TODAY)
    assert here.contingents["officers"].tolist() == [9 * enabled, 9 * enabled, landed]
    assert here.contingents["in_transit"].tolist() == [
        9 - 9 * enabled,
        9 - 9 * enabled,
        120 - landed,
    ]
    assert here.finding() == "balanced"
