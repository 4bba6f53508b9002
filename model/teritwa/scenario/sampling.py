"""The chance in a scenario: uncertain values once a draw, events once a replicate.

Keyed by the parameter's or event's own name, so that other parameters, other events and the
scenario's name change nothing. Imported only when something is drawn, because
`teritwa.engine.randomness` compiles.
"""

from collections.abc import Collection

from teritwa.engine import randomness
from teritwa.scenario.reader.parameters import former_names

_PARAMETER = randomness.decision("value of an uncertain parameter")
_STRATUM = randomness.decision("part of its range for an uncertain parameter")
_HAPPENS = randomness.decision("dated event happens")
_WINDOW = randomness.decision("day of an event within its window")
_DELAY = randomness.decision("delay of an event after another")
_ORDER = randomness.decision("order of events of one day")
_OFFICERS = randomness.decision("officers who arrive with an event")


STRATA = 25
"""Draws in a block: each has another of as many equal parts of the range 0 to 1."""


def parameter_uniform(seed: int, draw: int, name: str) -> float:
    """Return the uniform of a parameter in a draw, the same for all its replicates.

    Draws are stratified in blocks (a Latin hypercube a block, McKay, Beckman and Conover 1979), so
    that few draws cover each range evenly; yet a draw depends on its own number alone, and more
    draws change none there are. A parameter keeps the address of its first name, so that renaming
    it moves no draw.
    """
    block, place = divmod(draw, STRATA)
    address = randomness.identity(former_names().get(name, name))
    of_block = randomness.run_randomness(seed, block, 0)
    order = [randomness.uniform(of_block, _STRATUM, address, item) for item in range(STRATA)]
    stratum = sorted(range(STRATA), key=order.__getitem__)[place]
    within = randomness.uniform(randomness.run_randomness(seed, draw, 0), _PARAMETER, address)
    return float((stratum + within) / STRATA)


class EventSampler:
    """The uniforms of events in one run, by event id.

    When an event of the known past falls, and how many come with it, is of the past. Whether an
    uncertain one happens is the run's own chance: it is asked of what might have been.

    Args:
        seed: Seed of the scenario.
        draw: The draw.
        replicate: The replicate.
        past: The chance of the events of the known past; None if there is none.
        known: Ids of the events of the known past.
    """

    def __init__(
        self,
        seed: int,
        draw: int,
        replicate: int,
        past: int | None = None,
        known: Collection[str] = (),
    ) -> None:
        self._chance = randomness.run_randomness(seed, draw, replicate)
        self._past = self._chance if past is None else randomness.month_randomness(past)
        self._known = frozenset(known)

    def _uniform(self, decision: int, event: str) -> float:
        is_past = event in self._known and decision != _HAPPENS
        chance = self._past if is_past else self._chance
        return float(randomness.uniform(chance, decision, randomness.identity(event)))

    def happens(self, event: str) -> float:
        """Return what is compared with the event's chance."""
        return self._uniform(_HAPPENS, event)

    def window(self, event: str) -> float:
        """Return where in its window the event falls."""
        return self._uniform(_WINDOW, event)

    def delay(self, event: str) -> float:
        """Return where in the distribution of its delay the event falls."""
        return self._uniform(_DELAY, event)

    def officers(self, event: str) -> float:
        """Return where in the distribution of its officers the event falls."""
        return self._uniform(_OFFICERS, event)

    def order(self, event: str) -> float:
        """Return what decides which of the events of a day comes first."""
        return self._uniform(_ORDER, event)
