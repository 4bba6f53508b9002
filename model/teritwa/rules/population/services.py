"""Schools and hospitals: they close where gangs dominate, and children without a school are whom gangs recruit.

About 1.5 million children had no access to school at the end of 2024 (S55); 30 to 50 % of gang members are children
(UNICEF 2024). Three groups stand to be recruited: the young without work or school, children out of school, and
displaced people whom no aid reaches.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State


class Services(Parameters):
    """What closes schools and hospitals, and who stands to be recruited."""

    acts: bool = switch(meaning="schools and hospitals close where gangs dominate")
    school_age: float = parameter(
        0.3,
        "1",
        between=(0.25, 0.35),
        grade="C",
        source="assumption: children of 5 to 17 years among the people",
        meaning="share of the people who are of school age",
    )
    enrolment: float = parameter(
        0.75,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption; with it 1.3 to 1.6 million are out of school in 2024 (S55)",
        meaning="share of the children of school age who go where all schools are open",
    )
    closing: float = parameter(
        0.7,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of schools and hospitals that close where gangs have all influence",
    )
    reopening: float = parameter(
        45.0,
        "days",
        between=(10.0, 180.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which they close and reopen",
    )
    support: float = parameter(
        0.0,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption: a programme that a scenario brings; none is known of",
        meaning="share of the closed schools, and of the children never enrolled, that a programme brings back",
    )
    jobs: float = parameter(
        0.0,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption: a programme that a scenario brings; none is known of",
        meaning="share of the young without work or school to whom a programme gives work",
    )
    young: float = parameter(
        0.1,
        "1",
        between=(0.05, 0.15),
        grade="C",
        source="assumption: half of the people of 15 to 24 years",
        meaning="share of the people who are young and have neither work nor school",
    )
    children: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption; with it 30 to 50 % of recruits are children (UNICEF 2024)",
        meaning="how likely a child out of school is to be recruited, against a young person without work",
    )
    displaced: float = parameter(
        1.0,
        "1",
        between=(0.2, 3.0),
        grade="C",
        source="assumption",
        meaning="how likely a displaced person without aid is to be recruited, against a young person without work",
    )


@rule
def out_of_school(district: District, services: Services, support: float) -> float:
    """Return the share of a district's children of school age who do not go to school."""
    going = services.enrolment * district.schools
    return (1.0 - going) * (1.0 - support)


@rule
def open_services(state: State) -> None:
    """Schools and hospitals follow gang influence; count the children without school and the hospitals open."""
    services, today = state.parameters.services, state.today
    step = 1.0 - math.exp(-1.0 / services.reopening)
    treating, hospitals, children = 0.0, 0, 0.0
    for district in state.districts:
        if services.acts:
            heading = 1.0 - services.closing * district.gang_influence
            district.schools += step * (heading - district.schools)
            district.clinics += step * (heading - district.clinics)
        people = district.residents + district.hosted
        children += services.school_age * people * out_of_school(district, services, services.support)
        treating += district.hospitals * district.clinics
        hospitals += district.hospitals
    today.out_of_school = int(children)
    today.hospitals_open = treating / hospitals if hospitals > 0 else 1.0


@rule
def recruitable(district: District, services: Services, support: float, jobs: float) -> float:
    """Return how many stand to be recruited, per person of a district: the young, children, the displaced."""
    people = max(1, district.residents + district.hosted)
    children = services.school_age * out_of_school(district, services, support) * services.children
    unaided = (1.0 - district.aided) * district.hosted / people
    return services.young * (1.0 - jobs) + children + services.displaced * unaided


@rule
def count_idle(state: State) -> None:
    """Compare who stands to be recruited in each district with the country on day 0, programmes apart."""
    services, institution = state.parameters.services, state.institution
    if institution.idle_on_day_0 <= 0.0:
        total, people = 0.0, 0.0
        for district in state.districts:
            weight = 1.0 * (district.residents + district.hosted)
            total += weight * recruitable(district, services, 0.0, 0.0)
            people += weight
        institution.idle_on_day_0 = total / max(1.0, people)
    for district in state.districts:
        now = recruitable(district, services, services.support, services.jobs)
        district.idle = now / max(institution.idle_on_day_0, 1.0e-9)


@rule
def child_share(district: District, services: Services) -> float:
    """Return the share of a district's recruits who are children."""
    all_of_them = recruitable(district, services, services.support, services.jobs)
    children = services.school_age * out_of_school(district, services, services.support) * services.children
    return children / all_of_them if all_of_them > 0.0 else 0.0
