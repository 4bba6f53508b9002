"""Donors: what they announced, what they add when they see success, and that nothing of it hides when switched off."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION
from teritwa.rules.districts.control import share_held_by_gangs
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
    "donors.added_funding": 40.0, "donors.progress_target": 0.25, "donors.fatigue_rate": 0.25, "donors.perception_time": 100.0,
    "donors.killings_weight": 0.25, "donors.disbursement_time": 60.0, "force_generation.enabled": False,
}  # fmt: skip
NEVER_ENDS = 1 << 40


def donors(country: Any, catch_22: bool = True, **values: float) -> Any:
    """Return a mission of 50 with two donors, who announced $1,000,000 and $200,000.03 a month and may add as much."""
    here = country(2, values={**VALUES, "donors.catch_22": catch_22, **values})
    here.unit(2, 0, 50)
    here.donors["monthly_payment"], here.donors["conditional_share"] = [100_000_000, 20_000_003], [0.75, 0.25]
    here.mission["mandate"], here.mission["mandate_ends"] = SUPPORT_MISSION, NEVER_ENDS
    here.mission["authorised"] = 1000
    return here.begin()


@pytest.mark.parametrize("monthly", [0, 1, 31, 1_000_003, 5_000_000_000])
@pytest.mark.parametrize("first", [0, 1, 100, 365, 700])
def test_a_year_of_days_is_twelve_months(monthly: int, first: int) -> None:
    """Any 365 days in a row hold exactly twelve months, to the cent, in parts that differ by at most one cent."""
    parts = [daily_part(monthly, first + day) for day in range(365)]
    assert sum(parts) == 12 * monthly
    assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize(
    ("influence", "share"),
    [([0.0, 0.0, 0.0, 1.0], 0.0), ([0.5, 0.0, 0.0, 0.0], 0.1), ([0.49, 0.5, 0.0, 0.0], 0.3),
     ([1.0, 1.0, 1.0, 0.0], 1.0), ([0.0, 0.0, 0.6, 1.0], 0.6)],
)  # fmt: skip
def test_territory_is_weighed_by_the_people_of_2015(country: Any, influence: list[float], share: float) -> None:
    """Of 100, 300 and 600 people in the capital those count who live under an influence of one half or more."""
    here = country(4, [(0, 1)])
    here.districts["place"]["residents_2015"], here.districts["people"]["residents"] = [100, 300, 600, 5000], [7, 7, 0, 7]
    here.districts["place"]["metropolitan"][3] = False
    here.districts["control"]["gang_influence"] = influence
    assert share_held_by_gangs(here.state, True) == pytest.approx(share)


def test_without_a_capital_gangs_hold_none_of_it(country: Any) -> None:
    """Where no district belongs to the capital, or nobody lived there, the share is 0 and not a division by zero."""
    here = country(2)
    here.districts["control"]["gang_influence"] = 1.0
    here.districts["place"]["metropolitan"] = False
    assert share_held_by_gangs(here.state, True) == 0.0
    here.districts["place"]["metropolitan"], here.districts["place"]["residents_2015"] = True, 0
    assert share_held_by_gangs(here.state, True) == 0.0


@pytest.mark.parametrize(
    ("before", "now", "progress"),
    [(0.8, 0.8, 0.0), (0.8, 0.0, 1.0), (0.8, 0.6, 0.25), (0.8, 1.2, -0.5), (0.8, 1.6, -1.0), (0.8, 9.0, -1.0),
     (0.0, 0.0, 0.0), (0.0, 0.005, -0.5), (0.0, 1.0, -1.0)],
)  # fmt: skip
def test_what_counts_as_achieved(before: float, now: float, progress: float) -> None:
    """All gone is 1, as before 0, doubled or worse -1; what was nothing at first can only get worse."""
    assert relative_improvement(before, now) == pytest.approx(progress)


def test_donors_watch_from_the_day_the_mission_began(country: Any) -> None:
    """While nobody of the mission is there they note nothing; the first day with officers is what they compare to."""
    here = donors(country)
    here.mission["started_on"], here.units["officers"][0], here.contingents["officers"][2] = -1, 0, 0
    here.districts["control"]["gang_influence"], here.governance["recent_killings"] = [0.9, 0.9], 20.0
    update_perceived_progress(here.state, 3)
    assert here.institution[["began", "control_at_start", "harm_at_start", "progress"]][0].tolist() == (-1, 0, 0, 0)
    here.units["officers"][0] = here.contingents["officers"][2] = 1
    here.districts["control"]["gang_influence"], here.governance["recent_killings"] = [0.9, 0.1], 12.0
    update_perceived_progress(here.state, 40)
    update_perceived_progress(here.state, 41)
    assert here.institution[["began", "control_at_start", "harm_at_start", "progress"]][0].tolist() == (40, 0.5, 12, 0)


def test_progress_is_believed_late(country: Any) -> None:
    """Half the territory won back and 3/5 of the killings gone are 0.75 * 0.5 + 0.25 * 0.6 = 0.525.

    Of these 1 - 1/e is believed after 100 days, and 1 - 1/e**3 after 300. When all is lost again belief fades as late.
    """
    here = donors(country)
    here.districts["control"]["gang_influence"], here.governance["recent_killings"] = 1.0, 10.0
    update_perceived_progress(here.state, 0)
    here.districts["control"]["gang_influence"][0], here.governance["recent_killings"] = 0.1, 4.0
    for day in range(1, 301):
        update_perceived_progress(here.state, day)
        assert here.mission["perceived_progress"][0] == pytest.approx(0.525 * (1.0 - math.exp(-day / 100.0)))
    here.districts["control"]["gang_influence"][0], here.governance["recent_killings"] = 1.0, 10.0
    for day in range(301, 401):
        update_perceived_progress(here.state, day)
    assert here.mission["perceived_progress"][0] == pytest.approx(0.525 * (1.0 - math.exp(-3.0)) / math.e)


@pytest.mark.parametrize(("years", "left"), [(0.0, 1.0), (1.0, 0.75), (2.0, 0.5), (3.2, 0.2), (4.0, 0.0), (5.0, 0.0)])
def test_what_was_announced_tires(country: Any, years: float, left: float) -> None:
    """A quarter of $1,200,000.03 a month is lost in each year of the mission; after four years nothing is left."""
    here = donors(country)
    here.mission["started_on"] = 100
    assert announced_payments(here.state, 100 + round(365 * years)) == int(120_000_003 * left)


def test_nobody_tires_before_the_mission_began_or_without_the_hypothesis(country: Any) -> None:
    """Before officers came, and with the switch off, what was announced is what is paid."""
    here = donors(country)
    assert announced_payments(here.state, 3000) == 120_000_003
    here = donors(country, catch_22=False)
    here.mission["started_on"] = 0
    assert announced_payments(here.state, 3000) == 120_000_003


@pytest.mark.parametrize(
    ("progress", "million"), [(1.0, 30.0), (0.5, 10.0), (0.375, 5.0), (0.25, 0.0), (0.0, 0.0), (-1.0, 0.0)]
)
def test_donors_add_above_their_target(country: Any, progress: float, million: float) -> None:
    """$40 million a month for each unit of progress above 0.25: at 0.5 ten million; below the target nothing."""
    here = donors(country)
    here.mission["perceived_progress"] = progress
    assert added_commitments(here.state) == million * 100_000_000
    here.parameters["donors"]["catch_22"] = False
    assert added_commitments(here.state) == 0


@pytest.mark.parametrize(("gives", "monthly", "million"), [
    ([True, True], 120_000_003, 10.0), ([False, True], 20_000_003, 2.5), ([True, False], 100_000_000, 7.5),
    ([False, False], 0, 0.0),
])  # fmt: skip
def test_a_donor_who_stopped_neither_pays_nor_adds(
    country: Any, gives: list[bool], monthly: int, million: float
) -> None:
    """Both what it announced and its share of what would be added are gone; the others go on."""
    here = donors(country)
    here.donors["paying"], here.mission["perceived_progress"] = gives, 0.5
    assert announced_payments(here.state, 0) == monthly
    assert added_commitments(here.state) == million * 100_000_000


def test_commitments_arrive_late(country: Any) -> None:
    """Of $600 million committed once 1/e is still to come after 60 days; less than a dollar stays for ever."""
    here = donors(country)
    here.fund["commitments_outstanding"] = here.fund["committed"] = 60_000_000_000
    for day in range(60):
        before = int(here.fund["commitments_outstanding"][0])
        assert donations(here.state, day) == daily_part(120_000_003, day) + int(before * (1.0 - math.exp(-1 / 60)))
    assert here.fund["commitments_outstanding"][0] == pytest.approx(60_000_000_000 / math.e, abs=61)
    for day in range(60, 2500):
        donations(here.state, day)
    assert 0 <= here.fund["commitments_outstanding"][0] < 100
    assert here.ledger["commitments_received"][0] == 60_000_000_000 - here.fund["commitments_outstanding"][0]


def test_what_the_fund_can_count_on(country: Any) -> None:
    """The month's income is what was announced and thirty times what arrives today of commitments."""
    here = donors(country, **{"donors.disbursement_time": 60.0})
    here.fund["commitments_outstanding"] = here.fund["committed"] = 60_000_000
    donations(here.state, 0)
    arrived = math.floor(60_000_000 * (1.0 - math.exp(-1.0 / 60.0)))
    assert here.fund["monthly_income"][0] == 120_000_003 + 30 * arrived


def test_a_commitment_is_the_days_part_of_the_month(country: Any) -> None:
    """At a progress of 0.5 ten million a month are committed: over 365 days twelve times that, to the cent."""
    here = donors(country)
    here.mission["perceived_progress"] = 0.5
    for day in range(365):
        donations(here.state, day)
        assert here.finding() == "balanced"
    assert here.fund["committed"][0] == 12 * 1_000_000_000
    assert (
        here.fund["committed"][0]
        == here.fund["commitments_outstanding"][0] + here.ledger["commitments_received"][0]
    )


def test_donors_pay_for_nothing_where_there_is_neither_mandate_nor_mission(country: Any) -> None:
    """Before the mission and after it nobody pays, and what was still to come stays where it is."""
    here = donors(country)
    here.fund["commitments_outstanding"] = here.fund["committed"] = 500
    here.mission["perceived_progress"], here.fund["monthly_income"] = 1.0, 7
    here.units["officers"][0] = here.contingents["officers"][2] = 0
    here.mission["mandate"] = NO_MANDATE
    assert donations(here.state, 0) == 0
    assert here.institution[["monthly", "coming", "committed"]][0].tolist() == (0, 500, 500)


def received(country: Any, catch_22: bool, success: bool, **values: float) -> list[int]:
    """Return what 400 days bring to the fund if gangs lose all of the capital and nobody is killed, or the reverse."""
    here, days = donors(country, catch_22, **values), []
    here.governance["recent_killings"] = 13.0
    here.districts["control"]["gang_influence"] = [1.0, 0.0]
    for day in range(400):
        if day > 0:
            here.districts["control"]["gang_influence"] = [0.0, 0.0] if success else [1.0, 1.0]
            here.governance["recent_killings"] = 0.0 if success else 60.0
        before = int(here.fund["received"][0])
        update_institutions(here.state, run_randomness(9, 0, 0, day))
        days.append(int(here.fund["received"][0]) - before)
        assert here.finding() == "balanced"
    return days


def test_switched_off_donations_are_what_was_announced(country: Any) -> None:
    """Off, each of 400 days brings its part of $1,200,000.03 a month to the cent, whether all is won or all is lost."""
    won, lost = (received(country, False, success) for success in (True, False))
    assert won == lost == [daily_part(120_000_003, day) for day in range(400)]


def test_switched_on_success_pays(country: Any) -> None:
    """On, the same two courses differ: less than announced where all is lost, in the end more where all is won."""
    won, lost = (received(country, True, success) for success in (True, False))
    announced_then = [daily_part(120_000_003, day) for day in range(400)]
    assert all(more >= less for more, less in zip(won, lost, strict=True))
    assert won[-1] > announced_then[-1] > lost[-1]
    assert sum(won) > sum(announced_then) > sum(lost)


def test_donors_who_neither_add_nor_tire_are_as_if_switched_off(country: Any) -> None:
    """With a gain and a fatigue of 0 the hypothesis changes nothing, to the cent."""
    won = received(country, True, True, **{"donors.added_funding": 0.0, "donors.fatigue_rate": 0.0})
    assert won == received(country, False, False)


@pytest.mark.slow
def test_switched_off_nothing_on_the_ground_changes_what_is_received(small_scenario: Callable[..., Scenario]) -> None:
    """Whole runs of 120 days in which gangs attack little and much: the same money each day; on, not the same."""
    events = """
  - id: law
    date: 2024-01-01
    mandate: {type: support-mission, authorised: 2000}
  - id: pay
    date: 2024-01-01
    money: {donor: main-donor, monthly: 20e6}
  - id: they-come
    date: 2024-01-06
    deploy: {contingent: kenya, officers: 400}
"""
    for catch_22 in (False, True):
        values = {"donors.catch_22": catch_22, "donors.progress_target": 0.0, "donors.perception_time": 30.0}
        calm, wild = (
            Mission(small_scenario(events, values | rates, days=120), 0, 0, ["received", "killed"]).run()
            for rates in (
                {"attack.rate": 0.5, "gang_rivalry.rate": 4.0},
                {"attack.rate": 5.0, "gang_rivalry.rate": 14.0},
            )
        )
        assert calm["killed"].sum() < wild["killed"].sum()
        assert np.array_equal(calm["received"], wild["received"]) != catch_22
