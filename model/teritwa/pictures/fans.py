"""Fans over time: the median of all runs, where half and nine tenths of them lie, and what was counted."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import daily
from teritwa.analysis.observed_levels import Figure as Published
from teritwa.analysis.observed_levels import observed_of
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS
from teritwa.pictures.events import draw_events, without_names
from teritwa.pictures.style import (
    BLUE,
    HEADS,
    INK,
    Table,
    house_style,
    months,
    new_figure,
    number_axis,
    title,
)
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXAMPLES = 5
"""Single runs drawn thinly, so that nobody takes the median for a history."""


def fan_table(result: Result, outcome: str = "gang_control_capital") -> Table:
    """Return what `fan` draws: date, the quantiles of `LEVELS`, n, and the example runs."""
    values = daily(result, outcome)
    table: dict[str, Sequence[object]] = {"date": [str(day) for day in result.dates]}
    for level, line in zip(LEVELS, np.quantile(values, LEVELS, axis=0), strict=True):
        table[f"q{100 * level:02.0f}"] = line.tolist()
    table["n"] = [len(values)] * len(result.dates)
    for (draw, replicate), line in list(zip(result.pairs, values, strict=True))[:EXAMPLES]:
        table[f"draw {draw} replicate {replicate}"] = line.tolist()
    return table


def fan(result: Result, outcome: str = "gang_control_capital") -> tuple["Figure", "Axes"]:
    """Draw one daily outcome as a fan, with the events above and the published figures as dots."""
    with house_style():
        figure = new_figure(5.0)
        strip, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, 3.6])
        months(axes, result.dates)
        figure.subplots_adjust(left=0.115, right=0.975, top=0.86, bottom=0.15, hspace=0.02)
        unnamed = draw_events(figure, strip, axes, result)
        _draw_band(axes, result, fan_table(result, outcome))
        figures = draw_observed(axes, result, outcome)
        _frame(axes, outcome)
        title(strip, f"{HEADS.get(outcome, outcome)}: {result.title}", _reading(result, unnamed))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=5, handlelength=1.6, columnspacing=1.4)
        name_sources(figure, figures)
        return figure, axes


def _draw_band(axes: "Axes", result: Result, table: Table) -> None:
    """Draw the nested bands, the median and the example runs of a fan's table."""
    band: dict[str, Any] = {"linewidth": 0, "color": BLUE}
    axes.fill_between(result.dates, _line(table, "q05"), _line(table, "q95"), alpha=0.18, label="90 % of runs", **band)
    axes.fill_between(result.dates, _line(table, "q25"), _line(table, "q75"), alpha=0.32, label="50 % of runs", **band)
    examples = [name for name in table if name.startswith("draw ")]
    for i, name in enumerate(examples):
        label = "single runs" if i == 0 else None
        axes.plot(result.dates, _line(table, name), color=INK, alpha=0.35, linewidth=0.5, label=label)
    axes.plot(result.dates, _line(table, "q50"), color=BLUE, linewidth=1.8, label="median")


def _line(table: Table, name: str) -> NDArray[np.float64]:
    return np.asarray(table[name], np.float64)


def draw_observed(axes: "Axes", result: Result, outcome: str) -> list[Published]:
    """Add the published figures as dots with their range, if the world is Haiti; return them."""
    if result.manifest["world"]["name"] != "Haiti":
        return []
    start, end = (date.fromisoformat(str(result.manifest[key])) for key in ("start", "end"))
    figures = observed_of(outcome, start, end)
    if figures:
        below = [figure.value - figure.low for figure in figures]
        above = [figure.high - figure.value for figure in figures]
        axes.errorbar(
            np.asarray([figure.start for figure in figures], "datetime64[D]"),
            [figure.value for figure in figures],
            [below, above],
            fmt="o", color=INK, markersize=4.5, elinewidth=0.9, capsize=2.5, zorder=5, label="published",
        )  # fmt: skip
    return figures


def _frame(axes: "Axes", outcome: str) -> None:
    """Give shares a span of at least 30 points, lest noise look like change; counts, their zero."""
    low, high = axes.get_ylim()
    if OUTCOMES[outcome].unit == "1":
        middle, half = (low + high) / 2, max((high - low) / 2, 0.15)
        axes.set_ylim(max(0.0, middle - half), min(1.0, middle + half))
    else:
        axes.set_ylim(bottom=min(0.0, low))
    number_axis(axes, outcome)


def _reading(result: Result, unnamed: int) -> str:
    failed = f", {result.manifest['failed']} failed" if result.manifest["failed"] else ""
    draws, replicates = result.manifest["draws"], result.manifest["replicates"]
    size = f"{draws} {'draw' if draws == 1 else 'draws'} x {replicates} {'replicate' if replicates == 1 else 'replicates'}{failed}"
    more = without_names(unnamed)
    return f"n = {result.count} runs ({size}); bands: quantiles by day{more}"


def name_sources(figure: "Figure", figures: list[Published]) -> None:
    """Write below the picture who published the dots, each once."""
    names = list(dict.fromkeys(published.publisher for published in figures))
    if names:
        figure.text(
            0.01,
            0.012,
            f"published: {'; '.join(names)}",
            fontsize=6.5,
            color="#555555",
            ha="left",
            va="bottom",
        )
