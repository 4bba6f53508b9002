"""Tables of a calibration: the fit to each target, each count left out, and each parameter."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.calibrate import Calibration, posterior_csv
from teritwa.analysis.calibration.left_out import LeftOut, brier_score, coverage
from teritwa.analysis.calibration.priors import informed_label, level_of, prior, relative_spread
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.record_tables import yes_or_no
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import format_decimal
from teritwa.engine.parameters import Parameter
from teritwa.scenario.history import columns_of

Array = NDArray[np.float64]
Row = dict[str, object]
Table = dict[str, list[object]]
"""Columns by name, all of one length."""

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
ERROR_VALUES = 99
"""How many equally likely values of an observation's error are added to simulated residuals."""

MONTHS_A_QUARTER = 3

CALIBRATED = ("fit", "left_out", "places", "parameters", "steps", "facts")
"""Names of the tables that judge a calibration (`tables_of`)."""

PLACE_COLUMNS = ("target", "observed", "before", "after", "left_out", "brier", "effective")


def save(calibration: Calibration, folder: Path) -> Path:
    """Write the posterior and the tables that judge it; return the path of the former.

    ``posterior.csv`` is for a scenario.

    Args:
        calibration: What is written.
        folder: Where the tables go.
    """
    texts = {"posterior": posterior_csv(calibration.posterior)}
    texts |= {name: to_csv(table) for name, table in tables_of(calibration).items()}
    for name, text in texts.items():
        write_text(folder / f"{name}.csv", text)
    return folder / "posterior.csv"


def tables_of(calibration: Calibration) -> dict[str, Table]:
    """Return the tables that judge a calibration, by name."""
    return {
        "fit": fit_table(calibration),
        "left_out": left_out_table(calibration),
        "places": place_table(calibration),
        "parameters": parameter_table(calibration),
        "steps": step_table(calibration),
        "facts": facts_table(calibration),
    }


def to_csv(table: Table) -> str:
    """Return a table as CSV text, numbers as `format_decimal` writes them."""
    cells = [map(_cell, column) for column in table.values()]
    return as_csv(table, zip(*cells, strict=True))


def _cell(value: object) -> object:
    """Return a cell of a table, a float as text."""
    return format_decimal(value) if isinstance(value, float) else value


def fit_table(calibration: Calibration) -> Table:
    """Return a row for each count: the observation beside runs from priors and posterior.

    ``posterior`` quantiles include the count's error and the model's discrepancy, ``model``
    quantiles do not. ``half_width`` is half of the posterior's 90 % band over its median.
    ``inside`` says whether the observed value (the middle of what sources allow) lies in that
    band.
    """
    before, after = calibration.prior_quantities.T, calibration.quantities[calibration.chosen].T
    each = zip(calibration.plan.targets, before, after, strict=True)
    rows = [_fit_row(target, *both) for target, *both in each if not target.yes_or_no]
    return columns(rows)


def _fit_row(target: Target, before: Array, after: Array) -> Row:
    """Return a target's row from its quantity in runs before and after calibration."""
    row: Row = {
        "target": target.name,
        "group": target.group,
        "fitted": yes_or_no(target.fitted),
        "observed": target.observed,
        "low": target.low,
        "high": target.high,
    }
    shown = {"prior": before, "model": after, "posterior": add_error(target, after)}
    quantiles = {
        name: np.quantile(values[~np.isnan(values)], QUANTILES) for name, values in shown.items()
    }
    for name, values in quantiles.items():
        row |= _quantile_cells(f"{name}_", values)
    low, median, high = (float(quantiles["posterior"][i]) for i in (0, 3, 6))
    row["half_width"] = (high - low) / 2 / abs(median) if median else float("inf")
    row["inside"] = yes_or_no(low <= target.observed <= high)
    return row


def add_error(target: Target, values: Array) -> Array:
    """Return simulated values with each of the equally likely values of error and discrepancy.

    Args:
        target: The target.
        values: Its quantity in runs, shape (run,).

    Returns:
        Values of shape (run * value,).
    """
    normal = NormalDist()
    steps = [normal.inv_cdf((i + 0.5) / ERROR_VALUES) for i in range(ERROR_VALUES)]
    spread = np.hypot(target.residual_error, target.residual_discrepancy)
    return target.from_residual(
        (target.residual(values)[:, None] + spread * np.array(steps)).ravel()
    )


def left_out_table(calibration: Calibration) -> Table:
    """Return a row for each count: what is predicted of it from all other targets.

    ``below`` is the probability of less than was counted; ``inside`` says whether it lies in the
    central 80 % interval; ``effective`` is how many equally weighted particles the weighted ones
    are worth.
    """
    rows: list[Row] = [
        {
            "target": one.target.name,
            "observed": one.target.observed,
            **dict(zip(("q10", "q50", "q90"), one.quantiles, strict=True)),
            "below": one.below,
            "inside": yes_or_no(one.inside),
            "effective": one.effective,
        }
        for one in calibration.left_out
        if not one.target.yes_or_no
    ]
    return columns(rows)


def place_table(calibration: Calibration) -> Table:
    """Return a row for each place known to have fallen or not to have.

    ``before`` and ``after`` are the shares of runs in which gangs hold it, from priors and from
    the posterior; ``left_out`` is the probability that it is called held, predicted from all other
    targets, with its Brier score. Without such a place the table has no row.
    """
    rows = [_place_row(calibration, one) for one in calibration.left_out if one.target.yes_or_no]
    return columns(rows) if rows else {name: [] for name in PLACE_COLUMNS}


def _place_row(calibration: Calibration, one: LeftOut) -> Row:
    """Return the row of a place."""
    number = calibration.plan.targets.index(one.target)
    chosen = calibration.quantities[calibration.chosen, number]
    return {
        "target": one.target.name,
        "observed": one.target.observed,
        "before": float(np.nanmean(calibration.prior_quantities[:, number])),
        "after": float(chosen.mean()),
        "left_out": one.below,
        "brier": one.brier,
        "effective": one.effective,
    }


def step_table(calibration: Calibration) -> Table:
    """Return a row for each power, with the shares of accepted moves by kind."""
    return columns(
        [
            {
                "power": step.power,
                "worth": step.worth,
                "ancestors": step.ancestors,
                "mean_log_likelihood": step.mean,
            }
            | {f"accepted_{kind}": share for kind, share in step.accepted.items()}
            | {f"size_{kind}": size for kind, size in step.sizes.items()}
            for step in calibration.steps
        ]
    )


def facts_table(calibration: Calibration) -> Table:
    """Return the facts on a calibration: how many particles, and how many of what differ."""
    from teritwa.simulation.model import model_digest

    rows, plan = calibration.posterior, calibration.plan
    names = [one.name for one in calibration.parameters]
    first = [name for day in plan.prior.months[:MONTHS_A_QUARTER] for name in columns_of(day)]
    found = calibration.left_out
    inside, counts, probability = coverage(found)
    facts: dict[str, object] = {
        "particles": plan.particles,
        "draws": len(rows),
        "distinct_histories": _distinct(rows, list(rows[0])),
        "distinct_parameters": _distinct(rows, names),
        "distinct_first_quarters": _distinct(rows, first),
        "ancestors": len(np.unique(calibration.ancestors[calibration.chosen])),
        "largest_family": _largest_family(calibration.ancestors[calibration.chosen]),
        "parameters": len(names),
        "fitted_targets": len(plan.fitted),
        "targets": len(plan.targets),
        "origin": str(plan.origin),
        "left_out_inside": inside,
        "left_out_counts": counts,
        "left_out_p": probability,
        "left_out_brier": brier_score(found),
        "model": model_digest(),
        "posterior": hashlib.sha256(posterior_csv(rows).encode()).hexdigest(),
    }
    return {"fact": list(facts), "value": list(facts.values())}


def _largest_family(ancestors: NDArray[np.int64]) -> int:
    """Return how many rows descend from the beginning from which most do."""
    return int(np.unique(ancestors, return_counts=True)[1].max())


def _distinct(rows: Sequence[Mapping[str, float]], columns: Sequence[str]) -> int:
    """Return how many rows differ in some columns."""
    return len({tuple(row[name] for name in columns) for row in rows})


def parameter_table(calibration: Calibration) -> Table:
    """Return a row for each parameter: prior, posterior quantiles, and whether 2024 informs it.

    ``spread`` is the standard deviation of the posterior's levels as a share of the prior's;
    ``level`` columns have the quantiles as levels (0 to 1) of the prior.
    """
    rows: list[Row] = []
    for one in calibration.parameters:
        values = np.array([row[one.name] for row in calibration.posterior], np.float64)
        levels = level_of(one, values)
        rows.append(_parameter_row(one, levels, float(relative_spread(levels[:, None])[0])))
    return columns(rows)


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


def columns(rows: Sequence[Mapping[str, object]]) -> Table:
    """Return rows as columns by name; without a row there is no column."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
