"""The ledger: it is silent about a sound state, and names every kind of stock that appears or vanishes."""

from typing import Any

import numpy as np
import pytest

from teritwa.rules.conservation import BALANCED, FINDINGS, check_conservation


def sound(country: Any) -> Any:
    """Return a country with something of every stock, and of every flow since day 0."""
    here = country(3, [(0, 1), (1, 2)])
    here.crew(0, 0, 40, hiding=10)
    here.unit(0, 1, 30)
    here.unit(2, 2, 20)
    here.contingents["vehicles"][2], here.contingents["vehicles_broken"][2] = 5, 2
    here.districts["people"]["brigade"], here.contingents["in_transit"] = 10, 4
    here.displaced[0] = [0, 60, 40]
    here.districts["people"]["displaced_from"], here.districts["people"]["displaced_hosted"] = [100, 0, 0], [0, 60, 40]
    here.ledger["prisoners"] = 500
    here.fund["received"], here.fund["spent"], here.fund["balance"] = 900, 300, 600
    here.gangs["firearms"], here.gangs["treasury"] = [30, 20, 10], [3000, 2000, 1000]
    here.begin()
    ledger = here.ledger
    ledger["recruited"], ledger["deserted"], ledger["arrested"], ledger["fighters_killed"] = 5, 2, 4, 3
    ledger["escaped"], ledger["escaped_to_gangs"], ledger["civilians_killed"] = 7, 3, 6
    ledger["officers_joined"], ledger["officers_left"], ledger["officers_killed"] = 4, 3, 2
    ledger["vehicles_destroyed"] = 2
    ledger["residents_on_day_0"] += 6 + (5 - 2) - (7 - 3)
    ledger["fighters_on_day_0"] += (4 + 3) - (5 - 2) - 3
    ledger["officers_on_day_0"] += (3 + 2) - 4
    ledger["prisoners_on_day_0"] += 7 - 4
    ledger["vehicles_delivered"] += 2
    ledger["firearms_on_day_0"], ledger["firearms_smuggled"], ledger["firearms_lost"] = 59, 8, 7
    ledger["cash_on_day_0"], ledger["gang_revenue"], ledger["wages_paid"], ledger["arms_spending"] = (
        5000,
        2500,
        900,
        600,
    )
    here.fund["committed"], here.fund["commitments_outstanding"], ledger["commitments_received"] = (
        500,
        300,
        200,
    )
    return here


def test_a_sound_state_is_balanced(country: Any) -> None:
    """Nothing is found where nothing is wrong."""
    here = sound(country)
    assert check_conservation(here.state) == BALANCED
    assert here.finding() == FINDINGS[BALANCED] == "balanced"


def test_nothing_left_is_nothing_wrong(country: Any) -> None:
    """A gang without cash and weapons, a fund at nought and donors who owe nothing are sound."""
    here = sound(country)
    here.gangs["firearms"], here.gangs["treasury"] = [0, 60, 0], [0, 0, 6000]
    here.fund["committed"], here.fund["commitments_outstanding"] = 200, 0
    here.fund["spent"], here.fund["balance"] = 900, 0
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("table", "field", "row", "change", "says"),
    [
        ("districts", "residents", 1, 1, "people appear or vanish"),
        ("ledger", "civilians_killed", 0, 1, "people appear or vanish"),
        ("ledger", "escaped", 0, 1, "people appear or vanish"),
        ("crews", "fighters", 0, 1, "fighters appear or vanish"),
        ("crews", "hiding", 0, -1, "fighters appear or vanish"),
        ("ledger", "fighters_killed", 0, 1, "fighters appear or vanish"),
        ("units", "officers", 0, 1, "officers appear or vanish"),
        ("contingents", "officers", 2, -1, "officers appear or vanish"),
        ("ledger", "officers_joined", 0, 1, "officers appear or vanish"),
        ("ledger", "prisoners", 0, -1, "prisoners appear or vanish"),
        ("contingents", "vehicles", 2, 1, "vehicles appear or vanish"),
        ("contingents", "broken", 2, -1, "vehicles appear or vanish"),
        ("ledger", "vehicles_destroyed", 0, 1, "vehicles appear or vanish"),
        ("institution", "fund", 0, 1, "money appears or vanishes"),
        ("institution", "spent", 0, -1, "money appears or vanishes"),
        ("gangs", "weapons", 1, 1, "weapons appear or vanish"),
        ("gangs", "weapons", 2, -1, "weapons appear or vanish"),
        ("ledger", "weapons_smuggled", 0, 1, "weapons appear or vanish"),
        ("ledger", "weapons_lost", 0, 1, "weapons appear or vanish"),
        ("gangs", "treasury", 0, 1, "cash of gangs appears or vanishes"),
        ("gangs", "treasury", 2, -1, "cash of gangs appears or vanishes"),
        ("ledger", "takings", 0, 1, "cash of gangs appears or vanishes"),
        ("ledger", "wages", 0, 1, "cash of gangs appears or vanishes"),
        ("ledger", "arms_bill", 0, -1, "cash of gangs appears or vanishes"),
        ("institution", "coming", 0, 1, "commitments of donors appear or vanish"),
        ("institution", "committed", 0, 1, "commitments of donors appear or vanish"),
        ("ledger", "commitments_received", 0, 1, "commitments of donors appear or vanish"),
        ("districts", "away", 0, 1, "displaced persons do not add up by origin and host"),
        ("districts", "hosted", 2, -1, "displaced persons do not add up by origin and host"),
    ],
)
def test_one_person_or_cent_too_many_is_found(
    country: Any, table: str, field: str, row: int, change: int, says: str
) -> None:
    """A single unit of any stock or flow that has no other side is found, and named."""
    here = sound(country)
    here.tables[table][field][row] += change
    assert here.finding() == says


def test_displaced_who_change_hosts_alone_are_found(country: Any) -> None:
    """The table of the displaced must agree with the districts in both directions."""
    here = sound(country)
    here.displaced[0] = [0, 59, 41]
    assert here.finding() == "displaced persons do not add up by origin and host"


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("districts", "residents"), ("districts", "hosted"), ("districts", "away"), ("districts", "brigade"),
        ("crews", "fighters"), ("crews", "hiding"), ("units", "officers"), ("contingents", "officers"),
        ("contingents", "waiting"), ("contingents", "vehicles"), ("contingents", "broken"), ("ledger", "prisoners"),
        ("contingents", "preparing"), ("contingents", "leaving"), ("institution", "fund"), ("gangs", "weapons"),
        ("gangs", "treasury"), ("institution", "coming"),
    ],
)  # fmt: skip
def test_negative_stocks_are_found(country: Any, table: str, field: str) -> None:
    """No stock may fall below zero, even where its flows would agree."""
    here = sound(country)
    here.tables[table][field][0] = -1
    assert here.finding() == "a stock is negative"


def test_a_debt_of_one_gang_is_not_hidden_by_the_cash_of_another(country: Any) -> None:
    """Sums that agree are not enough: each gang's cash and weapons stay at nought or above."""
    for field in ("weapons", "treasury"):
        here = sound(country)
        here.gangs[field][0] += here.gangs[field][1] + 1
        here.gangs[field][1] = -1
        assert here.finding() == "a stock is negative"


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.001, 1.001])
@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("districts", "gang_influence"), ("districts", "trust"), ("districts", "supply"), ("districts", "schools"),
        ("districts", "clinics"), ("districts", "aided"), ("districts", "entrenched"), ("contingents", "readiness"),
    ],
)  # fmt: skip
def test_shares_stay_between_zero_and_one(country: Any, table: str, field: str, value: float) -> None:
    """A share below 0, above 1, or no number at all is found."""
    here = sound(country)
    here.tables[table][field][1] = value
    assert here.finding() == "a share is not a finite number between 0 and 1"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("field", ["heat", "score", "idle"])
def test_what_is_no_number_is_found(country: Any, field: str, value: float) -> None:
    """An attention of command, or a number who stand idle, that is infinite or none is found and cannot spread."""
    here = sound(country)
    here.districts[field][2] = value
    assert here.finding() == "a share is not a finite number between 0 and 1"
