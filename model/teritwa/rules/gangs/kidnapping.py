"""Kidnapping: crews kidnap people for ransom, less during offensives of the coalition.

The UN counted 438, 428, 170 and 431 kidnapped persons in the quarters of 2024, and 73 % of those of
the second quarter were in Artibonite. No smooth mechanism fits these counts. Each month therefore
has a random shock of its own, which is the same in every scenario.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, poisson, uniform
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.outcomes import outcome

KIDNAPS = decision("crew kidnaps")
MONTH = decision("month is good or bad for kidnapping")


class Kidnapping(Parameters):
    """How many people are kidnapped, where, and how much this varies from month to month."""

    enabled: bool = switch(meaning="crews kidnap")
    rate: float = parameter(
        4.2,
        "persons per day",
        between=(2.0, 8.0),
        grade="C",
        source="assumption",
        meaning="persons kidnapped a day outside offensives, with the fighters of day 0",
        scales=True,
    )
    offensive_factor: float = parameter(
        0.3,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on kidnapping during an offensive of the coalition",
    )
    artibonite_share: float = parameter(
        0.5,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="share of kidnappings that happen in Artibonite",
    )
    monthly_spread: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of a month's shock",
    )


KIDNAPPED = outcome(
    "kidnapped",
    "daily.kidnapped",
    unit="persons per day",
    meaning="persons kidnapped that day",
    stored="i4",
)


@rule
def month_shock(randomness: Randomness, spread: float) -> float:
    """Return this month's factor on kidnapping in the country, log-normal with mean 1.

    A month is a period of 30 days.
    """
    month = Randomness(randomness.first, randomness.second, randomness.day // 30)
    return math.exp(spread * normal(uniform(month, MONTH, COUNTRY)) - 0.5 * spread * spread)


@rule
def expected_kidnappings(state: State, randomness: Randomness, fighters: int) -> float:
    """Return how many people ``fighters`` of all gangs kidnap today, on average."""
    kidnapping = Kidnapping.of(state)
    expected: float = kidnapping.rate * fighters / max(1, state.counters.fighters_on_day_0)
    expected *= month_shock(randomness, kidnapping.monthly_spread)
    if randomness.day <= state.coalition.offensive_until:
        expected *= kidnapping.offensive_factor
    return expected


@rule
def kidnapping_rates(state: State, randomness: Randomness) -> tuple[float, float]:
    """Return how many people a fighter kidnaps today on average, in Artibonite and elsewhere.

    A fixed share of all kidnappings happens in Artibonite, unless there are fighters in only one
    of the two parts of the country.
    """
    inside, outside = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if state.districts[crew.district].place.artibonite:
            inside += crew.fighters
        else:
            outside += crew.fighters
    expected = expected_kidnappings(state, randomness, inside + outside)
    share = 0.0 if inside == 0 else 1.0 if outside == 0 else Kidnapping.of(state).artibonite_share
    return expected * (share / max(1, inside)), expected * ((1.0 - share) / max(1, outside))


@rule
def kidnap(state: State, randomness: Randomness) -> None:
    """Let each crew kidnap people, in proportion to its fighters.

    Runs at night, after attacks. The gangs of the district collect the ransoms at midnight.
    """
    rate_inside, rate_outside = kidnapping_rates(state, randomness)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters > 0:
            district = state.districts[crew.district]
            rate = rate_inside if district.place.artibonite else rate_outside
            taken = poisson(rate * crew.fighters, uniform(randomness, KIDNAPS, crew.identity))
            state.daily.kidnapped += taken
            district.counts.kidnapped += taken
