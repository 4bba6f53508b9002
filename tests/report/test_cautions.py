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


def test_recapture_names_the_ranges_and_what_they_give() -> None:
    """The number of the priors stands beside the two parameters that it comes from."""
    assert (
        "ranges of night_posture.return_hazard (0.01 to 0.2 per day) and "
        "night_posture.return_delay (1 to 21 days) give 63.7 % by themselves"
    ) in recapture_caution()
