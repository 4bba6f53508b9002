"""Tests of the model's discrepancy in bands: by hand, and what it leaves alone."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.observation import MEMORY_DAYS
from teritwa.analysis.calibration.targets import PAD, Target
from teritwa.analysis.discrepancy import FOLLOWS, KNOT_DAYS, SeenResult, as_seen
from teritwa.ensemble.result import Result

ORIGIN = date(2024, 1, 10)
KNOWN = 10
DAYS = 400


def target(**given: Any) -> Target:
    """Return a count of the displaced on the origin, with errors of 0.1 after padding."""
    default: dict[str, Any] = {
        "name": "displaced", "outcome": "displaced", "statistic": "value", "start": ORIGIN,
        "end": ORIGIN, "low": 100.0, "high": 100.0, "error": 0.1 * (1 + PAD), "scale": "log",
        "discrepancy": 0.1 * (1 + PAD), "fitted": True, "source": "made up",
    }  # fmt: skip
    return Target(**{**default, **given})


def seen(
    monkeypatch: pytest.MonkeyPatch,
    distances: NDArray[np.float64],
    values: NDArray[Any],
    counts: list[Target],
    seed: int = 1,
) -> SeenResult:
    """Return a result of which runs, counts and distances from them are made up."""
    manifest = {
        "origin": str(ORIGIN), "start": "2024-01-01", "end": "2025-02-03", "seed": seed,
        "completed": len(distances),
    }  # fmt: skip
    made = SeenResult(Path(), manifest)
    made.__dict__["pairs"] = tuple((draw, 0) for draw in range(len(distances)))
    made.__dict__["_targets"] = counts
    made.__dict__["_distances"] = distances
    monkeypatch.setattr(Result, "runs", lambda *_: values.copy())
    return made


def test_level_on_the_day_of_a_count_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """With errors alike half of what a run missed is the model's, give or take half a variance."""
    runs, day = 4000, ORIGIN + timedelta(KNOT_DAYS - KNOWN + 1)  # a day of a level
    distances = np.full((runs, 1), 0.2)
    counted = target(start=day, end=day)
    made = seen(monkeypatch, distances, np.full((runs, DAYS), 100.0), [counted])
    off = -np.log(made.runs("displaced")[:, KNOT_DAYS] / 100.0) / (1 + PAD)

    assert off.mean() == pytest.approx(0.1, abs=0.01)
    assert off.std() == pytest.approx(0.1 * np.sqrt(0.5), abs=0.005)


def test_memory_fades_and_new_misses_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a memory e of the miss is left, and its spread is nearly that of the discrepancy."""
    runs, later = 4000, 2 * int(MEMORY_DAYS)  # a day of a level, 351 after the count
    left = np.exp(-(later - KNOWN + 1) / MEMORY_DAYS)
    made = seen(monkeypatch, np.full((runs, 1), 0.2), np.full((runs, DAYS), 100.0), [target()])
    off = -np.log(made.runs("displaced")[:, later] / 100.0) / (1 + PAD)

    assert off.mean() == pytest.approx(0.1 * left, abs=0.01)
    assert off.std() == pytest.approx(0.1 * np.sqrt(1 - 0.5 * left**2), abs=0.01)


def test_band_has_no_jump_at_the_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run misses a count by goes through the origin along a line."""
    made = seen(monkeypatch, np.full((5, 1), 0.2), np.full((5, DAYS), 100.0), [target()])
    off = np.log(made.runs("displaced"))
    steps = np.abs(np.diff(off, axis=1))

    assert steps[:, KNOWN - 1] == pytest.approx(steps[:, KNOWN - 2])
    assert steps.max() < 0.1 * 5 / KNOT_DAYS  # five deviations within a month


def test_what_nobody_counts_stays_or_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome without a count is left alone; one that follows a count has its factor."""
    values = np.full((2, DAYS), 50.0)
    made = seen(monkeypatch, np.zeros((2, 1)), values, [target()])

    assert np.array_equal(made.runs("vehicles"), values)
    assert FOLLOWS["displaced_in_camps"] == "displaced"
    assert np.array_equal(made.runs("displaced_in_camps"), made.runs("displaced"))


def test_path_is_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run's path does not depend on how many runs there are, and does on the seed."""
    few = seen(monkeypatch, np.zeros((2, 1)), np.ones((2, DAYS)), [target()]).runs("displaced")
    many = seen(monkeypatch, np.zeros((5, 1)), np.ones((5, DAYS)), [target()]).runs("displaced")
    other = seen(monkeypatch, np.zeros((2, 1)), np.ones((2, DAYS)), [target()], seed=2)

    assert np.array_equal(few, many[:2])
    assert not np.array_equal(few[0], few[1])
    assert not np.array_equal(few, other.runs("displaced"))


def test_shares_stay_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """A share moves by a difference and stays between 0 and 1; parts move with their whole."""
    share = target(outcome="gang_control_capital", scale="linear", low=0.8, high=0.8)
    values = np.stack([np.full(DAYS, 0.99), np.full(DAYS, 0.02)])
    found = seen(monkeypatch, np.zeros((2, 1)), values, [share]).runs("gang_control_capital")

    assert ((found >= 0) & (found <= 1)).all()
    assert found.std() > 0

    killed = target(outcome="killed_counted", statistic="sum")
    parts = np.ones((2, DAYS, 3))
    by_part = seen(monkeypatch, np.zeros((2, 1)), parts, [killed]).runs("killed_counted")
    assert np.array_equal(by_part[..., 0], by_part[..., 2])


def test_distances_are_those_of_the_past_that_was_fitted(tmp_path: Path) -> None:
    """They are read by draw from the table of draws, whatever the scenario's own runs give.

    A run whose row gives 110 displaced where 100 were counted is off by ln 115/105.
    """
    counted = target()
    lines = [f"draw,replicate,{counted.column}", "0,0,100.0", "0,1,100.0", "1,0,110.0"]
    (tmp_path / "design.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = SeenResult(tmp_path, {})
    made.__dict__["pairs"] = ((0, 0), (0, 1), (1, 0))
    made.__dict__["_targets"] = [counted]

    assert made._distances[:, 0] == pytest.approx([0.0, 0.0, np.log(115 / 105)])


def test_results_without_a_past_are_as_they_are() -> None:
    """Without an origin in its manifest a result is given back."""
    plain = Result(Path(), {"completed": 3})

    assert as_seen(plain) is plain
