"""Membership of gangs (M8): recruitment, desertion, and those who come out of broken prisons.

Recruitment is a rate per member, losses grow with the square of the membership (saturation), as in
the balance that Prieto-Curiel, Campedelli and Hope (2023) fit to Mexico, where some 0.2 % of
members are recruited a week; replacing the losses of 2024 in Haiti needs more.
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
    """How many fighters there are, and how they come and go."""

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
        meaning="recruits per 100 fighters and week",
    )
    desertion_rate: float = parameter(
        0.1,
        "% of members per week",
        between=(0.0, 0.5),
        grade="C",
        source="assumption; form of Prieto-Curiel, Campedelli and Hope 2023",
        meaning="deserters per 100 fighters and week at the membership of day 0; grows with membership",
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
    stored="i2",
)

CHILDREN_RECRUITED = outcome(
    "children_recruited",
    "daily.children_recruited",
    unit="persons per day",
    meaning="those of the recruits who are under 18",
    stored="i2",
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
    """Return recruits per fighter and day, by who stands to be recruited, by resentment and by pay."""
    rate: float = Membership.of(state).recruitment_rate / 700.0
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
def recruit(state: State, randomness: Randomness) -> None:
    """Each crew recruits from the residents of its district, and some of its fighters desert to them."""
    membership = Membership.of(state)
    members = 0
    for row in range(state.counters.crews):
        members += state.crews[row].fighters + state.crews[row].hiding
    leave = membership.desertion_rate / 700.0 * members / max(1, state.counters.fighters_on_day_0)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters > 0:
            district = state.districts[crew.district]
            unpaid = (
                1.0 - state.gangs[crew.gang].wage_share_paid if Extortion.of(state).enabled else 0.0
            )
            join = joining_rate(state, district, unpaid)
            joined = poisson(
                join * crew.fighters, uniform(randomness, CREW_RECRUITS, crew.identity)
            )
            joined = min(joined, district.people.residents)
            quit_rate = (
                leave * crew.fighters * (1.0 + Extortion.of(state).unpaid_desertion * unpaid)
            )
            left = min(
                crew.fighters, poisson(quit_rate, uniform(randomness, CREW_DESERTED, crew.identity))
            )
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
    """Prisoners escape: a share joins the crews of the capital by size, the others melt into the population."""
    out = min(escaped, state.ledger.prisoners)
    joining = stochastic_round(Membership.of(state).escapee_joining_share * out, 0.5)
    total = 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if state.districts[crew.district].place.metropolitan:
            total += crew.fighters
    if total == 0:
        joining = 0
    start = uniform(randomness, PRISONER_JOINS, COUNTRY)
    before, seen = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if state.districts[crew.district].place.metropolitan and total > 0:
            # Systematic sampling: shares in proportion to size that add up to the whole exactly.
            seen += crew.fighters
            until = (
                joining
                if seen == total
                else min(joining, int(joining * (1.0 * seen / total) + start))
            )
            crew.fighters += until - before
            before = until
    state.ledger.prisoners -= out
    state.ledger.escaped += out
    state.ledger.escaped_to_gangs += joining
    release_into_city(state, out - joining)


@rule
def release_into_city(state: State, people: int) -> None:
    """Escaped prisoners who join nobody become residents of the most populous district with a prison, or of all."""
    largest = 0
    for number in range(state.districts.size):
        district, best = state.districts[number], state.districts[largest]
        if (district.place.prison, district.people.residents) > (
            best.place.prison,
            best.people.residents,
        ):
            largest = number
    state.districts[largest].people.residents += people
