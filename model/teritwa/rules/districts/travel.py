"""Travel: how long the way by land is from one district to another.

Times are known between districts that are near each other, or between which relatives live. Others
count as farther than all of these.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.state import State

FAR = 10_000.0
"""Hours to a district that is joined by land and far away: more than any other way takes."""


@rule
def destination_to(state: State, origin: int, host: int) -> int:
    """Return the row of the destination from a district to a host, or NO_ONE if it is too far.

    In a small country, and where places near each other stand next to each other in its table, the
    hosts of a list are consecutive, and nothing need be searched for.
    """
    place = state.districts[origin].place
    low, high = place.first_destination, place.last_destination - 1
    if place.consecutive_hosts:
        offset = host - place.first_host
        return low + offset if 0 <= offset <= high - low else NO_ONE
    while low < high:
        middle = (low + high) // 2
        if state.destinations[middle].host < host:
            low = middle + 1
        else:
            high = middle
    return low if state.destinations[low].host == host else NO_ONE


@rule
def hours_between(state: State, origin: int, other: int) -> float:
    """Return the travel time by land between two districts, hours; infinite without a way."""
    row = destination_to(state, origin, other)
    if row != NO_ONE:
        return state.destinations[row].hours
    joined = state.districts[origin].place.landmass == state.districts[other].place.landmass
    return FAR if joined else math.inf
