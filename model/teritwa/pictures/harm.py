"""Who harmed how many, as the United Nations would count them, quarter by quarter beside what was counted."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.observed_levels import Figure as Published
from teritwa.analysis.observed_levels import observed_of
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS, named_counts
from teritwa.pictures.fans import name_sources
from teritwa.pictures.style import INK, OKABE_ITO, Table, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PERPETRATORS = ("gang", "police", "brigade", "mission", "army")
_PANELS = {
    "killed_counted": "Killed, by perpetrator, as the United Nations would count",
    "injured_counted": "Injured, by perpetrator, as the United Nations would count",
    "kidnapped": "Kidnapped",
}
_NAMES = ("all", "by gangs", "by the police", "by brigades", "by the mission", "by the army")
_COLOURS = (INK, OKABE_ITO[2], OKABE_ITO[1], OKABE_ITO[5], OKABE_ITO[3], OKABE_ITO[4])
_APART = 0.14
"""Between the perpetrators of one quarter, in quarters."""


def quarters(dates: NDArray[np.datetime64]) -> tuple[NDArray[np.intp], list[str]]:
    """Return where each calendar quarter begins in consecutive dates, and its name."""
    months = dates.astype("datetime64[M]").astype(int)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(months // 3)) + 1]).astype(np.intp)
    return starts, [f"{dates[i].item().year} Q{months[i] % 12 // 3 + 1}" for i in starts]


def series_of(outcome: str) -> tuple[str, ...]:
    """Return the series drawn of an outcome: the total and, but for kidnappings, one a perpetrator."""
    parts = () if outcome == "kidnapped" else tuple(f"{outcome}.{who}" for who in _PERPETRATORS)
    return (outcome, *parts)


def harm_table(result: Result) -> Table:
    """Return what `harm` draws: the quantiles of `LEVELS` for each quarter, outcome and perpetrator, and n."""
    starts, names = quarters(result.dates)
    along = {"perpetrator": result.labels("perpetrator")}
    rows: list[tuple[object, ...]] = []
    for outcome in _PANELS:
        series = {name: values for name, _, values in named_counts(outcome, result.runs(outcome), along)}
        for who in series_of(outcome):
            sums = np.add.reduceat(series[who], starts, axis=1)
            for quarter, levels in zip(names, np.quantile(sums, LEVELS, axis=0).T, strict=True):
                rows.append((quarter, who, *levels.tolist(), len(sums)))
    columns = ("quarter", "outcome", *(f"q{100 * level:02.0f}" for level in LEVELS), "n")
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def harm(result: Result) -> tuple["Figure", NDArray[np.object_]]:
    """Draw the killed, injured and kidnapped of each quarter as intervals over runs, published counts as diamonds."""
    with house_style():
        figure = new_figure(8.6)
        panels = figure.subplots(3, 1, sharex=True, height_ratios=[3.0, 2.2, 1.7])
        figure.subplots_adjust(left=0.095, right=0.985, top=0.91, bottom=0.105, hspace=0.16)
        table = harm_table(result)
        published: list[Published] = []
        for axes, (outcome, head) in zip(panels, _PANELS.items(), strict=True):
            published += _draw_panel(axes, result, table, outcome)
            axes.set_title(head, loc="left", fontsize=9, fontweight="bold", pad=4)
        panels[-1].set_xticks(range(len(quarters(result.dates)[1])), _tick_labels(result.dates))
        reading = "thick: 50 % of runs, thin: 90 %, dash: median"
        figure.text(0.012, 0.982, f"Harm by quarter: {result.title}", fontsize=10, fontweight="bold", va="top")
        figure.text(0.012, 0.957, f"n = {result.count} runs; {reading}", fontsize=8, color="#555555", va="top")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.54, 0.03), ncols=7, handlelength=1.0)
        name_sources(figure, published)
        return figure, panels


def _tick_labels(dates: NDArray[np.datetime64]) -> list[str]:
    """The names of the quarters, those at the ends marked where the result holds only a part of them."""
    _, names = quarters(dates)
    begin, end = dates[0].astype("datetime64[M]"), (dates[-1] + 1).astype("datetime64[M]")
    part = {0: begin.astype(int) % 3 != 0 or begin.astype("datetime64[D]") != dates[0]}
    last = end.astype(int) % 3 != 0 or end.astype("datetime64[D]") != dates[-1] + 1
    part[len(names) - 1] = part.get(len(names) - 1, False) or last
    return [f"{name}\n(part)" if part.get(i) else name for i, name in enumerate(names)]


def _draw_panel(axes: "Axes", result: Result, table: Table, outcome: str) -> list[Published]:
    """Draw one outcome and return the published counts that stand beside it."""
    from matplotlib.ticker import FuncFormatter

    series, count = series_of(outcome), len(quarters(result.dates)[1])
    published: list[Published] = []
    for i, who in enumerate(series):
        offset = (i - (len(series) - 1) / 2) * _APART
        _draw_series(axes, table, who, (offset, i))
        published += _draw_counted(axes, result, who, (offset, i))
    for boundary in range(1, count):
        axes.axvline(boundary - 0.5, color="#d9d9d9", linewidth=0.6)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(bottom=0)
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.set_ylabel("persons")
    return published


def _draw_series(axes: "Axes", table: Table, who: str, place: tuple[float, int]) -> None:
    """Draw the intervals of a total or perpetrator; ``place`` is where in its quarter it stands, and its number."""
    offset, i = place
    rows = [row for row, name in enumerate(table["outcome"]) if name == who]
    low, half_low, median, half_high, high = (_floats(table[f"q{100 * level:02.0f}"], rows) for level in LEVELS)
    where = np.arange(len(rows)) + offset
    axes.vlines(where, low, high, color=_COLOURS[i], linewidth=1.0)
    axes.vlines(where, half_low, half_high, color=_COLOURS[i], linewidth=4.0, label=_NAMES[i])
    axes.hlines(median, where - 0.06, where + 0.06, color=_COLOURS[i], linewidth=1.8)


def _floats(column: Sequence[object], rows: Sequence[int]) -> NDArray[np.float64]:
    return np.asarray([column[row] for row in rows], np.float64)


def _draw_counted(axes: "Axes", result: Result, who: str, place: tuple[float, int]) -> list[Published]:
    """Put the published counts of a perpetrator, with their range, on their quarters, when the world is Haiti."""
    if result.manifest["world"]["name"] != "Haiti":
        return []
    _, names = quarters(result.dates)
    start, end = (date.fromisoformat(str(result.manifest[key])) for key in ("start", "end"))
    counted = observed_of(who, start, end)
    if counted:
        where = [names.index(f"{one.start.year} Q{(one.start.month - 1) // 3 + 1}") + place[0] for one in counted]
        ranges = [[one.value - one.low for one in counted], [one.high - one.value for one in counted]]
        axes.errorbar(
            where, [one.value for one in counted], ranges, fmt="D", color="white", markeredgecolor=_COLOURS[place[1]],
            ecolor=_COLOURS[place[1]], elinewidth=0.9, capsize=2, markeredgewidth=1.2, markersize=5, zorder=5,
            label="published" if place[1] == 0 else None,
        )  # fmt: skip
    return counted
