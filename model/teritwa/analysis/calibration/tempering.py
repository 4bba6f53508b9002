"""Tempering: particles of the past are led from a first guess to the posterior.

This is a sequential Monte Carlo sampler (Del Moral, Doucet and Jasra 2006). Particles are drawn
from a guess and run. What separates the guess from the posterior (prior and likelihood over the
guess) enters by powers from 0 to 1, each as large as half of the particles are worth. After each
power the particles are resampled, and each is moved: some of its numbers are drawn anew, the whole
past is run again, and the proposal is accepted by the Metropolis rule. All proposals keep the
guess, so that what separates it from the posterior decides alone.

Chance is by address. So a run with a few other numbers is a run near by, and it is often accepted,
though one run alone is chaotic.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.guess import Guess
from teritwa.analysis.calibration.observation import log_likelihood
from teritwa.analysis.calibration.particles import Particles, Prior, Stream
from teritwa.analysis.calibration.simulation import Simulator
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.weights import (
    effective_sample_size,
    normalised_weights,
    resample,
)
from teritwa.engine.errors import InputError
from teritwa.scenario.history import LARGEST_CHANCE

Array = NDArray[np.float64]

WORTH = 0.5
"""How many of the particles they are worth after each power, as a share."""

SWEEPS = 6
"""Moves of each particle after each power."""

LAST_SWEEPS = 32
"""Moves of each particle after the last power: rows then differ."""

ACCEPTED = 0.25
"""Share of accepted moves that the size of moves aims at (Roberts, Gelman and Gilks 1997)."""

LEARNING = 1.0
"""How fast the size of moves follows the accepted share, sweep by sweep."""

LEAST = 0.002
"""The least share of its numbers that a move draws anew."""

KINDS = {"told": 0.4, "hinted": 0.2, "untold": 0.1, "chance": 0.3}
"""What a move draws anew, and how often it is that: numbers of which the counts tell much, little,
or next to nothing; or the other chance of months."""

TOLD, HINTED = 0.05, 0.005
"""From where on the counts tell much of a number, and little (`Guess.told`)."""


@dataclass(frozen=True)
class Step:
    """One power, for the record.

    Attributes:
        power: The power that is reached.
        worth: How many particles they were worth before they were resampled.
        ancestors: How many particles of the guess have descendants.
        accepted: Share of accepted moves by kind.
        sizes: Share of its numbers that a move draws anew by kind, after it was adapted.
        mean: Mean log likelihood.
    """

    power: float
    worth: float
    ancestors: int
    accepted: dict[str, float]
    sizes: dict[str, float]
    mean: float


@dataclass
class Tempering:
    """Particles on their way to the posterior.

    Attributes:
        prior: What they are drawn from.
        guess: Where they begin.
        targets: What they meet.
        end: Last day of their runs.
        simulator: What runs them.
        rng: Source of all chance of the method.
        particles: The particles.
        note: Called with each step as it is done.
        quantities: What their runs gave, shape (particle, target).
        sizes: Share of its numbers that a move draws anew by kind.
        steps: The record.
    """

    prior: Prior
    guess: Guess
    targets: Sequence[Target]
    end: date
    simulator: Simulator
    rng: Stream
    particles: Particles
    note: Callable[[Step], None] = lambda _: None
    quantities: Array = field(default_factory=lambda: np.zeros((0, 0)))
    sizes: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.3))
    steps: list[Step] = field(default_factory=list)

    def reach(self, sweeps: int = SWEEPS, last_sweeps: int = LAST_SWEEPS) -> None:
        """Lead the particles to the posterior.

        Args:
            sweeps: Moves of each particle after each power.
            last_sweeps: Further moves of each after the last power.

        Raises:
            InputError: More than half of the runs failed.
        """
        self.quantities = self._run(self.particles)
        power = 0.0
        while power < 1.0:
            gains = self._log_ratio(self.particles, self.quantities)
            if np.isfinite(gains).mean() < WORTH:
                raise InputError(["more than half of the runs failed; run one of them to see why"])
            following = next_power(gains, power)
            weights = normalised_weights((following - power) * gains)
            chosen = resample(weights, len(self.particles), float(self.rng.random()))
            self.particles = self.particles.take(chosen)
            self.quantities, power = self.quantities[chosen], following
            accepted = self.move(power, sweeps)
            self._write_down(power, effective_sample_size(weights), accepted)
        accepted = self.move(power, last_sweeps)
        self._write_down(power, float(len(self.particles)), accepted)

    def move(self, power: float, sweeps: int) -> dict[str, float]:
        """Move each particle a number of times; return the share of accepted moves by kind."""
        tried, taken = np.zeros(len(KINDS)), np.zeros(len(KINDS))
        own = self._log_ratio(self.particles, self.quantities)
        for _ in range(sweeps):
            kinds = self.rng.choice(len(KINDS), len(self.particles), p=list(KINDS.values()))
            proposed = self._proposed(kinds)
            quantities = self._run(proposed)
            new = self._log_ratio(proposed, quantities)
            accepted = np.log(self.rng.random(len(new))) < power * (new - own)
            self.particles = self.particles.where(accepted, proposed)
            self.quantities = np.where(accepted[:, None], quantities, self.quantities)
            own = np.where(accepted, new, own)
            of_sweep = [
                np.bincount(some, minlength=len(KINDS)) for some in (kinds, kinds[accepted])
            ]
            self._resize(*of_sweep)
            tried, taken = tried + of_sweep[0], taken + of_sweep[1]
        return dict(zip(KINDS, (taken / np.maximum(tried, 1)).tolist(), strict=True))

    def _resize(self, tried: NDArray[np.intp], taken: NDArray[np.intp]) -> None:
        """Let the size of moves follow the share of them that was accepted, kind by kind."""
        for kind, of_kind, accepted in zip(KINDS, tried, taken, strict=True):
            if of_kind:
                wanted = self.sizes[kind] * np.exp(LEARNING * (accepted / of_kind - ACCEPTED))
                self.sizes[kind] = float(np.clip(wanted, LEAST, 1.0))

    def _proposed(self, kinds: NDArray[np.intp]) -> Particles:
        """Return a proposal for each particle: what its kind of move draws anew."""
        own, rng, count = self.particles, self.rng, len(self.particles)
        sizes = np.array([self.sizes[kind] for kind in KINDS])[kinds]
        of_numbers = kinds_of(self.guess.told) == kinds[:, None]
        scores = np.where(
            of_numbers & (rng.random(own.scores.shape) < sizes[:, None]),
            rng.standard_normal(own.scores.shape),
            own.scores,
        )
        # At least one month, or many a proposal would change nothing.
        one = np.arange(own.chance.shape[1]) == rng.integers(own.chance.shape[1], size=(count, 1))
        months = one | (rng.random(own.chance.shape) < sizes[:, None])
        redrawn = months & (kinds == list(KINDS).index("chance"))[:, None]
        chance = np.where(redrawn, rng.integers(LARGEST_CHANCE, size=own.chance.shape), own.chance)
        untold = (kinds == list(KINDS).index("untold")) & (rng.random(count) < sizes)
        rows = np.where(untold, self.prior.learned_rows(count, rng), own.rows)
        return replace(own, scores=scores, chance=chance, rows=rows)

    def _run(self, particles: Particles) -> Array:
        """Return the quantities of particles."""
        rows = self.prior.rows(particles, self.guess)
        return self.simulator.run(rows, self.targets, self.end)

    def _log_ratio(self, particles: Particles, quantities: Array) -> Array:
        """Return the log of prior and likelihood over the guess, up to a constant."""
        return log_likelihood(self.targets, quantities) + self.guess.excess(particles.scores)

    def _write_down(self, power: float, worth: float, accepted: dict[str, float]) -> None:
        """Add a step to the record."""
        ancestors = len(np.unique(self.particles.ancestors))
        mean = float(log_likelihood(self.targets, self.quantities).mean())
        self.steps.append(Step(power, worth, ancestors, accepted, dict(self.sizes), mean))
        self.note(self.steps[-1])


def kinds_of(told: Array) -> NDArray[np.intp]:
    """Return the number of the kind of moves that draws each number anew."""
    return np.where(told >= TOLD, 0, np.where(told >= HINTED, 1, 2))


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
