"""What was said of months not looked at, against what came; and the analog, a place where the answer is known."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.pictures.style import BLUE, GREY, INK, OKABE_ITO, Table, house_style, new_figure
from teritwa.pictures.validation import MISSED, Record, foot, head, number, records
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEADS: Mapping[str, str] = {
    "displaced": "displaced, persons",
    "killed_counted": "killed, persons a quarter",
    "injured_counted": "injured, persons a quarter",
    "kidnapped": "kidnapped, persons a quarter",
    "killed_counted.brigade": "killed by brigades, persons a quarter",
    "gang_control_capital": "capital held by gangs, share of people",
}
"""The outcomes that the picture of the prediction shows, in this order, where there are scores."""

_RULES = {"persistence": ("s", OKABE_ITO[4], 14), "trend": ("^", OKABE_ITO[3], 23)}
"""The mark and the colour of each simple rule, and how many days beside the model's intervals it stands."""
_BANDS = ((90, "#cfe3f1"), (80, "#86b9dc"), (50, BLUE))
MEASURES: Mapping[str, str] = {
    "driven_out of raided": "driven out by the raid",
    "back_30 of raided": "gangs there within 30 days",
    "back_60 of raided": "gangs there within 60 days",
    "returned_30 of driven_out": "of the driven out: back in 30 days",
    "returned_60 of driven_out": "of the driven out: back in 60 days",
    "held_60": "people where gangs hold, day 60",
    "influence_60": "mean gang influence, day 60",
}
"""What the picture of the analog shows of each scenario."""

VERDICTS = ("better", "the same", "worse")
_PAIRED: Mapping[str, str] = {"held_60": "people where\ngangs hold", "influence_60": "gang influence"}


def drawn_outcomes(scores: Table) -> list[str]:
    """Return the outcomes of a table of scores that have a panel."""
    return [name for name in HEADS if name in set(scores["outcome"])]


def prediction_picture(scores: Table, history: Table, origin: date) -> tuple["Figure", list["Axes"]]:
    """Draw figures known by a day and those that came after, with what the model and two simple rules said of them."""
    names = drawn_outcomes(scores)
    later = [row for row in records(scores) if row["outcome"] in names]
    known = [row for row in records(history) if row["outcome"] in names and _day(row["end"]) <= origin]
    runs = max((int(number(row["runs"])) for row in later), default=0)
    with house_style():
        rows = ceil(max(len(names), 1) / 2)
        height = 2.15 * rows + 1.75
        figure = new_figure(height)
        panels = list(figure.subplots(rows, 2, squeeze=False).ravel())
        figure.subplots_adjust(
            left=0.095, right=0.975, top=1 - 1.0 / height, bottom=1.0 / height, hspace=0.45, wspace=0.24
        )
        for axes, name in zip(panels, names, strict=False):
            _draw_outcome(axes, *([row for row in part if row["outcome"] == name] for part in (later, known)))
            _frame(axes, name, _span([*later, *known]))
            axes.axvline(np.datetime64(origin), color=GREY, linewidth=0.9, linestyle="--")
        for axes in panels[len(names) :]:
            axes.set_axis_off()
        below = (
            f"n = {runs:,} runs; nothing after {origin} (dashed) was fitted. Intervals of runs, with the error of the "
        )
        below += (
            "figure where one is stated.\nPersistence: the last figure stays. Trend: the line through the last three."
        )
        head(figure, "Prediction in time", below)
        _legend(figure)
        foot(
            figure,
            "figures: BINUH, quarterly reports on human rights; IOM, Displacement Tracking Matrix; for the share: UN",
        )
        return figure, panels[: len(names)]


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def _middle(row: Record) -> date:
    start, end = _day(row["start"]), _day(row["end"])
    return start + (end - start) / 2


def _draw_outcome(axes: "Axes", later: Sequence[Record], known: Sequence[Record]) -> None:
    where = _dates([_middle(row) for row in later])
    for level, colour in _BANDS:
        low, high = ([number(row[f"{end}_{level}"]) for row in later] for end in ("low", "high"))
        axes.vlines(where, low, high, color=colour, linewidth=6.5, zorder=2)
    for i, row in enumerate(later):
        axes.hlines(number(row["median"]), *_dates(_around(row, 4)), color="white", linewidth=1.4, zorder=3)
        for rule, (marker, colour, away) in _RULES.items():
            axes.plot(
                where[i] + np.timedelta64(away, "D"), number(row[rule]), marker, color="white", zorder=4,
                markeredgecolor=colour, markersize=4.5, markeredgewidth=1.3, gid=rule,
            )  # fmt: skip
        _draw_figure(axes, row, MISSED if number(row["inside_90"]) == 0 else INK)
    for row in known:
        _draw_figure(axes, row, GREY)


def _dates(days: Sequence[date]) -> NDArray[np.datetime64]:
    return np.asarray(days, "datetime64[D]")


def _around(row: Record, days: int) -> list[date]:
    return [_middle(row) + timedelta(away) for away in (-days, days)]


def _draw_figure(axes: "Axes", row: Record, colour: str) -> None:
    """Put a figure at the middle of its days, with a line along them."""
    value = number(row["value"])
    period = _dates([_day(row["start"]), _day(row["end"])])
    axes.hlines(value, *period, color=colour, linewidth=1.0, zorder=3.5)
    filled = colour == MISSED
    axes.plot(
        _dates([_middle(row)]), value, "D", color=colour if filled else "white", markeredgecolor=colour,
        markeredgewidth=1.2, markersize=4.5, zorder=5, gid="figure",
    )  # fmt: skip


def _span(rows: Sequence[Record]) -> NDArray[np.datetime64]:
    """Return the first and the last day that is drawn, with some room for marks."""
    ends = _dates([_day(row[end]) for row in rows for end in ("start", "end")])
    return np.array([ends.min() - np.timedelta64(20, "D"), ends.max() + np.timedelta64(34, "D")])


def _frame(axes: "Axes", name: str, days: NDArray[np.datetime64]) -> None:
    from matplotlib.dates import ConciseDateFormatter, MonthLocator
    from matplotlib.ticker import FuncFormatter

    share = OUTCOMES[name.partition(".")[0]].unit == "1"
    locator = MonthLocator(bymonth=(1, 7))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]
    axes.set_xlim(*days)
    axes.set_ylim(*((0.5, 1.0) if share else (0.0, 1.04 * axes.get_ylim()[1])))
    form = (lambda value, _: f"{100 * value:g} %") if share else (lambda value, _: f"{value:,.10g}")
    axes.yaxis.set_major_formatter(FuncFormatter(form))
    axes.set_title(HEADS[name], loc="left", fontsize=9)


def _legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    mark: dict[str, Any] = {"linestyle": "", "color": "white", "markersize": 5, "markeredgewidth": 1.2}
    entries = [
        *(Patch(color=colour, label=f"model, {level} %") for level, colour in _BANDS),
        Line2D([], [], marker="D", markeredgecolor=GREY, label="figure known before", **mark),
        Line2D([], [], marker="D", markeredgecolor=INK, label="figure that came", **mark),
        Line2D([], [], marker="D", markeredgecolor=MISSED, label="outside the 90 %", **mark | {"color": MISSED}),
        *(
            Line2D([], [], marker=marker, markeredgecolor=colour, label=rule, **mark)
            for rule, (marker, colour, _) in _RULES.items()
        ),
    ]
    place = (0.5, 0.20 / figure.get_figheight())
    figure.legend(handles=entries, loc="lower center", bbox_to_anchor=place, ncols=4, handlelength=1.4, fontsize=7.5)


def analog_picture(summary: Table, runs: Table) -> tuple["Figure", NDArray[Any]]:
    """Draw what the runs of both scenarios of the analog say, and in how many pairs holding did better."""
    rows = records(summary)
    scenarios = [name for name in dict.fromkeys(str(row["scenario"]) for row in rows) if name != "pairs"]
    with house_style():
        figure = new_figure(6.6)
        panels = figure.subplots(3, 1, height_ratios=[len(MEASURES), len(_PAIRED), 2.4])
        figure.subplots_adjust(left=0.29, right=0.89, top=0.845, bottom=0.105, hspace=0.8)
        for i, scenario in enumerate(scenarios):
            _draw_scenario(panels[0], [row for row in rows if row["scenario"] == scenario], i, scenario)
        _draw_pairs(panels[1], [row for row in rows if row["scenario"] == "pairs"])
        differences = paired(runs, scenarios)
        _draw_differences(panels[2], differences)
        below = f"n = {len(differences):,} runs a scenario, in pairs of the same draw; bars: 95 % intervals; "
        below += "n on the right: quarters or runs."
        more = "\nA logic test, not evidence: quarters and gangs of this small world are assumptions."
        head(figure, "The analog: raided and left, raided and held", below + more)
        foot(figure, "simulated only: nothing on this picture was observed")
        return figure, panels


def paired(runs: Table, scenarios: Sequence[str]) -> NDArray[np.float64]:
    """Return, draw by draw, gang influence on day 60 under the second scenario less that under the first."""
    by_run = {(str(row["draw"]), str(row["scenario"])): number(row["influence_60"]) for row in records(runs)}
    draws = dict.fromkeys(str(each) for each in runs["draw"])
    return np.array([by_run[each, scenarios[1]] - by_run[each, scenarios[0]] for each in draws])


def _draw_differences(axes: "Axes", differences: NDArray[np.float64]) -> None:
    from matplotlib.ticker import MaxNLocator

    most = max(0.05, float(np.abs(differences).max()))
    axes.hist(100 * differences, bins=np.linspace(-100 * most, 100 * most, 32).tolist(), color=BLUE)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_ylabel("pairs")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axes.set_xlabel("gang influence on day 60, hold less leave, in points; left of 0 holding does better", fontsize=8)
    axes.grid(visible=False, axis="x")


def _draw_scenario(axes: "Axes", rows: Sequence[Record], i: int, name: str) -> None:
    by_name = {str(row["measure"]): row for row in rows}
    colour, marker = (OKABE_ITO[2], "s") if i == 0 else (BLUE, "o")
    for place, measure in enumerate(MEASURES):
        row = by_name[measure]
        value, low, high = (number(row[key]) for key in ("value", "low", "high"))
        away = place + (i - 0.5) * 0.36
        ends = [[0.0 if np.isnan(low) else value - low], [0.0 if np.isnan(high) else high - value]]
        axes.errorbar(
            [value], [away], xerr=ends, fmt=marker, color=colour, markersize=4.5, elinewidth=1.2, capsize=2.5,
            label=name if place == 0 else None, gid=f"{name}: {measure}",
        )  # fmt: skip
        text = f"n = {int(number(row['of'])):,}" if not np.isnan(value) else "no case"
        axes.text(1.02, away, text, transform=axes.get_yaxis_transform(), fontsize=6.5, va="center", color=colour)
    axes.set_yticks(range(len(MEASURES)), list(MEASURES.values()))
    axes.set_ylim(len(MEASURES) - 0.4, -0.6)
    _shares(axes)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, borderaxespad=0.1)


def _draw_pairs(axes: "Axes", rows: Sequence[Record]) -> None:
    by_name = {str(row["measure"]): row for row in rows}
    for place, measure in enumerate(_PAIRED):
        left = 0.0
        for verdict, colour in zip(VERDICTS, (BLUE, "#d4d4d4", OKABE_ITO[2]), strict=True):
            wide = number(by_name[f"{measure} {verdict}"]["value"])
            label = f"holding {verdict}" if place == 0 else None
            axes.barh(place, wide, left=left, height=0.6, color=colour, linewidth=0, label=label)
            if wide >= 0.06:
                ink = INK if verdict == "the same" else "white"
                axes.text(
                    left + wide / 2, place, f"{100 * wide:.0f} %", ha="center", va="center", color=ink, fontsize=7.5
                )
            left += wide
        pairs = int(number(by_name[f"{measure} better"]["of"]))
        axes.text(1.02, place, f"n = {pairs:,}", transform=axes.get_yaxis_transform(), fontsize=6.5, va="center")
    axes.set_yticks(range(len(_PAIRED)), [f"{text}, day 60" for text in _PAIRED.values()])
    axes.set_ylim(len(_PAIRED) - 0.5, -0.5)
    _shares(axes)
    axes.set_xlabel("share of pairs")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, borderaxespad=0.1)


def _shares(axes: "Axes") -> None:
    axes.set_xlim(-0.012, 1.012)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
