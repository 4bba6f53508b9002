"""Governance: coordination of the forces, and the security condition for elections.

When the country's leaders are paralysed, the forces coordinate little; a security council that is
staffed helps them. Officers who share no language with the population need interpreters and receive
few tips; they weigh by their number among all officers. Leaders, staff and language together
determine one factor, the coordination of the forces. An election needs security: the model reports
whether a stated condition is met, and nothing depends on it.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.state import State
from teritwa.rules.districts.territory import share_held_by_gangs
from teritwa.rules.outcomes import outcome


class Governance(Parameters):
    """What determines the coordination of the forces, and when elections count as secure."""

    enabled: bool = switch(
        meaning="leaders, staff and language determine how well the forces coordinate"
    )
    leaders_coordination_day0: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="coordination of the country's leaders on day 0, from 0 (paralysed) to 1 (united)",
    )
    staff_effect: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.6),
        grade="C",
        source="assumption",
        meaning="share of the missing coordination that a staffed National Security Council adds",
    )
    language_loss: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.7),
        grade="C",
        source="assumption",
        meaning="share of coordination lost when no officer speaks a language of the people",
        informed_by="nothing: confounded with time in 2024: the mission's lack of language",
    )
    elections_control_limit: float = parameter(
        0.1,
        "1",
        between=(0.02, 0.3),
        grade="C",
        source="assumption: no source states a figure",
        meaning="share of the nation's people under gangs up to which elections count as secure",
    )


COORDINATION = outcome(
    "coordination",
    "governance.coordination",
    unit="1",
    meaning="coordination of the forces",
    stored="f4",
)

ELECTIONS_SECURE = outcome(
    "elections_secure",
    "governance.elections_secure",
    unit="1",
    meaning="1 where the stated security condition for elections is met",
    stored="i1",
)


@rule
def share_without_language(state: State) -> float:
    """Return the share of all officers in the country who speak no language of the people.

    Own forces and mission count together; without any officer the share is 0.
    """
    silent, total = 0, 0
    for contingent in state.contingents:
        total += contingent.officers
        silent += 0 if contingent.speaks_local_language else contingent.officers
    return 1.0 * silent / max(1, total)


@rule
def coordination_level(
    council: float, staffed: bool, silent: float, staff: float, language: float
) -> float:
    """Return how well the forces coordinate, from 0 to 1.

    Leaders and a staffed council raise coordination, a missing language lowers it.

    Args:
        council: Coordination of the leaders, 0 to 1.
        staffed: Whether the National Security Council has its staff.
        silent: Share of all officers who speak no language of the people.
        staff: Share of the missing coordination that a staffed council adds.
        language: Share of coordination lost when no officer speaks one.
    """
    level = council + (staff * (1.0 - council) if staffed else 0.0)
    return level * (1.0 - language * silent)


@rule
def update_coordination(state: State) -> None:
    """Update the coordination of the forces."""
    governance = Governance.of(state)
    state.governance.coordination = coordination_level(
        state.governance.leaders_coordination,
        state.governance.council_staffed,
        share_without_language(state),
        governance.staff_effect,
        governance.language_loss,
    )


@rule
def update_elections_secure(state: State) -> None:
    """Record whether the stated security condition for elections is met today."""
    limit: float = Governance.of(state).elections_control_limit
    state.governance.elections_secure = share_held_by_gangs(state, False) <= limit
