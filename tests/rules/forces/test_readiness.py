"""Readiness: it follows pay and vehicles, and repairs go as far as the fund does."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.agents.institutions import SUPPORT_MISSION
from teritwa.rules.agents.police_unit import FOREIGN, TECHNICAL_HELP
from teritwa.rules.forces.readiness import (
    REPAIRED,
    count_operational,
    repair_vehicles,
    update_readiness,
)
from teritwa.rules.mission.budget import settle_accounts

VALUES = {
    "equipment.full_readiness": 0.8,
    "equipment.readiness_without_vehicles": 0.5,
    "equipment.seats_per_vehicle": 10,
    "equipment.readiness_without_pay": 0.25,
    "equipment.adjustment_time": 20.0,
    "equipment.repair_rate": 0.08,
    "equipment.officers_per_helicopter": 30.0,
    "budget.cost_per_vehicle_repair": 15_000,
}
TODAY = run_randomness(9, 0, 0, 1)
REPAIR = 1_500_000
"""Cost of one repair, US cents."""


def forces(country: Any, officers: int = 100, values: Mapping[str, float] = {}) -> Any:
    """Return a paid mission of one unit, with a fund that is never short."""
    here = country(2, values={**VALUES, **values})
    here.unit(2, 0, officers, kind=FOREIGN)
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 1000
    here.fund["balance"] = here.fund["received"] = 10**12
    return here.begin()


@pytest.mark.parametrize(
    ("vehicles", "paid", "target"),
    [
        (10, 1.0, 0.8),
        (5, 1.0, 0.6),
        (0, 1.0, 0.4),
        (100, 1.0, 0.8),
        (10, 0.0, 0.2),
        (10, 0.5, 0.5),
        (0, 0.0, 0.1),
    ],
)
def test_readiness_follows_pay_and_vehicles(
    country: Any, vehicles: int, paid: float, target: float
) -> None:
    """The readiness of 100 officers approaches its target to 1/e in 20 days.

    The target is 0.8 with pay and seats for all, half of that without vehicles, and a quarter of it
    without pay.
    """
    here = forces(country)
    here.contingents["vehicles"][2] = vehicles
    here.contingents["cost_share_paid"][2] = paid
    for _ in range(20):
        update_readiness(here.state, TODAY)
    assert here.contingents["readiness"][2] == pytest.approx(target + (1.0 - target) / math.e)


@pytest.mark.parametrize(("paid", "target"), [(1.0, 0.8), (0.5, 0.5), (0.0, 0.2)])
def test_readiness_of_own_forces_needs_pay_and_no_seats(
    country: Any, paid: float, target: float
) -> None:
    """Police without vehicles approach 0.8, or a quarter of it without pay of their own.

    The mission's pay does not matter to them, and theirs does not to the mission.
    """
    here = forces(country)
    here.unit(0, 0, 100)
    here.unit(1, 0, 100)
    here.contingents["readiness"] = 0.8
    here.contingents["cost_share_paid"] = [paid, 1.0, 0.0]
    for _ in range(20):
        update_readiness(here.state, TODAY)
    assert here.contingents["readiness"][0] == pytest.approx(target + (0.8 - target) / math.e)
    assert here.contingents["readiness"][1] == pytest.approx(0.8)
    assert here.contingents["readiness"][2] == pytest.approx(0.1 + 0.7 / math.e)


def test_officers_able_to_operate_follow_from_unpaid_days(country: Any) -> None:
    """After d days without pay 0.8 * (1/4 + 3/4 exp(-d/20)) of 1,000 seated officers can operate.

    A contingent that is paid is as able as before, though the other one is not.
    """
    here = forces(country, 1000)
    here.unit(1, 0, 1000, kind=FOREIGN)
    here.contingents["foreign"] = [False, True, True]
    here.contingents["vehicles"], here.contingents["readiness"] = 100, 0.8
    here.contingents["pay_share"][1], here.fund["balance"] = 0.0, 10**12
    here.begin()
    for day in range(1, 91):
        settle_accounts(here.state, day)
        update_readiness(here.state, TODAY)
        count_operational(here.state)
        able = 800.0 * (0.25 + 0.75 * math.exp(-day / 20.0))
        assert here.contingents["unpaid_days"].tolist() == [0.0, day, 0.0]
        assert abs(here.contingents["operational"][1] - able) <= 0.5 + 1e-6
        assert here.contingents["operational"][2] == 800


def test_readiness_stays_while_nobody_is_in_the_country(country: Any) -> None:
    """A contingent that comes late is as ready as it was: without officers nothing decays."""
    here = forces(country)
    here.contingents["readiness"], here.contingents["cost_share_paid"] = 0.8, 0.0
    for _ in range(200):
        update_readiness(here.state, TODAY)
    assert here.contingents["officers"][1] == 0
    assert here.contingents["readiness"][1] == 0.8
    assert here.contingents["readiness"][2] < 0.3


def test_operational_officers_are_a_share_of_those_present(country: Any) -> None:
    """At a readiness of 0.5 sixteen of 32 officers are operational, at 0.29 three of ten."""
    here = forces(country, 10)
    here.unit(0, 0, 32)
    here.contingents["readiness"] = [0.5, 1.0, 0.29]
    count_operational(here.state)
    assert here.contingents["operational"].tolist() == [16, 0, 3]


def test_technical_helpers_never_count_as_able_to_operate(country: Any) -> None:
    """Officers of a contingent that gives technical help only are never operational."""
    here = forces(country)
    here.contingents["terms"][2] = TECHNICAL_HELP
    count_operational(here.state)
    assert here.contingents["operational"].tolist() == [0, 0, 0]


def test_vehicles_are_repaired_one_by_one(country: Any) -> None:
    """Of 20 broken vehicles 1.6 are repaired a day on average: one or two, at random."""
    total = 0
    for day in range(200):
        here, today = forces(country), run_randomness(9, 0, 0, day)
        here.contingents["vehicles_broken"] = 20
        here.begin()
        repair_vehicles(here.state, today)
        for row in range(3):
            fixed = stochastic_round(1.6, uniform(today, REPAIRED, 3000 + row))
            assert here.contingents["vehicles"][row] == fixed
            assert here.contingents["vehicles_broken"][row] == 20 - fixed
        assert here.finding() == "balanced"
        total += int(here.contingents["vehicles"][2])
        assert here.fund["spent"][0] == here.contingents["vehicles"][2] * REPAIR
    assert abs(total - 320) < 4.65 * (200 * 0.24) ** 0.5


@pytest.mark.parametrize(
    ("fund", "fixed"),
    [(9 * REPAIR, 2), (2 * REPAIR, 2), (2 * REPAIR - 1, 1), (REPAIR - 1, 0), (0, 0)],
)
def test_repairs_stop_when_the_fund_is_empty(country: Any, fund: int, fixed: int) -> None:
    """Two repairs a day at $15,000 take place as far as the fund goes, to the cent.

    Repairs of the country's own vehicles do not cost the fund anything.
    """
    here = forces(country, values={"equipment.repair_rate": 0.1})
    here.contingents["vehicles_broken"] = [20, 0, 20]
    here.fund["balance"] = here.fund["received"] = fund
    here.begin()
    update_readiness(here.state, TODAY)
    assert here.contingents["vehicles"].tolist() == [2, 0, fixed]
    spent = fixed * REPAIR
    assert here.fund[["balance", "spent"]][0].tolist() == (fund - spent, spent)
    assert here.finding() == "balanced"


def test_contingents_share_repairs_that_are_paid(country: Any) -> None:
    """Of six repairs wanted by two contingents money for three pays two and one, in proportion."""
    for first in (0, 2):
        here = forces(country, values={"equipment.repair_rate": 0.1})
        here.contingents["foreign"], here.contingents["vehicles_broken"] = True, [20, 0, 20]
        here.contingents["vehicles_broken"][first] = 40
        here.fund["balance"] = here.fund["received"] = 3 * REPAIR
        here.begin()
        repair_vehicles(here.state, TODAY)
        assert here.contingents["vehicles"].tolist() == ([2, 0, 1] if first == 0 else [1, 0, 2])
        assert here.finding() == "balanced"


@pytest.mark.parametrize(("paid", "capacity"), [(1.0, 60.0), (0.5, 30.0), (0.0, 0.0)])
def test_airlift_capacity_depends_on_pay(country: Any, paid: float, capacity: float) -> None:
    """Two helicopters carry 60 officers a day.

    They fly in proportion to the pay of their own contingent.
    """
    here = forces(country)
    here.contingents["helicopters"], here.contingents["cost_share_paid"][2] = [1, 0, 2], paid
    for _ in range(2):  # each morning anew
        update_readiness(here.state, TODAY)
    assert here.contingents["airlift_capacity"].tolist() == [30.0, 0.0, capacity]
