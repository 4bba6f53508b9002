"""Maps of who holds which district: the country, and the capital enlarged."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import CHANCE, Control, control
from teritwa.ensemble.result import Result
from teritwa.pictures.geography import (
    NOTE,
    Places,
    capital_frame,
    draw_cells,
    mark_frame,
    name_places,
    name_towns,
    places_of,
    show_capital,
    show_country,
    with_cells,
)
from teritwa.pictures.shading import Shading, colour_bar, day_in_words, head, shading
from teritwa.pictures.style import Table, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure

TOWNS = 12
"""Districts outside the capital, the most populous, that the country's map names at most."""

_WIDTHS = (1.3, 1.0)
"""Of the country's map and of the capital's."""


def map_table(shown: Control, day: date | None = None) -> Table:
    """Return what `control_map` draws: a row a district, its value, for a change half its interval, and n."""
    week = shown.week(day)
    result = shown.result
    named = f"{shown.view} change" if shown.is_change else shown.view
    table: dict[str, list[Any]] = {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        f"{named} {shown.weeks[week]}": shown.values[week].tolist(),
    }
    if shown.half is not None:
        table["half of the 95 % interval"] = shown.half[week].tolist()
    return table | {"n": [shown.count] * len(table["district"])}


def control_map(shown: Control, day: date | None = None, world: Path | None = None) -> tuple["Figure", NDArray[Any]]:
    """Draw control by place at a date (None: the last day); axes: the country and the capital.

    ``world`` is the folder of the world that ran (None: Haiti). Raise ResultError if it is another one or has no
    cells, or if the date lies outside the result.
    """
    places = with_cells(shown.result, places_of(shown.result, world))
    week = shown.week(day)
    shade = shading(shown, shown.values[week])
    with house_style():
        figure = new_figure(4.95)
        axes = figure.subplots(1, 2, width_ratios=_WIDTHS)
        figure.subplots_adjust(left=0.01, right=0.985, top=0.80, bottom=0.15, wspace=0.03)
        draw_pair(axes, places, shown.values[week], shade)
        head(figure, shown, day_in_words(shown.weeks[week]))
        _foot(figure, shade)
        return figure, axes


def draw_pair(
    axes: NDArray[Any], places: Places, values: NDArray[np.float64], shade: Shading
) -> "list[PolyCollection]":
    """Draw values on the country's map and on the capital's, with names; return their cells."""
    country, capital = axes
    frame = capital_frame(places)
    cells = [_shaded(each, places, values, shade) for each in (country, capital)]
    show_country(country, places)
    show_capital(capital, frame)
    mark_frame(country, frame)
    capital.set_title("the capital (box at left)", loc="left", fontsize=8.5, pad=4)
    name_towns(country, places, ~places.metropolitan, TOWNS)
    name_places(capital, places, places.metropolitan)
    return cells


def _shaded(axes: "Axes", places: Places, values: NDArray[np.float64], shade: Shading) -> "PolyCollection":
    cells = draw_cells(axes, places, values)
    cells.set_cmap(shade.colours())
    cells.set_norm(shade.norm())
    cells.set_edgecolor(shade.edge)
    return cells


def _foot(figure: "Figure", shade: Shading) -> None:
    """Draw the scale and say what the borders are."""
    height = figure.get_figheight()
    colour_bar(figure, shade, (0.22, 0.47 / height, 0.56, 0.13 / height))
    figure.text(0.012, 0.06 / height, NOTE, fontsize=6.5, color="#555555")


def chance_table(result: Result) -> Table:
    """Return what `chance_map` draws: the share of runs in which gangs hold each district, first and last."""
    shown = control(result, CHANCE)
    return {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        **{f"chance {shown.weeks[week]}": shown.values[week].tolist() for week in (0, -1)},
        "n": [shown.count] * shown.values.shape[1],
    }


def chance_map(result: Result, world: Path | None = None) -> tuple["Figure", NDArray[Any]]:
    """Draw the chance that gangs hold each district; axes: first and last day by country and capital.

    ``world`` is the folder of the world that ran (None: Haiti). Raise ResultError as `control_map`.
    """
    places = with_cells(result, places_of(result, world))
    shown = control(result, CHANCE)
    shade = shading(shown, shown.values)
    with house_style():
        figure = new_figure(8.5)
        axes = figure.subplots(2, 2, width_ratios=_WIDTHS, squeeze=False)
        figure.subplots_adjust(left=0.01, right=0.985, top=0.885, bottom=0.095, wspace=0.03, hspace=0.09)
        for row, week in zip(axes, (0, -1), strict=True):
            draw_pair(row, places, shown.values[week], shade)
            row[0].set_title(day_in_words(shown.weeks[week]), loc="left", fontsize=9, weight="bold", pad=4)
        head(figure, shown, "on the first and the last day")
        _foot(figure, shade)
        return figure, axes
