"""Forecasts without a model, which a useful model must beat: persistence and linear trend.

They are points, made from the figures known by some day; `teritwa.analysis.dressed_persistence`
gives persistence a spread. Counts enter them as rates a day, and each figure stands at the middle
of its days.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from teritwa.analysis.observed_levels import observed
from teritwa.analysis.published_figures import Observation

TREND_PERIOD = timedelta(365)
"""A trend is fitted to the figures that end within so many days up to the origin: all seasons."""


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


def record_of(outcome: str, history: Iterable[Observation]) -> list[Observation]:
    """Return the figures of an outcome whose days do not overlap, in the order of time.

    The last is the one that ends last, of two that end together the shorter; before it stands the
    last that ends before it begins, and so on. So a year is passed over where its quarters are
    known, and nothing is read twice.

    Args:
        outcome: Name of the outcome.
        history: The figures that are known, of any outcomes, in any order.
    """
    own = [one for one in history if one.outcome == outcome]
    found: list[Observation] = []
    for one in sorted(own, key=lambda one: (one.end, one.start), reverse=True):
        if not found or one.end < found[-1].start:
            found.append(one)
    return found[::-1]


def persistence(history: Sequence[Observation], target: Observation) -> float | None:
    """Forecast that the last figure of the outcome persists.

    Args:
        history: The figures that are known, of any outcomes.
        target: The figure to forecast; its value is not used.

    Returns:
        The forecast in the unit of the target; None if the outcome has no figure.
    """
    own = record_of(target.outcome, history)
    return over_days(target, rate_of(own[-1])) if own else None


def trend(history: Sequence[Observation], target: Observation, origin: date) -> float | None:
    """Forecast by the least-squares line through all figures of the outcome of the last year.

    Args:
        history: The figures that are known, of any outcomes.
        target: The figure to forecast; its value is not used.
        origin: The last day that is known; the year ends on it.

    Returns:
        The forecast in the unit of the target, at least 0 and for a share at most 1; None if the
        figures do not have two dates.
    """
    own = _of_last_year(record_of(target.outcome, history), origin)
    if len(own) < 2:
        return None
    middles, rates = np.array([one.middle for one in own]), np.array([rate_of(one) for one in own])
    distances = middles - middles.mean()
    slope = (distances @ rates) / (distances @ distances)
    rate = float(rates.mean() + slope * (target.middle - middles.mean()))
    return over_days(target, min(max(rate, 0.0), 1.0 if target.is_share else np.inf))


def _of_last_year(record: Sequence[Observation], origin: date) -> list[Observation]:
    """Return the figures that end within a year up to the origin."""
    return [one for one in record if one.end > origin - TREND_PERIOD]


def rate_of(observation: Observation) -> float:
    """Return a count as a rate a day, and any other figure as it is."""
    return observation.value / observation.days if observation.is_count else observation.value


def over_days(target: Observation, rate: float) -> float:
    """Return what a rate adds up to over the days of a count, and any other level as it is."""
    return rate * target.days if target.is_count else rate
