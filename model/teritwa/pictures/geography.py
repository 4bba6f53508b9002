"""What the places of a result are, where they lie and what they are called: for maps, tiles and rasters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result, ResultError
from teritwa.pictures.style import INK
from teritwa.world import HAITI, load
from teritwa.world.cells import Ring, read_cells, read_outline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

Frame = tuple[float, float, float, float]
"""West, south, east, north of a map, degrees."""

NOTE = (
    "Cells are computed from one point a district and the coast (Natural Earth); no surveyed borders. "
    "Positions of neighbourhoods are approximate."
)
"""What a reader of a map must know about its borders."""


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """The districts of a result in its order, and the coast.

    ``points`` is (district, 2): degrees east and north. ``cells`` has a polygon a district, or nothing if the world
    has none; ``outline`` the rings of the coast and border, or nothing.
    """

    ids: list[str]
    names: list[str]
    groups: list[str]
    """The department of each, or what the world calls it."""
    points: NDArray[np.float64]
    residents: NDArray[np.int64]
    metropolitan: NDArray[np.bool_]
    cells: list[Ring]
    outline: list[Ring]


def world_of(result: Result) -> Path | None:
    """Return the folder of the world that ran, as the stored scenario names it (None: Haiti)."""
    import yaml

    path = result.path / "resolved.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = written.get("world") if isinstance(written, dict) else None
    return None if named is None else (result.path / str(named)).resolve()


def places_of(result: Result, world: Path | None = None) -> Places:
    """Read the places of the world that ran (None: Haiti); raise ResultError if it is not the one of the result."""
    folder = world or HAITI
    if not folder.is_dir():
        raise ResultError([f"{result.path}: its places are not known, for its world in {folder} is not there"])
    rows = load(world).districts
    if [row.id for row in rows] != result.labels("district"):
        raise ResultError([f"{result.path}: its places are not known, for the world in {folder} has other districts"])
    cells = read_cells(folder)
    return Places(
        [row.id for row in rows],
        [row.name for row in rows],
        [row.department for row in rows],
        np.array([(row.longitude, row.latitude) for row in rows], np.float64),
        np.array([row.residents_2015 for row in rows]),
        result.metropolitan(),
        [cells[row.id] for row in rows] if all(row.id in cells for row in rows) else [],
        read_outline(folder),
    )


def with_cells(result: Result, places: Places) -> Places:
    """Return places that can be drawn as a map; raise ResultError if their world has no cells."""
    if not places.cells:
        raise ResultError([f"{result.path}: no map, for its world has no cells.csv with a cell for each district"])
    return places


def draw_cells(axes: "Axes", places: Places, values: NDArray[np.float64]) -> "PolyCollection":
    """Fill each cell with its value, cut off at the coast, and draw the coast over it; return the cells."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    shapes = [np.asarray(cell) for cell in places.cells]
    filled = PolyCollection(shapes, edgecolors="white", linewidths=0.25)
    filled.set_array(values)
    axes.add_collection(filled)
    if places.outline:
        rings = (Outline([*ring, ring[0]], closed=True) for ring in places.outline)
        coast = Outline.make_compound_path(*rings)
        filled.set_clip_path(coast, axes.transData)
        axes.add_patch(PathPatch(coast, facecolor="none", edgecolor=INK, linewidth=0.6))
    return filled


def show_country(axes: "Axes", places: Places) -> None:
    """Show the whole country; without an outline, all cells."""
    axes.set_axis_off()
    axes.autoscale_view()
    if places.outline:
        points = np.concatenate([np.asarray(ring) for ring in places.outline])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        axes.set_xlim(west - 0.03, east + 0.03)
        axes.set_ylim(south - 0.03, north + 0.03)
    _true_shape(axes)


def _true_shape(axes: "Axes") -> None:
    """Give a degree of longitude its length at this latitude."""
    axes.set_aspect(1 / shrink(axes.get_ylim()), anchor="NW")


def shrink(latitudes: Sequence[float] | NDArray[np.float64]) -> float:
    """Return how much shorter a degree of longitude is than one of latitude, midway between latitudes."""
    return float(np.cos(np.radians((np.min(latitudes) + np.max(latitudes)) / 2)))


def capital_frame(places: Places) -> Frame:
    """Return the frame of the capital: where nine tenths of its districts lie, and a margin."""
    low, high = np.quantile(places.points[places.metropolitan], [0.05, 0.95], axis=0)
    (west, south), (east, north) = low - 0.15 * (high - low), high + 0.15 * (high - low)
    return float(west), float(south), float(east), float(north)


def show_capital(axes: "Axes", frame: Frame) -> None:
    """Show what lies within a frame, with a border around it."""
    west, south, east, north = frame
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    _true_shape(axes)
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)


def mark_frame(axes: "Axes", frame: Frame) -> None:
    """Show on the country's map where the capital's map lies."""
    from matplotlib.patches import Rectangle

    west, south, east, north = frame
    axes.add_patch(Rectangle((west, south), east - west, north - south, fill=False, edgecolor=INK, linewidth=0.8))


def name_places(axes: "Axes", places: Places, which: NDArray[np.bool_]) -> None:
    """Name districts in their midst, the largest first, as far as names find room."""
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    taken: list[Bbox] = []
    for i in _largest(places, which):
        text = _name(axes, places, i, (0, 0))
        box = text.get_window_extent().padded(1.5)
        if box.count_overlaps(taken) or not _within(axes, box):
            text.remove()
        else:
            taken.append(box)


def name_towns(axes: "Axes", places: Places, which: NDArray[np.bool_], most: int) -> None:
    """Name so many districts, the largest first, beside a dot, where a name covers no other district's position."""
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    spots = axes.transData.transform(places.points)
    taken: list[Bbox] = []
    for i in _largest(places, which):
        for side in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            text = _name(axes, places, i, side)
            box = text.get_window_extent()
            covers = any(box.contains(*spot) for spot in spots)
            if len(taken) < most and not (covers or box.count_overlaps(taken)) and _within(axes, box):
                taken.append(box.padded(2))
                axes.plot(*places.points[i], "o", color=INK, markersize=2, markeredgecolor="white", markeredgewidth=0.4)
                break
            text.remove()


def _largest(places: Places, which: NDArray[np.bool_]) -> list[int]:
    return sorted(np.flatnonzero(which).tolist(), key=lambda i: (-places.residents[i], i))


def _name(axes: "Axes", places: Places, i: int, side: tuple[int, int]) -> "Annotation":
    """Write a district's name on its position, or to one side of it: (right, up)."""
    from matplotlib.patheffects import withStroke

    x, y = places.points[i].tolist()
    return axes.annotate(
        first_name(places.names[i]),
        (x, y),
        (3 * side[0], 2 * side[1]),
        textcoords="offset points",
        fontsize=6.5,
        ha=("center", "left", "right")[side[0]],
        va=("center", "bottom", "top")[side[1]],
        path_effects=[withStroke(linewidth=1.6, foreground="white")],
    )


def _within(axes: "Axes", box: "Bbox") -> bool:
    return bool(axes.bbox.fully_contains(*box.min) and axes.bbox.fully_contains(*box.max))


def first_name(name: str) -> str:
    """Return the first of a district's several names."""
    return name.partition(" / ")[0].partition(" (")[0]


def ordered(places: Places) -> list[tuple[str, list[int]]]:
    """Return the groups of districts as a reader goes through them, each with its districts in order.

    The capital comes first, then departments from north to south (by the mean of their districts). Within a group,
    districts go from west to east if it is wider than high, else from north to south.
    """
    groups: dict[str, list[int]] = {}
    for i in range(len(places.ids)):
        groups.setdefault("" if places.metropolitan[i] else places.groups[i], []).append(i)
    scale = np.array([shrink(places.points[:, 1]), 1.0])

    def within(group: list[int]) -> list[int]:
        points = places.points[group] * scale
        along = points[:, 0] if np.ptp(points[:, 0]) >= np.ptp(points[:, 1]) else -points[:, 1]
        return [group[k] for k in np.argsort(along, kind="stable")]

    def northward(name: str) -> tuple[bool, float, str]:
        return name != "", -float(places.points[groups[name], 1].mean()), name

    parted = {places.groups[i] for i in groups.get("", [])}
    words = {name: f"{name}, outside the capital" if name in parted else name or CAPITAL for name in groups}
    return [(words[name], within(groups[name])) for name in sorted(groups, key=northward)]


CAPITAL = "The capital"
"""What the metropolitan districts are called together."""
