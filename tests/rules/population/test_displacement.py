"""Displacement: how many flee, where to, who flees again, and the way home; nobody is lost on the way."""

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
    "displacement.displaced_per_killed": 200.0, "displacement.daily_share_limit": 0.25, "displacement.return_rate": 0.003,
    "displacement.quiet_days": 30, "displacement.family_tie_weight": 0.6, "displacement.recent_attack_deterrence": 0.5,
    "displacement.recent_attack_days": 14,
    "displacement.network_effect": 2.0, "displacement.services_weight": 0.3,
}  # fmt: skip
TODAY = run_randomness(15, 0, 0, 100)
LINE = [(0, 1), (1, 2), (2, 3)]


def refuge(country: Any, values: dict[str, float] | None = None) -> Any:
    """Return four safe places of 100,000; from place 0, near pulls 1:2:1 to the others, family 0:0:1."""
    here = country(4, LINE, values={**VALUES, **(values or {})})
    here.districts["people"]["residents"], here.districts["night"]["safety"] = 100_000, 1.0
    here.near[0], here.family[0] = [5.0, 1.0, 2.0, 1.0], [0.5, 0.0, 0.0, 0.5]
    return here.begin()


def test_safe_is_what_the_state_holds_in_quiet(country: Any) -> None:
    """Where a gang holds nobody flees to; influence lowers safety, an attack halves it for 14 days."""
    here = country(4, LINE, values=VALUES)
    here.districts["control"]["holder"][3], here.districts["control"]["gang_influence"] = 1, [0.0, 0.4, 0.4, 0.9]
    here.districts["control"]["attacked_on"] = [-1000, 86, 87, -1000]
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"].tolist() == pytest.approx([1.0, 0.6, 0.3, 0.0])


@pytest.mark.parametrize(
    ("field", "level", "pull"),
    [("schools", 0.0, 0.9), ("clinics", 0.5, 0.95), ("aided", 0.2, 0.92), ("idle", 0.0, 1.0), ("trust", 0.0, 1.0)],
)
def test_people_are_drawn_to_services(country: Any, field: str, level: float, pull: float) -> None:
    """A place without schools, hospitals and aid loses 0.3 of its pull, without schools alone a third of that."""
    here = country(1, [], values=VALUES)
    here.districts[field] = level
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(pull)


def test_without_any_services_a_place_still_draws_some(country: Any) -> None:
    """All three missing leave 0.7, halved by an attack of late and lowered by influence: 0.7 * 0.5 * 0.6."""
    here = country(1, [], values=VALUES)
    for name in ("schools", "clinics", "aided"):
        here.districts[name] = 0.0
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(0.7)
    here.districts["control"]["attacked_on"], here.districts["control"]["gang_influence"] = 95, 0.4
    update_safety(here.state, 100)
    assert here.districts["night"]["safety"][0] == pytest.approx(0.21)


def test_more_flee_to_where_schools_are_open(country: Any) -> None:
    """Of two hosts as near, one with all services and one with none draw 10 to 7."""
    here = refuge(country, {"displacement.network_effect": 0.0, "displacement.family_tie_weight": 0.3})
    here.near[0], here.family[0] = [0.0, 1.0, 1.0, 0.0], 0.0
    for name in ("schools", "clinics", "aided"):
        here.districts[name][2] = 0.0
    update_safety(here.state, 100)
    assert place_displaced(here.state, 0, 0, 1700, 0.5) == 1700
    assert here.displaced[0].tolist() == [0, 1000, 700, 0]


@pytest.mark.parametrize("acts", [True, False])
def test_switched_off_nobody_flees_or_returns(country: Any, acts: bool) -> None:
    """As a day ends people flee killings and go home to quiet places; switched off, all stay where they are."""
    here = refuge(country, {"displacement.enabled": acts})
    here.displaced[3], here.districts["people"]["displaced_from"][3], here.districts["people"]["displaced_hosted"][1] = (
        [0, 5000, 0, 0],
        5000,
        5000,
    )
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 10
    move_people(here.state, TODAY)
    assert (here.districts["people"]["residents"][0] < 100_000) == (here.districts["people"]["residents"][3] > 100_000) == acts
    assert (here.today["newly_displaced"][0] > 0) == (here.today["returned"][0] > 0) == acts
    assert here.finding() == "balanced"


def test_people_follow_people(country: Any) -> None:
    """A host with half of the origin's displaced attracts 1 + 2 * 0.5 = 2 times, as far as it is safe."""
    here = refuge(country)
    here.districts["night"]["safety"][:3] = [1.0, 0.5, 0.0]
    found = [
        host_attraction(here.state.districts[host], settled, 60, 2.0) for host, settled in enumerate((30, 30, 30, 0))
    ]
    assert found == [2.0, 1.0, 0.0, 1.0]
    assert host_attraction(here.state.districts[0], 0, 0, 2.0) == 1.0


def test_home_and_the_place_to_avoid_take_nobody(country: Any) -> None:
    """Whoever is drawn there, nobody is sent to where people flee from; who is settled attracts more."""
    here = refuge(country)
    here.displaced[0], here.districts["people"]["displaced_from"][0] = [0, 30, 0, 30], 60
    here.family[0] = 0.0
    assert place_displaced(here.state, 0, 2, 300, 0.5) == 300
    # near pulls 1 and 1, each doubled by half of the displaced
    assert here.displaced[0].tolist() == [0, 30 + 150, 0, 30 + 150]


@pytest.mark.parametrize("number", [0.0, 0.3, 0.999])
def test_people_are_shared_out_whole(country: Any, number: float) -> None:
    """Of 1,001, 0.4 go near by as 1:2:1 and 0.6 to family: shares 0.1, 0.2 and 0.7, each within one, none lost."""
    here = refuge(country)
    assert place_displaced(here.state, 0, 0, 1001, number) in (1000, 1001)
    went = here.displaced[0]
    assert np.abs(went - 1001 * np.array([0.0, 0.1, 0.2, 0.7])).max() <= 1.0
    assert here.districts["people"]["displaced_hosted"].tolist() == went.tolist()


def test_shares_hold_on_average(country: Any) -> None:
    """Over evenly spread numbers single persons go to 0.1, 0.2 and 0.7 of the hosts."""
    here = refuge(country, {"displacement.network_effect": 0.0})
    for step in range(1000):
        place_displaced(here.state, 0, 0, 1, (step + 0.5) / 1000)
    assert np.abs(here.displaced[0] - [0, 100, 200, 700]).max() <= 1


def test_without_family_all_go_near_by(country: Any) -> None:
    """Where no family is safe, distance alone decides: 1:2:1."""
    here = refuge(country)
    here.family[0] = [1.0, 0.0, 0.0, 0.0]
    place_displaced(here.state, 0, 0, 400, 0.5)
    assert here.displaced[0].tolist() == [0, 100, 200, 100]


def test_with_no_place_to_go_people_stay(country: Any) -> None:
    """Nobody finds a host where no place is safe; nobody is asked for, nobody goes."""
    here = refuge(country)
    assert place_displaced(here.state, 0, 0, 0, 0.5) == 0
    here.districts["night"]["safety"] = 0.0
    here.districts["night"]["fleeing"][0] = 50
    assert place_displaced(here.state, 0, 0, 50, 0.5) == 0
    leave_home(here.state, 0, 0.5)
    assert (here.districts["people"]["residents"][0], here.districts["people"]["displaced_from"][0]) == (100_000, 0)
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("killed", "share"), [(0, 0.0), (1, 0.002), (10, 0.02), (1000, 0.25)])
def test_flight_follows_killings(country: Any, killed: int, share: float) -> None:
    """200 of 100,000 flee for each killed, at most a quarter in a day; the day's count is theirs."""
    here = refuge(country)
    here.districts["counts"]["civilians_killed"][0] = killed
    flee(here.state, TODAY)
    gone = 100_000 - here.districts["people"]["residents"][0]
    assert gone == stochastic_round(share * 100_000, uniform(TODAY, FLEE, 1000))
    assert here.districts["people"]["displaced_from"].tolist() == [gone, 0, 0, 0]
    assert here.today["newly_displaced"][0] == here.districts["people"]["displaced_hosted"].sum() == gone
    assert here.finding() == "balanced"


def test_the_brigade_flees_with_the_others(country: Any) -> None:
    """A brigade is never larger than who is left."""
    here = refuge(country, {"displacement.daily_share_limit": 1.0})
    here.districts["people"]["residents"][0] = here.districts["people"]["brigade"][0] = 100
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 50
    flee(here.state, TODAY)
    assert here.districts["people"]["residents"][0] == here.districts["people"]["brigade"][0] == 0
    assert here.finding() == "balanced"


def test_hosted_people_flee_again(country: Any) -> None:
    """When a tenth of the residents flee, a tenth of those hosted there move on, and not home."""
    here = refuge(country)
    here.displaced[1], here.districts["people"]["displaced_from"][1], here.districts["people"]["displaced_hosted"][0] = (
        [1000, 0, 0, 0],
        1000,
        1000,
    )
    here.near[1] = 1.0
    here.begin()
    here.districts["people"]["residents"][0], here.districts["night"]["fleeing"][0] = 90_000, 10_000
    flee_again(here.state, TODAY, 0)
    moved = stochastic_round(100.0, uniform(TODAY, HOSTED_FLEE, 1000, 1))
    assert here.displaced[1, 0] == 1000 - moved
    assert here.displaced[1, 1] == 0
    assert here.districts["people"]["displaced_hosted"].sum() == here.districts["people"]["displaced_from"].sum() == 1000
    assert here.districts["people"]["displaced_hosted"][0] == 1000 - moved


@pytest.mark.parametrize(
    ("field", "value", "goes"),
    [
        ("away", 1000, True),
        ("away", 0, False),
        ("holder", 1, False),
        ("attacked_on", 71, False),
        ("attacked_on", 70, True),
    ],
)
def test_people_go_home_to_quiet_places(country: Any, field: str, value: int, goes: bool) -> None:
    """0.003 of the displaced return a day, to what the state holds and nobody attacked for 30 days."""
    here = refuge(country)
    here.displaced[0], here.districts["people"]["displaced_hosted"], here.districts["people"]["displaced_from"][0] = (
        [0, 400, 0, 600],
        [0, 400, 0, 600],
        1000,
    )
    if field == "away" and value == 0:
        here.displaced[0], here.districts["people"]["displaced_hosted"] = 0, 0
    here.districts[field][0] = value
    here.begin()
    return_home(here.state, TODAY)
    home = stochastic_round(3.0, uniform(TODAY, GO_HOME, 1000)) if goes else 0
    assert here.today["returned"][0] == here.districts["people"]["residents"][0] - 100_000 == home
    assert here.finding() == "balanced"


@pytest.mark.parametrize("number", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("returning", [1, 7, 99, 100])
def test_hosts_lose_in_proportion(country: Any, returning: int, number: float) -> None:
    """Of hosts with 50, 30 and 20 those who return are taken in proportion, within one, and all in all exactly."""
    here = refuge(country)
    here.displaced[0], here.districts["people"]["displaced_hosted"], here.districts["people"]["displaced_from"][0] = (
        [0, 50, 30, 20],
        [0, 50, 30, 20],
        100,
    )
    here.begin()
    recall_from_hosts(here.state, 0, returning, number)
    taken = np.array([0, 50, 30, 20]) - here.displaced[0]
    assert taken.sum() == returning == here.today["returned"][0]
    assert np.abs(taken - returning * np.array([0.0, 0.5, 0.3, 0.2])).max() <= 1.0
    assert here.displaced.min() >= 0
    assert here.finding() == "balanced"


def test_few_who_are_away_come_home_at_last(country: Any) -> None:
    """Chance rounds up too: of three displaced at a rate of 0.003 all are home after some years."""
    here = refuge(country)
    here.displaced[0, 1] = here.districts["people"]["displaced_hosted"][1] = here.districts["people"]["displaced_from"][0] = 3
    here.begin()
    for day in range(3000):
        return_home(here.state, run_randomness(15, 0, 0, day))
    assert here.districts["people"]["displaced_from"][0] == 0
    assert here.finding() == "balanced"
