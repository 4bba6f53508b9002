"""The covariance of the errors of figures that nobody counts together: those of past missions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.targets import Target

Array = NDArray[np.float64]


def error_covariance(targets: Sequence[Target]) -> Array:
    """Return the covariance of observation error and model discrepancy, of the fitted targets."""
    variances = [
        target.residual_error**2 + target.residual_discrepancy**2
        for target in targets
        if target.fitted
    ]
    return np.diag(variances)
