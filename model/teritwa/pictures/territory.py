"""The raster of territory: every district by every week, in the order of geography."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control
from teritwa.pictures.events import draw_events
from teritwa.pictures.geography import Places, main_name, ordered_groups, places_of
from teritwa.pictures.shading import (
    HEADING_HEIGHT,
    Shading,
    draw_colour_bar,
    draw_heading,
    shading,
    write_note,
)
from teritwa.pictures.style import SMALL_PRINT, WIDTH, date_axis, house_style, new_figure
from teritwa.pictures.tables import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_HEIGHT = 0.1
"""Height of a district's row, inches: what its name needs."""

GROUP_ROWS = 1.6
"""Rows that the name of a group takes."""

ONE_COLUMN = 70
"""Districts up to which the raster is one column; more make two side by side."""

_LABELS, _STRIP, _FOOT = 1.52, 0.62, 0.92
"""Inches: for names of districts, for events above each column, for dates and scale below."""

_NOTE = (
    "Ticks above the weeks: dated events; those without a name found no room. "
    "Question mark: chance decides on it."
)

Groups = list[tuple[str, list[int]]]
"""Names of groups of districts, each with the rows of its districts."""

Drawn = tuple[Control, Places, Shading]
"""What every column draws: one view of control, its districts and its colours."""


def territory_table(shown: Control, world: Path | None = None) -> Table:
    """Return what `territory` draws.

    Args:
        shown: One view of control.
        world: Folder of the world that ran; None means the default world.

    Returns:
        A row for each district in the order drawn: its group, id, name, a column for each week,
        and n (runs).

    Raises:
        ResultError: The world is not that of the result.
    """
    places = places_of(shown.result, world)
    groups = ordered_groups(places)
    order = [i for _, rows in groups for i in rows]
    weeks = zip(shown.weeks, shown.values[:, order].tolist(), strict=True)
    return {
        "group": [name for name, rows in groups for _ in rows],
        "district": [places.ids[i] for i in order],
        "name": [places.names[i] for i in order],
        **{str(day): values for day, values in weeks},
        "n": [shown.count] * len(order),
    }


def territory(shown: Control, world: Path | None = None) -> tuple["Figure", NDArray[Any]]:
    """Draw control by district and week, the capital first, then department by department.

    Args:
        shown: One view of control.
        world: Folder of the world that ran; None means the default world.

    Returns:
        The figure, and the axes of each column of districts.

    Raises:
        ResultError: The world is not that of the result.
    """
    places = places_of(shown.result, world)
    columns = _columns(ordered_groups(places))
    scale = shading(shown, shown.values)
    with house_style():
        deepest = max(_row_count(groups) for groups in columns) * ROW_HEIGHT
        figure = new_figure(HEADING_HEIGHT + _STRIP + deepest + _FOOT)
        draw_heading(figure, shown, "week by week")
        width = 1 / len(columns)
        drawn = [
            _draw_column(figure, (shown, places, scale), groups, (k * width, width))
            for k, groups in enumerate(columns)
        ]
        height = figure.get_figheight()
        draw_colour_bar(figure, scale, (0.22, 0.43 / height, 0.56, 0.12 / height))
        write_note(figure, _NOTE)
        return figure, np.array(drawn, dtype=object)


def _columns(groups: Groups) -> list[Groups]:
    """Return groups in one column or, if there are many districts, in two as equal as possible."""
    if sum(len(rows) for _, rows in groups) <= ONE_COLUMN or len(groups) < 2:
        return [groups]

    def difference(k: int) -> float:
        return abs(_row_count(groups[:k]) - _row_count(groups[k:]))

    k = min(range(1, len(groups)), key=difference)
    return [groups[:k], groups[k:]]


def _row_count(groups: Groups) -> float:
    """Return the height of groups in rows, with their names."""
    return sum(len(rows) + GROUP_ROWS for _, rows in groups)


def _draw_column(
    figure: "Figure", drawn: Drawn, groups: Groups, place: tuple[float, float]
) -> "Axes":
    """Draw a column of districts with events above; ``place`` is its left edge and its width."""
    axes, strip = _add_axes(figure, _row_count(groups), place)
    shown = drawn[0]
    edges = np.append(shown.weeks, shown.weeks[-1] + np.timedelta64(7, "D"))
    date_axis(axes, np.arange(edges[0], edges[-1] + 1), most=9 if place[1] == 1 else 5)
    axes.set_ylim(_row_count(groups), 0)
    draw_events(strip, axes, shown.result)
    _draw_groups(axes, edges, drawn, groups)
    axes.tick_params(labelsize=7)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return axes


def _add_axes(figure: "Figure", rows: float, place: tuple[float, float]) -> tuple["Axes", "Axes"]:
    """Return axes for a column of some rows, and for the strip of events above it."""
    whole, height = figure.get_figheight(), rows * ROW_HEIGHT
    left, width = place[0] + _LABELS / WIDTH, place[1] - (_LABELS + 0.2) / WIDTH
    top = 1 - (HEADING_HEIGHT + _STRIP) / whole
    axes = figure.add_axes((left, top - height / whole, width, height / whole))
    return axes, figure.add_axes((left, top, width, _STRIP / whole), sharex=axes)


def _draw_groups(axes: "Axes", edges: NDArray[np.datetime64], drawn: Drawn, groups: Groups) -> None:
    """Draw the districts of each group below its name."""
    shown, places, scale = drawn
    top, ticks, names = 0.0, list[float](), list[str]()
    for name, rows in groups:
        _write_group_name(axes, top, name)
        top += GROUP_ROWS
        bounds = top + np.arange(len(rows) + 1)
        values = shown.values[:, rows].T
        colours: dict[str, Any] = {"cmap": scale.colours(), "norm": scale.norm()}
        axes.pcolormesh(edges, bounds, values, zorder=0.8, rasterized=True, **colours)
        ticks += (bounds[:-1] + 0.5).tolist()
        names += [main_name(places.names[i]) for i in rows]
        top += len(rows)
    axes.set_yticks(ticks, names, fontsize=SMALL_PRINT)
    axes.tick_params(axis="y", length=0, pad=2)


def _write_group_name(axes: "Axes", top: float, name: str) -> None:
    """Write the name of a group below a row."""
    y = top + 0.62 * GROUP_ROWS
    left = axes.get_yaxis_transform()
    axes.text(0, y, name, transform=left, fontsize=7.5, weight="bold", va="center")
