"""Tests of the page of the validation: it says what the tables say, names each failure, and breaks on no name."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.analog import HOLD, LEAVE, Analog
from teritwa.analysis.analog import Row as Run
from teritwa.analysis.calibration.priors import NOT_LEARNED, uncertain
from teritwa.analysis.calibration.recovery import DATA_SETS, DRAWS, Recovered
from teritwa.analysis.calibration.tables import (
    csv_of,
    fit_table,
    parameter_table,
    rank_table,
    recovery_table,
)
from teritwa.analysis.calibration.targets import targets
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.reference_forecasts import known_by, shipped
from teritwa.analysis.scoring import score_one, summarise
from teritwa.pictures.style import Table
from teritwa.report.validation import ValidationTables, compose, draw, table_of
from teritwa.report.validation_notes import EXPLAINED, HIGH, LOW, NOT_EXPLAINED

ORIGIN = date(2024, 6, 30)
RANDOM = np.linspace(-1.6, 1.6, 64)


class Emulator:
    """Expects every target to be met, with a remainder of 0.1."""

    covariance = 0.01 * np.eye(len(targets()))

    def __call__(self, levels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return no distance."""
        return np.zeros((len(levels), len(targets())))


def table(rows: Any) -> Table:
    """Return data classes as a table, flags as they are stored."""
    cells = {field.name: [getattr(row, field.name) for row in rows] for field in fields(rows[0])}
    return {name: [int(cell) if isinstance(cell, bool) else cell for cell in column] for name, column in cells.items()}


def calibrated() -> Any:
    """Return what a calibration might find: every target met within a tenth, one parameter well known."""
    spread = np.outer(RANDOM / 1.6, np.full(len(targets()), 0.1))
    levels = np.tile(((np.arange(64) + 0.5) / 64)[:, None], (1, len(uncertain())))
    levels[:, [one.name for one in uncertain()].index("kidnapping.rate")] = 0.5 + 0.1 * (np.arange(64) - 32) / 64
    return SimpleNamespace(
        parameters=uncertain(), targets=targets(), first=(levels, 4 * spread), emulators=(Emulator(), Emulator()),
        posterior=levels, check=spread,
    )  # fmt: skip


def recovered(part: str, off: float = 0.0) -> Recovered:
    """Return coverage as it should be but for ``off``, and of half the spread far too low."""
    coverage = np.array([[0.5 - off, 0.28], [0.8 - off, 0.5], [0.9 - off, 0.62]])
    places = np.tile((np.arange(DATA_SETS[part]) % (DRAWS + 1))[:, None], (1, 2))
    return Recovered(part, ("a", "b"), places, coverage, np.full((3, 2), 0.02))


def analog(better: int) -> Analog:
    """Return ten pairs of which so many are better under holding, the others worse."""
    leave = [Run(i, LEAVE, 4, 2, 4, 4, 2, 2, 0.8, 0.7) for i in range(10)]
    hold = [Run(i, HOLD, 4, 2, 1, 2, 0, 1, 0.4, 0.5 if i < better else 0.9) for i in range(10)]
    return Analog(tuple(leave), tuple(hold))


def scored(model: float, wide: float) -> dict[str, Table]:
    """Return scores of killed and displaced after the origin; the model's runs lie about a share of the figure."""
    rows = tuple(
        score_one(one, one.value * model * (1 + wide * RANDOM), known_by(ORIGIN, shipped()))
        for one in shipped()
        if one.end > ORIGIN and one.outcome in ("killed_counted", "displaced")
    )
    return {"scores": table(rows), "scores_summary": table(summarise(rows))}


@pytest.fixture(scope="module")
def tables() -> ValidationTables:
    """All tables of a validation in which nothing fails."""
    facts = {"fact": ["first_wave", "draws", "posterior"], "value": [8192, 64, "abc"]}
    found, test = calibrated(), analog(10)
    parts_of_it = [recovered(part) for part in DATA_SETS]
    parts = {"fit": fit_table(found), "parameters": parameter_table(found), "recovery": recovery_table(parts_of_it)}
    parts["fit"]["half_width"] = [0.3] * len(targets())
    parts |= {"ranks": rank_table(parts_of_it), "analog": table([*test.leave, *test.hold])}
    return ValidationTables(**parts, **scored(1.0, 0.05), facts=facts, analog_summary=table(test.summary()))


def changed(tables: ValidationTables, name: str, cells: dict[str, object], part: str = "fit") -> ValidationTables:
    """Return tables with other cells in one row, which is named in its first column."""
    given: Table = getattr(tables, part)
    where = next(iter(given.values())).index(name)
    columns = {column: list(values) for column, values in given.items()}
    for column, value in cells.items():
        columns[column][where] = value
    return replace(tables, **{part: columns})


def missed(tables: ValidationTables, name: str, side: str) -> ValidationTables:
    """Return tables in which the model is far too low or too high for a target."""
    by = 0.1 if side == LOW else 10.0
    observed = float(str(tables.fit["observed"][list(tables.fit["target"]).index(name)]))
    quantiles = {
        f"posterior_q{level}": by * observed * (1 + i / 10) for i, level in enumerate(("05", "25", "50", "75", "95"))
    }
    return changed(tables, name, {"inside": "no", **quantiles})


def section(page: str, head: str) -> str:
    """Return what stands under a heading."""
    return page.split(f"## {head}")[1].split("\n## ", maxsplit=1)[0]


def test_nothing_failed_is_said_without_a_boast(tables: ValidationTables) -> None:
    """A page without failures has no misses, keeps all limits, and does not call the model right."""
    page = compose(tables)

    assert "No target misses its 90 % band." in page
    assert "13 of 13 bands keep to it" in page
    assert "Nothing failed by these rules. That is no proof" in section(page, "What failed")
    assert "Nowhere: the model has the lowest CRPS" in page
    assert (
        "As calibrated, 6 of 6 intervals cover as they should, within two standard errors or two points; by chance"
        in page
    )


@pytest.mark.parametrize(("name", "side"), sorted(EXPLAINED))
def test_each_miss_is_named_with_its_explanation(tables: ValidationTables, name: str, side: str) -> None:
    """Every prepared explanation belongs to a target, and is printed as judgement beside it and listed as a failure."""
    page = compose(missed(tables, name, side))

    (line,) = [line for line in page.splitlines() if line.startswith(f"- **{name}**")]
    assert f"the model is {side}." in line
    assert f"*{EXPLAINED[name, side]}*" in line
    assert f"**Missed**: {name} ({side})." in section(page, "What failed")


@pytest.mark.parametrize(("name", "side"), [("killed, 2024 Q4", HIGH), ("injured, 2024 Q1", LOW)])
def test_a_miss_without_an_explanation_has_none(tables: ValidationTables, name: str, side: str) -> None:
    """A miss nobody thought of, or on the other side, is not explained away."""
    page = compose(missed(tables, name, side))

    (line,) = [line for line in page.splitlines() if line.startswith(f"- **{name}**")]
    assert line.endswith(NOT_EXPLAINED)


def test_range_that_reaches_into_the_band_is_said(tables: ValidationTables) -> None:
    """Towns: a band up to 3 misses the middle of 2 to 7 and meets its low end."""
    name = "towns lost, 25 June 2024 to 31 January 2025"
    cells = {"inside": "no", "posterior_q05": -1.0, "posterior_q50": 1.0, "posterior_q95": 3.0}
    page = compose(changed(tables, name, cells))

    assert f"**{name}**: observed 2 to 7, band -1.0 to 3.0; the model is too low. The range that the sources" in page


def test_sources_that_differ_are_shown_with_their_range(tables: ValidationTables) -> None:
    """December's displaced: the geometric middle, 983,936, and the range it stands for."""
    assert "| displaced, December 2024 | 983,936 (930,000 to 1,041,000) |" in compose(tables)


def test_wide_bands_are_failures(tables: ValidationTables) -> None:
    """A half-width of 0.36 breaks the limit of the killed and not of the kidnapped."""
    page = compose(changed(tables, "killed, 2024 Q1", {"half_width": 0.36}))
    failed = section(page, "What failed")

    assert "12 of 13 bands keep to it" in page
    assert "| killed, 2024 Q1 | 36 % | no |" in page
    assert "**Wider than 35 %**: killed, 2024 Q1 (36 %)." in failed
    apart = section(compose(changed(tables, "kidnapped, 2024 Q3", {"half_width": 1.2})), "What failed")
    assert "kidnapped" not in apart


def test_overdispersion_of_kidnapping_by_hand(tables: ValidationTables) -> None:
    """438, 428, 170 and 431: variance 17,222 over mean 366.75 is 46.96."""
    assert "counts vary by 47 times as much as independent events" in " ".join(compose(tables).split())


def test_the_missions_own_effect_comes_first(tables: ValidationTables) -> None:
    """Of what 2024 cannot tell the mission's own effect is first, each held parameter with its reason."""
    page = section(compose(tables), "What 2024 tells")
    lines = [line for line in page.splitlines() if line.startswith("- **")]

    assert lines[0] == f"- **presence.mission_effect**: {NOT_LEARNED['presence.mission_effect']}."
    assert len(lines) == len(NOT_LEARNED)
    assert f"2024 informs 1 of {len(uncertain())} parameters" in page
    assert "| kidnapping.rate | persons per day |" in page
    assert f"On {len(uncertain()) - 1 - len(NOT_LEARNED)} further parameters" in page
    assert "| kidnapping | artibonite_share, pause, spread |" in page


def test_simple_rules_that_win_are_named_with_what_the_table_shows(tables: ValidationTables) -> None:
    """A model far too high loses to persistence for the killed: said where, by how much, and on which side."""
    page = compose(replace(tables, **scored(3.0, 0.05)))

    said = section(page, "Prediction in time")
    (line,) = [line for line in said.splitlines() if line.startswith("- **killed**: persistence wins")]
    assert "over 2 figures" in line
    assert "the model's median was off by 200 % (too low for 0, too high for 2)." in line
    assert "came nearer" not in line
    failed = section(page, "What failed")
    assert "**Prediction, killed**: persistence does better than the model." in failed
    assert "**Prediction, killed**: 0 of 2 figures in their 80 % intervals." in failed


def test_a_model_that_is_right_but_wide_may_lose(tables: ValidationTables) -> None:
    """If the median is nearer than the rule and its runs spread enough to lose, the page says so."""
    one = Observation("displaced", date(2024, 9, 30), date(2024, 9, 30), 600_000.0)
    row = score_one(one, one.value * (1 + 0.6 * RANDOM), known_by(ORIGIN, shipped()))
    page = compose(replace(tables, scores=table([row]), scores_summary=table(summarise((row,)))))

    (line,) = [line for line in page.splitlines() if line.startswith("- **displaced**: persistence wins")]
    assert "Its median came nearer, but CRPS charges for the spread of its runs" in line


def test_number_of_figures_stands_behind_each_coverage(tables: ValidationTables) -> None:
    """Each outcome's row has its figures, those inside, the share, and the CRPS of model and rules."""
    rows = [line.split(" | ") for line in compose(tables).splitlines() if line.startswith(("| killed | 2", "| all | "))]

    assert rows[0][:4] == ["| killed", "2", "2", "100 %"]
    assert rows[1][:4] == ["| all", "4", "4", "100 %"]


def test_outcome_without_rules_says_none(tables: ValidationTables) -> None:
    """Where no simple rule is possible the cell says none, and no rule can win."""
    one = Observation("recruited", date(2024, 9, 30), date(2024, 9, 30), 100.0)
    row = score_one(one, np.full(9, 300.0), ())
    page = compose(replace(tables, scores=table([row]), scores_summary=table(summarise((row,)))))

    assert "| recruited | 1 | 0 | 0 % | 200 | none | none | 1 |" in page
    assert "Nowhere" in section(page, "Prediction in time")
    assert "There is no picture." in page


def test_recovery_that_fails_and_a_blind_check_are_failures(tables: ValidationTables) -> None:
    """Coverage ten points too low is listed for each level, as is half the spread that passes."""
    blind = recovered("weights")
    blind.coverage[:, 1] = [0.5, 0.8, 0.9]
    failed = section(
        compose(replace(tables, recovery=recovery_table([recovered("emulator", 0.1), blind]))), "What failed"
    )

    assert "**Recovery, emulator**: the 80 % interval holds the truth in 70 % of cases." in failed
    assert failed.count("**Recovery, emulator**") == 3
    assert failed.count("**Half the spread, weights**: passes at") == 3


def test_analog_is_a_logic_test_and_its_verdict_counts_pairs(tables: ValidationTables) -> None:
    """Nine of ten pairs pass, eight fail and are listed; both pages call it no evidence."""
    for better, verdict in ((9, "the test passes."), (8, "the test fails.")):
        page = compose(replace(tables, analog_summary=table(analog(better).summary())))
        assert "**This is a logic test, not evidence.**" in page
        assert "here gangs still hold 40 % of its people on day 60 under holding" in page
        assert f"was lower under holding in {10 * better} %, the same in 0 %" in page
        assert verdict in page
        assert ("**Analog**" in section(page, "What failed")) == (better == 8)


def test_hostile_names_stay_in_their_cells(tables: ValidationTables) -> None:
    """A script, bars, line breaks and brackets in names are text: no tag, and as many cells as the header has."""
    evil = "<script>alert(1)</script> | a\n| b [x](y) `c` *d*, now"
    page = compose(changed(missed(tables, "killed, 2024 Q4", LOW), "killed, 2024 Q4", {"target": evil}))
    page += compose(changed(tables, "kidnapping.rate", {"parameter": evil, "unit": evil}, "parameters"))

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\| a \\| b \\[x\\](y) \\`c\\` \\*d\\*, now" in page
    for block in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


def test_page_and_pictures_from_csv_are_the_same_twice(tables: ValidationTables, tmp_path: Path) -> None:
    """Tables written and read back give the same page twice, and each picture it shows is drawn, byte for byte."""
    read = {}
    for field in fields(tables):
        path = tmp_path / f"{field.name}.csv"
        path.write_text(csv_of(getattr(tables, field.name)), encoding="utf-8")
        read[field.name] = table_of(path)
    again = ValidationTables(**read)
    first, second = (draw(again, tmp_path / name) for name in ("a", "b"))

    page = compose(again)
    assert page == compose(again)
    assert set(re.findall(r"\(figures/([^)]+)\)", page)) == {path.name for path in first}
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert section(page, "What failed") == section(compose(tables), "What failed")
