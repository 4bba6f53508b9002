"""Displacement: how safe districts are for people who flee."""

from typing import Any

import pytest

from teritwa.rules.population.displacement import update_safety

SERVICES = ("schools_open", "hospitals_open", "aid_access")


def test_safety(line: Any) -> None:
    """Safety is 0 under a gang, falls with influence, and is halved for 14 days by an attack."""
    here = line()
    here.districts["control"]["holder"][3] = 1
    here.districts["control"]["gang_influence"] = [0.0, 0.4, 0.4, 0.9]
    here.districts["control"]["attacked_on"] = [-1000, 86, 87, -1000]
    update_safety(here.state, 100)
    assert here.safety.tolist() == pytest.approx([1.0, 0.6, 0.3, 0.0])


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
    assert here.safety[0] == pytest.approx(pull)


def test_a_district_without_services_attracts_some(line: Any) -> None:
    """Without services 0.7 of the pull is left, and 0.21 after an attack at influence 0.4.

    0.7 * 0.5 * 0.6 = 0.21.
    """
    here = line(size=1)
    for name in SERVICES:
        here.districts["services"][name] = 0.0
    update_safety(here.state, 100)
    assert here.safety[0] == pytest.approx(0.7)
    here.districts["control"]["attacked_on"], here.districts["control"]["gang_influence"] = 95, 0.4
    update_safety(here.state, 100)
    assert here.safety[0] == pytest.approx(0.21)
