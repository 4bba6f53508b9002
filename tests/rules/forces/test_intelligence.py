"""Intelligence: what is visible, what people report, what is lost, and what drones reveal."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.rules.forces.intelligence import detection, tips

VALUES = {
    "intelligence.visible_share": 0.5,
    "intelligence.intimidation_share": 0.8,
    "intelligence.lost_tips_share": 0.5,
    "drones.detection_gain": 0.4,
}


def informed(
    country: Any,
    trust: float = 0.5,
    influence: float = 0.0,
    coordination: float = 1.0,
    values: Mapping[str, float] = {},
) -> Any:
    """Return a country whose first district has a given trust and gang influence."""
    here = country(values={**VALUES, **values})
    here.districts["people"]["trust"][0] = trust
    here.districts["control"]["gang_influence"][0] = influence
    here.governance["coordination"] = coordination
    return here


@pytest.mark.parametrize(
    ("trust", "influence", "coordination", "share"),
    [
        (0.5, 0.0, 1.0, 0.5),
        (1.0, 0.0, 1.0, 1.0),
        (0.0, 0.0, 1.0, 0.0),
        (0.5, 0.5, 1.0, 0.3),
        (0.5, 1.0, 1.0, 0.1),
        (0.5, 0.0, 0.0, 0.25),
        (0.5, 0.0, 0.4, 0.35),
        (0.8, 0.5, 0.5, 0.36),
    ],
)
def test_tips_need_trust_safety_and_coordination(
    country: Any, trust: float, influence: float, coordination: float, share: float
) -> None:
    """Tips are trust times the share left by intimidation times the share that is not lost.

    At a trust of 0.8, parity and a coordination of 0.5 that is 0.8 * 0.6 * 0.75 = 0.36.
    """
    here = informed(country, trust, influence, coordination)
    assert tips(here.state, here.state.districts[0]) == pytest.approx(share)


@pytest.mark.parametrize(("influence", "known"), [(0.0, 0.75), (0.5, 0.65), (1.0, 0.55)])
def test_people_report_less_where_gangs_dominate(
    country: Any, influence: float, known: float
) -> None:
    """Of the unseen half people report 0.5 under the state, 0.3 at parity and 0.1 under gangs."""
    here = informed(country, influence=influence)
    assert detection(here.state, here.state.districts[0]) == pytest.approx(known)


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.75), (0.5, 0.8), (1.0, 0.85)])
def test_drones_reveal_part_of_what_is_unknown(country: Any, watched: float, known: float) -> None:
    """Under full coverage drones reveal 0.4 of the quarter that is neither seen nor reported."""
    here = informed(country)
    here.districts["presence"]["drone_coverage"][0] = watched
    assert detection(here.state, here.state.districts[0]) == pytest.approx(known)


def test_switched_off_drones_reveal_nothing(country: Any) -> None:
    """With drones switched off, earlier coverage does not count."""
    here = informed(country, values={"drones.enabled": False})
    here.districts["presence"]["drone_coverage"][0] = 1.0
    assert detection(here.state, here.state.districts[0]) == pytest.approx(0.75)


def test_switched_off_nobody_reports_anything(country: Any) -> None:
    """Without tips half is known whatever the trust; drones still add their part."""
    for trust in (0.0, 1.0):
        here = informed(country, trust, values={"intelligence.enabled": False})
        assert tips(here.state, here.state.districts[0]) == 0.0
        assert detection(here.state, here.state.districts[0]) == 0.5
        here.districts["presence"]["drone_coverage"][0] = 1.0
        assert detection(here.state, here.state.districts[0]) == pytest.approx(0.7)


def test_detection_is_a_share(country: Any) -> None:
    """At the ends of all inputs, detection lies between the visible share and 1."""
    for trust in (0.0, 1.0):
        for influence in (0.0, 1.0):
            for coordination in (0.0, 1.0):
                for watched in (0.0, 1.0):
                    here = informed(country, trust, influence, coordination)
                    here.districts["presence"]["drone_coverage"][0] = watched
                    assert 0.5 <= detection(here.state, here.state.districts[0]) <= 1.0
