"""What a reader must know beside a number, lest it mislead: sentences for page, terminal, guide."""

import math

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.analysis.recapture import prior_share, return_delay, return_hazard
from teritwa.engine.formatting import format_exact, format_share

MEDIANS = (
    "A difference is taken run against run. The median of the differences is not the difference "
    "of the two medians; the mean of the differences is the difference of the two means."
)
"""Why two medians and the median difference do not add up."""


def sign_disagreement(row: ComparisonRow) -> str:
    """Return a sentence where median and mean difference have different signs.

    Both numbers stand beside it, in a table or a sentence, so that it does not repeat them.

    Args:
        row: The comparison of one scenario with the baseline in one measure.

    Returns:
        The sentence; an empty text where both are negative, both zero or both positive.
    """
    mean = row.mean_difference
    if _sign(row.difference_median) == _sign(mean):
        return ""
    reason = "lower and higher pairs cancel in the mean"
    if mean:
        reason = f"the pairs in which it is {'lower' if mean < 0 else 'higher'} outweigh the others"
    return f"Median and mean disagree: {reason}."


def _sign(value: float) -> int:
    """Return -1, 0 or 1."""
    return int(math.copysign(1, value)) if value else 0


def recapture_caution() -> str:
    """Return sentences on the assumptions that the recaptured share repeats."""
    ranges = (
        f"{one.name} ({format_exact(one.low)} to {format_exact(one.high)} "
        f"{one.unit.removeprefix('1 ')})"
        for one in (return_hazard(), return_delay())
    )
    return (
        "The share recaptured within 30 days is a prior read back and not a finding: the declared "
        f"ranges of {' and '.join(ranges)} give {format_share(prior_share())} by themselves, where "
        "no officer stays at night."
    )
