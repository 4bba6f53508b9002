"""Strikes by armed drones: they kill at a distance where command most wants it, and bystanders too."""

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
    """Return the district of the capital with gangs where command most wants to operate, or NO_ONE."""
    best = NO_ONE
    for number in range(state.districts.size):
        district = state.districts[number]
        wanted = (
            district.place.metropolitan
            and district.orders.target_score > 0.0
            and district.presence.strongest_crew != NO_ONE
        )
        # Whom the day's operations drove out is not there any more.
        wanted = wanted and state.crews[district.presence.strongest_crew].fighters > 0
        if wanted and (
            best == NO_ONE
            or district.orders.target_score > state.districts[best].orders.target_score
        ):
            best = number
    return best


@rule
def strike_from_air(state: State, randomness: Randomness) -> None:
    """Armed drones strike where command most wants it: fighters die, and bystanders where little is known."""
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
