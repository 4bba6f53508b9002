"""The headline measures: one number a run, for comparing scenarios and for reading a result at a glance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.outcomes import OUTCOMES, VICTIMS
from teritwa.results import Result

LESS, MORE = "less", "more"


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which scenarios are compared: all of them, and the last whole calendar year among them.

    ``days`` and ``year`` are slices of the daily axis; ``year_label`` names the year, or the whole period
    when it holds no whole year.
    """

    days: slice
    year: slice
    last: str
    year_label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a run: its name, when it is taken (``last`` or ``year``), unit and which way is better.

    ``of`` takes a result and a period and returns a float64 array, one value a finished run.
    """

    name: str
    when: str
    unit: str
    better: str
    of: Callable[[Result, Period], NDArray[np.float64]]

    def label(self, period: Period) -> str:
        """Say when the measure is taken, in words."""
        return period.last if self.when == "last" else period.year_label


def period_of(dates: NDArray[np.datetime64]) -> Period:
    """Return the period that consecutive dates span."""
    first, last = dates[0], dates[-1]
    after = (last + 1).astype("datetime64[Y]")
    year = after - 1
    if year.astype("datetime64[D]") < first:
        return Period(slice(0, len(dates)), slice(0, len(dates)), str(last), f"{first} to {last}")
    begin = int((year.astype("datetime64[D]") - first).astype(int))
    end = int((after.astype("datetime64[D]") - first).astype(int))
    return Period(slice(0, len(dates)), slice(begin, end), str(last), str(year))


def _on_last_day(name: str) -> Callable[[Result, Period], NDArray[np.float64]]:
    return lambda result, period: _daily(result, name, period)[:, -1]


def _mean_of_year(name: str) -> Callable[[Result, Period], NDArray[np.float64]]:
    return lambda result, period: _daily(result, name, period)[:, period.year].mean(axis=1)


def _sum_of_year(name: str) -> Callable[[Result, Period], NDArray[np.float64]]:
    return lambda result, period: _daily(result, name, period)[:, period.year].sum(axis=1)


def _civilians_killed(result: Result, period: Period) -> NDArray[np.float64]:
    killed = result.runs("killed")[:, period.year]
    return _floats(killed[..., VICTIMS.index("civilian")].sum(axis=(1, 2)))


def _daily(result: Result, name: str, period: Period) -> NDArray[np.float64]:
    """One series a run: harm summed over who did and suffered it, officers over the mission's contingents."""
    values = result.runs(name)[:, period.days]
    if OUTCOMES[name].dimensions[1:] == ("perpetrator", "victim"):
        return _floats(values.sum(axis=(2, 3)))
    if OUTCOMES[name].dimensions[1:] == ("contingent",):
        return _floats(values[:, :, mission_contingents(result)].sum(axis=2))
    return _floats(values)


def mission_contingents(result: Result) -> NDArray[np.bool_]:
    """Return which contingents belong to the mission."""
    return np.array([force == "mission" for force in result.labels("force")])


def daily(result: Result, name: str) -> NDArray[np.float64]:
    """Return one series a run (run, date): harm in sum, officers of the mission in sum."""
    return _daily(result, name, period_of(result.dates))


def _floats(values: NDArray[Any]) -> NDArray[np.float64]:
    return values.astype(np.float64)


MEASURES = (
    Measure("gang_control_capital", "last", "1", LESS, _on_last_day("gang_control_capital")),
    Measure("gang_control_capital, mean", "year", "1", LESS, _mean_of_year("gang_control_capital")),
    Measure("gang_control_national", "last", "1", LESS, _on_last_day("gang_control_national")),
    Measure("towns_lost", "last", "districts", LESS, _on_last_day("towns_lost")),
    Measure("killed", "year", "persons", LESS, _sum_of_year("killed")),
    Measure("killed, civilians", "year", "persons", LESS, _civilians_killed),
    Measure("kidnapped", "year", "persons", LESS, _sum_of_year("kidnapped")),
    Measure("displaced", "last", "persons", LESS, _on_last_day("displaced")),
    Measure("strength, mission", "last", "officers", MORE, _on_last_day("strength")),
    Measure("ready, mission", "last", "officers", MORE, _on_last_day("ready")),
    Measure("fund", "last", "US dollars", MORE, _on_last_day("fund")),
)
"""What every comparison reports."""


def headline(result: Result) -> list[tuple[str, str, str, float, float, float]]:
    """Return each measure of a result: name, when, unit, and its 5 %, 50 % and 95 % quantiles."""
    period = period_of(result.dates)
    rows = []
    for measure in MEASURES:
        low, median, high = np.quantile(measure.of(result, period), [0.05, 0.5, 0.95])
        rows.append((measure.name, measure.label(period), measure.unit, float(low), float(median), float(high)))
    return rows
