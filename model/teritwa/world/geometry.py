"""Plane geometry of cells and coasts, in km: areas, clipping, what lies on land."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Points (n, 2) or a vector of numbers (n,), km unless said."""

BOX = -1
"""Label of a cell's edge that lies on the box, not between two districts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A convex cell: ``vertices`` (n, 2) anticlockwise; ``across[k]`` the site beyond edge k to k + 1."""

    vertices: Points
    across: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """The outline in km: rings (n, 2) each, all anticlockwise."""

    rings: tuple[Points, ...]


def area(polygon: Points) -> float:
    """Return the signed area of a polygon (n, 2), positive if anticlockwise, in its unit squared."""
    if len(polygon) < 3:
        return 0.0
    following = np.roll(polygon, -1, axis=0)
    return float(np.sum(polygon[:, 0] * following[:, 1] - following[:, 0] * polygon[:, 1]) / 2)


def anticlockwise(ring: Points) -> Points:
    """Return a ring (n, 2) in anticlockwise order."""
    return ring if area(ring) > 0 else ring[::-1]


def clip(polygon: Points, normal: Points, offset: float) -> Points:
    """Return the part of a polygon (n, 2) where ``normal . x <= offset`` (Sutherland and Hodgman)."""
    side = polygon @ normal - offset
    inside = side <= 0
    if bool(inside.all()):
        return polygon
    following, side_next, inside_next = np.roll(polygon, -1, axis=0), np.roll(side, -1), np.roll(inside, -1)
    crosses = inside != inside_next
    gap = np.where(crosses, side - side_next, 1.0)
    crossing = polygon + (following - polygon) * (side / gap)[:, None]
    both = np.stack([polygon, crossing], axis=1)
    kept: Points = both[np.stack([inside, crosses], axis=1)]
    return kept


def cut(cell: Cell, normal: Points, offset: float, site: int) -> Cell:
    """Return a convex cell cut by the half-plane ``normal . x <= offset``; the new edge borders ``site``."""
    side = cell.vertices @ normal - offset
    vertices, across = [], []
    for k in range(len(side)):
        here, there = float(side[k]), float(side[(k + 1) % len(side)])
        if here <= 0:
            vertices.append(cell.vertices[k])
            across.append(cell.across[k])
        if (here <= 0) != (there <= 0):
            step = (cell.vertices[(k + 1) % len(side)] - cell.vertices[k]) * (here / (here - there))
            vertices.append(cell.vertices[k] + step)
            across.append(site if here <= 0 else cell.across[k])
    return Cell(np.array(vertices), tuple(across))


def on_land(cell: Cell, land: Land) -> list[Points]:
    """Return the parts of a cell on land, one polygon for each ring it meets."""
    parts = []
    for ring in land.rings:
        part = ring
        for k in range(len(cell.vertices)):
            along = cell.vertices[(k + 1) % len(cell.vertices)] - cell.vertices[k]
            normal = np.array([along[1], -along[0]])
            part = clip(part, normal, float(normal @ cell.vertices[k]))
            if len(part) < 3:
                break
        if len(part) >= 3:
            parts.append(part)
    return parts


def land_area(cell: Cell, land: Land) -> float:
    """Return the area of a cell on land, km2."""
    return sum(area(part) for part in on_land(cell, land)) if len(cell.vertices) > 2 else 0.0


def land_length(start: Points, end: Points, land: Land) -> float:
    """Return the length of a segment's part on land, km."""
    total = 0.0
    for ring in land.rings:
        following = np.roll(ring, -1, axis=0)
        along, edge, gap = end - start, following - ring, ring - start
        cross = along[0] * edge[:, 1] - along[1] * edge[:, 0]
        cross = np.where(cross == 0, 1e-300, cross)
        position = (gap[:, 0] * edge[:, 1] - gap[:, 1] * edge[:, 0]) / cross
        on_edge = (gap[:, 0] * along[1] - gap[:, 1] * along[0]) / cross
        met = np.sort(position[(on_edge >= 0) & (on_edge < 1)])
        entries = np.clip(met, 0.0, 1.0)
        total += float(np.sum(entries[1::2] - entries[: len(entries) - len(entries) % 2 : 2]))
    return total * math.dist(start, end)


def ring_of(site: Points, land: Land) -> int:
    """Return the ring whose coast is nearest to a site, or the one around it."""
    for k, ring in enumerate(land.rings):
        following = np.roll(ring, -1, axis=0)
        spans = (ring[:, 1] > site[1]) != (following[:, 1] > site[1])
        rise = np.where(spans, following[:, 1] - ring[:, 1], 1.0)
        meets = ring[:, 0] + (site[1] - ring[:, 1]) * (following[:, 0] - ring[:, 0]) / rise
        if int(np.sum(spans & (site[0] < meets))) % 2:
            return k
    return int(np.argmin([np.min(np.sum((ring - site) ** 2, axis=1)) for ring in land.rings]))
