"""What ensembles need of memory, in a process of its own: ``python setups_memory.py runs|pack FOLDER``, as JSON."""

import gc
import json
import resource
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import psutil

import teritwa.simulation.model
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.executors import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import LocalExecutor
from teritwa.ensemble.netcdf import open_series, write_series
from teritwa.ensemble.run_store import (
    RunStore,
    StoredRunSet,
    encode_run,
    run_keys,
    scenario_of_draw,
)
from teritwa.ensemble.summary import summarise
from teritwa.ensemble.writer import write_result
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission

RUNS, FIRST = 1000, 100
"""How many runs are done, and after which of them memory has to stay as it is."""

FEW, MANY, REPLICATES = 200, 1000, 10


def megabytes(process: psutil.Process | None = None) -> float:
    """Return what a process holds of the memory, with what it started."""
    process = process or psutil.Process()
    return float(sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6)


def largest() -> float:
    """Return the most that this process ever held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


@contextmanager
def watched() -> Iterator["weakref.WeakSet[Mission]"]:
    """Lend the set of missions that are alive."""
    alive: weakref.WeakSet[Mission] = weakref.WeakSet()

    class Watched(Mission):
        def __init__(
            self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: list[str] | None = None
        ) -> None:
            super().__init__(scenario, draw, replicate, outcomes)
            alive.add(self)

    teritwa.simulation.model.Mission = Watched  # type: ignore[misc]
    try:
        yield alive
    finally:
        teritwa.simulation.model.Mission = Mission  # type: ignore[misc]


def grow(out: Path, *, process: bool) -> dict[str, float]:
    """Do many runs of 30 days in this process, or in one other; return what it held after the first and the last."""
    scenario = load("baseline").replace(draws=RUNS // REPLICATES, replicates=REPLICATES, end=date(2024, 1, 30))
    found: dict[str, float] = {"alive": 0.0}

    def noted(done: int, failed: int, total: int) -> None:
        assert failed == 0
        if done in (FIRST, total // 2, total):
            gc.collect()
            found[str(done)] = megabytes()
        if done % FIRST == 0:
            gc.collect()
            found["alive"] = max(found["alive"], float(len(alive)))

    with watched() as alive:
        if process:
            with LocalExecutor(1, TIME_LIMIT, MEMORY_LIMIT) as pool:
                ensemble.run([scenario], out=out, executor=pool, progress=noted)
        else:
            ensemble.run([scenario], out=out, jobs=1, progress=noted)
        gc.collect()
        found |= {"left": float(len(alive)), "packed": megabytes(), "largest": largest()}
    return found


def books(out: Path) -> dict[int, StoredRunSet]:
    """Keep one run of two years under the names of many; return books of few and of many of them."""
    whole = load("baseline").replace(draws=MANY // REPLICATES, replicates=REPLICATES)
    called = [run_keys(scenario_of_draw(whole, draw), draw, REPLICATES) for draw in range(whole.draws)]
    store = RunStore(out / "runs")
    store.folder.mkdir(parents=True)
    outcomes = Mission(whole).run()
    for name in (name for row in called for name in row):
        store.save(name, encode_run(name, outcomes))
    return {
        count: StoredRunSet(
            whole.replace(draws=count // REPLICATES), coordinates_of(whole),
            np.ones((count // REPLICATES, REPLICATES), bool), store=store, names=called[: count // REPLICATES],
        )
        for count in (FEW, MANY)
    }  # fmt: skip


def packing(out: Path) -> dict[str, float]:
    """Return the most that this process held after packing few runs and many, their summary, and the whole result."""
    made, found = books(out), {"before": largest()}
    for count, book in made.items():
        pack(book, out / f"{count}.nc", "test")
        found[f"packed {count}"] = largest()
        found[f"size {count}"] = (out / f"{count}.nc").stat().st_size / 1e6
    for count, book in made.items():
        with stored(out / f"{count}.nc") as arrays:
            assert len(list(summarise(arrays, book.axes.along, book.axes.about, book.completed))) > 1000
        found[f"summarised {count}"] = largest()
    write(made[MANY], out / "result")
    found[f"written {MANY}"] = largest()
    return found


if __name__ == "__main__":
    what, place = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(packing(place) if what == "pack" else grow(place, process=what == "process")))
