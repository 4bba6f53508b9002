"""The model's discrepancy: what it cannot be expected to get right, in every band after the origin.

A run that replays the past up to the origin misses each count by a little. Part of that is the
count's own error, part of it the model's. The model's part has a memory: what a run misses by at
the origin fades over months, and new misses come. It is conditioned on each run's own distances
from the counts, and its size is the one that the calibration allowed for.

Paired runs miss by the same factor, so differences between scenarios are scaled by it and no
difference arises from it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.count_table import targets
from teritwa.analysis.calibration.observation import (
    MEMORY_DAYS,
    count_covariance,
    discrepancy_covariance,
    residuals_of,
)
from teritwa.analysis.calibration.result_runs import is_covered, quantities_of
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.world_of_result import is_of_default_world
from teritwa.ensemble.result import Result

Array = NDArray[np.float64]

KNOT_DAYS = 30
"""Days between two levels of the discrepancy; it moves along a straight line between them."""

FOLLOWS: Mapping[str, str] = {
    "killed": "killed_counted",
    "injured": "injured_counted",
    "children_displaced": "displaced",
    "displaced_in_camps": "displaced",
    "displaced_without_aid": "displaced",
}
"""Outcomes that nobody counted, each with the counted one by whose factor the model misses it."""

_PATHS = "path of the discrepancy"


@dataclass(frozen=True)
class SeenResult(Result):
    """A result whose outcomes hold the discrepancy after the origin."""

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome of the finished runs, as `Result.runs`, with the discrepancy."""
        values = super().runs(outcome)
        base = FOLLOWS.get(outcome, outcome)
        own = [number for number, one in enumerate(self._targets) if _is_level(one, base)]
        if not own or len(self.dates) <= self._known_days:
            return values
        seen = values.astype(np.float64)
        later = seen[:, self._known_days :]
        shape = (*later.shape[:2], *([1] * (later.ndim - 2)))
        off = self._paths(base, own).reshape(shape)
        if self._targets[own[0]].logarithmic:
            later *= np.exp(-off)
        else:
            later[...] = np.clip(later - off, 0.0, 1.0)
        return seen

    @cached_property
    def _targets(self) -> list[Target]:
        """The counts until the origin that the result covers."""
        known = [one for one in targets() if _is_met(one, self._origin)]
        return [one for one in known if is_covered(self, one)]

    @cached_property
    def _origin(self) -> date:
        """The last day of the past that the runs replay."""
        return date.fromisoformat(self.manifest["origin"])

    @cached_property
    def _known_days(self) -> int:
        """How many days of the result lie in that past."""
        first = date.fromisoformat(self.manifest["start"])
        return (self._origin - first).days + 1

    @cached_property
    def _distances(self) -> Array:
        """Distances of the runs from the counts, shape (run, target)."""
        plain = Result(self.path, self.manifest)
        return residuals_of(self._targets, quantities_of(plain, self._targets))

    def _paths(self, outcome: str, own: list[int]) -> Array:
        """Return the discrepancy of an outcome by run and day after the origin.

        Args:
            outcome: The counted outcome.
            own: The targets that are counts of it.
        """
        mean, variance, size = self._at_origin(own)
        days = len(self.dates) - self._known_days
        knots = days // KNOT_DAYS + 2
        kept = np.exp(-KNOT_DAYS / MEMORY_DAYS)
        numbers = np.stack([_normals(self._key(outcome, *pair), knots) for pair in self.pairs])
        levels = np.empty((self.count, knots))
        levels[:, 0] = mean + np.sqrt(variance) * numbers[:, 0]
        for knot in range(1, knots):
            new = size * np.sqrt(1.0 - kept * kept) * numbers[:, knot]
            levels[:, knot] = kept * levels[:, knot - 1] + new
        at = np.arange(1, days + 1) / KNOT_DAYS
        before = at.astype(int)
        share = at - before
        following = np.minimum(before + 1, knots - 1)
        return np.asarray((1.0 - share) * levels[:, before] + share * levels[:, following])

    def _at_origin(self, own: list[int]) -> tuple[Array, float, float]:
        """Return mean (run) and variance of the discrepancy at the origin, and its size."""
        counts = self._targets
        size = counts[own[-1]].residual_discrepancy
        middles = np.array([(one.start.toordinal() + one.end.toordinal()) / 2 for one in counts])
        memory = np.exp(-np.abs(self._origin.toordinal() - middles) / MEMORY_DAYS)
        sizes = np.array([one.residual_discrepancy for one in counts])
        same = np.isin(np.arange(len(counts)), own)
        together = np.where(same, size * sizes * memory, 0.0)
        gain = np.linalg.solve(count_covariance(counts) + discrepancy_covariance(counts), together)
        return self._distances @ gain, float(size**2 - together @ gain), size

    def _key(self, outcome: str, draw: int, replicate: int) -> str:
        """Return the address of a run's discrepancy of an outcome: the same in all scenarios."""
        return f"{_PATHS} {self.manifest['seed']} {draw} {replicate} {outcome}"


def as_seen(result: Result) -> Result:
    """Return a result whose bands hold the discrepancy; the same one if it replays no past.

    Args:
        result: A result with finished runs.
    """
    if not result.manifest.get("origin") or not is_of_default_world(result) or not result.count:
        return result
    return SeenResult(result.path, result.manifest, result.seconds)


def _is_met(target: Target, origin: date) -> bool:
    """Return whether a target is a count until the origin that is fitted."""
    return target.end <= origin and target.fitted and not target.yes_or_no


def _is_level(target: Target, outcome: str) -> bool:
    """Return whether a target is a count or a level of a whole outcome."""
    return target.outcome == outcome and target.statistic in ("sum", "value", "mean")


def _normals(address: str, count: int) -> Array:
    """Return standard normal numbers by address: whatever else is drawn, they stay."""
    digest = hashlib.blake2b(address.encode(), digest_size=16).digest()
    stream = np.random.PCG64(int.from_bytes(digest, "little"))  # noqa: TID251  # by address
    return np.random.Generator(stream).standard_normal(count)  # noqa: TID251
