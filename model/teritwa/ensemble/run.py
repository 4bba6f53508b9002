"""Many runs: every draw and replicate of every scenario, over any ``concurrent.futures`` executor.

A run is one task, and what it returns depends on nothing but its scenario, draw and replicate; so results are
the same for any executor, number of workers and order. Each finished run is kept at once, as one file
(`teritwa.ensemble.run_store`), and is not done again when an ensemble goes on. A run that fails costs only itself: it is listed
with its cause in ``failures.csv``, and its place in the arrays stays missing, so that the others keep their
partners.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np

from teritwa.engine.errors import InputError
from teritwa.ensemble.executors import workers
from teritwa.ensemble.folder_lock import RUNS, workplace
from teritwa.ensemble.result import Result, open_result
from teritwa.ensemble.run_set import Axes, Book, Failure, Outcomes, Runs
from teritwa.ensemble.run_store import Kept, Store, encoded, names, single
from teritwa.ensemble.writer import write
from teritwa.scenario import Scenario, load

Progress = Callable[[int, int, int], None]
"""Told after each run: how many are done, how many of those failed, how many there are."""

WAITING = 1000
"""Runs that are handed to the workers at a time: enough for any cluster, few enough to need little memory."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A run to be done: whose, which, with the values of its draw, and the name of its file if it gets one."""

    book: int
    draw: int
    replicate: int
    scenario: Scenario
    name: str


_Answer = tuple[bytes | Outcomes, float]


def run(
    scenarios: Iterable[Scenario | str | Path],
    *,
    out: str | Path = "results",
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    resume: bool = False,
) -> list[Result]:
    """Run every draw and replicate of each scenario and write one result folder a scenario under ``out``.

    ``scenarios`` are Scenarios, files or shipped names. Runs go to ``jobs`` local processes (default: one a core; 1
    stays in this process) or to ``executor``, which stays open. Each run is kept as soon as it is done, and a
    scenario's result is written after its last one. With ``resume``, runs that are kept from before are not done
    again. Worker processes import the calling script, so a script keeps its call under
    ``if __name__ == "__main__":``. Raise InputError for a mistake in a scenario, two scenarios with one id, or a
    folder that another program writes or an earlier one left unfinished; OSError if there is no room.
    """
    chosen = [_chosen(scenario) for scenario in scenarios]
    _refuse_twins(chosen)
    with ExitStack() as lent:
        places = [lent.enter_context(workplace(Path(out) / one.id, resume=resume)) for one in chosen]
        books = [_book(one, place.store) for one, place in zip(chosen, places, strict=True)]
        pool = lent.enter_context(workers(jobs, executor))
        written = {}
        for index in _filled(books, pool, progress or _silent):
            folder = write(books[index], Path(out))
            places[index].done()
            written[index] = replace(open_result(folder), seconds=books[index].seconds)
    return [written[index] for index in range(len(books))]


def run_only(
    scenario: Scenario | str | Path,
    draw: int,
    replicate: int,
    *,
    out: str | Path = "results",
    jobs: int | None = None,
    executor: Executor | None = None,
) -> Result | str:
    """Do one run of an ensemble again or for the first time, and keep it; return the result if it was the last.

    Else return the cause if it failed, and an empty text if it did not. Raise InputError as `run`, and if the
    ensemble has no such run.
    """
    chosen = _chosen(scenario)
    if not (0 <= draw < chosen.draws and 0 <= replicate < chosen.replicates):
        raise InputError([f"{draw}.{replicate}: {chosen.id} has draws 0 to {chosen.draws - 1} and "
                          f"replicates 0 to {chosen.replicates - 1}"])  # fmt: skip
    with workplace(Path(out) / chosen.id, resume=True) as place, workers(jobs, executor) as pool:
        book = _book(chosen, place.store)
        book.completed[draw, replicate] = False
        (task,) = (task for task in _tasks([book]) if (task.draw, task.replicate) == (draw, replicate))
        for _, answer in _answers([task], pool, None):
            _booked(book, task, answer)
        if book.completed.all():
            folder = write(book, Path(out))
            place.done()
            return open_result(folder)
    return book.failures[0].cause if book.failures else ""


def simulate(
    scenarios: Iterable[Scenario | str | Path],
    *,
    outcomes: Sequence[str] | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Runs]:
    """Run as `run` does, only into memory; ``outcomes`` limits what is recorded."""
    chosen = [_chosen(scenario) for scenario in scenarios]
    books = [Runs(one, axes(one), np.zeros((one.draws, one.replicates), bool)) for one in chosen]
    with workers(jobs, executor) as pool:
        for _ in _filled(books, pool, progress or _silent, outcomes):
            pass
    return books


def axes(scenario: Scenario) -> Axes:
    """Return what stands along the axes of a scenario's outcomes."""
    from teritwa import world
    from teritwa.simulation.model import coordinates

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


def _chosen(scenario: Scenario | str | Path) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _refuse_twins(scenarios: Sequence[Scenario]) -> None:
    """Two scenarios with one id would write one folder."""
    ids = [scenario.id for scenario in scenarios]
    twins = sorted({name for name in ids if ids.count(name) > 1})
    if twins:
        raise InputError([f"{name}: is the id of {ids.count(name)} scenarios; each needs its own" for name in twins])


def _silent(done: int, failed: int, total: int) -> None:
    """Tell nobody."""


def kept_runs(scenario: Scenario, out: Path) -> int:
    """Return how many runs of a scenario are kept under ``out`` and would not be done again by one that goes on."""
    return int(_book(scenario, Store(out / scenario.id / RUNS)).completed.sum())


def _book(scenario: Scenario, store: Store) -> Kept:
    """Return the book of a scenario's runs, with those entered that are kept already."""
    called = [names(single(scenario, draw), draw, scenario.replicates) for draw in range(scenario.draws)]
    sound = store.sound(name for row in called for name in row)
    completed = np.array([[name in sound for name in row] for row in called])
    return Kept(scenario, axes(scenario), completed, store=store, names=called)


def _tasks(books: Sequence[Book]) -> Iterator[_Task]:
    """Yield what is left to do, in order."""
    for index, book in enumerate(books):
        for draw in range(book.completed.shape[0]):
            if book.completed[draw].all():
                continue
            own = single(book.scenario, draw)
            for replicate in np.flatnonzero(~book.completed[draw]):
                name = book.names[draw][replicate] if isinstance(book, Kept) else ""
                yield _Task(index, draw, int(replicate), own, name)


def _filled(
    books: Sequence[Book], pool: Executor, progress: Progress, outcomes: Sequence[str] | None = None
) -> Iterator[int]:
    """Do what is left of the books; yield the index of each as its last run is done."""
    left = [int((~book.completed).sum()) for book in books]
    total = sum(book.completed.size for book in books)
    done, failed = total - sum(left), 0
    yield from (index for index, count in enumerate(left) if count == 0)
    for task, answer in _answers(_tasks(books), pool, outcomes):
        failed += not _booked(books[task.book], task, answer)
        done += 1
        left[task.book] -= 1
        progress(done, failed, total)
        if left[task.book] == 0:
            yield task.book


def _answers(
    tasks: Iterable[_Task], pool: Executor, outcomes: Sequence[str] | None
) -> Iterator[tuple[_Task, _Answer | str]]:
    """Hand tasks to the workers, some at a time; yield each with its answer, or why it has none, as they come."""
    tasks, waiting = iter(tasks), dict[Future[_Answer | str], _Task]()
    come: SimpleQueue[Future[_Answer | str]] = SimpleQueue()
    try:
        while True:
            for task in islice(tasks, WAITING - len(waiting)):
                future = _submitted(pool, task, outcomes)
                waiting[future] = task
                future.add_done_callback(come.put)
            if not waiting:
                return
            future = come.get()
            yield waiting.pop(future), _answer(future)
    finally:
        for future in waiting:
            future.cancel()


def _submitted(pool: Executor, task: _Task, outcomes: Sequence[str] | None) -> "Future[_Answer | str]":
    """Hand one run to the workers; if they have died already, the run has failed, not the ensemble."""
    try:
        return pool.submit(_attempt, task.scenario, (task.draw, task.replicate), outcomes, task.name)
    except BrokenExecutor as error:
        lost: Future[_Answer | str] = Future()
        lost.set_exception(error)
        return lost


def _attempt(scenario: Scenario, which: tuple[int, int], outcomes: Sequence[str] | None, name: str) -> _Answer | str:
    """Do one run; return its arrays, as a file if it has a name, with the seconds it took, or why there are none.

    An exception itself may not cross between processes: one that cannot be pickled would stop all workers.
    """
    from teritwa.simulation.model import Mission

    begun = time.perf_counter()
    try:
        found = Mission(scenario, *which, outcomes).run()
        _refuse_not_finite(found)
        return (encoded(name, found) if name else found), time.perf_counter() - begun
    except Exception as error:  # whatever it is, it is this run's alone
        return " ".join(f"{type(error).__name__}: {error}".split())


def _refuse_not_finite(outcomes: Outcomes) -> None:
    """Raise FloatingPointError if an outcome has a value that is no number."""
    for name, values in outcomes.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise FloatingPointError(f"{name} is not finite on day {int(np.argwhere(~np.isfinite(values))[0][0])}")


def _answer(future: "Future[_Answer | str]") -> _Answer | str:
    """Return what a worker answered, or in one line why it did not."""
    try:
        return future.result()
    except TimeoutError as error:
        return f"hung: ended after {error.args[-1]:g} s" if isinstance(error.args[-1], float) else "hung: ended"
    except BrokenExecutor:
        return "the worker process ended abruptly (killed, or out of memory)"
    except Exception as error:  # the worker is gone, each library has its own name for that
        return f"the worker process ended abruptly ({' '.join(f'{type(error).__name__}: {error}'.split())})"


def _booked(book: Book, task: _Task, answer: _Answer | str) -> bool:
    """Enter what became of one run, and keep it; say whether it finished."""
    if isinstance(answer, str):
        book.failures.append(Failure(task.draw, task.replicate, answer))
        return False
    found, seconds = answer
    book.seconds += seconds
    book.keep(task.draw, task.replicate, found)
    return True
