"""Tasking (M10): which districts headquarters wants to operate in, and in which order.

Each morning headquarters scores the districts in which gangs are present: the capital's, those
beyond it whose crews claim them, and those for which a dated order asks. Local groups elsewhere are
a matter for the stations. Where the forces know little, score and believed fighters have a large
random error, which lasts some days. How operations follow is in `teritwa.rules.forces.campaigns`.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, normal, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.doctrine import BY_ATTACKS, BY_WEAKNESS
from teritwa.rules.agents.state import State
from teritwa.rules.forces.intelligence import detection

JUDGES = decision("command judges a district")

BELIEF_DAYS = 10
"""Days for which headquarters keeps what it believes of a district: a definition."""


class Tasking(Parameters):
    """How many officers go out, how far they go, and how well informed headquarters is."""

    own_share_out: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="share of the able officers of the country's mobile units who may be out at once",
    )
    mission_share_out: float = parameter(
        0.25,
        "1",
        between=(0.05, 0.6),
        grade="C",
        source="assumption: the others guard the airport and the base, rest or repair",
        meaning="share of the able officers of the mission who may be out at once",
        informed_by="past missions: the share of a mission that took part in an operation",
    )
    least_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the officers wanted for a district without whom no operation begins",
    )
    rest_days: int = parameter(
        10,
        "days",
        between=(2, 40),
        grade="C",
        source="assumption",
        meaning="days after an operation in which a force does not return without an order",
    )
    baseline_attacks: float = parameter(
        0.2,
        "attacks",
        between=(0.01, 2.0),
        grade="C",
        source="assumption",
        meaning="attacks added to the recent attacks of every district in its target score",
    )
    deep_territory_weight: float = parameter(
        0.1,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning="factor on the target score deep in gang territory, relative to a district that "
        "the state surrounds",
    )
    reach: float = parameter(
        1.5,
        "hours",
        between=(0.5, 4.0),
        grade="C",
        source="assumption",
        meaning="longest travel time by land to an operation",
    )
    priority_factor: float = parameter(
        10.0,
        "1",
        between=(1.0, 100.0),
        grade="C",
        source="assumption",
        meaning="factor on the target score where a dated order asks for operations",
    )
    judgement_error: float = parameter(
        1.0,
        "1",
        between=(0.0, 2.0),
        grade="C",
        source="assumption",
        meaning="standard deviation of the log error of target scores where nothing is known",
    )
    attack_memory: float = parameter(
        14.0,
        "days",
        between=(5.0, 60.0),
        bounds=(0.1, 3650.0),
        grade="C",
        source="assumption",
        meaning="e-folding time with which recent attacks lose weight",
    )


@rule
def decay_recent_attacks(state: State) -> None:
    """Let the count of recent attacks in each district decay."""
    kept = math.exp(-1.0 / Tasking.of(state).attack_memory)
    for district in state.districts:
        district.orders.recent_attacks *= kept


@rule
def is_target(district: District) -> bool:
    """Return whether headquarters considers a district for operations."""
    presence = district.presence
    ours = district.place.metropolitan or presence.claimant_fighters > 0
    return district.orders.operation_priority > 1.0 or (ours and presence.fighters > 0)


@rule
def score_targets(state: State, randomness: Randomness) -> None:
    """Score every district that may be a target, and record the fighters believed there.

    The score holds for all forces; `score_for` adds what a doctrine prefers.
    """
    tasking = Tasking.of(state)
    period = Randomness(randomness.first, randomness.second, randomness.day // BELIEF_DAYS)
    for district in state.districts:
        district.orders.target_score, district.orders.believed_fighters = 0.0, 0.0
        if is_target(district):
            unknown = 1.0 - detection(state, district)
            error = normal(uniform(period, JUDGES, district.identity))
            mistaken = math.exp(tasking.judgement_error * unknown * error)
            district.orders.target_score = district.orders.operation_priority * mistaken
            district.orders.believed_fighters = district.presence.fighters * mistaken


@rule
def score_for(state: State, district: District, first: int) -> float:
    """Return the score of a district for a force that prefers recent attacks, borders or weakness.

    Args:
        state: All records of the run.
        district: The district.
        first: BY_ATTACKS, BY_BORDER or BY_WEAKNESS.
    """
    score = district.orders.target_score
    if score <= 0.0:
        return 0.0
    if first == BY_WEAKNESS:
        return score / (1.0 + district.orders.believed_fighters)
    score *= border_weight(state, district)
    if first == BY_ATTACKS:
        score *= Tasking.of(state).baseline_attacks + district.orders.recent_attacks
    return score


@rule
def border_weight(state: State, district: District) -> float:
    """Return the weight of a district as a target: 1 next to the state alone, less near gangs."""
    deep: float = Tasking.of(state).deep_territory_weight
    return deep + (1.0 - deep) * (1.0 - district.control.neighbour_gang_influence)
