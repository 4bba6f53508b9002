"""Tests of the paired comparison against numbers worked out by hand."""

import csv
import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.analysis.compare import Comparison, compare
from teritwa.analysis.comparison_row import ComparisonRow, comparison_row, interval_mc_error
from teritwa.analysis.measures import HEADLINE_MEASURES, SHOWN, period_of
from teritwa.ensemble.result import Result, ResultError

Make = Callable[..., Result]


def row_of(comparison: Comparison, outcome: str) -> ComparisonRow:
    """Return the only row of an outcome."""
    (row,) = [row for row in comparison.rows if row.outcome == outcome]
    return row


def pair(made_up: Make, outcome: str, before: list[float], after: list[float]) -> Comparison:
    """Compare two results that differ in one outcome: a value a run, the same on every day."""
    shape = (1, len(before), 1)
    base = made_up({outcome: np.reshape(before, shape)}, replicates=len(before))
    other = made_up(
        {outcome: np.reshape(after, shape)},
        replicates=len(after),
        id="policy",
        compare_with="baseline",
    )
    return compare([base, other])


def test_paired_difference_by_hand(made_up: Make) -> None:
    """Each field is that of the differences -1, -3, 0 and +2, worked out by hand."""
    row = row_of(pair(made_up, "towns_lost", [10, 20, 30, 40], [9, 17, 30, 42]), "towns_lost")

    assert (row.scenario, row.when, row.unit, row.pairs) == ("policy", "2026-01-02", "districts", 4)
    assert (row.baseline_median, row.scenario_median, row.difference_median) == (25, 23.5, -0.5)
    assert (row.difference_q05, row.difference_q95) == pytest.approx((-3 + 0.15 * 2, 0 + 0.85 * 2))
    assert row.mean_difference == -0.5
    sd = math.sqrt((0.5**2 + 2.5**2 + 0.5**2 + 2.5**2) / 3)
    half = 3.182446305 * sd / 2
    assert (row.mean_low, row.mean_high) == pytest.approx((-0.5 - half, -0.5 + half))
    assert (row.lower_share, row.equal_share, row.higher_share) == (0.5, 0.25, 0.25)
    assert row.sd_paired == pytest.approx(sd)
    unpaired = (500 + (15.5**2 + 7.5**2 + 5.5**2 + 17.5**2)) / 3
    assert row.sd_unpaired == pytest.approx(math.sqrt(unpaired))
    assert row.variance_reduction_factor == pytest.approx(unpaired / sd**2)


def test_notebook_shows_what_the_table_has(made_up: Make) -> None:
    """A notebook shows medians, the paired difference and the shares of pairs, in per cent."""
    shown = pair(
        made_up, "gang_control_capital", [0.5, 0.5, 0.5, 0.5], [0.375, 0.5, 0.375, 0.625]
    )._repr_html_()

    numbers = ("50.0", "43.8", "-6.25", "-12.5 to 10.6", "50%", "25%", "25%")
    assert "".join(f"<td>{number}</td>" for number in numbers) in shown
    assert shown.count("<tr>") == 1 + SHOWN


def test_officers_are_those_of_the_mission(made_up: Make) -> None:
    """Contingents of the mission are added up, and the Haitian police is not among them."""
    base = made_up({"officers_deployed": np.array([5000, 400, 0])})
    other = made_up({"officers_deployed": np.array([0, 400, 24])}, id="policy")
    row = row_of(compare([base, other]), "officers_deployed, mission")

    assert (row.baseline_median, row.scenario_median, row.higher_share) == (400, 424, 1.0)


def test_a_fuller_fund_is_higher_and_not_better(made_up: Make) -> None:
    """A fund that is fuller in every pair is higher; no column or field judges it."""
    base, other = made_up({"fund_balance": 1e6}), made_up({"fund_balance": 2e6}, id="policy")
    row = row_of(compare([base, other]), "fund_balance")

    assert (row.lower_share, row.equal_share, row.higher_share) == (0, 0, 1)
    assert not {"better", "worse"} & {word for name in asdict(row) for word in name.split("_")}


def test_year_measures_cover_the_last_whole_year(made_up: Make) -> None:
    """From 30 December 2024 to 2 January 2026 the year is 2025, with two killed on 365 days."""
    killed = np.zeros((1, 1, 1, 6, 3))
    killed[..., 0, 0], killed[..., 1, 1] = 1, 1
    rows = compare([made_up(), made_up({"killed": killed}, id="policy")])

    assert (row_of(rows, "killed").when, row_of(rows, "killed").scenario_median) == ("2025", 730)
    assert row_of(rows, "killed, civilians").scenario_median == 365


def test_equal_scenarios_tie_in_every_pair(made_up: Make) -> None:
    """If nothing differs, every pair is a tie and pairing neither saves nor costs replicates."""
    row = row_of(pair(made_up, "displaced", [5, 5, 5], [5, 5, 5]), "displaced")

    assert (row.lower_share, row.equal_share, row.higher_share) == (0, 1, 0)
    assert math.isnan(row.variance_reduction_factor)


def test_constant_difference_saves_all_replicates(made_up: Make) -> None:
    """If runs vary and their difference does not, one pair would be enough."""
    row = row_of(pair(made_up, "displaced", [5, 6, 7], [4, 5, 6]), "displaced")

    assert row.variance_reduction_factor == math.inf
    assert (row.mean_low, row.mean_high) == (-1, -1)


def test_only_runs_that_both_finished_are_pairs(made_up: Make) -> None:
    """Run 1 failed in one scenario and run 2 in the other: runs 0 and 3 are left as pairs."""
    base = made_up({"displaced": np.array([10, 20, 30, 40])[None, :, None]}, failed={(0, 1): "x"})
    other = made_up(
        {"displaced": np.array([11, 21, 31, 43])[None, :, None]}, failed={(0, 2): "x"}, id="policy"
    )
    row = row_of(compare([base, other]), "displaced")

    assert (row.pairs, row.difference_median, row.baseline_median) == (2, 2.0, 25.0)


def test_common_days_only(made_up: Make) -> None:
    """A shorter scenario is compared on its own last day."""
    falling = np.arange(369, 0, -1)
    base = made_up({"displaced": falling})
    short = made_up({"displaced": falling[:12]}, id="short", end=base.dates[11].item())
    row = row_of(compare([base, short]), "displaced")

    assert (row.when, row.baseline_median, row.equal_share) == ("2025-01-10", 358, 1.0)


def test_baseline_is_the_one_that_others_name(made_up: Make) -> None:
    """Unless it is named, the baseline is what the others' compare_with says, else the first."""
    one = made_up(id="one", compare_with="two")
    two, three = made_up(id="two"), made_up(id="three")

    assert compare([one, two]).baseline is two
    assert compare([three, two]).baseline is three
    assert compare([one, two, three], baseline="three").baseline is three


def test_results_that_are_no_pairs_are_refused(made_up: Make) -> None:
    """Another seed, world, start or version is named for each result, with what each has."""
    base = made_up()
    other = made_up(id="policy", seed=8, world="Elsewhere")

    with pytest.raises(ResultError) as raised:
        compare([base, other])
    assert [problem.split(": ")[2].split(" is ")[0] for problem in raised.value.problems] == [
        "seed",
        "world",
    ]
    assert "seed is 8, not 7" in raised.value.problems[0]


@pytest.mark.parametrize(
    ("ids", "baseline", "words"),
    [
        (["one"], None, "needs at least two"),
        (["one", "one"], None, "two results are of one scenario"),
        (["one", "two"], "three", "'three': is not among the results (one, two)"),
    ],
)
def test_what_cannot_be_compared(
    made_up: Make, ids: list[str], baseline: str | None, words: str
) -> None:
    """Too few results, one scenario twice and an absent baseline each give one clear line."""
    with pytest.raises(ResultError) as raised:
        compare([made_up(id=name) for name in ids], baseline)
    assert words in str(raised.value)


def test_too_few_pairs_are_refused(made_up: Make) -> None:
    """With a single common run there is no spread to judge a difference by."""
    failed = {(0, replicate): "x" for replicate in (1, 2, 3)}

    with pytest.raises(ResultError, match="fewer than two finished runs"):
        compare([made_up(), made_up(failed=failed, id="policy")])


def test_saved_table_reads_back(made_up: Make, tmp_path: Path) -> None:
    """CSV and JSON hold every row; a ratio without a value is nan in one and null in the other."""
    comparison = pair(made_up, "displaced", [5, 5, 5], [4, 5, 6])
    folder = comparison.save(tmp_path / "comparison")

    with (folder / "comparison.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["outcome"] for row in rows] == [row.outcome for row in comparison.rows]
    document = json.loads((folder / "comparison.json").read_text())
    assert document["baseline"] == "baseline"
    place = [row.outcome for row in comparison.rows].index("fund_balance")
    assert (
        rows[place]["variance_reduction_factor"],
        document["rows"][place]["variance_reduction_factor"],
    ) == (
        "nan",
        None,
    )
    place = [row.outcome for row in comparison.rows].index("displaced")
    assert float(rows[place]["sd_paired"]) == document["rows"][place]["sd_paired"] == 1.0


COUNTS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=12)


@given(pairs=COUNTS)
def test_swapping_scenarios_changes_every_sign(pairs: list[tuple[int, int]]) -> None:
    """Swapping scenario and baseline swaps lower and higher and the sign of every difference."""
    before, after = np.array(pairs, float).T
    measure = next(measure for measure in HEADLINE_MEASURES if measure.name == "towns_lost")
    period, draws = (
        period_of(np.arange("2024-01-01", "2024-01-05", dtype="datetime64[D]")),
        np.zeros(len(pairs), int),
    )
    there = comparison_row("a", measure, period, before, after, draws)
    back = comparison_row("a", measure, period, after, before, draws)

    assert (there.lower_share, there.equal_share, there.higher_share) == (
        back.higher_share,
        back.equal_share,
        back.lower_share,
    )
    assert there.lower_share + there.equal_share + there.higher_share == pytest.approx(1)
    assert there.difference_median == pytest.approx(-back.difference_median)
    assert (there.difference_q05, there.mean_low) == pytest.approx(
        (-back.difference_q95, -back.mean_high)
    )
    assert there.mean_low <= there.mean_difference <= there.mean_high
    assert there.variance_reduction_factor == pytest.approx(
        back.variance_reduction_factor, nan_ok=True
    )


def test_mc_error_by_hand() -> None:
    """Halves of 0, 10, 20, 30 are (0, 10) to (30, 0); all have the ends 1.5 and 28.5."""
    lows, highs = np.array([0.5, 10.5, 20.5, 1.5]), np.array([9.5, 19.5, 29.5, 28.5])
    expected = max(((lows - 1.5) ** 2).mean(), ((highs - 28.5) ** 2).mean()) ** 0.5
    assert interval_mc_error(np.array([0.0, 10.0, 20.0, 30.0]), np.zeros(4, int)) == pytest.approx(
        expected / 2**0.5
    )


def test_mc_error_keeps_draws_whole() -> None:
    """Replicates of a draw stay together, so doubling them changes little; one draw is split."""
    values = np.array([0.0, 10.0, 20.0, 30.0])
    alone = interval_mc_error(values, np.arange(4))
    assert interval_mc_error(np.repeat(values, 2), np.repeat(np.arange(4), 2)) == pytest.approx(
        alone, rel=0.25
    )
    assert interval_mc_error(values, np.zeros(4, int)) == alone


@pytest.mark.parametrize("count", [2, 3])
def test_few_runs_have_no_mc_error(count: int) -> None:
    """Halves of fewer than two runs have no quantiles to compare."""
    assert math.isnan(interval_mc_error(np.arange(float(count)), np.arange(count)))


def test_mc_error_predicts_how_far_the_ends_move() -> None:
    """Over 200 samples of 100 runs, the ends move as predicted, within a quarter, with 100 more."""
    random = np.random.default_rng(7)  # noqa: TID251  # a sample to test an estimate with
    predicted, moves = [], []
    for _ in range(200):
        values = random.normal(size=200)
        predicted.append(interval_mc_error(values[:100], np.arange(100)))
        ends = [np.quantile(values[:n], [0.05, 0.95]) for n in (100, 200)]
        moves.append(ends[1] - ends[0])
    assert np.mean(predicted) == pytest.approx(float(np.sqrt(np.mean(np.square(moves)))), rel=0.25)


def test_folders_stand_for_their_results(made_up: Make) -> None:
    """A folder of results alone, and the folder of each, compare as the results do."""
    first, second = made_up(), made_up(id="policy")
    compared = compare([first, second]).csv()

    assert compare(first.path.parent).csv() == compared
    assert compare(str(first.path.parent)).csv() == compared
    assert compare([first.path, str(second.path)]).csv() == compared


def test_one_result_alone_is_too_few(made_up: Make) -> None:
    """It is not taken for a list of its parts."""
    with pytest.raises(ResultError, match=r"^1 result: a comparison needs at least two"):
        compare(made_up())
