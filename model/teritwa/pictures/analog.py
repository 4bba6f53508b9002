"""The analog: a made-up place in which the answer is known, under two scenarios."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.formatting import format_integer
from teritwa.pictures.style import (
    BLUE,
    INK,
    OKABE_ITO,
    house_style,
    name_sources,
    new_figure,
    share_tick,
    title_figure,
)
from teritwa.pictures.tables import Record, Table, number, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEASURES: Mapping[str, str] = {
    "driven_out of raided": "driven out by the raid",
    "back_30 of raided": "gangs there within 30 days",
    "back_60 of raided": "gangs there within 60 days",
    "returned_30 of driven_out": "of the driven out: back in 30 days",
    "returned_60 of driven_out": "of the driven out: back in 60 days",
    "held_60": "people where gangs hold, day 60",
    "influence_60": "mean gang influence, day 60",
}
"""What the picture shows of each scenario, and its label."""

VERDICTS = ("better", "the same", "worse")
"""How the second scenario may do against the first in a pair of runs."""

_PAIRED: Mapping[str, str] = {
    "held_60": "people where\ngangs hold",
    "influence_60": "gang influence",
}
"""What is compared pair by pair, and its label."""

_VERDICT_STYLES = {
    "better": (BLUE, "white"),
    "the same": ("#d4d4d4", INK),
    "worse": (OKABE_ITO[2], "white"),
}
"""The colours of a verdict's bar and of the text on it."""

_SCENARIO_STYLES = ((OKABE_ITO[2], "s"), (BLUE, "o"))
"""The colour and the mark of each scenario."""

_LEAST_WITH_TEXT = 0.06
"""Shares below this have no room for a text."""


def analog_picture(summary: Table, runs: Table) -> tuple["Figure", NDArray[Any]]:
    """Draw the outcomes of both scenarios, and in how many pairs of runs holding did better.

    Args:
        summary: A row for each scenario and measure, and for each comparison of pairs.
        runs: A row for each run.

    Returns:
        The figure and its three axes: measures, verdicts, and paired differences.
    """
    rows = records(summary)
    scenarios = [name for name in dict.fromkeys(map(str, summary["scenario"])) if name != "pairs"]
    differences = paired_differences(runs, scenarios)
    with house_style():
        figure = new_figure(6.6)
        panels = figure.subplots(3, 1, height_ratios=[len(MEASURES), len(_PAIRED), 2.4])
        figure.subplots_adjust(left=0.29, right=0.89, top=0.845, bottom=0.105, hspace=0.8)
        for i, scenario in enumerate(scenarios):
            _draw_scenario(panels[0], _by_measure(rows, scenario), i, scenario)
        _finish_measures(panels[0])
        _draw_verdicts(panels[1], _by_measure(rows, "pairs"))
        _draw_differences(panels[2], differences)
        text = "The analog: raided and left, raided and held"
        title_figure(figure, text, _note(len(differences)))
        name_sources(figure, "simulated only: nothing on this picture was observed")
        return figure, panels


def _note(pairs: int) -> str:
    """Return a note on how to read the picture."""
    return (
        f"n = {format_integer(pairs)} runs a scenario, in pairs of the same draw; "
        "bars: 95 % intervals; n on the right: quarters or runs.\n"
        "A logic test, not evidence: quarters and gangs of this small world are assumptions."
    )


def _by_measure(rows: Sequence[Record], scenario: str) -> dict[str, Record]:
    """Return the rows of a scenario by the name of the measure."""
    return {str(row["measure"]): row for row in rows if row["scenario"] == scenario}


def paired_differences(runs: Table, scenarios: Sequence[str]) -> NDArray[np.float64]:
    """Return gang influence on day 60 under the second scenario minus that under the first.

    Args:
        runs: A row for each run, with draw, scenario and ``influence_60``.
        scenarios: The names of both scenarios.

    Returns:
        Shape (draw,).
    """
    by_run = {
        (str(row["draw"]), str(row["scenario"])): number(row["influence_60"])
        for row in records(runs)
    }
    first, second = scenarios
    draws = dict.fromkeys(map(str, runs["draw"]))
    return np.array([by_run[draw, second] - by_run[draw, first] for draw in draws])


def _draw_differences(axes: "Axes", differences: NDArray[np.float64]) -> None:
    """Draw the paired differences as a histogram."""
    from matplotlib.ticker import MaxNLocator

    end = 100 * max(0.05, float(np.abs(differences).max()))
    axes.hist(100 * differences, bins=np.linspace(-end, end, 32).tolist(), color=BLUE)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_ylabel("pairs")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    label = "gang influence on day 60, hold less leave, in points; left of 0 holding does better"
    axes.set_xlabel(label, fontsize=8)
    axes.grid(visible=False, axis="x")


def _draw_scenario(axes: "Axes", rows: Mapping[str, Record], i: int, name: str) -> None:
    """Draw each measure of the scenario at place ``i``, and of how many cases it is."""
    colour, marker = _SCENARIO_STYLES[i]
    for place, measure in enumerate(MEASURES):
        row = rows[measure]
        y = place + (i - 0.5) * 0.36
        axes.errorbar(
            [number(row["value"])], [y], xerr=_interval(row), fmt=marker, color=colour,
            markersize=4.5, elinewidth=1.2, capsize=2.5, label=name if place == 0 else None,
            gid=f"{name}: {measure}",
        )  # fmt: skip
        has_cases = not np.isnan(number(row["value"]))
        text = f"n = {format_integer(number(row['of']))}" if has_cases else "no case"
        _write_count(axes, y, text, colour)


def _interval(row: Record) -> list[list[float]]:
    """Return how far the interval of a measure lies below and above it; zero if not known."""
    value, low, high = (number(row[name]) for name in ("value", "low", "high"))
    return [[float(np.nan_to_num(value - low))], [float(np.nan_to_num(high - value))]]


def _write_count(axes: "Axes", y: float, text: str, colour: str) -> None:
    """Write at the right of the axes of how many cases a line is."""
    right = axes.get_yaxis_transform()
    axes.text(1.02, y, text, transform=right, fontsize=6.5, va="center", color=colour)


def _finish_measures(axes: "Axes") -> None:
    """Label the measures, and draw the legend of the scenarios."""
    axes.set_yticks(range(len(MEASURES)), list(MEASURES.values()))
    axes.set_ylim(len(MEASURES) - 0.4, -0.6)
    _draw_share_axis(axes)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, borderaxespad=0.1)


def _draw_verdicts(axes: "Axes", rows: Mapping[str, Record]) -> None:
    """Draw the share of pairs with each verdict."""
    for place, measure in enumerate(_PAIRED):
        left = 0.0
        for verdict in VERDICTS:
            share = number(rows[f"{measure} {verdict}"]["value"])
            _draw_verdict(axes, (left, place), share, verdict)
            left += share
        pairs = number(rows[f"{measure} {VERDICTS[0]}"]["of"])
        _write_count(axes, place, f"n = {format_integer(pairs)}", "black")
    axes.set_yticks(range(len(_PAIRED)), [f"{text}, day 60" for text in _PAIRED.values()])
    axes.set_ylim(len(_PAIRED) - 0.5, -0.5)
    _draw_share_axis(axes)
    axes.set_xlabel("share of pairs")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, borderaxespad=0.1)


def _draw_verdict(axes: "Axes", start: tuple[float, int], share: float, verdict: str) -> None:
    """Draw a bar for one verdict from a point, with its share as text if there is room."""
    left, place = start
    colour, ink = _VERDICT_STYLES[verdict]
    label = f"holding {verdict}" if place == 0 else None
    axes.barh(place, share, left=left, height=0.6, color=colour, linewidth=0, label=label)
    if share >= _LEAST_WITH_TEXT:
        text = f"{100 * share:.0f} %"
        style: dict[str, Any] = {"ha": "center", "va": "center", "color": ink, "fontsize": 7.5}
        axes.text(left + share / 2, place, text, **style)


def _draw_share_axis(axes: "Axes") -> None:
    """Draw a horizontal axis of shares."""
    axes.set_xlim(-0.012, 1.012)
    axes.xaxis.set_major_formatter(share_tick)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
