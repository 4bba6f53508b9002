"""Rows of comparisons made by hand, and results for pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.ensemble.result import Result
from teritwa.ensemble.run_set import coordinates_of
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


@pytest.fixture
def of_haiti(made_up: Make) -> Make:
    """Build a result of Haiti's districts over 41 days in which control differs by run and week."""
    days = {"start": date(2024, 1, 1), "end": date(2024, 2, 10)}
    coordinates = coordinates_of(load("baseline").replace(end=days["end"]))

    def build(step: float = 0.0, **more: Any) -> Result:
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
        return made_up(values, coordinates=coordinates, world="Haiti", **{**days, **more})

    return build


@pytest.fixture
def two_results(of_haiti: Make) -> list[Result]:
    """A baseline and a policy that is ten points lower in every pair."""
    return [of_haiti(), of_haiti(-0.1, id="policy", title="A tenth less", compare_with="baseline")]
