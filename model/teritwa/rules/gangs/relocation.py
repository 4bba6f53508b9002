"""Pressure (M16): what crews do when forces come: hide, shift to where nobody looks, or dig in beforehand.

When a crew is driven out, a share of it shifts at once to the least covered place next door (the
balloon effect, seen in Rio de Janeiro's pacification and in drug routes: Magaloni and others 2020;
Magliocca and others 2019); the others hide and may come back
(`teritwa.rules.forces.night_posture`). Gangs that are left alone dig in, and are harder to drive
out.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.state import State
from teritwa.rules.gangs.attack_resolution import crew_of

SHIFTS = decision("crew under pressure shifts elsewhere")


class Relocation(Parameters):
    """How crews answer to pressure."""

    enabled: bool = switch(
        meaning="crews shift to uncovered places, and dig in where they are left alone"
    )
    shift_share: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.7),
        grade="A",
        source="assumption on the value, sign from Magaloni and others 2020 and Magliocca and others 2019",
        meaning="share of a crew's fighters who shift to the least covered place next door when it is driven out",
    )
    entrenchment_time: float = parameter(
        180.0,
        "days",
        between=(30.0, 720.0),
        bounds=(0.1, 36500.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which gangs dig in where they dominate, and their works decay elsewhere",
    )
    entrenchment_effect: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="how many more officers a fighter are needed to drive out gangs that have dug in wholly",
    )


@rule
def update_entrenchment(state: State) -> None:
    """Gangs dig in, in proportion to their influence, or their works decay."""
    step = 1.0 - math.exp(-1.0 / Relocation.of(state).entrenchment_time)
    for district in state.districts:
        district.control.entrenchment += step * (
            district.control.gang_influence - district.control.entrenchment
        )


@rule
def least_covered(state: State, number: int) -> int:
    """Return the district next door by land with fewest officers by day, the first of several, or NO_ONE."""
    best, home = NO_ONE, state.districts[number]
    for link in range(home.place.first_link, home.place.last_link):
        if not state.links[link].sea:
            target = state.links[link].target
            if (
                best == NO_ONE
                or state.districts[target].presence.officers_day
                < state.districts[best].presence.officers_day
            ):
                best = target
    return best


@rule
def relocate_crew(state: State, randomness: Randomness, row: int) -> None:
    """A share of a crew that is driven out shifts next door, to its gang's crew there."""
    relocation, crew = Relocation.of(state), state.crews[row]
    moving = stochastic_round(
        relocation.shift_share * crew.fighters, uniform(randomness, SHIFTS, crew.identity)
    )
    place = least_covered(state, crew.district) if relocation.enabled and moving > 0 else NO_ONE
    there = crew_of(state, crew.gang, place) if place != NO_ONE else NO_ONE
    if there != NO_ONE:
        moved = min(moving, crew.fighters)
        crew.fighters -= moved
        state.crews[there].fighters += moved
