"""The product and its twin in plain Mesa objects agree, day by day."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission

from .founding import found
from .model import Twin
from .scenarios import core

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


def assert_agree(mission: Mission, twin: Twin) -> None:
    """Compare influence, holders, officers, people, fighters by crew, and deaths of the day."""
    districts, day = mission.tables["districts"], f"day {mission.day - 1}"
    exact = {
        "holder": districts["control"]["holder"],
        "residents": districts["people"]["residents"],
        "brigade": districts["people"]["brigade"],
        "station": districts["control"]["station"],
    }
    number = {None: -1} | {gang: row for row, gang in enumerate(twin.gangs)}
    for name, values in exact.items():
        ours = [getattr(district, name) for district in twin.districts]
        ours = [number[one] for one in ours] if name == "holder" else ours
        assert ours == values.tolist(), (day, name)
    crews = mission.tables["crews"][: len(twin.crews)]
    assert int(mission.tables["counters"]["crews"][0]) == len(twin.crews), day
    assert [crew.fighters for crew in twin.crews] == crews["fighters"].tolist(), day
    units = mission.tables["units"][: len(twin.units)]
    assert [unit.officers for unit in twin.units] == units["officers"].tolist(), day
    assert np.array_equal(twin.killed, mission.tables["killed"]), day
    influence = [district.influence for district in twin.districts]
    assert np.allclose(influence, districts["control"]["gang_influence"], rtol=0, atol=1e-12), day


def agree_for(scenario: Scenario, days: int, draw: int, replicate: int) -> Twin:
    """Run the product and its twin side by side and compare them after each day."""
    end = scenario.start + timedelta(days=days - 1)
    mission = Mission(core(replace(scenario, end=end)), draw, replicate)
    twin = found(mission)
    for _ in range(days):
        mission.step()
        twin.step()
        assert_agree(mission, twin)
    return twin


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(3))
def test_they_agree_on_the_island(draw: int) -> None:
    """Half a year of 20 districts, in which crews settle and districts change hands."""
    agree_for(load(ISLAND), 180, draw, 1)


@pytest.mark.slow
def test_they_agree_on_haiti() -> None:
    """Six weeks of the whole country."""
    agree_for(load("baseline"), 42, 3, 0)
