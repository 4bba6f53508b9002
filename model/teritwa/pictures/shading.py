"""How control by place is coloured and worded: one scale a view, even in lightness; two colours for a change."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import CHANCE, Control
from teritwa.pictures.style import INK

if TYPE_CHECKING:
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

LEVEL = "cividis_r"
"""Light where the state holds, dark where gangs do; even in lightness, and legible without colour."""

CHANGE = "PuOr_r"
"""White where nothing changes; orange where gangs gain, purple where they lose, told apart by any colour vision."""

HEAD = 0.72
"""Inches that `head` takes."""

SMALLEST = 0.1
"""The least end of a scale of changes, so that noise is not blown up."""


@dataclass(frozen=True, slots=True)
class Shading:
    """A colour map by name and the values at its ends."""

    name: str
    low: float
    high: float

    @property
    def edge(self) -> str:
        """Colour of the borders between districts: seen on all colours of the scale, white among them or not."""
        return "#c4c4c4" if self.low < 0 else "white"

    def colours(self) -> "Colormap":
        """Return the colour map."""
        import matplotlib

        return matplotlib.colormaps[self.name]

    def norm(self) -> "Normalize":
        """Return what takes values to the colour map."""
        from matplotlib.colors import Normalize

        return Normalize(self.low, self.high)

    def rgba(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the colour of each value, (..., 4)."""
        found: NDArray[np.float64] = np.asarray(self.colours()(self.norm()(values)))
        return found

    def ink(self, values: NDArray[np.float64]) -> list[str]:
        """Return for each value which of black and white is legible on its colour."""
        light = self.rgba(values)[..., :3] @ [0.2126, 0.7152, 0.0722]
        return [INK if bright > 0.5 else "white" for bright in light]


def shading(shown: Control, values: NDArray[np.float64]) -> Shading:
    """Return the colours of what is drawn: all of 0 to 1, or for a change as far on both sides of zero as it goes."""
    if not shown.is_change:
        return Shading(LEVEL, 0.0, 1.0)
    most = max(SMALLEST, ceil(20 * float(np.abs(values).max()) - 1e-9) / 20)
    return Shading(CHANGE, -most, most)


def heading(shown: Control) -> str:
    """Say what is drawn."""
    what = "chance that gangs hold a district" if shown.view == CHANCE else "influence of gangs in each district"
    return f"Change of the {what}" if shown.is_change else what[0].upper() + what[1:]


def subject(shown: Control) -> str:
    """Name the scenario that is drawn, and the one that it is held against."""
    title = shown.result.title
    return title if shown.baseline is None else f"{title}, minus: {shown.baseline.title}"


def reading(shown: Control) -> str:
    """Say how to read the colours."""
    if shown.is_change:
        return f"points; {shown.count} pairs of runs that share their chance; orange: gangs gain, purple: they lose"
    if shown.view == CHANCE:
        return f"share of {shown.count} runs in which gangs have at least half of the influence there"
    return f"mean share of gangs in the influence over {shown.count} runs; with one half or more they hold it"


def head(figure: "Figure", shown: Control, when: str) -> None:
    """Head a picture in three lines, `HEAD` inches high: what and when, of which scenario, how to read it."""
    top = figure.get_figheight()
    figure.text(0.012, 1 - 0.10 / top, f"{heading(shown)}, {when}", fontsize=10.5, weight="bold", va="top")
    figure.text(0.012, 1 - 0.31 / top, subject(shown), fontsize=9, va="top")
    figure.text(0.012, 1 - 0.50 / top, reading(shown), fontsize=8, color="#555555", va="top")


def colour_bar(figure: "Figure", shade: Shading, place: tuple[float, float, float, float]) -> None:
    """Draw the scale: per cent, or points with their sign, ends included."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.ticker import FuncFormatter

    mappable = ScalarMappable(shade.norm(), shade.colours())
    bar = figure.colorbar(mappable, cax=figure.add_axes(place), orientation="horizontal")
    bar.set_ticks(np.linspace(shade.low, shade.high, 5 if shade.low < 0 else 6).tolist())
    bar.ax.xaxis.set_major_formatter(FuncFormatter(_points if shade.low < 0 else _per_cent))
    bar.ax.tick_params(labelsize=7.5, length=2.5)
    bar.outline.set_visible(False)


def _points(value: float, _: object) -> str:
    return f"{100 * value:+.3g}".replace("-", "\N{MINUS SIGN}") if value else "0"


def _per_cent(value: float, _: object) -> str:
    return f"{100 * value:.3g} %"


def day_in_words(day: np.datetime64) -> str:
    """Return a date as it is read: 31 December 2025."""
    when: date = day.astype("datetime64[D]").astype(object)
    return f"{when.day} {when:%B %Y}"
