"""Schools and hospitals: they close where gangs dominate, and children without a school are whom gangs recruit.

About 1.5 million children had no access to school at the end of 2024 (S55); 30 to 50 % of gang
members are children (UNICEF 2024). Three groups stand to be recruited: the young without work or
school, children out of school, and displaced people whom no aid reaches.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, outcome


class Services(Parameters):
    """What closes schools and hospitals, and who stands to be recruited."""

    enabled: bool = switch(meaning="schools and hospitals close where gangs dominate")
    school_age_share: float = parameter(
        0.3,
        "1",
        between=(0.25, 0.35),
        grade="C",
        source="assumption: children of 5 to 17 years among the people",
        meaning="share of the people who are of school age",
    )
    enrolment_share: float = parameter(
        0.75,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption",
        meaning="share of the children of school age who go where all schools are open",
    )
    closure_share: float = parameter(
        0.7,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of schools and hospitals that close where gangs have all influence",
    )
    adjustment_time: float = parameter(
        45.0,
        "days",
        between=(10.0, 180.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which they close and reopen",
    )
    programme_support: float = parameter(
        0.0,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption: a programme that a scenario brings; none is known of",
        meaning="share of the closed schools, and of the children never enrolled, that a programme brings back",
        lever="a programme that a scenario brings",
    )
    programme_jobs: float = parameter(
        0.0,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption: a programme that a scenario brings; none is known of",
        meaning="share of the young without work or school to whom a programme gives work",
        lever="a programme that a scenario brings",
    )
    idle_young_share: float = parameter(
        0.1,
        "1",
        between=(0.05, 0.15),
        grade="C",
        source="assumption: half of the people of 15 to 24 years",
        meaning="share of the people who are young and have neither work nor school",
    )
    child_recruitment_weight: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="how likely a child out of school is to be recruited, against a young person without work",
    )
    displaced_recruitment_weight: float = parameter(
        1.0,
        "1",
        between=(0.2, 3.0),
        grade="C",
        source="assumption",
        meaning="how likely a displaced person without aid is to be recruited, against a young person without work",
    )


OUT_OF_SCHOOL = outcome(
    "out_of_school",
    "daily.out_of_school",
    unit="persons",
    meaning="children of school age without a school",
    stored="i4",
)

HOSPITALS_OPEN = outcome(
    "hospitals_open",
    "daily.hospitals_open",
    unit="1",
    meaning="share of the country's hospitals that treat",
    stored="f4",
)

SCHOOLS_OPEN = outcome(
    "schools_open",
    "districts.services.schools_open",
    unit="1",
    meaning="share of the district's schools that teach",
    stored="f4",
    dimensions=BY_DISTRICT,
)


@rule
def out_of_school(district: District, services: Services, support: float) -> float:
    """Return the share of a district's children of school age who do not go to school."""
    going = services.enrolment_share * district.services.schools_open
    return (1.0 - going) * (1.0 - support)


@rule
def update_services(state: State) -> None:
    """Schools and hospitals follow gang influence; count the children without school and the hospitals open."""
    services, today = Services.of(state), state.daily
    step = 1.0 - math.exp(-1.0 / services.adjustment_time)
    treating, hospitals, children = 0.0, 0, 0.0
    for district in state.districts:
        if services.enabled:
            heading = 1.0 - services.closure_share * district.control.gang_influence
            district.services.schools_open += step * (heading - district.services.schools_open)
            district.services.hospitals_open += step * (heading - district.services.hospitals_open)
        people = district.people.residents + district.people.displaced_hosted
        children += (
            services.school_age_share
            * people
            * out_of_school(district, services, services.programme_support)
        )
        treating += district.place.hospitals * district.services.hospitals_open
        hospitals += district.place.hospitals
    today.out_of_school = int(children)
    today.hospitals_open = treating / hospitals if hospitals > 0 else 1.0


@rule
def recruitment_weight(
    district: District, services: Services, support: float, jobs: float
) -> float:
    """Return how many stand to be recruited, per person of a district: the young, children, the displaced."""
    people = max(1, district.people.residents + district.people.displaced_hosted)
    children = (
        services.school_age_share
        * out_of_school(district, services, support)
        * services.child_recruitment_weight
    )
    unaided = (1.0 - district.services.aid_access) * district.people.displaced_hosted / people
    return (
        services.idle_young_share * (1.0 - jobs)
        + children
        + services.displaced_recruitment_weight * unaided
    )


@rule
def update_recruitment_pool(state: State) -> None:
    """Compare who stands to be recruited in each district with the country on day 0, programmes apart."""
    services = Services.of(state)
    if state.counters.recruitment_pool_day_0 <= 0.0:
        total, people = 0.0, 0.0
        for district in state.districts:
            weight = 1.0 * (district.people.residents + district.people.displaced_hosted)
            total += weight * recruitment_weight(district, services, 0.0, 0.0)
            people += weight
        state.counters.recruitment_pool_day_0 = total / max(1.0, people)
    for district in state.districts:
        now = recruitment_weight(
            district, services, services.programme_support, services.programme_jobs
        )
        district.people.recruitment_pool = now / max(state.counters.recruitment_pool_day_0, 1.0e-9)


@rule
def child_share(district: District, services: Services) -> float:
    """Return the share of a district's recruits who are children."""
    all_of_them = recruitment_weight(
        district, services, services.programme_support, services.programme_jobs
    )
    children = (
        services.school_age_share
        * out_of_school(district, services, services.programme_support)
        * services.child_recruitment_weight
    )
    return children / all_of_them if all_of_them > 0.0 else 0.0
