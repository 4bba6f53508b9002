"""Static guard: officers guard a point, such as an airport or a base, and little beyond it."""

from teritwa.engine.parameters import Parameters
from teritwa.rules.forces.postures import effects


class StaticGuard(Parameters):
    """What officers do who guard a point."""

    coverage: float = effects.coverage(0.4, (0.1, 0.8))
    losses: float = effects.losses(0.3, (0.1, 0.8))
    search: float = effects.search(0.0, (0.0, 0.02))
    detentions: float = effects.detentions(0.0, (0.0, 0.002))
    trust: float = effects.trust(0.0, (-0.001, 0.0005))
    cost: float = effects.cost(0.9, (0.7, 1.0))
