"""Mandate: it lapses or is renewed, and the United Nations may take over months after a vote.

A vote is a dated event of a scenario: it has a probability, and if it is vetoed nothing changes.
UN missions reach their largest strength some ten months after they are authorised, at about 92.5 %
of the ceiling (Rappa 2016). On the day on which a mandate lapses the mission is ordered home, and
officers in transit do not come.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import UNDER_UN
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.mission.contingents import Contingents, everybody, order_home
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome
from teritwa.rules.sharing import part_of, random_start

UN_COMES = decision("transition to a UN operation takes longer or less long")
UN_GROWS = decision("UN operation grows faster or slower")
UN_SHARES = decision("UN contingents share the officers who are missing")

NOT_NAMED = -1
"""Stands for a day of arrival that a vote leaves open."""


class Mandate(Parameters):
    """How fast the United Nations take over, and how large their operation becomes."""

    enabled: bool = switch(meaning="mandates lapse, and the United Nations may take over")
    un_transition_time: float = parameter(
        90.0,
        "days",
        between=(30.0, 240.0),
        bounds=(0.0, 3650.0),
        grade="C",
        source="assumption",
        meaning="median time from the vote to the day on which the United Nations take over, where "
        "the vote does not name the day",
    )
    un_build_up_time: float = parameter(
        210.0,
        "days",
        between=(90.0, 500.0),
        grade="B",
        source="Rappa 2016: some ten months from the vote to the peak, with 90 days before the "
        "takeover",
        meaning="median time from the takeover to the largest strength",
    )
    un_peak_share: float = parameter(
        0.925,
        "1",
        between=(0.7, 1.0),
        grade="B",
        source="Rappa 2016: UN missions peak at about 92.5 % of their ceiling",
        meaning="largest strength of a UN operation, as a share of its ceiling",
    )
    time_spread: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.8),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of both times",
    )


MANDATE = outcome(
    "mandate",
    "mission.mandate",
    unit="1",
    meaning="mandate in force: 0 none, 1 support mission, 2 UN peacekeeping",
    stored="i1",
)

OFFICERS_AUTHORISED = outcome(
    "officers_authorised",
    "mission.authorised",
    unit="officers",
    meaning="ceiling of the mandate in force",
    stored="i4",
)


@rule
def drawn_takeover(state: State, randomness: Randomness) -> int:
    """Return the day on which the United Nations take over after a vote today."""
    mandate = Mandate.of(state)
    late = math.exp(mandate.time_spread * normal(uniform(randomness, UN_COMES, COUNTRY)))
    return randomness.day + int(mandate.un_transition_time * late + 0.5)


@rule
def vote_for_un(
    state: State, randomness: Randomness, authorised: int, ends: int, arrival: int
) -> None:
    """Apply a vote of the Security Council: authorise a UN operation, or renew the existing one.

    Args:
        state: All records of the run.
        randomness: The random numbers of the day.
        authorised: Ceiling of the operation, in officers.
        ends: First day on which its mandate is not in force.
        arrival: Day on which the United Nations take over, or NOT_NAMED.
    """
    state.mission.un_authorised, state.mission.un_ends = authorised, ends
    if state.mission.mandate == UN_PEACEKEEPING:
        state.mission.authorised, state.mission.mandate_ends = authorised, ends
    elif arrival != NOT_NAMED or state.mission.un_takeover_day < randomness.day:
        takeover_day = drawn_takeover(state, randomness) if arrival == NOT_NAMED else arrival
        state.mission.un_takeover_day = takeover_day
        # The present mission stays until the United Nations take over.
        state.mission.mandate_ends = max(state.mission.mandate_ends, takeover_day + 1)


@rule
def start_un_operation(state: State, randomness: Randomness) -> None:
    """Turn the mission into a UN operation, and send UN troops up to its peak strength."""
    state.mission.mandate, state.mission.military = UN_PEACEKEEPING, True
    state.mission.authorised = state.mission.un_authorised
    state.mission.mandate_ends = state.mission.un_ends
    peak = int(Mandate.of(state).un_peak_share * state.mission.un_authorised)
    missing = peak - mission_strength(state)
    for contingent in state.contingents:
        missing -= contingent.in_transit if contingent.foreign else 0
    send_un_troops(state, randomness, missing)


@rule
def send_un_troops(state: State, randomness: Randomness, officers: int) -> None:
    """Divide ``officers`` equally among the UN contingents; they land over the build-up time."""
    mandate = Mandate.of(state)
    late = math.exp(mandate.time_spread * normal(uniform(randomness, UN_GROWS, COUNTRY)))
    receivers, before = 0, 0
    for contingent in state.contingents:
        receivers += 1 if contingent.terms == UNDER_UN else 0
    start = random_start(max(1, receivers), uniform(randomness, UN_SHARES, COUNTRY))
    for contingent in state.contingents:
        if contingent.terms == UNDER_UN and officers > 0:
            share = part_of(officers, before, 1, receivers, start)
            before += 1
            if contingent.in_transit == 0:
                contingent.arrival_rate = 0.0
            contingent.in_transit += share
            state.ledger.officers_sent += share
            contingent.arrival_rate += share / max(1.0, mandate.un_build_up_time * late)


@rule
def update_mandate(state: State, randomness: Randomness) -> None:
    """Start a UN operation on its day, and order the mission home when its mandate lapses.

    An operation whose mandate has ended before its day does not come.
    """
    due = state.mission.un_takeover_day == randomness.day
    if due and state.mission.un_ends > randomness.day:
        start_un_operation(state, randomness)
    if state.mission.mandate != NO_MANDATE and randomness.day >= state.mission.mandate_ends:
        state.mission.mandate, state.mission.military = NO_MANDATE, False
        state.mission.authorised = 0
        for contingent in state.contingents:
            if contingent.foreign:
                days = Contingents.of(state).departure_time
                order_home(contingent, state.ledger, everybody(contingent), days)
