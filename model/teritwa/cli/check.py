"""The command check: mistakes in scenario files."""

from typing import Annotated

import typer

from teritwa.cli.common import (
    INVALID,
    Extensions,
    app,
    load_extensions,
    report_mistakes,
    warn_of_idle_events,
)
from teritwa.engine.errors import InputError


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Files or shipped names.")],
    *,
    extensions: Extensions = None,
) -> None:
    """Print every mistake in scenario files, as file:line:column: key: mistake.

    Orders that no unit can carry out are no mistakes; warnings name them.
    """
    with report_mistakes():
        load_extensions(extensions)
        problems = [_print_problems(name) for name in files]
        if any(problems):
            raise typer.Exit(INVALID)


def _print_problems(name: str) -> int:
    """Print the mistakes of one scenario, or that it has none; return their number."""
    from teritwa.scenario import load
    from teritwa.simulation.room_check import room_problem

    try:
        scenario = load(name)
        problem = room_problem(scenario)
        problems = [f"{name}: events: {problem}"] if problem else []
        warn_of_idle_events([scenario])
    except InputError as error:
        problems = list(error.problems)
    print(*(problems or [f"{name}: no mistakes"]), sep="\n")
    return len(problems)
