"""Towns that gangs gained between two dates, in number and by name."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result, ResultError


@dataclass(frozen=True, slots=True)
class TownsLost:
    """Districts outside the metropolitan area that gangs gained between two dates.

    Attributes:
        since: The first date.
        until: The last date.
        net: Districts lost less districts regained (run).
        lost: Share of runs in which a district was lost, by district id; only shares above zero,
            the largest first.
        regained: Share of runs in which a district was regained, in the same form.
    """

    since: date
    until: date
    net: NDArray[np.int64]
    lost: dict[str, float]
    regained: dict[str, float]


def towns_lost_since(result: Result, since: date, until: date | None = None) -> TownsLost:
    """Count and name the towns that were lost between two dates.

    Control is stored by the week, so each date means the last stored one not after it.

    Args:
        result: The runs.
        since: The first date.
        until: The last date; None means the last day.

    Raises:
        ResultError: If a date lies outside the result, or the first comes after the last.
    """
    first, last = _weeks_of(result, since, until or date.fromisoformat(result.manifest["end"]))
    outside = ~result.metropolitan()
    held = result.runs("held_by_gangs")[:, [first, last]][:, :, outside] == 1
    lost, regained = held[:, 1] & ~held[:, 0], held[:, 0] & ~held[:, 1]
    towns = np.asarray(result.labels("district"))[outside]
    return TownsLost(
        result.weeks[first].item(),
        result.weeks[last].item(),
        lost.sum(axis=1) - regained.sum(axis=1),
        _largest_first(towns, lost.mean(axis=0)),
        _largest_first(towns, regained.mean(axis=0)),
    )


def _weeks_of(result: Result, since: date, until: date) -> tuple[int, int]:
    """Return the positions of the weeks of two dates; raise ResultError unless it has both."""
    weeks, days = result.weeks, (np.datetime64(since), np.datetime64(until))
    first, last = (int(np.searchsorted(weeks, day, side="right")) - 1 for day in days)
    if first < 0 or first > last or days[1] > result.dates[-1]:
        there = f"it has {weeks[0]} to {weeks[-1]}"
        raise ResultError([f"{result.path}: no towns to count from {since} to {until}; {there}"])
    return first, last


def _largest_first(names: NDArray[np.str_], shares: NDArray[np.float64]) -> dict[str, float]:
    """Return the shares above zero by name, the largest first."""
    order = np.argsort(-shares, kind="stable")
    return {str(names[i]): float(shares[i]) for i in order if shares[i] > 0}
