"""Displacement and return (M14): people flee where gangs kill, to family and to places near by, and go home late.

The number who flee follows the civilians killed (2024: some 250 persons displaced for each). Where
they go mixes distance with family ties, which reach across the country: in June 2024, 68 % of the
displaced stayed outside the capital and 47 % in the Grand Sud (IOM displacement tracking, round 7),
whatever the distance. Those who already host people of the same origin attract more of them
(Saldarriaga and Hua 2019).
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, measured, outcome

FLEE = decision("residents flee")
HOSTED_FLEE = decision("hosted people flee again")
WHERE_TO = decision("fleeing people choose where to go")
GO_HOME = decision("displaced people go home")
FROM_WHERE = decision("returning people leave their hosts")


class Displacement(Parameters):
    """How many flee, where to, and how fast they return."""

    enabled: bool = switch(meaning="people flee and return")
    displaced_per_killed: float = parameter(
        300.0,
        "persons displaced per civilian killed",
        between=(100.0, 500.0),
        bounds=(0.0, 100_000.0),
        grade="C",
        source="assumption",
        meaning="persons who flee for each civilian whom gangs kill",
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
    family_tie_weight: float = parameter(
        0.4,
        "1",
        between=(0.3, 0.8),
        grade="C",
        source="assumption",
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
    recent_attack_deterrence: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="share of its pull on people who flee that a place loses for some days after an attack",
    )
    recent_attack_days: int = parameter(
        14,
        "days",
        between=(3, 90),
        grade="C",
        source="assumption",
        meaning="days after an attack for which a place attracts fewer people who flee",
    )
    services_weight: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.9),
        grade="C",
        source="assumption",
        meaning="share of its pull on people who flee that a place without schools, hospitals and aid loses",
    )
    network_effect: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="B",
        source="assumption on the value; Saldarriaga and Hua 2019 find networks of the same origin",
        meaning="extra pull of a host, per share of the origin's displaced who are already there",
    )


NEWLY_DISPLACED = outcome(
    "newly_displaced",
    "daily.newly_displaced",
    unit="persons per day",
    meaning="residents who fled that day",
    stored="i4",
)

RETURNED = outcome(
    "returned",
    "daily.returned",
    unit="persons per day",
    meaning="displaced persons who went home that day",
    stored="i4",
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
    """Nobody flees to where gangs hold; elsewhere the state's influence, recent quiet and services attract."""
    for district in state.districts:
        district.night.safety = 0.0
        if district.control.holder == STATE:
            recent = day - district.control.attacked_on < Displacement.of(state).recent_attack_days
            danger = Displacement.of(state).recent_attack_deterrence if recent else 0.0
            help_there = (
                district.services.schools_open
                + district.services.hospitals_open
                + district.services.aid_access
            ) / 3.0
            district.night.safety = (1.0 - district.control.gang_influence) * (1.0 - danger)
            district.night.safety *= 1.0 - Displacement.of(state).services_weight * (
                1.0 - help_there
            )


@rule
def host_attraction(district: District, settled: int, away: int, network: float) -> float:
    """Return how far a host is safe and known to people of an origin, of whom ``settled`` are there already."""
    return district.night.safety * (1.0 + network * settled / max(1, away))


@rule
def place_displaced(state: State, origin: int, avoid: int, people: int, number: float) -> int:
    """Send people from an origin to hosts, a set share by family ties and the others near by.

    Systematic sampling: whole people, shares kept on average, one uniform ``number``. Returns how
    many found a host; the origin and ``avoid`` take none.
    """
    if people <= 0:
        return 0
    displacement, districts = Displacement.of(state), state.districts
    hosted, pulls, away = (
        state.displaced[origin],
        state.pulls,
        districts[origin].people.displaced_from,
    )
    near, family = 0.0, 0.0
    for host in range(districts.size):
        pulls[host] = 0.0
        if host not in (origin, avoid):
            pulls[host] = host_attraction(
                districts[host], hosted[host], away, displacement.network_effect
            )
        near += pulls[host] * state.near[origin, host]
        family += pulls[host] * state.family[origin, host]
    if near <= 0.0:
        return 0
    tie = displacement.family_tie_weight if family > 0.0 else 0.0
    by_near, by_family = (1.0 - tie) / near, tie / family if family > 0.0 else 0.0
    seen, before = 0.0, 0
    for host in range(districts.size):
        if pulls[host] > 0.0:
            seen += pulls[host] * (
                by_near * state.near[origin, host] + by_family * state.family[origin, host]
            )
            until = min(people, int(people * seen + number))
            hosted[host] += until - before
            districts[host].people.displaced_hosted += until - before
            before = until
    return before


@rule
def flee(state: State, randomness: Randomness) -> None:
    """People leave each district in which gangs killed today, residents and those hosted there alike."""
    displacement = Displacement.of(state)
    for origin in range(state.districts.size):
        district = state.districts[origin]
        district.night.fleeing = 0
        people = district.people.residents + district.people.displaced_hosted
        if district.counts.civilians_killed > 0 and people > 0:
            share = displacement.displaced_per_killed * district.counts.civilians_killed / people
            share = min(displacement.daily_share_limit, share)
            leaving = stochastic_round(
                share * district.people.residents, uniform(randomness, FLEE, district.identity)
            )
            district.night.fleeing = min(leaving, district.people.residents)
    for origin in range(state.districts.size):
        district = state.districts[origin]
        if district.night.fleeing > 0:
            leave_home(state, origin, uniform(randomness, WHERE_TO, district.identity))
            flee_again(state, randomness, origin)


@rule
def leave_home(state: State, origin: int, number: float) -> None:
    """Those who leave a district today become displaced; they stay if nobody can host them."""
    district = state.districts[origin]
    gone = place_displaced(state, origin, origin, district.night.fleeing, number)
    district.people.residents -= gone
    district.people.displaced_from += gone
    district.people.brigade = min(district.people.brigade, district.people.residents)
    state.daily.newly_displaced += gone


@rule
def flee_again(state: State, randomness: Randomness, place: int) -> None:
    """Displaced people hosted in an attacked place flee again, in the same share as its residents."""
    district = state.districts[place]
    share = (
        1.0 * district.night.fleeing / max(1, district.people.residents + district.night.fleeing)
    )
    for origin in range(state.districts.size):
        hosted = state.displaced[origin, place]
        if hosted > 0:
            number = uniform(randomness, HOSTED_FLEE, district.identity, origin)
            moving = min(hosted, stochastic_round(share * hosted, number))
            found = place_displaced(state, origin, place, moving, number)
            state.displaced[origin, place] -= found
            district.people.displaced_hosted -= found


@rule
def return_home(state: State, randomness: Randomness) -> None:
    """Displaced people go home, slowly, to places that the state holds and nobody attacked of late."""
    displacement = Displacement.of(state)
    for origin in range(state.districts.size):
        district = state.districts[origin]
        calm = randomness.day - district.control.attacked_on >= displacement.quiet_days
        if district.people.displaced_from > 0 and district.control.holder == STATE and calm:
            number = uniform(randomness, GO_HOME, district.identity)
            returning = min(
                district.people.displaced_from,
                stochastic_round(displacement.return_rate * district.people.displaced_from, number),
            )
            if returning > 0:
                recall_from_hosts(
                    state, origin, returning, uniform(randomness, FROM_WHERE, district.identity)
                )


@rule
def recall_from_hosts(state: State, origin: int, returning: int, number: float) -> None:
    """Take people who return from their hosts, in proportion to how many each hosts."""
    district = state.districts[origin]
    seen, before, away = 0, 0, district.people.displaced_from
    for host in range(state.districts.size):
        hosted = state.displaced[origin, host]
        if hosted > 0:
            seen += hosted
            until = min(returning, int(returning * (1.0 * seen / away) + number))
            leaving = min(until - before, hosted)
            state.displaced[origin, host] -= leaving
            state.districts[host].people.displaced_hosted -= leaving
            before += leaving
    district.people.displaced_from -= before
    district.people.residents += before
    state.daily.returned += before


@measured("districts.people.displaced_from", unit="persons", label="People displaced", stored="i4")
def displaced(_: Array, displaced_from: Array) -> Array:
    """Return persons displaced and not returned."""
    total: Array = displaced_from.sum(axis=1)
    return total
