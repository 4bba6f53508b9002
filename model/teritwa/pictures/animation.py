"""A moving map: a GIF of the country and the capital by week, with date, mission and events."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control
from teritwa.analysis.measures import daily
from teritwa.engine.files import write_whole
from teritwa.engine.formatting import format_date, format_integer
from teritwa.pictures.geography import check_cells, places_of
from teritwa.pictures.maps import draw_pair
from teritwa.pictures.shading import Shading, draw_colour_bar, draw_heading, shading
from teritwa.pictures.style import (
    GREY,
    INK,
    NOTE_COLOUR,
    SMALL_PRINT,
    house_style,
    new_figure,
)
from teritwa.pictures.tables import Table, number, write_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

DPI = 100
"""A frame is 800 pixels wide: small text stays legible and the file small."""

FRAME_TIME, LAST_FRAME_TIME = 400, 4000
"""Milliseconds for which a week is shown, and the last one before the GIF begins again."""

SHADES, GREYS = 160, 64
"""Colours of the fixed palette: along the scale, and from black to white for text and lines."""

RECENT = timedelta(days=35)
"""How long an event stays in the caption."""

EVENTS = 3
"""Events in the caption at most, the latest."""

_OFFICERS = ("officers_deployed", "officers_operational")


def animation_table(shown: Control) -> Table:
    """Return what `animate` draws.

    Args:
        shown: One view of control.

    Returns:
        A row for each week: medians of the mission's officers, the recent events, the value of
        each district, and n (runs).
    """
    result = shown.result
    days = (shown.weeks - result.dates[0]).astype(int)
    officers = {
        f"{name} q50": np.median(daily(result, name)[:, days], axis=0).tolist()
        for name in _OFFICERS
    }
    districts = dict(zip(result.labels("district"), shown.values.T.tolist(), strict=True))
    return {
        "date": [str(day) for day in shown.weeks],
        **officers,
        "events": ["; ".join(_recent_events(shown, day.item())) for day in shown.weeks],
        **districts,
        "n": [shown.count] * len(days),
    }


def animate(shown: Control, path: Path, world: Path | None = None) -> Path:
    """Write a GIF with one frame for each week and, beside it, its numbers as CSV.

    The same numbers give the same bytes.

    Args:
        shown: One view of control.
        path: The file of the GIF.
        world: Folder of the world that ran; None means the default world.

    Returns:
        ``path``.

    Raises:
        ResultError: The world is not that of the result, or has no cells.
    """
    table = animation_table(shown)
    palette = _palette(shading(shown, shown.values))
    first, *others = (_indexed(frame, palette) for frame in _frames(shown, table, world))
    path.parent.mkdir(parents=True, exist_ok=True)
    times = [FRAME_TIME] * len(others) + [LAST_FRAME_TIME]
    write_whole(
        path,
        lambda temporary: first.save(
            temporary, format="GIF", save_all=True, append_images=others, duration=times, loop=0,
            optimize=True,
        ),
    )  # fmt: skip
    write_table(path.with_suffix(".csv"), table)
    return path


def _frames(shown: Control, table: Table, world: Path | None) -> Iterator[NDArray[np.uint8]]:
    """Draw the weeks one after another on one figure; yield frames, shape (row, column, 3)."""
    places = check_cells(shown.result, places_of(shown.result, world))
    with house_style():
        figure, axes = _new_maps(shown, places.borders)
        scale = shading(shown, shown.values)
        cells = draw_pair(axes, places, shown.values[0], scale)
        draw_colour_bar(figure, scale, (0.30, 0.062, 0.40, 0.02))
        caption = _Caption(figure, shown, table)
        for week, values in enumerate(shown.values):
            for each in cells:
                each.set_array(values)
            caption.show(week)
            figure.canvas.draw()
            yield np.array(figure.canvas.buffer_rgba())[..., :3]  # type: ignore[attr-defined]


def _new_maps(shown: Control, borders: str) -> tuple["Figure", NDArray[Any]]:
    """Return a figure with what stays the same, and the axes of its two maps."""
    figure = new_figure(6.0)
    figure.set_dpi(DPI)
    axes = figure.subplots(1, 2, width_ratios=[1.3, 1.0])
    figure.subplots_adjust(left=0.01, right=0.985, top=0.835, bottom=0.275, wspace=0.03)
    draw_heading(figure, shown, "week by week")
    figure.text(0.012, 0.008, borders, fontsize=SMALL_PRINT, color=NOTE_COLOUR)
    return figure, axes


class _Caption:
    """What is written below the maps: progress in time, date, mission, and the latest events."""

    def __init__(self, figure: "Figure", shown: Control, table: Table) -> None:
        self.shown, self.table = shown, table
        axes = figure.add_axes((0.012, 0.245, 0.973, 0.012))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.barh(0.5, 1, height=1, color="#e4e4e4")
        self.bar = axes.barh(0.5, 0, height=1, color=GREY)[0]
        style: dict[str, Any] = {"color": INK, "va": "top"}
        self.day = figure.text(0.012, 0.225, "", fontsize=13, weight="bold", **style)
        self.mission = figure.text(0.012, 0.175, "", fontsize=8.5, linespacing=1.35, **style)
        self.events = figure.text(0.44, 0.222, "", fontsize=8.5, linespacing=1.45, **style)

    def show(self, week: int) -> None:
        """Write what is true in a week."""
        shown = self.shown
        day = shown.weeks[week]
        self.bar.set_width(week / max(1, len(shown.weeks) - 1))
        self.day.set_text(format_date(day))
        deployed, operational = (
            format_integer(number(self.table[f"{name} q50"][week])) for name in _OFFICERS
        )
        self.mission.set_text(
            f"The mission: {deployed} officers deployed,\n"
            f"{operational} able to operate (medians of {shown.result.count} runs)"
        )
        self.events.set_text("\n".join(_recent_events(shown, day.item())))


def _recent_events(shown: Control, day: date) -> list[str]:
    """Return the latest events up to a day, the newest first, with their dates."""
    dated = [
        (date.fromisoformat(event["date"]), event["label"])
        for event in shown.result.manifest["events"]
    ]
    latest = sorted((when, label) for when, label in dated if day - RECENT < when <= day)
    return [f"{when.day} {when:%b}: {label}" for when, label in reversed(latest[-EVENTS:])]


def _palette(scale: Shading) -> NDArray[np.int64]:
    """Return the colours that all frames share, shape (colour, 3): the scale, then greys."""
    shades = scale.rgba(np.linspace(scale.low, scale.high, SHADES))[:, :3]
    greys = np.repeat(np.linspace(0, 1, GREYS)[:, None], 3, axis=1)
    return np.round(255 * np.vstack([shades, greys])).astype(np.int64)


def _indexed(frame: NDArray[np.uint8], palette: NDArray[np.int64]) -> "Image":
    """Return a frame, shape (row, column, 3), in the nearest colours of a palette."""
    from PIL import Image

    red, green, blue = np.moveaxis(frame.astype(np.int64), -1, 0)
    packed = red << 16 | green << 8 | blue
    found, where = np.unique(packed, return_inverse=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    distances = ((colours[:, None, :] - palette[None]) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1).astype(np.uint8)
    image = Image.fromarray(nearest[where].reshape(packed.shape))
    image.putpalette(palette.astype(np.uint8).tobytes())
    return image
