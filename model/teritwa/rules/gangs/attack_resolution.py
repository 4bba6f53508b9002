"""Attack resolution: who wins an attack, who dies, and whether the attackers stay.

The number of civilians killed follows a power law with an exponent near 2.5 (Bohorquez and others
2009): most attacks kill few people, and a massacre of a hundred is rare but possible. Attackers who
win may stay. To stay takes more strength than to win, and is a matter of probability and not of a
threshold. If they stay, the police units of the district withdraw and its station is sacked;
influence then follows presence. The parameters are those of `teritwa.rules.gangs.attack`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import (
    Randomness,
    decision,
    power_law,
    stochastic_round,
    uniform,
)
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.gang import Gang
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import BY_GANG, Casualties, kill_civilians
from teritwa.rules.districts.presence import Presence, coverage
from teritwa.rules.forces.night_posture import abandon_district
from teritwa.rules.gangs.attack import Attack, defenders, is_friendly, targeted_by_offensive
from teritwa.rules.gangs.crews import crew_of
from teritwa.rules.gangs.defence import resolve_defence
from teritwa.rules.moods import mood_factor
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.self_defence import SelfDefence

ATTACK_WON = decision("attack is won")
ATTACK_SIZE = decision("attack kills civilians")
REPELLED_SIZE = decision("attack kills more or fewer than usual")
ATTACK_STAYS = decision("won attack stays")
SETTLES = decision("attackers move into a district")

ATTACKS = outcome(
    "attacks",
    "daily.attacks",
    unit="attacks per day",
    meaning="attacks by gangs that day",
    stored="i4",
)

ATTACKS_ON_STATE = outcome(
    "attacks_on_state",
    "daily.attacks_on_state",
    unit="attacks per day",
    meaning="attacks by gangs that day on districts that the state holds",
    stored="i4",
)


@rule
def win_probability(attackers: float, defending: float) -> float:
    """Return the probability that an attack is won: a² / (a² + d²).

    Args:
        attackers: The strength of the attackers (a), in armed fighters.
        defending: The strength of the defenders (d), in officers.
    """
    if attackers <= 0.0:
        return 0.0
    return attackers * attackers / (attackers * attackers + defending * defending)


@rule
def are_friends(state: State, gang_row: int, other_row: int) -> bool:
    """Return whether two gangs act together: one gang, one old alliance, or the coalition."""
    gang, other = state.gangs[gang_row], state.gangs[other_row]
    allied = gang.alliance > 0 and gang.alliance == other.alliance
    together = state.coalition.active and gang.coalition and other.coalition
    return gang_row == other_row or allied or together


@rule
def settle(state: State, randomness: Randomness, row: int, number: int) -> None:
    """Let a share of the attackers whom a crew has left move into a district, and claim it."""
    crew = state.crews[row]
    share = Attack.of(state).settling_share * crew.attackers_sent
    moved = stochastic_round(share, uniform(randomness, SETTLES, crew.identity))
    there = crew_of(state, crew.gang, number)
    crew.fighters -= moved
    state.crews[there].fighters += moved
    state.crews[there].claims_district = True


@rule
def occupy(state: State, randomness: Randomness, number: int) -> None:
    """Let attackers stay: crews of the leading gang and its friends move in and claim the place.

    If the state held the district, or a forward base was open there, the police withdraw. What the
    influence of day 0 owed to the place is over.
    """
    control, leader = state.districts[number].control, state.districts[number].night.lead_crew
    leading = state.crews[leader].gang
    row = state.districts[number].night.first_attacker
    while row != NO_ONE:
        if are_friends(state, leading, state.crews[row].gang):
            settle(state, randomness, row, number)
        row = state.crews[row].next_attacker
    control.local_offset = 0.0
    if control.holder == STATE or control.forward_base:
        abandon_district(state, number)


@rule
def attacking_strength(state: State, district: District) -> float:
    """Return the strength of the attackers of a district, in armed fighters.

    The arms of the leading crew's gang count for all. Allies who belong to no crew join an attack
    by a member of the coalition while it is active.
    """
    gang = state.gangs[state.crews[district.night.lead_crew].gang]
    together = state.coalition.active and gang.coalition
    allies = Attack.of(state).allies_per_attacker if together else 0.0
    return district.night.attackers * gang.combat_effectiveness * (1.0 + allies)


@rule
def kill_attacked_civilians(
    state: State, randomness: Randomness, number: int, repelled: bool
) -> None:
    """Kill civilians of an attacked district, fewer of them if the attack is repelled."""
    attack, place = Attack.of(state), state.districts[number].identity
    largest = 1.0 * attack.casualty_maximum
    size = power_law(attack.casualty_exponent, largest, uniform(randomness, ATTACK_SIZE, place))
    usual = mood_factor(state.moods.lethality)
    usual *= attack.repelled_casualty_factor if repelled else 1.0
    size = stochastic_round(usual * size, uniform(randomness, REPELLED_SIZE, place))
    dead = kill_civilians(state, BY_GANG, number, size)
    # The dead beyond the threshold of a massacre are executed: nobody is injured beside them.
    state.daily.executed += max(dead - Casualties.of(state).massacre_threshold, 0)


@rule
def intent_to_stay(
    district: District, gang_row: int, gang: Gang, coalition: bool, raid_staying: float
) -> float:
    """Return how often a gang that could stay in a district does: always in an offensive."""
    return 1.0 if targeted_by_offensive(district, gang_row, gang, coalition) else raid_staying


@rule
def attackers_stay(
    state: State, randomness: Randomness, district: District, strength: float, defending: float
) -> bool:
    """Return whether attackers who won stay in the district.

    It takes more strength than to win, and as many attackers as cover a good part of the district.
    """
    attack = Attack.of(state)
    superiority = win_probability(strength, attack.staying_ratio * defending)
    people = district.people.residents + district.people.displaced_hosted
    constant = Presence.of(state).gang_coverage_constant
    covered = coverage(1.0 * district.night.attackers, people, constant)
    lead = state.crews[district.night.lead_crew].gang
    coalition, gang = state.coalition.active, state.gangs[lead]
    intent = intent_to_stay(district, lead, gang, coalition, attack.raid_staying)
    probability = intent * attack.takeover_probability * covered * superiority
    return uniform(randomness, ATTACK_STAYS, district.identity) < probability


@rule
def resolve_attack(state: State, randomness: Randomness, number: int) -> None:
    """Resolve the attack on one district: who wins, who dies, and whether the attackers stay.

    An attack on people of a district that the gang or a friend holds meets no defenders: it is
    always won, and only civilians die. It does not count as an attack to which forces and people
    react.
    """
    district = state.districts[number]
    gang_row = state.crews[district.night.lead_crew].gang
    friendly = is_friendly(district, gang_row, state.gangs[gang_row], state.coalition.active)
    strength = attacking_strength(state, district)
    defending = 0.0 if friendly else defenders(district, SelfDefence.of(state).defence_weight)
    probability = win_probability(strength, defending)
    won = uniform(randomness, ATTACK_WON, district.identity) < probability
    kill_attacked_civilians(state, randomness, number, not won)
    state.daily.attacks += 1
    state.daily.attacks_on_state += 1 if district.control.holder == STATE else 0
    if not friendly:
        district.orders.recent_attacks += 1.0
        district.control.attacked_on = randomness.day
        resolve_defence(state, randomness, number, not won)
        if won and attackers_stay(state, randomness, district, strength, defending):
            occupy(state, randomness, number)


@rule
def resolve_attacks(state: State, randomness: Randomness) -> None:
    """Resolve the attacks of the night, district by district, in the order of the districts.

    Runs at night, after crews with one target were combined.
    """
    for number in range(state.districts.size):
        if state.districts[number].night.attackers > 0:
            resolve_attack(state, randomness, number)
