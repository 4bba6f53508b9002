"""Panels below each other over one time axis: their places, heads, legends and bands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.style import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def stacked(heights: Sequence[float]) -> tuple["Figure", list["Axes"]]:
    """Return a figure with a strip of events and panels, so many inches high, and room for legends to their right."""
    head, apart, foot = 0.55, 0.3, 0.48
    height = head + sum(heights) + apart * (len(heights) - 1) + foot
    figure, under = new_figure(height), height - head
    places: list[Axes] = []
    for deep in heights:
        under -= deep
        shared = places[0] if places else None
        places.append(figure.add_axes((0.095, under / height, 0.69, deep / height), sharex=shared))
        under -= apart
    for axes in places[:-1]:
        axes.tick_params(labelbottom=False)
    return figure, places


def head(axes: "Axes", text: str, unit: str, least: float, empty: str = "none in at least 95 % of runs") -> None:
    """Head a panel, and draw its axis from zero to at least ``least``; where all is zero, say ``empty``."""
    from matplotlib.ticker import FuncFormatter

    axes.set_title(text, loc="left", fontsize=8.5, fontweight="bold", pad=4)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.set_ylabel(unit)
    top = axes.get_ylim()[1]
    if axes.dataLim.y1 <= 0:
        said = axes.text(0.5, 0.5, empty, transform=axes.transAxes, fontsize=8, ha="center")
        said.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    axes.set_ylim(0, max(least, top))


def keys(axes: "Axes") -> None:
    """Put the legend beside the panel, what is drawn on top first."""
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.005, 1.08), fontsize=7, handlelength=1.5,
        labelspacing=0.3, borderaxespad=0.2,
    )  # fmt: skip


def bands(
    axes: "Axes", dates: NDArray[np.datetime64], levels: Sequence[NDArray[np.float64]], style: tuple[str, str, str]
) -> None:
    """Draw a median and where half and nine tenths of the runs lie; ``style`` is its words, colour and line."""
    low, half_low, median, half_high, high = levels
    words, colour, line = style
    axes.fill_between(dates, low, high, color=colour, alpha=0.18, linewidth=0, label="90 % of runs")
    axes.fill_between(dates, half_low, half_high, color=colour, alpha=0.32, linewidth=0, label="50 % of runs")
    axes.plot(dates, median, color=colour, linestyle=line, linewidth=1.6, label=words)
