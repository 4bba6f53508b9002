"""Governance: coordination by leaders, staff and language, and the condition for elections."""

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
    "governance.staff_effect": 0.3,
    "governance.language_loss": 0.5,
    "governance.elections_control_limit": 0.25,
    "intelligence.lost_tips_share": 0.5,
    "mandate.enabled": False,
}


@pytest.mark.parametrize(
    ("council", "staffed", "silent", "level"),
    [
        (0.4, False, 0.0, 0.4),
        (0.4, True, 0.0, 0.58),
        (0.4, False, 1.0, 0.2),
        (0.4, True, 1.0, 0.29),
        (0.4, True, 0.5, 0.435),
        (0.0, False, 0.0, 0.0),
        (0.0, True, 0.0, 0.3),
        (1.0, True, 0.0, 1.0),
        (1.0, False, 0.5, 0.75),
    ],
)
def test_leaders_staff_and_language_make_one_factor(
    council: float, staffed: bool, silent: float, level: float
) -> None:
    """Staff closes part of the gap of leaders, and language loses part of the rest.

    (0.4 + 0.3 * 0.6) * (1 - 0.5 * 0.5) = 0.435.
    """
    assert coordination_level(council, staffed, silent, 0.3, 0.5) == pytest.approx(level)


def test_coordination_stays_a_share_and_rises_with_leaders() -> None:
    """Coordination lies between 0 and 1; leaders, staff and language never lower it."""
    steps = [0.0, 0.1, 0.5, 0.9, 1.0]
    for silent in steps:
        for staff in (0.0, 0.6):
            for language in (0.0, 0.7):
                found = []
                for level in steps:
                    alone = coordination_level(level, False, silent, staff, language)
                    staffed = coordination_level(level, True, silent, staff, language)
                    fewer = coordination_level(level, True, silent / 2, staff, language)
                    assert 0.0 <= alone <= staffed <= fewer <= 1.0
                    found.append(alone)
                assert found == sorted(found)


@pytest.mark.parametrize(
    ("officers", "speaks", "silent"),
    [
        ([5, 30, 5], [True, False, True], 0.75),
        ([60, 30, 30], [True, True, False], 0.25),
        ([60, 20, 0], [True, False, False], 0.25),
        ([0, 0, 10], [True, True, False], 1.0),
        ([0, 0, 0], [False, False, False], 0.0),
        ([4992, 0, 8], [True, True, False], 0.0016),
    ],
)
def test_share_without_language(
    country: Any, officers: list[int], speaks: list[bool], silent: float
) -> None:
    """All officers count by their number, whoever sent them: 8 who are silent among 5,000 hardly.

    Cutting a contingent in two changes nothing.
    """
    here = country(2, values=VALUES)
    here.contingents["speaks_local_language"] = speaks
    here.contingents["officers"] = officers
    assert share_without_language(here.state) == pytest.approx(silent)


def test_coordination_of_the_day(country: Any) -> None:
    """Leaders at 0.4 with staff reach 0.58; of 60 police and 40 silent officers a fifth is lost."""
    here = country(2, values=VALUES)
    here.unit(0, 0, 60)
    here.unit(2, 0, 40)
    here.contingents["speaks_local_language"] = [True, True, False]
    here.governance["leaders_coordination"], here.governance["council_staffed"] = 0.4, True
    update_coordination(here.state)
    assert here.governance["coordination"][0] == pytest.approx(0.58 * 0.8)
    here.contingents["officers"][2] = 0
    update_coordination(here.state)
    assert here.governance["coordination"][0] == pytest.approx(0.58)


def test_tips_are_lost_without_coordination(country: Any) -> None:
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
        ([0.0, 0.0, 0.0, 0.0], True, True),
        ([0.5, 0.49, 0.0, 0.0], True, True),
        ([0.5, 0.5, 0.0, 0.0], True, False),
        ([1.0, 1.0, 1.0, 1.0], False, False),
        ([1.0, 0.0, 0.0, 0.0], False, True),
    ],
)
def test_when_elections_count_as_secure(
    country: Any, influence: list[float], metropolitan: bool, secure: bool
) -> None:
    """Elections are secure if at most a quarter of the nation's people live under gangs."""
    here = country(4, [(0, 1)], values=VALUES)
    here.set_influence(influence)
    here.districts["place"]["metropolitan"] = metropolitan
    for before in (False, True):
        here.governance["elections_secure"] = before
        update_elections_secure(here.state)
        assert here.governance["elections_secure"][0] == secure


@pytest.mark.parametrize(("enabled", "level"), [(True, 0.2), (False, 0.7)])
def test_switched_off_coordination_stays_as_it_was(
    country: Any, enabled: bool, level: float
) -> None:
    """Switched off, neither leaders nor language change the coordination."""
    here = country(2, values={**VALUES, "governance.enabled": enabled})
    here.unit(2, 0, 40)
    here.governance["leaders_coordination"], here.governance["coordination"] = 0.4, 0.7
    here.begin()
    update_institutions(here.state, run_randomness(9, 0, 0, 1))
    assert here.governance["coordination"][0] == pytest.approx(level)
