"""What the model is held to: counts of 2024, each with its error, and the same quantities in a run."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.world.codes import PERPETRATORS

TABLE = Path(__file__).parent / "targets.csv"

FORCES = ("police", "mission", "army")
"""Perpetrators whom the United Nations counts as police operations: they operate together."""

PAD = 0.05
"""What is added to both sides of a ratio before its logarithm, as a share of the observed value: a run in which
nobody died must not lie infinitely far away."""


@dataclass(frozen=True, slots=True)
class Target:
    """One observed quantity, its error, and how a run's outcomes give the same quantity.

    ``low`` and ``high`` are what the sources allow, equal where they agree; ``spread`` is the standard deviation
    of the observation's own error, and ``structural`` that of what the model cannot be expected to get right
    (an assumption, range half to twice as much): of the logarithm where ``scale`` is ``log``, else in the
    quantity's unit. ``how`` reads the
    outcome from ``start`` to ``end``: ``sum``, ``share`` (of all), ``mean``, ``value`` (on the day) or ``rise``.
    A target that is not ``fitted`` only judges. ``source`` cites seeds/.
    """

    name: str
    outcome: str
    how: str
    start: date
    end: date
    low: float
    high: float
    spread: float
    scale: str
    structural: float
    fitted: bool
    source: str

    @property
    def logarithmic(self) -> bool:
        """Whether errors multiply."""
        return self.scale == "log"

    @property
    def observed(self) -> float:
        """The middle of what the sources allow: geometric where errors multiply."""
        return math.sqrt(self.low * self.high) if self.logarithmic else (self.low + self.high) / 2

    @property
    def error(self) -> float:
        """The standard deviation of the observation: its own spread, and the sources' contradiction taken as even.

        Anything between ``low`` and ``high`` is as likely as anything else there (the deviation of a uniform
        distribution); for ``log`` of the logarithm.
        """
        wide = math.log(self.high / self.low) if self.logarithmic else self.high - self.low
        return math.hypot(self.spread, wide / math.sqrt(12))

    @property
    def group(self) -> str:
        """The first words of the name, shared by the same quantity at other dates."""
        return self.name.rpartition(", ")[0].removesuffix(", share")

    def distance(self, simulated: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far simulated values lie from the observed one, on the scale on which errors are alike."""
        if not self.logarithmic:
            return simulated - self.observed
        pad = PAD * self.observed
        return np.log((simulated + pad) / (self.observed + pad))

    def at(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values that lie at given distances: the inverse of `distance`."""
        if not self.logarithmic:
            return self.observed + distance
        pad = PAD * self.observed
        return (self.observed + pad) * np.exp(distance) - pad

    @property
    def distance_error(self) -> float:
        """The standard deviation of `distance` from the observation's error: padding shrinks a logarithm's."""
        return self.error / (1 + PAD) if self.logarithmic else self.error

    @property
    def distance_structural(self) -> float:
        """The standard deviation of `distance` from what the model is not expected to get right."""
        return self.structural / (1 + PAD) if self.logarithmic else self.structural


@cache
def targets() -> tuple[Target, ...]:
    """Return every target of 2024 in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(_target(row) for row in csv.DictReader(stream))


def _target(row: Mapping[str, str]) -> Target:
    start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    low, high, spread, structural = (float(row[name]) for name in ("low", "high", "spread", "structural"))
    fitted = {"yes": True, "no": False}[row["fitted"]]
    words = (row["name"], row["outcome"], row["how"])
    return Target(*words, start, end, low, high, spread, row["scale"], structural, fitted, row["source"])


def needed(chosen: Sequence[Target]) -> list[str]:
    """Return the outcomes that targets are read from, by the names of `teritwa.rules.outcomes`."""
    return sorted({target.outcome.partition(".")[0] for target in chosen})


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of one run, its first day, and which of its districts lie in the capital."""

    arrays: Mapping[str, NDArray[Any]]
    start: date
    metropolitan: NDArray[np.bool_]

    def read(self, target: Target) -> float:
        """Return the quantity of a target."""
        first, last = ((day - self.start).days for day in (target.start, target.end))
        name, _, part = target.outcome.partition(".")
        values = self.arrays[name].astype(np.float64)
        if name == "displaced_hosted":
            hosted = values[(first + 6) // 7]
            return _share(hosted[~self.metropolitan].sum(), hosted.sum())
        period = values[first : last + 1]
        if target.how == "rise":
            return float(period[-1] - period[0])
        if target.how in ("mean", "value"):
            return float(period.mean())
        mine = period[:, _columns(part)].sum() if part else period.sum()
        return _share(mine, period.sum()) if target.how == "share" else float(mine)


def _columns(part: str) -> list[int]:
    """Return the perpetrators that a part of an outcome's name stands for."""
    return [PERPETRATORS.index(who) for who in (FORCES if part == "forces" else (part,))]


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 0.0
