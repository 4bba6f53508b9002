"""Who does the runs: local processes, or a cluster, behind the one interface of ``concurrent.futures``.

A local process that dies, hangs or takes too much memory costs the task it had, and another takes its place.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from teritwa.quantity import InputError

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 600.0
"""How long a run may take; the longest scenario that ships takes less than one."""

MEGABYTES = 2000
"""How much memory a run may take beyond what a worker has at its start; runs take some twenty."""


@contextmanager
def workers(
    jobs: int | None = None, executor: Executor | None = None, *, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Iterator[Executor]:
    """Lend the given executor, or local workers with the rules already compiled; close only our own.

    One local worker (``jobs`` of 1) is a thread of this process: it starts at once and runs the same, but nothing
    then guards against a run that hangs or takes all memory.
    """
    from teritwa.mission import warm_up

    warm_up()
    if executor is not None:
        yield executor
        return
    jobs = jobs or available_cores()
    own = ThreadPoolExecutor(1) if jobs == 1 else Local(jobs, seconds, megabytes)
    try:
        yield own
    finally:
        own.shutdown(cancel_futures=True)


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Local(Executor):
    """Processes of this machine, each task within limits of time and memory."""

    def __init__(self, jobs: int, seconds: float, megabytes: int) -> None:
        import multiprocessing

        from pebble import ProcessPool

        ways = multiprocessing.get_all_start_methods()
        # Plain fork copies the parent's locks while other threads hold them; a fork server does not.
        context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
        context.set_forkserver_preload(["teritwa.mission"])
        self.seconds = seconds
        self.pool: Any = ProcessPool(jobs, context=context, initializer=_start_worker, initargs=(megabytes,))

    def submit(self, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        """Hand a task to the next free process."""
        future: Future[T] = self.pool.schedule(task, args=given, kwargs=named, timeout=self.seconds)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, at once if asked to, else when they have done all tasks."""
        if cancel_futures:
            self.pool.stop()
        else:
            self.pool.close()
        if wait:
            self.pool.join()


def _start_worker(megabytes: int) -> None:
    """Load the rules once, leave Ctrl-C to the parent, end with it, and keep within the memory."""
    import signal
    import threading
    from multiprocessing import connection, parent_process

    from teritwa.mission import warm_up

    def end_with_parent() -> None:
        parent = parent_process()
        if parent is not None:
            connection.wait([parent.sentinel])
            os._exit(1)  # who would take the results has gone

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    warm_up()
    _limit_memory(megabytes)


def _limit_memory(megabytes: int) -> None:
    """Let this process take so much memory more than it has, where the system can say how much that is."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123  # as the manual has it
            pages = int(stream.read().split()[0])
    except (ImportError, OSError):
        return
    most = pages * resource.getpagesize() + megabytes * 10**6
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


@contextmanager
def cluster(address: str, *, seconds: float = SECONDS) -> Iterator[Executor]:
    """Lend the workers of a Dask cluster, with the rules compiled in each.

    Raise InputError if the extra is not installed, nobody answers at the address, there are no workers, or their
    model is not this one.
    """
    try:
        import distributed
    except ImportError:
        raise InputError([f"{address}: a cluster needs: pip install 'teritwa[cluster]'"]) from None
    try:
        client: Any = distributed.Client(address, set_as_default=False, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError([f"{address}: no Dask scheduler answers there ({error})"]) from None
    with client:
        _refuse_strangers(address, client)
        client.run(_warm)
        yield Guarded(client.get_executor(pure=False), seconds)


def _refuse_strangers(address: str, client: Any) -> None:
    """Raise InputError unless there are workers and each has this model."""
    found = client.run(_model)
    if not found:
        raise InputError(
            [f"{address}: the cluster has no workers; start some with: dask worker {address} --nthreads 1"]
        )
    problems = [
        f"{worker}: has another version of the model; install the same teritwa on every worker"
        for worker, digest in sorted(found.items())
        if digest != _model()
    ]
    problems += [
        f"{worker}: does {threads} runs at a time; start it with --nthreads 1, so that a limit ends one run only"
        for worker, threads in sorted(client.nthreads().items())
        if threads != 1
    ]
    if problems:
        raise InputError(problems)


def _model() -> str:
    """Return what a worker's runs follow from, the rules' tables in files included."""
    from teritwa.mission import model_digest

    return model_digest()


def _warm() -> None:
    """Load the rules of a worker before its first run, which has a limit of time."""
    from teritwa.mission import warm_up

    warm_up()


class Guarded(Executor):
    """Another executor, each task within a limit of time: a worker process that exceeds it ends."""

    def __init__(self, executor: Executor, seconds: float) -> None:
        self.executor, self.seconds = executor, seconds

    def submit(self, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        """Hand a task to the next free worker."""
        return self.executor.submit(_guarded, self.seconds, task, *given, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the workers; they are not ours."""
        self.executor.shutdown(wait, cancel_futures=cancel_futures)


def _guarded(seconds: float, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """Do a task; if it has not ended in time, end this process, even within a compiled rule."""
    import faulthandler

    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        return task(*given, **named)
    finally:
        faulthandler.cancel_dump_traceback_later()
