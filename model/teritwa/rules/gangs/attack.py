"""Attack (M9b): which crews attack tonight, and whom.

Violence peaks at borders (Brantingham and others 2012): crews attack what they and their friends do
not hold, here or next door. How often grows with their fighters and with dated offensives. What an
attack does is in `teritwa.rules.gangs.attack_resolution`; the parameters of both are here.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.engine.records import Rows
from teritwa.rules.agents.district import NO_ONE, STATE, District, Link
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.state import State
from teritwa.rules.population.self_defence import SelfDefence

CREW_ATTACKS = decision("crew attacks")
CREW_TARGET = decision("crew chooses whom to attack")


class Attack(Parameters):
    """How often crews attack, with what success, and at what cost in lives."""

    enabled: bool = switch(meaning="crews attack")
    rate: float = parameter(
        3.0,
        "attacks per day",
        between=(0.5, 5.0),
        grade="C",
        source="assumption",
        meaning="attacks by gangs in the country on an ordinary night, with the fighters of day 0",
        scales=True,
    )
    offensive_multiplier: float = parameter(
        5.0,
        "1",
        between=(1.2, 8.0),
        grade="C",
        source="assumption",
        meaning="factor, in a dated offensive, on attacks, on the pull of its targets and on the chance to stay",
    )
    casualty_exponent: float = parameter(
        2.5,
        "1",
        between=(2.2, 2.8),
        bounds=(1.05, 10.0),
        grade="A",
        source="assumption on the range; Bohorquez and others 2009 find about 2.5 across wars",
        meaning="power-law exponent of civilians killed in an attack",
    )
    casualty_maximum: int = parameter(
        400,
        "persons",
        between=(100, 1000),
        bounds=(1, 100_000),
        grade="C",
        source="assumption",
        meaning="cut of that power law",
    )
    takeover_probability: float = parameter(
        0.08,
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
    allies_per_attacker: float = parameter(
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
    home_pull: float = parameter(
        0.15,
        "1",
        between=(0.0, 0.5),
        grade="C",
        source="assumption",
        meaning="pull of the people of a crew's own place as victims, against those next door",
    )
    halving_defenders: float = parameter(
        20.0,
        "officers",
        between=(5.0, 100.0),
        bounds=(0.1, 1000.0),
        grade="C",
        source="assumption",
        meaning="defenders who halve the pull of a target",
    )
    defender_lethality: float = parameter(
        0.02,
        "fighters killed per officer",
        between=(0.002, 0.1),
        grade="C",
        source="assumption",
        meaning="attackers killed per officer or brigade member who defends, in one night",
    )
    repelled_lethality_factor: float = parameter(
        2.0,
        "1",
        between=(1.0, 5.0),
        grade="C",
        source="assumption",
        meaning="factor on the attackers killed when an attack is repelled",
    )
    repelled_casualty_factor: float = parameter(
        0.33,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on the civilians killed when an attack is repelled",
    )
    officer_loss_rate: float = parameter(
        0.0006,
        "officers killed per fighter",
        between=(0.00005, 0.005),
        grade="C",
        source="assumption",
        meaning="officers killed per attacker in one night, where officers stand",
    )


@rule
def defenders(district: District, brigade_strength: float) -> float:
    """Return who defends a district at night: officers on duty, and the brigade at a part of its number."""
    return district.presence.officers_night + brigade_strength * district.people.brigade


@rule
def is_friendly(district: District, number: int, gang: Gang, coalition: bool) -> bool:
    """Whether a gang (row ``number``) or a friend of it holds a district.

    Friends are allies of old, and members of the coalition while it acts as one. A forward base is
    nobody's friend, wherever it stands.
    """
    if district.control.holder == STATE or district.control.forward_base:
        return False
    if district.control.holder == number or (
        gang.alliance > 0 and gang.alliance == district.night.holder_alliance
    ):
        return True
    return coalition and gang.coalition and district.night.holder_allied


@rule
def targeted_by_offensive(district: District, number: int, gang: Gang, coalition: bool) -> bool:
    """Whether a dated offensive on a district is for this gang: by name, or as a member of the coalition."""
    if district.orders.offensive_factor <= 1.0:
        return False
    if district.orders.offensive_gang == NO_ONE:
        return coalition and gang.coalition
    return district.orders.offensive_gang == number


@rule
def target_pull(district: District, number: int, gang: Gang, coalition: bool) -> float:
    """Return the pull of a district on a gang: raised by an offensive, 0 where the gang or a friend holds."""
    if is_friendly(district, number, gang, coalition):
        return 0.0
    return district.night.attack_value * (
        district.orders.offensive_factor
        if targeted_by_offensive(district, number, gang, coalition)
        else 1.0
    )


@rule
def pull_of_home(
    district: District, number: int, gang: Gang, coalition: bool, home_share: float
) -> float:
    """Return the pull of a crew's own district: what is not yet held there, or else its people as prey."""
    wanted = target_pull(district, number, gang, coalition)
    return (
        wanted
        if wanted > 0.0
        else home_share
        * math.sqrt(1.0 * (district.people.residents + district.people.displaced_hosted))
    )


@rule
def update_attack_value(state: State) -> None:
    """Note each district's appeal tonight, and on whose side its holder is."""
    attack, self_defence = Attack.of(state), SelfDefence.of(state)
    for district in state.districts:
        guarded = defenders(district, self_defence.defence_weight) / attack.halving_defenders
        district.night.attack_value = math.sqrt(
            1.0 * (district.people.residents + district.people.displaced_hosted)
        ) / (1.0 + guarded)
        district.night.holder_alliance, district.night.holder_allied = 0, False
        if district.control.holder != STATE:
            holder = state.gangs[district.control.holder]
            district.night.holder_alliance, district.night.holder_allied = (
                holder.alliance,
                holder.coalition,
            )


@rule
def weigh_reachable_targets(
    crew: Crew,
    gang: Gang,
    districts: Rows[District],
    links: Rows[Link],
    attack: Attack,
    coalition: bool,
) -> float:
    """Weigh what is in the crew's reach; return its urge to attack: 1, or more if an offensive aims there."""
    home = districts[crew.district]
    urge = attack.home_pull
    if target_pull(home, crew.gang, gang, coalition) > 0.0:
        urge = (
            attack.offensive_multiplier
            if targeted_by_offensive(home, crew.gang, gang, coalition)
            else 1.0
        )
    crew.reachable_value = pull_of_home(home, crew.gang, gang, coalition, attack.home_pull)
    for row in range(home.place.first_link, home.place.last_link):
        link = links[row]
        if link.hours <= attack.reach and (gang.boats or not link.sea):
            target = districts[link.target]
            wanted = target_pull(target, crew.gang, gang, coalition)
            crew.reachable_value += wanted
            if wanted > 0.0:
                urge = max(urge, 1.0)
                if targeted_by_offensive(target, crew.gang, gang, coalition):
                    urge = max(urge, attack.offensive_multiplier)
    return urge


@rule
def choose_target(state: State, crew: Crew, number: float) -> int:
    """Return a district to attack, by its share of the pull; ``number`` is uniform."""
    attack, coalition = Attack.of(state), state.coalition.active
    gang, home = state.gangs[crew.gang], state.districts[crew.district]
    chosen = crew.district
    left = number * crew.reachable_value - pull_of_home(
        home, crew.gang, gang, coalition, attack.home_pull
    )
    for row in range(home.place.first_link, home.place.last_link):
        link = state.links[row]
        if left >= 0.0 and link.hours <= attack.reach and (gang.boats or not link.sea):
            wanted = target_pull(state.districts[link.target], crew.gang, gang, coalition)
            if wanted > 0.0:
                chosen = link.target
                left -= wanted
    return chosen


@rule
def plan_attacks(state: State, randomness: Randomness) -> None:
    """Each crew decides, from the state of dusk, whether and whom to attack: intents only."""
    attack, coalition = Attack.of(state), state.coalition.active
    update_attack_value(state)
    per_fighter = attack.rate / max(1, state.counters.fighters_on_day_0)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        crew.target, crew.attackers_sent = NO_ONE, 0
        if crew.fighters > 0:
            urge = weigh_reachable_targets(
                crew, state.gangs[crew.gang], state.districts, state.links, attack, coalition
            )
            armed = state.gangs[crew.gang].combat_effectiveness
            risk = 1.0 - math.exp(-urge * per_fighter * crew.fighters * armed)
            if uniform(randomness, CREW_ATTACKS, crew.identity) < risk:
                crew.target = choose_target(
                    state, crew, uniform(randomness, CREW_TARGET, crew.identity)
                )
                crew.attackers_sent = max(1, int(attack.sent_share * crew.fighters))


@rule
def combine_attacks(state: State) -> None:
    """Bring the crews that chose one target together under the largest of them."""
    for district in state.districts:
        district.night.attackers = 0
        district.night.lead_crew = NO_ONE
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.target != NO_ONE:
            district = state.districts[crew.target]
            district.night.attackers += crew.attackers_sent
            if (
                district.night.lead_crew == NO_ONE
                or crew.attackers_sent > state.crews[district.night.lead_crew].attackers_sent
            ):
                district.night.lead_crew = row
