"""What ensembles cost: memory that does not grow with their runs, and little time beyond that of the runs."""

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


def figures(script: str, *given: str) -> dict[str, Any]:
    """Return what a script of this folder measures in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(HERE / script), *given], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(teritwa.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("where", ["thread", "process"])
def test_a_thousand_runs_need_the_memory_of_a_hundred(where: str, tmp_path: Path) -> None:
    """By one thread or one process: at most 50 MB more after the last run, and no mission outlives its run."""
    found = figures("setups_memory.py", where, str(tmp_path))
    assert found["1000"] - found["100"] <= 50.0, found
    assert found["alive"] == (1.0 if where == "thread" else 0.0), "one is being run, or runs elsewhere"
    assert found["left"] == 0.0


def test_packing_many_runs_needs_no_more_memory_than_few(tmp_path: Path) -> None:
    """1,000 runs of two years are packed, summarised and written within the memory that packing 200 takes."""
    found = figures("setups_memory.py", "pack", str(tmp_path))
    assert found["size 1000"] > 4.9 * found["size 200"] > 500.0, "megabytes: enough to be noticed"
    assert found["written 1000"] - found["packed 200"] <= 10.0, found


def test_two_processes_are_nearly_twice_as_fast_as_one() -> None:
    """60 whole runs of the baseline, on a machine of two cores that does nothing else: at least 1.8 times."""
    if (os.cpu_count() or 1) < 2:
        pytest.skip("one core cannot be two")
    found = figures("setups_speed.py", "workers")
    assert found["ratio"] >= 1.8, found


def test_an_ensemble_costs_little_beyond_its_runs() -> None:
    """1,000 whole runs, in seconds of processor: names, files, and the packed result add at most 15 %."""
    found = figures("setups_speed.py", "overhead")
    assert found["share"] <= 0.15, found
