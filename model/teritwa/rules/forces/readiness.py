"""Readiness: vehicles are repaired while there is money, and readiness follows pay and vehicles.

The parameters are those of `teritwa.rules.forces.equipment`.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import TECHNICAL_HELP, Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.mission.budget import Budget
from teritwa.rules.outcomes import BY_CONTINGENT, outcome
from teritwa.rules.sharing import part_of, random_start

REPAIRED = decision("vehicles of a contingent are repaired")
SHARES_REPAIRS = decision("contingents share the repairs that are paid")


OFFICERS_OPERATIONAL = outcome(
    "officers_operational",
    "contingents.operational",
    unit="officers",
    meaning="officers able to operate",
    stored="i4",
    dimensions=BY_CONTINGENT,
)


@rule
def repairs_wanted(state: State, randomness: Randomness, contingent: Contingent) -> int:
    """Return how many of a contingent's broken vehicles are repaired today if there is money."""
    broken = contingent.vehicles_broken
    if broken == 0:
        return 0
    rate = Equipment.of(state).repair_rate
    number = uniform(randomness, REPAIRED, contingent.identity)
    return min(broken, stochastic_round(rate * broken, number))


@rule
def repair_vehicles(state: State, randomness: Randomness) -> None:
    """Repair some broken vehicles of each contingent; those of the mission cost its fund money.

    Where money is short the contingents of the mission share it in proportion to their repairs.
    """
    costly = Budget.of(state).enabled
    wanted = 0
    for contingent in state.contingents:
        wanted += repairs_wanted(state, randomness, contingent) if contingent.foreign else 0
    paid = pay_for_repairs(state, wanted) if costly else wanted
    start = random_start(max(1, wanted), uniform(randomness, SHARES_REPAIRS, COUNTRY))
    before = 0
    for contingent in state.contingents:
        repaired = repairs_wanted(state, randomness, contingent)
        if contingent.foreign and repaired > 0:
            claim = repaired
            repaired = part_of(paid, before, claim, wanted, start)
            before += claim
        contingent.vehicles_broken -= repaired
        contingent.vehicles += repaired


@rule
def pay_for_repairs(state: State, wanted: int) -> int:
    """Pay for repairs from the mission's fund; return how many of ``wanted`` it can pay.

    Under UN peacekeeping, assessed contributions first bring in what the repairs cost.
    """
    price = Budget.of(state).cost_per_vehicle_repair * 100  # US cents
    if state.mission.mandate == UN_PEACEKEEPING:
        state.fund.balance += wanted * price
        state.fund.received += wanted * price
    repaired = min(wanted, state.fund.balance // price)
    state.fund.balance -= repaired * price
    state.fund.spent += repaired * price
    return repaired


@rule
def readiness_target(state: State, contingent: Contingent) -> float:
    """Return the readiness that a contingent approaches, given its pay and its seats in vehicles.

    The country's own forces need no seats.
    """
    equipment: Equipment = Equipment.of(state)
    unpaid = equipment.readiness_without_pay
    target = equipment.full_readiness * (unpaid + (1.0 - unpaid) * contingent.cost_share_paid)
    if contingent.foreign:
        places = 1.0 * equipment.seats_per_vehicle * contingent.vehicles
        seated = min(1.0, places / max(1, contingent.officers))
        on_foot = equipment.readiness_without_vehicles
        target *= on_foot + (1.0 - on_foot) * seated
    return target


@rule
def update_readiness(state: State, randomness: Randomness) -> None:
    """Repair vehicles, move readiness towards its target, and fuel helicopters.

    The readiness of a contingent that has no officers in the country stays at its level.
    """
    equipment = Equipment.of(state)
    step = 1.0 - math.exp(-1.0 / equipment.adjustment_time)
    repair_vehicles(state, randomness)
    for contingent in state.contingents:
        if contingent.officers > 0:
            target = readiness_target(state, contingent)
            contingent.readiness += step * (target - contingent.readiness)
        capacity = equipment.officers_per_helicopter * contingent.helicopters
        contingent.airlift_capacity = capacity * contingent.cost_share_paid


@rule
def count_operational(state: State) -> None:
    """Count the officers able to operate, after the day's losses and departures.

    Those of a contingent that gives technical help only never operate.
    """
    for contingent in state.contingents:
        able = contingent.officers * contingent.readiness
        contingent.operational = 0 if contingent.terms == TECHNICAL_HELP else int(able + 0.5)
