"""A strip above a time axis that names dated events without letting the names overlap."""

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from teritwa.ensemble.result import Result
from teritwa.pictures.style import HAIRLINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

ROWS = 5
"""Rows of names in the strip; an event that finds no room keeps its tick and loses its name."""

PRIORITY = (
    "mandate",
    "coalition",
    "deploy",
    "withdraw",
    "offensive",
    "prisonbreak",
    "pledge",
    "operation",
    "money",
)
"""The kinds of events in the order in which they find room; the others come after."""

_LONGEST = 30
"""Characters of a name."""

_GAP = 0.012
"""Between two names of one row, as a share of the strip's width."""

Span = tuple[float, float]
"""Where a name begins and ends, as shares of the strip's width."""


def draw_events(strip: "Axes", below: "Axes", result: Result) -> int:
    """Draw the dated events of a scenario on a strip, and as thin lines on the axes below it.

    A name stands in the lowest row with room, to the right of its tick or, near the right edge, to
    its left.

    Returns:
        How many events got no name.
    """
    strip.set_ylim(0, ROWS)
    strip.set_axis_off()
    taken: list[list[Span]] = [[] for _ in range(ROWS)]
    days, heights, colours = list[np.datetime64](), list[float](), list[str]()
    unnamed = 0
    for rank, day, label in sorted(_events(result)):
        below.axvline(day, color=HAIRLINE, linewidth=0.6, zorder=0.5)  # type: ignore[arg-type]
        row = _write_name(strip, (day, label), taken)
        days.append(np.datetime64(day))
        heights.append(0.3 if row is None else row + 0.1)
        colours.append("#b0b0b0" if rank < len(PRIORITY) else "#d0d0d0")
        unnamed += row is None
    # All at once: each collection of lines costs milliseconds.
    strip.vlines(days, 0, heights, colors=colours, linewidth=0.6, zorder=1)
    return unnamed


def unnamed_note(unnamed: int) -> str:
    """Return a note on how many events got no name, or an empty text if all have one."""
    if unnamed == 0:
        return ""
    verb = " is a tick" if unnamed == 1 else "s are ticks"
    return f"; {unnamed} further event{verb} without a name"


def _events(result: Result) -> list[tuple[int, date, str]]:
    """Return the events of a result as (rank, day, shortened name)."""
    ranks = {kind: i for i, kind in enumerate(PRIORITY)}
    return [
        (
            ranks.get(event["kind"], len(ranks)),
            date.fromisoformat(event["date"]),
            _shortened(event["label"]),
        )
        for event in result.manifest["events"]
    ]


def _write_name(strip: "Axes", event: tuple[date, str], taken: list[list[Span]]) -> int | None:
    """Write a name into the lowest row where it fits; return that row, or None."""
    day, label = event
    text = strip.text(
        day,  # type: ignore[arg-type]
        0.0,
        label,
        fontsize=6.5,
        color="#333333",
        va="bottom",
        ha="left",
        zorder=3,
    )
    text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.4})
    span = _span(strip, text)
    if span[1] > 1.0:
        text.set_horizontalalignment("right")
        span = _span(strip, text)
    row = next((i for i, names in enumerate(taken) if _is_free(span, names)), None)
    if row is None:
        text.remove()
    else:
        text.set_y(row + 0.1)
        taken[row].append(span)
    return row


def _is_free(span: Span, names: list[Span]) -> bool:
    """Return whether a span keeps its distance from all names of a row."""
    return all(span[0] > right + _GAP or span[1] < left - _GAP for left, right in names)


def _span(strip: "Axes", text: "Text") -> Span:
    """Return where a text begins and ends."""
    box = text.get_window_extent()
    ends = strip.transAxes.inverted().transform([(box.x0, 0), (box.x1, 0)])
    return float(ends[0, 0]), float(ends[1, 0])


def _shortened(label: str) -> str:
    """Return a name cut to a length that a strip can hold."""
    if len(label) <= _LONGEST:
        return label
    # An event that may not happen keeps its question mark, however long its name.
    doubt = "?" if label.endswith("?") else ""
    return label[: _LONGEST - 1].rstrip(" ,:") + "\N{HORIZONTAL ELLIPSIS}" + doubt
