"""How fast ensembles are, as ratios within one process: ``python setups_speed.py workers|overhead [RUNS]``, as JSON.

``workers``: whole runs of the baseline by two processes against one, in turn, three times. ``overhead``: what an
ensemble costs beyond its runs themselves, in seconds of processor, from their names to the tables of the result.
To be measured on a machine that does nothing else.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read as NumPy is loaded: its threads' time is not that of a run

import json
import sys
import tempfile
import time
from typing import Any

import numpy as np

import teritwa.simulation.model
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.executors import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import LocalExecutor
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission, warm_up

REPLICATES, ROUNDS = 4, 3
RUNS = {"workers": 60, "overhead": 1000}


def asked_for(runs: int) -> Scenario:
    """Return the baseline, two years, with so many runs."""
    return load("baseline").replace(draws=runs // REPLICATES, replicates=REPLICATES)


def once(scenario: Scenario, jobs: int) -> tuple[float, float]:
    """Return the seconds that so many processes take for the runs, and until the result is written."""
    told: list[float] = []
    with LocalExecutor(jobs, TIME_LIMIT, MEMORY_LIMIT) as pool, tempfile.TemporaryDirectory() as out:
        for ready in [pool.submit(time.sleep, 1.0) for _ in range(jobs)]:  # all processes are there before it counts
            ready.result()
        begun = time.perf_counter()
        ensemble.run([scenario], out=out, executor=pool, progress=lambda *_: told.append(time.perf_counter()))
        ended = time.perf_counter()
    assert len(told) == scenario.draws * scenario.replicates
    return told[-1] - begun, ended - begun


def workers(runs: int) -> dict[str, Any]:
    """Return how many times as fast two processes are as one: for the runs alone, and with the result written."""
    warm_up()
    scenario = asked_for(runs)
    taken = np.array([[once(scenario, jobs) for jobs in (1, 2)] for _ in range(ROUNDS)])
    ratios = taken[:, 0] / taken[:, 1]
    return {
        "seconds": np.median(taken[:, :, 0], axis=0).round(2).tolist(),
        "ratios": ratios[:, 0].round(3).tolist(),
        "ratio": float(np.median(ratios[:, 0])),
        "ratio with the result": float(np.median(ratios[:, 1])),
    }


def overhead(runs: int) -> dict[str, float]:
    """Return the processor's seconds of the runs, of the whole ensemble, and the share of all but the runs in them."""
    spent: list[float] = []

    class Timed(Mission):
        """A mission whose time, from its founding to its outcomes, is known."""

        def __init__(self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: Any = None) -> None:
            self.begun = time.thread_time()
            super().__init__(scenario, draw, replicate, outcomes)

        def run(self) -> dict[str, Any]:
            """Run, and note the time."""
            found = super().run()
            spent.append(time.thread_time() - self.begun)
            return found

    scenario = asked_for(runs)
    with tempfile.TemporaryDirectory() as out:
        ensemble.run([scenario.replace(draws=1)], out=out, jobs=1)  # what is loaded or computed only once
    teritwa.simulation.model.Mission = Timed  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as out:
        ends: list[float] = []
        begun = time.process_time()
        ensemble.run([scenario], out=out, jobs=1, progress=lambda *_: ends.append(time.process_time()))
        whole = time.process_time() - begun
    teritwa.simulation.model.Mission = Mission  # type: ignore[misc]
    spent = spent[-runs:]  # the first of all warms up
    assert len(spent) == runs // REPLICATES * REPLICATES
    return {
        "runs": sum(spent), "whole": whole, "share": whole / sum(spent) - 1.0,
        "share until the last run": (ends[-1] - begun) / sum(spent) - 1.0,
    }  # fmt: skip


if __name__ == "__main__":
    what = sys.argv[1]
    number = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS[what]
    print(json.dumps(workers(number) if what == "workers" else overhead(number)))
