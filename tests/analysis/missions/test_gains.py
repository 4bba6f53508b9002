"""The gain of a full deployment: shares of variance in closed form, and intervals."""

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.missions.gains import explained_share, gain

# Numbers of a test need no address.
RANDOM = np.random.Generator(np.random.Philox(7))  # noqa: TID251


def made(share: float, draws: int = 256) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values of which a share of the variance is linear in one of sixteen columns."""
    columns = RANDOM.standard_normal((draws, 16))
    noise = RANDOM.standard_normal(draws)
    return np.sqrt(share) * columns[:, 3] + np.sqrt(1.0 - share) * noise, columns


def test_a_linear_part_is_found_and_nothing_else() -> None:
    """Values with a part of variance 4 in one column and 1 of noise: four fifths are explained."""
    columns = RANDOM.standard_normal((4000, 3))
    values = 2.0 * columns[:, 1] + RANDOM.standard_normal(4000)
    assert explained_share(values, columns)[0] == pytest.approx(0.8, abs=0.02)
    assert explained_share(values, columns[:, [0, 2]])[0] < 0.01
    assert explained_share(columns[:, 0], columns)[0] == pytest.approx(1.0)
    assert explained_share(np.ones(4000), columns) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5])
def test_the_interval_of_a_share_holds_it_as_often_as_it_says(share: float) -> None:
    """In 100 sets of 256 values the interval of 90 % holds the share in some 90, here at least 80.

    With nothing to find its lower end is 0 in 95 of 100, and the share is below 0.025 on average.
    """
    found = [explained_share(*made(share)) for _ in range(100)]
    held = [low <= share <= high for _, low, high in found]
    assert np.mean(held) >= 0.8
    assert all(low <= one <= high for one, low, high in found)
    if share == 0.0:
        assert np.mean([low == 0.0 for _, low, _ in found]) >= 0.88
        assert np.mean([one for one, _, _ in found]) < 0.025


def test_a_gain_has_the_interval_of_its_mean_and_of_its_draws() -> None:
    """A thousand draws with a mean of 5 and a deviation of 2: the mean is known to 0.12.

    A failed run takes its draw out, and nothing else.
    """
    own = RANDOM.standard_normal((1000, 2))
    points = 5.0 + 2.0 * own[:, 0]
    one = gain("hold", "once", points, own)
    assert one.draws == 1000
    assert one.mean == pytest.approx(points.mean())
    assert (one.mean_high - one.mean_low) / 2 == pytest.approx(1.96 * 2.0 / 1000**0.5, rel=0.1)
    assert one.draw_low == pytest.approx(np.quantile(points, 0.05))
    assert one.between_missions == pytest.approx(1.0)
    failed = gain("hold", "once", np.append(points, np.nan), np.vstack([own, own[:1]]))
    assert failed == one
