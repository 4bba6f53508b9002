"""What a calibration found, as tables: the fit to each target, each parameter, and the recovery of known truths."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.calibrate import Calibration
from teritwa.analysis.calibration.priors import prior, spread, told_by_2024
from teritwa.analysis.calibration.recovery import DRAWS, LEVELS, Recovered
from teritwa.analysis.calibration.targets import Target
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import plain

Array = NDArray[np.float64]
Table = dict[str, list[object]]
"""Columns by name, all of one length."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BLURS = 99
"""Into how many equally likely values an observation's error is cut where it is added to simulated ones."""


def save(found: Calibration, folder: Path, mark: str = "") -> Path:
    """Write posterior.csv (for a scenario to name), fit.csv and parameters.csv; return the first's path.

    ``mark`` is added to their names.
    """
    texts = {
        "posterior": found.table(),
        "fit": csv_of(fit_table(found)),
        "parameters": csv_of(parameter_table(found)),
    }
    for name, text in texts.items():
        write_text(folder / f"{name}{mark}.csv", text)
    return folder / f"posterior{mark}.csv"


def csv_of(table: Table) -> str:
    """Return a table as CSV text, numbers as `teritwa.ensemble.summary.plain` writes them."""
    cells = ([plain(cell) if isinstance(cell, float) else cell for cell in column] for column in table.values())
    return as_csv(table, zip(*cells, strict=True))


def fit_table(found: Calibration) -> Table:
    """Return one row a target: what was observed, and what runs give from the priors and from the posterior.

    ``posterior`` quantiles hold the observation's error, ``model`` quantiles do not; ``half_width`` is half of the
    former's 90 % band over its median; ``inside`` says whether the observed value (the
    middle of what sources allow) lies in it.
    """
    whole = ~np.isnan(found.check).any(axis=1)
    runs = [(found.first[1][:, i], found.check[whole, i]) for i in range(len(found.targets))]
    return _columns([_fit_row(target, *both) for target, both in zip(found.targets, runs, strict=True)])


def _fit_row(target: Target, before: Array, after: Array) -> dict[str, object]:
    observed = target.at(np.quantile(blurred(target, after), QUANTILES))
    model, prior_runs = (target.at(np.quantile(runs, QUANTILES)) for runs in (after, before))
    low, median, high = (float(observed[i]) for i in (0, 2, 4))
    row: dict[str, object] = {
        "target": target.name,
        "group": target.group,
        "fitted": "yes" if target.fitted else "no",
        "observed": target.observed,
        "low": target.low,
        "high": target.high,
    }
    for name, values in (("prior", prior_runs), ("model", model), ("posterior", observed)):
        row |= {f"{name}_q{100 * at:02.0f}": float(value) for at, value in zip(QUANTILES, values, strict=True)}
    return row | {
        "half_width": (high - low) / 2 / abs(median) if median else float("inf"),
        "inside": "yes" if low <= target.observed <= high else "no",
    }


def blurred(target: Target, simulated: Array) -> Array:
    """Return simulated distances with the observation's error added, at evenly likely values of it."""
    steps = np.array([NormalDist().inv_cdf((i + 0.5) / BLURS) for i in range(BLURS)])
    return (simulated[:, None] + target.distance_error * steps).ravel()


def parameter_table(found: Calibration) -> Table:
    """Return one row a parameter: its prior, its posterior's quantiles, and whether 2024 informs it.

    ``spread`` is the standard deviation of the posterior's levels as a share of the prior's; ``level`` columns have
    the quantiles as levels (0 to 1) of the prior.
    """
    shares = spread(found.posterior)
    rows = []
    for i, one in enumerate(found.parameters):
        levels = np.quantile(found.posterior[:, i], QUANTILES)
        row: dict[str, object] = {
            "parameter": one.name,
            "unit": one.unit,
            "grade": one.grade,
            "low": one.low,
            "high": one.high,
            "prior": prior(one).kind,
            "spread": float(shares[i]),
            "informed": told_by_2024(one.name, float(shares[i])),
        }
        row |= {
            f"q{100 * at:02.0f}": prior(one).quantile(float(level)) for at, level in zip(QUANTILES, levels, strict=True)
        }
        row |= {f"level_q{100 * at:02.0f}": float(level) for at, level in zip(QUANTILES, levels, strict=True)}
        rows.append(row)
    return _columns(rows)


def recovery_table(found: Sequence[Recovered]) -> Table:
    """Return one row a part of the method, interval and ensemble: how often the interval held the truth."""
    rows: list[dict[str, object]] = []
    for one in found:
        for i, level in enumerate(LEVELS):
            for j, ensemble in enumerate(("as calibrated", "half the spread")):
                rows.append(
                    {
                        "part": one.part,
                        "level": level,
                        "ensemble": ensemble,
                        "coverage": float(one.coverage[i, j]),
                        "standard_error": float(one.errors[i, j]),
                        "data_sets": one.data_sets,
                        "parameters": len(one.names),
                    }
                )
    return _columns(rows)


def rank_table(found: Sequence[Recovered]) -> Table:
    """Return how often the truth took each place among the draws, by part: even counts mean calibrated."""
    rows: list[dict[str, object]] = []
    for one in found:
        places = np.bincount(one.places.ravel(), minlength=DRAWS + 1)
        rows += [{"part": one.part, "place": place, "count": int(count)} for place, count in enumerate(places)]
    return _columns(rows)


def _columns(rows: Sequence[Mapping[str, object]]) -> Table:
    return {name: [row[name] for row in rows] for name in rows[0]}
