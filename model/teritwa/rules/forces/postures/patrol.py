"""Patrol: officers move about the district in which they are quartered."""

from teritwa.engine.parameters import Parameters
from teritwa.rules.forces.postures import effects


class Patrol(Parameters):
    """What officers do who patrol around their quarters."""

    coverage: float = effects.coverage(1.0, (1.0, 1.0), "by definition: the reference")
    losses: float = effects.losses(0.5, (0.2, 1.0))
    search: float = effects.search(0.05, (0.01, 0.15))
    detentions: float = effects.detentions(0.002, (0.0, 0.01))
    trust: float = effects.trust(0.0002, (-0.0005, 0.001))
    cost: float = effects.cost(1.0, (0.9, 1.1))
