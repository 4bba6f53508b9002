"""The history of a district: who holds it, how people live there, and what happened in one run."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.district_history import Story
from teritwa.analysis.district_replay import DRIVEN, STATE_NAME, Retold
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS
from teritwa.pictures.events import LANES, draw_events
from teritwa.pictures.panels import bands, head, keys, stacked
from teritwa.pictures.style import BLUE, GREY, INK, OKABE_ITO, Table, house_style, months, title
from teritwa.world import HELD

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STOCKS = ("residents", "hosted", "officers", "fighters")
_STATE_COLOUR, _OTHER_COLOUR = "#dcdcdc", "#8a8a8a"
_GANGS = (OKABE_ITO[2], OKABE_ITO[1], OKABE_ITO[3], OKABE_ITO[4], OKABE_ITO[5])
"""Colours of the gangs that hold it longest in the run; further ones share one."""

_ROWS = ("held by", "attack", "operation", "cleared")
_HEIGHTS = (0.95, 1.35, 1.2, 0.85, 0.85)
"""Inches of the panels of all runs."""


def story_table(story: Story, told: Retold | None) -> Table:
    """Return what `story_picture` draws, as a long table.

    Columns: what, date, share (of the runs), the quantiles of `LEVELS`, n, run (in the run that is told, by day: the
    influence, who holds it, who attacks, who operates, and when a crew is driven into hiding).
    """
    rows: list[tuple[object, ...]] = []
    weeks, n = [str(day) for day in story.weeks], len(story.pairs)
    nothing = [""] * len(LEVELS)
    for what, shares in (("gangs hold it", story.held.mean(axis=0)), ("has fallen", story.fallen_share)):
        rows += [(what, day, share, *nothing, n, "") for day, share in zip(weeks, shares.tolist(), strict=True)]
    for what in ("influence", *_STOCKS):
        levels = np.quantile(getattr(story, what), LEVELS, axis=0).T.tolist()
        rows += [(what, day, "", *line, n, "") for day, line in zip(weeks, levels, strict=True)]
    rows += [(what, day, "", *nothing, 1, value) for what, day, value in _run_rows(told)]
    columns = ("what", "date", "share", *(f"q{100 * level:02.0f}" for level in LEVELS), "n", "run")
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def _run_rows(told: Retold | None) -> list[tuple[str, str, object]]:
    """What is drawn of one run: rows of what, date and value."""
    rows: list[tuple[str, str, object]] = []
    for i, day in enumerate(told.days if told else ()):
        when = str(told.start + timedelta(days=i)) if told else ""
        rows += [("influence in the run", when, day.influence), ("held by", when, day.holder)]
        rows += [("attack", when, day.attacker)] if day.attacker else []
        rows += [("operation", when, " ".join(day.operated))] if day.operated else []
        rows += [("cleared", when, 1)] if DRIVEN in day.turns else []
    return rows


def story_picture(result: Result, story: Story, told: Retold | None) -> tuple["Figure", NDArray[np.object_]]:
    """Draw a district by week over all runs and, if it is told, one run by day."""
    with house_style():
        events = [{"kind": "", "date": str(day), "label": words} for day, words in story.events or ()]
        lanes = max(1, min(LANES, len(events)))
        figure, (strip, *panels) = stacked((0.18 * lanes, *_HEIGHTS, *((0.85,) if told else ())))
        months(panels[-1], result.dates)
        about_it = replace(result, manifest={**result.manifest, "events": events})
        draw_events(figure, strip, panels[0], about_it)
        strip.set_ylim(0, lanes)
        for axes in panels[1:]:
            for event in events:
                axes.axvline(np.datetime64(event["date"]), color="#d9d9d9", linewidth=0.6, zorder=0.5)  # type: ignore[arg-type]
        table = story_table(story, told)
        _draw_chance(panels[0], story, table)
        _draw_influence(panels[1], story, table, told)
        _draw_people(panels[2], story, table)
        bands(panels[3], story.weeks, _levels(table, "officers"), ("median", BLUE, "-"))
        head(panels[3], "Officers of all forces posted there", "officers", 10)
        bands(panels[4], story.weeks, _levels(table, "fighters"), ("median", OKABE_ITO[2], "-"))
        head(panels[4], "Gang fighters there", "persons", 10)
        for axes in panels[: len(_HEIGHTS)]:
            keys(axes)
        if told:
            _draw_run(panels[-1], table, told)
        reading = f"n = {result.count} runs, by the week; bands: quantiles"
        title(strip, f"{story.name}: {result.title}", reading)
        return figure, np.array(panels, dtype=object)


def _column(table: Table, what: str, name: str) -> list[object]:
    return [table[name][row] for row, each in enumerate(table["what"]) if each == what]


def _levels(table: Table, what: str) -> list[NDArray[np.float64]]:
    return [np.asarray(_column(table, what, f"q{100 * level:02.0f}"), np.float64) for level in LEVELS]


def _draw_chance(axes: "Axes", story: Story, table: Table) -> None:
    """Draw the share of runs in which gangs hold it, and in which it has fallen by then."""
    held = 100 * np.asarray(_column(table, "gangs hold it", "share"), np.float64)
    fallen = 100 * np.asarray(_column(table, "has fallen", "share"), np.float64)
    axes.fill_between(story.weeks, 0, held, color=BLUE, alpha=0.3, linewidth=0)
    axes.plot(story.weeks, held, color=BLUE, linewidth=1.6, label="gangs hold it")
    axes.plot(story.weeks, fallen, color=OKABE_ITO[2], linewidth=1.6, linestyle="--", label="has fallen at least once")
    head(axes, "Chance that gangs hold it", "% of runs", 100, empty="in no run")
    axes.set_ylim(0, 100)


def _draw_influence(axes: "Axes", story: Story, table: Table, told: Retold | None) -> None:
    levels = [100 * level for level in _levels(table, "influence")]
    bands(axes, story.weeks, levels, ("median", BLUE, "-"))
    if told:
        days = np.asarray(_column(table, "influence in the run", "date"), "datetime64[D]")
        values = 100 * np.asarray(_column(table, "influence in the run", "run"), np.float64)
        axes.plot(days, values, color=INK, linewidth=0.8, label=f"run {told.pair[0]}.{told.pair[1]}, by day")
    axes.axhline(100 * HELD, color=GREY, linewidth=0.9, linestyle=":", label="held from here")
    head(axes, "Gang influence", "%", 100)
    axes.set_ylim(0, 100)


def _draw_people(axes: "Axes", story: Story, table: Table) -> None:
    bands(axes, story.weeks, _levels(table, "residents"), ("residents at home", OKABE_ITO[3], "-"))
    bands(axes, story.weeks, _levels(table, "hosted"), ("displaced who stay there", OKABE_ITO[5], "--"))
    head(axes, "People there", "persons", 100)


def _draw_run(axes: "Axes", table: Table, told: Retold) -> None:
    """Draw one run by day: a bar of who holds the district, and a tick a day for what happened there."""
    from matplotlib.dates import date2num

    holders = [str(name) for name in _column(table, "held by", "run")]
    days = date2num(np.asarray(_column(table, "held by", "date"), "datetime64[D]"))  # type: ignore[no-untyped-call]
    gangs = sorted(set(holders) - {STATE_NAME}, key=lambda name: (-holders.count(name), name))
    colours = dict.fromkeys(gangs, _OTHER_COLOUR) | {STATE_NAME: _STATE_COLOUR}
    colours |= dict(zip(gangs, _GANGS, strict=False))
    for name in [STATE_NAME, *gangs]:
        spans = [(day, 1.0) for day, holder in zip(days, holders, strict=True) if holder == name]
        if spans:
            named = name if name in (STATE_NAME, *gangs[: len(_GANGS)]) else None
            axes.broken_barh(spans, (-0.4, 0.8), facecolors=colours[name], linewidth=0, label=named)
    for place, what in enumerate(_ROWS[1:], start=1):
        when = np.asarray(_column(table, what, "date"), "datetime64[D]")
        axes.vlines(when, place - 0.35, place + 0.35, color=INK, linewidth=0.7)
    axes.set_yticks(range(len(_ROWS)), _ROWS, fontsize=7)
    axes.set_ylim(len(_ROWS) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_title(f"Run {told.pair[0]}.{told.pair[1]}, day by day", loc="left", fontsize=8.5, fontweight="bold", pad=4)
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.08), fontsize=7, handlelength=1.2, labelspacing=0.3)
