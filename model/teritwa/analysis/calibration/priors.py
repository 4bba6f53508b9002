"""Priors of the uncertain parameters, and whether the 2024 data inform each of them."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.record_tables import yes_or_no
from teritwa.engine.parameters import Parameter
from teritwa.rules.registry import registry
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.posterior import Posterior
from teritwa.scenario.reader.values import Quantity, quantity_of
from teritwa.world import World

Array = NDArray[np.float64]

LOGUNIFORM_RATIO = 10.0
"""Ratio of the ends of a positive range from which its prior is log-uniform.

Such ends differ in order of magnitude, not in size.
"""

INFORMED_SPREAD = 0.9
"""A parameter is informed if its posterior has less than this share of its prior's spread.

With draws that are worth some hundred, chance alone leaves about one uninformed parameter in a
hundred below it.
"""

UNIFORM_SD = 1.0 / np.sqrt(12.0)
"""Standard deviation of levels that are uniform from 0 to 1: the prior's."""

SEED = 20240625
"""Seed of the draws from the priors."""

NOTHING = "nothing"
"""How ``informed_by`` begins for a parameter that the 2024 data cannot inform."""

PAST_MISSIONS = "past missions"
"""How ``informed_by`` begins for a parameter that past missions inform, and 2024 does not."""


def levers() -> Mapping[str, str]:
    """Return the reason for each lever by name, a parameter that is policy and never drawn."""
    return {name: one.lever for name, one in sorted(registry().items()) if one.lever}


def held_at_prior() -> Mapping[str, str]:
    """Return the reason for each held parameter by name, one that is drawn from its prior."""
    return {
        name: one.informed_by.removeprefix(NOTHING).lstrip(": ")
        for name, one in sorted(registry().items())
        if is_held(one) and _is_drawn(one)
    }


def is_from_missions(parameter: Parameter) -> bool:
    """Return whether past missions inform a parameter."""
    return parameter.informed_by.startswith(PAST_MISSIONS)


def is_held(parameter: Parameter) -> bool:
    """Return whether a parameter is held: the 2024 data do not move it, whatever they show."""
    return parameter.informed_by.startswith((NOTHING, PAST_MISSIONS))


def uncertain_parameters(world: World | None = None) -> tuple[Parameter, ...]:
    """Return the parameters that are drawn, sorted by name: all numbers but the levers.

    Switches are not numbers. The order is that of the columns of a design.

    Args:
        world: The world whose ranges they have; None means that of the shipped scenarios.
    """
    known = registry(world)
    return tuple(known[name] for name in sorted(known) if _is_drawn(known[name]))


def _is_drawn(parameter: Parameter) -> bool:
    """Return whether a parameter is neither a switch, nor a lever, nor fixed by definition."""
    return not parameter.switch and not parameter.lever and parameter.low < parameter.high


def prior(parameter: Parameter) -> Distribution:
    """Return a parameter's prior: uniform over its range, or log-uniform over a wide one."""
    wide = parameter.low > 0 and parameter.high / parameter.low >= LOGUNIFORM_RATIO
    ends = (float(parameter.low), float(parameter.high))
    return Distribution("loguniform" if wide else "uniform", ends)


def values_at(parameters: Sequence[Parameter], levels: Array) -> dict[str, float]:
    """Return the values of parameters by name, as the model keeps them.

    Rates keep six digits, so that a table in a file holds exactly what was run.

    Args:
        parameters: The parameters.
        levels: The level (0 to 1) of each one's prior, shape (parameter,).

    Raises:
        ValueError: If there is not one level for each parameter.
    """
    return {
        one.name: _rounded(one, float(level)) for one, level in zip(parameters, levels, strict=True)
    }


def prior_table(draws: int, learned: Posterior | None = None, world: World | None = None) -> str:
    """Return draws from the priors as a table that a scenario can name as its posterior.

    The draws are a scrambled Sobol sequence, so that few of them cover the ranges evenly.

    Args:
        draws: The number of rows, a power of two.
        learned: Draws of some parameters that take the place of their priors, row by row.
        world: The world whose ranges are drawn from; None means that of the shipped scenarios.
    """
    from scipy.stats import qmc

    parameters = uncertain_parameters(world)
    levels = qmc.Sobol(len(parameters), scramble=True, rng=SEED).random(draws)
    rows = [values_at(parameters, row) for row in levels]
    if learned is not None:
        rows = [{**row, **learned.values(draw)} for draw, row in enumerate(rows)]
    return _as_table([one.name for one in parameters], rows)


def _as_table(names: list[str], rows: Sequence[Mapping[str, float]]) -> str:
    """Return rows of values under a line of names, with every digit."""
    lines = [names, *([repr(value) for value in row.values()] for row in rows)]
    return "".join(f"{','.join(line)}\n" for line in lines)


def _rounded(parameter: Parameter, level: float) -> float:
    """Return the value at a level of the prior, rounded but within the range."""
    own, quantity = _prior_and_quantity(parameter)
    value = float(f"{own.quantile(level):.6g}")
    return quantity.kept(min(max(value, parameter.low), parameter.high))


@cache
def _prior_and_quantity(parameter: Parameter) -> tuple[Distribution, Quantity]:
    """Return a parameter's prior, and how its values are kept."""
    return prior(parameter), quantity_of(parameter)


def level_of(parameter: Parameter, values: Array) -> Array:
    """Return the levels (0 to 1) of the prior at which values of a parameter lie."""
    low, high = float(parameter.low), float(parameter.high)
    if prior(parameter).kind == "loguniform":
        return np.asarray(np.log(values / low) / np.log(high / low))
    return (values - low) / (high - low)


def relative_spread(levels: Array) -> Array:
    """Return the standard deviation of levels (draw, parameter) as a share of the prior's."""
    return np.asarray(levels.std(axis=0, ddof=1) / UNIFORM_SD)


def informed_label(parameter: Parameter, spread: float) -> str:
    """Return in words whether the 2024 data inform a parameter.

    Args:
        parameter: The parameter.
        spread: The spread of its posterior as a share of its prior's.
    """
    if is_from_missions(parameter):
        return PAST_MISSIONS
    return yes_or_no(spread < INFORMED_SPREAD)


def summarise_posterior(posterior: Posterior | None) -> dict[str, tuple[float, str]]:
    """Return by name each parameter's median, and in words whether the 2024 data inform it.

    Without a posterior, nothing is returned.
    """
    if posterior is None:
        return {}
    known = registry()
    rows = [posterior.values(draw) for draw in range(posterior.draws)]
    found = {}
    for name in posterior.names:
        values = np.array([row[name] for row in rows], np.float64)
        spread = float(relative_spread(level_of(known[name], values)[:, None])[0])
        found[name] = float(np.median(values)), informed_label(known[name], spread)
    return found
