"""Intelligence: what is seen, what people tell, what is lost on the way, and what drones show."""

from typing import Any

import pytest

from teritwa.rules.forces.intelligence import detection, tips

VALUES = {
    "intelligence.visible_share": 0.5, "intelligence.intimidation_share": 0.8, "intelligence.lost_tips_share": 0.5, "drones.detection_gain": 0.4,
}  # fmt: skip


def told(country: Any, trust: float = 0.5, influence: float = 0.0, coordination: float = 1.0, **values: Any) -> Any:
    """Return a country whose first district has so much trust and gang influence."""
    here = country(values={**VALUES, **values})
    here.districts["people"]["trust"][0], here.districts["control"]["gang_influence"][0] = trust, influence
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
def test_tips_need_trust_safety_and_somebody_who_listens(
    country: Any, trust: float, influence: float, coordination: float, share: float
) -> None:
    """Trust, times what intimidation leaves, times what is not lost on the way: 0.8 * 0.6 * 0.75 = 0.36.

    Under gangs people keep 0.8 to themselves; of what is told half is lost where the forces do not act together.
    """
    here = told(country, trust, influence, coordination)
    assert tips(here.state, here.state.districts[0]) == pytest.approx(share)


@pytest.mark.parametrize(("influence", "known"), [(0.0, 0.75), (0.5, 0.65), (1.0, 0.55)])
def test_people_tell_less_where_gangs_dominate(country: Any, influence: float, known: float) -> None:
    """Half is seen; of the other half people tell 0.5 under the state, 0.3 at parity, 0.1 under gangs."""
    here = told(country, influence=influence)
    assert detection(here.state, here.state.districts[0]) == pytest.approx(known)


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.75), (0.5, 0.8), (1.0, 0.85)])
def test_drones_show_some_of_the_others(country: Any, watched: float, known: float) -> None:
    """Of the quarter that neither eyes nor tips find drones show 0.4 where they watch all day."""
    here = told(country)
    here.districts["presence"]["drone_coverage"][0] = watched
    assert detection(here.state, here.state.districts[0]) == pytest.approx(known)


def test_drones_that_are_switched_off_show_nothing(country: Any) -> None:
    """What they watched on an earlier day does not count any more."""
    here = told(country, **{"drones.enabled": False})
    here.districts["presence"]["drone_coverage"][0] = 1.0
    assert detection(here.state, here.state.districts[0]) == pytest.approx(0.75)


def test_switched_off_nobody_tells_anything(country: Any) -> None:
    """Without tips half is known whatever people think; drones show what they show."""
    for trust in (0.0, 1.0):
        here = told(country, trust, **{"intelligence.enabled": False})
        assert tips(here.state, here.state.districts[0]) == 0.0
        assert detection(here.state, here.state.districts[0]) == 0.5
        here.districts["presence"]["drone_coverage"][0] = 1.0
        assert detection(here.state, here.state.districts[0]) == pytest.approx(0.7)


def test_what_is_known_is_a_share(country: Any) -> None:
    """At the ends of all that enters, no less than what is visible and no more than all is known."""
    for trust in (0.0, 1.0):
        for influence in (0.0, 1.0):
            for coordination in (0.0, 1.0):
                for watched in (0.0, 1.0):
                    here = told(country, trust, influence, coordination)
                    here.districts["presence"]["drone_coverage"][0] = watched
                    assert 0.5 <= detection(here.state, here.state.districts[0]) <= 1.0
