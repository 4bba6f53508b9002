"""The command calibrate: the posterior of the parameters, given the published counts of 2024."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import CALIBRATION, CONTINUES, DAY, Jobs, app, as_date, report_mistakes
from teritwa.cli.console import prepare_rules, print_message, show_progress, waiting

Until = Annotated[
    datetime | None, typer.Option(formats=DAY, help="Fit only counts up to this day.")
]
Runs = Annotated[
    int,
    typer.Option(
        min=512, max=2**20, help="Runs of the first wave; the second wave has half as many."
    ),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the posterior and the runs.")]


@app.command()
def calibrate(
    *,
    until: Until = None,
    runs: Runs = 8192,
    out: Out = CALIBRATION,
    jobs: Jobs = None,
) -> None:
    """Find the parameters under which the model reproduces the counts of 2024 within their errors.

    With --until, the files carry that day in their names, and runs that do not depend on it are
    shared.
    """
    with report_mistakes(CONTINUES):
        with waiting("loading the model"):
            from teritwa.analysis.calibration.calibrate import LAST_DAY, make_plan
            from teritwa.analysis.calibration.calibrate import calibrate as find_posterior
            from teritwa.analysis.calibration.tables import save
            from teritwa.cli.tables import print_calibration
            from teritwa.ensemble.folder_lock import check_writable

        started = time.monotonic()
        plan = make_plan(runs, until=as_date(until) or LAST_DAY)
        check_writable(out)
        prepare_rules()
        with show_progress() as progress:
            found = find_posterior(plan, out, jobs=jobs, progress=progress)
        print(save(found, out, f"-{until.date()}" if until else ""))
        print_calibration(found)
        print_message(f"{time.monotonic() - started:.0f} s")
