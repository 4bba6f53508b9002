"""Tests of the raster of territory: each district and week is drawn once, as in the table."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.collections import QuadMesh

from teritwa.analysis.control import CHANCE, control
from teritwa.ensemble.result import Result
from teritwa.pictures.style import SMALL_PRINT, save
from teritwa.pictures.tables import Table
from teritwa.pictures.territory import territory, territory_table

Make = Callable[..., Result]


def raster(table: Table) -> np.ndarray:
    """Return the table's values, (district, week)."""
    return np.array([column for name, column in table.items() if name[:2] == "20"], float).T


def meshes(axes: np.ndarray) -> list[Any]:
    """Return the meshes of all columns."""
    parts = [part for each in axes for part in each.collections]
    return [part for part in parts if isinstance(part, QuadMesh)]


def drawn(axes: np.ndarray) -> np.ndarray:
    """Return what all meshes of a picture show, shape (district, week), column by column."""
    return np.vstack([mesh.get_array() for mesh in meshes(axes)])


def test_raster_draws_its_table(haiti: Result) -> None:
    """195 rows by 11 weeks in two columns have the order of the table, one scale, and names."""
    shown = control(haiti)
    axes, table = territory(shown)[1], territory_table(shown)

    assert len(axes) == 2
    assert raster(table).shape == (195, 11)
    np.testing.assert_array_equal(drawn(axes), raster(table))
    clims = {
        mesh.get_clim() for each in axes for mesh in each.collections if isinstance(mesh, QuadMesh)
    }
    assert clims == {(0.0, 1.0)}
    names = [label.get_text() for each in axes for label in each.get_yticklabels()]
    assert names == [str(name).partition(" / ")[0] for name in table["name"]]
    i = table["district"].index("jacmel")
    assert (
        raster(table)[i].tolist()
        == shown.values[:, haiti.labels("district").index("jacmel")].tolist()
    )


def test_raster_is_legible(haiti: Result) -> None:
    """Names have at least 6.5 points, do not overlap, and lie on the picture; groups are named."""
    figure, axes = territory(control(haiti))

    figure.draw_without_rendering()
    for each in axes:
        boxes = [label.get_window_extent() for label in each.get_yticklabels()]
        assert all(label.get_fontsize() >= SMALL_PRINT for label in each.get_yticklabels())
        assert all(upper.y0 >= lower.y0 + 8 for upper, lower in pairwise(boxes))
        assert min(box.x0 for box in boxes) >= 0
    assert (
        max(box.x1 for box in (label.get_window_extent() for label in axes[0].get_yticklabels()))
        < axes[0].bbox.x0
    )
    left = axes[0].bbox.x1
    assert min(label.get_window_extent().x0 for label in axes[1].get_yticklabels()) > left
    assert [text.get_text() for text in axes[0].texts][:2] == ["The capital", "Nord-Ouest"]


def test_events_stand_above_the_weeks(of_haiti: Make, arrival: Callable[..., object]) -> None:
    """An event's name is written above each column at its day."""
    figure = territory(control(of_haiti(events=(arrival(date(2024, 2, 1), "kenya comes"),))))[0]

    written = [
        text for axes in figure.axes for text in axes.texts if text.get_text() == "kenya comes"
    ]
    assert len(written) == 2


def test_few_districts_are_one_column(island: tuple[Result, Path]) -> None:
    """Twenty districts of a world without a map are drawn below each other."""
    result, world = island
    axes, table = territory(control(result), world)[1], territory_table(control(result), world)

    assert len(axes) == 1
    np.testing.assert_array_equal(drawn(axes), raster(table))


def test_change_is_even_around_zero(haiti: Result, of_haiti: Make, tmp_path: Path) -> None:
    """Both columns have one scale around zero; the same picture twice has the same bytes."""
    shown = control(haiti, CHANCE, of_haiti(id="peace"))
    figure, axes = territory(shown)

    clims = {
        mesh.get_clim() for each in axes for mesh in each.collections if isinstance(mesh, QuadMesh)
    }
    assert clims == {(-1.0, 1.0)}
    first = save(figure, tmp_path / "1.png", territory_table(shown))
    second = save(territory(shown)[0], tmp_path / "2.png", territory_table(shown))
    assert first.read_bytes() == second.read_bytes()
