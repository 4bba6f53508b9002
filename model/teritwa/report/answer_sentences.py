"""Sentences of the answers: every number comes from a comparison or from headline measures."""

from collections.abc import Sequence
from math import isfinite

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.analysis.measures import Headline
from teritwa.engine.formatting import (
    format_amount,
    format_change,
    format_change_range,
    format_percent,
    format_period,
    format_share,
)
from teritwa.report.cautions import sign_disagreement
from teritwa.report.verdicts import HIGHER, LOWER, verdict_phrase


def summary_sentences(day_0: float, rows: Sequence[ComparisonRow], baseline: str) -> str:
    """Return two sentences on how far scenarios lie apart in gang control of the capital.

    Args:
        day_0: The share of the capital's people that gangs hold on day 0 of the baseline.
        rows: The comparison of each scenario with the baseline in gang control.
        baseline: The name of the baseline.

    Returns:
        The sentences.
    """
    medians = [row.scenario_median for row in rows]
    ends = sorted({format_amount(value, "1") for value in (min(medians), max(medians))})
    largest = max(abs(row.difference_median) for row in rows)
    return (
        f"Gangs hold {format_amount(day_0, '1')} of the capital's people on the first day; on the "
        f"last, in the median run, {format_amount(rows[0].baseline_median, '1')} under {baseline} "
        f"and {' to '.join(ends)} under the other "
        f"{'scenarios' if len(rows) > 1 else 'scenario'}. Run against run, no scenario lies "
        f"further than {format_change(largest, '1').removeprefix('+')} from {baseline} in its "
        "median pair; how far in others, and how often, is told below."
    )


def baseline_sentence(row: ComparisonRow, baseline: str) -> str:
    """Return a sentence on how a scenario compares with the baseline in one measure."""
    return (
        f"Beside {baseline} that is {verdict_phrase(row)} ({pair_shares(row)}), by "
        f"{format_change(row.difference_median, row.unit)} in the median pair."
    )


def difference_cell(row: ComparisonRow) -> str:
    """Return the cell of a table: median difference, and the per cent of pairs of each sign."""
    shares = percent_cell((row.lower_share, row.equal_share, row.higher_share))
    return f"{format_change(row.difference_median, row.unit)} ({shares})"


def percent_cell(shares: Sequence[float]) -> str:
    """Return shares in per cent for a cell of a table, without the sign."""
    return " / ".join(format_share(share).removesuffix(" %") for share in shares)


def control_sentence(headline: Headline) -> str:
    """Return a sentence on the share of the capital that gangs hold on the last day."""
    low, median, high = (
        format_amount(value, headline.unit)
        for value in (headline.low, headline.median, headline.high)
    )
    return (
        f"gangs hold {median} of the capital's people on {format_period(headline.when)} in the "
        f"median run, and between {low} and {high} in 90 % of runs."
        f"{parametric_sentence(headline.parametric_share, 'runs')}"
    )


def parametric_sentence(share: float, of: str) -> str:
    """Return a sentence on how much of a variance comes from unknown parameters.

    Args:
        share: The parametric share of the variance; not a number where it is unknown.
        of: What varies: runs or pairs.

    Returns:
        The sentence with a space before it; an empty text where the share is unknown.
    """
    if not isfinite(share):
        return ""
    if round(100 * share) == 0:
        return (
            f" None of the variance between {of} can be put down to numbers that nobody knows; "
            "it is chance."
        )
    return (
        f" {format_percent(share)} of the variance between {of} comes from numbers that nobody "
        "knows, the rest from chance."
    )


def pair_shares(row: ComparisonRow) -> str:
    """Return in how many pairs a scenario is lower, the same and higher."""
    return (
        f"{LOWER} in {format_share(row.lower_share)} of {row.pairs} pairs, the same in "
        f"{format_share(row.equal_share)}, {HIGHER} in {format_share(row.higher_share)}"
    )


def uncertainty_sentences(row: ComparisonRow) -> str:
    """Return sentences on the size of a difference and its uncertainty."""
    interval = format_change_range(row.difference_q05, row.difference_q95, row.unit)
    mean = format_change(row.mean_difference, row.unit)
    bounds = format_change_range(row.mean_low, row.mean_high, row.unit)
    disagreement = sign_disagreement(row)
    return (
        f"The difference is {format_change(row.difference_median, row.unit)} in the median pair "
        f"and {interval} in 90 % of pairs{_monte_carlo_error(row)}; its mean is {mean} (95 % "
        f"interval {bounds}).{f' {disagreement}' if disagreement else ''}"
        f"{parametric_sentence(row.difference_parametric_share, 'pairs')}"
    )


def _monte_carlo_error(row: ComparisonRow) -> str:
    """Return how far the interval of a difference would move with more runs, where it is known."""
    if not isfinite(row.interval_mc_error):
        return ""
    error = format_change(row.interval_mc_error, row.unit)
    if not error.startswith("+"):
        return "; twice as many runs would hardly move these ends"
    return f"; twice as many runs would move these ends by some {error.removeprefix('+')}"


GLOSSARY = (
    (
        "to hold",
        "gangs hold a district on a day when they have at least half of the influence there",
    ),
    ("the capital", "the districts of the metropolitan area, weighed by their residents of 2015"),
    ("killed", "everybody killed by violence in the model: civilians, gang members and officers"),
    ("displaced", "people who fled their homes and have not returned, by the end of the day"),
    (
        "a pair",
        "a run of each of two scenarios with the same chance and the same numbers that nobody "
        "knows",
    ),
    ("a median", "the value in the middle: half of the runs, or pairs, lie below it"),
    (
        "cleared",
        "a district whose gang was driven into hiding; recaptured if it comes back within 30 days",
    ),
    (
        "able to operate",
        "those of the deployed officers whom pay and vehicles that work allow to go out",
    ),
    (
        "chance",
        "what differs from run to run although all numbers are the same; votes and dates of "
        "events are part of it",
    ),
    (
        "a name with S or F and a number",
        "a source, or a figure, in the tables that come with the model",
    ),
)
"""What words of the page mean, for the reader."""
