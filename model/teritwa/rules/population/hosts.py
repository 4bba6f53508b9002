"""Hosts: where people who flee stay.

Where people go depends on distance and on family ties, which reach across the country. Hosts with
more people of the same origin attract more of them (Saldarriaga and Hua 2019).

Distance and ties are those of the district that people leave. Displaced people who flee again so
choose as the residents do who leave with them (assumption), but never the district that they once
fled from.
"""

from teritwa.engine.compiler import rule
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.travel import destination_to
from teritwa.rules.population.displacement import Displacement

SHARES_PER_ENTRY = 8
"""Shares for which the search has one entry: a walk over some costs less than a jump to one."""


@rule
def network_per_person(state: State, place: int) -> float:
    """Return by how much each of a district's displaced people at a host raises its attraction.

    If all of them were there, it would rise by the network effect.
    """
    away = state.districts[place].people.displaced_from
    effect: float = Displacement.of(state).network_effect
    return effect / max(1, away)


@rule
def weigh_hosts(state: State, place: int) -> tuple[float, float]:
    """Write the attraction of each host for people who leave a district into ``state.pulls``.

    It is the safety of the host, raised by the people of the district who are there already.

    Args:
        state: The state.
        place: The row of the district that they leave, which attracts nobody.

    Returns:
        The sum of attractions weighted by nearness, and the sum weighted by family ties.
    """
    here, network = state.districts[place].place, network_per_person(state, place)
    near, family = 0.0, 0.0
    for row in range(here.first_destination, here.last_destination):
        destination = state.destinations[row]
        pull = state.safety[destination.host] * (1.0 + network * state.displaced[row])
        if destination.host == place:
            pull = 0.0
        near += pull * state.near[row]
        family += pull * destination.family
        state.pulls[row - here.first_destination] = pull
    return near, family


@rule
def share_hosts(state: State, place: int) -> bool:
    """Write into ``state.pulls`` up to which share of those who leave a district each host takes.

    A fixed share goes by family ties, the others near by. If no relatives live in a safe district,
    all go near by.

    Args:
        state: The state.
        place: The row of the district that they leave.

    Returns:
        Whether any host is safe; if not, people stay.
    """
    near, family = weigh_hosts(state, place)
    if near <= 0.0:
        return False
    tie = Displacement.of(state).family_tie_weight if family > 0.0 else 0.0
    by_near, by_family = (1.0 - tie) / near, tie / family if family > 0.0 else 0.0
    total, first = 0.0, state.districts[place].place.first_destination
    for row in range(first, state.districts[place].place.last_destination):
        by_way = by_near * state.near[row] + by_family * state.destinations[row].family
        total += state.pulls[row - first] * by_way
        state.pulls[row - first] = total
    index_shares(state, state.districts[place].place.last_destination - first)
    return True


@rule
def index_shares(state: State, length: int) -> None:
    """Write into ``state.guide`` where the search for a share begins in ``state.pulls``.

    Of ``n`` entries, entry ``k`` is the first place whose share is at least ``k / n`` of the whole,
    so that a search takes some steps whatever the length (Chen and Asau 1974, "On generating random
    variates from an empirical distribution").

    Args:
        state: The state, with rising shares in ``pulls``.
        length: How many there are.
    """
    entries = 1 + length // SHARES_PER_ENTRY
    place, step = 0, state.pulls[length - 1] / entries
    for entry in range(entries):
        while place < length - 1 and state.pulls[place] < entry * step:
            place += 1
        state.guide[entry] = place


@rule
def first_at_least(state: State, length: int, share: float) -> int:
    """Return the place of the first share in ``state.pulls`` that is at least some share.

    Args:
        state: The state, with rising shares in ``pulls``, and where to begin in ``guide``.
        length: How many there are.
        share: The share.
    """
    entries = 1 + length // SHARES_PER_ENTRY
    entry = int(share / state.pulls[length - 1] * entries)
    place = int(state.guide[max(0, min(entries - 1, entry))])
    while place < length - 1 and state.pulls[place] < share:
        place += 1
    return place


@rule
def settle(state: State, origin: int, host: int, people: int) -> int:
    """Settle displaced people of an origin at a host; return how many: none if it is too far.

    Args:
        state: The state.
        origin: The row of the district that they come from.
        host: The row of the host.
        people: How many; a negative number leaves the host.
    """
    row = destination_to(state, origin, host)
    if row == NO_ONE:
        return 0
    state.displaced[row] += people
    state.hosted[destination_to(state, host, origin)] += people
    state.districts[host].people.displaced_hosted += people
    return people


@rule
def settle_at_hosts(state: State, place: int, row: int, people: int, number: float) -> int:
    """Settle people who leave a district at hosts; return how many found one.

    They go as households, which stay together. Systematic sampling: each host takes whole
    households that add up, by the shares of `share_hosts` without that of the origin. The search
    goes from one host that takes somebody to the next.

    Args:
        state: The state, with the shares of hosts in ``pulls``.
        place: The row of the district that they leave now.
        row: The row of the destination from there to the district that they come from.
        people: How many look for a host.
        number: A uniform random number in [0, 1).
    """
    here, origin = state.districts[place].place, state.destinations[row].host
    length, first = here.last_destination - here.first_destination, here.first_destination
    below = state.pulls[row - first - 1] if row > first else 0.0
    origins = state.pulls[row - first] - below
    households = count_households(people, Displacement.of(state).household_size)
    step = (state.pulls[length - 1] - origins) / max(1, households)
    before, placed, found = 0, 0, 0
    while before < households and step > 0.0:
        share = (before + 1.0 - number) * step
        chosen = first_at_least(state, length, share if share <= below else share + origins)
        until = before + 1
        if until < households:
            reached: float = state.pulls[chosen]
            reached -= origins if reached > below else 0.0
            until = min(households, max(until, int(reached / step + number)))
        reached_by = persons_of(people, households, until, number)
        host = state.destinations[first + chosen].host
        found += settle(state, origin, host, reached_by - placed)
        before, placed = until, reached_by
    return found


@rule
def count_households(people: int, size: int) -> int:
    """Return as how many households people flee: of equal size, but for a person."""
    return (people + size - 1) // size if people > size else min(1, people)


@rule
def persons_of(people: int, households: int, first: int, number: float) -> int:
    """Return how many persons the first of some households are.

    Args:
        people: The persons of all households.
        households: How many households there are.
        first: How many of them count.
        number: A uniform random number in [0, 1): it decides who has a person more.
    """
    if first in (0, households):
        return people if first > 0 else 0
    return int(people * (1.0 * first / households) + number)
