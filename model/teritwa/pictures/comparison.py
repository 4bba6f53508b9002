"""Several scenarios: their medians and, below, the paired difference of each from the baseline."""

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import Comparison, paired_runs
from teritwa.analysis.measures import daily
from teritwa.analysis.observed_levels import ObservedLevel
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS
from teritwa.pictures.fans import draw_legend_below, draw_published, name_publishers
from teritwa.pictures.panels import draw_bands
from teritwa.pictures.style import (
    INK,
    LINE_STYLES,
    NOTE_COLOUR,
    OKABE_ITO,
    date_axis,
    house_style,
    new_figure,
    number_axis,
    number_tick,
    outcome_title,
    title_axes,
)
from teritwa.pictures.tables import QUANTILES, Table, quantile_rows, table_of_rows
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import GridSpec

COLUMNS = 4
"""Panels of differences side by side."""

MAX_SCENARIOS = len(OKABE_ITO) - 2
"""Scenarios beside the baseline in one picture: a colour each, without yellow, faint on white."""

_TOP, _MEDIANS, _PANEL, _GAP = 0.5, 2.1, 1.36, 0.86
"""Inches: above the medians, the medians, a panel of differences, and between two of those."""

_NOTE = "Below: scenario minus baseline, run against run; median, 50 % and 90 % of pairs."

Rows = list[tuple[object, ...]]


def comparison_table(compared: Comparison, outcome: str = "gang_control_capital") -> Table:
    """Return what `comparison` draws.

    Args:
        compared: The scenarios and their baseline.
        outcome: A daily outcome.

    Returns:
        A long table with the columns scenario, what (value or difference), date, the quantiles,
        lower, equal and n. ``lower`` and ``equal`` are the shares of pairs in which the scenario is
        lower than, or equal to, the baseline.
    """
    rows: Rows = []
    for result in (compared.baseline, *compared.others):
        rows += _value_rows(result, outcome)
    for other in compared.others:
        rows += _difference_rows(compared.baseline, other, outcome)
    columns = ("scenario", "what", "date", *QUANTILES, "lower", "equal", "n")
    return table_of_rows(columns, rows)


def _value_rows(result: Result, outcome: str) -> Rows:
    """Return the rows of a scenario's own values."""
    values = daily(result, outcome)
    return [
        (result.scenario_id, "value", str(day), *levels, "", "", len(values))
        for day, levels in zip(result.dates, quantile_rows(values), strict=True)
    ]


def _difference_rows(baseline: Result, other: Result, outcome: str) -> Rows:
    """Return the rows of a scenario's differences from the baseline."""
    dates, values = paired_difference(baseline, other, outcome)
    lower, equal = (share.mean(axis=0).tolist() for share in (values < 0, values == 0))
    return [
        (other.scenario_id, "difference", str(day), *levels, less, same, len(values))
        for day, levels, less, same in zip(dates, quantile_rows(values), lower, equal, strict=True)
    ]


def paired_difference(
    baseline: Result, other: Result, outcome: str
) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Return the common days, and the outcome of a scenario minus that of the baseline.

    Args:
        baseline: The result that is subtracted.
        other: A result whose runs form pairs with those of the baseline.
        outcome: A daily outcome.

    Returns:
        Days, shape (date,), and differences in the outcome's unit, shape (pair, date).
    """
    first, second, dates = paired_runs(baseline, other)
    days = len(dates)
    return dates, daily(other, outcome)[second, :days] - daily(baseline, outcome)[first, :days]


def comparison(
    compared: Comparison, outcome: str = "gang_control_capital"
) -> tuple["Figure", NDArray[np.object_]]:
    """Draw all medians, and the paired difference of each scenario.

    Args:
        compared: At most `MAX_SCENARIOS` scenarios and their baseline.
        outcome: A daily outcome.

    Returns:
        The figure and its axes: the medians, then a panel for each scenario.
    """
    with house_style():
        figure, (top, *panels) = _new_axes(len(compared.others))
        published = _draw_medians(top, compared, outcome)
        for i, (panel, other) in enumerate(zip(panels, compared.others, strict=True)):
            _draw_difference(panel, (compared.baseline, other), outcome, _colour(i + 1))
            panel.tick_params(labelleft=i % COLUMNS == 0)
        label = f"difference from\n{compared.baseline.scenario_id}{_unit(outcome)}"
        panels[0].set_ylabel(label, fontsize=8)
        figure.text(0.01, 0.035, _NOTE, fontsize=7.5, color=NOTE_COLOUR)
        name_publishers(figure, published)
        return figure, np.array([top, *panels], dtype=object)


def _new_axes(count: int) -> tuple["Figure", list["Axes"]]:
    """Return a figure with axes for the medians and for ``count`` panels of differences."""
    rows, columns = ceil(count / COLUMNS), min(COLUMNS, count)
    legend = 0.74 + 0.17 * ceil((count + 3) / COLUMNS)
    panels = rows * _PANEL + (rows - 1) * _GAP
    figure = new_figure(_TOP + _MEDIANS + legend + panels + 0.54 + 0.12 * rows)
    (top,) = _add_axes(figure, _grid(figure, (1, 1), _TOP, _MEDIANS), 1)
    grid = _grid(figure, (rows, columns), _TOP + _MEDIANS + legend, panels)
    return figure, [top, *_add_axes(figure, grid, count)]


def _grid(figure: "Figure", shape: tuple[int, int], top: float, height: float) -> "GridSpec":
    """Return a grid (rows, columns) of some inches' height, ``top`` inches below the upper edge."""
    whole = figure.get_figheight()
    return figure.add_gridspec(
        *shape,
        left=0.12,
        right=0.985,
        top=1 - top / whole,
        bottom=1 - (top + height) / whole,
        hspace=_GAP / _PANEL,
        wspace=0.1,
    )


def _add_axes(figure: "Figure", grid: "GridSpec", count: int) -> list["Axes"]:
    """Return the first ``count`` axes of a grid, row by row, with one vertical axis for all."""
    added: list[Axes] = []
    for i in range(count):
        place = grid[i // COLUMNS, i % COLUMNS]
        added.append(figure.add_subplot(place, sharey=added[0] if added else None))
    return added


def _colour(i: int) -> str:
    """Return the colour of a scenario by its place; the baseline has the first place."""
    return OKABE_ITO[i % len(OKABE_ITO)]


def _unit(outcome: str) -> str:
    """Return the unit of a difference in brackets."""
    unit = OUTCOMES[outcome].unit
    return " (points)" if unit == "1" else f" ({unit})"


def _draw_medians(axes: "Axes", compared: Comparison, outcome: str) -> list[ObservedLevel]:
    """Draw each median, and 90 % of the baseline's runs; return the published figures drawn."""
    results = (compared.baseline, *compared.others)
    _draw_baseline_band(axes, compared.baseline, outcome)
    for i, result in enumerate(results):
        axes.plot(
            result.dates,
            np.quantile(daily(result, outcome), 0.5, axis=0),
            color=_colour(i),
            linestyle=LINE_STYLES[i % len(LINE_STYLES)],
            linewidth=1.7,
            label=result.scenario_id,
        )
    published = draw_published(axes, compared.baseline, outcome)
    date_axis(axes, compared.baseline.dates)
    number_axis(axes, outcome)
    counts = ", ".join(sorted({str(result.count) for result in results}))
    note = f"n = {counts} runs a scenario; run by run they share the same chance"
    title_axes(axes, f"{outcome_title(outcome)}: medians", note)
    draw_legend_below(axes, columns=4, handlelength=2.4, y=-0.1)
    return published


def _draw_baseline_band(axes: "Axes", baseline: Result, outcome: str) -> None:
    """Draw where 90 % of the baseline's runs lie."""
    low, high = np.quantile(daily(baseline, outcome), (LEVELS[0], LEVELS[-1]), axis=0)
    label = f"90 % of {baseline.scenario_id}"
    axes.fill_between(baseline.dates, low, high, color=INK, alpha=0.12, linewidth=0, label=label)


def _draw_difference(axes: "Axes", pair: tuple[Result, Result], outcome: str, colour: str) -> None:
    """Draw a scenario's paired difference from the baseline, and how often it is lower."""
    dates, difference = paired_difference(*pair, outcome)
    scale = 100 if OUTCOMES[outcome].unit == "1" else 1
    levels = list(np.quantile(difference * scale, LEVELS, axis=0))
    draw_bands(axes, dates, levels, colour, named=False)
    axes.plot(dates, levels[2], color=colour, linewidth=1.5)
    axes.axhline(0, color=INK, linewidth=0.9)
    date_axis(axes, dates, most=5)
    axes.tick_params(labelsize=7)
    axes.yaxis.set_major_formatter(number_tick)
    name = pair[1].scenario_id
    axes.set_title(name, loc="left", color=colour, fontsize=9, fontweight="bold", pad=24)
    note = _last_day_note(difference[:, -1])
    axes.text(0, 1.03, note, transform=axes.transAxes, fontsize=7, va="bottom")


def _last_day_note(last: NDArray[np.float64]) -> str:
    """Return a note on how often the scenario is lower, equal and higher on the last day."""
    shares = (last < 0, last == 0, last > 0)
    lower, equal, higher = (100 * float(share.mean()) for share in shares)
    return (
        f"last day: lower {lower:.0f} %,\nequal {equal:.0f} %, higher {higher:.0f} % of {len(last)}"
    )
