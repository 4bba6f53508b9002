"""Equipment and readiness (M18): armoured vehicles, helicopters and night vision, each with its own effect.

Vehicles protect those who sit in them, are shot up or burnt (half were out of commission in October
2024, S65), and are repaired one by one while there is money for it. Readiness follows pay and
vehicles slowly, and officers go home only after months without pay: so readiness falls before
strength does. What officers asked for and did not have (S67: at least two helicopters; no drones,
no night vision) changes what they can do: helicopters carry units to places beyond a day's drive
and bring out the wounded; night vision lets units stay and fight after dark. Drones are in
`teritwa.rules.forces.drones`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import measured

VEHICLES_HIT = decision("ambush disables vehicles")
VEHICLES_BURNT = decision("disabled vehicle burns out")


class Equipment(Parameters):
    """What things can do, break and cost."""

    enabled: bool = switch(
        meaning="vehicles, helicopters and night vision make a difference, and break"
    )
    full_readiness: float = parameter(
        0.8,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption: leave, sickness and duties at base",
        meaning="share of officers able to operate when all costs are paid and every one has a vehicle seat",
    )
    readiness_without_vehicles: float = parameter(
        0.6,
        "1",
        between=(0.3, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on the mission's readiness when it has no working vehicle",
    )
    seats_per_vehicle: int = parameter(
        10,
        "officers per vehicle",
        between=(6, 12),
        grade="C",
        source="assumption: carrying capacity of an armoured troop carrier",
        meaning="officers whom one vehicle carries",
    )
    readiness_without_pay: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="factor on readiness that is approached while costs stay unpaid",
    )
    adjustment_time: float = parameter(
        30.0,
        "days",
        between=(10.0, 90.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which readiness follows pay and vehicles",
    )
    repair_rate: float = parameter(
        0.01,
        "1 per day",
        between=(0.002, 0.1),
        grade="C",
        source="assumption",
        meaning="share of broken vehicles repaired in a day while there is money",
    )
    vehicle_hit_rate: float = parameter(
        0.15,
        "1 per vehicle and day",
        between=(0.01, 0.5),
        grade="C",
        source="assumption",
        meaning="chance that a vehicle that is out on an operation is put out of commission",
    )
    burnt_share: float = parameter(
        0.05,
        "1",
        between=(0.0, 0.3),
        grade="C",
        source="assumption",
        meaning="share of the vehicles put out of commission that are lost for good",
    )
    armour_loss_factor: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on officers' losses where every officer has a seat in an armoured vehicle",
    )
    officers_per_helicopter: float = parameter(
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
    evacuation_loss_factor: float = parameter(
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
def has_medical_evacuation(state: State, force: int) -> bool:
    """Whether helicopters bring out the wounded of a force today."""
    found = False
    for contingent in state.contingents:
        flies = contingent.officers > 0 and (
            not contingent.foreign or state.fund.cost_share_paid > 0.0
        )
        found = found or (contingent.force == force and contingent.helicopters > 0 and flies)
    return found


@rule
def armoured_share(state: State, force: int) -> float:
    """Return the share of a force's officers who have a seat in a working armoured vehicle."""
    vehicles, officers = 0, 0
    for contingent in state.contingents:
        if contingent.force == force:
            vehicles += contingent.vehicles
            officers += contingent.officers
    seats: int = Equipment.of(state).seats_per_vehicle
    return min(1.0, 1.0 * seats * vehicles / max(1, officers))


@rule
def officer_loss_factor(state: State, force: int) -> float:
    """Return the factor on a force's losses in operations: armoured seats and helicopters lower it."""
    equipment: Equipment = Equipment.of(state)
    if not equipment.enabled:
        return 1.0
    factor = 1.0 - armoured_share(state, force) * (1.0 - equipment.armour_loss_factor)
    return factor * (
        equipment.evacuation_loss_factor if has_medical_evacuation(state, force) else 1.0
    )


@rule
def damage_vehicles(state: State, randomness: Randomness) -> None:
    """Vehicles that went out on operations are shot up, and some burn out."""
    equipment = Equipment.of(state)
    for contingent in state.contingents:
        if contingent.vehicles > 0 and contingent.on_operations > 0:
            out = 1.0 * contingent.vehicles * contingent.on_operations / max(1, contingent.officers)
            hit = poisson(
                equipment.vehicle_hit_rate * out,
                uniform(randomness, VEHICLES_HIT, contingent.identity),
            )
            hit = min(hit, contingent.vehicles)
            burnt = 0
            for item in range(hit):
                if (
                    uniform(randomness, VEHICLES_BURNT, contingent.identity, item)
                    < equipment.burnt_share
                ):
                    burnt += 1
            contingent.vehicles -= hit
            contingent.vehicles_broken += hit - burnt
            state.ledger.vehicles_destroyed += burnt


def _of_mission(things: Array, foreign: Array) -> Array:
    """Return by day (time) the sum of what contingents of the mission have."""
    total: Array = (things * foreign).sum(axis=1)
    return total


@measured(
    "contingents.vehicles",
    "contingents.foreign",
    unit="vehicles",
    label="Vehicles that work",
    stored="i4",
)
def vehicles(_: Array, working: Array, foreign: Array) -> Array:
    """Return armoured vehicles of the mission that work."""
    return _of_mission(working, foreign)


@measured(
    "contingents.vehicles_broken",
    "contingents.foreign",
    unit="vehicles",
    label="Vehicles out of commission",
    stored="i4",
)
def vehicles_broken(_: Array, broken: Array, foreign: Array) -> Array:
    """Return armoured vehicles of the mission out of commission."""
    return _of_mission(broken, foreign)
