"""Contested districts: where runs disagree about who holds the district on the last day."""

from typing import TYPE_CHECKING

from teritwa.ensemble.result import Result
from teritwa.pictures import picture
from teritwa.pictures.style import new_figure, title_axes
from teritwa.pictures.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 15
"""How many districts are shown, the most contested first."""


@picture("contested")
def contested(result: Result) -> tuple["Figure", Table]:
    """Draw in which share of the runs gangs hold each contested district on the last day."""
    share = result.runs("held_by_gangs")[:, -1].mean(axis=0)
    disputed = [row for row in range(len(share)) if 0 < share[row] < 1]
    order = sorted(disputed, key=lambda row: abs(share[row] - 0.5))[:SHOWN]
    names = [result.labels("district_name")[row] for row in order]
    percent = [100 * float(share[row]) for row in order]

    figure = new_figure(4.0)
    axes = figure.subplots()
    axes.barh(names[::-1], percent[::-1])
    axes.set_xlim(0, 100)
    axes.set_xlabel("runs in which a gang holds the district (%)")
    title_axes(axes, "Contested districts on the last day", f"{result.count} runs")
    return figure, {"district": names, "held_by_gangs": percent}
