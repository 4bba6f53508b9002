"""Kidnapping: a business that moves, and pauses during offensives.

The UN counted 438, 428, 170 and 431 in the quarters of 2024, 73 % of the second quarter's in
Artibonite: no smooth mechanism fits that, so each month has a shock of its own, the same in every
scenario.
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
    """How many are kidnapped, where, and how unevenly."""

    enabled: bool = switch(meaning="crews kidnap")
    rate: float = parameter(
        4.2,
        "persons per day",
        between=(2.0, 8.0),
        grade="C",
        source="assumption",
        meaning="kidnapped a day outside offensives, with the fighters of day 0",
        scales=True,
    )
    offensive_factor: float = parameter(
        0.3,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on kidnapping while the coalition's offensive lasts",
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
    stored="i2",
)


@rule
def month_shock(randomness: Randomness, spread: float) -> float:
    """Return this month's factor on kidnapping, with mean 1; the same for the whole country."""
    month = Randomness(randomness.first, randomness.second, randomness.day // 30)
    return math.exp(spread * normal(uniform(month, MONTH, COUNTRY)) - 0.5 * spread * spread)


@rule
def kidnap(state: State, randomness: Randomness) -> None:
    """Crews kidnap in proportion to their fighters, a set share of it in Artibonite."""
    kidnapping = Kidnapping.of(state)
    there, elsewhere = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if state.districts[crew.district].place.artibonite:
            there += crew.fighters
        else:
            elsewhere += crew.fighters
    daily = kidnapping.rate * (there + elsewhere) / max(1, state.counters.fighters_on_day_0)
    daily *= month_shock(randomness, kidnapping.monthly_spread)
    if randomness.day <= state.coalition.offensive_until:
        daily *= kidnapping.offensive_factor
    share = 0.0 if there == 0 else 1.0 if elsewhere == 0 else kidnapping.artibonite_share
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters > 0:
            inside = state.districts[crew.district].place.artibonite
            rate = daily * (share / there if inside else (1.0 - share) / elsewhere) * crew.fighters
            taken = poisson(rate, uniform(randomness, KIDNAPS, crew.identity))
            state.daily.kidnapped += taken
            state.districts[crew.district].counts.kidnapped += taken
