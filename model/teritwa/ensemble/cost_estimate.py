"""What an ensemble will take, estimated from one run of each scenario before the ensemble runs."""

import time
from dataclasses import dataclass
from pathlib import Path

from teritwa.ensemble.executors import available_cores
from teritwa.ensemble.run import count_stored_files, count_stored_runs
from teritwa.ensemble.run_store import encode_run
from teritwa.scenario import Scenario

DRAWS_LOOKED_UP = 2000
"""Draws up to which stored runs are looked up; a draw takes some milliseconds."""


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What the runs of a scenario will take.

    Attributes:
        scenario: The scenario's id.
        runs: Number of runs.
        stored: Number of runs that are stored already; beyond `DRAWS_LOOKED_UP` draws, the number
            of stored files, some of which may be of another ensemble.
        minutes: Time for the other runs on this machine, with the workers that were asked for.
        megabytes: Space on the disk for all runs and the result.
    """

    scenario: str
    runs: int
    stored: int
    minutes: float
    megabytes: float


def estimate_cost(
    scenario: Scenario, out: Path, *, jobs: int | None = None, only: tuple[int, int] | None = None
) -> CostEstimate:
    """Return what the runs of a scenario will take; compile the rules first if need be.

    Args:
        scenario: The scenario.
        out: Folder of results, where runs may be stored already.
        jobs: Number of worker processes; None means one a core.
        only: Draw and replicate of the only run to do, which is done again if it is stored; None
            means all that are not stored.
    """
    from teritwa.simulation.model import Mission, warm_up

    warm_up()
    started = time.perf_counter()
    outcomes = Mission(scenario, *(only or (0, 0))).run()
    seconds = time.perf_counter() - started
    runs = 1 if only else scenario.draws * scenario.replicates
    stored = 0 if only else min(_count_stored(scenario, out), runs)
    array_bytes = sum(values.nbytes for values in outcomes.values())
    bytes_per_run = len(encode_run("", outcomes)) + array_bytes
    minutes = (runs - stored) * seconds / (jobs or available_cores()) / 60.0
    return CostEstimate(scenario.id, runs, stored, minutes, runs * bytes_per_run / 1e6)


def _count_stored(scenario: Scenario, out: Path) -> int:
    """Return the number of stored runs, which is an upper bound where there are many draws."""
    count = count_stored_runs if scenario.draws <= DRAWS_LOOKED_UP else count_stored_files
    return count(scenario, out)
