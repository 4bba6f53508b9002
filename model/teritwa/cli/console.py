"""What all commands write on standard error: messages, progress and what they wait for."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

PROGRESS_INTERVAL = 10.0
"""Seconds between two lines of progress where there is no terminal."""

WAITING_INTERVAL = 10.0
"""Seconds between two lines on something of which no progress is known."""

ShowProgress = Callable[[int, int, int], None]
"""Takes the number of finished runs, of failed ones among them, and of all runs."""


def runs_in_words(number: int) -> str:
    """Return a number of runs with its noun."""
    return f"{number} run{'' if number == 1 else 's'}"


def print_message(text: str) -> None:
    """Print a message on standard error, as far as somebody still reads it."""
    with suppress(OSError):  # the terminal may be closed
        print(text, file=sys.stderr, flush=True)


def announce(what: str) -> None:
    """Say what is begun, before anything is loaded for it."""
    print_message(f"{what} ...")


@contextmanager
def waiting(what: str, said: str = "") -> Iterator[None]:
    """Context manager that says at once what is waited for, and from time to time for how long.

    Args:
        what: What is done meanwhile.
        said: What is said at once instead.
    """
    print_message(said) if said else announce(what)
    started, done = time.monotonic(), threading.Event()

    def tick() -> None:
        while not done.wait(WAITING_INTERVAL):
            print_message(f"{what}: {time.monotonic() - started:.0f} s")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def prepare_rules() -> None:
    """Load the compiled rules; say that they are compiled if they must be, and for how long."""
    from numba.core import event

    from teritwa.simulation.model import warm_up

    compiling = False

    class Notice(event.Listener):
        """Notes when Numba begins to compile the first rule; loading one is no such event."""

        def on_start(self, _: object) -> None:
            """Say so, once, and go on until all rules are there."""
            nonlocal compiling
            if not compiling:
                compiling = True
                stack.enter_context(waiting("compiling the rules", compilation_notice()))

        def on_end(self, _: object) -> None:
            """Say nothing."""

    with ExitStack() as stack, event.install_listener("numba:compile", Notice()):
        warm_up()


def compilation_notice() -> str:
    """Return why the program waits, and what to do if it will wait again at each start."""
    from teritwa.engine.compiler import cache_folder

    if cache_folder() is not None:
        return "compiling the rules: once after each installation or change, some minutes ..."
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "teritwa"
    remedy = "make it writable, or set XDG_CACHE_HOME to a folder that is"
    return f"compiling the rules, some minutes at each start: cannot write {folder}; {remedy}"


@contextmanager
def show_progress() -> Iterator[ShowProgress]:
    """Context manager yielding a function that shows progress.

    Yields:
        A function that moves a bar on a terminal, and elsewhere prints a line every
        `PROGRESS_INTERVAL` seconds.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _progress_lines()
        return
    with _progress_bar(console) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, failed: int, total: int) -> None:
            failures = f", {failed} failed" if failed else ""
            bar.update(task, completed=done, total=total, description=failures)

        yield update


def _progress_bar(console: "Console") -> "Progress":
    """Return a bar with the number of runs, of failures, and the time left."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    text = TextColumn("runs{task.description}")
    columns = (BarColumn(), MofNCompleteColumn(), text, TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def _progress_lines() -> ShowProgress:
    """Return a function that prints a line of progress from time to time."""
    started = time.monotonic()
    printed = started

    def update(done: int, failed: int, total: int) -> None:
        nonlocal printed
        now = time.monotonic()
        if now - printed >= PROGRESS_INTERVAL:
            printed = now
            left = (now - started) / done * (total - done)
            print_message(f"{done}/{total} runs, {failed} failed, {left:.0f} s left")

    return update


def print_expected_time(runs: int, seconds: float) -> None:
    """Print how many runs a sensitivity analysis needs, and about how long they take."""
    if seconds < 100:
        print_message(f"{runs:,} runs, about {seconds:.0f} s")
    else:
        print_message(f"{runs:,} runs, about {seconds / 60:.0f} min")
