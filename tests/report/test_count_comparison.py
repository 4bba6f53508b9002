"""Published counts of 2024 beside the same quantities in runs."""

from collections.abc import Callable
from datetime import date

import numpy as np

from teritwa.ensemble.result import Result
from teritwa.report.count_comparison import CountComparison, compare_counts, counts_summary

Make = Callable[..., Result]
QUARTER = {"start": date(2024, 1, 1), "end": date(2024, 3, 31)}


def by_name(result: Result) -> dict[str, CountComparison]:
    """Return the counts beside a result, by name."""
    return {one.name: one for one in compare_counts(result)}


def test_counts_of_2024_beside_runs(made_up: Make) -> None:
    """1,660 were killed in the first quarter of 91 days.

    Runs of 15 to 21 a day hold it, runs of 1 a day do not.
    """
    killed = np.zeros((1, 4, 1, 6))
    killed[0, :, 0, 0] = [15, 18, 19, 21]
    found = by_name(made_up({"killed_counted": killed}, world="Haiti", **QUARTER))
    few = by_name(made_up({"killed_counted": killed / 20}, world="Haiti", **QUARTER))

    assert found["killed, 2024 Q1"].cells == [
        "killed, 2024 Q1", "1,660", "1,684", "1,406 to 1,884", "yes", "yes",
    ]  # fmt: skip
    assert "killed, 2024 Q2" not in found
    assert few["killed, 2024 Q1"].cells[4:] == ["no", "no"]


def test_shares_and_districts_are_written_in_their_units(made_up: Make) -> None:
    """A share is in per cent with its sign once, towns are a count with the sources' range."""
    days = {"start": date(2024, 1, 1), "end": date(2025, 1, 31)}
    found = by_name(made_up({"towns_lost": 3.0}, world="Haiti", **days))

    towns = found["towns lost, 25 June 2024 to 31 January 2025"]
    assert (towns.published, towns.interval) == ("4.5 (2 to 7)", "0 to 0")
    shares = [one for one in found.values() if "share" in one.name]
    assert shares
    assert all(one.interval == "0.0 to 0.0 %" for one in shares)


def test_summary_counts_what_the_table_holds(made_up: Make) -> None:
    """The summary has the numbers of counts inside, with and without their own error."""
    killed = np.zeros((1, 4, 1, 6))
    killed[0, :, 0, 0] = [15, 18, 19, 21]
    compared = compare_counts(made_up({"killed_counted": killed}, world="Haiti", **QUARTER))
    inside = sum(one.inside for one in compared)
    with_error = sum(one.inside_with_error for one in compared)

    summary = counts_summary(compared)
    assert summary.startswith(f"Of {len(compared)} published counts of 2024, {inside} lie within")
    assert f"and {with_error} if the error of the count itself" in summary


def test_another_world_has_no_counts(made_up: Make) -> None:
    """Only Haiti was counted."""
    assert compare_counts(made_up()) == []
    assert counts_summary([]).startswith("No published count falls into these runs")
