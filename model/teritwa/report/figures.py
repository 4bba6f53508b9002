"""The figures of the page: SVG within the page, each with a caption and a text alternative."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import Comparison
from teritwa.analysis.measures import daily
from teritwa.engine.formatting import (
    format_amount,
    format_amount_range,
    format_date,
    format_period,
    format_share,
)
from teritwa.ensemble.result import Result
from teritwa.pictures.comparison import MAX_SCENARIOS, comparison
from teritwa.pictures.displacement import displacement
from teritwa.pictures.fans import fan
from teritwa.pictures.harm import harm, quarters
from teritwa.pictures.mission import dashboard
from teritwa.pictures.style import outcome_title
from teritwa.report.svg import inline_svg
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_TITLE_LENGTH = 60
"""Characters of a scenario's title that find room in a figure."""

TIME_SERIES_OUTCOMES = ("gang_control_capital", "displaced")
"""Outcomes that the page draws over time."""

MISSION_OUTCOMES = (
    "officers_deployed",
    "officers_operational",
    "officers_authorised",
    "fund_balance",
)
"""Outcomes in the text alternative of the mission's dashboard."""


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A figure as the text of an SVG element, and its caption."""

    svg: str
    caption: str


def time_series(result: Result, prefix: str) -> list[PageFigure]:
    """Return a scenario's figures of gang control and of the displaced over time.

    Args:
        result: The result of the scenario.
        prefix: What the ids within the figures begin with.

    Returns:
        The figures.
    """
    shown = _with_short_title(result)
    drawn = {"gang_control_capital": fan(shown)[0], "displaced": displacement(shown)[0]}
    return [
        _page_figure(
            drawn[outcome],
            f"{prefix}-{outcome}",
            f"{outcome_title(outcome)} over time: {result.scenario_id}",
            _describe_time_series(result, outcome),
        )
        for outcome in TIME_SERIES_OUTCOMES
    ]


def mission_and_harm(result: Result, prefix: str) -> list[PageFigure]:
    """Return a scenario's dashboard of the mission and its harm by quarter.

    Args:
        result: The result of the scenario.
        prefix: What the ids within the figures begin with.

    Returns:
        The figures.
    """
    shown = _with_short_title(result)
    mission = _page_figure(
        dashboard(shown)[0],
        f"{prefix}-mission",
        f"The mission: {result.scenario_id}",
        _describe_mission(result),
    )
    by_quarter = _page_figure(
        harm(shown)[0],
        f"{prefix}-harm",
        f"Harm by quarter: {result.scenario_id}",
        _describe_harm(result),
    )
    return [mission, by_quarter]


def comparisons(compared: Comparison) -> list[PageFigure]:
    """Return the comparisons of gang control and of the displaced over time.

    Args:
        compared: The comparison; many scenarios are drawn in several figures.

    Returns:
        The figures.
    """
    parts = [
        compared.others[i : i + MAX_SCENARIOS]
        for i in range(0, len(compared.others), MAX_SCENARIOS)
    ]
    return [
        _page_figure(
            comparison(replace(compared, others=others), outcome)[0],
            f"comparison-{i}-{outcome}",
            f"{outcome_title(outcome)}: medians, and paired differences from "
            f"{compared.baseline.scenario_id}",
            _describe_comparison(compared, others, outcome),
        )
        for outcome in TIME_SERIES_OUTCOMES
        for i, others in enumerate(parts)
    ]


def _page_figure(figure: "Figure", name: str, title: str, description: str) -> PageFigure:
    """Return a figure for the page, its title as its caption."""
    return PageFigure(inline_svg(figure, name, title, description), title)


def _with_short_title(result: Result) -> Result:
    """Return a result with a title that finds room and holds nothing unprintable."""
    title = "".join(letter for letter in result.title if letter.isprintable())
    if len(title) > MAX_TITLE_LENGTH:
        title = f"{title[: MAX_TITLE_LENGTH - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return replace(result, manifest={**result.manifest, "title": title})


def _describe_time_series(result: Result, outcome: str) -> str:
    """Return the text alternative of an outcome over time."""
    values, unit = daily(result, outcome), OUTCOMES[outcome].unit
    first, last = (float(np.median(values[:, day])) for day in (0, -1))
    low, high = (float(level) for level in np.quantile(values[:, -1], [0.05, 0.95]))
    return (
        f"{outcome_title(outcome)}, as a fan over {result.count} runs. The median goes from "
        f"{format_amount(first, unit)} on {format_date(result.dates[0])} to "
        f"{format_amount(last, unit)} on {format_date(result.dates[-1])}, when 90 % of runs lie "
        f"between {format_amount(low, unit)} and {format_amount(high, unit)}."
    )


def _describe_comparison(compared: Comparison, others: Sequence[Result], outcome: str) -> str:
    """Return the text alternative of a comparison of some scenarios with the baseline."""
    names = {other.scenario_id for other in others}
    rows = [row for row in compared.rows if row.scenario in names and row.outcome == outcome]
    lines = [
        f"{row.scenario} {format_amount(row.scenario_median, row.unit)}, lower than the baseline "
        f"in {format_share(row.lower_share)}, the same in {format_share(row.equal_share)} and "
        f"higher in {format_share(row.higher_share)} of {row.pairs} pairs"
        for row in rows
    ]
    median = format_amount(rows[0].baseline_median, rows[0].unit)
    return (
        f"Medians on {format_period(rows[0].when)}: {compared.baseline.scenario_id} {median}; "
        f"{'; '.join(lines)}."
    )


def _describe_mission(result: Result) -> str:
    """Return the text alternative of the mission's dashboard."""
    levels = []
    for name in MISSION_OUTCOMES:
        median, interval = _median_and_interval(daily(result, name)[:, -1], OUTCOMES[name].unit)
        levels.append(f"{OUTCOMES[name].label} {median} (90 % of runs: {interval})")
    return (
        f"The mission by day, over {result.count} runs. Medians on "
        f"{format_date(result.dates[-1])}: {'; '.join(levels)}."
    )


def _describe_harm(result: Result) -> str:
    """Return the text alternative of harm by quarter."""
    starts, names = quarters(result.dates)
    by_day = result.runs("killed_counted").sum(axis=2).astype(np.float64)
    by_quarter = np.add.reduceat(by_day, starts, axis=1)
    levels = _quarter_levels(names, by_quarter.T)
    return (
        f"Persons killed, injured and kidnapped by quarter over {result.count} runs. Killed as "
        f"the UN would count, median and 90 % of runs: {'; '.join(levels)}."
    )


def _quarter_levels(names: Sequence[str], counts: Iterable[NDArray[np.float64]]) -> list[str]:
    """Return median and 90 % interval of a count of persons in each quarter."""
    levels = []
    for name, values in zip(names, counts, strict=True):
        median, interval = _median_and_interval(values, "persons")
        levels.append(f"{name} {median} ({interval})")
    return levels


def _median_and_interval(values: NDArray[np.float64], unit: str) -> tuple[str, str]:
    """Return the median and the 90 % interval of values over runs, written in their unit."""
    low, median, high = (float(level) for level in np.quantile(values, [0.05, 0.5, 0.95]))
    return format_amount(median, unit), format_amount_range(low, high, unit)
