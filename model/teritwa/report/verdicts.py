"""The answers in sentences: words by fixed rules, numbers from the table of a comparison and from nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

from teritwa.analysis.compare import Row
from teritwa.analysis.measures import LESS, Headline

ALMOST_ALWAYS, USUALLY, RATHER, ASYMMETRIC = 0.9, 0.66, 0.55, 1.5
"""From these shares of pairs on a difference has its words; below them, one side must have so many times the other."""

SLIGHT = {"1": 0.01, "districts": 0.5}
"""A band of differences that lies within so much either way is hardly any: a point, half a district."""

SLIGHT_SHARE = 0.01
"""For what is counted, the same as a share of the baseline's median."""

FEW_PAIRS = 30
"""With fewer pairs the words mean little, and the page says so."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the answers are about: a measure of a comparison, and what it is called. Lower is better in all."""

    outcome: str
    head: str


SUBJECTS = (
    Subject("gang_control_capital", "Share of the capital's people under gangs"),
    Subject("towns_lost", "Districts outside the capital lost to gangs"),
    Subject("killed", "Number of people killed"),
    Subject("displaced", "Number of people displaced"),
)
"""The four questions of the answers, in their order."""

LOWER, HIGHER = "lower", "higher"


def verdict(row: Row) -> str:
    """Return in a few words what a row of a comparison says, by the rules at the head of this file."""
    if row.tie_share == 1:
        return "exactly the same"
    if is_slight(row):
        return "hardly any different"
    lower, higher = sides(row)
    side, against = (LOWER, HIGHER) if lower >= higher else (HIGHER, LOWER)
    much, little = max(lower, higher), min(lower, higher)
    if much >= RATHER:
        return _strong(much, side)
    apart = round(row.pairs * much) >= ASYMMETRIC * round(row.pairs * little)  # in pairs, for shares are not exact
    if row.tie_share >= 0.5:
        return f"mostly the same, else rather {side}" if apart else "mostly the same"
    return f"more often {side} than {against}" if apart else f"about as often {side} as {against}"


def sides(row: Row) -> tuple[float, float]:
    """Return the shares of pairs in which the scenario is lower and higher than the baseline."""
    return (row.better_share, row.worse_share) if row.better == LESS else (row.worse_share, row.better_share)


def _strong(share: float, side: str) -> str:
    if share >= ALMOST_ALWAYS:
        return f"almost always {side}"
    return f"usually {side}" if share >= USUALLY else f"{side} more often than not"


def is_slight(row: Row) -> bool:
    """Whether the whole 90 % band of a paired difference is hardly any."""
    limit = SLIGHT.get(row.unit, SLIGHT_SHARE * abs(row.baseline_median))
    return max(abs(row.difference_q05), abs(row.difference_q95)) <= limit


def percent(share: float) -> str:
    """Write a share of pairs: whole per cent, or a tenth of one where it is not whole."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def amount(value: float, unit: str) -> str:
    """Write a value: a share as per cent, money in millions, a count whole, but for a few districts with a tenth."""
    if unit == "1":
        return f"{_plain(100 * value, 1)} %"
    if unit == "US dollars":
        return f"{_plain(value / 1e6, 1)} million dollars"
    digits = 1 if unit == "districts" and abs(value) < 10 and value != round(value) else 0
    return _plain(value, digits)


def change(value: float, unit: str) -> str:
    """Write a difference with its sign: shares in points."""
    text = f"{_plain(100 * value, 1)} points" if unit == "1" else amount(value, unit)
    return text if text.startswith("\N{MINUS SIGN}") or not any(digit in text for digit in "123456789") else f"+{text}"


def _plain(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def between(low: float, high: float, unit: str) -> str:
    """Write a span of differences, its unit once."""
    first = change(low, unit)
    return f"{first.removesuffix(' points')} to {change(high, unit)}"


def day(text: str) -> str:
    """Write a day as read: 31 December 2025. What is no single day stays."""
    try:
        when = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{when.day} {when:%B %Y}"


def in_short(first: float, rows: Sequence[Row], baseline: str) -> str:
    """Say in two sentences how far the scenarios lie apart; ``first`` is the share that gangs hold on day 0."""
    medians = [row.scenario_median for row in rows]
    span = sorted({amount(value, "1") for value in (min(medians), max(medians))})
    furthest = max((row.difference_median for row in rows), key=abs)
    return (
        f"Gangs hold {amount(first, '1')} of the capital's people on the first day; on the last, in the median run, "
        f"{amount(rows[0].baseline_median, '1')} under {baseline} and {' to '.join(span)} under the other "
        f"{'scenarios' if len(rows) > 1 else 'scenario'}. Run against run, no scenario lies further than "
        f"{change(abs(furthest), '1').removeprefix('+')} from {baseline} in its median pair; how far in others, and "
        "how often, is told below."
    )


def beside(row: Row, baseline: str) -> str:
    """Say of a scenario's main question how it lies beside the baseline."""
    return (
        f"Beside {baseline} that is {verdict(row)} ({pairs(row)}), by {change(row.difference_median, row.unit)} in the "
        "median pair."
    )


def in_a_cell(row: Row) -> str:
    """Write a difference for a table: its median, and the shares of pairs lower, the same and higher."""
    lower, higher = sides(row)
    shares = " / ".join(percent(share).removesuffix(" %") for share in (lower, row.tie_share, higher))
    return f"{change(row.difference_median, row.unit)} ({shares})"


def state(headline: Headline) -> str:
    """Say what share of the capital gangs hold on the last day of a scenario, and how sure that is."""
    low, median, high = (amount(value, headline.unit) for value in (headline.low, headline.median, headline.high))
    return (
        f"gangs hold {median} of the capital's people on {day(headline.when)} in the median run, and between {low} and "
        f"{high} in 90 % of runs.{unknown(headline.unknown, 'runs')}"
    )


def unknown(share: float, of: str) -> str:
    """Say how much of a variance is what we do not know; nothing where that cannot be told."""
    if not isfinite(share):
        return ""
    if round(100 * share) == 0:
        return f" None of the variance between {of} can be put down to numbers that nobody knows; it is chance."
    return (
        f" {100 * share:.0f} % of the variance between {of} comes from numbers that nobody knows, the rest from chance."
    )


def pairs(row: Row) -> str:
    """Say in how many pairs a scenario is lower, the same and higher."""
    lower, higher = sides(row)
    return (
        f"{LOWER} in {percent(lower)} of {row.pairs} pairs, the same in {percent(row.tie_share)}, {HIGHER} in "
        f"{percent(higher)}"
    )


def how_sure(row: Row) -> str:
    """Say by how much a scenario differs from the baseline, and how sure that is."""
    return (
        f"The difference is {change(row.difference_median, row.unit)} in the median pair and "
        f"{between(row.difference_q05, row.difference_q95, row.unit)} in 90 % of pairs{_ends(row)}."
        + unknown(row.difference_parametric_share, "pairs")
    )


def _ends(row: Row) -> str:
    if not isfinite(row.interval_mc_error):
        return ""
    moves = change(row.interval_mc_error, row.unit)
    far = f"move these ends by some {moves.removeprefix('+')}" if moves.startswith("+") else "hardly move these ends"
    return f"; twice as many runs would {far}"


def ranking(rows: Sequence[Row]) -> str:
    """Say of one measure which scenarios are lower and which are higher than the baseline, by their verdicts."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(verdict(row), []).append(row.scenario)
    return "; ".join(f"{words} under {joined(names)}" for words, names in groups.items())


def joined(names: Sequence[str]) -> str:
    """Write names as a list in a sentence."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def extremes(medians: Mapping[str, float], unit: str) -> str:
    """Say which of several scenarios has the lowest and which the highest median; nothing if all are as written."""
    low, high = min(medians.values()), max(medians.values())
    if amount(low, unit) == amount(high, unit):
        return f"The median is {amount(low, unit)} under each."
    lowest, highest = ([name for name, value in medians.items() if value == end] for end in (low, high))
    return (
        f"The lowest median is {amount(low, unit)} ({joined(lowest)}), the highest {amount(high, unit)} "
        f"({joined(highest)})."
    )


RULES = (
    f"Of a difference that goes the same way in {100 * ALMOST_ALWAYS:.0f} % of pairs or more the page says “almost "
    f"always”, from {100 * USUALLY:.0f} % “usually”, from {100 * RATHER:.0f} % “more often than not”. With less than "
    "that it says “mostly the same” if half of the pairs or more are the same, adding “else rather” if one side has at "
    f"least {ASYMMETRIC:g} times the pairs of the other; else “more often … than” if one side has so many times, and "
    "“about as often” if not. “Hardly any different” means that "
    "the whole 90 % band of differences lies within a point, half a district, or one per cent of the baseline's median "
    "either way. Pairs that are the same count for neither side."
)
"""The rules of the words, for the reader."""


WORDS = (
    ("to hold", "gangs hold a district on a day when they have at least half of the influence there"),
    ("the capital", "the districts of the metropolitan area, weighed by their residents of 2015"),
    ("killed", "everybody killed by violence in the model: civilians, gang members and officers"),
    ("displaced", "people who fled their homes and have not returned, by the end of the day"),
    ("a pair", "a run of each of two scenarios with the same chance and the same numbers that nobody knows"),
    ("a median", "the value in the middle: half of the runs, or pairs, lie below it"),
    ("cleared", "a district whose gang was driven into hiding; lost again if it comes back within 30 days"),
    ("able to operate", "those of the deployed officers whom pay and vehicles that work allow to go out"),
    (
        "chance",
        "what differs from run to run although all numbers are the same; votes and dates of events are part of it",
    ),
    ("a name with S or F and a number", "a source, or a figure, in the tables that come with the model"),
)
"""What words of the page mean, for the reader."""


def few_pairs(pairs: int) -> str:
    """Warn where there are too few pairs for the words to mean much."""
    return (
        f"There are only {pairs} pairs: these words and shares are uncertain themselves." if pairs < FEW_PAIRS else ""
    )
