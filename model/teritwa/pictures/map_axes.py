"""Axes of maps: cells and coast, what part of the country they show, and names of districts."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.geography import Frame, Places, longitude_scale, main_name
from teritwa.pictures.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

_SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))
"""Where a town's name may stand beside its dot, as (right, up), in the order tried."""


def draw_cells(axes: "Axes", places: Places, values: NDArray[np.float64]) -> "PolyCollection":
    """Draw the cells, cut off at the coast, and the coast over them.

    Args:
        axes: The map.
        places: The districts.
        values: What the colours of the cells stand for, shape (district,).

    Returns:
        The cells.
    """
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    shapes = [
        Outline.make_compound_path(*(Outline([*ring, ring[0]], closed=True) for ring in rings))
        for rings in places.cells
    ]
    filled = PolyCollection([], edgecolors="white", linewidths=0.25)
    filled.set_verts_and_codes(
        [shape.vertices for shape in shapes],
        [shape.codes for shape in shapes],  # type: ignore[misc]  # its stubs want one code each
    )
    filled.set_array(values)
    axes.add_collection(filled)
    if places.outline:
        rings = (Outline([*ring, ring[0]], closed=True) for ring in places.outline)
        coast = Outline.make_compound_path(*rings)
        filled.set_clip_path(coast, axes.transData)
        axes.add_patch(PathPatch(coast, facecolor="none", edgecolor=INK, linewidth=0.6))
    return filled


def show_country(axes: "Axes", places: Places) -> None:
    """Show the whole country or, without an outline, all cells."""
    axes.set_axis_off()
    axes.autoscale_view()
    if places.outline:
        points = np.concatenate([np.asarray(ring) for ring in places.outline])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        axes.set_xlim(west - 0.03, east + 0.03)
        axes.set_ylim(south - 0.03, north + 0.03)
    _set_true_shape(axes)


def _set_true_shape(axes: "Axes") -> None:
    """Give a degree of longitude its length at the latitude of a map."""
    axes.set_aspect(1 / longitude_scale(axes.get_ylim()), anchor="NW")


def show_capital(axes: "Axes", frame: Frame) -> None:
    """Show what lies within a frame, with a border around it."""
    west, south, east, north = frame
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    _set_true_shape(axes)
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)


def mark_frame(axes: "Axes", frame: Frame) -> None:
    """Show on the country's map where the capital's map lies."""
    from matplotlib.patches import Rectangle

    west, south, east, north = frame
    size = (east - west, north - south)
    axes.add_patch(Rectangle((west, south), *size, fill=False, edgecolor=INK, linewidth=0.8))


def name_places(axes: "Axes", places: Places, which: NDArray[np.bool_]) -> None:
    """Write names in the middle of districts, the most populous first, as far as there is room.

    Args:
        axes: The map.
        places: The districts.
        which: Which of them may be named, shape (district,).
    """
    axes.apply_aspect()  # so that it is known where names come to stand
    taken: list[Bbox] = []
    for i in _by_residents(places, which):
        text = _write_name(axes, places, i, (0, 0))
        box = text.get_window_extent().padded(1.5)
        if box.count_overlaps(taken) or not _is_within(axes, box):
            text.remove()
        else:
            taken.append(box)


def name_towns(axes: "Axes", places: Places, which: NDArray[np.bool_], most: int) -> None:
    """Write names beside dots, the most populous districts first, as far as there is room.

    No name covers another one, or the position of a district.

    Args:
        axes: The map.
        places: The districts.
        which: Which of them may be named, shape (district,).
        most: How many are named at most.
    """
    axes.apply_aspect()  # so that it is known where names come to stand
    spots = axes.transData.transform(places.points)
    taken: list[Bbox] = []
    for i in _by_residents(places, which):
        box = _write_beside(axes, places, i, (spots, taken)) if len(taken) < most else None
        if box is not None:
            taken.append(box.padded(2))
            axes.plot(
                *places.points[i], "o", color=INK, markersize=2, markeredgecolor="white",
                markeredgewidth=0.4,
            )  # fmt: skip


def _write_beside(
    axes: "Axes", places: Places, i: int, covered: tuple[NDArray[np.float64], list["Bbox"]]
) -> "Bbox | None":
    """Write a district's name on the first free side of it; return its box, or None."""
    spots, taken = covered
    for side in _SIDES:
        text = _write_name(axes, places, i, side)
        box = text.get_window_extent()
        covers = any(box.contains(*spot) for spot in spots) or box.count_overlaps(taken) > 0
        if not covers and _is_within(axes, box):
            return box
        text.remove()
    return None


def _by_residents(places: Places, which: NDArray[np.bool_]) -> list[int]:
    """Return the rows of some districts, the most populous first."""
    return sorted(np.flatnonzero(which).tolist(), key=lambda i: (-places.residents[i], i))


def _write_name(axes: "Axes", places: Places, i: int, side: tuple[int, int]) -> "Annotation":
    """Write a district's name on its position, or to one side of it: (right, up)."""
    from matplotlib.patheffects import withStroke

    x, y = places.points[i].tolist()
    return axes.annotate(
        main_name(places.names[i]),
        (x, y),
        (3 * side[0], 2 * side[1]),
        textcoords="offset points",
        fontsize=6.5,
        ha=("center", "left", "right")[side[0]],
        va=("center", "bottom", "top")[side[1]],
        path_effects=[withStroke(linewidth=1.6, foreground="white")],
    )


def _is_within(axes: "Axes", box: "Bbox") -> bool:
    """Return whether a box lies within the axes."""
    return bool(axes.bbox.fully_contains(*box.min) and axes.bbox.fully_contains(*box.max))
