"""One set-up in a process of its own: do some scenarios as told, and print what the bytes of each result come to.

``python setups_run.py '{"workers": 2, "where": "dask", ...}'``, as `test_set_ups.py` asks.
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

from teritwa.ensemble import run as ensemble
from teritwa.ensemble.executors import MEMORY_LIMIT, TIME_LIMIT, open_cluster
from teritwa.ensemble.local_executor import LocalExecutor
from teritwa.pictures import save_all
from teritwa.scenario import Scenario, load

UNTIL, DRAWS, REPLICATES = date(2024, 2, 10), 3, 2


@dataclass(frozen=True)
class SetUp:
    """How runs are done: by whom, in which order, beside which others, and whether some were made before."""

    scenarios: list[str]
    workers: int = 1
    where: str = "threads"
    order: str = "forward"
    together: bool = True
    resumed: bool = False
    out: str = "results"


class Reordered(Executor):
    """Waits for so many tasks, then hands them to another executor in another order."""

    def __init__(self, inner: Executor, expected: int, order: str) -> None:
        self.inner, self.expected, self.order = inner, expected, order
        self.tasks: list[tuple[Future[Any], Callable[[], Future[Any]]]] = []

    def submit(self, task: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Keep a task; with the last one hand on all of them."""
        future: Future[Any] = Future()
        self.tasks.append((future, partial(self.inner.submit, task, *given, **named)))
        if len(self.tasks) == self.expected:
            for place in places(self.expected, self.order):
                waiting, hand_on = self.tasks[place]
                hand_on().add_done_callback(partial(pass_on, waiting))
        return future


def pass_on(waiting: Future[Any], done: Future[Any]) -> None:
    """Let one future end as another has."""
    error = done.exception()
    if error is None:
        waiting.set_result(done.result())
    else:
        waiting.set_exception(error)


def places(count: int, order: str) -> list[int]:
    """Return the order in which tasks are done."""
    forward = list(range(count))
    if order == "forward":
        return forward
    if order == "reversed":
        return forward[::-1]
    return sorted(forward, key=lambda place: hashlib.sha256(str(place).encode()).digest())


@contextmanager
def executor(where: str, count: int) -> Iterator[Executor]:
    """Lend so many threads, processes, or workers of a Dask cluster."""
    if where == "threads":
        with ThreadPoolExecutor(count) as threads:
            yield threads
    elif where == "processes":
        with LocalExecutor(count, TIME_LIMIT, MEMORY_LIMIT) as processes:
            yield processes
    else:
        from distributed import LocalCluster

        with (
            LocalCluster(n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None) as made,
            open_cluster(made.scheduler_address) as lent,
        ):
            yield lent


def make_some(scenarios: list[Scenario], out: Path) -> None:
    """Make a third of the runs, and be interrupted."""

    def interrupt(done: int, failed: int, total: int) -> None:
        if done >= total // 3:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as one:
        try:
            ensemble.run(scenarios, out=out, executor=one, progress=interrupt)
        except KeyboardInterrupt:
            return
    raise AssertionError("was not interrupted")


def do(scenarios: list[Scenario], pool: Executor, asked: SetUp) -> None:
    """Run scenarios as one ensemble, and draw its pictures."""
    out = Path(asked.out)
    if asked.resumed:
        make_some(scenarios, out)
    left = sum(one.draws * one.replicates - ensemble.count_stored_runs(one, out) for one in scenarios)
    expected = len(scenarios) * DRAWS * REPLICATES
    assert 0 < left < expected if asked.resumed else left == expected
    mixed = Reordered(pool, left, asked.order)
    results = ensemble.run(scenarios, out=out, executor=mixed, resume=asked.resumed)
    for scenario, result in zip(scenarios, results, strict=True):
        assert result.count == DRAWS * REPLICATES
        save_all(result, scenario.world)


def digests(out: Path) -> dict[str, dict[str, str]]:
    """Return the hash of every file, hidden ones left out, by scenario and name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(out.rglob("*")):
        names = path.relative_to(out).parts
        if path.is_file() and not any(name.startswith(".") for name in names):
            found.setdefault(names[0], {})["/".join(names[1:])] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def main(asked: SetUp) -> None:
    """Do what is asked, and print the hashes."""
    chosen = [load(name).replace(end=UNTIL, draws=DRAWS, replicates=REPLICATES) for name in asked.scenarios]
    with executor(asked.where, asked.workers) as pool:
        for scenarios in [chosen] if asked.together else [[one] for one in chosen]:
            do(scenarios, pool, asked)
    print(json.dumps(digests(Path(asked.out))))


if __name__ == "__main__":
    main(SetUp(**json.loads(sys.argv[1])))
