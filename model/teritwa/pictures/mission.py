"""The mission by day: its officers by contingent, who can operate, its money, mandate and bases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import daily, mission_contingents
from teritwa.ensemble.result import Result
from teritwa.pictures.events import ROWS, draw_events, unnamed_note
from teritwa.pictures.fans import draw_published, name_publishers
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
from teritwa.pictures.tables import QUANTILES, Table, line_of, quantile_columns
from teritwa.world.codes import MANDATES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMED = 6
"""Contingents with a colour of their own, the largest; the others share one."""

EVENT_KINDS = ("mandate", "deploy", "withdraw", "pledge", "money", "equipment", "base")
"""The kinds of events that concern the mission."""

_BANDS = ("officers_deployed", "officers_operational", "fund_balance", "forward_bases")
_COLOURS = (*OKABE_ITO[1:NAMED], OKABE_ITO[7])
_OTHERS_COLOUR, _PREPARATION_COLOUR = "#b8b8b8", "#ececec"
_MANDATE_COLOURS = ("#cfcfcf", OKABE_ITO[6], OKABE_ITO[1])
_HEIGHTS = (1.7, 1.3, 1.3, 1.0, 0.7, 0.7)
"""Inches of each panel."""

_CONTINGENT, _MEAN = "officers_deployed ", " mean"
_PREPARATION = f"officers_in_preparation{_MEAN}"
_CEILING = f"officers_authorised{_MEAN}"
"""Columns of means: what stands before and after a contingent, and the names of two others."""


def dashboard_table(result: Result) -> Table:
    """Return what `dashboard` draws.

    Args:
        result: A result with finished runs.

    Returns:
        By date: the mean officers over runs of the largest contingents (``officers_deployed``, id
        and ``mean``), of the others and of those in preparation, because means add up; quantiles of
        the officers deployed and operational, of the fund's balance in US dollars and of the
        forward bases; the ceiling of the mandate; the share of runs under each mandate; and n
        (runs).
    """
    table: dict[str, Sequence[object]] = {"date": [str(day) for day in result.dates]}
    table |= {name: line.tolist() for name, line in _stack(result).items()}
    for name in _BANDS:
        table |= quantile_columns(daily(result, name), f"{name} ")
    ceiling = daily(result, "officers_authorised")
    table[_CEILING] = ceiling.mean(axis=0).tolist()
    table["officers_authorised q50"] = np.median(ceiling, axis=0).tolist()
    mandate = result.runs("mandate")
    for code, words in enumerate(MANDATES):
        table[f"share {words}"] = (mandate == code).mean(axis=0).tolist()
    table["n"] = [result.count] * len(result.dates)
    return table


def _stack(result: Result) -> dict[str, NDArray[np.float64]]:
    """Return the mean officers by date of the largest contingents, the others and those to come."""
    ours = mission_contingents(result)
    names = [name for name, own in zip(result.labels("contingent"), ours, strict=True) if own]
    means = result.runs("officers_deployed")[:, :, ours].mean(axis=0)
    peaks = means.max(axis=0)
    order = [i for i in np.argsort(-peaks, kind="stable").tolist() if peaks[i] > 0]
    found = {f"{_CONTINGENT}{names[i]}{_MEAN}": means[:, i] for i in order[:NAMED]}
    others = order[NAMED:]
    if others:
        found[f"{_CONTINGENT}{len(others)} others{_MEAN}"] = means[:, others].sum(axis=1)
    found[_PREPARATION] = daily(result, "officers_in_preparation").mean(axis=0)
    return found


def dashboard(result: Result) -> tuple["Figure", NDArray[np.object_]]:
    """Draw the mission by day.

    Args:
        result: A result with finished runs.

    Returns:
        The figure and its six axes: officers by contingent, officers deployed, officers able to
        operate, the fund, the mandate and the bases.
    """
    with house_style():
        events = [one for one in result.manifest["events"] if one["kind"] in EVENT_KINDS]
        rows = max(1, min(ROWS, len(events)))
        figure, (strip, *panels) = stack_panels((0.18 * rows, *_HEIGHTS))
        date_axis(panels[-1], result.dates)
        about_mission = replace(result, manifest={**result.manifest, "events": events})
        unnamed = draw_events(strip, panels[0], about_mission)
        strip.set_ylim(0, rows)
        mark_days(panels[1:], sorted({event["date"] for event in events}))
        published = draw_published(panels[1], result, "officers_deployed.mission")
        _draw_panels(panels, result.dates, dashboard_table(result))
        draw_legends(panels)
        note = f"n = {result.count} runs; bands: quantiles by day{unnamed_note(unnamed)}"
        title_axes(strip, f"The mission: {result.title}", note)
        name_publishers(figure, published)
        return figure, np.array(panels, dtype=object)


def _draw_panels(panels: Sequence["Axes"], dates: NDArray[np.datetime64], table: Table) -> None:
    """Draw what the table has on each panel."""
    officers, deployed, operational, fund, mandate, bases = panels
    _draw_officers(officers, dates, table)
    _draw_deployed(deployed, dates, table)
    _draw_operational(operational, dates, table)
    _draw_fund(fund, dates, table)
    _draw_mandate(mandate, dates, table)
    _draw_bases(bases, dates, table)


def _draw_officers(axes: "Axes", dates: NDArray[np.datetime64], table: Table) -> None:
    """Stack the mean officers of contingents and in preparation, below the mean ceiling."""
    names = [name for name in table if name.endswith(_MEAN) and name != _CEILING]
    lower = np.zeros(len(dates))
    for i, name in enumerate(names):
        upper = lower + line_of(table, name)
        label, colour = _contingent_style(name, i)
        area = axes.fill_between(
            dates, lower, upper, facecolor=colour, edgecolor="white", linewidth=0.25, label=label
        )
        if name == _PREPARATION:
            area.set(edgecolor=GREY, hatch="////")
        lower = upper
    _draw_ceiling(axes, dates, line_of(table, _CEILING), "authorised")
    text = "Officers by contingent: means over runs (they add up)"
    finish_panel(axes, text, "officers", 100, empty="none in any run")


def _contingent_style(name: str, i: int) -> tuple[str, str]:
    """Return label and colour of a column of means by its name and place."""
    if name == _PREPARATION:
        return "promised, in preparation", _PREPARATION_COLOUR
    contingent = name.removeprefix(_CONTINGENT).removesuffix(_MEAN)
    if i == NAMED:
        return contingent, _OTHERS_COLOUR
    return contingent.replace("-", " ").title(), _COLOURS[i]


def _draw_ceiling(
    axes: "Axes", dates: NDArray[np.datetime64], ceiling: NDArray[np.float64], label: str
) -> None:
    """Draw the officers that the mandate authorises as a dotted line."""
    axes.plot(dates, ceiling, color=INK, linewidth=1.2, linestyle=":", label=label)


def _levels(table: Table, outcome: str) -> list[NDArray[np.float64]]:
    """Return the five quantiles of one outcome."""
    return [line_of(table, f"{outcome} {name}") for name in QUANTILES]


def _draw_deployed(axes: "Axes", dates: NDArray[np.datetime64], table: Table) -> None:
    """Draw the officers deployed, with the median ceiling of the mandate."""
    style = ("deployed, median", OKABE_ITO[1], "-")
    draw_median_and_bands(axes, dates, _levels(table, "officers_deployed"), style)
    _draw_ceiling(axes, dates, line_of(table, "officers_authorised q50"), "authorised, median")
    finish_panel(axes, "Officers deployed", "officers", 100)


def _draw_operational(axes: "Axes", dates: NDArray[np.datetime64], table: Table) -> None:
    """Draw the officers able to operate, with the median of those deployed."""
    style = ("able to operate, median", OKABE_ITO[2], "--")
    draw_median_and_bands(axes, dates, _levels(table, "officers_operational"), style)
    deployed = line_of(table, "officers_deployed q50")
    axes.plot(dates, deployed, color=OKABE_ITO[1], linewidth=1.0, label="deployed, median")
    finish_panel(axes, "Officers able to operate", "officers", 100)


def _draw_fund(axes: "Axes", dates: NDArray[np.datetime64], table: Table) -> None:
    """Draw the balance of the fund in millions of dollars."""
    millions = [1e-6 * level for level in _levels(table, "fund_balance")]
    draw_median_and_bands(axes, dates, millions, ("median", BLUE, "-"))
    finish_panel(axes, "Balance of the mission's fund", "$ million", 10)


def _draw_mandate(axes: "Axes", dates: NDArray[np.datetime64], table: Table) -> None:
    """Stack the shares of runs under each mandate."""
    lower = np.zeros(len(dates))
    for words, colour in reversed(list(zip(MANDATES, _MANDATE_COLOURS, strict=True))):
        upper = lower + line_of(table, f"share {words}")
        axes.fill_between(
            dates, 100 * lower, 100 * upper, step="mid", facecolor=colour, linewidth=0, label=words
        )
        lower = upper
    finish_panel(axes, "Mandate in force", "% of runs", 100)
    axes.set_ylim(0, 100)


def _draw_bases(axes: "Axes", dates: NDArray[np.datetime64], table: Table) -> None:
    """Draw the forward bases that are open."""
    from matplotlib.ticker import MaxNLocator

    style = ("median", OKABE_ITO[3], "-")
    draw_median_and_bands(axes, dates, _levels(table, "forward_bases"), style)
    finish_panel(axes, "Forward bases open", "bases", 1)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
