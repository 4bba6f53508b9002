"""Panels below each other over one time axis: their places, titles, legends and bands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.style import HAIRLINE, new_figure, number_tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TOP, _GAP, _BOTTOM = 0.55, 0.3, 0.48
"""Inches above the panels, between two of them, and below them."""


def stack_panels(heights: Sequence[float]) -> tuple["Figure", list["Axes"]]:
    """Return a figure with a strip of events and panels, with room for legends to their right.

    Args:
        heights: Inches of the strip and of each panel, from the top.

    Returns:
        The figure, and the axes from the top.
    """
    height = _TOP + sum(heights) + _GAP * (len(heights) - 1) + _BOTTOM
    figure, bottom = new_figure(height), height - _TOP
    panels: list[Axes] = []
    for inches in heights:
        bottom -= inches
        place = (0.095, bottom / height, 0.69, inches / height)
        panels.append(figure.add_axes(place, sharex=panels[0] if panels else None))
        bottom -= _GAP
    for axes in panels[:-1]:
        axes.tick_params(labelbottom=False)
    return figure, panels


def finish_panel(
    axes: "Axes",
    text: str,
    unit: str,
    least: float,
    empty: str = "none in at least 95 % of runs",
) -> None:
    """Write the title of a panel and draw its vertical axis from zero.

    Args:
        axes: The panel, with all that is drawn on it.
        text: The title.
        unit: The label of the axis.
        least: The axis ends here or above.
        empty: What the panel says if all that is drawn on it is zero.
    """
    axes.set_title(text, loc="left", fontsize=8.5, fontweight="bold", pad=4)
    axes.yaxis.set_major_formatter(number_tick)
    axes.set_ylabel(unit)
    top = axes.get_ylim()[1]
    if axes.dataLim.y1 <= 0:
        note = axes.text(0.5, 0.5, empty, transform=axes.transAxes, fontsize=8, ha="center")
        note.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    axes.set_ylim(0, max(least, top))


def mark_days(panels: Sequence["Axes"], days: Sequence[str]) -> None:
    """Draw a thin vertical line on each panel at each day, an ISO date."""
    for axes in panels:
        for day in days:
            x: Any = np.datetime64(day)  # the stubs of matplotlib know numbers alone
            axes.axvline(x, color=HAIRLINE, linewidth=0.6, zorder=0.5)


def draw_legends(panels: Sequence["Axes"]) -> None:
    """Draw the legend of each panel beside it, with what is drawn on top first."""
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(
            handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.005, 1.08), fontsize=7,
            handlelength=1.5, labelspacing=0.3, borderaxespad=0.2,
        )  # fmt: skip


def draw_bands(
    axes: "Axes",
    dates: NDArray[np.datetime64],
    levels: Sequence[NDArray[np.float64]],
    colour: str,
    *,
    named: bool = True,
) -> None:
    """Draw where 90 % and 50 % of the runs lie.

    Args:
        axes: The axes.
        dates: Shape (date,).
        levels: The five quantiles of `teritwa.ensemble.summary.LEVELS`, each of shape (date,).
        colour: The colour of both bands.
        named: Whether the bands stand in the legend.
    """
    for low, high, alpha, share in ((0, 4, 0.18, 90), (1, 3, 0.32, 50)):
        label = f"{share} % of runs" if named else None
        axes.fill_between(
            dates, levels[low], levels[high], color=colour, alpha=alpha, linewidth=0, label=label
        )


def draw_median_and_bands(
    axes: "Axes",
    dates: NDArray[np.datetime64],
    levels: Sequence[NDArray[np.float64]],
    style: tuple[str, str, str],
) -> None:
    """Draw a median over the bands of `draw_bands`.

    Args:
        axes: The axes.
        dates: Shape (date,).
        levels: As in `draw_bands`.
        style: The label, colour and line style of the median.
    """
    label, colour, line = style
    draw_bands(axes, dates, levels, colour)
    axes.plot(dates, levels[2], color=colour, linestyle=line, linewidth=1.6, label=label)
