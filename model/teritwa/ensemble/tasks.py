"""Tasks: each run is one task of an executor, and one that fails costs only itself.

What a task returns depends on nothing but its scenario, draw and replicate, so results are the
same for any executor, number of workers and order.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue

import numpy as np

from teritwa.ensemble.local_executor import extension_paths
from teritwa.ensemble.run_set import Failure, OutcomeArrays, RunSet
from teritwa.ensemble.run_store import StoredRunSet, encode_run
from teritwa.scenario import Scenario

MAX_PENDING = 1000
"""Tasks that an executor has at a time: enough for any cluster, and of little memory."""


@dataclass(frozen=True, slots=True)
class RunTask:
    """A run to be done.

    Attributes:
        run_set: Position of its run set among those of the ensemble.
        draw: The draw.
        replicate: The replicate.
        scenario: The scenario with the values of the draw.
        key: The key of the run if it is to be stored, else an empty text.
    """

    run_set: int
    draw: int
    replicate: int
    scenario: Scenario
    key: str


@dataclass(frozen=True, slots=True)
class RunOutput:
    """What a finished run returns.

    Attributes:
        content: Its arrays by outcome, or the content of the file that has them.
        seconds: Time that it took (s).
    """

    content: bytes | OutcomeArrays
    seconds: float


def remaining_tasks(run_sets: Sequence[RunSet]) -> Iterator[RunTask]:
    """Yield the runs that have not finished, in order."""
    for index, run_set in enumerate(run_sets):
        for draw in range(run_set.completed.shape[0]):
            if run_set.completed[draw].all():
                continue
            scenario = run_set.scenario.in_draw(draw)
            for replicate in map(int, np.flatnonzero(~run_set.completed[draw])):
                key = _key_of(run_set, draw, replicate)
                yield RunTask(index, draw, replicate, scenario, key)


def single_task(run_set: RunSet, draw: int, replicate: int) -> RunTask:
    """Return the task of one run of a run set."""
    scenario = run_set.scenario.in_draw(draw)
    return RunTask(0, draw, replicate, scenario, _key_of(run_set, draw, replicate))


def _key_of(run_set: RunSet, draw: int, replicate: int) -> str:
    """Return the key of a run if it is to be stored, else an empty text."""
    return run_set.keys_of(draw)[replicate] if isinstance(run_set, StoredRunSet) else ""


def run_tasks(
    tasks: Iterable[RunTask], executor: Executor, outcomes: Sequence[str] | None = None
) -> Iterator[tuple[RunTask, RunOutput | str]]:
    """Hand tasks to an executor, some at a time; yield each with its output, or why it failed.

    Args:
        tasks: The runs to be done.
        executor: The executor.
        outcomes: Outcomes to record; None means all.
    """
    remaining, pending = iter(tasks), dict[Future[RunOutput | str], RunTask]()
    done: SimpleQueue[Future[RunOutput | str]] = SimpleQueue()
    try:
        while True:
            for task in islice(remaining, MAX_PENDING - len(pending)):
                future = _submit(executor, task, outcomes)
                pending[future] = task
                future.add_done_callback(done.put)
            if not pending:
                return
            future = done.get()
            yield pending.pop(future), _output_of(future)
    finally:
        for future in pending:
            future.cancel()


def record_output(run_set: RunSet, task: RunTask, output: RunOutput | str) -> bool:
    """Add the output of a task to its run set, or the cause of its failure.

    Args:
        run_set: The run set of the task.
        task: The task.
        output: Its output, or the cause if it failed.

    Returns:
        Whether the run finished.

    Raises:
        OSError: If the disk is full.
    """
    if isinstance(output, str):
        run_set.failures.append(Failure(task.draw, task.replicate, output))
        return False
    run_set.seconds += output.seconds
    run_set.add(task.draw, task.replicate, output.content)
    return True


def check_finite(outcomes: OutcomeArrays) -> None:
    """Raise FloatingPointError if an outcome has a value that is not a finite number."""
    for name, values in outcomes.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            day = int(np.argwhere(~np.isfinite(values))[0][0])
            raise FloatingPointError(f"{name} is not finite on day {day}")


def _submit(
    executor: Executor, task: RunTask, outcomes: Sequence[str] | None
) -> "Future[RunOutput | str]":
    """Hand a task to an executor; if its workers have died, the run has failed."""
    try:
        return executor.submit(_do_run, task, outcomes, extension_paths())
    except BrokenExecutor as error:
        failed: Future[RunOutput | str] = Future()
        failed.set_exception(error)
        return failed


def _do_run(
    task: RunTask, outcomes: Sequence[str] | None, extensions: tuple[str, ...]
) -> RunOutput | str:
    """Do one run in a worker; return its output, or why there is none.

    The exception itself is not returned: one that cannot be pickled would stop all workers.
    """
    from teritwa.simulation.extensions import load_extensions
    from teritwa.simulation.model import Mission

    started = time.perf_counter()
    try:
        load_extensions(extensions)
        mission = Mission(task.scenario, task.draw, task.replicate, outcomes)
        arrays = mission.run()
        # A Mesa model refers to itself: without this, its memory waits for the garbage collector.
        mission.__dict__.clear()
        check_finite(arrays)
        content = encode_run(task.key, arrays) if task.key else arrays
        return RunOutput(content, time.perf_counter() - started)
    except (Exception, SystemExit) as error:  # whatever it is, only this run fails
        return _in_one_line(error)


def _output_of(future: "Future[RunOutput | str]") -> RunOutput | str:
    """Return what a worker returned, or why it did not."""
    try:
        return future.result()
    except TimeoutError as error:
        limit = error.args[-1] if error.args else None
        return f"hung: ended after {limit:g} s" if isinstance(limit, float) else "hung: ended"
    except BrokenExecutor:
        return "the worker process ended abruptly (killed, or out of memory)"
    except Exception as error:  # each library has its own name for a worker that has ended
        return f"the worker process ended abruptly ({_in_one_line(error)})"


def _in_one_line(error: BaseException) -> str:
    """Return the type and the message of an exception in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
