"""Drones: those that watch show more of the gangs; those that strike kill at a distance, and bystanders too.

Nobody had any when the articles were written: officers counted them among what they lack (S76).
Numbers are assumptions. A scenario gives drones to a contingent on a date.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.records import Array
from teritwa.rules.agents.police_unit import ARMY, MISSION, POLICE
from teritwa.rules.agents.state import State


class Drones(Parameters):
    """What drones see and hit."""

    enabled: bool = switch(meaning="drones watch and strike")
    districts_per_drone: float = parameter(
        0.5,
        "districts per drone",
        between=(0.1, 2.0),
        grade="C",
        source="assumption",
        meaning="districts that one surveillance drone watches by day",
    )
    detection_gain: float = parameter(
        0.5,
        "1",
        between=(0.1, 0.9),
        grade="C",
        source="assumption",
        meaning="share of the unseen fighters that drones show where they watch all day",
    )
    strike_rate: float = parameter(
        0.3,
        "gang members killed per armed drone and day",
        between=(0.02, 2.0),
        grade="C",
        source="assumption",
        meaning="fighters killed by an armed drone in a day where all fighters are known",
    )
    bystander_ratio: float = parameter(
        1.0,
        "1",
        between=(0.1, 3.0),
        grade="C",
        source="assumption",
        meaning="bystanders killed per fighter killed by drones where nothing is known of the gangs",
    )


@rule
def flying_drones(state: State, armed: bool, force: int) -> float:
    """Return the drones of one kind that a force can fly today; those of the mission need pay."""
    total = 0.0
    for contingent in state.contingents:
        if contingent.force == force and contingent.officers > 0:
            flying = contingent.armed_drones if armed else contingent.surveillance_drones
            total += flying * (state.fund.cost_share_paid if contingent.foreign else 1.0)
    return total


@rule
def send_drones(state: State, targets: Array, found: int) -> None:
    """Drones watch the districts in which the forces mean to operate, the same time over each."""
    for district in state.districts:
        district.presence.drone_coverage = 0.0
    drones = 0.0
    for force in (POLICE, ARMY, MISSION):
        drones += flying_drones(state, False, force)
    if found > 0 and drones > 0.0:
        share = min(1.0, Drones.of(state).districts_per_drone * drones / found)
        for place in range(found):
            state.districts[targets[place]].presence.drone_coverage = share
