"""A strip above a time axis that names dated events without letting the names overlap."""

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from teritwa.ensemble.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

LANES = 5
"""Rows of names in the strip; an event that finds no room in any keeps its tick and loses its name."""

WEIGHTIEST = ("mandate", "coalition", "deploy", "withdraw", "offensive", "prisonbreak", "pledge", "operation", "money")
"""The kinds of events in the order in which they find room; the others come after."""

_LETTERS = 30
_GAP = 0.012

Span = tuple[float, float]


def draw_events(figure: "Figure", strip: "Axes", below: "Axes", result: Result) -> int:
    """Draw the scenario's dated events on the strip and as hairlines below; return how many got no name.

    A name stands in the lowest row with room, to the right of its tick; near the right edge, to its left.
    """
    figure.draw_without_rendering()
    strip.set_ylim(0, LANES)
    strip.set_axis_off()
    taken: list[list[Span]] = [[] for _ in range(LANES)]
    unnamed = 0
    for kind, day, label in sorted(_events(result)):
        below.axvline(day, color="#d9d9d9", linewidth=0.6, zorder=0.5)  # type: ignore[arg-type]
        lane = _place(strip, (day, label), taken)
        height = 0.3 if lane is None else lane + 0.1
        colour = "#b0b0b0" if kind < len(WEIGHTIEST) else "#d0d0d0"
        strip.vlines(np.datetime64(day), 0, height, color=colour, linewidth=0.6, zorder=1)
        unnamed += lane is None
    return unnamed


def without_names(unnamed: int) -> str:
    """Say how many events got no name; nothing if all have one."""
    if unnamed == 0:
        return ""
    return f"; {unnamed} further event{' is a tick' if unnamed == 1 else 's are ticks'} without a name"


def _events(result: Result) -> list[tuple[int, date, str]]:
    """The events within the result as (weight, day, name), the name cut to a length that a strip can hold."""
    order = {kind: i for i, kind in enumerate(WEIGHTIEST)}
    return [
        (order.get(event["kind"], len(order)), date.fromisoformat(event["date"]), _short(event["label"]))
        for event in result.manifest["events"]
    ]


def _place(strip: "Axes", event: tuple[date, str], taken: list[list[Span]]) -> int | None:
    """Write one name into the lowest row where it fits and say which, or None."""
    day, label = event
    text = strip.text(day, 0.0, label, fontsize=6.5, color="#333333", va="bottom", ha="left", zorder=3)  # type: ignore[arg-type]
    text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.4})
    span = _reach(strip, text)
    if span[1] > 1.0:
        text.set_horizontalalignment("right")
        span = _reach(strip, text)
    for lane, names in enumerate(taken):
        if all(span[0] > right + _GAP or span[1] < left - _GAP for left, right in names):
            text.set_y(lane + 0.1)
            names.append(span)
            return lane
    text.remove()
    return None


def _reach(strip: "Axes", text: "Text") -> Span:
    """Where a text begins and ends, as shares of the strip's width."""
    box = text.get_window_extent()
    (left, _), (right, _) = strip.transAxes.inverted().transform([(box.x0, 0), (box.x1, 0)])
    return float(left), float(right)


def _short(label: str) -> str:
    if len(label) <= _LETTERS:
        return label
    doubt = "?" if label.endswith("?") else ""  # what may not happen is marked, however long its name
    return label[: _LETTERS - 1].rstrip(" ,:") + "\N{HORIZONTAL ELLIPSIS}" + doubt
