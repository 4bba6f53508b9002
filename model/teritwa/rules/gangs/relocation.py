"""Relocation: what crews do under pressure from the forces: shift elsewhere, hide, or dig in.

When a crew is driven out, a share of it shifts at once to the least covered district next door (the
balloon effect, seen in Rio de Janeiro's pacification and in drug routes: Magaloni and others 2020;
Magliocca and others 2019). The others hide and may come back
(`teritwa.rules.forces.night_posture`). Gangs that are left alone dig in, and are then harder to
drive out.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.state import State
from teritwa.rules.gangs.crews import crew_of

SHIFTS = decision("crew under pressure shifts elsewhere")
NEIGHBOUR = decision("one of equally covered neighbours takes a crew under pressure")


class Relocation(Parameters):
    """How many fighters shift elsewhere, and how far gangs dig in."""

    enabled: bool = switch(
        meaning="crews shift to districts with few officers, and dig in where they are left alone"
    )
    shift_share: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.7),
        grade="A",
        source=(
            "assumption on the value, sign from Magaloni and others 2020 "
            "and Magliocca and others 2019"
        ),
        meaning=(
            "share of a crew's fighters who shift to the least covered district next door "
            "when the crew is driven out"
        ),
    )
    entrenchment_time: float = parameter(
        180.0,
        "days",
        between=(30.0, 720.0),
        bounds=(0.1, 36500.0),
        grade="C",
        source="assumption",
        meaning=(
            "e-folding time with which gangs dig in where they dominate, "
            "and their defences decay elsewhere"
        ),
    )
    entrenchment_effect: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning=(
            "increase of the officers per fighter needed to drive out gangs "
            "that are fully dug in, relative to gangs that are not"
        ),
        informed_by="past missions: whether places were cleared",
    )


@rule
def update_entrenchment(state: State) -> None:
    """Let the entrenchment of gangs in each district follow their influence there.

    Runs at midnight, after influence is updated: gangs dig in where they dominate, and their
    defences decay where they have lost influence.
    """
    step = 1.0 - math.exp(-1.0 / Relocation.of(state).entrenchment_time)
    for district in state.districts:
        control = district.control
        control.entrenchment += step * (control.gang_influence - control.entrenchment)


@rule
def lot(randomness: Randomness, district: District) -> float:
    """Return a district's lot of today: the lowest takes a crew among equals."""
    return uniform(randomness, NEIGHBOUR, district.identity)


@rule
def is_less_covered(randomness: Randomness, district: District, other: District) -> bool:
    """Return whether a district has fewer officers by day than another; of equals a lot decides."""
    if district.presence.officers_day != other.presence.officers_day:
        return district.presence.officers_day < other.presence.officers_day
    return lot(randomness, district) < lot(randomness, other)


@rule
def least_covered(state: State, randomness: Randomness, number: int) -> int:
    """Return the row of the district next door by land with fewest officers by day.

    Of several such districts a lot decides. NO_ONE is returned if none is next door by land.
    """
    best, place, districts = NO_ONE, state.districts[number].place, state.districts
    for row in range(place.first_link, place.last_link):
        link = state.links[row]
        if not link.sea:
            there = districts[link.target]
            if best == NO_ONE or is_less_covered(randomness, there, districts[best]):
                best = link.target
    return best


@rule
def relocate_crew(state: State, randomness: Randomness, row: int) -> None:
    """Move a share of a crew that is driven out to its gang's crew in a district next door.

    Runs by day, when an operation clears a district. The gang's crew there is made if there is
    none. Nobody moves if no district is next door by land.

    Args:
        state: The state.
        randomness: The noise of the run today.
        row: The row of the crew that is driven out.
    """
    relocation, crew = Relocation.of(state), state.crews[row]
    moving = stochastic_round(
        relocation.shift_share * crew.fighters, uniform(randomness, SHIFTS, crew.identity)
    )
    place = NO_ONE
    if relocation.enabled and moving > 0:
        place = least_covered(state, randomness, crew.district)
    if place != NO_ONE:
        moved = min(moving, crew.fighters)
        crew.fighters -= moved
        state.crews[crew_of(state, crew.gang, place)].fighters += moved
