"""Intelligence (M5): what the forces see of the gangs, from tips.

The detected share is visible + (1 - visible) * cooperation (form: Athena simulation; Wheeler 2005 on urban
visibility); people cooperate less where gangs dominate, for informing needs somebody to protect the informer
(Kalyvas 2006).
"""

from teritwa.agents.district import District
from teritwa.compiled import rule
from teritwa.quantity import Parameters, parameter


class Intelligence(Parameters):
    """What is seen without help, and how much help people give."""

    visible: float = parameter(
        0.5,
        "1",
        between=(0.2, 0.8),
        grade="B",
        source="assumption; Wheeler 2005 puts urban visibility near 0.5",
        meaning="share of fighters that is seen without tips",
    )
    cooperation: float = parameter(
        0.3,
        "1",
        between=(0.05, 0.7),
        grade="C",
        source="assumption; a huge deficit in intelligence is reported by S68's article",
        meaning="share of the unseen that people tell of where the state is undisputed",
    )


@rule
def detection(district: District, intelligence: Intelligence) -> float:
    """Return the share of a district's fighters that the forces know of."""
    cooperation = intelligence.cooperation * (1.0 - district.gang_influence)
    return intelligence.visible + (1.0 - intelligence.visible) * cooperation
