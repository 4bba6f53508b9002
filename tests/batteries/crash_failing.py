"""The command line with a Mission of which one run in twenty fails, in five ways in turn.

Workers import the main script too, so they have the fault: ``python crash_failing.py run ...``.
"""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from teritwa.cli import app
from teritwa.simulation import model

INTERVAL = 20
"""One run in this many fails."""


class Faulty(model.Mission):
    """A mission of which some runs of the island fail."""

    def run(self) -> dict[str, Any]:
        """Fail if it is this run's turn, and otherwise run."""
        way = self.replicate // INTERVAL % len(WAYS)
        if self.scenario.id == "island" and self.replicate % INTERVAL == INTERVAL - 1:
            return WAYS[way](self)
        return super().run()

    def raises(self) -> dict[str, Any]:
        """Raise what no rule would."""
        raise LookupError("no such\nplace")

    def dies(self) -> dict[str, Any]:
        """Kill this process, as a system short of memory does."""
        os.kill(os.getpid(), signal.SIGKILL)
        return {}

    def hangs(self) -> dict[str, Any]:
        """Never return; every other one ignores SIGTERM, as if within a compiled rule."""
        if self.replicate // INTERVAL // len(WAYS) % 2:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1.0)

    def swells(self) -> dict[str, Any]:
        """Take four gigabytes."""
        return {"fund_balance": np.ones(4 * 10**9 // 8)}

    def is_not_finite(self) -> dict[str, Any]:
        """Return a value that is not a number."""
        found = super().run()
        found["fund_balance"][1] = np.nan
        return found


WAYS: tuple[Callable[[Faulty], dict[str, Any]], ...] = (
    Faulty.raises,
    Faulty.dies,
    Faulty.hangs,
    Faulty.swells,
    Faulty.is_not_finite,
)

model.Mission = Faulty  # type: ignore[misc]

if __name__ == "__main__":
    app()
