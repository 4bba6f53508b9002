"""Doctrine: what postures mean today, and which numbers a force acts by."""

from typing import Any

import pytest

from teritwa.rules.agents.doctrine import (
    AS_THE_POSTURE,
    BY_ATTACKS,
    CLEAR_AND_HOLD,
    COMMUNITY_POLICING,
    CORDON_AND_SEARCH,
    NO_OPERATIONS,
    PATROL,
    RAID,
    STATIC_GUARD,
)
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.forces.doctrine import (
    garrison_of,
    hand_over_days,
    operating_posture,
    patience_of,
    update_postures,
    wanted_force_ratio,
)
from teritwa.world.codes import POSTURES

VALUES = {
    "raid.force_ratio": 0.8,
    "raid.patience": 4,
    "raid.losses": 1.0,
    "clear_and_hold.garrison": 5.0,
    "clear_and_hold.hand_over": 60,
    "clear_and_hold.force_ratio": 2.5,
    "clear_and_hold.patience": 30,
    "patrol.trust": 0.0004,
    "community_policing.coverage": 1.2,
    "static_guard.coverage": 0.3,
    "static_guard.detentions": 0.001,
}
OPERATIONS_ALONE = (
    "lethality", "bystanders", "arrests", "surrender", "night_share", "force_ratio", "patience",
    "garrison", "hand_over",
)  # fmt: skip


def test_postures_are_read_from_the_parameters(country: Any) -> None:
    """Each posture has the values of its own parameters; an operation covers by its officers alone.

    What only operations do is zero in the postures of those who are present.
    """
    here = country(values=VALUES)
    for posture, name in enumerate(POSTURES):
        family = here.parameters[name.replace("-", "_")]
        for field in here.postures.dtype.names:
            found = here.postures[field][posture]
            if posture <= CORDON_AND_SEARCH and field == "coverage":
                assert found == 1.0
            elif posture > CORDON_AND_SEARCH and field in OPERATIONS_ALONE:
                assert found == 0
            else:
                assert found == family[field][0], (name, field)


def test_a_change_of_a_posture_acts_from_the_next_morning(country: Any) -> None:
    """A parameter that changes in a run changes the posture when it is read again."""
    here = country(values=VALUES)
    here.parameters["patrol"]["trust"] = 0.0009
    assert here.postures["trust"][PATROL] == 0.0004
    update_postures(here.state)
    assert here.postures["trust"][PATROL] == 0.0009


def test_doctrines_of_day_0(country: Any) -> None:
    """Police and mission raid and patrol; the army guards and conducts no operations."""
    doctrines = country().doctrines
    assert doctrines["operations"].tolist() == [RAID, NO_OPERATIONS, RAID]
    assert doctrines["at_home"].tolist() == [PATROL, STATIC_GUARD, PATROL]
    assert doctrines["first"].tolist() == [BY_ATTACKS] * 3
    for name in ("share_out", "force_ratio", "patience", "garrison", "hand_over"):
        assert doctrines[name].tolist() == [AS_THE_POSTURE] * 3


@pytest.mark.parametrize(
    ("ordered", "own", "posture"),
    [
        (NO_OPERATIONS, RAID, RAID),
        (NO_OPERATIONS, CORDON_AND_SEARCH, CORDON_AND_SEARCH),
        (NO_OPERATIONS, NO_OPERATIONS, CLEAR_AND_HOLD),
        (CORDON_AND_SEARCH, RAID, CORDON_AND_SEARCH),
        (RAID, CLEAR_AND_HOLD, RAID),
        (RAID, NO_OPERATIONS, RAID),
    ],
)
def test_an_order_comes_before_the_doctrine(
    country: Any, ordered: int, own: int, posture: int
) -> None:
    """A dated order names the posture, otherwise the doctrine; without either, clear and hold."""
    here = country()
    here.districts["orders"]["ordered_posture"][0] = ordered
    here.doctrines["operations"][MISSION] = own
    assert operating_posture(here.state, here.state.districts[0], MISSION) == posture


@pytest.mark.parametrize(
    ("rule", "field", "posture", "usual", "given"),
    [
        (wanted_force_ratio, "force_ratio", RAID, 0.8, 2.0),
        (wanted_force_ratio, "force_ratio", RAID, 0.8, 0.0),
        (patience_of, "patience", RAID, 4, 9),
        (garrison_of, "garrison", CLEAR_AND_HOLD, 5.0, 2.0),
        (garrison_of, "garrison", CLEAR_AND_HOLD, 5.0, 0.0),
        (garrison_of, "garrison", RAID, 0.0, 3.0),
        (hand_over_days, "hand_over", CLEAR_AND_HOLD, 60, 7),
    ],
)
def test_numbers_of_a_doctrine_come_before_those_of_its_posture(
    country: Any, rule: Any, field: str, posture: int, usual: float, given: float
) -> None:
    """A number that a scenario gave a force counts, zero included; else that of the posture.

    The garrison is counted for 1,000 people, residents and displaced.
    """
    here = country(values=VALUES)
    here.districts["people"]["residents"][0] = 700
    here.districts["people"]["displaced_hosted"][0] = 300
    here.doctrines["operations"][POLICE] = posture
    district = here.state.districts[0]
    assert rule(here.state, district, POLICE) == pytest.approx(usual)
    here.doctrines[field][[MISSION, ARMY]] = 99
    assert rule(here.state, district, POLICE) == pytest.approx(usual)
    here.doctrines[field][POLICE] = given
    assert rule(here.state, district, POLICE) == pytest.approx(given)


def test_postures_of_presence_differ(country: Any) -> None:
    """Community policing covers more than patrol, and a guard less, as the parameters have it."""
    here = country(values=VALUES)
    assert here.postures["coverage"][[COMMUNITY_POLICING, PATROL, STATIC_GUARD]].tolist() == [
        1.2,
        1.0,
        0.3,
    ]
