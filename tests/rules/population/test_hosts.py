"""Hosts: where people who flee stay."""

from typing import Any

import numpy as np
import pytest

from teritwa.rules.districts.travel import destination_to
from teritwa.rules.population.displacement import update_safety
from teritwa.rules.population.hosts import (
    first_at_least,
    index_shares,
    settle_at_hosts,
    share_hosts,
    weigh_hosts,
)


def place(here: Any, people: int, number: float) -> int:
    """Let residents of district 0 flee; return how many find a host."""
    return leave(here, 0, people, number) if share_hosts(here.state, 0) else 0


def leave(here: Any, origin: int, people: int, number: float) -> int:
    """Let people of an origin leave district 0; return how many find a host."""
    row = destination_to(here.state, 0, origin)
    return settle_at_hosts(here.state, 0, row, people, number)


def test_more_flee_to_districts_with_services(refuge: Any) -> None:
    """Of two hosts equally near, one with services and one without attract 10 to 7."""
    here = refuge({"displacement.network_effect": 0.0, "displacement.family_tie_weight": 0.3})
    here.by_pair("near")[0], here.by_pair("family")[0] = [0.0, 1.0, 1.0, 0.0], 0.0
    for name in ("schools_open", "hospitals_open", "aid_access"):
        here.districts["services"][name][2] = 0.0
    update_safety(here.state, 100)
    assert place(here, 1700, 0.5) == 1700
    assert here.by_pair("displaced")[0].tolist() == [0, 1000, 700, 0]


def test_people_follow_people(refuge: Any) -> None:
    """A host with half of the district's displaced attracts 1 + 2 * 0.5 times its safety.

    The district that people leave attracts nobody.
    """
    here = refuge()
    here.safety[:] = [1.0, 0.5, 1.0, 0.0]
    here.by_pair("displaced")[0] = [0, 30, 0, 30]
    here.districts["people"]["displaced_from"][0] = 60
    here.by_pair("near")[0], here.by_pair("family")[0] = (
        [9.0, 1.0, 2.0, 5.0],
        [0.5, 0.25, 0.0, 0.25],
    )
    assert weigh_hosts(here.state, 0) == (1.0 + 2.0, 0.25)
    assert here.pulls.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_people_who_flee_again_leave_out_their_origin(refuge: Any) -> None:
    """Those hosted in 0 choose as its residents do, 0.1, 0.2 and 0.7, without where they came from.

    From district 2: 0.1 and 0.7 of 0.8. From district 1: 0.2 and 0.7 of 0.9. Those of one origin
    are 800 and 900, so that hosts get whole numbers whatever the lot.
    """
    here = refuge({"displacement.network_effect": 0.0})
    assert share_hosts(here.state, 0)
    assert leave(here, 2, 800, 0.5) == 800
    assert leave(here, 1, 900, 0.5) == 900
    assert here.by_pair("displaced")[2].tolist() == [0, 100, 0, 700]
    assert here.by_pair("displaced")[1].tolist() == [0, 0, 200, 700]


def test_people_stay_where_only_their_origin_is_safe(refuge: Any) -> None:
    """Who comes from the only safe district does not flee back to it, and stays."""
    here = refuge()
    here.safety[:] = [0.0, 0.0, 1.0, 0.0]
    assert share_hosts(here.state, 0)
    assert leave(here, 2, 5, 0.5) == 0
    assert leave(here, 1, 5, 0.5) == 5


@pytest.mark.parametrize("number", [0.0, 0.3, 0.999])
def test_displaced_persons_are_apportioned(refuge: Any, number: float) -> None:
    """Of 1,001 persons, hosts get 0.1, 0.2 and 0.7, each within one, and nobody is lost.

    0.4 go near by as 1:2:1 and 0.6 to family.
    """
    here = refuge()
    assert place(here, 1001, number) in (1000, 1001)
    went = here.by_pair("displaced")[0]
    assert np.abs(went - 1001 * np.array([0.0, 0.1, 0.2, 0.7])).max() <= 1.0
    assert here.districts["people"]["displaced_hosted"].tolist() == went.tolist()


def test_shares_hold_on_average(refuge: Any) -> None:
    """Over evenly spaced numbers single persons go to 0.1, 0.2 and 0.7 of the hosts."""
    here = refuge({"displacement.network_effect": 0.0})
    for step in range(1000):
        place(here, 1, (step + 0.5) / 1000)
    assert np.abs(here.by_pair("displaced")[0] - [0, 100, 200, 700]).max() <= 1


def test_without_family_all_go_near_by(refuge: Any) -> None:
    """Where no family is safe only nearness counts: 1:2:1."""
    here = refuge()
    here.by_pair("family")[0] = [1.0, 0.0, 0.0, 0.0]
    place(here, 400, 0.5)
    assert here.by_pair("displaced")[0].tolist() == [0, 100, 200, 100]


def test_without_a_safe_host_nobody_is_placed(refuge: Any) -> None:
    """Without people to place or without a safe host nobody is placed."""
    here = refuge()
    assert place(here, 0, 0.5) == 0
    here.safety[:] = 0.0
    assert place(here, 50, 0.5) == 0
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    "pulls", [[0.0, 0.25, 0.25, 1.0], [0.97, 0.98, 0.99, 1.0], [0.0, 0.0, 0.0, 0.3]]
)
def test_the_search_finds_the_first_share_that_is_enough(refuge: Any, pulls: list[float]) -> None:
    """For a thousand shares the search finds what a walk from the beginning finds."""
    here = refuge()
    here.pulls[:] = pulls
    index_shares(here.state, 4)
    for share in np.linspace(0.0, pulls[-1], 1001):
        wanted = next(place for place in range(4) if pulls[place] >= share)
        assert first_at_least(here.state, 4, share) == wanted


@pytest.mark.parametrize("people", [1, 4, 5, 6, 12, 503])
def test_households_stay_together(refuge: Any, people: int) -> None:
    """People flee in households of five or a person less; each of them stays with one host.

    On average over evenly spaced numbers, hosts take 0.1, 0.2 and 0.7 of the people.
    """
    here, taken = (
        refuge({"displacement.household_size": 5, "displacement.network_effect": 0.0}),
        0.0,
    )
    households = -(-people // 5)
    for step in range(1000):
        here.by_pair("displaced")[:] = here.by_pair("hosted")[:] = 0
        assert place(here, people, (step + 0.5) / 1000) == people
        went = here.by_pair("displaced")[0]
        assert (went > 0).sum() <= households
        taken += went / 1000
    assert taken == pytest.approx(people * np.array([0.0, 0.1, 0.2, 0.7]), abs=0.02 * people)
