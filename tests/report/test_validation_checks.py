"""How far to trust it: counts of 2024 beside runs, and the sentences about the validation that ships."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa.ensemble.result import Result
from teritwa.report import validation_checks

Make = Callable[..., Result]


def test_counts_of_2024_beside_runs(made_up: Make) -> None:
    """1,660 were killed in the first quarter of 91 days: runs of 15 to 21 a day hold it, runs of 1 a day do not."""
    days = {"start": date(2024, 1, 1), "end": date(2024, 3, 31)}
    killed = np.zeros((1, 4, 1, 5))
    killed[0, :, 0, 0] = [15, 18, 19, 21]
    found = {
        one.name: one for one in validation_checks.counts(made_up({"killed_counted": killed}, world="Haiti", **days))
    }

    one = found["killed, 2024 Q1"]
    assert (one.published, one.median, one.inside, one.with_error) == ("1,660", "1,684", True, True)
    assert "killed, 2024 Q2" not in found
    few = {
        one.name: one
        for one in validation_checks.counts(made_up({"killed_counted": killed / 20}, world="Haiti", **days))
    }
    assert not few["killed, 2024 Q1"].with_error
    said = validation_checks.counted_in_short([*found.values()])
    held, errors = (sum(getattr(one, name) for one in found.values()) for name in ("inside", "with_error"))
    assert said.startswith(f"Of {len(found)} published counts of 2024, {held} lie within")
    assert f"and {errors} if the error of the count itself" in said


def test_another_world_has_no_counts(made_up: Make) -> None:
    """Only Haiti was counted."""
    assert validation_checks.counts(made_up()) == []
    assert validation_checks.counted_in_short([]).startswith("No published count falls into these runs")


def test_shipped_validation_in_sentences() -> None:
    """The tables that ship give these sentences: 25 of 28 figures, 17 of 171 parameters, who came closest."""
    said = validation_checks.validated()

    assert said[0].startswith(
        "With the error of each count allowed for, the calibrated model holds 25 of 28 figures of 2024 in its 90 % "
        "band; it misses "
    )
    assert "171 uncertain parameters 2024 informs 17;" in said[1]
    assert "model for kidnapped" in said[2]
    assert "For 5 of 6 outcomes a simple rule came closer" in said[2]
    assert said[3].startswith("Over all figures the model's score is 0.25, the trend's 0.26 and persistence's 0.38")


def test_sentences_follow_the_tables() -> None:
    """Other rows, other words."""
    assert validation_checks.fitted([{"target": "a", "inside": "yes"}]) == (
        "With the error of each count allowed for, the calibrated model holds 1 of 1 figures of 2024 in its 90 % band."
    )
    assert "it misses “a”" in validation_checks.fitted([{"target": "a", "inside": "no"}])
    (line,) = validation_checks.predicted([{"outcome": "displaced", "best": "model"}])
    assert "model for displaced" in line
    assert "simple rule" not in line


def test_without_its_tables_the_page_says_nothing_of_the_validation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the tables lie beside the shipped scenarios they are found; where there are none, nothing is claimed."""
    monkeypatch.setattr(validation_checks, "shipped_folder", lambda: tmp_path / "shipped")
    assert validation_checks.validation_folder() == tmp_path / "results" / "reference" / "validation"
    assert validation_checks.validated() == []
    (tmp_path / "shipped" / "validation").mkdir(parents=True)
    assert validation_checks.validation_folder() == tmp_path / "shipped" / "validation"
