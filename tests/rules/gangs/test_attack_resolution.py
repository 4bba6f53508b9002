"""Raid: who wins, who dies, who stays, and what becomes of the place."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, power_law, run_randomness, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.districts.casualties import (
    BY_ARMY,
    BY_BRIGADE,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    CIVILIAN,
    FIGHTER,
    OFFICER,
)
from teritwa.rules.gangs.attack import combine_attacks, update_attack_value
from teritwa.rules.gangs.attack_resolution import (
    ATTACK_SIZE,
    ATTACK_STAYS,
    ATTACK_WON,
    ATTACKERS_KILLED,
    CREW_BORN,
    DEFENDERS_KILLED,
    REPELLED_SIZE,
    crew_identity,
    crew_of,
    occupy,
    resolve_attacks,
    resolve_defence,
    win_probability,
)

VALUES = {
    "attack.casualty_exponent": 2.5, "attack.casualty_maximum": 400, "attack.takeover_probability": 0.08, "attack.allies_per_attacker": 0.5,
    "attack.defender_lethality": 0.05, "attack.officer_loss_rate": 0.005, "attack.staying_ratio": 3.0,
    "attack.repelled_lethality_factor": 2.0, "attack.repelled_casualty_factor": 0.3, "self_defence.defence_weight": 0.2,
}  # fmt: skip
TODAY = run_randomness(14, 0, 0, 8)


def raid(country: Any, sent: int = 60, officers: float = 0.0, holder: int = STATE) -> Any:
    """Return 100 fighters of gang 0 in place 0, of whom some are sent to place 1, which officers defend."""
    here = country(2, values=VALUES)
    here.districts["people"]["residents"] = 100_000
    here.districts["control"]["holder"] = [0, holder]
    row = here.crew(0, 0, 100)
    here.unit(0, 1, 200)
    here.districts["presence"]["officers_night"][1] = officers
    here.crews["target"][row], here.crews["attackers_sent"][row] = 1, sent
    here.begin()
    update_attack_value(here.state)
    combine_attacks(here.state)
    return here


@pytest.mark.parametrize(
    ("attackers", "defending", "won"), [(10.0, 10.0, 0.5), (30.0, 10.0, 0.9), (10.0, 0.0, 1.0), (0.0, 0.0, 0.0)]
)
def test_chance_of_winning(attackers: float, defending: float, won: float) -> None:
    """Equals win half the time, three against one nine times in ten, nobody never, against nobody always."""
    assert win_probability(attackers, defending) == pytest.approx(won)


def test_a_crew_has_one_address_for_ever() -> None:
    """Gang and district alone make the address, within 32 bits."""
    assert crew_identity(3, 5) == (93 + 85 + CREW_BORN) % 2**32
    assert 0 <= crew_identity(2**32 - 1, 2**32 - 1) < 2**32
    assert crew_identity(3, 5) != crew_identity(5, 3)


def test_a_gang_has_one_crew_in_a_place(country: Any) -> None:
    """Its crew is found, or made empty; with all rows taken there is none."""
    here = country(4, [(0, 1), (1, 2), (2, 3)])
    there = here.crew(1, 1, 9)
    assert crew_of(here.state, 1, 1) == there
    made = crew_of(here.state, 1, 2)
    assert (made, crew_of(here.state, 1, 2)) == (1, 1)
    assert here.crews[["gang", "district", "fighters", "target"]][made].tolist() == (1, 2, 0, NO_ONE)
    assert here.crews["identity"][made] == crew_identity(2001, 1002)
    here.counters["crews"] = len(here.crews)
    assert crew_of(here.state, 2, 3) == NO_ONE


def test_attackers_settle(country: Any) -> None:
    """All who were sent and live stay as a crew that means to hold; the station falls and the units move away."""
    here = raid(country)
    here.districts["control"]["holder"][0], here.districts["control"]["station"][1] = STATE, True
    occupy(here.state, 0, 1)
    assert here.crews["fighters"][:2].tolist() == [40, 60]
    assert here.crews["claims_district"][1]
    assert (here.districts["control"]["station"][1], here.units["quarters"][0]) == (False, 0)
    assert here.finding() == "balanced"


def test_no_more_settle_than_live(country: Any) -> None:
    """Of 60 sent only 7 are left: 7 settle; from a place of another gang no police move."""
    here = raid(country, holder=1)
    here.crews["fighters"][0] = 7
    occupy(here.state, 0, 1)
    assert here.crews["fighters"][:2].tolist() == [0, 7]
    assert here.units["quarters"][0] == 1


def test_without_a_row_nobody_settles(country: Any) -> None:
    """When no further crew can be kept, the fighters stay where they are."""
    here = raid(country)
    here.counters["crews"] = len(here.crews)
    occupy(here.state, 0, 1)
    assert here.crews["fighters"][0] == 100
    assert here.units["quarters"][0] == 1


@pytest.mark.parametrize(("repelled", "factor"), [(False, 1.0), (True, 2.0)])
def test_defenders_fight_back(country: Any, repelled: bool, factor: float) -> None:
    """Each defender kills 0.05 on average, twice that when they repel; 60 attackers kill 0.005 officers each."""
    here = raid(country, officers=100.0)
    here.districts["presence"]["army_night"][1], here.districts["presence"]["mission_night"][1] = 40.0, 20.0
    here.districts["people"]["brigade"][1] = 150
    resolve_defence(here.state, TODAY, 1, repelled)
    rates = {BY_POLICE: 2.0, BY_ARMY: 2.0, BY_MISSION: 1.0, BY_BRIGADE: 1.5}
    dead = {by: poisson(rate * factor, uniform(TODAY, ATTACKERS_KILLED, 1001, by)) for by, rate in rates.items()}
    lost = poisson(0.3, uniform(TODAY, DEFENDERS_KILLED, 1001))
    assert {by: int(here.killed[by, FIGHTER]) for by in rates} == dead
    assert sum(dead.values()) == 100 - here.crews["fighters"][0]
    assert here.killed[BY_GANG, OFFICER] == lost == 200 - here.units["officers"][0]
    assert here.finding() == "balanced"


def test_the_unarmed_kill_fewer_officers(country: Any) -> None:
    """60,000 attackers who count 0.3 a head kill 0.005 * 18,000 officers on average; defenders kill as many as ever."""
    here = raid(country, officers=100.0)
    here.districts["night"]["attackers"][1], here.gangs["combat_effectiveness"][0], here.units["officers"][0] = 60_000, 0.3, 1000
    resolve_defence(here.state, TODAY, 1, False)
    assert here.killed[BY_GANG, OFFICER] == poisson(90.0, uniform(TODAY, DEFENDERS_KILLED, 1001))
    assert here.killed[BY_POLICE, FIGHTER] == poisson(5.0, uniform(TODAY, ATTACKERS_KILLED, 1001, BY_POLICE))
    assert here.gangs["losses_today"].tolist() == [here.killed[BY_POLICE, FIGHTER], 0, 0]


def test_the_unarmed_win_and_stay_less_often(country: Any) -> None:
    """60 attackers against 30 win and stay as their force, 60 times what a head counts, allows, night by night."""
    won, stayed = [], []
    for counts in (0.3, 0.65, 1.0):
        wins, stays = [], []
        for day in range(80):
            here, today = raid(country, officers=30.0), run_randomness(14, 0, 0, day)
            here.gangs["combat_effectiveness"][0] = counts
            here.parameters["attack"]["takeover_probability"] = 0.9
            resolve_attacks(here.state, today)
            number = uniform(today, ATTACK_WON, 1001)
            wins.append(number < win_probability(60 * counts, 30.0))
            likely = 0.9 * win_probability(60 * counts, 90.0)
            stays.append(wins[-1] and uniform(today, ATTACK_STAYS, 1001) < likely)
            assert (here.counters["crews"][0] == 2) == stays[-1]
            size = power_law(2.5, 400.0, uniform(today, ATTACK_SIZE, 1001))
            size = size if wins[-1] else stochastic_round(0.3 * size, uniform(today, REPELLED_SIZE, 1001))
            assert here.killed[BY_GANG, CIVILIAN] == size
        won.append(wins)
        stayed.append(stays)
    for outcome in (won, stayed):
        assert np.all(np.diff(np.array(outcome).astype(int), axis=0) >= 0)
        assert np.sum(outcome[0]) < np.sum(outcome[2])


def test_a_forward_base_falls_with_its_place(country: Any) -> None:
    """Attackers who stay where a base stands, also in a place that a gang holds, drive its people away."""
    here = raid(country, holder=1)
    here.districts["control"]["forward_base"][1], here.districts["control"]["holder"][0] = True, STATE
    occupy(here.state, 0, 1)
    assert not here.districts["control"]["forward_base"][1]
    assert here.units["quarters"][0] == 0


def test_nobody_fights_back_where_nobody_is(country: Any) -> None:
    """Without officers at night no attacker and no officer dies."""
    here = raid(country)
    for day in range(40):
        resolve_defence(here.state, run_randomness(14, 0, 0, day), 1, True)
    assert here.killed.sum() == 0


@pytest.mark.parametrize(
    ("officers", "together", "offensive"),
    [(0.0, False, 1.0), (30.0, False, 1.0), (30.0, True, 1.0), (60.0, False, 1.0), (10.0, False, 3.0)],
)
def test_an_attack_night_by_night(country: Any, officers: float, together: bool, offensive: float) -> None:
    """60 attackers (90 with allies) win, kill and stay by the rule's chances, on every one of 60 nights."""
    seen = set()
    for day in range(60):
        here, today = raid(country, officers=officers), run_randomness(14, 0, 0, day)
        here.parameters["casualties"]["massacre_threshold"] = 2
        here.gangs["coalition"][0] = here.coalition["active"] = together
        here.districts["orders"]["offensive_factor"][1], here.districts["orders"]["offensive_gang"][1] = offensive, 0
        force = 90.0 if together else 60.0
        won = uniform(today, ATTACK_WON, 1001) < win_probability(force, officers)
        size = power_law(2.5, 400.0, uniform(today, ATTACK_SIZE, 1001))
        likely = offensive * 0.08 * win_probability(force, 3.0 * officers)
        stays = won and uniform(today, ATTACK_STAYS, 1001) < likely
        resolve_attacks(here.state, today)
        size = size if won else stochastic_round(0.3 * size, uniform(today, REPELLED_SIZE, 1001))
        assert here.killed[BY_GANG, CIVILIAN] == size
        assert here.today["executed"][0] == max(size - 2, 0)
        assert (here.counters["crews"][0] == 2) == stays
        assert (here.units["quarters"][0] == 0) == (stays and here.districts["control"]["holder"][0] == STATE)
        assert (here.districts["orders"]["recent_attacks"][1], here.districts["control"]["attacked_on"][1]) == (1.0, day)
        assert here.today["attacks"][0] == 1
        assert here.finding() == "balanced"
        seen.add((won, stays))
    assert (True, False) in seen
    assert ((False, False) in seen) == (officers > 0.0)
    assert (True, True) in seen or officers > 30.0


def test_prey_at_home_is_no_battle(country: Any) -> None:
    """A gang that preys on a place it holds wins, takes nothing, and command does not hear of it."""
    for day in range(30):
        here = raid(country, officers=1000.0, holder=0)
        resolve_attacks(here.state, run_randomness(14, 0, 0, day))
        size = power_law(2.5, 400.0, uniform(run_randomness(14, 0, 0, day), ATTACK_SIZE, 1001))
        assert here.killed.sum() == here.killed[BY_GANG, CIVILIAN] == size
        assert (here.districts["orders"]["recent_attacks"][1], here.districts["control"]["attacked_on"][1]) == (0.0, -1000)
        assert here.counters["crews"][0] == 1


def test_quiet_nights_change_nothing(country: Any) -> None:
    """Where nobody attacks nothing is resolved."""
    here = raid(country)
    here.districts["night"]["attackers"] = 0
    resolve_attacks(here.state, TODAY)
    assert here.killed.sum() == here.today["attacks"][0] == 0
