"""A result folder while runs are made for it: one program at a time, and a note until its result is whole."""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from teritwa.engine.errors import InputError
from teritwa.engine.files import drop_temporary, write_text
from teritwa.ensemble.run_store import Store

RUNS = "runs"
"""The folder of finished runs within a result folder."""

NOTE = ".unfinished.json"
"""Stands in a result folder from the first run to the last, and says which program makes them."""

LOCK = ".lock"
"""Held by the program that writes; the system lets go of it when the program dies, however it dies."""


@dataclass(frozen=True)
class Workplace:
    """A result folder that this program alone may write, and the runs that are kept there."""

    folder: Path
    store: Store

    def done(self) -> None:
        """Take note that the result is whole."""
        (self.folder / NOTE).unlink(missing_ok=True)


@contextmanager
def workplace(folder: Path, *, resume: bool) -> Iterator[Workplace]:
    """Lend a result folder for writing; without ``resume`` begin with no runs.

    Raise InputError if another program writes it, or if an earlier one was interrupted there and this one is not to
    go on: what is finished is lost by nobody's mistake.
    """
    from filelock import FileLock, Timeout

    store = Store(folder / RUNS)
    store.folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store.folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise InputError([f"{folder}: is being written by {_who(folder)}; wait for it, or stop it"]) from None
    try:
        if unfinished(folder) and not resume:
            raise InputError([
                f"{folder}: holds {store.count()} finished runs of an ensemble that was interrupted; "
                "go on with --resume, or remove the folder to begin again"
            ])  # fmt: skip
        drop_temporary(folder)
        drop_temporary(store.folder)
        if not resume:
            store.clear()
        write_text(folder / NOTE, json.dumps({"process": os.getpid(), "host": platform.node()}) + "\n")
        yield Workplace(folder, store)
    finally:
        lock.release()


def unfinished(folder: Path) -> bool:
    """Whether runs were begun in a folder and its result is not whole yet."""
    return (folder / NOTE).is_file()


def _who(folder: Path) -> str:
    """Name the program that writes a folder, as far as its note tells."""
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return f"process {note['process']} on {note['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another program"
