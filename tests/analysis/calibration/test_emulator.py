"""Tests of the emulator: it recovers known polynomials and measures its own remainder."""

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.emulator import QUADRATIC_PARAMETERS, RIDGE, fit_emulator

Array = NDArray[np.float64]


def random_of(seed: int) -> "np.random.Generator":  # noqa: TID251 - test input
    """Return a random generator for made-up runs."""
    return np.random.Generator(np.random.Philox(seed))  # noqa: TID251 - test input


def levels_of(runs: int, parameters: int, seed: int = 1) -> Array:
    """Return random levels (run, parameter) in the unit cube."""
    return random_of(seed).random((runs, parameters))


def quadratic(levels: Array) -> Array:
    """Return three targets that are second-order polynomials of the first three parameters."""
    a, b, c = 2 * levels[:, :3].T - 1
    return np.stack(
        [1 + a - 2 * b + 0.5 * c, 3 * a * b - c * c + 2 * c, -7 + a * a + b + a * c], axis=1
    )


def test_quadratic_is_recovered() -> None:
    """From many exact runs three polynomials are recovered to 1 % of their spread at new points."""
    levels, elsewhere = levels_of(16384, 4), levels_of(500, 4, seed=2)
    emulator = fit_emulator(levels, quadratic(levels))

    spread = quadratic(elsewhere).std(axis=0)
    assert (np.abs(emulator(elsewhere) - quadratic(elsewhere)).max(axis=0) <= 1e-2 * spread).all()
    assert emulator.covariance.shape == (3, 3)
    assert (np.sqrt(np.diag(emulator.covariance)) <= 1e-2 * spread).all()


def test_ridge_counts_as_runs_without_an_effect() -> None:
    """A straight line through balanced runs is flattened by the ridge's share of the runs."""
    levels = np.tile([[0.0], [1.0]], (45, 1))
    emulator = fit_emulator(levels, 5 + 2 * (2 * levels - 1))

    slope = emulator(np.array([[1.0]])) - emulator(np.array([[0.0]]))
    assert slope[0, 0] == pytest.approx(4 * 90 / (90 + RIDGE))
    assert emulator(np.array([[0.5]]))[0, 0] == pytest.approx(5)


def test_remainder_is_the_noise() -> None:
    """The covariance of the remainder is that of the added noise, correlated between targets."""
    runs, chance = 8192, np.array([[1.0, 0.6, 0.0], [0.6, 0.5, -0.1], [0.0, -0.1, 2.0]])
    levels = levels_of(runs, 4)
    noise = random_of(3).standard_normal((runs, 3)) @ np.linalg.cholesky(chance).T
    emulator = fit_emulator(levels, quadratic(levels) + noise)

    sizes = np.diag(chance)
    error = np.sqrt((np.outer(sizes, sizes) + chance**2) / runs)
    assert (np.abs(emulator.covariance - chance) <= 4 * error).all()
    elsewhere = levels_of(500, 4, seed=2)
    terms = 1 + 4 + 10
    assert np.abs(emulator(elsewhere) - quadratic(elsewhere)).mean() <= 4 * np.sqrt(
        terms / runs * sizes.max()
    )


def test_remainder_is_cross_validated() -> None:
    """With few runs and many terms, pure noise leaves a remainder above its own variance."""
    noise = random_of(4).standard_normal((120, 1))
    emulator = fit_emulator(levels_of(120, 10), np.hstack([noise, noise]))

    assert emulator.covariance[0, 0] > 1.0
    assert emulator.covariance[0, 1] == pytest.approx(emulator.covariance[0, 0])


def test_only_the_most_correlated_parameters_are_quadratic() -> None:
    """Squares and products enter for the parameters of the largest correlation alone."""
    levels = levels_of(16384, QUADRATIC_PARAMETERS + 2)
    centred = 2 * levels - 1
    slopes = np.repeat([1.0, 0.2], [QUADRATIC_PARAMETERS, 2])
    curves = {"strong": centred[:, 0] ** 2, "weak": centred[:, -1] ** 2}
    emulator = fit_emulator(
        levels, np.stack([centred @ slopes + curve for curve in curves.values()], axis=1)
    )

    assert [sorted(one.tolist()) for one in emulator.quadratic] == [
        list(range(QUADRATIC_PARAMETERS))
    ] * 2
    left = np.sqrt(np.diag(emulator.covariance))
    assert left[0] <= 0.2 * curves["strong"].std()
    assert left[1] == pytest.approx(curves["weak"].std(), rel=0.1)


def test_quadratic_parameters_are_sorted_by_correlation() -> None:
    """Each target has its own order, by the size of the correlation and not by its sign."""
    levels = levels_of(2000, 3)
    emulator = fit_emulator(
        levels, (2 * levels - 1) @ np.array([[1.0, 2.0], [-3.0, 1.0], [2.0, -3.0]])
    )

    assert [one.tolist() for one in emulator.quadratic] == [[1, 2, 0], [2, 0, 1]]


@pytest.mark.parametrize("value", [0.0, 0.3, 1 / 3, 0.5, 1.0])
def test_constant_parameter_does_no_harm(value: float) -> None:
    """Beside a constant column the other parameters are fitted as well as without it."""
    levels, elsewhere = levels_of(1000, 3), levels_of(50, 3, seed=2)
    emulator = fit_emulator(np.hstack([np.full((1000, 1), value), levels]), 10 + quadratic(levels))

    with_it = emulator(np.hstack([np.full((50, 1), value), elsewhere]))
    without = fit_emulator(levels, 10 + quadratic(levels))(elsewhere)
    assert (
        np.abs(with_it - 10 - quadratic(elsewhere)).max()
        <= 1.05 * np.abs(without - 10 - quadratic(elsewhere)).max()
    )


@pytest.mark.parametrize("value", [0.0, 0.3, 1 / 3, 0.5, 1.0])
def test_constant_parameter_has_no_effect(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A constant column is never quadratic, and predictions do not depend on it later."""
    monkeypatch.setattr("teritwa.analysis.calibration.emulator.QUADRATIC_PARAMETERS", 3)
    levels, elsewhere = levels_of(1000, 3), levels_of(50, 3, seed=2)
    emulator = fit_emulator(np.hstack([np.full((1000, 1), value), levels]), 10 + quadratic(levels))

    without = fit_emulator(levels, 10 + quadratic(levels))(elsewhere)
    for other in (value, 0.1, 0.9):
        moved = emulator(np.hstack([np.full((50, 1), other), elsewhere]))
        np.testing.assert_allclose(moved, without, atol=1e-9)


def test_constant_target_is_predicted_exactly() -> None:
    """A constant target is predicted everywhere, leaves no remainder, and harms no other."""
    levels, elsewhere = levels_of(1000, 3), levels_of(50, 3, seed=2)
    alone, beside = quadratic(levels), np.hstack([quadratic(levels), np.full((1000, 1), 0.7)])
    emulator = fit_emulator(levels, beside)

    np.testing.assert_allclose(emulator(elsewhere)[:, 3], 0.7, atol=1e-12)
    np.testing.assert_allclose(emulator.covariance[3], 0, atol=1e-12)
    np.testing.assert_array_equal(
        emulator(elsewhere)[:, :3], fit_emulator(levels, alone)(elsewhere)
    )


def test_one_target_is_enough() -> None:
    """The covariance of a single target is a one-by-one table, as its users expect."""
    levels = levels_of(200, 3)
    emulator = fit_emulator(levels, quadratic(levels)[:, :1])

    assert emulator.covariance.shape == (1, 1)
    assert emulator(levels).shape == (200, 1)


@pytest.mark.parametrize("runs", [0, 3])
def test_too_few_runs_are_refused(runs: int) -> None:
    """Fewer runs than folds raise an error with their number."""
    levels = levels_of(runs, 3)

    with pytest.raises(ValueError, match=f"{runs} runs are too few"):
        fit_emulator(levels, np.zeros((runs, 2)))


def test_four_runs_are_fitted() -> None:
    """The smallest number of runs gives finite predictions."""
    levels = levels_of(4, 3)
    emulator = fit_emulator(levels, quadratic(levels))

    assert np.isfinite(emulator(levels)).all()
    assert np.isfinite(emulator.covariance).all()
