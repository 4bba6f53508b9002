"""The raster of territory: every district by every week, in the order of geography; a whole ensemble at a glance."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control
from teritwa.pictures.events import draw_events
from teritwa.pictures.geography import Places, first_name, ordered, places_of
from teritwa.pictures.shading import HEAD, Shading, colour_bar, head, shading
from teritwa.pictures.style import WIDTH, Table, house_style, months, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = 6.5
"""Size of the names of districts, points."""

ROW = 0.1
"""Height of a district's row, inches: what its name needs."""

HEAD_OF_GROUP = 1.6
"""Rows that the name of a group takes."""

ONE_COLUMN = 70
"""Districts up to which the raster is one column; more make two side by side."""

_LABELS, _STRIP, _FOOT = 1.52, 0.62, 0.92
"""Inches for the names of districts, for events above each column, and for dates and scale below."""

_NOTE = "Ticks above the weeks: dated events; those without a name found no room. Question mark: chance decides on it."

Groups = list[tuple[str, list[int]]]


def territory_table(shown: Control, world: Path | None = None) -> Table:
    """Return what `territory` draws: a row a district in the order drawn, a column a week, and n."""
    places = places_of(shown.result, world)
    groups = ordered(places)
    order = [i for _, group in groups for i in group]
    weeks = {str(day): shown.values[week, order].tolist() for week, day in enumerate(shown.weeks)}
    return {
        "group": [name for name, group in groups for _ in group],
        "district": [places.ids[i] for i in order],
        "name": [places.names[i] for i in order],
        **weeks,
        "n": [shown.count] * len(order),
    }


def territory(shown: Control, world: Path | None = None) -> tuple["Figure", NDArray[Any]]:
    """Draw control by district and week, the capital first, then by department; an axes a column of districts.

    ``world`` is the folder of the world that ran (None: Haiti).
    """
    places = places_of(shown.result, world)
    columns = _columns(ordered(places))
    shade = shading(shown, shown.values)
    with house_style():
        deep = max(_rows(groups) for groups in columns) * ROW
        figure = new_figure(HEAD + _STRIP + deep + _FOOT)
        head(figure, shown, "week by week")
        drawn = [
            _column(figure, (shown, places, shade), groups, (k / len(columns), 1 / len(columns)))
            for k, groups in enumerate(columns)
        ]
        height = figure.get_figheight()
        colour_bar(figure, shade, (0.22, 0.43 / height, 0.56, 0.12 / height))
        figure.text(0.012, 0.06 / height, _NOTE, fontsize=LETTERS, color="#555555")
        return figure, np.array(drawn, dtype=object)


def _columns(groups: Groups) -> list[Groups]:
    """Part groups into two columns as even as can be, if there are many districts."""
    if sum(len(group) for _, group in groups) <= ONE_COLUMN or len(groups) < 2:
        return [groups]
    at = min(range(1, len(groups)), key=lambda k: abs(_rows(groups[:k]) - _rows(groups[k:])))
    return [groups[:at], groups[at:]]


def _rows(groups: Groups) -> float:
    """Return the height of groups in rows, with their names."""
    return sum(len(group) + HEAD_OF_GROUP for _, group in groups)


def _column(
    figure: "Figure", drawn: tuple[Control, Places, Shading], groups: Groups, across: tuple[float, float]
) -> "Axes":
    """Draw one column of districts with the events above it; ``across`` is its left edge and width."""
    shown = drawn[0]
    height, deep = figure.get_figheight(), _rows(groups) * ROW
    left, wide = across[0] + _LABELS / WIDTH, across[1] - (_LABELS + 0.2) / WIDTH
    top = 1 - (HEAD + _STRIP) / height
    axes = figure.add_axes((left, top - deep / height, wide, deep / height))
    strip = figure.add_axes((left, top, wide, _STRIP / height), sharex=axes)
    edges = np.append(shown.weeks, shown.weeks[-1] + np.timedelta64(7, "D"))
    months(axes, np.arange(edges[0], edges[-1] + 1), most=9 if across[1] == 1 else 5)
    axes.set_ylim(_rows(groups), 0)
    draw_events(figure, strip, axes, shown.result)
    _draw_groups(axes, edges, drawn, groups)
    axes.tick_params(labelsize=7)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return axes


def _draw_groups(
    axes: "Axes", edges: NDArray[np.datetime64], drawn: tuple[Control, Places, Shading], groups: Groups
) -> None:
    """Draw the rows of each group below its name."""
    shown, places, shade = drawn
    down, ticks, names = 0.0, list[float](), list[str]()
    for name, group in groups:
        axes.text(0, down + 0.62 * HEAD_OF_GROUP, name, transform=axes.get_yaxis_transform(), fontsize=7.5,
                  weight="bold", va="center")  # fmt: skip
        down += HEAD_OF_GROUP
        rows = down + np.arange(len(group) + 1)
        axes.pcolormesh(
            edges, rows, shown.values[:, group].T, cmap=shade.colours(), norm=shade.norm(), zorder=0.8, rasterized=True
        )
        ticks += (rows[:-1] + 0.5).tolist()
        names += [first_name(places.names[i]) for i in group]
        down += len(group)
    axes.set_yticks(ticks, names, fontsize=LETTERS)
    axes.tick_params(axis="y", length=0, pad=2)
