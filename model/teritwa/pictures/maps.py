"""Maps of who holds which district: the country, and the capital enlarged."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control, control
from teritwa.engine.formatting import format_date
from teritwa.ensemble.result import Result
from teritwa.pictures.geography import Places, capital_frame, check_cells, places_of
from teritwa.pictures.map_axes import (
    draw_cells,
    mark_frame,
    name_places,
    name_towns,
    show_capital,
    show_country,
)
from teritwa.pictures.shading import (
    Shading,
    draw_colour_bar,
    draw_heading,
    shading,
    write_note,
)
from teritwa.pictures.style import house_style, new_figure
from teritwa.pictures.tables import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure

TOWNS = 12
"""Districts outside the capital that the country's map names at most, the most populous."""

_WIDTHS = (1.3, 1.0)
"""Relative widths of the country's map and of the capital's."""


def map_table(shown: Control, day: date | None = None) -> Table:
    """Return what `control_map` draws.

    Args:
        shown: One view of control.
        day: A day within the result; None means the last.

    Returns:
        A row for each district: its value, for a change half of its interval, and n (runs).
    """
    week = shown.week(day)
    result = shown.result
    view = f"{shown.view} change" if shown.is_change else shown.view
    table: dict[str, list[Any]] = {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        f"{view} {shown.weeks[week]}": shown.values[week].tolist(),
    }
    if shown.half is not None:
        table["half of the 95 % interval"] = shown.half[week].tolist()
    return table | {"n": [shown.count] * len(table["district"])}


def control_map(
    shown: Control, day: date | None = None, world: Path | None = None
) -> tuple["Figure", NDArray[Any]]:
    """Draw control by district on a day.

    Args:
        shown: One view of control.
        day: A day within the result; None means the last.
        world: Folder of the world that ran; None means the default world.

    Returns:
        The figure and its two axes: the country and the capital.

    Raises:
        ResultError: The world is not that of the result or has no cells, or the day lies outside
            the result.
    """
    places = check_cells(shown.result, places_of(shown.result, world))
    week = shown.week(day)
    scale = shading(shown, shown.values[week])
    with house_style():
        figure = new_figure(4.95)
        axes = figure.subplots(1, 2, width_ratios=_WIDTHS)
        figure.subplots_adjust(left=0.01, right=0.985, top=0.80, bottom=0.15, wspace=0.03)
        draw_pair(axes, places, shown.values[week], scale)
        draw_heading(figure, shown, format_date(shown.weeks[week]))
        _draw_foot(figure, scale, places.borders)
        return figure, axes


def draw_pair(
    axes: NDArray[Any], places: Places, values: NDArray[np.float64], scale: Shading
) -> "list[PolyCollection]":
    """Draw values on the country's map and on the capital's, with names.

    Args:
        axes: The axes of the country and of the capital.
        places: The districts.
        values: Shape (district,).
        scale: The colours of the values.

    Returns:
        The cells on each of the two maps.
    """
    country, capital = axes
    frame = capital_frame(places)
    cells = [_draw_shaded(each, places, values, scale) for each in (country, capital)]
    show_country(country, places)
    show_capital(capital, frame)
    mark_frame(country, frame)
    capital.set_title("the capital (box at left)", loc="left", fontsize=8.5, pad=4)
    name_towns(country, places, ~places.metropolitan, TOWNS)
    name_places(capital, places, places.metropolitan)
    return cells


def _draw_shaded(
    axes: "Axes", places: Places, values: NDArray[np.float64], scale: Shading
) -> "PolyCollection":
    """Draw and return the cells of a map in the colours of a scale."""
    cells = draw_cells(axes, places, values)
    cells.set_cmap(scale.colours())
    cells.set_norm(scale.norm())
    cells.set_edgecolor(scale.border)
    return cells


def _draw_foot(figure: "Figure", scale: Shading, borders: str) -> None:
    """Draw the colour scale, and write what the borders are."""
    height = figure.get_figheight()
    draw_colour_bar(figure, scale, (0.22, 0.47 / height, 0.56, 0.13 / height))
    write_note(figure, borders)


def held_share_table(result: Result) -> Table:
    """Return what `held_share_map` draws.

    Args:
        result: A result with finished runs.

    Returns:
        A row for each district: the share of runs in which gangs hold it on the first day and on
        the last, and n (runs).
    """
    shown = control(result)
    ends = {f"{shown.view} {shown.weeks[week]}": shown.values[week].tolist() for week in (0, -1)}
    return {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        **ends,
        "n": [shown.count] * shown.values.shape[1],
    }


def held_share_map(result: Result, world: Path | None = None) -> tuple["Figure", NDArray[Any]]:
    """Draw the share of runs in which gangs hold each district, on the first day and on the last.

    Args:
        result: A result with finished runs.
        world: Folder of the world that ran; None means the default world.

    Returns:
        The figure and its axes, shape (day, map): the country and the capital on both days.

    Raises:
        ResultError: The world is not that of the result, or has no cells.
    """
    places = check_cells(result, places_of(result, world))
    shown = control(result)
    scale = shading(shown, shown.values)
    with house_style():
        figure = new_figure(8.5)
        axes = figure.subplots(2, 2, width_ratios=_WIDTHS, squeeze=False)
        figure.subplots_adjust(
            left=0.01, right=0.985, top=0.885, bottom=0.095, wspace=0.03, hspace=0.09
        )
        for row, week in zip(axes, (0, -1), strict=True):
            draw_pair(row, places, shown.values[week], scale)
            day = format_date(shown.weeks[week])
            row[0].set_title(day, loc="left", fontsize=9, weight="bold", pad=4)
        draw_heading(figure, shown, "on the first and the last day")
        _draw_foot(figure, scale, places.borders)
        return figure, axes
