"""The lock of a result folder: one program writes it at a time; a marker says it is unfinished."""

import errno
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teritwa.engine.errors import InputError
from teritwa.engine.files import drop_temporary, write_text
from teritwa.ensemble.result import no_link
from teritwa.ensemble.run_store import RunStore

if TYPE_CHECKING:
    from filelock import BaseFileLock

RUNS_FOLDER = "runs"
"""The folder of finished runs within a result folder."""

UNFINISHED_MARKER = ".unfinished.json"
"""Stands in a result folder from the first run to the last, and names the program that writes."""

LOCK_FILE = ".lock"
"""Locked by the program that writes; the system unlocks it when the program ends in any way."""


@dataclass(frozen=True)
class LockedFolder:
    """A result folder that only this program may write.

    Attributes:
        folder: The result folder.
        store: The runs that are stored there.
    """

    folder: Path
    store: RunStore

    def mark_finished(self) -> None:
        """Remove the marker: the result is whole."""
        (self.folder / UNFINISHED_MARKER).unlink(missing_ok=True)


@contextmanager
def locked_folder(folder: Path, *, resume: bool) -> Iterator[LockedFolder]:
    """Context manager that locks a result folder for writing.

    Args:
        folder: The result folder; it is made if it is not there.
        resume: Whether runs that are stored stay; without it they are deleted.

    Raises:
        InputError: If another program writes the folder, or if an earlier one was interrupted
            there and ``resume`` is false, so that no finished run is lost by mistake.
        ResultError: If the folder or that of its runs is a link.
    """
    store = RunStore(no_link(no_link(folder) / RUNS_FOLDER))
    store.folder.mkdir(parents=True, exist_ok=True)
    lock = _acquire(folder, store.folder / LOCK_FILE)
    try:
        _begin(folder, store, resume=resume)
        yield LockedFolder(folder, store)
    finally:
        lock.release()


def is_unfinished(folder: Path) -> bool:
    """Return whether a folder has the marker: its runs have started, its result is not whole."""
    return (folder / UNFINISHED_MARKER).is_file()


def check_writable(folder: Path) -> None:
    """Raise OSError unless a folder can be made or written, without making it.

    Args:
        folder: The folder, which need not exist.
    """
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir():
        fault = errno.ENOTDIR
    elif os.access(existing, os.W_OK):
        return
    else:
        read_only = os.statvfs(existing).f_flag & os.ST_RDONLY
        fault = errno.EROFS if read_only else errno.EACCES
    raise OSError(fault, os.strerror(fault), str(existing))


def check_not_in_use(folder: Path) -> None:
    """Raise InputError if another program writes a result folder."""
    file = folder / RUNS_FOLDER / LOCK_FILE
    if file.exists():
        _acquire(folder, file).release()


def check_not_interrupted(folder: Path, *, resume: bool) -> None:
    """Raise InputError if a program was interrupted in a result folder and is not resumed."""
    if is_unfinished(folder) and not resume:
        count = RunStore(folder / RUNS_FOLDER).count()
        raise InputError([
            f"{folder}: holds {count} finished runs of an ensemble that was interrupted; "
            "continue with --resume, or remove the folder to start again"
        ])  # fmt: skip


def _acquire(folder: Path, file: Path) -> "BaseFileLock":
    """Return the lock of a result folder, acquired; raise InputError if another program has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(file)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        action = f"is being written by {_writing_program(folder)}"
        raise InputError([f"{folder}: {action}; wait for it, or stop it"]) from None
    return lock


def _begin(folder: Path, store: RunStore, *, resume: bool) -> None:
    """Remove what an earlier program left, and set the marker; raise InputError as documented."""
    check_not_interrupted(folder, resume=resume)
    drop_temporary(folder)
    drop_temporary(store.folder)
    if not resume:
        store.clear()
    program = {"process": os.getpid(), "host": platform.node()}
    write_text(folder / UNFINISHED_MARKER, json.dumps(program) + "\n")


def _writing_program(folder: Path) -> str:
    """Return which program writes a folder, as far as the marker says."""
    try:
        program = json.loads((folder / UNFINISHED_MARKER).read_text(encoding="utf-8"))
        return f"process {program['process']} on {program['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another program"
