"""The command missions: what missions of the past say of what a mission does."""

import time
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import CONTINUES, MISSIONS, Jobs, app, report_mistakes
from teritwa.cli.console import prepare_rules, print_message, show_progress, waiting

Runs = Annotated[int, typer.Option(min=1024, max=2**16, help="Runs of each past mission.")]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the tables and the runs.")]


@app.command()
def missions(*, runs: Runs = 2048, out: Out = MISSIONS, jobs: Jobs = None) -> None:
    """Learn what a mission does from missions of the past, each predicted from the others.

    The table mission-effects.csv can be the posterior of a scenario.
    """
    with report_mistakes(CONTINUES):
        with waiting("loading the model"):
            from teritwa.analysis.missions.learning import make_missions
            from teritwa.analysis.missions.study import study
            from teritwa.cli.fit_tables import print_missions
            from teritwa.ensemble.folder_lock import check_writable

        started = time.monotonic()
        plan = make_missions(runs)
        check_writable(out)
        prepare_rules()
        with show_progress() as progress:
            found = study(plan, out, jobs=jobs, progress=progress)
        print(found.effects)
        with waiting("drawing"):
            from teritwa.pictures.missions import save_missions_picture

            print(save_missions_picture(out))
        print_missions(found)
        print_message(f"{time.monotonic() - started:.0f} s")
