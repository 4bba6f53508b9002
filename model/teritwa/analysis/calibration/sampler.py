"""Elliptical slice sampling: parameters in proportion to prior and likelihood.

Elliptical slice sampling (Murray, Adams and MacKay 2010) works on normal scores of the priors'
levels. It has nothing to tune, and a parameter that the likelihood does not depend on stays
exactly at its prior.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

LogLikelihood = Callable[[Array, NDArray[np.intp]], Array]
"""Takes levels (chain, parameter) and the numbers of their chains; returns a logarithm for each."""


def sample_posterior(
    log_likelihood: LogLikelihood, shape: tuple[int, int], seed: int, steps: tuple[int, int, int]
) -> tuple[Array, Array]:
    """Sample independent Markov chains that begin at the prior.

    Args:
        log_likelihood: The log likelihood of levels (0 to 1) of the priors.
        shape: How many chains and parameters.
        seed: The seed of the chains.
        steps: How many steps in all, how many before the first sample (burn-in), and how many
            between two samples (thinning).

    Returns:
        Levels, shape (sample, chain, parameter), and the mean log likelihood of the chains after
        each step, shape (step,).
    """
    # A chain is a stream, not a table of addresses: each step needs what the one before used.
    random = np.random.Generator(np.random.Philox(seed))  # noqa: TID251
    scores = random.standard_normal(shape)
    heights = log_likelihood(ndtr(scores), np.arange(shape[0]))
    total, burn_in, thinning = steps
    samples, path = [], []
    for step in range(total):
        scores, heights = _step(log_likelihood, scores, heights, random)
        path.append(float(heights.mean()))
        if step >= burn_in and (step - burn_in) % thinning == 0:
            samples.append(ndtr(scores))
    return np.array(samples), np.array(path)


def _step(
    log_likelihood: LogLikelihood,
    start: Array,
    heights: Array,
    random: "np.random.Generator",  # noqa: TID251
) -> tuple[Array, Array]:
    """Move every chain along a random ellipse to a point above a random slice of its height."""
    other_axis = random.standard_normal(start.shape)
    slices = heights + np.log(random.random(len(start)))
    angle = 2.0 * np.pi * random.random(len(start))
    low, high = angle - 2.0 * np.pi, angle.copy()
    scores, heights = start.copy(), heights.copy()
    moving = np.arange(len(start))
    while len(moving):
        along = np.cos(angle[moving])[:, None], np.sin(angle[moving])[:, None]
        proposed = start[moving] * along[0] + other_axis[moving] * along[1]
        found = log_likelihood(ndtr(proposed), moving)
        accepted = found > slices[moving]
        scores[moving[accepted]], heights[moving[accepted]] = proposed[accepted], found[accepted]
        moving = moving[~accepted]
        _shrink(low, high, angle, moving)
        angle[moving] = low[moving] + random.random(len(moving)) * (high[moving] - low[moving])
    return scores, heights


def _shrink(low: Array, high: Array, angle: Array, chains: NDArray[np.intp]) -> None:
    """Move the end of each chain's bracket that is on the side of its rejected angle to it."""
    below = angle[chains] < 0.0
    low[chains[below]] = angle[chains[below]]
    high[chains[~below]] = angle[chains[~below]]
