"""Verdicts on differences between scenarios: a few words by fixed rules on shares of pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.engine.formatting import format_amount, format_list, format_percent

ALMOST_ALWAYS, USUALLY, MORE_OFTEN_THAN_NOT = 0.9, 0.66, 0.55
"""Shares of pairs from which the verdicts of these names hold."""

ASYMMETRY = 1.5
"""Below these shares, one side counts as more frequent with this many times the other's pairs."""

NEGLIGIBLE = {"1": 0.01, "districts": 0.5}
"""Largest negligible difference by unit: one point, half a district."""

NEGLIGIBLE_SHARE = 0.01
"""Largest negligible difference in other units, as a share of the baseline's median."""

FEW_PAIRS = 30
"""With fewer pairs the verdicts mean little, and the page warns of it."""

LOWER, HIGHER = "lower", "higher"


@dataclass(frozen=True, slots=True)
class KeyOutcome:
    """An outcome that the page answers for: its name in a comparison, and its heading."""

    outcome: str
    heading: str


KEY_OUTCOMES = (
    KeyOutcome("gang_control_capital", "Share of the capital's people under gangs"),
    KeyOutcome("towns_lost", "Districts outside the capital lost to gangs"),
    KeyOutcome("killed", "Number of people killed"),
    KeyOutcome("displaced", "Number of people displaced"),
)
"""The outcomes of the answers, in their order."""


def verdict_phrase(row: ComparisonRow) -> str:
    """Return the verdict on a difference in a few words.

    Args:
        row: The comparison of one scenario with the baseline in one measure.

    Returns:
        A phrase such as "usually lower", by the rules that `VERDICT_RULES` describes.
    """
    if row.equal_share == 1:
        return "exactly the same"
    if is_negligible(row):
        return "hardly any different"
    lower, higher = row.lower_share, row.higher_share
    frequent, rare = (LOWER, HIGHER) if lower >= higher else (HIGHER, LOWER)
    if max(lower, higher) >= MORE_OFTEN_THAN_NOT:
        return _clear_verdict(max(lower, higher), frequent)
    return _mixed_verdict(row, frequent, rare)


def _clear_verdict(share: float, side: str) -> str:
    """Return the verdict where more than half of the pairs lie on one side."""
    if share >= ALMOST_ALWAYS:
        return f"almost always {side}"
    return f"usually {side}" if share >= USUALLY else f"{side} more often than not"


def _mixed_verdict(row: ComparisonRow, frequent: str, rare: str) -> str:
    """Return the verdict where neither side has more than half of the pairs."""
    if row.equal_share >= 0.5:
        return "mostly the same" + (f", else rather {frequent}" if _is_asymmetric(row) else "")
    if _is_asymmetric(row):
        return f"more often {frequent} than {rare}"
    return f"about as often {frequent} as {rare}"


def _is_asymmetric(row: ComparisonRow) -> bool:
    """Return whether one side has `ASYMMETRY` times the pairs of the other, counted in pairs."""
    # Shares are not exact in floating point: the rule is applied to whole pairs.
    fewer, more = sorted(round(row.pairs * share) for share in (row.lower_share, row.higher_share))
    return more >= ASYMMETRY * fewer


def is_negligible(row: ComparisonRow) -> bool:
    """Return whether the whole 90 % interval of the paired difference is negligible."""
    limit = NEGLIGIBLE.get(row.unit, NEGLIGIBLE_SHARE * abs(row.baseline_median))
    return max(abs(row.difference_q05), abs(row.difference_q95)) <= limit


def rank_scenarios(rows: Sequence[ComparisonRow]) -> str:
    """Return the verdicts on scenarios in one measure, those with one verdict together."""
    scenarios: dict[str, list[str]] = {}
    for row in rows:
        scenarios.setdefault(verdict_phrase(row), []).append(row.scenario)
    return "; ".join(f"{words} under {format_list(names)}" for words, names in scenarios.items())


def lowest_and_highest(medians: Mapping[str, float], unit: str) -> str:
    """Return a sentence on which scenarios have the lowest and the highest median.

    Args:
        medians: The median of an outcome by scenario.
        unit: The unit of the outcome.

    Returns:
        The sentence; medians that are written alike count as equal.
    """
    low, high = min(medians.values()), max(medians.values())
    lowest, highest = format_amount(low, unit), format_amount(high, unit)
    if lowest == highest:
        return f"The median is {lowest} under each."
    return (
        f"The lowest median is {lowest} ({_scenarios_with(low, medians)}), the highest {highest} "
        f"({_scenarios_with(high, medians)})."
    )


def _scenarios_with(median: float, medians: Mapping[str, float]) -> str:
    """Return the scenarios that have a median."""
    return format_list([name for name, value in medians.items() if value == median])


VERDICT_RULES = (
    f"Of a difference that goes the same way in {format_percent(ALMOST_ALWAYS)} of pairs or more "
    f"the page says “almost always”, from {format_percent(USUALLY)} “usually”, from "
    f"{format_percent(MORE_OFTEN_THAN_NOT)} “more often than not”. With less than that it says "
    "“mostly the same” if half of the pairs or more are the same, adding “else rather” if one side "
    f"has at least {ASYMMETRY:g} times the pairs of the other; else “more often … than” if one "
    "side has so many times, and “about as often” if not. “Hardly any different” means that the "
    "whole 90 % band of differences lies within a point, half a district, or one per cent of the "
    "baseline's median either way. Pairs that are the same count for neither side."
)
"""How the page chooses its verdicts, for the reader."""


def few_pairs_warning(pairs: int) -> str:
    """Return a warning where there are fewer pairs than `FEW_PAIRS`, else an empty text."""
    if pairs >= FEW_PAIRS:
        return ""
    return f"There are only {pairs} pairs: these words and shares are uncertain themselves."
