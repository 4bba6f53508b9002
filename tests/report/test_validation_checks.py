"""How far to trust the page: sentences about the validation that ships, and limitations."""

from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.ensemble.result import Result
from teritwa.pictures.tables import read_table, records
from teritwa.report import validation_checks

Make = Callable[..., Result]

SHIPPED = Path(__file__).parents[2] / "results" / "reference" / "validation"


def test_shipped_validation_in_sentences() -> None:
    """What the shipped tables say: how many figures are covered and fitted, what came closest."""
    coverage, *sentences = validation_checks.shipped_validation_sentences()
    rows = {row["outcome"]: row for row in records(read_table(SHIPPED / "scores_summary.csv"))}
    fit = records(read_table(SHIPPED / "fit.csv"))
    inside = round(float(str(rows["all"]["inside_80"])) * int(str(rows["all"]["figures"])))

    assert "what no count could show is in no band" in coverage
    assert f"{inside} of {rows['all']['figures']} figures lay in the 80 % interval" in coverage
    held = sum(row["inside"] == "yes" for row in fit)
    assert f"holds {held} of {len(fit)} figures of 2024 in its 90 % band" in sentences[0]
    assert "The 2024 data constrain only" in sentences[1]
    assert "dressed persistence for" in sentences[2]
    assert "killed by brigades" in sentences[2]


def test_sentences_follow_the_tables() -> None:
    """Other rows, other words."""
    assert validation_checks.fit_sentence([{"target": "a", "inside": "yes"}]) == (
        "With the error of each count allowed for, the calibrated model holds 1 of 1 figures of "
        "2024 in its 90 % band."
    )
    missed = validation_checks.fit_sentence([{"target": "a", "inside": "no"}])
    assert "it misses “a”" in missed
    whole = {"outcome": "all", "figures": "20", "inside_80": "0.9"}
    assert "18 of 20 figures" in validation_checks.coverage_sentences([whole])
    assert validation_checks.coverage_sentences([{"outcome": "displaced"}]) == ""
    (line,) = validation_checks.prediction_sentences([{"outcome": "displaced", "best": "model"}])
    assert "model for displaced" in line
    assert "simple rule" not in line
    ratios = {"crps_ratio": "0.8", "interval_ratio": "1.25", "outcomes": "6"}
    line = validation_checks.prediction_sentences(
        [{"outcome": "displaced", "best": "dressed persistence"}, whole | ratios]
    )[1]
    assert "the model's score is 0.80 times as large, that of its 80 % interval 1.25 times" in line
    assert "medians over 6 outcomes" in line


def test_without_its_tables_the_page_says_nothing_of_the_validation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables beside the shipped scenarios are found; where there are none, nothing is claimed."""
    monkeypatch.setattr(validation_checks, "shipped_folder", lambda: tmp_path / "shipped")
    in_checkout = tmp_path / "results" / "reference" / "validation"
    assert validation_checks.validation_folder() == in_checkout
    assert validation_checks.shipped_validation_sentences() == []
    (tmp_path / "shipped" / "validation").mkdir(parents=True)
    assert validation_checks.validation_folder() == tmp_path / "shipped" / "validation"


def test_limitations_of_results_on_haiti_name_the_last_data(of_haiti: Make, made_up: Make) -> None:
    """Every result has five limitations; that of forecasts names the last data used on Haiti."""
    haiti = validation_checks.limitations(of_haiti())
    other = validation_checks.limitations(made_up())
    assert len(haiti) == len(other) == 5
    assert "after January 2025" in haiti[0][1]
    assert "January 2025" not in other[0][1]
    assert haiti[1:] == other[1:]
