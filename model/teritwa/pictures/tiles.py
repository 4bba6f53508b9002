"""Tiles: each district is one square, placed as on the map, so that small ones are legible."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control
from teritwa.engine.formatting import format_date
from teritwa.pictures.geography import Places, places_of
from teritwa.pictures.maps import map_table
from teritwa.pictures.shading import (
    HEADING_HEIGHT,
    Shading,
    draw_colour_bar,
    draw_heading,
    shading,
    write_note,
)
from teritwa.pictures.style import INK, SMALL_PRINT, WIDTH, house_style, new_figure
from teritwa.pictures.tables import Table
from teritwa.pictures.tile_names import tile_names
from teritwa.pictures.tiling import PLACEHOLDER, Grid, tile_places

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 6
"""Dates drawn beside each other if none are named."""

GAP = 0.06
"""Between tiles, as a share of a tile."""

LARGEST = 0.6
"""Side of a tile at most, inches: few districts need no more."""

MARGIN = 0.15
"""Around all tiles, as a share of a tile."""

_FOOT = 0.72
"""Inches below the tiles, for the colour scale and a note."""

_NOTE = "Each district is one square, near its place on the map; gaps mean nothing."
_CHANGE_NOTE = " Framed: the change is beyond its 95 % interval around zero."


def tile_table(shown: Control, day: date | None = None, world: Path | None = None) -> Table:
    """Return what `tile_map` draws.

    Args:
        shown: One view of control.
        day: A day within the result; None means the last.
        world: Folder of the world that ran; None means the default world.

    Returns:
        The column and the row of each tile from the north-west, then `maps.map_table`.

    Raises:
        ResultError: The world is not that of the result, or the day lies outside the result.
    """
    squares, _ = tile_places(places_of(shown.result, world))
    columns, rows = squares.T.tolist()
    return {"column": columns, "row": rows, **map_table(shown, day)}


def tile_map(
    shown: Control, day: date | None = None, world: Path | None = None
) -> tuple["Figure", "Axes"]:
    """Draw control on a day as tiles with the names of the districts.

    Args:
        shown: One view of control.
        day: A day within the result; None means the last.
        world: Folder of the world that ran; None means the default world. It needs no cells.

    Raises:
        ResultError: The world is not that of the result, or the day lies outside the result.
    """
    places = places_of(shown.result, world)
    squares, placeholder = tile_places(places)
    week = shown.week(day)
    scale = shading(shown, shown.values[week])
    with house_style():
        figure, axes, side = _new_tile_axes(squares)
        draw_tiles(axes, squares, (shown, week), scale)
        mark_capital(axes, squares[places.metropolitan], placeholder)
        _point_to_capital(axes, squares[places.metropolitan], placeholder)
        colours = scale.text_colours(shown.values[week])
        _write_names(axes, places, squares, (side, colours))
        draw_heading(figure, shown, format_date(shown.weeks[week]))
        _draw_foot(figure, shown, scale)
        return figure, axes


def _new_tile_axes(squares: Grid) -> tuple["Figure", "Axes", float]:
    """Return a figure with axes for some tiles, and the side of a tile in inches."""
    width, height = squares.max(axis=0) + 1 + 2 * MARGIN
    side = min((WIDTH - 0.1) / width, LARGEST)
    figure = new_figure(HEADING_HEIGHT + 0.13 + height * side + _FOOT)
    whole = figure.get_figheight()
    left = (1 - width * side / WIDTH) / 2
    axes = figure.add_axes((left, _FOOT / whole, width * side / WIDTH, height * side / whole))
    return figure, axes, side


def _write_names(
    axes: "Axes", places: Places, squares: Grid, style: tuple[float, Sequence[str]]
) -> None:
    """Write each district's name on its tile; ``style`` is a tile's side in inches, and colours."""
    side, colours = style
    names = tile_names(tuple(places.names), 72 * side * (1 - GAP) - 0.6)
    for name, (x, y), colour in zip(names, squares, colours, strict=True):
        axes.text(
            x + 0.5,
            y + 0.5,
            name,
            fontsize=SMALL_PRINT,
            color=colour,
            ha="center",
            va="center",
            linespacing=1.0,
        )


def _draw_foot(figure: "Figure", shown: Control, scale: Shading) -> None:
    """Draw the colour scale, and write what tiles are."""
    height = figure.get_figheight()
    draw_colour_bar(figure, scale, (0.22, 0.44 / height, 0.56, 0.13 / height))
    write_note(figure, _NOTE + (_CHANGE_NOTE if shown.is_change else ""))


def draw_tiles(axes: "Axes", squares: Grid, drawn: tuple[Control, int], scale: Shading) -> None:
    """Draw the tiles in the colours of their values; a clear change has a frame.

    Args:
        axes: The axes; they count tiles from the north-west.
        squares: Column and row of each district's tile, shape (district, 2).
        drawn: One view of control, and the row of a week in it.
        scale: The colours of the values.
    """
    from matplotlib.collections import PolyCollection

    shown, week = drawn
    filled = PolyCollection(_outlines(squares), cmap=scale.colours(), norm=scale.norm())
    framed = shown.is_change & shown.is_clear(week)
    filled.set_edgecolor(np.where(framed, INK, scale.border).tolist())
    filled.set_linewidth(np.where(framed, 0.9, 0.4).tolist())
    filled.set_array(shown.values[week])
    axes.add_collection(filled)
    width, height = squares.max(axis=0) + 1
    axes.set_xlim(-MARGIN, width + MARGIN)
    axes.set_ylim(height + MARGIN, -MARGIN)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _outlines(squares: Grid) -> list[NDArray[np.float64]]:
    """Return the corners of each tile, shape (4, 2), with gaps between tiles."""
    near, far = GAP / 2, 1 - GAP / 2
    return list(
        squares[:, None, :] + np.array([(near, near), (far, near), (far, far), (near, far)])
    )


def mark_capital(axes: "Axes", block: Grid, placeholder: Grid) -> None:
    """Frame and name the capital's block, and frame the squares that stand for it.

    Args:
        axes: The axes of the tiles.
        block: Tiles of the capital's districts, shape (tile, 2).
        placeholder: Squares within the country, shape (square, 2); either may be empty.
    """
    from matplotlib.patches import Rectangle

    for squares, distance in ((block, 0.06), (placeholder, -0.04)):
        if len(squares):
            corner = squares.min(axis=0) - distance
            width, height = np.ptp(squares, axis=0) + 1 + 2 * distance
            box = Rectangle(tuple(corner), width, height, fill=False, edgecolor=INK)
            box.set_linewidth(0.8)
            axes.add_patch(box)
    if len(block):
        left, top = block.min(axis=0)
        axes.text(left - 0.05, top - 0.2, "the capital", fontsize=7.5, va="bottom")


def _point_to_capital(axes: "Axes", block: Grid, placeholder: Grid) -> None:
    """Write in the squares that stand for the capital where its block is."""
    if len(placeholder):
        x, y = placeholder.min(axis=0) + PLACEHOLDER / 2
        side = "left" if block[:, 0].max() < placeholder[:, 0].min() else "right"
        text = f"the capital:\nsee the block\nat the {side}"
        axes.text(x, y, text, fontsize=SMALL_PRINT, ha="center", va="center")


def even_weeks(shown: Control, days: Sequence[date] | None = None) -> list[int]:
    """Return the rows of the weeks of some days.

    Args:
        shown: One view of control.
        days: Days within the result; None means `PANELS` evenly spaced weeks, the first and the
            last among them.
    """
    if days is not None:
        return [shown.week(day) for day in days]
    return sorted(set(np.linspace(0, len(shown.weeks) - 1, PANELS).round().astype(int).tolist()))


def small_multiples_table(shown: Control, days: Sequence[date] | None = None) -> Table:
    """Return what `small_multiples` draws.

    Args:
        shown: One view of control.
        days: As in `even_weeks`.

    Returns:
        A row for each district, with a column for each date and n (runs).
    """
    result = shown.result
    weeks = even_weeks(shown, days)
    return {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        **{str(shown.weeks[week]): shown.values[week].tolist() for week in weeks},
        "n": [shown.count] * shown.values.shape[1],
    }


def small_multiples(
    shown: Control, days: Sequence[date] | None = None, world: Path | None = None
) -> tuple["Figure", NDArray[Any]]:
    """Draw control on several days as tiles in the colours of one scale.

    Args:
        shown: One view of control.
        days: As in `even_weeks`.
        world: Folder of the world that ran; None means the default world. It needs no cells.

    Returns:
        The figure, and the axes of each day.

    Raises:
        ResultError: The world is not that of the result, or a day lies outside the result.
    """
    places = places_of(shown.result, world)
    squares, placeholder = tile_places(places)
    weeks = even_weeks(shown, days)
    scale = shading(shown, shown.values[weeks])
    with house_style():
        figure, panels = _new_panels(len(weeks), squares)
        for axes, week in zip(panels, weeks, strict=True):
            draw_tiles(axes, squares, (shown, week), scale)
            mark_capital(axes, squares[places.metropolitan], placeholder)
            day = format_date(shown.weeks[week])
            axes.set_title(day, loc="left", fontsize=8.5, weight="bold", pad=5)
        draw_heading(figure, shown, f"on {len(weeks)} days")
        _draw_foot(figure, shown, scale)
        return figure, panels


def _new_panels(count: int, squares: Grid) -> tuple["Figure", NDArray[Any]]:
    """Return a figure with axes for the tiles of ``count`` days."""
    columns = min(count, 2 if count in (2, 4) else 3)
    rows = ceil(count / columns)
    width, height = squares.max(axis=0) + 1
    panel = 0.95 * WIDTH / columns * height / width + 0.30
    figure = new_figure(HEADING_HEIGHT + 0.03 + rows * panel + 0.7)
    whole = figure.get_figheight()
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    figure.subplots_adjust(
        left=0.012, right=0.988, top=1 - 0.98 / whole, bottom=_FOOT / whole, wspace=0.06
    )
    for axes in panels[count:]:
        axes.set_axis_off()
    return figure, panels[:count]
