"""Attack (M9b, M17): crews raid what they do not hold, kill, and now and then stay.

Crews at a border attack; how often grows with their fighters and with dated offensives. The number of civilians
killed follows a power law with an exponent near 2.5 (Bohorquez and others 2009): most attacks kill few, a
massacre of a hundred is rare and possible. An attack that is won gives a chance to stay, a hazard and not a
threshold; then the units of the place withdraw, its station is sacked, and influence follows presence.
"""

import math

from teritwa.agents.district import NO_ONE, STATE, District
from teritwa.agents.gang import Crew
from teritwa.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.agents.state import State
from teritwa.compiled import rule
from teritwa.mechanisms.harm import BY_GANG, BY_POLICE, kill_civilians, kill_fighters, kill_officers
from teritwa.mechanisms.hold import abandon
from teritwa.noise import Chance, decision, identity, poisson, power_law, uniform
from teritwa.quantity import Parameters, parameter

CREW_ATTACKS = decision("crew attacks")
CREW_TARGET = decision("crew chooses whom to attack")
ATTACK_WON = decision("attack is won")
ATTACK_SIZE = decision("attack kills civilians")
ATTACK_STAYS = decision("won attack stays")
ATTACKERS_KILLED = decision("defence kills attackers")
DEFENDERS_KILLED = decision("attack kills officers")
CREW_BORN = identity("crew of a gang in a district")


class Attack(Parameters):
    """How often crews attack, with what success, and at what cost in lives."""

    rate: float = parameter(
        2.0,
        "attacks per day",
        between=(0.5, 5.0),
        grade="C",
        source="assumption",
        meaning="attacks by gangs in the country on an ordinary night, with the fighters of day 0",
    )
    offensive_multiplier: float = parameter(
        2.5,
        "1",
        between=(1.2, 5.0),
        grade="C",
        source="assumption",
        meaning="factor on attacks, and on the pull of the targets, in a dated offensive",
    )
    size_exponent: float = parameter(
        2.5,
        "1",
        between=(2.2, 2.8),
        grade="A",
        source="assumption on the range; Bohorquez and others 2009 find about 2.5 across wars",
        meaning="power-law exponent of civilians killed in an attack",
    )
    size_largest: int = parameter(
        400,
        "persons",
        between=(100, 1000),
        grade="C",
        source="assumption; the largest counted massacre of 2024 killed 207 (F167)",
        meaning="cut of that power law",
    )
    takeover: float = parameter(
        0.04,
        "1",
        between=(0.003, 0.1),
        grade="C",
        source="assumption",
        meaning="chance that the attackers stay after an attack that is won",
    )
    sent_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 0.8),
        grade="C",
        source="assumption",
        meaning="share of a crew's fighters that it sends to an attack",
    )
    joint: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.5),
        grade="C",
        source="assumption",
        meaning="allies who join an attack by a member of the coalition while it acts as one, per fighter sent",
    )
    reach: float = parameter(
        1.5,
        "hours",
        between=(0.5, 4.0),
        grade="C",
        source="assumption",
        meaning="travel time within which a crew attacks over a link",
    )
    home_share: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.5),
        grade="C",
        source="assumption; F167: the largest massacre of 2024 was in a place its gang held",
        meaning="pull of the people of a crew's own place as victims, against those next door",
    )
    defence: float = parameter(
        20.0,
        "officers",
        between=(5.0, 100.0),
        grade="C",
        source="assumption",
        meaning="defenders who halve the pull of a target",
    )
    lethality: float = parameter(
        0.02,
        "fighters killed per officer",
        between=(0.002, 0.1),
        grade="C",
        source="assumption; F155, F162: some 50 and 28 attackers killed in two attacks that were repelled",
        meaning="attackers killed per officer or brigade member who defends, in one night",
    )
    ambush: float = parameter(
        0.0006,
        "officers killed per fighter",
        between=(0.00005, 0.005),
        grade="C",
        source="assumption; F079: 19 police killed or injured in March 2024",
        meaning="officers killed per attacker in one night, where officers stand",
    )


@rule
def defenders(district: District, brigade_strength: float) -> float:
    """Return who defends a district at night: officers on duty, and the brigade at a part of its number."""
    return district.officers_night + brigade_strength * district.brigade


@rule
def friends(state: State, gang: int, other: int) -> bool:
    """Whether two gangs do not fight: the same, allies of old, or both in the coalition while it acts as one."""
    if gang == other:
        return True
    one, two = state.gangs[gang], state.gangs[other]
    if one.alliance > 0 and one.alliance == two.alliance:
        return True
    return state.institution.coalition and one.coalition and two.coalition


@rule
def called(state: State, gang: int, district: District) -> bool:
    """Whether a dated offensive on a district is for this gang: by name, or as a member of the coalition."""
    if district.offensive <= 1.0:
        return False
    if district.offensive_by == NO_ONE:
        return state.institution.coalition and state.gangs[gang].coalition
    return district.offensive_by == gang


@rule
def prize(state: State, gang: int, number: int) -> float:
    """Return the pull of a district on a gang: its people, lowered by defenders, raised by an offensive.

    What the gang or a friend holds has no pull.
    """
    district = state.districts[number]
    if district.holder != STATE and friends(state, gang, district.holder):
        return 0.0
    guarded = defenders(district, state.parameters.brigade.strength) / state.parameters.attack.defence
    factor = district.offensive if called(state, gang, district) else 1.0
    return factor * math.sqrt(1.0 * (district.residents + district.hosted)) / (1.0 + guarded)


@rule
def own_prize(state: State, crew: Crew) -> float:
    """Return the pull of the crew's own district: what is not yet held there, or its people as prey."""
    pull = prize(state, crew.gang, crew.district)
    if pull > 0.0:
        return pull
    district = state.districts[crew.district]
    return state.parameters.attack.home_share * math.sqrt(1.0 * (district.residents + district.hosted))


@rule
def within_reach(state: State, crew: Crew, link: int) -> bool:
    """Whether a crew can attack over a link: near enough by land, or by sea with boats."""
    way = state.links[link]
    return way.hours <= state.parameters.attack.reach and (not way.sea or state.gangs[crew.gang].boats)


@rule
def scout(state: State, crew: Crew) -> float:
    """Return the crew's urge to attack: 1 with a target next door, more if a dated offensive aims there."""
    urge, attack = 0.0, state.parameters.attack
    home = state.districts[crew.district]
    crew.reach = own_prize(state, crew)
    if home.holder == STATE:
        urge = 1.0
    for link in range(home.first_link, home.last_link):
        if within_reach(state, crew, link):
            number = state.links[link].target
            pull = prize(state, crew.gang, number)
            crew.reach += pull
            if pull > 0.0:
                urge = max(urge, 1.0)
                if called(state, crew.gang, state.districts[number]):
                    urge = max(urge, attack.offensive_multiplier)
    return max(urge, attack.home_share)


@rule
def choose_target(state: State, crew: Crew, number: float) -> int:
    """Return a district to attack, by its share of the pull; ``number`` is uniform."""
    left = number * crew.reach - own_prize(state, crew)
    if left < 0.0:
        return crew.district
    home = state.districts[crew.district]
    chosen = crew.district
    for link in range(home.first_link, home.last_link):
        if within_reach(state, crew, link):
            pull = prize(state, crew.gang, state.links[link].target)
            if pull > 0.0:
                chosen = state.links[link].target
                left -= pull
                if left < 0.0:
                    return chosen
    return chosen


@rule
def plan_attacks(state: State, chance: Chance) -> None:
    """Each crew decides, from the state of dusk, whether and whom to attack: intents only."""
    attack = state.parameters.attack
    fighters = 0
    for row in range(state.institution.crews):
        fighters += state.crews[row].fighters
    per_fighter = attack.rate / max(1, state.institution.fighters_on_day_0)
    for row in range(state.institution.crews):
        crew = state.crews[row]
        crew.target, crew.sent = NO_ONE, 0
        if crew.fighters > 0:
            urge = scout(state, crew)
            risk = 1.0 - math.exp(-urge * per_fighter * crew.fighters)
            if crew.reach > 0.0 and uniform(chance, CREW_ATTACKS, crew.identity) < risk:
                crew.target = choose_target(state, crew, uniform(chance, CREW_TARGET, crew.identity))
                crew.sent = max(1, int(attack.sent_share * crew.fighters))


@rule
def gather_attacks(state: State) -> None:
    """Bring the crews that chose one target together under the largest of them."""
    for district in state.districts:
        district.attackers = 0
        district.attacker = NO_ONE
    for row in range(state.institution.crews):
        crew = state.crews[row]
        if crew.target != NO_ONE:
            district = state.districts[crew.target]
            district.attackers += crew.sent
            if district.attacker == NO_ONE or crew.sent > state.crews[district.attacker].sent:
                district.attacker = row


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
    """The attackers stay: half of those sent become, or join, their gang's crew there; the police withdraw."""
    leader = state.crews[row]
    place = crew_of(state, leader.gang, number)
    if place == NO_ONE:
        return
    moved = min(leader.sent, leader.fighters)
    leader.fighters -= moved
    state.crews[place].fighters += moved
    if state.districts[number].holder == STATE:
        abandon(state, number)


@rule
def fight_back(state: State, chance: Chance, number: int, repelled: bool) -> None:
    """Officers and brigade members kill attackers, more when they repel them; officers die too."""
    attack, district = state.parameters.attack, state.districts[number]
    place = district.identity
    factor = attack.lethality * (2.0 if repelled else 1.0)
    by_police = poisson(factor * district.officers_night, uniform(chance, ATTACKERS_KILLED, place, 0))
    kill_fighters(state, chance, BY_POLICE, district.attacker, by_police)
    if district.officers_night > 0.0:
        for force in (POLICE, ARMY, MISSION):
            share = 1.0 / 3.0
            lost = poisson(share * attack.ambush * district.attackers, uniform(chance, DEFENDERS_KILLED, place, force))
            kill_officers(state, chance, number, force, lost)


@rule
def resolve_attack(state: State, chance: Chance, number: int) -> None:
    """One district is attacked: who wins, who dies, and whether the attackers stay."""
    attack, district = state.parameters.attack, state.districts[number]
    leader = state.crews[district.attacker]
    place = district.identity
    at_home = district.holder != STATE and friends(state, leader.gang, district.holder)
    together = state.institution.coalition and state.gangs[leader.gang].coalition
    force = district.attackers * (1.0 + attack.joint if together else 1.0)
    defending = 0.0 if at_home else defenders(district, state.parameters.brigade.strength)
    won = uniform(chance, ATTACK_WON, place) < won_chance(force, defending)
    size = power_law(attack.size_exponent, 1.0 * attack.size_largest, uniform(chance, ATTACK_SIZE, place))
    kill_civilians(state, chance, BY_GANG, number, size if won else (size + 2) // 3)
    state.today.attacks += 1
    if not at_home:
        district.heat += 1.0
        district.attacked_on = chance.day
        fight_back(state, chance, number, not won)
        if won and uniform(chance, ATTACK_STAYS, place) < attack.takeover:
            settle(state, district.attacker, number)


@rule
def resolve_attacks(state: State, chance: Chance) -> None:
    """Resolve the attacks of the night, district by district."""
    for number in range(state.districts.size):
        if state.districts[number].attackers > 0:
            resolve_attack(state, chance, number)
