"""Displacement: how safe districts are, and where people who flee find a host."""

from typing import Any

import numpy as np
import pytest

from teritwa.rules.population.displacement import (
    host_attraction,
    place_displaced,
    update_safety,
)

SERVICES = ("schools_open", "hospitals_open", "aid_access")


def test_safety(line: Any) -> None:
    """Safety is 0 under a gang, falls with influence, and is halved for 14 days by an attack."""
    here = line()
    here.districts["control"]["holder"][3] = 1
    here.districts["control"]["gang_influence"] = [0.0, 0.4, 0.4, 0.9]
    here.districts["control"]["attacked_on"] = [-1000, 86, 87, -1000]
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"].tolist() == pytest.approx([1.0, 0.6, 0.3, 0.0])


@pytest.mark.parametrize(
    ("field", "level", "pull"),
    [
        ("services.schools_open", 0.0, 0.9),
        ("services.hospitals_open", 0.5, 0.95),
        ("services.aid_access", 0.2, 0.92),
        ("people.recruitment_pool", 0.0, 1.0),
        ("people.trust", 0.0, 1.0),
    ],
)
def test_services_attract_people(
    line: Any, column: Any, field: str, level: float, pull: float
) -> None:
    """Without schools, hospitals and aid a district loses 0.3 of its pull, each a third of that."""
    here = line(size=1)
    column(here.districts, field)[:] = level
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(pull)


def test_a_district_without_services_attracts_some(line: Any) -> None:
    """Without services 0.7 of the pull is left, and 0.21 after an attack at influence 0.4.

    0.7 * 0.5 * 0.6 = 0.21.
    """
    here = line(size=1)
    for name in SERVICES:
        here.districts["services"][name] = 0.0
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(0.7)
    here.districts["control"]["attacked_on"], here.districts["control"]["gang_influence"] = 95, 0.4
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(0.21)


def test_more_flee_to_districts_with_services(refuge: Any) -> None:
    """Of two hosts equally near, one with services and one without attract 10 to 7."""
    here = refuge({"displacement.network_effect": 0.0, "displacement.family_tie_weight": 0.3})
    here.near[0], here.family[0] = [0.0, 1.0, 1.0, 0.0], 0.0
    for name in SERVICES:
        here.districts["services"][name][2] = 0.0
    update_safety(here.state, 100)
    assert place_displaced(here.state, 0, 0, 1700, 0.5) == 1700
    assert here.displaced[0].tolist() == [0, 1000, 700, 0]


def test_people_follow_people(refuge: Any) -> None:
    """A host with half of the origin's displaced attracts 1 + 2 * 0.5 times its safety."""
    here = refuge()
    here.districts["night"]["safety"][:3] = [1.0, 0.5, 0.0]
    found = [
        host_attraction(here.state.districts[host], settled, 60, 2.0)
        for host, settled in enumerate((30, 30, 30, 0))
    ]
    assert found == [2.0, 1.0, 0.0, 1.0]
    assert host_attraction(here.state.districts[0], 0, 0, 2.0) == 1.0


def test_the_origin_and_the_district_to_avoid_take_nobody(refuge: Any) -> None:
    """Nobody is placed in the origin or in the district to avoid, whatever attracts there."""
    here = refuge()
    here.displaced[0], here.districts["people"]["displaced_from"][0] = [0, 30, 0, 30], 60
    here.family[0] = 0.0
    assert place_displaced(here.state, 0, 2, 300, 0.5) == 300
    # near pulls 1 and 1, each doubled by half of the displaced
    assert here.displaced[0].tolist() == [0, 30 + 150, 0, 30 + 150]


@pytest.mark.parametrize("number", [0.0, 0.3, 0.999])
def test_displaced_persons_are_apportioned(refuge: Any, number: float) -> None:
    """Of 1,001 persons, hosts get 0.1, 0.2 and 0.7, each within one, and nobody is lost.

    0.4 go near by as 1:2:1 and 0.6 to family.
    """
    here = refuge()
    assert place_displaced(here.state, 0, 0, 1001, number) in (1000, 1001)
    went = here.displaced[0]
    assert np.abs(went - 1001 * np.array([0.0, 0.1, 0.2, 0.7])).max() <= 1.0
    assert here.districts["people"]["displaced_hosted"].tolist() == went.tolist()


def test_shares_hold_on_average(refuge: Any) -> None:
    """Over evenly spaced numbers single persons go to 0.1, 0.2 and 0.7 of the hosts."""
    here = refuge({"displacement.network_effect": 0.0})
    for step in range(1000):
        place_displaced(here.state, 0, 0, 1, (step + 0.5) / 1000)
    assert np.abs(here.displaced[0] - [0, 100, 200, 700]).max() <= 1


def test_without_family_all_go_near_by(refuge: Any) -> None:
    """Where no family is safe only nearness counts: 1:2:1."""
    here = refuge()
    here.family[0] = [1.0, 0.0, 0.0, 0.0]
    place_displaced(here.state, 0, 0, 400, 0.5)
    assert here.displaced[0].tolist() == [0, 100, 200, 100]


def test_without_a_safe_host_nobody_is_placed(refuge: Any) -> None:
    """Without people to place or without a safe host nobody is placed."""
    here = refuge()
    assert place_displaced(here.state, 0, 0, 0, 0.5) == 0
    here.districts["night"]["safety"] = 0.0
    assert place_displaced(here.state, 0, 0, 50, 0.5) == 0
    assert here.finding() == "balanced"
