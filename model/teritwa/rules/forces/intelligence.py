"""Intelligence (M5, M5b): which share of the gangs the forces detect, from tips and from the air.

The detected share is visible + (1 - visible) * tips (form: Athena simulation; Wheeler 2005 on urban
visibility). Tips rise with people's trust and fall with intimidation, because informers need
protection (Kalyvas 2006). Tips reach the units that act only as far as the forces coordinate and
share a language with the people.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.forces.drones import Drones


class Intelligence(Parameters):
    """What is visible without help, and how many tips are lost."""

    enabled: bool = switch(meaning="people give tips")
    visible_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 0.8),
        grade="B",
        source="assumption; Wheeler 2005 puts urban visibility near 0.5",
        meaning="share of fighters detected without tips",
    )
    intimidation_share: float = parameter(
        0.9,
        "1",
        between=(0.3, 1.0),
        grade="B",
        source="assumption on the value; Kalyvas 2006 on informing where one side dominates",
        meaning="share of the tips that people withhold where gangs have all influence",
    )
    lost_tips_share: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the tips that never reach the units that act when the forces do not "
        "coordinate at all",
    )


@rule
def tips(state: State, district: District) -> float:
    """Return the share of the fighters not visible that people's tips reveal to the forces.

    It rises with trust, and falls with the influence of gangs and with poor coordination.
    """
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
    """Return the share of a district's fighters that the forces detect.

    Drones add to what is visible and to tips a part of what is still undetected.
    """
    visible: float = Intelligence.of(state).visible_share
    shown: float = Drones.of(state).detection_gain if Drones.of(state).enabled else 0.0
    known = visible + (1.0 - visible) * tips(state, district)
    return known + (1.0 - known) * shown * district.presence.drone_coverage
