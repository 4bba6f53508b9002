"""Rates of past operations: hand-worked ratios, and random effects in closed form."""

import math

import numpy as np
import pytest

from teritwa.analysis.missions.rates import Rate, between_groups, populations, rates


def test_a_rate_is_a_ratio_with_the_doubt_of_both_counts() -> None:
    """19 killed by 1,350 officers in 8 hours: 0.00176 an officer-hour; doubt from hours and men."""
    found = {(one.operation, one.rate): one for one in rates()}
    one = found["Complexo do Alemão, raid of June 2007", "killed per officer-hour in raids"]
    assert one.value == pytest.approx(19 / (1350 * 8))
    assert one.deviation == pytest.approx(math.log(16200 / 4800) / (2 * 1.6448536))


def test_the_spread_between_groups_is_that_of_the_method_of_moments() -> None:
    """Three logarithms 0, 1, 2 with variance 0.1: Q is 20, less 2, by 30 - 10: 0.9."""
    assert between_groups(np.array([0.0, 1.0, 2.0]), np.full(3, 0.1)) ** 2 == pytest.approx(0.9)
    assert between_groups(np.array([0.0, 0.1, 0.2]), np.full(3, 0.1)) == 0.0
    assert between_groups(np.array([0.4]), np.array([0.1])) == 0.0


def test_groups_count_once_and_one_mission_more_is_wider_than_the_mean() -> None:
    """Two operations of a group are averaged first; groups of equal error have equal weight."""
    made = [
        Rate("a", "first", "rate", math.exp(0.0), math.sqrt(0.2), ""),
        Rate("a", "second", "rate", math.exp(0.0), math.sqrt(0.2), ""),
        Rate("b", "only", "rate", math.exp(2.0), math.sqrt(0.1), ""),
    ]
    (found,) = populations(made)
    assert found.groups == 2
    assert found.mean == pytest.approx(math.exp(1.0))
    # Q is 20, less 1, by 20 - 10.
    assert found.between**2 == pytest.approx(1.9)
    # Two groups: Student's t with one degree of freedom, 6.3138 at 95 %.
    assert math.log(found.high / found.mean) == pytest.approx(6.3137515 * math.sqrt(1.0))
    assert math.log(found.other_high / found.mean) == pytest.approx(6.3137515 * math.sqrt(2.9))
