"""How figures are measured and printed: processes of their own, runs in turn, a line a figure."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

import teritwa

ROOT = Path(__file__).parents[2]
LONGEST = 60.0
"""Seconds that a command may take to its first line before it is stopped."""

LONGEST_OUTPUT = 1_000_000
"""Bytes of a process's output that are read."""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds by the clock and of the processor, and megabytes at most."""

    elapsed: float
    processor: float
    memory: float
    output: str


def show(name: str, figure: float, unit: str, most: float | None = None) -> None:
    """Print a figure, and its ratio to the most that it should be."""
    against = "" if most is None else f"at most {most:g}: {figure / most:.2f} of it"
    print(f"{name:<58}{figure:>10.3g} {unit:<14}{against}".rstrip(), flush=True)


def show_least(name: str, figure: float, unit: str, least: float) -> None:
    """Print a figure, and its ratio to the least that it should be."""
    against = f"at least {least:g}: {figure / least:.2f} of it"
    print(f"{name:<58}{figure:>10.3g} {unit:<14}{against}", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work of this process."""
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turn(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the least processor time of each of several works, which are done in turn."""
    taken = [[seconds(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*taken, strict=True)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a process that runs the package that is loaded here.

    Its modules are kept as byte code, as those of an installed package are.
    """
    source = str(Path(teritwa.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "", **(more or {})}


def measure(arguments: Sequence[object], more: Mapping[str, str] | None = None) -> Cost:
    """Run Python in a process of its own and return what it took.

    Args:
        arguments: What follows ``python`` on the command line.
        more: Further variables of its environment.

    Raises:
        RuntimeError: If it fails.
    """
    command, started = [sys.executable, *map(str, arguments)], time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(more), stdout=out, stderr=messages
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output, said = (os.pread(file.fileno(), LONGEST_OUTPUT, 0) for file in (out, messages))
    if process.returncode != 0:
        raise RuntimeError(f"exit code {process.returncode}: {command}\n{said.decode()}")
    elapsed, unit = time.perf_counter() - started, 1 if sys.platform == "darwin" else 1024
    processor = usage.ru_utime + usage.ru_stime
    return Cost(elapsed, processor, usage.ru_maxrss * unit / 1e6, output.decode())


def measure_json(arguments: Sequence[object]) -> dict[str, Any]:
    """Run a script of this folder in a process of its own and return what it prints."""
    found: dict[str, Any] = json.loads(measure(arguments).output)
    return found


def best(arguments: Sequence[object], rounds: int) -> Cost:
    """Return the cheapest of several processes, by processor time."""
    return min((measure(arguments) for _ in range(rounds)), key=lambda cost: cost.processor)


def first_line(arguments: Sequence[object]) -> float | None:
    """Return the processor time of a command until its first line, or None if it prints none."""
    command = [sys.executable, "-m", "teritwa", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        watched, started = psutil.Process(process.pid), time.perf_counter()
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        spent, printed = 0.0, None
        while not printed and time.perf_counter() - started < LONGEST:
            times = watched.cpu_times()  # also of a process that has ended and is not waited for
            spent, printed = times.user + times.system, process.stdout.read()
            if printed == b"":
                break
            time.sleep(0.001)
        children = watched.children(recursive=True) if watched.is_running() else []
        for one in [watched, *children]:
            if one.is_running():
                one.terminate()
    return spent if printed else None
