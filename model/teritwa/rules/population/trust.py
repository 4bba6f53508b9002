"""Trust: what people think of the forces, and how this changes recruitment and tips.

People trust the forces less after harm to bystanders, and after attacks that no forces answer.
Where people have bad memories of past UN missions, a UN operation begins with less trust. Trust
brings tips (Berman, Shapiro and Felter 2011), and fewer people join gangs where it is high: one
term stands for both fear and anger (Bennett 2008; Kress and Szechtman 2009). Trust grows slowly
where the state protects people, and drifts back to its level on day 0.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING, MissionStatus
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome


class Trust(Parameters):
    """How trust in the forces is lost and gained, and how resentment adds to recruitment."""

    enabled: bool = switch(meaning="trust changes")
    baseline: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.7),
        grade="C",
        source="assumption",
        meaning="trust in the forces on day 0 in all districts, to which it drifts back",
    )
    collateral_loss: float = parameter(
        0.05,
        "1 per person killed and 10,000 people",
        between=(0.005, 0.3),
        grade="C",
        source="assumption on the value; Bennett 2008: anger rises by 0.05 a death",
        meaning="share of trust lost when the forces kill one bystander among 10,000 people",
    )
    inaction_loss: float = parameter(
        0.03,
        "1 per attack",
        between=(0.0, 0.2),
        grade="C",
        source="assumption",
        meaning="share of trust lost in an attack at which no forces are present",
    )
    protection_gain: float = parameter(
        0.0003,
        "1 per day",
        between=(0.0, 0.005),
        grade="C",
        source="assumption",
        meaning=(
            "share of the missing trust gained in a day in a district that the state holds "
            "and in which gangs have no influence"
        ),
    )
    recovery_time: float = parameter(
        365.0,
        "days",
        between=(60.0, 1500.0),
        bounds=(0.1, 36500.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which trust drifts back to its level on day 0",
    )
    un_memory_loss: float = parameter(
        0.2,
        "1",
        between=(0.0, 0.6),
        grade="C",
        source="assumption",
        meaning="share of trust lost in all districts on the day the United Nations take over",
    )
    resentment_effect: float = parameter(
        1.0,
        "1",
        between=(0.0, 4.0),
        grade="C",
        source="assumption; sign: Kress and Szechtman 2009, Bennett 2008",
        meaning="increase of recruitment where all trust is lost, relative to trust as on day 0",
    )


TRUST_IN_FORCES = outcome(
    "trust_in_forces",
    "daily.trust_in_forces",
    unit="1",
    meaning="trust in the forces, mean over the people of the capital",
    stored="f4",
)


@rule
def trust_lost_today(district: District, mission: MissionStatus, trust: Trust, day: int) -> float:
    """Return the share of its trust in the forces that a district loses today, 0 to 1.

    Trust is lost when forces kill bystanders, when gangs attack and no forces are present, and
    everywhere on the day the United Nations take over.
    """
    people = max(1, district.people.residents + district.people.displaced_hosted)
    lost: float = trust.collateral_loss * district.counts.bystanders_killed * 10000.0 / people
    presence = district.presence
    officers = presence.officers_night + presence.police_engaged
    officers = officers + presence.mission_engaged + presence.army_engaged
    if district.control.attacked_on == day and officers < 1.0:
        lost += trust.inaction_loss
    if mission.mandate == UN_PEACEKEEPING and mission.un_takeover_day == day:
        lost += trust.un_memory_loss
    return min(1.0, lost)


@rule
def trust_from_officers(district: District, level: float) -> float:
    """Return the trust that officers gain today by their posture, or lose below 0.

    It is what their posture does where they cover a whole district, at one officer per 100 people.
    """
    people = max(1, district.people.residents + district.people.displaced_hosted)
    effort = 100.0 * district.presence.trust_effort / people
    effort = max(-1.0, min(1.0, effort))
    return effort * (1.0 - level) if effort > 0.0 else effort * level


@rule
def trust_after_today(district: District, trust: Trust, lost: float) -> float:
    """Return a district's trust after today's losses, and its gain where the state protects."""
    level = district.people.trust * (1.0 - lost)
    level += trust_from_officers(district, level)
    if district.control.holder == STATE:
        protected = 1.0 - district.control.gang_influence
        level += trust.protection_gain * protected * (1.0 - level)
    return level


@rule
def update_trust(state: State, day: int) -> None:
    """Update each district's trust in the forces, and the mean over the people of the capital.

    Runs at midnight, before gangs recruit: the resentment of today counts.
    """
    trust = Trust.of(state)
    drift = 1.0 - math.exp(-1.0 / trust.recovery_time)
    weight, total = 0.0, 0.0
    for district in state.districts:
        if trust.enabled:
            lost = trust_lost_today(district, state.mission, trust, day)
            level = trust_after_today(district, trust, lost)
            district.people.trust = level + drift * (trust.baseline - level)
        if district.place.metropolitan:
            weight += 1.0 * district.place.residents_2015
            total += district.place.residents_2015 * district.people.trust
    state.daily.trust_in_forces = total / weight if weight > 0.0 else 0.0


@rule
def resentment(state: State, district: District) -> float:
    """Return the factor of resentment on recruitment in a district: 1 where trust is as on day 0.

    The less people trust the forces, the more of them join gangs.
    """
    trust: Trust = Trust.of(state)
    missing = trust.baseline - district.people.trust
    return max(0.0, 1.0 + trust.resentment_effect * missing / max(trust.baseline, 0.01))
