"""How a calibration fits its targets, and whether its method finds what is known."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.style import BLUE, GREY, INK, OKABE_ITO, Table, house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Record = Mapping[str, object]
"""One row of a table."""

MISSED, MODEL, PRIOR, WIDE = OKABE_ITO[2], OKABE_ITO[5], "#d4d4d4", "#9cc7e2"

APART = ("towns lost",)
"""Groups of targets drawn in their own unit: what may be nought or less has no ratio."""

WIDEST = 5.0
"""Ratios beyond this or its inverse end in an arrow at the edge: else one wide band makes all others unreadable."""

_ENDS = ("low", "high", "prior_q05", "prior_q95", "model_q05", "model_q95")
_BAND = ("posterior_q05", "posterior_q25", "posterior_q50", "posterior_q75", "posterior_q95")
_PUBLISHED = "observed: BINUH, OHCHR, IOM and press reports, row by row in seeds/"


def records(table: Table) -> list[dict[str, object]]:
    """Return the rows of a table, each by column."""
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def number(value: object) -> float:
    """Return a cell as a number, as it was made or as it is read from CSV; an empty one is not a number."""
    if value is None or value == "":
        return float("nan")
    return float(value) if isinstance(value, int | float) else float(str(value))


def head(figure: "Figure", text: str, below: str) -> None:
    """Head a picture whose axes begin far from its edge: what it shows, and in smaller type how to read it."""
    height = figure.get_figheight()
    figure.text(0.012, 1 - 0.09 / height, text, fontsize=10, fontweight="bold", va="top")
    figure.text(0.012, 1 - 0.30 / height, below, fontsize=8, color="#555555", va="top", linespacing=1.3)


def foot(figure: "Figure", text: str) -> None:
    """Name the sources in small print."""
    figure.text(0.012, 0.06 / figure.get_figheight(), text, fontsize=6.5, color="#555555", va="bottom")


def lines_of(rows: Sequence[Record]) -> tuple[list[float], list[tuple[float, str]]]:
    """Return where each target stands from the top, and where the head above each quantity does."""
    places: list[float] = []
    heads: list[tuple[float, str]] = []
    line = 0.0
    for row in rows:
        quantity = str(row["target"]).rpartition(", ")[0]
        if not heads or heads[-1][1] != quantity:
            heads.append((line, quantity))
            line += 0.95
        places.append(line)
        line += 1.0
    return places, heads


def fit_numbers(fit: Table) -> Table:
    """Return what `fit_picture` draws: everything as a ratio to what was observed, but what stands `APART`."""
    rows = []
    for row in records(fit):
        by = 1.0 if row["group"] in APART else number(row["observed"])
        kept = {name: row[name] for name in ("target", "group", "fitted", "inside")}
        drawn = {name: number(row[name]) / by for name in ("observed", *_ENDS, *_BAND)}
        rows.append({**kept, "unit": "own" if row["group"] in APART else "ratio", **drawn})
    return {name: [row[name] for row in rows] for name in rows[0]}


def fit_picture(fit: Table, prior_runs: int, draws: int) -> tuple["Figure", list["Axes"]]:
    """Draw each target: what was observed, and the bands of the prior, the posterior, and the model alone."""
    drawn, given = records(fit_numbers(fit)), records(fit)
    parts = [[i for i, row in enumerate(drawn) if (row["unit"] == "own") == apart] for apart in (False, True)]
    with house_style():
        figure, panels = _stacked([lines_of([drawn[i] for i in part])[0][-1] + 1.2 for part in parts if part])
        for axes, part in zip(panels, [part for part in parts if part], strict=True):
            _draw_targets(axes, [drawn[i] for i in part], [given[i] for i in part])
        below = (
            f"Prior: n = {prior_runs:,} runs. Posterior: n = {draws:,} draws, some runs each, with the error of the "
        )
        below += "observation.\nHalf-width: half of the posterior's 90 % band over its median."
        head(figure, "Fit to each target of 2024", below)
        _fit_legend(figure)
        foot(figure, _PUBLISHED)
        return figure, panels


def _stacked(lines: Sequence[float]) -> tuple["Figure", list["Axes"]]:
    """Return a figure of panels below each other that hold so many lines of text each."""
    line, between, top, bottom = 0.192, 0.55, 0.72, 1.15
    height = line * sum(lines) + between * (len(lines) - 1) + top + bottom
    figure, panels, under = new_figure(height), [], height - top
    for count in lines:
        under -= line * count
        panels.append(figure.add_axes((0.285, under / height, 0.49, line * count / height)))
        under -= between
    return figure, panels


def _draw_targets(axes: "Axes", drawn: Sequence[Record], given: Sequence[Record]) -> None:
    places, heads = lines_of(drawn)
    low, high = _bounds(axes, drawn)
    for place, row, was in zip(places, drawn, given, strict=True):
        _bars(axes, place, row, (low, high))
        _observed(axes, place, row)
        _aside(axes, place, 1.02, written(was))
        _aside(axes, place, 1.19, f"{100 * number(was['half_width']):,.0f} %")
        if row["inside"] == "no":
            _aside(axes, place, 1.33, "missed", colour=MISSED, weight="bold")
    for place, name in heads:
        _aside(axes, place, -0.56, name, weight="bold")
    _aside(axes, 0.0, 1.02, "observed", colour="#555555")
    _aside(axes, 0.0, 1.19, "half-width", colour="#555555")
    axes.set_yticks(places, [_period(row) for row in drawn], fontsize=7.5)
    axes.set_ylim(places[-1] + 0.6, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def _aside(axes: "Axes", place: float, where: float, text: str, colour: str = INK, weight: str = "normal") -> None:
    """Write beside the axes on a line of it."""
    beside = axes.get_yaxis_transform()
    axes.text(where, place, text, transform=beside, fontsize=7.5, va="center", color=colour, fontweight=weight)


def _bounds(axes: "Axes", drawn: Sequence[Record]) -> tuple[float, float]:
    """Set and return the ends of the horizontal axis: even on both sides of 1 for ratios."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    if drawn[0]["unit"] == "own":
        every = [number(row[name]) for row in drawn for name in (*_ENDS, *_BAND)]
        low, high = min(every) - 0.5, max(every) + 0.5
        axes.set_xlabel("districts")
    else:
        most = max(max(number(row["posterior_q95"]), 1 / max(number(row["posterior_q05"]), 1e-9)) for row in drawn)
        high = next((step for step in (1.6, 2.0, 3.0) if most < step), WIDEST)
        low = 1 / high
        axes.set_xscale("log")
        axes.set_xticks([at for at in (0.2, 0.33, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0) if low <= at <= high])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.axvline(1.0, color=INK, linewidth=0.6, zorder=0.9)
        axes.set_xlabel("simulated, as a ratio to what was observed (log scale)")
    axes.set_xlim(low, high)
    return low, high


def _bars(axes: "Axes", place: float, row: Record, bounds: tuple[float, float]) -> None:
    """Draw the bands of one target, and arrows where one goes on beyond the axis."""
    for names, style in (
        (("prior_q05", "prior_q95"), {"height": 0.74, "color": PRIOR}),
        (("posterior_q05", "posterior_q95"), {"height": 0.46, "color": WIDE}),
        (("posterior_q25", "posterior_q75"), {"height": 0.46, "color": BLUE}),
        (("model_q05", "model_q95"), {"height": 0.13, "color": MODEL}),
    ):
        low, high = (float(np.clip(number(row[name]), *bounds)) for name in names)
        axes.barh(place, high - low, left=low, linewidth=0, **style)  # type: ignore[arg-type]
    middle = number(row["posterior_q50"])
    if bounds[0] < middle < bounds[1]:
        axes.vlines(middle, place - 0.23, place + 0.23, color="white", linewidth=1.2)
    for edge, beyond, marker in (
        (bounds[0], min(number(row[name]) for name in ("prior_q05", "posterior_q05")) < bounds[0], "<"),
        (bounds[1], max(number(row[name]) for name in ("prior_q95", "posterior_q95")) > bounds[1], ">"),
    ):
        if beyond:
            axes.plot(edge, place, marker, color=GREY, markersize=3.5, clip_on=False, zorder=6)


def _observed(axes: "Axes", place: float, row: Record) -> None:
    low, middle, high = (number(row[name]) for name in ("low", "observed", "high"))
    colour = MISSED if row["inside"] == "no" else INK
    if high > low:
        axes.plot([low, high], [place, place], "|-", color=colour, linewidth=1.2, markersize=7, zorder=4)
    axes.plot(
        middle, place, "D" if row["fitted"] == "yes" else "s", color=MISSED if row["inside"] == "no" else "white",
        markeredgecolor=colour, markeredgewidth=1.1, markersize=4.8, zorder=5, gid=str(row["target"]),
    )  # fmt: skip


def written(row: Record) -> str:
    """Return what was observed, in its unit: a range where sources differ widely, shares in per cent."""
    low, middle, high = (number(row[name]) for name in ("low", "observed", "high"))
    if row["group"] in APART:
        return f"{low:g} to {high:g}" if high > low else f"{middle:g}"
    return f"{100 * middle:.3g} %" if high <= 1 else f"{middle:,.0f}"


def _period(row: Record) -> str:
    period = str(row["target"]).rpartition(", ")[2]
    return period if row["fitted"] == "yes" else f"{period} (not fitted)"


def _fit_legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    mark: dict[str, Any] = {"linestyle": "", "markersize": 5, "markeredgewidth": 1.1}
    entries = [
        Patch(color=PRIOR, label="prior, 90 %"),
        Patch(color=WIDE, label="posterior, 90 %"),
        Patch(color=BLUE, label="posterior, 50 % (white: median)"),
        Line2D([], [], color=MODEL, linewidth=2.0, label="model alone, 90 %"),
        Line2D(
            [], [], marker="D", color="white", markeredgecolor=INK, label="observed (bar: range of sources)", **mark
        ),
        Line2D([], [], marker="D", color=MISSED, markeredgecolor=MISSED, label="missed: outside the 90 %", **mark),
        Line2D([], [], marker="s", color="white", markeredgecolor=INK, label="observed, not fitted", **mark),
    ]
    place = (0.5, 0.20 / figure.get_figheight())
    figure.legend(handles=entries, loc="lower center", bbox_to_anchor=place, ncols=4, handlelength=1.4, fontsize=7.2)


def recovery_picture(recovery: Table, ranks: Table) -> tuple["Figure", NDArray[Any]]:
    """Draw how often intervals hold a known truth, and which place truths take among the draws, by part."""
    parts = list(dict.fromkeys(str(part) for part in recovery["part"]))
    with house_style():
        figure = new_figure(5.9)
        panels = figure.subplots(2, len(parts), squeeze=False, height_ratios=[1.45, 1])
        figure.subplots_adjust(left=0.085, right=0.98, top=0.835, bottom=0.12, hspace=0.42, wspace=0.2)
        for i, part in enumerate(parts):
            _draw_coverage(panels[0, i], [row for row in records(recovery) if row["part"] == part])
            _draw_ranks(panels[1, i], [row for row in records(ranks) if row["part"] == part])
        panels[0, 0].set_ylabel("share of truths inside")
        panels[1, 0].set_ylabel("truths")
        below = "Bars: two standard errors over synthetic data sets. Emulator: truths from the whole prior.\n"
        below += "Weights: truths from what 2024 left open. Half the spread must fail, or the check is blind."
        head(figure, "Does the method find what is known?", below)
        foot(figure, "simulation-based calibration on the model's own runs; no observation enters")
        return figure, panels


_ENSEMBLES: Mapping[str, dict[str, Any]] = {
    "as calibrated": {"color": BLUE, "fmt": "o", "markersize": 5.5},
    "half the spread": {"color": MISSED, "fmt": "s", "markersize": 4.5},
}


def _draw_coverage(axes: "Axes", rows: Sequence[Record]) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.9, label="as it should be")
    for ensemble, style in _ENSEMBLES.items():
        mine = [row for row in rows if row["ensemble"] == ensemble]
        axes.errorbar(
            [number(row["level"]) for row in mine],
            [number(row["coverage"]) for row in mine],
            [2 * number(row["standard_error"]) for row in mine],
            elinewidth=1.1, capsize=3, label=ensemble, **style,
        )  # fmt: skip
    levels = sorted({number(row["level"]) for row in rows})
    axes.set_xticks(levels, [f"{100 * level:g} %" for level in levels])
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axes.set_xlim(0.4, 1.0)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel("central interval")
    axes.set_title(
        f"{rows[0]['part']}: {rows[0]['data_sets']} data sets, {rows[0]['parameters']} parameters",
        loc="left",
        fontsize=9,
    )
    axes.legend(loc="lower right")


def _draw_ranks(axes: "Axes", rows: Sequence[Record]) -> None:
    """Draw how many truths took each place, and where nearly all counts lie if every place is as likely."""
    counts = np.array([number(row["count"]) for row in rows])
    mean = counts.mean()
    wide = 2 * np.sqrt(mean * (1 - 1 / len(counts)))
    axes.axhspan(max(0.0, mean - wide), mean + wide, color="#e6e6e6", linewidth=0, label="95 % if even and independent")
    axes.bar([number(row["place"]) for row in rows], counts, width=0.8, color=BLUE)
    axes.axhline(mean, color=INK, linewidth=0.8)
    axes.set_ylim(0, 1.35 * max(counts.max(), mean + wide))
    axes.set_xlim(-1, len(counts))
    axes.set_xlabel(f"place of the truth among {len(counts) - 1} draws")
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper right", fontsize=7.5)
