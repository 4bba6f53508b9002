"""The population of missions: a mean, a spread between groups, and what their figures say of both.

A parameter is written by its normal score: the standard normal quantile of its level (0 to 1) in
its declared range. With m the score of the population's mean and e of a group's own effect, both
standard normal before any figure is seen, the group has the score

    z = sqrt(1 - s^2) m + s e,

where s is the spread between missions, a share of the prior's. So each group, and each mission yet
to come, has the declared prior before figures are seen, and figures of one group tell of others
the more, the smaller s is. For a range of a factor of ten or more the scores are those of a
logarithm; on narrower ranges they are close to one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from teritwa.analysis.calibration.emulator import Emulator
from teritwa.analysis.calibration.likelihood import error_covariance
from teritwa.analysis.calibration.priors import prior
from teritwa.analysis.calibration.sampler import LogLikelihood, sample_posterior
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.missions.figures import LOCAL, Group, transferable

Array = NDArray[np.float64]

SPREAD = 0.45
"""The spread between missions as a share of the prior's (an assumption, range half to twice).

Three groups cannot tell it: it is its own prior. Rates that were seen directly (`rates`) differ
between groups by about as much as the declared ranges allow. A part of that is posture, which the
model has apart; half is left here, and twice as much takes none of it for posture.
"""

CHAINS = 256
"""Independent chains, the last state of each of which is a draw."""

STEPS = (400, 399, 1)
"""Steps of a chain: all but the last are left out."""

SEED = 20070209


@dataclass(frozen=True)
class Population:
    """Draws of the population's mean, of each group and of one mission more, as levels.

    Attributes:
        mean: Levels of the mean, shape (draw, parameter).
        groups: Levels of each group by its name, shape (draw, parameter).
        other: Levels of one mission more: that of the shipped scenarios.
        own: The score of that mission's own effect, shape (draw, parameter).
    """

    mean: Array
    groups: Mapping[str, Array]
    other: Array
    own: Array


@dataclass(frozen=True)
class _Layout:
    """Where the scores of a chain stand: mean, effects of groups, local ones, the other mission."""

    groups: int
    shared: int
    spread: float

    @property
    def columns(self) -> int:
        """The number of scores."""
        return self.shared * (self.groups + 2) + len(LOCAL) * self.groups

    def mean(self, scores: Array) -> Array:
        """The scores of the population's mean."""
        return scores[:, : self.shared]

    def effect(self, scores: Array, number: int) -> Array:
        """The own effect of a group by its number; the number after the last is the other's."""
        return scores[:, self.shared * (number + 1) : self.shared * (number + 2)]

    def of(self, scores: Array, number: int) -> Array:
        """The scores of a group by its number, or of the other mission."""
        kept = math.sqrt(1.0 - self.spread**2)
        return kept * self.mean(scores) + self.spread * self.effect(scores, number)

    def local(self, scores: Array, number: int) -> Array:
        """The scores of a group's local parameters."""
        first = self.shared * (self.groups + 2) + len(LOCAL) * number
        return scores[:, first : first + len(LOCAL)]


def learn_population(
    seen: Sequence[Group],
    emulators: Mapping[str, Emulator],
    spread: float = SPREAD,
    without: str = "",
) -> Population:
    """Return draws of the population of missions given the figures of its groups.

    Args:
        seen: All groups.
        emulators: For each scenario its figures' residuals as functions of the levels of the
            transferable and then the local parameters.
        spread: The spread between missions, a share of the prior's, below 1.
        without: The name of a group whose figures are not used.
    """
    layout = _Layout(len(seen), len(transferable()), spread)
    terms = [
        (number, _group_likelihood(group, emulators))
        for number, group in enumerate(seen)
        if group.name != without
    ]

    def log_likelihood(levels: Array, chains: NDArray[np.intp]) -> Array:
        scores = _scores(levels)
        total = np.zeros(len(levels))
        for number, term in terms:
            own = np.hstack([layout.of(scores, number), layout.local(scores, number)])
            total += term(ndtr(own), chains)
        return total

    samples, _ = sample_posterior(log_likelihood, (CHAINS, layout.columns), SEED, STEPS)
    scores = _scores(samples[-1])
    return Population(
        ndtr(layout.mean(scores)),
        {group.name: ndtr(layout.of(scores, number)) for number, group in enumerate(seen)},
        ndtr(layout.of(scores, len(seen))),
        layout.effect(scores, len(seen)),
    )


def _scores(levels: Array) -> Array:
    """Return normal scores, which rounding keeps finite."""
    return np.asarray(ndtri(np.clip(levels, 1e-12, 1.0 - 1e-12)))


def _group_likelihood(group: Group, emulators: Mapping[str, Emulator]) -> LogLikelihood:
    """Return the log likelihood of a group's levels: transferable ones, then local ones."""
    known = [
        (emulators[name], np.linalg.inv(emulators[name].covariance + error_covariance(figures)))
        for name, figures in group.scenarios.items()
    ]
    places = {one.name: number for number, one in enumerate(transferable())}
    direct = [(places[name], figure) for name, figure in group.direct.items()]

    def log_likelihood(levels: Array, _: NDArray[np.intp]) -> Array:
        total = np.zeros(len(levels))
        for emulator, inverse in known:
            off = emulator(levels)
            total -= 0.5 * np.einsum("ij,jk,ik->i", off, inverse, off)
        for number, figure in direct:
            total += _direct(figure, number, levels[:, number])
        return total

    return log_likelihood


def _direct(figure: Target, number: int, levels: Array) -> Array:
    """Return the log likelihood of a figure that was counted of a parameter itself."""
    own = prior(transferable()[number])
    values = np.array([own.quantile(float(level)) for level in levels])
    variance = figure.residual_error**2 + figure.residual_discrepancy**2
    return np.asarray(-0.5 * figure.residual(values) ** 2 / variance)
