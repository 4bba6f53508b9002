"""Crews: at most one of a gang in a district, each in the lists of its district and its gang.

A crew stays in its list when nobody is left of it, and never changes its district: who moves joins
his or her gang's crew in the other district, which is made if there is none.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import identity
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import kill_fighters
from teritwa.rules.sharing import part_of, random_start

CREW_BORN = identity("crew of a gang in a district")


@rule
def crew_identity(gang: int, district: int) -> int:
    """Return the identity of a crew, made from those of its gang and its district.

    Its random numbers then do not depend on the order in which crews come into being.
    """
    return (gang * 31 + district * 17 + CREW_BORN) % 4294967296


@rule
def find_crew(state: State, gang: int, number: int) -> int:
    """Return the row of a gang's crew in a district, or NO_ONE."""
    row: int = state.districts[number].presence.first_crew
    while row != NO_ONE and state.crews[row].gang != gang:
        row = state.crews[row].next_crew
    return row


@rule
def enter_crew(state: State, row: int) -> None:
    """Enter a new crew in the lists of its district, as the last, and of its gang."""
    crew = state.crews[row]
    presence = state.districts[crew.district].presence
    crew.next_crew = NO_ONE
    if presence.first_crew == NO_ONE:
        presence.first_crew = row
    else:
        state.crews[presence.last_crew].next_crew = row
    presence.last_crew = row
    gang = state.gangs[crew.gang]
    gang.crews += 1
    crew.next_of_gang, gang.first_crew = gang.first_crew, row


@rule
def crew_of(state: State, gang: int, number: int) -> int:
    """Return the row of a gang's crew in a district, and make an empty crew if there is none.

    Args:
        state: The state.
        gang: The gang's row.
        number: The district's row.

    Returns:
        The crew's row. If no row is free, that of any crew, and the run stops at midnight
        (`teritwa.rules.conservation`); `teritwa.simulation.room` keeps enough rows free.
    """
    row = find_crew(state, gang, number)
    if row == NO_ONE and state.counters.crews == state.crews.size:
        state.counters.out_of_room = True
        row = 0
    elif row == NO_ONE:
        row = state.counters.crews
        state.counters.crews += 1
        crew = state.crews[row]
        crew.identity = crew_identity(state.gangs[gang].identity, state.districts[number].identity)
        crew.gang, crew.district, crew.target = gang, number, NO_ONE
        enter_crew(state, row)
    return row


@rule
def count_fighters_in(state: State, number: int) -> int:
    """Return the fighters who are in a district now."""
    here, row = 0, state.districts[number].presence.first_crew
    while row != NO_ONE:
        here += state.crews[row].fighters
        row = state.crews[row].next_crew
    return here


@rule
def kill_among_crews(state: State, number: int, by: int, dead: int, share: float) -> None:
    """Kill fighters of all crews of a district, in proportion to their fighters.

    Args:
        state: All records of the run.
        number: The district's row.
        by: The perpetrator.
        dead: How many fighters die, or all there are.
        share: A uniform random number in [0, 1).
    """
    here, before = count_fighters_in(state, number), 0
    dead = min(dead, here)
    if dead <= 0:
        return
    start, row = random_start(here, share), state.districts[number].presence.first_crew
    while row != NO_ONE:
        own = state.crews[row].fighters
        kill_fighters(state, by, row, number, part_of(dead, before, own, here, start))
        before += own
        row = state.crews[row].next_crew
