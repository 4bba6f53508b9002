"""Control (M1, M2): who holds a district, by degrees.

Influence follows presence. The gangs' share of presence is what their fighters cover, and what
spills over from next door, against what officers cover and the authority that the state keeps where
no officer is. Authority is worth as much as people trust the forces, so that land without anybody
drifts towards what its people and its neighbours support. A part of influence is standing: what
people have long been used to. Where both sides are present a place is therefore contested for weeks
or months. Sources give influence on day 0; what presence does not explain of it stays as a local
offset that is forgotten over a year, and at once when fighters or officers are driven out.

Only crews that claim a district count against the state: those of districts held on day 0, and
those that stayed after an attack. Local groups elsewhere live under whoever holds the district.
Coverage is that of `teritwa.rules.districts.presence`. Zones run from 1 to 5, after Kalyvas 2006: 1
state, 3 contested, 5 gang.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import Presence, coverage
from teritwa.rules.forces.night_posture import abandon_district
from teritwa.rules.outcomes import BY_DISTRICT, outcome
from teritwa.rules.population.trust import Trust
from teritwa.world.rows import HELD


class Control(Parameters):
    """How influence follows presence, neighbours and standing."""

    adjustment_time: float = parameter(
        14.0,
        "days",
        between=(7.0, 30.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption: weeks, between the days of a battle and the months of habit",
        meaning="e-folding time with which influence follows presence and standing",
    )
    spillover: float = parameter(
        0.1,
        "1",
        between=(0.03, 0.2),
        grade="C",
        source="assumption",
        meaning="presence that gangs have in a district from next door, where they have all "
        "influence in all districts next door, relative to full coverage",
    )
    authority: float = parameter(
        0.05,
        "1",
        between=(0.01, 0.15),
        grade="C",
        source="assumption",
        meaning="presence that the state has where no officer is and trust is as on day 0, "
        "relative to full coverage",
    )
    standing_weight: float = parameter(
        0.4,
        "1",
        between=(0.2, 0.6),
        grade="C",
        source="assumption",
        meaning="weight of standing, what people have long been used to, beside presence",
    )
    standing_time: float = parameter(
        120.0,
        "days",
        between=(60.0, 365.0),
        bounds=(0.1, 36500.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which standing follows influence",
    )
    offset_time: float = parameter(
        365.0,
        "days",
        between=(180.0, 1000.0),
        bounds=(0.1, 36500.0),
        grade="C",
        source="assumption: a year",
        meaning="e-folding time of what presence does not explain of the influence of day 0",
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
def gang_share(gangs: float, police: float, spilled: float, authority: float) -> float:
    """Return the gangs' share of presence in a district, 0 to 1.

    Args:
        gangs: Coverage of the crews that claim the district, 0 to 1.
        police: Coverage of officers, the mean of day and night, 0 to 1.
        spilled: Presence that gangs have from next door, above 0.
        authority: Presence that the state has where no officer is, above 0.
    """
    total = gangs + spilled + police + authority
    return (gangs + spilled) / total if total > 0.0 else 0.5


@rule
def police_coverage(state: State, district: District) -> float:
    """Return the share of a district that officers cover, the mean of day and night."""
    people = district.people.residents + district.people.displaced_hosted
    constant = Presence.of(state).police_coverage_constant
    by_day = coverage(district.presence.officers_day, people, constant)
    by_night = coverage(district.presence.officers_night, people, constant)
    return 0.5 * (by_day + by_night)


@rule
def presence_share(state: State, district: District) -> float:
    """Return the share of influence that presence alone would give the gangs of a district."""
    control: Control = Control.of(state)
    people = district.people.residents + district.people.displaced_hosted
    fighters = 1.0 * district.presence.claimant_fighters
    gangs = coverage(fighters, people, Presence.of(state).gang_coverage_constant)
    spilled = control.spillover * district.control.neighbour_gang_influence
    trusted = district.people.trust / max(Trust.of(state).baseline, 0.01)
    return gang_share(gangs, police_coverage(state, district), spilled, control.authority * trusted)


@rule
def steps_of_a_day(state: State) -> tuple[float, float, float]:
    """Return how far a day moves influence, standing and the local offset towards their targets."""
    control = Control.of(state)
    return (
        1.0 - math.exp(-1.0 / control.adjustment_time),
        1.0 - math.exp(-1.0 / control.standing_time),
        1.0 - math.exp(-1.0 / control.offset_time),
    )


@rule
def update_influence(
    state: State, district: District, day: int, steps: tuple[float, float, float]
) -> None:
    """Move a district's influence towards its target, and its standing towards its influence.

    On day 0 the target is where influence is: what presence does not explain is the local offset.

    Args:
        state: All records of the run.
        district: The district.
        day: Today, counted from 0.
        steps: What `steps_of_a_day` returns.
    """
    control, values = district.control, Control.of(state)
    weight = 1.0 - values.standing_weight
    share = presence_share(state, district)
    if day == 0:
        control.standing = control.gang_influence
        control.local_offset = weight * (control.gang_influence - share)
    target = weight * share + (1.0 - weight) * control.standing + control.local_offset
    target = min(1.0, max(0.0, target))
    control.gang_influence += steps[0] * (target - control.gang_influence)
    control.standing += steps[1] * (control.gang_influence - control.standing)
    control.local_offset *= 1.0 - steps[2]


@rule
def update_control(state: State, day: int) -> None:
    """Update the influence in each district and name its holder.

    A district that the state has lost is abandoned.
    """
    steps = steps_of_a_day(state)
    for number in range(state.districts.size):
        district = state.districts[number]
        update_influence(state, district, day, steps)
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
