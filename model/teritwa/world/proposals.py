"""Proposed influence of gangs on day 0, from a table of events such as ACLED's.

How much violence a gang commits in a place says little of who rules it: places that a gang rules
without a rival may be quiet. So this is a proposal, to be replaced by what is known of each place.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.world.boundaries import Boundary, identity_of
from teritwa.world.loading import WorldError
from teritwa.world.open_data import read_header
from teritwa.world.rows import HELD, STATE
from teritwa.world.shapes import contains

COLUMNS = ("actor1", "latitude", "longitude")
"""The columns of a table of events that are read, as ACLED names them."""

EVENTS_FOR_HALF = 20.0
"""Events of armed groups for 100,000 residents at which gangs have half of the influence."""

WITHOUT_EVENTS = 0.05
"""Influence of gangs where nothing is known."""

STATE_FORCES = ("police", "military", "armed forces", "government", "civilians", "protesters")
"""Words in the names of actors who are no gang."""

GROUP = "armed-group"
"""The gang of places about which nothing is known."""

NOTHING_KNOWN = f"assumption: {WITHOUT_EVENTS:g} where nothing is known (0-0.3)"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Influence of gangs in a place, who holds it, and the share of each gang's fighters."""

    gang_influence: float
    holder: str
    gangs: Mapping[str, float]
    source: str


def propose(
    events: Path | None, places: Sequence[Boundary], residents: Sequence[int]
) -> tuple[list[Proposal], str]:
    """Return a proposal for each place, and in words what is made of the events.

    Args:
        events: A table of events with the columns of `COLUMNS`; None if there is none.
        places: The places.
        residents: Their residents, persons.

    Raises:
        WorldError: If the table cannot be used, or no event lies in a place.
    """
    if events is None:
        nothing = Proposal(WITHOUT_EVENTS, STATE, {GROUP: 1.0}, NOTHING_KNOWN)
        return [nothing] * len(places), "gang influence is the same everywhere, of a made-up group"
    actors, points, others = _read_events(events)
    here = [Counter(np.array(actors)[contains(place, points)].tolist()) for place in places]
    used = sum(count.total() for count in here)
    if not used:
        what = "no event of an armed group lies in a district; are latitude and longitude swapped?"
        raise WorldError([f"{events}: {what}"])
    made = [
        _of_events(count, people, events.name)
        for count, people in zip(here, residents, strict=True)
    ]
    held = sum(one.holder != STATE for one in made)
    return made, (
        f"gang influence follows {used} events of {events.name}, by which gangs hold {held} of "
        f"{len(places)} districts; {len(actors) - used} events outside all districts, and {others} "
        "of forces of the state, civilians or nobody are left out"
    )


def _of_events(events: Counter[str], residents: int, name: str) -> Proposal:
    """Return the proposal for a place with some events by gang."""
    total = sum(events.values())
    if not total:
        return Proposal(WITHOUT_EVENTS, STATE, {GROUP: 1.0}, f"no event in {name}; {NOTHING_KNOWN}")
    rate = 100_000.0 * total / residents
    influence = max(WITHOUT_EVENTS, min(0.95, rate / (rate + EVENTS_FOR_HALF)))
    influence = math.floor(influence * 1000.0) / 1000.0
    strongest = min(events, key=lambda gang: (-events[gang], gang))
    shares = {gang: count / total for gang, count in sorted(events.items())}
    source = (
        f"{total} events in {name}; assumption: half of the influence at {EVENTS_FOR_HALF:g} "
        "events for 100,000 residents (5-60)"
    )
    return Proposal(influence, strongest if influence >= HELD else STATE, shares, source)


def _read_events(path: Path) -> tuple[list[str], NDArray[np.float64], int]:
    """Return gang and position (event, 2) of events of gangs, and how many others there are."""
    header, records = read_header(path, COLUMNS)
    found: list[tuple[str, tuple[float, float]]] = []
    problems = []
    for line, record in records:
        row = dict(zip(header, record, strict=False))
        try:
            found += [(identity_of(row["actor1"]) or GROUP, _point(row))] * is_gang(row["actor1"])
        except (KeyError, ValueError):
            problems.append(f"{path}:{line}: has no position in degrees")
    if problems:
        raise WorldError(problems)
    points = np.array([point for _, point in found], np.float64).reshape(-1, 2)
    return [gang for gang, _ in found], points, len(records) - len(found)


def _point(row: Mapping[str, str]) -> tuple[float, float]:
    """Return the position of an event, degrees east and north; raise KeyError or ValueError."""
    return float(row["longitude"]), float(row["latitude"])


def is_gang(actor: str) -> bool:
    """Return whether an actor is an armed group, by its name."""
    name = actor.strip().lower()
    return name != "" and not any(word in name for word in STATE_FORCES)
