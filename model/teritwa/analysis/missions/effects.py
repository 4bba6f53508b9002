"""What scenarios draw of what a mission does: the shipped table of draws."""

from functools import cache

import numpy as np

from teritwa.scenario.posterior import Posterior, read_posterior, shipped_posteriors
from teritwa.scenario.reader.problems import Problems

EFFECTS = "mission-effects"
"""Name of the table; of the same at another spread between missions, the first words."""


EFFECT = "presence.mission_effect"
"""The parameter that is named first: what one officer of a mission does."""


@cache
def shipped_effects() -> Posterior:
    """Return the shipped draws of what one mission more does.

    Raises:
        OSError: If the table is gone.
    """
    return read_posterior(shipped_posteriors() / f"{EFFECTS}.csv", Problems())


def is_learned(posterior: Posterior | None) -> bool:
    """Return whether the draws of a posterior have what past missions say of a mission."""
    if posterior is None or EFFECT not in posterior.names:
        return False
    learned = shipped_effects()
    said = {learned.values(draw)[EFFECT] for draw in range(learned.draws)}
    return all(posterior.values(draw)[EFFECT] in said for draw in range(posterior.draws))


def learned_interval(name: str) -> tuple[float, float]:
    """Return the ends of the middle nine tenths of the draws of a parameter.

    Args:
        name: Full name of a parameter that past missions inform.
    """
    posterior = shipped_effects()
    values = [posterior.values(draw)[name] for draw in range(posterior.draws)]
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)
