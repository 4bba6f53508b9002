"""The command show: a scenario, a result, the history of a district, or the parameters."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.cli.common import (
    AsSimulated,
    Extensions,
    app,
    load_extensions,
    open_seen,
    report_mistakes,
    warn_of_idle_events,
)
from teritwa.cli.console import prepare_rules, print_message
from teritwa.engine.errors import InputError

if TYPE_CHECKING:
    from teritwa.analysis.district_replay import DistrictReplay
    from teritwa.ensemble.result import Result
    from teritwa.scenario import Scenario

Target = Annotated[
    str | None, typer.Argument(metavar="FILE|RESULT", help="A scenario or a result.")
]
Parameters = Annotated[bool, typer.Option("--parameters", help="List the model's parameters.")]
Districts = Annotated[
    bool, typer.Option("--districts", help="Print a table of all districts, as CSV.")
]
District = Annotated[
    str | None, typer.Option(metavar="NAME", help="Print the history of a district.")
]
Run = Annotated[
    str | None,
    typer.Option(metavar="DRAW.REPLICATE", help="The run of that history; default: the first."),
]


@app.command()
def show(
    target: Target = None,
    *,
    parameters: Parameters = False,
    districts: Districts = False,
    district: District = None,
    run: Run = None,
    as_simulated: AsSimulated = False,
    extensions: Extensions = None,
) -> None:
    """Print a scenario with the origin of each value, a result's headline, or the parameters.

    With --districts, print who holds each district of a result, and how many were killed and
    arrested there. With --district, print the history of one, over all runs and in one run, and
    draw it.
    """
    with report_mistakes():
        if run is not None and district is None:
            raise typer.BadParameter("needs --district", param_hint="--run")
        load_extensions(extensions)
        if districts:
            print_districts(target)
        else:
            _show(target, district, run, parameters=parameters, as_simulated=as_simulated)


def _show(
    target: str | None,
    district: str | None,
    run: str | None,
    *,
    parameters: bool,
    as_simulated: bool,
) -> None:
    """Print what is asked for."""
    from teritwa.cli.tables import print_headline, print_parameters
    from teritwa.ensemble.result import open_result
    from teritwa.scenario import load

    if parameters:
        print_parameters(load(target or "baseline"))
    elif target is None:
        raise typer.BadParameter("give a scenario or a result, or --parameters")
    elif district is not None:
        print_history(open_result(target), district, run)
    elif _is_of_result(target):
        print_headline(open_seen(target, as_simulated=as_simulated))
    else:
        scenario = load(target)
        print(scenario.resolved(), end="")
        warn_of_idle_events([scenario])


def _is_of_result(target: str) -> bool:
    """Return whether a name is that of a result, or of a folder that should be one."""
    from teritwa.ensemble.result import is_result
    from teritwa.scenario.inherit import shipped

    return is_result(target) or (Path(target).is_dir() and target not in shipped())


def print_districts(target: str | None) -> None:
    """Print the table of the districts of a result."""
    if target is None:
        raise typer.BadParameter("needs a result", param_hint="--districts")
    from teritwa.analysis.districts import HEADER, district_rows
    from teritwa.engine.files import as_csv
    from teritwa.ensemble.result import open_result

    print(as_csv(HEADER, district_rows(open_result(target))), end="")


def print_history(result: "Result", district: str, run: str | None) -> None:
    """Print the history of a district, draw it among the figures of the result, and print where.

    Args:
        result: The result.
        district: Id or name of the district.
        run: The run to describe day by day, as DRAW.REPLICATE; None means the first.

    Raises:
        InputError: The result has no such district or run.
        ResultError: No run of the result finished, or its folder of figures is a link.
    """
    from teritwa.analysis import district_history
    from teritwa.pictures.district_history import history_picture, history_table
    from teritwa.pictures.style import save
    from teritwa.report.district_history import (
        daily_sentences,
        history_sentences,
        weekly_sentences,
    )

    folder = result.figures
    pair = district_history.find_run(result, run)
    row = district_history.find_district(result, district)
    scenario, replay = _replay(result, row, pair)
    history = district_history.district_history(result, row, scenario)
    lines = daily_sentences(replay) if replay else weekly_sentences(history, pair)
    print(*history_sentences(history), "", *lines, sep="\n")
    name = f"district-{result.labels('district')[row]}" + (f"-{run}" if run else "")
    figure, _ = history_picture(result, history, replay)
    path = save(figure, folder / f"{name}.png", history_table(history, replay))
    print(f"\ndrawn: {path}")


def _replay(
    result: "Result", row: int, pair: tuple[int, int]
) -> tuple["Scenario | None", "DistrictReplay | None"]:
    """Return the scenario of a result and a run of it repeated; None for what cannot be had."""
    from teritwa.analysis.district_history import scenario_of
    from teritwa.analysis.district_replay import replay_district

    scenario = None
    try:
        scenario = scenario_of(result)
        prepare_rules()
        return scenario, replay_district(result, scenario, row, pair)
    except InputError as error:
        reason = "so the history of the run is by week, from what is stored of it"
        print_message("\n".join((*error.problems, reason)))
        return scenario, None
