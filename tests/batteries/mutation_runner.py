"""Run tests for test_mutations.py: a fork each, in which only Teritwa is left to import.

Each line of the input holds the seconds of computing that the tests may take, and their path. The
answer is the exit code of pytest, or the negative number of the signal that ended the fork, and the
seconds of computing that it took. The limit counts computing, so that a busy machine does not make
a mutant found; tests that wait without computing end after twenty times as long.
"""

import contextlib
import importlib
import os
import resource
import signal
import sys
from pathlib import Path

LIBRARIES = (
    "hypothesis", "jinja2", "matplotlib.pyplot", "mesa", "netCDF4", "numba", "numpy", "PIL",
    "pytest", "rich", "scipy.optimize", "scipy.special", "scipy.stats", "typer.testing", "xarray",
    "yaml",
)  # fmt: skip
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not battery")


def main() -> None:
    """Answer each line of the input."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin:
        limit, tests = line.split()
        child = os.fork()
        if not child:
            os.setsid()
            run(int(limit), tests)
        _, status, usage = os.wait4(child, 0)
        seconds = usage.ru_utime + usage.ru_stime
        print(os.waitstatus_to_exitcode(status), seconds, flush=True)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what the tests started and left behind


def run(limit: int, tests: str) -> None:
    """Run tests in this process, which ends with them."""
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    signal.alarm(20 * limit)
    with Path(os.devnull).open("r+") as nothing:
        for descriptor in range(3):
            os.dup2(nothing.fileno(), descriptor)
    os._exit(pytest.main([*OPTIONS, tests]))


if __name__ == "__main__":
    main()
