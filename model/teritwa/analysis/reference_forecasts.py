"""Two forecasts without a model, which a useful model must beat: persistence and linear trend.

They are points, made from the figures known by some day. Counts enter them as rates a day, and each
figure stands at the middle of its days.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from teritwa.analysis.observed_levels import observed
from teritwa.analysis.published_figures import Observation

TREND_FIGURES = 3
"""How many figures a trend is fitted to at most (assumption, range 2-6): two follow the noise of
each figure, many miss a turn."""


def shipped(world: Path | None = None) -> tuple[Observation, ...]:
    """Return the published figures of a world as observations.

    Args:
        world: Folder of the world; None means the default world.
    """
    return tuple(
        Observation(one.outcome, one.start, one.end, one.value, one.low, one.high)
        for one in observed(world)
    )


def known_by(origin: date, observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return the observations that end by a day, in the order of time.

    Args:
        origin: The last day that is known.
        observations: Figures; of two with the same outcome and days, the last given counts.
    """
    found = {(one.end, one.start, one.outcome): one for one in observations if one.end <= origin}
    return tuple(found[key] for key in sorted(found))


def persistence(history: Sequence[Observation], target: Observation) -> float | None:
    """Forecast that the last figure of the outcome persists.

    Args:
        history: The figures that are known, of any outcomes.
        target: The figure to forecast; its value is not used.

    Returns:
        The forecast in the unit of the target; None if the outcome has no figure.
    """
    own = _last(history, target, 1)
    return _over_days(target, _rate(own[0])) if own else None


def trend(history: Sequence[Observation], target: Observation) -> float | None:
    """Forecast by the least-squares line through the last three figures of the outcome.

    Args:
        history: The figures that are known, of any outcomes.
        target: The figure to forecast; its value is not used.

    Returns:
        The forecast in the unit of the target, at least 0 and for a share at most 1; None if the
        figures do not have two dates.
    """
    own = _last(history, target, TREND_FIGURES)
    middles, rates = np.array([one.middle for one in own]), np.array([_rate(one) for one in own])
    if len(set(middles)) < 2:
        return None
    distances = middles - middles.mean()
    slope = (distances @ rates) / (distances @ distances)
    rate = float(rates.mean() + slope * (target.middle - middles.mean()))
    return _over_days(target, min(max(rate, 0.0), 1.0 if target.is_share else np.inf))


def _last(history: Sequence[Observation], target: Observation, count: int) -> list[Observation]:
    """Return the last figures of an outcome; of two that end together, the shorter is the later."""
    own = [one for one in history if one.outcome == target.outcome]
    return sorted(own, key=lambda one: (one.end, one.start))[-count:]


def _rate(observation: Observation) -> float:
    """Return a count as a rate a day, and any other figure as it is."""
    return observation.value / observation.days if observation.is_count else observation.value


def _over_days(target: Observation, rate: float) -> float:
    """Return what a rate adds up to over the days of a count, and any other level as it is."""
    return rate * target.days if target.is_count else rate
