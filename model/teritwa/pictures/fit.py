"""How a calibration fits its targets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from teritwa.engine.formatting import format_exact, format_integer, format_share
from teritwa.pictures.style import (
    BLUE,
    GREY,
    INK,
    MISSED_COLOUR,
    NOTE_COLOUR,
    OKABE_ITO,
    PRIOR_COLOUR,
    draw_legend,
    house_style,
    name_sources,
    new_figure,
    title_figure,
)
from teritwa.pictures.tables import (
    QUANTILES,
    Record,
    Table,
    number,
    numbers,
    records,
    table_of_records,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OWN_UNIT = ("towns lost",)
"""Groups of targets drawn in their own unit: what may be zero or negative has no ratio."""

WIDEST = 5.0
"""The largest ratio on an axis: wider bands end in an arrow, so that the others stay legible."""

_ENDS = ("low", "high", "prior_q05", "prior_q95", "model_q05", "model_q95")
_POSTERIOR = tuple(f"posterior_{name}" for name in QUANTILES)
_MODEL_COLOUR, _POSTERIOR_COLOUR = OKABE_ITO[5], "#9cc7e2"
_BANDS = (
    ("prior_q05", "prior_q95", 0.74, PRIOR_COLOUR),
    ("posterior_q05", "posterior_q95", 0.46, _POSTERIOR_COLOUR),
    ("posterior_q25", "posterior_q75", 0.46, BLUE),
    ("model_q05", "model_q95", 0.13, _MODEL_COLOUR),
)
"""The columns of both ends of a band, its height in lines, and its colour."""

_NOTE = (
    " draws, a run each, with the error of the observation.\n"
    "Half-width: half of the posterior's 90 % band over its median."
)
_LINE, _GAP, _TOP, _BOTTOM = 0.192, 0.55, 0.72, 1.15
"""Inches: a line of text, between two panels, above all panels, and below them."""

_TICKS = (0.2, 0.33, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0)
"""Ratios that may be marked on the axis."""

Target = tuple[Record, Record]
"""A target as it is drawn, and as it is given."""

Bounds = tuple[float, float]
"""Both ends of a horizontal axis."""


def fit_table(fit: Table) -> Table:
    """Return what `fit_picture` draws.

    Args:
        fit: A row for each target, with the fields of `teritwa.analysis.calibration.tables`.

    Returns:
        A row for each target, with quantiles as ratios to what was observed; only groups in
        `OWN_UNIT` keep their unit.
    """
    rows = [_drawn_row(row) for row in records(fit)]
    return table_of_records(rows, rows[0])


def _drawn_row(row: Record) -> dict[str, object]:
    """Return what is drawn of one target."""
    is_own = row["group"] in OWN_UNIT
    divisor = 1.0 if is_own else number(row["observed"])
    kept = {name: row[name] for name in ("target", "group", "fitted", "inside")}
    unit = {"unit": "own" if is_own else "ratio"}
    values = {name: number(row[name]) / divisor for name in ("observed", *_ENDS, *_POSTERIOR)}
    return {**kept, **unit, **values}


def fit_picture(fit: Table, prior_runs: int, draws: int) -> tuple["Figure", list["Axes"]]:
    """Draw what was observed of each target, and the bands of prior, posterior and model alone.

    Args:
        fit: As in `fit_table`.
        prior_runs: Number of runs from the prior.
        draws: Number of draws of the posterior.

    Returns:
        The figure and its axes: the ratios, then the targets in their own unit.
    """
    targets = list(zip(records(fit_table(fit)), records(fit), strict=True))
    parts = list(filter(None, (_in_unit(targets, unit) for unit in ("ratio", "own"))))
    with house_style():
        figure, panels = _stack_panels([_line_count(part) for part in parts])
        for axes, part in zip(panels, parts, strict=True):
            _draw_targets(axes, part)
        note = f"Prior: n = {format_integer(prior_runs)} runs. "
        note += f"Posterior: n = {format_integer(draws)}{_NOTE}"
        title_figure(figure, "Fit to each target of 2024", note)
        draw_legend(figure, _legend_entries(), 7.2)
        name_sources(figure, "observed: as it was published, row by row in seeds/")
        return figure, panels


def _in_unit(targets: Sequence[Target], unit: str) -> list[Target]:
    """Return the targets that are drawn in a unit."""
    return [(drawn, given) for drawn, given in targets if drawn["unit"] == unit]


def _line_count(targets: Sequence[Target]) -> float:
    """Return the lines of text that some targets take."""
    places, _ = _lines_of(targets)
    return places[-1] + 1.2


def _lines_of(targets: Sequence[Target]) -> tuple[list[float], list[tuple[float, str]]]:
    """Return the line of each target from the top, and line and name of each quantity's heading."""
    places: list[float] = []
    headings: list[tuple[float, str]] = []
    line = 0.0
    for row, _ in targets:
        quantity = str(row["target"]).rpartition(", ")[0]
        if not headings or headings[-1][1] != quantity:
            headings.append((line, quantity))
            line += 0.95
        places.append(line)
        line += 1.0
    return places, headings


def _stack_panels(lines: Sequence[float]) -> tuple["Figure", list["Axes"]]:
    """Return a figure of panels below each other, each with room for some lines of text."""
    height = _LINE * sum(lines) + _GAP * (len(lines) - 1) + _TOP + _BOTTOM
    figure, panels, bottom = new_figure(height), [], height - _TOP
    for count in lines:
        bottom -= _LINE * count
        panels.append(figure.add_axes((0.285, bottom / height, 0.49, _LINE * count / height)))
        bottom -= _GAP
    return figure, panels


def _draw_targets(axes: "Axes", targets: Sequence[Target]) -> None:
    """Draw some targets in one unit, with the headings of their quantities."""
    places, headings = _lines_of(targets)
    bounds = _limit_axis(axes, [drawn for drawn, _ in targets])
    for place, (drawn, given) in zip(places, targets, strict=True):
        _draw_bands(axes, place, drawn, bounds)
        _draw_observed(axes, place, drawn)
        _write_beside(axes, place, given)
    for place, name in headings:
        _write(axes, (-0.56, place), name, weight="bold")
    for x, text in ((1.02, "observed"), (1.19, "half-width")):
        _write(axes, (x, 0.0), text, color=NOTE_COLOUR)
    axes.set_yticks(places, [_period(drawn) for drawn, _ in targets], fontsize=7.5)
    axes.set_ylim(places[-1] + 0.6, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def _limit_axis(axes: "Axes", drawn: Sequence[Record]) -> Bounds:
    """Limit the horizontal axis of targets in one unit; return its ends."""
    is_own = drawn[0]["unit"] == "own"
    return _limit_own_axis(axes, drawn) if is_own else _limit_ratios(axes, drawn)


def _write_beside(axes: "Axes", place: float, row: Record) -> None:
    """Write beside a target what was observed, its half-width, and whether it is missed."""
    _write(axes, (1.02, place), observed_text(row))
    _write(axes, (1.19, place), f"{format_integer(100 * number(row['half_width']))} %")
    if row["inside"] == "no":
        _write(axes, (1.33, place), "missed", color=MISSED_COLOUR, weight="bold")


def _write(
    axes: "Axes", at: tuple[float, float], text: str, color: str = INK, weight: str = "normal"
) -> None:
    """Write at a place: a share of the width of the axes, and one of their lines."""
    beside = axes.get_yaxis_transform()
    axes.text(
        *at, text, transform=beside, fontsize=7.5, va="center", color=color, fontweight=weight
    )


def _limit_own_axis(axes: "Axes", drawn: Sequence[Record]) -> Bounds:
    """Limit the axis of targets in their own unit to all that is drawn; return its ends."""
    columns = [numbers(drawn, name) for name in (*_ENDS, *_POSTERIOR)]
    low, high = min(map(min, columns)) - 0.5, max(map(max, columns)) + 0.5
    axes.set_xlabel("districts")
    axes.set_xlim(low, high)
    return low, high


def _limit_ratios(axes: "Axes", drawn: Sequence[Record]) -> Bounds:
    """Limit the logarithmic axis of ratios equally on both sides of 1; return its ends."""
    from matplotlib.ticker import NullLocator

    above = max(numbers(drawn, _POSTERIOR[-1]))
    below = max(1 / max(low, 1e-9) for low in numbers(drawn, _POSTERIOR[0]))
    most = max(above, below)
    high = next((step for step in (1.6, 2.0, 3.0) if most < step), WIDEST)
    low = 1 / high
    axes.set_xscale("log")
    axes.set_xticks([ratio for ratio in _TICKS if low <= ratio <= high])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.axvline(1.0, color=INK, linewidth=0.6, zorder=0.9)
    axes.set_xlabel("simulated, as a ratio to what was observed (log scale)")
    axes.set_xlim(low, high)
    return low, high


def _draw_bands(axes: "Axes", place: float, row: Record, bounds: Bounds) -> None:
    """Draw the bands of one target, and arrows where one continues beyond the axis."""
    for first, last, height, colour in _BANDS:
        low, high = (float(np.clip(number(row[name]), *bounds)) for name in (first, last))
        axes.barh(place, high - low, left=low, height=height, color=colour, linewidth=0)
    median = number(row["posterior_q50"])
    if bounds[0] < median < bounds[1]:
        axes.vlines(median, place - 0.23, place + 0.23, color="white", linewidth=1.2)
    for edge, marker in _arrows(row, bounds):
        axes.plot(edge, place, marker, color=GREY, markersize=3.5, clip_on=False, zorder=6)


def _arrows(row: Record, bounds: Bounds) -> list[tuple[float, str]]:
    """Return where prior or posterior continue beyond the axis, and the mark for it."""
    low, high = bounds
    lowest = min(number(row[name]) for name in ("prior_q05", "posterior_q05"))
    highest = max(number(row[name]) for name in ("prior_q95", "posterior_q95"))
    ends = ((low, "<", lowest < low), (high, ">", highest > high))
    return [(edge, marker) for edge, marker, is_beyond in ends if is_beyond]


def _draw_observed(axes: "Axes", place: float, row: Record) -> None:
    """Draw what was observed, with the range of its sources."""
    low, middle, high = (number(row[name]) for name in ("low", "observed", "high"))
    colour, fill = (MISSED_COLOUR,) * 2 if row["inside"] == "no" else (INK, "white")
    if high > low:
        line: dict[str, Any] = {"color": colour, "linewidth": 1.2, "markersize": 7}
        axes.plot([low, high], [place, place], "|-", zorder=4, **line)
    axes.plot(
        middle, place, "D" if row["fitted"] == "yes" else "s", color=fill, markeredgecolor=colour,
        markeredgewidth=1.1, markersize=4.8, zorder=5, gid=str(row["target"]),
    )  # fmt: skip


def observed_text(row: Record) -> str:
    """Return what was observed of a target: a share in per cent, or a range in its own unit."""
    low, middle, high = (number(row[name]) for name in ("low", "observed", "high"))
    if row["group"] in OWN_UNIT:
        ends = (low, high) if high > low else (middle,)
        return " to ".join(format_exact(end) for end in ends)
    return format_share(middle) if high <= 1 else format_integer(middle)


def _period(row: Record) -> str:
    """Return the period of a target, and whether it was not fitted."""
    period = str(row["target"]).rpartition(", ")[2]
    return period if row["fitted"] == "yes" else f"{period} (not fitted)"


def _legend_entries() -> list["Artist"]:
    """Return the entries of the legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bands = ((PRIOR_COLOUR, "prior, 90 %"), (_POSTERIOR_COLOUR, "posterior, 90 %"))
    median = (BLUE, "posterior, 50 % (white: median)")
    marks = (
        ("D", "white", INK, "observed (bar: range of sources)"),
        ("D", MISSED_COLOUR, MISSED_COLOUR, "missed: outside the 90 %"),
        ("s", "white", INK, "observed, not fitted"),
    )
    style: dict[str, Any] = {"linestyle": "", "markersize": 5, "markeredgewidth": 1.1}
    return [
        *(Patch(color=colour, label=label) for colour, label in (*bands, median)),
        Line2D([], [], color=_MODEL_COLOUR, linewidth=2.0, label="model alone, 90 %"),
        *(
            Line2D([], [], marker=marker, color=fill, markeredgecolor=edge, label=label, **style)
            for marker, fill, edge, label in marks
        ),
    ]
