"""Equipment and readiness (M18): armoured vehicles, helicopters and night vision, each with its own effect.

Vehicles protect those who sit in them, are shot up or burnt (half were out of commission in October 2024, S65), and
are repaired one by one while there is money for it. Readiness follows pay and vehicles slowly, and officers go home
only after months without pay: so readiness falls before strength does. What officers asked for and did not have
(S67: at least two helicopters; no drones, no night vision) changes what they can do: helicopters carry units to
places beyond a day's drive and bring out the wounded; night vision lets units stay and fight after dark. Drones are
in `teritwa.rules.forces.drones`.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Chance, decision, poisson, uniform, whole
from teritwa.rules.agents.institution import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.agents.state import State

REPAIRED = decision("vehicles of a contingent are repaired")
VEHICLES_HIT = decision("ambush disables vehicles")
VEHICLES_BURNT = decision("disabled vehicle burns out")


class Equipment(Parameters):
    """What things can do, break and cost."""

    acts: bool = switch(meaning="vehicles, helicopters and night vision make a difference, and break")
    readiness: float = parameter(
        0.8,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption: leave, sickness and duties at base",
        meaning="share of officers able to operate when all costs are paid and every one has a vehicle seat",
    )
    on_foot: float = parameter(
        0.6,
        "1",
        between=(0.3, 1.0),
        grade="C",
        source="assumption; S65",
        meaning="factor on the mission's readiness when it has no working vehicle",
    )
    seats: int = parameter(
        10,
        "officers per vehicle",
        between=(6, 12),
        grade="C",
        source="assumption: carrying capacity of an armoured troop carrier",
        meaning="officers whom one vehicle carries",
    )
    unpaid_readiness: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="factor on readiness that is approached while costs stay unpaid",
    )
    adjustment: float = parameter(
        30.0,
        "days",
        between=(10.0, 90.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which readiness follows pay and vehicles",
    )
    repair: float = parameter(
        0.01,
        "1 per day",
        between=(0.002, 0.1),
        grade="C",
        source="assumption",
        meaning="share of broken vehicles repaired in a day while there is money",
    )
    vehicle_hit: float = parameter(
        0.15,
        "1 per vehicle and day",
        between=(0.01, 0.5),
        grade="C",
        source="assumption; S65: half of the vehicles out of commission in October 2024",
        meaning="chance that a vehicle that is out on an operation is put out of commission",
    )
    burnt_share: float = parameter(
        0.05,
        "1",
        between=(0.0, 0.3),
        grade="C",
        source="assumption; F153: one vehicle burnt at Torcel",
        meaning="share of the vehicles put out of commission that are lost for good",
    )
    armour: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on officers' losses where every officer has a seat in an armoured vehicle",
    )
    lift: float = parameter(
        30.0,
        "officers per helicopter and day",
        between=(10.0, 80.0),
        grade="C",
        source="assumption: three sorties of ten",
        meaning="officers whom a helicopter carries to an operation in a day",
    )
    air_reach: float = parameter(
        6.0,
        "hours",
        between=(2.0, 12.0),
        grade="C",
        source="assumption: some 100 km by road",
        meaning="travel time by land of the places to which helicopters carry units",
    )
    evacuation: float = parameter(
        0.7,
        "1",
        between=(0.4, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on officers' losses in operations of a force whose helicopters bring out the wounded",
    )
    night_vision_share: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="share of the night that operating units stay without a base when all have night vision",
    )
    night_vision_gain: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="added strength by night of officers who all have night vision",
    )


@rule
def flown_out(state: State, force: int) -> bool:
    """Whether helicopters bring out the wounded of a force today."""
    found = False
    for contingent in state.contingents:
        flies = contingent.officers > 0 and (not contingent.foreign or state.institution.paid > 0.0)
        found = found or (contingent.force == force and contingent.helicopters > 0 and flies)
    return found


@rule
def armoured(state: State, force: int) -> float:
    """Return the share of a force's officers who have a seat in a working armoured vehicle."""
    vehicles, officers = 0, 0
    for contingent in state.contingents:
        if contingent.force == force:
            vehicles += contingent.vehicles
            officers += contingent.officers
    seats: int = state.parameters.equipment.seats
    return min(1.0, 1.0 * seats * vehicles / max(1, officers))


@rule
def risk_of_officers(state: State, force: int) -> float:
    """Return the factor on a force's losses in operations: armoured seats and helicopters lower it."""
    equipment: Equipment = state.parameters.equipment
    if not equipment.acts:
        return 1.0
    factor = 1.0 - armoured(state, force) * (1.0 - equipment.armour)
    return factor * (equipment.evacuation if flown_out(state, force) else 1.0)


@rule
def hit_vehicles(state: State, chance: Chance) -> None:
    """Vehicles that went out on operations are shot up, and some burn out."""
    equipment = state.parameters.equipment
    for contingent in state.contingents:
        if contingent.vehicles > 0 and contingent.sent > 0:
            out = 1.0 * contingent.vehicles * contingent.sent / max(1, contingent.officers)
            hit = poisson(equipment.vehicle_hit * out, uniform(chance, VEHICLES_HIT, contingent.identity))
            hit = min(hit, contingent.vehicles)
            burnt = 0
            for item in range(hit):
                if uniform(chance, VEHICLES_BURNT, contingent.identity, item) < equipment.burnt_share:
                    burnt += 1
            contingent.vehicles -= hit
            contingent.broken += hit - burnt
            state.ledger.vehicles_destroyed += burnt


@rule
def mend(state: State, chance: Chance, contingent: Contingent) -> None:
    """Repair some of a contingent's broken vehicles, as far as there is money for them."""
    institution, price = state.institution, state.parameters.fund.vehicle_repair * 100
    rate = state.parameters.equipment.repair
    fixed = min(contingent.broken, whole(rate * contingent.broken, uniform(chance, REPAIRED, contingent.identity)))
    if contingent.foreign and state.parameters.fund.acts:
        if institution.mandate == UN_PEACEKEEPING:
            institution.fund += fixed * price
            institution.received += fixed * price
        fixed = min(fixed, institution.fund // price)
        institution.fund -= fixed * price
        institution.spent += fixed * price
    contingent.broken -= fixed
    contingent.vehicles += fixed


@rule
def heading_of(state: State, contingent: Contingent) -> float:
    """Return the readiness towards which a contingent moves, by its pay and its seats in vehicles."""
    equipment, paid = state.parameters.equipment, state.institution.paid
    heading: float = equipment.readiness
    if contingent.foreign:
        seats = min(1.0, 1.0 * equipment.seats * contingent.vehicles / max(1, contingent.officers))
        heading *= equipment.on_foot + (1.0 - equipment.on_foot) * seats
        heading *= equipment.unpaid_readiness + (1.0 - equipment.unpaid_readiness) * paid
    return heading


@rule
def make_ready(state: State, chance: Chance) -> None:
    """Repair vehicles, let readiness follow pay and vehicles, and fuel what flies."""
    equipment = state.parameters.equipment
    step = 1.0 - math.exp(-1.0 / equipment.adjustment)
    for contingent in state.contingents:
        if contingent.broken > 0:
            mend(state, chance, contingent)
        contingent.readiness += step * (heading_of(state, contingent) - contingent.readiness)
        fuel = state.institution.paid if contingent.foreign else 1.0
        contingent.lift = equipment.lift * contingent.helicopters * fuel


@rule
def count_ready(state: State) -> None:
    """Count the officers able to operate, after the day's losses and departures."""
    for contingent in state.contingents:
        contingent.ready = int(contingent.officers * contingent.readiness)
