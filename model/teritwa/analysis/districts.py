"""What happened in each district of a result: who holds it, who was killed and arrested there."""

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.formatting import format_decimal
from teritwa.ensemble.result import Result

LEVELS = (0.05, 0.5, 0.95)
"""Quantiles over runs."""

HEADER = (
    "district",
    "name",
    "held_first",
    "held_last",
    "killed_q05",
    "killed_q50",
    "killed_q95",
    "arrested_q05",
    "arrested_q50",
    "arrested_q95",
    "n",
)
"""Shares of runs in which gangs hold a district on the first and the last day, and quantiles over
runs of the persons killed, and gang members arrested, there in all."""


def district_rows(result: Result) -> list[list[object]]:
    """Return a row a district with the columns of `HEADER`.

    Args:
        result: A result with finished runs.

    Raises:
        ResultError: If the result lacks one of the outcomes.
    """
    held = result.runs("held_by_gangs")
    shares = [held[:, week].mean(axis=0) for week in (0, -1)]
    totals = [
        _quantiles(result.runs(outcome)[:, -1])
        for outcome in ("killed_in_district", "arrested_in_district")
    ]
    numbers = np.column_stack([*shares, *totals])
    ids, names = result.labels("district"), result.labels("district_name")
    return [
        [one, name, *map(format_decimal, row), len(held)]
        for one, name, row in zip(ids, names, numbers.tolist(), strict=True)
    ]


def _quantiles(values: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return quantiles over runs of values (run, district), shape (district, level)."""
    found: NDArray[np.float64] = np.quantile(values, LEVELS, axis=0).T
    return found
