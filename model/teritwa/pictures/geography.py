"""The districts of a result: where they lie, what they are called, and in which order they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result, ResultError
from teritwa.world import DEFAULT_WORLD, WorldError, load
from teritwa.world.cells import Ring, read_cells, read_outline

Frame = tuple[float, float, float, float]
"""West, south, east and north of a map, degrees."""

COMPUTED = (
    "Cells are computed from one point a district and the coast; no surveyed borders. "
    "Positions are approximate."
)
"""What a reader of a map must know about borders that the world does not have."""

CAPITAL = "The capital"
"""What the metropolitan districts are called together."""


FEW, LEAST_HALF_SIDE = 3, 0.04
"""Districts of a capital of which the points show no frame, and degrees that are shown around."""


class UnknownPlacesError(ResultError):
    """The world that ran is not there any more, or has other districts."""


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """The districts of a result, in its order, and the coast.

    ``groups`` has the department of each district, or what its world calls it. ``points`` has the
    shape (district, 2): degrees east and north. ``cells`` has the rings of each district, or
    nothing if the world has none; ``outline`` has the rings of coast and border, or nothing.
    ``borders`` says what a reader of a map must know about the cells.
    """

    ids: list[str]
    names: list[str]
    groups: list[str]
    points: NDArray[np.float64]
    residents: NDArray[np.int64]
    metropolitan: NDArray[np.bool_]
    cells: list[list[Ring]]
    outline: list[Ring]
    borders: str


def places_of(result: Result, world: Path | None = None) -> Places:
    """Read the districts of the world that ran.

    Args:
        result: A result.
        world: Folder of the world that ran; None means the default world.

    Raises:
        UnknownPlacesError: The folder is not there, or its world has other districts than the
            result.
        ResultError: The tables of the world have mistakes; it lists every one.
    """
    folder = world or DEFAULT_WORLD
    if not folder.is_dir():
        cause = f"there is no folder {folder}"
        raise _unknown(result, f"{cause}; a result that was moved needs its world's tables there")
    try:
        if _column(load(world).districts, "id") != result.labels("district"):
            raise _unknown(result, f"the world in {folder} has other districts")
        metropolitan = tuple(result.metropolitan().tolist())
        return _read_places(world, metropolitan) if world else _places_of_default(metropolitan)
    except WorldError as error:
        raise ResultError(error.problems) from None


@lru_cache(maxsize=2)
def _places_of_default(metropolitan: tuple[bool, ...]) -> Places:
    """Return the places of the default world, which do not change: each picture asks for them."""
    return _read_places(None, metropolitan)


def places_in(folder: Path) -> Places:
    """Return the places of a world that need not have run; raise WorldError for its mistakes."""
    return _read_places(folder, tuple(row.metropolitan for row in load(folder).districts))


def _read_places(world: Path | None, metropolitan: tuple[bool, ...]) -> Places:
    """Return the places of a world, with what a result says of them; may raise WorldError."""
    folder, rows = world or DEFAULT_WORLD, load(world).districts
    ids, borders = _column(rows, "id"), load(world).borders
    return Places(
        ids,
        _column(rows, "name"),
        _column(rows, "department"),
        np.array([_column(rows, "longitude"), _column(rows, "latitude")], np.float64).T,
        np.array(_column(rows, "residents_2015")),
        np.array(metropolitan, bool),
        list(read_cells(folder, ids).values()),
        read_outline(folder),
        f"Borders: {borders}." if borders else COMPUTED,
    )


def _column(rows: Sequence[object], name: str) -> list[Any]:
    """Return one column of a world's table."""
    return [getattr(row, name) for row in rows]


def _unknown(result: Result, cause: str) -> UnknownPlacesError:
    """Return the error that the districts of a result are not known."""
    return UnknownPlacesError([f"{result.path}: its places are not known, for {cause}"])


def check_cells(result: Result, places: Places) -> Places:
    """Return places that can be drawn as a map.

    Raises:
        ResultError: Their world has no cells.
    """
    if not places.cells:
        problem = "no map, for its world has no cells.csv"
        raise ResultError([f"{result.path}: {problem}"])
    return places


def longitude_scale(latitudes: Sequence[float] | NDArray[np.float64]) -> float:
    """Return the length of a degree of longitude in those of latitude, midway between latitudes."""
    return float(np.cos(np.radians((np.min(latitudes) + np.max(latitudes)) / 2)))


def capital_frame(places: Places) -> Frame:
    """Return the frame of the capital: where nine tenths of its districts lie, and a margin."""
    points = places.points[places.metropolitan]
    if len(points) < FEW:
        points = np.concatenate([points - LEAST_HALF_SIDE, points + LEAST_HALF_SIDE])
    low, high = np.quantile(points, [0.05, 0.95], axis=0)
    (west, south), (east, north) = low - 0.15 * (high - low), high + 0.15 * (high - low)
    return float(west), float(south), float(east), float(north)


def main_name(name: str) -> str:
    """Return the first of a district's several names."""
    return name.partition(" / ")[0].partition(" (")[0]


def ordered_groups(places: Places) -> list[tuple[str, list[int]]]:
    """Return the groups of districts in the order of pictures, each with the rows of its districts.

    The capital comes first, then departments from north to south (by the mean of their districts).
    Within a group, districts go from west to east if it is wider than high, else from north to
    south.
    """
    groups: dict[str, list[int]] = {}
    for i, department in enumerate(places.groups):
        groups.setdefault("" if places.metropolitan[i] else department, []).append(i)
    divided = {places.groups[i] for i in groups.get("", [])}
    north = {name: float(places.points[rows, 1].mean()) for name, rows in groups.items()}
    order = sorted(groups, key=lambda name: (name != "", -north[name], name))
    return [(_group_name(name, divided), _ordered_rows(places, groups[name])) for name in order]


def _group_name(department: str, divided: set[str]) -> str:
    """Return the name of a group; the capital's is empty, and ``divided`` lie partly within it."""
    if department in divided:
        return f"{department}, outside the capital"
    return department or CAPITAL


def _ordered_rows(places: Places, rows: list[int]) -> list[int]:
    """Return the rows of a group from west to east, or from north to south if it is higher."""
    points = places.points[rows] * [longitude_scale(places.points[:, 1]), 1.0]
    is_wide = np.ptp(points[:, 0]) >= np.ptp(points[:, 1])
    along = points[:, 0] if is_wide else -points[:, 1]
    return [rows[k] for k in np.argsort(along, kind="stable")]
