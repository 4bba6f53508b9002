"""The product and its twin in plain Mesa objects agree, day by day."""

import operator
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from teritwa.rules.agents.district import STATE
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission

from .founding import found
from .model import Twin
from .scenarios import core

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


def assert_districts_agree(mission: Mission, twin: Twin) -> None:
    """Compare holders, people, stations and influence."""
    districts, ours, day = mission.tables["districts"], twin.districts, f"day {mission.day - 1}"
    gangs = {gang: row for row, gang in enumerate(twin.gangs)}
    holders = [gangs[one.holder] if one.holder else STATE for one in ours]
    assert holders == districts["control"]["holder"].tolist(), day
    for group, field in (("people", "residents"), ("people", "brigade"), ("control", "station")):
        found = [getattr(district, field) for district in ours]
        assert found == districts[group][field].tolist(), (day, field)
    influence = [district.influence for district in ours]
    assert np.allclose(influence, districts["control"]["gang_influence"], rtol=0, atol=1e-12), day


def assert_forces_agree(mission: Mission, twin: Twin) -> None:
    """Compare fighters by crew, officers by unit, and the deaths of the day."""
    tables, day = mission.tables, f"day {mission.day - 1}"
    for table, field in (("crews", "fighters"), ("crews", "hiding"), ("units", "officers")):
        rows = tables[table][: int(tables["counters"][table][0])]
        found = [getattr(agent, field) for agent in getattr(twin, table)]
        assert found == rows[field].tolist(), (day, field)
    assert np.array_equal(twin.killed, tables["killed"]), day


def agree_for(scenario: Scenario, days: int, draw: int, replicate: int) -> dict[str, int]:
    """Run the product and its twin side by side and compare them after each day.

    Returns:
        How often what the twin covers happened.
    """
    end = scenario.start + timedelta(days=days - 1)
    mission = Mission(core(replace(scenario, end=end)), draw, replicate)
    twin, seen = found(mission), Counter[str]()
    seen["new crews"] -= len(twin.crews)
    for _ in range(days):
        holders = [district.holder for district in twin.districts]
        mission.step()
        twin.step()
        assert_districts_agree(mission, twin)
        assert_forces_agree(mission, twin)
        now = [district.holder for district in twin.districts]
        seen["new holders"] += sum(map(operator.is_not, holders, now))
        seen["operations"] += int(mission.tables["daily"]["operations"][0])
        seen["crews in hiding"] += sum(crew.hiding > 0 for crew in twin.crews)
    seen["new crews"] += len(twin.crews)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(3))
def test_they_agree_on_the_island(draw: int) -> None:
    """Half a year of 20 districts, whose police have stations alone."""
    seen = agree_for(load(ISLAND), 180, draw, 1)
    assert min(seen["new holders"], seen["new crews"]) > 0


@pytest.mark.slow
def test_they_agree_on_haiti() -> None:
    """Four months of the whole country, until the coalition has long formed, in two draws.

    All that the twin covers happens in one of them.
    """
    baseline = load("baseline")
    seen = Counter(agree_for(baseline, 120, 0, 0)) + Counter(agree_for(baseline, 120, 1, 0))
    assert set(seen) == {"new holders", "new crews", "operations", "crews in hiding"}, seen
