"""Predictions of later months against what was then observed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.observed_levels import observed, publishers
from teritwa.engine.formatting import format_integer
from teritwa.pictures.style import (
    BLUE,
    GREY,
    INK,
    MISSED_COLOUR,
    OKABE_ITO,
    draw_legend,
    house_style,
    mark_dates,
    name_sources,
    new_figure,
    number_tick,
    share_tick,
    title_figure,
)
from teritwa.pictures.tables import Record, Table, number, numbers, records
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_TITLES: Mapping[str, str] = {
    "displaced": "displaced, persons",
    "killed_counted": "killed, persons a quarter",
    "injured_counted": "injured, persons a quarter",
    "kidnapped": "kidnapped, persons a quarter",
    "killed_counted.brigade": "killed by brigades, persons a quarter",
    "gang_control_capital": "capital held by gangs, share of people",
}
"""The outcomes that the picture shows if there are scores, in this order, and their titles."""

_REFERENCES = {"persistence": ("s", OKABE_ITO[4], 14), "trend": ("^", OKABE_ITO[3], 23)}
"""Mark and colour of each reference forecast, and its distance from the model's intervals, days."""

_INTERVALS = ((90, "#cfe3f1"), (80, "#86b9dc"), (50, BLUE))
"""Per cent of the model's intervals, and their colours."""

_BEFORE, _AFTER = timedelta(20), timedelta(34)
"""Room for marks before the first day that is drawn, and after the last."""


def drawn_outcomes(scores: Table) -> list[str]:
    """Return the outcomes of a table of scores that have a panel."""
    return [name for name in PANEL_TITLES if name in set(scores["outcome"])]


def prediction_picture(
    scores: Table, history: Table, origin: date
) -> tuple["Figure", list["Axes"]]:
    """Draw figures known by a day and later ones, with what the model and simple rules predicted.

    Args:
        scores: A row for each later figure, with the fields of `teritwa.analysis.scoring`.
        history: A row for each figure, with outcome, start, end and value.
        origin: The last day of which the model knew.

    Returns:
        The figure, and the axes of each outcome.
    """
    names = drawn_outcomes(scores)
    later = [row for row in records(scores) if row["outcome"] in names]
    known = _known(history, names, origin)
    with house_style():
        figure, panels = _new_panels(len(names))
        limits = _limits([*later, *known])
        split: Any = np.datetime64(origin)  # the stubs of matplotlib know numbers alone
        for axes, name in zip(panels, names, strict=True):
            _draw_outcome(axes, _rows_of(later, name), _rows_of(known, name))
            _finish_axes(axes, name, limits)
            axes.axvline(split, color=GREY, linewidth=0.9, linestyle="--")
        runs = max((int(count) for count in numbers(later, "runs")), default=0)
        title_figure(figure, "Prediction in time", _note(runs, origin))
        draw_legend(figure, _legend_entries(), 7.5)
        name_sources(figure, _sources(names))
        return figure, panels


def _known(history: Table, names: Sequence[str], origin: date) -> list[Record]:
    """Return the figures of some outcomes that end by a day."""
    return [
        row for row in records(history) if row["outcome"] in names and _day(row["end"]) <= origin
    ]


def _sources(names: Sequence[str]) -> str:
    """Return who published the figures of some outcomes."""
    return f"figures: {publishers(one for one in observed() if one.outcome in names)}"


def _note(runs: int, origin: date) -> str:
    """Return a note on how to read the picture."""
    return (
        f"n = {format_integer(runs)} runs; nothing after {origin} (dashed) was fitted. "
        "Intervals of runs, with the error of the figure where one is stated.\n"
        "Persistence: the last figure stays; its line is 80 % of dressed persistence.\n"
        "Trend: the line through the figures of the last year."
    )


def _new_panels(count: int) -> tuple["Figure", list["Axes"]]:
    """Return a figure with axes for some outcomes."""
    rows = ceil(max(count, 1) / 2)
    height = 2.15 * rows + 1.75
    figure = new_figure(height)
    panels = list(figure.subplots(rows, 2, squeeze=False).ravel())
    edges = {"left": 0.095, "right": 0.975, "top": 1 - 1.0 / height, "bottom": 1.0 / height}
    figure.subplots_adjust(**edges, hspace=0.45, wspace=0.24)
    for axes in panels[count:]:
        axes.set_axis_off()
    return figure, panels[:count]


def _rows_of(rows: Sequence[Record], outcome: str) -> list[Record]:
    """Return the rows of one outcome."""
    return [row for row in rows if row["outcome"] == outcome]


def _day(value: object) -> date:
    """Return a cell as a date."""
    return date.fromisoformat(str(value))


def _middle(row: Record) -> date:
    """Return the middle of the days of a figure."""
    start, end = _day(row["start"]), _day(row["end"])
    return start + (end - start) / 2


def _dates(days: Sequence[date]) -> NDArray[np.datetime64]:
    """Return days as an array, shape (day,)."""
    return np.asarray(days, "datetime64[D]")


def _draw_outcome(axes: "Axes", later: Sequence[Record], known: Sequence[Record]) -> None:
    """Draw the intervals and reference forecasts of later figures, and all figures."""
    middles = _dates([_middle(row) for row in later])
    for level, colour in _INTERVALS:
        low, high = (numbers(later, f"{end}_{level}") for end in ("low", "high"))
        axes.vlines(middles, low, high, color=colour, linewidth=6.5, zorder=2)
    for row in later:
        _draw_later(axes, row)
    for row in known:
        _draw_figure(axes, row, GREY)


def _draw_later(axes: "Axes", row: Record) -> None:
    """Draw a later figure with the median and the reference forecasts."""
    _draw_median(axes, row)
    _draw_dressed(axes, row)
    for name in _REFERENCES:
        _draw_reference(axes, row, name)
    _draw_figure(axes, row, MISSED_COLOUR if number(row["inside_90"]) == 0 else INK)


def _draw_median(axes: "Axes", row: Record) -> None:
    """Draw the model's median as a dash across its intervals."""
    ends = _dates([_middle(row) + timedelta(days) for days in (-4, 4)])
    axes.hlines(number(row["median"]), *ends, color="white", linewidth=1.4, zorder=3)


def _draw_dressed(axes: "Axes", row: Record) -> None:
    """Draw the interval of dressed persistence through the mark of persistence."""
    _, colour, distance = _REFERENCES["persistence"]
    x = _dates([_middle(row) + timedelta(distance)])
    low, high = (number(row[f"dressed_{end}_80"]) for end in ("low", "high"))
    axes.vlines(x, low, high, color=colour, linewidth=1.3, zorder=2, gid="dressed")


def _draw_reference(axes: "Axes", row: Record, name: str) -> None:
    """Draw one reference forecast beside the model's intervals."""
    marker, colour, distance = _REFERENCES[name]
    x = _dates([_middle(row) + timedelta(distance)])
    axes.plot(
        x, number(row[name]), marker, color="white", zorder=4, markeredgecolor=colour,
        markersize=4.5, markeredgewidth=1.3, gid=name,
    )  # fmt: skip


def _draw_figure(axes: "Axes", row: Record, colour: str) -> None:
    """Draw a figure at the middle of its days, with a line along them."""
    value = number(row["value"])
    period = _dates([_day(row["start"]), _day(row["end"])])
    axes.hlines(value, *period, color=colour, linewidth=1.0, zorder=3.5)
    fill = colour if colour == MISSED_COLOUR else "white"
    axes.plot(
        _dates([_middle(row)]), value, "D", color=fill, markeredgecolor=colour,
        markeredgewidth=1.2, markersize=4.5, zorder=5, gid="figure",
    )  # fmt: skip


def _limits(rows: Sequence[Record]) -> NDArray[np.datetime64]:
    """Return the ends of the time axis: all days that are drawn, with some room for marks."""
    days = [_day(row[end]) for row in rows for end in ("start", "end")]
    return _dates([min(days) - _BEFORE, max(days) + _AFTER]) if days else _dates([])


def _finish_axes(axes: "Axes", name: str, limits: NDArray[np.datetime64]) -> None:
    """Write the title of an outcome, and draw its axes."""
    from matplotlib.dates import MonthLocator

    locator = MonthLocator(bymonth=(1, 7))  # type: ignore[no-untyped-call]
    mark_dates(axes, locator, offset=False)
    axes.set_xlim(*limits)
    is_share = OUTCOMES[name.partition(".")[0]].unit == "1"
    axes.set_ylim(*((0.5, 1.0) if is_share else (0.0, 1.04 * axes.get_ylim()[1])))
    axes.yaxis.set_major_formatter(share_tick if is_share else number_tick)
    axes.set_title(PANEL_TITLES[name], loc="left", fontsize=9)


def _legend_entries() -> list["Artist"]:
    """Return the entries of the legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    mark: dict[str, Any] = {
        "linestyle": "", "color": "white", "markersize": 5, "markeredgewidth": 1.2,
    }  # fmt: skip
    missed = mark | {"color": MISSED_COLOUR}
    intervals = [Patch(color=colour, label=f"model, {level} %") for level, colour in _INTERVALS]
    figures = [
        Line2D([], [], marker="D", markeredgecolor=GREY, label="figure known before", **mark),
        Line2D([], [], marker="D", markeredgecolor=INK, label="figure that came", **mark),
        Line2D(
            [], [], marker="D", markeredgecolor=MISSED_COLOUR, label="outside the 90 %", **missed
        ),
    ]
    references = [
        Line2D([], [], marker=marker, markeredgecolor=colour, label=name, **mark)
        for name, (marker, colour, _) in _REFERENCES.items()
    ]
    return [*intervals, *figures, *references]
