"""Displacement: the parameters of flight and return, and where people who flee find a host.

Where people go depends on distance and on family ties, which reach across the country: in June
2024, 68 % of the displaced stayed outside the capital and 47 % in the Grand Sud, whatever the
distance (IOM displacement tracking, round 7). Hosts with more people of the same origin attract
more of them (Saldarriaga and Hua 2019). `teritwa.rules.population.flight` says who flees, and
`teritwa.rules.population.returns` who goes home.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.records import Array
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, measured, outcome


class Displacement(Parameters):
    """How many people flee, where they go, and how fast they return."""

    enabled: bool = switch(meaning="people flee and return")
    displaced_per_killed: float = parameter(
        120.0,
        "persons displaced per civilian killed",
        between=(40.0, 250.0),
        bounds=(0.0, 100_000.0),
        grade="C",
        source="assumption",
        meaning="persons who flee for each civilian killed by gangs",
    )
    takeover_share: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="share of the people of a district who flee when a gang takes it",
    )
    takeover_days: int = parameter(
        10,
        "days",
        between=(3, 30),
        bounds=(1, 365),
        grade="C",
        source="assumption",
        meaning="days over which they flee",
    )
    menace_share: float = parameter(
        0.0004,
        "1 per day",
        between=(0.0001, 0.002),
        grade="C",
        source="assumption; 0.01 in a zone of war (Suleimenova, Bell and Groen 2017)",
        meaning=(
            "share of the people who flee in a day from a district under menace: gangs attacked "
            "it recently, or claim it although the state holds it"
        ),
    )
    daily_share_limit: float = parameter(
        0.25,
        "1 per day",
        between=(0.05, 1.0),
        grade="C",
        source="assumption",
        meaning="largest share of a district's people who can flee in a day",
    )
    return_rate: float = parameter(
        0.0005,
        "1 per day",
        between=(0.0001, 0.003),
        grade="C",
        source="assumption: not identifiable from 2024",
        meaning="share of the displaced who go home in a day to a district that is wholly safe",
    )
    quiet_days: int = parameter(
        30,
        "days",
        between=(7, 180),
        grade="C",
        source="assumption",
        meaning=(
            "days without an attack after which people go home to a district that the state holds, "
            "and least days from one takeover that people flee to the next"
        ),
    )
    family_tie_weight: float = parameter(
        0.4,
        "1",
        between=(0.3, 0.8),
        grade="C",
        source="assumption",
        meaning="share of people who flee to relatives; the others flee to districts near by",
    )
    distance_decay: float = parameter(
        1.2,
        "1",
        between=(0.5, 2.0),
        grade="B",
        source=(
            "assumption on the value; gravity models of flight use 0.5 to 2 "
            "(Saldarriaga and Hua 2019)"
        ),
        meaning="exponent of distance in the choice of a district near by",
    )
    recent_attack_deterrence: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning=(
            "share of its attraction for people who flee that a district loses "
            "for some days after an attack"
        ),
    )
    recent_attack_days: int = parameter(
        14,
        "days",
        between=(3, 90),
        grade="C",
        source="assumption",
        meaning=(
            "days after an attack during which a district is under menace and attracts fewer "
            "people who flee"
        ),
    )
    services_weight: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.9),
        grade="C",
        source="assumption",
        meaning=(
            "share of its attraction for people who flee that a district loses "
            "without schools, hospitals and aid"
        ),
    )
    network_effect: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="B",
        source="assumption on the value; Saldarriaga and Hua 2019 find networks of the same origin",
        meaning=(
            "extra attraction of a host for people of an origin, "
            "per share of the origin's displaced who are already there"
        ),
    )


RESIDENTS = outcome(
    "residents",
    "districts.people.residents",
    unit="persons",
    meaning="residents at home",
    stored="i4",
    dimensions=BY_DISTRICT,
)

DISPLACED_HOSTED = outcome(
    "displaced_hosted",
    "districts.people.displaced_hosted",
    unit="persons",
    meaning="displaced persons staying there",
    stored="i4",
    dimensions=BY_DISTRICT,
)


@rule
def update_safety(state: State, day: int) -> None:
    """Update how safe each district is for people who flee: 0 where gangs hold, 1 at best.

    Runs at midnight, before people flee. Where the state holds, safety falls with the influence of
    gangs, for some days after an attack, and where schools, hospitals and aid are missing.
    """
    displacement = Displacement.of(state)
    for district in state.districts:
        district.night.safety = 0.0
        if district.control.holder == STATE:
            attacked = day - district.control.attacked_on < displacement.recent_attack_days
            deterrence = displacement.recent_attack_deterrence if attacked else 0.0
            services = district.services
            level = (services.schools_open + services.hospitals_open + services.aid_access) / 3.0
            safety = (1.0 - district.control.gang_influence) * (1.0 - deterrence)
            safety *= 1.0 - displacement.services_weight * (1.0 - level)
            district.night.safety = safety


@rule
def host_attraction(district: District, settled: int, away: int, network: float) -> float:
    """Return how strongly a host attracts people of an origin, distance and family ties aside.

    Args:
        district: The host.
        settled: How many displaced people of the origin are there already.
        away: How many people are displaced from the origin.
        network: The network effect: the extra attraction if all of them were there.
    """
    if settled == 0:
        return district.night.safety
    return district.night.safety * (1.0 + network * settled / max(1, away))


@rule
def weigh_hosts(state: State, origin: int, avoid: int) -> tuple[float, float]:
    """Write the attraction of each host into ``state.pulls``, and return two weighted sums of it.

    The origin and the district to avoid attract nobody.

    Args:
        state: The state.
        origin: The row of the district that people come from.
        avoid: The row of the district that they leave now.

    Returns:
        The sum of attractions weighted by nearness, and the sum weighted by family ties.
    """
    away = state.districts[origin].people.displaced_from
    network = Displacement.of(state).network_effect
    near, family = 0.0, 0.0
    for host in range(state.districts.size):
        pull = 0.0
        if host not in (origin, avoid):
            settled = state.displaced[origin, host]
            pull = host_attraction(state.districts[host], settled, away, network)
        state.pulls[host] = pull
        near += pull * state.near[origin, host]
        family += pull * state.family[origin, host]
    return near, family


@rule
def place_displaced(state: State, origin: int, avoid: int, people: int, number: float) -> int:
    """Distribute people of an origin over hosts: a fixed share by family ties, the others near by.

    If no relatives live in a safe district, all go near by.

    Args:
        state: The state.
        origin: The row of the district that they come from.
        avoid: The row of the district that they leave now; it takes none of them.
        people: How many look for a host.
        number: A uniform random number in [0, 1).

    Returns:
        How many found a host: none if no host is safe.
    """
    if people <= 0:
        return 0
    near, family = weigh_hosts(state, origin, avoid)
    if near <= 0.0:
        return 0
    tie = Displacement.of(state).family_tie_weight if family > 0.0 else 0.0
    by_near, by_family = (1.0 - tie) / near, tie / family if family > 0.0 else 0.0
    return settle_at_hosts(state, origin, people, by_near, by_family, number)


@rule
def settle_at_hosts(
    state: State, origin: int, people: int, by_near: float, by_family: float, number: float
) -> int:
    """Settle people at hosts by systematic sampling, and return how many found a host.

    Args:
        state: The state, with the attractions of hosts in ``pulls``.
        origin: The row of the district that people come from.
        people: How many look for a host.
        by_near: What a pull counts for hosts near by, so that all weights add up to 1.
        by_family: What it counts for hosts with relatives.
        number: A uniform random number in [0, 1).
    """
    seen, before = 0.0, 0
    for host in range(state.districts.size):
        if before == people:
            break
        pull = state.pulls[host]
        if pull > 0.0:
            weight = by_near * state.near[origin, host] + by_family * state.family[origin, host]
            seen += pull * weight
            until = min(people, int(people * seen + number))
            if until > before:
                state.displaced[origin, host] += until - before
                state.districts[host].people.displaced_hosted += until - before
                before = until
    return before


@measured("districts.people.displaced_from", unit="persons", label="People displaced", stored="i4")
def displaced(_: Array, displaced_from: Array) -> Array:
    """Return persons displaced and not returned."""
    total: Array = displaced_from.sum(axis=1)
    return total
