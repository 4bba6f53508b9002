"""A Dask cluster of processes: the same bytes as one machine, killed workers, wrong clusters."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import teritwa
from teritwa.ensemble.executors import open_cluster
from teritwa.ensemble.run import run
from teritwa.scenario import load

pytestmark = pytest.mark.slow

MODEL = Path(teritwa.__file__).parents[1]
SCENARIOS = ["baseline", "no-mission"]
RULE = Path("rules") / "population" / "trust.py"
"""A file of the model that one worker has in another version."""

PATIENCE = 120.0
"""Seconds to wait for what should happen even on a busy machine."""


@contextmanager
def process(*command: str, model: Path = MODEL) -> Iterator[subprocess.Popen[bytes]]:
    """Context manager yielding a Python process in a group of its own, which is killed after it."""
    started = subprocess.Popen(
        [sys.executable, *command],
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(model)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def wait_for(find: Callable[[], Any], what: str) -> Any:
    """Wait until something is found, and return it."""
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        value = find()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE:g} s")


class Cluster:
    """A scheduler at an address of this machine, and workers that are processes."""

    def __init__(self, running: ExitStack, folder: Path) -> None:
        self.running, self.workers = running, list[subprocess.Popen[bytes]]()
        file = folder / "scheduler.json"
        options = ("--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={file}")
        running.enter_context(process("-m", "dask", "scheduler", *options))
        found = wait_for(lambda: file.is_file() and json.loads(file.read_text()), "scheduler")
        self.address: str = found["address"]

    def add(self, *options: str, threads: int = 1, model: Path = MODEL) -> None:
        """Start a worker and wait for it."""
        before = len(self.pids())
        common = ("--no-dashboard", f"--nthreads={threads}")
        command = ("-m", "dask", "worker", self.address, *common, *options)
        self.workers.append(self.running.enter_context(process(*command, model=model)))
        wait_for(lambda: len(self.pids()) > before, "worker")

    def pids(self) -> dict[str, int]:
        """Return the process of each worker, by address."""
        import distributed

        connect: Any = distributed.Client
        with connect(self.address, set_as_default=False) as client:
            found: dict[str, int] = client.run(os.getpid) if client.nthreads() else {}
        return found


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster without workers."""
    with ExitStack() as running:
        yield Cluster(running, tmp_path)


def command(out: Path, *options: str, draws: int = 3) -> list[str]:
    """Return the command that runs two scenarios."""
    given = (f"--draws={draws}", "--replicates=2", f"--out={out}")
    return [sys.executable, "-m", "teritwa", "run", *SCENARIOS, *given, *options]


def run_command(out: Path, *options: str, draws: int = 3) -> subprocess.CompletedProcess[str]:
    """Run that command to its end."""
    return subprocess.run(
        command(out, *options, draws=draws),
        env={**os.environ, "PYTHONPATH": str(MODEL)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def digests(out: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, hidden ones left out."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found[str(name)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def count_stored(out: Path) -> int:
    """Return the number of stored runs."""
    return sum(1 for _ in out.glob("*/runs/*.run"))


def test_a_cluster_writes_what_one_thread_writes(dask: Cluster, tmp_path: Path) -> None:
    """All files of two results of 41 days with six runs each are the same to the byte."""
    dask.add("--no-nanny")
    dask.add("--no-nanny")
    short: dict[str, Any] = {"draws": 3, "replicates": 2, "end": date(2024, 2, 10)}
    scenarios = [load(name).replace(**short) for name in SCENARIOS]
    with open_cluster(dask.address) as executor:
        run(scenarios, out=tmp_path / "there", executor=executor)
    run(scenarios, out=tmp_path / "here", jobs=1)
    assert count_stored(tmp_path / "there") == 12
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


@pytest.mark.battery
@pytest.mark.parametrize("nanny", ["--nanny", "--no-nanny"])
def test_a_worker_is_killed_midway(nanny: str, dask: Cluster, tmp_path: Path) -> None:
    """If one of two workers dies after four of 40 runs, all finish, and not a byte differs."""
    dask.add(nanny)
    dask.add(nanny)
    before = dask.pids()
    run_there = command(tmp_path / "there", f"--cluster={dask.address}", draws=10)
    with process(*run_there[1:]) as running:
        wait_for(lambda: count_stored(tmp_path / "there") >= 4, "four runs")
        os.kill(sorted(before.values())[0], signal.SIGKILL)
        assert count_stored(tmp_path / "there") < 36
        assert running.wait(timeout=600) == 0
    left = 2 if nanny == "--nanny" else 1
    after = wait_for(lambda: len(dask.pids()) == left and dask.pids(), "workers")
    assert len(set(before.values()) & set(after.values())) == 1
    assert run_command(tmp_path / "here", "--jobs=2", draws=10).returncode == 0
    assert count_stored(tmp_path / "there") == 40
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


def refusal(address: str, out: Path) -> str:
    """Run on a cluster that does not fit; return the line that explains it."""
    finished = run_command(out, f"--cluster={address}")
    assert finished.returncode == 3, finished.stderr
    assert finished.stdout == ""
    assert not list(out.glob("*"))
    lines = finished.stderr.splitlines()
    (line,) = (line for line in lines if not line.startswith("compiling the rules"))
    return line


@pytest.mark.battery
@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:9", "127.0.0.1:9", "nonsense", "http://127.0.0.1:9", "tcp://", ""],
)
def test_nobody_answers(address: str, tmp_path: Path) -> None:
    """A wrong address, or none, gives one line with the address."""
    expected = f"{address}: no Dask scheduler answers there ("
    assert refusal(address, tmp_path).startswith(expected)


@pytest.mark.battery
def test_there_are_no_workers(dask: Cluster, tmp_path: Path) -> None:
    """For a scheduler without workers, one line says how to start them."""
    expected = f"has no workers; start some with: dask worker {dask.address} --nthreads 1"
    assert refusal(dask.address, tmp_path / "out") == f"{dask.address}: {expected}"


@pytest.mark.battery
def test_a_worker_does_two_runs_at_a_time(dask: Cluster, tmp_path: Path) -> None:
    """A worker of two threads cannot be ended for one run; one line names it and the remedy."""
    dask.add()
    dask.add(threads=2)
    line = refusal(dask.address, tmp_path / "out")
    assert line.split(": ")[0] in dask.pids()
    remedy = "start it with --nthreads 1, so that a limit ends one run only"
    assert line.endswith(f": does 2 runs at a time; {remedy}")


def copy_changed_model(folder: Path) -> None:
    """Copy the package's folder, and change one line of a rule."""
    shutil.copytree(MODEL, folder)
    changed = folder / "teritwa" / RULE
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")


@pytest.mark.battery
def test_a_worker_has_another_model(dask: Cluster, tmp_path: Path) -> None:
    """One changed line in a rule of one worker is noticed before any run; one line names it."""
    copy_changed_model(tmp_path / "model")
    dask.add()
    fits = set(dask.pids())
    dask.add(model=tmp_path / "model")
    (other,) = set(dask.pids()) - fits
    expected = "has another version of the model; install the same teritwa on every worker"
    assert refusal(dask.address, tmp_path / "out") == f"{other}: {expected}"


@pytest.mark.battery
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "No module named 'teritwa.ensemble'"),
        ("raise ImportError('broken')", "broken"),
    ],
)
def test_a_worker_has_no_such_package(
    text: str, reason: str, dask: Cluster, tmp_path: Path
) -> None:
    """A worker with another package, or a broken one, is named in one line with the reason."""
    (tmp_path / "other" / "teritwa").mkdir(parents=True)
    (tmp_path / "other" / "teritwa" / "__init__.py").write_text(text, encoding="utf-8")
    dask.add()
    fits = set(dask.pids())
    dask.add(model=tmp_path / "other")
    (other,) = set(dask.pids()) - fits
    line = refusal(dask.address, tmp_path / "out")
    assert line.startswith(f"{other}: has another version of the model (")
    assert reason in line
    assert line.endswith("); install the same teritwa on every worker")


@pytest.mark.battery
def test_a_worker_with_another_model_joins_late(dask: Cluster, tmp_path: Path) -> None:
    """A worker with another model that joins later does no run; its runs can be resumed."""
    dask.add()
    copy_changed_model(tmp_path / "model")
    run_there = command(tmp_path / "there", f"--cluster={dask.address}", draws=10)
    with process(*run_there[1:]) as running:
        wait_for(lambda: count_stored(tmp_path / "there") >= 1, "a run")
        dask.add(model=tmp_path / "model")
        assert running.wait(timeout=600) == 1
    texts = [path.read_text() for path in tmp_path.glob("there/*/failures.csv")]
    causes = [line for text in texts for line in text.splitlines()[1:]]
    assert len(causes) == 40 - count_stored(tmp_path / "there") > 0
    assert all("it has another version of the model" in cause for cause in causes)
    again = run_command(tmp_path / "there", "--jobs=2", "--resume", draws=10)
    assert again.returncode == 0, again.stderr
    assert run_command(tmp_path / "here", "--jobs=2", draws=10).returncode == 0
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


@pytest.mark.battery
def test_a_run_that_takes_too_long_costs_only_itself(dask: Cluster, tmp_path: Path) -> None:
    """Beyond its limit a run ends its worker, in every attempt; the nanny starts another worker."""
    dask.add("--nanny")
    before = dask.pids()
    short = load("baseline").replace(draws=2, replicates=2, end=date(2024, 1, 5))
    long = load("no-mission").replace(draws=1, replicates=1, end=date(2033, 12, 31))
    with open_cluster(dask.address, time_limit=0.8) as executor:
        results = run([long, short], out=tmp_path, executor=executor)
    counts = [(each.manifest["completed"], each.manifest["failed"]) for each in results]
    assert counts == [(0, 1), (4, 0)]
    assert "KilledWorker" in (results[0].path / "failures.csv").read_text(encoding="utf-8")
    assert not set(before.values()) & set(dask.pids().values())
