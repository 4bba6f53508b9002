"""Services: schools and hospitals close where gangs dominate, which adds people to be recruited.

Gangs recruit from three groups: young people without work or school, children out of school, and
displaced people whom aid does not reach.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, outcome


class Services(Parameters):
    """How schools and hospitals close and reopen, and who may be recruited by gangs."""

    enabled: bool = switch(meaning="schools and hospitals close where gangs dominate")
    school_age_share: float = parameter(
        0.3,
        "1",
        between=(0.25, 0.35),
        grade="C",
        source="assumption: children of 5 to 17 years in the population",
        meaning="share of the people who are of school age",
    )
    enrolment_share: float = parameter(
        0.75,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption",
        meaning="share of the children of school age who go to school where all schools are open",
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
        meaning="e-folding time with which schools and hospitals close and reopen",
    )
    programme_support: float = parameter(
        0.0,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption: a programme that a scenario brings; none is known of",
        meaning="share of the children out of school whom a programme brings to school",
        lever="a programme that a scenario brings",
    )
    programme_jobs: float = parameter(
        0.0,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption: a programme that a scenario brings; none is known of",
        meaning="share of the young people without work or school to whom a programme gives work",
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
        meaning=(
            "likelihood of recruitment of a child out of school, "
            "relative to a young person without work"
        ),
    )
    displaced_recruitment_weight: float = parameter(
        1.0,
        "1",
        between=(0.2, 3.0),
        grade="C",
        source="assumption",
        meaning=(
            "likelihood of recruitment of a displaced person without aid, "
            "relative to a young person without work"
        ),
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
    """Return the share of a district's children of school age who do not go to school.

    Args:
        district: The district.
        services: The parameters.
        support: The share of the children out of school whom a programme brings to school.
    """
    going = services.enrolment_share * district.services.schools_open
    return (1.0 - going) * (1.0 - support)


@rule
def update_services(state: State) -> None:
    """Let schools and hospitals close or reopen, and count children out of school.

    Runs at midnight, after influence is updated and people have moved. The share of schools and
    hospitals that are open follows the influence of gangs. Counts go on where the mechanism is
    off; schools and hospitals then stay as they are.
    """
    services, today = Services.of(state), state.daily
    step = 1.0 - math.exp(-1.0 / services.adjustment_time)
    treating, hospitals, children = 0.0, 0, 0.0
    for district in state.districts:
        local = district.services
        if services.enabled:
            target = 1.0 - services.closure_share * district.control.gang_influence
            local.schools_open += step * (target - local.schools_open)
            local.hospitals_open += step * (target - local.hospitals_open)
        people = district.people.residents + district.people.displaced_hosted
        absent = out_of_school(district, services, services.programme_support)
        children += services.school_age_share * people * absent
        treating += district.place.hospitals * district.services.hospitals_open
        hospitals += district.place.hospitals
    today.out_of_school = int(children)
    today.hospitals_open = treating / hospitals if hospitals > 0 else 1.0


@rule
def recruitment_weight(
    district: District, services: Services, support: float, jobs: float
) -> float:
    """Return how many people gangs may recruit, per person of a district.

    The sum over three groups, weighted by their likelihood of recruitment: young people without
    work or school, children out of school, and displaced people without aid.

    Args:
        district: The district.
        services: The parameters.
        support: The share of the children out of school whom a programme brings to school.
        jobs: The share of the young people without work or school whom a programme employs.
    """
    people = max(1, district.people.residents + district.people.displaced_hosted)
    young = services.idle_young_share * (1.0 - jobs)
    children = child_recruitment(district, services, support)
    unaided = (1.0 - district.services.aid_access) * district.people.displaced_hosted / people
    return young + children + services.displaced_recruitment_weight * unaided


@rule
def child_recruitment(district: District, services: Services, support: float) -> float:
    """Return the children out of school per person of a district, by their recruitment weight."""
    absent = out_of_school(district, services, support)
    return services.school_age_share * absent * services.child_recruitment_weight


@rule
def update_recruitment_pool(state: State) -> None:
    """Update each district's recruitment pool, relative to the mean of the country on day 0.

    Runs at midnight, before gangs recruit. The mean of day 0 is computed once, on the first day,
    without programmes.
    """
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
    """Return the share of a district's recruits who are children, 0 to 1."""
    support, jobs = services.programme_support, services.programme_jobs
    everybody = recruitment_weight(district, services, support, jobs)
    children = child_recruitment(district, services, support)
    return children / everybody if everybody > 0.0 else 0.0
