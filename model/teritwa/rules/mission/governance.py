"""Politics: leaders who cannot agree, a National Security Council without staff, and the condition for elections.

A paralysed transitional council shows as little coordination of the forces; a National Security
Council was decreed in December 2024 and not staffed (S70, S91). Officers who share no language with
the population cannot be told things and need interpreters. Leaders, staff and language make one
factor, the coordination of the forces. The first election since 2016 (S22) needs security: the
model says whether a stated condition is met, and nothing follows from it.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.state import State
from teritwa.rules.districts.control import share_held_by_gangs
from teritwa.rules.outcomes import outcome


class Governance(Parameters):
    """What makes the forces act together, and when elections count as secure."""

    enabled: bool = switch(
        meaning="leaders, staff and language decide how well the forces act together"
    )
    leaders_coordination_day0: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="how well the country's leaders act together on day 0, from 0 (paralysed) to 1 (as one)",
    )
    staff_effect: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.6),
        grade="C",
        source="assumption",
        meaning="share of the missing coordination that a staffed National Security Council makes good",
    )
    language_loss: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.7),
        grade="C",
        source="assumption",
        meaning="share of coordination lost when nobody in the mission speaks French or Creole",
        informed_by="nothing: confounded with time in 2024: what the mission lacks in language",
    )
    elections_control_limit: float = parameter(
        0.1,
        "1",
        between=(0.02, 0.3),
        grade="C",
        source="assumption: no figure is stated by anybody",
        meaning="share of the nation's people under gangs up to which elections count as secure",
    )


COORDINATION = outcome(
    "coordination",
    "governance.coordination",
    unit="1",
    meaning="how well the forces act together",
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
    """Return the share of the mission's officers whose contingents speak neither French nor Creole; 0 without any."""
    silent, total = 0, 0
    for contingent in state.contingents:
        if contingent.foreign:
            total += contingent.officers
            silent += 0 if contingent.speaks_local_language else contingent.officers
    return 1.0 * silent / max(1, total)


@rule
def coordination_level(
    council: float, staffed: bool, silent: float, staff: float, language: float
) -> float:
    """Return how well the forces act together, 0 to 1: leaders and staff, lowered by a missing language."""
    level = council + (staff * (1.0 - council) if staffed else 0.0)
    return level * (1.0 - language * silent)


@rule
def update_coordination(state: State) -> None:
    """Set the coordination of the forces for the day."""
    governance = Governance.of(state)
    silent = share_without_language(state)
    state.governance.coordination = coordination_level(
        state.governance.leaders_coordination,
        state.governance.council_staffed,
        silent,
        governance.staff_effect,
        governance.language_loss,
    )


@rule
def update_elections_secure(state: State) -> None:
    """Say whether the stated security condition for elections is met today."""
    secure: float = Governance.of(state).elections_control_limit
    state.governance.elections_secure = share_held_by_gangs(state, False) <= secure
