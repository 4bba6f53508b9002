"""Finished runs on the disk: one immutable file each, named by a key of all that determines it.

A file begins with a line that has its own key and the SHA-256 of what follows: the outcomes,
packed. It is written to a temporary name, flushed and renamed, so it is there whole or not at all,
and it is never changed.

Little changes from one day to the next. So each value is replaced by the bits in which it differs
from the one before, and of the bytes that result only those are kept that are not zero, after a
compressed map of where they are. That is smaller than the outcomes compressed, and made in a
third of the time.
"""

import hashlib
import importlib.metadata
import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.files import NotRegularError, read_limited, write_whole
from teritwa.ensemble.run_set import OutcomeArrays, RunSet

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

RUN_FORMAT = "teritwa-run-3"
"""The first word of a file, which names its format."""

SUFFIX = ".run"
LIBRARIES = ("mesa", "numba", "numpy", "scipy")
"""Libraries that determine a run's numbers: their versions are part of its key."""

BYTES_AT_MOST = 2**32
"""The largest stored run that is read."""

COMPRESSION_LEVEL = 1
"""A higher level costs time and saves little."""


class CorruptRunError(Exception):
    """The file of a run is not as it was written."""


def run_keys(scenario: "Scenario", draw: int, replicates: int) -> list[str]:
    """Return the keys of the replicates of a draw, which name the files of their runs.

    Args:
        scenario: The scenario with the values of the draw (`Scenario.in_draw`). Its texts, and
            where its values came from, determine nothing.
        draw: The draw.
        replicates: Number of replicates.

    Returns:
        For each replicate a hash of all that determines its run, as 32 hexadecimal digits.
    """
    from teritwa.simulation.model import model_digest

    common = [RUN_FORMAT, scenario.digest(), model_digest(), library_versions(), draw]
    identities = [json.dumps([*common, replicate]) for replicate in range(replicates)]
    return [hashlib.sha256(identity.encode()).hexdigest()[:32] for identity in identities]


@cache
def library_versions() -> tuple[str, ...]:
    """Return the libraries that determine a run's numbers, each with its version."""
    return tuple(f"{library} {importlib.metadata.version(library)}" for library in LIBRARIES)


def encode_run(key: str, outcomes: OutcomeArrays) -> bytes:
    """Return the content of a run's file from its key and its arrays by outcome."""
    layout = {name: (values.dtype.str, values.shape) for name, values in outcomes.items()}
    changes = np.concatenate([_changes(values) for values in outcomes.values()])
    changed = changes != 0
    places = json.dumps(layout).encode() + b"\n" + np.packbits(changed).tobytes()
    packed = zlib.compress(places, COMPRESSION_LEVEL) + bytes(changes[np.flatnonzero(changed)])
    digest = hashlib.sha256(packed).hexdigest()
    return f"{RUN_FORMAT} {key} {digest}\n".encode() + packed


def decode_run(key: str, content: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of a run by outcome from its key and the content of its file.

    Raises:
        CorruptRunError: If the content is not as it was written.
    """
    unpacking = zlib.decompressobj()
    header, _, places = unpacking.decompress(_verified(key, content)).partition(b"\n")
    changed = np.unpackbits(np.frombuffer(places, np.uint8)).view(bool)
    changes = np.zeros(len(changed), np.uint8)
    # Positions are set in two thirds of the time that a mask takes.
    changes[np.flatnonzero(changed)] = np.frombuffer(unpacking.unused_data, np.uint8)
    return dict(_from_changes(json.loads(header), changes))


def _changes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the bytes of the bits in which values differ from those one step before."""
    bits = np.ascontiguousarray(values).view(f"u{values.itemsize}")
    changes = bits.copy()
    changes[1:] ^= bits[:-1]
    return changes.ravel().view(np.uint8)


def _from_changes(
    layout: Mapping[str, tuple[str, list[int]]], changes: NDArray[np.uint8]
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the name and the values of each outcome from its type, its shape and its changes."""
    first = 0
    for name, (kind, shape) in layout.items():
        dtype = np.dtype(kind)
        last = first + math.prod(shape) * dtype.itemsize
        bits = changes[first:last].view(f"u{dtype.itemsize}").reshape(shape)
        yield name, np.bitwise_xor.accumulate(bits, axis=0, out=bits).view(dtype)
        first = last


def _verified(key: str, content: bytes) -> bytes:
    """Return what follows the first line; raise CorruptRunError unless the line fits it."""
    header, _, compressed = content.partition(b"\n")
    expected = [RUN_FORMAT, key, hashlib.sha256(compressed).hexdigest()]
    if header.decode("ascii", "replace").split(" ") != expected:
        raise CorruptRunError(f"{key}: is not as it was written")
    return compressed


@dataclass(frozen=True)
class RunStore:
    """A folder of finished runs."""

    folder: Path

    def save(self, key: str, content: bytes) -> None:
        """Write a finished run for good; raise OSError if the disk is full."""
        write_whole(self._path(key), lambda path: path.write_bytes(content))

    def read(self, key: str) -> dict[str, NDArray[Any]]:
        """Return the arrays of a run by outcome.

        Raises:
            CorruptRunError: If its file is not as it was written.
            OSError: If its file cannot be read.
        """
        return decode_run(key, read_limited(self._path(key), BYTES_AT_MOST))

    def find_intact(self, keys: Iterable[str]) -> set[str]:
        """Return which of some runs are stored and intact; delete those that are corrupt."""
        intact = set()
        for key in keys:
            try:
                _verified(key, read_limited(self._path(key), BYTES_AT_MOST))
            except FileNotFoundError:
                continue
            except (CorruptRunError, NotRegularError):
                self._path(key).unlink()
            else:
                intact.add(key)
        return intact

    def count(self) -> int:
        """Return the number of stored runs, of whatever ensemble."""
        return sum(1 for _ in self.folder.glob(f"*{SUFFIX}"))

    def clear(self) -> None:
        """Delete every run."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            path.unlink()

    def _path(self, key: str) -> Path:
        """Return the path of a run's file."""
        return self.folder / f"{key}{SUFFIX}"


@dataclass(slots=True)
class StoredRunSet(RunSet):
    """Runs on the disk, read one at a time.

    Attributes:
        store: The store of the runs.
        keys: The keys of runs by draw, each made when it is first needed.
    """

    store: RunStore = field(default_factory=lambda: RunStore(Path()))
    keys: dict[int, list[str]] = field(default_factory=dict)

    def keys_of(self, draw: int) -> list[str]:
        """Return the keys of the replicates of a draw."""
        if draw not in self.keys:
            scenario = self.scenario.in_draw(draw)
            self.keys[draw] = run_keys(scenario, draw, self.scenario.replicates)
        return self.keys[draw]

    @property
    def outcome_names(self) -> list[str]:
        """The names of the outcomes that the runs hold, sorted; none if no run finished."""
        for draw, replicate in np.argwhere(self.completed):
            return sorted(self.read(int(draw), int(replicate)))
        return []

    def read(self, draw: int, replicate: int) -> OutcomeArrays:
        """Return the arrays of one finished run by outcome."""
        return self.store.read(self.keys_of(draw)[replicate])

    def add(self, draw: int, replicate: int, output: bytes) -> None:
        """Store the content of a finished run's file; raise OSError if the disk is full."""
        self.store.save(self.keys_of(draw)[replicate], output)
        self.completed[draw, replicate] = True
