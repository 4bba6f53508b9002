"""The command validate: how well the calibrated model does."""

import time
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import CALIBRATION, CONTINUES, Jobs, app, report_mistakes
from teritwa.cli.console import prepare_rules, print_message, show_progress, waiting

OUT = Path("results") / "validation"

Calibrated = Annotated[
    Path,
    typer.Option("--calibration", help="Folder written by `teritwa calibrate`; its runs are used."),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the page.")]


@app.command()
def validate(*, calibration: Calibrated = CALIBRATION, out: Out = OUT, jobs: Jobs = None) -> None:
    """Write the validation page: fit, recovery, prediction in time, analogue, failures."""
    with report_mistakes(CONTINUES):
        with waiting("loading the model"):
            from teritwa.ensemble.folder_lock import check_writable
            from teritwa.ensemble.result import ResultError
            from teritwa.report.validation_run import validate as write_validation

        if not calibration.is_dir():
            remedy = f"make it with: teritwa calibrate --out {calibration}"
            raise ResultError([f"{calibration}: no such folder; {remedy}"])
        check_writable(out)
        started = time.monotonic()
        prepare_rules()
        with show_progress() as progress:
            print(write_validation(out, calibration, jobs=jobs, progress=progress))
        print_message(f"{time.monotonic() - started:.0f} s")
