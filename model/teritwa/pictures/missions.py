"""What past missions say of what a mission does: each group's own estimate, all, and one more."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import level_of
from teritwa.analysis.missions.figures import groups
from teritwa.engine.formatting import format_significant
from teritwa.pictures.style import (
    INK,
    OKABE_ITO,
    PRIOR_COLOUR,
    draw_legend,
    house_style,
    name_sources,
    new_figure,
    save,
    title_figure,
)
from teritwa.pictures.tables import Record, Table, number, read_table, records
from teritwa.rules.registry import registry

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

_COLOURS = (OKABE_ITO[1], OKABE_ITO[2], OKABE_ITO[3], OKABE_ITO[4])
"""Colours of the groups, in the order of their table."""

_OTHER = "other_once"
"""First words of the columns of what scenarios draw."""

_QUANTILES = ("q05", "q50", "q95")
_SOURCE = "figures of past missions: analysis/missions/figures.csv, with the facts of each"
_NOTE = (
    "Grey: the range before any mission is seen. Lines: 90 %, dots: medians; best known first.\n"
    "With three groups the spread between missions is an assumption: 0.45 of that of the range."
)


def save_missions_picture(folder: Path) -> Path:
    """Draw the table of parameters of a study of past missions, and write the picture beside it.

    Args:
        folder: The folder of the study.

    Returns:
        The picture, ``figures/missions.png``.
    """
    parameters = read_table(folder / "parameters.csv")
    figure, _ = missions_picture(parameters)
    return save(figure, folder / "figures" / "missions.png", parameters)


def missions_picture(parameters: Table) -> tuple["Figure", "Axes"]:
    """Draw what each group of missions, all, and one mission more say of each parameter.

    Args:
        parameters: The table ``parameters.csv`` of a study of past missions.
    """
    rows = sorted(records(parameters), key=_width)
    with house_style():
        height = 0.5 * len(rows) + 2.0
        figure = new_figure(height)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.29, right=0.92, top=1 - 0.92 / height, bottom=0.95 / height)
        whose = _whose()
        for place, row in enumerate(rows):
            _draw_row(axes, place, row, whose)
        axes.set_yticks(range(len(rows)), [_label(row) for row in rows], fontsize=8)
        axes.grid(visible=False)
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        _draw_names(figure, whose)
        title_figure(figure, "What a mission does, learned from missions of the past", _NOTE)
        name_sources(figure, _SOURCE)
        return figure, axes


def _whose() -> dict[str, tuple[str, str]]:
    """Return the name and the colour of each estimate, by the first words of its columns."""
    found = {
        group.name.replace("-", "_"): (group.title, colour)
        for group, colour in zip(groups(), _COLOURS, strict=False)
    }
    found["mean"] = ("mean of all missions", OKABE_ITO[5])
    found[_OTHER] = ("one mission more: what scenarios draw", INK)
    return found


def _levels(row: Record, who: str) -> Array:
    """Return the levels of the range at the quantiles of an estimate, shape (3,)."""
    values = np.array([number(row[f"{who}_{quantile}"]) for quantile in _QUANTILES])
    return level_of(registry()[str(row["parameter"])], values)


def _width(row: Record) -> float:
    """Return how much of the range the middle nine tenths of one mission more take."""
    low, _, high = _levels(row, _OTHER)
    return float(high - low)


def _label(row: Record) -> str:
    """Return the name of a parameter and, below it, its range."""
    low, high = (format_significant(number(row[end])) for end in ("low", "high"))
    return f"{row['parameter']}\n{low} to {high}"


def _draw_row(axes: "Axes", place: int, row: Record, whose: Mapping[str, tuple[str, str]]) -> None:
    """Draw the range of one parameter, and what each says of it over the range."""
    axes.barh(place, 1.0, height=0.84, color=PRIOR_COLOUR, linewidth=0, alpha=0.6)
    for step, (who, (_, colour)) in enumerate(whose.items()):
        low, middle, high = _levels(row, who)
        height = place + 0.16 * (step - (len(whose) - 1) / 2)
        axes.hlines(height, low, high, color=colour, linewidth=1.4, zorder=3)
        axes.plot(middle, height, "o", color=colour, markersize=3.2, zorder=4)


def _draw_names(figure: "Figure", whose: Mapping[str, tuple[str, str]]) -> None:
    """Name the colours below the picture."""
    from matplotlib.lines import Line2D

    entries = [
        Line2D([], [], color=colour, marker="o", markersize=3.2, linewidth=1.4, label=name)
        for name, colour in whose.values()
    ]
    draw_legend(figure, entries, 7.5)
