"""Intelligence (M5, M5b): what the forces see of the gangs, from tips and from the air.

The detected share is visible + (1 - visible) * tips (form: Athena simulation; Wheeler 2005 on urban
visibility). Tips rise with people's trust and fall with intimidation: informing needs somebody to
protect the informer (Kalyvas 2006). What is told reaches those who act only as far as the forces
act together and share a language with the people.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.forces.drones import Drones


class Intelligence(Parameters):
    """What is seen without help, and what tips are worth."""

    enabled: bool = switch(meaning="people give tips")
    visible_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 0.8),
        grade="B",
        source="assumption; Wheeler 2005 puts urban visibility near 0.5",
        meaning="share of fighters that is seen without tips",
    )
    intimidation_share: float = parameter(
        0.9,
        "1",
        between=(0.3, 1.0),
        grade="B",
        source="assumption on the value; Kalyvas 2006 on informing where one side dominates",
        meaning="share of the tips that people keep to themselves where gangs have all influence",
    )
    lost_tips_share: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the tips that never reach those who act when the forces do not act together",
    )


@rule
def tips(state: State, district: District) -> float:
    """Return the share of what they know of the unseen fighters that people bring to those who act."""
    intelligence: Intelligence = Intelligence.of(state)
    if not intelligence.enabled:
        return 0.0
    heard = 1.0 - intelligence.lost_tips_share * (1.0 - state.governance.coordination)
    return (
        district.people.trust
        * (1.0 - intelligence.intimidation_share * district.control.gang_influence)
        * heard
    )


@rule
def detection(state: State, district: District) -> float:
    """Return the share of a district's fighters that the forces know of."""
    visible: float = Intelligence.of(state).visible_share
    shown: float = Drones.of(state).detection_gain if Drones.of(state).enabled else 0.0
    known = visible + (1.0 - visible) * tips(state, district)
    return known + (1.0 - known) * shown * district.presence.drone_coverage
