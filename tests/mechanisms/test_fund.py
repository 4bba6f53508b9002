"""Fund and mandate: cents that add up, days without pay, and the day a mandate lapses."""

from typing import Any

import pytest

from teritwa.agents.institution import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.mechanisms.fund import daily_part, settle_accounts, watch_mandate

VALUES = {"fund.officer_month": 20_000, "contingents.going_home": 60}


@pytest.mark.parametrize("monthly", [0, 1, 31, 1_000_003, 5_000_000_000])
@pytest.mark.parametrize("first", [0, 1, 100, 365, 700])
def test_a_year_of_days_is_twelve_months(monthly: int, first: int) -> None:
    """Any 365 days in a row hold exactly twelve months, to the cent, in parts that differ by at most one cent."""
    parts = [daily_part(monthly, first + day) for day in range(365)]
    assert sum(parts) == 12 * monthly
    assert max(parts) - min(parts) <= 1


def mission(country: Any, officers: int, fund: int, monthly: int = 0) -> Any:
    """Return a mission of so many officers with so many cents."""
    here = country(1, [], values=VALUES)
    here.unit(2, 0, officers)
    here.institution["fund"] = here.institution["received"] = fund
    here.institution["monthly"], here.institution["mandate"] = monthly, SUPPORT_MISSION
    return here.begin()


def test_a_day_costs_its_part(country: Any) -> None:
    """73 officers at $20,000 a month cost 73 * 20,000 * 12 / 365 = $48,000 a day."""
    here = mission(country, 73, 10_000_000)
    settle_accounts(here.state, 0)
    one = here.institution[0]
    assert (one["fund"], one["spent"], one["arrears"]) == (5_200_000, 4_800_000, 0)
    assert (one["paid"], one["unpaid_days"]) == (1.0, 0)
    assert here.finding() == "balanced"


def test_what_is_not_there_is_not_paid(country: Any) -> None:
    """With $12,000 for a day of $48,000 a quarter is paid, $36,000 stay owing, and a day without pay is counted."""
    here = mission(country, 73, 1_200_000)
    settle_accounts(here.state, 0)
    settle_accounts(here.state, 1)
    one = here.institution[0]
    assert (one["fund"], one["spent"], one["arrears"]) == (0, 1_200_000, 8_400_000)
    assert (one["paid"], one["unpaid_days"]) == (0.0, 2)
    one["fund"] += 4_800_000
    one["received"] += 4_800_000
    settle_accounts(here.state, 2)
    assert (here.institution["paid"][0], here.institution["unpaid_days"][0]) == (1.0, 1)
    assert here.finding() == "balanced"


def test_monthly_income_pays_first_what_it_can(country: Any) -> None:
    """$730,000 a month bring $24,000 a day: half of the day's costs."""
    here = mission(country, 73, 0, monthly=73_000_000)
    settle_accounts(here.state, 0)
    one = here.institution[0]
    assert (one["received"], one["spent"], one["fund"], one["paid"]) == (2_400_000, 2_400_000, 0, 0.5)
    assert here.finding() == "balanced"


def test_under_the_un_all_is_paid(country: Any) -> None:
    """Assessed contributions are the day's costs."""
    here = mission(country, 73, 0)
    here.institution["mandate"], here.institution["unpaid_days"] = UN_PEACEKEEPING, 5
    settle_accounts(here.state, 0)
    one = here.institution[0]
    assert (one["received"], one["spent"], one["fund"], one["paid"], one["unpaid_days"]) == (
        4_800_000, 4_800_000, 0, 1.0, 4,
    )  # fmt: skip


def test_nobody_costs_nothing(country: Any) -> None:
    """Without officers the fund stays, and nobody waits for pay."""
    here = mission(country, 0, 123)
    settle_accounts(here.state, 0)
    assert (here.institution["fund"][0], here.institution["paid"][0], here.institution["unpaid_days"][0]) == (
        123,
        1.0,
        0,
    )


def test_a_mandate_lapses_on_its_day(country: Any) -> None:
    """On the first day no longer in force the mandate and its ceiling go, and every foreign officer is ordered home."""
    here = mission(country, 90, 0)
    here.unit(0, 0, 50)
    here.contingents["waiting"] = 7
    here.institution["mandate_ends"], here.institution["authorised"] = 10, 2500
    watch_mandate(here.state, 9)
    assert (here.institution["mandate"][0], here.contingents["leaving"].sum()) == (SUPPORT_MISSION, 0)
    watch_mandate(here.state, 10)
    assert (here.institution["mandate"][0], here.institution["authorised"][0]) == (NO_MANDATE, 0)
    assert here.contingents["leaving"].tolist() == [0, 0, 90]
    assert here.contingents["departing"].tolist() == [0.0, 0.0, 1.5]
    assert here.contingents["waiting"].tolist() == [7, 7, 0]


def test_no_mandate_cannot_lapse(country: Any) -> None:
    """Where there is no mandate nobody is ordered home by its end."""
    here = mission(country, 90, 0)
    here.institution["mandate"] = NO_MANDATE
    watch_mandate(here.state, 10_000)
    assert here.contingents["leaving"].sum() == 0
