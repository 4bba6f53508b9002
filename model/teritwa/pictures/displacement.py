"""The displaced: how many on each day, how they live, and where they stay."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import daily
from teritwa.ensemble.result import Result
from teritwa.pictures.events import draw_events, unnamed_note
from teritwa.pictures.fans import draw_published, name_publishers
from teritwa.pictures.panels import draw_bands
from teritwa.pictures.style import (
    BLUE,
    INK,
    OKABE_ITO,
    date_axis,
    house_style,
    new_figure,
    number_tick,
    outcome_title,
    title_axes,
)
from teritwa.pictures.tables import (
    QUANTILES,
    Table,
    quantile_lines,
    quantile_rows,
    table_of_rows,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HOSTS = 12
"""Districts that are named: those that host most on the last day."""

Lines = dict[str, NDArray[np.float64]]
"""Series of persons by name, each of shape (run, date) or (run,)."""

_LIVING = ("with families", "children, of all", "in camps", "in camps, without water or aid")
_REGIONS = ("in the capital", "outside")
_HOSTED = "hosted in "
_STYLES: tuple[tuple[str, Any], ...] = (
    (OKABE_ITO[1], "-"),
    (OKABE_ITO[2], "--"),
    (OKABE_ITO[3], "-."),
    (OKABE_ITO[4], (0, (5, 1, 1, 1, 1, 1))),
)


def displacement_table(result: Result) -> Table:
    """Return what `displacement` draws.

    Args:
        result: A result with finished runs.

    Returns:
        A long table with the columns what (displaced; how they live; in or outside the capital;
        hosted in DISTRICT on the last day), date, the quantiles in persons, and n (runs).
    """
    hosts = {f"{_HOSTED}{name}": values for name, values in _hosts(result).items()}
    rows = [
        *_rows(_living(result), result.dates),
        *_rows(_regions(result), result.weeks),
        *_rows(hosts, result.weeks[-1:]),
    ]
    return table_of_rows(("what", "date", *QUANTILES, "n"), rows)


def _rows(lines: Lines, dates: NDArray[np.datetime64]) -> list[tuple[object, ...]]:
    """Return the rows of some series with the same dates."""
    rows: list[tuple[object, ...]] = []
    for name, values in lines.items():
        for day, levels in zip(dates, quantile_rows(values), strict=True):
            rows.append((name, str(day), *levels, len(values)))
    return rows


def _living(result: Result) -> Lines:
    """Return how many are displaced, and how they live, each of shape (run, date)."""
    everyone, camps = daily(result, "displaced"), daily(result, "displaced_in_camps")
    children = daily(result, "children_displaced")
    without_aid = daily(result, "displaced_without_aid")
    series = (everyone, everyone - camps, children, camps, without_aid)
    return dict(zip(("displaced", *_LIVING), series, strict=True))


def _regions(result: Result) -> Lines:
    """Return how many stay in the capital and outside it, each of shape (run, week)."""
    hosted, capital = result.runs("displaced_hosted"), result.metropolitan()
    everywhere = hosted.sum(axis=2, dtype=np.float64)
    inside = hosted[:, :, capital].sum(axis=2, dtype=np.float64)
    return dict(zip(_REGIONS, (inside, everywhere - inside), strict=True))


def _hosts(result: Result) -> Lines:
    """Return how many the largest hosts have on the last day, each of shape (run, 1)."""
    last = result.runs("displaced_hosted")[:, -1].astype(np.float64)
    names = result.labels("district_name")
    order = np.argsort(-np.median(last, axis=0), kind="stable")[:HOSTS]
    return {names[i]: last[:, [i]] for i in order}


def displacement(result: Result) -> tuple["Figure", NDArray[np.object_]]:
    """Draw the displaced, how they live, whether they stay in the capital, and who hosts most.

    Args:
        result: A result with finished runs.

    Returns:
        The figure and its four axes, in that order.
    """
    with house_style():
        figure, strip, panels = _new_axes()
        table = displacement_table(result)
        date_axis(panels[0], result.dates)
        unnamed = draw_events(strip, panels[0], result)
        draw_bands(panels[0], result.dates, _levels(table, "displaced"), BLUE)
        median = _levels(table, "displaced")[2]
        panels[0].plot(result.dates, median, color=BLUE, linewidth=1.8, label="median")
        published = draw_published(panels[0], result, "displaced")
        _draw_lines(panels[1], table, _LIVING, result.dates)
        _draw_lines(panels[2], table, _REGIONS, result.weeks)
        _draw_hosts(panels[3], table)
        _finish_axes(panels, result)
        note = f"n = {result.count} runs; bands: quantiles by day{unnamed_note(unnamed)}"
        title_axes(strip, f"{outcome_title('displaced')}: {result.title}", note)
        name_publishers(figure, published)
        return figure, np.array(panels, dtype=object)


def _new_axes() -> tuple["Figure", "Axes", list["Axes"]]:
    """Return a figure, the axes of its events, and those of one large and three small panels."""
    figure = new_figure(8.4)
    edges = {"left": 0.12, "right": 0.975}
    upper = figure.add_gridspec(
        2, 1, top=0.935, bottom=0.565, height_ratios=[1, 2.6], hspace=0, **edges
    )
    lower = figure.add_gridspec(2, 2, top=0.49, bottom=0.085, hspace=0.42, wspace=0.5, **edges)
    strip = figure.add_subplot(upper[0])
    large = figure.add_subplot(upper[1], sharex=strip)
    small = [figure.add_subplot(place) for place in (lower[0, 0], lower[1, 0], lower[:, 1])]
    return figure, strip, [large, *small]


def _finish_axes(panels: Sequence["Axes"], result: Result) -> None:
    """Write titles, and draw the axes of dates and persons."""
    for axes in panels[1:3]:
        date_axis(axes, result.dates, most=5)
    for axes in panels[:3]:
        _count_axis(axes)
    titles = (
        "How they live",
        "In the capital and outside",
        f"Who hosts most, {result.weeks[-1]}",
    )
    for axes, text in zip(panels[1:], titles, strict=True):
        axes.set_title(text, loc="left", fontsize=9, fontweight="bold", pad=4)
    panels[0].legend(loc="upper left", ncols=4, handlelength=1.6, columnspacing=1.4)


def _levels(table: Table, what: str) -> list[NDArray[np.float64]]:
    """Return the five quantiles of one series."""
    return quantile_lines(table, ("what", what))


def _draw_lines(
    axes: "Axes", table: Table, names: Sequence[str], dates: NDArray[np.datetime64]
) -> None:
    """Draw several series as medians, each with a band of 90 % of the runs."""
    for name, (colour, line) in zip(names, _STYLES, strict=False):
        low, _, median, _, high = _levels(table, name)
        axes.fill_between(dates, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(dates, median, color=colour, linestyle=line, linewidth=1.6, label=name)
    axes.legend(
        loc="upper left", fontsize=7, handlelength=2.2, labelspacing=0.25, borderaxespad=0.1
    )
    axes.tick_params(labelsize=7)


def _draw_hosts(axes: "Axes", table: Table) -> None:
    """Draw how many the largest hosts have: 50 % and 90 % of runs, and the median."""
    from matplotlib.ticker import MaxNLocator

    hosts = [str(what) for what in table["what"] if str(what).startswith(_HOSTED)]
    for place, what in enumerate(hosts):
        low, half_low, median, half_high, high = (float(level[0]) for level in _levels(table, what))
        axes.hlines(place, low, high, color=BLUE, linewidth=1.0)
        axes.hlines(place, half_low, half_high, color=BLUE, linewidth=5.0)
        axes.plot(median, place, "|", color=INK, markersize=8, markeredgewidth=1.8)
    names = [what.removeprefix(_HOSTED) for what in hosts]
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.xaxis.set_major_formatter(number_tick)
    axes.set_xlabel("persons; thick: 50 % of runs, thin: 90 %", fontsize=7.5)


def _count_axis(axes: "Axes") -> None:
    """Draw persons from zero, with room above for the legend."""
    axes.set_ylim(0, 1.25 * max(axes.get_ylim()[1], 1.0))
    axes.yaxis.set_major_formatter(number_tick)
    axes.set_ylabel("persons", fontsize=8)
