"""Interventions in the mission: officers, equipment, mandates, money and coordination."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION
from teritwa.scenario.actions import (
    Coordination,
    Deploy,
    Equipment,
    Mandate,
    Money,
    Pay,
    Pledge,
    RunRecords,
    Withdraw,
)
from teritwa.scenario.actions.mission import FOR_EVER

KEELAND, SPECIAL, GRANBY = 4, 3, 0
SUPPORT = "support-mission"
Do = Callable[..., None]


def test_rows_of_names_that_tests_use(run: RunRecords) -> None:
    """The rows by which these tests look into the tables are those of the names."""
    names = ("keeland", "island-special", "granby")
    assert [run.contingents[name] for name in names] == [KEELAND, SPECIAL, GRANBY]


def values(table: Any, *names: str) -> list[Any]:
    """Return fields of the only row of a table."""
    return [table[name][0].item() for name in names]


def test_deployed_officers_wait_to_land(run: RunRecords, do: Do) -> None:
    """400 over 20 days are 20 a day; 60 more add to both; once all landed the rate starts anew."""
    keeland = run.tables["contingents"][KEELAND]
    do(run, Deploy("keeland", 400, 20))
    assert (keeland["in_transit"], keeland["arrival_rate"]) == (400, 20.0)
    do(run, Deploy("keeland", 60))
    assert (keeland["in_transit"], keeland["arrival_rate"]) == (460, 80.0)
    keeland["in_transit"] = 0
    do(run, Deploy("keeland", 30, 10))
    assert (keeland["in_transit"], keeland["arrival_rate"], keeland["officers"]) == (30, 3.0, 0)


def test_pledged_officers_are_prepared(run: RunRecords, do: Do) -> None:
    """Preparation begins with the contingent, the officers and the days of the pledge."""
    run.tables["parameters"]["force_generation"]["delay_spread"] = 0.0
    keeland = run.tables["contingents"][KEELAND]
    do(run, Pledge("keeland", 383, 60))
    assert (keeland["in_preparation"], keeland["ready_on"], keeland["in_transit"]) == (383, 70, 0)
    do(run, Pledge("keeland", 17, 20), day=11)
    assert (keeland["in_preparation"], keeland["ready_on"]) == (400, 70)
    assert run.tables["contingents"]["in_preparation"].sum() == 400


def test_soldiers_may_reach_the_countrys_own_forces(run: RunRecords, do: Do) -> None:
    """Officers may arrive at any contingent, not only at those of the mission."""
    do(run, Deploy("island-special", 90, 30))
    special = run.tables["contingents"][SPECIAL]
    assert (special["in_transit"], special["arrival_rate"]) == (90, 3.0)


def test_one_contingent_or_the_whole_mission_withdraws(run: RunRecords, do: Do) -> None:
    """A part, all of one or the whole mission leaves, evenly; the country's own forces stay."""
    contingents = run.tables["contingents"]
    contingents["officers"][KEELAND], contingents["officers"][GRANBY] = 400, 150
    contingents["in_transit"][KEELAND] = 60
    do(run, Withdraw("keeland", 100, 50))
    found = [contingents[name][KEELAND] for name in ("leaving", "departure_rate", "in_transit")]
    assert found == [100, 2.0, 60]
    do(run, Withdraw("all", None, 0))
    leaving = np.zeros(len(contingents), np.int64)
    leaving[[KEELAND, GRANBY]] = 400, 150
    assert contingents["leaving"].tolist() == leaving.tolist()
    assert contingents["departure_rate"][[KEELAND, GRANBY]].tolist() == [2.0 + 300.0, 150.0]
    assert contingents["in_transit"].tolist() == [0] * len(contingents)


def test_who_is_prepared_stays_away_when_all_withdraw(run: RunRecords, do: Do) -> None:
    """A part that leaves changes nothing for those in preparation; if all leave nobody follows."""
    contingents = run.tables["contingents"]
    contingents["officers"][KEELAND] = 400
    contingents["in_preparation"][[KEELAND, GRANBY]] = (383, 70)
    do(run, Withdraw("keeland", 100))
    assert contingents["in_preparation"][[KEELAND, GRANBY]].tolist() == [383, 70]
    do(run, Withdraw("keeland"))
    assert contingents["in_preparation"][[KEELAND, GRANBY]].tolist() == [0, 70]
    do(run, Withdraw("all"))
    assert contingents["in_preparation"].sum() == 0


def test_equipment_reaches_any_contingent(run: RunRecords, do: Do) -> None:
    """Each thing is added to what the contingent has; the ledger counts the vehicles."""
    contingents = run.tables["contingents"]
    do(run, Equipment("island-special", vehicles=12, night_vision=40))
    do(run, Equipment("island-special", 3, 2, 4, 1, 60))
    expected = {
        "vehicles": 15,
        "helicopters": 2,
        "surveillance_drones": 4,
        "armed_drones": 1,
        "night_vision": 100,
    }
    assert {name: contingents[name][SPECIAL] for name in expected} == expected
    assert {name: contingents[name].sum() for name in expected} == expected
    assert run.tables["ledger"]["vehicles_delivered"][0] == 15


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Mandate(SUPPORT, 2500, date(2024, 10, 2)), [SUPPORT_MISSION, 2500, False, 276, -1]),
        (Mandate(SUPPORT, 2500, military=True), [SUPPORT_MISSION, 2500, True, FOR_EVER, -1]),
        (Mandate("none"), [NO_MANDATE, 0, False, FOR_EVER, -1]),
        (Mandate("none", 2500), [NO_MANDATE, 0, False, FOR_EVER, -1]),
    ],
)
def test_mandates(run: RunRecords, do: Do, action: Mandate, expected: list[int]) -> None:
    """2 October 2024 is day 275: 276 is the first without it. None authorises nobody."""
    mission = run.tables["mission"]
    mission["military"] = not expected[2]
    do(run, action)
    names = ("mandate", "authorised", "military", "mandate_ends", "un_takeover_day")
    assert values(mission, *names) == expected


@pytest.mark.parametrize(("until", "ends"), [(date(2025, 10, 2), 641), (None, FOR_EVER)])
def test_a_vote_for_the_united_nations_leaves_the_mission_as_it_is(
    run: RunRecords, do: Do, until: date | None, ends: int
) -> None:
    """The vote is kept with its ceiling and end; until the takeover the mandate stays the same."""
    mission, parameters = run.tables["mission"], run.tables["parameters"]["mandate"]
    parameters["time_spread"], parameters["un_transition_time"] = 0.0, 90.0
    do(run, Mandate(SUPPORT, 2500))
    do(run, Mandate("un-peacekeeping", 5000, until, military=True), day=20)
    assert values(mission, "mandate", "authorised", "military") == [SUPPORT_MISSION, 2500, False]
    assert values(mission, "un_takeover_day", "un_authorised", "un_ends") == [110, 5000, ends]


def test_a_renewal_lasts_until_the_united_nations_come(run: RunRecords, do: Do) -> None:
    """A shorter renewal after the vote ends on the day after the takeover; a longer one stays."""
    mission, parameters = run.tables["mission"], run.tables["parameters"]["mandate"]
    parameters["time_spread"], parameters["un_transition_time"] = 0.0, 90.0
    do(run, Mandate("un-peacekeeping", 5000, military=True), day=20)
    for until, ends in ((date(2024, 2, 1), 111), (date(2024, 10, 2), 276)):
        do(run, Mandate(SUPPORT, 2500, until), day=21)
        assert values(mission, "mandate_ends", "un_takeover_day") == [ends, 110]


def test_no_mandate_calls_off_the_united_nations(run: RunRecords, do: Do) -> None:
    """Without a mandate a transition that has not taken effect yet is off."""
    do(run, Mandate("un-peacekeeping", 5000, military=True), Mandate("none"))
    assert values(run.tables["mission"], "mandate", "un_takeover_day") == [NO_MANDATE, -1]


def test_money_is_pledged_and_received(run: RunRecords, do: Do) -> None:
    """Amounts of all donors add up; monthly income is left to the rules of the budget."""
    fund = run.tables["fund"]
    fund["monthly_income"] = 5
    do(run, Money("main-donor", pledge=1000, receive=300))
    do(run, Money("trust-fund", receive=7, monthly=20))
    found = values(fund, "pledged", "received", "balance", "monthly_income")
    assert found == [1000, 307, 307, 5]


def test_donors_begin_change_and_stop_monthly_payments(run: RunRecords, do: Do) -> None:
    """A new amount replaces the donor's old one, zero ends it; other donors stay as they are."""
    donors, main, fund = run.tables["donors"], run.donors["main-donor"], run.donors["trust-fund"]
    donors["paying"], donors["monthly_payment"] = False, 0
    for given, monthly in ((50, 50), (None, 50), (70, 70), (0, 0)):
        do(run, Money("main-donor", receive=1, monthly=given))
        assert (donors["monthly_payment"][main], donors["paying"][main]) == (monthly, monthly > 0)
    do(run, Money("trust-fund", monthly=20))
    assert (donors["monthly_payment"][fund], donors["paying"][fund]) == (20, True)
    assert (donors["monthly_payment"].sum(), donors["paying"].sum()) == (20, 1)


@pytest.mark.parametrize(
    ("in_kind", "cash", "help_"), [(None, 101, 0), (0.0, 101, 0), (0.9, 10, 91), (1.0, 0, 101)]
)
def test_a_monthly_payment_is_cash_or_help_in_kind(
    run: RunRecords, do: Do, in_kind: float | None, cash: int, help_: int
) -> None:
    """Of 101 cents a month at 90 % in kind 91 are help and 10 cash; a new event replaces both."""
    donors, main = run.tables["donors"], run.donors["main-donor"]
    do(run, Money("main-donor", monthly=1000, in_kind=0.5))
    assert donors[["monthly_payment", "monthly_in_kind"]][main].tolist() == (500, 500)
    do(run, Money("main-donor", monthly=101, in_kind=in_kind))
    assert donors[["monthly_payment", "monthly_in_kind"]][main].tolist() == (cash, help_)
    assert donors["paying"][main]
    do(run, Money("main-donor", monthly=0))
    assert donors[["monthly_payment", "monthly_in_kind", "paying"]][main].tolist() == (0, 0, False)


def test_pay_and_patience_of_contingents(run: RunRecords, do: Do) -> None:
    """An event sets what it names; all are the contingents of the mission, not own forces."""
    contingents = run.tables["contingents"]
    do(run, Pay("island-special", 0.4), Pay("keeland", None, 30))
    assert contingents[["pay_share", "own_patience"]][SPECIAL].tolist() == (0.4, -1)
    assert contingents[["pay_share", "own_patience"]][KEELAND].tolist() == (1.0, 30)
    do(run, Pay("all", 0.25, 7))
    foreign = contingents["foreign"]
    assert (contingents["pay_share"][foreign] == 0.25).all()
    assert (contingents["own_patience"][foreign] == 7).all()
    assert sorted(contingents["pay_share"][~foreign].tolist()) == [0.4, 1.0, 1.0]


def test_own_forces_can_be_withdrawn(run: RunRecords, do: Do) -> None:
    """Officers of the special units are ordered out of service; `all` means the mission alone."""
    contingents = run.tables["contingents"]
    do(run, Withdraw("all"))
    assert contingents["leaving"].sum() == 0
    do(run, Withdraw("island-special", 3, 2))
    assert contingents[["leaving", "departure_rate"]][SPECIAL].tolist() == (3, 1.5)


@pytest.mark.parametrize(
    ("arrival", "day"), [(0, 20), (5, 25), (date(2024, 3, 1), 60), (date(2024, 1, 5), 20)]
)
def test_a_vote_may_name_the_day_of_arrival(
    run: RunRecords, do: Do, arrival: date | int, day: int
) -> None:
    """1 March 2024 is day 60; days count from the vote on day 20, and no day lies before it."""
    do(run, Mandate("un-peacekeeping", 5000, military=True, arrival=arrival), day=20)
    assert values(run.tables["mission"], "un_takeover_day") == [day]


def test_leaders_and_the_staff_of_their_council_change_apart(run: RunRecords, do: Do) -> None:
    """What an event does not name stays, and the forces' coordination is left to the rules."""
    governance = run.tables["governance"]
    governance["coordination"], governance["leaders_coordination"] = 0.5, 0.25
    for action, expected in (
        (Coordination(0.875), [0.5, 0.875, False]),
        (Coordination(None, True), [0.5, 0.875, True]),
        (Coordination(0.0, False), [0.5, 0.0, False]),
    ):
        do(run, action)
        found = values(governance, "coordination", "leaders_coordination", "council_staffed")
        assert found == expected
