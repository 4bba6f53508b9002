"""What every command shares: the program, its exit codes, its usual options, and mistakes told without a traceback."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.console import say
from teritwa.engine.errors import InputError

FAILED, INVALID, INCOMPATIBLE, INTERRUPTED = 1, 3, 4, 130
"""Exit codes beside 0 (done) and 2 (wrong use, given by typer)."""

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Who holds which district of Haiti, day by day, under what a foreign mission does or fails to do.",
)

Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for results, one folder a scenario.")]
Jobs = Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes; default one a core.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of paths.")]


@contextmanager
def mistakes_told(kept: str = "the runs that had finished are kept") -> Iterator[None]:
    """Turn what a user can mend into lines on standard error and an exit code, never a traceback."""
    try:
        yield
        sys.stdout.flush()
    except InputError as error:
        from teritwa.ensemble.result import ResultError

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
