"""Tests of tempering on toys of which the posterior is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.guess import Guess, guess, no_guess
from teritwa.analysis.calibration.particles import Particles, Prior, Stream
from teritwa.analysis.calibration.simulation import Row, Simulator
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.tempering import (
    HINTED,
    TOLD,
    WORTH,
    Tempering,
    kinds_of,
    next_power,
)
from teritwa.analysis.calibration.weights import effective_sample_size, normalised_weights
from teritwa.engine.errors import InputError
from teritwa.rules.registry import registry
from teritwa.scenario.history import LARGEST_CHANCE

Make = Callable[..., Target]
Array = NDArray[np.float64]

MONTHS = (date(2024, 1, 1), date(2024, 2, 1))
ENDS = (date(2024, 1, 31), date(2024, 2, 29))
MOODS = (1, 7)
"""Where the mood of attacks of either month is among the numbers of a particle of the toy."""


@dataclass(frozen=True)
class Toy(Simulator):
    """A world of which each quantity is a sum of numbers of a row: known in closed form.

    Attributes:
        noisy: Whether the chance of the first month adds what is standard normal.
    """

    noisy: bool = False

    def run(self, rows: Sequence[Row], targets: Sequence[Target], end: date) -> Array:
        """Return for each target the mood of attacks of its month, plus the one before."""
        columns = [f"month_2024_0{month}.offensives" for month in (1, 2)]
        moods = np.array([[row[name] for name in columns] for row in rows])
        found = np.stack([moods[:, : target.end.month].sum(axis=1) for target in targets], axis=1)
        if self.noisy:
            from scipy.special import ndtri

            chance = np.array([row["month_2024_01.chance"] for row in rows])
            found += ndtri((chance + 0.5) / LARGEST_CHANCE)[:, None]
        return found


@pytest.fixture
def prior() -> Prior:
    """A prior of one parameter, on which nothing depends, and two months."""
    return Prior((registry()["attack.rate"],), None, MONTHS)


@pytest.fixture
def targets(target: Make) -> list[Target]:
    """What is counted at the end of either month, with errors of a half."""
    common = {"scale": "linear", "error": 0.5, "discrepancy": 0.0}
    return [
        target(name="one", low=1.0, high=1.0, start=ENDS[0], end=ENDS[0], **common),
        target(name="two", low=0.5, high=0.5, start=ENDS[1], end=ENDS[1], **common),
    ]


def tempering(
    prior: Prior, targets: Sequence[Target], first: Guess, count: int, seed: int
) -> Tempering:
    """Return a tempering of the toy."""
    stream = Stream(np.random.PCG64(seed))  # noqa: TID251  # the method's own
    toy = Toy(None, None, None, lambda *_: None)  # type: ignore[arg-type]
    drawn = prior.draw(count, stream)
    return Tempering(prior, first, targets, ENDS[1], toy, stream, drawn)


def exact() -> tuple[Array, Array]:
    """Return mean and covariance of the two moods' normal posterior, in closed form."""
    sums = np.array([[1.0, 0.0], [1.0, 1.0]])  # of the moods, in the two counts
    covariance = np.linalg.inv(np.eye(2) + sums.T @ sums / 0.25)
    return covariance @ sums.T @ np.array([1.0, 0.5]) / 0.25, covariance


def scouted(prior: Prior, targets: Sequence[Target]) -> Guess:
    """Return a guess from scouts of the toy."""
    found = tempering(prior, targets, no_guess(prior.size), 4096, 9)
    quantities = found.simulator.run(prior.rows(found.particles, found.guess), targets, ENDS[1])
    return guess(targets, found.particles.scores, quantities)


def test_guess_of_a_linear_toy_is_its_posterior(prior: Prior, targets: list[Target]) -> None:
    """Where runs are linear the guess has mean and covariance of the posterior, others the prior's.

    Its numbers are told of, the others are not.
    """
    first, chosen = scouted(prior, targets), np.array(MOODS)
    mean, covariance = exact()
    root = np.eye(prior.size) + first.pull

    assert first.mean[chosen] == pytest.approx(mean, abs=0.01)
    assert (root @ root)[np.ix_(chosen, chosen)] == pytest.approx(covariance, abs=0.01)
    assert np.delete(np.diag(root), chosen) == pytest.approx(1.0, abs=0.001)
    assert first.told[chosen] == pytest.approx([8.0, 4.0], rel=0.02)  # slopes squared over 0.25
    assert np.delete(first.told, chosen).max() < HINTED


def test_excess_is_prior_over_guess(prior: Prior, targets: list[Target]) -> None:
    """The excess differs between particles as the logs of the two normal densities do."""
    first = scouted(prior, targets)
    scores = np.vstack([np.zeros(prior.size), np.eye(prior.size)[1]])
    numbers = first.numbers(scores)
    root = np.eye(prior.size) + first.pull
    inverse = np.linalg.inv(root @ root)
    off = numbers - first.mean
    of_guess = -0.5 * np.einsum("ij,jk,ik->i", off, inverse, off)
    of_prior = -0.5 * (numbers**2).sum(axis=1)

    assert np.diff(first.excess(scores)) == pytest.approx(np.diff(of_prior - of_guess))


@pytest.mark.parametrize("guessed", [False, True])
def test_posterior_of_a_linear_toy(prior: Prior, targets: list[Target], guessed: bool) -> None:
    """Means and variances of the moods are those in closed form, from wherever they begin."""
    first = scouted(prior, targets) if guessed else no_guess(prior.size)
    found = tempering(prior, targets, first, 2048, 1)
    found.reach(sweeps=4, last_sweeps=8)
    moods = first.numbers(found.particles.scores)[:, MOODS]
    mean, covariance = exact()

    assert moods.mean(axis=0) == pytest.approx(mean, abs=0.07)
    assert np.cov(moods.T) == pytest.approx(covariance, abs=0.04)


def test_wrong_guess_is_put_right(prior: Prior, targets: list[Target]) -> None:
    """A guess that is off by most of a deviation, and too wide, leads to the same posterior."""
    off = np.isin(np.arange(prior.size), (0, *MOODS)).astype(np.float64)
    wrong = replace(no_guess(prior.size), mean=0.7 * off, told=off)
    found = tempering(prior, targets, wrong, 2048, 3)
    found.reach(sweeps=6, last_sweeps=12)
    numbers = wrong.numbers(found.particles.scores)

    assert numbers[:, MOODS].mean(axis=0) == pytest.approx(exact()[0], abs=0.06)
    assert numbers[:, 0].mean() == pytest.approx(0.0, abs=0.1)
    assert numbers[:, 0].std() == pytest.approx(1.0, abs=0.1)


def test_what_nothing_tells_keeps_its_prior(prior: Prior, targets: list[Target]) -> None:
    """A parameter and a mood on which no count depends stay standard normal."""
    found = tempering(prior, targets, scouted(prior, targets), 2048, 2)
    found.reach(sweeps=2, last_sweeps=8)
    numbers = found.guess.numbers(found.particles.scores)

    for number in (0, 4):
        assert numbers[:, number].mean() == pytest.approx(0.0, abs=0.1)
        assert numbers[:, number].std() == pytest.approx(1.0, abs=0.1)


def test_chance_is_chosen_too(prior: Prior, targets: list[Target]) -> None:
    """What chance adds is found with the rest: two moods and a noise, known in closed form."""
    found = tempering(prior, targets, no_guess(prior.size), 2048, 4)
    found.simulator = replace(found.simulator, noisy=True)  # type: ignore[call-arg]
    found.reach(sweeps=6, last_sweeps=24)
    moods = found.particles.scores[:, MOODS]
    seen = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    covariance = np.linalg.inv(np.eye(3) + seen.T @ seen / 0.25)
    mean = covariance @ seen.T @ np.array([1.0, 0.5]) / 0.25

    assert moods.mean(axis=0) == pytest.approx(mean[:2], abs=0.06)
    assert moods.std(axis=0) == pytest.approx(np.sqrt(np.diag(covariance))[:2], abs=0.05)
    assert len(np.unique(found.particles.chance[:, 0])) > 500


def test_same_seed_same_particles(prior: Prior, targets: list[Target]) -> None:
    """The method's chance is its seed's alone."""
    found = []
    for seed in (3, 3, 4):
        one = tempering(prior, targets, no_guess(prior.size), 64, seed)
        one.reach(sweeps=1, last_sweeps=2)
        found.append(one.particles.scores)

    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_last_power_is_one_and_each_keeps_its_worth(prior: Prior, targets: list[Target]) -> None:
    """A sharp count is met by several powers, rising to 1, each worth half or more."""
    sharp = replace(targets[0], low=2.5, high=2.5, error=0.05)
    found = tempering(prior, [sharp], no_guess(prior.size), 512, 5)
    found.reach(last_sweeps=1)
    powers = [step.power for step in found.steps]

    assert powers == sorted(powers)
    assert powers[-1] == 1.0
    assert len(powers) > 3
    assert all(step.worth >= WORTH * 512 - 1 for step in found.steps)


def test_power_by_hand() -> None:
    """The next power is where the particles are worth half; equal ones go to 1 at once."""
    gains = np.array([0.0, 0.0, -100.0, -100.0])
    power = next_power(np.linspace(0.0, -50.0, 100), 0.0)
    worth = effective_sample_size(normalised_weights(power * np.linspace(0.0, -50.0, 100)))

    assert worth == pytest.approx(WORTH * 100, abs=0.01)
    assert next_power(np.zeros(4), 0.0) == 1.0
    assert next_power(gains, 0.0) == 1.0  # worth exactly half


def test_kinds_by_hand() -> None:
    """Numbers are drawn anew with others of which the counts tell as much."""
    assert kinds_of(np.array([0.0, HINTED, TOLD, 3.0])).tolist() == [2, 1, 0, 0]


def test_particles_that_descend_from_few_say_so(prior: Prior, targets: list[Target]) -> None:
    """Ancestors are kept through resampling."""
    drawn = tempering(prior, targets, no_guess(prior.size), 4, 1).particles
    chosen: Particles = drawn.take(np.array([2, 2, 0, 2]))

    assert chosen.ancestors.tolist() == [2, 2, 0, 2]


def test_runs_that_fail_weigh_nothing(prior: Prior, targets: list[Target]) -> None:
    """A few failed runs are dropped; where most fail there is no posterior, and it is said why."""
    found = tempering(prior, targets, no_guess(prior.size), 64, 6)
    found.simulator = Failing(None, None, None, lambda *_: None, share=0.1)  # type: ignore[arg-type]
    found.reach(sweeps=1, last_sweeps=1)
    assert np.isfinite(found.quantities).all()

    worse = tempering(prior, targets, no_guess(prior.size), 64, 6)
    worse.simulator = Failing(None, None, None, lambda *_: None, share=0.9)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="more than half of the runs failed"):
        worse.reach(sweeps=1, last_sweeps=1)


@dataclass(frozen=True)
class Failing(Toy):
    """A toy of which the first runs fail."""

    share: float = 0.0

    def run(self, rows: Sequence[Row], targets: Sequence[Target], end: date) -> Array:
        """Return what the toy gives, and not a number for the first runs."""
        found = super().run(rows, targets, end)
        found[: int(self.share * len(rows))] = np.nan
        return found


def test_too_few_scouts_guess_nothing(prior: Prior, targets: list[Target]) -> None:
    """With no more runs than numbers a linear model explains everything, and says nothing."""
    count = prior.size + 1
    first = guess(targets, np.ones((count, prior.size)), np.ones((count, 2)))

    assert not first.pull.any()
    assert not first.mean.any()
