"""What a full deployment takes from gangs by its doctrine, and how much of the doubt is missions.

The shipped scenarios are run with what past missions say at each spread between missions. All that
missions do not tell is drawn alike, and runs are paired, so that spreads and doctrines are compared
under the same chance.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import prior_table
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.waves import Wave
from teritwa.analysis.missions.effects import EFFECTS
from teritwa.analysis.missions.learning import Work
from teritwa.analysis.missions.population import CHAINS, Population
from teritwa.engine.files import write_text
from teritwa.scenario import load
from teritwa.scenario.posterior import Posterior, read_posterior
from teritwa.scenario.reader.problems import Problems

BASELINE = "baseline"
DOCTRINES = {"raid": "full-deployment", "hold": "full-deployment-hold"}
"""The doctrine of the mission in each scenario of a full deployment."""

HELD = Target(
    name="people of the capital under gangs, December 2025",
    outcome="gang_control_capital",
    statistic="mean",
    start=date(2025, 12, 1),
    end=date(2025, 12, 31),
    low=0.0,
    high=1.0,
    error=0.0,
    scale="linear",
    discrepancy=0.0,
    fitted=False,
    source="an outcome, which nobody has counted",
)

NORMAL_95 = 1.959963984540054
"""Standard errors to the ends of an interval of 95 %."""

SHARES = ("between_missions", "between_low", "between_high")
"""The fields of a gain that say how much of its variance lies between missions."""

TINY = 1e-12
"""A share of the variance that is nothing but rounding."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a full deployment takes from gangs, in points of the capital's people.

    ``mean`` has the ends of its 95 % interval, ``draw_low`` and ``draw_high`` are those of the
    middle nine tenths of draws. ``between_missions`` is the share of the variance between draws
    that goes with the own effect of one mission more, with its 90 % interval.
    """

    doctrine: str
    spread: str
    draws: int
    mean: float
    mean_low: float
    mean_high: float
    draw_low: float
    draw_high: float
    between_missions: float
    between_low: float
    between_high: float


def gains(populations: Mapping[str, Population], folder: Path, work: Work) -> tuple[Gain, ...]:
    """Return the gains of a full deployment by doctrine and by the spread between missions.

    Args:
        populations: The populations of missions by the name of their spread.
        folder: Where the tables of draws of what one mission more does are.
        work: Where the runs are kept and who does them.
    """
    return tuple(
        one
        for spread, population in populations.items()
        for one in _gains_at(spread, population, _posterior(spread, folder, work), work)
    )


def table_name(spread: str) -> str:
    """Return the name of the table of draws of what one mission more does, without its ending."""
    return EFFECTS if spread == "once" else f"{EFFECTS}-{spread}"


def _posterior(spread: str, folder: Path, work: Work) -> Posterior:
    """Return the priors of all parameters, with what missions say at a spread."""
    learned = read_posterior(folder / f"{table_name(spread)}.csv", Problems())
    path = work.folder / f"priors-{spread}.csv"
    write_text(path, prior_table(CHAINS, learned))
    return read_posterior(path, Problems())


def _gains_at(
    spread: str, population: Population, posterior: Posterior, work: Work
) -> Iterator[Gain]:
    before = _under_gangs(BASELINE, posterior, work)
    points = {
        doctrine: 100.0 * (before - _under_gangs(scenario, posterior, work))
        for doctrine, scenario in DOCTRINES.items()
    }
    points["hold less raid"] = points["hold"] - points["raid"]
    for doctrine, taken in points.items():
        yield gain(doctrine, spread, taken, population.own)


def _under_gangs(name: str, posterior: Posterior, work: Work) -> Array:
    """Return the share of the capital's people under gangs in each draw, shape (draw,)."""
    wave = Wave(replace(load(name), posterior=posterior), (), (HELD,), 0)
    nothing_drawn_here = np.zeros((CHAINS, 0))
    return wave.run(nothing_drawn_here, work.folder, work.executor, work.progress)[:, 0]


def gain(doctrine: str, spread: str, points: Array, own: Array) -> Gain:
    """Return the gain of a doctrine from that of each draw.

    Args:
        doctrine: The doctrine.
        spread: The name of the spread.
        points: Points taken from gangs, shape (draw,); not a number where a run failed.
        own: The score of the mission's own effect, shape (draw, parameter).
    """
    whole = ~np.isnan(points)
    points, own = points[whole], own[whole]
    half = NORMAL_95 * float(points.std(ddof=1)) / math.sqrt(len(points))
    mean, (low, high) = float(points.mean()), np.quantile(points, (0.05, 0.95))
    return Gain(
        doctrine=doctrine,
        spread=spread,
        draws=len(points),
        mean=mean,
        mean_low=mean - half,
        mean_high=mean + half,
        draw_low=float(low),
        draw_high=float(high),
        **dict(zip(SHARES, explained_share(points, own), strict=True)),
    )


def explained_share(values: Array, columns: Array) -> tuple[float, float, float]:
    """Return the share of the variance of values that is linear in columns, and its interval.

    The share is the adjusted R squared, which is 0 on average for columns that have no part in it,
    at least 0. The ends of its interval of 90 % are the shares under which an F statistic as large,
    or as small, as the one found comes in one of twenty cases (non-central F distribution).

    Args:
        values: Values, shape (draw,).
        columns: Columns, shape (draw, column), fewer than draws less one.
    """
    total = float(((values - values.mean()) ** 2).sum())
    count, free = columns.shape[1], len(values) - columns.shape[1] - 1
    if total <= 0.0:
        return 0.0, 0.0, 0.0
    design = np.column_stack([np.ones(len(values)), columns])
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    left = float(((values - fitted) ** 2).sum())
    if left < TINY * total:
        return 1.0, 1.0, 1.0
    statistic = (total - left) / count / (left / free)
    share = max(0.0, 1.0 - (left / free) / (total / (len(values) - 1)))
    low, high = (_share_with(statistic, count, free, level) for level in (0.95, 0.05))
    return share, min(low, share), max(high, share)


def _share_with(statistic: float, count: int, free: int, level: float) -> float:
    """Return the share under which an F statistic is at most the one found at a level."""
    from scipy.optimize import brentq
    from scipy.stats import f, ncf

    if f.cdf(statistic, count, free) <= level:
        return 0.0
    most = float(count)
    while ncf.cdf(statistic, count, free, most) > level:
        most *= 2.0
    found = brentq(lambda centre: ncf.cdf(statistic, count, free, centre) - level, 1e-9, most)
    return float(found / (found + count + free + 1))
