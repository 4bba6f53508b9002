"""What 2024 taught about each parameter: the posterior as levels of the prior."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from teritwa.pictures.style import BLUE, GREY, INK, OKABE_ITO, Table, house_style, new_figure
from teritwa.pictures.validation import PRIOR, Record, foot, head, number, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HELD = "held at its prior"
"""What the table says of parameters that nothing may be learned about."""

COLUMNS = 4
"""Columns of the picture of all parameters."""

_LEVELS = ("level_q05", "level_q25", "level_q50", "level_q75", "level_q95")
_COLOURS = {"yes": BLUE, "no": GREY, HELD: OKABE_ITO[2]}
_SOURCE = "levels: share of the prior below; priors and their sources: the registry of parameters"


def informed(parameters: Table) -> list[dict[str, object]]:
    """Return the rows of the parameters that 2024 informs, the best known first."""
    return sorted(
        (row for row in records(parameters) if row["informed"] == "yes"), key=lambda row: number(row["spread"])
    )


def numbers(rows: Sequence[Record]) -> Table:
    """Return what is drawn of parameters: the quantiles as levels of the prior, the spread, what is informed."""
    return {name: [row[name] for row in rows] for name in ("parameter", "informed", "spread", *_LEVELS)}


def informed_picture(parameters: Table, draws: int) -> tuple["Figure", "Axes"]:
    """Draw the informed parameters as intervals on the scale of their priors."""
    rows = informed(parameters)
    with house_style():
        height = 0.235 * max(len(rows), 2) + 1.75
        figure = new_figure(height)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.29, right=0.90, top=1 - 0.86 / height, bottom=0.74 / height)
        _draw(axes, rows, 8.0)
        axes.set_xlabel("level of the prior")
        axes.text(1.02, 1.0, "spread", transform=axes.transAxes, fontsize=7.5, color="#555555", va="bottom")
        if not rows:
            axes.text(0.5, 0.5, "2024 informs no parameter", transform=axes.transAxes, ha="center", va="center")
        below = f"{len(rows)} of {len(records(parameters))} parameters; n = {draws:,} draws. "
        below += "Grey: 90 % of the prior, line: its median."
        below += "\nBlue: 90 % (thin) and 50 % (thick) of the posterior, dot: median. Spread: prior is 1."
        head(figure, "What 2024 taught: prior against posterior", below)
        foot(figure, _SOURCE)
        return figure, axes


def every_picture(parameters: Table, draws: int) -> tuple["Figure", list["Axes"]]:
    """Draw all parameters in columns, informed ones and those held at their prior in colour."""
    rows = records(parameters)
    each = -(-len(rows) // COLUMNS)
    with house_style():
        height = 0.2 * each + 1.6
        figure = new_figure(height)
        figure.set_size_inches(14.0, height)
        panels = list(figure.subplots(1, COLUMNS, squeeze=False).ravel())
        figure.subplots_adjust(left=0.125, right=0.975, top=1 - 0.86 / height, bottom=0.55 / height, wspace=1.28)
        for i, axes in enumerate(panels):
            part = rows[i * each : (i + 1) * each]
            _draw(axes, part, 7.2)
            axes.set_ylim(each - 0.4, -0.6)
            axes.set_axis_on() if part else axes.set_axis_off()
        below = f"{len(rows)} parameters; n = {draws:,} draws. Grey: 90 % of the prior, line: its median. "
        below += "Thin: 90 %, thick: 50 % of the posterior, dot: its median, number: its spread (prior: 1).\n"
        below += (
            "Blue: informed by 2024. Dark grey: not informed. Vermilion: the mission's own effect, held at its prior."
        )
        head(figure, "Every parameter: prior against posterior", below)
        foot(figure, _SOURCE)
        return figure, panels


def _draw(axes: "Axes", rows: Sequence[Record], size: float) -> None:
    """Draw one row a parameter from the top, its name on the left and its spread on the right."""
    for place, row in enumerate(rows):
        low, half_low, median, half_high, high = (number(row[name]) for name in _LEVELS)
        colour = _COLOURS[str(row["informed"])]
        axes.barh(place, 0.9, left=0.05, height=0.72, color=PRIOR, linewidth=0, alpha=0.75)
        axes.hlines(place, low, high, color=colour, linewidth=1.0, zorder=3)
        axes.hlines(place, half_low, half_high, color=colour, linewidth=3.6, zorder=3)
        axes.plot(median, place, "o", color="white", markeredgecolor=colour, markersize=3.6, zorder=4)
        axes.text(
            1.02, place, f"{number(row['spread']):.2f}", transform=axes.get_yaxis_transform(), fontsize=size - 0.5,
            va="center",
        )  # fmt: skip
    axes.axvline(0.5, color=INK, linewidth=0.7, zorder=2)
    axes.set_yticks(range(len(rows)), [str(row["parameter"]) for row in rows], fontsize=size)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_color(INK if row["informed"] == "no" else _COLOURS[str(row["informed"])])
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
