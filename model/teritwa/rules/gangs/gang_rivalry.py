"""War between gangs (M9b): hostile crews that stand next to each other kill each other, and bystanders.

Violence peaks at borders (Brantingham and others 2012). Before the coalition some 7 to 11 people a
day died so (derived from the counts of January and February 2024); the coalition's truce ended most
of that war.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.engine.records import Rows
from teritwa.rules.agents.district import NO_ONE, District, Link
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_GANG, kill_civilians, kill_fighters

RIVALS_KILL = decision("war between gangs kills")
BYSTANDER = decision("war between gangs kills a bystander")


class GangRivalry(Parameters):
    """The war between gangs, and the truce."""

    enabled: bool = switch(meaning="gangs fight each other")
    rate: float = parameter(
        9.0,
        "persons killed per day",
        between=(4.0, 14.0),
        grade="C",
        source="assumption",
        meaning="killed in the war between gangs nationwide, before the coalition and with the fighters of day 0",
        scales=True,
    )
    truce_effect: float = parameter(
        0.75,
        "1",
        between=(0.3, 0.9),
        grade="C",
        source="assumption; derived from the counts of 2024: 0.54 to 0.65 and more",
        meaning="share of that war that the coalition's truce stops",
    )
    bystander_share: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="share of the dead of that war who are civilians",
    )


@rule
def hostile_fighters(district: District, number: int, alliance: int) -> int:
    """Return the fighters of the strongest crew in a district if its gang is no old friend of gang ``number``."""
    if district.presence.strongest_gang in (NO_ONE, number) or (
        alliance > 0 and alliance == district.presence.strongest_alliance
    ):
        return 0
    return district.presence.strongest_fighters


@rule
def rivals_near(crew: Crew, alliance: int, districts: Rows[District], links: Rows[Link]) -> int:
    """Return the fighters of the strongest hostile crews in a crew's district and next door by land.

    Old alliances count, the coalition does not: its truce lowers the rate, by a parameter of its
    own.
    """
    home = districts[crew.district]
    total = hostile_fighters(home, crew.gang, alliance)
    for row in range(home.place.first_link, home.place.last_link):
        link = links[row]
        if not link.sea:
            total += hostile_fighters(districts[link.target], crew.gang, alliance)
    return total


@rule
def count_rivals(state: State) -> float:
    """Note how many rivals each crew faces, and return their sum."""
    weight = 0.0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        crew.facing_rivals = 0.0
        if crew.fighters > 0:
            near = rivals_near(crew, state.gangs[crew.gang].alliance, state.districts, state.links)
            crew.facing_rivals = 1.0 * min(crew.fighters, near)
            weight += crew.facing_rivals
    return weight


@rule
def apply_rivalry_deaths(state: State, randomness: Randomness, row: int, dead: int) -> None:
    """Of those who die where a crew fights its rivals some are bystanders, the others its fighters."""
    crew, bystanders = state.crews[row], 0
    for item in range(dead):
        if (
            uniform(randomness, BYSTANDER, crew.identity, item)
            < GangRivalry.of(state).bystander_share
        ):
            bystanders += 1
    kill_civilians(state, BY_GANG, crew.district, bystanders)
    kill_fighters(state, BY_GANG, row, crew.district, dead - bystanders)


@rule
def fight_rivals(state: State, randomness: Randomness) -> None:
    """Spread the deaths of the war between gangs over crews by how many rivals they face."""
    gang_rivalry = GangRivalry.of(state)
    weight, fighters = count_rivals(state), 0
    for row in range(state.counters.crews):
        fighters += state.crews[row].fighters
    daily = gang_rivalry.rate * fighters / max(1, state.counters.fighters_on_day_0)
    if state.coalition.active:
        daily *= 1.0 - gang_rivalry.truce_effect
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.facing_rivals > 0.0:
            dead = poisson(
                daily * crew.facing_rivals / weight, uniform(randomness, RIVALS_KILL, crew.identity)
            )
            if dead > 0:
                apply_rivalry_deaths(state, randomness, row, dead)
