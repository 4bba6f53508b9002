"""The size of a world: a part of Haiti's gangs, whose fighters do as much each."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from teritwa.rules.agents.state import State
from teritwa.rules.conservation import BALANCED, check_conservation
from teritwa.rules.registry import registry, scale_to_size
from teritwa.simulation.initialization import initialize
from teritwa.world import World

PER_COUNTRY = {
    "arms.smuggling_rate",
    "attack.rate",
    "detention.prison_capacity",
    "membership.fighters_day0",
    "membership.prisoners_day0",
    "casualties.killed_day0",
    "kidnapping.rate",
    "police_attrition.cadets_per_year",
    "gang_rivalry.rate",
}
"""Parameters that count something in the whole country, and grow with its gangs."""


def test_the_world_of_haitis_size_has_haitis_numbers() -> None:
    """With size 1 every parameter keeps its value and its type."""
    values = {name: given.value for name, given in registry().items()}
    scaled = scale_to_size(values, 1.0)
    assert scaled == values
    assert {name: type(value) for name, value in scaled.items()} == {
        name: type(v) for name, v in values.items()
    }


def test_only_numbers_of_the_whole_country_are_scaled() -> None:
    """Numbers of the whole country become a hundredth, counts stay whole; all else stays."""
    values = {name: given.value for name, given in registry().items()}
    scaled = scale_to_size(values, 0.01)
    assert {name for name in values if scaled[name] != values[name]} == PER_COUNTRY
    assert {name for name, given in registry().items() if given.scales} == PER_COUNTRY
    assert scaled["attack.rate"] == pytest.approx(values["attack.rate"] / 100)
    assert (
        scaled["membership.fighters_day0"],
        scaled["detention.prison_capacity"],
        scaled["police_attrition.cadets_per_year"],
    ) == (95, 140, 3)


def test_what_there_is_none_of_stays_none() -> None:
    """Zero stays zero in a small world, and nothing is floored at one: 0.55 fighters are one."""
    assert scale_to_size(
        {"police_attrition.cadets_per_year": 30, "membership.fighters_day0": 5500}, 0.0001
    ) == {
        "police_attrition.cadets_per_year": 0,
        "membership.fighters_day0": 1,
    }
    assert scale_to_size({"police_attrition.cadets_per_year": 300}, 8.0) == {
        "police_attrition.cadets_per_year": 2400
    }


def test_whole_numbers_are_known_by_the_parameter() -> None:
    """A rate given as 3 is scaled like 3.0: its declaration says whether a parameter counts."""
    assert scale_to_size({"attack.rate": 3}, 0.5) == {"attack.rate": 1.5}


@pytest.mark.parametrize("size", [1.0, 0.5, 0.08])
def test_each_fighter_does_as_much_in_a_small_world(
    island: World,
    values: dict[str, float],
    size: float,
    state_of: Callable[[dict[str, np.ndarray]], State],
) -> None:
    """Fighters and the rates of what they do shrink alike, and gangs keep their shares."""
    tables = initialize(replace(island, size=size), values)
    fighters, rules = int(tables["crews"]["fighters"].sum()), tables["parameters"]
    assert fighters == tables["counters"]["fighters_on_day_0"][0] == round(6000 * size)
    assert tables["ledger"]["prisoners"][0] == round(9000 * size)
    for family in ("attack", "gang_rivalry", "kidnapping"):
        assert rules[family]["rate"][0] / fighters == pytest.approx(values[f"{family}.rate"] / 6000)
    whole = initialize(island, values)["gangs"]["members"] / 6000
    assert np.abs(tables["gangs"]["members"] / fighters - whole).max() < 0.01
    assert {check_conservation(state_of(tables), day) for day in range(28)} == {BALANCED}


def test_size_is_of_the_world(
    island: World, values: dict[str, float], day_0: Callable[..., dict[str, np.ndarray]]
) -> None:
    """Two worlds that differ in size alone do not share a day 0."""
    small = initialize(replace(island, size=0.5), values)
    assert small["crews"]["fighters"].sum() == 3000
    assert day_0()["crews"]["fighters"].sum() == 6000
