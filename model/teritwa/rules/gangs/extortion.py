"""Extortion: the revenue of gangs, and the wages of their fighters.

Gangs extort people and businesses in the districts they dominate, take tolls on national roads and
at ports and fuel terminals, and hold people for ransom. To hold the roads, the port and the fuel
terminal matters more than to hold much area. Each gang has a treasury of its own, from which it
pays wages before anything else. Unpaid fighters desert more often, and fewer people join a gang
that does not pay.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome


class Extortion(Parameters):
    """What gangs earn, what fighters are paid, and what happens where they are not."""

    enabled: bool = switch(meaning="gangs collect revenue and pay wages")
    rate_per_person: float = parameter(
        0.3,
        "US dollars per person and month",
        between=(0.05, 2.0),
        grade="C",
        source="assumption",
        meaning="extorted from each person in a district where gangs have all influence",
    )
    road_toll: float = parameter(
        800.0,
        "US dollars per road and day",
        between=(100.0, 5000.0),
        grade="C",
        source="assumption",
        meaning="tolls taken on a national road in a district where gangs have all influence",
    )
    port_toll: float = parameter(
        10000.0,
        "US dollars per place and day",
        between=(1000.0, 50000.0),
        grade="C",
        source="assumption",
        meaning=(
            "tolls taken at a port or a fuel terminal in a district where gangs have all influence"
        ),
    )
    mean_ransom: float = parameter(
        3000.0,
        "US dollars per person kidnapped",
        between=(300.0, 20000.0),
        grade="C",
        source="assumption",
        meaning="mean ransom paid",
    )
    petty_income: float = parameter(
        10.0,
        "US dollars per fighter and week",
        between=(0.0, 30.0),
        grade="C",
        source="assumption",
        meaning="revenue from a fighter anywhere, from petty crime and patrons",
    )
    fighter_wage: float = parameter(
        40.0,
        "US dollars per fighter and week",
        between=(10.0, 120.0),
        grade="C",
        source="assumption",
        meaning="wage that a fighter expects",
    )
    cash_weeks_day0: float = parameter(
        4.0,
        "weeks",
        between=(0.0, 26.0),
        grade="C",
        source="assumption",
        meaning="weeks of wages that the treasuries of day 0 could pay",
    )
    unpaid_desertion: float = parameter(
        3.0,
        "1",
        between=(0.0, 10.0),
        grade="C",
        source="assumption",
        meaning="increase of desertion where nothing is paid, relative to desertion at full pay",
    )
    unpaid_recruitment_loss: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="share of recruits who stay away from a gang that pays nothing",
    )


GANG_MEMBERS = outcome(
    "gang_members",
    "daily.gang_members",
    unit="persons",
    meaning="gang members, those in hiding included",
    stored="i4",
)

GANG_REVENUE = outcome(
    "gang_revenue",
    "daily.gang_revenue",
    unit="US dollars per day",
    meaning="revenue of gangs that day",
    stored="f8",
)


@rule
def rents(district: District, extortion: Extortion) -> float:
    """Return what gangs would take in a district in a day if they had all influence, US dollars."""
    place = district.place
    extorted = district.people.residents * extortion.rate_per_person * 12.0 / 365.0
    full = extorted + place.highways * extortion.road_toll
    if place.port:
        full += extortion.port_toll
    if place.fuel_terminal:
        full += extortion.port_toll
    return full


@rule
def district_revenue(district: District, extortion: Extortion) -> float:
    """Return what gangs take in a district today, without petty crime, in US dollars.

    Extortion and tolls are in proportion to the influence of gangs; ransoms are not.
    """
    ransoms = extortion.mean_ransom * district.counts.kidnapped
    return rents(district, extortion) * district.control.gang_influence + ransoms


@rule
def collect_revenue(state: State) -> None:
    """Let crews collect the day's revenue for the treasuries of their gangs.

    Runs at midnight, before wages are paid. Crews share the revenue of a district in proportion
    to their fighters there.
    """
    extortion = Extortion.of(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.fighters > 0:
            district, gang = state.districts[crew.district], state.gangs[crew.gang]
            share = 1.0 * crew.fighters / max(1, district.presence.fighters)
            petty = crew.fighters * extortion.petty_income / 7.0
            gang.revenue_today += int(
                100.0 * (share * district_revenue(district, extortion) + petty)
            )
    for gang in state.gangs:
        gang.treasury += gang.revenue_today
        state.daily.gang_revenue += gang.revenue_today
        state.ledger.gang_revenue += gang.revenue_today


@rule
def pay_wages(state: State) -> None:
    """Let each gang pay its members a day's wages, up to what its treasury holds.

    Runs at midnight, before gangs recruit: the share of wages paid decides who joins and deserts.
    """
    extortion = Extortion.of(state)
    for gang in state.gangs:
        bill = int(gang.members * extortion.fighter_wage * 100.0 / 7.0)  # in US cents
        payment = min(bill, gang.treasury)
        gang.treasury -= payment
        gang.wage_share_paid = 1.0 * payment / bill if bill > 0 else 1.0
        state.ledger.wages_paid += payment


@rule
def count_members(state: State) -> None:
    """Count each gang's members, those in hiding included, and reset the gangs' daily revenue."""
    members = 0
    for gang in state.gangs:
        gang.members, gang.revenue_today = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        state.gangs[crew.gang].members += crew.fighters + crew.hiding
        members += crew.fighters + crew.hiding
    state.daily.gang_members = members
