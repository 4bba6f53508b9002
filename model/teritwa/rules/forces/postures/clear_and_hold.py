"""Clear and hold: officers come in strength, stay by night, and hand over when it is quiet."""

from teritwa.engine.parameters import Parameters
from teritwa.rules.forces.postures import effects


class ClearAndHold(Parameters):
    """What officers do who clear a district and hold it."""

    lethality: float = effects.lethality(0.6, (0.2, 1.0))
    losses: float = effects.losses(0.8, (0.4, 1.2))
    bystanders: float = effects.bystanders(0.6, (0.2, 1.0))
    arrests: float = effects.arrests(
        4.0,
        (1.0, 15.0),
        "assumption; 123 to 200 arrested and 37 to 41 killed at Complexo do Alemão in 2010, whose "
        "entry was announced",
    )
    surrender: float = effects.surrender(0.1, (0.0, 0.3))
    search: float = effects.search(0.15, (0.05, 0.4))
    detentions: float = effects.detentions(0.02, (0.0, 0.1))
    night_share: float = effects.night_share(0.8, (0.4, 0.95))
    trust: float = effects.trust(0.0005, (-0.001, 0.003))
    cost: float = effects.cost(1.1, (1.0, 1.4))
    force_ratio: float = effects.force_ratio(3.0, (1.5, 6.0))
    patience: int = effects.patience(21, (7, 60))
    garrison: float = effects.garrison(
        4.0,
        (1.0, 12.0),
        "assumption; 6 to 18 per 1,000 residents in Rio de Janeiro's pacified favelas "
        "(Magaloni, Franco and Melo 2015), with all posts and shifts",
    )
    hand_over: int = effects.hand_over(90, (30, 360))
