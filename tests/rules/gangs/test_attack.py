"""Attack: whom a crew may attack, how much it wants to, and how crews with one target come together."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.gangs.arms import combat_effectiveness_of
from teritwa.rules.gangs.attack import (
    CREW_ATTACKS,
    CREW_TARGET,
    choose_target,
    combine_attacks,
    defenders,
    is_friendly,
    plan_attacks,
    pull_of_home,
    target_pull,
    targeted_by_offensive,
    update_attack_value,
    weigh_reachable_targets,
)
from teritwa.rules.schedule import night

VALUES = {
    "attack.rate": 2.0, "attack.offensive_multiplier": 3.0, "attack.sent_share": 0.5, "attack.reach": 1.5,
    "attack.home_pull": 0.1, "attack.halving_defenders": 20.0, "self_defence.defence_weight": 0.2,
}  # fmt: skip
ROOT = math.sqrt(1000.0)


def star(country: Any) -> Any:
    """Return a place of gang 0 (row 0) with ways to three others: the state's, gang 1's and a far one."""
    here = country(4, [(0, 1), (0, 2), (0, 3)], values=VALUES)
    here.districts["control"]["holder"] = [0, STATE, 1, STATE]
    here.links["hours"][here.links["target"] == 3] = 2.0
    here.crew(0, 0, 100)
    here.begin()
    update_attack_value(here.state)
    return here


def urge(here: Any) -> float:
    """Send out the scouts of the first crew; return its urge to attack."""
    state, crew = here.state, here.state.crews[0]
    gang, coalition = state.gangs[crew["gang"]], bool(here.coalition["active"][0])
    return weigh_reachable_targets(crew, gang, state.districts, state.links, here.rules("attack"), coalition)


def test_defenders_are_officers_and_a_part_of_the_brigade(country: Any) -> None:
    """Ten officers at night and 50 members at 0.2 defend as 20."""
    here = country()
    here.districts["presence"]["officers_night"][0], here.districts["people"]["brigade"][0] = 10.0, 50
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
def test_who_is_a_friend(
    country: Any, holder: int, alliances: tuple[int, int], members: tuple[bool, bool], coalition: bool, answer: bool
) -> None:
    """Oneself, allies of old, and members of the coalition while it acts as one; the state never."""
    here = country()
    here.gangs["alliance"][:2], here.gangs["coalition"][:2] = alliances, members
    here.districts["control"]["holder"][0] = holder
    update_attack_value(here.state)
    assert is_friendly(here.state.districts[0], 0, here.state.gangs[0], coalition) == answer


@pytest.mark.parametrize("holder", [STATE, 0, 1])
def test_a_forward_base_is_nobodys_friend(country: Any, holder: int) -> None:
    """Wherever it stands, even amid what the gang itself holds, it may be attacked like a place of the state."""
    here = country(values=VALUES)
    here.districts["control"]["forward_base"][0], here.districts["control"]["holder"][0] = True, holder
    here.gangs["alliance"], here.gangs["coalition"] = 1, True
    update_attack_value(here.state)
    assert not is_friendly(here.state.districts[0], 0, here.state.gangs[0], True)
    assert target_pull(here.state.districts[0], 0, here.state.gangs[0], True) == pytest.approx(ROOT)


@pytest.mark.parametrize(
    ("offensive", "by", "coalition", "member", "answer"),
    [
        (1.0, 0, True, True, False), (3.0, 0, False, False, True), (3.0, 1, True, True, False),
        (3.0, NO_ONE, True, True, True), (3.0, NO_ONE, False, True, False), (3.0, NO_ONE, True, False, False),
    ],
)  # fmt: skip
def test_whom_an_offensive_calls(
    country: Any, offensive: float, by: int, coalition: bool, member: bool, answer: bool
) -> None:
    """A running offensive calls the gang it names, or the coalition's members while the coalition acts as one."""
    here = country()
    here.districts["orders"]["offensive_factor"][0], here.districts["orders"]["offensive_gang"][0] = offensive, by
    here.gangs["coalition"][0] = member
    assert targeted_by_offensive(here.state.districts[0], 0, here.state.gangs[0], coalition) == answer


def test_appeal_is_people_behind_defenders(country: Any) -> None:
    """900 residents and 700 hosted appeal as 40; 20 defenders halve that, 60 quarter it."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.districts["people"]["residents"], here.districts["people"]["displaced_hosted"] = 900, 700
    here.districts["presence"]["officers_night"] = [0.0, 20.0, 60.0]
    update_attack_value(here.state)
    assert here.districts["night"]["attack_value"].tolist() == pytest.approx([40.0, 20.0, 10.0])


def test_offensives_pull_and_friends_do_not(country: Any) -> None:
    """What one holds has no pull from outside and a tenth of it as prey; an offensive triples the pull of a target."""
    here = star(country)
    here.districts["orders"]["offensive_factor"][1], here.districts["orders"]["offensive_gang"][1] = 3.0, 0
    found = [target_pull(here.state.districts[place], 0, here.state.gangs[0], False) for place in range(3)]
    assert found == pytest.approx([0.0, 3 * ROOT, ROOT])
    at_home = [pull_of_home(here.state.districts[place], 0, here.state.gangs[0], False, 0.1) for place in (0, 1)]
    assert at_home == pytest.approx([0.1 * ROOT, 3 * ROOT])


def test_scouts_weigh_what_is_in_reach(country: Any) -> None:
    """Home at a tenth and two neighbours: 2.1 pulls; the one two hours away does not count."""
    here = star(country)
    assert urge(here) == 1.0
    assert here.crews["reachable_value"][0] == pytest.approx(2.1 * ROOT)


def test_an_offensive_next_door_raises_the_urge(country: Any) -> None:
    """A crew that is called attacks three times as often; one that is not called as often as ever."""
    here = star(country)
    here.districts["orders"]["offensive_factor"][1], here.districts["orders"]["offensive_gang"][1] = 3.0, 0
    assert urge(here) == 3.0
    here.districts["orders"]["offensive_gang"][1] = 1
    assert urge(here) == 1.0


def test_without_targets_there_is_only_prey(country: Any) -> None:
    """Among friends alone the urge is the share of home; in a place of the state it is whole."""
    here = star(country)
    here.districts["control"]["holder"] = 0
    update_attack_value(here.state)
    assert urge(here) == 0.1
    here.districts["control"]["holder"][0] = STATE
    update_attack_value(here.state)
    assert urge(here) == 1.0
    assert here.crews["reachable_value"][0] == pytest.approx(ROOT)


def test_an_offensive_at_home_raises_the_urge(country: Any) -> None:
    """A crew in a place of the state on which its offensive aims attacks three times as often."""
    here = star(country)
    here.districts["control"]["holder"][0], here.districts["orders"]["offensive_factor"][0], here.districts["orders"]["offensive_gang"][0] = (
        STATE,
        3.0,
        0,
    )
    update_attack_value(here.state)
    assert urge(here) == 3.0


def test_boats_reach_over_the_sea(country: Any) -> None:
    """A way by sea is for gangs with boats."""
    here = star(country)
    here.links["sea"] = True
    urge(here)
    assert here.crews["reachable_value"][0] == pytest.approx(0.1 * ROOT)
    here.gangs["boats"][0] = True
    urge(here)
    assert here.crews["reachable_value"][0] == pytest.approx(2.1 * ROOT)


def test_targets_are_chosen_by_their_pull(country: Any) -> None:
    """Of 2.1 pulls home has 0.1, then one each: the uniform number points at its share."""
    here = star(country)
    urge(here)
    edges = [(0.0, 0), (0.099, 0), (0.101, 1), (1.099, 1), (1.101, 2), (2.1 - 1e-12, 2)]
    assert [choose_target(here.state, here.state.crews[0], place / 2.1) for place, _ in edges] == [n for _, n in edges]


@pytest.mark.parametrize(("fighters", "sent"), [(100, 50), (1, 1), (3, 1)])
def test_crews_attack_by_their_share_of_the_rate(country: Any, fighters: int, sent: int) -> None:
    """With all the fighters of day 0 the risk is 1 - exp(-2) a night; half of them are sent, at least one."""
    attacks = 0
    for day in range(60):
        here = star(country)
        here.crews["fighters"][0] = fighters
        here.begin()
        today = run_randomness(13, 0, 0, day)
        plan_attacks(here.state, today)
        if uniform(today, CREW_ATTACKS, 4000) < 1 - math.exp(-2.0):
            target = choose_target(here.state, here.state.crews[0], uniform(today, CREW_TARGET, 4000))
            assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (target, sent)
            attacks += 1
        else:
            assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (NO_ONE, 0)
    assert abs(attacks - 60 * (1 - math.exp(-2))) < 4.65 * (60 * 0.117) ** 0.5


@pytest.mark.parametrize(("weapons", "counts"), [(100, 1.0), (50, 0.65), (0, 0.3)])
def test_the_unarmed_attack_less_often(country: Any, weapons: int, counts: float) -> None:
    """With half of the firearms, or none, a gang attacks 0.65 or 0.3 times as often: 1 - exp(-2 * 0.3) a night."""
    attacks = 0
    for day in range(100):
        here, today = star(country), run_randomness(13, 0, 0, day)
        here.gangs["combat_effectiveness"][0] = combat_effectiveness_of(100, weapons, 0.3)
        plan_attacks(here.state, today)
        attacked = uniform(today, CREW_ATTACKS, 4000) < 1 - math.exp(-2.0 * counts)
        assert (here.crews["target"][0] != NO_ONE) == attacked
        attacks += attacked
    likely = 1 - math.exp(-2.0 * counts)
    assert abs(attacks - 100 * likely) < 4.65 * (100 * likely * (1 - likely)) ** 0.5


def test_arms_never_call_an_attack_off(country: Any) -> None:
    """Crew by crew and night by night: whoever attacks without arms does so with them, and the reverse is not true."""
    nights = []
    for counts in (0.3, 0.65, 1.0):
        attacked = []
        for day in range(40):
            here = country(4, [(0, 1), (0, 2), (0, 3)], values=VALUES)
            for gang in range(3):
                here.crew(gang, gang, 100)
            here.begin()
            here.gangs["combat_effectiveness"] = counts
            plan_attacks(here.state, run_randomness(13, 0, 0, day))
            attacked.append(here.crews["target"][:3] != NO_ONE)
        nights.append(attacked)
    assert np.all(np.diff(np.array(nights).astype(int), axis=0) >= 0)
    assert np.sum(nights[0]) < np.sum(nights[2])


@pytest.mark.parametrize("acts", [True, False])
def test_switched_off_nobody_attacks(country: Any, acts: bool) -> None:
    """Over 20 nights with two attacks a night people die so; switched off, nobody does."""
    here = star(country)
    here.parameters["attack"]["enabled"], here.parameters["gang_rivalry"]["enabled"] = acts, False
    for day in range(20):
        night(here.state, run_randomness(13, 0, 0, day))
    assert (here.today["attacks"][0] > 0) == (here.killed.sum() > 0) == acts


def test_the_hidden_do_not_attack(country: Any) -> None:
    """A crew without fighters present plans nothing, and forgets last night's plan."""
    here = star(country)
    here.crews["fighters"][0], here.crews["hiding"][0] = 0, 100
    here.crews["target"][0], here.crews["attackers_sent"][0] = 1, 50
    for day in range(30):
        plan_attacks(here.state, run_randomness(13, 0, 0, day))
        assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (NO_ONE, 0)


def test_crews_with_one_target_attack_together(country: Any) -> None:
    """Fighters sent add up; the largest leads, of equals the first; places without attackers have none."""
    here = country(3, [(0, 1), (1, 2)])
    for gang, target, sent in ((0, 1, 10), (1, 1, 30), (2, 1, 30), (0, NO_ONE, 0), (1, 2, 5)):
        row = here.crew(gang, 0, 100)
        here.crews["target"][row], here.crews["attackers_sent"][row] = target, sent
    here.districts["night"]["attackers"], here.districts["night"]["lead_crew"] = 9, 9
    combine_attacks(here.state)
    assert here.districts["night"]["attackers"].tolist() == [0, 70, 5]
    assert here.districts["night"]["lead_crew"].tolist() == [NO_ONE, 1, 4]


def test_more_fighters_attack_more_often(country: Any) -> None:
    """Raising the rate never calls an attack off, crew by crew and night by night: the number is the same."""
    nights = []
    for rate in (0.5, 2.0, 5.0):
        here = country(4, [(0, 1), (0, 2), (0, 3)], values={**VALUES, "attack.rate": rate})
        for gang in range(3):
            here.crew(gang, gang, 100)
        here.begin()
        attacked = []
        for day in range(40):
            plan_attacks(here.state, run_randomness(13, 0, 0, day))
            attacked.append(here.crews["target"][:3] != NO_ONE)
        nights.append(attacked)
    assert np.all(np.diff(np.array(nights).astype(int), axis=0) >= 0)
    assert np.sum(nights[0]) < np.sum(nights[2])
