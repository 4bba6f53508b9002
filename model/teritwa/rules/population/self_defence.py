"""Self-defence brigades (M20): residents who take up arms where gangs kill and the state is absent.

BINUH counted 388 people lynched from April to September 2023, 141 killed by self-defence groups in
the first quarter of 2024 and 268 in the last. Brigade members stay residents; they are a role, not
a separate stock.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_BRIGADE, kill_civilians, kill_fighters

JOINS_BRIGADE = decision("residents join the brigade")
BRIGADE_FADES = decision("brigade members go home")
BRIGADE_KILLS = decision("brigade kills")
WRONGLY_SUSPECTED = decision("brigade kills a civilian")


class SelfDefence(Parameters):
    """How brigades grow, fade, defend and kill."""

    enabled: bool = switch(meaning="brigades form, fade and kill")
    members_per_1000_day0: float = parameter(
        1.0,
        "persons per 1,000 residents",
        between=(0.1, 5.0),
        grade="C",
        source="assumption",
        meaning="brigade members on day 0 where the state holds but gangs stand next door",
    )
    joining_per_killed: float = parameter(
        2.0,
        "persons per person killed",
        between=(0.05, 5.0),
        grade="C",
        source="assumption",
        meaning="residents who join for each civilian whom gangs kill in a place that the state holds",
    )
    attrition_rate: float = parameter(
        0.01,
        "1 per week",
        between=(0.0, 0.1),
        grade="C",
        source="assumption",
        meaning="share of members who go home in a week",
    )
    suppression_factor: float = parameter(
        10.0,
        "1",
        between=(1.0, 50.0),
        grade="C",
        source="assumption",
        meaning="factor on fading where a gang holds the place",
    )
    lethality: float = parameter(
        0.003,
        "persons killed per member and day",
        between=(0.0001, 0.01),
        grade="C",
        source="assumption",
        meaning="people killed by a brigade member a day where gangs dominate all places next door",
    )
    mistaken_share: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="share of those killed who belong to no gang",
    )
    defence_weight: float = parameter(
        0.2,
        "officers per member",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="what a brigade member counts in defence, against an officer on duty",
    )


@rule
def update_brigades(state: State, randomness: Randomness) -> None:
    """Brigades grow where gangs killed today and the state holds, and fade slowly everywhere."""
    self_defence = SelfDefence.of(state)
    fade = 1.0 - math.exp(-self_defence.attrition_rate / 7.0)
    for district in state.districts:
        place = district.identity
        if district.counts.civilians_killed > 0 and district.control.holder == STATE:
            joining = stochastic_round(
                self_defence.joining_per_killed * district.counts.civilians_killed,
                uniform(randomness, JOINS_BRIGADE, place),
            )
            district.people.brigade = min(
                district.people.residents, district.people.brigade + joining
            )
        if district.people.brigade > 0:
            tired = 1.0 if district.control.holder == STATE else self_defence.suppression_factor
            district.people.brigade -= min(
                district.people.brigade,
                stochastic_round(
                    tired * fade * district.people.brigade,
                    uniform(randomness, BRIGADE_FADES, place),
                ),
            )


@rule
def self_defence_killings(state: State, randomness: Randomness) -> None:
    """Brigades kill people whom they take for gang members, more where gangs dominate next door."""
    self_defence = SelfDefence.of(state)
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.people.brigade > 0 and district.presence.nearest_threat != NO_ONE:
            rate = (
                self_defence.lethality
                * district.people.brigade
                * district.control.neighbour_gang_influence
            )
            dead = poisson(rate, uniform(randomness, BRIGADE_KILLS, district.identity))
            mistaken = 0
            for item in range(dead):
                if (
                    uniform(randomness, WRONGLY_SUSPECTED, district.identity, item)
                    < self_defence.mistaken_share
                ):
                    mistaken += 1
            kill_civilians(state, BY_BRIGADE, number, mistaken)
            kill_fighters(
                state, BY_BRIGADE, district.presence.nearest_threat, number, dead - mistaken
            )
