"""Doctrine (M10): which postures a force takes, and what a posture means today.

A force is the police, the army or the mission. Its doctrine says in which posture it operates and
in which its mobile units are at home, how many officers it wants for each fighter, how long it
stays, when it hands over, where it goes first, and which share of it may be out at once. Numbers
that a scenario does not give are those of the posture (`teritwa.rules.forces.postures`). Postures
are read from the parameters each morning, so that a change acts at once.
"""

from typing import Any

from teritwa.engine.compiler import rule
from teritwa.rules.agents.district import District
from teritwa.rules.agents.doctrine import (
    CLEAR_AND_HOLD,
    COMMUNITY_POLICING,
    CORDON_AND_SEARCH,
    NO_OPERATIONS,
    PATROL,
    RAID,
    STATIC_GUARD,
    Posture,
)
from teritwa.rules.agents.state import State
from teritwa.rules.forces.postures.clear_and_hold import ClearAndHold
from teritwa.rules.forces.postures.community_policing import CommunityPolicing
from teritwa.rules.forces.postures.cordon_and_search import CordonAndSearch
from teritwa.rules.forces.postures.patrol import Patrol
from teritwa.rules.forces.postures.raid import Raid
from teritwa.rules.forces.postures.static_guard import StaticGuard


@rule
def read_presence(posture: Posture, values: Any) -> None:
    """Read what officers in a posture do wherever they are."""
    posture.losses, posture.search = values.losses, values.search
    posture.detentions, posture.trust, posture.cost = values.detentions, values.trust, values.cost


@rule
def read_operation(posture: Posture, values: Any) -> None:
    """Read what officers in a posture do on operations."""
    read_presence(posture, values)
    posture.coverage, posture.lethality = 1.0, values.lethality
    posture.bystanders, posture.arrests = values.bystanders, values.arrests
    posture.surrender, posture.night_share = values.surrender, values.night_share
    posture.force_ratio, posture.patience = values.force_ratio, values.patience
    posture.garrison, posture.hand_over = values.garrison, values.hand_over


@rule
def update_postures(state: State) -> None:
    """Read the postures from the parameters of today."""
    postures = state.postures
    read_operation(postures[RAID], Raid.of(state))
    read_operation(postures[CLEAR_AND_HOLD], ClearAndHold.of(state))
    read_operation(postures[CORDON_AND_SEARCH], CordonAndSearch.of(state))
    read_presence(postures[PATROL], Patrol.of(state))
    read_presence(postures[COMMUNITY_POLICING], CommunityPolicing.of(state))
    read_presence(postures[STATIC_GUARD], StaticGuard.of(state))
    postures[PATROL].coverage = Patrol.of(state).coverage
    postures[COMMUNITY_POLICING].coverage = CommunityPolicing.of(state).coverage
    postures[STATIC_GUARD].coverage = StaticGuard.of(state).coverage


@rule
def operating_posture(state: State, district: District, force: int) -> int:
    """Return the posture in which a force operates in a district.

    A dated order comes first, then the doctrine. A force without operations of its own that is in a
    district all the same, such as soldiers who hold it, acts as in clear and hold.
    """
    if district.orders.ordered_posture != NO_OPERATIONS:
        return district.orders.ordered_posture
    posture = state.doctrines[force].operations
    return CLEAR_AND_HOLD if posture == NO_OPERATIONS else posture


@rule
def wanted_force_ratio(state: State, district: District, force: int) -> float:
    """Return the officers that a force wants in a district for each fighter believed there."""
    given = state.doctrines[force].force_ratio
    usual = state.postures[operating_posture(state, district, force)].force_ratio
    return given if given >= 0.0 else usual


@rule
def patience_of(state: State, district: District, force: int) -> int:
    """Return the days after which a force gives up an operation in a district."""
    given = state.doctrines[force].patience
    usual = state.postures[operating_posture(state, district, force)].patience
    return given if given >= 0 else usual


@rule
def garrison_of(state: State, district: District, force: int) -> float:
    """Return how many officers of a force stay in a district that it has cleared."""
    given = state.doctrines[force].garrison
    usual = state.postures[operating_posture(state, district, force)].garrison
    people = district.people.residents + district.people.displaced_hosted
    return (given if given >= 0.0 else usual) * people / 1000.0


@rule
def hand_over_days(state: State, district: District, force: int) -> int:
    """Return the days without an attack after which a force hands a district over."""
    given = state.doctrines[force].hand_over
    usual = state.postures[operating_posture(state, district, force)].hand_over
    return given if given >= 0 else usual
