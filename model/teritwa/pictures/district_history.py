"""The history of a district: who holds it, how people live there, and what happened in one run."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.district_history import DistrictHistory
from teritwa.analysis.district_replay import DRIVEN_OUT, STATE_NAME, Day, DistrictReplay
from teritwa.ensemble.result import Result
from teritwa.pictures.events import ROWS, draw_events
from teritwa.pictures.panels import (
    draw_legends,
    draw_median_and_bands,
    finish_panel,
    mark_days,
    stack_panels,
)
from teritwa.pictures.style import (
    BLUE,
    GREY,
    INK,
    OKABE_ITO,
    date_axis,
    house_style,
    title_axes,
)
from teritwa.pictures.tables import (
    QUANTILES,
    Table,
    cells_of,
    quantile_lines,
    quantile_rows,
    table_of_rows,
)
from teritwa.world import HELD

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STOCKS = ("residents", "hosted", "officers", "fighters")
_STATE_COLOUR, _OTHER_COLOUR = "#dcdcdc", "#8a8a8a"
_GANG_COLOURS = (OKABE_ITO[2], OKABE_ITO[1], OKABE_ITO[3], OKABE_ITO[4], OKABE_ITO[5])
"""Colours of the gangs that hold it longest in the run; further ones share one."""

_HOLDER, _EVENTS_OF_RUN = "held by", ("attack", "operation", "cleared")
"""The rows of the panel of one run, from the top."""

_HEIGHTS = (0.95, 1.35, 1.2, 0.85, 0.85)
"""Inches of the panels of all runs."""

_RUN_HEIGHT = 0.85
"""Inches of the panel of one run."""

Row = tuple[object, ...]


def history_table(history: DistrictHistory, replay: DistrictReplay | None) -> Table:
    """Return what `history_picture` draws.

    Args:
        history: The district in all runs.
        replay: The district in one run; None leaves that run out.

    Returns:
        A long table with the columns what, date, share (of the runs), the quantiles, n (runs), and
        run: in the replayed run by day, the influence, who holds the district, who attacks, who
        operates, and when a crew is driven into hiding.
    """
    rows = [*_share_rows(history), *_quantile_rows(history)]
    if replay is not None:
        empty = [""] * len(QUANTILES)
        rows += [(what, day, "", *empty, 1, value) for what, day, value in _run_rows(replay)]
    return table_of_rows(("what", "date", "share", *QUANTILES, "n", "run"), rows)


def _share_rows(history: DistrictHistory) -> Iterator[Row]:
    """Yield the shares of runs in which gangs hold it, and in which it has fallen."""
    empty, n = [""] * len(QUANTILES), len(history.pairs)
    series = (("gangs hold it", history.held.mean(axis=0)), ("has fallen", history.fallen_share))
    for what, shares in series:
        for day, share in zip(history.weeks, shares.tolist(), strict=True):
            yield what, str(day), share, *empty, n, ""


def _quantile_rows(history: DistrictHistory) -> Iterator[Row]:
    """Yield the quantiles over runs of the influence and of stocks."""
    for what in ("influence", *_STOCKS):
        quantiles = quantile_rows(getattr(history, what))
        for day, levels in zip(history.weeks, quantiles, strict=True):
            yield what, str(day), "", *levels, len(history.pairs), ""


def _run_rows(replay: DistrictReplay) -> Iterator[tuple[str, str, object]]:
    """Yield what is drawn of one run: what, date and value."""
    for i, day in enumerate(replay.days):
        date = str(replay.start + timedelta(days=i))
        for what, value in _values_of(day).items():
            if value != "":
                yield what, date, value


def _values_of(day: Day) -> dict[str, object]:
    """Return what is drawn of one day in one run; an empty text is not drawn."""
    return {
        "influence in the run": day.influence,
        _HOLDER: day.holder,
        "attack": day.attacker,
        "operation": " ".join(day.operated),
        "cleared": 1 if DRIVEN_OUT in day.changes else "",
    }


def history_picture(
    result: Result, history: DistrictHistory, replay: DistrictReplay | None
) -> tuple["Figure", NDArray[np.object_]]:
    """Draw a district by week over all runs and, if it is replayed, one run by day.

    Args:
        result: The result of the runs.
        history: The district in all runs.
        replay: The district in one run; None leaves that run out.

    Returns:
        The figure and its axes: the share of runs in which gangs hold the district, their
        influence, the people, the officers, the fighters and, with a replay, the one run.
    """
    with house_style():
        figure, panels = _new_panels(result, history, has_run=replay is not None)
        table = history_table(history, replay)
        _draw_shares(panels[0], history, table)
        _draw_influence(panels[1], history, table, replay)
        _draw_people(panels[2], history, table)
        _draw_stock(panels[3], history, table, ("officers", BLUE))
        finish_panel(panels[3], "Officers of all forces posted there", "officers", 10)
        _draw_stock(panels[4], history, table, ("fighters", OKABE_ITO[2]))
        finish_panel(panels[4], "Gang fighters there", "persons", 10)
        draw_legends(panels[: len(_HEIGHTS)])
        if replay is not None:
            _draw_run(panels[-1], table, replay)
        return figure, np.array(panels, dtype=object)


def _new_panels(
    result: Result, history: DistrictHistory, *, has_run: bool
) -> tuple["Figure", list["Axes"]]:
    """Return a figure with title and events, and the axes of its panels."""
    events = [{"kind": "", "date": str(day), "label": words} for day, words in history.events or ()]
    rows = max(1, min(ROWS, len(events)))
    heights = (0.18 * rows, *_HEIGHTS, *([_RUN_HEIGHT] if has_run else ()))
    figure, (strip, *panels) = stack_panels(heights)
    date_axis(panels[-1], result.dates)
    about_district = replace(result, manifest={**result.manifest, "events": events})
    draw_events(strip, panels[0], about_district)
    strip.set_ylim(0, rows)
    mark_days(panels[1:], [event["date"] for event in events])
    note = f"n = {result.count} runs, by the week; bands: quantiles"
    title_axes(strip, f"{history.name}: {result.title}", note)
    return figure, panels


def _levels(table: Table, what: str) -> list[NDArray[np.float64]]:
    """Return the five quantiles of one series."""
    return quantile_lines(table, ("what", what))


def _cells(table: Table, what: str, column: str) -> list[object]:
    """Return the cells of one series."""
    return cells_of(table, ("what", what), column)


def _days(table: Table, what: str) -> NDArray[np.datetime64]:
    """Return the days of one series."""
    return np.asarray(_cells(table, what, "date"), "datetime64[D]")


def _draw_shares(axes: "Axes", history: DistrictHistory, table: Table) -> None:
    """Draw the share of runs in which gangs hold it, and in which it has fallen by then."""
    held, fallen = (
        100 * np.asarray(_cells(table, what, "share"), np.float64)
        for what in ("gangs hold it", "has fallen")
    )
    weeks = history.weeks
    axes.fill_between(weeks, 0, held, color=BLUE, alpha=0.3, linewidth=0)
    axes.plot(weeks, held, color=BLUE, linewidth=1.6, label="gangs hold it")
    label = "has fallen at least once"
    axes.plot(weeks, fallen, color=OKABE_ITO[2], linewidth=1.6, linestyle="--", label=label)
    finish_panel(axes, "Chance that gangs hold it", "% of runs", 100, empty="in no run")
    axes.set_ylim(0, 100)


def _draw_influence(
    axes: "Axes", history: DistrictHistory, table: Table, replay: DistrictReplay | None
) -> None:
    """Draw the influence of gangs in all runs and, if it is replayed, in one."""
    levels = [100 * level for level in _levels(table, "influence")]
    draw_median_and_bands(axes, history.weeks, levels, ("median", BLUE, "-"))
    if replay is not None:
        what = "influence in the run"
        values = 100 * np.asarray(_cells(table, what, "run"), np.float64)
        label = f"run {_run_name(replay)}, by day"
        axes.plot(_days(table, what), values, color=INK, linewidth=0.8, label=label)
    label = "held from here"
    axes.axhline(100 * HELD, color=GREY, linewidth=0.9, linestyle=":", label=label)
    finish_panel(axes, "Gang influence", "%", 100)
    axes.set_ylim(0, 100)


def _run_name(replay: DistrictReplay) -> str:
    """Return draw and replicate of a run, such as 3.0."""
    draw, replicate = replay.pair
    return f"{draw}.{replicate}"


def _draw_people(axes: "Axes", history: DistrictHistory, table: Table) -> None:
    """Draw the residents at home and the displaced who stay in the district."""
    styles = {
        "residents": ("residents at home", OKABE_ITO[3], "-"),
        "hosted": ("displaced who stay there", OKABE_ITO[5], "--"),
    }
    for what, style in styles.items():
        draw_median_and_bands(axes, history.weeks, _levels(table, what), style)
    finish_panel(axes, "People there", "persons", 100)


def _draw_stock(
    axes: "Axes", history: DistrictHistory, table: Table, series: tuple[str, str]
) -> None:
    """Draw one stock; ``series`` is its name and colour."""
    what, colour = series
    draw_median_and_bands(axes, history.weeks, _levels(table, what), ("median", colour, "-"))


def _draw_run(axes: "Axes", table: Table, replay: DistrictReplay) -> None:
    """Draw one run by day: a bar of who holds the district, and a tick for each event."""
    _draw_holders(axes, table)
    rows = (_HOLDER, *_EVENTS_OF_RUN)
    for y, what in enumerate(_EVENTS_OF_RUN, start=1):
        axes.vlines(_days(table, what), y - 0.35, y + 0.35, color=INK, linewidth=0.7)
    axes.set_yticks(range(len(rows)), rows, fontsize=7)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    text = f"Run {_run_name(replay)}, day by day"
    axes.set_title(text, loc="left", fontsize=8.5, fontweight="bold", pad=4)
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.005, 1.08), fontsize=7, handlelength=1.2,
        labelspacing=0.3,
    )  # fmt: skip


def _draw_holders(axes: "Axes", table: Table) -> None:
    """Draw a bar of who holds the district, with those of long hold in the legend."""
    from matplotlib.dates import date2num

    holders = [str(name) for name in _cells(table, _HOLDER, "run")]
    days = date2num(_days(table, _HOLDER))  # type: ignore[no-untyped-call]
    gangs = _by_days_held(holders)
    colours = dict(zip(gangs, _GANG_COLOURS, strict=False)) | {STATE_NAME: _STATE_COLOUR}
    for name in [STATE_NAME, *gangs]:
        spans = [(day, 1.0) for day, holder in zip(days, holders, strict=True) if holder == name]
        if spans:
            colour, label = colours.get(name, _OTHER_COLOUR), name if name in colours else None
            axes.broken_barh(spans, (-0.4, 0.8), facecolors=colour, linewidth=0, label=label)


def _by_days_held(holders: Sequence[str]) -> list[str]:
    """Return the gangs among the holders of the days, those that hold it longest first."""
    gangs = set(holders) - {STATE_NAME}
    return sorted(gangs, key=lambda name: (-holders.count(name), name))
