"""Whether the method of calibration finds what is known: coverage and ranks of known truths."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.style import (
    BLUE,
    GREY,
    INK,
    MISSED_COLOUR,
    house_style,
    name_sources,
    new_figure,
    share_tick,
    title_figure,
)
from teritwa.pictures.tables import Record, Table, numbers, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ENSEMBLES: Mapping[str, dict[str, Any]] = {
    "as calibrated": {"color": BLUE, "fmt": "o", "markersize": 5.5},
    "half the spread": {"color": MISSED_COLOUR, "fmt": "s", "markersize": 4.5},
}
"""The ensembles whose coverage is drawn, and their style."""

_NOTE = (
    "Bars: two standard errors over synthetic data sets. Weights: runs of the prior, weighed.\n"
    "Chain: the whole method, in a small world. Half the spread must fail, or the check is blind."
)
_SOURCE = "simulation-based calibration on the model's own runs; no observation enters"


def recovery_picture(recovery: Table, ranks: Table) -> tuple["Figure", NDArray[Any]]:
    """Draw how often intervals hold a known truth, and the ranks of truths among the draws.

    Args:
        recovery: A row for each part of the method, ensemble and level, with its coverage.
        ranks: A row for each part and place, with the count of truths that took it.

    Returns:
        The figure, and its axes, shape (2, part): coverage above, ranks below.
    """
    parts = list(dict.fromkeys(map(str, recovery["part"])))
    with house_style():
        figure = new_figure(5.9)
        panels = figure.subplots(2, len(parts), squeeze=False, height_ratios=[1.45, 1])
        figure.subplots_adjust(
            left=0.085, right=0.98, top=0.835, bottom=0.12, hspace=0.42, wspace=0.2
        )
        for (upper, lower), part in zip(panels.T, parts, strict=True):
            _draw_coverage(upper, _rows_of(recovery, "part", part))
            _draw_ranks(lower, _rows_of(ranks, "part", part))
        panels[0, 0].set_ylabel("share of truths inside")
        panels[1, 0].set_ylabel("truths")
        title_figure(figure, "Does the method find what is known?", _NOTE)
        name_sources(figure, _SOURCE)
        return figure, panels


def _rows_of(table: Table, column: str, text: str) -> list[dict[str, object]]:
    """Return the rows of a table with a text in a column."""
    return [row for row in records(table) if row[column] == text]


def _draw_coverage(axes: "Axes", rows: Sequence[Record]) -> None:
    """Draw the coverage of each ensemble against the level of the interval."""
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.9, label="as it should be")
    for ensemble, style in _ENSEMBLES.items():
        own = [row for row in rows if row["ensemble"] == ensemble]
        errors = [2 * error for error in numbers(own, "standard_error")]
        axes.errorbar(
            numbers(own, "level"),
            numbers(own, "coverage"),
            errors,
            elinewidth=1.1,
            capsize=3,
            label=ensemble,
            **style,
        )
    levels = sorted(set(numbers(rows, "level")))
    axes.set_xticks(levels, [share_tick(level) for level in levels])
    axes.yaxis.set_major_formatter(share_tick)
    axes.set_xlim(0.4, 1.0)
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel("central interval")
    sizes = f"{rows[0]['data_sets']} data sets, {rows[0]['parameters']} parameters"
    axes.set_title(f"{rows[0]['part']}: {sizes}", loc="left", fontsize=9)
    axes.legend(loc="upper left")


def _draw_ranks(axes: "Axes", rows: Sequence[Record]) -> None:
    """Draw how many truths took each place, and the range of counts if all places are as likely."""
    counts = np.array(numbers(rows, "count"))
    mean = float(counts.mean())
    half = float(2 * np.sqrt(mean * (1 - 1 / len(counts))))
    label = "95 % if even and independent"
    axes.axhspan(max(0.0, mean - half), mean + half, color="#e6e6e6", linewidth=0, label=label)
    axes.bar(numbers(rows, "place"), counts, width=0.8, color=BLUE)
    axes.axhline(mean, color=INK, linewidth=0.8)
    axes.set_ylim(0, 1.35 * max(float(counts.max()), mean + half))
    axes.set_xlim(-1, len(counts))
    axes.set_xlabel(f"place of the truth among {len(counts) - 1} draws")
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper right", fontsize=7.5)
