"""Who killed how many, as the United Nations would count them, quarter by quarter beside what it counted."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.observed import observed_of
from teritwa.pictures.style import INK, OKABE_ITO, Table, house_style, new_figure, title
from teritwa.results import Result
from teritwa.summary import LEVELS, named_counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_OUTCOME = "killed_counted"
_WHO = (_OUTCOME, *(f"{_OUTCOME}.{who}" for who in ("gang", "police", "brigade", "mission", "army")))
_NAMES = ("all", "by gangs", "by the police", "by brigades", "by the mission", "by the army")
_COLOURS = (INK, OKABE_ITO[2], OKABE_ITO[1], OKABE_ITO[5], OKABE_ITO[3], OKABE_ITO[4])


def quarters(dates: NDArray[np.datetime64]) -> tuple[NDArray[np.intp], list[str]]:
    """Return where each calendar quarter begins in consecutive dates, and its name."""
    months = dates.astype("datetime64[M]").astype(int)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(months // 3)) + 1]).astype(np.intp)
    return starts, [f"{dates[i].item().year} Q{months[i] % 12 // 3 + 1}" for i in starts]


def killed_table(result: Result) -> Table:
    """Return what `killed` draws: the quantiles of `LEVELS` for each quarter and perpetrator, and n."""
    starts, names = quarters(result.dates)
    along = {"perpetrator": result.labels("perpetrator")}
    series = {name: values for name, _, values in named_counts(_OUTCOME, result.runs(_OUTCOME), along)}
    rows: list[tuple[object, ...]] = []
    for who in _WHO:
        sums = np.add.reduceat(series[who], starts, axis=1)
        for quarter, levels in zip(names, np.quantile(sums, LEVELS, axis=0).T, strict=True):
            rows.append((quarter, who, *levels.tolist(), len(sums)))
    columns = ("quarter", "outcome", *(f"q{100 * level:02.0f}" for level in LEVELS), "n")
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def killed(result: Result) -> tuple["Figure", "Axes"]:
    """Draw the counted deaths of each quarter by perpetrator as intervals over runs, published counts as diamonds."""
    with house_style():
        figure = new_figure(4.4)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.115, right=0.975, top=0.87, bottom=0.19)
        table = killed_table(result)
        names = list(dict.fromkeys(str(quarter) for quarter in table["quarter"]))
        for i in range(len(_WHO)):
            _draw_perpetrator(axes, table, i, len(names))
        for i, who in enumerate(_WHO):
            _draw_counted(axes, result, who, i)
        for boundary in range(1, len(names)):
            axes.axvline(boundary - 0.5, color="#d9d9d9", linewidth=0.6)
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.5, len(names) - 0.5)
        axes.set_ylim(bottom=0)
        axes.grid(visible=False, axis="x")
        axes.set_ylabel("persons killed in the quarter")
        reading = f"n = {result.count} runs; thick: 50 % of runs, thin: 90 %, dash: median"
        title(axes, f"Killed as the UN would count, by perpetrator: {result.title}", reading)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=7, handlelength=1.0, columnspacing=1.0)
        figure.text(0.01, 0.012, "published: BINUH, quarterly reports on human rights", fontsize=6.5, color="#555555")
        return figure, axes


def _offset(i: int) -> float:
    """Where in its quarter a perpetrator stands."""
    return (i - (len(_WHO) - 1) / 2) * 0.14


def _draw_perpetrator(axes: "Axes", table: Table, i: int, count: int) -> None:
    rows = slice(i * count, (i + 1) * count)
    low, half_low, median, half_high, high = (_floats(table, f"q{100 * level:02.0f}", rows) for level in LEVELS)
    where = np.arange(count) + _offset(i)
    axes.vlines(where, low, high, color=_COLOURS[i], linewidth=1.0)
    axes.vlines(where, half_low, half_high, color=_COLOURS[i], linewidth=4.0, label=_NAMES[i])
    axes.hlines(median, where - 0.06, where + 0.06, color=_COLOURS[i], linewidth=1.8)


def _floats(table: Table, name: str, rows: slice) -> NDArray[np.float64]:
    column: Sequence[object] = table[name]
    return np.asarray(column[rows], np.float64)


def _draw_counted(axes: "Axes", result: Result, who: str, i: int) -> None:
    """Put the published count of a perpetrator on its quarter, when the world is Haiti."""
    if result.manifest["world"]["name"] != "Haiti":
        return
    _, names = quarters(result.dates)
    start, end = (date.fromisoformat(str(result.manifest[key])) for key in ("start", "end"))
    counted = observed_of(who, start, end)
    where = [names.index(f"{one.start.year} Q{(one.start.month - 1) // 3 + 1}") + _offset(i) for one in counted]
    label = "published" if who == _OUTCOME and counted else None
    axes.plot(
        where, [one.value for one in counted], "D", color="white", markeredgecolor=_COLOURS[i],
        markeredgewidth=1.2, markersize=5, zorder=5, label=label,
    )  # fmt: skip
