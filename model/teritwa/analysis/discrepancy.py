"""The model's discrepancy: what it cannot be expected to get right, in every band.

A run that replays a known past misses each count by a little. Part of that is the count's own
error, part of it the model's. The model's part has a memory: what a run misses by at the origin
fades over months, and new misses come. It is conditioned on each run's own distances from the
counts, and its size is the one that the calibration allowed for.

The distances are those of the past that was fitted, which the posterior has beside each row. A
scenario in which things went otherwise before the origin does not miss the counts by that. So
paired runs miss by the same factor: differences between scenarios are scaled by it, and none arises
from it.
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
    error_covariance,
    residuals_of,
)
from teritwa.analysis.calibration.targets import PAD, Target
from teritwa.analysis.drivers import first_runs
from teritwa.analysis.world_of_result import is_of_default_world
from teritwa.ensemble.manifest import DESIGN
from teritwa.ensemble.result import Result

Array = NDArray[np.float64]

KNOT_DAYS = 30
"""Days between two levels of the discrepancy, from the first day on; it moves along a straight line
between them."""

TINY = 1e-12
"""A variance that nobody sees, so that none is zero."""

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
    """A result whose outcomes hold the discrepancy."""

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome of the finished runs, as `Result.runs`, with the discrepancy."""
        values = super().runs(outcome)
        base = FOLLOWS.get(outcome, outcome)
        own = [number for number, one in enumerate(self._targets) if _is_level(one, base)]
        if not own:
            return values
        off = self._paths(base, own)[:, : values.shape[1]]
        off = off.reshape(*off.shape, *([1] * (values.ndim - 2)))
        if self._targets[own[0]].logarithmic:
            return np.asarray(values * np.exp(-(1.0 + PAD) * off))  # distances are padded
        return np.clip(values - off, 0.0, 1.0)

    @cached_property
    def _targets(self) -> list[Target]:
        """The counts until the origin of which the posterior says what its rows give."""
        known = [one for one in targets() if _is_met(one, self._origin)]
        return [one for one in known if one.column in self._design[0]]

    @cached_property
    def _origin(self) -> date:
        """The last day of the past that the runs replay."""
        return date.fromisoformat(self.manifest["origin"])

    @cached_property
    def _distances(self) -> Array:
        """Distances from the counts of the past that each run replays, shape (run, target)."""
        by_draw = {int(row["draw"]): row for row in self._design}
        given = [
            [float(by_draw[draw][one.column]) for one in self._targets] for draw, _ in self.pairs
        ]
        return residuals_of(self._targets, np.array(given))

    @cached_property
    def _design(self) -> list[dict[str, str]]:
        """A row of the table of draws for each draw of the result."""
        return first_runs(self.path / DESIGN)

    def _paths(self, outcome: str, own: list[int]) -> Array:
        """Return the discrepancy of an outcome by run and day.

        Args:
            outcome: The counted outcome.
            own: The targets that are counts of it.
        """
        days = len(self.dates)
        knots = KNOT_DAYS * np.arange(days // KNOT_DAYS + 2)
        gain, root = self._given_counts(own, knots)
        numbers = [_normals(self._key(outcome, *pair), len(knots)) for pair in self.pairs]
        levels = self._distances @ gain + np.stack(numbers) @ root.T
        before, share = np.divmod(np.arange(days), KNOT_DAYS)
        share = share / KNOT_DAYS
        return np.asarray((1.0 - share) * levels[:, before] + share * levels[:, before + 1])

    def _given_counts(self, own: list[int], knots: NDArray[np.int_]) -> tuple[Array, Array]:
        """Return what counts say of the discrepancy of an outcome, a Gaussian process.

        Args:
            own: The targets that are counts of it.
            knots: Days on which it is wanted, from the first day of the result on.

        Returns:
            Its mean a unit of each distance from a count, shape (target, knot); and the lower
            triangular root of its covariance, shape (knot, knot).
        """
        counts = self._targets
        size = counts[own[-1]].residual_discrepancy
        first = date.fromisoformat(self.manifest["start"]).toordinal()
        middles = np.array([(one.start.toordinal() + one.end.toordinal()) / 2 for one in counts])
        sizes = np.array([one.residual_discrepancy for one in counts])
        same = np.isin(np.arange(len(counts)), own)
        memory = np.exp(-np.abs(np.subtract.outer(middles, first + knots)) / MEMORY_DAYS)
        together = np.where(same[:, None], size * sizes[:, None] * memory, 0.0)
        gain = np.linalg.solve(error_covariance(counts), together)
        alone = size**2 * np.exp(-np.abs(np.subtract.outer(knots, knots)) / MEMORY_DAYS)
        left = alone - together.T @ gain + TINY * np.eye(len(knots))
        return np.asarray(gain), np.linalg.cholesky(left)

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
