"""Conservation: at the end of a day every stock equals that of day 0 plus inflows less outflows.

A failed check means a mistake in a rule, and stops the run. Where the displaced of a district stay
is counted every four weeks, on a day of the district's own, because the table is large.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.rules.agents.accounts import Ledger
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.travel import destination_to

(
    BALANCED,
    PEOPLE,
    FIGHTERS,
    OFFICERS,
    PRISONERS,
    VEHICLES,
    MONEY,
    DISPLACED,
    NEGATIVE,
    NOT_FINITE,
) = range(10)
TABLE_DAYS = 28
"""Days in which the table of displaced persons is counted once: a definition."""

WEAPONS, GANG_CASH, COMMITMENTS, NO_ROOM, ON_THE_WAY = 10, 11, 12, 13, 14
"""Codes that `check_conservation` returns: indices of `FINDINGS`."""

FINDINGS = (
    "balanced",
    "people appear or vanish",
    "fighters appear or vanish",
    "officers appear or vanish",
    "prisoners appear or vanish",
    "vehicles appear or vanish",
    "money appears or vanishes",
    "displaced persons do not add up by origin and host",
    "a stock is negative",
    "a share is not a finite number between 0 and 1",
    "weapons appear or vanish",
    "cash of gangs appears or vanishes",
    "commitments of donors appear or vanish",
    "the table of crews or units is full",
    "officers in preparation or in transit appear or vanish",
)
"""Descriptions of the codes that `check_conservation` returns."""


@rule
def check_conservation(state: State, day: int) -> int:
    """Return the code of the first violation found as a day ends, or BALANCED."""
    if state.counters.out_of_room:
        return NO_ROOM
    if not shares_are_valid(state):
        return NOT_FINITE
    if any_stock_negative(state):
        return NEGATIVE
    if not displaced_agree(state, day):
        return DISPLACED
    finding: int = check_stocks_and_flows(state)
    return check_gangs(state) if finding == BALANCED else finding


@rule
def check_stocks_and_flows(state: State) -> int:
    """Compare people, prisoners, vehicles and money with their flows since day 0."""
    ledger, finding = state.ledger, check_people(state)
    if finding != BALANCED:
        return finding
    if ledger.prisoners != ledger.prisoners_on_day_0 + ledger.arrested - released_from(ledger):
        return PRISONERS
    if count_vehicles(state) != ledger.vehicles_delivered - ledger.vehicles_destroyed:
        return VEHICLES
    if not money_balances(state):
        return MONEY
    return BALANCED


@rule
def released_from(ledger: Ledger) -> int:
    """Return how many people have left prisons since day 0."""
    return ledger.escaped + ledger.released


@rule
def money_balances(state: State) -> bool:
    """Return whether cash and help in kind of the mission balance to the cent."""
    fund = state.fund
    in_kind = fund.in_kind_received == fund.in_kind_used + fund.in_kind_lapsed
    least = min(fund.in_kind_used, fund.in_kind_lapsed)
    return in_kind and least >= 0 and fund.balance == fund.received - fund.spent


@rule
def check_people(state: State) -> int:
    """Compare people, fighters and officers with their flows since day 0."""
    ledger = state.ledger
    joined = ledger.recruited - ledger.deserted
    released = released_from(ledger) - ledger.escaped_to_gangs
    people = ledger.residents_on_day_0 - ledger.civilians_killed - joined + released
    if count_people(state) != people:
        return PEOPLE
    lost = ledger.arrested + ledger.fighters_killed
    fighters = ledger.fighters_on_day_0 + joined + ledger.escaped_to_gangs - lost
    if count_fighters(state) != fighters:
        return FIGHTERS
    gone = ledger.officers_left + ledger.officers_killed
    officers = ledger.officers_on_day_0 + ledger.officers_joined - gone
    if count_officers(state) != officers or not rolls_agree(state):
        return OFFICERS
    arrived = ledger.officers_landed + ledger.officers_called_off
    return BALANCED if ledger.officers_sent == arrived + count_on_the_way(state) else ON_THE_WAY


@rule
def check_gangs(state: State) -> int:
    """Compare firearms and cash of gangs, and donors' commitments, with flows since day 0."""
    ledger, outstanding = state.ledger, state.fund.commitments_outstanding
    firearms, cash, least = 0, 0, outstanding
    for gang in state.gangs:
        firearms += gang.firearms
        cash += gang.treasury
        least = min(least, gang.firearms, gang.treasury)
    if least < 0:
        return NEGATIVE
    if firearms != ledger.firearms_on_day_0 + ledger.firearms_smuggled - ledger.firearms_lost:
        return WEAPONS
    spent = ledger.wages_paid + ledger.arms_spending
    if cash != ledger.cash_on_day_0 + ledger.gang_revenue - spent:
        return GANG_CASH
    if outstanding != state.fund.committed - ledger.commitments_received:
        return COMMITMENTS
    return BALANCED


@rule
def count_people(state: State) -> int:
    """Return the number of residents and displaced persons in the country."""
    total = 0
    for district in state.districts:
        total += district.people.residents + district.people.displaced_hosted
    return total


@rule
def count_fighters(state: State) -> int:
    """Return the number of fighters, including those in hiding."""
    total = 0
    for row in range(state.counters.crews):
        total += state.crews[row].fighters + state.crews[row].hiding
    return total


@rule
def count_officers(state: State) -> int:
    """Return the number of officers and soldiers of all units."""
    total = 0
    for row in range(state.counters.units):
        total += state.units[row].officers
    return total


@rule
def count_on_the_way(state: State) -> int:
    """Return the number of officers in preparation and in transit."""
    total = 0
    for contingent in state.contingents:
        total += contingent.in_preparation + contingent.in_transit
    return total


@rule
def rolls_agree(state: State) -> bool:
    """Return whether the officers of each contingent are the sum of those of its units."""
    for contingent in state.contingents:
        contingent.counted = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        state.contingents[unit.contingent].counted += unit.officers
    agree = True
    for contingent in state.contingents:
        agree = agree and contingent.counted == contingent.officers
    return agree


@rule
def count_vehicles(state: State) -> int:
    """Return the number of armoured vehicles, working or broken."""
    total = 0
    for contingent in state.contingents:
        total += contingent.vehicles + contingent.vehicles_broken
    return total


@rule
def displaced_agree(state: State, day: int) -> bool:
    """Return whether all who are displaced stay somewhere, and whether the tables say where.

    The tables are compared with the totals of one district in `TABLE_DAYS`, and with each other in
    the rows of one district.
    """
    away, hosted, agree = 0, 0, True
    for district in state.districts:
        away += district.people.displaced_from
        hosted += district.people.displaced_hosted
    for number in range(day % TABLE_DAYS, state.districts.size, TABLE_DAYS):
        agree = agree and displaced_of_district_agree(state, state.districts[number])
    origin = day % state.districts.size
    place = state.districts[origin].place
    for row in range(place.first_destination, place.last_destination):
        way_back = destination_to(state, state.destinations[row].host, origin)
        agree = agree and state.displaced[row] == state.hosted[way_back]
    return agree and away == hosted


@rule
def displaced_of_district_agree(state: State, district: District) -> bool:
    """Return whether those displaced from a district, and those hosted there, add up."""
    away, hosted, people = 0, 0, district.people
    for row in range(district.place.first_destination, district.place.last_destination):
        away += state.displaced[row]
        hosted += state.hosted[row]
    return away == people.displaced_from and hosted == people.displaced_hosted


@rule
def any_stock_negative(state: State) -> bool:
    """Return whether a stock is negative."""
    least = min(state.ledger.prisoners, state.fund.balance)
    for district in state.districts:
        least = min(
            least,
            district.people.residents,
            district.people.displaced_hosted,
            district.people.displaced_from,
            district.people.brigade,
        )
    for row in range(state.counters.crews):
        least = min(least, state.crews[row].fighters, state.crews[row].hiding)
    for row in range(state.counters.units):
        least = min(least, state.units[row].officers)
    for contingent in state.contingents:
        least = min(
            least,
            contingent.officers,
            contingent.in_transit,
            contingent.vehicles,
            contingent.vehicles_broken,
        )
        least = min(least, contingent.in_preparation, contingent.leaving)
    return least < 0


@rule
def is_valid_share(value: float) -> bool:
    """Return whether a number is between 0 and 1; NaN is not."""
    return 0.0 <= value <= 1.0


@rule
def shares_are_valid(state: State) -> bool:
    """Return whether all shares are between 0 and 1, and all scores are finite."""
    valid = True
    for district in state.districts:
        valid = valid and district_is_valid(district)
    for contingent in state.contingents:
        valid = valid and is_valid_share(contingent.readiness)
        valid = valid and is_valid_share(contingent.cost_share_paid)
    return valid


@rule
def district_is_valid(district: District) -> bool:
    """Return whether the shares of a district are between 0 and 1, and its scores finite."""
    people, services = district.people, district.services
    shares = is_valid_share(people.trust) and is_valid_share(services.schools_open)
    shares = shares and is_valid_share(services.hospitals_open)
    shares = shares and is_valid_share(services.goods_supply)
    shares = shares and is_valid_share(services.aid_access)
    shares = shares and is_valid_share(district.control.gang_influence)
    shares = shares and is_valid_share(district.control.entrenchment)
    scores = district.orders.recent_attacks + district.orders.target_score
    return shares and math.isfinite(scores + people.recruitment_pool)
