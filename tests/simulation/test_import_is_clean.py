"""Importing the model changes no setting of the process that imports it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import teritwa

SCRIPT = '''
import decimal, gc, locale, logging, multiprocessing, os, random, signal, sys, threading, warnings

# SciPy inserts filters for warnings of its own; they come with it, whoever imports it.
import numpy as np
import scipy.sparse, scipy.special

def loggers():
    """Return level, handlers and switches of every logger; a new one without any is no setting."""
    found = {}
    for name, one in [("", logging.root), *logging.root.manager.loggerDict.items()]:
        if isinstance(one, logging.Logger):
            found[name] = (one.level, [repr(each) for each in one.handlers], one.propagate)
    unset = (logging.NOTSET, [], True)
    return {name: setting for name, setting in found.items() if setting != unset}

def settings():
    """Return settings of the process by name."""
    return {
        "warning filters": [tuple(map(repr, each)) for each in warnings.filters],
        "warning display": (repr(warnings.showwarning), repr(warnings.formatwarning)),
        "loggers": loggers(),
        "logging": (logging.root.manager.disable, repr(logging.getLoggerClass())),
        "locale": locale.setlocale(locale.LC_ALL),
        "signal handlers": {int(n): repr(signal.getsignal(n)) for n in signal.valid_signals()},
        "environment": dict(os.environ),
        "working directory": os.getcwd(),
        "import path": list(sys.path),
        "random": random.getstate(),
        "NumPy random": repr(np.random.get_state()),
        "NumPy errors": (np.geterr(), np.geterrcall()),
        "NumPy printing": repr(np.get_printoptions()),
        "start method": multiprocessing.get_start_method(allow_none=True),
        "decimal": repr(decimal.getcontext()),
        "garbage collection": (gc.isenabled(), gc.get_threshold()),
        "recursion": sys.getrecursionlimit(),
        "hooks": (repr(sys.excepthook), repr(sys.displayhook), repr(sys.unraisablehook)),
        "threads": [each.name for each in threading.enumerate()],
    }

START
before = settings()
import teritwa
teritwa.Mission
after = settings()
assert "mesa" in sys.modules
for name in before:
    if before[name] != after[name]:
        print(name, before[name], "->", after[name])
'''


@pytest.mark.parametrize(
    "start",
    [
        "",
        "multiprocessing.set_start_method('forkserver')",
        "multiprocessing.set_start_method('spawn')",
    ],
    ids=["nothing set", "fork server", "spawn"],
)
def test_importing_the_model_changes_no_setting(start: str) -> None:
    """Warnings, logging, locale, signals, environment, randomness and start method stay as set."""
    model = str(Path(teritwa.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("START", start)],
        env={**os.environ, "PYTHONPATH": model},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
