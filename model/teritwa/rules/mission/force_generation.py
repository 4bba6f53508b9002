"""Force generation (M12): how promised contingents prepare, set out, and are withdrawn.

A promised contingent has to be prepared (training, equipment, the approval of a court or a
parliament). This takes longer than announced about as often as not. Contingents that are ready wait
for a mandate that meets their terms, for room under the ceiling and for money. Soldiers who want a
military response do not serve under police; others leave when the mission becomes unsafe.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, UN_PEACEKEEPING, MissionStatus
from teritwa.rules.agents.police_unit import MILITARY_ONLY, UNDER_UN, Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.mission.contingents import Contingents, everybody, order_home
from teritwa.rules.outcomes import BY_CONTINGENT, outcome

PREPARES = decision("preparation of a contingent takes longer or less long")
LOSES_HEART = decision("contributor calls its officers home")


class ForceGeneration(Parameters):
    """How long preparation takes, how fast officers land, and when losses lead to withdrawal."""

    enabled: bool = switch(
        meaning="promised contingents prepare, wait for their terms, and may be withdrawn"
    )
    delay_spread: float = parameter(
        0.4,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of the preparation time relative to the time "
        "announced",
    )
    arrival_rate: float = parameter(
        10.0,
        "officers per day",
        between=(2.0, 50.0),
        grade="C",
        source="assumption",
        meaning="officers of a prepared contingent who land in a day",
    )
    withdrawal_hazard: float = parameter(
        0.0077,
        "1 per day",
        between=(0.0, 0.05),
        grade="C",
        source="assumption: one half in 90 days",
        meaning="hazard that a contributor withdraws its officers when recent losses equal its "
        "casualty tolerance",
    )
    loss_memory: float = parameter(
        90.0,
        "days",
        between=(30.0, 365.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which contributors forget the mission's losses",
    )


OFFICERS_AWAITING_TERMS = outcome(
    "officers_awaiting_terms",
    "daily.officers_awaiting_terms",
    unit="officers",
    meaning="prepared officers whose contributor's terms the mandate does not meet",
    stored="i4",
)

OFFICERS_IN_PREPARATION = outcome(
    "officers_in_preparation",
    "contingents.in_preparation",
    unit="officers",
    meaning="officers promised and in preparation",
    stored="i4",
    dimensions=BY_CONTINGENT,
)


@rule
def begin_preparation(
    state: State, randomness: Randomness, row: int, officers: int, days: int
) -> None:
    """Begin the preparation of officers whom a contributor has promised.

    A second promise joins the first: all are ready on the later of both days.

    Args:
        state: All records of the run.
        randomness: The random numbers of the day.
        row: The contingent's row.
        officers: Officers promised.
        days: Announced time of preparation; the actual time varies around it.
    """
    contingent = state.contingents[row]
    spread = ForceGeneration.of(state).delay_spread
    factor = math.exp(spread * normal(uniform(randomness, PREPARES, contingent.identity)))
    contingent.ready_on = max(contingent.ready_on, randomness.day + int(days * factor + 0.5))
    contingent.in_preparation += officers
    state.ledger.officers_sent += officers


@rule
def terms_met(contingent: Contingent, mission: MissionStatus) -> bool:
    """Return whether the mandate in force meets a contingent's terms."""
    if mission.mandate == NO_MANDATE:
        return False
    if contingent.terms == UNDER_UN:
        return mission.mandate == UN_PEACEKEEPING
    return contingent.terms != MILITARY_ONLY or mission.military


@rule
def dispatch_prepared(state: State, day: int) -> None:
    """Dispatch contingents whose preparation is over, once the mandate meets their terms."""
    for contingent in state.contingents:
        if contingent.in_preparation > 0 and day >= contingent.ready_on:
            if not terms_met(contingent, state.mission):
                state.daily.officers_awaiting_terms += contingent.in_preparation
                continue
            if contingent.in_transit == 0:
                contingent.arrival_rate = 0.0
            contingent.arrival_rate += ForceGeneration.of(state).arrival_rate
            contingent.in_transit += contingent.in_preparation
            contingent.in_preparation = 0


@rule
def withdrawal_hazard_of(losses: float, tolerance: float, withdrawal: float) -> float:
    """Return the daily hazard that a contributor withdraws its officers.

    It rises with the square of recent losses.

    Args:
        losses: Recent losses of the mission, in officers.
        tolerance: Losses that the contributor tolerates, in officers.
        withdrawal: Hazard at which losses equal the tolerance, per day.
    """
    share = losses / max(tolerance, 1.0)
    return withdrawal * share * share


@rule
def decide_withdrawal(state: State, randomness: Randomness) -> None:
    """Decide which contributors withdraw their officers after losses.

    Officers in transit and in preparation then do not come either.
    """
    force_generation = ForceGeneration.of(state)
    losses = state.mission.recent_losses
    if losses <= 0.0:
        return
    for contingent in state.contingents:
        on_the_way = contingent.in_transit + contingent.in_preparation
        if contingent.foreign and contingent.officers + on_the_way > 0:
            hazard = withdrawal_hazard_of(
                losses, contingent.casualty_tolerance, force_generation.withdrawal_hazard
            )
            if uniform(randomness, LOSES_HEART, contingent.identity) < 1.0 - math.exp(-hazard):
                days = Contingents.of(state).departure_time
                order_home(contingent, state.ledger, everybody(contingent), days)


@rule
def update_recent_losses(state: State) -> None:
    """Add today's killed officers of the mission to the losses that contributors remember."""
    kept = math.exp(-1.0 / ForceGeneration.of(state).loss_memory)
    state.mission.recent_losses = kept * state.mission.recent_losses + state.daily.mission_killed
