"""Simulation of rows: each row of a posterior is run, and reduced to the targets' quantities.

Finished blocks of rows are kept in a folder, each named after a hash of all that determines it. An
interrupted calibration therefore resumes, and reads no block of another.
"""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.targets import Run, Target, required_outcomes
from teritwa.engine.files import write_whole
from teritwa.ensemble.run_store import library_versions
from teritwa.scenario import Scenario
from teritwa.scenario.history import history_of, is_column

BLOCK = 64
"""Rows whose results are stored together: a few seconds of work."""

Array = NDArray[np.float64]
Row = Mapping[str, float]
Progress = Callable[[int, int, int], None]
"""Takes how many rows of a sweep are done, have failed, and there are in all."""


@dataclass(frozen=True)
class Simulator:
    """Runs rows of a posterior.

    Attributes:
        scenario: The scenario, without uncertainty of its own.
        folder: Where finished blocks are kept; None keeps none.
        executor: What runs them.
        progress: Called after each block.
    """

    scenario: Scenario
    folder: Path | None
    executor: Executor
    progress: Progress

    def run(self, rows: Sequence[Row], targets: Sequence[Target], end: date) -> Array:
        """Return the quantities of targets, shape (row, target); not a number where a run failed.

        Args:
            rows: Rows of a posterior.
            targets: What is read from each run.
            end: Last day of the runs.
        """
        scenario = replace(self.scenario, end=end, posterior=None)
        found = np.full((len(rows), len(targets)), np.nan)
        waiting, done = {}, 0
        for first in range(0, len(rows), BLOCK):
            block = rows[first : first + BLOCK]
            path = self._path(scenario, block, targets)
            if path is not None and path.is_file():
                found[first : first + BLOCK] = np.load(path)
                done += len(block)
            else:
                future = self.executor.submit(simulate_rows, scenario, block, targets)
                waiting[future] = first, path
        try:
            for future in as_completed(list(waiting)):
                first, path = waiting.pop(future)
                found[first : first + BLOCK] = quantities = future.result()
                if path is not None:
                    _store(path, quantities)
                done += len(quantities)
                self.progress(done, 0, len(rows))
        finally:
            for future in waiting:
                future.cancel()
        return found

    def _path(
        self, scenario: Scenario, rows: Sequence[Row], targets: Sequence[Target]
    ) -> Path | None:
        """Return where a block of rows is kept; None if none is."""
        if self.folder is None:
            return None
        return self.folder / f"{_digest(scenario, rows, targets)}.npy"


def simulate_rows(scenario: Scenario, rows: Sequence[Row], targets: Sequence[Target]) -> Array:
    """Run some rows, in a worker.

    Args:
        scenario: The scenario without a posterior.
        rows: Rows of a posterior.
        targets: What is read from each run.

    Returns:
        The quantities, shape (row, target); not a number for a run that failed.
    """
    from teritwa.simulation.model import Mission

    outcomes = required_outcomes(targets)
    found = np.full((len(rows), len(targets)), np.nan)
    for number, row in enumerate(rows):
        own = scenario_of_row(scenario, row)
        try:
            mission = Mission(own, outcomes=outcomes)
            run = Run.of(mission.run(), own.start, mission.world)
            # A Mesa model refers to itself: its memory would wait for the garbage collector.
            mission.__dict__.clear()
        except Exception:  # noqa: S112  # a run that failed is missing; others go on
            continue
        found[number] = [run.read(target) for target in targets]
    return found


def scenario_of_row(scenario: Scenario, row: Row) -> Scenario:
    """Return the scenario with the parameters and the history of a row."""
    values = {name: value for name, value in row.items() if not is_column(name)}
    params = {**scenario.params, **values}
    return replace(scenario, posterior=None, params=params, history=history_of(row))


def _store(path: Path, quantities: Array) -> None:
    """Store a block, there whole or not at all."""
    content = io.BytesIO()
    np.save(content, quantities)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda temporary: temporary.write_bytes(content.getvalue()))


def _digest(scenario: Scenario, rows: Sequence[Row], targets: Sequence[Target]) -> str:
    """Return a hash of all that determines the quantities of rows."""
    from teritwa.simulation.model import model_digest

    total = hashlib.sha256(f"{scenario.digest()} {scenario.end} {model_digest()}".encode())
    total.update(" ".join(library_versions()).encode())
    for target in targets:
        read = target.name, target.outcome, target.statistic, target.start, target.end
        total.update(f"{read} {target.before}".encode())
    for name in ("simulation.py", "targets.py"):
        total.update((Path(__file__).parent / name).read_bytes())
    for row in rows:
        total.update(repr(sorted(row.items())).encode())
    return total.hexdigest()[:32]
