"""Tests of the filter on toys of which the posterior is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.filtering import (
    WORTH,
    Filter,
    Stage,
    added,
    next_power,
    stages,
    telling,
)
from teritwa.analysis.calibration.particles import Particles, Prior, Stream
from teritwa.analysis.calibration.simulation import Row, Simulator
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.weights import effective_sample_size, normalised_weights
from teritwa.rules.registry import registry

Make = Callable[..., Target]
Array = NDArray[np.float64]

MONTHS = (date(2024, 1, 1), date(2024, 2, 1))
ENDS = (date(2024, 1, 31), date(2024, 2, 29))


@dataclass(frozen=True)
class Toy(Simulator):
    """A world of which each quantity is a sum of numbers of a row: known in closed form."""

    def run(self, rows: Sequence[Row], targets: Sequence[Target], end: date) -> Array:
        """Return for each target the mood of attacks of its month, plus the one before."""
        columns = [f"month_2024_0{month}.offensives" for month in (1, 2)]
        moods = np.array([[row.get(name, 0.0) for name in columns] for row in rows])
        return np.stack([moods[:, : target.end.month].sum(axis=1) for target in targets], axis=1)


@pytest.fixture
def prior() -> Prior:
    """A prior of one parameter, on which nothing depends, and two months."""
    return Prior((registry()["attack.rate"],), None, MONTHS)


def toy_filter(prior: Prior, count: int, seed: int) -> Filter:
    """Return a filter of the toy."""
    stream = Stream(np.random.PCG64(seed))  # noqa: TID251  # the method's own
    simulator = Toy(None, None, None, lambda *_: None)  # type: ignore[arg-type]
    telling_none = np.zeros(len(prior.parameters), bool)
    return Filter(prior, simulator, stream, prior.draw(count, stream), telling_none)


def toy_targets(target: Make) -> list[Target]:
    """Return what is counted at the end of either month, with errors of a half."""
    common = {"scale": "linear", "error": 0.5, "discrepancy": 0.0}
    return [
        target(name="one", low=1.0, high=1.0, start=ENDS[0], end=ENDS[0], **common),
        target(name="two", low=0.5, high=0.5, start=ENDS[1], end=ENDS[1], **common),
    ]


def test_posterior_of_a_linear_toy(prior: Prior, target: Make) -> None:
    """Means and variances of the moods are those of the normal posterior in closed form."""
    targets = toy_targets(target)
    found = toy_filter(prior, 4096, 1)
    for stage in stages(targets, MONTHS, ENDS):
        found.meet(stage, sweeps=4)
    moods = found.particles.moods[:, :, 0]

    sums = np.array([[1.0, 0.0], [1.0, 1.0]])  # of the moods, in the two counts
    precision = np.eye(2) + sums.T @ sums / 0.25
    covariance = np.linalg.inv(precision)
    mean = covariance @ sums.T @ np.array([1.0, 0.5]) / 0.25
    assert moods.mean(axis=0) == pytest.approx(mean, abs=0.05)
    assert np.cov(moods.T) == pytest.approx(covariance, abs=0.03)


def test_what_nothing_tells_keeps_its_prior(prior: Prior, target: Make) -> None:
    """A parameter and a mood on which no count depends stay standard normal."""
    found = toy_filter(prior, 4096, 2)
    for stage in stages(toy_targets(target), MONTHS, ENDS):
        found.meet(stage, sweeps=4)

    for values in (found.particles.scores[:, 0], found.particles.moods[:, 0, 3]):
        assert values.mean() == pytest.approx(0.0, abs=0.1)
        assert values.std() == pytest.approx(1.0, abs=0.1)


def test_same_seed_same_particles(prior: Prior, target: Make) -> None:
    """The method's chance is its seed's alone."""
    found = []
    for seed in (3, 3, 4):
        one = toy_filter(prior, 64, seed)
        for stage in stages(toy_targets(target), MONTHS, ENDS):
            one.meet(stage)
        found.append(one.particles.moods)

    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_last_power_is_one_and_each_keeps_its_worth(prior: Prior, target: Make) -> None:
    """A sharp count is met by several powers, rising to 1, each worth half or more."""
    sharp = replace(toy_targets(target)[0], low=2.5, high=2.5, error=0.05)
    found = toy_filter(prior, 512, 5)
    found.meet(stages([sharp], MONTHS, ENDS)[0])
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


def test_stages_are_months_with_counts(target: Make) -> None:
    """A month without a count is no stage; targets come in the order of time, known ones first."""
    late = target(name="late", start=ENDS[1], end=ENDS[1])
    early = target(name="early", start=date(2024, 1, 5), end=date(2024, 1, 5))
    both = stages([late, early], MONTHS, ENDS)
    alone = stages([late], MONTHS, ENDS)

    assert [(stage.end, stage.before, len(stage.targets)) for stage in both] == [
        (ENDS[0], 0, 1),
        (ENDS[1], 1, 2),
    ]
    assert both[1].targets == (early, late)
    assert alone == [Stage(2, ENDS[1], (late,), 0)]


def test_telling_parameters_are_found() -> None:
    """A parameter on which a quantity depends is telling, another is not."""
    scores = np.random.default_rng(1).standard_normal((1000, 2))  # noqa: TID251  # made-up data
    quantities = np.stack([scores[:, 0] + 0.1, np.zeros(1000)], axis=1)

    assert telling(scores, quantities).tolist() == [True, False]


def test_what_cannot_be_adds_nothing() -> None:
    """A run that failed cannot be, whatever was known before."""
    assert added(np.array([-1.0, -np.inf]), np.array([-3.0, -np.inf])).tolist() == [-2.0, -np.inf]


def test_particles_that_descend_from_few_say_so(prior: Prior) -> None:
    """Ancestors are kept through resampling."""
    drawn = toy_filter(prior, 4, 1).particles
    chosen: Particles = drawn.take(np.array([2, 2, 0, 2]))

    assert chosen.ancestors.tolist() == [2, 2, 0, 2]
