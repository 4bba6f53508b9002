"""Plane geometry of cells and coasts in km: areas, clipping, and the parts on land."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Points (n, 2) in km, or a vector of numbers (n,)."""

BOX = -1
"""The neighbour across an edge of a cell that lies on the box, where there is no district."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A convex cell with vertices (n, 2), anticlockwise, in km.

    ``across[k]`` is the neighbour beyond the edge from vertex k to the next, or `BOX`.
    """

    vertices: Points
    across: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """The outline of the land: rings of points (n, 2), all anticlockwise, in km."""

    rings: tuple[Points, ...]


def area(polygon: Points) -> float:
    """Return the signed area of a polygon (n, 2), positive if anticlockwise, in km2."""
    if len(polygon) < 3:
        return 0.0
    after = np.roll(polygon, -1, axis=0)
    return float(np.sum(polygon[:, 0] * after[:, 1] - after[:, 0] * polygon[:, 1]) / 2)


def anticlockwise(ring: Points) -> Points:
    """Return a ring (n, 2) in anticlockwise order."""
    return ring if area(ring) > 0 else ring[::-1]


def clip(polygon: Points, normal: Points, offset: float) -> Points:
    """Return the part of a polygon within a half-plane, after Sutherland and Hodgman (1974).

    Args:
        polygon: The vertices (n, 2).
        normal: Normal (2,) of the half-plane where ``normal . x <= offset``.
        offset: Its offset.
    """
    side = polygon @ normal - offset
    inside = side <= 0
    if bool(inside.all()):
        return polygon
    after, side_after = np.roll(polygon, -1, axis=0), np.roll(side, -1)
    crosses = inside != np.roll(inside, -1)
    gap = np.where(crosses, side - side_after, 1.0)
    crossing = polygon + (after - polygon) * (side / gap)[:, None]
    both = np.stack([polygon, crossing], axis=1)
    kept: Points = both[np.stack([inside, crosses], axis=1)]
    return kept


def cut(cell: Cell, normal: Points, offset: float, site: int) -> Cell:
    """Return a convex cell cut by the half-plane where ``normal . x <= offset``.

    Args:
        cell: The cell.
        normal: Normal (2,) of the half-plane.
        offset: Its offset.
        site: The neighbour beyond the new edge.
    """
    side = cell.vertices @ normal - offset
    vertices, across = [], []
    for k in range(len(side)):
        here, there = float(side[k]), float(side[(k + 1) % len(side)])
        if here <= 0:
            vertices.append(cell.vertices[k])
            across.append(cell.across[k])
        if (here <= 0) != (there <= 0):
            along = cell.vertices[(k + 1) % len(side)] - cell.vertices[k]
            vertices.append(cell.vertices[k] + along * (here / (here - there)))
            across.append(site if here <= 0 else cell.across[k])
    return Cell(np.array(vertices), tuple(across))


def on_land(cell: Cell, land: Land) -> list[Points]:
    """Return the parts of a cell on land, one polygon (n, 2) for each ring that it meets."""
    parts = (_within(ring, cell) for ring in land.rings)
    return [part for part in parts if len(part) >= 3]


def _within(ring: Points, cell: Cell) -> Points:
    """Return the part of a ring (n, 2) within a cell."""
    part = ring
    for k in range(len(cell.vertices)):
        along = cell.vertices[(k + 1) % len(cell.vertices)] - cell.vertices[k]
        normal = np.array([along[1], -along[0]])
        part = clip(part, normal, float(normal @ cell.vertices[k]))
        if len(part) < 3:
            break
    return part


def land_area(cell: Cell, land: Land) -> float:
    """Return the area of a cell on land, km2."""
    return sum(area(part) for part in on_land(cell, land)) if len(cell.vertices) > 2 else 0.0


def land_length(start: Points, end: Points, land: Land) -> float:
    """Return the length on land of a segment from start (2,) to end (2,), km."""
    total = 0.0
    for ring in land.rings:
        along, edge, gap = end - start, np.roll(ring, -1, axis=0) - ring, ring - start
        cross = along[0] * edge[:, 1] - along[1] * edge[:, 0]
        cross = np.where(cross == 0, 1e-300, cross)
        position = (gap[:, 0] * edge[:, 1] - gap[:, 1] * edge[:, 0]) / cross
        on_edge = (gap[:, 0] * along[1] - gap[:, 1] * along[0]) / cross
        met = np.sort(position[(on_edge >= 0) & (on_edge < 1)])
        ends = np.clip(met, 0.0, 1.0)
        # Crossings lead in and out by turns: the parts between pairs are on land.
        total += float(np.sum(ends[1::2] - ends[: len(ends) - len(ends) % 2 : 2]))
    return total * math.dist(start, end)


def ring_of(site: Points, land: Land) -> int:
    """Return the number of the ring around a site (2,), or of the one with the nearest vertex."""
    for k, ring in enumerate(land.rings):
        after = np.roll(ring, -1, axis=0)
        spans = (ring[:, 1] > site[1]) != (after[:, 1] > site[1])
        rise = np.where(spans, after[:, 1] - ring[:, 1], 1.0)
        meets = ring[:, 0] + (site[1] - ring[:, 1]) * (after[:, 0] - ring[:, 0]) / rise
        if int(np.sum(spans & (site[0] < meets))) % 2:
            return k
    return int(np.argmin([np.min(np.sum((ring - site) ** 2, axis=1)) for ring in land.rings]))
