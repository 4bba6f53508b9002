"""Benchmarks of runs: ``python -m pytest tests/benchmarks --benchmark-enable``."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from teritwa.scenario import load
from teritwa.simulation.model import Mission, warm_up

SMALL = Path(__file__).parents[2] / "scenarios" / "island.yaml"

pytestmark = pytest.mark.slow


def test_one_run_of_the_whole_country(benchmark: Any) -> None:
    """731 days of Haiti under the baseline, compiled, from initialization to outcomes."""
    warm_up()
    baseline = load("baseline")
    found = benchmark(lambda: Mission(baseline, 0, 1).run())
    assert len(found["killed"]) == baseline.days == 731


def test_one_run_of_the_small_world(benchmark: Any) -> None:
    """30 days of 20 districts: mostly the cost of initialization."""
    warm_up()
    small = load(SMALL).replace(end=date(2024, 1, 30))
    found = benchmark(lambda: Mission(small, 0, 1).run())
    assert len(found["killed"]) == 30
