"""Who harmed how many by quarter, as the United Nations would count, beside published counts."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.observed_levels import ObservedLevel
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import named_counts
from teritwa.pictures.fans import name_publishers, published_of, ranges_of
from teritwa.pictures.style import (
    HAIRLINE,
    INK,
    NOTE_COLOUR,
    OKABE_ITO,
    house_style,
    new_figure,
    number_tick,
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

_TITLES = {
    "killed_counted": "Killed, by perpetrator, as the United Nations would count",
    "injured_counted": "Injured, by perpetrator, as the United Nations would count",
    "kidnapped": "Kidnapped",
}
"""The outcome of each panel, and its title."""

_PERPETRATORS = {
    "gang": ("by gangs", OKABE_ITO[2]),
    "police": ("by the police", OKABE_ITO[1]),
    "brigade": ("by brigades", OKABE_ITO[5]),
    "mission": ("by the mission", OKABE_ITO[3]),
    "army": ("by the army", OKABE_ITO[4]),
}
"""Label and colour of each of `teritwa.world.codes.PERPETRATORS` whom the United Nations counts, in
the order drawn."""

_STYLES = (("all", INK), *_PERPETRATORS.values())
"""Label and colour of each series of a panel."""

_STEP = 0.14
"""Between the perpetrators of one quarter, in quarters."""

Place = tuple[float, int]
"""Where a series stands within its quarter, in quarters from its middle, and its number."""


def quarters(dates: NDArray[np.datetime64]) -> tuple[NDArray[np.intp], list[str]]:
    """Return where each calendar quarter begins in consecutive dates, and its name.

    Args:
        dates: Shape (date,).

    Returns:
        Positions in ``dates``, shape (quarter,), the first of them 0; and names such as 2024 Q1.
    """
    months = dates.astype("datetime64[M]").astype(int)
    changes = np.flatnonzero(np.diff(months // 3)) + 1
    starts = np.concatenate([[0], changes]).astype(np.intp)
    return starts, [f"{dates[i].item().year} Q{months[i] % 12 // 3 + 1}" for i in starts]


def series_of(outcome: str) -> tuple[str, ...]:
    """Return the series drawn of an outcome: all and, except for kidnappings, each perpetrator."""
    if outcome == "kidnapped":
        return (outcome,)
    return (outcome, *(f"{outcome}.{perpetrator}" for perpetrator in _PERPETRATORS))


def harm_table(result: Result) -> Table:
    """Return what `harm` draws.

    Args:
        result: A result with finished runs.

    Returns:
        A long table with the columns quarter, outcome (with the perpetrator after a dot), the
        quantiles in persons, and n (runs).
    """
    rows: list[tuple[object, ...]] = []
    for outcome in _TITLES:
        rows += _rows(result, outcome)
    return table_of_rows(("quarter", "outcome", *QUANTILES, "n"), rows)


def _rows(result: Result, outcome: str) -> list[tuple[object, ...]]:
    """Return the rows of one outcome."""
    starts, names = quarters(result.dates)
    along = {"perpetrator": result.labels("perpetrator")}
    counts = named_counts(outcome, result.runs(outcome), along)
    by_name = {name: values for name, _, values in counts}
    rows: list[tuple[object, ...]] = []
    for name in series_of(outcome):
        sums = np.add.reduceat(by_name[name], starts, axis=1)
        for quarter, levels in zip(names, quantile_rows(sums), strict=True):
            rows.append((quarter, name, *levels, len(sums)))
    return rows


def harm(result: Result) -> tuple["Figure", NDArray[np.object_]]:
    """Draw the killed, injured and kidnapped by quarter, with published counts as diamonds.

    Args:
        result: A result with finished runs.

    Returns:
        The figure and its three axes, in that order.
    """
    with house_style():
        figure = new_figure(8.6)
        panels = figure.subplots(3, 1, sharex=True, height_ratios=[3.0, 2.2, 1.7])
        figure.subplots_adjust(left=0.095, right=0.985, top=0.91, bottom=0.105, hspace=0.16)
        table = harm_table(result)
        published: list[ObservedLevel] = []
        for axes, (outcome, text) in zip(panels, _TITLES.items(), strict=True):
            published += _draw_panel(axes, result, table, outcome)
            axes.set_title(text, loc="left", fontsize=9, fontweight="bold", pad=4)
        labels = _tick_labels(result.dates)
        panels[-1].set_xticks(range(len(labels)), labels)
        _write_title(figure, result)
        _draw_legend(figure, panels[0])
        name_publishers(figure, published)
        return figure, panels


def _write_title(figure: "Figure", result: Result) -> None:
    """Write the title and how to read the picture."""
    text = f"Harm by quarter: {result.title}"
    note = f"n = {result.count} runs; thick: 50 % of runs, thin: 90 %, dash: median"
    figure.text(0.012, 0.982, text, fontsize=10, fontweight="bold", va="top")
    figure.text(0.012, 0.957, note, fontsize=8, color=NOTE_COLOUR, va="top")


def _draw_legend(figure: "Figure", axes: "Axes") -> None:
    """Draw the legend of one panel below all."""
    handles, labels = axes.get_legend_handles_labels()
    place = (0.54, 0.03)
    figure.legend(
        handles, labels, loc="lower center", bbox_to_anchor=place, ncols=7, handlelength=1.0
    )


def _tick_labels(dates: NDArray[np.datetime64]) -> list[str]:
    """Return the names of the quarters, marked where the result holds only a part of them."""
    _, names = quarters(dates)
    if not _begins_quarter(dates[0]):
        names[0] += "\n(part)"
    if not _begins_quarter(dates[-1] + 1) and not names[-1].endswith("(part)"):
        names[-1] += "\n(part)"
    return names


def _begins_quarter(day: np.datetime64) -> bool:
    """Return whether a day is the first of a calendar quarter."""
    month = day.astype("datetime64[M]")
    return bool(month.astype(int) % 3 == 0 and month.astype("datetime64[D]") == day)


def _draw_panel(axes: "Axes", result: Result, table: Table, outcome: str) -> list[ObservedLevel]:
    """Draw one outcome; return the published counts beside it."""
    series = series_of(outcome)
    published: list[ObservedLevel] = []
    for i, name in enumerate(series):
        place = ((i - (len(series) - 1) / 2) * _STEP, i)
        _draw_series(axes, table, name, place)
        published += _draw_counts(axes, result, name, place)
    count = len(quarters(result.dates)[1])
    for boundary in range(1, count):
        axes.axvline(boundary - 0.5, color=HAIRLINE, linewidth=0.6)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(bottom=0)
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_formatter(number_tick)
    axes.set_ylabel("persons")
    return published


def _draw_series(axes: "Axes", table: Table, name: str, place: Place) -> None:
    """Draw the median and the intervals of one series, quarter by quarter."""
    offset, i = place
    label, colour = _STYLES[i]
    low, half_low, median, half_high, high = quantile_lines(table, ("outcome", name))
    x = np.arange(len(median)) + offset
    axes.vlines(x, low, high, color=colour, linewidth=1.0)
    axes.vlines(x, half_low, half_high, color=colour, linewidth=4.0, label=label)
    axes.hlines(median, x - 0.06, x + 0.06, color=colour, linewidth=1.8)


def _draw_counts(axes: "Axes", result: Result, name: str, place: Place) -> list[ObservedLevel]:
    """Draw and return the published counts of one series, with their ranges, if there are any."""
    published = published_of(result, name)
    if published:
        _, names = quarters(result.dates)
        offset, i = place
        colour = _STYLES[i][1]
        axes.errorbar(
            [names.index(_quarter_of(count)) + offset for count in published],
            [count.value for count in published],
            ranges_of(published),
            fmt="D", color="white", markeredgecolor=colour, ecolor=colour, elinewidth=0.9,
            capsize=2, markeredgewidth=1.2, markersize=5, zorder=5,
            label="published" if i == 0 else None,
        )  # fmt: skip
    return published


def _quarter_of(count: ObservedLevel) -> str:
    """Return the name of the quarter in which a published count begins."""
    return f"{count.start.year} Q{(count.start.month - 1) // 3 + 1}"
