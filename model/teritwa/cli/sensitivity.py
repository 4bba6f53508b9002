"""The command sensitivity: the effect of each parameter over its range."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.cli.common import FAILED, Extensions, Jobs, app, load_extensions, report_mistakes
from teritwa.cli.console import prepare_rules, print_expected_time, show_progress, waiting
from teritwa.engine.errors import InputError

if TYPE_CHECKING:
    from teritwa.analysis.sensitivity import Sensitivity

OUT = Path("results") / "sensitivity"

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file or a shipped name.")
]
Draws = Annotated[
    int, typer.Option(help="Draws, at least 8; each is run at both ends of each parameter.")
]
Families = Annotated[
    list[str] | None,
    typer.Option(metavar="FAMILY", help="Only parameters of this family; may be repeated."),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder; each scenario has its own in it.")]


@app.command()
def sensitivity(
    scenario: ScenarioName,
    *,
    draws: Draws = 10,
    parameters: Families = None,
    out: Out = OUT,
    extensions: Extensions = None,
    jobs: Jobs = None,
) -> None:
    """Move each parameter alone across its range, and rank those told apart from chance."""
    with report_mistakes("nothing was written"):
        with waiting("loading the model"):
            load_extensions(extensions)
        from teritwa.cli.tables import print_sensitivity

        _check_options(draws, parameters or ())
        effects = _effects(scenario, draws, parameters or (), jobs)
        print(effects.save(out))
        print_sensitivity(effects)
        if effects.failures:
            raise typer.Exit(FAILED)


def _check_options(draws: int, families: Sequence[str]) -> None:
    """Raise BadParameter if draws are too few, or if no rule declares a family of parameters."""
    from teritwa.analysis.sensitivity import check_draws, parameters_of

    with _as_wrong_use("--draws"):
        check_draws(draws)
    with _as_wrong_use("--parameters"):
        parameters_of(families)


@contextmanager
def _as_wrong_use(option: str) -> Iterator[None]:
    """Context manager that reports a mistake as a wrong value of an option."""
    try:
        yield
    except InputError as error:
        raise typer.BadParameter("; ".join(error.problems), param_hint=option) from None


def _effects(scenario: str, draws: int, families: Sequence[str], jobs: int | None) -> "Sensitivity":
    """Return the effects of the parameters, with progress shown."""
    from teritwa.analysis.sensitivity import sensitivity as move_parameters
    from teritwa.scenario import load

    found = load(scenario)
    prepare_rules()
    with show_progress() as progress:
        return move_parameters(
            found,
            draws=draws,
            families=families,
            jobs=jobs,
            progress=progress,
            expected=print_expected_time,
        )
