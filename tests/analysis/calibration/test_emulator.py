"""Tests of the emulator: it finds what is there to be found, and measures what it leaves out."""

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.emulator import RIDGE, STRONGEST, fitted

Array = NDArray[np.float64]


def random_of(seed: int) -> "np.random.Generator":  # noqa: TID251 - it makes a test's input, no result
    """Return a generator of made-up runs."""
    return np.random.Generator(np.random.Philox(seed))  # noqa: TID251 - it makes a test's input, no result


def levels_of(runs: int, parameters: int, seed: int = 1) -> Array:
    """Return levels (run, parameter) spread at random over the unit cube."""
    return random_of(seed).random((runs, parameters))


def bent(levels: Array) -> Array:
    """Return three targets that are polynomials of second order in the first three parameters."""
    a, b, c = 2 * levels[:, :3].T - 1
    return np.stack([1 + a - 2 * b + 0.5 * c, 3 * a * b - c * c + 2 * c, -7 + a * a + b + a * c], axis=1)


def test_quadratic_is_recovered() -> None:
    """From many exact runs three polynomials come back within a hundredth of their spread, at every point not seen."""
    levels, elsewhere = levels_of(16384, 4), levels_of(500, 4, seed=2)
    emulator = fitted(levels, bent(levels))

    spread = bent(elsewhere).std(axis=0)
    assert (np.abs(emulator(elsewhere) - bent(elsewhere)).max(axis=0) <= 1e-2 * spread).all()
    assert emulator.covariance.shape == (3, 3)
    assert (np.sqrt(np.diag(emulator.covariance)) <= 1e-2 * spread).all()


def test_shrinkage_is_as_if_so_many_runs_had_shown_nothing() -> None:
    """A straight line through balanced runs comes back flatter by the share of the runs that the ridge stands for."""
    levels = np.tile([[0.0], [1.0]], (45, 1))
    emulator = fitted(levels, 5 + 2 * (2 * levels - 1))

    slope = emulator(np.array([[1.0]])) - emulator(np.array([[0.0]]))
    assert slope[0, 0] == pytest.approx(4 * 90 / (90 + RIDGE))
    assert emulator(np.array([[0.5]]))[0, 0] == pytest.approx(5)


def test_remainder_is_the_noise() -> None:
    """The covariance of what is left out is that of the chance put in, correlated between targets."""
    runs, chance = 8192, np.array([[1.0, 0.6, 0.0], [0.6, 0.5, -0.1], [0.0, -0.1, 2.0]])
    levels = levels_of(runs, 4)
    noise = random_of(3).standard_normal((runs, 3)) @ np.linalg.cholesky(chance).T
    emulator = fitted(levels, bent(levels) + noise)

    sizes = np.diag(chance)
    error = np.sqrt((np.outer(sizes, sizes) + chance**2) / runs)
    assert (np.abs(emulator.covariance - chance) <= 4 * error).all()
    elsewhere = levels_of(500, 4, seed=2)
    terms = 1 + 4 + 10
    assert np.abs(emulator(elsewhere) - bent(elsewhere)).mean() <= 4 * np.sqrt(terms / runs * sizes.max())


def test_remainder_is_measured_on_runs_not_seen() -> None:
    """With few runs and many terms the remainder of pure chance is above the chance, not near nothing."""
    noise = random_of(4).standard_normal((120, 1))
    emulator = fitted(levels_of(120, 10), np.hstack([noise, noise]))

    assert emulator.covariance[0, 0] > 1.0
    assert emulator.covariance[0, 1] == pytest.approx(emulator.covariance[0, 0])


def test_strongest_bend_and_the_others_do_not() -> None:
    """Squares and products enter of those parameters that a target follows most, and of no others."""
    levels = levels_of(16384, STRONGEST + 2)
    centred = 2 * levels - 1
    slopes = np.repeat([1.0, 0.2], [STRONGEST, 2])
    curves = {"strong": centred[:, 0] ** 2, "weak": centred[:, -1] ** 2}
    emulator = fitted(levels, np.stack([centred @ slopes + curve for curve in curves.values()], axis=1))

    assert [sorted(one.tolist()) for one in emulator.strongest] == [list(range(STRONGEST))] * 2
    left = np.sqrt(np.diag(emulator.covariance))
    assert left[0] <= 0.2 * curves["strong"].std()
    assert left[1] == pytest.approx(curves["weak"].std(), rel=0.1)


def test_strongest_stand_first_whatever_their_sign() -> None:
    """Each target has its own order, by how far it follows a parameter up or down."""
    levels = levels_of(2000, 3)
    emulator = fitted(levels, (2 * levels - 1) @ np.array([[1.0, 2.0], [-3.0, 1.0], [2.0, -3.0]]))

    assert [one.tolist() for one in emulator.strongest] == [[1, 2, 0], [2, 0, 1]]


@pytest.mark.parametrize("value", [0.0, 0.3, 1 / 3, 0.5, 1.0])
def test_parameter_that_never_differs_breaks_nothing(value: float) -> None:
    """Beside a column of one value the other parameters are followed as well as without it."""
    levels, elsewhere = levels_of(1000, 3), levels_of(50, 3, seed=2)
    emulator = fitted(np.hstack([np.full((1000, 1), value), levels]), 10 + bent(levels))

    with_it = emulator(np.hstack([np.full((50, 1), value), elsewhere]))
    without = fitted(levels, 10 + bent(levels))(elsewhere)
    assert np.abs(with_it - 10 - bent(elsewhere)).max() <= 1.05 * np.abs(without - 10 - bent(elsewhere)).max()


@pytest.mark.parametrize("value", [0.0, 0.3, 1 / 3, 0.5, 1.0])
def test_parameter_that_never_differs_moves_nothing(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of one value is never among the strongest, and of nothing that it does later anything is expected."""
    monkeypatch.setattr("teritwa.analysis.calibration.emulator.STRONGEST", 3)
    levels, elsewhere = levels_of(1000, 3), levels_of(50, 3, seed=2)
    emulator = fitted(np.hstack([np.full((1000, 1), value), levels]), 10 + bent(levels))

    without = fitted(levels, 10 + bent(levels))(elsewhere)
    for other in (value, 0.1, 0.9):
        moved = emulator(np.hstack([np.full((50, 1), other), elsewhere]))
        np.testing.assert_allclose(moved, without, atol=1e-9)


def test_target_that_never_differs_is_expected_as_it_is() -> None:
    """A target of one value is that value everywhere, leaves nothing out, and harms no other."""
    levels, elsewhere = levels_of(1000, 3), levels_of(50, 3, seed=2)
    alone, beside = bent(levels), np.hstack([bent(levels), np.full((1000, 1), 0.7)])
    emulator = fitted(levels, beside)

    np.testing.assert_allclose(emulator(elsewhere)[:, 3], 0.7, atol=1e-12)
    np.testing.assert_allclose(emulator.covariance[3], 0, atol=1e-12)
    np.testing.assert_array_equal(emulator(elsewhere)[:, :3], fitted(levels, alone)(elsewhere))


def test_one_target_is_enough() -> None:
    """The covariance of a single target is a table of one by one, as users of it expect."""
    levels = levels_of(200, 3)
    emulator = fitted(levels, bent(levels)[:, :1])

    assert emulator.covariance.shape == (1, 1)
    assert emulator(levels).shape == (200, 1)


@pytest.mark.parametrize("runs", [0, 3])
def test_too_few_runs_are_refused(runs: int) -> None:
    """Fewer runs than parts to divide them into give no emulator but an error that counts them."""
    levels = levels_of(runs, 3)

    with pytest.raises(ValueError, match=f"{runs} runs are too few"):
        fitted(levels, np.zeros((runs, 2)))


def test_four_runs_are_fitted() -> None:
    """The fewest runs that are taken give finite expectations."""
    levels = levels_of(4, 3)
    emulator = fitted(levels, bent(levels))

    assert np.isfinite(emulator(levels)).all()
    assert np.isfinite(emulator.covariance).all()
