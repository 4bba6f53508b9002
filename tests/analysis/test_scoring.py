"""Tests of the scores of a result against later figures, worked out by hand, by integration and in closed form."""

import csv
import json
import math
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.analysis.observed_levels import Figure
from teritwa.analysis.published_figures import KNOWN_UNTIL, Observation, read_observations
from teritwa.analysis.scoring import Row, Summary, blurred, crps, score, score_one, summarise
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result

Make = Callable[..., Result]
DAY = date(2025, 3, 31)
NORMAL = NormalDist()


@pytest.fixture(autouse=True)
def nothing_ships(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Put a list, empty until a test fills it, in the place of the figures that ship; return it."""
    figures: list[Figure] = []
    monkeypatch.setattr("teritwa.analysis.reference_forecasts.observed", lambda: tuple(figures))
    return figures


def stock(
    value: float, low: float | None = None, high: float | None = None, outcome: str = "gang_members", day: date = DAY
) -> Observation:
    """Return what was read on a day."""
    return Observation(outcome, day, day, value, low, high)


def integrated(sample: list[float], value: float) -> float:
    """Return the integral of (F - [x >= value]) squared, interval by interval between the points where it steps."""
    points = sorted([*sample, value])
    total = 0.0
    for left, right in pairwise(points):
        below = sum(one <= left for one in sample) / len(sample)
        total += (right - left) * (below - (left >= value)) ** 2
    return total


@pytest.mark.parametrize(
    ("sample", "value", "expected"),
    [
        ([3.0], 5.0, 2.0),
        ([5.0, 5.0, 5.0], 5.0, 0.0),
        ([0.0, 2.0], 1.0, 1 - 2 / 4),
        ([0.0, 2.0], 5.0, 4 - 2 / 4),
        ([6.0, 0.0, 3.0], 3.0, 2 - (3 + 3 + 6) / 9),
        ([6.0, 0.0, 3.0], -1.0, 4 - (3 + 3 + 6) / 9),
    ],
)
def test_crps_by_hand(sample: list[float], value: float, expected: float) -> None:
    """The mean distance from the value less half of the mean distance within, and for a point the absolute error."""
    assert crps(np.array(sample), value) == pytest.approx(expected, abs=1e-12)


whole = st.integers(-1000, 1000).map(float)


@given(st.lists(whole, min_size=1, max_size=12), whole)
def test_crps_is_the_integral(sample: list[float], value: float) -> None:
    """The sum over pairs is the area between the two distribution functions, squared; it is never below 0."""
    found = crps(np.array(sample), value)

    assert found == pytest.approx(integrated(sample, value), abs=1e-6)
    assert found >= -1e-9


@given(st.lists(whole, min_size=1, max_size=12), whole, st.integers(1, 50), whole)
def test_crps_goes_with_the_unit(sample: list[float], value: float, times: int, shift: float) -> None:
    """In another unit it is as many times larger, from another zero it is the same, and so for the order of runs."""
    found = crps(np.array(sample), value)

    assert crps(times * np.array(sample), times * value) == pytest.approx(times * found, abs=1e-6)
    assert crps(np.array(sample[::-1]) + shift, value + shift) == pytest.approx(found, abs=1e-6)


def normal_sample(mean: float, sd: float, size: int = 2000) -> np.ndarray:
    """Return equally likely values of a normal distribution."""
    return np.array([NormalDist(mean, sd).inv_cdf((i + 0.5) / size) for i in range(size)])


@pytest.mark.parametrize("value", [-2.0, 0.0, 0.5, 3.0])
def test_crps_of_a_normal_sample_is_the_closed_form(value: float) -> None:
    """Gneiting and Raftery's form for a normal of mean 1 and deviation 2, to a thousandth."""
    z = (value - 1) / 2
    closed = 2 * (z * (2 * NORMAL.cdf(z) - 1) + 2 * NORMAL.pdf(z) - 1 / math.sqrt(math.pi))

    assert crps(normal_sample(1, 2), value) == pytest.approx(closed, rel=1e-3)


def test_crps_is_least_at_the_truth() -> None:
    """If figures come from a standard normal, who says that is best off on average; who is sure or shifted is not."""
    figures = normal_sample(0, 1, 200)
    said = {(mean, sd): normal_sample(mean, sd, 400) for mean in (-0.5, 0, 0.5) for sd in (0.5, 1, 2)}
    means = {one: np.mean([crps(sample, value) for value in figures]) for one, sample in said.items()}

    assert min(means, key=lambda one: means[one]) == (0, 1)
    assert means[0, 1] == pytest.approx(1 / math.sqrt(math.pi), rel=0.01)


def test_without_a_range_nothing_is_blurred() -> None:
    """No range, or one without width, leaves the runs as they are."""
    values = np.array([1.0, 5.0, 2.0])

    assert blurred(values, stock(3)) is values
    assert blurred(values, stock(3, 3, 3)) is values


def quantiles(found: np.ndarray, *levels: float) -> list[float]:
    """Return quantiles along the last axis of values of which each stands for the middle of its share."""
    return np.ravel(np.quantile(found, levels, axis=-1, method="hazen")).tolist()  # type: ignore[no-any-return]


def test_error_of_persons_is_a_factor_turned_round() -> None:
    """900 of at least 600 and at most 1,000: the figure is 1.5 times the truth in one case of 20, 0.9 in another.

    So what would be reported of 100 or of 200 is 90 or 180 at the 5 % quantile, and 150 or 300 at the 95 %.
    """
    found = blurred(np.array([100.0, 200.0]), stock(900, 600, 1000)).reshape(2, -1)

    assert np.median(found, axis=1).tolist() == pytest.approx([100, 200])
    assert quantiles(found, 0.95) == pytest.approx([150, 300], rel=0.005)
    assert quantiles(found, 0.05) == pytest.approx([90, 180], rel=0.005)
    middle = quantiles(np.log(found[0]), 0.75, 0.25)
    assert middle == pytest.approx(
        np.log(100) + np.log([1.5, 0.9]) * NORMAL.inv_cdf(0.75) / NORMAL.inv_cdf(0.95), rel=1e-3
    )


def test_error_of_a_share_is_a_shift_within_0_and_1() -> None:
    """0.8 of at least 0.7 and at most 0.85: reported is 0.05 less to 0.1 more than the truth, but no more than 1."""
    found = blurred(np.array([0.5, 0.99]), stock(0.8, 0.7, 0.85, "trust_in_forces")).reshape(2, -1)

    assert quantiles(found[0], 0.05, 0.5, 0.95) == pytest.approx([0.45, 0.5, 0.6], abs=1e-3)
    assert (np.median(found[1]), found[1].max()) == (pytest.approx(0.99), 1.0)
    assert found.min() >= 0


def test_error_down_to_nothing_is_a_shift() -> None:
    """Where the truth may be 0 no factor is possible: 4 of 0 to 6 shifts by 4 up and 2 down."""
    found = blurred(np.array([10.0]), stock(4, 0, 6))

    assert quantiles(found, 0.05, 0.5, 0.95) == pytest.approx([8, 10, 14], abs=0.05)


def test_blurs_are_fine_enough() -> None:
    """The score of one run of 1,000 with a small error is that of the normal in closed form, to a thousandth."""
    sd = 20 / NORMAL.inv_cdf(0.95)
    for value in (1000.0, 1020.0):
        z = (value - 1000) / sd
        closed = sd * (z * (2 * NORMAL.cdf(z) - 1) + 2 * NORMAL.pdf(z) - 1 / math.sqrt(math.pi))
        sample = blurred(np.array([1000.0 + 1e6]), stock(value + 1e6, value + 1e6 - 20, value + 1e6 + 20))
        assert crps(sample, value + 1e6) == pytest.approx(closed, rel=2e-3)


def test_row_by_hand() -> None:
    """Runs of 0 to 100 in steps of 10, a figure of 85, and a history of 70 and, ten days later, 80."""
    runs = np.arange(0.0, 101.0, 10.0)
    history = [stock(70, day=date(2025, 3, 11)), stock(80, day=date(2025, 3, 21))]
    row = score_one(stock(85), runs, history)

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
    assert (row.low_80, row.high_80, row.inside_80) == (pytest.approx(10), pytest.approx(90), True)
    assert (row.low_90, row.high_90, row.inside_90) == (pytest.approx(5), pytest.approx(95), True)
    pairs = sum(abs(a - b) for a in runs for b in runs) / 121
    assert row.crps == pytest.approx(sum(abs(runs - 85)) / 11 - pairs / 2)
    assert (row.persistence, row.persistence_crps) == (80, 5)
    assert (row.trend, row.trend_crps) == (pytest.approx(90), pytest.approx(5))
    assert row.best == "persistence"


def test_the_bounds_are_inside() -> None:
    """A figure on either bound of the half of the runs in the middle is inside it, one beyond is not."""
    runs = np.arange(0.0, 101.0, 10.0)

    assert [score_one(stock(value), runs, []).inside_50 for value in (24, 25, 75, 76)] == [False, True, True, False]


def test_best_is_the_least_and_a_tie_goes_to_the_simpler() -> None:
    """The model wins if it alone is right; if all are right persistence does; without a rule there is no contest."""
    history = [stock(80, day=date(2025, 3, 11)), stock(80, day=date(2025, 3, 21))]

    assert score_one(stock(90), np.array([89.0]), history).best == "model"
    assert score_one(stock(80), np.array([80.0]), history).best == "persistence"
    rising = [stock(70, day=date(2025, 3, 11)), stock(80, day=date(2025, 3, 21))]
    assert score_one(stock(90), np.array([89.0]), rising).best == "trend"
    assert score_one(stock(90), np.array([90.0]), []).best == ""


def test_a_figure_of_nothing_has_no_relative_bias() -> None:
    """A figure of 0 has a bias and none relative to it."""
    row = score_one(stock(0), np.array([3.0, 4.0]), [])

    assert (row.bias, row.relative_bias, row.absolute_error) == (3.5, None, 3.5)


@given(
    st.lists(st.integers(0, 10**5), min_size=1, max_size=20),
    st.integers(10, 10**5), st.integers(1, 9), st.integers(0, 10**4),
)  # fmt: skip
def test_doubling_everything_doubles_the_scores(values: list[int], value: int, low: int, more: int) -> None:
    """In another unit every number in that unit is twice as large, and what is inside or best stays."""
    runs, one = np.array(values, float), stock(value, low, value + more)
    history = [stock(20, day=date(2025, 3, 1)), stock(30, day=date(2025, 3, 9))]
    twice = [replace(each, value=2 * each.value) for each in history]
    row = score_one(one, runs, history)
    double = score_one(replace(one, value=2 * value, low=2 * low, high=2 * (value + more)), 2 * runs, twice)

    for name in ("median", "bias", "absolute_error", "crps", "low_90", "high_50", "persistence", "trend", "trend_crps"):
        assert getattr(double, name) == pytest.approx(2 * getattr(row, name), rel=1e-9, abs=1e-6)
    assert double.relative_bias == pytest.approx(row.relative_bias, abs=1e-9)


def test_summary_by_hand() -> None:
    """Three of members, one of trust without history: coverage, means, who is best, and all over its own figures."""
    runs = np.arange(0.0, 101.0, 10.0)
    history = [stock(70, day=date(2025, 1, 11)), stock(70, day=date(2025, 1, 21))]
    rows = [score_one(stock(value), runs, history) for value in (60, 85, 200)]
    other = score_one(stock(0.5, outcome="trust_in_forces"), np.array([0.25]), history)
    members, trust, every = summarise([rows[0], other, *rows[1:]])

    assert (members.outcome, members.unit, members.figures, members.compared) == ("gang_members", "persons", 3, 3)
    assert (members.inside_50, members.inside_80, members.inside_90) == pytest.approx((1 / 3, 2 / 3, 2 / 3))
    assert members.bias == pytest.approx((-10 - 35 - 150) / 3)
    assert members.relative_bias == pytest.approx((-10 / 60 - 35 / 85 - 150 / 200) / 3)
    assert members.crps == pytest.approx(sum(row.crps for row in rows) / 3)
    assert members.persistence_crps == members.trend_crps == pytest.approx((10 + 15 + 130) / 3)
    assert members.crps == pytest.approx((310 + 425 + 1650) / 33 - 20 * 10 / 11)
    assert members.best == every.best == "persistence"
    assert (trust.figures, trust.inside_90, trust.bias, trust.crps, trust.best) == (1, 0, -0.25, 0.25, "")
    assert (trust.persistence_crps, trust.trend_crps) == (None, None)
    assert (every.outcome, every.unit, every.figures, every.compared, every.bias) == ("all", "1", 4, 3, None)
    assert every.inside_80 == 2 / 4
    assert every.relative_bias == pytest.approx((-10 / 60 - 35 / 85 - 150 / 200 - 0.5) / 4)
    assert every.crps == pytest.approx(sum(row.crps / row.value for row in rows) / 3)
    assert every.persistence_crps == pytest.approx((10 / 60 + 15 / 85 + 130 / 200) / 3)


def test_figures_of_nothing_are_left_out_of_the_whole() -> None:
    """A lone figure of 0 is counted and has no relative score."""
    outcome, every = summarise([score_one(stock(0), np.array([3.0]), [])])

    assert (outcome.crps, outcome.compared, outcome.relative_bias) == (3, 1, None)
    assert (every.figures, every.compared, every.crps, every.best) == (1, 0, None, "")


def test_score_of_a_result(made_up: Make, nothing_ships: list[Figure]) -> None:
    """Runs of 1, 2, 3 and 4 kidnapped a day against 31 days; what ships and early rows are history, not scored."""
    result = made_up({"kidnapped": np.arange(1, 5)[None, :, None]})
    nothing_ships.append(Figure("kidnapped", date(2024, 10, 1), date(2024, 12, 31), 184, 184, 184, "persons", "UN"))
    january = Observation("kidnapped", date(2025, 1, 1), date(2025, 1, 31), 93)
    march = Observation("kidnapped", date(2025, 3, 1), DAY, 62)
    scores = score(result, [march, january])

    (row,) = scores.rows
    assert (row.start, row.median, row.bias) == (march.start, 77.5, 15.5)
    assert row.crps == pytest.approx((31 + 0 + 31 + 62) / 4 - 31 * (3 * 2 + 2 * 4 + 1 * 6) / 2 / 16)
    assert (row.persistence, row.persistence_crps) == (93, 31)
    slope = 1 / (date(2025, 1, 16).toordinal() - date(2024, 11, 15).toordinal() - 0.5)
    assert row.trend == pytest.approx(31 * (3 + slope * 59))
    assert (scores.origin, scores.notes) == (KNOWN_UNTIL, ())


def test_an_earlier_origin_scores_more_and_knows_less(made_up: Make) -> None:
    """With the origin before January its figure is scored and is no longer history, which is told."""
    january, march = stock(4, day=date(2025, 1, 10)), stock(5)
    scores = score(made_up(), [january, march], origin=date(2025, 1, 9))

    assert [row.value for row in scores.rows] == [4, 5]
    assert [row.persistence for row in scores.rows] == [None, None]
    assert scores.notes == ("members: no figure ends by 2025-01-09, so no persistence and no trend; add earlier rows",)
    later = score(made_up(), [january, march])
    assert [row.persistence for row in later.rows] == [4]
    assert later.notes == ("members: only one date has figures by 2025-01-31, so no trend; add earlier rows",)


def test_a_period_that_ends_after_the_origin_is_scored_whole(made_up: Make) -> None:
    """The first quarter begins before the end of January and is scored on all of its 90 days."""
    scores = score(made_up({"kidnapped": 2}), [Observation("kidnapped", date(2025, 1, 1), DAY, 180)])

    assert [(row.median, row.crps) for row in scores.rows] == [(180, 0)]


def test_a_user_corrects_what_ships(made_up: Make, nothing_ships: list[Figure]) -> None:
    """A row of the same outcome and days stands in the place of the figure that ships."""
    day = date(2024, 12, 31)
    nothing_ships.append(Figure("gang_members", day, day, 100, 100, 100, "persons", "UN"))

    assert score(made_up(), [stock(5)]).rows[0].persistence == 100
    assert score(made_up(), [stock(5), stock(70, day=day)]).rows[0].persistence == 70


def test_what_cannot_be_scored_is_told(made_up: Make) -> None:
    """Observations built in code are held to the result's outcomes and days, all at once; none at all is a mistake."""
    with pytest.raises(InputError) as caught:
        score(made_up(), [stock(1, outcome="officers_deployed"), stock(1, day=date(2030, 1, 1)), stock(1)])
    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].startswith("strength, 2025-03-31 to 2025-03-31: is nothing that ")
    with pytest.raises(InputError, match="no figure ends after 2025-01-31, so there is nothing to score"):
        score(made_up(), [stock(1, day=date(2025, 1, 31))])


def test_files_and_document_read_back(made_up: Make, tmp_path: Path) -> None:
    """A table scored, saved and read back says what the rows say; JSON holds the same, with null for nothing."""
    table = tmp_path / "later.csv"
    table.write_text(
        "date,outcome,value,low,high\n2025-03-31,members,5,4,8\n2025-03-31,trust,0.5,,\n", encoding="utf-8"
    )
    result = made_up({"gang_members": np.arange(4)[None, :, None], "trust_in_forces": 0.25})
    scores = score(result, read_observations(table, result))
    folder = scores.save(tmp_path / "new" / "scores")

    with (folder / "scores.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with (folder / "scores_summary.csv").open(encoding="utf-8", newline="") as stream:
        summary = list(csv.DictReader(stream))
    assert list(rows[0]) == [field.name for field in fields(Row)]
    assert list(summary[0]) == [field.name for field in fields(Summary)]
    assert [(row["outcome"], row["start"], row["value"], row["low"], row["runs"]) for row in rows] == [
        ("gang_members", "2025-03-31", "5", "4", "4"), ("trust_in_forces", "2025-03-31", "0.5", "", "4"),
    ]  # fmt: skip
    assert (rows[1]["median"], rows[1]["inside_90"], rows[1]["trend"], rows[1]["crps"]) == ("0.25", "0", "", "0.25")
    assert float(rows[0]["crps"]) == pytest.approx(scores.rows[0].crps, abs=1e-6)
    assert [row["outcome"] for row in summary] == ["gang_members", "trust_in_forces", "all"]

    document = json.loads(json.dumps(scores.document(), allow_nan=False))
    assert document == scores.document()
    assert (document["scenario"], document["origin"]) == ("baseline", "2025-01-31")
    assert (document["rows"][1]["start"], document["rows"][1]["persistence"]) == ("2025-03-31", None)
    assert document["summary"][2]["figures"] == 2
    assert len(document["notes"]) == 2
    assert score(result, read_observations(table, result)).document() == document


def test_failed_runs_say_nothing(made_up: Make) -> None:
    """Only the runs that finished are scored, and their number is told."""
    given = {"gang_members": np.array([10, 20, 30, 9000])[None, :, None]}
    (row,) = score(made_up(given, failed={(0, 3): "x"}), [stock(20)]).rows

    assert (row.runs, row.median, row.high_90) == (3, 20, 29)
