"""Tests of executors: limits, deaths that cost one task, and workers that end with their parent."""

import os
import pickle
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.ensemble.executors import (
    TimeLimitedExecutor,
    available_cores,
    open_cluster,
    open_executor,
)
from teritwa.ensemble.limits import MEMORY_LIMIT, TIME_LIMIT
from teritwa.ensemble.local_executor import LocalExecutor, MissingGuardError

SOURCES = Path(__file__).parents[2] / "model"


def kill_own_process() -> None:
    """End this process as the system would."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    """Never end."""
    while True:
        time.sleep(1)


def use_memory(megabytes: int) -> int:
    """Allocate memory, and return how many bytes."""
    return len(bytearray(megabytes * 10**6))


@pytest.mark.slow
def test_a_task_that_dies_hangs_or_takes_too_much_costs_only_itself() -> None:
    """With one process, other tasks return before and after, and each failure has its kind."""
    with LocalExecutor(1, 4.0, 300) as pool:
        first, killed = pool.submit(use_memory, 1), pool.submit(kill_own_process)
        second, hung = pool.submit(use_memory, 2), pool.submit(hang)
        third, large = pool.submit(use_memory, 3), pool.submit(use_memory, 4000)
        fourth = pool.submit(use_memory, 4)
        finished = [future.result(timeout=600) for future in (first, second, third, fourth)]
        assert finished == [10**6, 2 * 10**6, 3 * 10**6, 4 * 10**6]
        with pytest.raises(TimeoutError):
            hung.result()
        with pytest.raises(MemoryError):
            large.result()
        with pytest.raises(Exception, match="Abnormal termination"):
            killed.result()


def test_a_given_executor_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not closed; one job of our own is a thread of this process."""
    monkeypatch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)
    with ThreadPoolExecutor(1) as given:
        with open_executor(7, given) as pool:
            assert pool is given
        assert given.submit(os.getpid).result() == os.getpid()
    with open_executor(1) as pool:
        assert pool.submit(os.getpid).result() == os.getpid()
    with pytest.raises(RuntimeError):
        pool.submit(os.getpid)


@pytest.mark.parametrize(("seconds", "megabytes"), [(30.0, MEMORY_LIMIT), (TIME_LIMIT, 3000)])
def test_a_limit_needs_a_process(
    monkeypatch: pytest.MonkeyPatch, seconds: float, megabytes: int
) -> None:
    """One job with a limit is a process, which can be stopped; a thread cannot."""
    monkeypatch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)
    with open_executor(1, time_limit=seconds, memory_limit=megabytes) as pool:
        assert isinstance(pool, LocalExecutor)
        assert pool.submit(os.getpid).result() != os.getpid()


def test_a_task_within_its_time_limit_returns() -> None:
    """Nothing ends afterwards; the batteries show what happens beyond the limit."""
    with ThreadPoolExecutor(1) as given:
        limited = TimeLimitedExecutor(given, 0.3)
        assert limited.submit(pow, 2, 10).result() == 1024
        time.sleep(0.5)
        limited.shutdown()
        with pytest.raises(RuntimeError):
            given.submit(os.getpid)


def test_cores_are_counted() -> None:
    """There is at least one, and at most those of the machine."""
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


RUN_AND_SIMULATE = (
    "teritwa.run([scenario], jobs=2, out='made')",
    "teritwa.simulate([scenario], jobs=2)",
)
"""What a script does with two processes."""


def finish_script(folder: Path, *work: str) -> "subprocess.CompletedProcess[str]":
    """Run a script that does some work with a scenario of five days and two runs."""
    begin = "import datetime\nimport teritwa\nscenario = teritwa.load('island').replace("
    size = "draws=1, replicates=2, end=datetime.date(2024, 1, 5))\n"
    script = folder / "script.py"
    script.write_text(begin + size + "\n".join(work) + "\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("work", RUN_AND_SIMULATE, ids=["run", "simulate"])
def test_a_script_without_the_main_guard_is_told_so_in_one_line(work: str, tmp_path: Path) -> None:
    """The script ends with code 1 and one sentence, and writes nothing."""
    ended = finish_script(tmp_path, work)

    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]
    (line,) = ended.stderr.splitlines()
    assert line == (
        f'{tmp_path / "script.py"}: put what it does under if __name__ == "__main__": '
        "because every worker process imports the script"
    )
    assert (ended.returncode, ended.stdout) == (1, "")


@pytest.mark.slow
def test_a_script_with_the_main_guard_runs(tmp_path: Path) -> None:
    """Both ways of running an ensemble work from one script, one after the other."""
    guarded = [f"    {work}" for work in RUN_AND_SIMULATE]
    ended = finish_script(tmp_path, 'if __name__ == "__main__":', *guarded)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "made" / "island" / "manifest.json").is_file()


def test_the_missing_guard_is_an_input_error_with_one_line() -> None:
    """It can be caught as any mistake, crosses between processes, and has the line as its code."""
    error = pickle.loads(pickle.dumps(MissingGuardError()))  # noqa: S301  # made here

    assert error.problems == (error.code,)
    with pytest.raises(InputError, match="because every worker process imports the script"):
        raise error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ca_file", "reason"),
    [
        (None, "distributed.comm.tls is not set"),
        ("nowhere.pem", "(No such file"),
        (__file__, "(a file holds no certificate or key)"),
    ],
)
def test_tls_without_a_certificate_is_one_line(ca_file: str | None, reason: str) -> None:
    """An encrypted address asks for the certificate that Dask's configuration should name."""
    dask = pytest.importorskip("dask")
    pytest.importorskip("distributed")
    prefix = "distributed.comm.tls."
    found = {"ca-file": ca_file, "client.cert": ca_file, "client.key": ca_file}
    with (
        dask.config.set({f"{prefix}{name}": value for name, value in found.items()}),
        pytest.raises(InputError, match=f"tls://127.0.0.1:9: .*{re.escape(reason)}.*TLS__CA_FILE"),
        open_cluster("tls://127.0.0.1:9"),
    ):
        pass


@pytest.mark.slow
def test_a_missing_cluster_is_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An address where nobody answers, and a missing extra, name the remedy."""
    with (
        pytest.raises(InputError, match=r"tcp://127.0.0.1:9: no Dask scheduler answers there"),
        open_cluster("tcp://127.0.0.1:9"),
    ):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(InputError, match=r"a cluster needs: pip install 'teritwa\[cluster\]'"),
        open_cluster("tcp://127.0.0.1:9"),
    ):
        pass
