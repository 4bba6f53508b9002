"""The likelihood of parameters: how well an emulator predicts the observations, errors included."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.emulator import Emulator
from teritwa.analysis.calibration.priors import is_held
from teritwa.analysis.calibration.sampler import LogLikelihood
from teritwa.analysis.calibration.targets import Target
from teritwa.engine.parameters import Parameter

Array = NDArray[np.float64]


def residuals_of(targets: Sequence[Target], quantities: Array) -> Array:
    """Return the residuals of quantities, both of shape (run, target), target by target."""
    columns = [
        target.residual(column) for target, column in zip(targets, quantities.T, strict=True)
    ]
    return np.stack(columns, axis=1)


def fitted_targets(targets: Sequence[Target]) -> NDArray[np.intp]:
    """Return the numbers of the targets that are fitted."""
    return np.flatnonzero([target.fitted for target in targets])


def error_covariance(targets: Sequence[Target]) -> Array:
    """Return the covariance of observation error and model discrepancy, of the fitted targets."""
    variances = [
        target.residual_error**2 + target.residual_discrepancy**2
        for target in targets
        if target.fitted
    ]
    return np.diag(variances)


def held_parameters(parameters: Sequence[Parameter]) -> NDArray[np.bool_]:
    """Return which parameters are held at their priors."""
    return np.array([is_held(one) for one in parameters])


def learnable_levels(parameters: Sequence[Parameter], levels: Array) -> Array:
    """Return the columns of levels (row, parameter) of which the 2024 data may inform."""
    kept: Array = levels[:, ~held_parameters(parameters)]
    return kept


def emulator_likelihood(
    parameters: Sequence[Parameter],
    targets: Sequence[Target],
    emulators: Sequence[Emulator],
    observed: Array | None = None,
) -> LogLikelihood:
    """Return the log likelihood of levels under emulators, all errors included.

    Args:
        parameters: The parameters of the levels.
        targets: The targets of the emulators; those that are not fitted do not count.
        emulators: The emulators; their log likelihoods are added.
        observed: Other observations for other chains, as residuals of shape
            (emulator, chain, target).
    """
    fitted = fitted_targets(targets)
    errors = error_covariance(targets)
    inverses = [np.linalg.inv(one.covariance[np.ix_(fitted, fitted)] + errors) for one in emulators]

    def log_likelihood(levels: Array, chains: NDArray[np.intp]) -> Array:
        total = np.zeros(len(levels))
        for i, (emulator, inverse) in enumerate(zip(emulators, inverses, strict=True)):
            off = emulator(learnable_levels(parameters, levels))[:, fitted]
            if observed is not None:
                off = off - observed[i][chains][:, fitted]
            total -= 0.5 * np.einsum("ij,jk,ik->i", off, inverse, off)
        return total

    return log_likelihood
