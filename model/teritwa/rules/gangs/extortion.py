"""Rackets: what gangs live on, and what they pay their fighters.

Gangs extort the people and businesses of the places they dominate, take tolls on national roads, at
ports and fuel terminals, and hold people for ransom; who holds the roads, the port and the terminal
matters more than area does. One gang paid its members 15,000 gourdes a week in 2022 (F011), some
$120; most surely pay less. Each gang has a treasury of its own. What comes in goes to wages first;
fighters who are not paid desert, and fewer join.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome


class Extortion(Parameters):
    """What gangs take, and what a fighter costs."""

    enabled: bool = switch(meaning="gangs live on what they take, and pay wages")
    rate_per_person: float = parameter(
        0.3,
        "US dollars per person and month",
        between=(0.05, 2.0),
        grade="C",
        source="assumption",
        meaning="extorted from each person in places where gangs have all influence",
    )
    road_toll: float = parameter(
        800.0,
        "US dollars per road and day",
        between=(100.0, 5000.0),
        grade="C",
        source="assumption",
        meaning="taken on a national road in a district where gangs have all influence",
    )
    port_toll: float = parameter(
        10000.0,
        "US dollars per place and day",
        between=(1000.0, 50000.0),
        grade="C",
        source="assumption",
        meaning="taken at a port or a fuel terminal in a district where gangs have all influence",
    )
    mean_ransom: float = parameter(
        3000.0,
        "US dollars per person kidnapped",
        between=(300.0, 20000.0),
        grade="C",
        source="assumption",
        meaning="mean ransom that is paid",
    )
    petty_income: float = parameter(
        10.0,
        "US dollars per fighter and week",
        between=(0.0, 30.0),
        grade="C",
        source="assumption",
        meaning="what a fighter brings in anywhere, from petty crime and patrons",
    )
    fighter_wage: float = parameter(
        40.0,
        "US dollars per fighter and week",
        between=(10.0, 120.0),
        grade="C",
        source="assumption",
        meaning="what a fighter expects to be paid",
    )
    cash_weeks_day0: float = parameter(
        4.0,
        "weeks",
        between=(0.0, 26.0),
        grade="C",
        source="assumption",
        meaning="wages that the treasuries of day 0 could pay",
    )
    unpaid_desertion: float = parameter(
        3.0,
        "1",
        between=(0.0, 10.0),
        grade="C",
        source="assumption",
        meaning="how much more desertion where nothing is paid, against full pay",
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
    meaning="what gangs took that day",
    stored="f8",
)


@rule
def district_revenue(district: District, extortion: Extortion) -> float:
    """Return what all rackets of a district bring today, in US dollars, petty crime apart."""
    held = (
        district.people.residents * extortion.rate_per_person * 12.0 / 365.0
        + district.place.highways * extortion.road_toll
    )
    if district.place.port:
        held += extortion.port_toll
    if district.place.fuel_terminal:
        held += extortion.port_toll
    return (
        held * district.control.gang_influence + extortion.mean_ransom * district.counts.kidnapped
    )


@rule
def collect_revenue(state: State) -> None:
    """Crews share what their district brings by their fighters; it goes to their gangs' treasuries."""
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
    """Each gang pays its members as far as its treasury goes."""
    extortion = Extortion.of(state)
    for gang in state.gangs:
        bill = int(gang.members * extortion.fighter_wage * 100.0 / 7.0)
        payment = min(bill, gang.treasury)
        gang.treasury -= payment
        gang.wage_share_paid = 1.0 * payment / bill if bill > 0 else 1.0
        state.ledger.wages_paid += payment


@rule
def count_members(state: State) -> None:
    """Count each gang's members, those in hiding included, and forget yesterday's takings."""
    members = 0
    for gang in state.gangs:
        gang.members, gang.revenue_today = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        state.gangs[crew.gang].members += crew.fighters + crew.hiding
        members += crew.fighters + crew.hiding
    state.daily.gang_members = members
