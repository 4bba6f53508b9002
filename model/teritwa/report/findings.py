"""What the tables of a validation say, in sentences and cells, by rules applied to numbers."""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan

import numpy as np

from teritwa.analysis.analog import HOLD, REQUIRED_SHARE
from teritwa.analysis.calibration.priors import uncertain_parameters
from teritwa.engine.formatting import format_integer, format_percent, format_significant
from teritwa.pictures.analog import VERDICTS
from teritwa.pictures.tables import Record, number, numbers
from teritwa.report.validation_notes import TOO_HIGH, TOO_LOW
from teritwa.report.world_notes import world_notes

LIMITED_GROUPS = ("killed", "injured", "displaced")
"""Groups of targets whose intervals have a limit."""

WIDTH_LIMIT = 0.35
"""Largest relative half-width of their intervals (a demand made before the calibration)."""

COVERAGE_TOLERANCE = 0.02
"""A difference in coverage too small to matter (assumption, range 0.01-0.05)."""


def side(row: Record) -> str:
    """Return on which side of the observation of a target the model lies."""
    return TOO_LOW if number(row["posterior_q50"]) < number(row["observed"]) else TOO_HIGH


def keeps_limit(row: Record) -> bool:
    """Return whether the interval of a target keeps the limit of the half-width."""
    return number(row["half_width"]) <= WIDTH_LIMIT


def interval(row: Record, low: str, high: str) -> str:
    """Return two columns of a row as a range."""
    ends = (format_significant(number(row[name])) for name in (low, high))
    return " to ".join(ends)


def kidnapping_overdispersion(kidnapped: Sequence[Record], parameters: Sequence[Record]) -> str:
    """Return sentences on how unevenly people were kidnapped, and how the model accounts for it.

    Args:
        kidnapped: The targets of kidnapping.
        parameters: The parameters with their posteriors.

    Returns:
        The sentences.
    """
    if len(kidnapped) < 2:
        return "Kidnapping stands apart; there are too few counts of it to say how uneven they are."
    counts = np.array(numbers(kidnapped, "observed"))
    index = format_significant(float(counts.var(ddof=1) / counts.mean()))
    text = (
        f"Kidnapping stands apart and has no limit. Its {len(counts)} counts vary by {index} "
        "times as much as independent events would (variance over mean), so no smooth rate fits "
        "them all."
    )
    spread = [row for row in parameters if row["parameter"] == "moods.kidnapping_spread"]
    if not spread:
        return text
    median = format_significant(number(spread[0]["q50"]))
    return (
        f"{text} In the model it follows a slow random process; the standard deviation of its "
        f"logarithm is {median} in the posterior's median (90 %: "
        f"{interval(spread[0], 'q05', 'q95')})."
    )


def rules_before(parameters: Iterable[str]) -> str:
    """Return a sentence where calibrated parameters are not those of the rules of today.

    Args:
        parameters: Names of the parameters that were calibrated.

    Returns:
        The sentence; an empty text where they are the same.
    """
    if set(parameters) == {one.name for one in uncertain_parameters()}:
        return ""
    return (
        "This validation is of the rules before, whose parameters were others; it is kept until "
        "the next calibration and says nothing of the rules of today."
    )


def by_mechanism(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return names of parameters by mechanism, the word before the dot."""
    found: dict[str, list[str]] = {}
    for name in names:
        mechanism, _, field = name.partition(".")
        found.setdefault(mechanism, []).append(field)
    return [(mechanism, ", ".join(fields)) for mechanism, fields in found.items()]


def has_right_coverage(row: Record) -> bool:
    """Return whether an interval covers as it should, within its error or the tolerance."""
    error = abs(number(row["coverage"]) - number(row["level"]))
    return error <= max(2 * number(row["standard_error"]), COVERAGE_TOLERANCE)


def is_calibrated(row: Record) -> bool:
    """Return whether a row of the recovery is about the method and not about half the spread."""
    return row["ensemble"] == "as calibrated"


def recovery_summary(rows: Sequence[Record]) -> str:
    """Return sentences on the coverage of the method, and of the ensemble that must fail."""
    own = [has_right_coverage(row) for row in rows if is_calibrated(row)]
    halved = [has_right_coverage(row) for row in rows if not is_calibrated(row)]
    return (
        f"As calibrated, {sum(own)} of {len(own)} intervals cover as they should, within two "
        "standard errors or two points; by chance one in twenty would not. With half the spread "
        f"{sum(halved)} of {len(halved)} do."
    )


def analog_rows(estimates: Sequence[Record], measures: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the cells of the analog's table: the measures of each scenario, then the pairs.

    Args:
        estimates: The summary of the analog.
        measures: The measures of a scenario that are shown, with their names in words.

    Returns:
        Scenario, measure, value, 95 % interval and number of cases of each row.
    """
    shown = [row for row in estimates if row["scenario"] == "pairs" or row["measure"] in measures]
    return [
        (
            str(row["scenario"]),
            measures.get(str(row["measure"]), str(row["measure"]).replace("_60", ", day 60,")),
            format_percent(number(row["value"])) or "no case",
            _estimate_interval(row),
            format_integer(number(row["of"])),
        )
        for row in shown
    ]


def _estimate_interval(row: Record) -> str:
    """Return the 95 % interval of an estimate; nothing where it has none."""
    low, high = number(row["low"]), number(row["high"])
    return "" if isnan(low) or isnan(high) else f"{format_percent(low)} to {format_percent(high)}"


def analog_verdict(estimates: Sequence[Record]) -> str:
    """Return in how many pairs of the analog holding did better, and whether the test passes."""
    better, same, worse = (pair_share(estimates, word) for word in VERDICTS)
    passed = "passes" if better >= REQUIRED_SHARE else "fails"
    pairs = _estimate(estimates, "pairs", f"influence_60 {VERDICTS[0]}", "of")
    held = _estimate(estimates, "pairs", f"held_60 {VERDICTS[0]}", "value")
    left = _estimate(estimates, HOLD, "held_60", "value")
    event = "; ".join(one.note for one in world_notes("analog"))
    return (
        f"Of {format_integer(pairs)} pairs, gang influence on day 60 was lower under holding in "
        f"{format_percent(better)}, the same in {format_percent(same)} and higher in "
        f"{format_percent(worse)}. Asked for were {format_percent(REQUIRED_SHARE)}: the test "
        f"{passed}. A little less influence counts as lower: fewer people live where gangs hold "
        f"in {format_percent(held)} of the pairs. The size is not tested, and it is not that of "
        f"the real event: {event}, here gangs still hold {format_percent(left)} of its people on "
        "day 60 under holding."
    )


def pair_share(estimates: Sequence[Record], verdict: str) -> float:
    """Return the share of pairs of the analog with a verdict on gang influence on day 60."""
    return _estimate(estimates, "pairs", f"influence_60 {verdict}", "value")


def _estimate(estimates: Sequence[Record], scenario: str, measure: str, column: str) -> float:
    """Return one number of the summary of the analog."""
    rows = [row for row in estimates if (row["scenario"], row["measure"]) == (scenario, measure)]
    return number(rows[0][column])
