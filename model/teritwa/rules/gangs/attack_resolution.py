"""Raid (M4, M17): what an attack does: who wins, who dies, and whether the attackers stay.

The number of civilians killed follows a power law with an exponent near 2.5 (Bohorquez and others 2009): most
attacks kill few, a massacre of a hundred is rare and possible. An attack that is won gives a chance to stay, a
hazard and not a threshold, which needs more strength than a raid; then the units of the place withdraw, its
station is sacked, and influence follows presence.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Chance, decision, identity, poisson, power_law, uniform, whole
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    ANY_FORCE,
    BY_ARMY,
    BY_BRIGADE,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    kill_civilians,
    kill_fighters,
    kill_officers,
)
from teritwa.rules.forces.night_posture import abandon
from teritwa.rules.gangs.attack import called, defenders, friendly

ATTACK_WON = decision("attack is won")
ATTACK_SIZE = decision("attack kills civilians")
REPELLED_SIZE = decision("attack that is repelled kills fewer")
ATTACK_STAYS = decision("won attack stays")
ATTACKERS_KILLED = decision("defence kills attackers")
DEFENDERS_KILLED = decision("attack kills officers")
CREW_BORN = identity("crew of a gang in a district")


@rule
def won_chance(attackers: float, defending: float) -> float:
    """Return the chance that an attack is won: a² / (a² + d²)."""
    if attackers <= 0.0:
        return 0.0
    return attackers * attackers / (attackers * attackers + defending * defending)


@rule
def crew_identity(gang: int, district: int) -> int:
    """Return the address of a crew from those of its gang and district, so that birth order plays no part."""
    return (gang * 31 + district * 17 + CREW_BORN) % 4294967296


@rule
def crew_of(state: State, gang: int, number: int) -> int:
    """Return the row of a gang's crew in a district, making an empty one if there is none; NO_ONE if full."""
    row = int(state.crew_at[gang, number])
    if row == NO_ONE and state.institution.crews < state.crews.size:
        row = state.institution.crews
        state.institution.crews += 1
        crew = state.crews[row]
        crew.identity = crew_identity(state.gangs[gang].identity, state.districts[number].identity)
        crew.gang, crew.district, crew.target = gang, number, NO_ONE
        state.crew_at[gang, number] = row
    return row


@rule
def settle(state: State, row: int, number: int) -> None:
    """The attackers stay: those sent become, or join, their gang's crew there; the police withdraw."""
    leader = state.crews[row]
    place = crew_of(state, leader.gang, number)
    if place == NO_ONE:
        return
    moved = min(leader.sent, leader.fighters)
    leader.fighters -= moved
    state.crews[place].fighters += moved
    state.crews[place].contests = True
    if state.districts[number].holder == STATE or state.districts[number].forward_base:
        abandon(state, number)


@rule
def fight_back(state: State, chance: Chance, number: int, repelled: bool) -> None:
    """Officers and brigade members kill attackers, more when they repel them; officers die too."""
    attack, district = state.parameters.attack, state.districts[number]
    factor = attack.lethality * (attack.repelled_lethality if repelled else 1.0)
    police = district.officers_night - district.army_night - district.mission_night
    brigade = state.parameters.brigade.strength * district.brigade
    kill_attackers(state, chance, number, BY_POLICE, factor * police)
    kill_attackers(state, chance, number, BY_ARMY, factor * district.army_night)
    kill_attackers(state, chance, number, BY_MISSION, factor * district.mission_night)
    kill_attackers(state, chance, number, BY_BRIGADE, factor * brigade)
    if district.officers_night > 0.0:
        armed = state.gangs[state.crews[district.attacker].gang].might
        lost = poisson(attack.ambush * district.attackers * armed, uniform(chance, DEFENDERS_KILLED, district.identity))
        kill_officers(state, number, ANY_FORCE, lost)


@rule
def kill_attackers(state: State, chance: Chance, number: int, perpetrator: int, rate: float) -> None:
    """Defenders of one kind kill fighters of the crew that leads the attack, ``rate`` on average."""
    district = state.districts[number]
    dead = poisson(rate, uniform(chance, ATTACKERS_KILLED, district.identity, perpetrator))
    kill_fighters(state, perpetrator, district.attacker, number, dead)


@rule
def resolve_attack(state: State, chance: Chance, number: int) -> None:
    """One district is attacked: who wins, who dies, and whether the attackers stay."""
    attack, district = state.parameters.attack, state.districts[number]
    leader = state.crews[district.attacker]
    place = district.identity
    gang, coalition = state.gangs[leader.gang], state.institution.coalition
    at_home = friendly(district, leader.gang, gang, coalition)
    together = coalition and gang.coalition
    force = district.attackers * gang.might * (1.0 + attack.joint if together else 1.0)
    defending = 0.0 if at_home else defenders(district, state.parameters.brigade.strength)
    won = uniform(chance, ATTACK_WON, place) < won_chance(force, defending)
    size = power_law(attack.size_exponent, 1.0 * attack.size_largest, uniform(chance, ATTACK_SIZE, place))
    if not won:
        size = whole(attack.repelled_harm * size, uniform(chance, REPELLED_SIZE, place))
    dead = kill_civilians(state, BY_GANG, number, size)
    state.today.executed += max(dead - state.parameters.harm.massacre, 0)
    state.today.attacks += 1
    state.today.attacks_on_state += 1 if district.holder == STATE else 0
    if not at_home:
        district.heat += 1.0
        district.attacked_on = chance.day
        fight_back(state, chance, number, not won)
        meant = district.offensive if called(district, leader.gang, gang, coalition) else 1.0
        outmatched = won_chance(force, attack.staying_ratio * defending)
        if won and uniform(chance, ATTACK_STAYS, place) < meant * attack.takeover * outmatched:
            settle(state, district.attacker, number)


@rule
def resolve_attacks(state: State, chance: Chance) -> None:
    """Resolve the attacks of the night, district by district."""
    for number in range(state.districts.size):
        if state.districts[number].attackers > 0:
            resolve_attack(state, chance, number)
