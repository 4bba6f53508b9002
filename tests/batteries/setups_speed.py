"""Speed of ensembles, as JSON: ``python setups_speed.py workers|overhead [RUNS]``.

``workers`` compares whole runs of the baseline by two processes and by one, in turn, three times.
``overhead`` measures the processor time of an ensemble beyond that of its runs, from their keys to
the tables of the result. Measure on a machine that does nothing else.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = (
    "1"  # read when NumPy is loaded: the time of its threads is not that of a run
)

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import teritwa.simulation.model
from teritwa.ensemble.limits import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import LocalExecutor
from teritwa.ensemble.run import run
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission, warm_up

REPLICATES, ROUNDS = 4, 3
RUNS = {"workers": 60, "overhead": 1000}


def scenario_with(runs: int) -> Scenario:
    """Return the baseline, two years, with a number of runs."""
    return load("baseline").replace(draws=runs // REPLICATES, replicates=REPLICATES)


def time_processes(scenario: Scenario, jobs: int) -> tuple[float, float]:
    """Return the time that processes take for the runs, and until the result is written (s)."""
    ends: list[float] = []
    with (
        LocalExecutor(jobs, TIME_LIMIT, MEMORY_LIMIT) as pool,
        tempfile.TemporaryDirectory() as out,
    ):
        # All processes have started before the time is measured.
        for started in [pool.submit(time.sleep, 1.0) for _ in range(jobs)]:
            started.result()
        first = time.perf_counter()
        progress = partial(append_time, ends, time.perf_counter)
        run([scenario], out=out, executor=pool, progress=progress)
        last = time.perf_counter()
    assert len(ends) == scenario.draws * scenario.replicates
    return ends[-1] - first, last - first


def append_time(
    times: list[float], clock: Callable[[], float], _done: int, _failed: int, _total: int
) -> None:
    """Append the time of a clock to a list, as progress is reported."""
    times.append(clock())


def workers(runs: int) -> dict[str, Any]:
    """Return the speed of two processes relative to one, for the runs alone and with the result."""
    warm_up()
    scenario = scenario_with(runs)
    times = [time_processes(scenario, jobs) for jobs in (1, 2) * ROUNDS]
    seconds = np.array(times).reshape(ROUNDS, 2, 2)
    ratios = seconds[:, 0] / seconds[:, 1]
    return {
        "seconds": np.median(seconds[:, :, 0], axis=0).round(2).tolist(),
        "ratios": ratios[:, 0].round(3).tolist(),
        "ratio": float(np.median(ratios[:, 0])),
        "ratio with the result": float(np.median(ratios[:, 1])),
    }


def overhead(runs: int) -> dict[str, float]:
    """Return the processor time of the runs and of the ensemble (s), and the share of overhead."""
    spent: list[float] = []

    class Timed(Mission):
        """A mission that measures its time, from initialization to outcomes."""

        def __init__(
            self,
            scenario: Scenario | str | Path,
            draw: int = 0,
            replicate: int = 0,
            outcomes: Any = None,
        ) -> None:
            self.started = time.thread_time()
            super().__init__(scenario, draw, replicate, outcomes)

        def run(self) -> dict[str, Any]:
            """Run, and record the time."""
            found = super().run()
            spent.append(time.thread_time() - self.started)
            return found

    scenario = scenario_with(runs)
    with tempfile.TemporaryDirectory() as out:
        # What is loaded or computed only once does not count.
        run([scenario.replace(draws=1)], out=out, jobs=1)
    teritwa.simulation.model.Mission = Timed  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as out:
        ends: list[float] = []
        first = time.process_time()
        progress = partial(append_time, ends, time.process_time)
        run([scenario], out=out, jobs=1, progress=progress)
        whole = time.process_time() - first
    teritwa.simulation.model.Mission = Mission  # type: ignore[misc]
    spent = spent[-runs:]  # the first one loads the rules
    assert len(spent) == runs // REPLICATES * REPLICATES
    return {
        "runs": sum(spent),
        "whole": whole,
        "share": whole / sum(spent) - 1.0,
        "share until the last run": (ends[-1] - first) / sum(spent) - 1.0,
    }


if __name__ == "__main__":
    what = sys.argv[1]
    number = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS[what]
    print(json.dumps(workers(number) if what == "workers" else overhead(number)))
