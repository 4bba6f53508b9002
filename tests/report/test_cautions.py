"""Sentences that keep a number from misleading: they stand where they must, and nowhere else."""

import math
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


PRIORS = (
    "The declared ranges of night_posture.return_hazard (0.01 to 0.2 per day) and "
    "night_posture.return_delay (1 to 21 days) give 63.7 % recaptured within 30 days by "
    "themselves, where one crew hides and no officer stays at night."
)


@pytest.mark.parametrize(
    ("share", "low", "high", "said"),
    [
        (
            0.7446,
            0.6825,
            0.8067,
            " The baseline has 74.5 %: +10.8 points (95 % interval +4.6 to +17.0 points), because "
            "several crews may come back to one place.",
        ),
        (
            0.5,
            0.4,
            0.6,
            " The baseline has 50 %: −13.7 points (95 % interval −23.7 to −3.7 points), because "
            "those who stay by night keep crews away.",
        ),
        (
            0.65,
            0.55,
            0.75,
            " The baseline has 65 %: +1.3 points (95 % interval −8.7 to +11.3 points), so that the "
            "share is a prior read back, and not a finding.",
        ),
        (math.nan, math.nan, math.nan, ""),
    ],
)
def test_the_recaptured_share_is_a_prior_read_back_only_near_it(
    share: float, low: float, high: float, said: str
) -> None:
    """The difference from what the priors give is said with its interval and what it means.

    Only where the interval includes 0 is the share called a prior read back. Without a clearing
    the priors stand alone.
    """
    assert recapture_caution(share, low, high, 10) == PRIORS + said


def test_few_clearings_tell_nothing() -> None:
    """Nine clearings in all runs have no interval worth reading, and none is given."""
    said = " The baseline has too few clearings to compare: 9 in all runs."
    assert recapture_caution(0.0, 0.0, 0.0, 9) == PRIORS + said
