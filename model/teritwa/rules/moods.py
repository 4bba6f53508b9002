"""Moods: slow changes of intent, tempo and lethality that no mechanism of the model explains.

Why gangs begin an offensive, why the police operate more in one quarter than in another, or why
kidnapping pays today and not tomorrow, is politics and business outside the model. Counts vary from
quarter to quarter by more than chance. Four processes stand for this. Each is a stationary
autoregression on the log scale that begins at 0 on day 0. Scenarios share them, because their
random numbers do not depend on the scenario.
"""

import math
from typing import Any

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.outcomes import Outcome, outcome

OFFENSIVES_DRIFT = decision("intent to attack drifts")
OPERATIONS_DRIFT = decision("tempo of operations drifts")
KIDNAPPING_DRIFT = decision("kidnapping drifts")
LETHALITY_DRIFT = decision("lethality of attacks drifts")


INTENT = "the gangs' intent to attack"
TEMPO = "the tempo of the state's operations"
KIDNAPPING = "kidnapping"
LETHALITY = "the civilians killed in an attack"


def _spread(value: float, between: tuple[float, float], what: str) -> Any:
    """Declare how far a mood strays."""
    return parameter(
        value,
        "1",
        between=between,
        grade="C",
        source="assumption",
        meaning=f"standard deviation of the logarithm of {what}",
    )


def _time(value: float, between: tuple[float, float], what: str) -> Any:
    """Declare for how long a mood strays."""
    return parameter(
        value,
        "days",
        between=between,
        bounds=(1.0, 36500.0),
        grade="C",
        source="assumption",
        meaning=f"e-folding time of {what}",
    )


def _level(name: str, what: str) -> Outcome:
    """Declare the level of a mood as an outcome."""
    return outcome(
        f"mood_of_{name}",
        f"moods.{name}",
        unit="1",
        meaning=f"logarithm of {what}, relative to day 0",
        stored="f4",
    )


class Moods(Parameters):
    """How far each mood strays from its level of day 0, and for how long."""

    enabled: bool = switch(meaning="intent, tempo and lethality drift slowly at random")
    offensives_spread: float = _spread(0.25, (0.1, 0.5), INTENT)
    offensives_time: float = _time(120.0, (30.0, 360.0), INTENT)
    operations_spread: float = _spread(0.35, (0.1, 0.6), TEMPO)
    operations_time: float = _time(90.0, (30.0, 360.0), TEMPO)
    kidnapping_spread: float = _spread(0.5, (0.25, 0.8), KIDNAPPING)
    kidnapping_time: float = _time(60.0, (20.0, 180.0), KIDNAPPING)
    lethality_spread: float = _spread(0.2, (0.05, 0.4), LETHALITY)
    lethality_time: float = _time(120.0, (30.0, 360.0), LETHALITY)


MOOD_OF_OFFENSIVES = _level("offensives", INTENT)
MOOD_OF_OPERATIONS = _level("operations", TEMPO)
MOOD_OF_KIDNAPPING = _level("kidnapping", KIDNAPPING)
MOOD_OF_LETHALITY = _level("lethality", LETHALITY)


@rule
def mood_factor(level: float) -> float:
    """Return the factor that a log level is: 1 on day 0, and 1 in the median on any day."""
    return math.exp(level)


@rule
def next_level(level: float, spread: float, time: float, number: float) -> float:
    """Return tomorrow's log level of a stationary autoregression about 0.

    Args:
        level: Today's level.
        spread: Its standard deviation in the long run.
        time: Its e-folding time, days.
        number: A uniform random number in [0, 1).
    """
    kept = math.exp(-1.0 / time)
    return kept * level + spread * math.sqrt(1.0 - kept * kept) * normal(number)


@rule
def update_moods(state: State, randomness: Randomness) -> None:
    """Move the four moods by a day.

    Runs at dawn, before anybody acts; on day 0 all moods are at 0.
    """
    if randomness.day > 0:
        mood, moods = Moods.of(state), state.moods
        moods.offensives = next_level(
            moods.offensives,
            mood.offensives_spread,
            mood.offensives_time,
            uniform(randomness, OFFENSIVES_DRIFT, COUNTRY),
        )
        moods.operations = next_level(
            moods.operations,
            mood.operations_spread,
            mood.operations_time,
            uniform(randomness, OPERATIONS_DRIFT, COUNTRY),
        )
        moods.kidnapping = next_level(
            moods.kidnapping,
            mood.kidnapping_spread,
            mood.kidnapping_time,
            uniform(randomness, KIDNAPPING_DRIFT, COUNTRY),
        )
        moods.lethality = next_level(
            moods.lethality,
            mood.lethality_spread,
            mood.lethality_time,
            uniform(randomness, LETHALITY_DRIFT, COUNTRY),
        )
