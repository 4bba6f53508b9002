"""The command calibrate: a posterior whose rows replay a past that fits what was counted."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import CALIBRATION, CONTINUES, DAY, Jobs, app, as_date, report_mistakes
from teritwa.cli.console import prepare_rules, print_message, show_progress, waiting

Named = Annotated[str, typer.Argument(metavar="[SCENARIO]", help="A scenario: its name or file.")]
Data = Annotated[
    Path | None, typer.Option("--data", help="Table of what was counted (CSV); see the guide.")
]
Origin = Annotated[
    datetime | None,
    typer.Option(
        formats=DAY, help="Last day of which counts are used; default: the end of the last month."
    ),
]
Particles = Annotated[
    int, typer.Option(min=256, max=2**16, help="Pasts that are followed; 256 of them are kept.")
]
Seed = Annotated[
    int,
    typer.Option(min=0, max=2**31 - 1, help="Of the method's chance; another is a second opinion."),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the posterior and the runs.")]


@app.command()
def calibrate(
    scenario: Named = "baseline",
    *,
    data: Data = None,
    origin: Origin = None,
    particles: Particles = 1024,
    seed: Seed = 2024,
    out: Out = CALIBRATION,
    jobs: Jobs = None,
) -> None:
    """Find parameters, moods and chance under which a scenario gives what was counted.

    The rows of posterior.csv replay the past up to the origin. Without --data, the baseline meets
    the counts of 2024 that ship. An interrupted calibration goes on where it was.
    """
    with report_mistakes(CONTINUES):
        with waiting("loading the model"):
            from teritwa.analysis.calibration.calibrate import calibrate as find_posterior
            from teritwa.analysis.calibration.calibrate import make_plan
            from teritwa.analysis.calibration.count_table import read_counts
            from teritwa.analysis.calibration.tables import save
            from teritwa.cli.fit_tables import print_calibration, print_step
            from teritwa.ensemble.folder_lock import check_writable
            from teritwa.scenario import load

        started = time.monotonic()
        counted = read_counts(data) if data else None
        plan = make_plan(load(scenario), counted, as_date(origin), particles, seed)
        check_writable(out)
        prepare_rules()
        with show_progress() as progress:
            found = find_posterior(plan, out, jobs=jobs, progress=progress, note=print_step)
        print(save(found, out))
        print_calibration(found)
        print_message(f"{time.monotonic() - started:.0f} s")
