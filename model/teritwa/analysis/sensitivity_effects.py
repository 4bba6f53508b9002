"""Effects of parameters on the headline measures, and the ranking of parameters by them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.cluster_robust import mean_and_error
from teritwa.analysis.measures import HEADLINE_MEASURES
from teritwa.engine.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Effect:
    """What setting one parameter from low to high does to one measure, on average over pairs.

    ``effect`` and ``standard_error``, which is clustered by draw, are in the unit of the measure;
    ``standardised`` is the effect over the standard deviation of the measure over the scenario's
    own draws (infinite if that is 0 and the effect is not); ``differing`` is how many of the
    ``pairs`` differ at all.
    """

    parameter: str
    low: float
    high: float
    measure: str
    effect: float
    standard_error: float
    standardised: float
    pairs: int
    differing: int


@dataclass(frozen=True, slots=True)
class Rank:
    """The measure on which a parameter has its strongest standardised effect.

    ``distinguishable`` (the column ``felt`` of ranking.csv) says whether any measure differs in any
    pair; ``share`` is the share of the measures with an effect of more than two standard errors
    (with ten draws, chance alone does that to some 8 % of those that differ).
    """

    rank: int
    parameter: str
    grade: str
    measure: str
    effect: float
    standardised: float
    distinguishable: bool = field(metadata={"column": "felt"})
    share: float


def spread_over_draws(values: NDArray[np.float64]) -> list[float]:
    """Return the standard deviation of each measure over draws.

    Args:
        values: Measures of draws, shape (measure, draw); not a number where the run failed.

    Returns:
        One deviation a measure, in its unit: exactly 0 if all draws are the same, not a number with
        fewer than two finished draws.
    """
    finished = [row[~np.isnan(row)] for row in values]
    if len(finished[0]) < 2:
        return [float("nan")] * len(finished)
    return [float(row.std(ddof=1)) if np.ptp(row) > 0 else 0.0 for row in finished]


def effects_of(
    parameter: Parameter, differences: NDArray[np.float64], spread: Sequence[float]
) -> list[Effect]:
    """Return the effect of a parameter on each measure.

    Args:
        parameter: The parameter that was set to both ends of its range.
        differences: Measures at the high end minus those at the low end, shape (measure, draw); not
            a number where a run failed.
        spread: Standard deviation of each measure over the scenario's own draws.
    """
    return [
        effect_on(parameter, measure.name, row, deviation)
        for measure, row, deviation in zip(HEADLINE_MEASURES, differences, spread, strict=True)
    ]


def effect_on(
    parameter: Parameter, measure: str, differences: NDArray[np.float64], deviation: float
) -> Effect:
    """Return the effect of a parameter on one measure; the arguments are those of `effects_of`."""
    draws = np.flatnonzero(~np.isnan(differences))
    pairs = differences[draws]
    effect, error = float("nan"), float("nan")
    if len(pairs) > 1:
        effect, error = (float(number) for number in mean_and_error(pairs, draws)[:2])
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = 0.0 if effect == 0 else float(np.divide(effect, deviation))
    numbers = (effect, error, standardised, len(pairs), int(np.sum(pairs != 0)))
    return Effect(parameter.name, parameter.low, parameter.high, measure, *numbers)


def ranked(parameters: Sequence[Parameter], effects: Sequence[Effect]) -> tuple[Rank, ...]:
    """Rank parameters by their strongest standardised effect, then by their share of measures.

    Args:
        parameters: The parameters.
        effects: Their effects; each parameter has at least one.
    """
    by_parameter: dict[str, list[Effect]] = {}
    for effect in effects:
        by_parameter.setdefault(effect.parameter, []).append(effect)
    ranks = [_rank(one, by_parameter[one.name]) for one in parameters]
    ranks.sort(key=lambda rank: (-_strength(rank.standardised), -rank.share, rank.parameter))
    return tuple(replace(rank, rank=place) for place, rank in enumerate(ranks, start=1))


def _rank(parameter: Parameter, effects: Sequence[Effect]) -> Rank:
    """Return a parameter with its strongest effect, not yet ranked."""
    most = max(effects, key=lambda effect: _strength(effect.standardised))
    clear = [abs(effect.effect) > 2 * effect.standard_error for effect in effects]
    distinguishable = any(effect.differing for effect in effects)
    named = (parameter.name, parameter.grade, most.measure)
    share = sum(clear) / len(clear)
    return Rank(0, *named, most.effect, most.standardised, distinguishable, share)


def _strength(standardised: float) -> float:
    """Return how strong an effect is; one that could not be measured is weakest."""
    return -1.0 if np.isnan(standardised) else abs(standardised)
