"""Dressed persistence: the last figure stays, with a spread as wide as its own record's changes.

It is a forecast without a model, and a distribution, so that a band is compared with a band: a
random walk from the last figure known, on the scale of logarithms (of log odds for shares). Its
median is the last figure. The variance of a step, a quarter of a year, is the mean over the changes
of the record of the squared change by the steps between the middles of its two figures; over some
steps it grows in proportion, so that the standard deviation grows with their square root. The
changes hold the errors of the figures, so no further error is added.

A record with fewer than `CHANGES_NEEDED` changes, or that repeats one figure, says little of its
spread: then the changes of all outcomes are pooled. On these scales there is no way to or from a
figure of 0 (or a share of 1): its changes are left out, and where it is the last it stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.crps import normal_quantiles
from teritwa.analysis.published_figures import Observation, is_known
from teritwa.analysis.reference_forecasts import over_days, rate_of, record_of

STEP = 365.25 / 4
"""Days of a step: a quarter of a year."""

CHANGES_NEEDED = 2
"""Changes that a record needs to have a spread of its own."""

VALUES = 199
"""Number of equally likely values that stand for the forecast; odd, so that one is the median."""

FURTHEST = 100.0
"""How far a walk may lead, as a logarithm: beyond it lies no figure, and scores are no numbers."""

_QUANTILES = normal_quantiles(VALUES)


@dataclass(frozen=True, slots=True)
class Dressed:
    """A forecast by dressed persistence.

    ``values`` are equally likely, in the unit of the target; ``pooled`` says whether the spread is
    that of all outcomes, because the record of this one is too short.
    """

    values: NDArray[np.float64]
    pooled: bool


def dressed_persistence(history: Sequence[Observation], target: Observation) -> Dressed | None:
    """Forecast a figure by a random walk from the last figure of the outcome.

    Args:
        history: The figures that are known, of any outcomes.
        target: The figure to forecast; its value is not used.

    Returns:
        The forecast; None if the outcome has no figure, or nothing that is known ever changed.
    """
    record = record_of(target.outcome, history)
    changes = squared_changes(record)
    pooled = len(changes) < CHANGES_NEEDED or not any(changes)
    if pooled:
        changes = _changes_of_all(history)
    if not record or not changes:
        return None
    steps = max(0.0, (target.middle - record[-1].middle) / STEP)
    walks = np.clip(_QUANTILES * np.sqrt(np.mean(changes) * steps), -FURTHEST, FURTHEST)
    return Dressed(_walked(record[-1], np.exp(walks), target), pooled)


def _changes_of_all(history: Sequence[Observation]) -> list[float]:
    """Return the squared changes of all outcomes by their steps."""
    names = dict.fromkeys(one.outcome for one in history if is_known(one.outcome))
    return [each for name in names for each in squared_changes(record_of(name, history))]


def squared_changes(record: Sequence[Observation]) -> list[float]:
    """Return the squared changes of a record by the steps that they took.

    Args:
        record: Figures of one outcome that do not overlap, in the order of time.
    """
    usable = [one for one in record if _may_walk(one)]
    return [
        (_walking(later) - _walking(earlier)) ** 2 * STEP / (later.middle - earlier.middle)
        for earlier, later in pairwise(usable)
    ]


def _may_walk(one: Observation) -> bool:
    """Return whether there is a way to and from a figure: there is none at 0, or a share of 1."""
    return rate_of(one) > 0 and not (one.is_share and one.value >= 1)


def _walking(observation: Observation) -> float:
    """Return a figure on the scale on which it walks."""
    rate = rate_of(observation)
    return float(np.log(rate / (1 - rate)) if observation.is_share else np.log(rate))


def _walked(
    last: Observation, factors: NDArray[np.float64], target: Observation
) -> NDArray[np.float64]:
    """Return the last figure times factors (its odds if it is a share), over the target's days."""
    rate = rate_of(last)
    if last.is_share:
        return np.asarray(rate * factors / (1 - rate + rate * factors))
    return np.asarray(over_days(target, rate) * factors)
