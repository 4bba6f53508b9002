"""Results of the districts of Haiti and of the made-up island, with whatever control a test wants."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.ensemble import run as ensemble
from teritwa.ensemble.result import Result
from teritwa.scenario import load

Make = Callable[..., Result]
ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"
DAYS = {"start": date(2024, 1, 1), "end": date(2024, 3, 10)}
"""Eleven stored weeks: ten Mondays from 1 January, and Sunday, 10 March."""


@pytest.fixture
def of_haiti(made_up: Make) -> Make:
    """Build a result of Haiti's 195 districts over eleven weeks from values (draw, run, week, district)."""
    axes = ensemble.axes(load("baseline").replace(end=DAYS["end"]))

    def build(values: dict[str, Any] | None = None, **more: Any) -> Result:
        return made_up(values, axes=axes, world="Haiti", **{"replicates": 2, **DAYS, **more})

    return build


@pytest.fixture
def haiti(of_haiti: Make) -> Result:
    """Two runs whose control differs by district, by run and over the weeks."""
    rise = np.linspace(0.2, 0.9, 11)[None, None, :, None]
    values = rise * np.array([0.8, 1.1])[None, :, None, None] * np.linspace(0.5, 1, 195)
    return of_haiti({"gang_influence": values})


@pytest.fixture
def island(made_up: Make) -> tuple[Result, Path]:
    """A result of the made-up world of 20 districts, which has neither cells nor a coast, and its folder."""
    scenario = load(str(ISLAND)).replace(end=DAYS["end"])
    assert scenario.world is not None
    values = np.linspace(0, 1, 20)
    return made_up({"gang_influence": values}, axes=ensemble.axes(scenario), **DAYS), scenario.world
