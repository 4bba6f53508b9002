"""The validation: run all that the validation page needs, and write its tables and the page."""

from concurrent.futures import Executor
from pathlib import Path

from teritwa.analysis.analog import analog
from teritwa.analysis.calibration.calibrate import (
    DRAWS,
    Plan,
    calibrate,
    make_plan,
)
from teritwa.analysis.calibration.prediction import figures_table, predict
from teritwa.analysis.calibration.recovery import (
    Recovery,
    recover_by_chains,
    recover_by_weights,
    trial_plan,
)
from teritwa.analysis.calibration.recovery_tables import rank_table, recovery_table
from teritwa.analysis.calibration.simulation import Progress
from teritwa.analysis.calibration.tables import tables_of, to_csv
from teritwa.analysis.record_tables import yes_or_no
from teritwa.engine.files import write_text
from teritwa.ensemble.executors import open_executor
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
    plan = make_plan()
    calibration = calibrate(plan, calibration_folder, jobs=jobs, progress=progress)
    with open_executor(jobs, None) as pool:
        recoveries = _recover(plan, pool, progress)
    prediction = predict(calibration_folder, jobs=jobs, progress=progress)
    prediction.scores.save(out)
    analog(ANALOG_DRAWS).save(out)
    write_text(out / "observations.csv", figures_table(prediction.figures))
    tables = tables_of(calibration) | {
        "recovery": recovery_table(recoveries),
        "ranks": rank_table(recoveries),
    }
    tables["facts"] = _with_shipped(tables["facts"])
    for name, table in tables.items():
        write_text(out / f"{name}.csv", to_csv(table))
    return write_validation_page(out)


def _recover(plan: Plan, pool: Executor, progress: Progress) -> list[Recovery]:
    """Return the recovery of known truths: by the weights, and by the whole method."""
    return [
        recover_by_weights(plan, pool, progress, SEED),
        recover_by_chains(trial_plan(), pool, progress, SEED),
    ]


def _with_shipped(facts: dict[str, list[object]]) -> dict[str, list[object]]:
    """Return the facts on a calibration, with whether its posterior is the one that ships."""
    shipped = load("baseline").posterior
    own = dict(zip(facts["fact"], facts["value"], strict=True))["posterior"]
    is_shipped = shipped is not None and shipped.sha256 == own
    return {
        "fact": [*facts["fact"], "shipped"],
        "value": [*facts["value"], yes_or_no(is_shipped)],
    }
