"""What tests of calibration share: targets made by hand, and workers that work at once and count."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import date
from typing import Any

import pytest

from teritwa.analysis.calibration.targets import Target


class AtOnce(Executor):
    """Does each task as it is handed in, and counts them."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, task: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Do a task; return what became of it."""
        self.tasks += 1
        future: Future[Any] = Future()
        try:
            future.set_result(task(*given, **named))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def at_once() -> AtOnce:
    """Workers that work at once and count."""
    return AtOnce()


@pytest.fixture(scope="session")
def target() -> Callable[..., Target]:
    """Build a target; what is not given is plain: people displaced on 5 January 2024, as a logarithm."""

    def build(**given: Any) -> Target:
        usual = {
            "name": "displaced, 5 January", "outcome": "displaced", "how": "value", "start": date(2024, 1, 5),
            "end": date(2024, 1, 5), "low": 100.0, "high": 100.0, "spread": 0.1, "scale": "log", "structural": 0.1,
            "fitted": True, "source": "made up",
        }  # fmt: skip
        return Target(**{**usual, **given})

    return build
