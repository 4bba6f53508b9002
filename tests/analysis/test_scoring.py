"""Tests of the scores of a result against later figures, worked out by hand."""

import csv
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.analysis.crps import crps
from teritwa.analysis.dressed_persistence import dressed_persistence
from teritwa.analysis.figure_reader import read_observations
from teritwa.analysis.figure_score import FigureScore, score_figure
from teritwa.analysis.observed_levels import ObservedLevel
from teritwa.analysis.published_figures import KNOWN_UNTIL, Observation
from teritwa.analysis.score_summary import ScoreSummary, summarise
from teritwa.analysis.scoring import score
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result

Make = Callable[..., Result]
DAY = date(2025, 3, 31)
ORIGIN = date(2025, 3, 30)


@pytest.fixture(autouse=True)
def nothing_ships(monkeypatch: pytest.MonkeyPatch) -> list[ObservedLevel]:
    """Replace the figures that ship by a list, empty until a test fills it, and return it."""
    figures: list[ObservedLevel] = []
    monkeypatch.setattr("teritwa.analysis.reference_forecasts.observed", lambda _: tuple(figures))
    return figures


def stock(
    value: float,
    low: float | None = None,
    high: float | None = None,
    outcome: str = "gang_members",
    day: date = DAY,
) -> Observation:
    """Return what was read on a day."""
    return Observation(outcome, day, day, value, low, high)


def test_row_by_hand() -> None:
    """Runs are 0 to 100 in steps of 10, the figure is 85, its history 70 and ten days later 80."""
    runs = np.arange(0.0, 101.0, 10.0)
    history = [stock(70, day=date(2025, 3, 11)), stock(80, day=date(2025, 3, 21))]
    row = score_figure(stock(85), runs, history, ORIGIN)

    assert (row.outcome, row.start, row.end, row.unit, row.value, row.runs) == (
        "gang_members",
        DAY,
        DAY,
        "persons",
        85,
        11,
    )
    assert (row.low, row.high) == (None, None)
    assert (row.median, row.bias, row.absolute_error) == (50, -35, 35)
    assert row.relative_bias == pytest.approx(-35 / 85)
    assert (row.low_50, row.high_50, row.inside_50) == (25, 75, False)
    assert (row.low_80, row.high_80) == pytest.approx((10, 90))
    assert (row.low_90, row.high_90) == pytest.approx((5, 95))
    assert (row.inside_80, row.inside_90) == (True, True)
    pairs = sum(abs(a - b) for a in runs for b in runs) / 121
    assert row.crps == pytest.approx(sum(abs(runs - 85)) / 11 - pairs / 2)
    assert (row.persistence, row.persistence_crps) == (80, 5)
    assert (row.trend, row.trend_crps) == pytest.approx((90, 5))
    assert (row.origin, row.horizon) == (ORIGIN, 1)
    assert row.interval_score == pytest.approx(80)
    upper = (8 / 7) ** NormalDist().inv_cdf(0.9)
    assert row.dressed_pooled is True
    assert (row.dressed_low_80, row.dressed_high_80) == pytest.approx(
        (80 / upper, 80 * upper), rel=2e-3
    )
    assert row.dressed_interval_score == pytest.approx(80 * upper - 80 / upper, rel=1e-2)
    dressed = dressed_persistence(history, stock(85))
    assert dressed is not None
    assert row.dressed_crps == pytest.approx(crps(dressed.values, 85))
    assert row.best == "dressed persistence"


def test_the_bounds_are_inside() -> None:
    """A figure on either bound of the central half of the runs is inside, one beyond is not."""
    runs = np.arange(0.0, 101.0, 10.0)

    assert [
        score_figure(stock(value), runs, [], ORIGIN).inside_50 for value in (24, 25, 75, 76)
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_best_is_the_least_and_a_tie_goes_to_the_simpler() -> None:
    """The model wins if it alone is right, persistence if all are; alone, the model has no rank."""
    history = [stock(80, day=date(2025, 3, 11)), stock(80, day=date(2025, 3, 21))]

    assert score_figure(stock(90), np.array([89.0]), history, ORIGIN).best == "model"
    assert score_figure(stock(80), np.array([80.0]), history, ORIGIN).best == "persistence"
    rising = [stock(70, day=date(2025, 3, 11)), stock(80, day=date(2025, 3, 21))]
    assert score_figure(stock(90), np.array([89.0]), rising, ORIGIN).best == "trend"
    assert score_figure(stock(90), np.array([90.0]), [], ORIGIN).best == ""


def test_a_figure_of_nothing_has_no_relative_bias() -> None:
    """A figure of 0 has a bias and none relative to it."""
    row = score_figure(stock(0), np.array([3.0, 4.0]), [], ORIGIN)

    assert (row.bias, row.relative_bias, row.absolute_error) == (3.5, None, 3.5)


@given(
    st.lists(st.integers(0, 10**5), min_size=1, max_size=20),
    st.integers(10, 10**5), st.integers(1, 9), st.integers(0, 10**4),
)  # fmt: skip
def test_doubling_everything_doubles_the_scores(
    values: list[int], value: int, low: int, more: int
) -> None:
    """In half the unit, every number in that unit is twice as large."""
    runs, one = np.array(values, float), stock(value, low, value + more)
    history = [stock(20, day=date(2025, 3, 1)), stock(30, day=date(2025, 3, 9))]
    twice = [replace(each, value=2 * each.value) for each in history]
    row = score_figure(one, runs, history, ORIGIN)
    double = score_figure(
        replace(one, value=2 * value, low=2 * low, high=2 * (value + more)), 2 * runs, twice, ORIGIN
    )

    for name in (
        "median",
        "bias",
        "absolute_error",
        "crps",
        "low_90",
        "high_50",
        "persistence",
        "trend",
        "trend_crps",
        "interval_score",
        "dressed_crps",
        "dressed_interval_score",
    ):
        assert getattr(double, name) == pytest.approx(2 * getattr(row, name), rel=1e-9, abs=1e-6)
    assert double.relative_bias == pytest.approx(row.relative_bias, abs=1e-9)


def test_summary_by_hand() -> None:
    """Three figures of members and one of trust without history have these means.

    Members were 70 twice, so that dressed persistence has no spread and is persistence.
    """
    runs = np.arange(0.0, 101.0, 10.0)
    history = [stock(70, day=date(2025, 1, 11)), stock(70, day=date(2025, 1, 21))]
    days = [DAY - timedelta(back) for back in (2, 1, 0)]
    rows = [
        score_figure(stock(value, day=day), runs, history, ORIGIN)
        for value, day in zip((60, 85, 200), days, strict=True)
    ]
    other = score_figure(stock(0.5, outcome="trust_in_forces"), np.array([0.25]), history, ORIGIN)
    members, trust, every = summarise([rows[0], other, *rows[1:]])

    assert (members.outcome, members.unit, members.figures, members.compared) == (
        "gang_members",
        "persons",
        3,
        3,
    )
    assert (members.inside_50, members.inside_80, members.inside_90) == pytest.approx(
        (1 / 3, 2 / 3, 2 / 3)
    )
    assert members.bias == pytest.approx((-10 - 35 - 150) / 3)
    relative = (-10 / 60 - 35 / 85 - 150 / 200) / 3
    assert members.relative_bias == pytest.approx(relative)
    naive = (10 + 15 + 130) / 3
    assert members.persistence_crps == members.trend_crps == pytest.approx(naive)
    assert members.dressed_crps == pytest.approx(naive)
    own = (310 + 425 + 1650) / 33 - 20 * 10 / 11
    assert members.crps == pytest.approx(own)
    assert members.crps_ratio == pytest.approx(own / naive)
    assert members.crps_skill == pytest.approx(1 - own / naive)
    assert members.interval_score == pytest.approx((80 + 80 + 80 + 1100) / 3)
    assert members.dressed_interval_score == pytest.approx(10 * naive)
    assert members.interval_skill == pytest.approx(1 - 1340 / 1550)
    assert members.best == "persistence"
    assert (trust.figures, trust.inside_90, trust.bias, trust.crps, trust.best) == (
        1,
        0,
        -0.25,
        0.25,
        "",
    )
    assert (trust.persistence_crps, trust.trend_crps, trust.dressed_crps) == (None, None, None)
    assert (trust.outcomes, trust.crps_ratio, trust.interval_skill) == (0, None, None)
    assert (every.outcome, every.unit, every.outcomes, every.figures, every.compared) == (
        "all",
        "1",
        1,
        4,
        3,
    )
    assert every.inside_80 == 2 / 4
    assert every.relative_bias == pytest.approx((relative - 0.5) / 2)
    assert (every.bias, every.crps, every.persistence_crps, every.best) == (None, None, None, "")
    assert every.crps_ratio == members.crps_ratio
    assert every.interval_skill == members.interval_skill


def test_no_outcome_decides_over_all() -> None:
    """Ratios 0.5, 0.8 and 1,000, the last of a million persons: the median is 0.8, its skill 0.2.

    Figures of an outcome with many change nothing either, for each outcome counts once.
    """
    rows = []
    for outcome, model, figures in (
        ("gang_members", 5.0, 1),
        ("gang_firearms", 8.0, 9),
        ("displaced", 1e7, 1),
    ):
        scale = 1e5 if outcome == "displaced" else 1.0
        when = [DAY - timedelta(back) for back in (60, 50, *range(figures))]
        before = [stock(100 * scale, outcome=outcome, day=day) for day in when[:2]]
        rows += [
            score_figure(
                stock(100 * scale + 10, outcome=outcome, day=day),
                np.array([100 * scale + 10 + model * (1 if scale == 1 else 1e-3)]),
                before,
                ORIGIN,
            )
            for day in when[2:]
        ]
    members, firearms, displaced, every = summarise(rows)

    assert [one.crps_ratio for one in (members, firearms, displaced)] == pytest.approx(
        [0.5, 0.8, 1000]
    )
    assert (every.outcomes, every.figures, every.compared) == (3, 11, 11)
    assert (every.crps_ratio, every.crps_skill) == pytest.approx((0.8, 0.2))
    assert (every.interval_ratio, every.interval_skill) == pytest.approx((0.8, 0.2))


def test_figures_of_nothing_have_no_relative_bias() -> None:
    """A lone figure of 0 is counted and has no relative bias, and without history no skill."""
    outcome, every = summarise([score_figure(stock(0), np.array([3.0]), [], ORIGIN)])

    assert (outcome.crps, outcome.compared, outcome.relative_bias) == (3, 1, None)
    assert (every.figures, every.compared, every.crps_skill, every.relative_bias) == (
        1,
        0,
        None,
        None,
    )


def test_score_of_a_result(made_up: Make, nothing_ships: list[ObservedLevel]) -> None:
    """Runs have 1 to 4 kidnapped a day; shipped figures and early rows are history, not scored."""
    result = made_up({"kidnapped": np.arange(1, 5)[None, :, None]})
    nothing_ships.append(
        ObservedLevel(
            "kidnapped", date(2024, 10, 1), date(2024, 12, 31), 184, 184, 184, "persons", "UN"
        )
    )
    january = Observation("kidnapped", date(2025, 1, 1), date(2025, 1, 31), 93)
    march = Observation("kidnapped", date(2025, 3, 1), DAY, 62)
    scores = score(result, [march, january])

    (row,) = scores.rows
    assert (row.start, row.median, row.bias) == (march.start, 77.5, 15.5)
    assert row.crps == pytest.approx((31 + 0 + 31 + 62) / 4 - 31 * (3 * 2 + 2 * 4 + 1 * 6) / 2 / 16)
    assert (row.persistence, row.persistence_crps) == (93, 31)
    slope = 1 / (date(2025, 1, 16).toordinal() - date(2024, 11, 15).toordinal() - 0.5)
    assert row.trend == pytest.approx(31 * (3 + slope * 59))
    pooled = (
        "kidnapped: fewer than 2 changes known by 2025-01-31, or one figure repeated, so "
        "dressed persistence has the spread of all outcomes; add earlier rows"
    )
    assert (scores.origins, scores.notes) == ((KNOWN_UNTIL,), (pooled,))
    assert (row.origin, row.horizon) == (KNOWN_UNTIL, 59)


def test_an_earlier_origin_scores_more_and_knows_less(made_up: Make) -> None:
    """With an earlier origin the figure of January is scored and no longer history."""
    january, march = stock(4, day=date(2025, 1, 10)), stock(5)
    scores = score(made_up(), [january, march], origins=[date(2025, 1, 9)])

    assert [row.value for row in scores.rows] == [4, 5]
    assert [row.persistence for row in scores.rows] == [None, None]
    assert scores.notes == (
        "gang_members: no figure ends by 2025-01-09, so no reference forecast; add earlier rows",
    )
    later = score(made_up(), [january, march])
    assert [row.persistence for row in later.rows] == [4]
    assert later.notes == (
        "gang_members: fewer than two figures of the year to 2025-01-31, so no trend; no change "
        "known by 2025-01-31, so no dressed persistence; add earlier rows",
    )


def test_each_figure_is_scored_from_each_origin_before_it(made_up: Make) -> None:
    """Runs say the same from each origin; what is known differs, and a figure is counted once."""
    figures = [stock(value, day=date(2025, month, 1)) for month, value in ((1, 4), (2, 6), (3, 5))]
    origins = [date(2025, 2, 1), date(2025, 1, 1), date(2025, 2, 1)]
    scores = score(made_up({"gang_members": 5}), figures, origins=origins)

    assert scores.origins == (date(2025, 1, 1), date(2025, 2, 1))
    found = [(row.origin.month, row.value, row.horizon, row.persistence) for row in scores.rows]
    assert found == [(1, 6, 31, 4), (1, 5, 59, 4), (2, 5, 28, 6)]
    assert {row.median for row in scores.rows} == {5}
    members, every = scores.summary
    assert (members.figures, members.compared, every.figures) == (2, 1, 2)
    assert members.inside_80 == every.inside_80 == 1 / 2
    assert [line.partition(": ")[2][:40] for line in scores.notes] == [
        "fewer than two figures of the year to 20",
        "fewer than 2 changes known by 2025-02-01",
    ]


def test_a_share_of_the_dead_is_scored(made_up: Make) -> None:
    """Six perpetrators kill as many, so that the three forces have half; 0.45 was published."""
    quarter = (date(2025, 1, 1), DAY)
    figure = Observation("killed_counted.forces.share", *quarter, 0.45)
    (row,) = score(made_up({"killed_counted": 2}), [figure]).rows

    assert (row.outcome, row.unit, row.median) == ("killed_counted.forces.share", "1", 0.5)
    assert row.crps == pytest.approx(0.05)


def test_a_period_that_ends_after_the_origin_is_scored_whole(made_up: Make) -> None:
    """The first quarter begins before the end of January and is scored on all of its 90 days."""
    scores = score(
        made_up({"kidnapped": 2}), [Observation("kidnapped", date(2025, 1, 1), DAY, 180)]
    )

    assert [(row.median, row.crps) for row in scores.rows] == [(180, 0)]


def test_a_user_corrects_what_ships(made_up: Make, nothing_ships: list[ObservedLevel]) -> None:
    """A row of the same outcome and days replaces the figure that ships."""
    day = date(2024, 12, 31)
    nothing_ships.append(ObservedLevel("gang_members", day, day, 100, 100, 100, "persons", "UN"))

    assert score(made_up(), [stock(5)]).rows[0].persistence == 100
    assert score(made_up(), [stock(5), stock(70, day=day)]).rows[0].persistence == 70


def test_what_cannot_be_scored_is_refused(made_up: Make) -> None:
    """Observations must have outcomes and days of the result, and there must be one to score."""
    with pytest.raises(InputError) as caught:
        score(
            made_up(),
            [stock(1, outcome="officers_deployed"), stock(1, day=date(2030, 1, 1)), stock(1)],
        )
    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].startswith(
        "officers_deployed, 2025-03-31 to 2025-03-31: is not an outcome that "
    )
    with pytest.raises(
        InputError, match="no figure ends after 2025-01-31, so there is nothing to score"
    ):
        score(made_up(), [stock(1, day=date(2025, 1, 31))])


def test_files_and_document_read_back(made_up: Make, tmp_path: Path) -> None:
    """Saved tables hold what the rows hold, and JSON the same, with null for None."""
    table = tmp_path / "later.csv"
    table.write_text(
        "date,outcome,value,low,high\n"
        "2025-03-31,gang_members,5,4,8\n2025-03-31,trust_in_forces,0.5,,\n",
        encoding="utf-8",
    )
    result = made_up({"gang_members": np.arange(4)[None, :, None], "trust_in_forces": 0.25})
    scores = score(result, read_observations(table, result))
    folder = scores.save(tmp_path / "new" / "scores")

    with (folder / "scores.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with (folder / "scores_summary.csv").open(encoding="utf-8", newline="") as stream:
        summary = list(csv.DictReader(stream))
    assert list(rows[0]) == [field.name for field in fields(FigureScore)]
    assert list(summary[0]) == [field.name for field in fields(ScoreSummary)]
    names = ("outcome", "start", "value", "low", "runs")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("gang_members", "2025-03-31", "5", "4", "4"),
        ("trust_in_forces", "2025-03-31", "0.5", "", "4"),
    ]
    assert (rows[1]["median"], rows[1]["inside_90"], rows[1]["trend"], rows[1]["crps"]) == (
        "0.25",
        "0",
        "",
        "0.25",
    )
    assert float(rows[0]["crps"]) == pytest.approx(scores.rows[0].crps, abs=1e-6)
    assert [row["outcome"] for row in summary] == ["gang_members", "trust_in_forces", "all"]

    document = json.loads(json.dumps(scores.document(), allow_nan=False))
    assert document == scores.document()
    assert (document["scenario"], document["origins"]) == ("baseline", ["2025-01-31"])
    assert (document["rows"][1]["start"], document["rows"][1]["persistence"]) == (
        "2025-03-31",
        None,
    )
    assert document["summary"][2]["figures"] == 2
    assert len(document["notes"]) == 2
    assert score(result, read_observations(table, result)).document() == document


def test_failed_runs_say_nothing(made_up: Make) -> None:
    """Only the runs that finished are scored, and their number is given."""
    given = {"gang_members": np.array([10, 20, 30, 9000])[None, :, None]}
    (row,) = score(made_up(given, failed={(0, 3): "x"}), [stock(20)]).rows

    assert (row.runs, row.median, row.high_90) == (3, 20, 29)
