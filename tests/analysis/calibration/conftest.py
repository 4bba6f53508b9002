"""What tests of calibration share: made-up targets, and an executor that runs tasks at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import date
from functools import partialmethod
from typing import Any

import pytest

from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.tempering import Tempering


class SerialExecutor(Executor):
    """Runs each task as it is submitted, and counts them."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, task: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Run a task; return its result or exception."""
        self.tasks += 1
        future: Future[Any] = Future()
        try:
            future.set_result(task(*given, **named))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def serial() -> SerialExecutor:
    """An executor that runs tasks at once and counts them."""
    return SerialExecutor()


@pytest.fixture(scope="session")
def target() -> Callable[..., Target]:
    """Build a target; by default people displaced on 5 January 2024, as a logarithm."""

    def build(**given: Any) -> Target:
        default = {
            "name": "displaced, 5 January", "outcome": "displaced", "statistic": "value",
            "start": date(2024, 1, 5), "end": date(2024, 1, 5), "low": 100.0, "high": 100.0,
            "error": 0.1, "scale": "log", "discrepancy": 0.1, "fitted": True, "source": "made up",
        }  # fmt: skip
        return Target(**{**default, **given})

    return build


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Let a calibration move its particles a few times only: what is tested is not how well."""
    with pytest.MonkeyPatch.context() as patch:
        few = partialmethod(Tempering.reach, sweeps=2, last_sweeps=12)
        patch.setattr(Tempering, "reach", few)
        yield
