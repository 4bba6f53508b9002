"""The displaced: how many by day, how they live, and where they stay."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import daily
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS
from teritwa.pictures.events import draw_events, without_names
from teritwa.pictures.fans import draw_observed, name_sources
from teritwa.pictures.style import (
    BLUE,
    INK,
    OKABE_ITO,
    Table,
    house_style,
    months,
    new_figure,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HOSTS = 12
"""Districts named, those that host most on the last day."""

Lines = dict[str, NDArray[np.float64]]
_STYLES = ((OKABE_ITO[1], "-"), (OKABE_ITO[2], "--"), (OKABE_ITO[3], "-."), (OKABE_ITO[4], (0, (5, 1, 1, 1, 1, 1))))


def displacement_table(result: Result) -> Table:
    """Return what `displacement` draws, as a long table of the quantiles of `LEVELS`.

    Columns: what (displaced; how they live; in or outside the capital; hosted in DISTRICT on the last day), date, the
    quantiles in persons, and n.
    """
    rows: list[tuple[object, ...]] = []
    last = str(result.weeks[-1])
    series = [(name, [str(day) for day in result.dates], values) for name, values in _ways(result).items()]
    series += [(name, [str(day) for day in result.weeks], values) for name, values in _places(result).items()]
    series += [(f"hosted in {name}", [last], values[:, None]) for name, values in _hosts(result).items()]
    for name, dates, values in series:
        for day, levels in zip(dates, np.quantile(values, LEVELS, axis=0).T, strict=True):
            rows.append((name, day, *levels.tolist(), len(values)))
    columns = ("what", "date", *(f"q{100 * level:02.0f}" for level in LEVELS), "n")
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def _ways(result: Result) -> Lines:
    """Return how many are displaced, and how they live, by run and date."""
    everyone, camps = daily(result, "displaced"), daily(result, "displaced_in_camps")
    return {
        "displaced": everyone,
        "with families": everyone - camps,
        "children, of all": daily(result, "children_displaced"),
        "in camps": camps,
        "in camps, without water or aid": daily(result, "displaced_without_aid"),
    }


def _places(result: Result) -> Lines:
    """Return how many stay in the capital and outside it, by run and week."""
    hosted, capital = result.runs("displaced_hosted").astype(np.float64), result.metropolitan()
    return {"in the capital": hosted[:, :, capital].sum(axis=2), "outside": hosted[:, :, ~capital].sum(axis=2)}


def _hosts(result: Result) -> Lines:
    """Return how many the districts with the largest medians host on the last day, by run."""
    last = result.runs("displaced_hosted")[:, -1].astype(np.float64)
    names, medians = result.labels("district_name"), np.median(last, axis=0)
    order = np.argsort(-medians, kind="stable")[:HOSTS]
    return {names[i]: last[:, i] for i in order}


def displacement(result: Result) -> tuple["Figure", NDArray[np.object_]]:
    """Draw the displaced by day; how they live; whether they stay in the capital; and who hosts most."""
    with house_style():
        figure, (strip, whole, ways, places, hosts) = _laid_out()
        table = displacement_table(result)
        months(whole, result.dates)
        unnamed = draw_events(figure, strip, whole, result)
        _draw_whole(whole, result, table)
        published = draw_observed(whole, result, "displaced")
        _draw_lines(ways, table, list(_ways(result))[1:], result.dates)
        _draw_lines(places, table, list(_places(result)), result.weeks)
        _draw_hosts(hosts, table)
        for axes in (ways, places):
            months(axes, result.dates, most=5)
        for axes in (whole, ways, places):
            _count_axis(axes)
        heads = ("How they live", "In the capital and outside", f"Who hosts most, {result.weeks[-1]}")
        for axes, head in zip((ways, places, hosts), heads, strict=True):
            axes.set_title(head, loc="left", fontsize=9, fontweight="bold", pad=4)
        whole.legend(loc="upper left", ncols=4, handlelength=1.6, columnspacing=1.4)
        more = without_names(unnamed)
        title(strip, f"People displaced: {result.title}", f"n = {result.count} runs; bands: quantiles by day{more}")
        name_sources(figure, published)
        return figure, np.array([whole, ways, places, hosts], dtype=object)


def _laid_out() -> tuple["Figure", tuple["Axes", ...]]:
    """Return a figure with the strip of events and the large panel, below it two panels left and one right."""
    figure = new_figure(8.4)
    top = figure.add_gridspec(2, 1, left=0.12, right=0.975, top=0.935, bottom=0.565, height_ratios=[1, 2.6], hspace=0)
    low = figure.add_gridspec(2, 2, left=0.12, right=0.975, top=0.49, bottom=0.085, hspace=0.42, wspace=0.5)
    strip = figure.add_subplot(top[0])
    whole = figure.add_subplot(top[1], sharex=strip)
    return figure, (strip, whole, *(figure.add_subplot(place) for place in (low[0, 0], low[1, 0], low[:, 1])))


def _levels(table: Table, what: str) -> list[NDArray[np.float64]]:
    """The five quantiles of one series."""
    rows = [row for row, name in enumerate(table["what"]) if name == what]
    return [np.asarray([table[f"q{100 * level:02.0f}"][row] for row in rows], np.float64) for level in LEVELS]


def _draw_whole(axes: "Axes", result: Result, table: Table) -> None:
    low, half_low, median, half_high, high = _levels(table, "displaced")
    axes.fill_between(result.dates, low, high, color=BLUE, alpha=0.18, linewidth=0, label="90 % of runs")
    axes.fill_between(result.dates, half_low, half_high, color=BLUE, alpha=0.32, linewidth=0, label="50 % of runs")
    axes.plot(result.dates, median, color=BLUE, linewidth=1.8, label="median")


def _draw_lines(axes: "Axes", table: Table, names: Sequence[str], dates: NDArray[np.datetime64]) -> None:
    """Draw several series as medians, each with a band of nine tenths of the runs."""
    for name, (colour, line) in zip(names, _STYLES, strict=False):
        low, _, median, _, high = _levels(table, name)
        axes.fill_between(dates, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(dates, median, color=colour, linestyle=line, linewidth=1.6, label=name)
    axes.legend(loc="upper left", fontsize=7, handlelength=2.2, labelspacing=0.25, borderaxespad=0.1)
    axes.tick_params(labelsize=7)


def _draw_hosts(axes: "Axes", table: Table) -> None:
    """Draw how many the first hosts have: 50 % and 90 % of runs, and the median."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    names = [str(name).removeprefix("hosted in ") for name in table["what"] if str(name).startswith("hosted in ")]
    for place, name in enumerate(names):
        low, half_low, median, half_high, high = (float(level[0]) for level in _levels(table, f"hosted in {name}"))
        axes.hlines(place, low, high, color=BLUE, linewidth=1.0)
        axes.hlines(place, half_low, half_high, color=BLUE, linewidth=5.0)
        axes.plot(median, place, "|", color=INK, markersize=8, markeredgewidth=1.8)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.set_xlabel("persons; thick: 50 % of runs, thin: 90 %", fontsize=7.5)


def _count_axis(axes: "Axes") -> None:
    """Draw persons from zero, with room above for the legend."""
    from matplotlib.ticker import FuncFormatter

    axes.set_ylim(0, 1.25 * max(axes.get_ylim()[1], 1.0))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.set_ylabel("persons", fontsize=8)
