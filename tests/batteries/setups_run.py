"""Runs scenarios under one set-up, and prints the hash of every file of their results.

``python setups_run.py '{"workers": 2, "where": "dask", ...}'`` is called by `test_set_ups.py`.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from teritwa.ensemble.executors import open_cluster
from teritwa.ensemble.limits import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import LocalExecutor
from teritwa.ensemble.run import count_stored_runs, run
from teritwa.pictures import save_all
from teritwa.scenario import Scenario, load

UNTIL, DRAWS, REPLICATES = date(2024, 2, 10), 3, 2


@dataclass(frozen=True)
class SetUp:
    """How runs are done.

    Attributes:
        scenarios: Names of the scenarios.
        workers: Number of workers.
        where: Kind of workers: threads, processes or dask.
        order: Order of tasks: forward, reversed or shuffled.
        together: Whether all scenarios form one ensemble.
        resumed: Whether some runs were stored before.
        out: Folder of results.
    """

    scenarios: list[str]
    workers: int = 1
    where: str = "threads"
    order: str = "forward"
    together: bool = True
    resumed: bool = False
    out: str = "results"


class Reordered(Executor):
    """Waits for a number of tasks, then hands them to another executor in another order."""

    def __init__(self, inner: Executor, expected: int, order: str) -> None:
        self.inner, self.expected, self.order = inner, expected, order
        self.tasks: list[tuple[Future[Any], Callable[[], Future[Any]]]] = []

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Keep a task; with the last one hand on all of them."""
        future: Future[Any] = Future()
        self.tasks.append((future, partial(self.inner.submit, task, *args, **kwargs)))
        if len(self.tasks) == self.expected:
            for index in indices(self.expected, self.order):
                pending, submit = self.tasks[index]
                submit().add_done_callback(partial(copy_outcome, pending))
        return future


def copy_outcome(pending: Future[Any], done: Future[Any]) -> None:
    """Let one future end as another has ended."""
    error = done.exception()
    if error is None:
        pending.set_result(done.result())
    else:
        pending.set_exception(error)


def indices(count: int, order: str) -> list[int]:
    """Return the order in which tasks are handed on."""
    forward = list(range(count))
    if order == "forward":
        return forward
    if order == "reversed":
        return forward[::-1]
    return sorted(forward, key=lambda index: hashlib.sha256(str(index).encode()).digest())


@contextmanager
def executor(where: str, count: int) -> Iterator[Executor]:
    """Context manager yielding threads, processes, or workers of a Dask cluster."""
    if where == "threads":
        with ThreadPoolExecutor(count) as threads:
            yield threads
    elif where == "processes":
        with LocalExecutor(count, TIME_LIMIT, MEMORY_LIMIT) as processes:
            yield processes
    else:
        from distributed import LocalCluster

        options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with (
            LocalCluster(n_workers=count, **options) as started,  # type: ignore[no-untyped-call]
            open_cluster(started.scheduler_address) as workers,
        ):
            yield workers


def run_some(scenarios: list[Scenario], out: Path) -> None:
    """Do a third of the runs, and be interrupted."""

    def interrupt(done: int, failed: int, total: int) -> None:
        if done >= total // 3:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as one:
        try:
            run(scenarios, out=out, executor=one, progress=interrupt)
        except KeyboardInterrupt:
            return
    raise AssertionError("was not interrupted")


def run_ensemble(scenarios: list[Scenario], pool: Executor, set_up: SetUp) -> None:
    """Run scenarios as one ensemble, and draw its results."""
    out = Path(set_up.out)
    if set_up.resumed:
        run_some(scenarios, out)
    total = len(scenarios) * DRAWS * REPLICATES
    left = total - sum(count_stored_runs(scenario, out) for scenario in scenarios)
    assert 0 < left < total if set_up.resumed else left == total
    reordered = Reordered(pool, left, set_up.order)
    results = run(scenarios, out=out, executor=reordered, resume=set_up.resumed)
    for scenario, result in zip(scenarios, results, strict=True):
        assert result.count == DRAWS * REPLICATES
        save_all(result, scenario.world)


def digests(out: Path) -> dict[str, dict[str, str]]:
    """Return the hash of every file, hidden ones left out, by scenario and name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(out.rglob("*")):
        scenario, *names = path.relative_to(out).parts
        if path.is_file() and not any(name.startswith(".") for name in (scenario, *names)):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found.setdefault(scenario, {})["/".join(names)] = digest
    return found


def main(set_up: SetUp) -> None:
    """Run the scenarios of a set-up, and print the hashes."""
    short: dict[str, Any] = {"end": UNTIL, "draws": DRAWS, "replicates": REPLICATES}
    chosen = [load(name).replace(**short) for name in set_up.scenarios]
    with executor(set_up.where, set_up.workers) as pool:
        for scenarios in [chosen] if set_up.together else [[one] for one in chosen]:
            run_ensemble(scenarios, pool, set_up)
    print(json.dumps(digests(Path(set_up.out))))


if __name__ == "__main__":
    main(SetUp(**json.loads(sys.argv[1])))
