"""Self-defence: brigades of residents who take up arms where gangs kill and the state is absent.

Brigade members remain residents: membership is a role and not a separate stock of people.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_BRIGADE, kill_civilians, kill_fighters
from teritwa.rules.sharing import part_of, random_start

JOINS_BRIGADE = decision("residents join the brigade")
BRIGADE_FADES = decision("brigade members go home")
BRIGADE_KILLS = decision("brigade kills")
WRONGLY_SUSPECTED = decision("brigade kills a civilian")
WHOM_BRIGADE_KILLS = decision("brigade kills fighters of these crews")


class SelfDefence(Parameters):
    """How brigades grow and shrink, and what they do in defence and against suspects."""

    enabled: bool = switch(meaning="brigades grow, shrink and kill")
    members_per_1000_day0: float = parameter(
        1.0,
        "persons per 1,000 residents",
        between=(0.1, 5.0),
        grade="C",
        source="assumption",
        meaning="brigade members on day 0 where the state holds and gangs dominate next door",
    )
    joining_per_killed: float = parameter(
        2.0,
        "persons per person killed",
        between=(0.05, 5.0),
        grade="C",
        source="assumption",
        meaning=(
            "residents who join for each civilian killed by gangs "
            "in a district that the state holds"
        ),
    )
    attrition_rate: float = parameter(
        0.01,
        "1 per week",
        between=(0.0, 0.1),
        grade="C",
        source="assumption",
        meaning="share of members who leave the brigade in a week",
    )
    suppression_factor: float = parameter(
        10.0,
        "1",
        between=(1.0, 50.0),
        grade="C",
        source="assumption",
        meaning="factor on that share where a gang holds the district",
    )
    lethality: float = parameter(
        0.003,
        "persons killed per member and day",
        between=(0.0001, 0.01),
        grade="C",
        source="assumption",
        meaning=(
            "people killed a day per brigade member where gangs have all influence "
            "in all districts next door"
        ),
    )
    mistaken_share: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="share of those killed who do not belong to a gang",
    )
    defence_weight: float = parameter(
        0.2,
        "officers per member",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="strength of a brigade member in defence, relative to an officer on duty",
    )


@rule
def update_brigades(state: State, randomness: Randomness) -> None:
    """Let residents join brigades where gangs killed today, and members leave everywhere.

    Runs at midnight, after people have moved. Residents join only where the state holds; where a
    gang holds, members leave faster.
    """
    self_defence = SelfDefence.of(state)
    leaving_share = 1.0 - math.exp(-self_defence.attrition_rate / 7.0)
    for district in state.districts:
        people, address = district.people, district.identity
        held_by_state = district.control.holder == STATE
        if district.counts.civilians_killed > 0 and held_by_state:
            joining = stochastic_round(
                self_defence.joining_per_killed * district.counts.civilians_killed,
                uniform(randomness, JOINS_BRIGADE, address),
            )
            people.brigade = min(people.residents, people.brigade + joining)
        if people.brigade > 0:
            factor = 1.0 if held_by_state else self_defence.suppression_factor
            leaving = stochastic_round(
                factor * leaving_share * people.brigade,
                uniform(randomness, BRIGADE_FADES, address),
            )
            people.brigade -= min(people.brigade, leaving)


@rule
def self_defence_killings(state: State, randomness: Randomness) -> None:
    """Let brigades kill people whom they take for gang members.

    Runs at night, after attacks. Brigades kill more where gangs dominate next door. They suspect
    all crews in or next to their district; some of those killed belong to no gang.
    """
    self_defence = SelfDefence.of(state)
    for number in range(state.districts.size):
        district = state.districts[number]
        dead, mistaken = 0, 0
        if district.people.brigade > 0:
            per_member = self_defence.lethality
            influence = district.control.neighbour_gang_influence
            rate = per_member * district.people.brigade * influence
            dead = poisson(rate, uniform(randomness, BRIGADE_KILLS, district.identity))
        if dead > 0 and gangs_are_near(state, district):
            for item in range(dead):
                doubt = uniform(randomness, WRONGLY_SUSPECTED, district.identity, item)
                if doubt < self_defence.mistaken_share:
                    mistaken += 1
            kill_civilians(state, BY_BRIGADE, number, mistaken)
            if dead > mistaken:
                share = uniform(randomness, WHOM_BRIGADE_KILLS, district.identity)
                kill_suspects(state, number, dead - mistaken, share)


@rule
def gangs_are_near(state: State, district: District) -> bool:
    """Return whether fighters were in a district or next door at dusk."""
    found = district.presence.fighters > 0
    for link in range(district.place.first_link, district.place.last_link):
        found = found or state.districts[state.links[link].target].presence.fighters > 0
    return found


@rule
def first_crew_near(state: State, number: int, link: int) -> int:
    """Return the first crew in a district or at the end of one of its links, or NO_ONE.

    Two districts may be linked by road and by sea. Such links stand next to each other, and the
    crews there are found at the first of them.

    Args:
        state: All records of the run.
        number: The district's row.
        link: The link's row; the one before the first link is the district itself.
    """
    first, there = state.districts[number].place.first_link, number
    if link >= first:
        there = state.links[link].target
    if link > first and state.links[link - 1].target == there:
        return NO_ONE
    crew: int = state.districts[there].presence.first_crew
    return crew


@rule
def kill_suspects(state: State, number: int, dead: int, share: float) -> None:
    """Kill fighters of all crews in a district and next door, in proportion to their fighters.

    Args:
        state: All records of the run.
        number: The row of the district whose brigade kills.
        dead: How many fighters die, or all there are.
        share: A uniform random number in [0, 1).
    """
    place, near, before = state.districts[number].place, 0, 0
    for link in range(place.first_link - 1, place.last_link):
        row = first_crew_near(state, number, link)
        while row != NO_ONE:
            near += state.crews[row].fighters
            row = state.crews[row].next_crew
    dead, start = min(dead, near), random_start(max(1, near), share)
    if dead <= 0:
        return
    for link in range(place.first_link - 1, place.last_link):
        row = first_crew_near(state, number, link)
        while row != NO_ONE:
            own = state.crews[row].fighters
            lost = part_of(dead, before, own, near, start)
            before += own
            kill_fighters(state, BY_BRIGADE, row, number, lost)
            row = state.crews[row].next_crew
