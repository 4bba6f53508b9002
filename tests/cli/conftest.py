"""What tests of the command line share: calls in this process, and a mission without rules."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from teritwa import cli
from teritwa.rules.registry import OUTCOMES
from teritwa.simulation import model as mission

SOURCES = Path(__file__).parents[2] / "model"


@pytest.fixture
def call() -> Callable[..., Result]:
    """Call the command line in this process; a traceback is a failure of the test."""

    def run(*arguments: object) -> Result:
        answer = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
        if answer.exception and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer

    return run


@pytest.fixture
def start() -> Callable[..., "subprocess.Popen[str]"]:
    """Start the command line as a process of its own, in an environment with some changes."""

    def heed_interruption() -> None:
        # A shell that runs tests in the background makes its children ignore SIGINT.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def popen(*arguments: object, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "teritwa", *(str(argument) for argument in arguments)],
            env={**os.environ, "PYTHONPATH": str(SOURCES), **environment},
            preexec_fn=heed_interruption,  # noqa: PLW1509  # this process starts no threads
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return popen


@pytest.fixture
def without_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no rules: they are compiled when they first run."""
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)


class QuietMission:
    """A mission in which nothing happens, so that commands can be tried without rules."""

    fails: ClassVar[Callable[[int, int], bool]]
    """Whether a run fails, by draw and replicate."""

    def __init__(
        self, scenario: Any, draw: int = 0, replicate: int = 0, outcomes: object = None
    ) -> None:
        self.scenario, self.draw, self.replicate = scenario, draw, replicate

    def run(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return every outcome as zeros of its shape, or fail."""
        if type(self).fails(self.draw, self.replicate):
            raise ArithmeticError("not finite")
        along = mission.coordinates(self.scenario)
        found = {}
        for name, outcome in OUTCOMES.items():
            shape = tuple(len(along[axis]) for axis in outcome.dimensions)
            found[name] = np.zeros(shape, outcome.stored)
        return found


FailRuns = Callable[[Callable[[int, int], bool]], None]


@pytest.fixture
def fail_runs(monkeypatch: pytest.MonkeyPatch, without_rules: None) -> FailRuns:
    """Replace the mission by a quiet one; the caller chooses which of its runs fail."""
    monkeypatch.setattr(mission, "Mission", QuietMission)

    def choose(fails: Callable[[int, int], bool]) -> None:
        monkeypatch.setattr(QuietMission, "fails", staticmethod(fails), raising=False)

    choose(lambda draw, replicate: False)
    return choose
