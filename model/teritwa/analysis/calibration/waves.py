"""Waves of runs: each run has its own parameters and is reduced to the targets' quantities.

A wave is a table of levels (0 to 1) of the priors, one row a run. Its finished blocks are in a
folder named after a hash of all that determines them. An interrupted wave therefore resumes, and
blocks of another wave are never read.
"""

import csv
import hashlib
import importlib.metadata
import io
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import values_at
from teritwa.analysis.calibration.targets import Run, Target, required_outcomes
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.parameters import Parameter
from teritwa.scenario import Scenario

BLOCK = 64
"""Runs whose results are stored together: some five seconds of work."""

SOURCES = ("priors.py", "targets.py", "waves.py")
"""Files of this package that determine a run's quantities."""

Array = NDArray[np.float64]
Progress = Callable[[int, int, int], None]
"""Takes how many runs of a wave are done, have failed, and there are in all."""


@dataclass(frozen=True)
class Wave:
    """What is run: a scenario without uncertainty of its own, and the parameters that differ.

    Attributes:
        scenario: The scenario.
        parameters: The parameters that differ between runs.
        targets: The targets whose quantities are computed.
        first_draw: Run ``i`` is draw ``first_draw + i``, so that no two waves share random
            numbers.
    """

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    first_draw: int

    def scenario_at(self, levels: Array) -> Scenario:
        """Return the scenario of a run with these levels, shape (parameter,)."""
        own = values_at(self.parameters, levels)
        return replace(self.scenario, params={**self.scenario.params, **own})

    def run(self, levels: Array, folder: Path, executor: Executor, progress: Progress) -> Array:
        """Run what is not yet stored, and store each block as it finishes.

        Args:
            levels: Levels of the priors, shape (run, parameter).
            folder: The folder of all waves.
            executor: What runs the blocks.
            progress: Called after each block.

        Returns:
            The targets' quantities, shape (run, target); not a number for a run that failed.
        """
        home = folder / f"wave-{self._digest(levels)[:16]}"
        home.mkdir(parents=True, exist_ok=True)
        files = {start: home / f"{start:06d}.csv" for start in range(0, len(levels), BLOCK)}
        found = np.full((len(levels), len(self.targets)), np.nan)
        done = np.zeros(len(levels), bool)
        for start, path in files.items():
            if path.is_file():
                found[start : start + BLOCK], done[start : start + BLOCK] = _read(path), True
        missing = [start for start in files if not done[start]]
        with closing(self._simulate(levels, missing, executor)) as blocks:
            for start, block in blocks:
                write_text(files[start], self._csv(block))
                found[start : start + BLOCK], done[start : start + BLOCK] = block, True
                progress(int(done.sum()), _failures(found[done]), len(levels))
        return found

    def _simulate(
        self, levels: Array, starts: Sequence[int], executor: Executor
    ) -> Generator[tuple[int, Array], None, None]:
        """Yield the first run and the quantities of each block as it finishes."""
        waiting = {}
        for start in starts:
            block = levels[start : start + BLOCK]
            waiting[executor.submit(simulate_block, self, block, self.first_draw + start)] = start
        try:
            for future in as_completed(list(waiting)):
                yield waiting.pop(future), future.result()
        finally:
            for future in waiting:
                future.cancel()

    def _digest(self, levels: Array) -> str:
        """Return a hash of all that determines the runs."""
        from teritwa.simulation.model import model_digest

        total = hashlib.sha256(self.scenario.digest().encode() + model_digest().encode())
        total.update(f"{importlib.metadata.version('numpy')} {self.first_draw} {BLOCK}".encode())
        for one in self.parameters:
            total.update(f"{one.name} {one.low!r} {one.high!r}".encode())
        for target in self.targets:
            total.update(f"{target.name} {target.outcome} {target.statistic}".encode())
            total.update(f" {target.start} {target.end} {target.before}".encode())
        for name in SOURCES:
            total.update((Path(__file__).parent / name).read_bytes())
        total.update(np.ascontiguousarray(levels).tobytes())
        return total.hexdigest()

    def _csv(self, block: Array) -> str:
        """Return a block as a table with a column for each target and every digit."""
        return as_csv([target.name for target in self.targets], map(_texts, block))


def simulate_block(wave: Wave, levels: Array, first_draw: int) -> Array:
    """Run some runs of a wave, in a worker.

    Args:
        wave: The wave.
        levels: Levels of the priors, shape (run, parameter).
        first_draw: The draw of the first run.

    Returns:
        The targets' quantities, shape (run, target); not a number for a run that failed.
    """
    from teritwa.simulation.model import Mission

    outcomes = required_outcomes(wave.targets)
    found = np.full((len(levels), len(wave.targets)), np.nan)
    for row, own_levels in enumerate(levels):
        scenario = wave.scenario_at(own_levels)
        try:
            mission = Mission(scenario, draw=first_draw + row, outcomes=outcomes)
            arrays = mission.run()
        except Exception:  # noqa: S112  # a failed run is missing; the emulator needs no single run
            continue
        metropolitan = [district.metropolitan for district in mission.world.districts]
        run = Run(arrays, wave.scenario.start, np.array(metropolitan, bool))
        found[row] = [run.read(target) for target in wave.targets]
    return found


def _texts(row: Array) -> list[str]:
    """Return numbers as texts with every digit."""
    return [repr(float(value)) for value in row]


def _failures(quantities: Array) -> int:
    """Return how many runs have no quantities."""
    return int(np.isnan(quantities).any(axis=1).sum())


def _read(path: Path) -> Array:
    """Return the quantities of a stored block."""
    _, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    return np.array(rows, np.float64)
