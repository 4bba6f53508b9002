"""Tests of what is predicted of a count from the others."""

from collections.abc import Callable

import numpy as np
import pytest

from teritwa.analysis.calibration.left_out import brier_score, coverage, left_out
from teritwa.analysis.calibration.targets import Target

Make = Callable[..., Target]


def test_normal_case_in_closed_form(target: Make) -> None:
    """Two counts of one number: leaving one out gives what the other and the prior say."""
    common = {"scale": "linear", "error": 1.0, "discrepancy": 0.0}
    first = target(name="first", low=1.0, high=1.0, **common)
    second = target(name="second", low=3.0, high=3.0, **common)
    # The posterior of a standard normal number counted twice with error 1: mean 4 / 3, var 1 / 3.
    levels = (np.arange(40_000) + 0.5) / 40_000
    from scipy.special import ndtri

    numbers = 4 / 3 + ndtri(levels) / np.sqrt(3)
    found = left_out([first, second], np.stack([numbers, numbers], axis=1))[0]

    # Without the first: mean 3 / 2, variance 1 / 2, and the count's error of 1 beside it.
    low, middle, high = found.quantiles
    assert middle == pytest.approx(1.5, abs=0.03)
    assert (high - low) / 2 == pytest.approx(1.2816 * np.sqrt(1.5), abs=0.03)
    assert found.below == pytest.approx(0.3416, abs=0.01)  # of less than 1: 0.5 / sqrt(1.5) below


def test_office_tells_of_its_other_count(target: Make) -> None:
    """If an office counts too much in one place, it is expected to in the other."""
    common = {"scale": "linear", "error": 1.0, "discrepancy": 0.0, "office": "A"}
    both = [target(name=name, low=2.0, high=2.0, **common) for name in ("first", "second")]
    found = left_out(both, np.zeros((10, 2)))[0]

    assert found.quantiles[1] == pytest.approx(1.0, abs=0.02)  # half of the other's miss of 2


def test_brier_score_and_coverage_by_hand(target: Make) -> None:
    """A place told with certainty and a doubt of a tenth scores 0.01; one count of one inside."""
    held = target(
        name="place", scale="doubt", statistic="held", low=1.0, high=1.0, error=0.1,
        outcome="holder.a",
    )  # fmt: skip
    found = left_out([target(), held], np.array([[100.0, 1.0], [100.0, 1.0]]))

    assert brier_score(found) == pytest.approx(0.01)
    assert coverage(found)[:2] == (1, 1)
