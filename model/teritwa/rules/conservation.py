"""Ledger: as a day ends, every stock must equal what it was on day 0 plus what came and less what went."""

import math

from teritwa.engine.compiler import rule
from teritwa.rules.agents.state import State

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
WEAPONS, GANG_CASH, COMMITMENTS = 10, 11, 12
"""What `check` may find."""

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
)
"""The findings of `check` in words."""


@rule
def check_conservation(state: State) -> int:
    """Return the first imbalance found, or BALANCED."""
    if not shares_are_valid(state):
        return NOT_FINITE
    if any_stock_negative(state):
        return NEGATIVE
    if not displaced_agree(state):
        return DISPLACED
    finding: int = check_stocks_and_flows(state)
    return check_gangs(state) if finding == BALANCED else finding


@rule
def check_stocks_and_flows(state: State) -> int:
    """Compare stocks with flows since day 0."""
    ledger, finding = state.ledger, BALANCED
    joined = ledger.recruited - ledger.deserted
    released = ledger.escaped - ledger.escaped_to_gangs
    lost = ledger.arrested + ledger.fighters_killed
    gone = ledger.officers_left + ledger.officers_killed
    if (
        count_people(state)
        != ledger.residents_on_day_0 - ledger.civilians_killed - joined + released
    ):
        finding = PEOPLE
    elif (
        count_fighters(state) != ledger.fighters_on_day_0 + joined + ledger.escaped_to_gangs - lost
    ):
        finding = FIGHTERS
    elif count_officers(
        state
    ) != ledger.officers_on_day_0 + ledger.officers_joined - gone or not rolls_agree(state):
        finding = OFFICERS
    elif ledger.prisoners != ledger.prisoners_on_day_0 + ledger.arrested - ledger.escaped:
        finding = PRISONERS
    elif count_vehicles(state) != ledger.vehicles_delivered - ledger.vehicles_destroyed:
        finding = VEHICLES
    elif state.fund.balance != state.fund.received - state.fund.spent:
        finding = MONEY
    return finding


@rule
def check_gangs(state: State) -> int:
    """Compare the weapons and the cash of gangs, and what donors owe, with flows since day 0."""
    ledger = state.ledger
    weapons, cash, least = 0, 0, state.fund.commitments_outstanding
    for gang in state.gangs:
        weapons += gang.firearms
        cash += gang.treasury
        least = min(least, gang.firearms, gang.treasury)
    finding = BALANCED
    if weapons != ledger.firearms_on_day_0 + ledger.firearms_smuggled - ledger.firearms_lost:
        finding = WEAPONS
    elif (
        cash
        != ledger.cash_on_day_0 + ledger.gang_revenue - ledger.wages_paid - ledger.arms_spending
    ):
        finding = GANG_CASH
    elif state.fund.commitments_outstanding != state.fund.committed - ledger.commitments_received:
        finding = COMMITMENTS
    return NEGATIVE if least < 0 else finding


@rule
def count_people(state: State) -> int:
    """Return residents and displaced persons in the country."""
    total = 0
    for district in state.districts:
        total += district.people.residents + district.people.displaced_hosted
    return total


@rule
def count_fighters(state: State) -> int:
    """Return fighters, those in hiding included."""
    total = 0
    for row in range(state.counters.crews):
        total += state.crews[row].fighters + state.crews[row].hiding
    return total


@rule
def count_officers(state: State) -> int:
    """Return officers and soldiers on the rolls of all units."""
    total = 0
    for row in range(state.counters.units):
        total += state.units[row].officers
    return total


@rule
def rolls_agree(state: State) -> bool:
    """Whether each contingent's officers are those of its units."""
    for row in range(state.contingents.size):
        total = 0
        for place in range(state.counters.units):
            unit = state.units[place]
            total += unit.officers if unit.contingent == row else 0
        if total != state.contingents[row].officers:
            return False
    return True


@rule
def count_vehicles(state: State) -> int:
    """Return armoured vehicles, working or not."""
    total = 0
    for contingent in state.contingents:
        total += contingent.vehicles + contingent.vehicles_broken
    return total


@rule
def displaced_agree(state: State) -> bool:
    """Whether the table of displaced agrees with what each place sent away and hosts."""
    size, hosted = state.districts.size, state.pulls
    for number in range(size):
        hosted[number] = 0.0
    for origin in range(size):
        away = 0
        for host in range(size):
            people = state.displaced[origin, host]
            away += people
            hosted[host] += people
        if away != state.districts[origin].people.displaced_from:
            return False
    agree = True
    for number in range(size):
        agree = agree and hosted[number] == state.districts[number].people.displaced_hosted
    return agree


@rule
def any_stock_negative(state: State) -> bool:
    """Whether a stock has fallen below zero."""
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
    """Whether a number is between 0 and 1, which what is no number never is."""
    return 0.0 <= value <= 1.0


@rule
def shares_are_valid(state: State) -> bool:
    """Whether all shares are finite and between 0 and 1."""
    for district in state.districts:
        if not (
            0.0 <= district.control.gang_influence <= 1.0
            and math.isfinite(district.orders.recent_attacks + district.orders.target_score)
        ):
            return False
        people = (
            is_valid_share(district.people.trust)
            and is_valid_share(district.services.schools_open)
            and is_valid_share(district.services.hospitals_open)
        )
        goods = (
            is_valid_share(district.services.goods_supply)
            and is_valid_share(district.services.aid_access)
            and is_valid_share(district.control.entrenchment)
        )
        if not (people and goods and math.isfinite(district.people.recruitment_pool)):
            return False
    sound = True
    for contingent in state.contingents:
        sound = sound and 0.0 <= contingent.readiness <= 1.0
    return sound
