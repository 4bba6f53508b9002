"""Scenarios together: their medians, and below each one's paired difference from the baseline."""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import Comparison, common
from teritwa.analysis.measures import daily
from teritwa.analysis.observed_levels import Figure as Published
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS
from teritwa.pictures.fans import draw_observed, name_sources
from teritwa.pictures.style import (
    HEADS,
    INK,
    LINES,
    OKABE_ITO,
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
    from matplotlib.gridspec import GridSpec

COLUMNS = 4
"""Panels of differences side by side."""

MOST = len(OKABE_ITO) - 2
"""Scenarios beside the baseline that one picture tells apart: a colour each, but not yellow, faint on white."""


def comparison_table(comparison: Comparison, outcome: str = "gang_control_capital") -> Table:
    """Return what `comparison` draws, as a long table of quantiles of values and of differences.

    Columns: scenario, what (value or difference), date, the quantiles of `LEVELS`, better, tied, n;
    ``better`` and ``tied`` are shares of pairs in which the scenario is lower than, or equal to, the
    baseline.
    """
    rows: list[tuple[object, ...]] = []
    for result in (comparison.baseline, *comparison.others):
        rows += _quantile_rows(result, "value", result.dates, daily(result, outcome))
    for other in comparison.others:
        dates, difference = paired_difference(comparison.baseline, other, outcome)
        rows += _quantile_rows(other, "difference", dates, difference)
    columns = (
        "scenario",
        "what",
        "date",
        *(f"q{100 * level:02.0f}" for level in LEVELS),
        "better",
        "tied",
        "n",
    )
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def paired_difference(base: Result, other: Result, outcome: str) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Return the common days and, for each pair of runs, scenario minus baseline (pair, date)."""
    first, second, dates = common(base, other)
    days = len(dates)
    return dates, daily(other, outcome)[second, :days] - daily(base, outcome)[first, :days]


def _quantile_rows(
    result: Result, what: str, dates: NDArray[np.datetime64], values: NDArray[np.float64]
) -> list[tuple[object, ...]]:
    levels = np.quantile(values, LEVELS, axis=0).T.tolist()
    is_difference = what == "difference"
    better = (values < 0).mean(axis=0).tolist() if is_difference else [""] * len(dates)
    tied = (values == 0).mean(axis=0).tolist() if is_difference else [""] * len(dates)
    return [
        (result.scenario_id, what, str(day), *line, up, same, len(values))
        for day, line, up, same in zip(dates, levels, better, tied, strict=True)
    ]


def comparison(compared: Comparison, outcome: str = "gang_control_capital") -> tuple["Figure", NDArray[np.object_]]:
    """Draw all medians (first of the axes) and each scenario's paired difference (the others)."""
    others = compared.others
    down, across = ceil(len(others) / COLUMNS), min(COLUMNS, len(others))
    with house_style():
        figure, (whole, grid) = _laid_out(down, across, ceil((len(others) + 3) / COLUMNS))
        top = figure.add_subplot(whole[0])
        published = _draw_medians(top, compared, outcome)
        panels: list[Axes] = []
        for i, other in enumerate(others):
            panel = figure.add_subplot(grid[i // COLUMNS, i % COLUMNS], sharey=panels[0] if panels else None)
            _draw_difference(panel, (compared.baseline, other), outcome, _colour(i + 1))
            panel.tick_params(labelleft=i % COLUMNS == 0)
            panels.append(panel)
        panels[0].set_ylabel(f"difference from\n{compared.baseline.scenario_id}{_unit(outcome)}", fontsize=8)
        reading = "Below: scenario minus baseline, run against run; median, 50 % and 90 % of pairs. Better is lower."
        figure.text(0.01, 0.035, reading, fontsize=7.5, color="#555555")
        name_sources(figure, published)
        return figure, np.array([top, *panels], dtype=object)


def _laid_out(down: int, across: int, lines: int) -> tuple["Figure", tuple["GridSpec", "GridSpec"]]:
    """Return a figure with places for the medians, their legend of so many lines, and rows of panels (in inches)."""
    head, medians, panel, apart, foot = 0.5, 2.1, 1.36, 0.86, 0.54 + 0.12 * down
    panels = down * panel + (down - 1) * apart
    legend = 0.74 + 0.17 * lines
    height = head + medians + legend + panels + foot
    figure = new_figure(height)

    def places(rows: int, columns: int, top: float, deep: float) -> "GridSpec":
        within = {"left": 0.12, "right": 0.985, "top": 1 - top / height, "bottom": 1 - (top + deep) / height}
        return figure.add_gridspec(rows, columns, hspace=apart / panel, wspace=0.1, **within)

    return figure, (places(1, 1, head, medians), places(down, across, head + medians + legend, panels))


def _colour(i: int) -> str:
    return OKABE_ITO[i % len(OKABE_ITO)]


def _unit(outcome: str) -> str:
    return " (points)" if OUTCOMES[outcome].unit == "1" else f" ({OUTCOMES[outcome].unit})"


def _draw_medians(axes: "Axes", compared: Comparison, outcome: str) -> list[Published]:
    """Draw every median, the baseline with a band of nine tenths of its runs; return the published figures drawn."""
    for i, result in enumerate((compared.baseline, *compared.others)):
        low, _, median, _, high = np.quantile(daily(result, outcome), LEVELS, axis=0)
        if i == 0:
            label = f"90 % of {result.scenario_id}"
            axes.fill_between(result.dates, low, high, color=INK, alpha=0.12, linewidth=0, label=label)
        axes.plot(
            result.dates,
            median,
            color=_colour(i),
            linestyle=LINES[i % len(LINES)],
            linewidth=1.7,
            label=result.scenario_id,
        )
    published = draw_observed(axes, compared.baseline, outcome)
    months(axes, compared.baseline.dates)
    number_axis(axes, outcome)
    counts = ", ".join(sorted({str(result.count) for result in (compared.baseline, *compared.others)}))
    reading = f"n = {counts} runs a scenario; run by run they share the same chance"
    title(axes, f"{HEADS.get(outcome, outcome)}: medians", reading)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=4, handlelength=2.4, columnspacing=1.4)
    return published


def _draw_difference(axes: "Axes", pair: tuple[Result, Result], outcome: str, colour: str) -> None:
    """Draw one scenario's paired difference with its zero line and how often it is better on the last day."""
    from matplotlib.ticker import FuncFormatter

    dates, difference = paired_difference(*pair, outcome)
    shown = difference * (100 if OUTCOMES[outcome].unit == "1" else 1)
    low, half_low, median, half_high, high = np.quantile(shown, LEVELS, axis=0)
    axes.fill_between(dates, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.fill_between(dates, half_low, half_high, color=colour, alpha=0.32, linewidth=0)
    axes.plot(dates, median, color=colour, linewidth=1.5)
    axes.axhline(0, color=INK, linewidth=0.9)
    months(axes, dates, most=5)
    axes.tick_params(labelsize=7)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.set_title(pair[1].scenario_id, loc="left", color=colour, fontsize=9, fontweight="bold", pad=24)
    axes.text(0, 1.03, _chances(difference[:, -1]), transform=axes.transAxes, fontsize=7, va="bottom")


def _chances(last: Sequence[float] | NDArray[np.float64]) -> str:
    """How often the scenario is better, the same and worse on the last day."""
    values = np.asarray(last)
    better, tied, worse = (100 * float(share.mean()) for share in (values < 0, values == 0, values > 0))
    return f"last day: better {better:.0f} %,\ntied {tied:.0f} %, worse {worse:.0f} % of {len(values)}"
