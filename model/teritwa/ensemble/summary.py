"""A small table of an ensemble's results: quantiles over its runs at each month.

Stocks are read on the day. Counts appear twice: ``killed.gang`` since day 0, up to and including
the date, and ``killed.gang.month`` in the calendar month that begins on the date (or in which the
run begins or ends).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.formatting import format_decimal
from teritwa.ensemble.run_set import Coordinates, run_chunks
from teritwa.rules.outcomes import Outcome
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    import netCDF4

HEADER = ("date", "outcome", "unit", "q05", "q25", "q50", "q75", "q95", "n")
"""The columns of summary.csv."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantile levels of tables and bands: the median, and central intervals of 50 and 90 %."""

PER_DAY = " per day"
"""How the unit of a count ends: such outcomes are summed, the others are read on the day."""

Series = tuple[str, str, NDArray[Any]]
"""The name, unit and values (run, date) of one series."""

_DatedSeries = tuple[str, str, NDArray[np.intp], NDArray[Any]]
"""The name, unit, positions of some dates, and values (run, date) of one series on these."""


def summarise(
    arrays: Mapping[str, "netCDF4.Variable[Any]"],
    coordinates: Coordinates,
    completed: NDArray[np.bool_],
) -> Iterator[list[object]]:
    """Yield the rows of summary.csv; none if no run finished.

    Arrays are read some runs at a time, so that memory hardly grows with the number of runs.

    Args:
        arrays: Outcomes (draw, replicate, date, ...) by name.
        coordinates: The coordinates of the outcomes.
        completed: Which runs finished (draw, replicate).
    """
    if not completed.any():
        return
    for name, outcome in OUTCOMES.items():
        if name in arrays and outcome.dimensions[0] == "date" and name != "mandate":
            yield from _rows_of_outcome(outcome, arrays[name], coordinates, completed)


def month_starts(dates: NDArray[np.datetime64]) -> NDArray[np.intp]:
    """Return the positions in consecutive dates at which a calendar month begins, and day 0."""
    months = dates.astype("datetime64[M]")
    return np.concatenate([[0], np.flatnonzero(months[1:] != months[:-1]) + 1]).astype(np.intp)


def named_counts(
    name: str, values: NDArray[Any], by_dimension: Mapping[str, Sequence[Any]]
) -> list[Series]:
    """Return the total of a daily count and, if it has perpetrators, a series for each of them.

    Args:
        name: The outcome.
        values: Its values (run, date, ...).
        by_dimension: Values along each dimension.
    """
    unit, dimensions = OUTCOMES[name].unit.removesuffix(PER_DAY), OUTCOMES[name].dimensions
    wide = _wide_type(values)
    if "perpetrator" not in dimensions:
        return [(name, unit, values.astype(wide))]
    has_victims = "victim" in dimensions
    by_perpetrator = values.sum(axis=3, dtype=wide) if has_victims else values.astype(wide)
    perpetrators = enumerate(by_dimension["perpetrator"])
    parts = [(f"{name}.{who}", unit, by_perpetrator[:, :, i]) for i, who in perpetrators]
    return [(name, unit, by_perpetrator.sum(axis=2)), *parts]


def _wide_type(values: NDArray[Any]) -> type[np.int64] | type[np.float64]:
    """Return the type in which counts are summed, for sums can exceed their stored type."""
    return np.int64 if values.dtype.kind == "i" else np.float64


def _summarised_series(
    outcome: Outcome, values: NDArray[Any], coordinates: Coordinates
) -> Iterator[_DatedSeries]:
    """Yield the series of an outcome (run, date, ...) on the dates of the summary."""
    is_count = outcome.unit.endswith(PER_DAY)
    if "contingent" in outcome.dimensions:
        series = _by_contingent(outcome, values, coordinates)
    elif is_count or "perpetrator" in outcome.dimensions:
        series = named_counts(outcome.name, values, coordinates.by_dimension)
    else:
        series = [(outcome.name, outcome.unit, values)]
    dates = np.asarray(coordinates.by_dimension["date"], "datetime64[D]")
    yield from (_counts if is_count else _stocks)(series, dates)


def _by_contingent(
    outcome: Outcome, values: NDArray[Any], coordinates: Coordinates
) -> list[Series]:
    """Return the mission's sum of an outcome (run, date, contingent), and each contingent's."""
    name, unit = outcome.name, outcome.unit.removesuffix(PER_DAY)
    if unit != outcome.unit:
        values = values.astype(_wide_type(values))
    mission = np.asarray(coordinates.auxiliary["force"][1]) == "mission"
    contingents = enumerate(coordinates.by_dimension["contingent"])
    parts = [(f"{name}.{who}", unit, values[:, :, i]) for i, who in contingents]
    return [(f"{name}.mission", unit, values[:, :, mission].sum(axis=2)), *parts]


def _stocks(series: list[Series], dates: NDArray[np.datetime64]) -> Iterator[_DatedSeries]:
    """Yield each series on the first of each month and on the last day."""
    days = np.union1d(month_starts(dates), len(dates) - 1)
    for name, unit, values in series:
        yield name, unit, days, values[:, days]


def _counts(series: list[Series], dates: NDArray[np.datetime64]) -> Iterator[_DatedSeries]:
    """Yield the sum of each series since day 0, on the same days, and within each month."""
    firsts = month_starts(dates)
    days = np.union1d(firsts, len(dates) - 1)
    for name, unit, values in series:
        yield name, f"{unit} since day 0", days, values.cumsum(axis=1)[:, days]
        by_month = np.add.reduceat(values, firsts, axis=1)
        yield f"{name}.month", f"{unit} in the month", firsts, by_month


def _rows_of_outcome(
    outcome: Outcome,
    array: "netCDF4.Variable[Any]",
    coordinates: Coordinates,
    completed: NDArray[np.bool_],
) -> Iterator[list[object]]:
    """Yield the rows of one outcome, whose array (draw, replicate, date, ...) is read in chunks."""
    dates = np.asarray(coordinates.by_dimension["date"], "datetime64[D]")
    chunks = []
    for chunk in run_chunks(*completed.shape):
        values = np.asarray(array[chunk])[completed[chunk]]
        chunks.append(list(_summarised_series(outcome, values, coordinates)))
    for parts in zip(*chunks, strict=True):
        name, unit, days, _ = parts[0]
        values = np.concatenate([values for *_, values in parts])
        yield from _rows(name, unit, dates[days], values)


def _rows(
    name: str, unit: str, dates: NDArray[np.datetime64], values: NDArray[Any]
) -> Iterator[list[object]]:
    """Yield a row a date with the quantiles over runs of one series (run, date)."""
    quantiles = np.quantile(values.astype(np.float64), LEVELS, axis=0)
    for day, levels in zip(dates, quantiles.T, strict=True):
        yield [str(day), name, unit, *(format_decimal(level) for level in levels), len(values)]
