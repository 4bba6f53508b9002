"""War between gangs (M9b): hostile crews that stand next to each other kill each other, and bystanders.

Violence peaks at borders (Brantingham and others 2012). Before the coalition some 7 to 11 people a day died so
(derived from the counts of January and February 2024); the coalition's truce ended most of that war.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Chance, decision, poisson, uniform
from teritwa.engine.records import Rows
from teritwa.rules.agents.district import NO_ONE, District, Link
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_GANG, kill_civilians, kill_fighters

RIVALS_KILL = decision("war between gangs kills")
BYSTANDER = decision("war between gangs kills a bystander")


class War(Parameters):
    """The war between gangs, and the truce."""

    acts: bool = switch(meaning="gangs fight each other")
    rate: float = parameter(
        9.0,
        "persons killed per day",
        between=(4.0, 14.0),
        grade="C",
        source="assumption; derived from the counts of early 2024 (F075, F077): 7 to 11",
        meaning="killed in the war between gangs nationwide, before the coalition and with the fighters of day 0",
    )
    truce: float = parameter(
        0.75,
        "1",
        between=(0.3, 0.9),
        grade="C",
        source="assumption; derived from the counts of 2024: 0.54 to 0.65 and more",
        meaning="share of that war that the coalition's truce stops",
    )
    bystanders: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="share of the dead of that war who are civilians",
    )


@rule
def hostile(district: District, number: int, alliance: int) -> int:
    """Return the fighters of the strongest crew in a district if its gang is no old friend of gang ``number``."""
    if district.crew_gang in (NO_ONE, number) or (alliance > 0 and alliance == district.crew_alliance):
        return 0
    return district.crew_fighters


@rule
def rivals_near(crew: Crew, alliance: int, districts: Rows[District], links: Rows[Link]) -> int:
    """Return the fighters of the strongest hostile crews in a crew's district and next door by land.

    Old alliances count, the coalition does not: its truce lowers the rate, by a parameter of its own.
    """
    home = districts[crew.district]
    total = hostile(home, crew.gang, alliance)
    for row in range(home.first_link, home.last_link):
        link = links[row]
        if not link.sea:
            total += hostile(districts[link.target], crew.gang, alliance)
    return total


@rule
def weigh_rivals(state: State) -> float:
    """Note how many rivals each crew faces, and return their sum."""
    weight = 0.0
    for row in range(state.institution.crews):
        crew = state.crews[row]
        crew.rivals = 0.0
        if crew.fighters > 0:
            near = rivals_near(crew, state.gangs[crew.gang].alliance, state.districts, state.links)
            crew.rivals = 1.0 * min(crew.fighters, near)
            weight += crew.rivals
    return weight


@rule
def lose(state: State, chance: Chance, row: int, dead: int) -> None:
    """Of those who die where a crew fights its rivals some are bystanders, the others its fighters."""
    crew, bystanders = state.crews[row], 0
    for item in range(dead):
        if uniform(chance, BYSTANDER, crew.identity, item) < state.parameters.war.bystanders:
            bystanders += 1
    kill_civilians(state, BY_GANG, crew.district, bystanders)
    kill_fighters(state, BY_GANG, row, crew.district, dead - bystanders)


@rule
def wage_war(state: State, chance: Chance) -> None:
    """Spread the deaths of the war between gangs over crews by how many rivals they face."""
    war = state.parameters.war
    weight, fighters = weigh_rivals(state), 0
    for row in range(state.institution.crews):
        fighters += state.crews[row].fighters
    daily = war.rate * fighters / max(1, state.institution.fighters_on_day_0)
    if state.institution.coalition:
        daily *= 1.0 - war.truce
    for row in range(state.institution.crews):
        crew = state.crews[row]
        if crew.rivals > 0.0:
            dead = poisson(daily * crew.rivals / weight, uniform(chance, RIVALS_KILL, crew.identity))
            if dead > 0:
                lose(state, chance, row, dead)
