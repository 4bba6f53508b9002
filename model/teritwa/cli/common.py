"""What the commands share: the program, exit codes, common options and the report of mistakes."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from math import isnan
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from teritwa.cli.console import print_message
from teritwa.engine.errors import InputError

if TYPE_CHECKING:
    from teritwa.ensemble.result import Result
    from teritwa.scenario import Scenario

FAILED, INVALID, INCOMPATIBLE, INTERRUPTED = 1, 3, 4, 130
"""Exit codes other than 0 (success) and 2 (wrong use, which typer reports)."""

CALIBRATION = Path("results") / "calibration"
MISSIONS = Path("results") / "missions"
"""Folder in which the command calibrate writes and the command validate reads by default."""

CONTINUES = "finished runs are stored; the same command continues from there"
"""What remains of an interrupted calibration or validation."""

MOST_JOBS = 1024
"""Processes that a command starts at most: more than this is a slip of the keyboard."""

DAY = ["%Y-%m-%d"]
"""Formats of a date on the command line."""

LONGEST = 1000
"""Characters of an argument at most: a path may have as many, and no number needs them."""


class Program(TyperGroup):
    """The program, which repeats no endless argument in its messages."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; one that is too long is wrong use."""
        for one in args:
            if len(one) > LONGEST:
                shown = f"{one[:20]}... has {len(one):,} characters"
                raise typer.BadParameter(f"{shown}; at most {LONGEST:,} are read", ctx=ctx)
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulate who holds which district, day by day, under a foreign mission.",
)

AnyResults = Annotated[
    list[Path] | None,
    typer.Argument(metavar="RESULT", help="Result folders, or a folder of results."),
]
OneResult = Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of a result.")]
Baseline = Annotated[str | None, typer.Option(help="Scenario that the others are compared with.")]
Out = Annotated[
    Path, typer.Option("-o", "--out", help="Folder for results; each scenario has its own in it.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j", "--jobs", min=1, max=MOST_JOBS, help="Number of processes; default: one per core."
    ),
]
AsSimulated = Annotated[
    bool,
    typer.Option("--as-simulated", help="Leave the model's discrepancy out of the intervals."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of paths.")]
Extensions = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="FILE", help="Python file of further rules; may be repeated."),
]


def as_date(day: datetime | None) -> date | None:
    """Return the date of an option, which typer reads as a moment."""
    return day.date() if day else None


def check_is_number(value: float) -> float:
    """Return the value of an option; raise BadParameter for nan, which no range excludes."""
    if isnan(value):
        raise typer.BadParameter("nan is not a number")
    return value


def load_extensions(files: Sequence[Path] | None) -> None:
    """Load the extensions that are installed as entry points, then those in files.

    Args:
        files: Python files from the option ``--with``. They are executed.

    Raises:
        InputError: A file cannot be loaded.
    """
    from teritwa.simulation import extensions

    extensions.load_entry_points()
    extensions.load_extensions(files or [])


def open_seen(path: "str | Path", *, as_simulated: bool = False) -> "Result":
    """Open a result; its bands hold the model's discrepancy unless they shall be as simulated.

    Args:
        path: The folder of the result.
        as_simulated: Whether the discrepancy is left out.

    Raises:
        ResultError: The folder contains no result that can be read.
    """
    from teritwa.analysis.discrepancy import as_seen
    from teritwa.ensemble.result import open_result

    opened = open_result(path)
    return opened if as_simulated else as_seen(opened)


def open_results(paths: Sequence[Path] | None) -> "list[Result]":
    """Open the results in some folders; their bands hold the model's discrepancy.

    Args:
        paths: Folders of results, or folders that contain them; by default ``results``.

    Raises:
        ResultError: A folder contains no result, or one that cannot be read.
    """
    from teritwa.analysis.compare import as_results
    from teritwa.analysis.discrepancy import as_seen
    from teritwa.ensemble.result import find_incomplete

    given = paths or [Path("results")]
    results = [as_seen(result) for result in as_results(given)]
    for folder in (folder for path in given for folder in find_incomplete(path)):
        print_message(f"{folder}: has no manifest.json, so it is left out; run the scenario again")
    return results


def warn_of_idle_events(scenarios: "Sequence[Scenario]") -> None:
    """Print on standard error which events of some scenarios no unit can carry out."""
    from teritwa.simulation.idle_events import idle_events

    for scenario in scenarios:
        for line in idle_events(scenario):
            print_message(f"warning: {line}")


@contextmanager
def report_mistakes(stored: str = "finished runs are stored") -> Iterator[None]:
    """Context manager that reports user mistakes on standard error instead of a traceback.

    Args:
        stored: What remains after an interruption, for the message.

    Raises:
        typer.Exit: With the exit code of the mistake.
    """
    with _interrupt_on_signals():
        try:
            yield
            sys.stdout.flush()
        except InputError as error:
            raise typer.Exit(_report_input_error(error)) from None
        except OSError as error:
            raise typer.Exit(_report_system_error(error)) from None
        except MemoryError:
            print_message("not enough memory; ask for fewer draws or replicates")
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            print_message(f"interrupted; {stored}")
            raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _interrupt_on_signals() -> Iterator[None]:
    """Context manager in which SIGTERM and SIGHUP act as Ctrl-C, so that finished runs stay stored.

    A closed terminal may send SIGHUP twice, so the first one is the last that counts. What ignores
    SIGHUP already, as under nohup, still does.
    """
    handlers = {
        getattr(signal, name): signal.getsignal(getattr(signal, name))
        for name in ("SIGTERM", "SIGHUP")
        if hasattr(signal, name)
    }
    before = {one: old for one, old in handlers.items() if old not in (None, signal.SIG_IGN)}

    def interrupt(_: int, __: FrameType | None) -> None:
        for one in before:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    for one in before:
        signal.signal(one, interrupt)
    try:
        yield
    finally:
        for one, old in before.items():
            signal.signal(one, old)


def _report_input_error(error: InputError) -> int:
    """Print the mistakes in what the user gave, and return the exit code."""
    from teritwa.ensemble.result import ResultError

    print_message("\n".join(error.problems))
    return INCOMPATIBLE if isinstance(error, ResultError) else INVALID


def _report_system_error(error: OSError) -> int:
    """Print what the system refused, and return the exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader of standard output is gone; Python must not flush the rest at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        print_message(f"{error.filename or 'input or output'}: {error.strerror or error}")
    return FAILED
