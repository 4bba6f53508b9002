"""Fund and mandate (M12b, simple): what the mission costs, who pays, and whether it may stay.

The mission's plan was $600 million a year for 2,500 officers (fact S59): $20,000 an officer-month. Voluntary
contributions arrive as dated amounts and as a monthly flow; after a transition to UN peacekeeping, assessed
contributions pay all costs. Money is whole US cents.
"""

from teritwa.agents.institution import NO_MANDATE, UN_PEACEKEEPING
from teritwa.agents.state import State
from teritwa.compiled import rule
from teritwa.mechanisms.contingents import mission_strength, order_home
from teritwa.quantity import Parameters, parameter


class Fund(Parameters):
    """What an officer costs."""

    officer_month: int = parameter(
        20000,
        "US dollars per officer and month",
        between=(5000, 25000),
        grade="C",
        source="S59 / S42: $600 million a year for 2,500 officers; MINUSTAH cost about a quarter of that (assumption "
        "on the low end)",
        meaning="all costs of an officer in the mission for a month",
    )


@rule
def daily_part(monthly: int, day: int) -> int:
    """Return the cents of a monthly amount that fall on a day, so that any 365 days hold exactly 12 months."""
    return (monthly * 12 * (day + 1)) // 365 - (monthly * 12 * day) // 365


@rule
def settle_accounts(state: State, day: int) -> None:
    """Receive the day's money, pay the day's costs as far as the fund goes, and count days without pay."""
    institution = state.institution
    cost = daily_part(mission_strength(state) * state.parameters.fund.officer_month * 100, day)
    income = daily_part(institution.monthly, day)
    if institution.mandate == UN_PEACEKEEPING:
        income = cost
    institution.fund += income
    institution.received += income
    payment = max(0, min(cost, institution.fund))
    institution.fund -= payment
    institution.spent += payment
    institution.arrears += cost - payment
    institution.paid = 1.0 * payment / cost if cost > 0 else 1.0
    if payment < cost:
        institution.unpaid_days += 1
    else:
        institution.unpaid_days = max(0, institution.unpaid_days - 1)


@rule
def watch_mandate(state: State, day: int) -> None:
    """On the day a mandate lapses the mission is ordered home."""
    institution = state.institution
    if institution.mandate != NO_MANDATE and day >= institution.mandate_ends:
        institution.mandate = NO_MANDATE
        institution.authorised = 0
        for contingent in state.contingents:
            if contingent.foreign:
                order_home(contingent, contingent.officers, state.parameters.contingents.going_home)
