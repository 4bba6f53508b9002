"""The sentences of the answers: these numbers give exactly these words."""

from collections.abc import Callable

import pytest

from teritwa.analysis.compare import Row
from teritwa.analysis.measures import Headline
from teritwa.report.verdicts import (
    amount,
    beside,
    between,
    change,
    day,
    extremes,
    few_pairs,
    how_sure,
    in_a_cell,
    in_short,
    joined,
    pairs,
    percent,
    ranking,
    state,
    unknown,
    verdict,
)

Rows = Callable[..., Row]
WIDE = {"difference_q05": -0.5, "difference_q95": 0.5}


@pytest.mark.parametrize(
    ("better", "tied", "worse", "words"),
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
def test_words_at_the_thresholds(row: Rows, better: float, tied: float, worse: float, words: str) -> None:
    """At each threshold the stronger words begin; just below it the weaker ones stand; ties count for nobody."""
    assert verdict(row(better_share=better, tie_share=tied, worse_share=worse, **WIDE)) == words


def test_lower_is_what_it_says_also_where_more_is_better(row: Rows) -> None:
    """Of officers more are better: better in nine pairs of ten means almost always higher."""
    assert (
        verdict(row(better="more", better_share=0.9, tie_share=0.0, worse_share=0.1, **WIDE)) == "almost always higher"
    )


@pytest.mark.parametrize(
    ("unit", "low", "high", "slight"),
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
    row: Rows, unit: str, low: float, high: float, slight: bool
) -> None:
    """A point, half a district, one per cent of the baseline's median of 1,000: beyond that it is a difference."""
    shares = {"better_share": 0.95, "tie_share": 0.0, "worse_share": 0.05}
    found = verdict(row(unit=unit, baseline_median=1000.0, difference_q05=low, difference_q95=high, **shares))
    assert found == ("hardly any different" if slight else "almost always lower")


def test_how_sure_by_hand(row: Rows) -> None:
    """Every number of the two sentences is that of the row, shares as points, and nothing is said beyond them."""
    assert pairs(row()) == "lower in 51.5 % of 200 pairs, the same in 37.5 %, higher in 11 %"
    assert how_sure(row()) == (
        "The difference is −0.3 points in the median pair and −12.4 to +1.7 points in 90 % of pairs; twice as many "
        "runs would move these ends by some 2.4 points. 63 % of the variance between pairs comes from numbers that "
        "nobody knows, the rest from chance."
    )


def test_what_cannot_be_told_is_left_out(row: Rows) -> None:
    """Too few groups tell neither how far the ends move nor what is not known; ends that stand still hardly move."""
    nothing = float("nan")
    assert how_sure(row(interval_mc_error=nothing, difference_parametric_share=nothing)).endswith("in 90 % of pairs.")
    assert "twice as many runs would hardly move these ends." in how_sure(
        row(interval_mc_error=0.0, difference_parametric_share=nothing)
    )
    assert unknown(nothing, "runs") == ""


def test_state_by_hand() -> None:
    """The headline's three numbers, its day in words, and how much of the spread is not known."""
    headline = Headline("gang_control_capital", "2025-12-31", "1", 0.6457, 0.8096, 0.8731, 0.84)
    assert state(headline) == (
        "gangs hold 81.0 % of the capital's people on 31 December 2025 in the median run, and between 64.6 % and "
        "87.3 % in 90 % of runs. 84 % of the variance between runs comes from numbers that nobody knows, the "
        "rest from chance."
    )


def test_in_short_by_hand(row: Rows) -> None:
    """The first day, the baseline, the span of the others, and the largest median difference, whatever its sign."""
    rows = [row(scenario="a"), row(scenario="b", scenario_median=0.82, difference_median=0.012)]
    low = amount(min(one.scenario_median for one in rows), "1")
    said = in_short(0.8, rows, "baseline")
    assert said.startswith(
        "Gangs hold 80.0 % of the capital's people on the first day; on the last, in the median run, "
    )
    assert (
        f"{amount(rows[0].baseline_median, '1')} under baseline and {low} to 82.0 % under the other scenarios" in said
    )
    assert "no scenario lies further than 1.2 points from baseline in its median pair" in said
    assert "under the other scenario. " in in_short(0.8, rows[:1], "baseline")


def test_beside_the_baseline_by_hand(row: Rows) -> None:
    """A verdict in words, its pairs and its median difference; in a table the numbers alone."""
    assert beside(row(), "baseline") == (
        "Beside baseline that is more often lower than higher (lower in 51.5 % of 200 pairs, the same in 37.5 %, "
        "higher in 11 %), by −0.3 points in the median pair."
    )
    assert in_a_cell(row()) == "−0.3 points (51.5 / 37.5 / 11)"


def test_chance_alone_is_said_plainly() -> None:
    """Where nothing can be put down to unknown numbers the page does not say that all is known."""
    assert unknown(0.004, "pairs") == (
        " None of the variance between pairs can be put down to numbers that nobody knows; it is chance."
    )


def test_ranking_groups_scenarios_by_their_words(row: Rows) -> None:
    """Scenarios of one verdict stand together, in the order in which verdicts come."""
    up = {"better_share": 0.0, "tie_share": 0.0, "worse_share": 1.0, **WIDE}
    rows = [row(scenario="a", **up), row(scenario="b"), row(scenario="c", **up), row(scenario="d", **up)]
    assert ranking(rows) == "almost always higher under a, c and d; more often lower than higher under b"


def test_extremes_name_all_that_share_them() -> None:
    """Ties at either end are all named; medians that read alike are told as one."""
    assert (
        extremes({"a": 0.8, "b": 0.7, "c": 0.8}, "1")
        == "The lowest median is 70.0 % (b), the highest 80.0 % (a and c)."
    )
    assert extremes({"a": 0.80001, "b": 0.8}, "1") == "The median is 80.0 % under each."


@pytest.mark.parametrize(
    ("value", "unit", "plain", "signed"),
    [
        (0.8096, "1", "81.0 %", "+81.0 points"),
        (-0.0004, "1", "0.0 %", "0.0 points"),
        (1234567.4, "persons", "1,234,567", "+1,234,567"),
        (-7412.0, "persons", "−7,412", "−7,412"),
        (3.5, "districts", "3.5", "+3.5"),
        (4.0, "districts", "4", "+4"),
        (-50.1, "districts", "−50", "−50"),
        (12_340_000.0, "US dollars", "12.3 million dollars", "+12.3 million dollars"),
    ],
)
def test_numbers_as_read(value: float, unit: str, plain: str, signed: str) -> None:
    """Shares with a tenth, counts whole with thousands parted, a true minus sign, and no sign for nought."""
    assert (amount(value, unit), change(value, unit)) == (plain, signed)


def test_small_pieces() -> None:
    """Spans have their unit once, days are read, other periods stay, lists end in and, few pairs are warned of."""
    assert between(-0.124, 0.017, "1") == "−12.4 to +1.7 points"
    assert (day("2025-12-31"), day("2025"), day("2024-01-01 to 2024-02-10")) == (
        "31 December 2025", "2025", "2024-01-01 to 2024-02-10",
    )  # fmt: skip
    assert (joined(["a"]), joined(["a", "b", "c"])) == ("a", "a, b and c")
    assert (percent(0.645), percent(0.12)) == ("64.5 %", "12 %")
    assert few_pairs(30) == ""
    assert few_pairs(29).startswith("There are only 29 pairs")
