"""Results of the districts of Haiti and of the made-up island, with any control a test needs."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.ensemble.result import Result
from teritwa.ensemble.run_set import coordinates_of
from teritwa.scenario import load

Make = Callable[..., Result]
ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"
DAYS = {"start": date(2024, 1, 1), "end": date(2024, 3, 10)}
"""Eleven stored weeks: ten Mondays from 1 January, and Sunday, 10 March."""


@pytest.fixture
def of_haiti(made_up: Make) -> Make:
    """Build a result of Haiti's 195 districts over eleven weeks, from values by draw, run ..."""
    coordinates = coordinates_of(load("baseline").replace(end=DAYS["end"]))

    def build(values: dict[str, Any] | None = None, **more: Any) -> Result:
        return made_up(
            values, coordinates=coordinates, world="Haiti", **{"replicates": 2, **DAYS, **more}
        )

    return build


@pytest.fixture
def haiti(of_haiti: Make) -> Result:
    """Return two runs whose control differs by district, by run and over the weeks."""
    rise = np.linspace(0.2, 0.9, 11)[None, None, :, None]
    values = rise * np.array([0.8, 1.1])[None, :, None, None] * np.linspace(0.5, 1, 195)
    return of_haiti({"gang_influence": values})


@pytest.fixture
def island(made_up: Make) -> tuple[Result, Path]:
    """Return a result of the made-up world, which has 20 districts and no cells, and its folder."""
    scenario = load(str(ISLAND)).replace(end=DAYS["end"])
    assert scenario.world is not None
    values = np.linspace(0, 1, 20)
    return made_up(
        {"gang_influence": values}, coordinates=coordinates_of(scenario), **DAYS
    ), scenario.world


@pytest.fixture
def assert_free() -> Callable[[Any], None]:
    """Assert that no text, tick or legend of a figure covers another or leaves the picture."""

    def check(figure: Any) -> None:
        figure.draw_without_rendering()
        texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
        for axes in figure.axes:
            texts += [tick.label1 for tick in axes.yaxis._update_ticks()]
            texts += [tick.label1 for tick in axes.xaxis._update_ticks()]
        own = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
        parts = [text for text in texts if text.get_text()] + [*figure.legends, *own]
        boxes = [part.get_window_extent() for part in parts]
        for i, box in enumerate(boxes):
            assert box.count_overlaps(boxes[:i]) == 0, parts[i]
            assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, parts[i]
            assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, parts[i]

    return check
