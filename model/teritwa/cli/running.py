"""The commands about scenarios: run, check and show."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.cli.common import FAILED, INVALID, AsJson, Jobs, Out, app, mistakes_told
from teritwa.cli.console import prepare_rules, print_headline, print_parameters, say
from teritwa.cli.ensembles import Place, Wanted, do_all, do_one, stoppable, tell_estimates
from teritwa.engine.errors import InputError
from teritwa.ensemble.executors import MEGABYTES, SECONDS

if TYPE_CHECKING:
    from teritwa.ensemble.result import Result

DEMO = ("baseline", "full-deployment")
DEMO_DRAWS = 20
DEMO_FOLDER = "demo"

Scenarios = Annotated[list[str] | None, typer.Argument(metavar="SCENARIO", help="Files or shipped names.")]
Repeats = Annotated[int | None, typer.Option("-n", "--replicates", min=1, help="Random histories a draw.")]
Draws = Annotated[int | None, typer.Option(min=1, help="Draws of the uncertain parameters.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of all chance.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day to simulate.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on: runs that are kept are not done again.")]
More = Annotated[int | None, typer.Option(min=1, help="So many histories a draw more than the result in --out has.")]
Only = Annotated[str | None, typer.Option(metavar="DRAW.REPEAT", help="Do one run, and keep it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell how many runs, minutes and megabytes.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers do the runs.")]
TimeLimit = Annotated[float, typer.Option(min=0.1, help="Seconds after which a run has failed.")]
MemoryLimit = Annotated[int, typer.Option(min=1, help="Megabytes beyond which a run has failed.")]
MaxFailures = Annotated[int, typer.Option(min=0, help="So many failed runs still end with code 0.")]


@app.command()
def run(
    scenarios: Scenarios = None,
    *,
    out: Out = Path("results"),
    replicates: Repeats = None,
    draws: Draws = None,
    seed: Seed = None,
    until: Until = None,
    resume: Resume = False,
    add_repeats: More = None,
    only: Only = None,
    dry_run: DryRun = False,
    jobs: Jobs = None,
    cluster: Cluster = None,
    time_limit: TimeLimit = SECONDS,
    memory_limit: MemoryLimit = MEGABYTES,
    max_failures: MaxFailures = 0,
    as_json: AsJson = False,
) -> None:
    """Simulate scenarios, paired by the same chance, and write tables and pictures; without one, the demo.

    Each run is kept when it is done, and the command with --resume goes on; failures.csv lists those that failed.
    """
    with mistakes_told(), stoppable():
        if not scenarios:
            draws, out = draws or DEMO_DRAWS, out / DEMO_FOLDER
        changes = {"draws": draws, "replicates": replicates, "seed": seed, "end": until.date() if until else None}
        wanted = Wanted(list(scenarios or DEMO), out, changes)
        wanted = wanted.loaded() if add_repeats is None else wanted.loaded().with_more(add_repeats)
        prepare_rules()
        place = Place(jobs, cluster, time_limit, memory_limit)
        if dry_run:
            tell_estimates(wanted, jobs)
        elif only is not None:
            do_one(wanted, only, place)
        else:
            failed = do_all(wanted, place, resume=resume or add_repeats is not None, as_json=as_json)
            if not scenarios:
                say(f"next, try:\n  teritwa compare {out}\n  teritwa show {DEMO[1]}")
            raise typer.Exit(FAILED if failed > max_failures else 0)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Files or shipped names.")],
) -> None:
    """Print every mistake in scenario files, as file:line:column: key: what is wrong."""
    with mistakes_told():
        from teritwa.scenario import load

        wrong = False
        for name in files:
            try:
                load(name)
            except InputError as error:
                wrong = True
                print(*error.problems, sep="\n")
            else:
                print(f"{name}: no mistakes")
        if wrong:
            raise typer.Exit(INVALID)


@app.command()
def show(
    target: Annotated[str | None, typer.Argument(metavar="FILE|RESULT", help="A scenario or a result.")] = None,
    parameters: Annotated[bool, typer.Option("--parameters", help="List the parameters of the model.")] = False,
    district: Annotated[str | None, typer.Option(metavar="NAME", help="Tell the history of a place.")] = None,
    run: Annotated[str | None, typer.Option(metavar="DRAW.REPEAT", help="Which run of it; default the first.")] = None,
) -> None:
    """Print a scenario with the origin of each value, the headline of a result, or the model's parameters.

    With --district, tell the history of a place in a result, in all runs and in one, and draw it.
    """
    with mistakes_told():
        from teritwa.ensemble.result import is_result, open_result
        from teritwa.scenario import load

        if run is not None and district is None:
            raise typer.BadParameter("goes with --district", param_hint="--run")
        if parameters:
            print_parameters(load(target or "baseline"))
        elif target is None:
            raise typer.BadParameter("name a scenario or a result, or ask for --parameters")
        elif district is not None:
            tell_story(open_result(target), district, run)
        elif is_result(target):
            print_headline(open_result(target))
        else:
            print(load(target).resolved(), end="")


def tell_story(result: "Result", district: str, run: str | None) -> None:
    """Tell the history of a district, draw it into the result's figures, and print where."""
    from teritwa.analysis import district_history as history
    from teritwa.analysis.district_replay import retold
    from teritwa.pictures.district_history import story_picture, story_table
    from teritwa.pictures.style import save
    from teritwa.report.district_history import sentences, sentences_by_week, sentences_of_run

    pair, row = history.find_run(result, run), history.find_district(result, district)
    scenario, told = None, None
    try:
        scenario = history.scenario_of(result)
        prepare_rules()
        told = retold(result, scenario, row, pair)
    except InputError as error:
        say("\n".join((*error.problems, "so the run is told from what is stored of it, by the week")))
    story = history.story_of(result, row, scenario)
    print(*sentences(story), "", *(sentences_of_run(told) if told else sentences_by_week(story, pair)), sep="\n")
    name = f"district-{result.labels('district')[row]}" + (f"-{run}" if run else "")
    path = result.path / "figures" / f"{name}.png"
    print(f"\ndrawn: {save(story_picture(result, story, told)[0], path, story_table(story, told))}")
