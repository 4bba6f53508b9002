"""Ranking (M10): the targets of a force from the best to the worst, one at a time.

Most are never asked for: officers run out before. A heap gives the best of those that are left
without a comparison of each with each.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State

TARGET_FIRST = decision("one of equally good targets comes first")


@rule
def lot(randomness: Randomness, district: District) -> float:
    """Return a district's lot of today: the lowest comes first among equals."""
    return uniform(randomness, TARGET_FIRST, district.identity)


@rule
def comes_first(state: State, randomness: Randomness, place: int, other: int) -> bool:
    """Return whether one of ``targets`` is better than another; of equals a lot decides."""
    district, rival = state.districts[state.targets[place]], state.districts[state.targets[other]]
    if district.orders.force_score != rival.orders.force_score:
        return district.orders.force_score > rival.orders.force_score
    return lot(randomness, district) < lot(randomness, rival)


@rule
def sift_down(state: State, randomness: Randomness, place: int, targets: int) -> None:
    """Let a target sink in the heap of ``targets`` until it is better than those below it.

    Below the place ``p`` of a heap are the places ``2 p + 1`` and ``2 p + 2``.

    Args:
        state: The state.
        randomness: The random numbers of the day.
        place: Where the target stands.
        targets: How many there are.
    """
    below = 2 * place + 1
    while below < targets:
        if below + 1 < targets and comes_first(state, randomness, below + 1, below):
            below += 1
        if not comes_first(state, randomness, below, place):
            break
        first, second = state.targets[place], state.targets[below]
        state.targets[place], state.targets[below] = second, first
        place, below = below, 2 * below + 1


@rule
def rank_targets(state: State, randomness: Randomness, targets: int) -> None:
    """Make a heap of the first rows in ``targets``, whose first is the best."""
    for place in range(targets // 2 - 1, -1, -1):
        sift_down(state, randomness, place, targets)


@rule
def take_best_target(state: State, randomness: Randomness, targets: int) -> int:
    """Take the best out of a heap of targets, and return it."""
    best = int(state.targets[0])
    state.targets[0] = state.targets[targets - 1]
    sift_down(state, randomness, 0, targets - 1)
    return best
