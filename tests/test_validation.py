"""The validation page in results/reference: its tables meet what the project promises, and the page follows from them.

These tests hold the committed tables; `teritwa calibrate` and `teritwa validate` make them.
"""

import csv
import math
from pathlib import Path

import pytest

from teritwa.analysis.calibration.priors import LEVERS, NOT_LEARNED, uncertain
from teritwa.analysis.calibration.targets import targets
from teritwa.engine.files import file_digest
from teritwa.report.validation_tables import page
from teritwa.scenario import load

ROOT = Path(__file__).parents[1]
VALIDATION = ROOT / "results" / "reference" / "validation"
NARROW = 0.35
"""Largest relative half-width of a 90 % band that still says something."""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the page's tables."""
    with (VALIDATION / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fact(name: str) -> str:
    """Return one fact of how the page was made."""
    return next(row["value"] for row in rows("facts") if row["fact"] == name)


def test_four_targets_in_five_lie_in_the_band() -> None:
    """At least 80 % of the targets lie within the 90 % posterior predictive band with observation error."""
    found = rows("fit")

    assert [row["target"] for row in found] == [target.name for target in targets()]
    assert sum(row["inside"] == "yes" for row in found) >= 0.8 * len(found)


@pytest.mark.parametrize(("group", "band"), [("killed", "posterior"), ("displaced", "posterior"), ("injured", "model")])
def test_bands_are_not_idle(group: str, band: str) -> None:
    """Half of each 90 % band is at most 35 % of its median: of the injured, before the count's own error is added.

    With that error, which alone makes 20 %, the injured of the third and fourth quarter have 36 to 37 %.
    """
    widths = [
        (float(row[f"{band}_q95"]) - float(row[f"{band}_q05"])) / 2 / float(row[f"{band}_q50"])
        for row in rows("fit")
        if row["group"] == group
    ]

    assert widths
    assert max(widths) <= NARROW


def test_bands_that_are_wider_are_on_the_page() -> None:
    """Each band of killed, injured and displaced above the limit is named where the page says what failed."""
    failed = (VALIDATION / "README.md").read_text(encoding="utf-8").split("## What failed")[1]
    wide = [row["target"] for row in rows("fit") if float(row["half_width"]) > NARROW]
    limited = [name for name in wide if name.startswith(("killed, ", "injured, ", "displaced, "))]

    assert [name for name in limited if name not in failed] == []


def test_each_miss_is_named_and_explained() -> None:
    """Every target outside its band is on the page by its name, and none without an explanation."""
    text = (VALIDATION / "README.md").read_text(encoding="utf-8")
    missed = [row["target"] for row in rows("fit") if row["inside"] == "no"]

    assert [name for name in missed if name not in text] == []
    assert "not explained" not in text


def test_the_shipped_posterior_is_the_one_that_was_judged() -> None:
    """The page was made from the posterior that ships and that the baseline names, of 200 draws or more."""
    posterior = load("baseline").posterior

    assert posterior is not None
    assert fact("posterior") == posterior.sha256 == file_digest(ROOT / "scenarios" / "posteriors" / "haiti-2024.csv")
    assert fact("shipped") == "yes"
    assert posterior.draws == int(fact("draws")) >= 200
    assert posterior.names == tuple(one.name for one in uncertain())


def test_every_parameter_is_told_informed_or_not() -> None:
    """Each drawn parameter has its prior, posterior and verdict; the mission's own effect is held at its prior."""
    found = {row["parameter"]: row["informed"] for row in rows("parameters")}

    assert set(found) == {one.name for one in uncertain()}
    assert {name for name, word in found.items() if word == "held at its prior"} == set(NOT_LEARNED)
    assert not set(found) & set(LEVERS)
    assert set(found.values()) <= {"yes", "no", "held at its prior"}


def test_known_truths_are_recovered_and_half_the_spread_is_found_out() -> None:
    """On 50 or more synthetic data sets a stage, intervals hold what they say within 3 standard errors or 0.05."""
    for row in rows("recovery"):
        level, coverage = float(row["level"]), float(row["coverage"])
        off = abs(coverage - level)
        near = max(3.0 * float(row["standard_error"]), 0.05)
        assert int(row["data_sets"]) >= 50
        assert (off <= near) == (row["ensemble"] == "as calibrated"), row


def test_prediction_is_scored_for_each_target_beside_both_baselines() -> None:
    """Displaced, killed and injured each have figures, the coverage of 80 % intervals and three scores."""
    found = {row["outcome"]: row for row in rows("scores_summary")}

    for outcome in ("displaced", "killed_counted", "injured_counted"):
        row = found[outcome]
        assert int(row["figures"]) >= 2
        assert 0.0 <= float(row["inside_80"]) <= 1.0
        assert all(math.isfinite(float(row[name])) for name in ("crps", "persistence_crps", "trend_crps"))


def test_holding_does_better_than_leaving_in_the_analog() -> None:
    """Raid and hold does better in 90 % of the pairs or more: a logic test, which no rate was tuned to."""
    found = {(row["scenario"], row["measure"]): row for row in rows("analog_summary")}

    assert float(found["pairs", "influence_60 better"]["value"]) >= 0.9
    assert "logic test" in (VALIDATION / "README.md").read_text(encoding="utf-8")


def test_the_page_follows_from_its_tables(tmp_path: Path) -> None:
    """Page and pictures' numbers made again from the committed tables are the committed ones, to the byte."""
    for table in VALIDATION.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    made = page(tmp_path)

    assert made.read_bytes() == (VALIDATION / "README.md").read_bytes()
