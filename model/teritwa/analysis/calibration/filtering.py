"""Filtering: particles of the past meet one month's counts after the other.

This is a sequential Monte Carlo sampler (Del Moral, Doucet and Jasra 2006) over the data in the
order of time (Chopin 2002). Where a month has counts, the particles are run to its end. Their
likelihood enters by powers from 0 to 1, each as large as half of the particles are worth. After
each power the particles are resampled, and each is moved: a few of its numbers are proposed anew,
the whole past is run again, and the proposal is accepted by the Metropolis rule. All proposals keep
the prior, so the likelihood alone decides.

Chance is by address. So a run with other parameters and the same chance is a run near by, and small
steps are accepted, though one run alone is chaotic.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.observation import log_likelihood
from teritwa.analysis.calibration.particles import Particles, Prior, Stream, rounded, stepped
from teritwa.analysis.calibration.simulation import Simulator
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.weights import (
    effective_sample_size,
    normalised_weights,
    resample,
)
from teritwa.scenario.history import LARGEST_CHANCE

Array = NDArray[np.float64]

MOVED = 0.5
"""Share of the parameters of a kind that a move proposes anew."""

WORTH = 0.5
"""How many of the particles they are worth after each power, as a share."""

SWEEPS = 2
"""Moves of each particle after each power."""

LAST_SWEEPS = 8
"""Moves of each particle after the last count: rows then differ."""

ACCEPTED = 0.25
"""Share of accepted moves that the length of steps aims at (Roberts, Gelman and Gilks 1997)."""

LEARNING = 1.5
"""How fast the length of steps follows the accepted share."""

SHORTEST, LONGEST = 0.02, 1.0
"""Bounds of the length of steps."""

KINDS = ("telling", "moods", "others")
"""What a move proposes anew: parameters on which the counts depend; moods; other parameters with
what past missions say and the chance of a month."""

SHARES = (0.4, 0.25, 0.35)
"""How often each of `KINDS` is proposed."""

TELLING = 4.0
"""A parameter is telling if its correlation with a quantity is this many standard errors."""


@dataclass(frozen=True)
class Stage:
    """What is known at the end of a month.

    Attributes:
        months: How many months are known.
        end: The last of their days.
        targets: All targets until then.
        before: How many of the targets were known at the stage before; they come first.
    """

    months: int
    end: date
    targets: tuple[Target, ...]
    before: int


@dataclass(frozen=True)
class Step:
    """One power of one stage, for the record.

    Attributes:
        end: The last day of the stage.
        power: The power that is reached.
        worth: How many particles they were worth before they were resampled.
        ancestors: How many particles of the prior have descendants.
        accepted: Share of accepted moves by kind.
        lengths: Length of steps by kind, after it was adapted.
        mean: Mean log likelihood of all that is known.
    """

    end: date
    power: float
    worth: float
    ancestors: int
    accepted: dict[str, float]
    lengths: dict[str, float]
    mean: float


@dataclass
class Filter:
    """Particles on their way through the past.

    Attributes:
        prior: What they are drawn from.
        simulator: What runs them.
        rng: Source of all chance of the method.
        particles: The particles.
        telling: On which parameters some count depends (`telling`), shape (parameter,).
        note: Called with each step as it is done.
        quantities: What their runs gave, shape (particle, target).
        lengths: Length of steps by kind.
        steps: The record.
    """

    prior: Prior
    simulator: Simulator
    rng: Stream
    particles: Particles
    telling: NDArray[np.bool_]
    note: Callable[[Step], None] = lambda _: None
    quantities: Array = field(default_factory=lambda: np.zeros((0, 0)))
    lengths: dict[str, float] = field(
        default_factory=lambda: {"telling": 0.4, "moods": 0.7, "others": 0.7}
    )
    steps: list[Step] = field(default_factory=list)

    def meet(self, stage: Stage, sweeps: int = SWEEPS) -> None:
        """Let the particles meet the counts of a stage.

        Args:
            stage: The stage.
            sweeps: Moves of each particle after each power.
        """
        self.quantities = self._run(self.particles, stage)
        power = 0.0
        while power < 1.0:
            known, new = self._likelihoods(stage, self.quantities)
            following = next_power(new, power)
            weights = normalised_weights((following - power) * new)
            chosen = resample(weights, len(self.particles), float(self.rng.random()))
            self.particles = self.particles.take(chosen)
            self.quantities, power = self.quantities[chosen], following
            accepted = self.move(stage, power, sweeps)
            known, new = self._likelihoods(stage, self.quantities)
            self.steps.append(
                Step(
                    stage.end,
                    power,
                    effective_sample_size(weights),
                    len(np.unique(self.particles.ancestors)),
                    accepted,
                    dict(self.lengths),
                    float((known + new).mean()),
                )
            )
            self.note(self.steps[-1])

    def move(self, stage: Stage, power: float, sweeps: int) -> dict[str, float]:
        """Move each particle a number of times; return the share of accepted moves by kind."""
        tried, taken = np.zeros(len(KINDS)), np.zeros(len(KINDS))
        for _ in range(sweeps):
            kinds = self.rng.choice(len(KINDS), size=len(self.particles), p=SHARES)
            proposed = self._proposed(kinds, stage.months)
            quantities = self._run(proposed, stage)
            gain = self._tempered(stage, quantities, power) - self._tempered(
                stage, self.quantities, power
            )
            accepted = np.log(self.rng.random(len(gain))) < gain
            self.particles = self.particles.where(accepted, proposed)
            self.quantities = np.where(accepted[:, None], quantities, self.quantities)
            tried += np.bincount(kinds, minlength=len(KINDS))
            taken += np.bincount(kinds[accepted], minlength=len(KINDS))
        shares = dict(zip(KINDS, taken / np.maximum(tried, 1), strict=True))
        for kind, length in self.lengths.items():
            wanted = length * np.exp(LEARNING * (shares[kind] - ACCEPTED))
            self.lengths[kind] = float(np.clip(wanted, SHORTEST, LONGEST))
        return {kind: float(share) for kind, share in shares.items()}

    def _proposed(self, kinds: NDArray[np.intp], months: int) -> Particles:
        """Return a proposal for each particle: some of the numbers of one kind, drawn anew."""
        own, rng, count = self.particles, self.rng, len(self.particles)
        scores = own.scores
        for kind, among in (("telling", self.telling), ("others", ~self.telling)):
            chosen = (kinds == KINDS.index(kind))[:, None] & among
            some = chosen & (rng.random(own.scores.shape) < MOVED)
            scores = stepped(scores, self.lengths[kind], rng, some)
        of_moods = np.broadcast_to((kinds == 1)[:, None, None], own.moods.shape)
        moods = rounded(stepped(own.moods, self.lengths["moods"], rng, of_moods))
        of_others = kinds == KINDS.index("others")
        month = rng.integers(months, size=count)
        redrawn = of_others[:, None] & (np.arange(own.chance.shape[1]) == month[:, None])
        chance = np.where(redrawn, rng.integers(LARGEST_CHANCE, size=own.chance.shape), own.chance)
        rows = rng.integers(self.prior.learned.draws if self.prior.learned else 1, size=count)
        rows = np.where(of_others & (rng.random(count) < MOVED), rows, own.rows)
        return replace(own, scores=scores, moods=moods, chance=chance, rows=rows)

    def _run(self, particles: Particles, stage: Stage) -> Array:
        """Return the quantities of particles run to the end of a stage."""
        rows = particles.values(self.prior, stage.months)
        return self.simulator.run(rows, stage.targets, stage.end)

    def _likelihoods(self, stage: Stage, quantities: Array) -> tuple[Array, Array]:
        """Return the log likelihood of what was known before a stage, and what it adds."""
        before = stage.targets[: stage.before]
        known = log_likelihood(before, quantities[:, : stage.before])
        return known, added(known, log_likelihood(stage.targets, quantities))

    def _tempered(self, stage: Stage, quantities: Array, power: float) -> Array:
        """Return the log likelihood with what a stage adds to a power."""
        known, new = self._likelihoods(stage, quantities)
        return known + power * new


def telling(scores: Array, quantities: Array) -> NDArray[np.bool_]:
    """Return on which parameters some quantity depends, by its correlation over particles.

    Args:
        scores: Scores of the parameters, shape (particle, parameter).
        quantities: Quantities of their runs, shape (particle, target).
    """
    finished = ~np.isnan(quantities).any(axis=1)
    given, found = standard(scores[finished]), standard(quantities[finished])
    correlations = given.T @ found / max(1, finished.sum())
    return np.asarray((np.abs(correlations) > TELLING / np.sqrt(finished.sum())).any(axis=1))


def standard(values: Array) -> Array:
    """Return values with mean 0 and standard deviation 1 by column; 0 where nothing varies."""
    spread = values.std(axis=0)
    return np.where(spread > 0, (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1), 0)


def added(known: Array, whole: Array) -> Array:
    """Return what a log likelihood adds to another; nothing can be added to what cannot be."""
    return np.where(np.isfinite(whole), whole - np.where(np.isfinite(known), known, 0.0), -np.inf)


def next_power(gains: Array, power: float) -> float:
    """Return the next power of a likelihood, at most 1, by bisection.

    Args:
        gains: Log likelihoods of the particles.
        power: The power that is reached.
    """
    least = WORTH * len(gains)
    low, high = power, 1.0
    if effective_sample_size(normalised_weights((high - power) * gains)) >= least:
        return high
    for _ in range(50):
        middle = (low + high) / 2
        enough = effective_sample_size(normalised_weights((middle - power) * gains)) >= least
        low, high = (middle, high) if enough else (low, middle)
    return low


def stages(targets: Sequence[Target], months: Sequence[date], ends: Sequence[date]) -> list[Stage]:
    """Return the stages of targets: one for each month in which a count ends.

    Args:
        targets: The targets that are fitted.
        months: First days of the months up to the origin.
        ends: Their last days.
    """
    found: list[Stage] = []
    before = 0
    for number, (first, last) in enumerate(zip(months, ends, strict=True), start=1):
        if not any(first <= target.end <= last for target in targets):
            continue
        known = sorted(
            (target for target in targets if target.end <= last), key=lambda one: one.end
        )
        found.append(Stage(number, last, tuple(known), before))
        before = len(known)
    return found
