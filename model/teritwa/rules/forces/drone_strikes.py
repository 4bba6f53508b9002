"""Drone strikes: armed drones kill fighters, and bystanders, in the district with highest priority.

The parameters are those of `teritwa.rules.forces.drones`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import kill_civilians, perpetrator_of
from teritwa.rules.forces.drones import Drones, flying_drones
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.gangs.crews import count_fighters_in, kill_among_crews

DRONES_KILL = decision("armed drones kill fighters")
DRONES_KILL_BYSTANDERS = decision("armed drones kill bystanders")
DRONES_CHOOSE = decision("armed drones choose among districts of one score")
DRONES_HIT = decision("armed drones kill fighters of these crews")


@rule
def lot_of_target(randomness: Randomness, district: District) -> float:
    """Return a district's lot of today: of those with one score the lowest is struck."""
    return uniform(randomness, DRONES_CHOOSE, district.identity)


@rule
def best_drone_target(state: State, randomness: Randomness) -> int:
    """Return the district of the capital with the highest target score and a crew, or NO_ONE.

    Of several with one score a random one.
    """
    best, highest, first = NO_ONE, 0.0, 1.0
    for number in range(state.districts.size):
        district = state.districts[number]
        score = district.orders.target_score if district.place.metropolitan else 0.0
        # The day's operations may have driven the crews out since presence was counted.
        if score > 0.0 and score >= highest and count_fighters_in(state, number) > 0:
            lot = lot_of_target(randomness, district)
            if score > highest or lot < first:
                best, highest, first = number, score, lot
    return best


@rule
def strike_from_air(state: State, randomness: Randomness) -> None:
    """Let each force's armed drones strike the best target.

    Fighters die in proportion to the drones that fly and to how well the gangs are known, of all
    crews there. Bystanders die where little is known.
    """
    drones = Drones.of(state)
    for force in (POLICE, ARMY, MISSION):
        armed = flying_drones(state, True, force)
        number = best_drone_target(state, randomness) if armed > 0.0 else NO_ONE
        if number != NO_ONE:
            district = state.districts[number]
            known = detection(state, district)
            kills = drones.strike_rate * armed * known
            by = perpetrator_of(force)
            dead = poisson(kills, uniform(randomness, DRONES_KILL, district.identity, force))
            share = uniform(randomness, DRONES_HIT, district.identity, force)
            kill_among_crews(state, number, by, dead, share)
            rate = drones.bystander_ratio * (1.0 - known) * kills
            bystanders = poisson(
                rate, uniform(randomness, DRONES_KILL_BYSTANDERS, district.identity, force)
            )
            kill_civilians(state, by, number, bystanders)
