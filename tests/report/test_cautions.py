"""Sentences that keep a number from misleading: they stand where they must, and nowhere else."""

from collections.abc import Callable

import pytest

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.report.cautions import recapture_caution, sign_disagreement

Rows = Callable[..., ComparisonRow]


@pytest.mark.parametrize(
    ("median", "mean", "words"),
    [
        (-0.003, 0.021, "the pairs in which it is higher outweigh the others."),
        (0.003, -0.021, "the pairs in which it is lower outweigh the others."),
        (0.0, 0.021, "the pairs in which it is higher outweigh the others."),
        (0.003, 0.0, "lower and higher pairs cancel in the mean."),
        (-0.003, -0.021, ""),
        (0.003, 0.021, ""),
        (0.0, 0.0, ""),
    ],
)
def test_a_sentence_stands_where_the_signs_differ(
    row: Rows, median: float, mean: float, words: str
) -> None:
    """Opposite signs, and zero beside a number, are said; equal signs need no word.

    The numbers themselves stand beside the sentence and are not said again.
    """
    found = sign_disagreement(row(difference_median=median, mean_difference=mean))
    assert found == (f"Median and mean disagree: {words}" if words else "")


def test_recapture_names_the_range_and_what_it_gives() -> None:
    """The number of the prior stands beside the parameter that it comes from."""
    text = recapture_caution()
    assert "night_posture.return_hazard (0.01 to 0.6 per day) gives 77.9 % by itself" in text
