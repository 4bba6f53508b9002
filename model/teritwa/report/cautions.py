"""What a reader must know beside a number, lest it mislead: sentences for page, terminal, guide."""

import math

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.analysis.recapture import prior_share, return_delay, return_hazard
from teritwa.engine.formatting import format_change, format_change_range, format_exact, format_share

MEDIANS = (
    "A difference is taken run against run. The median of the differences is not the difference "
    "of the two medians; the mean of the differences is the difference of the two means."
)
"""Why two medians and the median difference do not add up."""


ROUNDING = 1e-6
"""Largest mean difference that numbers stored in 32 bits leave where there is none."""

FEW = 10
"""Clearings below which their recaptured share tells nothing: a definition."""


def sign_disagreement(row: ComparisonRow) -> str:
    """Return a sentence where median and mean difference have different signs.

    Both numbers stand beside it, in a table or a sentence, so that it does not repeat them.

    Args:
        row: The comparison of one scenario with the baseline in one measure.

    Returns:
        The sentence; an empty text where both are negative, both zero or both positive.
    """
    mean = row.mean_difference if abs(row.mean_difference) > ROUNDING else 0.0
    if _sign(row.difference_median) == _sign(mean):
        return ""
    reason = "lower and higher pairs cancel in the mean"
    if mean:
        reason = f"the pairs in which it is {'lower' if mean < 0 else 'higher'} outweigh the others"
    return f"Median and mean disagree: {reason}."


def _sign(value: float) -> int:
    """Return -1, 0 or 1."""
    return int(math.copysign(1, value)) if value else 0


def recapture_caution(share: float, low: float, high: float, clearings: float) -> str:
    """Return sentences on how far the recaptured share repeats the assumptions.

    It is a prior read back only where its interval includes what the priors give by themselves.

    Args:
        share: The share of the baseline's clearings that was recaptured within 30 days; not a
            number if nothing was cleared.
        low: Lower end of its 95 % interval.
        high: Upper end of its 95 % interval.
        clearings: How many clearings there were.
    """
    ranges = (
        f"{one.name} ({format_exact(one.low)} to {format_exact(one.high)} "
        f"{one.unit.removeprefix('1 ')})"
        for one in (return_hazard(), return_delay())
    )
    alone = prior_share()
    priors = (
        f"The declared ranges of {' and '.join(ranges)} give {format_share(alone)} recaptured "
        "within 30 days by themselves, where one crew hides and no officer stays at night."
    )
    if math.isnan(share):
        return priors
    if clearings < FEW:
        return (
            f"{priors} The baseline has too few clearings to compare: {clearings:.0f} in all runs."
        )
    interval = format_change_range(low - alone, high - alone, "1")
    more = f"{format_change(share - alone, '1')} (95 % interval {interval})"
    return f"{priors} The baseline has {format_share(share)}: {more}, {_reason(low, high, alone)}."


def _reason(low: float, high: float, alone: float) -> str:
    """Return what the difference between the recaptured share and that of the priors means."""
    if low > alone:
        return "because several crews may come back to one place"
    if high < alone:
        return "because those who stay by night keep crews away"
    return "so that the share is a prior read back, and not a finding"
