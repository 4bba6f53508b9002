"""Everyday violence: killings in disputes and robberies, which people carry and no territory does.

No count tells these killings from those by gangs, so that their rate is an assumption: that of a
country of the region without gang war. Police who hold a place lower this violence and do not end
it.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_INDIVIDUAL, kill_civilians
from teritwa.rules.districts.control import police_coverage

QUARREL_KILLS = decision("dispute or robbery kills")


class EverydayViolence(Parameters):
    """How many people are killed in disputes and robberies, and how far police prevent it."""

    enabled: bool = switch(meaning="people are killed in disputes and robberies")
    rate: float = parameter(
        8.0,
        "persons per 100,000 people and year",
        between=(4.0, 15.0),
        grade="C",
        source="assumption: the range is one of homicides in countries without gang war",
        meaning="people killed in disputes and robberies where no officer is on duty",
        informed_by="nothing: the counts of the United Nations leave these killings out",
    )
    prevented_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 0.8),
        grade="C",
        source="assumption",
        meaning="share of these killings that officers prevent where they cover a whole district",
        informed_by="past missions: homicides in places that police hold",
    )


@rule
def deaths_without_officers(state: State, district: District) -> float:
    """Return how many residents of a district would be killed in a day if no officer were there."""
    people = district.people.residents + district.people.displaced_hosted
    return EverydayViolence.of(state).rate / 36_500_000.0 * people


@rule
def deaths_in_disputes(state: State, district: District) -> float:
    """Return how many residents of a district are killed in disputes and robberies in a day."""
    prevented = EverydayViolence.of(state).prevented_share * police_coverage(state, district)
    return deaths_without_officers(state, district) * (1.0 - prevented)


@rule
def kill_in_disputes(state: State, randomness: Randomness) -> None:
    """Let residents of each district die in disputes and robberies.

    Runs at night, after presence by day and by night is known. What officers prevent is weighed
    only where somebody would die without them.
    """
    for number in range(state.districts.size):
        district = state.districts[number]
        lot = uniform(randomness, QUARREL_KILLS, district.identity)
        if poisson(deaths_without_officers(state, district), lot) > 0:
            dead = poisson(deaths_in_disputes(state, district), lot)
            kill_civilians(state, BY_INDIVIDUAL, number, dead)
