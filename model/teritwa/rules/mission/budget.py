"""Budget: what the mission costs, what its fund receives, and what is paid first.

The mission's plan was $600 million a year for 2,500 officers (fact S59): $20,000 an officer-month.
Voluntary contributions come as dated amounts and from donors (`teritwa.rules.mission.donors`).
Under UN peacekeeping, assessed contributions pay all costs. Officers and bases are paid first,
repairs (`teritwa.rules.forces.readiness`) from what is left. Money is in whole US cents.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.state import State
from teritwa.rules.forces.bases import count_open_bases
from teritwa.rules.mission.donors import daily_part, donations
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome


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
    meaning="received by the mission since day 0",
    stored="f8",
)

FUNDS_SPENT = outcome(
    "funds_spent",
    "fund.spent",
    unit="US dollars",
    meaning="spent by the mission since day 0",
    stored="f8",
)

COSTS_UNPAID = outcome(
    "costs_unpaid",
    "fund.costs_unpaid",
    unit="US dollars",
    meaning="unpaid costs of the mission since day 0",
    stored="f8",
)


@rule
def daily_cost(state: State, day: int) -> int:
    """Return the cost of the mission's officers and forward bases today, in US cents."""
    budget = Budget.of(state)
    monthly: int = mission_strength(state) * budget.cost_per_officer_month * 100
    # Without officers of the mission nobody runs its bases.
    if monthly > 0:
        monthly += count_open_bases(state) * budget.cost_per_base_month * 100
    return daily_part(monthly, day)


@rule
def settle_accounts(state: State, day: int) -> None:
    """Receive the day's income, pay the day's costs as far as possible, and count unpaid days.

    A day on which all costs are paid takes one unpaid day off the count.
    """
    cost = daily_cost(state, day) if Budget.of(state).enabled else 0
    income = cost if state.mission.mandate == UN_PEACEKEEPING else donations(state, day)
    state.fund.balance += income
    state.fund.received += income
    payment = max(0, min(cost, state.fund.balance))
    state.fund.balance -= payment
    state.fund.spent += payment
    state.fund.costs_unpaid += cost - payment
    state.fund.cost_share_paid = 1.0 * payment / cost if cost > 0 else 1.0
    if payment < cost:
        state.fund.unpaid_days += 1
    else:
        state.fund.unpaid_days = max(0, state.fund.unpaid_days - 1)
