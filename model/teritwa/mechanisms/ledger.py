"""Ledger: as a day ends, every stock must equal what it was on day 0 plus what came and less what went."""

import math

from teritwa.agents.state import State
from teritwa.compiled import rule

BALANCED, PEOPLE, FIGHTERS, OFFICERS, PRISONERS, VEHICLES, MONEY, DISPLACED, NEGATIVE, NOT_FINITE = range(10)
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
)
"""The findings of `check` in words."""


@rule
def check(state: State) -> int:
    """Return the first imbalance found, or BALANCED."""
    if not places_are_sound(state):
        return NOT_FINITE
    if anything_negative(state):
        return NEGATIVE
    if not displaced_add_up(state):
        return DISPLACED
    return check_flows(state)


@rule
def check_flows(state: State) -> int:
    """Compare stocks with flows since day 0."""
    ledger, institution = state.ledger, state.institution
    people, fighters, officers, vehicles = 0, 0, 0, 0
    for district in state.districts:
        people += district.residents + district.hosted
    for row in range(institution.crews):
        fighters += state.crews[row].fighters + state.crews[row].hiding
    for row in range(institution.units):
        officers += state.units[row].officers
    for contingent in state.contingents:
        vehicles += contingent.vehicles + contingent.broken
    released = ledger.escaped - ledger.escaped_to_gangs
    joined = ledger.recruited - ledger.deserted
    if people != ledger.residents_on_day_0 - ledger.civilians_killed - joined + released:
        return PEOPLE
    lost = ledger.arrested + ledger.fighters_killed
    if fighters != ledger.fighters_on_day_0 + joined + ledger.escaped_to_gangs - lost:
        return FIGHTERS
    gone = ledger.officers_left + ledger.officers_killed
    if officers != ledger.officers_on_day_0 + ledger.officers_joined - gone:
        return OFFICERS
    if ledger.prisoners != ledger.prisoners_on_day_0 + ledger.arrested - ledger.escaped:
        return PRISONERS
    if vehicles != ledger.vehicles_delivered - ledger.vehicles_destroyed:
        return VEHICLES
    return BALANCED if institution.fund == institution.received - institution.spent else MONEY


@rule
def displaced_add_up(state: State) -> bool:
    """Whether the table of displaced agrees with what each place sent away and hosts."""
    size = state.districts.size
    for number in range(size):
        away, hosted = 0, 0
        for other in range(size):
            away += state.displaced[number, other]
            hosted += state.displaced[other, number]
        if away != state.districts[number].away or hosted != state.districts[number].hosted:
            return False
    return True


@rule
def anything_negative(state: State) -> bool:
    """Whether a stock has fallen below zero, or a contingent's roll disagrees with its units."""
    for district in state.districts:
        if min(district.residents, district.hosted, district.away, district.brigade) < 0:
            return True
    for row in range(state.institution.crews):
        if min(state.crews[row].fighters, state.crews[row].hiding) < 0:
            return True
    for row in range(state.institution.units):
        if state.units[row].officers < 0:
            return True
    for contingent in state.contingents:
        if min(contingent.officers, contingent.waiting, contingent.vehicles, contingent.broken) < 0:
            return True
    return state.ledger.prisoners < 0 or state.institution.fund < 0


@rule
def places_are_sound(state: State) -> bool:
    """Whether all shares are finite and between 0 and 1."""
    for district in state.districts:
        if not (0.0 <= district.gang_influence <= 1.0 and math.isfinite(district.heat + district.score)):
            return False
    for contingent in state.contingents:
        if not 0.0 <= contingent.readiness <= 1.0:
            return False
    return True
