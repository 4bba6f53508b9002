"""The drivers of a difference in words: what is stated, intermediate outcomes, and associations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from teritwa.analysis.compare import paired_runs
from teritwa.analysis.control import Control, control
from teritwa.analysis.drivers import (
    FALSE_POSITIVE_RATE,
    MINIMUM_DRAWS,
    IntermediateDifference,
    ParameterCorrelation,
    intermediate_differences,
    parameter_correlations,
)
from teritwa.analysis.measures import HEADLINE_MEASURES, period_of
from teritwa.engine.formatting import (
    format_amount,
    format_change,
    format_change_range,
    format_correlation,
    format_integer,
    format_list,
    format_percent,
    format_share,
)
from teritwa.ensemble.result import Result
from teritwa.report.answer_sentences import percent_cell
from teritwa.report.scenario_differences import stated_differences
from teritwa.report.verdicts import KEY_OUTCOMES, KeyOutcome
from teritwa.rules.registry import registry

MAX_PARAMETERS = 5
"""Largest number of parameters that are named as associated with a difference."""

MAX_DISTRICTS = 4
"""Largest number of districts that are named as differing most."""

CONSISTENT_SHARE = 0.66
"""Share of pairs from which an intermediate outcome counts as different in one direction."""

_UNITS_IN_NAMES = ("1", "persons", "districts", "days", "officers", "attacks")


@dataclass(frozen=True, slots=True)
class Drivers:
    """What may lie behind the difference between a scenario and the baseline, in words.

    Attributes:
        scenario: The name of the scenario.
        stated: What the scenario states differently, a line each.
        stated_summary: How much the scenario states differently.
        intermediate: Which intermediate outcomes differ in most pairs.
        districts: Which districts differ most on the last day.
        intermediate_rows: The cells of each intermediate outcome.
        associations: Which parameters go with the difference, a line a key outcome.
    """

    scenario: str
    stated: tuple[str, ...]
    stated_summary: str
    intermediate: str
    districts: str
    intermediate_rows: tuple[tuple[str, ...], ...]
    associations: tuple[str, ...]


def describe_drivers(baseline: Result, other: Result) -> Drivers:
    """Return what may lie behind the difference between a scenario and the baseline.

    Args:
        baseline: The result of the baseline.
        other: The result of the scenario.

    Returns:
        The drivers in words.
    """
    differences = intermediate_differences(baseline, other)
    summary, stated = stated_differences(baseline, other)
    return Drivers(
        scenario=other.scenario_id,
        stated=tuple(stated),
        stated_summary=summary,
        intermediate=intermediate_sentence(differences),
        districts=district_sentence(control(other, baseline=baseline)),
        intermediate_rows=tuple(map(_cells, differences)),
        associations=tuple(_associations(key, baseline, other) for key in KEY_OUTCOMES),
    )


def intermediate_sentence(differences: Sequence[IntermediateDifference]) -> str:
    """Return which intermediate outcomes differ in one direction in most pairs.

    Args:
        differences: The intermediate outcomes, in the order of the table.

    Returns:
        A sentence; also where there is none.
    """
    consistent = []
    for one in differences:
        share, word = max((one.lower, "lower"), (one.higher, "higher"))
        if share >= CONSISTENT_SHARE:
            change = format_change(one.median, one.unit)
            consistent.append(f"{one.name}: {word} in {format_share(share)} of pairs ({change})")
    limit = format_percent(CONSISTENT_SHARE)
    if not consistent:
        return (
            "Nothing that was looked at on the way differs in the same direction in "
            f"{limit} of pairs."
        )
    return (
        f"Different in the same direction in at least {limit} of pairs (median difference): "
        f"{'; '.join(consistent)}."
    )


def district_sentence(change: Control) -> str:
    """Return which districts differ most on the last day, of those that differ significantly.

    Args:
        change: The chance that gangs hold each district, as a change against the baseline.

    Returns:
        A sentence; also where no district differs.
    """
    week = len(change.weeks) - 1
    significant = np.flatnonzero(change.is_clear(week) & (change.values[week] != 0))
    if len(significant) == 0:
        return (
            "In no district does the chance that gangs hold it differ on the last day beyond its "
            "95 % interval."
        )
    names, changes = change.result.labels("district_name"), change.values[week]
    largest = sorted(significant, key=lambda row: (-abs(changes[row]), row))[:MAX_DISTRICTS]
    named = [f"{names[row]} ({format_change(changes[row], '1')})" for row in largest]
    return (
        f"In {len(significant)} of {len(names)} districts the chance that gangs hold them differs "
        "on the last day beyond its 95 % interval, which some may do by chance; most in "
        f"{format_list(named)}."
    )


def _cells(one: IntermediateDifference) -> tuple[str, ...]:
    """Return the cells of an intermediate outcome."""
    interval = format_change_range(one.low, one.high, one.unit)
    return (
        one.name if one.unit in _UNITS_IN_NAMES else f"{one.name} [{one.unit}]",
        format_amount(one.before, one.unit),
        format_amount(one.after, one.unit),
        f"{format_change(one.median, one.unit)} ({interval})",
        percent_cell((one.lower, one.same, one.higher)),
    )


def _associations(key: KeyOutcome, baseline: Result, other: Result) -> str:
    """Return which parameters are associated with the difference in a key outcome."""
    measure = next(measure for measure in HEADLINE_MEASURES if measure.name == key.outcome)
    period = period_of(paired_runs(baseline, other)[2])
    before, after = (measure.compute(result, period) for result in (baseline, other))
    return association_sentence(key, parameter_correlations(baseline, other, before, after))


def association_sentence(key: KeyOutcome, found: Sequence[ParameterCorrelation]) -> str:
    """Return which unknown parameters are associated with a difference, or that none is.

    Args:
        key: The key outcome that differs.
        found: The rank correlation of each parameter, the strongest first.

    Returns:
        A sentence.
    """
    if not found:
        return (
            f"{key.heading}: there is no difference, or there are fewer than {MINIMUM_DRAWS} draws "
            "to look at."
        )
    significant = [one for one in found if one.beyond_chance]
    if not significant:
        return (
            f"{key.heading}: no single unknown number stands out from what chance alone would "
            "give; what they do may be spread over many, or too small to see in so few draws."
        )
    named = format_list([*map(_describe_association, significant[:MAX_PARAMETERS])])
    rest = len(significant) - MAX_PARAMETERS
    more = f"; {rest} more stand out less" if rest > 0 else ""
    return f"{key.heading}: the difference goes with {named}{more}."


def _describe_association(one: ParameterCorrelation) -> str:
    """Return a parameter with its meaning and its rank correlation."""
    parameter = registry().get(one.parameter)
    meaning = f"{parameter.meaning}, " if parameter else ""
    return f"{one.parameter} ({meaning}rank correlation {format_correlation(one.correlation)})"


ASSOCIATION_METHOD = (
    "Differences are averaged over the replicates of a draw and ranked against each drawn "
    "parameter (Spearman). A parameter is named only where chance alone would put any name on a "
    f"list in fewer than {format_integer(100 * FALSE_POSITIVE_RATE)} of 100 lists. A plus means "
    "that higher values of the parameter go with a higher difference. To go with something is not "
    "to cause it."
)
"""How associated parameters are found, for the reader."""
