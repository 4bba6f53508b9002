"""Self-defence brigades (M20): residents who take up arms where gangs kill and the state is absent.

BINUH counted 388 people lynched from April to September 2023, 141 killed by self-defence groups in the first
quarter of 2024 and 268 in the last. Brigade members stay residents; they are a role, not a separate stock.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Chance, decision, poisson, uniform, whole
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_BRIGADE, kill_civilians, kill_fighters

JOINS_BRIGADE = decision("residents join the brigade")
BRIGADE_FADES = decision("brigade members go home")
BRIGADE_KILLS = decision("brigade kills")
WRONGLY_SUSPECTED = decision("brigade kills a civilian")


class Brigade(Parameters):
    """How brigades grow, fade, defend and kill."""

    acts: bool = switch(meaning="brigades form, fade and kill")
    per_1000_day0: float = parameter(
        1.0,
        "persons per 1,000 residents",
        between=(0.1, 5.0),
        grade="C",
        source="assumption; the movement of 2023 (F032, F040)",
        meaning="brigade members on day 0 where the state holds but gangs stand next door",
    )
    growth: float = parameter(
        2.0,
        "persons per person killed",
        between=(0.05, 5.0),
        grade="C",
        source="assumption; F076 and F180: killings by brigades doubled over 2024",
        meaning="residents who join for each civilian whom gangs kill in a place that the state holds",
    )
    fading: float = parameter(
        0.01,
        "1 per week",
        between=(0.0, 0.1),
        grade="C",
        source="assumption",
        meaning="share of members who go home in a week",
    )
    suppression: float = parameter(
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
        source="assumption; F076, F180: 1.5 to 2.9 killed a day in 2024",
        meaning="people killed by a brigade member a day where gangs dominate all places next door",
    )
    mistaken: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="share of those killed who belong to no gang",
    )
    strength: float = parameter(
        0.2,
        "officers per member",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="what a brigade member counts in defence, against an officer on duty",
    )


@rule
def gather_brigades(state: State, chance: Chance) -> None:
    """Brigades grow where gangs killed today and the state holds, and fade slowly everywhere."""
    brigade = state.parameters.brigade
    fade = 1.0 - math.exp(-brigade.fading / 7.0)
    for district in state.districts:
        place = district.identity
        if district.civilians_killed > 0 and district.holder == STATE:
            joining = whole(brigade.growth * district.civilians_killed, uniform(chance, JOINS_BRIGADE, place))
            district.brigade = min(district.residents, district.brigade + joining)
        if district.brigade > 0:
            tired = 1.0 if district.holder == STATE else brigade.suppression
            district.brigade -= min(
                district.brigade,
                whole(tired * fade * district.brigade, uniform(chance, BRIGADE_FADES, place)),
            )


@rule
def lynch(state: State, chance: Chance) -> None:
    """Brigades kill people whom they take for gang members, more where gangs dominate next door."""
    brigade = state.parameters.brigade
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.brigade > 0 and district.menace != NO_ONE:
            rate = brigade.lethality * district.brigade * district.threat
            dead = poisson(rate, uniform(chance, BRIGADE_KILLS, district.identity))
            mistaken = 0
            for item in range(dead):
                if uniform(chance, WRONGLY_SUSPECTED, district.identity, item) < brigade.mistaken:
                    mistaken += 1
            kill_civilians(state, BY_BRIGADE, number, mistaken)
            kill_fighters(state, BY_BRIGADE, district.menace, number, dead - mistaken)
