"""A small table of what an ensemble says: quantiles over its runs at each month.

Stocks are read on the day. Counts appear twice: ``killed.gang`` since day 0, up to and including
the date, and ``killed.gang.month`` in the calendar month that begins on the date (or that the run begins or
ends in).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.formatting import plain
from teritwa.ensemble.run_set import blocks
from teritwa.rules.registry import OUTCOMES

if TYPE_CHECKING:
    import xarray

HEADER = ("date", "outcome", "unit", "q05", "q25", "q50", "q75", "q95", "n")
"""The columns of summary.csv."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantile levels of tables and bands: a median, half of the runs, nine tenths of the runs."""

PER_DAY = " per day"
"""How the unit of a count ends: such outcomes are added up, the others are read on the day."""

Series = tuple[str, str, NDArray[Any]]
"""The name, unit and values (run, date) of one line of numbers."""

_Dated = tuple[str, str, NDArray[np.intp], NDArray[Any]]
"""The same on some days only, which are given by their positions."""


def summarise(
    arrays: Mapping[str, "xarray.DataArray"],
    along: Mapping[str, Sequence[Any]],
    about: Mapping[str, tuple[str, Sequence[Any], str]],
    completed: NDArray[np.bool_],
) -> Iterator[list[object]]:
    """Yield the rows of summary.csv from arrays (draw, replicate, date, ...); nothing if no run finished.

    Arrays are read some runs at a time, so that the memory it takes hardly grows with the number of runs.
    """
    if not completed.any():
        return
    dates = np.asarray(along["date"], "datetime64[D]")
    for name, outcome in OUTCOMES.items():
        if name not in arrays or outcome.dimensions[0] != "date" or name == "mandate":
            continue
        counted = outcome.unit.endswith(PER_DAY)
        parts = []
        for block in blocks(*completed.shape):
            values = np.asarray(arrays[name][block])[completed[block]]
            series = named_counts(name, values, along) if counted else _named_stocks(name, values, along, about)
            parts.append(list((_counts if counted else _stocks)(series, dates)))
        for alike in zip(*parts, strict=True):
            title, unit, days, _ = alike[0]
            yield from _rows(title, unit, dates[days], np.concatenate([values for *_, values in alike]))


def month_starts(dates: NDArray[np.datetime64]) -> NDArray[np.intp]:
    """Return the positions in consecutive dates at which a calendar month begins; day 0 is always one."""
    months = dates.astype("datetime64[M]")
    return np.concatenate([[0], np.flatnonzero(months[1:] != months[:-1]) + 1]).astype(np.intp)


def named_counts(name: str, values: NDArray[Any], along: Mapping[str, Sequence[Any]]) -> list[Series]:
    """Split a daily count (run, date, ...) into its total and, for harm, one series a perpetrator."""
    wide = np.int64 if values.dtype.kind == "i" else np.float64  # sums of many days outgrow the stored type
    unit, axes = OUTCOMES[name].unit.removesuffix(PER_DAY), OUTCOMES[name].dimensions
    if "perpetrator" not in axes:
        return [(name, unit, values.astype(wide))]
    by_perpetrator = values.sum(axis=3, dtype=wide) if "victim" in axes else values.astype(wide)
    parts = [(f"{name}.{who}", unit, by_perpetrator[:, :, i]) for i, who in enumerate(along["perpetrator"])]
    return [(name, unit, by_perpetrator.sum(axis=2)), *parts]


def _named_stocks(
    name: str,
    values: NDArray[Any],
    along: Mapping[str, Sequence[Any]],
    about: Mapping[str, tuple[str, Sequence[Any], str]],
) -> list[Series]:
    """One series, or one a contingent and the mission's sum, each (run, date)."""
    unit = OUTCOMES[name].unit
    if OUTCOMES[name].dimensions == ("date",):
        return [(name, unit, values)]
    mission = np.asarray(about["force"][1]) == "mission"
    parts = [(f"{name}.{who}", unit, values[:, :, i]) for i, who in enumerate(along["contingent"])]
    return [(f"{name}.mission", unit, values[:, :, mission].sum(axis=2)), *parts]


def _stocks(series: list[Series], dates: NDArray[np.datetime64]) -> Iterator[_Dated]:
    """Read each series on the first of each month and on the last day."""
    days = np.union1d(month_starts(dates), len(dates) - 1)
    for name, unit, values in series:
        yield name, unit, days, values[:, days]


def _counts(series: list[Series], dates: NDArray[np.datetime64]) -> Iterator[_Dated]:
    """Add up each series since day 0, on the same days, and within each month."""
    firsts = month_starts(dates)
    days = np.union1d(firsts, len(dates) - 1)
    for name, unit, values in series:
        yield name, f"{unit} since day 0", days, values.cumsum(axis=1)[:, days]
        yield f"{name}.month", f"{unit} in the month", firsts, np.add.reduceat(values, firsts, axis=1)


def _rows(name: str, unit: str, dates: NDArray[np.datetime64], values: NDArray[Any]) -> Iterator[list[object]]:
    quantiles = np.quantile(values.astype(np.float64), LEVELS, axis=0)
    for day, levels in zip(dates, quantiles.T, strict=True):
        yield [str(day), name, unit, *(plain(level) for level in levels), len(values)]
