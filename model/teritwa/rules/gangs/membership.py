"""Membership of gangs: recruitment from the young of a district, and desertion.

Recruits are in proportion to the members of gangs, less a part that grows with the square of the
membership (saturation), as in the balance that Prieto-Curiel, Campedelli and Hope (2023) fit to
Mexico. There the recruits of a week are some 0.2 % of the members. The square is local here: the
young who may join live in the district, so that each district has a capacity for members, below
which gangs grow and above which they shrink. A gang that rules may recruit among all people of its
district, a local group under the state among few.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import (
    Randomness,
    decision,
    poisson,
    stochastic_round,
    two_uniforms,
    uniform,
)
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.state import State
from teritwa.rules.gangs.extortion import Extortion
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.services import Services, child_share
from teritwa.rules.population.trust import resentment

CREW_CHANGES = decision("crew recruits and loses fighters")
HIDDEN_CHANGE = decision("hidden fighters recruit and leave")
RECRUIT_IS_CHILD = decision("recruits are children")
LEAST_CAPACITY = 1.0e-9
"""A capacity by which one can divide: of a district without people."""


class Membership(Parameters):
    """How many fighters and prisoners there are on day 0, and how many join and desert."""

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
        meaning="recruits a week per 100 fighters at the membership of day 0",
    )
    desertion_rate: float = parameter(
        0.1,
        "% of members per week",
        between=(0.0, 0.5),
        grade="C",
        source="assumption; form of Prieto-Curiel, Campedelli and Hope 2023",
        meaning="deserters a week per 100 members",
    )
    capacity_share: float = parameter(
        0.01,
        "1",
        between=(0.005, 0.03),
        grade="C",
        source="assumption: of some 10 % who are young men, a tenth",
        meaning="share of a district's people who would be members of gangs at the most, where a "
        "gang holds or claims the district",
    )
    local_capacity_share: float = parameter(
        0.0005,
        "1",
        between=(0.0002, 0.001),
        grade="C",
        source="assumption: some groups of ten in a town of 40,000 people",
        meaning="the same share where no gang holds or claims the district",
    )
    capacity_ratio: float = parameter(
        2.0,
        "1",
        between=(1.3, 4.0),
        bounds=(1.01, 100.0),
        grade="C",
        source="assumption",
        meaning="members a district can have in any case, relative to its fighters of day 0",
    )
    dormancy: float = parameter(
        0.3,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="recruits of a fighter in hiding, relative to a fighter who is present",
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
def capacity(district: District, membership: Membership) -> float:
    """Return how many members of gangs a district can have: a share of its people now.

    The share is larger where a gang holds the district, or a crew is there that claims it. A
    district that had more members on day 0 can have more in any case.
    """
    people = 1.0 * (district.people.residents + district.people.displaced_hosted)
    ruled = district.control.holder != STATE or district.presence.claimant_fighters > 0
    share = membership.capacity_share if ruled else membership.local_capacity_share
    usual = membership.capacity_ratio * district.people.fighters_on_day_0
    return max(LEAST_CAPACITY, share * people, usual)


@rule
def free_share(members: int, most: float) -> float:
    """Return the share of a capacity that is free; it is negative where members are too many."""
    return 1.0 - members / most


@rule
def record_fighters_of_day_0(state: State) -> None:
    """Record each district's fighters of day 0, and what share of its capacity is free then.

    This is not a rule of the day: it completes the records of day 0.
    """
    membership = Membership.of(state)
    for district in state.districts:
        people, members = district.people, district.presence.members
        people.fighters_on_day_0 = members
        people.growth_on_day_0 = free_share(members, capacity(district, membership))


@rule
def relative_growth(district: District, membership: Membership) -> float:
    """Return the logistic growth of members, relative to day 0; it is negative above capacity."""
    free = free_share(district.presence.members, capacity(district, membership))
    return free / district.people.growth_on_day_0


@rule
def joining_rate(state: State, district: District, unpaid: float) -> float:
    """Return the recruits per fighter and day in a district, before its capacity is considered.

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
def recruit(state: State, randomness: Randomness) -> None:
    """Let people join and desert the crews of all gangs.

    Runs at midnight, after wages are paid, given the members counted before.
    """
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters + crew.hiding > 0:
            update_crew_membership(state, randomness, crew)


@rule
def update_crew_membership(state: State, randomness: Randomness, crew: Crew) -> None:
    """Recruit residents of a crew's district, and let some of its members desert to them.

    Fighters in hiding recruit less, and whom they recruit hides with them. Above the district's
    capacity nobody joins, and members leave by as much as growth is negative.
    """
    membership, extortion = Membership.of(state), Extortion.of(state)
    district, address = state.districts[crew.district], crew.identity
    unpaid = 1.0 - state.gangs[crew.gang].wage_share_paid if extortion.enabled else 0.0
    growth = joining_rate(state, district, unpaid) * relative_growth(district, membership)
    joining, leaving = max(0.0, growth), max(0.0, -growth)
    # % per week to 1 per day
    leaving += membership.desertion_rate / 700.0 * (1.0 + extortion.unpaid_desertion * unpaid)
    present, hidden, joined_hidden, left_hidden = crew.fighters, crew.hiding, 0, 0
    who_joins, who_leaves = two_uniforms(randomness, CREW_CHANGES, address)
    joined, left = poisson(joining * present, who_joins), poisson(leaving * present, who_leaves)
    if hidden > 0:
        dormant = membership.dormancy * joining * hidden
        who_joins, who_leaves = two_uniforms(randomness, HIDDEN_CHANGE, address)
        joined_hidden = poisson(dormant, who_joins)
        left_hidden = poisson(leaving * hidden, who_leaves)
    if joined + joined_hidden > 0:
        join(state, randomness, crew, joined, joined_hidden)
    if left + left_hidden > 0:
        desert(state, crew, min(left, present), min(left_hidden, hidden))


@rule
def join(state: State, randomness: Randomness, crew: Crew, joined: int, hidden: int) -> None:
    """Let residents of a crew's district join those of it who are present, and those who hide.

    No more join than there are residents.
    """
    district = state.districts[crew.district]
    joined = min(joined, district.people.residents)
    hidden = min(hidden, district.people.residents - joined)
    crew.fighters += joined
    crew.hiding += hidden
    share = child_share(district, Services.of(state))
    children = stochastic_round(
        share * (joined + hidden), uniform(randomness, RECRUIT_IS_CHILD, crew.identity)
    )
    state.daily.children_recruited += children
    take_from_residents(state, crew.district, joined + hidden)


@rule
def take_from_residents(state: State, number: int, joined: int) -> None:
    """Take recruits from the residents of district ``number``, also from its brigade."""
    people = state.districts[number].people
    people.residents -= joined
    people.brigade = min(people.brigade, people.residents)
    state.daily.recruited += joined
    state.ledger.recruited += joined


@rule
def desert(state: State, crew: Crew, left: int, hidden: int) -> None:
    """Let some of a crew who are present, and some who hide, become residents of its district."""
    crew.fighters -= left
    crew.hiding -= hidden
    state.districts[crew.district].people.residents += left + hidden
    state.ledger.deserted += left + hidden
