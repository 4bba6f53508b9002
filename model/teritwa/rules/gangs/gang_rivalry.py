"""Gang rivalry: crews of hostile gangs that are close to each other kill each other and bystanders.

Violence peaks at borders (Brantingham and others 2012). Before the coalition formed, some 7 to 11
people a day died in fights between gangs (derived from the counts of January and February 2024).
The coalition's truce ended most of that fighting.
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
    """How many people die in fights between gangs, and how far the truce stops them."""

    enabled: bool = switch(meaning="gangs fight each other")
    rate: float = parameter(
        9.0,
        "persons killed per day",
        between=(4.0, 14.0),
        grade="C",
        source="assumption",
        meaning=(
            "persons killed in fights between gangs in the country, without the coalition's truce "
            "and with the fighters of day 0"
        ),
        scales=True,
    )
    truce_effect: float = parameter(
        0.75,
        "1",
        between=(0.3, 0.9),
        grade="C",
        source="assumption; derived from the counts of 2024: 0.54 to 0.65 and more",
        meaning="share of these deaths that the coalition's truce prevents",
    )
    bystander_share: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="share of these deaths that are civilians",
    )


@rule
def hostile_fighters(district: District, gang_row: int, alliance: int) -> int:
    """Return the fighters of the strongest crew in a district if it is hostile to a gang, else 0.

    A crew is hostile if it belongs to another gang that is not of the same old alliance.

    Args:
        district: The district.
        gang_row: The gang's row.
        alliance: The code of the gang's old alliance; 0 is none.
    """
    presence = district.presence
    if presence.strongest_gang in (NO_ONE, gang_row):
        return 0
    if alliance > 0 and alliance == presence.strongest_alliance:
        return 0
    return presence.strongest_fighters


@rule
def rivals_near(crew: Crew, alliance: int, districts: Rows[District], links: Rows[Link]) -> int:
    """Return the fighters of the strongest hostile crews near a crew.

    These crews stand in its own district and in those next door by land.
    Old alliances count here. The coalition does not: its truce lowers the rate of deaths instead.

    Args:
        crew: The crew.
        alliance: The code of its gang's old alliance; 0 is none.
        districts: All districts.
        links: All links.
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
    """Record how many rivals each crew faces, at most its own fighters, and return the sum."""
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
    """Kill ``dead`` people where a crew fights its rivals: bystanders, and fighters of the crew.

    Each of the dead is a bystander with the probability ``bystander_share``.
    """
    crew, bystanders = state.crews[row], 0
    share = GangRivalry.of(state).bystander_share
    for item in range(dead):
        if uniform(randomness, BYSTANDER, crew.identity, item) < share:
            bystanders += 1
    kill_civilians(state, BY_GANG, crew.district, bystanders)
    kill_fighters(state, BY_GANG, row, crew.district, dead - bystanders)


@rule
def expected_rivalry_deaths(state: State) -> float:
    """Return how many people die in fights between gangs tonight, on average."""
    gang_rivalry, fighters = GangRivalry.of(state), 0
    for row in range(state.counters.crews):
        fighters += state.crews[row].fighters
    expected: float = gang_rivalry.rate * fighters / max(1, state.counters.fighters_on_day_0)
    if state.coalition.active:
        expected *= 1.0 - gang_rivalry.truce_effect
    return expected


@rule
def fight_rivals(state: State, randomness: Randomness) -> None:
    """Distribute the deaths in fights between gangs over crews, by the rivals that each faces.

    Runs at night, before attacks. The number of deaths in the country grows with the number of
    fighters, and falls while the coalition's truce holds.
    """
    rivals, expected = count_rivals(state), expected_rivalry_deaths(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.facing_rivals > 0.0:
            rate = expected * crew.facing_rivals / rivals
            dead = poisson(rate, uniform(randomness, RIVALS_KILL, crew.identity))
            if dead > 0:
                apply_rivalry_deaths(state, randomness, row, dead)
