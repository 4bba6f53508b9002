"""Readiness: repairs while there is money, and officers able to operate, who follow pay and vehicles slowly."""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.mission.budget import Budget
from teritwa.rules.outcomes import BY_CONTINGENT, outcome

REPAIRED = decision("vehicles of a contingent are repaired")


OFFICERS_OPERATIONAL = outcome(
    "officers_operational",
    "contingents.operational",
    unit="officers",
    meaning="officers able to operate",
    stored="i4",
    dimensions=BY_CONTINGENT,
)


@rule
def repair_vehicles(state: State, randomness: Randomness, contingent: Contingent) -> None:
    """Repair some of a contingent's broken vehicles, as far as there is money for them."""
    price = Budget.of(state).cost_per_vehicle_repair * 100
    rate = Equipment.of(state).repair_rate
    fixed = min(
        contingent.vehicles_broken,
        stochastic_round(
            rate * contingent.vehicles_broken, uniform(randomness, REPAIRED, contingent.identity)
        ),
    )
    if contingent.foreign and Budget.of(state).enabled:
        if state.mission.mandate == UN_PEACEKEEPING:
            state.fund.balance += fixed * price
            state.fund.received += fixed * price
        fixed = min(fixed, state.fund.balance // price)
        state.fund.balance -= fixed * price
        state.fund.spent += fixed * price
    contingent.vehicles_broken -= fixed
    contingent.vehicles += fixed


@rule
def readiness_target(state: State, contingent: Contingent) -> float:
    """Return the readiness towards which a contingent moves, by its pay and its seats in vehicles."""
    equipment, paid = Equipment.of(state), state.fund.cost_share_paid
    heading: float = equipment.full_readiness
    if contingent.foreign:
        seats = min(
            1.0,
            1.0 * equipment.seats_per_vehicle * contingent.vehicles / max(1, contingent.officers),
        )
        heading *= (
            equipment.readiness_without_vehicles
            + (1.0 - equipment.readiness_without_vehicles) * seats
        )
        heading *= equipment.readiness_without_pay + (1.0 - equipment.readiness_without_pay) * paid
    return heading


@rule
def update_readiness(state: State, randomness: Randomness) -> None:
    """Repair vehicles, let readiness follow pay and vehicles, and fuel what flies."""
    equipment = Equipment.of(state)
    step = 1.0 - math.exp(-1.0 / equipment.adjustment_time)
    for contingent in state.contingents:
        if contingent.vehicles_broken > 0:
            repair_vehicles(state, randomness, contingent)
        contingent.readiness += step * (readiness_target(state, contingent) - contingent.readiness)
        fuel = state.fund.cost_share_paid if contingent.foreign else 1.0
        contingent.airlift_capacity = (
            equipment.officers_per_helicopter * contingent.helicopters * fuel
        )


@rule
def count_operational(state: State) -> None:
    """Count the officers able to operate, after the day's losses and departures."""
    for contingent in state.contingents:
        contingent.operational = int(contingent.officers * contingent.readiness)
