"""Tests of who does the runs: limits, deaths that cost one task, and workers that end with their parent."""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.ensemble.executors import Guarded, Local, available_cores, cluster, workers


def kill_oneself() -> None:
    """Die as by the system's hand."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    """Never end."""
    while True:
        time.sleep(1)


def take(megabytes: int) -> int:
    """Take so much memory and use it."""
    return len(bytearray(megabytes * 10**6))


@pytest.mark.slow
def test_a_task_that_dies_hangs_or_takes_too_much_costs_only_itself() -> None:
    """With one process: the others' answers come, before and after, and each failure has its kind."""
    with Local(1, 4.0, 300) as pool:
        asked = [pool.submit(take, 1), pool.submit(kill_oneself), pool.submit(take, 2), pool.submit(hang)]
        asked += [pool.submit(take, 3), pool.submit(take, 4000), pool.submit(take, 4)]
        assert [asked[i].result(timeout=120) for i in (0, 2, 4, 6)] == [10**6, 2 * 10**6, 3 * 10**6, 4 * 10**6]
        with pytest.raises(TimeoutError):
            asked[3].result()
        with pytest.raises(MemoryError):
            asked[5].result()
        with pytest.raises(Exception, match="Abnormal termination"):
            asked[1].result()


def test_a_lent_executor_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not closed; one job of our own is a thread of this process."""
    monkeypatch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)
    with ThreadPoolExecutor(1) as lent:
        with workers(7, lent) as pool:
            assert pool is lent
        assert lent.submit(os.getpid).result() == os.getpid()
    with workers(1) as pool:
        assert pool.submit(os.getpid).result() == os.getpid()
    with pytest.raises(RuntimeError):
        pool.submit(os.getpid)


def test_a_guarded_task_answers_in_time() -> None:
    """A task within its limit answers, and nothing ends afterwards; how an exceeded limit ends, batteries show."""
    with ThreadPoolExecutor(1) as lent:
        guarded = Guarded(lent, 0.3)
        assert guarded.submit(pow, 2, 10).result() == 1024
        time.sleep(0.5)
        guarded.shutdown()
        with pytest.raises(RuntimeError):
            lent.submit(os.getpid)


def test_cores_are_counted() -> None:
    """At least one, at most those of the machine."""
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


@pytest.mark.slow
def test_no_cluster_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An address where nobody answers, and a missing extra, name the remedy."""
    with (
        pytest.raises(InputError, match=r"tcp://127.0.0.1:9: no Dask scheduler answers there"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(InputError, match=r"a cluster needs: pip install 'teritwa\[cluster\]'"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
