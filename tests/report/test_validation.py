"""The validation page says what its tables say, names each failure, and breaks on no name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.analog import HOLD, LEAVE, Analog, AnalogRun
from teritwa.analysis.calibration.calibrate import Calibration, make_plan
from teritwa.analysis.calibration.guess import no_guess
from teritwa.analysis.calibration.particles import Stream
from teritwa.analysis.calibration.priors import (
    held_at_prior,
    is_from_missions,
    uncertain_parameters,
    values_at,
)
from teritwa.analysis.calibration.recovery import DATA_SETS, DRAWS, Recovery
from teritwa.analysis.calibration.recovery_tables import rank_table, recovery_table
from teritwa.analysis.calibration.tables import tables_of, to_csv
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.tempering import KINDS, Step
from teritwa.analysis.figure_score import score_figure
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.reference_forecasts import known_by, shipped
from teritwa.analysis.score_summary import summarise
from teritwa.pictures.tables import Table
from teritwa.report.validation import compose_validation_page as compose
from teritwa.report.validation import draw_pictures
from teritwa.report.validation_notes import NOT_EXPLAINED, TOO_HIGH, TOO_LOW
from teritwa.report.validation_tables import ValidationTables, read_tables
from teritwa.report.world_notes import world_notes

ORIGIN = date(2024, 6, 30)
RANDOM = np.linspace(-1.6, 1.6, 64)


def table(rows: Any) -> Table:
    """Return data classes as a table, flags as they are stored."""
    cells = {field.name: [getattr(row, field.name) for row in rows] for field in fields(rows[0])}
    return {name: [_stored(cell) for cell in column] for name, column in cells.items()}


def _stored(cell: object) -> object:
    """Return a cell as it is stored."""
    return int(cell) if isinstance(cell, bool) else cell


def calibrated() -> Calibration:
    """Return a possible calibration: every target met within a tenth, one parameter informed.

    Every place is as it was, in all runs.
    """
    plan, parameters = make_plan(), uncertain_parameters()
    levels = np.tile(((np.arange(64) + 0.5) / 64)[:, None], (1, len(parameters)))
    informed = [one.name for one in parameters].index("kidnapping.rate")
    levels[:, informed] = 0.5 + 0.1 * (np.arange(64) - 32) / 64
    stream = Stream(np.random.PCG64(1))  # noqa: TID251  # the method's own
    pasts = plan.prior.rows(plan.prior.draw(64, stream), no_guess(plan.prior.size))
    rows = [past | values_at(parameters, own) for past, own in zip(pasts, levels, strict=True)]
    everyone = np.arange(64)
    before, after = (quantities(plan.targets, width) for width in (0.4, 0.1))
    return Calibration(plan, before, rows, after, everyone, [a_step()], everyone)


def quantities(chosen: Sequence[Target], width: float) -> NDArray[np.float64]:
    """Return all targets in 64 runs, evenly spread to so far from what was counted."""
    columns = [
        np.full(64, one.observed)
        if one.yes_or_no
        else one.from_residual(width * RANDOM / RANDOM.max())
        for one in chosen
    ]
    return np.stack(columns, axis=1)


def a_step() -> Step:
    """Return a step of the method."""
    by_kind = dict.fromkeys(KINDS, 0.25)
    return Step(1.0, 32.0, 60, by_kind, by_kind, -10.0)


def recovered(part: str, error: float = 0.0) -> Recovery:
    """Return a coverage too low by ``error``, and one of half the spread that is far too low."""
    coverage = np.array([[0.5 - error, 0.28], [0.8 - error, 0.5], [0.9 - error, 0.62]])
    ranks = np.tile((np.arange(DATA_SETS[part]) % (DRAWS + 1))[:, None], (1, 2))
    return Recovery(part, ("a", "b"), ranks, coverage, np.full((3, 2), 0.02))


def analog(better: int) -> Analog:
    """Return ten pairs, ``better`` of them better under holding and the others worse."""
    leave = [AnalogRun(i, LEAVE, 4, 2, 4, 4, 2, 2, 0.8, 0.7) for i in range(10)]
    hold = [
        AnalogRun(i, HOLD, 4, 2, 1, 2, 0, 1, 0.4, 0.5 if i < better else 0.9) for i in range(10)
    ]
    return Analog(tuple(leave), tuple(hold))


def scored(factor: float, spread: float) -> dict[str, Table]:
    """Return scores of killed and displaced after the origin.

    The model's runs lie about ``factor`` times each figure, with a relative ``spread``.
    """
    rows = tuple(
        score_figure(
            one, one.value * factor * (1 + spread * RANDOM), known_by(ORIGIN, shipped()), ORIGIN
        )
        for one in shipped()
        if one.end > ORIGIN and one.outcome in ("killed_counted", "displaced")
    )
    return score_tables(rows)


def score_tables(rows: Any) -> dict[str, Table]:
    """Return scores of figures as the tables of scores."""
    return {"scores": table(rows), "scores_summary": table(summarise(rows))}


@pytest.fixture(scope="module")
def tables() -> ValidationTables:
    """All tables of a validation in which nothing fails."""
    calibration, test = calibrated(), analog(10)
    recoveries = [recovered(part) for part in DATA_SETS]
    made = tables_of(calibration)
    del made["steps"]
    made["facts"]["value"][made["facts"]["fact"].index("left_out_p")] = 0.5  # all were inside
    made["fit"]["half_width"] = [0.3] * len(made["fit"]["target"])
    return ValidationTables(
        **made,
        recovery=recovery_table(recoveries),
        ranks=rank_table(recoveries),
        analog=table([*test.leave, *test.hold]),
        analog_summary=table(test.summary()),
        **scored(1.0, 0.05),
    )


def changed(
    tables: ValidationTables, name: str, cells: Mapping[str, object], part: str = "fit"
) -> ValidationTables:
    """Return tables with other cells in one row, which is named in its first column."""
    given: Table = getattr(tables, part)
    row = next(iter(given.values())).index(name)
    columns = {column: list(values) for column, values in given.items()}
    for column, value in cells.items():
        columns[column][row] = value
    return replace(tables, **{part: columns})


def missed(tables: ValidationTables, name: str, side: str) -> ValidationTables:
    """Return tables in which the model is far too low or too high for a target."""
    factor = 0.1 if side == TOO_LOW else 10.0
    observed = float(str(tables.fit["observed"][list(tables.fit["target"]).index(name)]))
    quantiles = {
        f"posterior_q{level}": factor * observed * (1 + i / 10)
        for i, level in enumerate(("05", "25", "50", "75", "95"))
    }
    return changed(tables, name, {"inside": "no", **quantiles})


def test_a_page_of_the_rules_before_says_so_first(tables: ValidationTables) -> None:
    """With a parameter that the model no longer has, one sentence stands above all sections."""
    name = str(tables.parameters["parameter"][0])
    stale = compose(changed(tables, name, {"parameter": "gone.by"}, "parameters"))
    assert stale.split("\n\n")[1].startswith("This validation is of the rules before")
    assert "rules before" not in compose(tables)


def section(page: str, head: str) -> str:
    """Return what stands under a heading of the page."""
    return page.split(f"## {head}")[1].split("\n## ", maxsplit=1)[0]


def lines_of(text: str, start: str) -> list[str]:
    """Return the lines that begin with some text."""
    return [line for line in text.splitlines() if line.startswith(start)]


def test_nothing_failed_is_said_without_a_boast(tables: ValidationTables) -> None:
    """A page without failures has no misses, keeps limits, and does not call the model right."""
    page = compose(tables)

    assert "No target misses its 90 % band." in page
    assert "13 of 13 bands keep to it" in page
    assert "Nothing failed by these rules. That is no proof" in section(page, "What failed")
    assert "Nowhere: the model has the lowest CRPS" in page
    assert (
        "As calibrated, 6 of 6 intervals cover as they should, within two standard errors or two "
        "points; by chance"
    ) in page


EXPLANATIONS = {(one.target, one.side): one.note for one in world_notes("miss")}


@pytest.mark.parametrize(("name", "side"), sorted(EXPLANATIONS))
def test_each_miss_is_named_with_its_explanation(
    tables: ValidationTables, name: str, side: str
) -> None:
    """Each explanation belongs to a target and stands beside its miss; the miss is a failure."""
    page = compose(missed(tables, name, side))

    (line,) = lines_of(page, f"- **{name}**")
    assert f"the model is {side}." in line
    assert f"*{EXPLANATIONS[name, side]}*" in line
    assert f"**Missed**: {name} ({side})." in section(page, "What failed")


@pytest.mark.parametrize(
    ("name", "side"), [("killed, 2024 Q4", TOO_HIGH), ("injured, 2024 Q1", TOO_LOW)]
)
def test_a_miss_without_an_explanation_has_none(
    tables: ValidationTables, name: str, side: str
) -> None:
    """A miss nobody thought of, or on the other side, is not explained away."""
    (line,) = lines_of(compose(missed(tables, name, side)), f"- **{name}**")

    assert line.endswith(NOT_EXPLAINED)


def test_range_that_reaches_into_the_band_is_said(tables: ValidationTables) -> None:
    """Towns: a band up to 3 misses the middle of 2 to 7 and meets its low end."""
    name = "towns lost, 25 June 2024 to 31 January 2025"
    cells = {"inside": "no", "posterior_q05": -1.0, "posterior_q50": 1.0, "posterior_q95": 3.0}
    page = compose(changed(tables, name, cells))

    assert (
        f"**{name}**: observed 2 to 7, band -1.0 to 3.0; the model is too low. The range that the "
        "sources"
    ) in page


def test_sources_that_differ_are_shown_with_their_range(tables: ValidationTables) -> None:
    """December's displaced: the geometric middle, 983,936, and the range it stands for."""
    page = compose(tables)

    assert "| displaced, December 2024 | 983,936 (930,000 to 1,041,000) |" in page


def test_wide_bands_are_failures(tables: ValidationTables) -> None:
    """A half-width of 0.36 breaks the limit of the killed and not of the kidnapped."""
    page = compose(changed(tables, "killed, 2024 Q1", {"half_width": 0.36}))
    wide_kidnapped = compose(changed(tables, "kidnapped, 2024 Q3", {"half_width": 1.2}))

    assert "12 of 13 bands keep to it" in page
    assert "| killed, 2024 Q1 | 36 % | no |" in page
    failed = section(page, "What failed")
    assert "**Wider than 35 %**: killed, 2024 Q1 (36 %)." in failed
    assert "kidnapped" not in section(wide_kidnapped, "What failed")


def test_overdispersion_of_kidnapping_by_hand(tables: ValidationTables) -> None:
    """438, 428, 170 and 431: variance 17,222 over mean 366.75 is 46.96."""
    page = " ".join(compose(tables).split())

    assert "counts vary by 47 times as much as independent events" in page


def test_the_missions_own_effect_comes_first(tables: ValidationTables) -> None:
    """The mission's effect is the first that 2024 cannot tell, and each of these has its reason.

    Those that are not from past missions count among the further ones on which 2024 is silent.
    """
    page = section(compose(tables), "What 2024 tells")
    lines = lines_of(page, "- **")
    held, drawn = held_at_prior(), uncertain_parameters()
    silent = [one for one in drawn if not is_from_missions(one) and one.name != "kidnapping.rate"]

    assert lines[0] == f"- **presence.mission_effect**: {held['presence.mission_effect']}."
    assert len(lines) == len(held)
    assert f"2024 informs 1 of {len(drawn)} parameters" in page
    assert "| kidnapping.rate | persons per day |" in page
    assert f"On {len(silent)} further parameters" in page
    assert "| kidnapping | offensive_factor, region_spread, region_time |" in page


def test_each_count_and_each_place_left_out_has_its_row(tables: ValidationTables) -> None:
    """Counts met in the middle lie in their intervals; places as they were score near nought."""
    page = compose(tables)
    counts = section(page, "Each count left out")
    places = section(page, "Places that fell or stood")

    assert len(lines_of(counts, "| ")) == 2 + len(tables.left_out["target"])
    assert len(lines_of(places, "| ")) == 2 + len(tables.places["target"]) == 8
    assert (
        "| Arcahaie held by gangs, December 2024 | not held | 0 % | 0 % | 10 % | 0.01 |" in places
    )
    assert "| Nazon held by gangs, November 2024 | held | 100 % | 100 % | 80 % | 0.04 |" in places
    assert "below 0.2 (a coin has 0.25, and knowing has 0)" in places


def test_a_coverage_that_cannot_be_right_is_rejected(tables: ValidationTables) -> None:
    """A probability of 0.04 rejects the intervals, and one of 0.06 does not."""
    for probability, verdict in ((0.04, "is rejected"), (0.06, "is not rejected")):
        facts = changed(tables, "left_out_p", {"value": probability}, "facts")
        assert f"80 % {verdict} (exact test, p = {probability:.2f})" in compose(facts)


def test_facts_stand_in_words(tables: ValidationTables) -> None:
    """Particles, rows that differ and the day of the last count are told before the posterior."""
    page = section(compose(tables), "What this is")

    assert "| pasts that were followed | 1,024 |" in page
    assert "| distinct histories among them | 64 |" in page
    assert "| the last day of which counts were used | 2025-01-31 |" in page


def test_simple_rules_that_win_are_named_with_what_the_table_shows(
    tables: ValidationTables,
) -> None:
    """A model far too high loses to persistence for the killed: by how much, on which side."""
    page = compose(replace(tables, **scored(3.0, 0.05)))

    (line,) = lines_of(section(page, "Prediction in time"), "- **killed**: persistence wins")
    assert "over 2 figures" in line
    assert "the model's median was off by 200 % (too low for 0, too high for 2)." in line
    assert "came nearer" not in line
    failed = section(page, "What failed")
    assert "**Prediction, killed**: persistence does better than the model." in failed
    assert "**Prediction, killed**: 0 of 2 figures in their 80 % intervals." in failed
    assert "**Prediction, killed**: dressed persistence does better than the model." in failed
    assert (
        "**Prediction, all outcomes**: the median skill beside dressed persistence is −" in failed
    )
    (band,) = lines_of(page, "- **killed**: dressed persistence wins")
    assert "came nearer" not in band


def test_a_model_that_is_right_but_wide_may_lose(tables: ValidationTables) -> None:
    """If the median is nearer than the rule but runs spread enough to lose, the page says so."""
    one = Observation("displaced", date(2024, 9, 30), date(2024, 9, 30), 600_000.0)
    row = score_figure(one, one.value * (1 + 0.6 * RANDOM), known_by(ORIGIN, shipped()), ORIGIN)
    page = compose(replace(tables, **score_tables([row])))

    (line,) = lines_of(page, "- **displaced**: persistence wins")
    assert "Its median came nearer, but CRPS charges for the spread of its runs" in line


def test_number_of_figures_stands_behind_each_coverage(tables: ValidationTables) -> None:
    """An outcome's row has its figures, those inside, the share, and the CRPS of all."""
    page = compose(tables)
    (killed,), (every,) = lines_of(page, "| killed | 2 |"), lines_of(page, "| all |")

    assert killed.split(" | ")[:4] == ["| killed", "2", "2", "100 %"]
    assert every.split(" | ")[:4] == ["| all", "4", "4", "100 %"]
    assert every.split(" | ")[4:9] == [""] * 5
    assert [float(cell) > 0.5 for cell in every.split(" | ")[9:11]] == [True, True]


def test_outcome_without_rules_says_none(tables: ValidationTables) -> None:
    """Where no simple rule is possible the cell says none, and no rule can win."""
    one = Observation("recruited", date(2024, 9, 30), date(2024, 9, 30), 100.0)
    page = compose(
        replace(tables, **score_tables([score_figure(one, np.full(9, 300.0), (), ORIGIN)]))
    )

    assert "| recruited | 1 | 0 | 0 % | 200 | 0 | none | none | none | none | none | 1 |" in page
    assert "Nowhere" in section(page, "Prediction in time")
    assert page.count("figures/prediction-") == page.count(f"figures/prediction-{ORIGIN}.png") == 1


def test_counts_and_places_that_others_do_not_tell_are_failures(tables: ValidationTables) -> None:
    """A coverage that is rejected and a Brier score of 0.2 or more are told, with their figures."""
    worse = tables
    for fact, value in (("left_out_p", 0.04), ("left_out_inside", 19), ("left_out_brier", 0.2)):
        worse = changed(worse, fact, {"value": value}, "facts")
    failed = section(compose(worse), "What failed")

    assert "**Left out**: 19 of 30 counts lie in their 80 % interval (p = 0.04)." in failed
    assert "**Places**: the Brier score with each left out is 0.20." in failed


def test_recovery_that_fails_and_a_blind_check_are_failures(tables: ValidationTables) -> None:
    """Coverage ten points too low is listed for each level, as is half the spread that passes."""
    blind = recovered("weights")
    blind.coverage[:, 1] = [0.5, 0.8, 0.9]
    recovery = recovery_table([recovered("chain", 0.1), blind])
    failed = section(compose(replace(tables, recovery=recovery)), "What failed")

    assert "**Recovery, chain**: the 80 % interval holds the truth in 70 % of cases." in failed
    assert failed.count("**Recovery, chain**") == 3
    assert failed.count("**Half the spread, weights**: passes at") == 3


@pytest.mark.parametrize(("better", "verdict"), [(9, "passes"), (8, "fails")])
def test_analog_is_a_logic_test_and_its_verdict_counts_pairs(
    tables: ValidationTables, better: int, verdict: str
) -> None:
    """Nine of ten pairs pass, eight fail and are listed; both pages call it no evidence."""
    page = compose(replace(tables, analog_summary=table(analog(better).summary())))

    assert "**This is a logic test, not evidence.**" in page
    assert "here gangs still hold 40 % of its people on day 60 under holding" in page
    assert f"was lower under holding in {10 * better} %, the same in 0 %" in page
    assert f"the test {verdict}." in page
    assert ("**Analog**" in section(page, "What failed")) == (verdict == "fails")


def test_hostile_names_stay_in_their_cells(tables: ValidationTables) -> None:
    """A script, bars, line breaks and brackets in names are text in as many cells as the header."""
    hostile = "<script>alert(1)</script> | a\n| b [x](y) `c` *d*, now"
    name = "killed, 2024 Q4"
    target = changed(missed(tables, name, TOO_LOW), name, {"target": hostile})
    cells = {"parameter": hostile, "unit": hostile}
    page = compose(target) + compose(changed(tables, "kidnapping.rate", cells, "parameters"))

    assert "<script" not in page
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt; \\| a \\| b \\[x\\](y) \\`c\\` \\*d\\*, now"
    assert escaped in page
    for block in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(bars) == 1


def test_page_and_pictures_from_csv_are_the_same_twice(
    tables: ValidationTables, tmp_path: Path
) -> None:
    """Tables written and read give the same page twice, and its pictures, byte for byte."""
    for field in fields(tables):
        text = to_csv(getattr(tables, field.name))
        (tmp_path / f"{field.name}.csv").write_text(text, encoding="utf-8")
    read = read_tables(tmp_path)
    first, second = (draw_pictures(read, tmp_path / name) for name in ("a", "b"))

    page = compose(read)
    assert page == compose(read)
    assert set(re.findall(r"\(figures/([^)]+)\)", page)) == {path.name for path in first}
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert section(page, "What failed") == section(compose(tables), "What failed")
