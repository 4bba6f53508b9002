"""Memory of ensembles, as JSON: ``python setups_memory.py thread|process|write FOLDER``."""

import gc
import json
import resource
import sys
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]

import teritwa.simulation.model
from teritwa.ensemble.limits import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import LocalExecutor
from teritwa.ensemble.netcdf import open_series, write_series
from teritwa.ensemble.run import run
from teritwa.ensemble.run_set import coordinates_of
from teritwa.ensemble.run_store import (
    RunStore,
    StoredRunSet,
    encode_run,
    run_keys,
)
from teritwa.ensemble.summary import summarise
from teritwa.ensemble.writer import write_result
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission

RUNS, FIRST = 1000, 100
"""Number of runs, and after which of them memory must not grow."""

FEW, MANY, REPLICATES = 200, 1000, 10


def resident_memory() -> float:
    """Return the memory of this process and of those that it started (MB)."""
    own = psutil.Process()
    return float(sum(one.memory_info().rss for one in [own, *own.children(recursive=True)]) / 1e6)


def peak_memory() -> float:
    """Return the most memory that this process ever had (MB)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


@dataclass
class Missions:
    """The missions of this process: those that are alive, and how many were made."""

    alive: "weakref.WeakSet[Mission]" = field(default_factory=weakref.WeakSet)
    made: int = 0


@contextmanager
def watch_missions() -> Iterator[Missions]:
    """Context manager yielding the missions that are made within it."""
    missions = Missions()

    class Watched(Mission):
        """A mission that is counted."""

        def __init__(
            self,
            scenario: Scenario | str | Path,
            draw: int = 0,
            replicate: int = 0,
            outcomes: str | Iterable[str] | None = None,
        ) -> None:
            super().__init__(scenario, draw, replicate, outcomes)
            missions.alive.add(self)
            missions.made += 1

    teritwa.simulation.model.Mission = Watched  # type: ignore[misc]
    try:
        yield missions
    finally:
        teritwa.simulation.model.Mission = Mission  # type: ignore[misc]


def measure_runs(out: Path, *, process: bool) -> dict[str, float]:
    """Return memory after the first and the last of many runs, here or in one process (MB)."""
    scenario = load("baseline").replace(
        draws=RUNS // REPLICATES, replicates=REPLICATES, end=date(2024, 1, 30)
    )
    found: dict[str, float] = {"alive": 0.0}

    def note(done: int, failed: int, total: int) -> None:
        assert failed == 0
        if done in (FIRST, total // 2, total):
            gc.collect()
            found[str(done)] = resident_memory()
        if done % FIRST == 0:
            gc.collect()
            found["alive"] = max(found["alive"], float(len(missions.alive)))

    with watch_missions() as missions:
        if process:
            with LocalExecutor(1, TIME_LIMIT, MEMORY_LIMIT) as pool:
                run([scenario], out=out, executor=pool, progress=note)
        else:
            run([scenario], out=out, jobs=1, progress=note)
        gc.collect()
        found |= {"left": float(len(missions.alive)), "made": float(missions.made)}
        found |= {"written": resident_memory(), "peak": peak_memory()}
    return found


def make_run_sets(out: Path) -> dict[int, StoredRunSet]:
    """Store one run of two years under many keys; return run sets of few and of many of them."""
    scenario = load("baseline").replace(draws=MANY // REPLICATES, replicates=REPLICATES)
    keys = [run_keys(scenario.in_draw(draw), draw, REPLICATES) for draw in range(scenario.draws)]
    store = RunStore(out / "runs")
    store.folder.mkdir(parents=True)
    outcomes = Mission(scenario).run()
    for key in (key for of_draw in keys for key in of_draw):
        store.save(key, encode_run(key, outcomes))
    found = {}
    for count in (FEW, MANY):
        draws = count // REPLICATES
        found[count] = StoredRunSet(
            scenario.replace(draws=draws),
            coordinates_of(scenario),
            np.ones((draws, REPLICATES), bool),
            store=store,
            keys=dict(enumerate(keys[:draws])),
        )
    return found


def measure_writing(out: Path) -> dict[str, float]:
    """Return peak memory after writing series, summary and result of few runs and many (MB)."""
    run_sets = make_run_sets(out)
    found = {"before": peak_memory()}
    for count, run_set in run_sets.items():
        series = out / f"{count}.nc"
        write_series(run_set, series, {"source": "test"})
        found[f"series {count}"] = peak_memory()
        found[f"size {count}"] = series.stat().st_size / 1e6
    for count, run_set in run_sets.items():
        with open_series(out / f"{count}.nc") as arrays:
            rows = list(summarise(arrays, run_set.coordinates, run_set.completed))
        assert len(rows) > 1000
        found[f"summary {count}"] = peak_memory()
    write_result(run_sets[MANY], out / "result")
    found[f"result {MANY}"] = peak_memory()
    return found


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "write":
        print(json.dumps(measure_writing(folder)))
    else:
        print(json.dumps(measure_runs(folder, process=what == "process")))
