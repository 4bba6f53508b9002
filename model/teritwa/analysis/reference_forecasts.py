"""Two forecasts without a model, which a model must beat to be of use: all stays as it is, or goes on as it went.

They are points, made from the figures known by some day. Counts enter them as what there was a day, and each figure
stands at the middle of its days.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from teritwa.analysis.observed_levels import observed
from teritwa.analysis.published_figures import Observation

TREND_OF = 3
"""How many figures the line of a trend goes through at most (assumption, range 2-6): two follow every chance of one
figure, many miss a turn."""


def shipped() -> tuple[Observation, ...]:
    """Return the figures that ship with the package as observations."""
    return tuple(Observation(one.outcome, one.start, one.end, one.value, one.low, one.high) for one in observed())


def known_by(origin: date, observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return the observations that end by a day, in time, each outcome and days once: the last given counts."""
    found = {(one.end, one.start, one.outcome): one for one in observations if one.end <= origin}
    return tuple(found[key] for key in sorted(found))


def persistence(history: Sequence[Observation], target: Observation) -> float | None:
    """Forecast that all stays as the last figure of the outcome has it; None without one."""
    own = _last(history, target, 1)
    return _over(target, _rate(own[0])) if own else None


def trend(history: Sequence[Observation], target: Observation) -> float | None:
    """Forecast by the least-squares line through the outcome's last three figures; None if they are of one date.

    Each figure stands at the middle of its days. The forecast is not below 0, nor above 1 for a share.
    """
    own = _last(history, target, TREND_OF)
    when, rates = np.array([one.middle for one in own]), np.array([_rate(one) for one in own])
    if len(set(when)) < 2:
        return None
    away = when - when.mean()
    slope = (away @ rates) / (away @ away)
    rate = float(rates.mean() + slope * (target.middle - when.mean()))
    return _over(target, min(max(rate, 0.0), 1.0 if target.share else np.inf))


def _last(history: Sequence[Observation], target: Observation, count: int) -> list[Observation]:
    """Return the last figures of an outcome; of two that end together, the shorter is the later."""
    own = [one for one in history if one.outcome == target.outcome]
    return sorted(own, key=lambda one: (one.end, one.start))[-count:]


def _rate(observation: Observation) -> float:
    """Return a count as what there was a day, all else as it is."""
    return observation.value / observation.days if observation.counted else observation.value


def _over(target: Observation, rate: float) -> float:
    return rate * target.days if target.counted else rate
