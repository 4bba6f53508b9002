"""Displacement: how many flee, where they go, who flees again, and who returns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.population.displacement import (
    FLEE,
    GO_HOME,
    HOSTED_FLEE,
    flee,
    flee_again,
    host_attraction,
    leave_home,
    place_displaced,
    recall_from_hosts,
    return_home,
    update_safety,
)
from teritwa.rules.schedule import move_people

VALUES = {
    "displacement.displaced_per_killed": 200.0,
    "displacement.daily_share_limit": 0.25,
    "displacement.return_rate": 0.003,
    "displacement.quiet_days": 30,
    "displacement.family_tie_weight": 0.6,
    "displacement.recent_attack_deterrence": 0.5,
    "displacement.recent_attack_days": 14,
    "displacement.network_effect": 2.0,
    "displacement.services_weight": 0.3,
}
TODAY = run_randomness(15, 0, 0, 100)
SERVICES = ("schools_open", "hospitals_open", "aid_access")
LINE = [(0, 1), (1, 2), (2, 3)]


def refuge(country: Any, values: Mapping[str, float] = {}) -> Any:
    """Return four safe districts of 100,000 people each.

    From district 0 the pulls of the others by nearness are 1:2:1, and by family 0:0:1.
    """
    here = country(4, LINE, values={**VALUES, **values})
    here.districts["people"]["residents"], here.districts["night"]["safety"] = 100_000, 1.0
    here.near[0], here.family[0] = [5.0, 1.0, 2.0, 1.0], [0.5, 0.0, 0.0, 0.5]
    return here.begin()


def test_safety(country: Any) -> None:
    """Safety is 0 under a gang, falls with influence, and is halved for 14 days by an attack."""
    here = country(4, LINE, values=VALUES)
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
    country: Any, column: Any, field: str, level: float, pull: float
) -> None:
    """Without schools, hospitals and aid a district loses 0.3 of its pull, each a third of that."""
    here = country(1, [], values=VALUES)
    column(here.districts, field)[:] = level
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(pull)


def test_a_district_without_services_attracts_some(country: Any) -> None:
    """Without services 0.7 of the pull is left, and 0.21 after an attack at influence 0.4.

    0.7 * 0.5 * 0.6 = 0.21.
    """
    here = country(1, [], values=VALUES)
    for name in SERVICES:
        here.districts["services"][name] = 0.0
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(0.7)
    here.districts["control"]["attacked_on"], here.districts["control"]["gang_influence"] = 95, 0.4
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(0.21)


def test_more_flee_to_districts_with_services(country: Any) -> None:
    """Of two hosts equally near, one with services and one without attract 10 to 7."""
    here = refuge(
        country, {"displacement.network_effect": 0.0, "displacement.family_tie_weight": 0.3}
    )
    here.near[0], here.family[0] = [0.0, 1.0, 1.0, 0.0], 0.0
    for name in SERVICES:
        here.districts["services"][name][2] = 0.0
    update_safety(here.state, 100)
    assert place_displaced(here.state, 0, 0, 1700, 0.5) == 1700
    assert here.displaced[0].tolist() == [0, 1000, 700, 0]


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_flees_or_returns(country: Any, enabled: bool) -> None:
    """As a day ends people flee killings and return to quiet districts; switched off, all stay."""
    here = refuge(country, {"displacement.enabled": enabled})
    here.displaced[3] = [0, 5000, 0, 0]
    here.districts["people"]["displaced_from"][3] = 5000
    here.districts["people"]["displaced_hosted"][1] = 5000
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 10
    move_people(here.state, TODAY)
    residents = here.districts["people"]["residents"]
    assert (residents[0] < 100_000) == (residents[3] > 100_000) == enabled
    assert (here.daily["newly_displaced"][0] > 0) == (here.daily["returned"][0] > 0) == enabled
    assert here.finding() == "balanced"


def test_people_follow_people(country: Any) -> None:
    """A host with half of the origin's displaced attracts 1 + 2 * 0.5 times its safety."""
    here = refuge(country)
    here.districts["night"]["safety"][:3] = [1.0, 0.5, 0.0]
    found = [
        host_attraction(here.state.districts[host], settled, 60, 2.0)
        for host, settled in enumerate((30, 30, 30, 0))
    ]
    assert found == [2.0, 1.0, 0.0, 1.0]
    assert host_attraction(here.state.districts[0], 0, 0, 2.0) == 1.0


def test_the_origin_and_the_district_to_avoid_take_nobody(country: Any) -> None:
    """Nobody is placed in the origin or in the district to avoid, whatever attracts there."""
    here = refuge(country)
    here.displaced[0], here.districts["people"]["displaced_from"][0] = [0, 30, 0, 30], 60
    here.family[0] = 0.0
    assert place_displaced(here.state, 0, 2, 300, 0.5) == 300
    # near pulls 1 and 1, each doubled by half of the displaced
    assert here.displaced[0].tolist() == [0, 30 + 150, 0, 30 + 150]


@pytest.mark.parametrize("number", [0.0, 0.3, 0.999])
def test_displaced_persons_are_apportioned(country: Any, number: float) -> None:
    """Of 1,001 persons, hosts get 0.1, 0.2 and 0.7, each within one, and nobody is lost.

    0.4 go near by as 1:2:1 and 0.6 to family.
    """
    here = refuge(country)
    assert place_displaced(here.state, 0, 0, 1001, number) in (1000, 1001)
    went = here.displaced[0]
    assert np.abs(went - 1001 * np.array([0.0, 0.1, 0.2, 0.7])).max() <= 1.0
    assert here.districts["people"]["displaced_hosted"].tolist() == went.tolist()


def test_shares_hold_on_average(country: Any) -> None:
    """Over evenly spaced numbers single persons go to 0.1, 0.2 and 0.7 of the hosts."""
    here = refuge(country, {"displacement.network_effect": 0.0})
    for step in range(1000):
        place_displaced(here.state, 0, 0, 1, (step + 0.5) / 1000)
    assert np.abs(here.displaced[0] - [0, 100, 200, 700]).max() <= 1


def test_without_family_all_go_near_by(country: Any) -> None:
    """Where no family is safe only nearness counts: 1:2:1."""
    here = refuge(country)
    here.family[0] = [1.0, 0.0, 0.0, 0.0]
    place_displaced(here.state, 0, 0, 400, 0.5)
    assert here.displaced[0].tolist() == [0, 100, 200, 100]


def test_without_a_safe_host_people_stay(country: Any) -> None:
    """Without a safe host nobody is placed and nobody leaves home."""
    here = refuge(country)
    assert place_displaced(here.state, 0, 0, 0, 0.5) == 0
    here.districts["night"]["safety"] = 0.0
    here.districts["night"]["fleeing"][0] = 50
    assert place_displaced(here.state, 0, 0, 50, 0.5) == 0
    leave_home(here.state, 0, 0.5)
    assert here.districts["people"]["residents"][0] == 100_000
    assert here.districts["people"]["displaced_from"][0] == 0
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("killed", "share"), [(0, 0.0), (1, 0.002), (10, 0.02), (1000, 0.25)])
def test_flight_follows_killings(country: Any, killed: int, share: float) -> None:
    """200 of 100,000 flee for each person killed, at most a quarter of the people in a day."""
    here = refuge(country)
    here.districts["counts"]["civilians_killed"][0] = killed
    flee(here.state, TODAY)
    gone = 100_000 - here.districts["people"]["residents"][0]
    assert gone == stochastic_round(share * 100_000, uniform(TODAY, FLEE, 1000))
    assert here.districts["people"]["displaced_from"].tolist() == [gone, 0, 0, 0]
    assert here.daily["newly_displaced"][0] == gone
    assert here.districts["people"]["displaced_hosted"].sum() == gone
    assert here.finding() == "balanced"


def test_the_brigade_flees_with_the_others(country: Any) -> None:
    """A brigade never has more members than residents are left."""
    here = refuge(country, {"displacement.daily_share_limit": 1.0})
    here.districts["people"]["residents"][0] = here.districts["people"]["brigade"][0] = 100
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 50
    flee(here.state, TODAY)
    assert here.districts["people"]["residents"][0] == here.districts["people"]["brigade"][0] == 0
    assert here.finding() == "balanced"


def test_hosted_people_flee_again(country: Any) -> None:
    """When a tenth of the residents flee, a tenth of those hosted flee again, and not home."""
    here = refuge(country)
    here.displaced[1] = [1000, 0, 0, 0]
    here.districts["people"]["displaced_from"][1] = 1000
    here.districts["people"]["displaced_hosted"][0] = 1000
    here.near[1] = 1.0
    here.begin()
    here.districts["people"]["residents"][0], here.districts["night"]["fleeing"][0] = 90_000, 10_000
    flee_again(here.state, TODAY, 0)
    moved = stochastic_round(100.0, uniform(TODAY, HOSTED_FLEE, 1000, 1))
    assert here.displaced[1, 0] == 1000 - moved
    assert here.displaced[1, 1] == 0
    people = here.districts["people"]
    assert people["displaced_hosted"].sum() == people["displaced_from"].sum() == 1000
    assert people["displaced_hosted"][0] == 1000 - moved


@pytest.mark.parametrize(
    ("field", "value", "goes"),
    [
        ("people.displaced_from", 1000, True),
        ("people.displaced_from", 0, False),
        ("control.holder", 1, False),
        ("control.attacked_on", 71, False),
        ("control.attacked_on", 70, True),
    ],
)
def test_people_return_to_quiet_districts(
    country: Any, column: Any, field: str, value: int, goes: bool
) -> None:
    """0.003 of the displaced return a day to a district of the state without attack for 30 days."""
    here = refuge(country)
    here.displaced[0] = [0, 400, 0, 600]
    here.districts["people"]["displaced_hosted"] = [0, 400, 0, 600]
    here.districts["people"]["displaced_from"][0] = 1000
    if value == 0:
        here.displaced[0], here.districts["people"]["displaced_hosted"] = 0, 0
    column(here.districts, field)[0] = value
    here.begin()
    return_home(here.state, TODAY)
    home = stochastic_round(3.0, uniform(TODAY, GO_HOME, 1000)) if goes else 0
    assert here.daily["returned"][0] == here.districts["people"]["residents"][0] - 100_000 == home
    assert here.finding() == "balanced"


@pytest.mark.parametrize("number", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("returning", [1, 7, 99, 100])
def test_hosts_lose_in_proportion(country: Any, returning: int, number: float) -> None:
    """Those who return leave their hosts in proportion, within one each and exactly in all."""
    here = refuge(country)
    here.displaced[0] = [0, 50, 30, 20]
    here.districts["people"]["displaced_hosted"] = [0, 50, 30, 20]
    here.districts["people"]["displaced_from"][0] = 100
    here.begin()
    recall_from_hosts(here.state, 0, returning, number)
    taken = np.array([0, 50, 30, 20]) - here.displaced[0]
    assert taken.sum() == returning == here.daily["returned"][0]
    assert np.abs(taken - returning * np.array([0.0, 0.5, 0.3, 0.2])).max() <= 1.0
    assert here.displaced.min() >= 0
    assert here.finding() == "balanced"


def test_the_last_displaced_return(country: Any) -> None:
    """Of three displaced persons at a rate of 0.003 a day all have returned after some years."""
    here = refuge(country)
    people = here.districts["people"]
    here.displaced[0, 1] = people["displaced_hosted"][1] = people["displaced_from"][0] = 3
    here.begin()
    for day in range(3000):
        return_home(here.state, run_randomness(15, 0, 0, day))
    assert here.districts["people"]["displaced_from"][0] == 0
    assert here.finding() == "balanced"
