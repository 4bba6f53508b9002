"""What is believed of each parameter before 2024 is looked at: its range, and whether 2024 may teach us about it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.parameters import Parameter
from teritwa.rules.registry import registry
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.posterior import Posterior
from teritwa.scenario.reader.values import quantity_of

WIDE = 10.0
"""From this ratio of its ends on, a range above zero is even on the logarithm: its ends differ in order, not size."""

LEVERS: Mapping[str, str] = {
    "arms.embargo_effectiveness": "how much is stopped is what a scenario decides",
    "army_holding.equipped_share": "how many soldiers are equipped to hold is what a scenario decides",
    "services.programme_jobs": "a programme that a scenario brings",
    "services.programme_support": "a programme that a scenario brings",
}
"""Parameters that are policy, not ignorance: they keep the model's value in every draw."""

NOT_LEARNED: Mapping[str, str] = {
    "presence.mission_effect": "what an officer of the mission counts for: in 2024 it is confounded with time",
    "tasking.mission_sent_probability": "how far the mission goes out: in 2024 it is confounded with time",
    "governance.language_loss": "what the mission lacks in language: in 2024 it is confounded with time",
}
"""Parameters of the mission's own effect: drawn from their priors whatever 2024 says."""


def uncertain() -> tuple[Parameter, ...]:
    """Return the parameters that are drawn, by name: all numbers but the levers; switches are no numbers."""
    known = registry()
    return tuple(known[name] for name in sorted(known) if not known[name].switch and name not in LEVERS)


def prior(parameter: Parameter) -> Distribution:
    """Return a parameter's prior: even over its range, on the logarithm where the range spans a factor of ten."""
    wide = parameter.low > 0 and parameter.high / parameter.low >= WIDE
    return Distribution("loguniform" if wide else "uniform", (float(parameter.low), float(parameter.high)))


def values_at(parameters: Sequence[Parameter], levels: NDArray[np.float64]) -> dict[str, float]:
    """Return the parameters by name at levels (0 to 1) of their priors, as the model keeps them.

    Rates keep six digits, so that a table on the disk holds exactly what was run.
    """
    return {one.name: _rounded(one, float(level)) for one, level in zip(parameters, levels, strict=True)}


def _rounded(parameter: Parameter, level: float) -> float:
    value = float(f"{prior(parameter).quantile(level):.6g}")
    return quantity_of(parameter).kept(min(max(value, parameter.low), parameter.high))


INFORMED = 0.9
"""A parameter is informed where its posterior has less than this share of its prior's spread: with draws that are worth
some hundred, chance alone leaves about one uninformed parameter in a hundred below it."""

EVEN = 1.0 / np.sqrt(12.0)
"""Standard deviation of levels that are even from 0 to 1: the prior's."""


def spread(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard deviation of levels (draw, parameter) as a share of the prior's."""
    found: NDArray[np.float64] = levels.std(axis=0, ddof=1) / EVEN
    return found


def told_by_2024(name: str, share: float) -> str:
    """Say in a word or two whether 2024 informs a parameter whose posterior has a share of the prior's spread."""
    if name in NOT_LEARNED:
        return "held at its prior"
    return "yes" if share < INFORMED else "no"


def what_2024_tells(posterior: Posterior | None) -> dict[str, tuple[float, str]]:
    """Return the median of each parameter of a posterior, and in words whether 2024 informs it; nothing without one."""
    if posterior is None:
        return {}
    known = registry()
    rows = [posterior.values(draw) for draw in range(posterior.draws)]
    found = {}
    for name in posterior.names:
        values = np.array([row[name] for row in rows], np.float64)
        share = float(spread(level_of(known[name], values)[:, None])[0])
        found[name] = float(np.median(values)), told_by_2024(name, share)
    return found


def level_of(parameter: Parameter, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level of the prior (0 to 1) at which values of a parameter lie."""
    low, high = float(parameter.low), float(parameter.high)
    if prior(parameter).kind == "loguniform":
        found: NDArray[np.float64] = np.log(values / low) / np.log(high / low)
        return found
    return (values - low) / (high - low)
