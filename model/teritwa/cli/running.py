"""The commands about scenarios: run, check and show."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.cli.common import FAILED, INVALID, AsJson, Jobs, Out, app, mistakes_told
from teritwa.quantity import InputError
from teritwa.terminal import prepare_rules, print_headline, print_parameters, progress_told, say, tell_runs

if TYPE_CHECKING:
    from teritwa.results import Result
    from teritwa.scenario import Scenario

DEMO = ("baseline", "full-deployment")
DEMO_DRAWS = 20
DEMO_FOLDER = "demo"

Scenarios = Annotated[list[str] | None, typer.Argument(metavar="SCENARIO", help="Files or shipped names.")]


@app.command()
def run(
    scenarios: Scenarios = None,
    *,
    out: Out = Path("results"),
    repeats: Annotated[int | None, typer.Option("-n", "--repeats", min=1, help="Random histories a draw.")] = None,
    draws: Annotated[int | None, typer.Option(min=1, help="Draws of the uncertain parameters.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all chance.")] = None,
    jobs: Jobs = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day to simulate.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate scenarios, paired by the same chance, and write tables and pictures; without one, the demo."""
    with mistakes_told():
        from teritwa import ensemble, scenario

        begun = time.monotonic()
        demo = not scenarios
        if demo:
            draws, out = draws or DEMO_DRAWS, out / DEMO_FOLDER
        end = until.date() if until else None
        chosen = _loaded(scenarios or DEMO, scenario.load)
        chosen = [one.replace(draws=draws, repeats=repeats, seed=seed, end=end) for one in chosen]
        prepare_rules()
        with progress_told() as progress:
            results = ensemble.run(chosen, out=out, jobs=jobs, progress=progress)
        _draw(chosen, results)
        tell_runs(results, time.monotonic() - begun, as_json)
        if demo:
            say(f"next, try:\n  teritwa compare {out}\n  teritwa show {DEMO[1]}")
        if any(result.manifest["failed"] for result in results):
            raise typer.Exit(FAILED)


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
) -> None:
    """Print a scenario with the origin of each value, the headline of a result, or the model's parameters."""
    with mistakes_told():
        from teritwa.results import is_result, open_result
        from teritwa.scenario import load

        if parameters:
            print_parameters(load(target or "baseline"))
        elif target is None:
            raise typer.BadParameter("name a scenario or a result, or ask for --parameters")
        elif is_result(target):
            print_headline(open_result(target))
        else:
            print(load(target).resolved(), end="")


def _loaded(names: Sequence[str], load: Callable[[str], "Scenario"]) -> list["Scenario"]:
    """Load every scenario; raise one InputError with the mistakes of all of them."""
    found, problems = [], list[str]()
    for name in names:
        try:
            found.append(load(name))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _draw(scenarios: Sequence["Scenario"], results: Sequence["Result"]) -> None:
    from teritwa.pictures import save_all

    for scenario, result in zip(scenarios, results, strict=True):
        save_all(result, scenario.world)
