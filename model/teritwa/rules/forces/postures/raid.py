"""Raid: officers strike for a day or a few, and leave before dark."""

from teritwa.engine.parameters import Parameters
from teritwa.rules.forces.postures import effects

REFERENCE = "by definition: the raid is the reference"


class Raid(Parameters):
    """What officers do in a raid."""

    lethality: float = effects.lethality(1.0, (1.0, 1.0), REFERENCE)
    losses: float = effects.losses(1.0, (1.0, 1.0), REFERENCE)
    bystanders: float = effects.bystanders(1.0, (1.0, 1.0), REFERENCE)
    arrests: float = effects.arrests(
        0.3,
        (0.0, 1.0),
        "assumption; none reported beside 19 dead at Complexo do Alemão in June 2007",
    )
    surrender: float = effects.surrender(0.0, (0.0, 0.05))
    search: float = effects.search(0.02, (0.0, 0.1))
    detentions: float = effects.detentions(0.01, (0.0, 0.05))
    night_share: float = effects.night_share(
        0.05, (0.0, 0.2), "assumption; officers leave before dark without a forward base"
    )
    trust: float = effects.trust(-0.001, (-0.005, 0.0))
    cost: float = effects.cost(1.0, (1.0, 1.0), REFERENCE)
    force_ratio: float = effects.force_ratio(1.0, (0.3, 2.0))
    patience: int = effects.patience(3, (1, 7))
    garrison: float = effects.garrison(0.0, (0.0, 0.0), "by definition: nobody stays")
    hand_over: int = effects.hand_over(1, (1, 1), "by definition: nobody stays")
