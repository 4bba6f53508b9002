"""Tables of a calibration: the fit to each target, each parameter, and the recovery of truths."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.calibrate import Calibration
from teritwa.analysis.calibration.priors import informed_label, prior, relative_spread
from teritwa.analysis.calibration.recovery import DRAWS, LEVELS, Recovery
from teritwa.analysis.calibration.targets import Target
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import format_decimal
from teritwa.engine.parameters import Parameter

Array = NDArray[np.float64]
Row = dict[str, object]
Table = dict[str, list[object]]
"""Columns by name, all of one length."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ERROR_VALUES = 99
"""How many equally likely values of an observation's error are added to simulated residuals."""

ENSEMBLES = ("as calibrated", "half the spread")


def save(calibration: Calibration, folder: Path, suffix: str = "") -> Path:
    """Write posterior.csv (for a scenario), fit.csv and parameters.csv; return the first's path.

    Args:
        calibration: What is written.
        folder: Where the tables go.
        suffix: Added to their names.
    """
    texts = {
        "posterior": calibration.posterior_csv(),
        "fit": to_csv(fit_table(calibration)),
        "parameters": to_csv(parameter_table(calibration)),
    }
    for name, text in texts.items():
        write_text(folder / f"{name}{suffix}.csv", text)
    return folder / f"posterior{suffix}.csv"


def to_csv(table: Table) -> str:
    """Return a table as CSV text, numbers as `format_decimal` writes them."""
    cells = [map(_cell, column) for column in table.values()]
    return as_csv(table, zip(*cells, strict=True))


def _cell(value: object) -> object:
    """Return a cell of a table, a float as text."""
    return format_decimal(value) if isinstance(value, float) else value


def fit_table(calibration: Calibration) -> Table:
    """Return a row for each target: the observation beside runs from priors and posterior.

    ``posterior`` quantiles include the observation's error, ``model`` quantiles do not.
    ``half_width`` is half of the posterior's 90 % band over its median. ``inside`` says whether
    the observed value (the middle of what sources allow) lies in that band.
    """
    finished = ~np.isnan(calibration.check).any(axis=1)
    before, after = calibration.first.residuals.T, calibration.check[finished].T
    return _columns(
        [_fit_row(*each) for each in zip(calibration.targets, before, after, strict=True)]
    )


def _fit_row(target: Target, before: Array, after: Array) -> Row:
    """Return a target's row from residuals before and after calibration."""
    residuals = {"prior": before, "model": after, "posterior": add_error(target, after)}
    quantiles = {
        name: target.from_residual(np.quantile(values, QUANTILES))
        for name, values in residuals.items()
    }
    row: Row = {
        "target": target.name,
        "group": target.group,
        "fitted": "yes" if target.fitted else "no",
        "observed": target.observed,
        "low": target.low,
        "high": target.high,
    }
    for name, values in quantiles.items():
        row |= _quantile_cells(f"{name}_", values)
    low, median, high = (float(quantiles["posterior"][i]) for i in (0, 2, 4))
    row["half_width"] = (high - low) / 2 / abs(median) if median else float("inf")
    row["inside"] = "yes" if low <= target.observed <= high else "no"
    return row


def add_error(target: Target, residuals: Array) -> Array:
    """Return simulated residuals with each of the equally likely values of the count's error.

    Args:
        target: The target.
        residuals: Residuals of runs, shape (run,).

    Returns:
        Residuals of shape (run * value,).
    """
    normal = NormalDist()
    steps = [normal.inv_cdf((i + 0.5) / ERROR_VALUES) for i in range(ERROR_VALUES)]
    return (residuals[:, None] + target.residual_error * np.array(steps)).ravel()


def parameter_table(calibration: Calibration) -> Table:
    """Return a row for each parameter: prior, posterior quantiles, and whether 2024 informs it.

    ``spread`` is the standard deviation of the posterior's levels as a share of the prior's;
    ``level`` columns have the quantiles as levels (0 to 1) of the prior.
    """
    spreads = relative_spread(calibration.posterior)
    columns = zip(calibration.parameters, calibration.posterior.T, spreads, strict=True)
    return _columns([_parameter_row(one, levels, float(spread)) for one, levels, spread in columns])


def _parameter_row(parameter: Parameter, levels: Array, spread: float) -> Row:
    """Return a parameter's row from the levels of the posterior's draws."""
    quantiles = np.quantile(levels, QUANTILES)
    own = prior(parameter)
    row: Row = {
        "parameter": parameter.name,
        "unit": parameter.unit,
        "grade": parameter.grade,
        "low": parameter.low,
        "high": parameter.high,
        "prior": own.kind,
        "spread": spread,
        "informed": informed_label(parameter, spread),
    }
    row |= _quantile_cells("", [own.quantile(float(level)) for level in quantiles])
    return row | _quantile_cells("level_", quantiles)


def _quantile_cells(prefix: str, values: Sequence[float] | Array) -> Row:
    """Return the cells of quantiles by column."""
    cells = zip(QUANTILES, values, strict=True)
    return {f"{prefix}q{100 * level:02.0f}": float(value) for level, value in cells}


def recovery_table(recoveries: Sequence[Recovery]) -> Table:
    """Return a row for each part of the method, interval and ensemble: the interval's coverage."""
    return _columns([row for recovery in recoveries for row in _recovery_rows(recovery)])


def _recovery_rows(recovery: Recovery) -> list[Row]:
    """Return the rows of a part of the method."""
    return [
        {
            "part": recovery.part,
            "level": level,
            "ensemble": ensemble,
            "coverage": float(recovery.coverage[i, j]),
            "standard_error": float(recovery.errors[i, j]),
            "data_sets": recovery.data_sets,
            "parameters": len(recovery.names),
        }
        for i, level in enumerate(LEVELS)
        for j, ensemble in enumerate(ENSEMBLES)
    ]


def rank_table(recoveries: Sequence[Recovery]) -> Table:
    """Return how often the truth has each rank among the draws, by part of the method.

    Even counts mean that the method is calibrated.
    """
    rows: list[Row] = []
    for one in recoveries:
        counts = np.bincount(one.ranks.ravel(), minlength=DRAWS + 1)
        rows += [
            {"part": one.part, "place": rank, "count": int(count)}
            for rank, count in enumerate(counts)
        ]
    return _columns(rows)


def _columns(rows: Sequence[Mapping[str, object]]) -> Table:
    """Return rows as columns by name."""
    return {name: [row[name] for row in rows] for name in rows[0]}
