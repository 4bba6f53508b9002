"""The mission's dashboard: who is there of whom, who can operate, the money, the mandate and the bases, by day."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import daily, mission_contingents
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import LEVELS
from teritwa.pictures.events import LANES, draw_events, without_names
from teritwa.pictures.fans import draw_observed, name_sources
from teritwa.pictures.panels import bands, head, keys, stacked
from teritwa.pictures.style import BLUE, GREY, INK, OKABE_ITO, Table, house_style, months, title
from teritwa.world.codes import MANDATES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMED = 6
"""Contingents with a colour of their own, the largest; the others share one."""

ABOUT_IT = ("mandate", "deploy", "withdraw", "pledge", "money", "equipment", "base")
"""The kinds of events that are about the mission."""

_BANDS = ("officers_deployed", "officers_operational", "fund_balance", "forward_bases")
_COLOURS = (*OKABE_ITO[1:NAMED], OKABE_ITO[7])
_OTHERS, _PROMISED = "#b8b8b8", "#ececec"
_MANDATE_COLOURS = ("#cfcfcf", OKABE_ITO[6], OKABE_ITO[1])
_HEIGHTS = (1.7, 1.3, 1.3, 1.0, 0.7, 0.7)
"""Inches of each panel."""


def dashboard_table(result: Result) -> Table:
    """Return what `dashboard` draws by date.

    Means over runs of the officers of the largest contingents (``strength KENYA mean``), of the others, and of those
    in preparation, for means add up; quantiles of `LEVELS` of officers deployed and ready, of the fund in US dollars
    and of bases; the ceiling of the mandate; the share of runs under each mandate; and n.
    """
    table: dict[str, Sequence[object]] = {"date": [str(day) for day in result.dates]}
    for name, line in _stack(result):
        table[name] = line.tolist()
    for name in _BANDS:
        for level, line in zip(LEVELS, np.quantile(daily(result, name), LEVELS, axis=0), strict=True):
            table[f"{name} q{100 * level:02.0f}"] = line.tolist()
    ceiling, mandate = daily(result, "officers_authorised"), result.runs("mandate")
    table["officers_authorised mean"] = ceiling.mean(axis=0).tolist()
    table["officers_authorised q50"] = np.median(ceiling, axis=0).tolist()
    for code, words in enumerate(MANDATES):
        table[f"share {words}"] = (mandate == code).mean(axis=0).tolist()
    table["n"] = [result.count] * len(result.dates)
    return table


def _stack(result: Result) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the mean officers by date of the largest contingents, of all others, and of those in preparation."""
    ours = mission_contingents(result)
    names = [name for name, own in zip(result.labels("contingent"), ours, strict=True) if own]
    means = result.runs("officers_deployed")[:, :, ours].mean(axis=0)
    peaks = means.max(axis=0)
    order = [int(i) for i in np.argsort(-peaks, kind="stable") if peaks[i] > 0]
    found = [(f"strength {names[i]} mean", means[:, i]) for i in order[:NAMED]]
    if order[NAMED:]:
        found.append((f"strength {len(order[NAMED:])} others mean", means[:, order[NAMED:]].sum(axis=1)))
    return [*found, ("officers_in_preparation mean", daily(result, "officers_in_preparation").mean(axis=0))]


def dashboard(result: Result) -> tuple["Figure", NDArray[np.object_]]:
    """Draw the mission by day: officers by contingent, deployed, able to operate, the fund, the mandate and bases."""
    with house_style():
        events = [event for event in result.manifest["events"] if event["kind"] in ABOUT_IT]
        lanes = max(1, min(LANES, len(events)))
        figure, (strip, *panels) = stacked((0.18 * lanes, *_HEIGHTS))
        months(panels[-1], result.dates)
        table = dashboard_table(result)
        about_it = replace(result, manifest={**result.manifest, "events": events})
        unnamed = draw_events(figure, strip, panels[0], about_it)
        strip.set_ylim(0, lanes)
        for axes in panels[1:]:
            for day in sorted({event["date"] for event in events}):
                axes.axvline(np.datetime64(day), color="#d9d9d9", linewidth=0.6, zorder=0.5)  # type: ignore[arg-type]
        _draw_officers(panels[0], result, table)
        figures = draw_observed(panels[1], result, "officers_deployed.mission")
        _draw_deployed(panels[1], result, table)
        _draw_ready(panels[2], result, table)
        _draw_fund(panels[3], result, table)
        _draw_mandate(panels[4], result, table)
        _draw_bases(panels[5], result, table)
        for axes in panels:
            keys(axes)
        more = without_names(unnamed)
        title(strip, f"The mission: {result.title}", f"n = {result.count} runs; bands: quantiles by day{more}")
        name_sources(figure, figures)
        return figure, np.array(panels, dtype=object)


def _line(table: Table, name: str) -> NDArray[np.float64]:
    return np.asarray(table[name], np.float64)


def _draw_officers(axes: "Axes", result: Result, table: Table) -> None:
    """Stack the mean officers of each contingent, and those promised, below the mean ceiling of the mandate."""
    names = [name for name in table if name.endswith(" mean") and name != "officers_authorised mean"]
    under = np.zeros(len(result.dates))
    for i, name in enumerate(names):
        words, colour = _contingent(name.removeprefix("strength ").removesuffix(" mean")), _COLOURS[min(i, NAMED - 1)]
        if name == "officers_in_preparation mean":
            words, colour = "promised, in preparation", _PROMISED
        elif i == NAMED:
            colour = _OTHERS
        over = under + _line(table, name)
        area = axes.fill_between(result.dates, under, over, facecolor=colour, edgecolor="white", linewidth=0.25)
        area.set_label(words)
        if name == "officers_in_preparation mean":
            area.set(edgecolor=GREY, hatch="////")
        under = over
    ceiling = _line(table, "officers_authorised mean")
    axes.plot(result.dates, ceiling, color=INK, linewidth=1.2, linestyle=":", label="officers_authorised")
    head(axes, "Officers by contingent: means over runs (they add up)", "officers", 100, empty="none in any run")


def _contingent(name: str) -> str:
    return name if name.endswith("others") else name.replace("-", " ").title()


def _band(axes: "Axes", result: Result, table: Table, series: tuple[str, str, str, str]) -> None:
    """Draw one quantity; ``series`` is its name, its words, colour and line."""
    name, *style = series
    scale = 1e-6 if name == "fund_balance" else 1.0
    levels = [scale * _line(table, f"{name} q{100 * level:02.0f}") for level in LEVELS]
    bands(axes, result.dates, levels, (style[0], style[1], style[2]))


def _draw_deployed(axes: "Axes", result: Result, table: Table) -> None:
    """Draw who is deployed, with the median ceiling of the mandate."""
    _band(axes, result, table, ("officers_deployed", "deployed, median", OKABE_ITO[1], "-"))
    ceiling = _line(table, "officers_authorised q50")
    axes.plot(result.dates, ceiling, color=INK, linewidth=1.2, linestyle=":", label="authorised, median")
    head(axes, "Officers deployed", "officers", 100)


def _draw_ready(axes: "Axes", result: Result, table: Table) -> None:
    """Draw who can operate, below the median of those deployed."""
    _band(axes, result, table, ("officers_operational", "able to operate, median", OKABE_ITO[2], "--"))
    deployed = _line(table, "officers_deployed q50")
    axes.plot(result.dates, deployed, color=OKABE_ITO[1], linewidth=1.0, label="deployed, median")
    head(axes, "Officers able to operate", "officers", 100)


def _draw_fund(axes: "Axes", result: Result, table: Table) -> None:
    _band(axes, result, table, ("fund_balance", "median", BLUE, "-"))
    head(axes, "Balance of the mission's fund", "$ million", 10)


def _draw_mandate(axes: "Axes", result: Result, table: Table) -> None:
    """Stack the shares of runs under each mandate."""
    under = np.zeros(len(result.dates))
    for words, colour in list(zip(MANDATES, _MANDATE_COLOURS, strict=True))[::-1]:
        over = under + _line(table, f"share {words}")
        axes.fill_between(result.dates, 100 * under, 100 * over, step="mid", facecolor=colour, linewidth=0, label=words)
        under = over
    head(axes, "Mandate in force", "% of runs", 100)
    axes.set_ylim(0, 100)


def _draw_bases(axes: "Axes", result: Result, table: Table) -> None:
    from matplotlib.ticker import MaxNLocator

    _band(axes, result, table, ("forward_bases", "median", OKABE_ITO[3], "-"))
    head(axes, "Forward bases open", "bases", 1)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
