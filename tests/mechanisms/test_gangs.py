"""Membership: recruits and deserters by their rates, and where escaped prisoners go."""

from typing import Any

import numpy as np
import pytest

from teritwa.mechanisms.gangs import (
    CREW_DESERTED,
    CREW_RECRUITS,
    PRISONER_JOINS,
    break_prisons,
    hide_in_city,
    recruit,
)
from teritwa.mechanisms.harm import COUNTRY
from teritwa.noise import chance, poisson, uniform

VALUES = {"gangs.recruitment": 0.7, "gangs.saturation": 0.35, "gangs.prison_break_share": 0.25}
TODAY = chance(6, 0, 0, 3)


def test_recruits_and_deserters_of_a_day(country: Any) -> None:
    """0.7 % a week of 1,000 fighters is one recruit a day; at twice the members of day 0 as many desert."""
    here = country(1, [], values=VALUES)
    here.districts["residents"] = 100_000
    row = here.crew(0, 0, 1000, hiding=500)
    here.begin()
    here.institution["fighters_on_day_0"] = 750
    joined = poisson(1.0, uniform(TODAY, CREW_RECRUITS, 4000))
    left = poisson(1.0, uniform(TODAY, CREW_DESERTED, 4000))
    recruit(here.state, TODAY)
    assert here.crews["fighters"][row] == 1000 + joined - left
    assert here.districts["residents"][0] == 100_000 + left - joined
    flows = (here.ledger["recruited"][0], here.ledger["deserted"][0], here.today["recruited"][0])
    assert flows == (joined, left, joined)
    assert here.finding() == "balanced"


def test_membership_settles_where_both_rates_meet(country: Any) -> None:
    """Recruits of 0.7 % a week meet deserters of 0.35 % times the membership's growth at twice the first number."""
    here = country(1, [], values=VALUES)
    here.districts["residents"] = 10_000_000
    row = here.crew(0, 0, 20_000)
    here.begin()
    here.institution["fighters_on_day_0"] = 10_000
    for day in range(200):
        recruit(here.state, chance(6, 0, 0, day))
    assert here.crews["fighters"][row] == pytest.approx(20_000, rel=0.01)


def test_nobody_recruits_where_nobody_lives(country: Any) -> None:
    """Recruits are residents: with none left none join, and the brigade loses those who do."""
    here = country(1, [], values={**VALUES, "gangs.saturation": 0.0})
    here.districts["residents"], here.districts["brigade"] = 3, 3
    here.crew(0, 0, 1_000_000)
    here.begin()
    recruit(here.state, TODAY)
    assert (here.districts["residents"][0], here.districts["brigade"][0], here.ledger["recruited"][0]) == (0, 0, 3)


def test_hidden_and_empty_crews_do_not_recruit(country: Any) -> None:
    """A crew in hiding neither gains nor loses members."""
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 0, hiding=100_000)
    here.begin()
    recruit(here.state, TODAY)
    assert (here.crews["hiding"][0], here.ledger["recruited"][0], here.ledger["deserted"][0]) == (100_000, 0, 0)


def prisons(country: Any) -> Any:
    """Return 1,000 prisoners and crews of 10, 0, 30 and 60 in the capital, 500 outside."""
    here = country(5, [(0, 1), (1, 2), (2, 3), (3, 4)], values=VALUES)
    here.districts["metropolitan"][4] = False
    here.districts["residents"][1] = 5000
    here.ledger["prisoners"] = 1000
    for place, fighters in enumerate((10, 0, 30, 60, 500)):
        here.crew(0, place, fighters)
    return here.begin()


def test_escaped_prisoners_are_shared_out(country: Any) -> None:
    """Of 402 who escape 101 join (402 / 4, rounded): within one of 10, 0, 30 and 60 hundredths of them, all in all."""
    here = prisons(country)
    before = here.crews["fighters"][:5].copy()
    break_prisons(here.state, TODAY, 402)
    gained = (here.crews["fighters"][:5] - before).tolist()
    start = uniform(TODAY, PRISONER_JOINS, COUNTRY)
    edges = [0, *(int(101 * share + start) for share in (0.1, 0.1, 0.4)), 101]
    assert gained == [*np.diff(edges).tolist(), 0]
    assert sum(gained) == here.ledger["escaped_to_gangs"][0] == 101
    assert (here.ledger["prisoners"][0], here.ledger["escaped"][0]) == (598, 402)
    assert here.districts["residents"][1] == 5000 + 301
    assert here.finding() == "balanced"


def test_no_more_escape_than_there_are(country: Any) -> None:
    """5,000 cannot leave prisons that hold 1,000."""
    here = prisons(country)
    break_prisons(here.state, TODAY, 5000)
    assert (here.ledger["prisoners"][0], here.ledger["escaped"][0]) == (0, 1000)
    assert here.finding() == "balanced"


def test_without_crews_in_the_capital_nobody_joins(country: Any) -> None:
    """All who escape melt into the most populous district."""
    here = prisons(country)
    here.crews["fighters"][:4] = 0
    here.begin()
    break_prisons(here.state, TODAY, 400)
    assert here.ledger["escaped_to_gangs"][0] == 0
    assert here.districts["residents"].tolist() == [1000, 5400, 1000, 1000, 1000]
    assert here.finding() == "balanced"


def test_the_city_hides_people(country: Any) -> None:
    """Of equally large districts the first takes them."""
    here = country(3, [(0, 1), (1, 2)])
    hide_in_city(here.state, 7)
    assert here.districts["residents"].tolist() == [1007, 1000, 1000]
