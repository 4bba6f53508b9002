"""Defence: the defenders of an attacked district kill attackers, and attackers kill officers.

Police, soldiers, officers of the mission and the brigade kill in proportion to their part in the
defence, and more when they repel the attack. Those who attack die, and no fighter who stayed at
home. The parameters are those of `teritwa.rules.gangs.attack`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    ANY_FORCE,
    BY_ARMY,
    BY_BRIGADE,
    BY_MISSION,
    BY_POLICE,
    kill_fighters,
    kill_officers,
)
from teritwa.rules.gangs.attack import Attack
from teritwa.rules.population.self_defence import SelfDefence
from teritwa.rules.sharing import part_of, random_start

ATTACKERS_KILLED = decision("defence kills attackers")
DEFENDERS_KILLED = decision("attack kills officers")
WHO_KILLS = decision("defenders of these kinds kill all attackers")
WHO_DIES = decision("attackers of these crews are killed")
DEFENDERS = (BY_POLICE, BY_ARMY, BY_MISSION, BY_BRIGADE)


@rule
def defending_part(state: State, district: District, kind: int) -> float:
    """Return the part of one kind of defenders in the defence of a district, in officers."""
    presence = district.presence
    if kind == BY_ARMY:
        return presence.army_night
    if kind == BY_MISSION:
        return presence.mission_night
    if kind == BY_BRIGADE:
        return SelfDefence.of(state).defence_weight * district.people.brigade
    return presence.officers_night - presence.army_night - presence.mission_night


@rule
def attackers_hit(
    state: State, randomness: Randomness, district: District, kind: int, repelled: bool
) -> int:
    """Return how many attackers defenders of one kind kill tonight if there are as many."""
    attack = Attack.of(state)
    lethality = attack.defender_lethality * (attack.repelled_lethality_factor if repelled else 1.0)
    rate = lethality * defending_part(state, district, kind)
    if rate <= 0.0:
        return 0
    return poisson(rate, uniform(randomness, ATTACKERS_KILLED, district.identity, kind))


@rule
def kill_attackers(state: State, randomness: Randomness, number: int, repelled: bool) -> None:
    """Let the defenders of a district kill attackers, together at most all of them.

    If they would kill more than attack, the kinds of defenders share those whom they kill.
    """
    district, hits, before = state.districts[number], 0, 0
    for kind in DEFENDERS:
        hits += attackers_hit(state, randomness, district, kind, repelled)
    if hits == 0:
        return
    left = district.night.attackers
    dead = min(hits, left)
    start = random_start(hits, uniform(randomness, WHO_KILLS, district.identity))
    for kind in DEFENDERS:
        own = attackers_hit(state, randomness, district, kind, repelled)
        killed = part_of(dead, before, own, hits, start)
        before += own
        if killed > 0:
            share = uniform(randomness, WHO_DIES, district.identity, kind)
            kill_among_attackers(state, number, kind, killed, left, share)
            left -= killed


@rule
def kill_among_attackers(
    state: State, number: int, kind: int, dead: int, left: int, share: float
) -> None:
    """Kill attackers of a district, in proportion to those of each crew who are left.

    Args:
        state: All records of the run.
        number: The district's row.
        kind: The perpetrator.
        dead: How many attackers die.
        left: How many are left of all crews, at least ``dead``.
        share: A uniform random number in [0, 1).
    """
    start, before = random_start(left, share), 0
    row = state.districts[number].night.first_attacker
    while row != NO_ONE:
        crew = state.crews[row]
        own = crew.attackers_sent
        lost = part_of(dead, before, own, left, start)
        before += own
        crew.attackers_sent -= kill_fighters(state, kind, row, number, lost)
        row = crew.next_attacker


@rule
def resolve_defence(state: State, randomness: Randomness, number: int, repelled: bool) -> None:
    """Let the defenders of a district kill attackers, and attackers kill officers."""
    kill_attackers(state, randomness, number, repelled)
    district = state.districts[number]
    if district.presence.officers_night > 0.0:
        gang = state.gangs[state.crews[district.night.lead_crew].gang]
        fighters = district.night.attackers
        rate = Attack.of(state).officer_loss_rate * fighters * gang.combat_effectiveness
        lost = poisson(rate, uniform(randomness, DEFENDERS_KILLED, district.identity))
        kill_officers(state, randomness, number, ANY_FORCE, lost)
