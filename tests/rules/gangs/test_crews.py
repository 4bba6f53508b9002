"""Crews: one of a gang in a district, each in the list of its district."""

from typing import Any

from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.gangs.crews import (
    CREW_BORN,
    count_fighters_in,
    crew_identity,
    crew_of,
    find_crew,
)


def test_a_crew_has_a_fixed_identity() -> None:
    """A crew's identity follows from its gang and district alone, within 32 bits."""
    assert crew_identity(3, 5) == (93 + 85 + CREW_BORN) % 2**32
    assert 0 <= crew_identity(2**32 - 1, 2**32 - 1) < 2**32
    assert crew_identity(3, 5) != crew_identity(5, 3)


def test_a_gang_has_one_crew_in_a_district(country: Any) -> None:
    """A gang's crew in a district is found, or made empty."""
    here = country(4, [(0, 1), (1, 2), (2, 3)])
    there = here.crew(1, 1, 9)
    assert crew_of(here.state, 1, 1) == there
    made = crew_of(here.state, 1, 2)
    assert (made, crew_of(here.state, 1, 2)) == (1, 1)
    found = here.crews[["gang", "district", "fighters", "target"]][made]
    assert found.tolist() == (1, 2, 0, NO_ONE)
    assert here.crews["identity"][made] == crew_identity(2001, 1002)


def test_crews_of_a_district_are_listed(country: Any) -> None:
    """Each crew is found by gang and district, in whatever order they came into being."""
    here = country(3, [(0, 1), (1, 2)])
    rows = {
        (gang, place): here.crew(gang, place, 10 * gang + 1) for place in (1, 0) for gang in (2, 0)
    }
    rows[1, 1] = crew_of(here.state, 1, 1)
    here.crews["fighters"][rows[1, 1]] = 5
    for gang in range(3):
        for place in range(3):
            assert find_crew(here.state, gang, place) == rows.get((gang, place), NO_ONE)
    assert [count_fighters_in(here.state, place) for place in range(3)] == [22, 27, 0]
