"""Resolution of attacks: who wins, who dies, who stays, and what becomes of the district."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import power_law, run_randomness, stochastic_round, uniform
from teritwa.rules.agents.district import STATE
from teritwa.rules.districts.casualties import (
    BY_GANG,
    CIVILIAN,
)
from teritwa.rules.gangs.attack import update_attack_value
from teritwa.rules.gangs.attack_planning import combine_attacks
from teritwa.rules.gangs.attack_resolution import (
    ATTACK_SIZE,
    ATTACK_STAYS,
    ATTACK_WON,
    REPELLED_SIZE,
    SETTLES,
    are_friends,
    occupy,
    resolve_attacks,
    win_probability,
)

VALUES = {
    "attack.casualty_exponent": 2.5,
    "attack.casualty_maximum": 400,
    "attack.takeover_probability": 0.4,
    "attack.raid_staying": 1.0,
    "attack.allies_per_attacker": 0.5,
    "attack.defender_lethality": 0.05,
    "attack.officer_loss_rate": 0.005,
    "attack.staying_ratio": 3.0,
    "attack.repelled_lethality_factor": 2.0,
    "attack.repelled_casualty_factor": 0.3,
    "attack.settling_share": 0.6,
    "presence.gang_coverage_constant": 1.0,
    "self_defence.defence_weight": 0.2,
}
TODAY = run_randomness(14, 0, 0, 8)
COVERED = 2 / 3
"""Share of 60,000 people that 60 attackers cover, one per 1,000, at a constant of one."""


def attack(country: Any, sent: int = 60, officers: float = 0.0, holder: int = STATE) -> Any:
    """Return 100 fighters of gang 0 in district 0, some of them sent to attack district 1.

    Officers defend district 1.
    """
    here = country(2, values=VALUES)
    here.districts["people"]["residents"] = 60_000
    here.districts["control"]["holder"] = [0, holder]
    row = here.crew(0, 0, 100)
    here.unit(0, 1, 200)
    here.districts["presence"]["officers_night"][1] = officers
    here.crews["target"][row], here.crews["attackers_sent"][row] = 1, sent
    here.begin()
    update_attack_value(here.state)
    combine_attacks(here.state, TODAY)
    return here


@pytest.mark.parametrize(
    ("attackers", "defending", "won"),
    [(10.0, 10.0, 0.5), (30.0, 10.0, 0.9), (10.0, 0.0, 1.0), (0.0, 0.0, 0.0)],
)
def test_win_probability(attackers: float, defending: float, won: float) -> None:
    """Equal forces win half of the time, three against one nine times in ten.

    Nobody never wins, and against nobody attackers always do.
    """
    assert win_probability(attackers, defending) == pytest.approx(won)


def test_attackers_occupy_the_district(country: Any) -> None:
    """0.6 of the attackers stay as a crew that claims the district; the others go home.

    The station is lost, the units move away, and what day 0 left of influence is over.
    """
    here = attack(country)
    here.districts["control"]["holder"][0], here.districts["control"]["station"][1] = STATE, True
    here.districts["control"]["local_offset"] = 0.3
    occupy(here.state, TODAY, 1)
    assert here.crews["fighters"][:2].tolist() == [64, 36]
    assert here.districts["control"]["local_offset"].tolist() == [0.3, 0.0]
    assert here.crews["claims_district"][1]
    assert not here.districts["control"]["station"][1]
    assert here.units["quarters"][0] == 0
    assert here.finding() == "balanced"


def test_no_more_attackers_stay_than_live(country: Any) -> None:
    """Of 60 attackers 7 are left, and 4.2 stay; from another gang's district no police move."""
    here = attack(country, holder=1)
    here.crews["fighters"][0] = here.crews["attackers_sent"][0] = 7
    occupy(here.state, TODAY, 1)
    stay = stochastic_round(4.2, uniform(TODAY, SETTLES, 4000))
    assert here.crews["fighters"][:2].tolist() == [7 - stay, stay]
    assert here.units["quarters"][0] == 1


def test_without_a_free_row_the_run_stops_by_name(country: Any) -> None:
    """When no row is left for another crew, the day ends with a finding that says so."""
    here = attack(country)
    here.counters["crews"] = len(here.crews)
    assert here.finding() == "balanced"
    occupy(here.state, TODAY, 1)
    assert here.finding() == "the table of crews or units is full"


def test_unarmed_attackers_win_and_stay_less_often(country: Any) -> None:
    """With the same random numbers more arms never lose an attack or give up a district.

    On each of 80 nights 60 attackers against 30 win and stay by the probabilities of the rule.
    """
    won, stayed = [], []
    for effectiveness in (0.3, 0.65, 1.0):
        wins, stays = [], []
        for day in range(80):
            here, today = attack(country, officers=30.0), run_randomness(14, 0, 0, day)
            here.gangs["combat_effectiveness"][0] = effectiveness
            here.parameters["attack"]["takeover_probability"] = 0.9
            resolve_attacks(here.state, today)
            number = uniform(today, ATTACK_WON, 1001)
            wins.append(number < win_probability(60 * effectiveness, 30.0))
            likely = 0.9 * COVERED * win_probability(60 * effectiveness, 90.0)
            stays.append(wins[-1] and uniform(today, ATTACK_STAYS, 1001) < likely)
            assert (here.counters["crews"][0] == 2) == stays[-1]
            size = power_law(2.5, 400.0, uniform(today, ATTACK_SIZE, 1001))
            if not wins[-1]:
                size = stochastic_round(0.3 * size, uniform(today, REPELLED_SIZE, 1001))
            assert here.killed[BY_GANG, CIVILIAN] == size
        won.append(wins)
        stayed.append(stays)
    for outcome in (won, stayed):
        assert np.all(np.diff(np.array(outcome).astype(int), axis=0) >= 0)
        assert np.sum(outcome[0]) < np.sum(outcome[2])


def test_a_forward_base_is_lost_with_its_district(country: Any) -> None:
    """Attackers who stay drive away a forward base, also from a district that a gang holds."""
    here = attack(country, holder=1)
    here.districts["control"]["forward_base"][1] = True
    here.districts["control"]["holder"][0] = STATE
    occupy(here.state, TODAY, 1)
    assert not here.districts["control"]["forward_base"][1]
    assert here.units["quarters"][0] == 0


@pytest.mark.parametrize(
    ("officers", "together", "offensive"),
    [
        (0.0, False, 1.0),
        (30.0, False, 1.0),
        (30.0, True, 1.0),
        (60.0, False, 1.0),
        (10.0, False, 3.0),
    ],
)
def test_an_attack_night_by_night(
    country: Any, officers: float, together: bool, offensive: float
) -> None:
    """On each of 60 nights 60 attackers (90 with allies) win, kill and stay as the rule says.

    An offensive brings more attackers and does not make those who are there stay more often.
    """
    seen = set()
    for day in range(60):
        here, today = attack(country, officers=officers), run_randomness(14, 0, 0, day)
        here.parameters["casualties"]["massacre_threshold"] = 2
        here.gangs["coalition"][0] = here.coalition["active"] = together
        here.districts["orders"]["offensive_factor"][1] = offensive
        here.districts["orders"]["offensive_gang"][1] = 0
        force = 90.0 if together else 60.0
        won = uniform(today, ATTACK_WON, 1001) < win_probability(force, officers)
        size = power_law(2.5, 400.0, uniform(today, ATTACK_SIZE, 1001))
        likely = 0.4 * COVERED * win_probability(force, 3.0 * officers)
        stays = won and uniform(today, ATTACK_STAYS, 1001) < likely
        resolve_attacks(here.state, today)
        size = size if won else stochastic_round(0.3 * size, uniform(today, REPELLED_SIZE, 1001))
        assert here.killed[BY_GANG, CIVILIAN] == size
        assert here.daily["executed"][0] == max(size - 2, 0)
        assert (here.counters["crews"][0] == 2) == stays
        withdrew = stays and here.districts["control"]["holder"][0] == STATE
        assert (here.units["quarters"][0] == 0) == withdrew
        assert here.districts["orders"]["recent_attacks"][1] == 1.0
        assert here.districts["control"]["attacked_on"][1] == day
        assert here.daily["attacks"][0] == 1
        assert here.finding() == "balanced"
        seen.add((won, stays))
    assert (True, False) in seen
    assert ((False, False) in seen) == (officers > 0.0)
    assert (True, True) in seen or officers > 30.0


def test_attacks_at_home_take_nothing(country: Any) -> None:
    """A gang that attacks people of its own district kills, but takes and reports nothing."""
    for day in range(30):
        here = attack(country, officers=1000.0, holder=0)
        resolve_attacks(here.state, run_randomness(14, 0, 0, day))
        size = power_law(2.5, 400.0, uniform(run_randomness(14, 0, 0, day), ATTACK_SIZE, 1001))
        assert here.killed.sum() == here.killed[BY_GANG, CIVILIAN] == size
        assert here.districts["orders"]["recent_attacks"][1] == 0.0
        assert here.districts["control"]["attacked_on"][1] == -1000
        assert here.counters["crews"][0] == 1


def test_quiet_nights_change_nothing(country: Any) -> None:
    """Without attackers nothing is resolved."""
    here = attack(country)
    here.districts["night"]["attackers"] = 0
    resolve_attacks(here.state, TODAY)
    assert here.killed.sum() == here.daily["attacks"][0] == 0


@pytest.mark.parametrize(
    ("alliances", "members", "active", "friends"),
    [
        ((0, 0), (False, False), True, False),
        ((1, 1), (False, False), False, True),
        ((1, 2), (True, True), False, False),
        ((1, 2), (True, True), True, True),
        ((0, 0), (True, False), True, False),
    ],
)
def test_who_acts_together(
    country: Any,
    alliances: tuple[int, int],
    members: tuple[bool, bool],
    active: bool,
    friends: bool,
) -> None:
    """Gangs of one old alliance act together, and members of an active coalition."""
    here = country()
    here.gangs["alliance"][:2], here.gangs["coalition"][:2] = alliances, members
    here.coalition["active"] = active
    assert are_friends(here.state, 0, 1) == are_friends(here.state, 1, 0) == friends
    assert are_friends(here.state, 0, 0)


def test_friends_of_the_leader_move_in_and_others_go_home(country: Any) -> None:
    """Of crews of three gangs that attack together, the leader's and its ally's stay with 0.6."""
    here = attack(country)
    for gang, sent in ((1, 20), (2, 50)):
        row = here.crew(gang, 0, 100)
        here.crews["target"][row], here.crews["attackers_sent"][row] = 1, sent
    here.gangs["alliance"] = [1, 1, 0]
    here.begin()
    combine_attacks(here.state, TODAY)
    occupy(here.state, TODAY, 1)
    assert here.crews["fighters"][:5].tolist() == [64, 88, 100, 36, 12]
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("called", "intent"), [(True, 1.0), (False, 0.25)])
def test_raids_rarely_stay(country: Any, called: bool, intent: float) -> None:
    """Of 150 attacks that win 0.4 times two thirds stay in an offensive, else a quarter of these.

    The nights on which a raid stays are nights on which an offensive would.
    """
    nights = []
    for factor in (intent, 1.0):
        stays = []
        for day in range(150):
            here = attack(country)
            here.parameters["attack"]["raid_staying"] = factor
            if called:
                here.districts["orders"]["offensive_factor"][1] = 3.0
                here.districts["orders"]["offensive_gang"][1] = 0
            resolve_attacks(here.state, run_randomness(14, 0, 0, day))
            stays.append(bool(here.counters["crews"][0] == 2))
        nights.append(stays)
    likely = 0.4 * COVERED * intent
    assert abs(sum(nights[0]) - 150 * likely) < 4.65 * (150 * likely * (1 - likely)) ** 0.5
    assert all(often or not rarely for rarely, often in zip(*nights, strict=True))


def test_more_attackers_stay_more_often(country: Any) -> None:
    """With the same numbers those who cover more of a district stay on all the nights of fewer."""
    nights = []
    for sent in (10, 60, 100):
        stays = []
        for day in range(100):
            here = attack(country, sent=sent)
            resolve_attacks(here.state, run_randomness(14, 0, 0, day))
            stays.append(here.counters["crews"][0] == 2)
        nights.append(stays)
    assert np.all(np.diff(np.array(nights).astype(int), axis=0) >= 0)
    for stays, sent in zip(nights, (10, 60, 100), strict=True):
        likely = 0.4 * (1 - 3.0 ** (-sent / 60))
        assert abs(sum(stays) - 100 * likely) < 4.65 * (100 * likely * (1 - likely)) ** 0.5
