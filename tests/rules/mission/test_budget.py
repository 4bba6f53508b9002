"""Budget: amounts that balance to the cent, what is paid first, and days without pay."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import FOREIGN
from teritwa.rules.forces.readiness import update_readiness
from teritwa.rules.mission.budget import daily_cost, settle_accounts
from teritwa.rules.schedule import update_institutions

VALUES = {
    "budget.cost_per_officer_month": 20_000,
    "budget.cost_per_base_month": 182_500,
    "budget.cost_per_vehicle_repair": 15_000,
    "equipment.repair_rate": 0.1,
    "donors.catch_22": False,
    "mandate.enabled": False,
}
TODAY = run_randomness(9, 0, 0, 0)
DAY = 4_800_000  # cents that 73 officers cost a day: 73 * 20,000 * 12 / 365 = $48,000
BASE = 600_000  # a base: 182,500 * 12 / 365 = $6,000
REPAIR = 1_500_000


def mission(
    country: Any, officers: int, fund: int, monthly: int = 0, values: Mapping[str, float] = {}
) -> Any:
    """Return a mission with given officers and fund, and a donor who pays some cents a month."""
    here = country(3, [], values={**VALUES, **values})
    here.unit(2, 0, officers, kind=FOREIGN)
    here.fund["balance"] = here.fund["received"] = fund
    here.donors["monthly_payment"][0], here.mission["mandate"] = monthly, SUPPORT_MISSION
    return here.begin()


def books(here: Any) -> tuple[Any, ...]:
    """Return balance, spending, unpaid costs, share paid to contingent 2 today, its arrears."""
    contingent = here.contingents[["cost_share_paid", "unpaid_days"]][2].tolist()
    return (*here.fund[["balance", "spent", "costs_unpaid"]][0].tolist(), *contingent)


def test_daily_cost_of_officers(country: Any) -> None:
    """73 officers at $20,000 a month cost 73 * 20,000 * 12 / 365 = $48,000 a day."""
    here = mission(country, 73, 10_000_000)
    settle_accounts(here.state, 0)
    assert books(here) == (10_000_000 - DAY, DAY, 0, 1.0, 0)
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("bases", "officers", "cost"),
    [(0, 73, DAY), (1, 73, DAY + BASE), (3, 73, DAY + 3 * BASE), (3, 0, 0)],
)
def test_bases_cost_in_addition_to_officers(
    country: Any, bases: int, officers: int, cost: int
) -> None:
    """Each open base adds $6,000 a day, as long as the mission has officers in the country."""
    here = mission(country, officers, 10_000_000)
    here.districts["control"]["forward_base"][:bases] = True
    assert daily_cost(here.state, 0) == cost
    settle_accounts(here.state, 0)
    assert books(here) == (10_000_000 - cost, cost, 0, 1.0, 0)


def test_haitian_officers_cost_the_fund_nothing(country: Any) -> None:
    """The mission's fund does not pay for police and soldiers of the country."""
    here = mission(country, 0, 0)
    here.unit(0, 0, 500)
    here.unit(1, 0, 500)
    assert daily_cost(here.state, 0) == 0


@pytest.mark.parametrize("first", [0, 17, 365])
def test_a_year_costs_twelve_months_to_the_cent(country: Any, first: int) -> None:
    """Any 365 days cost twelve months to the cent, whenever they begin.

    7 officers and a base at $30,001 cost 7 * 20,000 + 30,001 dollars a month.
    """
    here = mission(country, 7, 0, values={"budget.cost_per_base_month": 30_001})
    here.districts["control"]["forward_base"][1] = True
    assert sum(daily_cost(here.state, first + day) for day in range(365)) == 12 * 17_000_100


def test_costs_beyond_the_fund_stay_unpaid(country: Any) -> None:
    """With $12,000 for a day of $48,000 a quarter is paid and three quarters of a day are owed.

    Each day adds what was not paid; a day that is paid takes one off, down to zero. The days on
    which pay was missed are counted as well, and never fall.
    """
    here = mission(country, 73, DAY // 4)
    settle_accounts(here.state, 0)
    assert books(here) == (0, DAY // 4, DAY * 3 // 4, 0.25, 0.75)
    settle_accounts(here.state, 1)
    assert books(here) == (0, DAY // 4, DAY * 7 // 4, 0.0, 1.75)
    here.fund["balance"] += 4 * DAY
    here.fund["received"] += 4 * DAY
    for day, owed in ((2, 0.75), (3, 0.0), (4, 0.0)):
        settle_accounts(here.state, day)
        assert books(here)[3:] == (1.0, owed)
    assert here.fund["costs_unpaid"][0] == DAY * 7 // 4
    assert here.fund[["days_unpaid", "days_paid"]][0].tolist() == (2, 3)
    assert here.contingents["days_unpaid"].tolist() == [0, 0, 2]
    assert here.finding() == "balanced"


def test_one_cent_short_is_a_day_on_which_pay_was_missed(country: Any) -> None:
    """If one cent is missing, the day counts as one without pay, and next to nothing is owed."""
    here = mission(country, 73, DAY - 1)
    settle_accounts(here.state, 0)
    assert books(here)[:4] == (0, DAY - 1, 1, (DAY - 1) / DAY)
    assert books(here)[4] == pytest.approx(1 / DAY)
    assert here.fund[["days_unpaid", "days_paid"]][0].tolist() == (1, 0)


@pytest.mark.parametrize(
    ("officers", "bases", "money", "paid"),
    [
        ((73, 146, 365), 0, 8 * DAY, (DAY, 2 * DAY, 5 * DAY)),
        ((73, 146, 365), 0, 4 * DAY, (DAY // 2, DAY, 5 * DAY // 2)),
        ((73, 73, 73), 0, 100, (33, 33, 33)),
        ((73, 73, 73), 0, 3, (1, 1, 1)),
        ((73, 73, 0), 8, 9 * DAY // 10, (3 * DAY // 10, 3 * DAY // 10, 0)),
        ((0, 73, 0), 0, 7, (0, 7, 0)),
    ],
)
def test_money_that_is_short_is_shared_in_proportion(
    country: Any, officers: tuple[int, ...], bases: int, money: int, paid: tuple[int, ...]
) -> None:
    """Contingents and bases are paid in proportion to their costs; no order of theirs counts.

    Eight bases cost as much as 73 officers: of nine tenths of a day's cost of 73 each of three
    claims receives three tenths. Cents that cannot be divided stay in the fund.
    """
    here = country(8, [], values=VALUES)
    here.contingents["foreign"] = True
    for row, number in enumerate(officers):
        if number:
            here.unit(row, 0, number, kind=FOREIGN)
    here.districts["control"]["forward_base"][:bases] = True
    here.fund["balance"] = here.fund["received"] = money
    here.mission["mandate"] = SUPPORT_MISSION
    here.begin()
    settle_accounts(here.state, 0)
    for row, number in enumerate(officers):
        cost = DAY * number // 73
        assert here.contingents["cost_share_paid"][row] == (paid[row] / cost if cost else 1.0)
    assert here.fund["spent"][0] == sum(paid) + (3 * DAY // 10 if bases else 0)
    assert here.fund["balance"][0] == money - here.fund["spent"][0] < 3
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("limit", "in_kind", "cash", "used", "spent"),
    [
        (0.5, DAY // 4, DAY, DAY // 4, 3 * DAY // 4),
        (0.5, DAY, DAY, DAY // 2, DAY // 2),
        (1.0, 2 * DAY, DAY, DAY, 0),
        (0.5, DAY, DAY // 4, DAY // 2, DAY // 4),
        (0.5, DAY, 0, DAY // 2, 0),
        (0.0, DAY, 0, 0, 0),
    ],
)
def test_help_in_kind_pays_costs_of_its_day_and_is_never_saved(
    country: Any, limit: float, in_kind: int, cash: int, used: int, spent: int
) -> None:
    """Help in kind pays before cash, up to a share of the costs; what is not used is lost.

    Tomorrow the same help comes again and yesterday's is gone.
    """
    here = mission(country, 73, cash, values={"budget.in_kind_limit": limit})
    here.donors["monthly_in_kind"][1] = in_kind * 365 // 12
    settle_accounts(here.state, 0)
    names = ["in_kind_received", "in_kind_used", "in_kind_lapsed", "spent", "balance", "received"]
    assert here.fund[names][0].tolist() == (
        in_kind,
        used,
        in_kind - used,
        spent,
        cash - spent,
        cash,
    )
    assert here.contingents["cost_share_paid"][2] == (used + spent) / DAY
    assert here.finding() == "balanced"
    settle_accounts(here.state, 1)
    assert here.fund["in_kind_received"][0] == 2 * in_kind
    assert here.fund["in_kind_used"][0] == 2 * used
    assert here.finding() == "balanced"


def test_help_in_kind_without_a_mission_lapses_or_does_not_come(country: Any) -> None:
    """Before officers come it is lost each day; without mandate and officers none is given."""
    here = mission(country, 0, 0)
    here.donors["monthly_in_kind"][0] = 365_000
    settle_accounts(here.state, 0)
    names = ["in_kind_received", "in_kind_used", "in_kind_lapsed"]
    assert here.fund[names][0].tolist() == (12_000, 0, 12_000)
    here.mission["mandate"] = NO_MANDATE
    settle_accounts(here.state, 1)
    assert here.fund[names][0].tolist() == (12_000, 0, 12_000)


@pytest.mark.parametrize("mandate", [SUPPORT_MISSION, UN_PEACEKEEPING])
def test_a_share_of_pay_that_is_granted(country: Any, mandate: int) -> None:
    """Of a contingent that is granted 40 % of its pay the fund pays 40 %, though it has more.

    The police, whom the state pays, owe their arrears to no fund: 0.6 of a day each day.
    """
    here = mission(country, 73, 10 * DAY)
    here.unit(0, 0, 50)
    here.contingents["pay_share"], here.mission["mandate"] = [0.4, 1.0, 0.4], mandate
    here.begin()
    for day in (0, 1):
        settle_accounts(here.state, day)
    assert here.contingents["cost_share_paid"].tolist() == [0.4, 1.0, 0.4]
    assert here.contingents["unpaid_days"].tolist() == pytest.approx([1.2, 0.0, 1.2])
    assert here.fund[["spent", "costs_unpaid"]][0].tolist() == (DAY * 4 // 5, DAY * 6 // 5)
    assert here.finding() == "balanced"


def test_nobody_is_owed_pay_who_is_not_there(country: Any) -> None:
    """A contingent without officers has no arrears: who comes late begins at zero."""
    here = mission(country, 73, 0)
    here.contingents["foreign"], here.contingents["unpaid_days"] = True, [5.0, 7.0, 5.0]
    settle_accounts(here.state, 0)
    assert here.contingents["unpaid_days"].tolist() == [0.0, 0.0, 6.0]
    assert here.contingents["days_unpaid"].tolist() == [0, 0, 1]


def test_income_of_the_day_pays_what_it_can(country: Any) -> None:
    """$730,000 a month bring $24,000 a day, which pays half of the day's costs."""
    here = mission(country, 73, 0, monthly=73_000_000)
    settle_accounts(here.state, 0)
    assert books(here) == (0, DAY // 2, DAY // 2, 0.5, 0.5)
    assert here.fund["received"][0] == DAY // 2
    assert here.finding() == "balanced"


def test_under_the_un_all_is_paid(country: Any) -> None:
    """Assessed contributions pay officers, bases and repairs, and the balance stays as it is."""
    here = mission(country, 73, 123, monthly=73_000_000)
    here.districts["control"]["forward_base"][0] = True
    here.contingents["vehicles_broken"][2] = 20
    here.mission["mandate"], here.contingents["unpaid_days"] = UN_PEACEKEEPING, 5.0
    here.begin()
    settle_accounts(here.state, 0)
    assert books(here) == (123, DAY + BASE, 0, 1.0, 4)
    update_readiness(here.state, TODAY)
    assert here.contingents["vehicles_broken"][2] == 18
    assert books(here) == (123, DAY + BASE + 2 * REPAIR, 0, 1.0, 4)
    assert here.fund["received"][0] == 123 + DAY + BASE + 2 * REPAIR
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("fund", "paid", "repaired", "left"),
    [
        (DAY + BASE + 3 * REPAIR, 1.0, 2, REPAIR),
        (DAY + BASE + 2 * REPAIR, 1.0, 2, 0),
        (DAY + BASE + 2 * REPAIR - 1, 1.0, 1, REPAIR - 1),
        (DAY + BASE + REPAIR - 1, 1.0, 0, REPAIR - 1),
        (DAY + BASE, 1.0, 0, 0),
        ((DAY + BASE) // 2, 0.5, 0, 0),
        (0, 0.0, 0, 0),
    ],
)
def test_officers_and_bases_are_paid_before_repairs(
    country: Any, fund: int, paid: float, repaired: int, left: int
) -> None:
    """Repairs at $15,000 are paid from what officers and a base leave, to the cent.

    Two of 20 broken vehicles are repaired a day at most. While the fund is empty none is, and
    officers get all there is.
    """
    here = mission(country, 73, fund)
    here.districts["control"]["forward_base"][0] = True
    here.contingents["vehicles_broken"][2] = 20
    here.begin()
    update_institutions(here.state, TODAY)
    assert here.contingents["vehicles"][2] == repaired
    assert here.contingents["vehicles_broken"][2] == 20 - repaired
    assert (here.fund["balance"][0], here.contingents["cost_share_paid"][2]) == (left, paid)
    assert here.fund["spent"][0] == fund - left
    assert here.finding() == "balanced"


def test_without_officers_nothing_is_paid(country: Any) -> None:
    """Without officers the fund stays as it is and nobody counts as unpaid."""
    here = mission(country, 0, 123)
    settle_accounts(here.state, 0)
    assert books(here) == (123, 0, 0, 1.0, 0)


def test_accounts_balance_over_years(country: Any) -> None:
    """Over 800 days of changing strength and income all costs are spent or unpaid.

    The balance is what was received less what was spent.
    """
    here = mission(country, 73, 50_000_000)
    owed = 0
    for day in range(800):
        here.units["officers"][0] = here.contingents["officers"][2] = (day * 37) % 200
        here.donors["monthly_payment"] = [(day * 1_234_567) % 300_000_000, 101]
        here.districts["control"]["forward_base"][0] = day % 3 == 0
        owed += daily_cost(here.state, day)
        settle_accounts(here.state, day)
        fund, spent, unpaid, paid, unpaid_days = books(here)
        assert fund >= 0
        assert spent + unpaid == owed
        assert fund == here.fund["received"][0] - spent
        assert 0.0 <= paid <= 1.0
        assert unpaid_days >= 0
    assert spent > 0
    assert unpaid > 0


@pytest.mark.parametrize("fund", [0, 10_000_000])
def test_switched_off_officers_and_bases_cost_nothing(country: Any, fund: int) -> None:
    """Switched off, an empty fund counts as paying all, and a full one keeps its balance."""
    here = mission(country, 73, fund, values={"budget.enabled": False})
    here.districts["control"]["forward_base"] = True
    update_institutions(here.state, TODAY)
    assert books(here) == (fund, 0, 0, 1.0, 0)


@pytest.mark.parametrize("fund", [0, 10_000_000])
def test_switched_off_repairs_cost_nothing(country: Any, fund: int) -> None:
    """Switched off, vehicles are repaired whatever the balance, which stays as it is."""
    here = mission(country, 73, fund, values={"budget.enabled": False})
    here.contingents["vehicles_broken"][2] = 20
    here.begin()
    update_institutions(here.state, TODAY)
    assert here.contingents["vehicles_broken"][2] == 18
    assert books(here) == (fund, 0, 0, 1.0, 0)


def test_a_mission_without_a_mandate_is_paid_until_it_has_left(country: Any) -> None:
    """Officers who are still leaving after the mandate lapsed are paid, and donors pay for them."""
    here = mission(country, 73, 0, monthly=146_000_000)
    here.mission["mandate"] = NO_MANDATE
    settle_accounts(here.state, 0)
    assert books(here) == (0, DAY, 0, 1.0, 0)
    here.units["officers"][0] = here.contingents["officers"][2] = 0
    settle_accounts(here.state, 1)
    assert here.fund["received"][0] == DAY
