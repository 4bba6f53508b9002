"""Cordon and search: entry is announced, and officers search house by house and detain."""

from teritwa.engine.parameters import Parameters
from teritwa.rules.forces.postures import effects


class CordonAndSearch(Parameters):
    """What officers do who cordon a district off and search it."""

    lethality: float = effects.lethality(0.2, (0.05, 0.6))
    losses: float = effects.losses(0.6, (0.2, 1.0))
    bystanders: float = effects.bystanders(0.6, (0.2, 1.5))
    arrests: float = effects.arrests(40.0, (10.0, 150.0), effects.ASSUMPTION)
    surrender: float = effects.surrender(0.3, (0.1, 0.6))
    search: float = effects.search(0.6, (0.3, 1.0))
    detentions: float = effects.detentions(
        0.1,
        (0.02, 1.0),
        "assumption; 1,000 to 4,000 detained by some 1,300 in the two months of Kingston 2010",
    )
    night_share: float = effects.night_share(0.3, (0.05, 0.8))
    trust: float = effects.trust(-0.002, (-0.01, 0.001))
    cost: float = effects.cost(1.1, (1.0, 1.4))
    force_ratio: float = effects.force_ratio(3.0, (1.5, 6.0))
    patience: int = effects.patience(10, (3, 30))
    garrison: float = effects.garrison(0.0, (0.0, 0.0), "by definition: nobody stays")
    hand_over: int = effects.hand_over(1, (1, 1), "by definition: nobody stays")
