"""Executors that do runs: worker processes of this machine, or the workers of a Dask cluster.

All are behind the one interface of ``concurrent.futures``.
"""

import functools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from teritwa.engine.errors import InputError
from teritwa.ensemble.limits import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import (
    LocalExecutor,
    extension_paths,
    refuse_while_importing,
)

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def open_executor(
    jobs: int | None = None,
    executor: Executor | None = None,
    *,
    time_limit: float = TIME_LIMIT,
    memory_limit: int = MEMORY_LIMIT,
) -> Iterator[Executor]:
    """Context manager yielding an executor, after the rules have been compiled.

    One local worker (``jobs`` of 1) is a thread of this process: it starts at once and gives the
    same results, but nothing guards against a run that hangs or takes all memory. With a limit
    that differs from the usual one it is a process, which can be stopped.

    Args:
        jobs: Number of local workers; None means one a core.
        executor: An executor to use instead; it is not closed.
        time_limit: Time that a run in a process may take (s).
        memory_limit: Memory that a run in a process may take (MB).

    Raises:
        MissingGuardError: The calling script lacks its main guard.
    """
    from teritwa.simulation.model import warm_up

    refuse_while_importing()
    warm_up()
    if executor is not None:
        yield executor
        return
    unlimited = (time_limit, memory_limit) == (TIME_LIMIT, MEMORY_LIMIT)
    own: Executor
    if jobs == 1 and unlimited:
        own = ThreadPoolExecutor(1)
    else:
        own = LocalExecutor(jobs or available_cores(), time_limit, memory_limit)
    try:
        if isinstance(own, LocalExecutor):
            own.start()
        yield own
    finally:
        own.shutdown(cancel_futures=True)


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def open_cluster(address: str, *, time_limit: float = TIME_LIMIT) -> Iterator[Executor]:
    """Context manager yielding an executor of a Dask cluster's workers.

    Args:
        address: Address of the scheduler.
        time_limit: Time that a run may take (s).

    Raises:
        InputError: If the extra is not installed, nobody answers, or a worker does not fit.
    """
    from teritwa.simulation.model import model_digest

    with _connect(address) as client:
        check_workers(address, client)
        executor = client.get_executor(pure=False)
        yield TimeLimitedExecutor(executor, time_limit, model_digest(), extension_paths())


def _connect(address: str) -> Any:
    """Return a Dask client of a scheduler; raise InputError if there is none."""
    try:
        import distributed
    except ImportError:
        reason = "a cluster needs: pip install 'teritwa[cluster]'"
        raise InputError([f"{address}: {reason}"]) from None
    connect: Any = distributed.Client
    security: Any = distributed.Security
    if address.startswith("tls://"):
        _check_tls(address, security())
    try:
        # Without an address at all a client would take long to end.
        distributed.comm.addressing.resolve_address(address)
        return connect(address, set_as_default=False, timeout=10)
    except (OSError, ValueError) as error:
        raise InputError([f"{address}: no Dask scheduler answers there ({error})"]) from None


def _check_tls(address: str, security: Any) -> None:
    """Raise InputError unless Dask's own configuration has a usable certificate for a client.

    Args:
        address: Address of the scheduler, which asks for encryption.
        security: A ``distributed.Security`` with what Dask's configuration says.
    """
    import ssl

    try:
        usable = security.get_connection_args("client")["ssl_context"] is not None
        wrong = "" if usable else "distributed.comm.tls is not set"
    except ssl.SSLError:
        wrong = "a file holds no certificate or key"
    except OSError as error:
        wrong = error.strerror or str(error)
    if wrong:
        names = "CA_FILE, ...CLIENT__CERT and ...CLIENT__KEY"
        remedy = f"name the files in DASK_DISTRIBUTED__COMM__TLS__{names}"
        reason = f"Dask's configuration has no certificate for it ({wrong})"
        raise InputError([f"{address}: {reason}; {remedy}"])


def check_workers(address: str, client: Any) -> None:
    """Raise InputError unless a cluster has workers and each can do runs of this model.

    Args:
        address: Address of the scheduler.
        client: A Dask client of it.
    """
    from teritwa.simulation.model import model_digest

    digests = client.run(_digest_of_worker, extension_paths(), on_error="return")
    if not digests:
        start = f"dask worker {address} --nthreads 1"
        raise InputError([f"{address}: has no workers; start some with: {start}"])
    problems = []
    for worker, digest in sorted(digests.items()):
        if digest != model_digest():
            reason = "" if isinstance(digest, str) else f" ({digest})"
            remedy = "install the same teritwa on every worker"
            problems.append(f"{worker}: has another version of the model{reason}; {remedy}")
    for worker, threads in sorted(client.nthreads().items()):
        if threads != 1:
            remedy = "start it with --nthreads 1, so that a limit ends one run only"
            problems.append(f"{worker}: does {threads} runs at a time; {remedy}")
    if problems:
        raise InputError(problems)


def _digest_of_worker(extensions: tuple[str, ...]) -> str:
    """Load extensions in a worker; return a hash of all that its runs follow from."""
    from teritwa.simulation.extensions import load_extensions
    from teritwa.simulation.model import model_digest

    load_extensions(extensions)
    return model_digest()


@functools.cache
def _prepare_worker(model: str, extensions: tuple[str, ...]) -> None:
    """Load the rules of a worker before its first run, which has a time limit.

    A worker that joined after the check may have another model.
    """
    from teritwa.simulation.model import warm_up

    if _digest_of_worker(extensions) != model:
        raise RuntimeError("it has another version of the model")
    warm_up()


class TimeLimitedExecutor(Executor):
    """Another executor, each task within a time limit: a worker that exceeds it ends."""

    def __init__(
        self,
        executor: Executor,
        time_limit: float,
        model: str = "",
        extensions: tuple[str, ...] = (),
    ) -> None:
        """Wrap an executor.

        Args:
            executor: The executor that does the tasks.
            time_limit: Time that a task may take (s).
            model: Digest of the model that a worker must have; an empty text means any.
            extensions: Files of rules that belong to the model.
        """
        self._executor, self._time_limit = executor, time_limit
        self._model, self._extensions = model, extensions

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a task to the next free worker."""
        work = functools.partial(task, *args, **kwargs)
        limit, model, extensions = self._time_limit, self._model, self._extensions
        return self._executor.submit(_run_within_limit, work, limit, model, extensions)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut down the executor; its workers stay if they are not its own."""
        self._executor.shutdown(wait, cancel_futures=cancel_futures)


def _run_within_limit(
    task: Callable[[], T], time_limit: float, model: str, extensions: tuple[str, ...]
) -> T:
    """Do a task; if it has not ended in time, end this process, even within a compiled rule."""
    import faulthandler

    if model:
        _prepare_worker(model, extensions)
    faulthandler.dump_traceback_later(time_limit, exit=True)
    try:
        return task()
    finally:
        faulthandler.cancel_dump_traceback_later()
