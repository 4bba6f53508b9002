"""Budget: what the mission costs, what its fund receives, and what is paid first.

Voluntary contributions come as dated amounts and from donors (`teritwa.rules.mission.donors`). Cash
that is not spent is saved. Help in kind (goods and services, kept apart from the fund) pays costs
of the day for which it is given and can never be saved. Under UN peacekeeping, assessed
contributions pay all costs. Officers and bases are paid first, repairs
(`teritwa.rules.forces.readiness`) from the cash that is left. Money is in whole US cents.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.forces.bases import count_mission_bases
from teritwa.rules.mission.donors import daily_part, donations
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import BY_CONTINGENT, outcome


class Budget(Parameters):
    """Costs of officers, bases and repairs."""

    enabled: bool = switch(meaning="the mission's costs must be paid from its fund")
    cost_per_officer_month: int = parameter(
        20000,
        "US dollars per officer and month",
        between=(5000, 25000),
        bounds=(1, 1_000_000),
        grade="C",
        source="assumption",
        meaning="all costs of one officer of the mission for a month",
    )
    planning_horizon: float = parameter(
        6.0,
        "months",
        between=(1.0, 12.0),
        bounds=(0.1, 120.0),
        grade="C",
        source="assumption",
        meaning="time for which an officer who lands must be funded: the balance is spread over it",
    )
    in_kind_limit: float = parameter(
        0.6,
        "1",
        between=(0.3, 1.0),
        grade="C",
        source="assumption: food, lodging, fuel and flights can be given in kind, pay cannot",
        meaning="largest share of a day's costs of officers and bases that help in kind can pay",
    )
    cost_per_base_month: int = parameter(
        150000,
        "US dollars per base and month",
        between=(30000, 600000),
        grade="C",
        source="assumption",
        meaning="cost of a forward base for a month, apart from its officers",
    )
    cost_per_vehicle_repair: int = parameter(
        15000,
        "US dollars per vehicle",
        between=(2000, 80000),
        bounds=(1, 10_000_000),
        grade="C",
        source="assumption",
        meaning="cost of repairing an armoured vehicle",
    )


FUND_BALANCE = outcome(
    "fund_balance",
    "fund.balance",
    unit="US dollars",
    meaning="balance of the mission's fund",
    stored="f8",
)

FUNDS_PLEDGED = outcome(
    "funds_pledged",
    "fund.pledged",
    unit="US dollars",
    meaning="pledged to the mission since day 0",
    stored="f8",
)

FUNDS_RECEIVED = outcome(
    "funds_received",
    "fund.received",
    unit="US dollars",
    meaning="cash received by the mission since day 0",
    stored="f8",
)

FUNDS_SPENT = outcome(
    "funds_spent",
    "fund.spent",
    unit="US dollars",
    meaning="cash spent by the mission since day 0",
    stored="f8",
)

COSTS_UNPAID = outcome(
    "costs_unpaid",
    "fund.costs_unpaid",
    unit="US dollars",
    meaning="unpaid costs of the mission since day 0",
    stored="f8",
)


HELP_RECEIVED = outcome(
    "in_kind_received",
    "fund.in_kind_received",
    unit="US dollars",
    meaning="help in kind received by the mission since day 0",
    stored="f8",
)

HELP_USED = outcome(
    "in_kind_used",
    "fund.in_kind_used",
    unit="US dollars",
    meaning="costs of the mission that help in kind has paid since day 0",
    stored="f8",
)

HELP_LAPSED = outcome(
    "in_kind_lapsed",
    "fund.in_kind_lapsed",
    unit="US dollars",
    meaning="help in kind since day 0 that no cost of its day needed",
    stored="f8",
)

DAYS_PAID = outcome(
    "days_paid",
    "fund.days_paid",
    unit="days",
    meaning="days since day 0 on which the mission had officers and all its costs were paid",
    stored="i4",
)

DAYS_UNPAID = outcome(
    "days_unpaid",
    "fund.days_unpaid",
    unit="days",
    meaning="days since day 0 on which a part of the mission's costs was not paid",
    stored="i4",
)

CONTINGENT_DAYS_UNPAID = outcome(
    "contingent_days_unpaid",
    "contingents.days_unpaid",
    unit="days",
    meaning="days since day 0 on which its officers were not paid in full",
    stored="i4",
    dimensions=BY_CONTINGENT,
)


@rule
def cost_of_officers(state: State, contingent: Contingent, day: int) -> int:
    """Return what a contingent costs the mission's fund today, in US cents.

    The country's own forces cost it nothing.
    """
    budget = Budget.of(state)
    if not (contingent.foreign and budget.enabled):
        return 0
    monthly = contingent.officers * contingent.cost_factor * budget.cost_per_officer_month * 100.0
    return daily_part(int(monthly + 0.5), day)


@rule
def cost_of_bases(state: State, day: int) -> int:
    """Return the cost of the mission's open forward bases today, in US cents.

    Without officers of the mission nobody runs its bases.
    """
    budget = Budget.of(state)
    if not budget.enabled or mission_strength(state) == 0:
        return 0
    monthly: int = count_mission_bases(state) * budget.cost_per_base_month * 100
    return daily_part(monthly, day)


@rule
def daily_cost(state: State, day: int) -> int:
    """Return the cost of the mission's officers and forward bases today, in US cents."""
    total = cost_of_bases(state, day)
    for contingent in state.contingents:
        total += cost_of_officers(state, contingent, day)
    return total


@rule
def granted(cost: int, share: float) -> int:
    """Return the part of a cost that is to be paid, in US cents, if a share of it is granted."""
    return int(cost * share + 0.5)


@rule
def payments_due(state: State, day: int) -> int:
    """Return what is to be paid today if there is money for all, in US cents."""
    total = cost_of_bases(state, day)
    for contingent in state.contingents:
        total += granted(cost_of_officers(state, contingent, day), contingent.pay_share)
    return total


@rule
def receive_income(state: State, day: int, due: int) -> int:
    """Receive the cash of the day, and return the help in kind of the day, both in US cents.

    Under UN peacekeeping assessed contributions bring exactly what is due, in cash.
    """
    if state.mission.mandate == UN_PEACEKEEPING:
        cash, state.fund.monthly_in_kind = due, 0
    else:
        cash = donations(state, day)
    state.fund.balance += cash
    state.fund.received += cash
    in_kind: int = daily_part(state.fund.monthly_in_kind, day)
    state.fund.in_kind_received += in_kind
    return in_kind


@rule
def part_paid(due: int, covered: float) -> int:
    """Return the whole cents of an amount that are paid if a share of all amounts is covered.

    The few cents that cannot be divided stay in the fund.
    """
    # The small number makes up for rounding: a third of 3 cents is 1 cent.
    return min(due, int(due * covered + 1.0e-6))


@rule
def pay_contingent(state: State, contingent: Contingent, covered: float, day: int) -> int:
    """Pay a contingent as far as there is money; return what the fund pays, in US cents.

    The contingent's own arrears and days without pay are counted. Those without officers have none.

    Args:
        state: All records of the run.
        contingent: A contingent of the mission, or one of the country's own forces.
        covered: Share of all payments due for which there is money.
        day: Today.
    """
    cost = cost_of_officers(state, contingent, day)
    paid = part_paid(granted(cost, contingent.pay_share), covered)
    contingent.cost_share_paid = 1.0 * paid / cost if cost > 0 else contingent.pay_share
    if contingent.officers == 0:
        contingent.unpaid_days = 0.0
    elif contingent.cost_share_paid < 1.0:
        contingent.unpaid_days += 1.0 - contingent.cost_share_paid
        contingent.days_unpaid += 1
    else:
        contingent.unpaid_days = max(0.0, contingent.unpaid_days - 1.0)
    return paid


@rule
def settle_accounts(state: State, day: int) -> None:
    """Receive the income of the day and pay its costs as far as possible.

    Where money is short, bases and contingents are paid in proportion to their costs. Help in kind
    pays first, up to a share of what is due, and what no cost of the day needs is lost.
    """
    fund, due = state.fund, payments_due(state, day)
    in_kind = receive_income(state, day, due)
    usable = min(in_kind, int(Budget.of(state).in_kind_limit * due + 0.5))
    available = min(due, usable + fund.balance)
    covered = 1.0 * available / due if due > 0 else 1.0
    paid = part_paid(cost_of_bases(state, day), covered)
    for contingent in state.contingents:
        paid += pay_contingent(state, contingent, covered, day)
    used = min(usable, paid)
    fund.in_kind_used += used
    fund.in_kind_lapsed += in_kind - used
    fund.balance -= paid - used
    fund.spent += paid - used
    note_missing(state, daily_cost(state, day), paid)


@rule
def note_missing(state: State, cost: int, paid: int) -> None:
    """Count what is missing of the day's costs, and the days on which something or nothing is."""
    state.fund.costs_unpaid += cost - paid
    if paid < cost:
        state.fund.days_unpaid += 1
    elif cost > 0:
        state.fund.days_paid += 1
