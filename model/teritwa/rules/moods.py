"""Moods: slow changes of intent, tempo and lethality that no mechanism of the model explains.

Why gangs begin an offensive, why the police operate more in one quarter than in another, or why
kidnapping pays today and not tomorrow, is politics and business outside the model. Counts vary from
quarter to quarter by more than chance. Six processes stand for this. Each is a stationary
autoregression on the log scale that begins at 0 on day 0. It takes a step a month, and its level
moves along a straight line from one month's end to the next. Scenarios share the moods, because
their random numbers do not depend on the scenario.

Up to the origin a posterior may know the months (`Month`): it then holds the number of each step.
After the origin the numbers are the run's own.
"""

import math
from typing import Any

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.institutions import Month
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.outcomes import Outcome, outcome

OFFENSIVES_DRIFT = decision("intent to attack drifts")
OPERATIONS_DRIFT = decision("tempo of operations drifts")
KIDNAPPING_DRIFT = decision("kidnapping drifts")
LETHALITY_DRIFT = decision("lethality of attacks drifts")
INJURIES_DRIFT = decision("injured beside the killed drift")
FLIGHT_DRIFT = decision("readiness to flee drifts")

MONTH = 30
"""Days of a month that is not known."""

INTENT = "the gangs' intent to attack"
TEMPO = "the tempo of the state's operations"
KIDNAPPING = "kidnapping"
LETHALITY = "the civilians killed in an attack"
INJURIES = "the injured beside each who is killed"
FLIGHT = "the people who flee for one cause"


def _spread(value: float, between: tuple[float, float], what: str) -> Any:
    """Declare how far a mood strays."""
    return parameter(
        value,
        "1",
        between=between,
        grade="C",
        source="assumption: counts of a quarter then differ as those of 2022 to 2024 did",
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
    offensives_spread: float = _spread(0.5, (0.3, 0.7), INTENT)
    offensives_time: float = _time(120.0, (60.0, 360.0), INTENT)
    operations_spread: float = _spread(0.8, (0.5, 1.1), TEMPO)
    operations_time: float = _time(90.0, (30.0, 360.0), TEMPO)
    kidnapping_spread: float = _spread(0.9, (0.6, 1.2), KIDNAPPING)
    kidnapping_time: float = _time(90.0, (30.0, 180.0), KIDNAPPING)
    lethality_spread: float = _spread(0.3, (0.15, 0.45), LETHALITY)
    lethality_time: float = _time(120.0, (60.0, 360.0), LETHALITY)
    injuries_spread: float = _spread(0.4, (0.2, 0.6), INJURIES)
    injuries_time: float = _time(180.0, (60.0, 360.0), INJURIES)
    flight_spread: float = _spread(0.35, (0.15, 0.6), FLIGHT)
    flight_time: float = _time(180.0, (60.0, 360.0), FLIGHT)


MOOD_OF_OFFENSIVES = _level("offensives", INTENT)
MOOD_OF_OPERATIONS = _level("operations", TEMPO)
MOOD_OF_KIDNAPPING = _level("kidnapping", KIDNAPPING)
MOOD_OF_LETHALITY = _level("lethality", LETHALITY)
MOOD_OF_INJURIES = _level("injuries", INJURIES)
MOOD_OF_FLIGHT = _level("flight", FLIGHT)


@rule
def mood_factor(level: float) -> float:
    """Return the factor that a log level is: 1 on day 0, and 1 in the median on any day."""
    return math.exp(level)


@rule
def next_level(level: float, spread: float, time: float, number: float) -> float:
    """Return the log level of a stationary autoregression about 0 one step later.

    Args:
        level: The level now.
        spread: Its standard deviation in the long run.
        time: Its e-folding time, in steps.
        number: A standard normal random number.
    """
    kept = math.exp(-1.0 / time)
    return kept * level + spread * math.sqrt(1.0 - kept * kept) * number


@rule
def update_moods(state: State, randomness: Randomness) -> None:
    """Move the six moods by a day.

    Runs at dawn, before anybody acts; before day 0 all moods are at 0.
    """
    moods = state.moods
    if moods.days_left == 0:
        begin_month(state, randomness)
    share = 1.0 / moods.days_left  # of the way to the end of the month
    moods.offensives += share * (moods.offensives_ahead - moods.offensives)
    moods.operations += share * (moods.operations_ahead - moods.operations)
    moods.kidnapping += share * (moods.kidnapping_ahead - moods.kidnapping)
    moods.lethality += share * (moods.lethality_ahead - moods.lethality)
    moods.injuries += share * (moods.injuries_ahead - moods.injuries)
    moods.flight += share * (moods.flight_ahead - moods.flight)
    moods.days_left -= 1


@rule
def begin_month(state: State, randomness: Randomness) -> None:
    """Take each mood a step of a month ahead, by the number that is known or else drawn."""
    row = known_month(state, randomness.day)
    month, mood, moods = state.months[row], Moods.of(state), state.moods
    if row == 0:
        draw_numbers(month, randomness)
    days = 1.0 * month.days
    moods.offensives_ahead = next_level(
        moods.offensives_ahead,
        mood.offensives_spread,
        mood.offensives_time / days,
        month.offensives,
    )
    moods.operations_ahead = next_level(
        moods.operations_ahead,
        mood.operations_spread,
        mood.operations_time / days,
        month.operations,
    )
    moods.kidnapping_ahead = next_level(
        moods.kidnapping_ahead,
        mood.kidnapping_spread,
        mood.kidnapping_time / days,
        month.kidnapping,
    )
    moods.lethality_ahead = next_level(
        moods.lethality_ahead, mood.lethality_spread, mood.lethality_time / days, month.lethality
    )
    moods.injuries_ahead = next_level(
        moods.injuries_ahead, mood.injuries_spread, mood.injuries_time / days, month.injuries
    )
    moods.flight_ahead = next_level(
        moods.flight_ahead, mood.flight_spread, mood.flight_time / days, month.flight
    )
    moods.days_left = month.days


@rule
def known_month(state: State, day: int) -> int:
    """Return the row of the known month that begins today; 0, that of the others, if none does."""
    for row in range(1, state.months.size):
        if state.months[row].first_day == day:
            return row
    return 0


@rule
def draw_numbers(month: Month, randomness: Randomness) -> None:
    """Draw the standard normal number of each mood for a month that is not known."""
    month.days = MONTH
    month.offensives = normal(uniform(randomness, OFFENSIVES_DRIFT, COUNTRY))
    month.operations = normal(uniform(randomness, OPERATIONS_DRIFT, COUNTRY))
    month.kidnapping = normal(uniform(randomness, KIDNAPPING_DRIFT, COUNTRY))
    month.lethality = normal(uniform(randomness, LETHALITY_DRIFT, COUNTRY))
    month.injuries = normal(uniform(randomness, INJURIES_DRIFT, COUNTRY))
    month.flight = normal(uniform(randomness, FLIGHT_DRIFT, COUNTRY))
