"""What each gang of a result holds: districts, and the people who lived there."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.world_of_result import world_of
from teritwa.ensemble.result import Result, ResultError
from teritwa.rules.agents.district import STATE
from teritwa.world import World, load

LEVELS = (0.05, 0.5, 0.95)
"""Quantiles over runs."""

HEADER = (
    "gang",
    "name",
    "week",
    "districts_q05",
    "districts_q50",
    "districts_q95",
    "people_q05",
    "people_q50",
    "people_q95",
    "n",
)
"""Gang and week, and quantiles over runs of the districts that it holds, and of the people who
lived there in 2015."""


def holding_rows(result: Result) -> list[list[object]]:
    """Return a row a gang and week with the columns of `HEADER`, without gangs that hold nothing.

    A gang that lost all its members may have been founded anew by others; it keeps its name.

    Args:
        result: A result with finished runs.

    Raises:
        ResultError: If the result lacks the outcome, or the world that ran is not there any more.
    """
    holder, world = result.runs("holder"), _world(result)
    residents = np.array([row.residents_2015 for row in world.districts])
    weeks = [str(week) for week in result.weeks]
    return [
        [gang.id, gang.name, week, *numbers, len(holder)]
        for row, gang in enumerate(world.gangs)
        if row in holder
        for week, numbers in zip(weeks, _holdings(holder == row, residents), strict=True)
    ]


def _holdings(held: NDArray[np.bool_], residents: NDArray[np.int64]) -> Iterable[list[float]]:
    """Return by week the quantiles of districts and people, of those held (run, week, district)."""
    counts = (held.sum(axis=2), held @ residents)
    levels = [np.quantile(count, LEVELS, axis=0) for count in counts]
    found: list[list[float]] = np.concatenate(levels).T.tolist()
    return found


def holder_names(result: Result) -> NDArray[np.str_]:
    """Return who holds each district, shape (run, week, district): the id of a gang, or ``state``.

    Args:
        result: A result with finished runs.

    Raises:
        ResultError: As for `holding_rows`.
    """
    names = np.array(["state", *(gang.id for gang in _world(result).gangs)])
    chosen: NDArray[np.str_] = names[result.runs("holder") - STATE]
    return chosen


def _world(result: Result) -> World:
    """Return the world that ran; raise ResultError if it is not there, or is another one."""
    folder = world_of(result)
    world = load(folder) if folder is None or folder.is_dir() else None
    if world is None or [row.id for row in world.districts] != result.labels("district"):
        raise ResultError([f"{result.path}: the tables of its world are not there any more"])
    return world
