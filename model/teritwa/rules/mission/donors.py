"""Donors (M13): who pays for the mission, and the hypothesis that donors wait for success.

The catch-22: countries are reluctant to commit more until the mission shows success, and without
more it cannot succeed. No published equation exists. This one is a hypothesis with a switch of its
own, `donors.catch_22`, and ranges to sweep. Donors perceive progress late, as an exponentially
weighted mean of territory regained and of the fall in killings. Above a target they commit more
money, which arrives with a delay. Meanwhile the payments that they announced decline. Switched off,
donations equal the announced payments, whatever happens on the ground.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.institutions import NO_MANDATE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.territory import share_held_by_gangs
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome


class Donors(Parameters):
    """How donors respond to the progress of the mission that they perceive."""

    catch_22: bool = switch(
        meaning="donors commit more when they see success, and pay less with time (hypothesis)"
    )
    added_funding: float = parameter(
        40.0,
        "million US dollars per month",
        between=(0.0, 100.0),
        grade="C",
        source="assumption",
        meaning="funding that all donors add per unit of perceived progress above the target",
    )
    progress_target: float = parameter(
        0.05,
        "1",
        between=(0.0, 0.3),
        grade="C",
        source="assumption",
        meaning="perceived progress above which donors add funding: 1 is no gangs and no killings, "
        "0 is as on the mission's first day",
    )
    fatigue_rate: float = parameter(
        0.1,
        "1 per year",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="share of the announced payments lost in each year of the mission",
    )
    perception_time: float = parameter(
        120.0,
        "days",
        between=(30.0, 365.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which donors perceive change",
    )
    killings_weight: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="weight of killings, relative to territory, in the progress that donors perceive",
    )
    disbursement_time: float = parameter(
        60.0,
        "days",
        between=(15.0, 180.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time from a commitment to its payment",
    )


FUNDS_COMMITTED = outcome(
    "funds_committed",
    "fund.committed",
    unit="US dollars",
    meaning="committed since day 0 because donors perceived progress",
    stored="f8",
)

PERCEIVED_PROGRESS = outcome(
    "perceived_progress",
    "mission.perceived_progress",
    unit="1",
    meaning="progress of the mission as donors perceive it",
    stored="f4",
)


@rule
def daily_part(monthly: int, day: int) -> int:
    """Return the part of a monthly amount, in whole cents, that falls on a day.

    Any 365 days together contain exactly 12 monthly amounts.
    """
    return (monthly * 12 * (day + 1)) // 365 - (monthly * 12 * day) // 365


@rule
def relative_improvement(before: float, now: float) -> float:
    """Return the relative fall of a bad quantity since ``before``.

    It is 1 if the quantity is zero now, 0 if it has not changed, and -1 if it has at least doubled.
    """
    return max(-1.0, (before - now) / max(before, 0.01))


@rule
def update_perceived_progress(state: State, day: int) -> None:
    """Update the progress that donors perceive since the first day of the mission.

    On that day the reference values of territory and killings are recorded.
    """
    donors = Donors.of(state)
    if state.mission.started_on < 0:
        if mission_strength(state) == 0:
            return
        state.mission.started_on = day
        state.mission.control_at_start = share_held_by_gangs(state, True)
        state.mission.killings_at_start = state.governance.recent_killings
    held_now = share_held_by_gangs(state, True)
    territory = relative_improvement(state.mission.control_at_start, held_now)
    calm = relative_improvement(state.mission.killings_at_start, state.governance.recent_killings)
    progress = (1.0 - donors.killings_weight) * territory + donors.killings_weight * calm
    step = 1.0 - math.exp(-1.0 / donors.perception_time)
    state.mission.perceived_progress += step * (progress - state.mission.perceived_progress)


@rule
def announced_payments(state: State, day: int, in_kind: bool) -> int:
    """Return the announced payments of this month, in US cents: cash, or help in kind.

    With the catch-22 they decline with each year of the mission.
    """
    donors = Donors.of(state)
    monthly = 0
    for donor in state.donors:
        announced = donor.monthly_in_kind if in_kind else donor.monthly_payment
        monthly += announced if donor.paying else 0
    if donors.catch_22 and state.mission.started_on >= 0:
        years = (day - state.mission.started_on) / 365.0
        monthly = int(monthly * max(0.0, 1.0 - donors.fatigue_rate * years))
    return monthly


@rule
def added_commitments(state: State) -> int:
    """Return what donors commit this month beyond announced payments, in US cents.

    It is proportional to the perceived progress above the target.
    """
    donors, waiting = Donors.of(state), 0.0
    for donor in state.donors:
        waiting += donor.conditional_share if donor.paying else 0.0
    if not donors.catch_22:
        return 0
    above = max(0.0, state.mission.perceived_progress - donors.progress_target)
    # From millions of US dollars to US cents.
    return int(100.0e6 * donors.added_funding * waiting * above)


@rule
def donations(state: State, day: int) -> int:
    """Return the cash that donors pay today, in US cents.

    It consists of announced payments and earlier commitments, of which a share is paid each day.
    What the mission can count on this month is noted, in cash and in kind.
    """
    if state.mission.mandate == NO_MANDATE and mission_strength(state) == 0:
        state.fund.monthly_income, state.fund.monthly_in_kind = 0, 0
        return 0
    added = daily_part(added_commitments(state), day)
    state.fund.committed += added
    state.fund.commitments_outstanding += added
    paid_share = 1.0 - math.exp(-1.0 / Donors.of(state).disbursement_time)
    arriving = int(state.fund.commitments_outstanding * paid_share)
    state.fund.commitments_outstanding -= arriving
    state.ledger.commitments_received += arriving
    monthly = announced_payments(state, day, False)
    state.fund.monthly_income = monthly + 30 * arriving
    state.fund.monthly_in_kind = announced_payments(state, day, True)
    return daily_part(monthly, day) + arriving
