"""Attack: the parameters of attacks by gangs, and how strongly a district attracts an attack.

Violence peaks at borders (Brantingham and others 2012): crews attack districts that neither their
gang nor a friendly gang holds, at home or next door. `teritwa.rules.gangs.attack_planning` decides
which crews attack and where. `teritwa.rules.gangs.attack_resolution` decides what an attack does.
The parameters of all three files are declared here.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.gang import Gang
from teritwa.rules.agents.state import State
from teritwa.rules.population.self_defence import SelfDefence


class Attack(Parameters):
    """How often crews attack, how often they succeed, and how many people die."""

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
        meaning=(
            "factor of a dated offensive on the rate of attacks and on the pull of its targets, "
            "for crews within reach"
        ),
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
        meaning="largest number of civilians killed in an attack: the cut of that power law",
    )
    takeover_probability: float = parameter(
        0.2,
        "1",
        between=(0.03, 0.6),
        grade="C",
        source="assumption",
        meaning="probability that attackers stay after winning against few defenders, where they "
        "are as many as would cover the whole district",
    )
    raid_staying: float = parameter(
        0.2,
        "1",
        between=(0.05, 0.5),
        grade="C",
        source="assumption: most attacks rob, burn and kill, and few aim at the place",
        meaning="share of attacks outside of offensives in which attackers who could stay do",
    )
    staying_ratio: float = parameter(
        3.0,
        "attackers per defender",
        between=(1.0, 6.0),
        grade="B",
        source="assumption; the planning rule of three to one (Dupuy 1979)",
        meaning="ratio of attackers to defenders that halves the probability to stay",
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
        meaning=(
            "allies per fighter sent who join an attack by a member of the coalition "
            "while the coalition is active"
        ),
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
        meaning="pull of the residents of a crew's own district, relative to those next door",
    )
    halving_density: float = parameter(
        0.7,
        "officers per 1,000 residents",
        between=(0.15, 3.0),
        bounds=(0.001, 1000.0),
        grade="C",
        source="assumption",
        meaning="defenders on duty per 1,000 people that halve the pull of a target",
    )
    assault_rate: float = parameter(
        0.15,
        "1 per day",
        between=(0.05, 0.4),
        grade="C",
        source="assumption: an assault each week or so",
        meaning="rate of massed assaults on each target of a dated offensive after its first night",
    )
    mass_share: float = parameter(
        0.2,
        "1",
        between=(0.05, 0.4),
        grade="C",
        source="assumption",
        meaning="share of its fighters that each crew called by an offensive sends to an assault",
    )
    mass_reach: float = parameter(
        3.0,
        "hours",
        between=(1.0, 6.0),
        grade="C",
        source="assumption: within the capital and its outskirts",
        meaning="travel time by land from which crews gather for an assault",
    )
    settling_share: float = parameter(
        0.6,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the attackers who move into a district that they have taken",
    )
    defender_lethality: float = parameter(
        0.02,
        "fighters killed per officer",
        between=(0.002, 0.1),
        grade="C",
        source="assumption",
        meaning="attackers killed in one night per officer or brigade member who defends",
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
        meaning="officers killed in one night per attacker, where officers defend",
    )


@rule
def defenders(district: District, brigade_weight: float) -> float:
    """Return the strength that defends a district at night, in officers on duty.

    Args:
        district: The district.
        brigade_weight: What a member of the self-defence brigade counts, in officers.
    """
    return district.presence.officers_night + brigade_weight * district.people.brigade


@rule
def is_friendly(district: District, gang_row: int, gang: Gang, coalition: bool) -> bool:
    """Whether a gang or one of its friends holds a district.

    Friends are gangs of the same old alliance and, while the coalition is active, its other
    members. Gangs may attack a district with a forward base whoever holds it, so that it is never
    friendly.

    Args:
        district: The district.
        gang_row: The gang's row.
        gang: The gang.
        coalition: Whether the coalition of gangs is active.
    """
    control, night = district.control, district.night
    if control.holder == STATE or control.forward_base:
        return False
    own = control.holder == gang_row
    allied = gang.alliance > 0 and gang.alliance == night.holder_alliance
    partner = coalition and gang.coalition and night.holder_allied
    return own or allied or partner


@rule
def targeted_by_offensive(district: District, gang_row: int, gang: Gang, coalition: bool) -> bool:
    """Whether a dated offensive calls this gang to attack a district.

    An offensive names one gang, or calls all members of the coalition while it is active.
    """
    if district.orders.offensive_factor <= 1.0:
        return False
    if district.orders.offensive_gang == NO_ONE:
        return coalition and gang.coalition
    return district.orders.offensive_gang == gang_row


@rule
def offensive_factor_for(district: District, gang_row: int, gang: Gang, coalition: bool) -> float:
    """Return the district's offensive factor if an offensive calls the gang there, otherwise 1."""
    if targeted_by_offensive(district, gang_row, gang, coalition):
        return district.orders.offensive_factor
    return 1.0


@rule
def target_pull(district: District, gang_row: int, gang: Gang, coalition: bool) -> float:
    """Return how strongly a district attracts an attack by a gang tonight.

    The pull is the district's attack value, times the offensive factor if an offensive calls the
    gang there. It is 0 where the gang or a friend holds.
    """
    if is_friendly(district, gang_row, gang, coalition):
        return 0.0
    factor = offensive_factor_for(district, gang_row, gang, coalition)
    return district.night.attack_value * factor


@rule
def pull_of_home(
    district: District, gang_row: int, gang: Gang, coalition: bool, home_pull: float
) -> float:
    """Return how strongly a crew's own district attracts an attack by it tonight.

    Where the gang or a friend holds, the crew may still attack the residents. Their pull is the
    share ``home_pull`` of the pull of as many people next door.
    """
    pull = target_pull(district, gang_row, gang, coalition)
    return pull if pull > 0.0 else home_pull * pull_of_people(district)


@rule
def pull_of_people(district: District) -> float:
    """Return the pull of a district without defenders: the people there, in thousands.

    It is proportional to people, so that cutting a district in two changes nothing.
    """
    return (district.people.residents + district.people.displaced_hosted) / 1000.0


@rule
def update_attack_value(state: State) -> None:
    """Record each district's attack value tonight, and the alliances of the gang that holds it.

    Runs at night, before crews choose their targets. Defenders lower the attack value.
    """
    attack, brigade_weight = Attack.of(state), SelfDefence.of(state).defence_weight
    for district in state.districts:
        people = pull_of_people(district)
        guarded = defenders(district, brigade_weight) / max(0.001, people)
        district.night.attack_value = people / (1.0 + guarded / attack.halving_density)
        district.night.holder_alliance = 0
        district.night.holder_allied = False
        if district.control.holder != STATE:
            holder = state.gangs[district.control.holder]
            district.night.holder_alliance = holder.alliance
            district.night.holder_allied = holder.coalition
