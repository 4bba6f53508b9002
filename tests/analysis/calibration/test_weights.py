"""Tests of weights and resampling."""

import numpy as np
import pytest

from teritwa.analysis.calibration.weights import (
    effective_sample_size,
    far_apart,
    normalised_weights,
    resample,
)


def test_weights_by_hand() -> None:
    """Logarithms of 1 and 3 give weights of a quarter and three quarters, worth 1.6 of them."""
    weights = normalised_weights(np.log([1.0, 3.0]) + 1000.0)

    assert weights == pytest.approx([0.25, 0.75])
    assert effective_sample_size(weights) == pytest.approx(1.6)


def test_each_is_drawn_as_often_as_its_weight_asks_for() -> None:
    """Weights of 0.1, 0.2, 0.7 give 1, 2 and 7 of ten draws, whatever the offset."""
    for offset in (0.1, 0.5, 0.9):
        chosen = resample(np.array([0.1, 0.2, 0.7]), 10, offset)
        assert np.bincount(chosen).tolist() == [1, 2, 7]


@pytest.mark.parametrize("count", [1, 2, 7, 256, 1000])
def test_far_apart_is_an_order_of_all(count: int) -> None:
    """The order has each number once."""
    assert sorted(far_apart(count)) == list(range(count))
