"""Equipment (M18): armoured vehicles, helicopters and night vision, each with its own effect.

Vehicles protect the officers who sit in them. They are hit or burnt on operations, and repaired one
by one while there is money. Readiness follows pay and vehicles slowly, and officers go home only
after months without pay. Readiness therefore falls before strength does. Equipment that officers
lack would change what they can do. Helicopters carry units to districts beyond a day's drive and
evacuate the wounded. Night vision lets units stay and fight after dark. Drones are in
`teritwa.rules.forces.drones`, repairs and readiness in `teritwa.rules.forces.readiness`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.engine.records import Array
from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import measured

VEHICLES_HIT = decision("ambush disables vehicles")
VEHICLES_BURNT = decision("disabled vehicle burns out")


class Equipment(Parameters):
    """What equipment does, how it breaks, and how readiness depends on it."""

    enabled: bool = switch(
        meaning="vehicles, helicopters and night vision have effects, and vehicles break"
    )
    full_readiness: float = parameter(
        0.8,
        "1",
        between=(0.5, 0.95),
        grade="C",
        source="assumption: leave, sickness and duties at base",
        meaning="share of officers able to operate when all costs are paid and all officers have "
        "a vehicle seat",
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
        meaning="officers that one vehicle carries",
    )
    readiness_without_pay: float = parameter(
        0.3,
        "1",
        between=(0.1, 0.6),
        grade="C",
        source="assumption",
        meaning="factor that the readiness of a contingent approaches while it is not paid",
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
        meaning="probability that a vehicle out on an operation is put out of commission",
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
        meaning="officers that one helicopter carries to operations in a day",
    )
    air_reach: float = parameter(
        6.0,
        "hours",
        between=(2.0, 12.0),
        grade="C",
        source="assumption: some 100 km by road",
        meaning="largest travel time by land of the districts to which helicopters carry units",
    )
    evacuation_loss_factor: float = parameter(
        0.7,
        "1",
        between=(0.4, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on officers' losses in operations of a force whose helicopters evacuate "
        "the wounded",
    )
    night_vision_share: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="share of the night that operating units with night vision stay without a base",
    )
    night_vision_gain: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="relative gain in strength at night of officers who all have night vision",
    )


@rule
def has_medical_evacuation(state: State, force: int) -> bool:
    """Return whether helicopters evacuate the wounded of a force today.

    Helicopters do not fly on a day when nothing was paid.
    """
    found = False
    for contingent in state.contingents:
        flies = contingent.officers > 0 and contingent.cost_share_paid > 0.0
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
    """Return the factor on a force's losses in operations.

    Seats in armoured vehicles and medical evacuation by helicopter lower it.
    """
    equipment: Equipment = Equipment.of(state)
    if not equipment.enabled:
        return 1.0
    factor = 1.0 - armoured_share(state, force) * (1.0 - equipment.armour_loss_factor)
    if has_medical_evacuation(state, force):
        factor *= equipment.evacuation_loss_factor
    return factor


@rule
def damage_vehicles(state: State, randomness: Randomness) -> None:
    """Put some of the vehicles that go out on operations out of commission.

    A contingent's vehicles go out in proportion to its officers on operations. Some of the
    vehicles hit burn out and are lost for good.
    """
    equipment = Equipment.of(state)
    for contingent in state.contingents:
        if contingent.vehicles > 0 and contingent.on_operations > 0:
            out = 1.0 * contingent.vehicles * contingent.on_operations / max(1, contingent.officers)
            hit = poisson(
                equipment.vehicle_hit_rate * out,
                uniform(randomness, VEHICLES_HIT, contingent.identity),
            )
            hit = min(hit, contingent.vehicles)
            burnt = count_burnt(state, randomness, contingent, hit)
            contingent.vehicles -= hit
            contingent.vehicles_broken += hit - burnt
            state.ledger.vehicles_destroyed += burnt


@rule
def count_burnt(state: State, randomness: Randomness, contingent: Contingent, hit: int) -> int:
    """Return how many of the vehicles hit today burn out."""
    burnt = 0
    for item in range(hit):
        number = uniform(randomness, VEHICLES_BURNT, contingent.identity, item)
        burnt += 1 if number < Equipment.of(state).burnt_share else 0
    return burnt


def _of_mission(things: Array, foreign: Array) -> Array:
    """Return the sum over the contingents of the mission, by day (time)."""
    total: Array = (things * foreign).sum(axis=1)
    return total


@measured(
    ("contingents.vehicles", "contingents.foreign"),
    unit="vehicles",
    label="Vehicles that work",
    stored="i4",
)
def vehicles(_: Array, working: Array, foreign: Array) -> Array:
    """Return working armoured vehicles of the mission."""
    return _of_mission(working, foreign)


@measured(
    ("contingents.vehicles_broken", "contingents.foreign"),
    unit="vehicles",
    label="Vehicles out of commission",
    stored="i4",
)
def vehicles_broken(_: Array, broken: Array, foreign: Array) -> Array:
    """Return armoured vehicles of the mission out of commission."""
    return _of_mission(broken, foreign)
