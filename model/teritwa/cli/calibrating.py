"""The commands about what the model rests on: calibrate and validate."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import Jobs, app, mistakes_told
from teritwa.cli.console import prepare_rules, progress_told, say, tell_calibration

CALIBRATION = Path("results") / "calibration"
VALIDATION = Path("results") / "validation"
KEPT = "the runs that had finished are kept; the same command goes on from there"


@app.command()
def calibrate(
    *,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Fit only what was counted by this day.")
    ] = None,
    runs: Annotated[int, typer.Option(min=512, help="Runs of the first wave; the second has half of it.")] = 8192,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the posterior and the runs.")] = CALIBRATION,
    jobs: Jobs = None,
) -> None:
    """Find the parameters under which the model gives 2024 as it was counted, errors allowed for.

    With --until, the files are named by that day, and runs that do not depend on it are shared.
    """
    with mistakes_told(KEPT):
        from teritwa.analysis.calibration.calibrate import LAST_DAY, plan
        from teritwa.analysis.calibration.calibrate import calibrate as calibrated
        from teritwa.analysis.calibration.tables import save

        begun = time.monotonic()
        wanted = plan(runs, until=until.date() if until else LAST_DAY)
        prepare_rules()
        with progress_told() as told:
            found = calibrated(wanted, out, jobs=jobs, told=told)
        print(save(found, out, f"-{until.date()}" if until else ""))
        tell_calibration(found)
        say(f"{time.monotonic() - begun:.0f} s")


@app.command()
def validate(
    *,
    calibration: Annotated[Path, typer.Option(help="Folder of `teritwa calibrate`: its runs are used.")] = CALIBRATION,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the page.")] = VALIDATION,
    jobs: Jobs = None,
) -> None:
    """Make the page that says how well the model does: fit, recovery, prediction in time, analog, failures."""
    with mistakes_told(KEPT):
        from teritwa.report.validation_tables import validate as validated

        begun = time.monotonic()
        prepare_rules()
        with progress_told() as told:
            print(validated(out, calibration, jobs=jobs, told=told))
        say(f"{time.monotonic() - begun:.0f} s")
