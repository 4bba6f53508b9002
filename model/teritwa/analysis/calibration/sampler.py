"""Drawing parameters in proportion to their prior and to how well they explain what was observed.

Elliptical slice sampling (Murray, Adams and MacKay 2010) on normal scores of the priors' levels: it has nothing to
tune, and a parameter that the likelihood does not feel stays exactly at its prior.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

LogLikelihood = Callable[[Array, NDArray[np.intp]], Array]
"""Told the levels (chain, parameter) and which chains they belong to; returns a logarithm for each."""


def sampled(
    likelihood: LogLikelihood, shape: tuple[int, int], seed: int, steps: tuple[int, int, int]
) -> tuple[Array, Array]:
    """Return levels (sample, chain, parameter) and the mean log likelihood of the chains after each step.

    ``shape`` is (chains, parameters). ``steps`` is (how many in all, how many before the first sample, how many
    between two samples). All chains begin at the prior and are independent.
    """
    # A chain is a stream, not a table of addresses: each step needs what the one before has used.
    random = np.random.Generator(np.random.Philox(seed))  # noqa: TID251
    chains = np.arange(shape[0])
    scores = random.standard_normal(shape)
    heights = likelihood(ndtr(scores), chains)
    total, before, between = steps
    kept, path = [], []
    for step in range(total):
        scores, heights = _step(likelihood, scores, heights, random)
        path.append(float(heights.mean()))
        if step >= before and (step - before) % between == 0:
            kept.append(ndtr(scores))
    return np.array(kept), np.array(path)


def _step(
    likelihood: LogLikelihood,
    scores: Array,
    heights: Array,
    random: "np.random.Generator",  # noqa: TID251
) -> tuple[Array, Array]:
    """Move every chain once: along a random ellipse through it, to a point at least as likely as a random slice."""
    chains = len(scores)
    other = random.standard_normal(scores.shape)
    slices = heights + np.log(random.random(chains))
    angle = 2.0 * np.pi * random.random(chains)
    low, high = angle - 2.0 * np.pi, angle.copy()
    scores, heights = scores.copy(), heights.copy()
    left = np.arange(chains)
    start, goal = scores.copy(), other
    while len(left):
        tried = start[left] * np.cos(angle[left])[:, None] + goal[left] * np.sin(angle[left])[:, None]
        found = likelihood(ndtr(tried), left)
        good = found > slices[left]
        scores[left[good]], heights[left[good]] = tried[good], found[good]
        left = left[~good]
        below = angle[left] < 0.0
        low[left[below]], high[left[~below]] = angle[left[below]], angle[left[~below]]
        angle[left] = low[left] + random.random(len(left)) * (high[left] - low[left])
    return scores, heights
