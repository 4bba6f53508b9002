"""Operations (M4, M4b): units fight crews, bystanders die, and crews may be driven into hiding.

Attrition has the form of an ambush (Deitchman 1962): the officers' losses follow the number of
fighters, who aim; the fighters' losses follow officer-hours and, with saturation, the number of
fighters that can be found. Collateral deaths rise where little is known (Kress and Szechtman 2009).
What a posture changes of all this is in `teritwa.rules.forces.postures`; how crews are driven into
hiding is in `teritwa.rules.forces.clearing`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.police_unit import ARMY, MISSION
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import (
    kill_civilians,
    kill_officers,
    perpetrator_of,
)
from teritwa.rules.forces.detention import arrest_among_crews
from teritwa.rules.forces.doctrine import operating_posture
from teritwa.rules.forces.equipment import officer_loss_factor
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.gangs.crews import kill_among_crews
from teritwa.rules.outcomes import outcome

FIGHTERS_KILLED = decision("operation kills fighters")
BYSTANDERS_KILLED = decision("operation kills bystanders")
OFFICERS_KILLED = decision("ambush kills officers")
FIGHTERS_ARRESTED = decision("operation arrests fighters")
WHO_IS_KILLED = decision("operation kills fighters of these crews")
WHO_IS_ARRESTED = decision("operation arrests fighters of these crews")


class Operations(Parameters):
    """Rates of loss in operations, and the force ratio that clears a district."""

    enabled: bool = switch(meaning="operating units fight crews")
    lethality: float = parameter(
        0.006,
        "gang members killed per officer-hour",
        between=(0.00024, 0.01),
        grade="C",
        source="assumption",
        meaning="fighters killed per effective officer-hour where many fighters are detected",
    )
    duration_hours: float = parameter(
        8.0,
        "hours",
        between=(4.0, 12.0),
        grade="C",
        source="assumption",
        meaning="length of an operation",
    )
    contact_constant: float = parameter(
        1.5,
        "fighters per 1,000 residents",
        between=(0.3, 6.0),
        bounds=(0.001, 1000.0),
        grade="C",
        source="assumption",
        meaning="fighters per 1,000 people at which officers make contact in half of their hours",
    )
    collateral_ratio: float = parameter(
        0.6,
        "1",
        between=(0.1, 1.0),
        grade="C",
        source="assumption",
        meaning="bystanders killed per fighter killed where no fighters are detected",
    )
    ambush_loss_rate: float = parameter(
        2.0e-5,
        "officers killed per fighter-hour",
        between=(2.0e-6, 2.0e-4),
        grade="C",
        source="assumption",
        meaning="officers killed per fighter-hour in an operation without armour",
    )
    uncoordinated_share: float = parameter(
        0.5,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the officers in an operation who count towards clearing when forces do "
        "not coordinate at all",
    )
    clearing_force_ratio: float = parameter(
        2.0,
        "officers per fighter",
        between=(1.0, 4.0),
        grade="C",
        source="assumption; Kingston was cleared in 2010 with some 2.6 officers a gunman, and no "
        "operation is known that failed to clear",
        meaning="ratio of effective officers to fighters at which half of the operations drive "
        "the crews into hiding, where gangs have not dug in",
        informed_by="past missions: whether places were cleared",
    )
    clearing_exponent: float = parameter(
        3.5,
        "1",
        between=(2.0, 5.0),
        bounds=(0.5, 10.0),
        grade="C",
        source="assumption; Friedman 2011 finds no threshold",
        meaning="how steeply the probability to clear rises with the ratio of forces",
    )


OPERATIONS = outcome(
    "operations",
    "daily.operations",
    unit="districts per day",
    meaning="districts in which forces met gangs that day",
    stored="i4",
)

CLEARED = outcome(
    "cleared",
    "daily.cleared",
    unit="districts per day",
    meaning="districts whose crews were driven into hiding that day",
    stored="i4",
)


@rule
def engaged(district: District, force: int) -> float:
    """Return the effective officers of one force who operate in a district today."""
    if force == MISSION:
        return district.presence.mission_engaged
    return district.presence.army_engaged if force == ARMY else district.presence.police_engaged


@rule
def expected_kills(
    officers: float, district: District, operations: Operations, known: float
) -> float:
    """Return the mean number of fighters that an operation kills.

    Args:
        officers: Effective officers of one force.
        district: Where they operate.
        operations: The parameters.
        known: Share of the district's fighters that the forces detect.
    """
    people = max(1, district.people.residents + district.people.displaced_hosted)
    density = 1000.0 * district.presence.fighters / people
    contact = known * density / (density + operations.contact_constant)
    return operations.lethality * officers * operations.duration_hours * contact


@rule
def strike_crews(
    state: State, randomness: Randomness, number: int, force: int, officers: float
) -> None:
    """Apply the losses that one force inflicts in a district: fighters and bystanders.

    Args:
        state: All records of the run.
        randomness: The random numbers of the day.
        number: The district's row.
        force: POLICE, ARMY or MISSION.
        officers: Effective officers of the force there.
    """
    operations, district = Operations.of(state), state.districts[number]
    posture = state.postures[operating_posture(state, district, force)]
    known, place = detection(state, district), district.identity
    kills = posture.lethality * expected_kills(officers, district, operations, known)
    dead = poisson(kills, uniform(randomness, FIGHTERS_KILLED, place, force))
    share = uniform(randomness, WHO_IS_KILLED, place, force)
    kill_among_crews(state, number, perpetrator_of(force), dead, share)
    collateral = posture.bystanders * operations.collateral_ratio * (1.0 - known) * kills
    bystanders = poisson(collateral, uniform(randomness, BYSTANDERS_KILLED, place, force))
    kill_civilians(state, perpetrator_of(force), number, bystanders)
    arrests = poisson(posture.arrests * kills, uniform(randomness, FIGHTERS_ARRESTED, place, force))
    arrest_among_crews(state, number, arrests, uniform(randomness, WHO_IS_ARRESTED, place, force))


@rule
def ambush(
    state: State, randomness: Randomness, number: int, force: int, officers: float, total: float
) -> None:
    """Kill officers of one force who operate in a district.

    Losses rise with the number and arms of the fighters, and with the number of officers as long as
    these are few. The forces share them in proportion to their officers. Armour, helicopters and a
    careful posture lower them.

    Args:
        state: All records of the run.
        randomness: The random numbers of the day.
        number: The district's row.
        force: POLICE, ARMY or MISSION.
        officers: Effective officers of the force there.
        total: Effective officers of all forces there.
    """
    operations, district = Operations.of(state), state.districts[number]
    fighters = district.presence.effective_fighters
    posture = state.postures[operating_posture(state, district, force)]
    rate = operations.ambush_loss_rate * operations.duration_hours * posture.losses
    # Fighters who outnumber the officers find no target for every shot.
    exposed = fighters * total / (total + fighters) * (officers / total)
    rate *= exposed * officer_loss_factor(state, force)
    lost = poisson(rate, uniform(randomness, OFFICERS_KILLED, district.identity, force))
    kill_officers(state, randomness, number, force, lost)
