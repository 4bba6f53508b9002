"""Politics: one factor out of leaders, staff and language, and the stated condition for elections."""

from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.forces.intelligence import tips
from teritwa.rules.mission.governance import (
    coordination_level,
    share_without_language,
    update_coordination,
    update_elections_secure,
)
from teritwa.rules.schedule import update_institutions

VALUES = {
    "governance.staff_effect": 0.3, "governance.language_loss": 0.5, "governance.elections_control_limit": 0.25,
    "intelligence.lost_tips_share": 0.5, "mandate.enabled": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("council", "staffed", "silent", "level"),
    [
        (0.4, False, 0.0, 0.4), (0.4, True, 0.0, 0.58), (0.4, False, 1.0, 0.2), (0.4, True, 1.0, 0.29),
        (0.4, True, 0.5, 0.435), (0.0, False, 0.0, 0.0), (0.0, True, 0.0, 0.3), (1.0, True, 0.0, 1.0),
        (1.0, False, 0.5, 0.75),
    ],
)  # fmt: skip
def test_leaders_staff_and_language_make_one_factor(council: float, staffed: bool, silent: float, level: float) -> None:
    """(0.4 + 0.3 * 0.6) * (1 - 0.5 * 0.5) = 0.435: staff fills a part of the gap, what is not understood is lost."""
    assert coordination_level(council, staffed, silent, 0.3, 0.5) == pytest.approx(level)


def test_coordination_stays_a_share_and_rises_with_leaders() -> None:
    """For all values allowed it lies in 0 to 1; better leaders, a staff or more speakers never make it worse."""
    steps = [0.0, 0.1, 0.5, 0.9, 1.0]
    for silent in steps:
        for staff in (0.0, 0.6):
            for language in (0.0, 0.7):
                found = [coordination_level(level, False, silent, staff, language) for level in steps]
                staffed = [coordination_level(level, True, silent, staff, language) for level in steps]
                fewer = [coordination_level(level, True, silent / 2, staff, language) for level in steps]
                assert found == sorted(found)
                assert all(0.0 <= a <= b <= c <= 1.0 for a, b, c in zip(found, staffed, fewer, strict=True))


@pytest.mark.parametrize(
    ("officers", "speaks", "silent"),
    [
        ([5, 30, 10], [True, False, True], 0.75), ([5, 30, 10], [True, True, False], 0.25),
        ([900, 30, 10], [False, True, True], 0.0), ([5, 0, 10], [False, True, False], 1.0),
        ([900, 0, 0], [False, False, False], 0.0),
    ],
)  # fmt: skip
def test_who_cannot_be_told(country: Any, officers: list[int], speaks: list[bool], silent: float) -> None:
    """By officers of the mission alone: 30 of 40 are of a contingent without French and Creole; without officers 0."""
    here = country(2, values=VALUES)
    here.contingents["foreign"], here.contingents["speaks_local_language"] = [False, True, True], speaks
    here.contingents["officers"] = officers
    assert share_without_language(here.state) == silent


def test_coordination_of_the_day(country: Any) -> None:
    """Council 0.4 with a staff and a mission that nobody understands: 0.58 * 0.5; when it leaves 0.58."""
    here = country(2, values=VALUES)
    here.unit(2, 0, 40)
    here.governance["leaders_coordination"], here.governance["council_staffed"] = 0.4, True
    update_coordination(here.state)
    assert here.governance["coordination"][0] == pytest.approx(0.29)
    here.contingents["officers"][2] = 0
    update_coordination(here.state)
    assert here.governance["coordination"][0] == pytest.approx(0.58)


def test_what_is_told_is_lost_on_forces_that_do_not_act_together(country: Any) -> None:
    """Half of the tips are lost at a coordination of 0, a quarter at one half, none at 1."""
    here = country(2, values=VALUES)
    here.districts["people"]["trust"] = 0.4
    found = []
    for level in (0.0, 0.5, 1.0):
        here.governance["leaders_coordination"] = level
        update_coordination(here.state)
        found.append(tips(here.state, here.state.districts[0]))
    assert found == pytest.approx([0.2, 0.3, 0.4])


@pytest.mark.parametrize(
    ("influence", "metropolitan", "secure"),
    [
        ([0.0, 0.0, 0.0, 0.0], True, True), ([0.5, 0.49, 0.0, 0.0], True, True), ([0.5, 0.5, 0.0, 0.0], True, False),
        ([1.0, 1.0, 1.0, 1.0], False, False), ([1.0, 0.0, 0.0, 0.0], False, True),
    ],
)  # fmt: skip
def test_when_elections_count_as_secure(country: Any, influence: list[float], metropolitan: bool, secure: bool) -> None:
    """While at most a quarter of the nation's people live where gangs hold, in the capital or not."""
    here = country(4, [(0, 1)], values=VALUES)
    here.districts["control"]["gang_influence"], here.districts["place"]["metropolitan"] = influence, metropolitan
    for before in (False, True):
        here.governance["elections_secure"] = before
        update_elections_secure(here.state)
        assert here.governance["elections_secure"][0] == secure


@pytest.mark.parametrize(("acts", "level"), [(True, 0.2), (False, 0.7)])
def test_switched_off_coordination_stays_as_it_was(country: Any, acts: bool, level: float) -> None:
    """Off, neither a paralysed council nor a silent mission changes how well the forces act together."""
    here = country(2, values={**VALUES, "governance.enabled": acts})
    here.unit(2, 0, 40)
    here.governance["leaders_coordination"], here.governance["coordination"] = 0.4, 0.7
    here.begin()
    update_institutions(here.state, run_randomness(9, 0, 0, 1))
    assert here.governance["coordination"][0] == pytest.approx(level)
