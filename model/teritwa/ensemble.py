"""Many runs: every draw and repeat of every scenario, over any ``concurrent.futures`` executor.

A run is one task, and what it returns depends on nothing but its scenario, draw and repeat; so results are
the same for any executor, number of workers and order. A run that fails costs only itself: it is listed
with its cause in ``failures.csv``, and its place in the arrays stays missing, so that the others keep their
partners.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.quantity import InputError
from teritwa.results import Result, open_result
from teritwa.scenario import Scenario, load
from teritwa.storing import Axes, Failure, Runs, write

Progress = Callable[[int, int, int], None]
"""Told after each run: how many are done, how many of those failed, how many there are."""

Outcomes = dict[str, NDArray[Any]]
_Answer = tuple[Outcomes | str, float]
_Place = tuple[int, int, int]


def run(
    scenarios: Iterable[Scenario | str | Path],
    *,
    out: str | Path = "results",
    repeats: int | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """Run every draw and repeat of each scenario and write one result folder a scenario under ``out``.

    ``scenarios`` are Scenarios, files or shipped names; ``repeats`` replaces theirs. Runs go to ``jobs``
    local processes (default: one a core; 1 stays in this process) or to ``executor``, which stays open. A
    scenario is written as soon as its last run is done; when interrupted, what has finished is written
    first. Worker processes import the calling script, so a script keeps its call under
    ``if __name__ == "__main__":``. Raise InputError for a mistake in a scenario or two scenarios with one id.
    """
    chosen = [_chosen(scenario, repeats) for scenario in scenarios]
    _refuse_twins(chosen)
    books = [Runs(one, axes(one), np.zeros((one.draws, one.repeats), bool)) for one in chosen]
    written: dict[int, Result] = {}
    with workers(jobs, executor) as pool:
        try:
            for index in _simulated(books, pool, None, progress or _silent):
                folder = write(books[index], Path(out))
                written[index] = replace(open_result(folder), seconds=books[index].seconds)
                books[index].arrays.clear()  # on the disk now; five scenarios need not be held at once
        except KeyboardInterrupt:
            for index, book in enumerate(books):
                if index not in written and book.completed.any():
                    write(book, Path(out))
            raise
    return [written[index] for index in range(len(books))]


def simulate(
    scenarios: Iterable[Scenario | str | Path],
    *,
    outcomes: Sequence[str] | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Runs]:
    """Run as `run` does, only into memory; ``outcomes`` limits what is recorded."""
    chosen = [_chosen(scenario, None) for scenario in scenarios]
    books = [Runs(one, axes(one), np.zeros((one.draws, one.repeats), bool)) for one in chosen]
    with workers(jobs, executor) as pool:
        for _ in _simulated(books, pool, outcomes, progress or _silent):
            pass
    return books


def axes(scenario: Scenario) -> Axes:
    """Return what stands along the axes of a scenario's outcomes."""
    from teritwa import world
    from teritwa.mission import coordinates

    place = world.load(scenario.world)
    about: dict[str, tuple[str, Sequence[Any], str]] = {
        "district_name": ("district", [row.name for row in place.districts], "name of the district"),
        "metropolitan": (
            "district",
            [int(row.metropolitan) for row in place.districts],
            "1 within the capital",
        ),
        "residents_2015": ("district", [row.residents_2015 for row in place.districts], "residents in 2015"),
        "force": ("contingent", [row.force for row in place.contingents], "force the contingent belongs to"),
    }
    return Axes(coordinates(scenario), about, {"name": place.name, "digest": _tables_digest(place.folder)})


def _tables_digest(folder: Path) -> str:
    """The hash of a world's tables, by name and content."""
    total = hashlib.sha256()
    for table in sorted(folder.glob("*.csv")):
        total.update(table.name.encode() + b"\0" + hashlib.sha256(table.read_bytes()).digest())
    return total.hexdigest()


def _chosen(scenario: Scenario | str | Path, repeats: int | None) -> Scenario:
    found = scenario if isinstance(scenario, Scenario) else load(scenario)
    return found if repeats is None else found.replace(repeats=repeats)


def _refuse_twins(scenarios: Sequence[Scenario]) -> None:
    """Two scenarios with one id would write one folder."""
    ids = [scenario.id for scenario in scenarios]
    twins = sorted({name for name in ids if ids.count(name) > 1})
    if twins:
        raise InputError([f"{name}: is the id of {ids.count(name)} scenarios; each needs its own" for name in twins])


def _silent(done: int, failed: int, total: int) -> None:
    """Tell nobody."""


@contextmanager
def workers(jobs: int | None, executor: Executor | None) -> Iterator[Executor]:
    """Lend the given executor, or local workers with the rules already compiled; close only our own."""
    from teritwa.mission import warm_up

    warm_up()
    if executor is not None:
        yield executor
        return
    with _local(jobs or available_cores()) as own:
        yield own


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _local(jobs: int) -> Executor:
    """Worker processes, or one thread when one worker is asked for: it starts at once and runs the same."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    if jobs == 1:
        return ThreadPoolExecutor(1)
    ways = multiprocessing.get_all_start_methods()
    # Plain fork copies the parent's locks while other threads hold them; a fork server does not.
    context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    context.set_forkserver_preload(["teritwa.mission"])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker)


def _start_worker() -> None:
    """Load the rules once, and leave Ctrl-C to the parent, which lets the runs under way end."""
    import signal

    from teritwa.mission import warm_up

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()


def _simulated(
    books: Sequence[Runs], workers: Executor, outcomes: Sequence[str] | None, progress: Progress
) -> Iterator[int]:
    """Fill the books, run by run; yield the index of each as its last run is done."""
    places = [(i, int(d), int(r)) for i, book in enumerate(books) for d, r in np.ndindex(*book.completed.shape)]
    left = [book.completed.size for book in books]
    waiting = {_submitted(workers, books[i].scenario, (d, r), outcomes): (i, d, r) for i, d, r in places}
    failed = 0
    try:
        for done, future in enumerate(as_completed(list(waiting)), start=1):
            place = waiting.pop(future)
            failed += not _booked(books, place, future)
            left[place[0]] -= 1
            progress(done, failed, len(places))
            if left[place[0]] == 0:
                yield place[0]
    finally:
        for future in waiting:
            future.cancel()


def _submitted(
    workers: Executor, scenario: Scenario, which: tuple[int, int], outcomes: Sequence[str] | None
) -> "Future[_Answer]":
    """Hand one run to the workers; if they have died already, the run has failed, not the ensemble."""
    try:
        return workers.submit(_attempt, scenario, *which, outcomes)
    except BrokenExecutor as error:
        lost: Future[_Answer] = Future()
        lost.set_exception(error)
        return lost


def _attempt(scenario: Scenario, draw: int, repeat: int, outcomes: Sequence[str] | None) -> _Answer:
    """Do one run; return its arrays, or in one line why there are none, and the seconds it took.

    An exception itself may not cross between processes: one that cannot be pickled would stop all workers.
    """
    from teritwa.mission import Mission

    begun = time.perf_counter()
    answer: Outcomes | str
    try:
        answer = Mission(scenario, draw=draw, repeat=repeat, outcomes=outcomes).run()
    except Exception as error:  # whatever it is, it is this run's alone
        answer = " ".join(f"{type(error).__name__}: {error}".split())
    return answer, time.perf_counter() - begun


def _booked(books: Sequence[Runs], place: _Place, future: "Future[_Answer]") -> bool:
    """Enter what became of one run; say whether it finished."""
    index, draw, repeat = place
    try:
        answer, seconds = future.result()
    except BrokenExecutor:
        answer, seconds = "the worker process ended abruptly (killed, or out of memory)", 0.0
    books[index].seconds += seconds
    if isinstance(answer, str):
        books[index].failures.append(Failure(draw, repeat, answer))
        return False
    books[index].keep(draw, repeat, answer)
    return True
