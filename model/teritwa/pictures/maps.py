"""Maps of the chance that gangs hold each district: the country, and the capital enlarged."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.style import INK, Table, house_style, new_figure
from teritwa.results import Result, ResultError
from teritwa.world import HAITI, HELD, load
from teritwa.world.cells import Ring, read_cells, read_outline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCALE = "cividis_r"
"""Light where the state holds, dark where gangs do; even in lightness, and legible without colour."""

_NOTE = (
    "Cells are computed from one point a district and the coast (Natural Earth); no surveyed borders. "
    "Positions of neighbourhoods are approximate."
)


def chance_table(result: Result) -> Table:
    """Return what `chance_map` draws: the share of runs in which gangs hold each district, first and last."""
    held = result.runs("gang_control")[:, [0, -1]] >= HELD
    first, last = held.mean(axis=0)
    return {
        "district": result.labels("district"),
        "name": result.labels("district_name"),
        f"chance {result.weeks[0]}": first.tolist(),
        f"chance {result.weeks[-1]}": last.tolist(),
        "n": [result.count] * held.shape[2],
    }


def chance_map(result: Result, world: Path | None = None) -> tuple["Figure", NDArray[Any]]:
    """Draw the chance that gangs hold each district; axes: first and last day by country and capital.

    ``world`` is the folder of the world that ran (None: Haiti). Raise ResultError if its cells are not
    those of the result's districts.
    """
    places = _geography(result, world)
    table = chance_table(result)
    columns = [name for name in table if name.startswith("chance ")]
    with house_style():
        figure = new_figure(8.2)
        axes = figure.subplots(2, 2, width_ratios=[1.3, 1.0], squeeze=False)
        figure.subplots_adjust(left=0.01, right=0.985, top=0.89, bottom=0.1, wspace=0.03, hspace=0.09)
        frame = _capital_frame(result, places)
        for (country, capital), name in zip(axes, columns, strict=True):
            chances = np.asarray(table[name], np.float64)
            _draw_cells(country, places, chances)
            _draw_cells(capital, places, chances)
            country.set_title(f"{name.removeprefix('chance ')}: the country", loc="left", fontsize=9)
            capital.set_title("the capital (box at left)", loc="left", fontsize=9)
            _show_country(country, places.outline)
            _show_capital(capital, frame)
            _mark(country, frame)
            _name_districts(capital, places, result.metropolitan())
        figure.text(0.01, 0.985, f"Chance that gangs hold a district: {result.title}", weight="bold", va="top")
        reading = f"share of {result.count} runs in which gangs have an influence of at least one half"
        figure.text(0.01, 0.957, reading, fontsize=8, color="#555555", va="top")
        _colour_bar(figure)
        figure.text(0.01, 0.008, _NOTE, fontsize=6.5, color="#555555")
        return figure, axes


@dataclass(frozen=True, slots=True)
class _Places:
    """Where to draw: cells and positions in the order of the result's districts, and the coast."""

    cells: list[Ring]
    points: NDArray[np.float64]
    names: list[str]
    residents: list[int]
    outline: list[Ring]


def _geography(result: Result, world: Path | None) -> _Places:
    """Read the world that ran; raise ResultError if it is not the one of the result, or has no cells."""
    folder = world or HAITI
    cells = read_cells(folder)
    absent = [name for name in result.labels("district") if name not in cells]
    if absent:
        raise ResultError([f"{result.path}: no map, for the world in {folder} has no cell for {absent[0]}"])
    place = load(world)
    if [row.id for row in place.districts] != result.labels("district"):
        raise ResultError([f"{result.path}: no map, for the world in {folder} has other districts"])
    return _Places(
        [cells[row.id] for row in place.districts],
        np.array([(row.longitude, row.latitude) for row in place.districts]),
        [row.name for row in place.districts],
        [row.residents_2015 for row in place.districts],
        read_outline(folder),
    )


def _draw_cells(axes: "Axes", places: _Places, chances: NDArray[np.float64]) -> None:
    """Fill each cell with its chance, cut off at the coast, and draw the coast over it."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    shapes = [np.asarray(cell) for cell in places.cells]
    filled = PolyCollection(shapes, cmap=SCALE, edgecolors="white", linewidths=0.25)
    filled.set_array(chances)
    filled.set_clim(0, 1)
    axes.add_collection(filled)
    if places.outline:
        rings = (Outline([*ring, ring[0]], closed=True) for ring in places.outline)
        coast = Outline.make_compound_path(*rings)
        filled.set_clip_path(coast, axes.transData)
        axes.add_patch(PathPatch(coast, facecolor="none", edgecolor=INK, linewidth=0.6))


def _show_country(axes: "Axes", outline: list[Ring]) -> None:
    """Show the whole country; without an outline, all cells."""
    axes.set_axis_off()
    axes.autoscale_view()
    if outline:
        points = np.concatenate([np.asarray(ring) for ring in outline])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        axes.set_xlim(west - 0.03, east + 0.03)
        axes.set_ylim(south - 0.03, north + 0.03)
    _true_shape(axes)


def _true_shape(axes: "Axes") -> None:
    """Give a degree of longitude its length at this latitude."""
    south, north = axes.get_ylim()
    axes.set_aspect(1 / np.cos(np.radians((south + north) / 2)), anchor="NW")


def _capital_frame(result: Result, places: _Places) -> tuple[float, float, float, float]:
    """West, south, east, north of the capital: where nine tenths of its districts lie, and a margin."""
    low, high = np.quantile(places.points[result.metropolitan()], [0.05, 0.95], axis=0)
    (west, south), (east, north) = low - 0.15 * (high - low), high + 0.15 * (high - low)
    return float(west), float(south), float(east), float(north)


def _show_capital(axes: "Axes", frame: tuple[float, float, float, float]) -> None:
    west, south, east, north = frame
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    _true_shape(axes)
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)


def _mark(axes: "Axes", frame: tuple[float, float, float, float]) -> None:
    """Show on the country's map where the capital's map lies."""
    from matplotlib.patches import Rectangle

    west, south, east, north = frame
    axes.add_patch(Rectangle((west, south), east - west, north - south, fill=False, edgecolor=INK, linewidth=0.8))


def _name_districts(axes: "Axes", places: _Places, inside: NDArray[np.bool_]) -> None:
    """Name the capital's districts, the largest first, as far as names find room."""
    from matplotlib.patheffects import withStroke
    from matplotlib.transforms import Bbox

    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    taken: list[Bbox] = []
    halo = [withStroke(linewidth=1.6, foreground="white")]
    for i in sorted(np.flatnonzero(inside), key=lambda i: (-places.residents[i], i)):
        where = places.points[i]
        name = axes.text(
            float(where[0]),
            float(where[1]),
            _head(places.names[i]),
            fontsize=6.5,
            ha="center",
            va="center",
            path_effects=halo,
        )
        box = name.get_window_extent().padded(1.5)
        if box.count_overlaps(taken) or not (axes.bbox.fully_contains(*box.min) and axes.bbox.fully_contains(*box.max)):
            name.remove()
        else:
            taken.append(box)


def _head(name: str) -> str:
    """The first of a district's several names."""
    return name.partition(" / ")[0].partition(" (")[0]


def _colour_bar(figure: "Figure") -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.ticker import PercentFormatter

    place = figure.add_axes((0.22, 0.06, 0.56, 0.018))
    bar = figure.colorbar(ScalarMappable(Normalize(0, 1), SCALE), cax=place, orientation="horizontal")
    bar.ax.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    bar.outline.set_visible(False)
