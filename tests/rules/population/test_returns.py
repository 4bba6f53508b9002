"""Returns: who goes home, how fast, and which hosts they leave."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.population.returns import GO_HOME, recall_from_hosts, return_home

TODAY = run_randomness(15, 0, 0, 99)
"""A day on which people of district 0, whose identity is 1000, think of return."""

A_WEEK = 1.0 - (1.0 - 0.003) ** 7
"""The share of the displaced who return in a week to a district that is wholly safe: 0.0208."""


@pytest.mark.parametrize(
    ("field", "value", "goes"),
    [
        ("people.displaced_from", 1000, True),
        ("people.displaced_from", 0, False),
        ("control.holder", 1, False),
        ("control.attacked_on", 70, False),
        ("control.attacked_on", 69, True),
    ],
)
def test_people_return_to_quiet_districts(
    refuge: Any, column: Any, field: str, value: int, goes: bool
) -> None:
    """Of 1,000 displaced 20.8 return a week to a district of the state that has been quiet."""
    here = refuge()
    here.by_pair("displaced")[0] = [0, 400, 0, 600]
    here.districts["people"]["displaced_hosted"] = [0, 400, 0, 600]
    here.districts["people"]["displaced_from"][0] = 1000
    if value == 0:
        here.by_pair("displaced")[0], here.districts["people"]["displaced_hosted"] = 0, 0
    column(here.districts, field)[0] = value
    here.begin()
    return_home(here.state, TODAY)
    home = stochastic_round(1000 * A_WEEK, uniform(TODAY, GO_HOME, 1000)) if goes else 0
    assert here.daily["returned"][0] == here.districts["people"]["residents"][0] - 100_000 == home
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("safety", "home"), [(1.0, 2081), (0.5, 1040), (0.1, 208), (0.0, 0)])
def test_people_return_as_their_district_is_safe(refuge: Any, safety: float, home: int) -> None:
    """Of 100,000 displaced 2,081 return a week to a safe district, half to one half safe."""
    here = refuge()
    here.by_pair("displaced")[0, 1] = here.districts["people"]["displaced_hosted"][1] = 100_000
    here.districts["people"]["displaced_from"][0] = 100_000
    here.safety[0] = safety
    here.begin()
    return_home(here.state, TODAY)
    assert here.daily["returned"][0] in (home, home + 1)
    for day in range(100, 106):
        return_home(here.state, run_randomness(15, 0, 0, day))
    assert here.daily["returned"][0] in (home, home + 1)


@pytest.mark.parametrize("number", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("returning", [1, 7, 99, 100])
def test_hosts_lose_in_proportion(refuge: Any, returning: int, number: float) -> None:
    """Those who return leave their hosts in proportion, within one each and exactly in all."""
    here = refuge()
    here.by_pair("displaced")[0] = [0, 50, 30, 20]
    here.districts["people"]["displaced_hosted"] = [0, 50, 30, 20]
    here.districts["people"]["displaced_from"][0] = 100
    here.begin()
    recall_from_hosts(here.state, 0, returning, number)
    taken = np.array([0, 50, 30, 20]) - here.by_pair("displaced")[0]
    assert taken.sum() == returning == here.daily["returned"][0]
    assert np.abs(taken - returning * np.array([0.0, 0.5, 0.3, 0.2])).max() <= 1.0
    assert here.by_pair("displaced").min() >= 0
    assert here.finding() == "balanced"


def test_the_last_displaced_return(refuge: Any) -> None:
    """Of three displaced persons at a rate of 0.02 a week all have returned after some years."""
    here = refuge()
    people = here.districts["people"]
    here.by_pair("displaced")[0, 1] = people["displaced_hosted"][1] = people["displaced_from"][
        0
    ] = 3
    here.begin()
    for day in range(3000):
        return_home(here.state, run_randomness(15, 0, 0, day))
    assert here.districts["people"]["displaced_from"][0] == 0
    assert here.finding() == "balanced"
