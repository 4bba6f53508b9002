"""Who does the runs: local processes, or a cluster, behind the one interface of ``concurrent.futures``.

A local process that dies, hangs or takes too much memory costs the task it had, and another takes its place.
"""

import functools
import os
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pickle import PicklingError
from typing import Any, ParamSpec, TypeVar

from teritwa.engine.errors import InputError

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 600.0
"""How long a run may take; the longest scenario that ships takes less than one."""

MEGABYTES = 2000
"""How much memory a run may take beyond what a worker has at its start; runs take some twenty."""

MOST_STILLBORN = 10
"""Processes in a row that may end before they are ready, until no more are started."""


@contextmanager
def workers(
    jobs: int | None = None, executor: Executor | None = None, *, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Iterator[Executor]:
    """Lend the given executor, or local workers with the rules already compiled; close only our own.

    One local worker (``jobs`` of 1) is a thread of this process: it starts at once and runs the same, but nothing
    then guards against a run that hangs or takes all memory.
    """
    from teritwa.simulation.model import warm_up

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
    """Processes of this machine, each task within limits of time and memory.

    Each process has a thread here and a pipe of its own, and shares no lock: so whenever one is killed, even while it
    starts or answers, the others go on.
    """

    def __init__(self, jobs: int, seconds: float, megabytes: int) -> None:
        import multiprocessing

        ways = multiprocessing.get_all_start_methods()
        # Plain fork copies the parent's locks while other threads hold them; a fork server does not.
        self.context: Any = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
        self.context.set_forkserver_preload(["teritwa.simulation.model"])
        self.seconds, self.megabytes = seconds, megabytes
        self.threads = ThreadPoolExecutor(jobs)
        self.lock = threading.Lock()
        self.there: set[_Worker] = set()
        self.idle: list[_Worker] = []
        self.stillborn, self.closed = 0, False

    def submit(self, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        """Hand a task to the next free process."""
        return self.threads.submit(self._answer, functools.partial(task, *given, **named))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, at once if asked to, else when they have done all tasks."""
        self.threads.shutdown(wait and not cancel_futures, cancel_futures=cancel_futures)
        if not (wait or cancel_futures):
            return
        with self.lock:
            self.closed = True
            left = list(self.there)
        for worker in left:
            self._end(worker)
        self.threads.shutdown(wait)

    def _answer(self, task: Callable[[], T]) -> T:
        """Let a process do a task, and return or raise what it answers; one that does not answer in time is ended."""
        worker = self._free()
        try:
            worker.pipe.send(task)
            if not worker.pipe.poll(self.seconds):
                raise TimeoutError("a task took too long", self.seconds)
            finished, found = worker.pipe.recv()
        except (EOFError, ConnectionError):
            self._end(worker)
            raise BrokenExecutor("Abnormal termination of a worker process") from None
        except BaseException:
            self._end(worker)
            raise
        self.idle.append(worker)
        if not finished:
            raise found
        answer: T = found
        return answer

    def _free(self) -> "_Worker":
        """Return a process that waits for a task, or a new one; raise BrokenExecutor if none comes to be ready."""
        while self.idle:
            worker = self.idle.pop()
            if not worker.pipe.poll():  # who waits has nothing to say, but for having died
                return worker
            self._end(worker)
        while not self.closed and self.stillborn < MOST_STILLBORN:
            worker = self._begun()
            try:
                worker.pipe.recv()
            except (EOFError, ConnectionError):
                self.stillborn += 1
                self._end(worker)
            else:
                self.stillborn = 0
                return worker
        raise BrokenExecutor("worker processes end before they are ready")

    def _begun(self) -> "_Worker":
        """Start a process, which says when it is ready."""
        ours, theirs = self.context.Pipe()
        with self.lock, theirs:
            if self.closed:
                raise BrokenExecutor("no more tasks are taken")
            process = self.context.Process(target=_serve, args=(theirs, self.megabytes), daemon=True)
            process.start()
            worker = _Worker(process, ours)
            self.there.add(worker)
        return worker

    def _end(self, worker: "_Worker") -> None:
        """End a process at once, whatever it does."""
        worker.process.kill()
        worker.process.join()
        with self.lock:
            self.there.discard(worker)


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A process, and our end of its pipe."""

    process: Any
    pipe: Any


def _serve(pipe: Any, megabytes: int) -> None:
    """Be a worker: say that it is ready, then do one task after the other until the parent has gone."""
    _start_worker(megabytes)
    with suppress(EOFError, ConnectionError):
        pipe.send(None)
        while True:
            answer = _done(pipe.recv())
            try:
                pipe.send(answer)
            except (AttributeError, TypeError, MemoryError, PicklingError) as error:  # nothing of it is sent yet
                pipe.send((False, RuntimeError(f"what a task gave cannot be sent: {error}")))


def _done(task: Callable[[], object]) -> tuple[bool, object]:
    """Do a task; return whether it finished, and what it returned or raised."""
    try:
        return True, task()
    except Exception as error:
        error.add_note(traceback.format_exc())  # it does not cross between processes by itself
        return False, error


def _start_worker(megabytes: int) -> None:
    """Load the rules once, leave Ctrl-C to the parent, end with it, and keep within the memory."""
    import signal
    from multiprocessing import connection, parent_process

    from teritwa.simulation.model import warm_up

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
    """Lend the workers of a Dask cluster; raise InputError unless the extra is installed and they answer and fit."""
    try:
        import distributed
    except ImportError:
        raise InputError([f"{address}: a cluster needs: pip install 'teritwa[cluster]'"]) from None
    try:
        distributed.comm.addressing.resolve_address(address)  # with none at all a client would take long to end
        client: Any = distributed.Client(address, set_as_default=False, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError([f"{address}: no Dask scheduler answers there ({error})"]) from None
    with client:
        _refuse_strangers(address, client)
        yield Guarded(client.get_executor(pure=False), seconds, _model())


def _refuse_strangers(address: str, client: Any) -> None:
    """Raise InputError unless there are workers and each has this model."""
    found = client.run(_model, on_error="return")
    if not found:
        raise InputError([f"{address}: has no workers; start some with: dask worker {address} --nthreads 1"])
    problems = [
        f"{worker}: has another version of the model{'' if isinstance(answer, str) else f' ({answer})'}; "
        "install the same teritwa on every worker"
        for worker, answer in sorted(found.items())
        if answer != _model()
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
    from teritwa.simulation.model import model_digest

    return model_digest()


@functools.cache
def _prepare(model: str) -> None:
    """Load the rules of a worker before its first run, which has a limit of time; a stranger may have come late."""
    from teritwa.simulation.model import warm_up

    if _model() != model:
        raise RuntimeError("it has another version of the model")
    warm_up()


class Guarded(Executor):
    """Another executor, each task within a limit of time: a worker that exceeds it ends, one of another model fails."""

    def __init__(self, executor: Executor, seconds: float, model: str = "") -> None:
        self.executor, self.seconds, self.model = executor, seconds, model

    def submit(self, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        """Hand a task to the next free worker."""
        return self.executor.submit(_guarded, self.model, self.seconds, task, *given, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the workers; they are not ours."""
        self.executor.shutdown(wait, cancel_futures=cancel_futures)


def _guarded(model: str, seconds: float, task: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """Do a task; if it has not ended in time, end this process, even within a compiled rule."""
    import faulthandler

    if model:
        _prepare(model)
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        return task(*given, **named)
    finally:
        faulthandler.cancel_dump_traceback_later()
