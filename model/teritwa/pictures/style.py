"""How every picture looks and is saved: one set of colours, no date in the file, its numbers beside it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.files import as_csv, write_text, write_whole
from teritwa.engine.formatting import plain
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Table = Mapping[str, Sequence[object]]
"""The numbers of a picture: columns of one length."""

OKABE_ITO = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
"""Eight colours that people with any colour vision can tell apart (Okabe and Ito, 2008)."""

LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (3, 2)), (0, (1, 2)))
"""The second channel beside colour: one line style a scenario."""

BLUE, GREY, INK = "#0072B2", "#8a8a8a", "#1a1a1a"

WIDTH = 8.0
"""Inches; at `DOTS` an inch a picture is 1,200 pixels wide and legible at 800."""

DOTS = 150

HEADS = {
    "gang_control_capital": "Gang control of the capital",
    "gang_control_national": "Gang control of the nation",
    "displaced": "People displaced",
    "towns_lost": "Towns lost to gangs outside the capital",
}
"""Titles of the outcomes that are drawn over time."""

LABELS = {
    "gang_control_capital": "share of the capital's people",
    "gang_control_national": "share of the nation's people",
    "displaced": "persons",
    "towns_lost": "districts",
}
"""Labels of their vertical axes."""

_RULES: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "svg.hashsalt": "teritwa",
    "text.parse_math": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with our own settings whatever the user's are, and leave theirs as they were."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_RULES)
        yield


def new_figure(height: float) -> "Figure":
    """Return an empty figure of the usual width and a height in inches, outside pyplot's hidden state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DOTS)
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", path: Path, numbers: Table) -> Path:
    """Write a picture (PNG or SVG by its ending) and, beside it, its numbers as CSV; return the path.

    The same figure gives the same bytes: neither time nor version is written into it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = _as_svg if path.suffix == ".svg" else _as_png
    with house_style():
        write_whole(path, lambda temporary: drawn(figure, temporary))
    rows = zip(*numbers.values(), strict=True)
    write_text(
        path.with_suffix(".csv"),
        as_csv(numbers, ([plain(value) if isinstance(value, float) else value for value in row] for row in rows)),
    )
    return path


def _as_svg(figure: "Figure", path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _as_png(figure: "Figure", path: Path) -> None:
    """Write with the 256 colours that come closest to all: a third of the size, and no difference to see."""
    from PIL import Image

    content = BytesIO()
    figure.savefig(content, format="png", dpi=DOTS, metadata={"Software": None})
    whole = Image.open(content).convert("RGB")
    few = whole.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, format="png", optimize=True)


def title(axes: "Axes", text: str, below: str) -> None:
    """Head a picture: what it shows, and in smaller type how to read it."""
    axes.set_title(text, loc="left", fontweight="bold", pad=17)
    axes.text(0, 1.0, below, transform=axes.transAxes, fontsize=8, color="#555555", va="bottom", ha="left")


def number_axis(axes: "Axes", outcome: str) -> None:
    """Label the vertical axis with its unit, and its numbers as per cent or with thousands parted."""
    from matplotlib.ticker import FuncFormatter

    share = OUTCOMES[outcome].unit == "1"
    written = (lambda value, _: f"{100 * value:.4g} %") if share else (lambda value, _: f"{value:,.10g}")
    axes.yaxis.set_major_formatter(FuncFormatter(written))
    axes.set_ylabel(LABELS.get(outcome, OUTCOMES[outcome].unit))


def months(axes: "Axes", days: Sequence[object] | NDArray[np.datetime64], most: int = 9) -> None:
    """Bound the time axis to its days and mark at most ``most`` dates, whole months if it is long."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, DateLocator, MonthLocator

    apart = next((step for step in (1, 2, 3, 6, 12) if len(days) / 30.4 / step <= most), None)
    long = len(days) > 30 * most / 2
    locator: DateLocator = AutoDateLocator(minticks=2, maxticks=most)  # type: ignore[no-untyped-call]
    if long and apart:
        locator = MonthLocator(bymonth=range(1, 13, apart))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=not long))  # type: ignore[no-untyped-call]
    axes.set_xlim(days[0], days[-1])  # type: ignore[arg-type]
