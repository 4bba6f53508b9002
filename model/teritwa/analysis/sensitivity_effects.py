"""Effects of parameters on the headline measures, told apart from chance, and their ranking.

Two runs of one draw with different random numbers differ by chance alone. The scenario's own
replicates show by how much: each draw's replicates are split into two halves, and a replicate of
one half minus its partner in the other is a difference that no parameter made. An effect is the
mean of one such difference a draw, so chance alone gives it a standard error of the root mean
square of these differences over the root of the number of draws. Both ends of a parameter's range
share their random numbers, which can only make them differ less than replicates do.

An effect is told apart from chance if its own interval by draw excludes 0 and it is larger than
what chance gives. As the ranking looks for the strongest of many effects, chance is allowed for
all of them together (Bonferroni): where no parameter acts, some 19 analyses in 20 rank none, and
9 in 10 where measures have rare large values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.cluster_robust import mean_and_half_interval
from teritwa.analysis.measures import HEADLINE_MEASURES
from teritwa.engine.parameters import Parameter

CHANCE = "chance"
"""What stands in place of a parameter's name in the rows that say what chance alone gives."""

FEWEST_DRAWS = 8
"""Draws below which no effect is told apart from chance."""

FALSE_RANKING = 0.05
"""Probability that chance alone ranks any parameter, if differences are normal."""

WORDS = ("not told apart", "told apart")
"""How tables say whether an effect is told apart from chance."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How one measure varies in the scenario itself.

    ``spread`` is its standard deviation over all runs, and ``deviation`` the root mean square of
    the ``differences`` (a count) between replicates of one draw, both in the unit of the measure.
    """

    measure: str
    spread: float
    deviation: float
    differences: int

    def bound(self, pairs: int, effects: int) -> float:
        """Return the size that any effect of an analysis exceeds by chance once in 20 analyses.

        Args:
            pairs: Number of draws over which the effect is a mean.
            effects: Number of effects among which any may exceed its bound.

        Returns:
            The size in the unit of the measure; not a number without differences.
        """
        from scipy.special import stdtrit

        quantile = float(stdtrit(self.differences, 1 - FALSE_RANKING / 2 / effects))
        return quantile * self.deviation / pairs**0.5 if pairs else float("nan")

    def standardise(self, effect: float) -> float | None:
        """Return an effect over the spread, or None where the measure has no spread."""
        return effect / self.spread if self.spread > 0 else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What setting one parameter from low to high does to one measure, on average over pairs.

    ``effect`` and its 95 % interval by draw, from ``effect_low`` to ``effect_high``, are in the
    unit of the measure. ``standardised`` is the effect over the standard deviation of the measure
    over the scenario's own runs (None if they do not differ); ``differing`` is how many of the
    ``pairs`` differ at all. With fewer than two pairs there is no effect.

    In a row of the name `CHANCE` the effect is the largest that chance alone gives.
    """

    parameter: str
    low: float | None
    high: float | None
    measure: str
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    standardised: float | None
    told_apart: bool = field(metadata={"column": "from_chance"})
    pairs: int
    differing: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A parameter with the measure on which it has its strongest effect.

    ``rank`` is None for a parameter whose effects are not told apart from chance, and for the row
    `CHANCE`, which stands between those that are and those that are not; ``share`` is the share of
    the measures on which the effect is told apart.
    """

    rank: int | None
    parameter: str
    grade: str | None
    measure: str
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    standardised: float | None
    told_apart: bool = field(metadata={"column": "from_chance"})
    share: float


def chance_of(values: NDArray[np.float64]) -> list[Chance]:
    """Return how each measure varies by chance.

    Args:
        values: Measures of the scenario's own runs, shape (measure, draw, replicate) with an even
            number of replicates, in their units; not a number where the run failed.

    Returns:
        One entry a measure, in the order of `HEADLINE_MEASURES`.
    """
    half = values.shape[2] // 2
    differences = values[:, :, half:] - values[:, :, :half]
    return [
        _chance(measure.name, own[~np.isnan(own)], pairs[~np.isnan(pairs)])
        for measure, own, pairs in zip(HEADLINE_MEASURES, values, differences, strict=True)
    ]


def _chance(measure: str, own: NDArray[np.float64], pairs: NDArray[np.float64]) -> Chance:
    """Return how a measure varies, from its values and the differences of replicates."""
    spread = float(own.std(ddof=1)) if len(own) > 1 and np.ptp(own) > 0 else 0.0
    deviation = float(np.sqrt((pairs * pairs).mean())) if len(pairs) else float("nan")
    return Chance(measure, spread, deviation, len(pairs))


def effects_of(
    parameter: Parameter, differences: NDArray[np.float64], chances: Sequence[Chance], effects: int
) -> list[Effect]:
    """Return the effect of a parameter on each measure.

    Args:
        parameter: The parameter that was set to both ends of its range.
        differences: Measures at the high end minus those at the low end, shape (measure, draw), in
            their units; not a number where a run failed.
        chances: How each measure varies by chance.
        effects: Number of effects of the whole analysis.
    """
    return [
        effect_on(parameter, row, chance, effects)
        for row, chance in zip(differences, chances, strict=True)
    ]


def effect_on(
    parameter: Parameter, differences: NDArray[np.float64], chance: Chance, effects: int
) -> Effect:
    """Return the effect of a parameter on one measure; the arguments are those of `effects_of`."""
    draws = np.flatnonzero(~np.isnan(differences))
    pairs = differences[draws]
    ends = (parameter.name, float(parameter.low), float(parameter.high), chance.measure)
    counts = (len(pairs), int(np.sum(pairs != 0)))
    if len(pairs) < 2:
        return Effect(*ends, None, None, None, None, False, *counts)
    effect, half = (float(number) for number in mean_and_half_interval(pairs, draws))
    exceeds = abs(effect) > half and abs(effect) > chance.bound(len(pairs), effects)
    told_apart = len(pairs) >= FEWEST_DRAWS and exceeds
    levels = (effect, effect - half, effect + half, chance.standardise(effect))
    return Effect(*ends, *levels, told_apart, *counts)


def chance_effects(chances: Sequence[Chance], draws: int, effects: int) -> list[Effect]:
    """Return the largest effect on each measure that chance alone gives.

    Args:
        chances: How each measure varies by chance.
        draws: Number of draws of the analysis.
        effects: Number of its effects.
    """
    return [_chance_effect(one, draws, effects) for one in chances]


def _chance_effect(chance: Chance, draws: int, effects: int) -> Effect:
    """Return the row of chance for one measure."""
    bound = chance.bound(draws, effects)
    counts = (False, chance.differences, chance.differences)
    if np.isnan(bound):
        return Effect(CHANCE, None, None, chance.measure, None, None, None, None, *counts)
    levels = (bound, -bound, bound, chance.standardise(bound))
    return Effect(CHANCE, None, None, chance.measure, *levels, *counts)


def ranked(parameters: Sequence[Parameter], effects: Sequence[Effect]) -> tuple[Rank, ...]:
    """Rank the parameters that are told apart from chance.

    Args:
        parameters: The parameters.
        effects: Their effects and those of chance; each has at least one.

    Returns:
        The ranked parameters by their strongest standardised effect (those with effects only on
        measures without spread follow), then by their share of measures; then chance; then the
        parameters without a rank, by name.
    """
    by_name = _by_parameter(effects)
    rows = [_row(one.name, one.grade, by_name[one.name]) for one in parameters]
    clear = sorted((row for row in rows if row.told_apart), key=_order)
    others = sorted((row for row in rows if not row.told_apart), key=lambda row: row.parameter)
    placed = [replace(row, rank=place) for place, row in enumerate(clear, start=1)]
    return (*placed, _row(CHANCE, None, by_name[CHANCE]), *others)


def _by_parameter(effects: Sequence[Effect]) -> dict[str, list[Effect]]:
    """Return effects by the name of their parameter."""
    by_name: dict[str, list[Effect]] = {}
    for effect in effects:
        by_name.setdefault(effect.parameter, []).append(effect)
    return by_name


def _order(row: Rank) -> tuple[float, float, str]:
    """Return the key that sorts ranked parameters."""
    return -_strength(row.standardised), -row.share, row.parameter


def _row(name: str, grade: str | None, effects: Sequence[Effect]) -> Rank:
    """Return a parameter with its strongest effect, first of those told apart; not yet ranked."""
    most = max(effects, key=lambda effect: (effect.told_apart, _strength(effect.standardised)))
    levels = (most.effect, most.effect_low, most.effect_high, most.standardised)
    share = sum(effect.told_apart for effect in effects) / len(effects)
    return Rank(None, name, grade, most.measure, *levels, most.told_apart, share)


def _strength(standardised: float | None) -> float:
    """Return how strong an effect is; one without a standardised size is weakest."""
    return -1.0 if standardised is None else abs(standardised)
