"""Raid (M4, M17): what an attack does: who wins, who dies, and whether the attackers stay.

The number of civilians killed follows a power law with an exponent near 2.5 (Bohorquez and others
2009): most attacks kill few, a massacre of a hundred is rare and possible. An attack that is won
gives a chance to stay, a hazard and not a threshold, which needs more strength than a raid; then
the units of the place withdraw, its station is sacked, and influence follows presence.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import (
    Randomness,
    decision,
    identity,
    poisson,
    power_law,
    stochastic_round,
    uniform,
)
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    ANY_FORCE,
    BY_ARMY,
    BY_BRIGADE,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    Casualties,
    kill_civilians,
    kill_fighters,
    kill_officers,
)
from teritwa.rules.forces.night_posture import abandon_district
from teritwa.rules.gangs.attack import Attack, defenders, is_friendly, targeted_by_offensive
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.self_defence import SelfDefence

ATTACK_WON = decision("attack is won")
ATTACK_SIZE = decision("attack kills civilians")
REPELLED_SIZE = decision("attack that is repelled kills fewer")
ATTACK_STAYS = decision("won attack stays")
ATTACKERS_KILLED = decision("defence kills attackers")
DEFENDERS_KILLED = decision("attack kills officers")
CREW_BORN = identity("crew of a gang in a district")


ATTACKS = outcome(
    "attacks",
    "daily.attacks",
    unit="attacks per day",
    meaning="attacks by gangs that day",
    stored="i2",
)

ATTACKS_ON_STATE = outcome(
    "attacks_on_state",
    "daily.attacks_on_state",
    unit="attacks per day",
    meaning="those of them on districts the state holds",
    stored="i2",
)


@rule
def win_probability(attackers: float, defending: float) -> float:
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
    if row == NO_ONE and state.counters.crews < state.crews.size:
        row = state.counters.crews
        state.counters.crews += 1
        crew = state.crews[row]
        crew.identity = crew_identity(state.gangs[gang].identity, state.districts[number].identity)
        crew.gang, crew.district, crew.target = gang, number, NO_ONE
        state.crew_at[gang, number] = row
    return row


@rule
def occupy(state: State, row: int, number: int) -> None:
    """The attackers stay: those sent become, or join, their gang's crew there; the police withdraw."""
    leader = state.crews[row]
    place = crew_of(state, leader.gang, number)
    if place == NO_ONE:
        return
    moved = min(leader.attackers_sent, leader.fighters)
    leader.fighters -= moved
    state.crews[place].fighters += moved
    state.crews[place].claims_district = True
    if (
        state.districts[number].control.holder == STATE
        or state.districts[number].control.forward_base
    ):
        abandon_district(state, number)


@rule
def resolve_defence(state: State, randomness: Randomness, number: int, repelled: bool) -> None:
    """Officers and brigade members kill attackers, more when they repel them; officers die too."""
    attack, district = Attack.of(state), state.districts[number]
    factor = attack.defender_lethality * (attack.repelled_lethality_factor if repelled else 1.0)
    police = (
        district.presence.officers_night
        - district.presence.army_night
        - district.presence.mission_night
    )
    brigade = SelfDefence.of(state).defence_weight * district.people.brigade
    kill_attackers(state, randomness, number, BY_POLICE, factor * police)
    kill_attackers(state, randomness, number, BY_ARMY, factor * district.presence.army_night)
    kill_attackers(state, randomness, number, BY_MISSION, factor * district.presence.mission_night)
    kill_attackers(state, randomness, number, BY_BRIGADE, factor * brigade)
    if district.presence.officers_night > 0.0:
        armed = state.gangs[state.crews[district.night.lead_crew].gang].combat_effectiveness
        lost = poisson(
            attack.officer_loss_rate * district.night.attackers * armed,
            uniform(randomness, DEFENDERS_KILLED, district.identity),
        )
        kill_officers(state, number, ANY_FORCE, lost)


@rule
def kill_attackers(
    state: State, randomness: Randomness, number: int, perpetrator: int, rate: float
) -> None:
    """Defenders of one kind kill fighters of the crew that leads the attack, ``rate`` on average."""
    district = state.districts[number]
    dead = poisson(rate, uniform(randomness, ATTACKERS_KILLED, district.identity, perpetrator))
    kill_fighters(state, perpetrator, district.night.lead_crew, number, dead)


@rule
def resolve_attack(state: State, randomness: Randomness, number: int) -> None:
    """One district is attacked: who wins, who dies, and whether the attackers stay."""
    attack, district = Attack.of(state), state.districts[number]
    leader = state.crews[district.night.lead_crew]
    place = district.identity
    gang, coalition = state.gangs[leader.gang], state.coalition.active
    at_home = is_friendly(district, leader.gang, gang, coalition)
    together = coalition and gang.coalition
    force = (
        district.night.attackers
        * gang.combat_effectiveness
        * (1.0 + attack.allies_per_attacker if together else 1.0)
    )
    defending = 0.0 if at_home else defenders(district, SelfDefence.of(state).defence_weight)
    won = uniform(randomness, ATTACK_WON, place) < win_probability(force, defending)
    size = power_law(
        attack.casualty_exponent,
        1.0 * attack.casualty_maximum,
        uniform(randomness, ATTACK_SIZE, place),
    )
    if not won:
        size = stochastic_round(
            attack.repelled_casualty_factor * size, uniform(randomness, REPELLED_SIZE, place)
        )
    dead = kill_civilians(state, BY_GANG, number, size)
    state.daily.executed += max(dead - Casualties.of(state).massacre_threshold, 0)
    state.daily.attacks += 1
    state.daily.attacks_on_state += 1 if district.control.holder == STATE else 0
    if not at_home:
        district.orders.recent_attacks += 1.0
        district.control.attacked_on = randomness.day
        resolve_defence(state, randomness, number, not won)
        meant = (
            district.orders.offensive_factor
            if targeted_by_offensive(district, leader.gang, gang, coalition)
            else 1.0
        )
        outmatched = win_probability(force, attack.staying_ratio * defending)
        if (
            won
            and uniform(randomness, ATTACK_STAYS, place)
            < meant * attack.takeover_probability * outmatched
        ):
            occupy(state, district.night.lead_crew, number)


@rule
def resolve_attacks(state: State, randomness: Randomness) -> None:
    """Resolve the attacks of the night, district by district."""
    for number in range(state.districts.size):
        if state.districts[number].night.attackers > 0:
            resolve_attack(state, randomness, number)
