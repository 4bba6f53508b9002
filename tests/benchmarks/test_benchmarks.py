"""What benchmarks measure with: the yardstick does the same each time, and worlds can be run."""

from pathlib import Path

import numpy as np
import pytest

from teritwa.simulation.model import Mission

from .sizes import scenario_of
from .yardstick import Yardstick


@pytest.mark.slow
def test_the_yardstick_measures_the_same() -> None:
    """Runs of one number are equal, others are not, and nobody is lost on the way."""
    one, again, other = Yardstick(1).run(), Yardstick(1).run(), Yardstick(2).run()
    assert np.array_equal(one.districts, again.districts)
    assert not np.array_equal(one.districts, other.districts)
    people = one.districts["people"].sum() + one.districts["guests"].sum()
    assert people == pytest.approx(Yardstick(1).districts["people"].sum())


@pytest.mark.slow
def test_a_world_of_two_haitis_runs(tmp_path: Path) -> None:
    """Two days of two countries, in which most districts exist twice."""
    mission = Mission(scenario_of(tmp_path, 2, 2))
    half = len(mission.world.districts) // 2
    influence = mission.tables["districts"]["control"]["gang_influence"]
    assert np.array_equal(influence[:half], influence[half:])
    mission.run()
