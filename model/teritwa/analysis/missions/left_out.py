"""Each group of missions predicted from the others, by runs and not by emulators.

The figures of a group are left out, the population is learned from the other groups, and the
group's worlds are run with what it says of a mission that nobody has seen. What does not transfer
is drawn from the declared priors. The same runs from the declared priors alone are what missions
have to beat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr
from scipy.stats import binomtest

from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.missions.figures import Group, transferable
from teritwa.analysis.missions.learning import Learned, Work
from teritwa.analysis.missions.population import CHAINS, SPREAD, Population, learn_population

PRIOR_DRAW, PREDICTED_DRAW = 10_000, 20_000
"""First draws of the runs from the priors and from the other groups: no two waves share chance."""

REPEATS = 4
"""Runs of each draw: the figures of a group are predicted by so many times the draws."""

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
        prior: Residuals of runs from the declared priors, shape (run,).
        predicted: Residuals of runs under what the other groups say, shape (run,).
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
        densities = log_densities(residuals, self.error)
        return float(logsumexp(densities) - np.log(len(residuals)))

    def place(self, residuals: Array) -> float:
        """Return the probability that runs, with the figure's error, give less than was counted."""
        return float(ndtr(-residuals / self.error).mean())

    def covers(self, residuals: Array) -> bool:
        """Return whether the middle of the predicted values, a share LEVEL, holds the figure."""
        return abs(self.place(residuals) - 0.5) <= LEVEL / 2

    @property
    def is_yes_or_no(self) -> bool:
        """Whether the figure says if a place is under gangs."""
        return self.figure.outcome == "gang_control_capital"

    def brier(self, residuals: Array) -> float:
        """Return the squared error of the probability that the place is under gangs."""
        values = self.figure.from_residual(residuals)
        return float(((values > HALF).mean() - float(self.figure.observed > HALF)) ** 2)


@dataclass(frozen=True)
class GroupScore:
    """How well a group is predicted: joint log scores of its figures, and their difference.

    ``better`` is the log score with the other groups less that of the prior alone, and ``error``
    the standard error of it from the runs that there are.
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
    levels = learned.missions.design(name)[: REPEATS * CHAINS]
    prior = learned.missions.run(name, levels, PRIOR_DRAW, work)
    drawn = np.tile(population.groups[group.name], (REPEATS, 1))[: len(levels)]
    own = predicted_levels(learned, name, drawn)
    predicted = learned.missions.run(name, own, PREDICTED_DRAW, work)
    figures = group.scenarios[name]
    return [
        Prediction(group.name, name, figure, _finished(prior)[:, i], _finished(predicted)[:, i])
        for i, figure in enumerate(figures)
    ]


def predicted_levels(learned: Learned, name: str, transferred: Array) -> Array:
    """Return levels of a scenario's parameters: what transfers as given, the others as designed.

    Args:
        learned: What was learned.
        name: The scenario.
        transferred: Levels of the transferable parameters, shape (draw, parameter).
    """
    levels = learned.missions.design(name)[: len(transferred)].copy()
    levels[:, learned.missions.columns(name)[: len(transferable())]] = transferred
    return levels


def _finished(residuals: Array) -> Array:
    """Return the rows of runs that finished."""
    return residuals[~np.isnan(residuals).any(axis=1)]


def group_scores(predictions: Sequence[Prediction]) -> tuple[GroupScore, ...]:
    """Return the joint log scores of each group's scenarios, added up.

    Figures of one scenario come from one run each and are scored together.
    """
    names = dict.fromkeys(one.group for one in predictions)
    return tuple(_score(name, [p for p in predictions if p.group == name]) for name in names)


def _score(name: str, own: Sequence[Prediction]) -> GroupScore:
    """Return the scores of a group: those of its scenarios added up, and their errors."""
    scenarios = dict.fromkeys(one.scenario for one in own)
    parts = [[one for one in own if one.scenario == scenario] for scenario in scenarios]
    prior, prior_error = _added(_joint(part, "prior") for part in parts)
    scored, error = _added(_joint(part, "predicted") for part in parts)
    both = float(np.hypot(prior_error, error))
    return GroupScore(name, len(own), prior, scored, scored - prior, both)


def _added(scores: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the sum of scores, and the standard error of it from theirs."""
    values, errors = np.array(list(scores)).T
    return float(values.sum()), float(np.sqrt(errors @ errors))


def _joint(part: Sequence[Prediction], what: str) -> tuple[float, float]:
    """Return the log of the mean joint density over some runs, and its standard error."""
    logs = sum(log_densities(getattr(one, what), one.error) for one in part)
    weights = np.exp(logs - np.max(logs))
    relative = weights.std(ddof=1) / weights.mean() / np.sqrt(len(weights))
    return float(np.log(weights.mean()) + np.max(logs)), float(relative)


def coverage(predictions: Sequence[Prediction]) -> tuple[int, int, float]:
    """Return how many figures the predicted intervals hold, of how many, and an exact p-value.

    The p-value is that of a binomial test of LEVEL, as if figures were independent.
    """
    held = sum(one.covers(one.predicted) for one in predictions)
    return held, len(predictions), float(binomtest(held, len(predictions), LEVEL).pvalue)
