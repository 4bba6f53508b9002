"""Control (M1, M2): who holds a district, as a share of influence with hysteresis, and its zone from 1 to 5.

Only crews that mean to hold a place count against the state: those of places held on day 0, and those that stayed
after an attack; local groups elsewhere live under whoever holds. Influence follows presence slowly (an e-folding
time of days), and the incumbent keeps a place until a rival exceeds it and covers more than a floor (after the
control model of the Athena simulation, Jet Propulsion Laboratory; Chamberlain and Duquette 2013). Zones after
Kalyvas 2006: 1 state, 3 contested, 5 gang.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import coverage
from teritwa.rules.forces.night_posture import abandon_district


class Control(Parameters):
    """How influence follows presence, and when a place changes hands."""

    adjustment_time: float = parameter(
        12.0,
        "days",
        between=(3.0, 21.0),
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
        meaning="share of influence from which a place is held",
    )


@rule
def zone(gang_influence: float) -> int:
    """Return the zone of control: equal fifths of gang influence, 1 (state) to 5 (gang)."""
    return min(5, 1 + int(gang_influence * 5.0))


@rule
def influence_target(influence: float, gangs: float, police: float, control: Control) -> float:
    """Return where gang influence is heading, given the coverage of gangs and of officers.

    The side that holds the place consolidates; the other moves influence only when it covers more than the
    holder *and* more than the floor. Otherwise influence stays as it is.
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
    """Move each district's influence towards its aim, and name its holder; what falls is abandoned."""
    control, presence = state.parameters.control, state.parameters.presence
    step = 1.0 - math.exp(-1.0 / control.adjustment_time)
    for number in range(state.districts.size):
        district = state.districts[number]
        people = district.residents + district.displaced_hosted
        by_day = coverage(district.officers_day, people, presence.police_coverage_constant)
        by_night = coverage(district.officers_night, people, presence.police_coverage_constant)
        police = 0.5 * (by_day + by_night)
        gangs = coverage(1.0 * district.claimant_fighters, people, presence.gang_coverage_constant)
        heading = influence_target(district.gang_influence, gangs, police, control)
        district.gang_influence += step * (heading - district.gang_influence)
        before = district.holder
        update_holder(state, district, control.threshold)
        if before == STATE and district.holder != STATE:
            abandon_district(state, number)


@rule
def update_holder(state: State, district: District, threshold: float) -> None:
    """The state holds below the threshold; above it the gang of the strongest contender, or the last holder."""
    if district.gang_influence < threshold:
        district.holder = STATE
    elif district.strongest_claimant != NO_ONE:
        district.holder = state.crews[district.strongest_claimant].gang


@rule
def update_neighbour_influence(state: State) -> None:
    """Note how far gangs dominate next door, weighed by people: the threat to a district."""
    for district in state.districts:
        weight, total = 0.0, 0.0
        for link in range(district.first_link, district.last_link):
            neighbour = state.districts[state.links[link].target]
            people = 1.0 * neighbour.residents_2015
            weight += people * neighbour.gang_influence
            total += people
        district.neighbour_gang_influence = weight / total if total > 0.0 else 0.0


@rule
def share_held_by_gangs(state: State, capital: bool) -> float:
    """Return the share of the nation's people, or of the capital's, who lived in 2015 where gangs hold now."""
    held, total = 0, 0
    for district in state.districts:
        if district.metropolitan or not capital:
            total += district.residents_2015
            held += district.residents_2015 if district.gang_influence >= 0.5 else 0
    return 1.0 * held / max(1, total)
