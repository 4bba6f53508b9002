"""What an ensemble will take, told before it runs: from one run of each scenario, done and forgotten."""

import time
from dataclasses import dataclass
from pathlib import Path

from teritwa.ensemble.executors import available_cores
from teritwa.ensemble.run import kept_runs
from teritwa.ensemble.run_store import encoded
from teritwa.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many runs a scenario has, how many of them are kept already, and what the others will take."""

    scenario: str
    runs: int
    kept: int
    minutes: float
    """On this machine, with so many workers as were asked for."""
    megabytes: float
    """On the disk, of all runs and the result."""


def estimate(scenario: Scenario, out: Path, *, jobs: int | None = None) -> Estimate:
    """Return what a scenario will take under ``out``; the rules are compiled first if need be."""
    from teritwa.simulation.model import Mission, warm_up

    warm_up()
    begun = time.perf_counter()
    outcomes = Mission(scenario).run()
    seconds = time.perf_counter() - begun
    runs, kept = scenario.draws * scenario.replicates, kept_runs(scenario, out)
    each = len(encoded("", outcomes)) + sum(values.nbytes for values in outcomes.values())
    minutes = (runs - kept) * seconds / (jobs or available_cores()) / 60.0
    return Estimate(scenario.id, runs, kept, minutes, runs * each / 1e6)
