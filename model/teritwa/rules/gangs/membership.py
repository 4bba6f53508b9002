"""Membership of gangs: recruitment, desertion, and prisoners who escape and join.

Recruits are in proportion to the members of gangs, and deserters to the square of the membership
(saturation), as in the balance that Prieto-Curiel, Campedelli and Hope (2023) fit to Mexico. There
the recruits of a week are some 0.2 % of the members; more are needed to replace the losses of 2024
in Haiti.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, stochastic_round, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.extortion import Extortion
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.services import Services, child_share
from teritwa.rules.population.trust import resentment

CREW_RECRUITS = decision("crew recruits")
CREW_DESERTED = decision("fighters desert")
RECRUIT_IS_CHILD = decision("recruits are children")
PRISONER_JOINS = decision("escaped prisoners join crews")


class Membership(Parameters):
    """How many fighters there are on day 0, and how many join and desert."""

    enabled: bool = switch(meaning="people join and desert gangs")
    fighters_day0: int = parameter(
        8000,
        "persons",
        between=(5500, 12000),
        bounds=(1, 1_000_000),
        grade="C",
        source="assumption",
        meaning="fighters in the whole country on day 0",
        scales=True,
    )
    recruitment_rate: float = parameter(
        0.7,
        "% of members per week",
        between=(0.1, 1.0),
        grade="B",
        source="assumption on the value; Prieto-Curiel, Campedelli and Hope 2023: 0.2 in Mexico",
        meaning="recruits a week per 100 fighters",
    )
    desertion_rate: float = parameter(
        0.1,
        "% of members per week",
        between=(0.0, 0.5),
        grade="C",
        source="assumption; form of Prieto-Curiel, Campedelli and Hope 2023",
        meaning=(
            "deserters a week per 100 fighters at the membership of day 0; "
            "the rate grows with the membership"
        ),
    )
    escapee_joining_share: float = parameter(
        0.25,
        "1",
        between=(0.05, 0.5),
        grade="C",
        source="assumption",
        meaning="share of escaped prisoners who join a gang",
    )
    prisoners_day0: int = parameter(
        11000,
        "persons",
        between=(8000, 13000),
        grade="C",
        source="assumption",
        meaning="prisoners on day 0",
        scales=True,
    )


RECRUITED = outcome(
    "recruited",
    "daily.recruited",
    unit="persons per day",
    meaning="persons who joined gangs that day",
    stored="i4",
)

CHILDREN_RECRUITED = outcome(
    "children_recruited",
    "daily.children_recruited",
    unit="persons per day",
    meaning="persons under 18 who joined gangs that day",
    stored="i4",
)

PRISONERS = outcome(
    "prisoners",
    "ledger.prisoners",
    unit="persons",
    meaning="people in prison",
    stored="i4",
)


@rule
def joining_rate(state: State, district: District, unpaid: float) -> float:
    """Return the recruits per fighter and day in a district.

    The rate grows with the recruitment pool of the district and with resentment of the forces. It
    falls with the share of wages that the gang leaves unpaid.
    """
    rate: float = Membership.of(state).recruitment_rate / 700.0  # % per week to 1 per day
    discouraged: float = Extortion.of(state).unpaid_recruitment_loss
    return (
        rate
        * district.people.recruitment_pool
        * resentment(state, district)
        * (1.0 - discouraged * unpaid)
    )


@rule
def count_children(state: State, randomness: Randomness, crew: Crew, joined: int) -> None:
    """Count the children among a crew's recruits of today."""
    share = child_share(state.districts[crew.district], Services.of(state))
    state.daily.children_recruited += stochastic_round(
        share * joined, uniform(randomness, RECRUIT_IS_CHILD, crew.identity)
    )


@rule
def desertion_rate(state: State) -> float:
    """Return the deserters per fighter and day at full pay, which grows with all gangs' members."""
    members = 0
    for row in range(state.counters.crews):
        members += state.crews[row].fighters + state.crews[row].hiding
    rate: float = Membership.of(state).desertion_rate / 700.0  # % per week to 1 per day
    return rate * members / max(1, state.counters.fighters_on_day_0)


@rule
def recruit(state: State, randomness: Randomness) -> None:
    """Let people join and desert the crews of all gangs.

    Runs at midnight, after wages are paid.
    """
    leaving_rate = desertion_rate(state)
    for row in range(state.counters.crews):
        if state.crews[row].fighters > 0:
            update_crew_membership(state, randomness, state.crews[row], leaving_rate)


@rule
def update_crew_membership(
    state: State, randomness: Randomness, crew: Crew, leaving_rate: float
) -> None:
    """Recruit residents of a crew's district, and let some of its fighters desert to them.

    ``leaving_rate`` is the rate of desertion at full pay, per fighter and day.
    """
    extortion, district = Extortion.of(state), state.districts[crew.district]
    unpaid = 1.0 - state.gangs[crew.gang].wage_share_paid if extortion.enabled else 0.0
    rate = joining_rate(state, district, unpaid) * crew.fighters
    joined = poisson(rate, uniform(randomness, CREW_RECRUITS, crew.identity))
    joined = min(joined, district.people.residents)
    rate = leaving_rate * crew.fighters * (1.0 + extortion.unpaid_desertion * unpaid)
    left = poisson(rate, uniform(randomness, CREW_DESERTED, crew.identity))
    left = min(crew.fighters, left)
    if joined > 0:
        count_children(state, randomness, crew, joined)
    crew.fighters += joined - left
    district.people.residents += left - joined
    district.people.brigade = min(district.people.brigade, district.people.residents)
    state.daily.recruited += joined
    state.ledger.recruited += joined
    state.ledger.deserted += left


@rule
def break_prisons(state: State, randomness: Randomness, escaped: int) -> None:
    """Let prisoners escape: a share joins crews of the capital, the others become residents.

    This is not a rule of the day: dated events of a scenario call it.

    Args:
        state: The state.
        randomness: The noise of the run today.
        escaped: How many prisoners escape; at most all of them do.
    """
    out = min(escaped, state.ledger.prisoners)
    share = Membership.of(state).escapee_joining_share
    joining = stochastic_round(share * out, 0.5)  # to the nearest whole number
    fighters = 0
    for row in range(state.counters.crews):
        if is_in_capital(state, state.crews[row]):
            fighters += state.crews[row].fighters
    if fighters > 0:
        add_escapees(state, joining, fighters, uniform(randomness, PRISONER_JOINS, COUNTRY))
    else:
        joining = 0
    state.ledger.prisoners -= out
    state.ledger.escaped += out
    state.ledger.escaped_to_gangs += joining
    release_into_city(state, out - joining)


@rule
def is_in_capital(state: State, crew: Crew) -> bool:
    """Whether a crew stands in metropolitan Port-au-Prince."""
    return state.districts[crew.district].place.metropolitan


@rule
def add_escapees(state: State, joining: int, fighters: int, number: float) -> None:
    """Distribute escaped prisoners over the crews of the capital, by their fighters.

    Systematic sampling: whole persons, in proportion to fighters, that add up to ``joining``.

    Args:
        state: The state.
        joining: How many escaped prisoners join crews.
        fighters: The fighters of all crews of the capital, at least one.
        number: A uniform random number in [0, 1).
    """
    seen, before = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if is_in_capital(state, crew):
            seen += crew.fighters
            until = joining
            if seen < fighters:
                until = min(joining, int(joining * (1.0 * seen / fighters) + number))
            crew.fighters += until - before
            before = until


@rule
def release_into_city(state: State, people: int) -> None:
    """Make people residents of the most populous district with a prison.

    Where no district has a prison, the most populous of all takes them.
    """
    largest = 0
    for number in range(state.districts.size):
        district, best = state.districts[number], state.districts[largest]
        # Districts with a prison come before those without.
        here = (district.place.prison, district.people.residents)
        if here > (best.place.prison, best.people.residents):
            largest = number
    state.districts[largest].people.residents += people
