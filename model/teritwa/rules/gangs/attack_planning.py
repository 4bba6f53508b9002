"""Attack planning: which crews attack tonight, and which districts.

A crew attacks more often the more fighters it has, the better they are armed, and while a dated
offensive calls it to a district in its reach. Friends in one district attack on the same nights, so
that it does not matter how their fighters are split into crews. On some nights of an offensive the
crews that it calls, also from afar, mass for an assault on its target. `teritwa.rules.gangs.attack`
declares the parameters and says how strongly a district attracts an attack.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, District, Link
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.state import State
from teritwa.rules.districts.travel import hours_between
from teritwa.rules.gangs.attack import (
    Attack,
    is_friendly,
    pull_of_home,
    target_pull,
    targeted_by_offensive,
    update_attack_value,
)
from teritwa.rules.moods import mood_factor

CREW_ATTACKS = decision("crew attacks")
CREW_TARGET = decision("crew chooses whom to attack")
SENT_OUT = decision("crew sends fighters to an attack")
ASSAULTED = decision("target of an offensive is assaulted")
WHICH_ASSAULT = decision("crew chooses which assault to join")
MASSED = decision("crew sends fighters to an assault")
LEADS = decision("one of equally large crews leads the attack")


@rule
def plan_attacks(state: State, randomness: Randomness) -> None:
    """Let each crew decide whether to attack tonight, where, and with how many fighters.

    Runs at night. Crews only record their plans here, from the state of dusk, so that the order
    of crews does not matter. `combine_attacks` and `resolve_attacks` carry the plans out.
    """
    update_attack_value(state)
    assaults = decide_assaults(state, randomness)
    intent = mood_factor(state.moods.offensives)
    per_fighter = intent * Attack.of(state).rate / max(1, state.counters.fighters_on_day_0)
    largest = largest_urge(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        crew.target, crew.attackers_sent = NO_ONE, 0
        if assaults > 0 and crew.fighters > 0:
            join_assault(state, randomness, crew, assaults)
        if crew.target == NO_ONE and crew.fighters > 0:
            plan_attack(state, randomness, crew, per_fighter, largest)


@rule
def plan_attack(
    state: State, randomness: Randomness, crew: Crew, per_fighter: float, largest: float
) -> None:
    """Let a crew decide whether to attack tonight, where, and with how many fighters.

    What it can reach is weighed only if the largest urge would make it attack.

    Args:
        state: The state.
        randomness: The random numbers of the night.
        crew: The crew.
        per_fighter: Attacks a night of one armed fighter with an urge of 1.
        largest: The largest urge that a crew can have tonight.
    """
    company, who, side = company_of(state, crew)
    rate = per_fighter * company * state.gangs[crew.gang].combat_effectiveness
    if attacks(state, crew, rate, largest, uniform(randomness, CREW_ATTACKS, who, side)):
        number = uniform(randomness, CREW_TARGET, who, side)
        crew.target = choose_target(state, crew, number)
        share = Attack.of(state).sent_share * crew.fighters
        crew.attackers_sent = stochastic_round(share, uniform(randomness, SENT_OUT, crew.identity))
        if crew.attackers_sent == 0:
            crew.target = NO_ONE


@rule
def attacks(state: State, crew: Crew, rate: float, largest: float, number: float) -> bool:
    """Return whether a crew attacks tonight.

    Args:
        state: The state.
        crew: The crew, for which this records what it can reach.
        rate: Its attacks a night with an urge of 1.
        largest: The largest urge that a crew can have tonight.
        number: A uniform random number in [0, 1).
    """
    if number >= largest * rate:  # which is more than 1 - exp(-largest * rate)
        return False
    return number < 1.0 - math.exp(-weigh_reachable_targets(state, crew) * rate)


@rule
def largest_urge(state: State) -> float:
    """Return the largest urge that a crew can have tonight, as `weigh_reachable_targets` says."""
    attack, largest = Attack.of(state), 1.0
    for district in state.districts:
        if district.orders.offensive_factor > 1.0:
            largest = max(largest, attack.offensive_multiplier)
    return max(largest, attack.home_pull)


@rule
def company_of(state: State, crew: Crew) -> tuple[int, int, int]:
    """Return with how many fighters a crew acts as one, and the address of their common numbers.

    They are those of its old alliance in its district at dusk and, while the coalition is active,
    all who live there with a member. A gang without friends acts alone.

    Returns:
        The fighters, then the identity and the item of their random numbers.
    """
    gang, district = state.gangs[crew.gang], state.districts[crew.district]
    together = state.coalition.active and gang.coalition
    if gang.alliance == 0 and not together:
        return crew.fighters, crew.identity, 0
    side = 0 if together else gang.alliance
    friends = int(state.allied_fighters[crew.district, side])
    return max(crew.fighters, friends), district.identity, side


@rule
def decide_assaults(state: State, randomness: Randomness) -> int:
    """Decide on which targets of dated offensives crews mass tonight.

    An offensive opens with an assault: its date is that of reported attacks. More follow at a rate.

    Returns:
        How many there are; their rows stand in ``state.assaulted``.
    """
    rate = Attack.of(state).assault_rate * mood_factor(state.moods.offensives)
    probability, assaults = 1.0 - math.exp(-rate), 0
    for number in range(state.districts.size):
        district = state.districts[number]
        if district.orders.offensive_factor > 1.0:
            opens = district.orders.offensive_nights == 0
            district.orders.offensive_nights += 1
            if opens or uniform(randomness, ASSAULTED, district.identity) < probability:
                state.assaulted[assaults] = number
                assaults += 1
        else:
            district.orders.offensive_nights = 0
    return assaults


@rule
def is_called(state: State, crew: Crew, number: int) -> bool:
    """Return whether a crew is called to tonight's assault on a district, and near enough."""
    district, gang = state.districts[number], state.gangs[crew.gang]
    if is_friendly(district, crew.gang, gang, state.coalition.active):
        return False
    called = targeted_by_offensive(district, crew.gang, gang, state.coalition.active)
    return called and hours_between(state, crew.district, number) <= Attack.of(state).mass_reach


@rule
def join_assault(state: State, randomness: Randomness, crew: Crew, assaults: int) -> None:
    """Let a crew send a share of its fighters to one of tonight's assaults to which it is called.

    It picks one of them with equal probability, so that no order of districts decides.
    """
    calls = 0
    for place in range(assaults):
        calls += 1 if is_called(state, crew, int(state.assaulted[place])) else 0
    if calls == 0:
        return
    pick = int(calls * uniform(randomness, WHICH_ASSAULT, crew.identity))
    for place in range(assaults):
        if is_called(state, crew, int(state.assaulted[place])):
            if pick == 0:
                crew.target = int(state.assaulted[place])
            pick -= 1
    share = Attack.of(state).mass_share * crew.fighters
    crew.attackers_sent = stochastic_round(share, uniform(randomness, MASSED, crew.identity))
    if crew.attackers_sent == 0:
        crew.target = NO_ONE


@rule
def weigh_reachable_targets(state: State, crew: Crew) -> float:
    """Record the pull of all districts in a crew's reach, and return the crew's urge to attack.

    The crew reaches its own district and those at the end of one link. The urge is a factor on
    the rate of attacks: the offensive multiplier if an offensive calls the crew to a district in
    reach, 1 if a district in reach attracts an attack, and the pull of home if there are only
    residents of friendly districts to attack.
    """
    attack, coalition = Attack.of(state), state.coalition.active
    gang, home = state.gangs[crew.gang], state.districts[crew.district]
    urge = attack.home_pull
    if target_pull(home, crew.gang, gang, coalition) > 0.0:
        urge = urge_to_attack(home, crew.gang, gang, coalition, attack.offensive_multiplier)
    crew.reachable_value = pull_of_home(home, crew.gang, gang, coalition, attack.home_pull)
    for row in range(home.place.first_link, home.place.last_link):
        link = state.links[row]
        if is_reachable(link, gang, attack.reach):
            target = state.districts[link.target]
            pull = target_pull(target, crew.gang, gang, coalition)
            crew.reachable_value += pull
            if pull > 0.0:
                multiplier = attack.offensive_multiplier
                there = urge_to_attack(target, crew.gang, gang, coalition, multiplier)
                urge = max(urge, 1.0, there)
    return urge


@rule
def urge_to_attack(
    district: District, gang_row: int, gang: Gang, coalition: bool, multiplier: float
) -> float:
    """Return the urge to attack a district with a pull: the multiplier in an offensive, else 1."""
    return multiplier if targeted_by_offensive(district, gang_row, gang, coalition) else 1.0


@rule
def is_reachable(link: Link, gang: Gang, reach: float) -> bool:
    """Whether a gang attacks over a link: within its reach in hours, and by sea only with boats."""
    return link.hours <= reach and (gang.boats or not link.sea)


@rule
def choose_target(state: State, crew: Crew, number: float) -> int:
    """Return the row of the district that a crew attacks, drawn in proportion to the pulls.

    Args:
        state: The state, after `weigh_reachable_targets` for this crew.
        crew: The crew.
        number: A uniform random number in [0, 1).
    """
    attack, coalition = Attack.of(state), state.coalition.active
    gang, home = state.gangs[crew.gang], state.districts[crew.district]
    chosen = crew.district
    at_home = pull_of_home(home, crew.gang, gang, coalition, attack.home_pull)
    # Walk along the pulls laid end to end, home first, until ``number`` of their sum is used up.
    left = number * crew.reachable_value - at_home
    for row in range(home.place.first_link, home.place.last_link):
        link = state.links[row]
        if left >= 0.0 and is_reachable(link, gang, attack.reach):
            pull = target_pull(state.districts[link.target], crew.gang, gang, coalition)
            if pull > 0.0:
                chosen = link.target
                left -= pull
    return chosen


@rule
def combine_attacks(state: State, randomness: Randomness) -> None:
    """Combine the crews that chose the same district into one attack, led by the largest crew.

    Runs at night, after `plan_attacks`. Of crews that send equally many, a random number decides.
    """
    for district in state.districts:
        district.night.attackers = 0
        district.night.lead_crew = district.night.first_attacker = NO_ONE
    for row in range(state.counters.crews - 1, -1, -1):  # so that the first is entered last
        crew = state.crews[row]
        if crew.target != NO_ONE:
            night = state.districts[crew.target].night
            night.attackers += crew.attackers_sent
            crew.next_attacker, night.first_attacker = night.first_attacker, row
            if night.lead_crew == NO_ONE or leads(randomness, crew, state.crews[night.lead_crew]):
                night.lead_crew = row


@rule
def lot(randomness: Randomness, crew: Crew) -> float:
    """Return a crew's lot of tonight: the lowest leads among equals."""
    return uniform(randomness, LEADS, crew.identity)


@rule
def leads(randomness: Randomness, crew: Crew, other: Crew) -> bool:
    """Return whether a crew leads an attack rather than another: it sends more, or is lucky."""
    if crew.attackers_sent != other.attackers_sent:
        return crew.attackers_sent > other.attackers_sent
    return lot(randomness, crew) < lot(randomness, other)
