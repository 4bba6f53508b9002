"""`validate`: run all that the validation page tells of, and write the page with its tables and pictures."""

import hashlib
from pathlib import Path

from teritwa.analysis.analog import analog
from teritwa.analysis.calibration.calibrate import DRAWS, Calibration, Plan, calibrate, plan
from teritwa.analysis.calibration.prediction import figures_table, later_figures, predict
from teritwa.analysis.calibration.recovery import DATA_SETS, Recovered, recover
from teritwa.analysis.calibration.tables import (
    csv_of,
    fit_table,
    parameter_table,
    rank_table,
    recovery_table,
)
from teritwa.analysis.calibration.weights import effective
from teritwa.engine.files import write_text
from teritwa.ensemble.executors import workers
from teritwa.ensemble.run import Progress
from teritwa.report.validation import ValidationTables, compose, draw, table_of
from teritwa.scenario import load

ANALOG_DRAWS = DRAWS
"""Pairs of the analog: one for each draw of the posterior."""

SEED = 630
"""Of the synthetic data: with another, other truths are blurred otherwise."""


def validate(out: Path, calibration: Path, *, jobs: int | None = None, told: Progress) -> Path:
    """Make everything anew but the runs of the calibration, which are read from its folder; return the page.

    Writes the tables as CSV, the pictures under ``figures`` and the page as README.md into ``out``, and the runs of
    the prediction into ``calibration``.
    """
    out.mkdir(parents=True, exist_ok=True)
    wanted = plan()
    found = calibrate(wanted, calibration, jobs=jobs, told=told)
    recovered = _recovered(found, wanted, jobs)
    predict(calibration, jobs=jobs, progress=told).save(out)
    analog(ANALOG_DRAWS).save(out)
    write_text(out / "observations.csv", figures_table(later_figures()))
    tables = {
        "fit": fit_table(found),
        "parameters": parameter_table(found),
        "recovery": recovery_table(recovered),
        "ranks": rank_table(recovered),
        "facts": _facts(found),
    }
    for name, table in tables.items():
        write_text(out / f"{name}.csv", csv_of(table))
    return page(out)


def page(out: Path) -> Path:
    """Draw the pictures and write the page from the tables in a folder; return the page."""
    names = ("fit", "parameters", "recovery", "ranks", "facts", "scores", "scores_summary", "analog", "analog_summary")
    tables = ValidationTables(**{name: table_of(out / f"{name}.csv") for name in names})
    draw(tables, out / "figures")
    write_text(out / "README.md", compose(tables))
    return out / "README.md"


def _recovered(found: Calibration, wanted: Plan, jobs: int | None) -> list[Recovered]:
    with workers(jobs, None) as pool:
        parts = [pool.submit(recover, found, wanted, part, SEED) for part in DATA_SETS]
        return [part.result() for part in parts]


def _facts(found: Calibration) -> dict[str, list[object]]:
    """What the page says of how it was made."""
    shipped = load("baseline").posterior
    made = hashlib.sha256(found.table().encode()).hexdigest()
    facts: dict[str, object] = {
        "first_wave": len(found.first[0]),
        "second_wave": len(found.second[0]),
        "candidates": len(found.third.levels),
        "runs_each": found.third.runs.shape[1],
        "effective": round(effective(found.weights)),
        "draws": len(found.posterior),
        "parameters": len(found.parameters),
        "fitted_targets": sum(target.fitted for target in found.targets),
        "targets": len(found.targets),
        "posterior": made,
        "shipped": "yes" if shipped is not None and shipped.sha256 == made else "no",
    }
    return {"fact": list(facts), "value": list(facts.values())}
