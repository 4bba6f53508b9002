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
def influence_target(district: District, gangs: float, police: float, floor: float) -> float:
    """Return where gang influence is heading.

    The side that holds the place consolidates; the other moves influence only when it covers more
    than the holder *and* more than the floor. Otherwise influence stays as it is.

    Args:
        district: The district, with its holder and its gang influence.
        gangs: Coverage of the crews that claim the district, 0 to 1.
        police: Coverage of officers, 0 to 1.
        floor: Coverage below which a rival does not count, 0 to 1.
    """
    influence = district.control.gang_influence
    total = gangs + police
    if total <= 0.0:
        return influence
    share = gangs / total
    if district.control.holder != STATE:
        if share < HELD and police >= floor:
            return share
        return max(share, influence)
    if share > HELD and gangs >= floor:
        return share
    return min(share, influence)


@rule
def update_control(state: State) -> None:
    """Move each district's influence towards its target and name its holder.

    A district that the state has lost is abandoned.
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
        target = influence_target(district, gangs, police, control.coverage_floor)
        district.control.gang_influence += step * (target - district.control.gang_influence)
        before = district.control.holder
        update_holder(state, district)
        if before == STATE and district.control.holder != STATE:
            abandon_district(state, number)


@rule
def update_holder(state: State, district: District) -> None:
    """Name who holds a district; all else that asks who holds it reads the answer.

    Below one half of the influence (`HELD`) the state holds. From there on the gang of the
    strongest crew that claims the district does or, where no crew claims it, the last holder.
    """
    if district.control.gang_influence < HELD:
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
    """Return the share of the people of 2015 whose district a gang holds now.

    Args:
        state: All records of the run.
        capital: Whether only the capital counts, or the nation.
    """
    held, total = 0, 0
    for district in state.districts:
        if district.place.metropolitan or not capital:
            total += district.place.residents_2015
            held += district.place.residents_2015 if district.control.holder != STATE else 0
    return 1.0 * held / max(1, total)


def _share_held(weights: Array, holder: Array) -> Array:
    """Return by day (time) the share of weights (district) in districts that gangs hold."""
    total = weights.sum()
    held: Array = np.where(holder != STATE, weights, 0).sum(axis=1)
    return held / (total if total > 0 else 1)


@measured(
    "districts.control.holder",
    unit="1",
    label="Held by gangs",
    stored="i1",
    dimensions=BY_DISTRICT,
)
def held_by_gangs(_: Array, holder: Array) -> Array:
    """Return whether a gang holds the district, 1 or 0."""
    held: Array = (holder != STATE).astype(np.int64)
    return held


@measured(
    "districts.control.holder",
    unit="1",
    label="Gang control of the capital",
    stored="f4",
)
def gang_control_capital(districts: Array, holder: Array) -> Array:
    """Return share of the capital's people (where they lived in 2015) in districts gangs hold."""
    place = districts["place"]
    return _share_held(place["residents_2015"] * place["metropolitan"], holder)


@measured(
    "districts.control.holder",
    unit="1",
    label="Gang control of the capital's districts",
    stored="f4",
)
def gang_control_districts(districts: Array, holder: Array) -> Array:
    """Return share of the capital's districts that gangs hold."""
    return _share_held(districts["place"]["metropolitan"].astype(np.int64), holder)


@measured(
    "districts.control.holder",
    unit="1",
    label="Gang control of the nation",
    stored="f4",
)
def gang_control_national(districts: Array, holder: Array) -> Array:
    """Return share of the nation's people (where they lived in 2015) in districts gangs hold."""
    return _share_held(districts["place"]["residents_2015"], holder)


@measured(
    "districts.control.holder",
    unit="districts",
    label="Towns lost to gangs outside the capital",
    stored="i4",
)
def towns_lost(districts: Array, holder: Array) -> Array:
    """Return towns outside the capital that gangs hold now and not on day 0, less the reverse."""
    place = districts["place"]
    outside = ~place["metropolitan"]
    held = (holder[:, outside] != STATE).sum(axis=1)
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
