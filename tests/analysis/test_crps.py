"""Tests of both scores and the error of figures: by hand, by integration and in closed form."""

import math
from datetime import date
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from teritwa.analysis.crps import crps, interval_score, with_reporting_error
from teritwa.analysis.published_figures import Observation

NORMAL = NormalDist()


def stock(
    value: float, low: float | None = None, high: float | None = None, outcome: str = "gang_members"
) -> Observation:
    """Return what was read on a day."""
    day = date(2025, 3, 31)
    return Observation(outcome, day, day, value, low, high)


def integrated(sample: list[float], value: float) -> float:
    """Return the integral of (F - [x >= value]) squared, piece by piece between its steps."""
    points = sorted([*sample, value])
    total = 0.0
    for left, right in pairwise(points):
        below = sum(one <= left for one in sample) / len(sample)
        total += (right - left) * (below - (left >= value)) ** 2
    return total


@pytest.mark.parametrize(
    ("sample", "value", "expected"),
    [
        ([3.0], 5.0, 2.0),
        ([5.0, 5.0, 5.0], 5.0, 0.0),
        ([0.0, 2.0], 1.0, 1 - 2 / 4),
        ([0.0, 2.0], 5.0, 4 - 2 / 4),
        ([6.0, 0.0, 3.0], 3.0, 2 - (3 + 3 + 6) / 9),
        ([6.0, 0.0, 3.0], -1.0, 4 - (3 + 3 + 6) / 9),
    ],
)
def test_crps_by_hand(sample: list[float], value: float, expected: float) -> None:
    """It is the mean distance from the value minus half the mean distance within the sample."""
    assert crps(np.array(sample), value) == pytest.approx(expected, abs=1e-12)


whole = st.integers(-1000, 1000).map(float)


@given(st.lists(whole, min_size=1, max_size=12), whole)
def test_crps_is_the_integral(sample: list[float], value: float) -> None:
    """It is the integral of the squared difference of distribution functions, never negative."""
    found = crps(np.array(sample), value)

    assert found == pytest.approx(integrated(sample, value), abs=1e-6)
    assert found >= -1e-9


@given(st.lists(whole, min_size=1, max_size=12), whole, st.integers(1, 50), whole)
def test_crps_goes_with_the_unit(
    sample: list[float], value: float, times: int, shift: float
) -> None:
    """It scales with the unit, and does not change with the zero or the order of runs."""
    found = crps(np.array(sample), value)

    assert crps(times * np.array(sample), times * value) == pytest.approx(times * found, abs=1e-6)
    assert crps(np.array(sample[::-1]) + shift, value + shift) == pytest.approx(found, abs=1e-6)


def normal_sample(mean: float, sd: float, size: int = 2000) -> NDArray[np.float64]:
    """Return equally likely values of a normal distribution."""
    return np.array([NormalDist(mean, sd).inv_cdf((i + 0.5) / size) for i in range(size)])


@pytest.mark.parametrize("value", [-2.0, 0.0, 0.5, 3.0])
def test_crps_of_a_normal_sample_is_the_closed_form(value: float) -> None:
    """It is that of Gneiting and Raftery for mean 1 and deviation 2, to a thousandth."""
    z = (value - 1) / 2
    closed = 2 * (z * (2 * NORMAL.cdf(z) - 1) + 2 * NORMAL.pdf(z) - 1 / math.sqrt(math.pi))

    assert crps(normal_sample(1, 2), value) == pytest.approx(closed, rel=1e-3)


def test_crps_is_least_at_the_truth() -> None:
    """For figures from a standard normal, that forecast scores best, not another spread or mean."""
    figures = normal_sample(0, 1, 200)
    said = {
        (mean, sd): normal_sample(mean, sd, 400) for mean in (-0.5, 0, 0.5) for sd in (0.5, 1, 2)
    }
    means = {
        one: np.mean([crps(sample, value) for value in figures]) for one, sample in said.items()
    }

    assert min(means, key=lambda one: means[one]) == (0, 1)
    assert means[0, 1] == pytest.approx(1 / math.sqrt(math.pi), rel=0.01)


def test_without_a_range_there_is_no_error() -> None:
    """No range, or one without width, leaves the runs as they are."""
    values = np.array([1.0, 5.0, 2.0])

    assert with_reporting_error(values, stock(3)) is values
    assert with_reporting_error(values, stock(3, 3, 3)) is values


def test_interval_score_by_hand() -> None:
    """The central 80 % of 0 to 100 in steps of 10 is 10 to 90: 80 wide, and 10 for each beyond.

    Within and on the bounds the score is the width; 97 is 7 above and 4 is 6 below.
    """
    runs = np.arange(0.0, 101.0, 10.0)
    scores = [interval_score(runs, value) for value in (50, 10, 90, 97, 4)]

    assert scores == pytest.approx([80, 80, 80, 150, 140])
    assert interval_score(np.array([5.0]), 7) == pytest.approx(20)


def quantiles(found: NDArray[np.float64], *levels: float) -> list[float]:
    """Return quantiles along the last axis; each value is the middle of its share."""
    given: list[float] = np.quantile(found, levels, axis=-1, method="hazen").ravel().tolist()
    return given


def test_error_of_persons_is_an_inverted_factor() -> None:
    """For 900 within 600 to 1,000, the figure is 1.5 or 0.9 times the truth in 1 case of 20 each.

    So 100 and 200 would be reported as 90 and 180 at the 5 % quantile, 150 and 300 at the 95 %.
    """
    found = with_reporting_error(np.array([100.0, 200.0]), stock(900, 600, 1000)).reshape(2, -1)

    assert np.median(found, axis=1).tolist() == pytest.approx([100, 200])
    assert quantiles(found, 0.95) == pytest.approx([150, 300], rel=0.005)
    assert quantiles(found, 0.05) == pytest.approx([90, 180], rel=0.005)
    middle = quantiles(np.log(found[0]), 0.75, 0.25)
    assert middle == pytest.approx(
        np.log(100) + np.log([1.5, 0.9]) * NORMAL.inv_cdf(0.75) / NORMAL.inv_cdf(0.95), rel=1e-3
    )


def test_error_of_a_share_is_a_shift_within_0_and_1() -> None:
    """For 0.8 within 0.7 to 0.85, the figure is 0.05 below to 0.1 above the truth, at most 1."""
    found = with_reporting_error(
        np.array([0.5, 0.99]), stock(0.8, 0.7, 0.85, "trust_in_forces")
    ).reshape(2, -1)

    assert quantiles(found[0], 0.05, 0.5, 0.95) == pytest.approx([0.45, 0.5, 0.6], abs=1e-3)
    assert (np.median(found[1]), found[1].max()) == (pytest.approx(0.99), 1.0)
    assert found.min() >= 0


def test_error_down_to_nothing_is_a_shift() -> None:
    """If the truth may be 0, no factor is possible: 4 within 0 to 6 shifts by 4 up and 2 down."""
    found = with_reporting_error(np.array([10.0]), stock(4, 0, 6))

    assert quantiles(found, 0.05, 0.5, 0.95) == pytest.approx([8, 10, 14], abs=0.05)


def test_error_values_are_fine_enough() -> None:
    """The score of one run with a small error is that of the normal in closed form."""
    sd = 20 / NORMAL.inv_cdf(0.95)
    for value in (1000.0, 1020.0):
        z = (value - 1000) / sd
        closed = sd * (z * (2 * NORMAL.cdf(z) - 1) + 2 * NORMAL.pdf(z) - 1 / math.sqrt(math.pi))
        sample = with_reporting_error(
            np.array([1000.0 + 1e6]), stock(value + 1e6, value + 1e6 - 20, value + 1e6 + 20)
        )
        assert crps(sample, value + 1e6) == pytest.approx(closed, rel=2e-3)
