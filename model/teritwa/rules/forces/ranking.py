"""Ranking: candidates from the best to the worst, one at a time.

Candidates are targets of a force (M10) or police stations that lack officers. Most are never asked
for: officers or cadets run out before. A heap gives the best of those that are left without a
comparison of each with each.
"""

from teritwa.engine.compiler import rule
from teritwa.rules.agents.district import Candidate
from teritwa.rules.agents.state import State


@rule
def put_candidate(state: State, place: int, row: int, score: float, lot: float) -> None:
    """Write a candidate into a place of ``candidates``.

    Args:
        state: The state.
        place: The place.
        row: The candidate's row in its own table.
        score: Its score.
        lot: A uniform random number: among equals the lowest comes first.
    """
    candidate = state.candidates[place]
    candidate.number, candidate.score, candidate.lot = row, score, lot


@rule
def comes_first(candidate: Candidate, other: Candidate) -> bool:
    """Return whether a candidate is better than another; of equals a lot decides."""
    if candidate.score != other.score:
        return candidate.score > other.score
    return candidate.lot < other.lot


@rule
def sift_down(state: State, place: int, length: int) -> None:
    """Let a candidate sink in the heap of ``candidates`` until it is better than those below it.

    Below the place ``p`` of a heap are the places ``2 p + 1`` and ``2 p + 2``.

    Args:
        state: The state.
        place: Where the candidate stands.
        length: How many there are.
    """
    below = 2 * place + 1
    while below < length:
        if below + 1 < length and comes_first(state.candidates[below + 1], state.candidates[below]):
            below += 1
        sinking, rising = state.candidates[place], state.candidates[below]
        if not comes_first(rising, sinking):
            break
        row, score, lot = sinking.number, sinking.score, sinking.lot
        put_candidate(state, place, rising.number, rising.score, rising.lot)
        put_candidate(state, below, row, score, lot)
        place, below = below, 2 * below + 1


@rule
def rank_candidates(state: State, length: int) -> None:
    """Make a heap of the first rows in ``candidates``, whose first is the best."""
    for place in range(length // 2 - 1, -1, -1):
        sift_down(state, place, length)


@rule
def take_best_candidate(state: State, length: int) -> int:
    """Take the best out of a heap of candidates, and return its row in its own table."""
    best, last = state.candidates[0].number, state.candidates[length - 1]
    put_candidate(state, 0, last.number, last.score, last.lot)
    sift_down(state, 0, length - 1)
    return best
