"""Trust (M5b, M5c, M6): what people think of the forces, and what costs it.

Harm to bystanders costs trust, and so does inaction: attacks that nobody answers ("where are
they?", S93). Past UN missions brought cholera and abuse (S92), so that a UN operation begins with
less of it. Trust buys tips (Berman, Shapiro and Felter 2011) and makes fewer join the gangs: one
term stands for fear and anger (Bennett 2008; Kress and Szechtman 2009). It drifts back to where it
was, slowly, and grows where the state protects.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING, MissionStatus
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome


class Trust(Parameters):
    """How trust is lost and won, and whom the lack of it drives into gangs."""

    enabled: bool = switch(meaning="trust changes")
    baseline: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.7),
        grade="C",
        source="assumption",
        meaning="people's trust in the forces on day 0, everywhere, and where it drifts back to",
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
        meaning="share of trust lost in an attack in which nobody of the forces is there",
    )
    protection_gain: float = parameter(
        0.0003,
        "1 per day",
        between=(0.0, 0.005),
        grade="C",
        source="assumption",
        meaning="share of the missing trust won in a day in a place of the state in which gangs have no influence",
    )
    recovery_time: float = parameter(
        365.0,
        "days",
        between=(60.0, 1500.0),
        bounds=(0.1, 36500.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which trust drifts back to that of day 0",
    )
    un_memory_loss: float = parameter(
        0.2,
        "1",
        between=(0.0, 0.6),
        grade="C",
        source="assumption",
        meaning="share of its trust that the country loses on the day the United Nations take over",
    )
    resentment_effect: float = parameter(
        1.0,
        "1",
        between=(0.0, 4.0),
        grade="C",
        source="assumption; sign: Kress and Szechtman 2009, Bennett 2008",
        meaning="how much more recruitment where all trust is lost, against where it is as on day 0",
    )


TRUST_IN_FORCES = outcome(
    "trust_in_forces",
    "daily.trust_in_forces",
    unit="1",
    meaning="people's trust in the forces, mean over the capital's people",
    stored="f4",
)


@rule
def trust_lost_today(district: District, mission: MissionStatus, trust: Trust, day: int) -> float:
    """Return the share of trust that a district loses today: to bystanders killed, and to attacks unanswered."""
    people = max(1, district.people.residents + district.people.displaced_hosted)
    lost: float = trust.collateral_loss * district.counts.bystanders_killed * 10000.0 / people
    guarded = (
        district.presence.officers_night
        + district.presence.police_engaged
        + district.presence.mission_engaged
        + district.presence.army_engaged
    )
    if district.control.attacked_on == day and guarded < 1.0:
        lost += trust.inaction_loss
    if mission.mandate == UN_PEACEKEEPING and mission.un_takeover_day == day:
        lost += trust.un_memory_loss
    return min(1.0, lost)


@rule
def update_trust(state: State, day: int) -> None:
    """Trust is lost to harm and inaction, won by protection, and drifts back to where it was."""
    trust = Trust.of(state)
    drift = 1.0 - math.exp(-1.0 / trust.recovery_time)
    weight, total = 0.0, 0.0
    for district in state.districts:
        if trust.enabled:
            lost = trust_lost_today(district, state.mission, trust, day)
            level = district.people.trust * (1.0 - lost)
            if district.control.holder == STATE:
                level += (
                    trust.protection_gain * (1.0 - district.control.gang_influence) * (1.0 - level)
                )
            district.people.trust = level + drift * (trust.baseline - level)
        if district.place.metropolitan:
            weight += 1.0 * district.place.residents_2015
            total += district.place.residents_2015 * district.people.trust
    state.daily.trust_in_forces = total / weight if weight > 0.0 else 0.0


@rule
def resentment(state: State, district: District) -> float:
    """Return the factor on recruitment by the lack of trust: 1 where trust is as on day 0."""
    trust: Trust = Trust.of(state)
    return max(
        0.0,
        1.0
        + trust.resentment_effect
        * (trust.baseline - district.people.trust)
        / max(trust.baseline, 0.01),
    )
