"""Many runs, each with parameters of its own, reduced where they ran to the quantities of the targets.

A wave is a table of levels (0 to 1) of the priors, one row a run. Finished blocks of it lie in a folder named by all
that determines them, so that an interrupted wave goes on and nothing of another wave is ever taken for it.
"""

import csv
import hashlib
import importlib.metadata
import io
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import values_at
from teritwa.analysis.calibration.targets import Run, Target, needed
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.parameters import Parameter
from teritwa.scenario import Scenario

BLOCK = 64
"""Runs whose results are kept together: some five seconds of work."""

Levels = NDArray[np.float64]
Told = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Wave:
    """What runs: a scenario without its own uncertainty, the parameters that differ, and what is read from a run.

    Run ``i`` of a wave takes draw ``first + i``, so that no two waves share their chance.
    """

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    first: int

    def run(self, levels: Levels, folder: Path, executor: Executor, told: Told) -> NDArray[np.float64]:
        """Return the targets' quantities (run, target), not a number for a run that failed.

        What an earlier call finished is read from ``folder``; each block is written there as it finishes.
        """
        home = folder / f"wave-{self._digest(levels)[:16]}"
        home.mkdir(parents=True, exist_ok=True)
        found = np.full((len(levels), len(self.targets)), np.nan)
        starts = range(0, len(levels), BLOCK)
        files = {start: home / f"{start:06d}.csv" for start in starts}
        failed = 0
        for start in starts:
            if files[start].is_file():
                found[start : start + BLOCK] = _read(files[start])
                failed += _failures(found[start : start + BLOCK])
        waiting = {
            executor.submit(quantities, self, levels[start : start + BLOCK], self.first + start): start
            for start in starts
            if not files[start].is_file()
        }
        done = len(levels) - sum(len(levels[start : start + BLOCK]) for start in waiting.values())
        try:
            for future in as_completed(list(waiting)):
                start, block = waiting.pop(future), future.result()
                write_text(files[start], as_csv([one.name for one in self.targets], _texts(block)))
                found[start : start + BLOCK] = block
                done, failed = done + len(block), failed + _failures(block)
                told(done, failed, len(levels))
        finally:
            for future in waiting:
                future.cancel()
        return found

    def _digest(self, levels: Levels) -> str:
        """A hash of all that determines the runs: scenario, model, parameters, targets and levels."""
        from teritwa.simulation.model import model_digest

        total = hashlib.sha256(self.scenario.digest().encode() + model_digest().encode())
        total.update(f"{importlib.metadata.version('numpy')} {self.first} {BLOCK}".encode())
        for one in self.parameters:
            total.update(f"{one.name} {one.low!r} {one.high!r}".encode())
        for target in self.targets:
            total.update(f"{target.name} {target.outcome} {target.how} {target.start} {target.end}".encode())
        for name in ("priors.py", "targets.py", "waves.py"):
            total.update((Path(__file__).parent / name).read_bytes())
        total.update(np.ascontiguousarray(levels).tobytes())
        return total.hexdigest()


def quantities(wave: Wave, levels: Levels, first: int) -> NDArray[np.float64]:
    """Do some runs of a wave, in a worker; return the targets' quantities (run, target)."""
    from teritwa.simulation.model import Mission

    outcomes = needed(wave.targets)
    found = np.full((len(levels), len(wave.targets)), np.nan)
    for row, mine in enumerate(levels):
        params = {**wave.scenario.params, **values_at(wave.parameters, mine)}
        try:
            mission = Mission(replace(wave.scenario, params=params), draw=first + row, outcomes=outcomes)
            arrays = mission.run()
        except Exception:  # noqa: S112  # a run that cannot end is a missing one: the emulator does without it
            continue
        metropolitan = np.array([district.metropolitan for district in mission.world.districts], bool)
        run = Run(arrays, wave.scenario.start, metropolitan)
        found[row] = [run.read(target) for target in wave.targets]
    return found


def _failures(block: NDArray[np.float64]) -> int:
    """Return how many runs of a block have no quantities."""
    return int(np.isnan(block).any(axis=1).sum())


def _texts(block: NDArray[np.float64]) -> Sequence[Sequence[str]]:
    return [[repr(float(value)) for value in row] for row in block]


def _read(path: Path) -> NDArray[np.float64]:
    _, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    return np.array(rows, np.float64)
