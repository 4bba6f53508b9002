"""Injuries: how many people are injured beside those who are killed, by kind of event.

Of those whom gangs attack more live with wounds than of those whom a crowd lynches. Nobody is
injured beside the executed victims of massacres (Coupland and Meddings 1999).
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    BY_BRIGADE,
    BY_GANG,
    BY_INDIVIDUAL,
    CIVILIAN,
    COUNTRY,
    FIGHTER,
)
from teritwa.rules.moods import mood_factor
from teritwa.rules.outcomes import BY_VICTIM, outcome

INJURED = decision("injured beside the killed")


class Injuries(Parameters):
    """How many people are injured for each who is killed, by kind of event."""

    per_killed_attack: float = parameter(
        0.54,
        "persons injured per person killed",
        between=(0.25, 1.0),
        grade="C",
        source="assumption",
        meaning="mean number of persons injured per death in attacks by gangs, massacres apart",
    )
    per_killed_rivalry: float = parameter(
        0.5,
        "persons injured per person killed",
        between=(0.2, 1.5),
        grade="C",
        source="assumption",
        meaning="mean number of persons injured per death in fights between gangs",
    )
    per_killed_operation: float = parameter(
        0.3,
        "persons injured per person killed",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="mean number of persons injured per person killed by police, army or mission",
    )
    per_killed_brigade: float = parameter(
        0.1,
        "persons injured per person killed",
        between=(0.0, 0.4),
        grade="C",
        source="assumption: who is lynched rarely lives",
        meaning="mean number of persons injured per person killed by brigades",
    )


PERSONS_INJURED = outcome(
    "injured",
    "injured",
    unit="persons per day",
    meaning="persons injured that day",
    stored="i4",
    dimensions=BY_VICTIM,
)


@rule
def injuring_rate(state: State, perpetrator: int, victim: int) -> float:
    """Return how many people are injured today on average by a perpetrator, by kind of victim.

    Each kind of event has its own ratio to the dead. Fighters whom gangs kill die in fights between
    gangs; civilians die there too, but most in attacks. The executed victims of massacres do not
    count, because nobody is injured beside them.
    """
    injuries, dead = Injuries.of(state), int(state.killed[perpetrator, victim])
    if perpetrator == BY_BRIGADE:
        return injuries.per_killed_brigade * dead
    if perpetrator != BY_GANG:
        return injuries.per_killed_operation * dead
    fights = dead if victim == FIGHTER else 0
    executed = 0
    if victim == CIVILIAN:
        fights, executed = state.daily.rivalry_bystanders, state.daily.executed
    attacks = dead - fights - executed
    return injuries.per_killed_attack * attacks + injuries.per_killed_rivalry * fights


@rule
def count_injured(state: State, randomness: Randomness) -> None:
    """Draw the number of people injured today from the deaths, by perpetrator and kind of victim.

    Nobody counts whom individuals injure.
    """
    usual = mood_factor(state.moods.injuries)
    for perpetrator in range(BY_INDIVIDUAL):
        for victim in range(state.killed.shape[1]):
            if state.killed[perpetrator, victim] > 0:
                number = uniform(randomness, INJURED, COUNTRY, 3 * perpetrator + victim)
                rate = usual * injuring_rate(state, perpetrator, victim)
                state.injured[perpetrator, victim] = poisson(rate, number)
