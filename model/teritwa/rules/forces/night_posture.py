"""Night posture (M10): whether officers hold a cleared district at night, and when stations reopen.

The hazard that a hidden crew returns is h0 * exp(-kappa * officers per 1,000 people at night).
Without a forward base officers leave before dark, so that hardly anybody holds the district
(reports of January 2025 say that gangs recapture cleared areas for want of forward bases, fact
S68).
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import OPERATING, Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import Presence, night_vision_share
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.outcomes import outcome

CREW_RETURNS = decision("hidden crew returns")
STATION_REOPENS = decision("police station reopens")
UNREACHABLE = 1.0e9
"""Hours beyond any travel time in the country."""

RECAPTURE_DAYS = 30
"""Days after a clearing within which a crew's return counts as a recapture: a definition."""


class NightPosture(Parameters):
    """How long units stay at night, and how fast crews return and stations reopen."""

    night_share_without_base: float = parameter(
        0.05,
        "1",
        between=(0.0, 0.2),
        grade="C",
        source="assumption",
        meaning="share of the night that operating units stay without a forward base",
    )
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
        0.15,
        "1 per day",
        between=(0.01, 0.6),
        grade="C",
        source="assumption",
        meaning="hazard that a hidden crew returns where no officer stays at night",
    )
    holding_effect: float = parameter(
        1.5,
        "1 per officer per 1,000 residents",
        between=(0.1, 3.0),
        grade="C",
        source="assumption",
        meaning="how steeply officers who stay at night lower the hazard of return",
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
    meaning="cleared districts to which a crew came back within 30 days of the clearing",
    stored="i4",
)


@rule
def night_share(state: State, contingent: Contingent, based: bool) -> float:
    """Return the share of the night that operating units of a contingent stay.

    Night vision lengthens the stay of units without a base, as far as they have it.

    Args:
        state: All records of the run.
        contingent: The contingent of the units.
        based: Whether the units have a garrisoned forward base in the district.
    """
    night_posture: NightPosture = NightPosture.of(state)
    if based:
        if contingent.foreign and state.mission.mandate == UN_PEACEKEEPING:
            return night_posture.night_share_with_un_base
        return night_posture.night_share_with_base
    usual = night_posture.night_share_without_base
    seeing: float = Equipment.of(state).night_vision_share if Equipment.of(state).enabled else 0.0
    return usual + night_vision_share(contingent) * max(0.0, seeing - usual)


@rule
def withdraw_at_dusk(state: State) -> None:
    """Withdraw operating units before dark where they have no forward base.

    A unit without a base stays for a small share of the night, and then returns to its quarters.
    """
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.task == OPERATING:
            district = state.districts[unit.district]
            based = district.control.forward_base and district.presence.garrison > 0
            unit.night_share = night_share(state, state.contingents[unit.contingent], based)
            if not based:
                unit.district = unit.quarters


@rule
def crew_return_hazard(density: float, return_hazard: float, holding_effect: float) -> float:
    """Return the daily hazard that a hidden crew returns to its district.

    Args:
        density: Officers who hold the district at night, per 1,000 people.
        return_hazard: The hazard where nobody holds the district (h0), per day.
        holding_effect: How steeply officers lower it (kappa), per unit of ``density``.
    """
    return return_hazard * math.exp(-holding_effect * density)


@rule
def holding_density(state: State, district: District) -> float:
    """Return the officers who stay in a district at night, per 1,000 people.

    Officers off duty count as well: they are there when a crew returns.
    """
    staying: float = district.presence.officers_night / Presence.of(state).on_duty_share
    return 1000.0 * staying / max(district.people.residents + district.people.displaced_hosted, 1)


@rule
def crews_return(state: State, randomness: Randomness) -> None:
    """Let hidden crews return to their districts, less often where officers stay at night."""
    night_posture = NightPosture.of(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.hiding > 0:
            district = state.districts[crew.district]
            hazard = crew_return_hazard(
                holding_density(state, district),
                night_posture.return_hazard,
                night_posture.holding_effect,
            )
            if uniform(randomness, CREW_RETURNS, crew.identity) < 1.0 - math.exp(-hazard):
                crew.fighters += crew.hiding
                crew.hiding = 0
                count_recapture(state, district, randomness.day)


@rule
def count_recapture(state: State, district: District, day: int) -> None:
    """Count a district as recaptured if it was cleared recently; it is no longer cleared.

    Only the first crew that returns counts, because it resets the day of the clearing.
    """
    cleared_on = district.control.cleared_on
    if cleared_on >= 0 and day - cleared_on <= RECAPTURE_DAYS:
        state.daily.recaptured += 1
    district.control.cleared_on = -1


@rule
def refuge(state: State, number: int) -> int:
    """Return the nearest other district that the state holds, or the same one if there is none."""
    best, shortest = number, UNREACHABLE
    for other in range(state.districts.size):
        hours = state.hours[number, other]
        if other != number and state.districts[other].control.holder == STATE and hours < shortest:
            best, shortest = other, hours
    return best


@rule
def abandon_district(state: State, number: int) -> None:
    """Give up a district that has fallen.

    Its station and any forward base are lost, and the units quartered there move to a refuge.
    """
    state.districts[number].control.station = False
    state.districts[number].control.forward_base = False
    place = refuge(state, number)
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.quarters == number:
            unit.quarters, unit.posted = place, False
            if unit.district == number:
                unit.district = place


@rule
def is_quiet(district: District, day: int, days: int) -> bool:
    """Return whether the state holds a district without crews that nobody attacked for ``days``."""
    return (
        district.control.holder == STATE
        and district.presence.strongest_crew == NO_ONE
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
