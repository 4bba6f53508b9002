"""The gain of a full deployment: shares of variance in closed form, and intervals."""

import numpy as np
import pytest

from teritwa.analysis.missions.gains import explained_share, gain

# Numbers of a test need no address.
RANDOM = np.random.Generator(np.random.Philox(7))  # noqa: TID251


def test_a_linear_part_is_found_and_nothing_else() -> None:
    """Values with a part of variance 4 in one column and 1 of noise: four fifths are explained."""
    columns = RANDOM.standard_normal((4000, 3))
    values = 2.0 * columns[:, 1] + RANDOM.standard_normal(4000)
    assert explained_share(values, columns) == pytest.approx(0.8, abs=0.02)
    assert explained_share(values, columns[:, [0, 2]]) < 0.01
    assert explained_share(columns[:, 0], columns) == pytest.approx(1.0)
    assert explained_share(np.ones(4000), columns) == 0.0


def test_columns_without_a_part_explain_nothing_on_average() -> None:
    """Sixteen columns of noise explain nothing of 256 values, though R squared is a sixteenth."""
    found = [
        explained_share(RANDOM.standard_normal(256), RANDOM.standard_normal((256, 16)))
        for _ in range(40)
    ]
    assert np.mean(found) < 0.025


def test_a_gain_has_the_interval_of_its_mean_and_of_its_draws() -> None:
    """A thousand draws with a mean of 5 and a deviation of 2: the mean is known to 0.12."""
    own = RANDOM.standard_normal((1000, 2))
    points = 5.0 + 2.0 * own[:, 0]
    one = gain("hold", "once", points, own)
    assert one.mean == pytest.approx(points.mean())
    assert (one.mean_high - one.mean_low) / 2 == pytest.approx(1.96 * 2.0 / 1000**0.5, rel=0.15)
    assert one.draw_low == pytest.approx(np.quantile(points, 0.05))
    assert one.between_missions == pytest.approx(1.0)
    assert gain("hold", "once", points, own) == one
