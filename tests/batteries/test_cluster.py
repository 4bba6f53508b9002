"""A Dask cluster of real processes: the bytes of one machine, workers that are killed, clusters that do not fit."""

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
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.executors import open_cluster
from teritwa.scenario import load

pytestmark = pytest.mark.slow

MODEL = Path(teritwa.__file__).parents[1]
SOME = ["baseline", "no-mission"]
PATIENCE = 120.0
"""Seconds after which something that should have happened on a busy machine has not."""


@contextmanager
def process(*command: str, model: Path = MODEL) -> Iterator[subprocess.Popen[bytes]]:
    """Start Python with a command, in a group of its own, and end it with all that it started."""
    started = subprocess.Popen(
        [sys.executable, *command], start_new_session=True, env={**os.environ, "PYTHONPATH": str(model)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def awaited(found: Callable[[], Any], what: str) -> Any:
    """Wait until something is found, and return it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE:g} s")


class Cluster:
    """A scheduler at an address of this machine, and workers that are processes."""

    def __init__(self, running: ExitStack, folder: Path) -> None:
        self.running, self.workers = running, list[subprocess.Popen[bytes]]()
        note = folder / "scheduler.json"
        options = ("--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={note}")
        running.enter_context(process("-m", "dask", "scheduler", *options))
        self.address: str = awaited(lambda: note.is_file() and json.loads(note.read_text()), "scheduler")["address"]

    def add(self, *options: str, threads: int = 1, model: Path = MODEL) -> None:
        """Start a worker and wait for it."""
        before = len(self.pids())
        command = ("-m", "dask", "worker", self.address, "--no-dashboard", f"--nthreads={threads}", *options)
        self.workers.append(self.running.enter_context(process(*command, model=model)))
        awaited(lambda: len(self.pids()) > before, "worker")

    def pids(self) -> dict[str, int]:
        """Return the process of each worker, by address."""
        import distributed

        with distributed.Client(self.address, set_as_default=False) as client:
            found: dict[str, int] = client.run(os.getpid) if client.nthreads() else {}
        return found


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster without workers."""
    with ExitStack() as running:
        yield Cluster(running, tmp_path)


def command(out: Path, *options: str, draws: int = 3) -> list[str]:
    """Return the command that runs two scenarios."""
    return [
        sys.executable,
        "-m",
        "teritwa",
        "run",
        *SOME,
        f"--draws={draws}",
        "--replicates=2",
        f"--out={out}",
        *options,
    ]


def done(out: Path, *options: str, draws: int = 3) -> subprocess.CompletedProcess[str]:
    """Run that command to its end."""
    environment = {**os.environ, "PYTHONPATH": str(MODEL)}
    asked = command(out, *options, draws=draws)
    return subprocess.run(asked, env=environment, capture_output=True, text=True, check=False, timeout=600)


def digests(out: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, hidden ones left out."""
    names = {path.relative_to(out): path for path in sorted(out.rglob("*")) if path.is_file()}
    visible = {name: path for name, path in names.items() if not any(part.startswith(".") for part in name.parts)}
    return {str(name): hashlib.sha256(path.read_bytes()).hexdigest() for name, path in visible.items()}


def kept(out: Path) -> int:
    """Count the runs that are kept."""
    return sum(1 for _ in out.glob("*/runs/*.run"))


def test_a_cluster_leaves_what_one_thread_leaves(made: Cluster, tmp_path: Path) -> None:
    """Two scenarios of 41 days, six runs each: all files of both results are the same to the byte."""
    made.add("--no-nanny")
    made.add("--no-nanny")
    scenarios = [load(name).replace(draws=3, replicates=2, end=date(2024, 2, 10)) for name in SOME]
    with open_cluster(made.address) as lent:
        ensemble.run(scenarios, out=tmp_path / "there", executor=lent)
    ensemble.run(scenarios, out=tmp_path / "here", jobs=1)
    assert kept(tmp_path / "there") == 12
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


@pytest.mark.battery
@pytest.mark.parametrize("nanny", ["--nanny", "--no-nanny"])
def test_a_worker_is_killed_midway(nanny: str, made: Cluster, tmp_path: Path) -> None:
    """Of two workers one dies at a tenth of 40 runs of two years: the rest is done, and not a byte differs."""
    made.add(nanny)
    made.add(nanny)
    before = made.pids()
    with process(*command(tmp_path / "there", f"--cluster={made.address}", draws=10)[1:]) as running:
        awaited(lambda: kept(tmp_path / "there") >= 4, "four runs")
        os.kill(sorted(before.values())[0], signal.SIGKILL)
        assert kept(tmp_path / "there") < 36
        assert running.wait(timeout=600) == 0
    after = awaited(lambda: len(made.pids()) == (2 if nanny == "--nanny" else 1) and made.pids(), "workers")
    assert len(set(before.values()) & set(after.values())) == 1
    assert done(tmp_path / "here", "--jobs=2", draws=10).returncode == 0
    assert kept(tmp_path / "there") == 40
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


def refused(address: str, out: Path) -> str:
    """Run on a cluster that does not fit; return the one line that says why."""
    run = done(out, f"--cluster={address}")
    assert run.returncode == 3, run.stderr
    assert run.stdout == ""
    assert not list(out.glob("*"))
    (line,) = (line for line in run.stderr.splitlines() if not line.startswith("compiling the rules"))
    return line


@pytest.mark.battery
@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:9", "127.0.0.1:9", "nonsense", "http://127.0.0.1:9", "tcp://", ""]
)
def test_nobody_answers(address: str, tmp_path: Path) -> None:
    """A wrong address is one line with that address, whether nobody is there or it is none at all."""
    assert refused(address, tmp_path).startswith(f"{address}: no Dask scheduler answers there (")


@pytest.mark.battery
def test_there_are_no_workers(made: Cluster, tmp_path: Path) -> None:
    """A scheduler alone does nothing: one line says how workers are started."""
    expected = f"has no workers; start some with: dask worker {made.address} --nthreads 1"
    assert refused(made.address, tmp_path / "out") == f"{made.address}: {expected}"


@pytest.mark.battery
def test_a_worker_does_two_runs_at_a_time(made: Cluster, tmp_path: Path) -> None:
    """A worker of two threads could not be ended for one run: one line names it and the remedy."""
    made.add()
    made.add(threads=2)
    line = refused(made.address, tmp_path / "out")
    assert line.split(": ")[0] in made.pids()
    assert line.endswith(": does 2 runs at a time; start it with --nthreads 1, so that a limit ends one run only")


@pytest.mark.battery
def test_a_worker_has_another_model(made: Cluster, tmp_path: Path) -> None:
    """One changed line in a mechanism of one worker is noticed before any run: one line names the worker."""
    shutil.copytree(MODEL, tmp_path / "model")
    changed = tmp_path / "model" / "teritwa" / "mechanisms" / "trust.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    made.add()
    fits = set(made.pids())
    made.add(model=tmp_path / "model")
    (other,) = set(made.pids()) - fits
    expected = "has another version of the model; install the same teritwa on every worker"
    assert refused(made.address, tmp_path / "out") == f"{other}: {expected}"


@pytest.mark.battery
@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "No module named 'teritwa.ensemble.executors'"), ("raise ImportError('broken')", "broken")],
)
def test_a_worker_has_no_such_package(text: str, reason: str, made: Cluster, tmp_path: Path) -> None:
    """A worker whose package is another altogether, or cannot be loaded, is named in one line with the reason."""
    (tmp_path / "other" / "teritwa").mkdir(parents=True)
    (tmp_path / "other" / "teritwa" / "__init__.py").write_text(text, encoding="utf-8")
    made.add()
    fits = set(made.pids())
    made.add(model=tmp_path / "other")
    (other,) = set(made.pids()) - fits
    line = refused(made.address, tmp_path / "out")
    assert line.startswith(f"{other}: has another version of the model (")
    assert reason in line
    assert line.endswith("); install the same teritwa on every worker")


@pytest.mark.battery
def test_a_stranger_comes_late(made: Cluster, tmp_path: Path) -> None:
    """A worker with another model that joins in the middle does no run: what it was given is listed, and can go on."""
    made.add()
    shutil.copytree(MODEL, tmp_path / "model")
    changed = tmp_path / "model" / "teritwa" / "mechanisms" / "trust.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with process(*command(tmp_path / "there", f"--cluster={made.address}", draws=10)[1:]) as running:
        awaited(lambda: kept(tmp_path / "there") >= 1, "a run")
        made.add(model=tmp_path / "model")
        assert running.wait(timeout=600) == 1
    causes = [line for path in tmp_path.glob("there/*/failures.csv") for line in path.read_text().splitlines()[1:]]
    assert len(causes) == 40 - kept(tmp_path / "there") > 0
    assert all("it has another version of the model" in cause for cause in causes)
    again = done(tmp_path / "there", "--jobs=2", "--resume", draws=10)
    assert again.returncode == 0, again.stderr
    assert done(tmp_path / "here", "--jobs=2", draws=10).returncode == 0
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


@pytest.mark.battery
def test_a_run_that_takes_too_long_costs_only_itself(made: Cluster, tmp_path: Path) -> None:
    """Beyond its limit it ends its worker, however often it is tried; the worker's nanny starts another."""
    made.add("--nanny")
    before = made.pids()
    short = load("baseline").replace(draws=2, replicates=2, end=date(2024, 1, 5))
    long = load("no-mission").replace(draws=1, replicates=1, end=date(2033, 12, 31))
    with open_cluster(made.address, seconds=0.8) as lent:
        results = ensemble.run([long, short], out=tmp_path, executor=lent)
    assert [(result.manifest["completed"], result.manifest["failed"]) for result in results] == [(0, 1), (4, 0)]
    assert "KilledWorker" in (results[0].path / "failures.csv").read_text(encoding="utf-8")
    assert not set(before.values()) & set(made.pids().values())
