"""Tiles: each district one square of the same size, placed as on the map, so that small ones are seen and named."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control
from teritwa.pictures.geography import first_name, places_of
from teritwa.pictures.maps import map_table
from teritwa.pictures.shading import HEAD, Shading, colour_bar, day_in_words, head, shading
from teritwa.pictures.style import INK, WIDTH, Table, house_style, new_figure
from teritwa.pictures.tiling import HOLE, Grid, tile_places

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 6
"""Dates drawn beside each other if none are named."""

LETTERS = 6.5
"""Size of the names on tiles, points."""

MOST_LINES = 3
"""Lines of a name that a tile has room for."""

GAP = 0.06
"""Between tiles, as a share of a tile."""

LARGEST = 0.6
"""Side of a tile at most, inches: few districts need no more."""

MARGIN = 0.15
"""Around all tiles, as a share of a tile."""

_SHORT = {
    "saint": "St", "sainte": "Ste", "petit": "Pt", "petite": "Pte", "grand": "Gd", "grande": "Gde", "rivière": "Riv.",
}  # fmt: skip
_LITTLE = {"de", "du", "des", "à", "aux", "of", "the"}
_VOWELS = "aeiouyàâèéêëîïôûü"
_TOGETHER = ("ch", "th", "gn", "ph", "qu", "br", "cr", "dr", "fr", "gr", "pr", "tr", "vr", "bl", "cl", "fl", "gl", "pl")
_ONSET = re.compile(rf"({'|'.join(_TOGETHER)}|[^{_VOWELS}])[{_VOWELS}]")
_NOTE = "Each district is one square, near its place on the map; gaps mean nothing."
_NOTE_OF_CHANGE = " Framed: the change is beyond its 95 % interval around zero."


def tile_table(shown: Control, day: date | None = None, world: Path | None = None) -> Table:
    """Return what `tile_map` draws: as `maps.map_table`, with the column and row of each tile from the north-west."""
    squares, _ = tile_places(places_of(shown.result, world))
    columns, rows = squares.T.tolist()
    return {"column": columns, "row": rows, **map_table(shown, day)}


def tile_map(shown: Control, day: date | None = None, world: Path | None = None) -> tuple["Figure", "Axes"]:
    """Draw control at a date (None: the last day) as tiles with the names of the districts.

    ``world`` is the folder of the world that ran (None: Haiti); it needs no cells.
    """
    places = places_of(shown.result, world)
    squares, hole = tile_places(places)
    week = shown.week(day)
    shade = shading(shown, shown.values[week])
    wide, high = squares.max(axis=0) + 1 + 2 * MARGIN
    with house_style():
        tile = min((WIDTH - 0.1) / wide, LARGEST)
        figure = new_figure(HEAD + 0.13 + high * tile + 0.72)
        height = figure.get_figheight()
        left = (1 - wide * tile / WIDTH) / 2
        axes = figure.add_axes((left, 0.72 / height, wide * tile / WIDTH, high * tile / height))
        draw_tiles(axes, squares, (shown, week), shade)
        mark_capital(axes, squares[places.metropolitan], hole)
        _point_to_capital(axes, squares[places.metropolitan], hole)
        names = tile_names(tuple(places.names), 72 * tile * (1 - GAP) - 0.6)
        for name, (x, y), ink in zip(names, squares, shade.ink(shown.values[week]), strict=True):
            axes.text(
                x + 0.5, y + 0.5, name, fontsize=LETTERS, color=ink, ha="center", va="center", linespacing=1.0
            )  # fmt: skip
        head(figure, shown, day_in_words(shown.weeks[week]))
        colour_bar(figure, shade, (0.22, 0.44 / height, 0.56, 0.13 / height))
        _explain(figure, shown)
        return figure, axes


def _explain(figure: "Figure", shown: Control) -> None:
    """Say in small print what tiles are."""
    note = _NOTE + (_NOTE_OF_CHANGE if shown.is_change else "")
    figure.text(0.012, 0.06 / figure.get_figheight(), note, fontsize=LETTERS, color="#555555")


def draw_tiles(axes: "Axes", squares: Grid, drawn: tuple[Control, int], shade: Shading) -> None:
    """Fill each tile with its value of a week; a change that is clear gets a frame.

    The axes count tiles from the north-west.
    """
    from matplotlib.collections import PolyCollection

    corners = np.array([(GAP / 2, GAP / 2), (1 - GAP / 2, GAP / 2), (1 - GAP / 2, 1 - GAP / 2), (GAP / 2, 1 - GAP / 2)])
    filled = PolyCollection(list(squares[:, None, :] + corners), cmap=shade.colours(), norm=shade.norm())
    shown, week = drawn
    framed = shown.is_change & shown.is_clear(week)
    filled.set(edgecolor=np.where(framed, INK, shade.edge).tolist(), linewidth=np.where(framed, 0.9, 0.4).tolist())
    filled.set_array(shown.values[week])
    axes.add_collection(filled)
    wide, high = squares.max(axis=0) + 1
    axes.set_xlim(-MARGIN, wide + MARGIN)
    axes.set_ylim(high + MARGIN, -MARGIN)
    axes.set_aspect("equal")
    axes.set_axis_off()


def mark_capital(axes: "Axes", block: Grid, hole: Grid) -> None:
    """Frame and name the capital's block, and frame the squares that stand for it within the country."""
    from matplotlib.patches import Rectangle

    for squares, off in ((block, 0.06), (hole, -0.04)):
        if len(squares):
            (left, top), (across, down) = squares.min(axis=0) - off, np.ptp(squares, axis=0) + 1 + 2 * off
            box = Rectangle((left, top), across, down, fill=False, edgecolor=INK)
            box.set(linewidth=0.8)
            axes.add_patch(box)
    if len(block):
        left, top = block.min(axis=0)
        axes.text(left - 0.05, top - 0.2, "the capital", fontsize=7.5, va="bottom")


def _point_to_capital(axes: "Axes", block: Grid, hole: Grid) -> None:
    """Say in the squares that stand for the capital where its block is."""
    if len(hole):
        x, y = hole.min(axis=0)
        aside = "left" if block[:, 0].max() < x else "right"
        words = f"the capital:\nsee the block\nat the {aside}"
        axes.text(x + HOLE / 2, y + HOLE / 2, words, fontsize=LETTERS, ha="center", va="center")


@cache
def tile_names(names: tuple[str, ...], width: float) -> tuple[str, ...]:
    """Return each name in at most three lines that are no wider than so many points, words cut where they must be."""
    return tuple("\n".join(_lines(first_name(name), width)) for name in names)


def _lines(name: str, width: float) -> list[str]:
    """Break a name into lines: words together where they fit, long ones parted, or cut if there are over three."""
    words = [word for word in re.split(r" |(?<=\D)-(?=\D)", name) if word]
    rest = (re.sub(r"^[dl]'", "", word) for word in words[1:])
    kept = [words[0], *(word for word in rest if word.lower() not in _LITTLE)]
    kept = [_SHORT.get(word.lower(), word) for word in kept]
    lines = _packed([_parted(word, width) for word in kept], width)
    for k in reversed(range(len(kept))):
        if len(lines) > MOST_LINES:
            kept[k] = _cut(kept[k], width)
            lines = _packed([_parted(word, width) for word in kept], width)
    return lines[:MOST_LINES]


def _packed(words: list[list[str]], width: float) -> list[str]:
    lines: list[str] = []
    for pieces in words:
        if lines and _wide(f"{lines[-1]} {pieces[0]}") <= width:
            lines[-1] += f" {pieces[0]}"
            lines += pieces[1:]
        else:
            lines += pieces
    return lines


def _parted(word: str, width: float) -> list[str]:
    """Part a word that is too wide with a hyphen between syllables, as late as it fits, or else cut it."""
    if _wide(word) <= width:
        return [word]
    fits = [k for k in range(2, len(word) - 1) if _wide(f"{word[:k]}-") <= width and _begins_syllable(word, k)]
    if not fits:
        return [_cut(word, width)]
    at = max(fits, key=lambda k: (len(word) - k > 2, k))  # two letters stand alone only if nothing else fits
    return [f"{word[:at]}-", *_parted(word[at:], width)]


def _begins_syllable(word: str, at: int) -> bool:
    """Whether a word may be parted before a letter: consonants that are spoken together stay together."""
    begins = _ONSET.match(word[at:])
    return begins is not None and word[at - 1 : at + 1] not in _TOGETHER and bool(set(word[:at].lower()) & set(_VOWELS))


def _cut(word: str, width: float) -> str:
    """Shorten a word that is too wide, to before a vowel, with a full stop."""
    if _wide(word) <= width:
        return word
    while len(word) > 1 and _wide(f"{word}.") > width:
        word = word[:-1]
    return (word.rstrip(_VOWELS) if len(word.rstrip(_VOWELS)) > 2 else word) + "."


@cache
def _wide(text: str) -> float:
    """Return the width of a text in points."""
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), text, size=LETTERS).get_extents().x1)


def even_weeks(shown: Control, days: Sequence[date] | None = None) -> list[int]:
    """Return the weeks of some dates; without dates, six as even as can be, the first and the last among them."""
    if days is not None:
        return [shown.week(day) for day in days]
    return sorted(set(np.linspace(0, len(shown.weeks) - 1, PANELS).round().astype(int).tolist()))


def multiples_table(shown: Control, days: Sequence[date] | None = None) -> Table:
    """Return what `multiples` draws: a row a district, a column a date, and n."""
    result = shown.result
    values = {str(shown.weeks[week]): shown.values[week].tolist() for week in even_weeks(shown, days)}
    names = {"district": result.labels("district"), "name": result.labels("district_name")}
    return {**names, **values, "n": [shown.count] * shown.values.shape[1]}


def multiples(
    shown: Control, days: Sequence[date] | None = None, world: Path | None = None
) -> tuple["Figure", NDArray[Any]]:
    """Draw control at several dates (None: six, evenly spaced) as tiles on one scale; an axes a date."""
    places = places_of(shown.result, world)
    squares, hole = tile_places(places)
    weeks = even_weeks(shown, days)
    shade = shading(shown, shown.values[weeks])
    wide, high = squares.max(axis=0) + 1
    across = min(len(weeks), 2 if len(weeks) in (2, 4) else 3)
    down = ceil(len(weeks) / across)
    with house_style():
        panel = 0.95 * WIDTH / across * high / wide + 0.30
        figure = new_figure(HEAD + 0.03 + down * panel + 0.7)
        height = figure.get_figheight()
        axes = figure.subplots(down, across, squeeze=False)
        figure.subplots_adjust(left=0.012, right=0.988, top=1 - 0.98 / height, bottom=0.72 / height, wspace=0.06)
        for place in axes.ravel()[len(weeks) :]:
            place.set_axis_off()
        for place, week in zip(axes.ravel(), weeks, strict=False):
            draw_tiles(place, squares, (shown, week), shade)
            mark_capital(place, squares[places.metropolitan], hole)
            place.set_title(day_in_words(shown.weeks[week]), loc="left", fontsize=8.5, weight="bold", pad=5)
        head(figure, shown, f"on {len(weeks)} days")
        colour_bar(figure, shade, (0.22, 0.44 / height, 0.56, 0.13 / height))
        _explain(figure, shown)
        return figure, axes.ravel()[: len(weeks)]
