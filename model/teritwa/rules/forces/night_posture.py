"""Night posture (M10): who stays by night, when hidden crews return, and when stations reopen.

A crew in hiding returns after a while by a contest of strength: its fighters against the officers
and the brigade who are there by night. Where nobody stays it returns at the hazard of its own.
Officers on raids leave before dark.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import OPERATING, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import Presence, night_vision_share
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.self_defence import SelfDefence

CREW_RETURNS = decision("hidden crew returns")
STATION_REOPENS = decision("police station reopens")
UNREACHABLE = 1.0e9
"""Hours beyond any travel time in the country."""

RECAPTURE_DAYS = 30
"""Days after a clearing within which a crew's return counts as a recapture: a definition."""


class NightPosture(Parameters):
    """How long units stay at night, and how fast crews return and stations reopen."""

    night_share_with_base: float = parameter(
        0.6,
        "1",
        between=(0.2, 0.9),
        grade="C",
        source="assumption",
        meaning="share of the night that operating units stay with a forward base",
    )
    night_share_with_un_base: float = parameter(
        0.8,
        "1",
        between=(0.4, 0.95),
        grade="C",
        source="assumption: UN troops live in the districts in which they have a base",
        meaning="share of the night that operating UN units stay with a forward base",
    )
    return_hazard: float = parameter(
        0.05,
        "1 per day",
        between=(0.01, 0.2),
        grade="C",
        source="assumption: weeks",
        meaning="hazard that a hidden crew returns where nobody stays by night, once it may",
        informed_by="past missions: whether gangs came back",
    )
    return_delay: int = parameter(
        5,
        "days",
        between=(1, 21),
        grade="C",
        source="assumption",
        meaning="days after which a hidden crew first thinks of return",
    )
    guard_ratio: float = parameter(
        3.0,
        "fighters per officer",
        between=(1.0, 6.0),
        grade="C",
        source="assumption; the planning rule of three to one (Dupuy 1979)",
        meaning="armed fighters in hiding per officer by night at which the hazard halves",
        informed_by="past missions: whether gangs came back",
    )
    station_reopening_rate: float = parameter(
        0.05,
        "1 per day",
        between=(0.005, 0.2),
        grade="C",
        source="assumption",
        meaning="daily probability that a lost police station reopens once its district is quiet",
    )
    quiet_days: int = parameter(
        14,
        "days",
        between=(3, 90),
        grade="C",
        source="assumption",
        meaning="days without an attack, under state control and without a crew, after which "
        "a district is quiet",
    )


RECAPTURED = outcome(
    "recaptured",
    "daily.recaptured",
    unit="districts per day",
    meaning="districts of the capital, cleared while a gang held them, to which a crew came back "
    "within 30 days",
    stored="i4",
)

CLEARED_FROM_GANGS = outcome(
    "cleared_from_gangs",
    "daily.cleared_from_gangs",
    unit="districts per day",
    meaning="districts of the capital whose crews were driven into hiding while a gang held them",
    stored="i4",
)


@rule
def night_share(state: State, unit: PoliceUnit, based: bool) -> float:
    """Return the share of the night that an operating unit stays where it operates.

    It follows from its posture and, with a garrisoned forward base there, from the base. Night
    vision lengthens the stay of units without a base, as far as they have it.

    Args:
        state: All records of the run.
        unit: The unit.
        based: Whether officers have a forward base in the district.
    """
    night_posture: NightPosture = NightPosture.of(state)
    contingent = state.contingents[unit.contingent]
    usual = state.postures[unit.posture].night_share
    if based:
        with_un = contingent.foreign and state.mission.mandate == UN_PEACEKEEPING
        based_share = night_posture.night_share_with_base
        if with_un:
            based_share = night_posture.night_share_with_un_base
        return max(usual, based_share)
    seeing: float = Equipment.of(state).night_vision_share if Equipment.of(state).enabled else 0.0
    return usual + night_vision_share(contingent) * max(0.0, seeing - usual)


@rule
def withdraw_at_dusk(state: State) -> None:
    """Withdraw operating units before dark, as far as posture and forward bases do not keep them.

    A unit returns to its quarters unless it spends most of the night where it operated.
    """
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.task == OPERATING:
            district = state.districts[unit.district]
            based = district.control.forward_base and district.presence.garrison > 0
            unit.night_share = night_share(state, unit, based)
            if not based and unit.night_share < 0.5:
                unit.district = unit.quarters


@rule
def return_probability(hidden: float, guards: float, ratio: float, hazard: float) -> float:
    """Return the probability that a hidden crew returns today.

    Args:
        hidden: Its armed fighters in hiding.
        guards: Officers and brigade members there by night, in officers.
        ratio: Fighters per guard at which the hazard halves.
        hazard: The hazard where nobody stays, per day.
    """
    wanted = ratio * guards
    strength = hidden * hidden / (hidden * hidden + wanted * wanted) if hidden > 0.0 else 0.0
    return 1.0 - math.exp(-hazard * strength)


@rule
def guards_by_night(state: State, district: District) -> float:
    """Return who guards a district by night, in officers; those off duty are there as well."""
    staying: float = district.presence.officers_night / Presence.of(state).on_duty_share
    return staying + SelfDefence.of(state).defence_weight * district.people.brigade


@rule
def crews_return(state: State, randomness: Randomness) -> None:
    """Let hidden crews return to their districts, if they are strong enough for who is there."""
    night_posture = NightPosture.of(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.hiding > 0:
            district = state.districts[crew.district]
            waited = randomness.day - district.control.cleared_on >= night_posture.return_delay
            strength = crew.hiding * state.gangs[crew.gang].combat_effectiveness
            probability = return_probability(
                strength,
                guards_by_night(state, district),
                night_posture.guard_ratio,
                night_posture.return_hazard,
            )
            if waited and uniform(randomness, CREW_RETURNS, crew.identity) < probability:
                crew.fighters += crew.hiding
                crew.hiding = 0
                count_recapture(state, district, randomness.day)


@rule
def count_recapture(state: State, district: District, day: int) -> None:
    """Count a district of the capital as recaptured if a gang lost it recently.

    Only the first crew that returns counts, because it resets the day of the clearing.
    """
    control = district.control
    recent = control.cleared_on >= 0 and day - control.cleared_on <= RECAPTURE_DAYS
    if recent and control.cleared_from_gang and district.place.metropolitan:
        state.daily.recaptured += 1
    control.cleared_on = -1


@rule
def refuge(state: State, number: int) -> int:
    """Return the nearest other district that the state holds, or the same one if there is none.

    Of several that are equally near it is the one in which most people lived in 2015.
    """
    best, shortest, most, place = number, UNREACHABLE, -1, state.districts[number].place
    for row in range(place.first_destination, place.last_destination):
        other, hours = state.destinations[row].host, state.destinations[row].hours
        district = state.districts[other]
        if other != number and district.control.holder == STATE and hours < UNREACHABLE:
            people = district.place.residents_2015
            if hours < shortest or (hours == shortest and people > most):
                best, shortest, most = other, hours, people
    return best


@rule
def abandon_district(state: State, number: int) -> None:
    """Give up a district that has fallen.

    Its station and any forward base are lost, and the units quartered there move to a refuge.
    """
    control = state.districts[number].control
    control.station, control.forward_base, control.base_ordered = False, False, False
    place = refuge(state, number)
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.quarters == number:
            unit.quarters, unit.posted, unit.based = place, False, False
            if unit.district == number:
                unit.district = place


@rule
def is_quiet(district: District, day: int, days: int) -> bool:
    """Return whether the state holds a district without crews that nobody attacked for ``days``."""
    return (
        district.control.holder == STATE
        and district.presence.fighters == 0
        and day - district.control.attacked_on >= days
    )


@rule
def reopen_stations(state: State, randomness: Randomness) -> None:
    """Reopen stations in districts that are quiet again, and let their units return home."""
    night_posture, day = NightPosture.of(state), randomness.day
    for district in state.districts:
        if not district.control.station and is_quiet(district, day, night_posture.quiet_days):
            number = uniform(randomness, STATION_REOPENS, district.identity)
            district.control.station = number < night_posture.station_reopening_rate
    return_to_first_base(state, day, night_posture.quiet_days)


@rule
def return_to_first_base(state: State, day: int, days: int) -> None:
    """Return units to their home district once it is quiet and has a station."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.quarters != unit.home and not unit.posted:
            home = state.districts[unit.home]
            if home.control.station and is_quiet(home, day, days):
                unit.quarters = unit.home
