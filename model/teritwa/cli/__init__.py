"""The command line: thin over the functions of the same names.

Results go to standard output (paths, tables asked for, or one JSON document with ``--json``), all else to
standard error. Exit codes: 0 done, 1 a run failed, 2 wrong use, 3 an invalid file, 4 a missing or
incompatible result, 130 interrupted with finished work kept. Heavy libraries are imported by the command
that needs them.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.quantity import InputError
from teritwa.terminal import (
    prepare_rules,
    print_headline,
    print_parameters,
    progress_told,
    say,
    tell_comparison,
    tell_expected,
    tell_runs,
    tell_sensitivity,
)

if TYPE_CHECKING:
    from teritwa.results import Result
    from teritwa.scenario import Scenario

FAILED, INVALID, INCOMPATIBLE, INTERRUPTED = 1, 3, 4, 130
"""Exit codes beside 0 (done) and 2 (wrong use, given by typer)."""

DEMO = ("baseline", "full-deployment")
DEMO_DRAWS = 20
DEMO_FOLDER = "demo"
SENSITIVITY = Path("results") / "sensitivity"

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Who holds which district of Haiti, day by day, under what a foreign mission does or fails to do.",
)

Scenarios = Annotated[list[str] | None, typer.Argument(metavar="SCENARIO", help="Files or shipped names.")]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for results, one folder a scenario.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of paths.")]


def _known_families(names: list[str] | None) -> list[str]:
    """Refuse a family of parameters that no mechanism has, as wrong use."""
    if names:
        from teritwa.analysis.sensitivity import parameters_of

        try:
            parameters_of(names)
        except InputError as error:
            raise typer.BadParameter("; ".join(error.problems)) from None
    return names or []


def main() -> None:
    """Run the command line and exit with its code."""
    app(prog_name="teritwa")


@app.command()
def run(
    scenarios: Scenarios = None,
    *,
    out: Out = Path("results"),
    repeats: Annotated[int | None, typer.Option("-n", "--repeats", min=1, help="Random histories a draw.")] = None,
    draws: Annotated[int | None, typer.Option(min=1, help="Draws of the uncertain parameters.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all chance.")] = None,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes; default one a core.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day to simulate.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate scenarios, paired by the same chance, and write tables and pictures; without one, the demo."""
    with _mistakes_told():
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
def compare(
    results: Annotated[list[Path] | None, typer.Argument(help="Result folders, or a folder of them.")] = None,
    baseline: Annotated[str | None, typer.Option(help="Scenario to compare with.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder; default: comparison, beside them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare results run against run: paired differences, and how often each scenario is better."""
    with _mistakes_told():
        from teritwa.analysis.compare import compare as compared
        from teritwa.analysis.lost_again import save_lost_again
        from teritwa.pictures import save_comparison
        from teritwa.results import find_results, open_result

        folders = [folder for path in results or [Path("results")] for folder in find_results(path)]
        comparison = compared([open_result(folder) for folder in folders], baseline)
        folder = comparison.save(out or folders[0].parent / "comparison")
        save_lost_again(comparison, folder)
        save_comparison(comparison, folder)
        tell_comparison(comparison)
        document = {"schema": 1, "command": "compare", "path": str(folder), **comparison.document()}
        print(json.dumps(document) if as_json else folder)


@app.command()
def sensitivity(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A file or a shipped name.")],
    *,
    draws: Annotated[int, typer.Option(min=2, help="Draws, one run at each end of each parameter.")] = 10,
    parameters: Annotated[
        list[str] | None,
        typer.Option(callback=_known_families, metavar="FAMILY", help="Only this mechanism's; may be repeated."),
    ] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder; one folder a scenario in it.")] = SENSITIVITY,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes; default one a core.")] = None,
) -> None:
    """Move one parameter at a time across its range, all else equal, and rank what is felt."""
    with _mistakes_told("nothing was written"):
        from teritwa.analysis.sensitivity import sensitivity as moved_across
        from teritwa.scenario import load

        chosen = load(scenario)
        prepare_rules()
        with progress_told() as progress:
            found = moved_across(
                chosen, draws=draws, families=parameters or [], jobs=jobs, progress=progress, expected=tell_expected
            )
        print(found.save(out))
        tell_sensitivity(found)
        if found.failures:
            raise typer.Exit(FAILED)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Files or shipped names.")],
) -> None:
    """Print every mistake in scenario files, as file:line:column: key: what is wrong."""
    with _mistakes_told():
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
    with _mistakes_told():
        from teritwa.results import is_result, open_result
        from teritwa.scenario import load

        if parameters:
            print_parameters(load(target).params if target else {})
        elif target is None:
            raise typer.BadParameter("name a scenario or a result, or ask for --parameters")
        elif is_result(target):
            print_headline(open_result(target))
        else:
            print(load(target).resolved(), end="")


@contextmanager
def _mistakes_told(kept: str = "the runs that had finished are kept") -> Iterator[None]:
    """Turn what a user can mend into lines on standard error and an exit code, never a traceback."""
    try:
        yield
        sys.stdout.flush()
    except InputError as error:
        from teritwa.results import ResultError

        say("\n".join(error.problems))
        raise typer.Exit(INCOMPATIBLE if isinstance(error, ResultError) else INVALID) from None
    except BrokenPipeError:  # who read our output has gone; what is left of it must not be tried again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FAILED) from None
    except OSError as error:
        say(f"{error.filename or 'input or output'}: {error.strerror or error}")
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        say(f"interrupted; {kept}")
        raise typer.Exit(INTERRUPTED) from None


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
