"""Colours and words of control by district: one scale for each view, even in lightness."""

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import CHANCE, Control
from teritwa.engine.formatting import MINUS
from teritwa.pictures.style import INK, NOTE_COLOUR, SMALL_PRINT, share_tick

if TYPE_CHECKING:
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

LEVEL_COLOURS = "cividis_r"
"""Light where the state holds, dark where gangs do; even in lightness, and legible in greys."""

CHANGE_COLOURS = "PuOr_r"
"""White without change; orange where gangs gain, purple where they lose, for any colour vision."""

HEADING_HEIGHT = 0.72
"""Inches that `draw_heading` takes."""

SMALLEST_END = 0.1
"""The least end of a scale of changes, so that noise is not enlarged."""


@dataclass(frozen=True, slots=True)
class Shading:
    """A colour map by name, and the values at its ends."""

    name: str
    low: float
    high: float

    @property
    def border(self) -> str:
        """The colour of borders between districts, visible beside all colours of the scale."""
        return "#c4c4c4" if self.low < 0 else "white"

    def colours(self) -> "Colormap":
        """Return the colour map."""
        import matplotlib

        return matplotlib.colormaps[self.name]

    def norm(self) -> "Normalize":
        """Return the mapping of values to the colour map."""
        from matplotlib.colors import Normalize

        return Normalize(self.low, self.high)

    def rgba(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the colour of each value, shape (..., 4)."""
        found: NDArray[np.float64] = np.asarray(self.colours()(self.norm()(values)))
        return found

    def text_colours(self, values: NDArray[np.float64]) -> list[str]:
        """Return for each value the colour of a text that is legible on the value's colour."""
        lightness = self.rgba(values)[..., :3] @ [0.2126, 0.7152, 0.0722]
        return [INK if bright > 0.5 else "white" for bright in lightness]


def shading(shown: Control, values: NDArray[np.float64]) -> Shading:
    """Return the colour scale of some values.

    Args:
        shown: The view of control that they are from.
        values: All that is drawn on this scale.

    Returns:
        From 0 to 1 for levels; for a change, as far on both sides of zero as the values reach.
    """
    if not shown.is_change:
        return Shading(LEVEL_COLOURS, 0.0, 1.0)
    end = max(SMALLEST_END, ceil(20 * float(np.abs(values).max()) - 1e-9) / 20)
    return Shading(CHANGE_COLOURS, -end, end)


def heading(shown: Control) -> str:
    """Return what is drawn, in words."""
    if shown.view == CHANCE:
        quantity = "chance that gangs hold a district"
    else:
        quantity = "influence of gangs in each district"
    if shown.is_change:
        return f"Change of the {quantity}"
    return quantity[0].upper() + quantity[1:]


def scenario_titles(shown: Control) -> str:
    """Return the title of the scenario that is drawn and, for a change, of its baseline."""
    title = shown.result.title
    return title if shown.baseline is None else f"{title}, minus: {shown.baseline.title}"


def reading_note(shown: Control) -> str:
    """Return how to read the colours."""
    if shown.is_change:
        return (
            f"points; {shown.count} pairs of runs that share their chance; "
            "orange: gangs gain, purple: they lose"
        )
    if shown.view == CHANCE:
        return (
            f"share of {shown.count} runs in which gangs have at least half of the influence there"
        )
    return (
        f"mean share of gangs in the influence over {shown.count} runs; "
        "with one half or more they hold it"
    )


def draw_heading(figure: "Figure", shown: Control, when: str) -> None:
    """Write what is drawn and when, of which scenario, and how to read it, in three lines."""
    top = figure.get_figheight()
    text = f"{heading(shown)}, {when}"
    figure.text(0.012, 1 - 0.10 / top, text, fontsize=10.5, weight="bold", va="top")
    figure.text(0.012, 1 - 0.31 / top, scenario_titles(shown), fontsize=9, va="top")
    note = reading_note(shown)
    figure.text(0.012, 1 - 0.50 / top, note, fontsize=8, color=NOTE_COLOUR, va="top")


def draw_colour_bar(
    figure: "Figure", scale: Shading, place: tuple[float, float, float, float]
) -> None:
    """Draw a colour scale with its ends, in per cent or, for a change, in points.

    Args:
        figure: The figure.
        scale: The colour scale.
        place: Left, bottom, width and height, as shares of the figure.
    """
    from matplotlib.cm import ScalarMappable

    mappable = ScalarMappable(scale.norm(), scale.colours())
    bar = figure.colorbar(mappable, cax=figure.add_axes(place), orientation="horizontal")
    is_change = scale.low < 0
    bar.set_ticks(np.linspace(scale.low, scale.high, 5 if is_change else 6).tolist())
    bar.ax.xaxis.set_major_formatter(_points if is_change else share_tick)
    bar.ax.tick_params(labelsize=7.5, length=2.5)
    bar.outline.set_visible(False)


def write_note(figure: "Figure", text: str) -> None:
    """Write a note in small print at the foot of a figure."""
    y = 0.06 / figure.get_figheight()
    figure.text(0.012, y, text, fontsize=SMALL_PRINT, color=NOTE_COLOUR)


def _points(value: float, _: object) -> str:
    """Return a change on an axis in points, with its sign."""
    return f"{100 * value:+.3g}".replace("-", MINUS) if value else "0"
