"""The command run: simulate scenarios."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import (
    DAY,
    FAILED,
    AsJson,
    Extensions,
    Jobs,
    Out,
    app,
    as_date,
    check_is_number,
    load_extensions,
    report_mistakes,
    warn_of_idle_events,
)
from teritwa.cli.console import print_message, waiting
from teritwa.cli.run_ensembles import (
    EnsembleRequest,
    WorkerOptions,
    print_estimates,
    run_all,
    run_one,
)
from teritwa.ensemble.limits import MEMORY_LIMIT, TIME_LIMIT

DEMO = ("baseline", "full-deployment")
DEMO_DRAWS = 20
DEMO_FOLDER = "demo"

Scenarios = Annotated[
    list[str] | None, typer.Argument(metavar="SCENARIO", help="Files or shipped names.")
]
Replicates = Annotated[
    int | None,
    typer.Option("-n", "--replicates", min=1, help="Replicates (random histories) per draw."),
]
Draws = Annotated[int | None, typer.Option(min=1, help="Draws of the uncertain parameters.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of the random numbers.")]
Until = Annotated[datetime | None, typer.Option(formats=DAY, help="Last day to simulate.")]
Resume = Annotated[bool, typer.Option("--resume", help="Continue; stored runs are not repeated.")]
AddReplicates = Annotated[
    int | None, typer.Option(min=1, help="Replicates per draw to add to the result in --out.")
]
Only = Annotated[
    str | None, typer.Option(metavar="DRAW.REPLICATE", help="Do a single run, and store it.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only print the number of runs, minutes and megabytes.")
]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers do the runs.")
]
TimeLimit = Annotated[
    float,
    typer.Option(
        min=0.1, max=10**6, callback=check_is_number, help="Seconds after which a run fails."
    ),
]
MemoryLimit = Annotated[
    int, typer.Option(min=1, max=10**9, help="Megabytes above which a run fails.")
]
MaxFailures = Annotated[
    int, typer.Option(min=0, help="Number of failed runs up to which the exit code is 0.")
]


@app.command()
def run(
    scenarios: Scenarios = None,
    *,
    out: Out = Path("results"),
    replicates: Replicates = None,
    draws: Draws = None,
    seed: Seed = None,
    until: Until = None,
    resume: Resume = False,
    add_replicates: AddReplicates = None,
    only: Only = None,
    dry_run: DryRun = False,
    extensions: Extensions = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    time_limit: TimeLimit = TIME_LIMIT,
    memory_limit: MemoryLimit = MEMORY_LIMIT,
    max_failures: MaxFailures = 0,
    as_json: AsJson = False,
) -> None:
    """Simulate scenarios under common random numbers, and write tables and figures.

    Without a scenario, a small demonstration runs. Each run is stored as soon as it is done, and
    --resume continues an interrupted command; failures.csv lists the runs that failed.
    """
    with report_mistakes():
        with waiting("loading the model"):
            load_extensions(extensions)
        overrides = {"draws": draws, "replicates": replicates, "seed": seed, "end": as_date(until)}
        request = EnsembleRequest(list(scenarios or ()), out, overrides, extensions)
        if not scenarios:
            request = _demo(request)
        request = request.load(add_replicates)
        warn_of_idle_events(request.scenarios)
        options = WorkerOptions(jobs, cluster, time_limit, memory_limit)
        if dry_run:
            print_estimates(request, jobs, only)
        elif only is not None:
            run_one(request, only, options)
        else:
            resume = resume or add_replicates is not None
            failed = run_all(request, options, resume=resume, as_json=as_json)
            if not scenarios:
                commands = f"teritwa compare {request.out}\n  teritwa show {DEMO[1]}"
                print_message(f"next, try:\n  {commands}")
            raise typer.Exit(FAILED if failed > max_failures else 0)


def _demo(request: EnsembleRequest) -> EnsembleRequest:
    """Return the request of the demonstration, which has a folder of its own."""
    draws = request.overrides["draws"] or DEMO_DRAWS
    overrides = {**request.overrides, "draws": draws}
    return replace(request, names=list(DEMO), out=request.out / DEMO_FOLDER, overrides=overrides)
