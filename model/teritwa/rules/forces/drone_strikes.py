"""Drone strikes: armed drones kill fighters, and bystanders, in the district with highest priority.

The parameters are those of `teritwa.rules.forces.drones`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import kill_civilians, kill_fighters, perpetrator_of
from teritwa.rules.forces.drones import Drones, flying_drones
from teritwa.rules.forces.intelligence import detection

DRONES_KILL = decision("armed drones kill fighters")
DRONES_KILL_BYSTANDERS = decision("armed drones kill bystanders")


@rule
def best_drone_target(state: State) -> int:
    """Return the district of the capital with the highest target score and a crew, or NO_ONE."""
    best, highest = NO_ONE, 0.0
    for number in range(state.districts.size):
        district = state.districts[number]
        crew, score = district.presence.strongest_crew, district.orders.target_score
        # The day's operations may have driven the crew out since presence was counted.
        fighters = state.crews[crew].fighters if crew != NO_ONE else 0
        if district.place.metropolitan and fighters > 0 and score > highest:
            best, highest = number, score
    return best


@rule
def strike_from_air(state: State, randomness: Randomness) -> None:
    """Let each force's armed drones strike the best target.

    Fighters die in proportion to the drones that fly and to how well the gangs are known.
    Bystanders die where little is known.
    """
    drones = Drones.of(state)
    for force in (POLICE, ARMY, MISSION):
        armed = flying_drones(state, True, force)
        number = best_drone_target(state) if armed > 0.0 else NO_ONE
        if number != NO_ONE:
            district = state.districts[number]
            known = detection(state, district)
            kills = drones.strike_rate * armed * known
            by = perpetrator_of(force)
            dead = poisson(kills, uniform(randomness, DRONES_KILL, district.identity, force))
            kill_fighters(state, by, district.presence.strongest_crew, number, dead)
            rate = drones.bystander_ratio * (1.0 - known) * kills
            bystanders = poisson(
                rate, uniform(randomness, DRONES_KILL_BYSTANDERS, district.identity, force)
            )
            kill_civilians(state, by, number, bystanders)
