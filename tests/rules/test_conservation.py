"""Conservation: a sound state is balanced, and every stock that appears or vanishes is named."""

from typing import Any

import numpy as np
import pytest

from teritwa.rules.conservation import BALANCED, FINDINGS, check_conservation

DISPLACED_DISAGREE = "displaced persons do not add up by origin and host"


def sound(country: Any) -> Any:
    """Return a country with some of every stock and of every flow since day 0."""
    here = country(3, [(0, 1), (1, 2)])
    here.crew(0, 0, 40, hiding=10)
    here.unit(0, 1, 30)
    here.unit(2, 2, 20)
    people, fund, contingents = here.districts["people"], here.fund, here.contingents
    contingents["vehicles"][2], contingents["vehicles_broken"][2] = 5, 2
    people["brigade"], contingents["in_transit"] = 10, 4
    here.by_pair("displaced")[0] = [0, 60, 40]
    people["displaced_from"], people["displaced_hosted"] = [100, 0, 0], [0, 60, 40]
    here.ledger["prisoners"] = 500
    fund["received"], fund["spent"], fund["balance"] = 900, 300, 600
    here.gangs["firearms"], here.gangs["treasury"] = [30, 20, 10], [3000, 2000, 1000]
    here.begin()
    fund["committed"], fund["commitments_outstanding"] = 500, 300
    flows = {
        "recruited": 5,
        "deserted": 2,
        "arrested": 4,
        "fighters_killed": 3,
        "escaped": 7,
        "escaped_to_gangs": 3,
        "civilians_killed": 6,
        "officers_joined": 4,
        "officers_left": 3,
        "officers_killed": 2,
        "vehicles_destroyed": 2,
        "firearms_on_day_0": 59,
        "firearms_smuggled": 8,
        "firearms_lost": 7,
        "cash_on_day_0": 5000,
        "gang_revenue": 2500,
        "wages_paid": 900,
        "arms_spending": 600,
        "commitments_received": 200,
    }
    ledger = here.ledger
    for name, amount in flows.items():
        ledger[name] = amount
    ledger["residents_on_day_0"] += 6 + (5 - 2) - (7 - 3)
    ledger["fighters_on_day_0"] += (4 + 3) - (5 - 2) - 3
    ledger["officers_on_day_0"] += (3 + 2) - 4
    ledger["prisoners_on_day_0"] += 7 - 4
    ledger["vehicles_delivered"] += 2
    return here


def test_a_sound_state_is_balanced(country: Any) -> None:
    """A sound state yields no finding."""
    here = sound(country)
    assert check_conservation(here.state, 0) == BALANCED
    assert here.finding() == FINDINGS[BALANCED] == "balanced"


def test_empty_stocks_are_balanced(country: Any) -> None:
    """A gang without cash or firearms, an empty fund and donors who owe nothing are balanced."""
    here = sound(country)
    here.gangs["firearms"], here.gangs["treasury"] = [0, 60, 0], [0, 0, 6000]
    here.fund["committed"], here.fund["commitments_outstanding"] = 200, 0
    here.fund["spent"], here.fund["balance"] = 900, 0
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("name", "row", "change", "message"),
    [
        ("districts.people.residents", 1, 1, "people appear or vanish"),
        ("ledger.civilians_killed", 0, 1, "people appear or vanish"),
        ("ledger.escaped", 0, 1, "people appear or vanish"),
        ("crews.fighters", 0, 1, "fighters appear or vanish"),
        ("crews.hiding", 0, -1, "fighters appear or vanish"),
        ("ledger.fighters_killed", 0, 1, "fighters appear or vanish"),
        ("units.officers", 0, 1, "officers appear or vanish"),
        ("contingents.officers", 2, -1, "officers appear or vanish"),
        ("ledger.officers_joined", 0, 1, "officers appear or vanish"),
        ("ledger.prisoners", 0, -1, "prisoners appear or vanish"),
        ("contingents.vehicles", 2, 1, "vehicles appear or vanish"),
        ("contingents.vehicles_broken", 2, -1, "vehicles appear or vanish"),
        ("ledger.vehicles_destroyed", 0, 1, "vehicles appear or vanish"),
        ("fund.balance", 0, 1, "money appears or vanishes"),
        ("fund.spent", 0, -1, "money appears or vanishes"),
        ("gangs.firearms", 1, 1, "weapons appear or vanish"),
        ("gangs.firearms", 2, -1, "weapons appear or vanish"),
        ("ledger.firearms_smuggled", 0, 1, "weapons appear or vanish"),
        ("ledger.firearms_lost", 0, 1, "weapons appear or vanish"),
        ("gangs.treasury", 0, 1, "cash of gangs appears or vanishes"),
        ("gangs.treasury", 2, -1, "cash of gangs appears or vanishes"),
        ("ledger.gang_revenue", 0, 1, "cash of gangs appears or vanishes"),
        ("ledger.wages_paid", 0, 1, "cash of gangs appears or vanishes"),
        ("ledger.arms_spending", 0, -1, "cash of gangs appears or vanishes"),
        ("fund.commitments_outstanding", 0, 1, "commitments of donors appear or vanish"),
        ("fund.committed", 0, 1, "commitments of donors appear or vanish"),
        ("ledger.commitments_received", 0, 1, "commitments of donors appear or vanish"),
        ("districts.people.displaced_from", 0, 1, DISPLACED_DISAGREE),
        ("districts.people.displaced_hosted", 2, -1, DISPLACED_DISAGREE),
    ],
)
def test_one_person_or_cent_too_many_is_found(
    country: Any, column: Any, name: str, row: int, change: int, message: str
) -> None:
    """A single unit of any stock or flow without a counterpart is found and named."""
    here = sound(country)
    column(here.tables, name)[row] += change
    assert here.finding() == message


def test_displaced_who_change_hosts_in_one_table_only_are_found(country: Any) -> None:
    """The table of displaced persons must agree with the districts by origin and by host."""
    here = sound(country)
    here.by_pair("displaced")[0] = [0, 59, 41]
    assert here.finding() == DISPLACED_DISAGREE


@pytest.mark.parametrize(
    "name",
    [
        "districts.people.residents",
        "districts.people.displaced_hosted",
        "districts.people.displaced_from",
        "districts.people.brigade",
        "crews.fighters",
        "crews.hiding",
        "units.officers",
        "contingents.officers",
        "contingents.in_transit",
        "contingents.in_preparation",
        "contingents.leaving",
        "contingents.vehicles",
        "contingents.vehicles_broken",
        "ledger.prisoners",
        "fund.balance",
        "fund.commitments_outstanding",
        "gangs.firearms",
        "gangs.treasury",
    ],
)
def test_negative_stocks_are_found(country: Any, column: Any, name: str) -> None:
    """No stock may fall below zero, even where its flows agree."""
    here = sound(country)
    column(here.tables, name)[0] = -1
    assert here.finding() == "a stock is negative"


@pytest.mark.parametrize("field", ["firearms", "treasury"])
def test_the_debt_of_one_gang_is_not_hidden_by_the_cash_of_another(
    country: Any, field: str
) -> None:
    """Sums that agree are not enough: the cash and firearms of each gang stay at zero or above."""
    here = sound(country)
    here.gangs[field][0] += here.gangs[field][1] + 1
    here.gangs[field][1] = -1
    assert here.finding() == "a stock is negative"


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.001, 1.001])
@pytest.mark.parametrize(
    "name",
    [
        "districts.control.gang_influence",
        "districts.control.entrenchment",
        "districts.people.trust",
        "districts.services.goods_supply",
        "districts.services.schools_open",
        "districts.services.hospitals_open",
        "districts.services.aid_access",
        "contingents.readiness",
    ],
)
def test_shares_stay_between_zero_and_one(
    country: Any, column: Any, name: str, value: float
) -> None:
    """A share that is below 0, above 1 or not a number is found."""
    here = sound(country)
    column(here.tables, name)[1] = value
    assert here.finding() == "a share is not a finite number between 0 and 1"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "name", ["orders.recent_attacks", "orders.target_score", "people.recruitment_pool"]
)
def test_measures_that_are_not_finite_are_found(
    country: Any, column: Any, name: str, value: float
) -> None:
    """Measures without an upper bound must be finite, so that nothing infinite can spread."""
    here = sound(country)
    column(here.districts, name)[2] = value
    assert here.finding() == "a share is not a finite number between 0 and 1"
