"""The validation: run all that the validation page needs, and write its tables and the page."""

import hashlib
from pathlib import Path

from teritwa.analysis.analog import analog
from teritwa.analysis.calibration.calibrate import DRAWS, Calibration, calibrate, make_plan
from teritwa.analysis.calibration.prediction import figures_table, later_figures, predict
from teritwa.analysis.calibration.recovery import DATA_SETS, Recovery, recover
from teritwa.analysis.calibration.tables import (
    fit_table,
    parameter_table,
    rank_table,
    recovery_table,
    to_csv,
)
from teritwa.analysis.calibration.weights import effective_sample_size
from teritwa.engine.files import write_text
from teritwa.ensemble.executors import open_executor
from teritwa.ensemble.run import Progress
from teritwa.report.validation import write_validation_page
from teritwa.scenario import load

ANALOG_DRAWS = DRAWS
"""Pairs of the analog: one for each draw of the posterior."""

SEED = 630
"""Seed of the errors in the synthetic data."""


def validate(
    out: Path, calibration_folder: Path, *, jobs: int | None = None, progress: Progress
) -> Path:
    """Run the recovery, the prediction and the analog, and write the validation page.

    The runs of the calibration are read from its folder; runs that are missing there are made.

    Args:
        out: Where the tables (as CSV), the pictures (under ``figures``) and the page (README.md)
            are written.
        calibration_folder: The folder of the calibration; runs of the prediction are written to it.
        jobs: Local processes; None means one a core.
        progress: Called with runs done, failed and in all.

    Returns:
        The path of the page.
    """
    out.mkdir(parents=True, exist_ok=True)
    calibration = calibrate(make_plan(), calibration_folder, jobs=jobs, progress=progress)
    recoveries = _recover(calibration, jobs)
    predict(calibration_folder, jobs=jobs, progress=progress).save(out)
    analog(ANALOG_DRAWS).save(out)
    write_text(out / "observations.csv", figures_table(later_figures()))
    tables = {
        "fit": fit_table(calibration),
        "parameters": parameter_table(calibration),
        "recovery": recovery_table(recoveries),
        "ranks": rank_table(recoveries),
        "facts": _facts(calibration),
    }
    for name, table in tables.items():
        write_text(out / f"{name}.csv", to_csv(table))
    return write_validation_page(out)


def _recover(calibration: Calibration, jobs: int | None) -> list[Recovery]:
    """Return the recovery of known truths by each part of the method."""
    with open_executor(jobs, None) as pool:
        parts = [pool.submit(recover, calibration, part, SEED) for part in DATA_SETS]
        return [part.result() for part in parts]


def _facts(calibration: Calibration) -> dict[str, list[object]]:
    """Return the facts on how the page was made, as a table."""
    shipped = load("baseline").posterior
    posterior = hashlib.sha256(calibration.posterior_csv().encode()).hexdigest()
    facts: dict[str, object] = {
        "first_wave": len(calibration.first.levels),
        "second_wave": len(calibration.second.levels),
        "candidates": len(calibration.candidates.levels),
        "runs_each": calibration.candidates.residuals.shape[1],
        "effective": round(effective_sample_size(calibration.weights)),
        "draws": len(calibration.posterior),
        "parameters": len(calibration.parameters),
        "fitted_targets": sum(target.fitted for target in calibration.targets),
        "targets": len(calibration.targets),
        "posterior": posterior,
        "shipped": "yes" if shipped is not None and shipped.sha256 == posterior else "no",
    }
    return {"fact": list(facts), "value": list(facts.values())}
