"""Ceiling: how many officers of the mission may land, and why others have to wait.

The lower of the authorised and the affordable strength is the ceiling.
"""

from teritwa.engine.compiler import rule
from teritwa.rules.agents.institutions import NO_MANDATE, UN_PEACEKEEPING
from teritwa.rules.agents.state import State
from teritwa.rules.forces.bases import count_mission_bases
from teritwa.rules.mission.budget import Budget
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome

OFFICERS_WITHOUT_MANDATE = outcome(
    "officers_without_mandate",
    "daily.officers_without_mandate",
    unit="officers",
    meaning="officers in transit who wait for a mandate",
    stored="i4",
)

OFFICERS_ABOVE_CEILING = outcome(
    "officers_above_ceiling",
    "daily.officers_above_ceiling",
    unit="officers",
    meaning="officers in transit who wait until the mandate has room for them",
    stored="i4",
)

OFFICERS_UNAFFORDABLE = outcome(
    "officers_unaffordable",
    "daily.officers_unaffordable",
    unit="officers",
    meaning="officers in transit who wait until the fund can pay them",
    stored="i4",
)


@rule
def affordable_costs(cash: float, in_kind: float, limit: float) -> float:
    """Return the monthly costs that cash and help in kind can pay together.

    Help in kind pays at most a share ``limit`` of the costs; cash must pay the rest.
    """
    if limit >= 1.0:
        return cash + in_kind
    return min(cash + in_kind, cash / (1.0 - limit))


@rule
def affordable_officers(state: State) -> int:
    """Return how many officers the mission can pay, after the costs of bases.

    Its monthly means are the fund's income, its balance spread over the planning horizon, and help
    in kind. Under UN peacekeeping all authorised officers are affordable.
    """
    budget, fund = Budget.of(state), state.fund
    if state.mission.mandate == UN_PEACEKEEPING or not budget.enabled:
        return state.mission.authorised
    cash = fund.balance / budget.planning_horizon + fund.monthly_income
    monthly = affordable_costs(cash, 1.0 * fund.monthly_in_kind, budget.in_kind_limit)
    monthly -= 100.0 * count_mission_bases(state) * budget.cost_per_base_month
    return int(max(0.0, monthly) / (100.0 * budget.cost_per_officer_month))


@rule
def remaining_room(state: State) -> int:
    """Return how many officers of the mission may still land.

    It is the authorised or the affordable strength, whichever is lower, less the officers present.
    """
    if state.mission.mandate == NO_MANDATE:
        return 0
    ceiling = min(state.mission.authorised, affordable_officers(state))
    return max(0, ceiling - mission_strength(state))


@rule
def note_waiting(state: State, officers: int) -> None:
    """Count officers in transit who are held back today under the reason that holds them back."""
    if state.mission.mandate == NO_MANDATE:
        state.daily.officers_without_mandate += officers
    elif state.mission.authorised <= affordable_officers(state):
        state.daily.officers_above_ceiling += officers
    else:
        state.daily.officers_unaffordable += officers
