"""The targets' quantities in the runs of a result."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.targets import Run, Target, required_outcomes
from teritwa.ensemble.result import Result


def quantities_of(result: Result, targets: Sequence[Target]) -> NDArray[np.float64]:
    """Return targets' quantities in each run of a result, shape (run, target).

    Args:
        result: A result with the outcomes of the targets and their days (`is_covered`).
        targets: The targets.
    """
    arrays = {name: result.runs(name) for name in required_outcomes(targets)}
    start, metropolitan = result.dates[0].item(), result.metropolitan()
    districts = tuple(result.labels("district"))
    contingents = tuple(zip(result.labels("force"), result.labels("contingent"), strict=True))
    found = np.empty((result.count, len(targets)))
    for row in range(result.count):
        outcomes = {name: values[row] for name, values in arrays.items()}
        run = Run(outcomes, start, metropolitan, districts, contingents)
        found[row] = [run.read(target) for target in targets]
    return found


def is_covered(result: Result, target: Target) -> bool:
    """Return whether a result has the days of a target and the outcomes behind it."""
    is_stored = set(required_outcomes([target])) <= set(result.series.names())
    first, last = result.dates[0].item(), result.dates[-1].item()
    return is_stored and first <= target.start and target.end <= last
