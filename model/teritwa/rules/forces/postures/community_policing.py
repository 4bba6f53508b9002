"""Community policing: officers stay, are known, and hear what people tell them."""

from teritwa.engine.parameters import Parameters
from teritwa.rules.forces.postures import effects


class CommunityPolicing(Parameters):
    """What officers do who police together with the people of their district."""

    coverage: float = effects.coverage(1.1, (0.8, 1.5))
    losses: float = effects.losses(0.7, (0.3, 1.2))
    search: float = effects.search(0.1, (0.03, 0.3))
    detentions: float = effects.detentions(0.001, (0.0, 0.01))
    trust: float = effects.trust(0.002, (0.0, 0.008))
    cost: float = effects.cost(1.0, (0.9, 1.2))
