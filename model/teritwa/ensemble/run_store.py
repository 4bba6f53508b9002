"""Finished runs on the disk: one immutable file each, named by all that determines it.

A file begins with a line that has its own name and the SHA-256 of what follows: the outcomes as NumPy arrays, packed.
It is written to a temporary name, flushed and renamed, so it is there whole or not at all, and it is never changed.
"""

import hashlib
import importlib.metadata
import io
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.files import write_whole
from teritwa.ensemble.run_set import Book, Outcomes

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

FORM = "teritwa-run-1"
"""The first word of a file of this form."""

ENDING = ".run"
LIBRARIES = ("mesa", "numba", "numpy", "scipy")
"""What a run's numbers follow from beside our own code: their versions are part of its name."""

SQUEEZE = 1
"""How hard runs are packed: a quarter of the size for a few milliseconds; more costs time and saves little."""


class DamagedError(Exception):
    """A file is not as it was written."""


def single(scenario: "Scenario", draw: int) -> "Scenario":
    """Return the scenario with the values of one draw, and without what no run needs: small enough to send."""
    values: dict[str, Any] = dict(scenario.parameters(draw))
    bare: dict[str, Any] = {"given": "", "origin": {}, "basis": {}, "sources": {}}
    return replace(scenario, posterior=None, params=values, draws=draw + 1, **bare)


def names(scenario: "Scenario", draw: int, replicates: int) -> list[str]:
    """Return what determines each replicate of a draw, as 32 hexadecimal digits: the names of their files.

    ``scenario`` has the values of the draw (`single`). Its texts and where they came from determine nothing.
    """
    from teritwa.simulation.model import model_digest

    common = [FORM, scenario.digest(), model_digest(), libraries(), draw]
    return [
        hashlib.sha256(json.dumps([*common, replicate]).encode()).hexdigest()[:32] for replicate in range(replicates)
    ]


@cache
def libraries() -> tuple[str, ...]:
    """Return the versions of the libraries that a run's numbers follow from."""
    return tuple(f"{library} {importlib.metadata.version(library)}" for library in LIBRARIES)


def encoded(name: str, outcomes: Outcomes) -> bytes:
    """Return the content of a run's file."""
    arrays = io.BytesIO()
    np.savez(arrays, **outcomes)  # type: ignore[arg-type]  # its names are those of the arrays
    packed = zlib.compress(arrays.getvalue(), SQUEEZE)
    return f"{FORM} {name} {hashlib.sha256(packed).hexdigest()}\n".encode() + packed


def decoded(name: str, content: bytes) -> dict[str, NDArray[Any]]:
    """Return the outcomes of a run from the content of its file; raise DamagedError unless it is as written."""
    with np.load(io.BytesIO(zlib.decompress(_checked(name, content))), allow_pickle=False) as arrays:
        return dict(arrays)


def _checked(name: str, content: bytes) -> bytes:
    """Return what follows the first line, if it is what that line says."""
    head, _, packed = content.partition(b"\n")
    if head.decode("ascii", "replace").split(" ") != [FORM, name, hashlib.sha256(packed).hexdigest()]:
        raise DamagedError(f"{name}: is not as it was written")
    return packed


@dataclass(frozen=True)
class Store:
    """A folder of finished runs."""

    folder: Path

    def keep(self, name: str, content: bytes) -> None:
        """Write a finished run for good; raise OSError if there is no room."""
        write_whole(self._path(name), lambda path: path.write_bytes(content))

    def read(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the outcomes of a run; raise DamagedError or OSError if it cannot be read."""
        return decoded(name, self._path(name).read_bytes())

    def sound(self, wanted: Iterable[str]) -> set[str]:
        """Return which runs are there as they were written; one that is damaged is removed."""
        found = set()
        for name in wanted:
            try:
                _checked(name, self._path(name).read_bytes())
            except FileNotFoundError:
                continue
            except DamagedError:
                self._path(name).unlink()
            else:
                found.add(name)
        return found

    def count(self) -> int:
        """Return how many runs are there, of whatever ensemble."""
        return sum(1 for _ in self.folder.glob(f"*{ENDING}"))

    def clear(self) -> None:
        """Remove every run."""
        for path in self.folder.glob(f"*{ENDING}"):
            path.unlink()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{ENDING}"


@dataclass(slots=True)
class Kept(Book):
    """Runs on the disk, read one at a time: their store, and the name of each by draw and replicate."""

    store: Store = field(default_factory=lambda: Store(Path()))
    names: list[list[str]] = field(default_factory=list)

    @property
    def outcomes(self) -> list[str]:
        """The names of the outcomes that the runs hold, sorted; none if no run finished."""
        for draw, replicate in np.argwhere(self.completed):
            return sorted(self.read(int(draw), int(replicate)))
        return []

    def read(self, draw: int, replicate: int) -> Outcomes:
        """Return the arrays of one finished run by outcome."""
        return self.store.read(self.names[draw][replicate])

    def keep(self, draw: int, replicate: int, found: bytes) -> None:
        """Keep the file of a finished run for good; raise OSError if there is no room."""
        self.store.keep(self.names[draw][replicate], found)
        self.completed[draw, replicate] = True
