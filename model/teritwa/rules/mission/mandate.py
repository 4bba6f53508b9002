"""Mandate: it ends, it is renewed or not, and the United Nations may take over, months after the vote.

A vote is a dated event of a scenario: it happens with a chance, and where it is vetoed nothing
changes. UN missions reach their largest strength some ten months after they are authorised, at
about 92.5 % of the ceiling (Rappa 2016). On the day a mandate lapses the mission is ordered home
and what was on its way stays away.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import UNDER_UN
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.mission.contingents import Contingents, order_home
from teritwa.rules.mission.strength import mission_strength
from teritwa.rules.outcomes import outcome

UN_COMES = decision("transition to a UN operation takes longer or less long")
UN_GROWS = decision("UN operation grows faster or slower")


class Mandate(Parameters):
    """How the United Nations take over."""

    enabled: bool = switch(meaning="mandates lapse and are taken over by the United Nations")
    un_transition_time: float = parameter(
        90.0,
        "days",
        between=(30.0, 240.0),
        grade="C",
        source="assumption",
        meaning="median time from the vote to the day on which the United Nations take over",
    )
    un_build_up_time: float = parameter(
        210.0,
        "days",
        between=(90.0, 500.0),
        grade="B",
        source="Rappa 2016: some ten months from the vote to the peak, with 90 days before the takeover",
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
def vote_for_un(state: State, randomness: Randomness, authorised: int, ends: int) -> None:
    """The Security Council votes for a UN operation, or renews the one that is there."""
    mandate = Mandate.of(state)
    state.mission.un_authorised, state.mission.un_ends = authorised, ends
    if state.mission.mandate == UN_PEACEKEEPING:
        state.mission.authorised, state.mission.mandate_ends = authorised, ends
    elif state.mission.un_takeover_day < randomness.day:
        late = math.exp(mandate.time_spread * normal(uniform(randomness, UN_COMES, COUNTRY)))
        state.mission.un_takeover_day = randomness.day + int(
            mandate.un_transition_time * late + 0.5
        )
        # The mission that is there stays until the United Nations come.
        state.mission.mandate_ends = max(
            state.mission.mandate_ends, state.mission.un_takeover_day + 1
        )


@rule
def start_un_operation(state: State, randomness: Randomness) -> None:
    """Officers of the mission change their hats, and UN troops fill what is left of the largest strength."""
    mandate = Mandate.of(state)
    state.mission.mandate, state.mission.military = UN_PEACEKEEPING, True
    state.mission.authorised, state.mission.mandate_ends = (
        state.mission.un_authorised,
        state.mission.un_ends,
    )
    missing, takers = (
        int(mandate.un_peak_share * state.mission.un_authorised) - mission_strength(state),
        0,
    )
    for contingent in state.contingents:
        missing -= contingent.in_transit if contingent.foreign else 0
        takers += 1 if contingent.terms == UNDER_UN else 0
    late = math.exp(mandate.time_spread * normal(uniform(randomness, UN_GROWS, COUNTRY)))
    for contingent in state.contingents:
        if contingent.terms == UNDER_UN and missing > 0:
            share = missing // takers
            if contingent.in_transit == 0:
                contingent.arrival_rate = 0.0
            contingent.in_transit += share
            contingent.arrival_rate += share / max(1.0, mandate.un_build_up_time * late)
            missing -= share
            takers -= 1


@rule
def update_mandate(state: State, randomness: Randomness) -> None:
    """On its day the UN takes over; on the day a mandate lapses the mission is ordered home."""
    if state.mission.un_takeover_day == randomness.day:
        start_un_operation(state, randomness)
    if state.mission.mandate != NO_MANDATE and randomness.day >= state.mission.mandate_ends:
        state.mission.mandate, state.mission.military, state.mission.authorised = (
            NO_MANDATE,
            False,
            0,
        )
        for contingent in state.contingents:
            if contingent.foreign:
                order_home(contingent, contingent.officers, Contingents.of(state).departure_time)
