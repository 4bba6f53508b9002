"""Attack (M9b): which crews attack tonight, and whom.

Violence peaks at borders (Brantingham and others 2012): crews attack what they and their friends do not hold,
here or next door. How often grows with their fighters and with dated offensives. What an attack does is in
`teritwa.mechanisms.raid`; the parameters of both are here.
"""

import math

from teritwa.agents.district import NO_ONE, STATE, District
from teritwa.agents.gang import Crew
from teritwa.agents.state import State
from teritwa.compiled import rule
from teritwa.noise import Chance, decision, uniform
from teritwa.quantity import Parameters, parameter

CREW_ATTACKS = decision("crew attacks")
CREW_TARGET = decision("crew chooses whom to attack")


class Attack(Parameters):
    """How often crews attack, with what success, and at what cost in lives."""

    rate: float = parameter(
        3.0,
        "attacks per day",
        between=(0.5, 5.0),
        grade="C",
        source="assumption",
        meaning="attacks by gangs in the country on an ordinary night, with the fighters of day 0",
    )
    offensive_multiplier: float = parameter(
        4.0,
        "1",
        between=(1.2, 5.0),
        grade="C",
        source="assumption",
        meaning="factor, in a dated offensive, on attacks, on the pull of its targets and on the chance to stay",
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
        0.06,
        "1",
        between=(0.003, 0.1),
        grade="C",
        source="assumption",
        meaning="chance that the attackers stay after an attack that is won over few defenders",
    )
    staying_ratio: float = parameter(
        3.0,
        "attackers per defender",
        between=(1.0, 6.0),
        grade="B",
        source="assumption; the planning rule of three to one (Dupuy 1979)",
        meaning="ratio of attackers to defenders at which the chance to stay is halved",
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
    attack: Attack = state.parameters.attack
    guarded = defenders(district, state.parameters.brigade.strength) / attack.defence
    factor = district.offensive if called(state, gang, district) else 1.0
    return factor * math.sqrt(1.0 * (district.residents + district.hosted)) / (1.0 + guarded)


@rule
def own_prize(state: State, crew: Crew) -> float:
    """Return the pull of the crew's own district: what is not yet held there, or its people as prey."""
    pull = prize(state, crew.gang, crew.district)
    if pull > 0.0:
        return pull
    district = state.districts[crew.district]
    attack: Attack = state.parameters.attack
    return attack.home_share * math.sqrt(1.0 * (district.residents + district.hosted))


@rule
def within_reach(state: State, crew: Crew, link: int) -> bool:
    """Whether a crew can attack over a link: near enough by land, or by sea with boats."""
    way = state.links[link]
    return way.hours <= state.parameters.attack.reach and (not way.sea or state.gangs[crew.gang].boats)


@rule
def scout(state: State, crew: Crew) -> float:
    """Return the crew's urge to attack: 1 with a target next door, more if a dated offensive aims there."""
    urge = 0.0
    attack: Attack = state.parameters.attack
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
