"""Donors: what they announced, what they add when they see success, and the switch for that."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION
from teritwa.rules.mission.donors import (
    added_commitments,
    announced_payments,
    daily_part,
    donations,
    relative_improvement,
    update_perceived_progress,
)
from teritwa.rules.schedule import update_institutions
from teritwa.scenario import Scenario
from teritwa.simulation.model import Mission

VALUES = {
    "donors.added_funding": 40.0,
    "donors.progress_target": 0.25,
    "donors.fatigue_rate": 0.25,
    "donors.perception_time": 100.0,
    "donors.killings_weight": 0.25,
    "donors.disbursement_time": 60.0,
    "force_generation.enabled": False,
}
NEVER_ENDS = 1 << 40


def donors(country: Any, catch_22: bool = True, values: Mapping[str, float] = {}) -> Any:
    """Return a mission of 50 officers and two donors who may add funds.

    They announced $1,000,000 and $200,000.03 a month.
    """
    here = country(2, values={**VALUES, "donors.catch_22": catch_22, **values})
    here.unit(2, 0, 50)
    here.donors["monthly_payment"] = [100_000_000, 20_000_003]
    here.donors["conditional_share"] = [0.75, 0.25]
    here.mission["mandate"], here.mission["mandate_ends"] = SUPPORT_MISSION, NEVER_ENDS
    here.mission["authorised"] = 1000
    return here.begin()


@pytest.mark.parametrize("monthly", [0, 1, 31, 1_000_003, 5_000_000_000])
@pytest.mark.parametrize("first", [0, 1, 100, 365, 700])
def test_a_year_of_days_is_twelve_months(monthly: int, first: int) -> None:
    """Any 365 days in a row hold exactly twelve months, in parts that differ by a cent at most."""
    parts = [daily_part(monthly, first + day) for day in range(365)]
    assert sum(parts) == 12 * monthly
    assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize(
    ("before", "now", "progress"),
    [
        (0.8, 0.8, 0.0),
        (0.8, 0.0, 1.0),
        (0.8, 0.6, 0.25),
        (0.8, 1.2, -0.5),
        (0.8, 1.6, -1.0),
        (0.8, 9.0, -1.0),
        (0.0, 0.0, 0.0),
        (0.0, 0.005, -0.5),
        (0.0, 1.0, -1.0),
    ],
)
def test_relative_improvement(before: float, now: float, progress: float) -> None:
    """An improvement is 1 if nothing is left, 0 if nothing changed, and -1 if the value doubled.

    What was zero at first can only get worse.
    """
    assert relative_improvement(before, now) == pytest.approx(progress)


def test_donors_compare_with_the_first_day_of_the_mission(country: Any) -> None:
    """Donors compare with the first day on which the mission had officers."""
    here = donors(country)
    here.mission["started_on"] = -1
    here.units["officers"][0] = 0
    here.contingents["officers"][2] = 0
    here.set_influence([0.9, 0.9])
    here.governance["recent_killings"] = 20.0
    names = ["started_on", "control_at_start", "killings_at_start", "perceived_progress"]
    update_perceived_progress(here.state, 3)
    assert here.mission[names][0].tolist() == (-1, 0, 0, 0)
    here.units["officers"][0] = here.contingents["officers"][2] = 1
    here.set_influence([0.9, 0.1])
    here.governance["recent_killings"] = 12.0
    update_perceived_progress(here.state, 40)
    update_perceived_progress(here.state, 41)
    assert here.mission[names][0].tolist() == (40, 0.5, 12, 0)


def test_progress_is_perceived_late(country: Any) -> None:
    """Progress of 0.525 is perceived as a share of 1 - 1/e after 100 days and 1 - 1/e**3 after 300.

    Half of the territory and 3/5 of the killings make 0.75 * 0.5 + 0.25 * 0.6 = 0.525. When all is
    lost again perception fades as slowly.
    """
    here = donors(country)
    here.set_influence(1.0)
    here.governance["recent_killings"] = 10.0
    update_perceived_progress(here.state, 0)
    here.set_influence(0.1, 0)
    here.governance["recent_killings"] = 4.0
    for day in range(1, 301):
        update_perceived_progress(here.state, day)
        assert here.mission["perceived_progress"][0] == pytest.approx(
            0.525 * (1.0 - math.exp(-day / 100.0))
        )
    here.set_influence(1.0, 0)
    here.governance["recent_killings"] = 10.0
    for day in range(301, 401):
        update_perceived_progress(here.state, day)
    assert here.mission["perceived_progress"][0] == pytest.approx(
        0.525 * (1.0 - math.exp(-3.0)) / math.e
    )


@pytest.mark.parametrize(
    ("years", "left"), [(0.0, 1.0), (1.0, 0.75), (2.0, 0.5), (3.2, 0.2), (4.0, 0.0), (5.0, 0.0)]
)
def test_announced_payments_decline(country: Any, years: float, left: float) -> None:
    """A quarter of the announced $1,200,000.03 a month is lost in each year of the mission.

    Help in kind of $40,000 a month declines alike.
    """
    here = donors(country)
    here.mission["started_on"] = 100
    here.donors["monthly_in_kind"] = [4_000_000, 0]
    day = 100 + round(365 * years)
    assert announced_payments(here.state, day, False) == int(120_000_003 * left)
    assert announced_payments(here.state, day, True) == pytest.approx(4_000_000 * left, abs=1)


def test_payments_do_not_decline_before_the_mission_or_when_switched_off(country: Any) -> None:
    """Before the mission, and with the switch off, donors pay what they announced."""
    here = donors(country)
    assert announced_payments(here.state, 3000, False) == 120_000_003
    here = donors(country, catch_22=False)
    here.mission["started_on"] = 0
    assert announced_payments(here.state, 3000, False) == 120_000_003


@pytest.mark.parametrize(
    ("progress", "million"),
    [(1.0, 30.0), (0.5, 10.0), (0.375, 5.0), (0.25, 0.0), (0.0, 0.0), (-1.0, 0.0)],
)
def test_donors_add_above_their_target(country: Any, progress: float, million: float) -> None:
    """Donors commit $40 million a month for each unit of progress above 0.25, and nothing below."""
    here = donors(country)
    here.mission["perceived_progress"] = progress
    assert added_commitments(here.state) == million * 100_000_000
    here.parameters["donors"]["catch_22"] = False
    assert added_commitments(here.state) == 0


@pytest.mark.parametrize(
    ("gives", "monthly", "million"),
    [
        ([True, True], 120_000_003, 10.0),
        ([False, True], 20_000_003, 2.5),
        ([True, False], 100_000_000, 7.5),
        ([False, False], 0, 0.0),
    ],
)
def test_a_donor_who_stopped_neither_pays_nor_adds(
    country: Any, gives: list[bool], monthly: int, million: float
) -> None:
    """A donor who stopped neither pays nor adds, and the others continue."""
    here = donors(country)
    here.donors["paying"], here.mission["perceived_progress"] = gives, 0.5
    assert announced_payments(here.state, 0, False) == monthly
    assert added_commitments(here.state) == million * 100_000_000


def test_commitments_arrive_late(country: Any) -> None:
    """Of $600 million committed once 1/e is outstanding after 60 days.

    In the end less than a dollar stays outstanding.
    """
    here = donors(country)
    here.fund["commitments_outstanding"] = here.fund["committed"] = 60_000_000_000
    for day in range(60):
        before = int(here.fund["commitments_outstanding"][0])
        assert donations(here.state, day) == daily_part(120_000_003, day) + int(
            before * (1.0 - math.exp(-1 / 60))
        )
    assert here.fund["commitments_outstanding"][0] == pytest.approx(60_000_000_000 / math.e, abs=61)
    for day in range(60, 2500):
        donations(here.state, day)
    assert 0 <= here.fund["commitments_outstanding"][0] < 100
    received = 60_000_000_000 - here.fund["commitments_outstanding"][0]
    assert here.ledger["commitments_received"][0] == received


def test_monthly_income(country: Any) -> None:
    """The monthly income is what was announced and thirty times the commitments received today."""
    here = donors(country, values={"donors.disbursement_time": 60.0})
    here.fund["commitments_outstanding"] = here.fund["committed"] = 60_000_000
    donations(here.state, 0)
    arrived = math.floor(60_000_000 * (1.0 - math.exp(-1.0 / 60.0)))
    assert here.fund["monthly_income"][0] == 120_000_003 + 30 * arrived


def test_commitments_of_a_year(country: Any) -> None:
    """At a progress of 0.5 $10 million a month are committed: twelve times that in 365 days."""
    here = donors(country)
    here.mission["perceived_progress"] = 0.5
    for day in range(365):
        donations(here.state, day)
        assert here.finding() == "balanced"
    assert here.fund["committed"][0] == 12 * 1_000_000_000
    received = here.ledger["commitments_received"][0]
    assert here.fund["committed"][0] == here.fund["commitments_outstanding"][0] + received


def test_donors_pay_nothing_without_mandate_and_mission(country: Any) -> None:
    """Without mandate and officers nobody pays, and outstanding commitments stay as they are."""
    here = donors(country)
    here.fund["commitments_outstanding"] = here.fund["committed"] = 500
    here.mission["perceived_progress"], here.fund["monthly_income"] = 1.0, 7
    here.units["officers"][0] = here.contingents["officers"][2] = 0
    here.mission["mandate"] = NO_MANDATE
    assert donations(here.state, 0) == 0
    names = ["monthly_income", "commitments_outstanding", "committed"]
    assert here.fund[names][0].tolist() == (0, 500, 500)


def received(
    country: Any, catch_22: bool, success: bool, values: Mapping[str, float] = {}
) -> list[int]:
    """Return what each of 400 days brings to the fund, under full success or full failure.

    Under success gangs hold nothing and nobody is killed; under failure gangs hold the capital.
    """
    here, days = donors(country, catch_22, values=values), []
    here.governance["recent_killings"] = 13.0
    here.set_influence([1.0, 0.0])
    for day in range(400):
        if day > 0:
            here.set_influence(0.0 if success else 1.0)
            here.governance["recent_killings"] = 0.0 if success else 60.0
        before = int(here.fund["received"][0])
        update_institutions(here.state, run_randomness(9, 0, 0, day))
        days.append(int(here.fund["received"][0]) - before)
        assert here.finding() == "balanced"
    return days


def test_switched_off_donations_are_what_was_announced(country: Any) -> None:
    """Switched off, 400 days bring what was announced to the cent, under success and failure."""
    won, lost = (received(country, False, success) for success in (True, False))
    assert won == lost == [daily_part(120_000_003, day) for day in range(400)]


def test_switched_on_success_pays(country: Any) -> None:
    """Switched on, failure brings less than was announced, and success more in the end."""
    won, lost = (received(country, True, success) for success in (True, False))
    announced = [daily_part(120_000_003, day) for day in range(400)]
    assert all(more >= less for more, less in zip(won, lost, strict=True))
    assert won[-1] > announced[-1] > lost[-1]
    assert sum(won) > sum(announced) > sum(lost)


def test_without_added_funding_and_fatigue_the_switch_changes_nothing(country: Any) -> None:
    """Without added funding and fatigue the hypothesis changes nothing, to the cent."""
    won = received(
        country, True, True, values={"donors.added_funding": 0.0, "donors.fatigue_rate": 0.0}
    )
    assert won == received(country, False, False)


@pytest.mark.slow
def test_switched_off_funds_do_not_depend_on_gangs(
    small_scenario: Callable[..., Scenario],
) -> None:
    """In runs of 120 days few and many attacks give equal funds only if switched off."""
    events = """
  - id: law
    date: 2024-01-01
    mandate: {type: support-mission, authorised: 2000}
  - id: pay
    date: 2024-01-01
    money: {donor: main-donor, monthly: 20e6}
  - id: they-come
    date: 2024-01-06
    deploy: {contingent: keeland, officers: 400}
"""
    for catch_22 in (False, True):
        values = {
            "donors.catch_22": catch_22,
            "donors.progress_target": 0.0,
            "donors.perception_time": 30.0,
        }
        found = []
        for attacks, rivalry in ((0.5, 4.0), (5.0, 14.0)):
            rates = {"attack.rate": attacks, "gang_rivalry.rate": rivalry}
            scenario = small_scenario(events, values | rates, days=120)
            found.append(Mission(scenario, outcomes=["funds_received", "killed"]).run())
        calm, wild = found
        assert calm["killed"].sum() < wild["killed"].sum()
        assert np.array_equal(calm["funds_received"], wild["funds_received"]) != catch_22
