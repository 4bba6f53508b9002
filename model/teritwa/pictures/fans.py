"""Fans over time: the median, where 50 % and 90 % of the runs lie, and the published figures."""

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from teritwa.analysis.measures import daily
from teritwa.analysis.observed_levels import ObservedLevel, observed_of, publishers
from teritwa.analysis.world_of_result import world_of
from teritwa.engine.formatting import format_count
from teritwa.ensemble.result import Result
from teritwa.pictures.events import draw_events, unnamed_note
from teritwa.pictures.panels import draw_bands
from teritwa.pictures.style import (
    BLUE,
    INK,
    NOTE_COLOUR,
    SMALL_PRINT,
    date_axis,
    house_style,
    new_figure,
    number_axis,
    outcome_title,
    title_axes,
)
from teritwa.pictures.tables import QUANTILES, Table, line_of, quantile_columns
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXAMPLES = 5
"""Single runs drawn as thin lines, so that nobody takes the median for a possible history."""

LEAST_HALF_SPAN = 0.15
"""Half of the least span of a share on its axis, so that noise does not look like change."""


def fan_table(result: Result, outcome: str = "gang_control_capital") -> Table:
    """Return what `fan` draws.

    Args:
        result: A result with finished runs.
        outcome: A daily outcome.

    Returns:
        By date: the quantiles over runs, n (runs), and one column for each example run.
    """
    values = daily(result, outcome)
    examples = list(zip(result.pairs, values, strict=True))[:EXAMPLES]
    return {
        "date": [str(day) for day in result.dates],
        **quantile_columns(values),
        "n": [len(values)] * len(result.dates),
        **{
            f"draw {draw} replicate {replicate}": line.tolist()
            for (draw, replicate), line in examples
        },
    }


def fan(result: Result, outcome: str = "gang_control_capital") -> tuple["Figure", "Axes"]:
    """Draw a daily outcome as a fan, with events above it and published figures as dots.

    Args:
        result: A result with finished runs.
        outcome: A daily outcome.
    """
    with house_style():
        figure = new_figure(5.0)
        strip, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, 3.6])
        date_axis(axes, result.dates)
        figure.subplots_adjust(left=0.115, right=0.975, top=0.86, bottom=0.15, hspace=0.02)
        unnamed = draw_events(strip, axes, result)
        _draw_origin(axes, result)
        _draw_runs(axes, result, fan_table(result, outcome))
        published = draw_published(axes, result, outcome)
        _limit_axis(axes, outcome)
        note = _size_note(result) + unnamed_note(unnamed)
        title_axes(strip, f"{outcome_title(outcome)}: {result.title}", note)
        draw_legend_below(axes, columns=6, handlelength=1.6, y=-0.09)
        name_publishers(figure, published)
        return figure, axes


def draw_legend_below(axes: "Axes", *, columns: int, handlelength: float, y: float) -> None:
    """Draw the legend in some columns below the axes, ``y`` (a share of their height) from them."""
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, y),
        ncols=columns,
        handlelength=handlelength,
        columnspacing=1.4,
    )


def _draw_runs(axes: "Axes", result: Result, table: Table) -> None:
    """Draw the bands, the example runs and the median of a fan's table."""
    levels = [line_of(table, name) for name in QUANTILES]
    draw_bands(axes, result.dates, levels, BLUE)
    examples = [name for name in table if name.startswith("draw ")]
    for i, name in enumerate(examples):
        label = "single runs" if i == 0 else None
        line = line_of(table, name)
        axes.plot(result.dates, line, color=INK, alpha=0.35, linewidth=0.5, label=label)
    axes.plot(result.dates, levels[2], color=BLUE, linewidth=1.8, label="median")


def _draw_origin(axes: "Axes", result: Result) -> None:
    """Draw the day up to which runs replay a past, if they do."""
    if result.manifest.get("origin"):
        day: Any = np.datetime64(result.manifest["origin"])  # matplotlib's stubs know numbers alone
        axes.axvline(day, color=NOTE_COLOUR, linewidth=0.9, linestyle=(0, (4, 3)), label="origin")


def draw_published(axes: "Axes", result: Result, outcome: str) -> list[ObservedLevel]:
    """Draw the published figures of an outcome as dots with their ranges, if the world has any.

    Returns:
        The figures that are drawn.
    """
    published = published_of(result, outcome)
    if published:
        axes.errorbar(
            np.asarray([figure.start for figure in published], "datetime64[D]"),
            [figure.value for figure in published],
            ranges_of(published),
            fmt="o", color=INK, markersize=4.5, elinewidth=0.9, capsize=2.5, zorder=5,
            label="published",
        )  # fmt: skip
    return published


def published_of(result: Result, outcome: str) -> list[ObservedLevel]:
    """Return what was published of an outcome in the world and within the days of a result."""
    start, end = (date.fromisoformat(str(result.manifest[key])) for key in ("start", "end"))
    return observed_of(outcome, start, end, world_of(result))


def ranges_of(published: list[ObservedLevel]) -> list[list[float]]:
    """Return how far the range of each published figure lies below it and above it."""
    below = [figure.value - figure.low for figure in published]
    above = [figure.high - figure.value for figure in published]
    return [below, above]


def _limit_axis(axes: "Axes", outcome: str) -> None:
    """Widen the vertical axis of a share to the least span; begin that of a count at zero."""
    low, high = axes.get_ylim()
    if OUTCOMES[outcome].unit == "1":
        middle, half = (low + high) / 2, max((high - low) / 2, LEAST_HALF_SPAN)
        axes.set_ylim(max(0.0, middle - half), min(1.0, middle + half))
    else:
        axes.set_ylim(bottom=min(0.0, low))
    number_axis(axes, outcome)


def _size_note(result: Result) -> str:
    """Return a note on how many runs there are."""
    failed = f", {result.manifest['failed']} failed" if result.manifest["failed"] else ""
    draws = format_count(result.manifest["draws"], "draw")
    replicates = format_count(result.manifest["replicates"], "replicate")
    runs = f"n = {result.count} runs ({draws} x {replicates}{failed})"
    return f"{runs}; bands: quantiles by day"


def name_publishers(figure: "Figure", published: list[ObservedLevel]) -> None:
    """Write below a picture who published the dots, each publisher once."""
    if published:
        figure.text(
            0.01,
            0.012,
            f"published: {publishers(published)}",
            fontsize=SMALL_PRINT,
            color=NOTE_COLOUR,
            ha="left",
            va="bottom",
        )
