"""Gang rivalry: crews of hostile gangs that are close to each other kill each other and bystanders.

Violence peaks at borders (Brantingham and others 2012). The truce of a coalition ends most of the
fighting between its members. A crew fights only where fighters of a hostile gang are near, and the
deaths grow with the contacts between enemies.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.engine.records import Array, Rows
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
            "and with the contacts between enemies of day 0"
        ),
        scales=True,
    )
    truce_effect: float = parameter(
        0.75,
        "1",
        between=(0.3, 0.9),
        grade="C",
        source="assumption",
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
def fighters_near(
    crew: Crew, alliance: int, districts: Rows[District], links: Rows[Link], allied: Array
) -> int:
    """Return the fighters near a crew whose gangs are not of its gang's old alliance.

    These are in its own district and in those next door by land.

    Args:
        crew: The crew.
        alliance: The code of its gang's old alliance; 0 is none.
        districts: All districts.
        links: All links.
        allied: Fighters present (district, alliance), in the column 0 those of all gangs.
    """
    home = crew.district
    total = allied[home, 0] - (allied[home, alliance] if alliance > 0 else 0)
    for row in range(districts[home].place.first_link, districts[home].place.last_link):
        link = links[row]
        if not link.sea:
            there = link.target
            total += allied[there, 0] - (allied[there, alliance] if alliance > 0 else 0)
    return int(total)


@rule
def comrades_near(state: State, crew: Crew) -> int:
    """Return the fighters near a crew who are of its own gang, the crew included."""
    gang, total = state.gangs[crew.gang], crew.fighters
    if gang.crews == 1:
        return total
    row = gang.first_crew
    while row != NO_ONE:
        other = state.crews[row]
        if other.fighters > 0 and is_next_door(state, crew.district, other.district):
            total += other.fighters
        row = other.next_of_gang
    return total


@rule
def is_next_door(state: State, number: int, other: int) -> bool:
    """Return whether a district is next door by land to another."""
    found, place = False, state.districts[number].place
    for row in range(place.first_link, place.last_link):
        found = found or (state.links[row].target == other and not state.links[row].sea)
    return found


@rule
def face_rivals(state: State, crew: Crew) -> None:
    """Record how many fighters of a crew face an enemy.

    Enemies are all fighters of other gangs that are not of the same old alliance, in the crew's
    district or next door by land, as counted at dusk. A crew has no more fighters in contact than
    it has, and no more than there are enemies. The coalition does not count here: its truce
    lowers the deaths in a contact instead.
    """
    alliance = state.gangs[crew.gang].alliance
    enemies = fighters_near(crew, alliance, state.districts, state.links, state.allied_fighters)
    if alliance == 0:
        enemies -= comrades_near(state, crew)
    crew.facing_rivals = 1.0 * max(0, min(crew.fighters, enemies))


@rule
def count_contacts(state: State) -> float:
    """Record how many fighters of each crew face an enemy, and return the sum over crews."""
    contacts = 0.0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        crew.facing_rivals = 0.0
        if crew.fighters > 0:
            face_rivals(state, crew)
            contacts += crew.facing_rivals
    return contacts


@rule
def deaths_per_contact(state: State) -> float:
    """Return how many people die tonight on average for each fighter who faces an enemy.

    The contacts of day 0 bring the deaths that the parameter states. Where nobody faced an enemy
    on day 0, all fighters of that day count as if they had.
    """
    gang_rivalry, counters = GangRivalry.of(state), state.counters
    usual = counters.contacts_on_day_0
    if usual <= 0.0:
        usual = 1.0 * max(1, counters.fighters_on_day_0)
    rate: float = gang_rivalry.rate / usual
    return rate * (1.0 - gang_rivalry.truce_effect) if state.coalition.active else rate


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
    killed = kill_civilians(state, BY_GANG, crew.district, bystanders)
    state.daily.rivalry_bystanders += killed
    kill_fighters(state, BY_GANG, row, crew.district, dead - bystanders)


@rule
def fight_rivals(state: State, randomness: Randomness) -> None:
    """Let crews that face enemies kill and die, by how many of their fighters do.

    Runs at night, before attacks. Without an enemy near nobody dies. Enemies are looked for only
    where somebody would die if all fighters of the crew faced one.
    """
    rate = deaths_per_contact(state)
    for row in range(state.counters.crews):  # all before anybody dies
        crew = state.crews[row]
        crew.facing_rivals = 0.0
        if poisson(rate * crew.fighters, uniform(randomness, RIVALS_KILL, crew.identity)) > 0:
            face_rivals(state, crew)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.facing_rivals > 0.0:
            number = uniform(randomness, RIVALS_KILL, crew.identity)
            dead = poisson(rate * crew.facing_rivals, number)
            if dead > 0:
                apply_rivalry_deaths(state, randomness, row, dead)
