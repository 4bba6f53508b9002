"""Attack: which districts are friendly, and how strongly a district attracts an attack."""

from typing import Any

import pytest

from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.gangs.attack import (
    defenders,
    is_friendly,
    pull_of_home,
    target_pull,
    targeted_by_offensive,
    update_attack_value,
)

VALUES = {"attack.halving_density": 20.0, "self_defence.defence_weight": 0.2}


def test_defenders_are_officers_and_a_part_of_the_brigade(country: Any) -> None:
    """Ten officers at night and 50 brigade members at a weight of 0.2 defend as 20."""
    here = country()
    here.districts["presence"]["officers_night"][0] = 10.0
    here.districts["people"]["brigade"][0] = 50
    assert defenders(here.state.districts[0], 0.2) == 20.0


@pytest.mark.parametrize(
    ("holder", "alliances", "members", "coalition", "answer"),
    [
        (STATE, (1, 1), (True, True), True, False),
        (0, (0, 0), (False, False), False, True),
        (1, (0, 0), (False, False), True, False),
        (1, (1, 1), (False, False), False, True),
        (1, (1, 2), (False, False), True, False),
        (1, (0, 0), (True, True), False, False),
        (1, (1, 2), (True, True), True, True),
        (1, (0, 0), (True, False), True, False),
        (1, (0, 0), (False, True), True, False),
    ],
)
def test_which_holders_are_friendly(
    country: Any,
    holder: int,
    alliances: tuple[int, int],
    members: tuple[bool, bool],
    coalition: bool,
    answer: bool,
) -> None:
    """Friendly holders are the gang itself, old allies, and members of an active coalition.

    The state never is.
    """
    here = country()
    here.gangs["alliance"][:2], here.gangs["coalition"][:2] = alliances, members
    here.districts["control"]["holder"][0] = holder
    update_attack_value(here.state)
    assert is_friendly(here.state.districts[0], 0, here.state.gangs[0], coalition) == answer


@pytest.mark.parametrize("holder", [STATE, 0, 1])
def test_a_forward_base_is_never_friendly(country: Any, holder: int) -> None:
    """A district with a forward base may be attacked like one of the state, whoever holds it."""
    here = country(values=VALUES)
    here.districts["control"]["forward_base"][0] = True
    here.districts["control"]["holder"][0] = holder
    here.gangs["alliance"], here.gangs["coalition"] = 1, True
    update_attack_value(here.state)
    assert not is_friendly(here.state.districts[0], 0, here.state.gangs[0], True)
    assert target_pull(here.state.districts[0], 0, here.state.gangs[0], True) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("offensive", "by", "coalition", "member", "answer"),
    [
        (1.0, 0, True, True, False),
        (3.0, 0, False, False, True),
        (3.0, 1, True, True, False),
        (3.0, NO_ONE, True, True, True),
        (3.0, NO_ONE, False, True, False),
        (3.0, NO_ONE, True, False, False),
    ],
)
def test_whom_an_offensive_is_for(
    country: Any, offensive: float, by: int, coalition: bool, member: bool, answer: bool
) -> None:
    """An offensive is for the gang it names, or for the members of an active coalition."""
    here = country()
    here.districts["orders"]["offensive_factor"][0] = offensive
    here.districts["orders"]["offensive_gang"][0] = by
    here.gangs["coalition"][0] = member
    found = targeted_by_offensive(here.state.districts[0], 0, here.state.gangs[0], coalition)
    assert found == answer


def test_attack_value_is_people_reduced_by_defenders(country: Any) -> None:
    """1,600 people give an attack value of 1.6; 32 defenders halve it and 96 quarter it.

    People are residents and displaced persons hosted; 20 defenders per 1,000 halve the value.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["people"]["residents"], here.districts["people"]["displaced_hosted"] = 900, 700
    here.districts["presence"]["officers_night"] = [0.0, 32.0, 96.0]
    update_attack_value(here.state)
    assert here.districts["night"]["attack_value"].tolist() == pytest.approx([1.6, 0.8, 0.4])


def test_offensives_raise_the_pull_of_targets(country: Any) -> None:
    """A gang's own district has no pull but a tenth as home; an offensive triples the pull."""
    here = country(3, [(0, 1), (0, 2)], values=VALUES)
    here.districts["control"]["holder"] = [0, STATE, 1]
    update_attack_value(here.state)
    here.districts["orders"]["offensive_factor"][1] = 3.0
    here.districts["orders"]["offensive_gang"][1] = 0
    found = [
        target_pull(here.state.districts[place], 0, here.state.gangs[0], False)
        for place in range(3)
    ]
    assert found == pytest.approx([0.0, 3.0, 1.0])
    at_home = [
        pull_of_home(here.state.districts[place], 0, here.state.gangs[0], False, 0.1)
        for place in (0, 1)
    ]
    assert at_home == pytest.approx([0.1, 3.0])


def test_a_district_cut_in_two_attracts_as_much(country: Any) -> None:
    """Two halves of a district, each with half of its people and guards, have its pull together."""
    pulls = []
    for parts in (1, 2):
        here = country(parts, [(0, 1)] if parts > 1 else [], values=VALUES)
        here.districts["people"]["residents"] = 4000 // parts
        here.districts["presence"]["officers_night"] = 30.0 / parts
        update_attack_value(here.state)
        pulls.append(here.districts["night"]["attack_value"].sum())
    assert pulls[0] == pytest.approx(pulls[1]) == pytest.approx(4.0 / (1 + 7.5 / 20))
