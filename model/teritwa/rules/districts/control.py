"""Control (M1, M2): who holds a district, from a share of influence with hysteresis.

Only crews that claim a district count against the state: those of districts held on day 0, and
those that stayed after an attack. Local groups elsewhere live under whoever holds the district.
Influence follows presence slowly (an e-folding time of days). The incumbent keeps a district until
a rival exceeds it and covers more than a floor (after the control model of the Athena simulation,
Jet Propulsion Laboratory; Chamberlain and Duquette 2013). Zones run from 1 to 5, after Kalyvas
2006: 1 state, 3 contested, 5 gang.
"""

import math

import numpy as np

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.records import Array
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import Presence, coverage
from teritwa.rules.forces.night_posture import abandon_district
from teritwa.rules.outcomes import BY_DISTRICT, measured, outcome
from teritwa.world.rows import HELD


class Control(Parameters):
    """How influence follows presence, and when a district changes hands."""

    adjustment_time: float = parameter(
        12.0,
        "days",
        between=(3.0, 21.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption: with 30 days nothing could be lost within 30 days",
        meaning="e-folding time with which influence follows presence",
    )
    coverage_floor: float = parameter(
        0.1,
        "1",
        between=(0.02, 0.3),
        grade="B",
        source="assumption; Chamberlain and Duquette 2013 use 0.1",
        meaning="coverage below which a rival does not count",
    )
    threshold: float = parameter(
        0.5,
        "1",
        between=(0.4, 0.6),
        grade="B",
        source="assumption; Chamberlain and Duquette 2013 use 0.5",
        meaning="share of influence from which a district is held",
    )


GANG_INFLUENCE = outcome(
    "gang_influence",
    "districts.control.gang_influence",
    unit="1",
    meaning="gang influence in the district",
    stored="f4",
    dimensions=BY_DISTRICT,
)


@rule
def zone(gang_influence: float) -> int:
    """Return the zone of control: equal fifths of gang influence, 1 (state) to 5 (gang)."""
    return min(5, 1 + int(gang_influence * 5.0))


@rule
def influence_target(influence: float, gangs: float, police: float, control: Control) -> float:
    """Return the gang influence that a district approaches.

    The side that holds the district consolidates. The other side moves influence only when it
    covers more than the holder *and* more than the floor. Otherwise influence stays as it is.

    Args:
        influence: Gang influence now, 0 to 1.
        gangs: Coverage by gangs, 0 to 1.
        police: Coverage by officers, 0 to 1.
        control: The parameters.
    """
    total = gangs + police
    if total <= 0.0:
        return influence
    share = gangs / total
    if influence >= control.threshold:
        if share < 0.5 and police >= control.coverage_floor:
            return share
        return max(share, influence)
    if share > 0.5 and gangs >= control.coverage_floor:
        return share
    return min(share, influence)


@rule
def update_control(state: State) -> None:
    """Move each district's gang influence towards its target, and update its holder.

    The state abandons a district that falls to a gang.
    """
    control, presence = Control.of(state), Presence.of(state)
    step = 1.0 - math.exp(-1.0 / control.adjustment_time)
    for number in range(state.districts.size):
        district = state.districts[number]
        people = district.people.residents + district.people.displaced_hosted
        by_day = coverage(district.presence.officers_day, people, presence.police_coverage_constant)
        by_night = coverage(
            district.presence.officers_night, people, presence.police_coverage_constant
        )
        police = 0.5 * (by_day + by_night)
        gangs = coverage(
            1.0 * district.presence.claimant_fighters, people, presence.gang_coverage_constant
        )
        heading = influence_target(district.control.gang_influence, gangs, police, control)
        district.control.gang_influence += step * (heading - district.control.gang_influence)
        before = district.control.holder
        update_holder(state, district, control.threshold)
        if before == STATE and district.control.holder != STATE:
            abandon_district(state, number)


@rule
def update_holder(state: State, district: District, threshold: float) -> None:
    """Set the holder of a district.

    Below the threshold of gang influence the state holds it. Above, the gang of the strongest
    claimant does; without a claimant the holder stays the same.
    """
    if district.control.gang_influence < threshold:
        district.control.holder = STATE
    elif district.presence.strongest_claimant != NO_ONE:
        district.control.holder = state.crews[district.presence.strongest_claimant].gang


@rule
def update_neighbour_influence(state: State) -> None:
    """Update the mean gang influence in the neighbours of each district, weighted by residents."""
    for district in state.districts:
        weight, total = 0.0, 0.0
        for link in range(district.place.first_link, district.place.last_link):
            neighbour = state.districts[state.links[link].target]
            people = 1.0 * neighbour.place.residents_2015
            weight += people * neighbour.control.gang_influence
            total += people
        district.control.neighbour_gang_influence = weight / total if total > 0.0 else 0.0


@rule
def share_held_by_gangs(state: State, capital: bool) -> float:
    """Return the share of residents of 2015 whose district gangs hold now.

    Args:
        state: All records of the run.
        capital: Count the capital only; otherwise the whole nation.
    """
    held, total = 0, 0
    for district in state.districts:
        if district.place.metropolitan or not capital:
            total += district.place.residents_2015
            held += district.place.residents_2015 if district.control.gang_influence >= 0.5 else 0
    return 1.0 * held / max(1, total)


def _share_held(weights: Array, influence: Array) -> Array:
    """Return the share of the weights (district) in districts that gangs hold, by day (time)."""
    total = weights.sum()
    held: Array = np.where(influence >= HELD, weights, 0).sum(axis=1)
    return held / (total if total > 0 else 1)


@measured(
    "districts.control.gang_influence",
    unit="1",
    label="Gang control of the capital",
    stored="f4",
)
def gang_control_capital(districts: Array, influence: Array) -> Array:
    """Return share of the capital's people (where they lived in 2015) in districts gangs hold."""
    place = districts["place"]
    return _share_held(place["residents_2015"] * place["metropolitan"], influence)


@measured(
    "districts.control.gang_influence",
    unit="1",
    label="Gang control of the capital's districts",
    stored="f4",
)
def gang_control_districts(districts: Array, influence: Array) -> Array:
    """Return share of the capital's districts that gangs hold."""
    return _share_held(districts["place"]["metropolitan"].astype(np.int64), influence)


@measured(
    "districts.control.gang_influence",
    unit="1",
    label="Gang control of the nation",
    stored="f4",
)
def gang_control_national(districts: Array, influence: Array) -> Array:
    """Return share of the nation's people (where they lived in 2015) in districts gangs hold."""
    return _share_held(districts["place"]["residents_2015"], influence)


@measured(
    "districts.control.gang_influence",
    unit="districts",
    label="Towns lost to gangs outside the capital",
    stored="i2",
)
def towns_lost(districts: Array, influence: Array) -> Array:
    """Return districts outside the capital that gangs hold, less those they held on day 0."""
    place = districts["place"]
    outside = ~place["metropolitan"]
    held = (influence[:, outside] >= HELD).sum(axis=1)
    lost: Array = held - place["held_on_day_0"][outside].sum()
    return lost


@measured(
    "districts.control.gang_influence",
    unit="1",
    label="Zone of control",
    stored="i1",
    dimensions=BY_DISTRICT,
)
def control_zone(_: Array, influence: Array) -> Array:
    """Return zone of control, 1 (state) to 5 (gang), as the rule `zone` does for one district."""
    return np.minimum(5, 1 + (influence * 5.0).astype(np.int64))
