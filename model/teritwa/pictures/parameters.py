"""What 2024 taught about each parameter: the posterior as levels of the prior."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from teritwa.analysis.calibration.priors import PAST_MISSIONS
from teritwa.engine.formatting import format_integer
from teritwa.pictures.style import (
    BLUE,
    GREY,
    INK,
    NOTE_COLOUR,
    OKABE_ITO,
    PRIOR_COLOUR,
    house_style,
    name_sources,
    new_figure,
    title_figure,
)
from teritwa.pictures.tables import Record, Table, number, records, table_of_records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 4
"""Columns of the picture of all parameters."""

_LEVELS = ("level_q05", "level_q25", "level_q50", "level_q75", "level_q95")
_COLOURS = {"yes": BLUE, "no": GREY, PAST_MISSIONS: OKABE_ITO[3]}
_SOURCE = "levels: share of the prior below; priors and their sources: the registry of parameters"
_ALL_NOTE = (
    "Thin: 90 %, thick: 50 % of the posterior, dot: its median, number: its spread (prior: 1).\n"
    "Blue: informed by 2024. Dark grey: not informed. Green: learned from past "
    "missions."
)
_INFORMED_NOTE = (
    "\nBlue: 90 % (thin) and 50 % (thick) of the posterior, dot: median. Spread: prior is 1."
)


def informed_rows(parameters: Table) -> list[dict[str, object]]:
    """Return the rows of the parameters that 2024 informs, the best known first."""
    informed = [row for row in records(parameters) if row["informed"] == "yes"]
    return sorted(informed, key=lambda row: number(row["spread"]))


def parameters_table(rows: Sequence[Record]) -> Table:
    """Return what is drawn of parameters: whether they are informed, their spread and levels."""
    return table_of_records(rows, ("parameter", "informed", "spread", *_LEVELS))


def informed_picture(parameters: Table, draws: int) -> tuple["Figure", "Axes"]:
    """Draw the informed parameters as intervals on the scale of their priors.

    Args:
        parameters: A row for each parameter, with ``informed``, ``spread`` and levels.
        draws: Number of draws of the posterior.
    """
    rows = informed_rows(parameters)
    with house_style():
        height = 0.235 * max(len(rows), 2) + 1.75
        figure = new_figure(height)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.29, right=0.90, top=1 - 0.86 / height, bottom=0.74 / height)
        _draw_rows(axes, rows, 8.0)
        axes.set_xlabel("level of the prior")
        beside: dict[str, Any] = {"transform": axes.transAxes, "color": NOTE_COLOUR}
        axes.text(1.02, 1.0, "spread", fontsize=7.5, va="bottom", **beside)
        if not rows:
            middle: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "center"}
            axes.text(0.5, 0.5, "2024 informs no parameter", **middle)
        counts = f"{len(rows)} of {len(records(parameters))} parameters"
        note = _prior_note(counts, draws) + _INFORMED_NOTE
        title_figure(figure, "What 2024 taught: prior against posterior", note)
        name_sources(figure, _SOURCE)
        return figure, axes


def _prior_note(counts: str, draws: int) -> str:
    """Return a note on how much is drawn, and on how the prior is."""
    size = f"{counts}; n = {format_integer(draws)} draws"
    return f"{size}. Grey: 90 % of the prior, line: its median."


def all_parameters_picture(parameters: Table, draws: int) -> tuple["Figure", list["Axes"]]:
    """Draw all parameters in columns, informed ones and those held at their prior in colour.

    Args:
        parameters: As in `informed_picture`.
        draws: Number of draws of the posterior.

    Returns:
        The figure, and the axes of each column.
    """
    rows = records(parameters)
    length = -(-len(rows) // COLUMNS)
    with house_style():
        figure, panels = _new_columns(length)
        for i, axes in enumerate(panels):
            part = rows[i * length : (i + 1) * length]
            _draw_rows(axes, part, 7.2)
            axes.set_ylim(length - 0.4, -0.6)
            if not part:
                axes.set_axis_off()
        note = f"{_prior_note(f'{len(rows)} parameters', draws)} {_ALL_NOTE}"
        title_figure(figure, "Every parameter: prior against posterior", note)
        name_sources(figure, _SOURCE)
        return figure, panels


def _new_columns(length: int) -> tuple["Figure", list["Axes"]]:
    """Return a figure with axes for columns of some rows."""
    height = 0.2 * length + 1.6
    figure = new_figure(height)
    figure.set_size_inches(14.0, height)
    panels = list(figure.subplots(1, COLUMNS, squeeze=False).ravel())
    top, bottom = 1 - 0.86 / height, 0.55 / height
    figure.subplots_adjust(left=0.125, right=0.975, top=top, bottom=bottom, wspace=1.28)
    return figure, panels


def _draw_rows(axes: "Axes", rows: Sequence[Record], size: float) -> None:
    """Draw a row for each parameter from the top, with its name at left and its spread at right."""
    for place, row in enumerate(rows):
        _draw_levels(axes, place, row)
        spread, right = f"{number(row['spread']):.2f}", axes.get_yaxis_transform()
        axes.text(1.02, place, spread, transform=right, fontsize=size - 0.5, va="center")
    axes.axvline(0.5, color=INK, linewidth=0.7, zorder=2)
    axes.set_yticks(range(len(rows)), [str(row["parameter"]) for row in rows], fontsize=size)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_color(INK if row["informed"] == "no" else _COLOURS[str(row["informed"])])
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def _draw_levels(axes: "Axes", place: int, row: Record) -> None:
    """Draw the prior of one parameter, and its posterior over it."""
    low, half_low, median, half_high, high = (number(row[name]) for name in _LEVELS)
    colour = _COLOURS[str(row["informed"])]
    axes.barh(place, 0.9, left=0.05, height=0.72, color=PRIOR_COLOUR, linewidth=0, alpha=0.75)
    axes.hlines(place, low, high, color=colour, linewidth=1.0, zorder=3)
    axes.hlines(place, half_low, half_high, color=colour, linewidth=3.6, zorder=3)
    dot: dict[str, Any] = {"color": "white", "markeredgecolor": colour, "markersize": 3.6}
    axes.plot(median, place, "o", zorder=4, **dot)
