"""The cost of ensembles: constant memory, and little time beyond that of their runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import teritwa

pytestmark = [pytest.mark.slow, pytest.mark.battery]

HERE = Path(__file__).parent


def measure(script: str, *args: str) -> dict[str, Any]:
    """Return what a script of this folder measures in a process of its own."""
    finished = subprocess.run(
        [sys.executable, str(HERE / script), *args],
        env={**os.environ, "PYTHONPATH": str(Path(teritwa.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    print(finished.stdout)
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


@pytest.mark.parametrize("where", ["thread", "process"])
def test_a_thousand_runs_need_the_memory_of_a_hundred(where: str, tmp_path: Path) -> None:
    """The last run leaves at most 50 MB more than the hundredth; no mission outlives its run."""
    found = measure("setups_memory.py", where, str(tmp_path))
    assert found["1000"] - found["100"] <= 50.0, found
    assert found["made"] >= 1000.0 if where == "thread" else found["made"] < 1000.0
    assert found["alive"] <= (1.0 if where == "thread" else 0.0), "one runs here, or elsewhere"
    assert found["left"] == 0.0


def test_writing_many_runs_needs_no_more_memory_than_few(tmp_path: Path) -> None:
    """Writing the result of 1,000 runs needs no more memory than the series of 200."""
    found = measure("setups_memory.py", "write", str(tmp_path))
    assert found["size 1000"] > 4.9 * found["size 200"] > 500.0, "megabytes: enough to be noticed"
    assert found["result 1000"] - found["series 200"] <= 10.0, found


def test_two_processes_are_nearly_twice_as_fast_as_one() -> None:
    """60 whole runs of the baseline, on two cores that do nothing else, are 1.8 times as fast."""
    if (os.cpu_count() or 1) < 2:
        pytest.skip("there is only one core")
    found = measure("setups_speed.py", "workers")
    assert found["ratio"] >= 1.8, found


def test_an_ensemble_costs_little_beyond_its_runs() -> None:
    """Keys, files and the result add at most 15 % to the processor time of 1,000 whole runs."""
    found = measure("setups_speed.py", "overhead")
    assert found["share"] <= 0.15, found
