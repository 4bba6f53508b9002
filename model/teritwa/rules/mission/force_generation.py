"""Contributors (M12): from a promise to officers on the ground, and why some never come or go home again.

A contingent that is promised has to be prepared (training, equipment, a court's or a parliament's
leave), which takes longer than announced about as often as not: the thousand officers pledged in
July 2023 began to land in June 2024, and of 600 said to be ready by the end of November 2024 217
came in January 2025 (S61, F207). Those who are ready wait for a mandate that meets their terms, for
room under the ceiling and for money. Soldiers who want a military answer do not serve under police
(S62); others leave when it becomes unsafe (S99).
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, UN_PEACEKEEPING, MissionStatus
from teritwa.rules.agents.police_unit import MILITARY_ONLY, UNDER_UN, Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.mission.contingents import Contingents, order_home
from teritwa.rules.outcomes import BY_CONTINGENT, outcome

PREPARES = decision("preparation of a contingent takes longer or less long")
LOSES_HEART = decision("contributor calls its officers home")


class ForceGeneration(Parameters):
    """How long preparation takes, how many land at a time, and what losses do."""

    enabled: bool = switch(
        meaning="promised contingents prepare, wait for their terms, and may be called home"
    )
    delay_spread: float = parameter(
        0.4,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of the time that preparation takes, against what was announced",
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
        meaning="hazard that a contributor calls its officers home when the losses of late equal what it tolerates",
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
    """A contributor promises officers: they will be prepared in about so many days, by the later of two promises."""
    contingent = state.contingents[row]
    spread = ForceGeneration.of(state).delay_spread
    factor = math.exp(spread * normal(uniform(randomness, PREPARES, contingent.identity)))
    contingent.ready_on = max(contingent.ready_on, randomness.day + int(days * factor + 0.5))
    contingent.in_preparation += officers


@rule
def terms_met(contingent: Contingent, mission: MissionStatus) -> bool:
    """Whether the mandate in force is one under which a contingent serves."""
    if mission.mandate == NO_MANDATE:
        return False
    if contingent.terms == UNDER_UN:
        return mission.mandate == UN_PEACEKEEPING
    return contingent.terms != MILITARY_ONLY or mission.military


@rule
def dispatch_prepared(state: State, day: int) -> None:
    """Contingents whose preparation is over set out, once the mandate meets their terms."""
    for contingent in state.contingents:
        if (
            contingent.in_preparation > 0
            and day >= contingent.ready_on
            and terms_met(contingent, state.mission)
        ):
            if contingent.in_transit == 0:
                contingent.arrival_rate = 0.0
            contingent.arrival_rate += ForceGeneration.of(state).arrival_rate
            contingent.in_transit += contingent.in_preparation
            contingent.in_preparation = 0


@rule
def withdrawal_hazard_of(losses: float, tolerance: float, withdrawal: float) -> float:
    """Return the daily hazard that a contributor calls its officers home: with the square of losses of late."""
    share = losses / max(tolerance, 1.0)
    return withdrawal * share * share


@rule
def decide_withdrawal(state: State, randomness: Randomness) -> None:
    """After losses a contributor may call its officers home, and those in preparation stay there."""
    force_generation = ForceGeneration.of(state)
    losses = state.mission.recent_losses
    if losses <= 0.0:
        return
    for contingent in state.contingents:
        if (
            contingent.foreign
            and contingent.officers + contingent.in_transit + contingent.in_preparation > 0
        ):
            hazard = withdrawal_hazard_of(
                losses, contingent.casualty_tolerance, force_generation.withdrawal_hazard
            )
            if uniform(randomness, LOSES_HEART, contingent.identity) < 1.0 - math.exp(-hazard):
                order_home(contingent, contingent.officers, Contingents.of(state).departure_time)


@rule
def update_recent_losses(state: State) -> None:
    """Add today's killed officers of the mission to the losses that contributors remember."""
    kept = math.exp(-1.0 / ForceGeneration.of(state).loss_memory)
    state.mission.recent_losses = kept * state.mission.recent_losses + state.daily.mission_killed
