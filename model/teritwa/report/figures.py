"""The pictures of the page: SVG that stands in it, each with a caption and with words for those who do not see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from teritwa.analysis.compare import Comparison
from teritwa.analysis.measures import daily
from teritwa.ensemble.result import Result
from teritwa.pictures.comparison import MOST, comparison
from teritwa.pictures.displacement import displacement
from teritwa.pictures.fans import fan
from teritwa.pictures.harm import harm, quarters
from teritwa.pictures.mission import dashboard
from teritwa.pictures.style import HEADS
from teritwa.report.svg import inline
from teritwa.report.verdicts import amount, day
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LETTERS = 60
"""So much of a scenario's title finds room in a picture."""

OVER_TIME = ("gang_control_capital", "displaced")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as text, and its caption."""

    svg: str
    caption: str


def fans(result: Result, name: str) -> list[Picture]:
    """Return a scenario's fan of control, and the displaced and where they are; their ids begin with ``name``."""
    shown = _short(result)
    drawn = {"gang_control_capital": fan(shown)[0], "displaced": displacement(shown)[0]}
    return [
        _picture(
            drawn[outcome],
            f"{name}-{outcome}",
            f"{HEADS[outcome]} over time: {result.scenario_id}",
            _fan_words(result, outcome),
        )
        for outcome in OVER_TIME
    ]


def mission_and_harm(result: Result, name: str) -> list[Picture]:
    """Return a scenario's dashboard of the mission and its harm by quarter."""
    shown = _short(result)
    return [
        _picture(dashboard(shown)[0], f"{name}-mission", f"The mission: {result.scenario_id}", _mission_words(result)),
        _picture(harm(shown)[0], f"{name}-harm", f"Harm by quarter: {result.scenario_id}", _harm_words(result)),
    ]


def comparisons(compared: Comparison) -> list[Picture]:
    """Return the comparison of control and of the displaced, in several pictures if there are many scenarios."""
    parts = [compared.others[i : i + MOST] for i in range(0, len(compared.others), MOST)]
    return [
        _picture(
            comparison(replace(compared, others=others), outcome)[0],
            f"comparison-{i}-{outcome}",
            f"{HEADS[outcome]}: medians, and paired differences from {compared.baseline.scenario_id}",
            _comparison_words(compared, others, outcome),
        )
        for outcome in OVER_TIME
        for i, others in enumerate(parts)
    ]


def _picture(figure: "Figure", name: str, title: str, words: str) -> Picture:
    return Picture(inline(figure, name, title, words), title)


def _short(result: Result) -> Result:
    """Return a result whose title finds room and holds nothing that cannot be printed."""
    title = "".join(letter for letter in result.title if letter.isprintable())
    cut = title if len(title) <= LETTERS else f"{title[: LETTERS - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return replace(result, manifest={**result.manifest, "title": cut})


def _fan_words(result: Result, outcome: str) -> str:
    values, unit = daily(result, outcome), OUTCOMES[outcome].unit
    first, last = (float(np.median(values[:, at])) for at in (0, -1))
    low, high = (amount(float(level), unit) for level in np.quantile(values[:, -1], [0.05, 0.95]))
    begin, end = (day(str(when)) for when in (result.dates[0], result.dates[-1]))
    return (
        f"{HEADS[outcome]}, as a fan over {result.count} runs. The median goes from {amount(first, unit)} on {begin} "
        f"to {amount(last, unit)} on {end}, when 90 % of runs lie between {low} and {high}."
    )


def _comparison_words(compared: Comparison, others: Sequence[Result], outcome: str) -> str:
    names = {other.scenario_id for other in others}
    rows = [row for row in compared.rows if row.scenario in names and row.outcome == outcome]
    lines = [
        f"{row.scenario} {amount(row.scenario_median, row.unit)}, lower than the baseline in "
        f"{100 * row.better_share:.0f} %, the same in {100 * row.tie_share:.0f} % and higher in "
        f"{100 * row.worse_share:.0f} % of {row.pairs} pairs"
        for row in rows
    ]
    base = amount(rows[0].baseline_median, rows[0].unit)
    return f"Medians on {day(rows[0].when)}: {compared.baseline.scenario_id} {base}; {'; '.join(lines)}."


def _mission_words(result: Result) -> str:
    told = [
        f"{words} {np.median(values):,.0f} (90 % of runs: {low:,.0f} to {high:,.0f})"
        for words, values in (
            ("officers deployed", daily(result, "officers_deployed")[:, -1]),
            ("able to operate", daily(result, "officers_operational")[:, -1]),
            ("the ceiling of the mandate", daily(result, "officers_authorised")[:, -1]),
            ("millions of dollars in the fund", daily(result, "fund_balance")[:, -1] / 1e6),
        )
        for low, high in [np.quantile(values, [0.05, 0.95])]
    ]
    return f"The mission by day, over {result.count} runs. Medians on {day(str(result.dates[-1]))}: {'; '.join(told)}."


def _harm_words(result: Result) -> str:
    starts, names = quarters(result.dates)
    sums = np.add.reduceat(result.runs("killed_counted").sum(axis=2).astype(np.float64), starts, axis=1)
    told = [
        f"{name} {np.median(column):,.0f} ({low:,.0f} to {high:,.0f})"
        for name, column in zip(names, sums.T, strict=True)
        for low, high in [np.quantile(column, [0.05, 0.95])]
    ]
    return (
        f"Persons killed, injured and kidnapped by quarter over {result.count} runs. Killed as the UN would count, "
        f"median and 90 % of runs: {'; '.join(told)}."
    )
