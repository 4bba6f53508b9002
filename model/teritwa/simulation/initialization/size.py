"""Size of a world: what the model says of a whole country, in a world with a part of Haiti's gangs.

Rates such as `attack.rate` count what Haiti's gangs do in a day, all together. A small world runs at the same
parameters: its gangs have a part of Haiti's fighters, and do the same part of what Haiti's do, so that each fighter
does as much as there. What is said of a person, a place, a gang or a day is the same in every world, and so are the
mission and its money, which scenarios bring.
"""

from collections.abc import Mapping

from teritwa.rules.registry import registry

PER_COUNTRY = frozenset(
    (
        "arms.smuggling_rate",
        "attack.rate",
        "tasking.daily_operations",
        "tasking.usual_attacks",
        "membership.fighters_day0",
        "membership.prisoners_day0",
        "casualties.killed_day0",
        "kidnapping.rate",
        "police_attrition.cadets_per_year",
        "gang_rivalry.rate",
    )
)
"""Parameters that count something in the whole country, and grow with its gangs."""


def scale_to_size(values: Mapping[str, float], size: float) -> dict[str, float]:
    """Return parameters by full name as they are in a world of a size; what is counted stays whole."""
    return {name: _scaled(name, value, size) if name in PER_COUNTRY else value for name, value in values.items()}


def _scaled(name: str, value: float, size: float) -> float:
    """Return a number for a whole country in a world of a size; of what there is at least one remains."""
    if registry()[name].whole:
        return min(value, max(1, round(value * size)))
    return value * size
