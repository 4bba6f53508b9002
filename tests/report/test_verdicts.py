"""Verdicts on differences: these shares of pairs give exactly these words."""

from collections.abc import Callable

import pytest

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.report.verdicts import (
    few_pairs_warning,
    lowest_and_highest,
    rank_scenarios,
    verdict_phrase,
)

Rows = Callable[..., ComparisonRow]
WIDE = {"difference_q05": -0.5, "difference_q95": 0.5}


@pytest.mark.parametrize(
    ("lower", "equal", "higher", "words"),
    [
        (0.90, 0.00, 0.10, "almost always lower"),
        (0.895, 0.00, 0.105, "usually lower"),
        (0.66, 0.30, 0.04, "usually lower"),
        (0.655, 0.00, 0.345, "lower more often than not"),
        (0.55, 0.45, 0.00, "lower more often than not"),
        (0.545, 0.00, 0.455, "about as often lower as higher"),
        (0.515, 0.375, 0.11, "more often lower than higher"),
        (0.45, 0.25, 0.30, "more often lower than higher"),
        (0.44, 0.26, 0.30, "about as often lower as higher"),
        (0.15, 0.75, 0.10, "mostly the same, else rather lower"),
        (0.10, 0.75, 0.15, "mostly the same, else rather higher"),
        (0.03, 0.81, 0.16, "mostly the same, else rather higher"),
        (0.25, 0.50, 0.25, "mostly the same"),
        (0.00, 0.05, 0.95, "almost always higher"),
        (0.00, 1.00, 0.00, "exactly the same"),
    ],
)
def test_words_at_the_thresholds(
    row: Rows, lower: float, equal: float, higher: float, words: str
) -> None:
    """At each threshold the stronger words begin; just below it the weaker ones stand."""
    shares = {"lower_share": lower, "equal_share": equal, "higher_share": higher}
    assert verdict_phrase(row(**shares, **WIDE)) == words


@pytest.mark.parametrize(
    ("unit", "low", "high", "negligible"),
    [
        ("1", -0.01, 0.01, True),
        ("1", -0.0101, 0.0, False),
        ("1", 0.0, 0.0101, False),
        ("districts", -0.5, 0.5, True),
        ("districts", -1.0, 0.0, False),
        ("persons", -10.0, 10.0, True),
        ("persons", -10.0, 10.1, False),
    ],
)
def test_hardly_any_means_that_the_whole_band_is_narrow(
    row: Rows, unit: str, low: float, high: float, negligible: bool
) -> None:
    """A point, half a district, 1 % of the baseline's median of 1,000: beyond is a difference."""
    shares = {"lower_share": 0.95, "equal_share": 0.0, "higher_share": 0.05}
    interval = {"difference_q05": low, "difference_q95": high}
    found = verdict_phrase(row(unit=unit, baseline_median=1000.0, **interval, **shares))
    assert found == ("hardly any different" if negligible else "almost always lower")


def test_ranking_groups_scenarios_by_their_words(row: Rows) -> None:
    """Scenarios of one verdict stand together, in the order in which verdicts come."""
    up = {"lower_share": 0.0, "equal_share": 0.0, "higher_share": 1.0, **WIDE}
    rows = [row(scenario="a", **up), row(scenario="b"), row(scenario="c", **up)]
    rows.append(row(scenario="d", **up))
    assert rank_scenarios(rows) == (
        "almost always higher under a, c and d; more often lower than higher under b"
    )


def test_extremes_name_all_that_share_them() -> None:
    """Ties at either end are all named; medians that read alike are given as one."""
    assert lowest_and_highest({"a": 0.8, "b": 0.7, "c": 0.8}, "1") == (
        "The lowest median is 70.0 % (b), the highest 80.0 % (a and c)."
    )
    assert lowest_and_highest({"a": 0.80001, "b": 0.8}, "1") == "The median is 80.0 % under each."


def test_few_pairs_are_warned_of() -> None:
    """Below 30 pairs there is a warning, with their number."""
    assert few_pairs_warning(30) == ""
    assert few_pairs_warning(29).startswith("There are only 29 pairs")
