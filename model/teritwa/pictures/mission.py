"""The mission's officers over time: how many were deployed and how many of them could operate."""

from typing import TYPE_CHECKING

import numpy as np

from teritwa.analysis.measures import daily
from teritwa.pictures.events import draw_events
from teritwa.pictures.fans import draw_observed
from teritwa.pictures.style import GREY, OKABE_ITO, Table, house_style, months, new_figure, title
from teritwa.results import Result
from teritwa.summary import LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SERIES = (("strength", "deployed", OKABE_ITO[1], "-"), ("ready", "able to operate", OKABE_ITO[2], "--"))


def strength_table(result: Result) -> Table:
    """Return what `strength` draws by date: quantiles of strength and readiness, the median ceiling, and n."""
    table: dict[str, list[object]] = {"date": [str(day) for day in result.dates]}
    for name, _, _, _ in _SERIES:
        for level, line in zip(LEVELS, np.quantile(daily(result, name), LEVELS, axis=0), strict=True):
            table[f"{name} q{100 * level:02.0f}"] = line.tolist()
    table["authorised q50"] = np.median(daily(result, "authorised"), axis=0).tolist()
    table["n"] = [result.count] * len(result.dates)
    return table


def strength(result: Result) -> tuple["Figure", "Axes"]:
    """Draw the mission's officers, deployed and able to operate, against the ceiling of the mandate."""
    with house_style():
        figure = new_figure(4.6)
        strip, axes = figure.subplots(2, 1, sharex=True, height_ratios=[1, 3.2])
        months(axes, result.dates)
        figure.subplots_adjust(left=0.115, right=0.975, top=0.86, bottom=0.15, hspace=0.02)
        draw_events(figure, strip, axes, result)
        table = strength_table(result)
        for name, words, colour, line in _SERIES:
            low, _, median, _, high = (np.asarray(table[f"{name} q{100 * level:02.0f}"], float) for level in LEVELS)
            axes.fill_between(result.dates, low, high, color=colour, alpha=0.2, linewidth=0, label=f"{words}, 90 %")
            axes.plot(result.dates, median, color=colour, linestyle=line, linewidth=1.7, label=f"{words}, median")
        _draw_authorised(axes, result, table)
        if result.manifest["world"]["name"] == "Haiti":
            draw_observed(axes, result, "strength.mission")
        axes.set_ylim(bottom=0)
        axes.set_ylabel("officers")
        title(
            strip,
            f"The mission's officers: {result.title}",
            f"n = {result.count} runs; bands hold 90 % of them",
        )
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=3, handlelength=1.8, columnspacing=1.2)
        return figure, axes


def _draw_authorised(axes: "Axes", result: Result, table: Table) -> None:
    """A dotted line at the ceiling of the mandate, so that what arrived can be judged."""
    ceiling = np.asarray(table["authorised q50"], float)
    axes.plot(result.dates, ceiling, color=GREY, linewidth=1.2, linestyle=":", label="authorised, median")
