"""Calibration targets: counts of 2024 with their errors, and the same quantities in a run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.rules.agents.district import STATE
from teritwa.scenario.history import GIVES
from teritwa.world import World
from teritwa.world.codes import PERPETRATORS

Array = NDArray[np.float64]

FORCES = ("police", "mission", "army")
"""Perpetrators whom the United Nations counts as police operations: they operate together."""

PAD = 0.05
"""What is added to both sides of a ratio before its logarithm, as a share of the observed value.

A run in which nobody died must not be infinitely far away.
"""


ONE_DEATH = 1.0
"""What is added to both sides of a ratio of counts: nobody may have been counted before."""


@dataclass(frozen=True, slots=True)
class Target:
    """One observed quantity, its error, and how it is computed from a run's outcomes.

    Attributes:
        name: What was counted, and when.
        outcome: The outcome; after a dot, a part of it.
        statistic: How the outcome is reduced from ``start`` to ``end``: ``sum``, ``share`` (of
            all), ``mean``, ``value`` (on the day), ``change`` (last less first day), ``ratio``
            (the sum as a multiple of that over as many days from ``before`` on) or ``held``
            (whether gangs hold the district after the dot on the day, 1 or 0).
        start: First day.
        end: Last day.
        low: The lowest value that the sources allow.
        high: The highest value that the sources allow; ``low`` where they agree.
        error: Standard deviation of the count's own error.
        scale: ``log`` where errors multiply, so that they are those of the logarithm; ``doubt``
            where the error is the probability that a yes or no is wrong; else ``linear``, and
            they have the quantity's unit.
        discrepancy: Standard deviation of the model discrepancy, which the model cannot be
            expected to get right (an assumption, range half to twice as much).
        fitted: Whether the posterior is fitted to it; else it only judges the posterior.
        source: The facts of ``seeds/``.
        before: First day of the period that a ``ratio`` compares with.
        office: Who counted it: errors of the same office go together; empty if it stands alone.
    """

    name: str
    outcome: str
    statistic: str
    start: date
    end: date
    low: float
    high: float
    error: float
    scale: str
    discrepancy: float
    fitted: bool
    source: str
    before: date | None = None
    office: str = ""

    @property
    def yes_or_no(self) -> bool:
        """Whether it is a yes or no, with the probability of being wrong as its error."""
        return self.scale == "doubt"

    @property
    def logarithmic(self) -> bool:
        """Whether errors multiply."""
        return self.scale == "log"

    @property
    def observed(self) -> float:
        """The middle of what the sources allow: the geometric one where errors multiply."""
        if self.logarithmic:
            return math.sqrt(self.low * self.high)
        return (self.low + self.high) / 2

    @property
    def observation_error(self) -> float:
        """Standard deviation of the observation: its own error and the sources' contradiction.

        All values between ``low`` and ``high`` are equally likely, so the contradiction has the
        standard deviation of a uniform distribution; for ``log`` of the logarithm.
        """
        width = math.log(self.high / self.low) if self.logarithmic else self.high - self.low
        return math.hypot(self.error, width / math.sqrt(12))

    @property
    def column(self) -> str:
        """The column of a posterior that says what a row's own run gives for it."""
        days = (f"{day:%Y_%m_%d}" for day in (self.start, self.end))
        return GIVES + ".".join((self.outcome, self.statistic, *days)).replace("-", "_")

    @property
    def group(self) -> str:
        """The first words of the name, shared by the same quantity at other dates."""
        return self.name.rpartition(", ")[0].removesuffix(", share")

    def residual(self, simulated: Array) -> Array:
        """Return the distance of simulated values from the observed one.

        It is a difference, or where errors multiply the logarithm of a padded ratio.
        """
        if not self.logarithmic:
            return simulated - self.observed
        pad = PAD * self.observed
        return np.log((simulated + pad) / (self.observed + pad))

    def from_residual(self, residual: Array) -> Array:
        """Return the values that have given residuals: the inverse of `residual`."""
        if not self.logarithmic:
            return self.observed + residual
        pad = PAD * self.observed
        return (self.observed + pad) * np.exp(residual) - pad

    @property
    def residual_error(self) -> float:
        """Standard deviation of `residual` from the observation; padding shrinks a logarithm's."""
        return self._on_residual_scale(self.observation_error)

    @property
    def residual_discrepancy(self) -> float:
        """Standard deviation of `residual` from the model discrepancy."""
        return self._on_residual_scale(self.discrepancy)

    def _on_residual_scale(self, deviation: float) -> float:
        """Return a small deviation of the quantity as one of its residual."""
        return deviation / (1 + PAD) if self.logarithmic else deviation


def target_of(row: Mapping[str, str]) -> Target:
    """Return the target of a row of the table."""
    return Target(
        name=row["name"],
        outcome=row["outcome"],
        statistic=row["statistic"],
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        low=float(row["low"]),
        high=float(row["high"]),
        error=float(row["error"]),
        scale=row["scale"],
        discrepancy=float(row["discrepancy"]),
        fitted={"yes": True, "no": False}[row["fitted"]],
        source=row["source"],
        before=date.fromisoformat(row["before"]) if row.get("before") else None,
        office=row.get("office") or "",
    )


def required_outcomes(chosen: Sequence[Target]) -> list[str]:
    """Return the outcomes that targets are computed from, sorted by name."""
    return sorted({target.outcome.partition(".")[0] for target in chosen})


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of one run.

    Attributes:
        arrays: Values by outcome, the first axis that of the dates at which it is stored.
        start: The first day.
        metropolitan: Which districts are in the capital, shape (district,).
        districts: Ids of the districts, in their order.
        contingents: For each contingent its force and its id.
    """

    arrays: Mapping[str, NDArray[Any]]
    start: date
    metropolitan: NDArray[np.bool_]
    districts: tuple[str, ...] = ()
    contingents: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], start: date, world: World) -> "Run":
        """Return a run from its outcomes, its first day and its world."""
        capital = np.array([district.metropolitan for district in world.districts], bool)
        districts = tuple(district.id for district in world.districts)
        contingents = tuple((one.force, one.id) for one in world.contingents)
        return cls(arrays, start, capital, districts, contingents)

    def read(self, target: Target) -> float:
        """Return the quantity of a target, in its unit."""
        first, last = ((day - self.start).days for day in (target.start, target.end))
        name, _, part = target.outcome.partition(".")
        values = self.arrays[name].astype(np.float64)
        if name == "displaced_hosted":
            return self._share_outside_capital(values, first)
        if target.yes_or_no:
            return float(values[first // 7][self.districts.index(part)] != STATE)
        if name == "officers_deployed":
            values = values[:, [part in both for both in self.contingents]].sum(axis=1)
        return self._reduced(target, values, first, last)

    def _reduced(self, target: Target, values: Array, first: int, last: int) -> float:
        """Return what becomes of daily values from the first day to the last."""
        period = values[first : last + 1]
        if target.statistic == "change":
            return float(period[-1] - period[0])
        if target.statistic in ("mean", "value"):
            return float(period.mean())
        part = target.outcome.partition(".")[2]
        counted = _counted(period, part)
        if target.statistic == "share":
            return _share(counted, period.sum())
        if target.before is not None:
            begins = (target.before - self.start).days
            earlier = _counted(values[begins : begins + len(period)], part)
            return (counted + ONE_DEATH) / (earlier + ONE_DEATH)
        return counted

    def _share_outside_capital(self, weekly: Array, day: int) -> float:
        """Return the share outside the capital at the first record on or after a day."""
        hosted = weekly[(day + 6) // 7]
        return _share(hosted[~self.metropolitan].sum(), hosted.sum())


def _counted(period: Array, part: str) -> float:
    """Return the sum of an outcome over a period, or of a part of it."""
    return float(period[:, _perpetrators(part)].sum() if part else period.sum())


def _perpetrators(part: str) -> list[int]:
    """Return the columns of the perpetrators that a part of an outcome's name means."""
    if part == "others":
        return [number for number, who in enumerate(PERPETRATORS) if who not in FORCES]
    return [PERPETRATORS.index(who) for who in (FORCES if part == "forces" else (part,))]


def _share(part: float, whole: float) -> float:
    """Return a part as a share of the whole, 0 of nothing."""
    return float(part / whole) if whole > 0 else 0.0
