"""Tests of the recovery check: correct counts, and it passes only what is calibrated."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from teritwa.analysis.calibration import recovery
from teritwa.analysis.calibration.recovery import (
    DRAWS,
    coverage,
    halve_spread,
    ranks_of,
    recover,
)
from teritwa.analysis.calibration.tables import rank_table, recovery_table
from teritwa.analysis.calibration.weights import Candidates

Array = NDArray[np.float64]


def random() -> Any:
    """Return a stream of numbers, the same at each call."""
    return np.random.Generator(np.random.Philox(11))  # noqa: TID251 - test input


def test_ranks_by_hand() -> None:
    """Of draws 0.1, 0.2 and 0.6, two are below 0.5 and none below 0.05."""
    draws = np.array([[[0.1, 0.1], [0.2, 0.2], [0.6, 0.6]]])

    assert ranks_of(np.array([[0.5, 0.05]]), draws).tolist() == [[2, 0]]


def test_coverage_by_hand() -> None:
    """Of 40 ranks among 39 draws, 20, 32 and 36 are within 50, 80 and 90 %."""
    share, error = coverage(np.arange(40)[:, None], DRAWS)

    assert share.tolist() == [0.5, 0.8, 0.9]
    assert error[2] == pytest.approx(np.sqrt(0.09 * 40 / 39 / 40))


def test_half_the_spread_about_the_mean() -> None:
    """Scores of -2, 0 and 2 become -1, 0 and 1; those of 0 and 4 become 1 and 3."""
    np.testing.assert_allclose(
        ndtri(halve_spread(ndtr(np.array([[[-2.0], [0.0], [2.0]]])))).ravel(), [-1, 0, 1], atol=1e-9
    )
    np.testing.assert_allclose(
        ndtri(halve_spread(ndtr(np.array([[[0.0], [4.0]]])))).ravel(), [1, 3], atol=1e-9
    )


def test_calibrated_draws_pass_and_shrunk_ones_fail() -> None:
    """Draws of the truths' distribution have nominal coverage; with half the spread far less."""
    numbers = random().random((400, DRAWS + 1, 5))
    truths, draws = numbers[:, 0], numbers[:, 1:]
    own, error = coverage(ranks_of(truths, draws), DRAWS)
    shrunk, _ = coverage(ranks_of(truths, halve_spread(draws)), DRAWS)

    assert (np.abs(own - [0.5, 0.8, 0.9]) <= 3 * error).all()
    assert (shrunk < np.array([0.5, 0.8, 0.9]) - 0.15).all()


class Target(SimpleNamespace):
    """A fitted target whose errors together are one half."""

    fitted = True
    residual_error = 0.3
    residual_discrepancy = 0.4


class Overconfident(Candidates):
    """Candidates with four times the log likelihood."""

    def log_likelihood(self, observed: Array, errors: Array) -> Array:
        """Return four times the log likelihood."""
        return 4.0 * super().log_likelihood(observed, errors)


def calibration(kind: type[Candidates] = Candidates) -> Any:
    """Return candidates of two parameters and a held one; two targets follow the former."""
    levels = random().random((4000, 3))
    truths = ndtri(levels[:, :2])
    runs = truths[:, None, :] + 0.5 * random().standard_normal((4000, 2, 2))
    predicted = truths + 0.3 * random().standard_normal((4000, 2))[::-1]
    informed_by = {"a": "counts", "b": "counts", "held": "nothing: made up"}
    parameters = tuple(SimpleNamespace(name=a, informed_by=b) for a, b in informed_by.items())
    candidates = kind(levels, runs, predicted)
    return SimpleNamespace(
        parameters=parameters, targets=(Target(), Target()), candidates=candidates
    )


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use so many data sets that a few points off are seen."""
    monkeypatch.setitem(recovery.DATA_SETS, "weights", 2000)


@pytest.mark.usefixtures("many")
def test_weights_recover_known_truths() -> None:
    """On 2,000 synthetic data sets the weights' intervals have nominal coverage."""
    one = recover(calibration(), "weights", 3)

    assert one.names == ("a", "b")
    assert (np.abs(one.coverage[:, 0] - [0.5, 0.8, 0.9]) <= 3 * one.errors[:, 0]).all()
    assert (one.coverage[:, 1] < np.array([0.5, 0.8, 0.9]) - 0.1).all()


@pytest.mark.usefixtures("many")
def test_overconfident_weights_are_detected() -> None:
    """With four times the log likelihood every interval misses by far more than chance allows."""
    one = recover(calibration(Overconfident), "weights", 3)

    assert (np.array([0.5, 0.8, 0.9]) - one.coverage[:, 0] > 4 * one.errors[:, 0]).all()


def test_tables_of_recovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are six rows a part, the counts of all ranks, and the number of data sets."""
    monkeypatch.setitem(recovery.DATA_SETS, "weights", 50)
    one = recover(calibration(), "weights", 3)
    table, ranks = recovery_table([one]), rank_table([one])

    assert table["part"] == ["weights"] * 6
    assert table["data_sets"] == [50] * 6
    assert table["coverage"][::2] == one.coverage[:, 0].tolist()
    assert (len(ranks["count"]), sum(int(str(count)) for count in ranks["count"])) == (40, 100)
