"""The commands about results: compare, score and sensitivity."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import FAILED, AsJson, Jobs, app, mistakes_told
from teritwa.cli.console import (
    prepare_rules,
    progress_told,
    tell_comparison,
    tell_expected,
    tell_scores,
    tell_sensitivity,
)
from teritwa.engine.errors import InputError

SENSITIVITY = Path("results") / "sensitivity"


def _known_families(names: list[str] | None) -> list[str]:
    """Refuse a family of parameters that no mechanism has, as wrong use."""
    if names:
        from teritwa.analysis.sensitivity import parameters_of

        try:
            parameters_of(names)
        except InputError as error:
            raise typer.BadParameter("; ".join(error.problems)) from None
    return names or []


@app.command()
def compare(
    results: Annotated[list[Path] | None, typer.Argument(help="Result folders, or a folder of them.")] = None,
    baseline: Annotated[str | None, typer.Option(help="Scenario to compare with.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder; default: comparison, beside them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare results run against run: paired differences, and how often each scenario is better."""
    with mistakes_told():
        from teritwa.analysis.compare import compare as compared
        from teritwa.analysis.recapture import save_recapture
        from teritwa.ensemble.result import find_results, open_result
        from teritwa.pictures import save_comparison

        folders = [folder for path in results or [Path("results")] for folder in find_results(path)]
        comparison = compared([open_result(folder) for folder in folders], baseline)
        folder = comparison.save(out or folders[0].parent / "comparison")
        save_recapture(comparison, folder)
        save_comparison(comparison, folder)
        tell_comparison(comparison)
        document = {"schema": 1, "command": "compare", "path": str(folder), **comparison.document()}
        print(json.dumps(document) if as_json else folder)


@app.command()
def score(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of one result.")],
    *,
    data: Annotated[Path, typer.Option(help="Table of figures: date, outcome, value, low, high.")],
    origin: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day known when the forecast was made.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder; default: scores, beside the result.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score a result against figures that became known later, beside two forecasts without a model."""
    with mistakes_told("nothing was written"):
        from teritwa.analysis.published_figures import KNOWN_UNTIL, read_observations
        from teritwa.analysis.scoring import score as scored
        from teritwa.ensemble.result import open_result

        found, known = open_result(result), origin.date() if origin else KNOWN_UNTIL
        scores = scored(found, read_observations(data, found, origin=known), origin=known)
        folder = scores.save(out or result.parent / "scores" / found.scenario_id)
        tell_scores(scores)
        document = {"schema": 1, "command": "score", "path": str(folder), **scores.document()}
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
    jobs: Jobs = None,
) -> None:
    """Move one parameter at a time across its range, all else equal, and rank what is felt."""
    with mistakes_told("nothing was written"):
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
