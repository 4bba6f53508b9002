"""Sentences of the answers: these numbers give exactly these words."""

from collections.abc import Callable

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.analysis.measures import Headline
from teritwa.engine.formatting import format_amount
from teritwa.report.answer_sentences import (
    baseline_sentence,
    control_sentence,
    difference_cell,
    pair_shares,
    parametric_sentence,
    summary_sentences,
    uncertainty_sentences,
)

Rows = Callable[..., ComparisonRow]


def test_uncertainty_by_hand(row: Rows) -> None:
    """Every number of the sentences is that of the row, shares as points, and no others stand."""
    assert pair_shares(row()) == (
        "lower in 51.5 % of 200 pairs, the same in 37.5 %, higher in 11 %"
    )
    assert uncertainty_sentences(row()) == (
        "The difference is −0.3 points in the median pair and −12.4 to +1.7 points in 90 % of "
        "pairs; twice as many runs would move these ends by some 2.4 points; its mean is −0.2 "
        "points (95 % interval −0.4 to +0.1 points). 63 % of the variance between pairs comes from "
        "numbers that nobody knows, the rest from chance."
    )


def test_what_is_unknown_is_left_out(row: Rows) -> None:
    """Too few groups give neither the error of the ends nor a parametric share."""
    nan = float("nan")
    unknown = row(interval_mc_error=nan, difference_parametric_share=nan)
    fixed = row(interval_mc_error=0.0, difference_parametric_share=nan)
    assert uncertainty_sentences(unknown).endswith("(95 % interval −0.4 to +0.1 points).")
    assert "twice as many runs would hardly move these ends;" in uncertainty_sentences(fixed)
    assert parametric_sentence(nan, "runs") == ""


def test_control_by_hand() -> None:
    """The headline's three numbers, its day in words, and its parametric share."""
    headline = Headline("gang_control_capital", "2025-12-31", "1", 0.6457, 0.8096, 0.8731, 0.84)
    assert control_sentence(headline) == (
        "gangs hold 81.0 % of the capital's people on 31 December 2025 in the median run, and "
        "between 64.6 % and 87.3 % in 90 % of runs. 84 % of the variance between runs comes from "
        "numbers that nobody knows, the rest from chance."
    )


def test_summary_by_hand(row: Rows) -> None:
    """The first day, the baseline, the span of the others, and the largest median difference."""
    second = row(scenario="b", scenario_median=0.82, difference_median=0.012)
    rows = [row(scenario="a"), second]
    low = format_amount(min(one.scenario_median for one in rows), "1")
    before = format_amount(rows[0].baseline_median, "1")
    text = summary_sentences(0.8, rows, "baseline")
    assert text.startswith(
        "Gangs hold 80.0 % of the capital's people on the first day; on the last, in the median "
        "run, "
    )
    assert f"{before} under baseline and {low} to 82.0 % under the other scenarios" in text
    assert "no scenario lies further than 1.2 points from baseline in its median pair" in text
    assert "under the other scenario. " in summary_sentences(0.8, rows[:1], "baseline")


def test_beside_the_baseline_by_hand(row: Rows) -> None:
    """A verdict in words, its pairs and its median difference; in a table the numbers alone."""
    assert baseline_sentence(row(), "baseline") == (
        "Beside baseline that is more often lower than higher (lower in 51.5 % of 200 pairs, the "
        "same in 37.5 %, higher in 11 %), by −0.3 points in the median pair."
    )
    assert difference_cell(row()) == "−0.3 points (51.5 / 37.5 / 11)"


def test_chance_alone_is_said_plainly() -> None:
    """Where no variance is parametric the page does not say that all is known."""
    assert parametric_sentence(0.004, "pairs") == (
        " None of the variance between pairs can be put down to numbers that nobody knows; it is "
        "chance."
    )
