"""The validation: run all that the validation page needs, and write its tables and the page."""

from concurrent.futures import Executor
from datetime import date
from pathlib import Path

from teritwa.analysis.analog import analog
from teritwa.analysis.calibration.calibrate import DRAWS, make_plan
from teritwa.analysis.calibration.prediction import figures_table, predict
from teritwa.analysis.calibration.recovery import (
    Recovery,
    recover_by_chains,
    recover_by_weights,
    trial_plan,
)
from teritwa.analysis.calibration.recovery_tables import rank_table, recovery_table
from teritwa.analysis.calibration.simulation import Progress
from teritwa.analysis.calibration.tables import CALIBRATED, to_csv
from teritwa.engine.errors import InputError
from teritwa.engine.files import write_text
from teritwa.ensemble.executors import open_executor
from teritwa.report.validation import write_validation_page
from teritwa.scenario import load

ANALOG_DRAWS = DRAWS
"""Pairs of the analog: one for each draw of the posterior."""

FIRST_QUARTER = date(2024, 3, 31)
"""Last day of the runs that are weighed on trial."""

SEED = 630
"""Seed of the errors in the synthetic data."""


def validate(
    out: Path, calibration_folder: Path, *, jobs: int | None = None, progress: Progress
) -> Path:
    """Run the recovery, the prediction and the analog, and write the validation page.

    What the calibration found is taken from the tables in its folder.

    Args:
        out: Where the tables (as CSV), the pictures (under ``figures``) and the page (README.md)
            are written.
        calibration_folder: The folder of the calibration; runs of the prediction are written to it.
        jobs: Local processes; None means one a core.
        progress: Called with runs done, failed and in all.

    Returns:
        The path of the page.

    Raises:
        InputError: A table of the calibration is missing.
    """
    found = _tables_in(calibration_folder)
    out.mkdir(parents=True, exist_ok=True)
    with open_executor(jobs, None) as pool:
        recoveries = _recover(pool, progress)
    prediction = predict(calibration_folder, jobs=jobs, progress=progress)
    prediction.scores.save(out)
    analog(ANALOG_DRAWS).save(out)
    found |= {
        "observations": figures_table(prediction.figures),
        "recovery": to_csv(recovery_table(recoveries)),
        "ranks": to_csv(rank_table(recoveries)),
        "facts": _with_shipped(found["facts"]),
    }
    for name, text in found.items():
        write_text(out / f"{name}.csv", text)
    return write_validation_page(out)


def _tables_in(folder: Path) -> dict[str, str]:
    """Return the tables that a calibration wrote, by name."""
    return {name: _text_of(folder / f"{name}.csv") for name in CALIBRATED}


def _text_of(table: Path) -> str:
    """Return the text of a table; raise InputError if it is not there."""
    if not table.is_file():
        remedy = f"make it with: teritwa calibrate --out {table.parent}"
        raise InputError([f"{table}: no such file; {remedy}"])
    return table.read_text(encoding="utf-8")


def _recover(pool: Executor, progress: Progress) -> list[Recovery]:
    """Return the recovery of known truths: by the weights, and by the whole method."""
    return [
        recover_by_weights(make_plan(origin=FIRST_QUARTER), pool, progress, SEED),
        recover_by_chains(trial_plan(), pool, progress, SEED),
    ]


def _with_shipped(facts: str) -> str:
    """Return the facts on a calibration, with whether its posterior is the one that ships."""
    shipped = load("baseline").posterior
    is_shipped = shipped is not None and f"posterior,{shipped.sha256}\n" in facts
    return f"{facts}shipped,{'yes' if is_shipped else 'no'}\n"
