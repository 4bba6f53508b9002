"""The map of a world on its first day: whose influence is where, before anything has run."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from teritwa.engine.formatting import format_date
from teritwa.pictures.geography import Places, longitude_scale, places_in
from teritwa.pictures.map_axes import draw_cells, name_towns, show_country
from teritwa.pictures.shading import LEVEL_COLOURS, Shading, draw_colour_bar, write_note
from teritwa.pictures.style import WIDTH, house_style, new_figure, save, title_figure
from teritwa.pictures.tables import Table
from teritwa.world import load

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMES = 40
"""Names on the map at most."""

ENDING = "-map.png"
"""What the picture is called after the folder; it stands beside it, for all within is the world."""


def world_map(folder: Path) -> "Figure":
    """Draw the influence of gangs by district on the first day, and the roads and boats.

    A world without cells shows a dot a district.

    Args:
        folder: The folder of its tables.

    Raises:
        WorldError: If the world cannot be used.
    """
    places, world = places_in(folder), load(folder)
    influence = np.array([row.gang_influence for row in world.districts])
    scale = Shading(LEVEL_COLOURS, 0.0, 1.0)
    with house_style():
        height = _height(places)
        figure = new_figure(height)
        axes = figure.subplots()
        top, bottom = 1.0 - 0.6 / height, 0.85 / height
        figure.subplots_adjust(left=0.02, right=0.98, top=top, bottom=bottom)
        _draw_links(axes, folder, places)
        if places.cells:
            cells = draw_cells(axes, places, influence)
            cells.set_cmap(scale.colours())
            cells.set_norm(scale.norm())
        east, north = places.points.T
        axes.scatter(east, north, s=9, c=scale.rgba(influence), edgecolors="#444444",
                     linewidths=0.4, zorder=3)  # fmt: skip
        show_country(axes, places)
        name_towns(axes, places, np.ones(len(places.ids), bool), NAMES)
        what = "Influence of gangs by district, and the roads (grey) and boats (blue) between them"
        title_figure(figure, f"{world.name}, {format_date(world.start)}", what)
        draw_colour_bar(figure, scale, (0.3, 0.5 / height, 0.4, 0.13 / height))
        write_note(figure, places.borders)
        return figure


def _height(places: Places) -> float:
    """Return the height of a picture in which the country is as wide as the page, or as high."""
    rings = places.outline or [ring for cell in places.cells for ring in cell]
    points = np.concatenate([places.points, *map(np.asarray, rings)])
    across, up = np.ptp(points, axis=0) * [longitude_scale(points[:, 1]), 1.0]
    return float(np.clip(WIDTH * up / max(across, 1e-6), 2.0, 7.5)) + 1.45


def _draw_links(axes: "Axes", folder: Path, places: Places) -> None:
    """Draw a line for each link."""
    point = dict(zip(places.ids, places.points.tolist(), strict=True))
    for link in load(folder).links:
        ends = np.array([point[link.a], point[link.b]])
        colour = "#3a78b5" if link.kind == "sea" else "#777777"
        axes.plot(ends[:, 0], ends[:, 1], color=colour, linewidth=0.5, zorder=2)


def save_world_map(folder: Path) -> Path:
    """Draw the map of a world beside its folder, and return its file.

    Raises:
        WorldError: If the world cannot be used.
        OSError: If the file cannot be written.
    """
    named = folder if folder.name not in ("", "..") else folder.resolve()
    places, world = places_in(folder), load(folder)
    numbers: Table = {
        "district": places.ids,
        "name": places.names,
        "gang influence": [row.gang_influence for row in world.districts],
    }
    return save(world_map(folder), named.with_name(named.name + ENDING), numbers)
