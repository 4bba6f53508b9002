"""Importance weights and resampling."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GOLDEN = 0.382
"""Stride between draws as a share of their number: by the golden section, neighbours differ."""


def normalised_weights(logarithms: Array) -> Array:
    """Return weights that sum to one from their logarithms, known up to a constant."""
    # Nothing weighs nothing, also where a power of 0 makes a number of it that is none.
    logarithms = np.where(np.isnan(logarithms), -np.inf, logarithms)
    weights = np.exp(logarithms - logarithms.max())
    return np.asarray(weights / weights.sum())


def effective_sample_size(weights: Array) -> float:
    """Return how many equally weighted particles the weighted ones are worth (Kong 1992)."""
    return float(1.0 / (weights**2).sum())


def resample(weights: Array, count: int, offset: float = 0.5) -> NDArray[np.intp]:
    """Resample particles systematically (Kitagawa 1996).

    Each is drawn as often as its weight asks for, give or take one. Draws of one particle are set
    far apart, so that the first few draws are as mixed as all of them.

    Args:
        weights: Weights that sum to one, shape (particle,).
        count: How many draws.
        offset: Where the first draw falls within its share of the weights, from 0 to 1.

    Returns:
        The numbers of the particles, shape (draw,).
    """
    drawn = np.searchsorted(np.cumsum(weights), (np.arange(count) + offset) / count)
    chosen = np.minimum(drawn, len(weights) - 1).astype(np.intp)
    return chosen[far_apart(count)]


def far_apart(count: int) -> NDArray[np.intp]:
    """Return the numbers from 0 to a count in an order in which neighbours are set far apart."""
    steps = range(int(GOLDEN * count) or 1, 2 * count + 2)
    stride = next(step for step in steps if np.gcd(step, count) == 1)
    return (stride * np.arange(count)) % count
