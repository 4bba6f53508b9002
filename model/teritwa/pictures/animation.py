"""The weeks as a moving map: a GIF of the country and the capital, with the date, the mission and the events."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control
from teritwa.analysis.measures import daily
from teritwa.engine.files import as_csv, write_text, write_whole
from teritwa.engine.formatting import plain
from teritwa.pictures.geography import NOTE, places_of, with_cells
from teritwa.pictures.maps import draw_pair
from teritwa.pictures.shading import Shading, colour_bar, day_in_words, head, shading
from teritwa.pictures.style import GREY, INK, Table, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

DOTS = 100
"""An inch, so that a frame is 800 pixels wide: small text stays legible and the file small."""

FRAME, LAST = 400, 4000
"""Milliseconds that a week is shown, and the last one before all begins again."""

SHADES, GREYS = 160, 64
"""Colours of the fixed palette: along the scale, and from black to white for text and lines."""

RECENT = timedelta(days=35)
"""How long an event stays in the caption."""

EVENTS = 3
"""Events in the caption at most, the latest."""


def animation_table(shown: Control) -> Table:
    """Return what `animate` draws: a row a week with the medians of officers, the events, and each district's value."""
    result = shown.result
    days = (shown.weeks - result.dates[0]).astype(int)
    medians = {
        name: np.median(daily(result, name)[:, days], axis=0) for name in ("officers_deployed", "officers_operational")
    }
    officers = {f"{name} q50": line.tolist() for name, line in medians.items()}
    districts = dict(zip(result.labels("district"), shown.values.T.tolist(), strict=True))
    return {
        "date": [str(day) for day in shown.weeks],
        **officers,
        "events": ["; ".join(_recent(shown, day.item())) for day in shown.weeks],
        **districts,
        "n": [shown.count] * len(days),
    }


def animate(shown: Control, path: Path, world: Path | None = None) -> Path:
    """Write the weeks as a GIF, a frame a week, and beside it its numbers as CSV; return the path.

    ``world`` is the folder of the world that ran (None: Haiti). The same numbers give the same bytes. Raise
    ResultError if the world is another one or has no cells.
    """
    table = animation_table(shown)
    palette = _palette(shading(shown, shown.values))
    first, *others = (_indexed(frame, palette) for frame in _frames(shown, table, world))
    path.parent.mkdir(parents=True, exist_ok=True)
    times = [FRAME] * len(others) + [LAST]
    write_whole(
        path,
        lambda temporary: first.save(
            temporary, format="GIF", save_all=True, append_images=others, duration=times, loop=0, optimize=True
        ),
    )
    rows = zip(*table.values(), strict=True)
    cells = ([plain(cell) if isinstance(cell, float) else cell for cell in row] for row in rows)
    write_text(path.with_suffix(".csv"), as_csv(table, cells))
    return path


def _frames(shown: Control, table: Table, world: Path | None) -> Iterator[NDArray[np.uint8]]:
    """Draw week after week on one figure; a frame is (row, column, red-green-blue)."""
    places = with_cells(shown.result, places_of(shown.result, world))
    with house_style():
        figure, axes = _empty(shown)
        shade = shading(shown, shown.values)
        cells = draw_pair(axes, places, shown.values[0], shade)
        colour_bar(figure, shade, (0.30, 0.062, 0.40, 0.02))
        caption = _Caption(figure, shown, table)
        for week in range(len(shown.weeks)):
            for each in cells:
                each.set_array(shown.values[week])
            caption.show(week)
            figure.canvas.draw()
            yield np.array(figure.canvas.buffer_rgba())[..., :3]  # type: ignore[attr-defined]


def _empty(shown: Control) -> tuple["Figure", NDArray[Any]]:
    figure = new_figure(6.0)
    figure.set_dpi(DOTS)
    axes = figure.subplots(1, 2, width_ratios=[1.3, 1.0])
    figure.subplots_adjust(left=0.01, right=0.985, top=0.835, bottom=0.275, wspace=0.03)
    head(figure, shown, "week by week")
    figure.text(0.012, 0.008, NOTE, fontsize=6.5, color="#555555")
    return figure, axes


class _Caption:
    """What is written below the map: how far in time, the date, the mission, and the latest events."""

    def __init__(self, figure: "Figure", shown: Control, table: Table) -> None:
        self.shown, self.table = shown, table
        axes = figure.add_axes((0.012, 0.245, 0.973, 0.012))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.barh(0.5, 1, height=1, color="#e4e4e4")
        self.bar = axes.barh(0.5, 0, height=1, color=GREY)[0]
        self.day = figure.text(0.012, 0.225, "", fontsize=13, weight="bold", color=INK, va="top")
        self.mission = figure.text(0.012, 0.175, "", fontsize=8.5, color=INK, va="top", linespacing=1.35)
        self.events = figure.text(0.44, 0.222, "", fontsize=8.5, color=INK, va="top", linespacing=1.45)

    def show(self, week: int) -> None:
        """Write what holds in a week."""
        self.bar.set_width(week / max(1, len(self.shown.weeks) - 1))
        self.day.set_text(day_in_words(self.shown.weeks[week]))
        deployed, ready = (self.table[f"{name} q50"][week] for name in ("officers_deployed", "officers_operational"))
        runs = f"medians of {self.shown.result.count} runs"
        self.mission.set_text(f"The mission: {deployed:,.0f} officers deployed,\n{ready:,.0f} able to operate ({runs})")
        self.events.set_text("\n".join(_recent(self.shown, self.shown.weeks[week].item())))


def _recent(shown: Control, day: date) -> list[str]:
    """Return the latest events up to a day, the newest first, with their dates."""
    dated = [(date.fromisoformat(event["date"]), event["label"]) for event in shown.result.manifest["events"]]
    latest = sorted((when, label) for when, label in dated if day - RECENT < when <= day)
    return [f"{when.day} {when:%b}: {label}" for when, label in reversed(latest[-EVENTS:])]


def _palette(shade: Shading) -> NDArray[np.int64]:
    """Return the colours (colour, red-green-blue) that all frames share: the scale, and greys for text and lines."""
    scale = shade.rgba(np.linspace(shade.low, shade.high, SHADES))[:, :3]
    greys = np.repeat(np.linspace(0, 1, GREYS)[:, None], 3, axis=1)
    return np.round(255 * np.vstack([scale, greys])).astype(np.int64)


def _indexed(frame: NDArray[np.uint8], palette: NDArray[np.int64]) -> "Image":
    """Give each pixel of a frame (row, column, red-green-blue) the nearest colour of the palette."""
    from PIL import Image

    red, green, blue = np.moveaxis(frame.astype(np.int64), -1, 0)
    packed = red << 16 | green << 8 | blue
    there, where = np.unique(packed, return_inverse=True)
    colours = np.stack([there >> 16, there >> 8 & 255, there & 255], axis=1)
    nearest = ((colours[:, None, :] - palette[None]) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    image = Image.fromarray(nearest[where].reshape(packed.shape))
    image.putpalette(palette.astype(np.uint8).tobytes())
    return image
