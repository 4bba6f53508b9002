"""Drones: surveillance drones reveal gang fighters, and armed drones strike them.

All numbers are assumptions. A scenario gives drones to a contingent
on a date. Strikes are in `teritwa.rules.forces.drone_strikes`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State


class Drones(Parameters):
    """How much drones see, and how many people they kill."""

    enabled: bool = switch(meaning="drones watch and strike")
    districts_per_drone: float = parameter(
        0.5,
        "districts per drone",
        between=(0.1, 2.0),
        grade="C",
        source="assumption",
        meaning="districts that one surveillance drone can watch during a day",
    )
    detection_gain: float = parameter(
        0.5,
        "1",
        between=(0.1, 0.9),
        grade="C",
        source="assumption",
        meaning="share of the undetected fighters that drones reveal where they watch all day",
    )
    strike_rate: float = parameter(
        0.3,
        "gang members killed per armed drone and day",
        between=(0.02, 2.0),
        grade="C",
        source="assumption",
        meaning="fighters killed by one armed drone in a day where all fighters are detected",
    )
    bystander_ratio: float = parameter(
        1.0,
        "1",
        between=(0.1, 3.0),
        grade="C",
        source="assumption",
        meaning="bystanders killed per fighter killed by drones where no fighters are detected",
    )


@rule
def flying_drones(state: State, armed: bool, force: int) -> float:
    """Return how many drones of one kind a force can fly today.

    Drones fly in proportion to the costs of their contingent that were paid.

    Args:
        state: All records of the run.
        armed: Armed drones if true, surveillance drones otherwise.
        force: POLICE, ARMY or MISSION.
    """
    total = 0.0
    for contingent in state.contingents:
        if contingent.force == force and contingent.officers > 0:
            flying = contingent.armed_drones if armed else contingent.surveillance_drones
            total += flying * contingent.cost_share_paid
    return total


@rule
def send_drones(state: State) -> None:
    """Spread surveillance drones evenly over the districts in which the forces operate."""
    found = 0
    for district in state.districts:
        district.presence.drone_coverage = 0.0
        found += 1 if district.orders.assigned > 0.0 else 0
    drones = 0.0
    for force in (POLICE, ARMY, MISSION):
        drones += flying_drones(state, False, force)
    if found > 0 and drones > 0.0:
        share = min(1.0, Drones.of(state).districts_per_drone * drones / found)
        for district in state.districts:
            if district.orders.assigned > 0.0:
                district.presence.drone_coverage = share
