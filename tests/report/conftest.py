"""Rows of comparisons made by hand, and results for pages."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.ensemble.result import Result, open_result
from teritwa.ensemble.run_set import InMemoryRunSet, coordinates_of
from teritwa.ensemble.writer import write_result
from teritwa.report.page import write_page
from teritwa.scenario import load

Make = Callable[..., Result]

USUAL: dict[str, Any] = {
    "scenario": "policy", "outcome": "gang_control_capital", "when": "2025-12-31", "unit": "1",
    "pairs": 200, "baseline_median": 0.81, "scenario_median": 0.80,
    "difference_median": -0.003, "difference_q05": -0.124, "difference_q95": 0.017,
    "interval_mc_error": 0.024, "mean_difference": -0.002, "mean_low": -0.004, "mean_high": 0.001,
    "lower_share": 0.515, "equal_share": 0.375, "higher_share": 0.11, "sd_paired": 1.0,
    "sd_unpaired": 1.0, "variance_reduction_factor": 1.0, "baseline_parametric_share": 0.8,
    "scenario_parametric_share": 0.8, "difference_parametric_share": 0.63,
}  # fmt: skip


@pytest.fixture
def row() -> Callable[..., ComparisonRow]:
    """Build a row of a comparison; what is not given is as in a usual one."""
    return lambda **given: ComparisonRow(**{**USUAL, **given})


@pytest.fixture(scope="session")
def runs_of_haiti(made_up_runs: Callable[..., InMemoryRunSet]) -> Callable[..., InMemoryRunSet]:
    """Build runs of Haiti's districts over 41 days in which control differs by run and week."""
    days = {"start": date(2024, 1, 1), "end": date(2024, 2, 10)}
    coordinates = coordinates_of(load("baseline").replace(end=days["end"]))

    def build(step: float = 0.0, **more: Any) -> InMemoryRunSet:
        by_run = np.array([0.0, 0.02, 0.04, 0.06])[None, :, None]
        weeks = np.linspace(0, 1, 7)[None, None, :, None]
        influence = (weeks + by_run[..., None] + step) * np.linspace(0.2, 1, 195)
        values = {
            "gang_control_capital": 0.8 + by_run + step,
            "gang_influence": influence,
            "held_by_gangs": influence >= 0.5,
            "displaced": 300_000 + (1_000_000 * by_run).astype(int),
            "killed_counted": 2.5,
            "officers_deployed": 40,
        }
        return made_up_runs(values, coordinates=coordinates, world="Haiti", **{**days, **more})

    return build


@pytest.fixture
def of_haiti(runs_of_haiti: Callable[..., InMemoryRunSet], tmp_path: Path) -> Make:
    """Build a result of such runs that a test may change."""
    folder = tmp_path / "made-up"
    return lambda *given, **more: open_result(write_result(runs_of_haiti(*given, **more), folder))


@pytest.fixture(scope="session")
def two_results(
    runs_of_haiti: Callable[..., InMemoryRunSet], tmp_path_factory: pytest.TempPathFactory
) -> list[Result]:
    """A baseline and a policy that is ten points lower in every pair; no test changes them."""
    policy = {"id": "policy", "title": "A tenth less", "compare_with": "baseline"}
    both = runs_of_haiti(), runs_of_haiti(-0.1, **policy)
    folder = tmp_path_factory.mktemp("two-results")
    return [open_result(write_result(runs, folder)) for runs in both]


@pytest.fixture(scope="session")
def page_file(two_results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about both results, written once; no test changes it."""
    return write_page(two_results, tmp_path_factory.mktemp("page") / "report.html")
