"""Prison breaks: which crews escaped prisoners join, and where the others go."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, uniform
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.prison_break import PRISONER_JOINS, break_prisons, release_into_city

TODAY = run_randomness(6, 0, 0, 3)


def prisons(country: Any) -> Any:
    """Return 1,000 prisoners, crews of 10, 0, 30 and 60 in the capital and one of 500 outside."""
    here = country(
        5, [(0, 1), (1, 2), (2, 3), (3, 4)], values={"membership.escapee_joining_share": 0.25}
    )
    here.districts["place"]["metropolitan"][4] = False
    here.districts["people"]["residents"][1] = 5000
    here.ledger["prisoners"] = 1000
    for place, fighters in enumerate((10, 0, 30, 60, 500)):
        here.crew(0, place, fighters)
    return here.begin()


@pytest.mark.parametrize("day", range(3, 9))
def test_escaped_prisoners_are_apportioned(country: Any, day: int) -> None:
    """Of 402 who escape 101 join crews of the capital, in proportion to their fighters.

    402 / 4 is rounded, and each crew gets its share within one.
    """
    here, today = prisons(country), run_randomness(6, 0, 0, day)
    before = here.crews["fighters"][:5].copy()
    break_prisons(here.state, today, 402)
    gained = (here.crews["fighters"][:5] - before).tolist()
    start = uniform(today, PRISONER_JOINS, COUNTRY)
    edges = [0, *(int(101 * share + start) for share in (0.1, 0.1, 0.4)), 101]
    assert gained == [*np.diff(edges).tolist(), 0]
    assert sum(gained) == here.ledger["escaped_to_gangs"][0] == 101
    assert (here.ledger["prisoners"][0], here.ledger["escaped"][0]) == (598, 402)
    assert here.districts["people"]["residents"][1] == 5000 + 301
    assert here.finding() == "balanced"


def test_no_more_escape_than_there_are(country: Any) -> None:
    """Of 1,000 prisoners no more than 1,000 escape."""
    here = prisons(country)
    break_prisons(here.state, TODAY, 5000)
    assert (here.ledger["prisoners"][0], here.ledger["escaped"][0]) == (0, 1000)
    assert here.finding() == "balanced"


def test_without_crews_in_the_capital_nobody_joins(country: Any) -> None:
    """Without crews in the capital all who escape join the most populous district."""
    here = prisons(country)
    here.crews["fighters"][:4] = 0
    here.begin()
    break_prisons(here.state, TODAY, 400)
    assert here.ledger["escaped_to_gangs"][0] == 0
    assert here.districts["people"]["residents"].tolist() == [1000, 5400, 1000, 1000, 1000]
    assert here.finding() == "balanced"


def test_the_first_of_equal_districts_takes_the_escaped(country: Any) -> None:
    """Of equally populous districts the first takes the escaped."""
    here = country(3, [(0, 1), (1, 2)])
    release_into_city(here.state, 7)
    assert here.districts["people"]["residents"].tolist() == [1007, 1000, 1000]
