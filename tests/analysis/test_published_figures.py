"""Tests of published figures and of what a result says of their days."""

from collections.abc import Callable
from datetime import date

import numpy as np

from teritwa.analysis.observed_levels import observed
from teritwa.analysis.published_figures import (
    KNOWN_UNTIL,
    Observation,
    comparable_names,
    comparison_problem,
    period_problem,
    simulated_values,
)
from teritwa.ensemble.result import Result
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import PERPETRATORS

Make = Callable[..., Result]
DAY = date(2025, 3, 31)
QUARTER = (date(2025, 1, 1), DAY)


def test_names_are_those_of_the_daily_outcomes(made_up: Make) -> None:
    """Harm has names by perpetrator and in total, officers by force and contingent, others one."""
    names = comparable_names(made_up())

    assert len(set(names)) == len(names)
    assert {"displaced", "killed", "killed.gang", "killed_counted.police"} <= set(names)
    assert {name for name in names if name.startswith("officers_operational")} == {
        "officers_operational.mission", "officers_operational.police",
        "officers_operational.kenya", "officers_operational.jamaica",
        "officers_operational.haitian-police",
    }  # fmt: skip
    assert {name.split(".")[0] for name in names} == {
        name
        for name, outcome in OUTCOMES.items()
        if outcome.dimensions[0] == "date" and name != "mandate"
    }


def test_stocks_are_read_on_the_day(made_up: Make) -> None:
    """Runs that begin at 0, 200 and 300 and gain one a day are read on the fourth day."""
    rising = np.arange(369) + 100 * np.arange(4)[None, :, None]
    result = made_up({"displaced": rising}, failed={(0, 1): "x"})
    day = date(2025, 1, 2)

    assert simulated_values(result, Observation("displaced", day, day, 1)).tolist() == [3, 203, 303]


def test_counts_are_added_up(made_up: Make) -> None:
    """From the second day to the fourth 1 + 2 + 3, and in each of 18 ways in which harm is done."""
    result = made_up(
        {"kidnapped": np.arange(369), "killed": np.arange(369)[:, None, None], "injured": 30000}
    )
    days = (date(2024, 12, 31), date(2025, 1, 2))

    assert simulated_values(result, Observation("kidnapped", *days, 1)).tolist() == [6] * 4
    assert simulated_values(result, Observation("killed", *days, 1)).tolist() == [108] * 4
    assert simulated_values(result, Observation("killed.mission", *days, 1)).tolist() == [18] * 4
    assert simulated_values(result, Observation("injured", *days, 1)).tolist() == [30000 * 54] * 4


def test_parts_are_picked_by_name(made_up: Make) -> None:
    """Each perpetrator, force and contingent has its own number; a share of nothing is 0."""
    by = np.arange(1.0, 7.0) / 4
    result = made_up(
        {"killed_counted": by, "killed": 0, "officers_deployed": np.array([900, 400, 24])}
    )
    day = (date(2025, 5, 1), date(2025, 5, 1))

    found = {
        name: simulated_values(result, Observation(name, *day, 1))[0]
        for name in comparable_names(result)
    }
    assert [found[f"killed_counted.{who}"] for who in PERPETRATORS] == by.tolist()
    assert found["killed_counted.forces"] == (2 + 3 + 4) / 4
    assert found["killed_counted.forces.share"] == (2 + 3 + 4) / 21
    assert found["killed_counted.brigade.share"] == 5 / 21
    assert found["killed.forces.share"] == 0
    assert found["killed_counted"] == by.sum() == 5.25
    assert [
        found[f"officers_deployed.{who}"] for who in ("police", "mission", "kenya", "jamaica")
    ] == [900, 424, 400, 24]


def test_what_a_result_cannot_be_compared_with(made_up: Make) -> None:
    """An unknown outcome, a stock over a period and days outside the result are refused."""
    result = made_up()

    assert comparison_problem(result, Observation("displaced", DAY, DAY, 1)) == ""
    assert comparison_problem(result, Observation("killed", *QUARTER, 1)) == ""
    assert "is not an outcome that" in comparison_problem(
        result, Observation("officers_deployed", DAY, DAY, 1)
    )
    assert (
        comparison_problem(result, Observation("displaced", *QUARTER, 1))
        == "is read on a day, not over a period"
    )
    assert "outside" in comparison_problem(
        result, Observation("displaced", date(2024, 12, 29), date(2024, 12, 29), 1)
    )
    assert period_problem(result, date(2024, 12, 30), date(2026, 1, 2)) == ""
    assert "2024-12-30 to 2026-01-02" in period_problem(
        result, date(2024, 12, 30), date(2026, 1, 3)
    )


def test_facts_of_an_observation() -> None:
    """Days, middle, unit, and whether it is added up or a share."""
    quarter, day = (
        Observation("killed.gang", *QUARTER, 1),
        Observation("trust_in_forces", DAY, DAY, 1),
    )

    assert (quarter.days, quarter.unit, quarter.is_count, quarter.is_share) == (
        90,
        "persons",
        True,
        False,
    )
    assert quarter.middle == (QUARTER[0].toordinal() + DAY.toordinal()) / 2
    assert (day.days, day.middle, day.unit, day.is_count, day.is_share) == (
        1,
        DAY.toordinal(),
        "1",
        False,
        True,
    )
    share = Observation("killed.forces.share", *QUARTER, 0.4)
    assert (share.unit, share.is_count, share.is_share) == ("1", False, True)


def test_what_ships_is_known_by_the_usual_origin() -> None:
    """No figure that ships ends after the day up to which they are said to go."""
    assert max(figure.end for figure in observed()) <= KNOWN_UNTIL
