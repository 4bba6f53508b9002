"""Worker processes of this machine, each task within limits of time and memory.

A process that dies, hangs or takes too much memory costs the task that it had, and another process
takes its place.
"""

import functools
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from pickle import PicklingError
from typing import Any, ParamSpec, TypeVar

from teritwa.engine.errors import InputError

P = ParamSpec("P")
T = TypeVar("T")

MAX_FAILED_STARTS = 10
"""Processes in a row that may end before they are ready; after them no more are started."""

WORKER_NAME = "teritwa-worker"
"""Name of a process, which it has before it imports the calling script."""

MISSING_GUARD = 79
"""Exit code of a process in which the calling script starts an ensemble while it is imported."""


class MissingGuardError(InputError, SystemExit):
    """A script without the main guard started processes.

    Nothing in the script can go on, so Python ends it with one line and not with a traceback.
    """

    def __init__(self) -> None:
        script = getattr(sys.modules.get("__main__"), "__file__", None) or "the calling script"
        guard = 'put what it does under if __name__ == "__main__":'
        super().__init__([f"{script}: {guard} because every worker process imports the script"])
        self.code = str(self)  # what Python prints; the exit code is then 1

    def __reduce__(self) -> tuple[type["MissingGuardError"], tuple[()]]:  # type: ignore[override]
        """Pickle without arguments."""
        return type(self), ()


def refuse_while_importing() -> None:
    """End a process in which the calling script starts an ensemble while it is imported.

    A process of `LocalExecutor` ends without a word, and its parent reports the missing guard.

    Raises:
        MissingGuardError: The process belongs to another executor.
    """
    import multiprocessing

    process = multiprocessing.current_process()
    if getattr(process, "_inheriting", False):  # set until the calling script is imported
        if process.name == WORKER_NAME:
            os._exit(MISSING_GUARD)
        raise MissingGuardError


class LocalExecutor(Executor):
    """Processes of this machine.

    Each process has a thread here and a pipe of its own, and shares no lock. So whenever one is
    killed, even while it starts or answers, the others continue.
    """

    def __init__(self, jobs: int, time_limit: float, memory_limit: int) -> None:
        """Prepare processes, which start when they are needed.

        Args:
            jobs: Number of processes.
            time_limit: Time that a task may take (s).
            memory_limit: Memory that a process may take beyond what it has at its start (MB).
        """
        import multiprocessing

        methods = multiprocessing.get_all_start_methods()
        # Plain fork copies locks that other threads of the parent hold; a fork server does not.
        method = "forkserver" if "forkserver" in methods else "spawn"
        self._context: Any = multiprocessing.get_context(method)
        self._context.set_forkserver_preload(["teritwa.simulation.model"])
        self._time_limit, self._memory_limit = time_limit, memory_limit
        self._threads = ThreadPoolExecutor(jobs)
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._failed_starts, self._closed = 0, False

    def start(self) -> None:
        """Start the first process, before anything is written.

        Raises:
            MissingGuardError: The calling script starts an ensemble when it is imported.
        """
        with suppress(BrokenExecutor):  # every task will have this cause
            self._idle.append(self._free_worker())

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a task to the next free process."""
        return self._threads.submit(self._run, functools.partial(task, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: at once if futures are cancelled, else after all tasks."""
        self._threads.shutdown(wait and not cancel_futures, cancel_futures=cancel_futures)
        if not (wait or cancel_futures):
            return
        with self._lock:
            self._closed = True
            left = list(self._workers)
        for worker in left:
            self._kill(worker)
        self._threads.shutdown(wait)

    def _run(self, task: Callable[[], T]) -> T:
        """Run a task in a process, and return or raise what comes of it; kill one that hangs."""
        worker = self._free_worker()
        try:
            worker.pipe.send(task)
            if not worker.pipe.poll(self._time_limit):
                raise TimeoutError("a task took too long", self._time_limit)
            finished, outcome = worker.pipe.recv()
        except (EOFError, ConnectionError):
            self._kill(worker)
            raise BrokenExecutor("Abnormal termination of a worker process") from None
        except BaseException:
            self._kill(worker)
            raise
        self._idle.append(worker)
        if not finished:
            raise outcome
        returned: T = outcome
        return returned

    def _free_worker(self) -> "_Worker":
        """Return an idle process or a new one.

        Raises:
            BrokenExecutor: None becomes ready.
            MissingGuardError: The calling script starts an ensemble when it is imported.
        """
        while self._idle:
            worker = self._idle.pop()
            if not worker.pipe.poll():  # an idle process has nothing to send, unless it has died
                return worker
            self._kill(worker)
        while not self._closed and self._failed_starts < MAX_FAILED_STARTS:
            worker = self._start_worker()
            try:
                worker.pipe.recv()
            except (EOFError, ConnectionError):
                self._failed_starts += 1
                self._kill(worker)
                if worker.process.exitcode == MISSING_GUARD:
                    raise MissingGuardError from None
            else:
                self._failed_starts = 0
                return worker
        raise BrokenExecutor("worker processes end before they are ready")

    def _start_worker(self) -> "_Worker":
        """Start a process, which sends a message when it is ready."""
        ours, theirs = self._context.Pipe()
        with self._lock, theirs:
            if self._closed:
                raise BrokenExecutor("no more tasks are taken")
            given = (theirs, self._memory_limit, extension_paths())
            process = self._context.Process(
                target=_serve, args=given, name=WORKER_NAME, daemon=True
            )
            process.start()
            worker = _Worker(process, ours)
            self._workers.add(worker)
        return worker

    def _kill(self, worker: "_Worker") -> None:
        """End a process at once, whatever it does."""
        worker.process.kill()
        worker.process.join()
        with self._lock:
            self._workers.discard(worker)


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A process, and our end of its pipe."""

    process: Any
    pipe: Any


def extension_paths() -> tuple[str, ...]:
    """Return the files of the extensions of this process, which its workers load too."""
    from teritwa.simulation.extensions import loaded

    return tuple(str(extension.path) for extension in loaded())


def _serve(pipe: Any, memory_limit: int, extensions: Iterable[str]) -> None:
    """Be a worker: report that it is ready, then do tasks until the parent has ended."""
    _prepare_worker(memory_limit, extensions)
    with suppress(EOFError, ConnectionError):
        pipe.send(None)
        while True:
            answer = _attempt(pipe.recv())
            try:
                pipe.send(answer)
            except (AttributeError, TypeError, MemoryError, PicklingError) as error:
                # Nothing of the answer has been sent yet.
                reason = f"what a task returned cannot be sent: {error}"
                pipe.send((False, RuntimeError(reason)))


def _attempt(task: Callable[[], object]) -> tuple[bool, object]:
    """Do a task; return whether it finished, and what it returned or raised."""
    try:
        return True, task()
    except Exception as error:
        error.add_note(traceback.format_exc())  # a traceback does not cross between processes
        return False, error


def _prepare_worker(memory_limit: int, extensions: Iterable[str]) -> None:
    """Load the rules, leave signals to the parent, end with the parent, and limit the memory."""
    import signal
    from multiprocessing import connection, parent_process

    from teritwa.simulation.extensions import load_extensions
    from teritwa.simulation.model import warm_up

    def end_with_parent() -> None:
        parent = parent_process()
        if parent is not None:
            connection.wait([parent.sentinel])
            os._exit(1)  # nobody is left to take the results

    for name in ("SIGINT", "SIGHUP"):  # a terminal sends both to all its processes
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    load_extensions(extensions)
    warm_up()
    _limit_memory(memory_limit)


def _limit_memory(megabytes: int) -> None:
    """Limit the memory that this process may take beyond what it has, where that is known."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return
    soft = pages * resource.getpagesize() + megabytes * 10**6
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
