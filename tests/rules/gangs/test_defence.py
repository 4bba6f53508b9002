"""Defence: how many attackers each kind of defenders kills, whose they are, and officers lost."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.districts.casualties import (
    BY_ARMY,
    BY_BRIGADE,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    FIGHTER,
    OFFICER,
)
from teritwa.rules.gangs.attack_planning import combine_attacks
from teritwa.rules.gangs.attack_resolution import settle
from teritwa.rules.gangs.crews import find_crew
from teritwa.rules.gangs.defence import (
    ATTACKERS_KILLED,
    DEFENDERS_KILLED,
    kill_among_attackers,
    resolve_defence,
)

VALUES = {
    "attack.defender_lethality": 0.05,
    "attack.officer_loss_rate": 0.005,
    "attack.repelled_lethality_factor": 2.0,
    "attack.settling_share": 1.0,
    "self_defence.defence_weight": 0.2,
}
TODAY = run_randomness(14, 0, 0, 8)


def attack(country: Any, sent: tuple[int, ...] = (60,), officers: float = 0.0) -> Any:
    """Return crews of 100 in district 0, of one gang each, that attack district 1 together.

    A crew in district 1 attacks nobody, and 200 officers are quartered there.
    """
    here = country(2, values=VALUES)
    here.districts["control"]["holder"] = [0, STATE]
    for gang, attackers in enumerate(sent):
        row = here.crew(gang, 0, 100)
        here.crews["target"][row], here.crews["attackers_sent"][row] = 1, attackers
    here.crew(2, 1, 100)
    here.unit(0, 1, 200)
    here.districts["presence"]["officers_night"][1] = officers
    here.begin()
    combine_attacks(here.state, TODAY)
    return here


@pytest.mark.parametrize(("repelled", "factor"), [(False, 1.0), (True, 2.0)])
def test_defenders_fight_back(country: Any, repelled: bool, factor: float) -> None:
    """Each defender kills 0.05 attackers on average, twice that when the attack is repelled.

    60 attackers kill 0.005 officers each.
    """
    here = attack(country, officers=100.0)
    here.districts["presence"]["army_night"][1] = 40.0
    here.districts["presence"]["mission_night"][1] = 20.0
    here.districts["people"]["brigade"][1] = 150
    resolve_defence(here.state, TODAY, 1, repelled)
    rates = {BY_POLICE: 2.0, BY_ARMY: 2.0, BY_MISSION: 1.0, BY_BRIGADE: 1.5}
    dead = {
        by: poisson(rate * factor, uniform(TODAY, ATTACKERS_KILLED, 1001, by))
        for by, rate in rates.items()
    }
    lost = poisson(0.3, uniform(TODAY, DEFENDERS_KILLED, 1001))
    assert {by: int(here.killed[by, FIGHTER]) for by in rates} == dead
    assert sum(dead.values()) == 100 - here.crews["fighters"][0]
    assert here.killed[BY_GANG, OFFICER] == lost == 200 - here.units["officers"][0]
    assert here.finding() == "balanced"


def test_unarmed_attackers_kill_fewer_officers(country: Any) -> None:
    """60,000 attackers with an effectiveness of 0.3 kill 90 officers on average.

    The losses of the attackers do not depend on it.
    """
    here = attack(country, officers=100.0)
    here.crews["fighters"][0] = here.crews["attackers_sent"][0] = 60_000
    here.districts["night"]["attackers"][1] = 60_000
    here.gangs["combat_effectiveness"][0] = 0.3
    here.units["officers"][0] = 1000
    resolve_defence(here.state, TODAY, 1, False)
    assert here.killed[BY_GANG, OFFICER] == poisson(90.0, uniform(TODAY, DEFENDERS_KILLED, 1001))
    dead = poisson(5.0, uniform(TODAY, ATTACKERS_KILLED, 1001, BY_POLICE))
    assert here.killed[BY_POLICE, FIGHTER] == dead
    assert here.gangs["losses_today"].tolist() == [dead, 0, 0]


def test_without_defenders_no_attacker_dies(country: Any) -> None:
    """Without officers at night neither attackers nor officers die."""
    here = attack(country)
    for day in range(40):
        resolve_defence(here.state, run_randomness(14, 0, 0, day), 1, True)
    assert here.killed.sum() == 0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("dead", [1, 7, 30, 59, 60])
def test_attacking_crews_share_their_dead(country: Any, share: float, dead: int) -> None:
    """Crews that sent 30, 20 and 10 lose their parts of the dead, up or down to a whole person.

    Together they lose all who die; a crew that attacks nobody loses nobody.
    """
    here = attack(country, (30, 20, 10))
    kill_among_attackers(here.state, 1, BY_ARMY, dead, 60, share)
    lost = 100 - here.crews["fighters"][:4]
    assert lost.sum() == here.killed[BY_ARMY, FIGHTER] == dead
    assert np.all(np.abs(lost[:3] - dead * np.array([30, 20, 10]) / 60) < 1.0)
    assert (lost[3], here.crews["target"][3]) == (0, NO_ONE)
    assert here.crews["attackers_sent"][:3].tolist() == ([30, 20, 10] - lost[:3]).tolist()
    assert here.finding() == "balanced"


def defended(country: Any, officers: float, fighters: int = 100) -> Any:
    """Return 8 attackers of two crews against police, soldiers and officers of the mission.

    Each kind has as many ``officers``.
    """
    here = attack(country, (6, 2), officers=3.0 * officers)
    here.crews["fighters"][:2] = [fighters, 2]
    here.districts["presence"]["army_night"][1] = officers
    here.districts["presence"]["mission_night"][1] = officers
    return here.begin()


@pytest.mark.parametrize("officers", [20.0, 40.0, 400.0])
def test_no_hit_is_lost_and_nobody_dies_at_home(country: Any, officers: float) -> None:
    """On each of 100 nights as many die as all kinds hit, at most the 8 who attack.

    It makes no difference that one crew sent all its fighters and the other six of a hundred.
    """
    for day in range(100):
        here, today = defended(country, officers), run_randomness(14, 0, 0, day)
        hits = [
            poisson(0.05 * officers, uniform(today, ATTACKERS_KILLED, 1001, by))
            for by in (BY_POLICE, BY_ARMY, BY_MISSION)
        ]
        resolve_defence(here.state, today, 1, False)
        assert here.killed[:, FIGHTER].sum() == min(sum(hits), 8)
        assert np.all(100 - here.crews["fighters"][0] <= 6)
        if sum(hits) <= 8:
            assert here.killed[[BY_POLICE, BY_ARMY, BY_MISSION], FIGHTER].tolist() == hits
        assert here.finding() == "balanced"


def test_kinds_of_defenders_share_those_who_are_too_few(country: Any) -> None:
    """Three equal kinds that would kill far more than 8 kill a third each on average."""
    killed = []
    for day in range(300):
        here = defended(country, 400.0)
        resolve_defence(here.state, run_randomness(14, 0, 0, day), 1, False)
        killed.append(here.killed[[BY_POLICE, BY_ARMY, BY_MISSION], FIGHTER])
    assert np.sum(killed, axis=1).tolist() == [8] * 300
    spread = np.std(killed, axis=0).max()
    assert np.mean(killed, axis=0) == pytest.approx([8 / 3] * 3, abs=4.65 * spread / 300**0.5)


def test_only_attackers_who_live_move_in(country: Any) -> None:
    """Of 6 attackers 4 die, and 2 of the 96 fighters who are left move in, if all may."""
    here = attack(country, (6,))
    kill_among_attackers(here.state, 1, BY_POLICE, 4, 6, 0.5)
    settle(here.state, TODAY, 0, 1)
    moved = here.crews["fighters"][find_crew(here.state, 0, 1)]
    assert (here.crews["fighters"][0], moved) == (94, 2)
