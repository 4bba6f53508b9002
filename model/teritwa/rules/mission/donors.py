"""Donors (M13): who pays for the mission, and the hypothesis that they wait for success.

The catch-22, in the words of the reports a circle: until the mission shows success, countries are
reluctant to commit more, and without more it cannot succeed (S84). No published equation exists;
this one is a hypothesis with a switch of its own, `donors.catch_22`, and ranges to sweep. Donors
believe in progress late: what they see is a fading mean of territory won back and of killings that
stop. Above a target they commit more, which arrives with a delay; meanwhile what they had said they
would pay tires. Switched off, donations are what was announced, to the cent, whatever happens on
the ground.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.institutions import NO_MANDATE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.control import share_held_by_gangs
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome


class Donors(Parameters):
    """How donors answer to what they believe the mission has achieved."""

    catch_22: bool = switch(
        meaning="donors commit more when they see success, and tire when they do not (hypothesis)"
    )
    added_funding: float = parameter(
        40.0,
        "million US dollars per month",
        between=(0.0, 100.0),
        grade="C",
        source="assumption",
        meaning="what donors together add when the mission is seen to have achieved everything, above the target",
    )
    progress_target: float = parameter(
        0.05,
        "1",
        between=(0.0, 0.3),
        grade="C",
        source="assumption",
        meaning="perceived progress from which donors add: 1 is no gangs and no killings, 0 is as it began",
    )
    fatigue_rate: float = parameter(
        0.1,
        "1 per year",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="share of the announced payments that is lost in each year of the mission",
    )
    perception_time: float = parameter(
        120.0,
        "days",
        between=(30.0, 365.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which donors notice what changes",
    )
    killings_weight: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="weight of killings against territory in what donors call progress",
    )
    disbursement_time: float = parameter(
        60.0,
        "days",
        between=(15.0, 180.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time from a commitment to its receipt",
    )


FUNDS_COMMITTED = outcome(
    "funds_committed",
    "fund.committed",
    unit="US dollars",
    meaning="committed since day 0 because the mission seemed to succeed",
    stored="f8",
)

PERCEIVED_PROGRESS = outcome(
    "perceived_progress",
    "mission.perceived_progress",
    unit="1",
    meaning="what donors believe the mission has achieved",
    stored="f4",
)


@rule
def daily_part(monthly: int, day: int) -> int:
    """Return the cents of a monthly amount that fall on a day, so that any 365 days hold exactly 12 months."""
    return (monthly * 12 * (day + 1)) // 365 - (monthly * 12 * day) // 365


@rule
def relative_improvement(before: float, now: float) -> float:
    """Return how far something bad has gone, from -1 (doubled or worse) over 0 (as before) to 1 (gone)."""
    return max(-1.0, (before - now) / max(before, 0.01))


@rule
def update_perceived_progress(state: State, day: int) -> None:
    """Donors take note of the day the mission began, and slowly of what it has achieved since."""
    donors = Donors.of(state)
    if state.mission.started_on < 0:
        if mission_strength(state) == 0:
            return
        state.mission.started_on = day
        state.mission.control_at_start, state.mission.killings_at_start = (
            share_held_by_gangs(state, True),
            state.governance.recent_killings,
        )
    territory = relative_improvement(
        state.mission.control_at_start, share_held_by_gangs(state, True)
    )
    calm = relative_improvement(state.mission.killings_at_start, state.governance.recent_killings)
    seen = (1.0 - donors.killings_weight) * territory + donors.killings_weight * calm
    state.mission.perceived_progress += (1.0 - math.exp(-1.0 / donors.perception_time)) * (
        seen - state.mission.perceived_progress
    )


@rule
def announced_payments(state: State, day: int) -> int:
    """Return what donors pay this month of what they announced, in cents; it tires if they wait for success."""
    donors = Donors.of(state)
    monthly = 0
    for donor in state.donors:
        monthly += donor.monthly_payment if donor.paying else 0
    if donors.catch_22 and state.mission.started_on >= 0:
        years = (day - state.mission.started_on) / 365.0
        monthly = int(monthly * max(0.0, 1.0 - donors.fatigue_rate * years))
    return monthly


@rule
def added_commitments(state: State) -> int:
    """Return what donors who see success commit beyond that this month, in cents."""
    donors, waiting = Donors.of(state), 0.0
    for donor in state.donors:
        waiting += donor.conditional_share if donor.paying else 0.0
    if not donors.catch_22:
        return 0
    return int(
        100.0e6
        * donors.added_funding
        * waiting
        * max(0.0, state.mission.perceived_progress - donors.progress_target)
    )


@rule
def donations(state: State, day: int) -> int:
    """Return the cents that donors pay today: what they announced, and what they committed some time ago."""
    if state.mission.mandate == NO_MANDATE and mission_strength(state) == 0:
        state.fund.monthly_income = 0
        return 0
    promised = daily_part(added_commitments(state), day)
    state.fund.committed += promised
    state.fund.commitments_outstanding += promised
    arriving = int(
        state.fund.commitments_outstanding
        * (1.0 - math.exp(-1.0 / Donors.of(state).disbursement_time))
    )
    state.fund.commitments_outstanding -= arriving
    state.ledger.commitments_received += arriving
    monthly = announced_payments(state, day)
    state.fund.monthly_income = monthly + 30 * arriving
    return daily_part(monthly, day) + arriving
