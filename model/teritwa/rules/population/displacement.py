"""Displacement and return (M14): people flee where gangs kill, to family and to places near by, and go home late.

The number who flee follows the civilians killed (2024: some 250 persons displaced for each). Where they go mixes
distance with family ties, which reach across the country: in June 2024, 68 % of the displaced stayed outside
the capital and 47 % in the Grand Sud (IOM displacement tracking, round 7), whatever the distance. Those who
already host people of the same origin attract more of them (Saldarriaga and Hua 2019).
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Chance, decision, uniform, whole
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State

FLEE = decision("residents flee")
HOSTED_FLEE = decision("hosted people flee again")
WHERE_TO = decision("fleeing people choose where to go")
GO_HOME = decision("displaced people go home")
FROM_WHERE = decision("returning people leave their hosts")


class Displacement(Parameters):
    """How many flee, where to, and how fast they return."""

    acts: bool = switch(meaning="people flee and return")
    per_killed: float = parameter(
        300.0,
        "persons displaced per civilian killed",
        between=(100.0, 500.0),
        grade="C",
        source="assumption; derived from 2024: 170 to 250 (F056, F174, F181)",
        meaning="persons who flee for each civilian whom gangs kill",
    )
    largest_share: float = parameter(
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
        meaning="share of the displaced who go home in a day once their district is safe",
    )
    quiet_days: int = parameter(
        30,
        "days",
        between=(7, 180),
        grade="C",
        source="assumption",
        meaning="days without an attack, under the state, after which a district counts as safe",
    )
    province_tie: float = parameter(
        0.4,
        "1",
        between=(0.3, 0.8),
        grade="C",
        source="assumption; F095: 68 % of the displaced outside the capital in June 2024",
        meaning="weight of family ties to the home region against distance",
    )
    distance_decay: float = parameter(
        1.2,
        "1",
        between=(0.5, 2.0),
        grade="B",
        source="assumption on the value; gravity models of flight use 0.5 to 2 (Saldarriaga and Hua 2019)",
        meaning="exponent of distance in the choice of a place near by",
    )
    danger: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="share of its pull on people who flee that a place loses for some days after an attack",
    )
    danger_days: int = parameter(
        14,
        "days",
        between=(3, 90),
        grade="C",
        source="assumption",
        meaning="days after an attack for which a place attracts fewer people who flee",
    )
    services: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.9),
        grade="C",
        source="assumption",
        meaning="share of its pull on people who flee that a place without schools, hospitals and aid loses",
    )
    network: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="B",
        source="assumption on the value; Saldarriaga and Hua 2019 find networks of the same origin",
        meaning="extra pull of a host, per share of the origin's displaced who are already there",
    )


@rule
def judge_safety(state: State, day: int) -> None:
    """Nobody flees to where gangs hold; elsewhere the state's influence, recent quiet and services attract."""
    for district in state.districts:
        district.safety = 0.0
        if district.holder == STATE:
            recent = day - district.attacked_on < state.parameters.displacement.danger_days
            danger = state.parameters.displacement.danger if recent else 0.0
            help_there = (district.schools + district.clinics + district.aided) / 3.0
            district.safety = (1.0 - district.gang_influence) * (1.0 - danger)
            district.safety *= 1.0 - state.parameters.displacement.services * (1.0 - help_there)


@rule
def attraction(district: District, settled: int, away: int, network: float) -> float:
    """Return how far a host is safe and known to people of an origin, of whom ``settled`` are there already."""
    return district.safety * (1.0 + network * settled / max(1, away))


@rule
def settle_people(state: State, origin: int, avoid: int, people: int, number: float) -> int:
    """Send people from an origin to hosts, a set share by family ties and the others near by.

    Systematic sampling: whole people, shares kept on average, one uniform ``number``. Returns how many found a
    host; the origin and ``avoid`` take none.
    """
    if people <= 0:
        return 0
    displacement, districts = state.parameters.displacement, state.districts
    hosted, pulls, away = state.displaced[origin], state.pulls, districts[origin].away
    near, family = 0.0, 0.0
    for host in range(districts.size):
        pulls[host] = 0.0
        if host not in (origin, avoid):
            pulls[host] = attraction(districts[host], hosted[host], away, displacement.network)
        near += pulls[host] * state.near[origin, host]
        family += pulls[host] * state.family[origin, host]
    if near <= 0.0:
        return 0
    tie = displacement.province_tie if family > 0.0 else 0.0
    by_near, by_family = (1.0 - tie) / near, tie / family if family > 0.0 else 0.0
    seen, before = 0.0, 0
    for host in range(districts.size):
        if pulls[host] > 0.0:
            seen += pulls[host] * (by_near * state.near[origin, host] + by_family * state.family[origin, host])
            until = min(people, int(people * seen + number))
            hosted[host] += until - before
            districts[host].hosted += until - before
            before = until
    return before


@rule
def flee(state: State, chance: Chance) -> None:
    """People leave each district in which gangs killed today, residents and those hosted there alike."""
    displacement = state.parameters.displacement
    for origin in range(state.districts.size):
        district = state.districts[origin]
        district.leaving = 0
        people = district.residents + district.hosted
        if district.civilians_killed > 0 and people > 0:
            share = displacement.per_killed * district.civilians_killed / people
            share = min(displacement.largest_share, share)
            leaving = whole(share * district.residents, uniform(chance, FLEE, district.identity))
            district.leaving = min(leaving, district.residents)
    for origin in range(state.districts.size):
        district = state.districts[origin]
        if district.leaving > 0:
            leave_home(state, origin, uniform(chance, WHERE_TO, district.identity))
            move_on(state, chance, origin)


@rule
def leave_home(state: State, origin: int, number: float) -> None:
    """Those who leave a district today become displaced; they stay if nobody can host them."""
    district = state.districts[origin]
    gone = settle_people(state, origin, origin, district.leaving, number)
    district.residents -= gone
    district.away += gone
    district.brigade = min(district.brigade, district.residents)
    state.today.newly_displaced += gone


@rule
def move_on(state: State, chance: Chance, place: int) -> None:
    """Displaced people hosted in an attacked place flee again, in the same share as its residents."""
    district = state.districts[place]
    share = 1.0 * district.leaving / max(1, district.residents + district.leaving)
    for origin in range(state.districts.size):
        hosted = state.displaced[origin, place]
        if hosted > 0:
            number = uniform(chance, HOSTED_FLEE, district.identity, origin)
            moving = min(hosted, whole(share * hosted, number))
            found = settle_people(state, origin, place, moving, number)
            state.displaced[origin, place] -= found
            district.hosted -= found


@rule
def go_home(state: State, chance: Chance) -> None:
    """Displaced people go home, slowly, to places that the state holds and nobody attacked of late."""
    displacement = state.parameters.displacement
    for origin in range(state.districts.size):
        district = state.districts[origin]
        calm = chance.day - district.attacked_on >= displacement.quiet_days
        if district.away > 0 and district.holder == STATE and calm:
            number = uniform(chance, GO_HOME, district.identity)
            returning = min(district.away, whole(displacement.return_rate * district.away, number))
            if returning > 0:
                call_home(state, origin, returning, uniform(chance, FROM_WHERE, district.identity))


@rule
def call_home(state: State, origin: int, returning: int, number: float) -> None:
    """Take people who return from their hosts, in proportion to how many each hosts."""
    district = state.districts[origin]
    seen, before, away = 0, 0, district.away
    for host in range(state.districts.size):
        hosted = state.displaced[origin, host]
        if hosted > 0:
            seen += hosted
            until = min(returning, int(returning * (1.0 * seen / away) + number))
            leaving = min(until - before, hosted)
            state.displaced[origin, host] -= leaving
            state.districts[host].hosted -= leaving
            before += leaving
    district.away -= before
    district.residents += before
    state.today.returned += before
