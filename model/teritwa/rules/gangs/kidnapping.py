"""Kidnapping: crews kidnap people for ransom, and the business moves between regions.

Counts of kidnapped persons jump between quarters and regions, and no mechanism is known that
explains them. How much a fighter kidnaps therefore follows two slow random processes: a mood of the
whole country (`teritwa.rules.moods`) and a level of each region. Both are the same in every
scenario.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, normal, poisson, uniform
from teritwa.rules.agents.state import State
from teritwa.rules.moods import mood_factor, next_level
from teritwa.rules.outcomes import outcome

KIDNAPS = decision("crew kidnaps")
REGION_MOVES = decision("kidnapping moves between regions")
AT_ONCE = 1.0e-3
"""An e-folding time, in days, after which nothing is left of yesterday's level."""


class Kidnapping(Parameters):
    """How many people are kidnapped, and how far the business moves between regions."""

    enabled: bool = switch(meaning="crews kidnap")
    rate: float = parameter(
        4.2,
        "persons per day",
        between=(2.0, 8.0),
        grade="C",
        source="assumption",
        meaning=(
            "persons kidnapped a day outside offensives, with the fighters of day 0 and at the "
            "mood of day 0"
        ),
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
    region_spread: float = parameter(
        1.0,
        "1",
        between=(0.3, 1.5),
        grade="C",
        source="assumption",
        meaning="standard deviation of the logarithm of what a fighter kidnaps, between regions",
    )
    region_time: float = parameter(
        180.0,
        "days",
        between=(60.0, 720.0),
        bounds=(1.0, 36500.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which kidnapping moves between regions",
    )


KIDNAPPED = outcome(
    "kidnapped",
    "daily.kidnapped",
    unit="persons per day",
    meaning="persons kidnapped that day",
    stored="i4",
)


@rule
def move_between_regions(state: State, randomness: Randomness) -> float:
    """Move each region's level of kidnapping by a day, and return the weighted fighters of day 0.

    On day 0 the levels are drawn as they are in the long run: it is not known where the business
    was. The sum weighs the fighters of day 0 by the levels of today.
    """
    kidnapping, weight = Kidnapping.of(state), 0.0
    time = AT_ONCE if randomness.day == 0 else kidnapping.region_time
    for region in state.regions:
        region.kidnapping_level = next_level(
            region.kidnapping_level,
            kidnapping.region_spread,
            time,
            normal(uniform(randomness, REGION_MOVES, region.identity)),
        )
        weight += region.fighters_on_day_0 * mood_factor(region.kidnapping_level)
    return weight


@rule
def update_kidnapping_rates(state: State, randomness: Randomness) -> None:
    """Record how many people a fighter of each region kidnaps today on average.

    With the fighters of day 0 the rates add up to that of the country, wherever the business is.
    A region whose fighters are gone loses its part: the others do not take it over.
    """
    kidnapping = Kidnapping.of(state)
    weight = move_between_regions(state, randomness)
    expected = kidnapping.rate * mood_factor(state.moods.kidnapping)
    if state.coalition.active and randomness.day <= state.coalition.offensive_until:
        expected *= kidnapping.offensive_factor
    for region in state.regions:
        share = mood_factor(region.kidnapping_level) / weight if weight > 0.0 else 0.0
        region.kidnapping_rate = expected * share


@rule
def kidnap(state: State, randomness: Randomness) -> None:
    """Let each crew kidnap people, in proportion to its fighters.

    Runs at night, after attacks. The gangs of the district collect the ransoms at midnight.
    """
    update_kidnapping_rates(state, randomness)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters > 0:
            district = state.districts[crew.district]
            rate = state.regions[district.place.region].kidnapping_rate * crew.fighters
            taken = poisson(rate, uniform(randomness, KIDNAPS, crew.identity))
            state.daily.kidnapped += taken
            district.counts.kidnapped += taken
