"""How every picture looks and is saved: one palette, no date in the file, its numbers beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.files import write_whole
from teritwa.engine.formatting import format_exact, format_share
from teritwa.pictures.tables import Table, write_table
from teritwa.rules.outcomes import Outcome
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.dates import DateLocator
    from matplotlib.figure import Figure

OKABE_ITO = (
    "#000000",
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#F0E442",
)
"""Eight colours that differ for people with any colour vision (Okabe and Ito, 2008)."""

LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (3, 2)), (0, (1, 2)))
"""The second channel beside colour: one line style for each scenario."""

BLUE, GREY, INK = "#0072B2", "#8a8a8a", "#1a1a1a"
NOTE_COLOUR, HAIRLINE = "#555555", "#d9d9d9"
"""The colours of small print, and of the thin lines that mark events and quarters."""

PRIOR_COLOUR, MISSED_COLOUR = "#d4d4d4", OKABE_ITO[2]
"""The colours of priors, and of observations outside an interval."""

SMALL_PRINT = 6.5
"""Font size of sources and notes, points."""

WIDTH = 8.0
"""Inches; at `DPI` a picture is 1,200 pixels wide and legible at 800."""

DPI = 150

_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "svg.hashsalt": "teritwa",
    "text.parse_math": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Context manager that draws with the project's settings and then restores the user's own."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new_figure(height: float) -> "Figure":
    """Return an empty figure of the usual width, outside the global state of pyplot.

    Args:
        height: Inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", path: Path, numbers: Table) -> Path:
    """Write a picture and, beside it, its numbers as CSV.

    The same figure gives the same bytes: neither time nor version is written into the file.

    Args:
        figure: The picture.
        path: Its file; the ending chooses PNG or SVG.
        numbers: What the picture draws.

    Returns:
        ``path``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write = _write_svg if path.suffix == ".svg" else _write_png
    with house_style():
        write_whole(path, lambda temporary: write(figure, temporary))
    write_table(path.with_suffix(".csv"), numbers)
    return path


def _write_svg(figure: "Figure", path: Path) -> None:
    """Write a figure as SVG."""
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _write_png(figure: "Figure", path: Path) -> None:
    """Write a figure as PNG with the 256 nearest colours: a third of the size, no visible loss."""
    from PIL import Image

    canvas: Any = figure.canvas  # of `new_figure`, which knows its size in pixels
    canvas.draw()
    full = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    reduced = full.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    reduced.save(path, format="png")


def title_axes(axes: "Axes", text: str, note: str) -> None:
    """Write a title above axes and, in smaller type, a note on how to read them."""
    axes.set_title(text, loc="left", fontweight="bold", pad=17)
    axes.text(
        0,
        1.0,
        note,
        transform=axes.transAxes,
        fontsize=8,
        color=NOTE_COLOUR,
        va="bottom",
        ha="left",
    )


def title_figure(figure: "Figure", text: str, note: str) -> None:
    """Write a title in the corner of a figure and, in smaller type, a note on how to read it."""
    height = figure.get_figheight()
    figure.text(0.012, 1 - 0.09 / height, text, fontsize=10, fontweight="bold", va="top")
    figure.text(
        0.012,
        1 - 0.30 / height,
        note,
        fontsize=8,
        color=NOTE_COLOUR,
        va="top",
        linespacing=1.3,
    )


def draw_legend(figure: "Figure", entries: Sequence["Artist"], fontsize: float) -> None:
    """Draw a legend in four columns at the foot of a figure, above its sources."""
    place = (0.5, 0.20 / figure.get_figheight())
    figure.legend(
        handles=entries, loc="lower center", bbox_to_anchor=place, ncols=4, handlelength=1.4,
        fontsize=fontsize,
    )  # fmt: skip


def name_sources(figure: "Figure", text: str) -> None:
    """Write the sources of a figure's numbers in small print at its foot."""
    y = 0.06 / figure.get_figheight()
    figure.text(0.012, y, text, fontsize=SMALL_PRINT, color=NOTE_COLOUR, va="bottom")


def outcome_title(outcome: str) -> str:
    """Return the label of an outcome as a title begins with it."""
    label = OUTCOMES[outcome].label
    return label[0].upper() + label[1:]


def number_tick(value: float, _: object = None) -> str:
    """Return the label of a number on an axis."""
    return format_exact(value)


def share_tick(value: float, _: object = None) -> str:
    """Return the label of a share on an axis."""
    return format_share(value)


def number_axis(axes: "Axes", outcome: str) -> None:
    """Label the vertical axis of an outcome, and write shares on it as percentages."""
    declared = OUTCOMES[outcome]
    axes.yaxis.set_major_formatter(share_tick if declared.unit == "1" else number_tick)
    axes.set_ylabel(_axis_label(declared))


def _axis_label(outcome: Outcome) -> str:
    """Return the unit of an outcome or, for a share, what it is a share of."""
    return outcome.meaning.partition(" (")[0] if outcome.unit == "1" else outcome.unit


def date_axis(axes: "Axes", days: Sequence[object] | NDArray[np.datetime64], most: int = 9) -> None:
    """Limit the horizontal axis to some days and mark dates on it, whole months if there is room.

    Args:
        axes: The axes.
        days: Consecutive days.
        most: How many dates are marked at most.
    """
    from matplotlib.dates import AutoDateLocator, MonthLocator

    step = next((step for step in (1, 2, 3, 6, 12) if len(days) / 30.4 / step <= most), None)
    is_long = len(days) > 30 * most / 2
    locator: DateLocator
    if is_long and step:
        locator = MonthLocator(bymonth=range(1, 13, step))  # type: ignore[no-untyped-call]
    else:
        locator = AutoDateLocator(minticks=2, maxticks=most)  # type: ignore[no-untyped-call]
    mark_dates(axes, locator, offset=not is_long)
    axes.set_xlim(days[0], days[-1])  # type: ignore[arg-type]


def mark_dates(axes: "Axes", locator: "DateLocator", *, offset: bool) -> None:
    """Mark dates on the horizontal axis; the offset is what all have in common, below the axis."""
    from matplotlib.dates import ConciseDateFormatter

    formatter = ConciseDateFormatter(locator, show_offset=offset)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
