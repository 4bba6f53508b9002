"""Each group of missions predicted from the others, by runs and not by emulators.

The figures of a group are left out, the population is learned from the other groups, and the
group's worlds are run with what it says of a mission that nobody has seen. What does not transfer
is drawn from the declared priors. The same runs from the declared priors alone are what missions
have to beat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import binomtest

from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.missions.figures import Group, transferable
from teritwa.analysis.missions.learning import Learned, Work
from teritwa.analysis.missions.population import CHAINS, SPREAD, Population, learn_population

PRIOR_DRAW, PREDICTED_DRAW = 1_000_000, 2_000_000
"""First draws of the runs from the priors and from the other groups: no two waves share chance."""

REPEATS = 4
"""Runs of each draw: the figures of a group are predicted by so many times the draws."""

ERROR_STEPS = 25
"""Equally likely errors of a figure that are laid on each run."""

LEVEL = 0.8
"""Share of the figures that an interval should hold."""

HALF = 0.5
"""A place is under gangs if more than this share of its people is."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """A figure of a group, predicted without and with the figures of the other groups.

    Attributes:
        group: The group.
        scenario: The scenario, whose figures come from the same runs.
        figure: The figure.
        prior: Residuals of runs from the declared priors, shape (repeat, draw); not a number where
            a run failed. The scenarios of a group share what transfers, draw by draw.
        predicted: The same of runs under what the other groups say.
    """

    group: str
    scenario: str
    figure: Target
    prior: Array
    predicted: Array

    @property
    def error(self) -> float:
        """Standard deviation of the figure's own error and the model's discrepancy."""
        return float(np.hypot(self.figure.residual_error, self.figure.residual_discrepancy))

    def log_score(self, residuals: Array) -> float:
        """Return the logarithm of the density that runs give to the figure."""
        densities = log_densities(_finished(residuals), self.error)
        return float(logsumexp(densities) - np.log(len(densities)))

    def place(self, residuals: Array) -> float:
        """Return the probability that runs, with the figure's error, give less than was counted."""
        return float(ndtr(-_finished(residuals) / self.error).mean())

    def covers(self, residuals: Array) -> bool:
        """Return whether the middle of the predicted values, a share LEVEL, holds the figure."""
        return abs(self.place(residuals) - 0.5) <= LEVEL / 2

    def band(self, residuals: Array, shares: Sequence[float]) -> Array:
        """Return quantiles of what would be counted: of runs, with the figure's error.

        Args:
            residuals: Residuals of runs.
            shares: The shares of the quantiles.
        """
        steps = self.error * ndtri((np.arange(ERROR_STEPS) + 0.5) / ERROR_STEPS)
        counted = self.figure.from_residual(_finished(residuals)[:, None] + steps)
        most = 1.0 if self.is_yes_or_no else np.inf
        return np.quantile(np.clip(counted, 0.0, most), shares)

    @property
    def is_yes_or_no(self) -> bool:
        """Whether the figure says if a place is under gangs."""
        return self.figure.outcome == "gang_control_capital"

    def brier(self, residuals: Array) -> float:
        """Return the squared error of the probability that the place is under gangs."""
        values = self.figure.from_residual(_finished(residuals))
        return float(((values > HALF).mean() - float(self.figure.observed > HALF)) ** 2)


@dataclass(frozen=True)
class GroupScore:
    """How well a group is predicted: joint log scores of its figures, and their difference.

    ``better`` is the log score with the other groups less that of the prior alone, and ``error``
    the standard error of it from the draws that there are.
    """

    group: str
    figures: int
    prior: float
    predicted: float
    better: float
    error: float


def log_densities(residuals: Array, error: float) -> Array:
    """Return log densities of a figure at no distance, given residuals and a normal error."""
    return np.asarray(-0.5 * (residuals / error) ** 2 - np.log(error * np.sqrt(2.0 * np.pi)))


def predict_all(learned: Learned, work: Work) -> tuple[Prediction, ...]:
    """Return the predictions of all figures, each from the other groups.

    Args:
        learned: What was learned, with the design and the emulators.
        work: Where runs are kept and who does them.
    """
    found: list[Prediction] = []
    for group in learned.missions.groups:
        population = learn_population(
            learned.missions.groups, learned.emulators, SPREAD, without=group.name
        )
        for name in group.scenarios:
            found += _predictions(learned, group, name, population, work)
    return tuple(found)


def _predictions(
    learned: Learned, group: Group, name: str, population: Population, work: Work
) -> list[Prediction]:
    """Return the predictions of one scenario's figures."""
    repeats = max(1, min(REPEATS, learned.missions.runs // CHAINS))
    found = []
    for first_draw, transferred in (
        (PRIOR_DRAW, _prior_levels()),
        (PREDICTED_DRAW, population.groups[group.name]),
    ):
        levels = predicted_levels(learned, name, np.tile(transferred, (repeats, 1)))
        residuals = learned.missions.run(name, levels, first_draw, work)
        found.append(residuals.reshape(repeats, -1, residuals.shape[1]))
    prior, predicted = found
    return [
        Prediction(group.name, name, figure, prior[:, :, i], predicted[:, :, i])
        for i, figure in enumerate(group.scenarios[name])
    ]


def _prior_levels() -> Array:
    """Return levels of what transfers from the declared priors, the same in all scenarios."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(transferable()), scramble=True, rng=PRIOR_DRAW)
    return np.asarray(sequence.random(CHAINS))


def predicted_levels(learned: Learned, name: str, transferred: Array) -> Array:
    """Return levels of a scenario's parameters: what transfers as given, the others as designed.

    Args:
        learned: What was learned.
        name: The scenario.
        transferred: Levels of the transferable parameters, shape (draw, parameter).
    """
    design = learned.missions.design(name)
    levels = np.resize(design, (len(transferred), design.shape[1]))
    levels[:, learned.missions.columns(name)[: len(transferable())]] = transferred
    return levels


def _finished(residuals: Array) -> Array:
    """Return the residuals of the runs that finished, shape (run,)."""
    return np.asarray(residuals[~np.isnan(residuals)])


def group_scores(predictions: Sequence[Prediction]) -> tuple[GroupScore, ...]:
    """Return the joint log scores of each group's figures.

    Figures of one scenario come from one run each, and scenarios of a group share what transfers:
    the density of a draw is the product of its scenarios', each a mean over repeats.

    Args:
        predictions: The predictions.
    """
    names = dict.fromkeys(one.group for one in predictions)
    return tuple(_score(name, [p for p in predictions if p.group == name]) for name in names)


def _score(name: str, own: Sequence[Prediction]) -> GroupScore:
    prior, of_prior = _joint(own, "prior")
    scored, of_predicted = _joint(own, "predicted")
    apart = of_predicted - of_prior
    error = float(apart.std(ddof=1) / np.sqrt(len(apart)))
    return GroupScore(name, len(own), prior, scored, scored - prior, error)


def _joint(own: Sequence[Prediction], what: str) -> tuple[float, Array]:
    """Return the log of the mean joint density over draws, and each draw's part of the mean."""
    scenarios = dict.fromkeys(one.scenario for one in own)
    logs = np.zeros(getattr(own[0], what).shape[1])
    for scenario in scenarios:
        part = [one for one in own if one.scenario == scenario]
        each = sum(log_densities(getattr(one, what), one.error) for one in part)
        finished = np.where(np.isnan(each), -np.inf, each)
        logs += logsumexp(finished, axis=0) - np.log(np.isfinite(finished).sum(axis=0))
    top = np.max(logs)
    parts = np.exp(logs - top)
    return float(np.log(parts.mean()) + top), parts / parts.mean()


def coverage(predictions: Sequence[Prediction]) -> tuple[int, int, float]:
    """Return how many figures the predicted intervals hold, of how many, and an exact p-value.

    The p-value is that of a binomial test of LEVEL, as if figures were independent.
    """
    held = sum(one.covers(one.predicted) for one in predictions)
    return held, len(predictions), float(binomtest(held, len(predictions), LEVEL).pvalue)
