"""Tables of the recovery of known truths."""

from collections.abc import Sequence

import numpy as np

from teritwa.analysis.calibration.recovery import DRAWS, LEVELS, Recovery
from teritwa.analysis.calibration.tables import Row, Table, columns

ENSEMBLES = ("as calibrated", "half the spread")


def recovery_table(recoveries: Sequence[Recovery]) -> Table:
    """Return a row for each part of the method, interval and ensemble: the interval's coverage."""
    return columns([row for recovery in recoveries for row in _recovery_rows(recovery)])


def _recovery_rows(recovery: Recovery) -> list[Row]:
    """Return the rows of a part of the method."""
    return [
        {
            "part": recovery.part,
            "level": level,
            "ensemble": ensemble,
            "coverage": float(recovery.coverage[i, j]),
            "standard_error": float(recovery.errors[i, j]),
            "data_sets": recovery.data_sets,
            "parameters": len(recovery.names),
        }
        for i, level in enumerate(LEVELS)
        for j, ensemble in enumerate(ENSEMBLES)
    ]


def rank_table(recoveries: Sequence[Recovery]) -> Table:
    """Return how often the truth has each rank among the draws, by part of the method.

    Even counts mean that the method is calibrated.
    """
    rows: list[Row] = []
    for one in recoveries:
        counts = np.bincount(one.ranks.ravel(), minlength=DRAWS + 1)
        rows += [
            {"part": one.part, "place": rank, "count": int(count)}
            for rank, count in enumerate(counts)
        ]
    return columns(rows)
